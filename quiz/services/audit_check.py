"""The whole audit log checked entry by entry, from the database or from a copy, and what to say of it."""

from __future__ import annotations

import json
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import asdict, replace
from datetime import datetime, timedelta

from sqlalchemy import select

from quiz.errors import N_
from quiz.models.audit import DbAuditCheck, DbAuditEntry
from quiz.services import Transaction, audit_links, reading, transaction
from quiz.verification.audit_chain import Chained, Fault, Head, Verdict, check, moment
from quiz.verification.canonical import canonical

EVERY = timedelta(days=1)
WORDS: dict[Fault, str] = {
    Fault.CHANGED: N_("Mục %(number)s đã bị sửa: thời điểm, người làm, việc hoặc mã của mục không khớp chuỗi."),
    Fault.CHANGED_FACTS: N_("Mục %(number)s đã bị sửa: mã người làm, dữ kiện hoặc lý do không khớp mã đã ghi."),
    Fault.MISSING: N_("Thiếu mục %(number)s: mục này đã bị xóa khỏi nhật ký."),
    Fault.REORDERED: N_("Từ mục %(number)s, các mục đã bị đổi thứ tự."),
    Fault.INSERTED: N_("Mục %(number)s đã bị chèn thêm vào nhật ký."),
    Fault.CUT: N_("Thiếu các mục từ số %(number)s: phần cuối nhật ký đã bị cắt."),
    Fault.REWRITTEN: N_(
        "Mã tại mục %(number)s khác mã đã ghi lại trước đây: nhật ký đã bị viết lại từ mục này trở về trước."
    ),
    Fault.ERASED_UNSAID: N_("Mục %(number)s bị đánh dấu đã xóa dữ liệu mà không có hành động xóa nào ghi."),
    Fault.NOT_ERASED: N_("Mục %(number)s đã được ghi là xóa dữ liệu nhưng dữ liệu vẫn còn hoặc mục không còn."),
}
"""What each fault is called, with the number of the first entry that it concerns."""


def entries(session: Transaction) -> Generator[Chained]:
    """Every entry in order, a few thousand in memory at a time."""
    row = DbAuditEntry
    columns = (row.id, row.at, row.actor_id, row.who, row.act, row.facts, row.reason, row.salt, row.facts_hash)
    query = select(*columns, row.link, row.erased).order_by(row.id).execution_options(yield_per=2000)
    with session.execute(query) as found:
        for number, at, actor, who, act, facts, reason, salt, facts_hash, link, erased in found:
            yield Chained(
                number=number,
                at=moment(at),
                actor=actor,
                who=who,
                act=act,
                facts=facts,
                reason=reason,
                salt=salt,
                facts_hash=facts_hash,
                link=link,
                erased=erased,
            )


def verify(session: Transaction, heads: Sequence[Head] = ()) -> Verdict:
    """Check the log of this database against its own head, the heads of earlier checks, and those held outside."""
    earlier = session.execute(select(DbAuditCheck.count, DbAuditCheck.link).where(DbAuditCheck.fault.is_(None)))
    noted = [*heads, *(Head(*row) for row in earlier), audit_links.head(session)]
    with closing(entries(session)) as walk:
        verdict = check(walk, noted)
    committed = audit_links.head(session).count
    if verdict.fault is None and verdict.count > committed:
        return replace(verdict, fault=Fault.INSERTED, number=committed + 1)
    return verdict


def verify_daily(now: datetime) -> None:
    """Check the whole log once a day, and write down what was found, unless another scheduler has meanwhile."""
    if not _is_due(reading(), now):
        return
    verdict = verify(reading())
    with transaction() as session:
        audit_links.hold(session)
        if _is_due(session, now):
            session.add(
                DbAuditCheck(at=now, count=verdict.count, link=verdict.link, fault=verdict.fault, number=verdict.number)
            )


def _is_due(session: Transaction, now: datetime) -> bool:
    last = latest(session)
    return last is None or now - last.at >= EVERY


def latest(session: Transaction) -> DbAuditCheck | None:
    """The last of the daily checks."""
    return session.scalars(select(DbAuditCheck).order_by(DbAuditCheck.id.desc()).limit(1)).first()


def to_line(entry: Chained) -> bytes:
    """An entry as one line of an exported copy."""
    return json.dumps(asdict(entry), ensure_ascii=False).encode() + b"\n"


def from_lines(lines: Iterable[bytes]) -> Iterator[Chained]:
    """The entries of an exported copy; ValueError with the number of a line that is none."""
    for number, line in enumerate(lines, 1):
        try:
            read = json.loads(line.decode())
            canonical(read)
            entry = Chained(**read)
        except (ValueError, TypeError):
            raise ValueError(number) from None
        if not isinstance(entry.number, int):
            raise ValueError(number)
        yield entry
