"""gunicorn and granian with the product's own pages: `python -m bench.servers [--rounds 5] [--seconds 4]`.

One database (PostgreSQL, as `deploy/` sets it up), both servers started beside each other with two processes of eight
threads, and asked in turn by the same sixteen connections: a save, the front page, a static file. The processor's time
is that of the server's processes; the client shares the machine. gunicorn is no dependency: install it first.
"""

from __future__ import annotations

import argparse
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from quiz.config import ROOT
from tests.conftest import SECRET
from tests.deploy.database import free_port, open_week, postgresql
from tests.web.client import PageClient

CONNECTIONS = 16
TICKS = os.sysconf("SC_CLK_TCK")
GUNICORN = "--no-control-socket --worker-class gthread --workers 2 --threads 8 --log-level warning"
GRANIAN = "--interface wsgi --http 1 --workers 2 --blocking-threads 8 --log-level warning"
Ask = Callable[[int], bytes]


@dataclass(frozen=True)
class Server:
    """A server that was started; its processor's time is that of its process group."""

    port: int
    process: subprocess.Popen[bytes]

    def processor_seconds(self) -> float:
        """What all its processes have used."""
        used = 0
        for stat in Path("/proc").glob("[0-9]*/stat"):
            try:
                fields = stat.read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if int(fields[2]) == self.process.pid:
                used += int(fields[11]) + int(fields[12])
        return used / TICKS


@dataclass
class Tally:
    """What one run has counted."""

    times: list[float] = field(default_factory=list)
    failed: int = 0


@contextmanager
def running(command: str, environment: dict[str, str]) -> Iterator[Server]:
    """A server in a process group of its own, once it answers."""
    port = free_port()
    words = [str(Path(sys.executable).with_name(command.split()[0])), *command.split()[1:]]
    where = ["--bind", f"127.0.0.1:{port}"] if "gunicorn" in words[0] else ["--host", "127.0.0.1", "--port", str(port)]
    process = subprocess.Popen(  # noqa: S603 - one of our own two commands
        [*words, *where, "wsgi:app"], cwd=ROOT, env=environment, stderr=subprocess.DEVNULL, start_new_session=True
    )
    try:
        for _ in range(100):
            time.sleep(0.2)
            try:
                exchange(socket.create_connection(("127.0.0.1", port)), request("GET", "/the-le"))
                break
            except OSError:
                continue
        yield Server(port, process)
    finally:
        os.killpg(process.pid, 15)
        process.wait()


def request(method: str, path: str, headers: str = "", body: bytes = b"") -> bytes:
    """The bytes of one request."""
    length = f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n" if body else ""
    return f"{method} {path} HTTP/1.1\r\nHost: localhost\r\n{headers}{length}\r\n".encode() + body


def exchange(connection: socket.socket, asked: bytes) -> int:
    """Send it, read the whole answer; its status."""
    connection.sendall(asked)
    data = b""
    while b"\r\n\r\n" not in data:
        data += _more(connection)
    head, _, body = data.partition(b"\r\n\r\n")
    fields = dict(line.lower().split(b": ", 1) for line in head.split(b"\r\n")[1:])
    if b"content-length" in fields:
        missing = int(fields[b"content-length"]) - len(body)
        while missing > 0:
            missing -= len(_more(connection))
    else:
        while not body.endswith(b"0\r\n\r\n"):
            body += _more(connection)
    return int(head.split()[1])


def _more(connection: socket.socket) -> bytes:
    data = connection.recv(65536)
    if not data:
        raise ConnectionError("closed")
    return data


def run(server: Server, ask: Ask, seconds: float) -> tuple[Tally, float]:
    """All connections at once, each one request after the other; what they saw, and the processor's time."""
    tally, until, before = Tally(), time.perf_counter() + seconds, server.processor_seconds()

    def client(number: int) -> None:
        with socket.create_connection(("127.0.0.1", server.port)) as connection:
            while (begun := time.perf_counter()) < until:
                status = exchange(connection, ask(number))
                tally.times.append(time.perf_counter() - begun)
                tally.failed += status != 200

    threads = [threading.Thread(target=client, args=(number,)) for number in range(CONNECTIONS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return tally, server.processor_seconds() - before


def sittings(url: str) -> list[tuple[str, str]]:
    """An attempt for each connection: the address to save to, and the headers of its participant."""
    from quiz.app import create_app
    from quiz.config import Config

    app = create_app(Config(database_url=url, secret_key=SECRET, https=False))
    found = []
    for number in range(1, CONNECTIONS + 1):
        client = PageClient(app).sign_in(f"P{number}")
        code = client.post("/thi/tuan-1").rpartition("/")[2]
        token = client.token(f"/thi/bai/{code}")
        cookies = "; ".join(f"{each.key}={each.value}" for each in client.http._cookies.values())
        found.append((f"/thi/bai/{code}/luu", f"Cookie: {cookies}\r\nX-CSRFToken: {token}\r\n"))
    return found


def asked_of(kept: Sequence[tuple[str, str]], static: str) -> dict[str, Ask]:
    """What is asked: saves with rising numbers, and the same page and file over and over."""
    seqs = [0] * len(kept)

    def save(number: int) -> bytes:
        seqs[number] += 1
        path, headers = kept[number]
        answers = ["ABCD"[(seqs[number] + place) % 4] for place in range(20)]
        return request("POST", path, headers, json.dumps({"seq": seqs[number], "answers": answers}).encode())

    page, file = request("GET", "/"), request("GET", static, "Accept-Encoding: gzip\r\n")
    return {"save": save, "front page": lambda _: page, "static file": lambda _: file}


def main() -> None:
    """One table: a row for each kind of request and server."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=4)
    asked = parser.parse_args()
    results: dict[tuple[str, str], list[tuple[float, float, float, float]]] = {}
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        database = stack.enter_context(postgresql(Path(folder)))
        open_week(database, Path(folder, "key"), CONNECTIONS)
        settings = {"QUIZ_DATABASE_URL": database.url("web"), "QUIZ_SECRET_KEY": SECRET, "QUIZ_HTTPS": "0"}
        ways = asked_of(sittings(database.url("web")), "/static/app.css")
        servers = {
            name: stack.enter_context(running(f"{name} {words}", os.environ | settings))
            for name, words in (("gunicorn", GUNICORN), ("granian", GRANIAN))
        }
        for round_ in range(-1, asked.rounds):  # the first warms up
            for what, ask in ways.items():
                for name in sorted(servers, reverse=bool(round_ % 2)):
                    tally, used = run(servers[name], ask, asked.seconds)
                    cuts, count = statistics.quantiles(tally.times, n=100), len(tally.times)
                    assert tally.failed == 0, (name, what, tally.failed)
                    if round_ >= 0:
                        found = (count / asked.seconds, used / count * 1e6, cuts[49] * 1e3, cuts[98] * 1e3)
                        results.setdefault((what, name), []).append(found)
    print(f"medians of {asked.rounds} rounds of {asked.seconds:g} s, {CONNECTIONS} connections")
    print(f"{'':14}{'':10}{'requests/s':>12}{'µs of processor':>18}{'p50 ms':>10}{'p99 ms':>10}")
    for (what, name), runs in sorted(results.items()):
        rate, used, half, late = (statistics.median(column) for column in zip(*runs, strict=True))
        print(f"{what:14}{name:10}{rate:12.0f}{used:18.0f}{half:10.1f}{late:10.1f}")


if __name__ == "__main__":
    main()
