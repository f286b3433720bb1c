"""Machines whose clocks differ, and clocks that are set while people sit: nobody gains or loses time by either."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import timedelta
from random import Random

from faults.checker import Stored, stored_now
from faults.ledger import Ledger
from faults.people import Participant, Told
from faults.running import Asked, Outcome, database, outcome
from faults.scene import MINUTES, application, lay_out
from faults.serving import scheduling, serving
from faults.shifting import MACHINE, Shifted

APART = timedelta(seconds=90)
STEPS = (timedelta(hours=1), timedelta(hours=-1))
TICKED = 2.5
"""So long after a clock was set, the scheduler, at work every second, has looked at everything."""
ALLOWED = timedelta(milliseconds=50)

Sat = dict[str, tuple[float, float]]
"""By code, the least and the most seconds that an attempt can have lasted."""


def clocks(asked: Asked) -> Outcome:
    """Two web servers 90 s fast and slow, a scheduler an hour fast; then a server's clock is set by an hour, twice."""
    told, sat = Told(), Sat()
    with database(asked) as base, Ledger(asked.folder / "acks") as ledger:
        scene = lay_out(base.url, asked.folder, asked.rounds + 2)
        fast, slow, hour = (
            Shifted(asked.folder / name, MACHINE, by)
            for name, by in (("fast", APART), ("slow", -APART), ("hour", STEPS[0]))
        )
        with (
            serving(scene, asked.folder, fast.environment) as one,
            serving(scene, asked.folder, slow.environment) as other,
            scheduling(scene, asked.folder, hour.environment),
        ):
            ports = [one.port, other.port]
            for number in range(asked.rounds):
                _sit(number, ports[number % 2 :] + ports[: number % 2], ledger, told, asked.seed, sat)
            begun = Participant(asked.rounds, one.port, ledger, told, Random(asked.seed))
            begun.sign_in()
            asked_at, code, started = time.monotonic(), begun.start(), time.monotonic()
            for seq, step in enumerate(STEPS, start=1):
                fast.shift(step)
                begun.save(code, seq)
                time.sleep(TICKED)
            handing_in = time.monotonic()
            begun.hand_in(code, len(STEPS) + 1)
            sat[code] = (handing_in - started, time.monotonic() - asked_at)
        with application(scene):
            wrong = list(_wrong(stored_now(), sat))
        found = outcome(scene, ledger, told, people=len(sat), **{"clocks apart s": int(2 * APART.total_seconds())})
    return Outcome(figures=found.figures, wrong=[*wrong, *found.wrong])


def _sit(number: int, ports: list[int], ledger: Ledger, told: Told, seed: int, sat: Sat) -> None:
    """Start at one server, hand in at the other."""
    here = Participant(number, ports[0], ledger, told, Random(f"{seed}-{number}"))
    here.sign_in()
    asked = time.monotonic()
    code = here.start()
    started = time.monotonic()
    here.save(code, 1)
    time.sleep(0.2)
    there = here.elsewhere(Random(seed), ports[1])
    handing_in = time.monotonic()
    there.hand_in(code, 2)
    sat[code] = (handing_in - started, time.monotonic() - asked)


def _wrong(stored: Stored, sat: Sat) -> Iterator[str]:
    """Whose time is not what passed."""
    for code, (least, most) in sat.items():
        row = stored[code]
        if row.handed_in_at is None or row.ended_by != "person":
            yield f"{code} was ended by {row.ended_by}"
            continue
        lasted = row.handed_in_at - row.started_at
        if not timedelta(seconds=least) - ALLOWED <= lasted <= timedelta(seconds=most) + ALLOWED:
            yield f"{code} lasted {least:.2f} to {most:.2f} s, stored are {lasted.total_seconds():.2f} s"
        if row.deadline_at - row.started_at != timedelta(minutes=MINUTES):
            yield f"{code} may last {row.deadline_at - row.started_at}"
