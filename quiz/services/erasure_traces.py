"""What else names somebody, beside the rows that are theirs: addresses, comparisons, previews and the audit log."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy import delete, select

from quiz.models.attempts import DbAttempt
from quiz.models.audit import DbAuditEntry
from quiz.models.mail import DbRefusedAddress
from quiz.models.people import DbPerson, DbRosterImport, DbSignInFailure
from quiz.models.rulings import DbRuling
from quiz.personal_data.holdings import TOMBSTONE_NAME
from quiz.services import Actor, Transaction, audit_erasing
from quiz.services.audit_erasing import REASON, WHO
from quiz.vietnamese import without_marks

People = Sequence[DbPerson]
WHY = "Xóa dữ liệu cá nhân của một người"


def forget_addresses(session: Transaction, people: People) -> None:
    """Of addresses that refuse mail, and of wrong passwords."""
    addresses = [person.email.lower() for person in people if person.email]
    session.execute(delete(DbRefusedAddress).where(DbRefusedAddress.address.in_(addresses)))
    hashes = [hashlib.sha256(person.staff_code.casefold().encode()).hexdigest() for person in people]
    session.execute(delete(DbSignInFailure).where(DbSignInFailure.account_hash.in_(hashes)))


def forget_in_reports(session: Transaction, people: People) -> None:
    """Comparisons of roster files that name them go, once they are over; previews of rulings lose the name."""
    for person in people:
        named = DbRosterImport.report.contains(person.staff_code, autoescape=True)
        session.execute(delete(DbRosterImport).where(named, DbRosterImport.finished_at.is_not(None)))
        name, sat = json.dumps(person.name, ensure_ascii=False), select(DbAttempt.week_id).distinct()
        shown = (
            DbRuling.preview.contains(name, autoescape=True),
            DbRuling.week_id.in_(sat.where(DbAttempt.person_id == person.id)),
        )
        for ruling in session.scalars(select(DbRuling).where(*shown)).all():
            ruling.preview = ruling.preview.replace(name, json.dumps(TOMBSTONE_NAME, ensure_ascii=False))


def forget_in_log(session: Transaction, people: People, actor: Actor, now: datetime) -> None:
    """Facts and reasons that hold their codes and addresses as whole words; the name, where the code stands too.

    A name alone may be that of somebody else.
    """
    gone: dict[int, frozenset[str]] = {}
    for person in people:
        keys = [word for word in (person.staff_code, person.email) if word]
        entries = select(DbAuditEntry).where(DbAuditEntry.id.in_(audit_erasing.mentions(session, keys)))
        for entry in session.scalars(entries):
            parts = {**json.loads(entry.facts), WHO: entry.who, REASON: entry.reason}
            if any(_names(parts, keys)):
                gone[entry.id] = frozenset({*gone.get(entry.id, ()), *_names(parts, [*keys, person.name])})
    audit_erasing.erase(session, gone, WHY, actor, now)


def _names(parts: dict[str, object], words: Sequence[str]) -> Iterator[str]:
    """Which parts hold one of the words from end to end, whatever the marks and capitals."""
    wanted = "|".join(re.escape(without_marks(word)) for word in words)
    whole = re.compile(rf"(?<!\w)(?:{wanted})(?!\w)")
    return (name for name, text in parts.items() if whole.search(without_marks(str(text))))
