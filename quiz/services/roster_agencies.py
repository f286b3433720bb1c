"""The agencies of a roster file against those known: names, kinds, parents, and agencies that only people name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from quiz.scoring.participation import AgencyKind
from quiz.services.roster_cells import KIND_CELLS, AgencyRow, Column, Fault, PersonRow, same
from quiz.services.roster_file import RosterFile
from quiz.services.roster_plan import Agency, AgencyChange


@dataclass(frozen=True, slots=True, kw_only=True)
class AgencyPlan:
    """What becomes of the agencies; `after` holds all of them by code in small letters."""

    added: tuple[Agency, ...]
    changed: tuple[AgencyChange, ...]
    unchanged: int
    after: Mapping[str, Agency]
    faults: tuple[Fault, ...]
    notes: tuple[str, ...]


def compare_agencies(file: RosterFile, known: Mapping[str, Agency]) -> AgencyPlan:
    """Sort the file's agencies into added, changed and unchanged."""
    comparison = _Comparison(file, known)
    comparison.take_agency_rows()
    comparison.take_agencies_of_people()
    comparison.check_parents()
    comparison.check_names()
    touched = [comparison.after[code] for code in comparison.places]
    changes = [AgencyChange(known[same(each.code)], each) for each in touched if each.id is not None]
    changed = tuple(change for change in changes if change.before != change.after)
    return AgencyPlan(
        added=tuple(agency for agency in touched if agency.id is None),
        changed=changed,
        unchanged=len(changes) - len(changed),
        after=comparison.after,
        faults=tuple(comparison.faults),
        notes=tuple(comparison.notes),
    )


class _Comparison:
    def __init__(self, file: RosterFile, known: Mapping[str, Agency]) -> None:
        self.file, self.known = file, known
        self.after = dict(known)
        self.places: dict[str, AgencyRow | PersonRow] = {}
        self.faults: list[Fault] = []
        self.notes: list[str] = []
        self._rows = {same(row.code): row for row in file.agencies}

    def take_agency_rows(self) -> None:
        """Agencies with a row of their own."""
        for code, row in self._rows.items():
            old = self.known.get(code)
            kind = self._kind(row)
            if kind is None:
                words = "để trống; cơ quan mới cần ghi khối “Tỉnh”, “Thành phố” hoặc “Trung ương”"
                self._complain(row, Column.KIND, words)
            new = old or Agency(id=None, code=row.code, name=row.name, kind=AgencyKind.CITY)
            self.places[code] = row
            self.after[code] = replace(
                new,
                name=row.name,
                kind=kind or AgencyKind.CITY,
                parent_code=new.parent_code if row.parent_code is None else row.parent_code,
                headcount=row.headcount if row.has_headcount else new.headcount,
            )

    def take_agencies_of_people(self) -> None:
        """Agencies that the database does not know and a person's row names by code and name."""
        new: list[str] = []
        for row in self.file.people:
            code = same(row.agency_code)
            if not row.agency or code in self.known or code in self.file.named_agencies:
                continue
            if code not in self.after:
                self.places[code] = row
                self.after[code] = Agency(id=None, code=row.agency_code, name=row.agency, kind=AgencyKind.CITY)
                new.append(row.agency)
            elif same(row.agency) != same(self.after[code].name):
                words = f"cơ quan mới mã “{row.agency_code}” có hai tên (“{self.after[code].name}”); hãy ghi thống nhất"
                self._complain(row, Column.AGENCY, words)
        if new:
            names = ", ".join(new[:5]) + (" …" if len(new) > 5 else "")
            self.notes.append(
                f"{len(new)} cơ quan mới lấy từ danh sách người, xếp vào khối {KIND_CELLS[AgencyKind.CITY]}: {names}. "
                "Cơ quan Trung ương cần được nạp bằng danh sách cơ quan có cột “Khối”."
            )

    def check_parents(self) -> None:
        """A parent must exist, and nobody may be above itself."""
        for code, place in self.places.items():
            parent = same(self.after[code].parent_code)
            if not parent:
                continue
            if parent in self.after:
                self.after[code] = replace(self.after[code], parent_code=self.after[parent].code)
            elif parent not in self.file.named_agencies:
                words = f"không có cơ quan mã “{self.after[code].parent_code}”; hãy sửa mã, hoặc thêm cơ quan này"
                self._complain(place, Column.PARENT, words)
            if self._is_above_itself(code):
                self._complain(place, Column.PARENT, "cơ quan cấp trên đi vòng lại chính cơ quan này; hãy sửa mã")

    def check_names(self) -> None:
        """No two agencies share a name."""
        holders: dict[str, Agency] = {same(a.name): a for code, a in self.after.items() if code not in self.places}
        for code, place in self.places.items():
            agency = self.after[code]
            other = holders.setdefault(same(agency.name), agency)
            if other is not agency:
                column = Column.AGENCY_NAME if isinstance(place, AgencyRow) else Column.AGENCY
                words = f"“{agency.name}” là tên của cơ quan mã {other.code}; hãy sửa tên hoặc mã"
                self._complain(place, column, words)

    def _kind(self, row: AgencyRow) -> AgencyKind | None:
        """The kind given, else the one known, else that of the parent."""
        if row.kind:
            return AgencyKind(row.kind)
        if old := self.known.get(same(row.code)):
            return old.kind
        parent = same(row.parent_code or "")
        if (above := self._rows.get(parent)) and above.kind:
            return AgencyKind(above.kind)
        return self.known[parent].kind if parent in self.known else None

    def _is_above_itself(self, code: str) -> bool:
        seen, above = {code}, same(self.after[code].parent_code)
        while above in self.after:
            if above in seen:
                return above == code
            seen.add(above)
            above = same(self.after[above].parent_code)
        return False

    def _complain(self, place: AgencyRow | PersonRow, column: Column, message: str) -> None:
        self.faults.append(Fault(place.sheet, place.row, column, message))
