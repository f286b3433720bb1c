"""Whether the database still holds every head that was told outside: where an older copy was restored, it does not.

What is lost is found by the scheduler before it seals or marks anything, and written into the audit log; until somebody
has accepted it there, nothing is sealed, ranked or published (ADR 20). The log is all that is kept of this.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import Connection, and_, func, select

from quiz.contest.due import Due, Urgency
from quiz.errors import N_, Refused
from quiz.heads_file import HeadsFile, Noted
from quiz.models.audit import DbAuditEntry, DbAuditHead
from quiz.models.contests import DbContest, DbWeek
from quiz.models.seals import DbBatch
from quiz.services import SYSTEM, Actor, Transaction, audit, reading, transaction
from quiz.services.today_desk import Desk

AUDIT = "audit"
"""The chain of the audit log; that of a week is called by its contest and number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Loss:
    """A chain that had come further than the database knows: `reached` links with this `head`, of which `stands` are
    still there.
    """

    chain: str
    reached: int
    head: str
    stands: int

    @property
    def missing(self) -> int:
        """How many links are gone: batches of a week, or acts."""
        return self.reached - self.stands

    @property
    def words(self) -> str:
        """What is missing, for the console."""
        what = "hành động trong nhật ký" if self.chain == AUDIT else f"lô niêm phong của tuần {self.chain}"
        return f"thiếu {self.missing} {what} (số {self.stands + 1}–{self.reached})"


def heads(connection: Connection) -> dict[str, Noted]:
    """How far each chain has come in this database."""
    newest = select(DbBatch.week_id, func.max(DbBatch.number).label("number")).group_by(DbBatch.week_id).subquery()
    weeks = (
        select(DbContest.slug, DbWeek.number.label("week"), DbBatch.number, DbBatch.head)
        .join(newest, and_(newest.c.week_id == DbBatch.week_id, newest.c.number == DbBatch.number))
        .join(DbWeek, DbWeek.id == DbBatch.week_id)
        .join(DbContest, DbContest.id == DbWeek.contest_id)
    )
    found = [Noted(f"{row.slug}/{row.week}", row.number, row.head) for row in connection.execute(weeks)]
    acts = connection.execute(select(DbAuditHead.count, DbAuditHead.link).where(DbAuditHead.count > 0))
    found += [Noted(AUDIT, *row) for row in acts]
    return {one.chain: one for one in found}


def unaccepted(session: Transaction) -> tuple[Loss, ...]:
    """What was found to be lost and nobody has accepted yet."""
    return tuple(loss for loss, is_accepted in _found(session).values() if not is_accepted)


def check(session: Transaction) -> None:
    """Raises Refused(heads_missing) while something is lost that nobody has accepted."""
    if losses := unaccepted(session):
        batches, acts = _missing(losses)
        raise Refused("heads_missing", batches=batches, acts=acts)


def look(file: HeadsFile, now: datetime) -> tuple[Loss, ...]:
    """Compare the database with what was noted outside, and write down what is newly found to be lost."""
    known = file.read()
    reading().rollback()  # a transaction of the embedded database that began earlier would not see what was just noted
    found = _found(reading())
    lost = [noted for noted in known.values() if not _holds(reading(), noted[-1])]
    new = [_loss(reading(), noted) for noted in lost if (noted[-1].chain, noted[-1].head) not in found]
    if new:
        with transaction() as session:
            for loss in new:
                audit.record(session, audit.Act.FIND_LOSS, SYSTEM, now, **asdict(loss))
    return tuple(new)


def note(file: HeadsFile) -> None:
    """Note outside how far each chain has come, but for those of which something is lost and not accepted."""
    known, stopped = file.read(), {one.chain for one in unaccepted(reading())}
    held = heads(reading().connection())
    file.add(one for chain, one in held.items() if chain not in stopped and _last(known, chain) != one)


def accept(session: Transaction, number: str, reason: str, actor: Actor, now: datetime) -> tuple[Loss, ...]:
    """Go on without what is lost, by a decision of the organisers with this number; what was accepted.

    Raises Refused: reason_missing, reason_long.
    """
    number, reason = audit.checked_reason(number), audit.checked_reason(reason)
    losses = unaccepted(session)
    for loss in losses:
        facts = asdict(loss) | {"decision": number}
        audit.record(session, audit.Act.ACCEPT_LOSS, actor, now, reason=reason, **facts)
    return losses


def waiting(session: Transaction, _desk: Desk) -> Iterator[Due]:
    """Lost heads stop everything that has results."""
    if losses := unaccepted(session):
        batches, acts = _missing(losses)
        words = N_(
            "Cơ sở dữ liệu cũ hơn những gì đã công bố, thiếu %(batches)s lô niêm phong và %(acts)s hành động trong "
            "nhật ký: có thể đã phục hồi bản sao lưu cũ. Chưa niêm phong, chấm, công bố được. Hãy phục hồi bản mới "
            "hơn, hoặc chạy flask heads trên máy chủ."
        )
        yield Due(words=words, facts={"batches": batches, "acts": acts}, urgency=Urgency.NOW, page="monitor.page")


def _missing(losses: Sequence[Loss]) -> tuple[int, int]:
    """How many batches and how many acts are gone."""
    acts = sum(one.missing for one in losses if one.chain == AUDIT)
    return sum(one.missing for one in losses) - acts, acts


def _found(session: Transaction) -> dict[tuple[str, str], tuple[Loss, bool]]:
    """Every loss that was ever found in this database by its chain and head, and whether it was accepted."""
    acts = (audit.Act.FIND_LOSS, audit.Act.ACCEPT_LOSS)
    entries = select(DbAuditEntry.act, DbAuditEntry.facts).where(DbAuditEntry.act.in_(acts)).order_by(DbAuditEntry.id)
    found = {}
    for row in session.execute(entries):
        facts = json.loads(row.facts)
        loss = Loss(**{name: facts[name] for name in Loss.__slots__})
        found[loss.chain, loss.head] = loss, row.act == audit.Act.ACCEPT_LOSS
    return found


def _holds(session: Transaction, noted: Noted) -> bool:
    """Whether this head is one of the chain in this database."""
    if noted.chain == AUDIT:
        return session.scalar(select(DbAuditEntry.link).where(DbAuditEntry.id == noted.number)) == noted.head
    slug, _, week = noted.chain.rpartition("/")
    head = (
        select(DbBatch.head)
        .join(DbWeek, DbWeek.id == DbBatch.week_id)
        .join(DbContest, DbContest.id == DbWeek.contest_id)
        .where(DbContest.slug == slug, DbWeek.number == int(week), DbBatch.number == noted.number)
    )
    return session.scalar(head) == noted.head


def _loss(session: Transaction, noted: Sequence[Noted]) -> Loss:
    """What is lost of a chain: everything after the last that was noted and is still there."""
    stands = next((one.number for one in reversed(noted) if _holds(session, one)), 0)
    return Loss(chain=noted[-1].chain, reached=noted[-1].number, head=noted[-1].head, stands=stands)


def _last(known: Mapping[str, Sequence[Noted]], chain: str) -> Noted | None:
    return known[chain][-1] if chain in known else None
