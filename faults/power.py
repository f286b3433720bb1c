"""The power fails: what the disk holds at that instant is all that is left.

The database lies in a file system of its own, in an image in memory. Everything that writes is stopped, the image is
copied until two copies are the same, everything is killed, and the copy is mounted in its place: what was only in the
memory of the kernel is gone, as it is when the power fails. In each round the same is done to a database that does not
wait for its disk: unless that one loses something, the run proves nothing, and fails.
"""

from __future__ import annotations

import filecmp
import multiprocessing
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from multiprocessing.process import BaseProcess
from pathlib import Path
from random import Random

from flask import Flask
from sqlalchemy import Engine, event, text

from faults import checker
from faults.databases import Database, PostgreSql, Sqlite
from faults.ledger import Ack, Ledger
from faults.running import Asked, Outcome, Skipped
from faults.scene import QUESTIONS, TRIES, Scene, application, lay_out, staff_code
from quiz import chance, clock
from quiz.models import db
from quiz.services import attempts, contests, reading, transaction

SIZE, MEMORY = "320M", "2G"
PEOPLE, AT_ONCE = 3000, 3
LASTS, SAVES = (0.5, 4.0), 20
MOST_COPIES = 20
CHECK_WHOLE_EVERY = 10
MORE_CARELESS = 4
"""So many more cuts, if need be, until the careless twin loses something."""
CARELESS_URL = "&options=-csynchronous_commit%3Doff"


def cut(asked: Asked) -> Outcome:
    """The power fails while three processes start, save and hand in; a careless twin must lose."""
    if os.geteuid() != 0 or not Path("/dev/loop-control").exists():
        raise Skipped("needs root and loop devices, to mount an image as a disk")
    dice = Random(asked.seed)
    figures = {
        "cuts": 0,
        "acknowledged": 0,
        "lost": 0,
        "careless acknowledged": 0,
        "careless lost": 0,
        "careless cuts that lost": 0,
    }
    wrong: list[str] = []
    with memory_disk(asked.folder, MEMORY) as memory:
        scene, template = _template(asked, memory)

        def fail(number: int, *, careless: bool) -> None:
            acks, lost, found = _round(asked, memory, template, scene, dice, number, careless=careless)
            mark = "careless " if careless else ""
            figures[f"{mark}acknowledged"] += acks
            figures[f"{mark}lost"] += lost
            figures["careless cuts that lost"] += careless and lost > 0
            wrong.extend([] if careless else found)

        for number in asked.numbers():
            fail(number, careless=False)
            fail(number, careless=True)
            figures["cuts"] += 1
        for number in range(asked.rounds, asked.rounds + MORE_CARELESS):
            if not figures["careless lost"]:  # a kernel that is busy writes much of its own accord
                fail(number, careless=True)
    if not figures["careless lost"]:
        wrong.append("the careless database has lost nothing: this run proves nothing")
    return Outcome(figures=dict(figures), wrong=wrong)


def _round(
    asked: Asked, memory: Path, template: Path, scene: Scene, dice: Random, number: int, *, careless: bool
) -> tuple[int, int, list[str]]:
    """One cut: how many acknowledgements, how many of them were lost, and what is wrong besides."""
    image, after = memory / "disk", memory / "after"
    _copy(template, image)
    log = asked.folder / f"acks-{number}-{careless}"
    with Ledger(log) as ledger:
        with _mounted(image, asked.folder / "disk") as disk:
            base = _database(asked.database, disk, asked.folder)
            base.start()
            users = _users(scene, ledger, dice.randrange(1 << 32), careless=careless)
            ledger.wait_for_first()
            time.sleep(dice.uniform(*LASTS))
            _freeze(base, users)
            _copy_until_alike(image, after)
            _kill(base, users)
        acks = ledger.acks()
    with _mounted(after, asked.folder / "disk") as disk:
        base = _database(asked.database, disk, asked.folder)
        base.start()
        try:
            return _look(scene, acks, whole=not careless and number % CHECK_WHOLE_EVERY == 0)
        finally:
            base.stop()


def _look(scene: Scene, acks: list[Ack], *, whole: bool) -> tuple[int, int, list[str]]:
    with application(scene):
        lost = checker.lost(acks)
        wrong = [f"the database is damaged: {fault}" for fault in _damage()]
        return len(acks), lost, wrong + (checker.check if whole else checker.check_quickly)(scene, acks)


def _damage() -> list[str]:
    """What SQLite finds wrong with its own file; PostgreSQL checks the sum of each page that it reads."""
    if db.engine.dialect.name != "sqlite":
        return []
    found = reading().scalars(text("PRAGMA integrity_check")).all()
    return [] if found == ["ok"] else list(found)


