"""What must be true after every fault: the seven invariants, and that no acknowledgement and no receipt was broken.

I1 what was acknowledged is stored, and each receipt holds; I2 nobody has more attempts than the rules allow; I3 an
attempt is handed in once; I4 it began while the week was open and is not counted longer than allowed; I5 each hand-in
is in exactly one sealed batch, and the chain holds; I6 the ranking is what anybody computes from the bundle, and nobody
is ranked twice; I7 an agency has no more participants than people.
"""

from __future__ import annotations

import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any

from sqlalchemy import Row, func, select
from sqlalchemy.exc import SQLAlchemyError

from faults.ledger import Ack
from faults.scene import GRACE, MINUTE, MINUTES, ORGANISER, TRIES, Scene, staff_code
from quiz.errors import Refused
from quiz.key_file import KeyFile
from quiz.models.contests import DbWeek
from quiz.models.people import DbPerson
from quiz.models.publication_files import BUNDLE, DbPublicationFile
from quiz.models.results import DbPublication, DbStanding
from quiz.models.seals import DbBatch, DbSealedRecord
from quiz.services import (
    Actor,
    bundles,
    commitment_making,
    contests,
    key_sealing,
    marking,
    publishing,
    reading,
    receipts,
    sealing,
    transaction,
    turnout,
)
from quiz.services.attempt_statements import ATTEMPTS
from quiz.verification import records
from quiz.verification.checks import verify

Stored = dict[str, Row[tuple[Any, ...]]]
MOST_TOLD = 5


@dataclass(slots=True)
class Acked:
    """What the log says of one attempt: who started it, the newest sheet, the one handed in, the seals of receipts."""

    person: int | None = None
    seq: int = 0
    answers: list[str] = field(default_factory=list)
    is_handed_in: bool = False
    seals: set[str] = field(default_factory=set)


def check(scene: Scene, acks: Sequence[Ack]) -> list[str]:
    """What is not as it must be; the week is ended and published for that. Needs an application."""
    stored = stored_now()
    wrong = [*_lost(stored, acks), *_against_the_rules(scene, stored.values())]
    now = scene.closes + GRACE + MINUTE
    try:
        end_week(scene, now)
    except (LookupError, ValueError, Refused, SQLAlchemyError) as error:
        wrong.append(f"I6: the week cannot be ended: {error!r}")
    stored = stored_now()
    return [
        *wrong,
        *_lost(stored, acks),
        *_against_the_rules(scene, stored.values()),
        *_unsealed(stored),
        *_broken_receipts(acks),
        *_wrong_bundle(now),
        *_overfull(now),
    ]


def check_quickly(scene: Scene, acks: Sequence[Ack]) -> list[str]:
    """The same for what was cut off just now, without ending the week: I1 to I4. Needs an application."""
    stored = stored_now()
    return [*_lost(stored, acks), *_against_the_rules(scene, stored.values())]


def lost(acks: Sequence[Ack]) -> int:
    """How many acknowledged starts, saves and hand-ins are not stored. Needs an application."""
    stored = stored_now()
    return sum(not _is_stored(stored.get(ack["code"]), ack) for ack in acks if ack["act"] != "receipt")


def _is_stored(row: Row[tuple[Any, ...]] | None, ack: Ack) -> bool:
    """Whether this is stored, or what came after it."""
    return row is not None and row.seq >= ack.get("seq", 0) and (ack["act"] != "hand_in" or row.ended_by == "person")


def stored_now() -> Stored:
    """Every attempt by its code, with the staff code of whose it is."""
    reading().rollback()
    owned = select(ATTEMPTS, DbPerson.staff_code).join(DbPerson, DbPerson.id == ATTEMPTS.c.person_id)
    return {row.code: row for row in reading().connection().execute(owned)}


def of_attempts(acks: Iterable[Ack]) -> dict[str, Acked]:
    """What was acknowledged, attempt by attempt."""
    found: dict[str, Acked] = {}
    for ack in acks:
        one = found.setdefault(ack["code"], Acked())
        if ack["act"] == "start":
            one.person = ack["person"]
        elif ack["act"] == "receipt":
            one.seals.add(ack["seal"])
        elif ack["seq"] >= one.seq:
            one.seq, one.answers = ack["seq"], ack["answers"]
        one.is_handed_in |= ack["act"] == "hand_in"
    return found


def end_week(scene: Scene, now: datetime) -> None:
    """What scheduler and organiser do when a week is over: seal, open the keys, mark, publish, make the bundle."""
    sealer = KeyFile(scene.seal_key)
    sealing.seal_due(now)
    with transaction() as session:
        key_sealing.open_due(session, sealer, now)
    with transaction() as session:
        commitment_making.open_secrets(session, sealer, now)
    with transaction() as session:
        week = contests.get_week(session, contests.get_current(session), 1)
        marking.mark_week(session, week, now)
    publish(now)
    bundles.make_missing(lambda: now)


