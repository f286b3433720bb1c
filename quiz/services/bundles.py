"""The bundle of a publication: everything from which anyone recomputes the week, made once by the scheduler
(`docs/verification.md` §13).

It holds the keys of all the week's questions, so it waits until no other round can ask one of them. It is made of the
week as it was published; where something has changed before it could be made, only the next publication has one.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from quiz.contest.schedule import Division
from quiz.errors import Refused
from quiz.exports.bundle_zip import packed, readme
from quiz.models.commitments import DbCommitment, DbVerifier
from quiz.models.contests import DbWeek
from quiz.models.publication_files import BUNDLE, DbPublicationFile
from quiz.models.results import DbPublication
from quiz.models.seals import DbBatch
from quiz.questions.bank import Question
from quiz.services import (
    Transaction,
    awarding,
    bundle_decisions,
    contests,
    insert_or_leave,
    lot_ties,
    marking,
    publication_history,
    reading,
    receipts,
    result_rows,
    results,
    rulings_in_force,
    sealing,
    transaction,
)
from quiz.services.contests import StoredContest, StoredWeek
from quiz.services.published import Publication, read_publication
from quiz.services.receipts import RECORDS
from quiz.services.struck import struck_people
from quiz.verification import chain, questions, records, rules
from quiz.verification.assembling import Published, assemble
from quiz.verification.chain import AuditHead
from quiz.verification.results import Ranked

Json = dict[str, Any]


def make_missing(now: Callable[[], datetime]) -> int:
    """Make the bundles that are missing and may be made, of the newest publication of each week; how many."""
    made = 0
    for publication_id in _waiting(reading()):
        session = reading()
        row = session.get_one(DbPublication, publication_id)
        week = contests.get_week_by_id(session, row.week_id)
        content = None
        if waits_for(session, week, now()) is None and is_as_published(session, week, read_publication(row)):
            content = packed(assemble(gather(session, week, read_publication(row))))
        session.rollback()
        if content is not None:
            with transaction() as writing:
                _keep(writing, publication_id, content, now())
            made += 1
    return made


def name_of(week: int) -> str:
    """What the file of a week is called."""
    return f"ket-qua-tuan-{week}.zip"


def bundle(session: Transaction, contest: StoredContest, week: int, number: int) -> tuple[bytes, str]:
    """The bundle of a publication and its SHA-256; raises Refused: publication_missing, bundle_not_made."""
    found = next((each for each in publication_history.issues(session, contest, week) if each.number == number), None)
    if found is None:
        raise Refused("publication_missing")
    row = session.get(DbPublicationFile, (found.id, BUNDLE))
    if row is None:
        raise Refused("bundle_not_made")
    return row.content, row.digest


def waits_for(session: Transaction, week: StoredWeek, now: datetime) -> StoredWeek | None:
    """The last round that can still ask one of the week's questions, whose keys the bundle holds; or None."""
    divisions = week.contest.rules.all_divisions

    def texts(of: StoredWeek) -> set[str]:
        return {question.text for division in divisions for question in _pool(session, of, division)}

    others = [other for other in contests.rounds(session, week.contest) if other.id != week.id]
    to_come = sorted(
        (other for other in others if not other.contest.rules.is_over(other.week, now)),
        key=lambda other: other.week.closes_at,
    )
    own = texts(week) if to_come else set()
    return next((other for other in reversed(to_come) if own & texts(other)), None)


def is_as_published(session: Transaction, week: StoredWeek, publication: Publication) -> bool:
    """Whether the week still gives what was published of it."""
    if week.commitment is None or week.marked_at is None or not sealing.is_finished(session, week):
        return False
    found = results.provisional(session, week)
    given = [
        (one.division.code, [(won.prize, won.ranked.name, won.ranked.agency) for won in one.winners])
        for one in found.divisions
    ]
    published = [
        (one.code, [(won.prize, won.name, won.agency) for won in one.winners]) for one in publication.divisions
    ]
    if given != published or rulings_in_force.in_public(session, week) != publication.rulings:
        return False
    return lot_ties.published(session, week) == publication.lot