def _template(asked: Asked, memory: Path) -> tuple[Scene, Path]:
    """A disk with a database in which the week has opened."""
    image = memory / "template"
    run("truncate", "--size", SIZE, str(image))
    run("mkfs.ext4", "-q", "-F", "-E", "lazy_itable_init=0,lazy_journal_init=0", str(image))
    with _mounted(image, asked.folder / "disk") as disk:
        base = _database(asked.database, disk, asked.folder)
        base.start()
        scene = lay_out(base.url, asked.folder, PEOPLE)
        base.stop()
    return scene, image


def _database(kind: str, disk: Path, folder: Path) -> Database:
    if kind == "sqlite":
        return Sqlite(disk)
    return PostgreSql(disk, socket=folder)


def _users(scene: Scene, ledger: Ledger, seed: int, *, careless: bool) -> list[BaseProcess]:
    """Processes that sit one attempt after the other, as the product's web server does it, but without its pages."""
    if careless and not scene.url.startswith("sqlite"):
        scene = replace(scene, url=scene.url + CARELESS_URL)
    fork = multiprocessing.get_context("fork")
    with application(scene) as app:  # made here, for making one takes longer than many attempts
        users: list[BaseProcess] = [
            fork.Process(target=_use, args=(app, ledger, place, seed), kwargs={"careless": careless}, daemon=True)
            for place in range(AT_ONCE)
        ]
        for user in users:
            user.start()
    return users


def _use(app: Flask, ledger: Ledger, place: int, seed: int, *, careless: bool) -> None:
    dice = Random(f"{seed}-{place}")
    if careless:
        event.listen(Engine, "connect", _do_not_wait_for_the_disk)
    with app.app_context():
        people = {row.staff_code: row.id for row in reading().execute(text("SELECT staff_code, id FROM people"))}
        for number in range(place, PEOPLE, AT_ONCE):
            for _ in range(TRIES):
                _sit(ledger, number, people[staff_code(number)], dice)


def _do_not_wait_for_the_disk(connection: object, _record: object) -> None:
    if type(connection).__module__ == "sqlite3":
        connection.execute("PRAGMA synchronous=NORMAL")  # type: ignore[attr-defined]


def _sit(ledger: Ledger, number: int, person: int, dice: Random) -> None:
    with transaction() as session:
        week = contests.get_week(session, contests.get_current(session), 1)
        code = attempts.start(session, person, week, clock.now(), chance.code())
    ledger.note(act="start", person=number, code=code)
    for seq in range(1, SAVES + 1):
        sheet = dice.choices("ABCD", k=QUESTIONS)
        with transaction() as session:
            attempts.save(session, code, person, seq, sheet, clock.now())
        ledger.note(act="save", code=code, seq=seq, answers=sheet)
    sheet = dice.choices("ABCD", k=QUESTIONS)
    with transaction() as session:
        attempts.hand_in(session, code, person, SAVES + 1, sheet, clock.now())
    ledger.note(act="hand_in", code=code, seq=SAVES + 1, answers=sheet)


def _freeze(base: Database, users: list[BaseProcess]) -> None:
    """Stop all that writes, the database's first process before those that it has started."""
    for process in (*base.processes(), *base.processes(), *(user.pid for user in users)):
        with suppress(ProcessLookupError):
            os.kill(process or 0, signal.SIGSTOP)


def _kill(base: Database, users: list[BaseProcess]) -> None:
    for process in reversed(base.processes()):
        with suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)
    base.kill()
    for user in users:
        user.kill()
        user.join()


def _copy_until_alike(image: Path, copy: Path) -> None:
    """What the kernel writes by itself while the copy is made must not tear it."""
    second = copy.with_name("second")
    for _ in range(MOST_COPIES):
        _copy(image, copy)
        _copy(image, second)
        if filecmp.cmp(copy, second, shallow=False):
            return
    raise RuntimeError("the image does not come to rest")


def _copy(source: Path, target: Path) -> None:
    run("cp", "--sparse=always", str(source), str(target))


@contextmanager
def memory_disk(folder: Path, size: str) -> Iterator[Path]:
    """A disk of so much memory, which goes with everything on it."""
    place = folder / "memory"
    place.mkdir()
    run("mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(place))
    try:
        yield place
    finally:
        unmount(place)


@contextmanager
def _mounted(image: Path, place: Path) -> Iterator[Path]:
    """The image as a disk; the kernel keeps what it need not write for a minute, so that carelessness shows."""
    place.mkdir(exist_ok=True)
    run("mount", "-o", "loop,commit=60", str(image), str(place))
    try:
        yield place
    finally:
        unmount(place)


def unmount(place: Path) -> None:
    """Take a disk away again, when whoever was killed there has gone."""
    for _ in range(50):
        if subprocess.run(["umount", str(place)], stderr=subprocess.DEVNULL, check=False).returncode == 0:
            return
        time.sleep(0.1)
    run("umount", "--lazy", str(place))


def run(*command: str) -> None:
    """A program of this machine; raises CalledProcessError."""
    subprocess.run(command, check=True, capture_output=True)
