"""Three schedulers at once, killed at random lines of their jobs, and what a week is like afterwards: as without that.

A week is lived through at five moments: it is promised, it opens, people have sat, it is over and marked, it has been
published. At each, three processes run every job as the scheduler does, and each is killed when it comes to a line
drawn at random of a job drawn in turn. Then one ticks once. The first week of a run is lived through by one scheduler
that nobody kills: what the others leave behind must be the same, to the row.
"""

from __future__ import annotations

import itertools
import json
import multiprocessing
import os
import signal
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from types import FrameType
from typing import Any

from flask import Flask
from sqlalchemy import func, select

from faults import checker
from faults.copies import Copies
from faults.ledger import Ledger
from faults.running import Asked, Outcome, database
from faults.scene import DAY, GRACE, HOUR, MINUTE, QUESTIONS, Scene, application, lay_out
from quiz import clock, jobs
from quiz.config import ROOT
from quiz.leadership import Leadership
from quiz.models import Base, db
from quiz.models.audit import DbAuditEntry
from quiz.models.mail import DbLetter
from quiz.models.people import DbPerson
from quiz.permissions import Role
from quiz.services import attempts, reading, transaction
from tests import makers
from tests.mailbox import Mailbox, mailbox

OPENS = makers.WEEK_1
CLOSES = OPENS + 8 * HOUR
OVER = CLOSES + GRACE + MINUTE
MOMENTS = {
    "promised": OPENS - HOUR,
    "open": OPENS,
    "sat": OPENS + 30 * MINUTE,
    "over": OVER,
    "published": OVER + 2 * MINUTE,
}
SECOND = timedelta(seconds=1)
SCHEDULERS, TICKS, PATIENCE = 3, 2, 120
PRODUCT = str(ROOT / "quiz")
NEVER_THE_SAME = {"heartbeats", "troubles"}

Lines = Mapping[tuple[str, str], int]


@dataclass(frozen=True, slots=True)
class Plan:
    """Where a scheduler is killed: when it comes to so many lines of the product within this job."""

    job: str
    line: int


NOBODY, MEASURED = Plan("nobody is killed", 0), Plan("lines are counted", 0)


class Everybody(Leadership):
    """Each of several schedulers takes itself for the one that works, as when their lock fails."""

    def is_mine(self) -> bool:
        """Always."""
        return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    """One week with its schedulers: the application, where a kill is written down, and which of them may work."""

    app: Flask
    scene: Scene
    ledger: Ledger
    leads: type[Leadership]

    def live(self, plans: Mapping[str, Sequence[Plan]], told: Path) -> None:
        """From the promise to after the publication; `told` gets the lines of each job where nobody is killed."""
        for step, at in MOMENTS.items():
            if step == "sat":
                _sit()
            if step == "published":
                checker.publish(OVER)
            self._at_once(at, step, plans.get(step, ()), told)
            self._at_once(at, step, [NOBODY if plans else MEASURED], told)

    def _at_once(self, at: datetime, step: str, plans: Sequence[Plan], told: Path) -> None:
        db.session.remove()
        db.engine.dispose()  # nobody may be given a connection of ours
        fork = multiprocessing.get_context("fork")
        made = [fork.Process(target=self._tick, args=(at, step, plan, told), daemon=True) for plan in plans]
        for process in made:
            process.start()
        for process in made:
            process.join(timeout=PATIENCE)

    def _tick(self, at: datetime, step: str, plan: Plan, told: Path) -> None:
        """What the process of a scheduler does, at a moment that stands still."""
        clock.now = lambda: at
        clock.start = lambda: clock.Start("machine", at - OPENS + DAY)
        counted: Counter[str] = Counter()
        for name in ("JOBS", "LONG_JOBS"):
            vars(jobs)[name] = tuple(self._watched(job, plan, counted) for job in vars(jobs)[name])
        leadership = self.leads(self.app.config["QUIZ"])
        for _ in range(1 if plan in (NOBODY, MEASURED) else TICKS):
            jobs.tick(self.app, leadership)
            jobs.tick_long(self.app, leadership)
        if plan == MEASURED:
            with told.open("a", encoding="utf-8") as out:
                out.write(json.dumps([step, counted]) + "\n")

    def _watched(self, job: Callable[[], None], plan: Plan, counted: Counter[str]) -> Callable[[], None]:
        name = job.__name__

        def line(frame: FrameType, event: str, _value: Any) -> Callable[..., Any]:
            if event == "line":
                counted[name] += 1
                if (name, counted[name]) == (plan.job, plan.line):
                    where = f"{Path(frame.f_code.co_filename).name}:{frame.f_lineno}"
                    self.ledger.note(act="killed", job=name, where=where)
                    os.kill(os.getpid(), signal.SIGKILL)
            return line

        def call(frame: FrameType, _event: str, _value: Any) -> Callable[..., Any] | None:
            return line if frame.f_code.co_filename.startswith(PRODUCT) else None

        def watched() -> None:
            sys.settrace(call)
            try:
                job()
            finally:
                sys.settrace(None)

        watched.__name__ = name
        return watched if plan.job == name or plan == MEASURED else job