def publish(now: datetime) -> None:
    """What the organiser does with a marked week that is not published yet. Needs an application."""
    if reading().scalar(select(func.count()).select_from(DbPublication)):
        return
    organiser = Actor(reading().scalars(select(DbPerson.id).where(DbPerson.staff_code == ORGANISER)).one())
    with transaction(organiser) as session:
        week = contests.get_week(session, contests.get_current(session), 1)
        seen = publishing.draft(session, week, now).digest
        publishing.publish(session, week, seen, "", organiser, now)


def _lost(stored: Stored, acks: Iterable[Ack]) -> Iterator[str]:
    """I1: what was acknowledged is stored; a sheet that came after it is no loss."""
    for code, acked in of_attempts(acks).items():
        row = stored.get(code)
        if row is None:
            yield f"I1: attempt {code} was acknowledged and is gone"
        elif acked.person is not None and row.staff_code != staff_code(acked.person):
            yield f"I1: attempt {code} belongs to somebody else"
        elif row.seq < acked.seq or (row.seq == acked.seq and acked.answers and row.answers != _as_stored(acked)):
            yield f"I1: sheet {acked.seq} of {code} was acknowledged, sheet {row.seq} is stored"
        elif acked.is_handed_in and (row.ended_by, row.seq) != ("person", acked.seq):
            yield f"I1: {code} was handed in with sheet {acked.seq}, and is not"


def _as_stored(acked: Acked) -> str:
    return "[" + ", ".join(f'"{letter}"' for letter in acked.answers) + "]"


def _against_the_rules(scene: Scene, stored: Iterable[Row[tuple[Any, ...]]]) -> Iterator[str]:
    """I2 to I4; that an attempt has one row, and a row one hand-in, is what a second receipt would contradict."""
    rows, allowed = list(stored), timedelta(minutes=MINUTES)
    for person, count in Counter(row.person_id for row in rows).items():
        if count > TRIES:
            yield f"I2: person {person} has {count} attempts"
    for row in rows:
        if not scene.opens <= row.started_at < scene.closes:
            yield f"I4: {row.code} began at {row.started_at}"
        ended = min(row.handed_in_at or row.started_at, row.deadline_at)
        if not timedelta(0) <= ended - row.started_at <= allowed or row.deadline_at > scene.closes:
            yield f"I4: {row.code} lasted {ended - row.started_at}"
        if row.handed_in_at and row.handed_in_at > row.accept_until:
            yield f"I4: {row.code} was handed in after the grace"


def _unsealed(stored: Stored) -> Iterator[str]:
    """I5: each attempt that has ended has one record of what is stored, in a batch that exists."""
    secrets = dict(reading().execute(select(DbWeek.id, DbWeek.record_secret)).all())
    batches = set(reading().execute(select(DbBatch.week_id, DbBatch.number)).all())
    sealed = {row.attempt_code: row for row in reading().scalars(select(DbSealedRecord))}
    for row in stored.values():
        record = sealed.pop(row.code, None)
        if record is None or (record.week_id, record.batch) not in batches:
            yield f"I5: {row.code} is in no batch"
        elif record.record != receipts.record_of(row, secrets[row.week_id]):
            yield f"I5: the record of {row.code} is not what is stored"
    for code in sealed:
        yield f"I5: {code} is sealed and is no attempt"


def _broken_receipts(acks: Iterable[Ack]) -> Iterator[str]:
    """I1 and I3: every receipt shown of an attempt is the same, and is what was sealed."""
    sealed = {row.attempt_code: records.short(row.seal) for row in reading().scalars(select(DbSealedRecord))}
    for code, acked in of_attempts(acks).items():
        if acked.seals and acked.seals != {sealed.get(code)}:
            yield f"I3: {code} was shown {sorted(acked.seals)}, sealed is {sealed.get(code)}"


def _wrong_bundle(now: datetime) -> Iterator[str]:
    """I5 and I6: the verifier finds nothing wrong, and nobody is ranked twice."""
    content = reading().scalar(select(DbPublicationFile.content).where(DbPublicationFile.kind == BUNDLE))
    if content is None:
        week = contests.get_week(reading(), contests.get_current(reading()), 1)
        yield f"I6: there is no bundle (it waits for {bundles.waits_for(reading(), week, now)})"
        return
    with zipfile.ZipFile(BytesIO(content)) as packed:
        files = {name: packed.read(name) for name in packed.namelist()}
    for done in verify(files):
        yield from (f"I6: {done.name}: {fault.en}" for fault in done.faults)
    places = reading().execute(select(DbStanding.division, DbStanding.person_id)).all()
    yield from (f"I6: {place} is ranked {count} times" for place, count in Counter(places).items() if count > 1)


def _overfull(now: datetime) -> Iterator[str]:
    """I7: no agency has more participants than people."""
    week = contests.get_week(reading(), contests.get_current(reading()), 1)
    for row in turnout.of_week(reading(), week, now):
        own = row.own
        if own.people > own.headcount or (own.rate is not None and own.rate > 1):
            yield f"I7: {row.code} has {own.people} participants of {own.headcount}"