def gather(session: Transaction, week: StoredWeek, publication: Publication) -> Published:
    """Everything that the bundle is made of; raises Refused(keys_sealed)."""
    row = session.get_one(DbWeek, week.id)
    promised = session.scalars(
        select(DbCommitment).where(DbCommitment.week_id == week.id, DbCommitment.number == week.commitment)
    ).one()
    if row.question_secret is None:
        raise Refused("keys_sealed")
    secret, of_week = row.question_secret, rules.read(json.loads(promised.rules))
    sittings = receipts.sittings(session, week.id)
    batches = tuple(_batches(session, row))
    lines = {one.code: _line(session, week, one) for one in week.contest.rules.all_divisions}
    return Published(
        rules=of_week,
        commitment=promised.body,
        banks={
            name: [questions.written(one, name, secret) for one in held]
            for name, held in _questions(session, week).items()
        },
        records=_records(session, week),
        batches=batches,
        final=batches[-1]["head"],
        decisions=bundle_decisions.gather(session, week, lines),
        draw_seed=week.draw_seed,
        lot_seed=None if of_week.lot_event else week.lot_seed,
        lot_value=week.lot_value if of_week.lot_event else None,
        ranked=[_ranked(session, week, one, lines[one.code]) for one in week.contest.rules.all_divisions],
        moments=lambda code: records.moment(sittings[code], week.record_secret),
        registered=lambda code: records.registered(sittings[code], week.record_secret),
        publication=publication.number,
        published_at=publication.published_at,
        verifiers=_verifiers(session, promised.body),
        readme=readme(week.name, week.contest.rules.title, name_of(week.week.number)),
    )


def _waiting(session: Transaction) -> Sequence[int]:
    made = select(DbPublicationFile.publication_id).where(DbPublicationFile.kind == BUNDLE)
    rows = session.execute(select(DbPublication.id, DbPublication.week_id).order_by(DbPublication.number)).all()
    newest = {row.week_id: row.id for row in rows}
    done = set(session.scalars(made))
    return [publication for publication in newest.values() if publication not in done]


def _questions(session: Transaction, week: StoredWeek) -> dict[str, tuple[Question, ...]]:
    """The questions of the week with their keys, by the name of the bank."""
    named = {week.contest.rules.paper_of(week.week, one.code).bank: one for one in week.contest.rules.all_divisions}
    return {name: contests.pool_with_keys(session, week, one.code) for name, one in named.items()}


def _pool(session: Transaction, week: StoredWeek, division: Division) -> Iterable[Question]:
    """The questions of a round; none where its bank is not loaded."""
    try:
        return contests.pool(session, week, division.code)
    except Refused:
        return ()


def _records(session: Transaction, week: StoredWeek) -> list[Json]:
    held = select(RECORDS.c.record).where(RECORDS.c.week_id == week.id).order_by(RECORDS.c.attempt_code)
    return [json.loads(record) for record in session.scalars(held)]


def _batches(session: Transaction, row: DbWeek) -> Iterator[Json]:
    seals: dict[int, list[str]] = {}
    for batch, seal in session.execute(select(RECORDS.c.batch, RECORDS.c.seal).where(RECORDS.c.week_id == row.id)):
        seals.setdefault(batch, []).append(seal)
    for one in session.scalars(select(DbBatch).where(DbBatch.week_id == row.id).order_by(DbBatch.number)):
        stood = AuditHead(count=one.audit_count, head=one.audit_head)
        salt = sealing.batch_salt(row, one.number)
        sealed = chain.batch(one.number, rules.moment(one.sealed_at), stood, salt, seals.get(one.number, []))
        yield sealed | {"head": one.head}


def _line(session: Transaction, week: StoredWeek, division: Division) -> awarding.Line:
    found = awarding.lines(session, week.contest, division, struck_people(session, week.contest))
    return found.weeks[week.week.number]


def _ranked(session: Transaction, week: StoredWeek, division: Division, line: awarding.Line) -> Ranked:
    return Ranked(
        code=division.code,
        chain=line.chain,
        standings=result_rows.standings(session, week, division),
        tally=marking.tallies_of(session, week)[division.code],
        target=line.facts.target,
        awards=line.awards,
    )


def _verifiers(session: Transaction, commitment: bytes) -> dict[str, bytes]:
    return {
        one["name"]: session.get_one(DbVerifier, one["sha256"]).content for one in json.loads(commitment)["verifiers"]
    }


def _keep(session: Transaction, publication_id: int, content: bytes, now: datetime) -> None:
    """Two schedulers may have made it; the first stays."""
    connection = session.connection()
    digest = hashlib.sha256(content).hexdigest()
    made = {"publication_id": publication_id, "kind": BUNDLE, "content": content, "digest": digest, "made_at": now}
    connection.execute(insert_or_leave(connection, DbPublicationFile), made)