def killed(asked: Asked) -> Outcome:
    """Three schedulers at once, each killed at a random line of one job after the other; everything happens once."""
    dice, wrong = Random(asked.seed), list[str]()
    with mailbox() as box, _weeks(asked) as copies, Ledger(asked.folder / "kills") as ledger:
        told = asked.folder / "lines"

        def live(plans: Mapping[str, Sequence[Plan]], leads: type[Leadership]) -> tuple[dict[str, int], list[str]]:
            scene = copies.fresh()
            scene.seal_key.unlink(missing_ok=True)
            box.taken.clear()
            with application(scene, box.settings()) as app:
                Life(app=app, scene=scene, ledger=ledger, leads=leads).live(plans, told)
                return _left_behind(), [*checker.check(scene, []), *_sent_twice(box)]

        expected, wrong_before = live({}, Leadership)
        wrong += [f"without any kill: {fault}" for fault in wrong_before]
        lines = _lines(told)
        drawn = itertools.cycle(dict.fromkeys(job for _, job in lines))
        weeks = 0
        for number in asked.numbers():
            weeks += 1
            plans = {step: [_plan(next(drawn), step, lines, dice) for _ in range(SCHEDULERS)] for step in MOMENTS}
            left, faults = live(plans, Leadership if number % 2 else Everybody)
            wrong += [f"week {number}: {fault}" for fault in (*faults, *_differences(expected, left))]
        kills = Counter(ack["job"] for ack in ledger.acks())
    figures = {"weeks": weeks, "cycles": weeks * len(MOMENTS), "kills": kills.total()}
    spared = sorted({job for _, job in lines} - kills.keys())
    more = {"jobs killed in": len(kills), "jobs spared": " ".join(spared) or "none"}
    return Outcome(figures=figures | more, wrong=wrong)


def _plan(job: str, step: str, lines: Lines, dice: Random) -> Plan:
    return Plan(job, dice.randint(1, max(1, lines.get((step, job), 1))))


def _lines(told: Path) -> Lines:
    """How many lines each job took at each step of the week that nobody disturbed."""
    steps = [json.loads(line) for line in told.read_text("utf-8").splitlines()]
    return {(step, job): count for step, counted in steps for job, count in counted.items()}


@contextmanager
def _weeks(asked: Asked) -> Iterator[Copies]:
    """A week to come with people whom letters reach, as often as it is wanted."""
    with database(asked) as base:
        copies = Copies(base, asked.folder)
        scene = lay_out(copies.url, asked.folder, 0, OPENS, CLOSES, promised=False)
        with application(scene):
            agency = makers.add_agency("H3")
            for number in range(8):
                makers.add_person(f"A{number}", agency, now=OPENS - 48 * HOUR, activated=False)
            makers.add_person("DM", agency, roles=[Role.COORDINATOR], now=OPENS - 48 * HOUR, activated=False)
        copies.keep(scene)
        yield copies


def _sit() -> None:
    """Eight people sit, of whom one forgets to hand in."""
    people = reading().scalars(select(DbPerson.id).where(DbPerson.staff_code.like("A%")).order_by(DbPerson.id)).all()
    with transaction() as session:
        week = makers.week(session)
        for place, person in enumerate(people):
            begun = OPENS + place * MINUTE
            code = attempts.start(session, person, week, begun, makers.code(place))
            sheet = ["ABCD"[(place + item) % 4] for item in range(QUESTIONS)]
            attempts.save(session, code, person, 1, sheet, begun + SECOND)
            if person != people[-1]:
                attempts.hand_in(session, code, person, 2, sheet, begun + MINUTE + place * SECOND)


def _left_behind() -> dict[str, int]:
    """How many rows each table holds, how many acts of each kind and letters of each kind there are."""
    reading().rollback()
    tables = [table for name, table in Base.metadata.tables.items() if name not in NEVER_THE_SAME]
    found = {table.name: reading().scalar(select(func.count()).select_from(table)) or 0 for table in tables}
    for column in (DbAuditEntry.act, DbLetter.kind):
        rows = reading().execute(select(column, func.count()).group_by(column)).all()
        found |= {f"{column.class_.__tablename__}: {kind}": count for kind, count in rows}
    return found


def _sent_twice(box: Mailbox) -> Iterator[str]:
    for name, count in Counter(str(letter["Message-ID"]) for letter in box.taken).items():
        if count > 1:
            yield f"letter {name} was sent {count} times"


def _differences(expected: Mapping[str, int], left: Mapping[str, int]) -> Iterable[str]:
    for name in sorted(expected.keys() | left.keys()):
        if expected.get(name, 0) != left.get(name, 0):
            yield f"{name}: {left.get(name, 0)} instead of {expected.get(name, 0)}"
