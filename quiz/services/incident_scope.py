"""For whom an incident is decided: everybody, or the agencies and the people named; a division narrows that."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from sqlalchemy import select

from quiz.contest.schedule import Contest
from quiz.errors import Refused
from quiz.models.decisions import DbIncident
from quiz.models.people import DbAgency, DbPerson
from quiz.services import Transaction
from quiz.vietnamese import clean

MOST_PEOPLE = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """The people of these agencies, and these people; neither means everybody. Of them, one division or all ('')."""

    agencies: frozenset[int] = frozenset()
    people: frozenset[int] = frozenset()
    division: str = ""


EVERYBODY = Scope()


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedPerson:
    """Somebody whom a decision names or touches, as organisers see them."""

    id: int
    staff_code: str
    name: str
    agency: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Whom:
    """A scope by its names; the public sees numbers only."""

    agencies: tuple[str, ...]
    people: tuple[NamedPerson, ...]
    division: str

    @property
    def words(self) -> str:
        """All of it in one line, for the log."""
        named = ", ".join([*self.agencies, *(person.staff_code for person in self.people)]) or "tất cả"
        return f"{named}; {self.division}" if self.division else named


def scope_of(row: DbIncident) -> Scope:
    """The scope that a row holds."""
    return Scope(agencies=_ids(row.agencies), people=_ids(row.people), division=row.division)


def joined(ids: Iterable[int]) -> str:
    """Ids as a row holds them."""
    return " ".join(map(str, sorted(ids)))


def _ids(joined_ids: str) -> frozenset[int]:
    return frozenset(map(int, joined_ids.split()))


def whom(session: Transaction, rules: Contest, row: DbIncident) -> Whom:
    """The scope of a row by its names."""
    scope = scope_of(row)
    wanted = select(DbAgency.name).where(DbAgency.id.in_(scope.agencies)).order_by(DbAgency.sort_key)
    return Whom(
        agencies=tuple(session.scalars(wanted)) if scope.agencies else (),
        people=people(session, scope.people),
        division=rules.division(scope.division).name if scope.division else "",
    )


def people(session: Transaction, ids: Collection[int]) -> tuple[NamedPerson, ...]:
    """These people, by agency and given name."""
    if not ids:
        return ()
    rows = session.execute(
        select(DbPerson.id, DbPerson.staff_code, DbPerson.name, DbAgency.name.label("agency"))
        .join(DbAgency, DbAgency.id == DbPerson.agency_id)
        .where(DbPerson.id.in_(ids))
        .order_by(DbAgency.sort_key, DbPerson.name_key, DbPerson.staff_code)
    )
    return tuple(NamedPerson(**row._mapping) for row in rows)


def people_on_list(session: Transaction, pasted: str) -> frozenset[int]:
    """The people whose staff codes stand on the list, one a line; twice is once, empty lines are nothing.

    Who has left the roster since may have sat before. Raises Refused: people_too_many, people_unknown.
    """
    lines = {number: clean(line) for number, line in enumerate(pasted.splitlines(), start=1)}
    codes = {code.casefold() for code in lines.values() if code}
    if len(codes) > MOST_PEOPLE:
        raise Refused("people_too_many", most=MOST_PEOPLE)
    rows = session.execute(select(DbPerson.sign_in_key, DbPerson.id).where(DbPerson.sign_in_key.in_(codes)))
    known = {row.sign_in_key: row.id for row in rows}
    unknown = [f"{number} ({code})" for number, code in lines.items() if code and code.casefold() not in known]
    if unknown:
        raise Refused("people_unknown", lines=", ".join(unknown))
    return frozenset(known.values())


def check(session: Transaction, rules: Contest, scope: Scope) -> None:
    """Whether all that is named exists; raises Refused: agency_missing, person_missing, division_missing."""
    if len(set(session.scalars(select(DbAgency.id).where(DbAgency.id.in_(scope.agencies))))) != len(scope.agencies):
        raise Refused("agency_missing")
    if len(people(session, scope.people)) != len(scope.people):
        raise Refused("person_missing")
    if scope.division and scope.division not in {division.code for division in rules.divisions}:
        raise Refused("division_missing")
