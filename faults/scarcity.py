"""What the database needs is missing for a while: room on its disk, or the database itself."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Sequence
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
    """The disk of the database fills up while eight people sit, then there is room; that of SQLite nearly, besides."""
    if os.geteuid() != 0:
        raise Skipped("needs root, to mount a small disk")
    with memory_disk(asked.folder, ROOM[asked.database]) as place, Ledger(asked.folder / "acks") as ledger:
        base, told = _database(asked, place), Told()
        base.start()
        try:
            scene = lay_out(base.url, asked.folder, PEOPLE)
            with serving(scene, asked.folder) as server:
                people = iter(range(PEOPLE))
                stage = Stage(base=base, scene=scene, server=server, ledger=ledger, told=told, people=people)
                filled = _fills_up(stage, asked, place)
                wrong = [*filled.wrong, *(_nearly_fills_up(stage, asked, place) if base.name == "sqlite" else ())]
            found = outcome(scene, ledger, told, **filled.figures)
        finally:
            base.stop()
    return Outcome(figures=found.figures, wrong=[*wrong, *found.wrong])


def _fills_up(stage: Stage, asked: Asked, place: Path) -> Outcome:
    reader = _somebody(stage, asked)
    wrong, times, stopped = list[str](), 0, 0
    for _ in asked.numbers():
        with stage.crowd(AT_ONCE, asked.seed) as crowd:
            wait_for_ack(crowd, PATIENCE)
            _fill(place)
            wrong += _until_noticed(crowd)
            wrong += _while_full(reader, READ if stage.base.name == "sqlite" else ())
            _empty(place)
            stopped += _started_again(stage.base)
            if wait_for_ack(crowd, PATIENCE) >= PATIENCE:
                wrong.append("nothing is acknowledged although there is room again")
        times += 1
    return Outcome(figures={"times full": times, "PostgreSQL stopped": stopped}, wrong=wrong)


def _nearly_fills_up(stage: Stage, asked: Asked, place: Path) -> Iterator[str]:
    """Nobody starts, and who sits goes on to the end; then somebody starts."""
    late, sitting = _somebody(stage, asked), _somebody(stage, asked)
    code = sitting.start()
    _fill(place, NEARLY)
    time.sleep(LOOKED_AT_EVERY)
    answer = late.try_to_start()
    if answer.status != 503 or NO_ROOM not in answer.text:
        yield f"the disk is nearly full, and who starts is answered {answer.status}"
    for seq in range(1, 4):
        sitting.save(code, seq)
    sitting.hand_in(code, 4)
    _empty(place)
    late.sit()


def _somebody(stage: Stage, asked: Asked) -> Participant:
    one = Participant(next(stage.people), stage.server.port, stage.ledger, stage.told, Random(asked.seed))
    one.sign_in()
    return one


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


def _while_full(reader: Participant, paths: Sequence[str]) -> Iterator[str]:
    """Everybody can read all the while where the database is a file; a server may stop."""
    ends = time.monotonic() + FULL_FOR
    while time.monotonic() < ends:
        for path in paths:
            if (answer := reader.anew("GET", path)).status != 200:
                yield f"{path} answers {answer.status} while the disk is full"
        time.sleep(BESIDE)


def _until_noticed(crowd: Crowd) -> Iterator[str]:
    """What the database had taken for its log before may still be filled and acknowledged; then writes are refused."""
    errors, ends = crowd.told.errors, time.monotonic() + PATIENCE
    while crowd.told.errors == errors:
        if time.monotonic() > ends:
            yield "nobody noticed that the disk is full"
            return
        time.sleep(BESIDE)


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
