"""Processes killed in the midst of their work: workers of the web server, the database's first process."""

from __future__ import annotations

import os
import signal
import time
from contextlib import suppress
from random import Random

from faults.running import Asked, Outcome, Stage, wait_for_ack

AT_ONCE = 8
EVERY = 0.2
RECOVERY = 10.0


def workers(stage: Stage, asked: Asked) -> Outcome:
    """A worker of the web server is killed (`kill -9`) every 200 ms while eight people sit."""
    dice, killed = Random(asked.seed), 0
    with stage.crowd(AT_ONCE, asked.seed) as crowd:
        while killed < asked.rounds and crowd.is_at_work and time.monotonic() < asked.until:
            time.sleep(EVERY)
            if found := stage.server.workers():
                with suppress(ProcessLookupError):
                    os.kill(dice.choice(found), signal.SIGKILL)
                    killed += 1
    return Outcome(figures={"workers killed": killed})


def postmaster(stage: Stage, asked: Asked) -> Outcome:
    """PostgreSQL's first process is killed (`kill -9`) and started again while eight people sit."""
    dice, waits = Random(asked.seed), []
    with stage.crowd(AT_ONCE, asked.seed) as crowd:
        for _ in asked.numbers():
            time.sleep(dice.uniform(0.5, 1.5))
            stage.base.kill()
            stage.base.start()
            waits.append(wait_for_ack(crowd, RECOVERY))
    late = [f"the service was not back {RECOVERY:.0f} s after its database" for wait in waits if wait >= RECOVERY]
    return Outcome(
        figures={"postmaster killed": len(waits), "back after s": round(max(waits, default=0), 2)}, wrong=late
    )
