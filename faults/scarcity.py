"""What the database needs is missing for a while: room on its disk, or the database itself."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random

from faults.databases import Database, PostgreSql, Sqlite
from faults.ledger import Ledger
from faults.people import Crowd, Participant, Told
from faults.power import memory_disk
from faults.running import Asked, Outcome, Skipped, Stage, outcome, wait_for_ack
from faults.scene import lay_out
from faults.serving import serving
from quiz.services.room import LOOKED_AT_EVERY

PEOPLE, AT_ONCE = 1000, 8
ROOM = {"sqlite": "64M", "postgresql": "192M"}
SMALL_LOG = "wal_recycle = off\nmin_wal_size = 2MB\nmax_wal_size = 8MB\n"
"""What PostgreSQL keeps for later is soon used up, so that its log, too, meets the full disk."""
CHUNK = 256 * 1024
NEARLY = 0.93
PATIENCE, FULL_FOR, BESIDE = 60.0, 2.0, 0.2
READ = ("/", "/the-le", "/thi")
NO_ROOM = "chưa nhận lượt thi mới"


def disk(asked: Asked) -> Outcome:
    """The disk of the database fills up while eight people sit; then there is room; then it is nearly full."""
    if os.geteuid() != 0:
        raise Skipped("needs root, to mount a small disk")
    wrong: list[str] = []
    stopped = 0
    with memory_disk(asked.folder, ROOM[asked.database]) as place, Ledger(asked.folder / "acks") as ledger:
        base, told = _database(asked, place), Told()
        base.start()
        scene = lay_out(base.url, asked.folder, PEOPLE)
        watched = {"QUIZ_DATABASE_DISK": str(place)}
        with serving(scene, asked.folder, watched) as server:
            people = iter(range(PEOPLE))
            late, sitting = (Participant(next(people), server.port, ledger, told, Random(asked.seed)) for _ in "ab")
            for one in (late, sitting):
                one.sign_in()
            for _ in asked.numbers():
                with Crowd(server.port, ledger, told, people, AT_ONCE, asked.seed) as crowd:
                    wait_for_ack(crowd, PATIENCE)
                    _fill(place)
                    wrong += _while_full(crowd, late) if asked.database == "sqlite" else _until_noticed(crowd)
                    _empty(place)
                    stopped += _started_again(base)
                    if wait_for_ack(crowd, PATIENCE) >= PATIENCE:
                        wrong.append("nothing is acknowledged although there is room again")
            code = sitting.start()
            _fill(place, NEARLY)
            time.sleep(LOOKED_AT_EVERY)
            answer = late.try_to_start()
            if answer.status != 503 or NO_ROOM not in answer.text:
                wrong.append(f"the disk is nearly full, and who starts is answered {answer.status}")
            for seq in range(1, 4):
                sitting.save(code, seq)
            sitting.hand_in(code, 4)
            _empty(place)
            late.sit()
        found = outcome(scene, ledger, told, **{"times full": asked.rounds, "PostgreSQL stopped": stopped})
        base.stop()
    return Outcome(figures=found.figures, wrong=[*wrong, *found.wrong])


def outage(stage: Stage, asked: Asked) -> Outcome:
    """PostgreSQL is away while eight people sit, a second for each round: they are told when to ask again."""
    with stage.crowd(AT_ONCE, asked.seed) as crowd:
        wait_for_ack(crowd, PATIENCE)
        stage.base.stop()
        time.sleep(asked.rounds)
        stage.base.start()
        back = wait_for_ack(crowd, PATIENCE)
    late = [] if back < PATIENCE else ["the service is not back"]
    return Outcome(figures={"away s": asked.rounds, "back from outage after s": round(back, 2)}, wrong=late)


def _database(asked: Asked, place: Path) -> Database:
    if asked.database == "sqlite":
        return Sqlite(place)
    return PostgreSql(place, SMALL_LOG, socket=asked.folder, segments_mb=1)


def _started_again(base: Database) -> bool:
    """PostgreSQL stops where its log finds no room; then its operator starts it."""
    if base.name == "sqlite" or base.is_running():
        return False
    base.start()
    return True


def _while_full(crowd: Crowd, reader: Participant) -> Iterator[str]:
    """Nobody is told that anything was kept, whoever writes is told that it was not, and everybody can read."""
    time.sleep(1)  # what was under way is answered
    acked, errors, ends = crowd.told.kept, crowd.told.errors, time.monotonic() + FULL_FOR
    while time.monotonic() < ends:
        for path in READ:
            if (answer := reader.once("GET", path)).status != 200:
                yield f"{path} answers {answer.status} while the disk is full"
        time.sleep(BESIDE)
    if crowd.told.errors == errors:
        yield "nobody noticed that the disk is full"
    if crowd.told.kept > acked:
        yield f"{crowd.told.kept - acked} writes were acknowledged while the disk was full"


def _until_noticed(crowd: Crowd) -> Iterator[str]:
    """What PostgreSQL has room for it may keep and acknowledge; then it refuses, or stops."""
    errors, ends = crowd.told.errors, time.monotonic() + PATIENCE
    while crowd.told.errors == errors:
        if time.monotonic() > ends:
            yield "nobody noticed that the disk is full"
            return
        time.sleep(BESIDE)
    time.sleep(FULL_FOR)


def _fill(place: Path, full: float = 1.0) -> None:
    """Take all the room that is left, or so much that the disk is so full."""
    room = os.statvfs(place)
    wanted = int((room.f_bavail - room.f_blocks * (1 - full)) * room.f_frsize)
    with (place / "filler").open("wb", buffering=0) as filler:
        try:
            while wanted > 0 and (written := filler.write(bytes(min(CHUNK, wanted)))):
                wanted -= written
            while full == 1.0 and filler.write(bytes(1)):
                pass
        except OSError:
            return


def _empty(place: Path) -> None:
    (place / "filler").unlink()
