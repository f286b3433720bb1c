"""The four storms of a week: `python -m bench.storms [--database PostgreSQL] [--only sign-in] [--json FILE]`.

Sign-in storm, start storm, last-minute storm, public readers, against the product's own server (two processes of eight
threads, as `quiz.rehearsal.server` starts it) with the rehearsal's made-up people; every rate is open loop, so that a
slow answer holds nobody else back, and every time counts from the moment at which the request was due. The load
generator shares the machine. Saves go on beside each storm. Afterwards everything acknowledged must be in the database.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import statistics
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from argon2 import PasswordHasher
from sqlalchemy import update

from bench.hand_in import databases
from quiz import chance, clock
from quiz.app import create_app
from quiz.config import Config
from quiz.key_file import KeyFile
from quiz.models import Base, db
from quiz.models.people import DbPerson
from quiz.rehearsal import scratch, server, storm
from quiz.rehearsal.client import Client
from quiz.rehearsal.figures import Ending, Sample, Step, figures
from quiz.rehearsal.participant import Participant
from quiz.rehearsal.play import PAGES, check_mark
from quiz.rehearsal.scratch import PASSWORD, Paper, sign_in_name
from quiz.rehearsal.storm import Seen
from quiz.rehearsal.target import Target
from quiz.services import passwords, transaction

INSIDE, STARTING, SIGNING_IN = 100, 2000, 6000
SAVES, READERS, HAND_INS, STARTS = 100.0, 500.0, 100.0, 2000 / 60
HEADINGS = f"{'p50 ms':>9}{'p95 ms':>9}{'p99 ms':>9}{'failed':>7}{'waits':>7}"
FLOOD = 64
"""Browsers that sign in one after the other, as fast as the server lets them."""
CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
"""For those who signed in before the storm: what checking a password costs stands in its hash."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table; times in seconds, `limit` in words."""

    database: str
    storm: str
    step: str
    count: int
    rate: float
    p50: float
    p95: float
    p99: float
    failed: int
    waits: int
    limit: str = ""


def rows(database: str, name: str, seen: Seen, seconds: float, limits: dict[Step, str]) -> list[Row]:
    """What one storm has measured."""
    return [
        Row(
            *(database, name, step.value, one.count, one.count / seconds, one.p50, one.p95, one.p99),
            *(one.refused + one.failures + one.lost, one.waits),
            limits.get(step, ""),
        )
        for step, one in figures(seen.samples).items()
    ]


@contextmanager
def site(url: str) -> Iterator[tuple[Target, str]]:
    """The server on an empty database, with everybody in it; what its front page must show."""
    people = INSIDE + STARTING + SIGNING_IN
    secret, mark = chance.seed().hex(), chance.code()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        app = create_app(Config(database_url=url, secret_key=secret, https=False))
        stack.enter_context(app.app_context())
        Base.metadata.create_all(db.engine)
        scratch.claim(clock.now())
        scratch.fill(people, mark, clock.now(), KeyFile(folder / "seal-key"), Paper(), CHEAP)
        with transaction() as session:
            costly = DbPerson.id > INSIDE + STARTING
            session.execute(update(DbPerson).where(costly).values(password_hash=passwords.hashed(PASSWORD)))
        settings = server.settings(os.environ, url, secret, folder)
        yield stack.enter_context(server.running(settings, folder)), mark
        db.session.remove()
        db.engine.dispose()


@contextmanager
def nginx(target: Target) -> Iterator[Target]:
    """A small nginx in front that keeps public pages and lets sign-ins wait their turn, as `deploy/nginx` does."""
    port = server.free_port()
    with tempfile.TemporaryDirectory() as folder:
        config = Path(folder, "nginx.conf")
        config.write_text(f"""
            user root; daemon off; pid {folder}/pid; error_log {folder}/error.log crit; worker_processes 1;
            events {{ worker_connections 4096; }}
            http {{
              access_log off; client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
              fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
              proxy_cache_path {folder}/cache keys_zone=pages:4m;
              map $request_method $somebody_signs_in {{ POST $server_name; }}
              limit_req_zone $somebody_signs_in zone=all_who_sign_in:1m rate=40r/s;
              proxy_http_version 1.1; proxy_set_header Connection ""; proxy_set_header Host $http_host;
              upstream web {{ server {target.host}:{target.port}; keepalive 32; }}
              server {{
                listen 127.0.0.1:{port};
                location / {{
                  proxy_pass http://web; proxy_cache pages; proxy_cache_key $host$request_uri;
                  proxy_cache_lock on; proxy_cache_bypass $http_cookie; proxy_no_cache $http_cookie;
                }}
                location = /dang-nhap {{ limit_req zone=all_who_sign_in burst=1500; proxy_pass http://web; }}
              }}
            }}""")
        line = ["nginx", "-p", folder, "-c", str(config), "-e", f"{folder}/error.log"]
        process = subprocess.Popen(line)  # noqa: S603 - our own
        try:
            yield replace(target, port=port)
        finally:
            process.terminate()
            process.wait(10)


