"""Processes killed in the midst of their work: workers of the web server, the database's first process."""

from __future__ import annotations

import os
import signal
import time
from contextlib import suppress
from random import Random

from faults.ledger import Ledger
from faults.people import Crowd
from faults.running import Asked, Outcome, database, outcome, wait_for_ack
from faults.scene import lay_out
from faults.serving import serving

PEOPLE, AT_ONCE = 3000, 8
EVERY = 0.2
RECOVERY = 10.0


def workers(asked: Asked) -> Outcome:
    """A worker of the web server is killed (`kill -9`) every 200 ms while eight people sit."""
    dice, killed = Random(asked.seed), 0
    with database(asked) as base:
        scene = lay_out(base.url, asked.folder, PEOPLE)
        with (
            Ledger(asked.folder / "acks") as ledger,
            serving(scene, asked.folder, killable=True) as server,
            Crowd(server.port, ledger, PEOPLE, AT_ONCE, asked.seed) as crowd,
        ):
            while killed < asked.rounds and crowd.is_at_work and time.monotonic() < asked.until:
                time.sleep(EVERY)
                if found := server.workers():
                    with suppress(ProcessLookupError):
                        os.kill(dice.choice(found), signal.SIGKILL)
                        killed += 1
            crowd.stop()
            return outcome(scene, ledger, crowd.told, kills=killed)


def postmaster(asked: Asked) -> Outcome:
    """PostgreSQL's first process is killed (`kill -9`) and started again while eight people sit."""
    dice, waits = Random(asked.seed), []
    with database(asked) as base:
        scene = lay_out(base.url, asked.folder, PEOPLE)
        with (
            Ledger(asked.folder / "acks") as ledger,
            serving(scene, asked.folder) as server,
            Crowd(server.port, ledger, PEOPLE, AT_ONCE, asked.seed) as crowd,
        ):
            for _ in asked.numbers():
                time.sleep(dice.uniform(0.5, 1.5))
                base.kill()
                base.start()
                waits.append(wait_for_ack(crowd, RECOVERY))
            crowd.stop()
            told = outcome(scene, ledger, crowd.told, kills=len(waits), **{"back after s": round(max(waits), 2)})
    late = [f"the service was not back {RECOVERY:.0f} s after its database" for wait in waits if wait >= RECOVERY]
    return Outcome(figures=told.figures, wrong=[*late, *told.wrong])
