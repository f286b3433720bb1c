"""What a roster import would do: frozen values that are shown, compared by digest, and then carried out."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from quiz.scoring.participation import AgencyKind
from quiz.services.roster_cells import KIND_CELLS, Column, Fault


@dataclass(frozen=True, slots=True, kw_only=True)
class Agency:
    """An agency before or after the import; `id` is None while it is new."""

    id: int | None
    code: str
    name: str
    kind: AgencyKind
    parent_code: str = ""
    headcount: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A person before or after the import; `id` is None while new, `barred` is the code of a group or ''.

    `division` is a code of the contest file, '' for the first; `groups` are codes of compulsory groups, in order.
    """

    id: int | None
    code: str
    name: str
    email: str = ""
    position: str = ""
    agency_code: str
    barred: str = ""
    division: str = ""
    groups: tuple[str, ...] = ()
    has_left: bool = False


@dataclass(frozen=True, slots=True)
class Difference:
    """One field that changes, in words."""

    what: str
    before: str
    after: str

    def __str__(self) -> str:
        return f"{self.what}: {self.before or '(trống)'} → {self.after or '(trống)'}"


@dataclass(frozen=True, slots=True)
class AgencyChange:
    """An agency that the file changes."""

    before: Agency
    after: Agency

    @property
    def differences(self) -> tuple[Difference, ...]:
        """Every field that changes."""
        before, after = self.before, self.after
        return _differing(
            Difference(Column.AGENCY_NAME, before.name, after.name),
            Difference(Column.KIND, KIND_CELLS[before.kind], KIND_CELLS[after.kind]),
            Difference(Column.PARENT, before.parent_code, after.parent_code),
            Difference(Column.HEADCOUNT, _count(before.headcount), _count(after.headcount)),
        )


@dataclass(frozen=True, slots=True)
class PersonChange:
    """A person whom the file changes, moves or brings back."""

    before: Person
    after: Person

    @property
    def differences(self) -> tuple[Difference, ...]:
        """Every field that changes."""
        before, after = self.before, self.after
        return _differing(
            Difference("Danh sách", _listed(before), _listed(after)),
            Difference(Column.NAME, before.name, after.name),
            Difference(Column.EMAIL, before.email, after.email),
            Difference(Column.POSITION, before.position, after.position),
            Difference(Column.AGENCY_CODE, before.agency_code, after.agency_code),
            Difference(Column.BARRED, before.barred, after.barred),
            Difference(Column.DIVISION, before.division, after.division),
            Difference(Column.GROUPS, "; ".join(before.groups), "; ".join(after.groups)),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterPlan:
    """Everything that an import would do. With a fault it does nothing at all. Notes are advice, not part of it."""

    added_agencies: tuple[Agency, ...]
    changed_agencies: tuple[AgencyChange, ...]
    unchanged_agencies: int
    added: tuple[Person, ...]
    changed: tuple[PersonChange, ...]
    leaving: tuple[Person, ...]
    unchanged: int
    faults: tuple[Fault, ...]
    notes: tuple[str, ...]

    @property
    def is_empty(self) -> bool:
        """Whether carrying it out would change nothing."""
        return not any((self.added_agencies, self.changed_agencies, self.added, self.changed, self.leaving))

    @property
    def digest(self) -> str:
        """The same for two plans that do the same: what was shown can be held against what would be done."""
        parts = (
            self.added_agencies,
            self.changed_agencies,
            self.added,
            self.changed,
            self.leaving,
            self.faults,
        )
        return hashlib.sha256(repr(parts).encode()).hexdigest()


def _differing(*differences: Difference) -> tuple[Difference, ...]:
    return tuple(each for each in differences if each.before != each.after)


def _count(headcount: int | None) -> str:
    return "" if headcount is None else str(headcount)


def _listed(person: Person) -> str:
    return "đã rời" if person.has_left else "có tên"
