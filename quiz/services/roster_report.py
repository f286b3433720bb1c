"""A dry run as people see it: counts, and the first of each kind in words. Kept as JSON beside the uploaded file."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from quiz.services.roster_cells import KIND_CELLS, Fault
from quiz.services.roster_plan import Person, RosterPlan

SHOWN = 100
SHOWN_FAULTS = 1000


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a table: a code, a name, and what there is to say."""

    code: str
    name: str
    words: str


@dataclass(frozen=True, slots=True)
class Part:
    """One kind of change: how many, and the first of them."""

    count: int = 0
    first: tuple[Line, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What a dry run found; `confirmed_by` and `again` belong to what happens to it afterwards."""

    digest: str = ""
    added_agencies: Part = Part()
    changed_agencies: Part = Part()
    unchanged_agencies: int = 0
    added: Part = Part()
    changed: Part = Part()
    leaving: Part = Part()
    unchanged: int = 0
    fault_count: int = 0
    faults: tuple[Fault, ...] = ()
    notes: tuple[str, ...] = ()
    confirmed_by: int | None = None
    again: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to do."""
        return not any(
            part.count for part in (self.added_agencies, self.changed_agencies, self.added, self.changed, self.leaving)
        )


def of_plan(plan: RosterPlan, shown: int = SHOWN) -> Report:
    """The report of a dry run."""
    return Report(
        digest=plan.digest,
        added_agencies=Part(
            len(plan.added_agencies),
            tuple(Line(a.code, a.name, KIND_CELLS[a.kind]) for a in plan.added_agencies[:shown]),
        ),
        changed_agencies=Part(
            len(plan.changed_agencies),
            tuple(
                Line(each.before.code, each.before.name, "; ".join(map(str, each.differences)))
                for each in plan.changed_agencies[:shown]
            ),
        ),
        unchanged_agencies=plan.unchanged_agencies,
        added=_people(plan.added, shown),
        changed=Part(
            len(plan.changed),
            tuple(
                Line(each.before.code, each.before.name, "; ".join(map(str, each.differences)))
                for each in plan.changed[:shown]
            ),
        ),
        leaving=_people(plan.leaving, shown),
        unchanged=plan.unchanged,
        fault_count=len(plan.faults),
        faults=plan.faults[:SHOWN_FAULTS],
        notes=plan.notes,
    )


def of_faults(faults: Sequence[Fault]) -> Report:
    """The report of a file that could not be read at all."""
    return Report(fault_count=len(faults), faults=tuple(faults[:SHOWN_FAULTS]))


def dump(report: Report) -> str:
    """The report as JSON."""
    return json.dumps(asdict(report), ensure_ascii=False)


def load(text: str) -> Report:
    """The report back from JSON; an empty one from ''."""
    if not text:
        return Report()
    kept = json.loads(text)
    for name in ("added_agencies", "changed_agencies", "added", "changed", "leaving"):
        kept[name] = Part(kept[name]["count"], tuple(Line(**line) for line in kept[name]["first"]))
    kept["faults"] = tuple(Fault(**fault) for fault in kept["faults"])
    kept["notes"] = tuple(kept["notes"])
    return Report(**kept)


def _people(people: Sequence[Person], shown: int) -> Part:
    return Part(
        len(people),
        tuple(Line(p.code, p.name, _in_words(p)) for p in people[:shown]),
    )


def _in_words(person: Person) -> str:
    return " – ".join(filter(None, (person.agency_code, person.division, "; ".join(person.groups), person.barred)))
