"""What the database needs is missing for a while: room on its disk, or the database itself."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random

from faults.databases import Sqlite
from faults.ledger import Ledger
from faults.people import Crowd, Participant, Told
from faults.power import memory_disk, run
from faults.running import Asked, Outcome, Skipped, database, outcome, wait_for_ack
from faults.scene import lay_out
from faults.serving import serving

PEOPLE, AT_ONCE = 1000, 8
ROOM, MORE_ROOM = "64M", "128M"
LEFT = 256 * 1024
PATIENCE, FULL_FOR = 60.0, 5.0
READ = ("/", "/the-le", "/thi")


def disk(asked: Asked) -> Outcome:
    """The disk of SQLite fills up while eight people sit: nothing is acknowledged, but read; then there is room."""
    if os.geteuid() != 0:
        raise Skipped("needs root, to mount a small disk")
    wrong: list[str] = []
    with memory_disk(asked.folder, ROOM) as place, Ledger(asked.folder / "acks") as ledger:
        scene = lay_out(Sqlite(place).url, asked.folder, PEOPLE)
        with serving(scene, asked.folder) as server:
            reader = Participant(PEOPLE - 1, server.port, ledger, Told(), Random(asked.seed))
            reader.sign_in()
            with Crowd(server.port, ledger, PEOPLE - 1, AT_ONCE, asked.seed) as crowd:
                for _ in asked.numbers():
                    wait_for_ack(crowd, PATIENCE)
                    _fill(place)
                    wrong += _while_full(crowd, reader)
                    run("mount", "-o", f"remount,size={MORE_ROOM}", str(place))
                    _empty(place)
                    if wait_for_ack(crowd, PATIENCE) >= PATIENCE:
                        wrong.append("nothing is acknowledged although there is room again")
                    run("mount", "-o", f"remount,size={ROOM}", str(place))
                crowd.stop()
            found = outcome(scene, ledger, crowd.told, **{"times full": asked.rounds})
    return Outcome(figures=found.figures, wrong=[*wrong, *found.wrong])


def outage(asked: Asked) -> Outcome:
    """PostgreSQL is away while eight people sit, a second for each round: they are told when to ask again."""
    with database(asked) as base:
        scene = lay_out(base.url, asked.folder, PEOPLE)
        with (
            Ledger(asked.folder / "acks") as ledger,
            serving(scene, asked.folder) as server,
            Crowd(server.port, ledger, PEOPLE, AT_ONCE, asked.seed) as crowd,
        ):
            wait_for_ack(crowd, PATIENCE)
            base.stop()
            time.sleep(asked.rounds)
            base.start()
            back = wait_for_ack(crowd, PATIENCE)
            crowd.stop()
            found = outcome(scene, ledger, crowd.told, **{"away s": asked.rounds, "back after s": round(back, 2)})
    late = [] if back < PATIENCE else ["the service is not back"]
    return Outcome(figures=found.figures, wrong=[*late, *found.wrong])


def _while_full(crowd: Crowd, reader: Participant) -> Iterator[str]:
    """Nobody is told that anything was kept, whoever writes is told that it was not, and everybody can read."""
    time.sleep(1)  # what was under way is answered
    acked, errors, ends = crowd.told.kept, crowd.told.errors, time.monotonic() + FULL_FOR
    while time.monotonic() < ends:
        for path in READ:
            if (answer := reader.once("GET", path)).status != 200:
                yield f"{path} answers {answer.status} while the disk is full"
        time.sleep(0.2)
    if crowd.told.errors == errors:
        yield "nobody noticed that the disk is full"
    if crowd.told.kept > acked:
        yield f"{crowd.told.kept - acked} writes were acknowledged while the disk was full"


def _fill(place: Path) -> None:
    """Take all the room that is left."""
    with (place / "filler").open("wb", buffering=0) as filler:
        try:
            while filler.write(bytes(LEFT)) == LEFT:
                pass
        except OSError:
            return


def _empty(place: Path) -> None:
    (place / "filler").unlink()
