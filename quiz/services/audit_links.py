"""Where acts enter the chain of the audit log: last of all in their transaction, one transaction after the other.

The head is locked when nothing is left to do but to commit, so it is held for one commit, waits for nobody who waits
for it, and its order is that of the commits. Transactions without an act, as those of participants, never touch it.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from sqlalchemy import select

from quiz import chance
from quiz.models.audit import DbAuditEntry, DbAuditHead
from quiz.models.people import DbPerson
from quiz.services import Transaction, insert_or_leave
from quiz.verification.audit_chain import GENESIS, Head, facts_hash, link, moment
from quiz.vietnamese import without_marks

THE_ONE = 1


def wait(session: Transaction, entry: DbAuditEntry) -> None:
    """Let an act enter the chain at the end of this transaction."""
    acts = session.info.setdefault("acts", [])
    if not acts:
        session.info["last"].append(_append)
    acts.append(entry)


def head(session: Transaction) -> Head:
    """How many acts are committed, and the link of the newest: what witnesses note down."""
    row = session.execute(select(DbAuditHead.count, DbAuditHead.link)).one_or_none()
    return Head(*row) if row else Head(0, GENESIS)


def seal(entry: DbAuditEntry) -> str:
    """Give an entry a new salt, and say what it commits to as it now stands."""
    entry.salt = chance.seed().hex()
    entry.words = folded(entry.facts, entry.reason)
    return facts_hash(entry.salt, entry.who, entry.facts, entry.reason)


def folded(facts: str, reason: str) -> str:
    """What a search looks through."""
    return without_marks(" ".join([*map(str, json.loads(facts).values()), reason]))


def _append(session: Transaction) -> None:
    acts: Sequence[DbAuditEntry] = session.info["acts"]
    codes = _held_codes(session, {entry.actor_id for entry in acts if entry.actor_id is not None})
    newest = hold(session)
    for entry in acts:
        entry.id = newest.count + 1
        entry.who = entry.who or codes.get(entry.actor_id, "")
        entry.facts_hash = seal(entry)
        at = moment(entry.at)
        entry.link = link(newest.link, entry.id, at, entry.actor_id, entry.act, entry.facts_hash)
        newest.count, newest.link = entry.id, entry.link
    session.add_all(acts)
    session.flush()


def _held_codes(session: Transaction, people: set[int]) -> dict[int | None, str]:
    """Staff codes of the actors, whose rows are held as the entries' foreign keys will: before the head, not after."""
    query = select(DbPerson.id, DbPerson.staff_code).where(DbPerson.id.in_(people)).order_by(DbPerson.id)
    return {row.id: row.staff_code for row in session.execute(query.with_for_update(read=True, key_share=True))}


def hold(session: Transaction) -> DbAuditHead:
    """The head, which nobody else may hold or move until the transaction ends."""
    row = session.get(DbAuditHead, THE_ONE, with_for_update=True, populate_existing=True)
    if row is not None:
        return row
    connection = session.connection()
    connection.execute(insert_or_leave(connection, DbAuditHead), {"id": THE_ONE, "count": 0, "link": GENESIS})
    return session.get_one(DbAuditHead, THE_ONE, with_for_update=True)
