"""Compares a roster file with what the database holds; decides, and touches nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from quiz.contest.schedule import BarredGroup, Division
from quiz.scoring.participation import Group
from quiz.services.roster_agencies import AgencyPlan, compare_agencies
from quiz.services.roster_cells import Column, Fault, PersonRow, same, title_key
from quiz.services.roster_file import RosterFile
from quiz.services.roster_plan import Agency, Person, PersonChange, RosterPlan
from quiz.vietnamese import number, without_marks

ALLOWED = "Được dự thi"
"""What stands in the column of barred people to let a person take part again; a blank cell changes nothing."""

IN_NO_GROUP = "Không"
"""What stands in the column of compulsory groups to take a person out of all; a blank cell changes nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the database holds: people and agencies by code in small letters; no groups or divisions without a contest.

    `registered` are the codes of people who entered by themselves: no file lists them, so none makes them leave.
    `given_up` names, by each code given up, the one of the same person that was kept.
    """

    people: Mapping[str, Person]
    agencies: Mapping[str, Agency]
    barred_groups: tuple[BarredGroup, ...]
    divisions: tuple[Division, ...] = ()
    compulsory: tuple[Group, ...] = ()
    registered: frozenset[str] = frozenset()
    given_up: Mapping[str, str] = field(default_factory=dict)


def compare(file: RosterFile, known: Known) -> RosterPlan:
    """What the file would change, and why it may not."""
    agencies = compare_agencies(file, known.agencies)
    people = _Comparison(file, known, agencies)
    people.compare_rows()
    faults = [*file.faults, *agencies.faults, *people.faults, *people.email_faults(), *people.headcount_faults()]
    return RosterPlan(
        added_agencies=agencies.added,
        changed_agencies=agencies.changed,
        unchanged_agencies=agencies.unchanged,
        added=tuple(people.added),
        changed=tuple(people.changed),
        leaving=people.leaving,
        unchanged=people.unchanged,
        faults=tuple(sorted(faults)),
        notes=(*file.notes, *agencies.notes, *people.notes()),
    )


class _Comparison:
    def __init__(self, file: RosterFile, known: Known, agencies: AgencyPlan) -> None:
        self.file, self.known, self.agencies = file, known, agencies
        self.added: list[Person] = []
        self.changed: list[PersonChange] = []
        self.unchanged = 0
        self.faults: list[Fault] = []
        self.misnamed: list[PersonRow] = []
        self._barred_groups = _by_name(known.barred_groups) | {title_key(ALLOWED): ""}
        self._divisions, self._compulsory = _by_name(known.divisions), _by_name(known.compulsory)
        named = {same(row.agency_code) for row in file.people}
        stay = {same(row.code) for row in (*file.people, *file.faulty_people)} | known.registered
        self.leaving = tuple(
            sorted(
                (
                    person
                    for code, person in known.people.items()
                    if not person.has_left and same(person.agency_code) in named and code not in stay
                ),
                key=lambda person: (person.agency_code, person.code),
            )
        )

    def compare_rows(self) -> None:
        """Sort every row into added, changed and unchanged; faulty ones are looked at for further faults only."""
        for row in self.file.faulty_people:
            self._check_agency(row)
            self._barred(row, "")
            self._division(row, "")
            self._groups(row, ())
        for row in self.file.people:
            before = self.known.people.get(same(row.code))
            if kept := self.known.given_up.get(same(row.code)):
                self._complain(row, Column.STAFF_CODE, f"mã {row.code} đã được gộp vào mã {kept}; hãy dùng mã {kept}")
            after = self._after(row, before)
            if before is None:
                self.added.append(after)
            elif before == after:
                self.unchanged += 1
            else:
                self.changed.append(PersonChange(before, after))

    def email_faults(self) -> list[Fault]:
        """Addresses that belong to somebody who stays; those of people who leave or have left are given up."""
        free = {same(person.code) for person in self.leaving} | {same(row.code) for row in self.file.people}
        free -= {same(row.code) for row in self.file.people if row.email is None}
        holders = {
            same(person.email): person
            for code, person in self.known.people.items()
            if person.email and not person.has_left and code not in free
        }
        return [
            Fault(row.sheet, row.row, Column.EMAIL, _taken(row.email, holders[row.email].code))
            for row in self.file.people
            if row.email and row.email in holders
        ]

    def headcount_faults(self) -> list[Fault]:
        """Agencies of the file that would list more people than their declared total."""
        places = {same(row.agency_code): (row.sheet, row.row, Column.AGENCY_CODE) for row in reversed(self.file.people)}
        places |= {same(row.code): (row.sheet, row.row, Column.HEADCOUNT) for row in self.file.agencies}
        listed = self._listed()
        return [
            Fault(*place, _too_few(agency, listed[code]))
            for code, place in places.items()
            if (agency := self.agencies.after.get(code))
            and agency.headcount is not None
            and agency.headcount < listed[code]
        ]

    def notes(self) -> list[str]:
        """What the organiser should look at, though it is no fault."""
        notes = []
        if self.misnamed:
            row = self.misnamed[0]
            name = self.agencies.after[same(row.agency_code)].name
            notes.append(
                f"{number(len(self.misnamed))} dòng ghi tên cơ quan khác với tên theo mã (ví dụ dòng {row.row}: "
                f"“{row.agency}”, mã {row.agency_code} là “{name}”). Hệ thống lấy theo mã."
            )
        stay = len(self.known.people) - sum(person.has_left for person in self.known.people.values())
        if len(self.leaving) * 5 > stay > 0:
            notes.append(f"{number(len(self.leaving))} người sẽ rời danh sách, hơn một phần năm. Hãy kiểm tra kỹ.")
        return notes

    def _after(self, row: PersonRow, before: Person | None) -> Person:
        agency = self._check_agency(row)
        if agency and row.agency and not _same_name(agency.name, row.agency):
            self.misnamed.append(row)
        old = before or Person(id=None, code=row.code, name=row.name, agency_code="")
        return replace(
            old,
            name=row.name,
            email=old.email if row.email is None else row.email,
            position=old.position if row.position is None else row.position,
            agency_code=agency.code if agency else row.agency_code,
            barred=self._barred(row, old.barred),
            division=self._division(row, old.division),
            groups=self._groups(row, old.groups),
            has_left=False,
        )

    def _check_agency(self, row: PersonRow) -> Agency | None:
        code = same(row.agency_code)
        agency = self.agencies.after.get(code)
        if code and agency is None and code not in self.file.named_agencies:
            self._complain(row, Column.AGENCY_CODE, _unknown_agency(row))
        return agency

    def _barred(self, row: PersonRow, before: str) -> str:
        if not row.barred:
            return before
        group = self._barred_groups.get(title_key(row.barred))
        if group is None:
            names = (
                "; ".join(each.name for each in self.known.barred_groups)
                or "chưa nạp thể lệ hội thi nên chưa có diện nào"
            )
            words = f"không có diện “{row.barred}” trong thể lệ; hãy ghi một trong các diện: {names}; hoặc để trống"
            self._complain(row, Column.BARRED, words)
            return before
        return group

    def _division(self, row: PersonRow, before: str) -> str:
        if not row.division:
            return before
        division = self._divisions.get(title_key(row.division))
        if division is None:
            self._complain(row, Column.DIVISION, _unknown("bảng thi", row.division, self.known.divisions))
            return before
        return division

    def _groups(self, row: PersonRow, before: tuple[str, ...]) -> tuple[str, ...]:
        """In the order of the rules, whatever the order in the cell."""
        named = [name for each in (row.groups or "").split(";") if (name := each.strip())]
        if not named:
            return before
        if [title_key(name) for name in named] == [title_key(IN_NO_GROUP)]:
            return ()
        unknown = [name for name in named if title_key(name) not in self._compulsory]
        for name in unknown:
            self._complain(row, Column.GROUPS, _unknown("nhóm bắt buộc", name, self.known.compulsory))
        codes = {self._compulsory.get(title_key(name)) for name in named}
        return tuple(group.code for group in self.known.compulsory if group.code in codes)

    def _listed(self) -> Counter[str]:
        gone = {same(person.code) for person in self.leaving} | {same(row.code) for row in self.file.people}
        stay = Counter(
            same(person.agency_code)
            for code, person in self.known.people.items()
            if not person.has_left and code not in gone
        )
        return stay + Counter(same(row.agency_code) for row in self.file.people)

    def _complain(self, row: PersonRow, column: Column, message: str) -> None:
        self.faults.append(Fault(row.sheet, row.row, column, message))


def _by_name(named: Sequence[BarredGroup | Division | Group]) -> dict[str, str]:
    """The codes by the names that stand for them, and by themselves."""
    return {title_key(text): each.code for each in named for text in (each.code, each.name)}


def _unknown(what: str, name: str, known: Sequence[Division | Group]) -> str:
    if not known:
        return f"thể lệ hội thi không có {what} nào; hãy để trống cột này"
    names = "; ".join(each.name for each in known)
    return f"không có {what} “{name}” trong thể lệ; hãy ghi: {names}; hoặc để trống"


def _same_name(one: str, other: str) -> bool:
    return one == other or without_marks(one) == without_marks(other)


def _taken(email: str, code: str) -> str:
    return f"“{email}” đang là thư của người có mã {code}; hãy sửa, hoặc ghi cả người đó vào tệp với thư mới"


def _too_few(agency: Agency, listed: int) -> str:
    total, people = number(agency.headcount or 0), number(listed)
    return f"tổng số của {agency.name} là {total}, ít hơn {people} người trong danh sách; hãy sửa tổng số cho đúng"


def _unknown_agency(row: PersonRow) -> str:
    return (
        f"không có cơ quan mã “{row.agency_code}”; hãy sửa mã, thêm cơ quan này vào danh sách cơ quan, "
        "hoặc ghi tên ở cột “Cơ quan, đơn vị” để thêm mới"
    )