async def flood(people: Sequence[Participant], seconds: float, seen: Seen) -> None:
    """So many browsers sign in people one after the other until the time is over."""
    loop = asyncio.get_running_loop()
    ends, left = loop.time() + seconds, iter(people)

    async def browser() -> None:
        while loop.time() < ends and (person := next(left, None)):
            seen.samples.append(await person.sign_in(loop.time()))

    await asyncio.gather(*(browser() for _ in range(FLOOD)))


async def sign_in_storm(
    name: str, inside: list[Participant], people: list[Participant], scale: float, how: str
) -> list[Row]:
    """Saves alone, beside 2,000 sign-ins a minute, and beside as many sign-ins as the server takes."""
    first = int(STARTS * 30 * scale) + 1
    calm, steady, hard = Seen(), Seen(), Seen()
    await storm.saving(inside, SAVES, 10 * scale, calm)
    await asyncio.gather(
        storm.saving(inside, SAVES, 30 * scale, steady),
        storm.signing_in(people[:first], STARTS, 30 * scale, steady),
    )
    await asyncio.gather(storm.saving(inside, SAVES, 20 * scale, hard), flood(people[first:], 20 * scale, hard))
    limit = {Step.SAVE: "p95 < 300 ms"}
    return [
        *rows(name, f"saves alone{how}", calm, 10 * scale, limit),
        *rows(name, f"2,000 sign-ins a minute{how}", steady, 30 * scale, limit),
        *rows(name, f"{FLOOD} browsers signing in without pause{how}", hard, 20 * scale, limit),
    ]


async def start_storm(name: str, inside: list[Participant], people: list[Participant], scale: float) -> list[Row]:
    """2,000 people who had signed in start within a minute."""
    seen = Seen()
    await asyncio.gather(
        storm.saving(inside, SAVES, 60 * scale, seen), storm.starting(people, STARTS, 60 * scale, seen)
    )
    limits = {Step.START: "p95 ≤ 1 s", Step.PAPER: "p95 ≤ 1 s", Step.SAVE: "p95 < 300 ms"}
    return rows(name, "2,000 starts in 60 s", seen, 60 * scale, limits)


async def last_minute(name: str, inside: list[Participant], people: list[Participant], scale: float) -> list[Row]:
    """All of them hand in, 100 a second."""
    seen = Seen()
    await asyncio.gather(
        storm.saving(inside, SAVES, 20 * scale, seen), storm.handing_in(people, HAND_INS, 20 * scale, seen)
    )
    limits = {Step.HAND_IN: "p99 ≤ 2 s, 0 lost", Step.SAVE: "p95 < 300 ms"}
    return rows(name, "100 hand-ins a second", seen, 20 * scale, limits)


async def readers(name: str, inside: list[Participant], client: Client, scale: float, how: str) -> list[Row]:
    """Saves with 500 readers a second beside them, and without, in turn; the change of their p95, pair by pair."""
    seen = {False: Seen(), True: Seen()}
    changes = []
    for turn in range(6):
        p95s: dict[bool, float] = {}
        for beside in (False, True) if turn % 2 else (True, False):
            one = Seen()
            more = storm.reading(client, PAGES, READERS, 6 * scale, one) if beside else asyncio.sleep(0)
            await asyncio.gather(storm.saving(inside, SAVES, 6 * scale, one), more)
            p95s[beside] = figures(one.samples)[Step.SAVE].p95
            seen[beside].samples += one.samples
        changes.append(p95s[True] / p95s[False] - 1)
    change = f"change of p95, median of 6 pairs: {statistics.median(changes):+.0%} (< +10%)"
    return [
        *rows(name, f"no readers{how}", seen[False], 36 * scale, {}),
        *rows(name, f"500 readers a second{how}", seen[True], 36 * scale, {Step.SAVE: change}),
    ]


