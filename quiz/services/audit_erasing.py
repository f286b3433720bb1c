"""Personal data out of the audit log: the chain stays as it is, and an act says what is left of each entry."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import or_, select

from quiz.models.audit import DbAuditEntry
from quiz.services import Actor, Transaction, audit, audit_links
from quiz.vietnamese import without_marks

ERASED = "đã xóa"
WHO, REASON = "who", "reason"
"""What may be erased of an entry beside its facts."""


def mentions(session: Transaction, words: Collection[str]) -> dict[int, frozenset[str]]:
    """By entry: the facts, `who` or `reason` that hold any of these words, whatever the marks and capitals."""
    folded = [without_marks(each) for each in words if each.strip()]
    held = (DbAuditEntry.words.contains(each, autoescape=True) for each in folded)
    query = select(DbAuditEntry).where(
        or_(DbAuditEntry.who.in_(words), *held), DbAuditEntry.act != audit.Act.ERASE_FACTS
    )
    found = {}
    for row in session.scalars(query.order_by(DbAuditEntry.id)):
        parts = {**json.loads(row.facts), WHO: row.who, REASON: row.reason}
        found[row.id] = frozenset(name for name, text in parts.items() if _holds(str(text), folded))
    return found


def erase(session: Transaction, parts: Mapping[int, Collection[str]], reason: str, actor: Actor, now: datetime) -> None:
    """Put `đã xóa` for these facts, `who` or `reason` of these entries, with the salt that they were committed by.

    What is left is sealed anew, and named by the act. An entry may lose more later.
    """
    wanted = select(DbAuditEntry).where(DbAuditEntry.id.in_(parts)).order_by(DbAuditEntry.id)
    left = {}
    for row in session.scalars(wanted.with_for_update().execution_options(populate_existing=True)):
        if row.act == audit.Act.ERASE_FACTS:
            raise ValueError("what an erasure says cannot be erased")
        gone = parts[row.id]
        facts = {name: ERASED if name in gone else kept for name, kept in json.loads(row.facts).items()}
        row.facts = json.dumps(facts, ensure_ascii=False, sort_keys=True)
        row.who = ERASED if WHO in gone else row.who
        row.reason = ERASED if REASON in gone else row.reason
        row.erased = True
        left[str(row.id)] = audit_links.seal(row)
    if left:
        audit.record(session, audit.Act.ERASE_FACTS, actor, now, reason=reason, entries=left)


def _holds(text: str, folded: Collection[str]) -> bool:
    plain = without_marks(text)
    return any(each in plain for each in folded)
