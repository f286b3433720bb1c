"""Everything that is held of one person, as that person gets it: made from the declaration of personal data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Table, select

from quiz.models import Base
from quiz.models.attempts import DbAttempt
from quiz.models.people import DbAgency, DbPerson
from quiz.models.results import DbPublication
from quiz.personal_data.holdings import HOLDINGS, Holding
from quiz.personal_data.labels import LABELS, OWN, PUBLISHED_ONLY
from quiz.services import Transaction, contests, erasure_checks

Value = str | int | bool | datetime | None
Row = Mapping[str, Value]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One table of one kind of data: `columns` in order, each row by column."""

    what: str
    why: str
    kept: str
    table: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """Somebody's whole copy; `published` are the prizes under which their name stands in public."""

    made_at: datetime
    parts: tuple[Part, ...]
    published: tuple[str, ...]

    def as_json(self) -> dict[str, object]:
        """The same for machines: moments in ISO 8601, UTC."""
        parts = [
            {
                "what": part.what,
                "table": part.table,
                "rows": [{name: _plain(value) for name, value in row.items()} for row in part.rows],
            }
            for part in self.parts
        ]
        return {"made_at": _plain(self.made_at), "published": list(self.published), "parts": parts}


def copy(session: Transaction, person_id: int, now: datetime) -> Copy:
    """What is held of a person at this moment, without secrets and without what is not published yet."""
    person = session.get_one(DbPerson, person_id)
    parts = tuple(part for holding in HOLDINGS for part in _parts(session, holding, person_id))
    return Copy(made_at=now, parts=parts, published=erasure_checks.prizes(session, person))


def _parts(session: Transaction, holding: Holding, person_id: int) -> Iterator[Part]:
    for name, held in holding.columns.items():
        columns = tuple(column for column in held.split() if column in LABELS)
        if name not in OWN or not columns:
            continue
        rows = tuple(_rows(session, Base.metadata.tables[name], columns, person_id))
        if rows:
            yield Part(what=holding.what, why=holding.why, kept=holding.kept, table=name, columns=columns, rows=rows)


def _rows(session: Transaction, table: Table, columns: tuple[str, ...], person_id: int) -> Iterator[Row]:
    whose = table.c[OWN[table.name]]
    own_attempts = select(DbAttempt.code).where(DbAttempt.person_id == person_id)
    mine = whose.in_(own_attempts) if table.name == "attempt_devices" else whose == person_id
    found = session.execute(select(table).where(mine).order_by(*table.primary_key.columns)).mappings()
    published = set(session.scalars(select(DbPublication.week_id)))
    for row in found:
        hidden = frozenset[str]()
        if table.name in PUBLISHED_ONLY and row["week_id"] not in published:
            hidden = PUBLISHED_ONLY[table.name]
            if not hidden:
                continue
        yield {name: None if name in hidden else _said(session, name, row[name]) for name in columns}


def _said(session: Transaction, column: str, value: Any) -> Value:
    """Agencies and rounds by their names."""
    if value is not None and column.endswith("agency_id"):
        return session.get_one(DbAgency, value).name
    if value is not None and column == "week_id":
        return contests.get_week_by_id(session, value).name
    return value  # type: ignore[no-any-return]


def _plain(value: Value) -> object:
    return value.isoformat().replace("+00:00", "Z") if isinstance(value, datetime) else value