async def play(
    name: str, target: Target, mark: str, scale: float, asked: Sequence[str]
) -> tuple[list[Row], list[Participant]]:
    """The storms asked for, one after the other; everybody who took part."""
    found: list[Row] = []
    with nginx(target) as front:
        async with Client(target) as client, Client(front) as through:
            await check_mark(client, mark)
            people = [Participant(client, sign_in_name(number), PASSWORD) for number in range(1, INSIDE + STARTING + 1)]
            inside, comers = people[:INSIDE], people[INSIDE : INSIDE + int(STARTING * scale)]
            costly = range(INSIDE + STARTING + 1, INSIDE + STARTING + SIGNING_IN + 1)
            await storm.enter(inside, 4)
            if "start" in asked:
                await _signed_in(comers)
                found += say(await start_storm(name, inside, comers, scale))
                found += say(await last_minute(name, inside, comers, scale))
            ways = {"readers": (client, ""), "nginx": (through, ", nginx in front")}
            for way, how in (ways[each] for each in ways if each in asked):
                for person in inside:
                    person.client = way
                found += say(await readers(name, inside, way, scale, how))
            if "sign-in" in asked:
                halves = costly[: SIGNING_IN // 2], costly[SIGNING_IN // 2 :]
                for (way, how), numbers in zip(ways.values(), halves, strict=True):
                    for person in inside:
                        person.client = way
                    strangers = [Participant(way, sign_in_name(number), PASSWORD) for number in numbers]
                    found += say(await sign_in_storm(name, inside, strangers, scale, how))
    return found, people


async def _signed_in(people: Sequence[Participant]) -> None:
    free = asyncio.Semaphore(6)
    loop = asyncio.get_running_loop()

    async def one(person: Participant) -> Sample:
        async with free:
            return await person.sign_in(loop.time())

    samples = await asyncio.gather(*(one(person) for person in people))
    assert all(sample.ending is Ending.DONE for sample in samples)


def say(found: list[Row]) -> list[Row]:
    """Print what a storm has measured as soon as it is over."""
    print("\n".join(told(row) for row in found), flush=True)
    return found


def told(row: Row) -> str:
    """One line of the table, times in milliseconds."""
    times = "".join(f"{1000 * each:9.0f}" for each in (row.p50, row.p95, row.p99))
    first = f"{row.database:11}{row.storm:40}{row.step:9}{row.count:7}{row.rate:8.1f}"
    return f"{first}{times}{row.failed:7}{row.waits:7}  {row.limit}"


def main() -> None:
    """One table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", choices=("SQLite", "PostgreSQL", "both"), default="both")
    parser.add_argument("--only", nargs="+", choices=("sign-in", "start", "readers", "nginx"))
    parser.add_argument("--scale", type=float, default=1.0, help="of the length of every storm, for trying out")
    parser.add_argument("--json", type=Path, help="keep the figures here, beside what is there of other databases")
    asked = parser.parse_args()
    wanted = asked.only or ("sign-in", "start", "readers", "nginx")
    print(f"{'':11}{'storm':40}{'step':9}{'count':>7}{'a s':>8}" + HEADINGS)
    with ExitStack() as stack:
        stack.enter_context(server.cleared_when_ended())
        folder = stack.enter_context(tempfile.TemporaryDirectory(ignore_cleanup_errors=True))
        urls = stack.enter_context(databases(folder))
        for name, url in urls.items():
            if asked.database not in (name, "both"):
                continue
            with site(url) as (target, mark):
                found, people = asyncio.run(play(name, target, mark, asked.scale, wanted))
                missing = scratch.missing({one.code: one for one in people if one.acknowledged})
            print(f"{name:11}acknowledged but not stored: {missing}", flush=True)
            if asked.json:
                _keep(asked.json, name, found, missing)


def _keep(path: Path, name: str, found: Sequence[Row], missing: int) -> None:
    known = json.loads(path.read_text("utf-8")) if path.exists() else {}
    before = known.get(name, {"missing": 0, "rows": []})
    again = {(row.storm, row.step) for row in found}
    rest = [row for row in before["rows"] if (row["storm"], row["step"]) not in again]
    known[name] = {"missing": before["missing"] + missing, "rows": rest + [asdict(row) for row in found]}
    path.write_text(json.dumps(known, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
