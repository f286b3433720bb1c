"""The contest as `deploy/` sets it up, on loopback: web processes that share nothing but PostgreSQL, nginx in front."""

from __future__ import annotations

import http.client
import os
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from quiz.config import ROOT
from tests.conftest import SECRET
from tests.deploy.database import DEPLOY, Database, free_port, open_week, postgresql

PATIENCE = 30
ADDRESSES = ("127.0.0.2", "127.0.0.3", "127.0.0.4")
NAME = "hoithi.example.gov.vn"


@dataclass
class Web:
    """One web process as `deploy/systemd/hoithi-web@.service` runs it, at an address of its own."""

    address: str
    port: int
    environment: Mapping[str, str]
    output: Path
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it; it answers some time later."""
        with self.output.open("a") as output:
            self.process = subprocess.Popen(
                _exec_start(self.address, self.port),
                cwd=ROOT,
                env=os.environ | self.environment,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def wait_ready(self) -> None:
        """As the unit's ExecStartPost does."""
        wait_for(f"http://{self.address}:{self.port}/readyz")

    def stop(self) -> None:
        """As `systemctl stop` does: the main process is asked to end, and ends when its requests are done."""
        if self.process is not None:
            self.process.terminate()
            self.process.wait(PATIENCE)
            self.process = None


def _exec_start(address: str, port: int) -> list[str]:
    """The command of the unit with its words filled in."""
    unit = (DEPLOY / "systemd" / "hoithi-web@.service").read_text(encoding="utf-8").replace("\\\n", " ")
    line = next(line for line in unit.splitlines() if line.startswith("ExecStart="))
    words = line.removeprefix("ExecStart=").replace("%i", str(port)).replace("${HOITHI_WEB_ADDRESS}", address).split()
    return [str(Path(sys.executable).with_name(Path(words[0]).name)), *words[1:]]


@contextmanager
def web_machines(database: Database, addresses: Sequence[str], folder: Path) -> Iterator[list[Web]]:
    """A process at each address, sharing nothing but PostgreSQL, once all answer."""
    settings = {
        "QUIZ_DATABASE_URL": database.url("web"),
        "QUIZ_SECRET_KEY": SECRET,
        "QUIZ_HTTPS": "1",
        "QUIZ_TRUSTED_PROXIES": "1",
    }
    machines = [Web(address, free_port(address), settings, folder / f"output-{address}") for address in addresses]
    try:
        for each in machines:
            each.start()
        for each in machines:
            each.wait_ready()
        yield machines
    finally:
        for each in machines:
            if each.process is not None:
                with suppress(ProcessLookupError):
                    os.killpg(each.process.pid, signal.SIGKILL)
                each.process.wait()


@dataclass(frozen=True)
class Proxy:
    """nginx with the files of `deploy/nginx`, and where its answers and its log are to be had."""

    port: int
    plain_port: int
    folder: Path

    def connect(self, name: str = NAME) -> http.client.HTTPSConnection:
        """A new connection that asks for this name; raises ssl.SSLError where nobody is of that name."""
        context = ssl.create_default_context(cafile=str(self.folder / "hoithi.pem"))
        connection = http.client.HTTPSConnection(name, timeout=PATIENCE, context=context)
        plain = socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE)
        try:
            connection.sock = context.wrap_socket(plain, server_hostname=name)
        except OSError:
            plain.close()
            raise
        return connection

    def log(self) -> str:
        """The access log as it is now."""
        return (self.folder / "log" / "hoi-thi.log").read_text(encoding="utf-8")


def nginx_files(folder: Path, servers: Sequence[str], port: int, plain_port: int) -> Path:
    """The files of `deploy/nginx` with another name, other ports and places, and these servers; the main one."""
    shutil.copytree(DEPLOY / "nginx", folder, dirs_exist_ok=True)
    for each in ("log", "state"):
        (folder / each).mkdir()
    shutil.copy("/etc/nginx/mime.types", folder)
    _certificate(folder)
    temporary = "".join(f"{kind}_temp_path {folder}/state/{kind};\n" for kind in ("client_body", "proxy"))
    _change(folder / "nginx.conf", {"pid /run/": f"pid {folder}/", "http {\n": "http {\n" + temporary})
    _change(
        folder / "hoi-thi.conf",
        {
            "listen 80": f"listen 127.0.0.1:{plain_port}",
            "listen 443": f"listen 127.0.0.1:{port}",
            "/var/log/nginx": f"{folder}/log",
            "/var/lib/nginx": f"{folder}/state",
        },
    )
    (folder / "hoi-thi" / "web.conf").write_text(
        "".join(f"server {server} max_fails=3 fail_timeout=1s;\n" for server in servers)
    )
    site = {"/etc/ssl/certs": str(folder), "/etc/ssl/private": str(folder)}
    _change(folder / "hoi-thi" / "site.conf", site)
    return folder / "nginx.conf"


def _change(file: Path, words: Mapping[str, str]) -> None:
    text = file.read_text(encoding="utf-8")
    for old, new in words.items():
        assert old in text, f"{file.name} no longer says {old!r}"
        text = text.replace(old, new)
    file.write_text(text, encoding="utf-8")


def _certificate(folder: Path) -> None:
    subprocess.run(
        [
            *(
                "openssl",
                "req",
                "-x509",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:P-256",
                "-nodes",
                "-days",
                "2",
            ),
            *("-subj", f"/CN={NAME}", "-addext", f"subjectAltName=DNS:{NAME}"),
            *("-keyout", folder / "hoithi.key", "-out", folder / "hoithi.pem"),
        ],
        check=True,
        capture_output=True,
    )


@contextmanager
def nginx(folder: Path, servers: Sequence[str]) -> Iterator[Proxy]:
    """nginx in front of these servers, on loopback."""
    folder.mkdir()
    port, plain_port = free_port(), free_port()
    command = [
        "nginx",
        "-e",
        str(folder / "log" / "error.log"),
        "-c",
        str(nginx_files(folder, servers, port, plain_port)),
    ]
    process = subprocess.Popen([*command, "-g", "daemon off;"], stderr=subprocess.DEVNULL)
    try:
        for _ in range(100):
            with suppress(OSError), socket.create_connection(("127.0.0.1", port)):
                break
            time.sleep(0.05)
        assert process.poll() is None, (folder / "log" / "error.log").read_text(encoding="utf-8")
        yield Proxy(port, plain_port, folder)
    finally:
        process.terminate()
        process.wait(PATIENCE)


@dataclass(frozen=True)
class Site:
    """The whole of it: one PostgreSQL, a web process at each address, nginx in front."""

    database: Database
    machines: Sequence[Web]
    proxy: Proxy


@contextmanager
def standing(folder: Path, people: int, addresses: Sequence[str] = ADDRESSES) -> Iterator[Site]:
    """A site with an open week and participants P1 …, once it answers."""
    with ExitStack() as stack:
        database = stack.enter_context(postgresql(folder))
        open_week(database, folder / "seal-key", people)
        machines = stack.enter_context(web_machines(database, addresses, folder))
        servers = [f"{each.address}:{each.port}" for each in machines]
        yield Site(database, machines, stack.enter_context(nginx(folder / "nginx", servers)))


def wait_for(url: str) -> None:
    """Until this address answers well."""
    until = time.monotonic() + PATIENCE
    while True:
        try:
            with urllib.request.urlopen(url, timeout=PATIENCE) as answer:
                assert answer.status == 200
                return
        except (urllib.error.URLError, OSError):
            if time.monotonic() > until:
                raise
            time.sleep(0.1)
