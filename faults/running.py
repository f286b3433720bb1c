"""What every fault run is given, and what it tells."""

from __future__ import annotations

import math
import os
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from faults.checker import check
from faults.databases import Database, PostgreSql, Sqlite
from faults.ledger import Ledger
from faults.people import Crowd, Told
from faults.scene import Scene, application, lay_out
from faults.serving import Server, serving

DATABASES: dict[str, Callable[[Path], Database]] = {"sqlite": Sqlite, "postgresql": PostgreSql}


MEMORY = "/dev/shm"


class Skipped(Exception):
    """This machine cannot do it; the message says what is missing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One run: on which database, in which folder, how often the fault, and the seed of everything left to chance.

    No round begins after the moment `until` of the machine's own count of seconds.
    """

    database: str
    folder: Path
    seed: int
    rounds: int
    until: float = math.inf

    def numbers(self) -> Iterator[int]:
        """The rounds, one after the other."""
        for number in range(self.rounds):
            if time.monotonic() > self.until:
                return
            yield number


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What was done and measured, and what is not as it must be: nothing, where all is well."""

    figures: dict[str, object]
    wrong: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A fault run: what it does, on which databases, and how often its fault comes."""

    act: Callable[[Asked], Outcome]
    databases: tuple[str, ...]
    short: int
    long: int

    @property
    def words(self) -> str:
        """What it does, in one line."""
        return (self.act.__doc__ or "").strip().partition("\n")[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """The product at work: database, week, web server, what was acknowledged, and people who have not sat yet."""

    base: Database
    scene: Scene
    server: Server
    ledger: Ledger
    told: Told
    people: Iterator[int]

    def crowd(self, at_once: int, seed: int) -> Crowd:
        """So many at once sit, one after the other, until told to stop."""
        return Crowd(self.server.port, self.ledger, self.told, self.people, at_once, seed)


Befalling = Callable[[Stage, Asked], Outcome]


def served(befalling: Befalling, people: int, *, killable: bool = False) -> Callable[[Asked], Outcome]:
    """A run of this fault alone."""

    def act(asked: Asked) -> Outcome:
        return _befall([(befalling, asked)], people, killable=killable)

    act.__doc__ = befalling.__doc__
    return act


def together(*befalling: tuple[Befalling, int], people: int) -> Callable[[Asked], Outcome]:
    """A run of several faults, each so often, and what it says of itself."""

    def act(asked: Asked) -> Outcome:
        """Several of these befall the same week, one after the other."""
        return _befall([(one, replace(asked, rounds=often)) for one, often in befalling], people)

    return act


def _befall(befalling: Sequence[tuple[Befalling, Asked]], people: int, *, killable: bool = False) -> Outcome:
    """What must be true is looked at once, when all is over."""
    asked = befalling[0][1]
    with database(asked) as base, Ledger(asked.folder / "acks") as ledger:
        scene, told = lay_out(base.url, asked.folder, people), Told()
        with serving(scene, asked.folder, killable=killable) as server:
            stage = Stage(base=base, scene=scene, server=server, ledger=ledger, told=told, people=iter(range(people)))
            found = [act(stage, asked) for act, asked in befalling]
        after = outcome(scene, ledger, told)
    figures = {name: value for one in found for name, value in one.figures.items()}
    wrong = [fault for one in found for fault in one.wrong]
    return Outcome(figures=figures | after.figures, wrong=[*wrong, *after.wrong])


@contextmanager
def database(asked: Asked) -> Iterator[Database]:
    """A database of that kind, running; in memory where there is room for it, for nothing cuts the power here."""
    place = MEMORY if os.access(MEMORY, os.W_OK) else None
    with tempfile.TemporaryDirectory(prefix="faults-", dir=place, ignore_cleanup_errors=True) as folder:
        made = DATABASES[asked.database](Path(folder, "database"))
        made.start()
        try:
            yield made
        finally:
            made.stop()


def outcome(scene: Scene, ledger: Ledger, told: Told, **figures: object) -> Outcome:
    """What there is to tell when everybody has stopped."""
    acks = ledger.acks()
    with application(scene):
        wrong = check(scene, acks)
    counted = {"acknowledged": len(acks), "asked again": told.unknown, "of these errors": told.errors}
    return Outcome(
        figures={**figures, **counted, "longest wait s": round(told.slowest, 2)}, wrong=[*told.wrong, *wrong]
    )


def wait_for_ack(crowd: Crowd, patience: float) -> float:
    """How long it takes until somebody gets an answer again; `patience` where nobody does."""
    begun = time.monotonic()
    while time.monotonic() - begun < patience:
        if crowd.told.last_ack > begun:
            return crowd.told.last_ack - begun
        time.sleep(0.01)
    return patience
