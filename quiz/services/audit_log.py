"""The audit log as an inspector reads and searches it."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from quiz.exports.letters import Letter
from quiz.models.audit import DbAuditEntry
from quiz.models.people import DbPerson
from quiz.permissions import ROLE_WORDS
from quiz.services import Transaction
from quiz.services.audit import FACT_WORDS, WORDS, Act
from quiz.verification.audit_chain import GENESIS
from quiz.vietnamese import clean, without_marks

CONSOLE = "console:"
"""How `who` begins where a command was given on the server; the account follows."""

_LETTERS = {letter.value: letter.words for letter in Letter}
VALUE_WORDS = {
    "role": {role.value: words for role, words in ROLE_WORDS.items()},
    "documents": _LETTERS,
    "template": _LETTERS,
}
"""What the log keeps as a short name, as people call it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of the log as an inspector reads it; `at` is in UTC, `actor` and `who` are '' for the system itself."""

    number: int
    at: datetime
    actor: str
    who: str
    words: str
    facts: dict[str, object]
    reason: str
    is_erased: bool

    @property
    def console(self) -> str:
        """The account of the server that gave the command; '' where it was none."""
        return self.who.removeprefix(CONSOLE) if self.who.startswith(CONSOLE) else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where an entry stands in the chain: what it follows, and what it commits to."""

    previous: str
    facts_hash: str
    link: str
    salt: str
    erased_by: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """What an inspector looks for; what is empty does not matter. `since` is counted in, `until` is not."""

    who: str = ""
    act: Act | None = None
    since: datetime | None = None
    until: datetime | None = None
    words: str = ""
    week: int | None = None


def page(session: Transaction, wanted: Search, *, number: int = 1, size: int = 50) -> tuple[tuple[Entry, ...], int]:
    """One page of what was found, newest first, and how many there are; pages count from 1."""
    conditions = tuple(_conditions(session, wanted))
    total = session.scalar(select(func.count()).select_from(DbAuditEntry).where(*conditions)) or 0
    return _entries(session, _NEWEST.where(*conditions).limit(size).offset((number - 1) * size)), total


def find(session: Transaction, number: int) -> tuple[Entry, Place] | None:
    """One entry with its place, or None where there is none of this number."""
    row = session.get(DbAuditEntry, number)
    if row is None:
        return None
    previous = session.scalar(select(DbAuditEntry.link).where(DbAuditEntry.id == number - 1))
    erasing = select(DbAuditEntry.id).where(DbAuditEntry.act == Act.ERASE_FACTS, _holds(f'"{number}": '))
    place = Place(
        previous=previous or GENESIS,
        facts_hash=row.facts_hash,
        link=row.link,
        salt=row.salt,
        erased_by=tuple(session.scalars(erasing.order_by(DbAuditEntry.id))) if row.erased else (),
    )
    return _entries(session, _NEWEST.where(DbAuditEntry.id == number))[0], place


def about(session: Transaction, acts: Collection[Act], *, most: int = 50, **fact: str) -> tuple[Entry, ...]:
    """The newest entries of these acts that hold one fact, for those whose business it is without the whole log."""
    held = _holds(json.dumps(fact, ensure_ascii=False)[1:-1])
    return _entries(session, _NEWEST.where(DbAuditEntry.act.in_(acts), held).limit(most))


def _conditions(session: Transaction, wanted: Search) -> Iterator[ColumnElement[bool]]:
    if wanted.who:
        yield _by(session, wanted.who)
    if wanted.act is not None:
        yield DbAuditEntry.act == wanted.act
    if wanted.since is not None:
        yield DbAuditEntry.at >= wanted.since
    if wanted.until is not None:
        yield DbAuditEntry.at < wanted.until
    for word in without_marks(wanted.words).split():
        yield DbAuditEntry.words.contains(word, autoescape=True)
    if wanted.week is not None:
        yield or_(*(_holds(f'"week": {wanted.week}{end}') for end in ",}"))


def _by(session: Transaction, wanted: str) -> ColumnElement[bool]:
    """Acts of those whose name holds the words or whose code is exactly this; `console`, of commands on the server."""
    words = without_marks(wanted)
    acted = select(DbAuditEntry.actor_id).where(DbAuditEntry.actor_id.is_not(None)).distinct()
    people = session.execute(select(DbPerson.id, DbPerson.name, DbPerson.sign_in_key).where(DbPerson.id.in_(acted)))
    code = clean(wanted).casefold()
    named = [row.id for row in people if words in without_marks(row.name) or row.sign_in_key == code]
    commands = and_(DbAuditEntry.who.startswith(CONSOLE), DbAuditEntry.who.startswith(code, autoescape=True))
    return or_(DbAuditEntry.actor_id.in_(named), DbAuditEntry.who == clean(wanted), commands)


def _holds(text: str) -> ColumnElement[bool]:
    return DbAuditEntry.facts.contains(text, autoescape=True)


_NEWEST = (
    select(DbAuditEntry, DbPerson.name)
    .join(DbPerson, DbPerson.id == DbAuditEntry.actor_id, isouter=True)
    .order_by(DbAuditEntry.id.desc())
)


def _entries(session: Transaction, wanted: Select[DbAuditEntry, str]) -> tuple[Entry, ...]:
    return tuple(
        Entry(
            number=row.id,
            at=row.at,
            actor=name or "",
            who=row.who,
            words=WORDS[Act(row.act)][0],
            facts={FACT_WORDS[fact]: _shown(fact, value) for fact, value in json.loads(row.facts).items()},
            reason=row.reason,
            is_erased=row.erased,
        )
        for row, name in session.execute(wanted)
    )


def _shown(fact: str, value: object) -> object:
    """What an act says of several entries, by their numbers alone; what has a name, as a list of names to translate."""
    if isinstance(value, dict):
        return ", ".join(value)
    names = VALUE_WORDS.get(fact, {})
    short = value.split(", ") if isinstance(value, str) else []
    return [names[one] for one in short] if short and names.keys() >= set(short) else value
