"""A roster file, from its bytes to rows of people and agencies with every fault at its place."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from quiz.scoring.participation import AgencyKind
from quiz.services.roster_cells import (
    AgencyRow,
    Cell,
    Column,
    Fault,
    FaultyRoster,
    PersonRow,
    WrongCell,
    same,
    title_key,
    to_code,
    to_count,
    to_name,
    to_text,
)
from quiz.services.roster_columns import Header, find_header, has_header
from quiz.services.roster_sheets import MOST_ROWS, Sheet, check_upload, read_sheets
from quiz.vietnamese import number

__all__ = ["AgencyRow", "Fault", "FaultyRoster", "PersonRow", "RosterFile", "check_upload", "read_roster"]

EXAMPLE = "VÍ DỤ"
"""Rows of the template whose code begins with this are passed over."""

STEP = 5000
"""After how many rows the progress is told."""

_EMAIL = re.compile(
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,63}"
)
_KINDS = {
    **dict.fromkeys(("tinh", "thanh pho", "tp", "tinh thanh pho", "dia phuong", "city"), AgencyKind.CITY),
    **dict.fromkeys(("trung uong", "tw", "trung uong tren dia ban", "central"), AgencyKind.CENTRAL),
}
_BEFORE_KIND = re.compile(r"((khoi|co quan|don vi|thuoc|cap) )+")
_NO_ROWS = "tệp không có dòng nào; hãy chọn lại tệp"
_NO_HEADER = (
    "không tìm thấy dòng tiêu đề trong 10 dòng đầu; cần các cột “Mã cán bộ”, “Họ và tên”, “Mã cơ quan” (danh sách "
    "người) hoặc “Mã cơ quan”, “Tên cơ quan” (danh sách cơ quan). Nếu tiêu đề đã đúng mà chữ bị vỡ, hãy chuyển "
    "tệp về Unicode"
)
_Value = TypeVar("_Value")


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterFile:
    """What a file says. Faulty rows are kept apart; `named_agencies` holds the codes of all rows of agencies."""

    filename: str
    people: tuple[PersonRow, ...]
    agencies: tuple[AgencyRow, ...]
    faulty_people: tuple[PersonRow, ...]
    named_agencies: frozenset[str]
    faults: tuple[Fault, ...]
    notes: tuple[str, ...]


def read_roster(
    data: bytes, filename: str, progress: Callable[[int, int], None] = lambda _done, _total: None
) -> RosterFile:
    """Every row and every fault of the file; `progress` hears how many of all rows are read.

    Raises FaultyRoster where it cannot be read as a roster at all.
    """
    sheets = read_sheets(data, filename, has_header)
    total = sum(len(sheet.rows) for sheet in sheets)
    gathered = _Gathered(lambda done: progress(done, total))
    for sheet in sheets:
        header = find_header(sheet)
        if header is None:
            if sheet.rows:
                gathered.passed_over.append(sheet.name)
        else:
            gathered.add(sheet, header)
    _check_read(gathered, sheets)
    return RosterFile(
        filename=filename,
        people=tuple(gathered.people),
        agencies=tuple(gathered.agencies),
        faulty_people=tuple(gathered.faulty_people),
        named_agencies=frozenset(gathered.named_agencies),
        faults=tuple(sorted(gathered.faults)),
        notes=tuple(gathered.notes),
    )


class _Gathered:
    """What has been read so far."""

    def __init__(self, progress: Callable[[int], None]) -> None:
        self._progress = progress
        self.people: list[PersonRow] = []
        self.agencies: list[AgencyRow] = []
        self.faults: list[Fault] = []
        self.notes: list[str] = []
        self.faulty_people: list[PersonRow] = []
        self.named_agencies: set[str] = set()
        self.passed_over: list[str] = []
        self.rows = 0
        self.headers = 0
        self._first: dict[tuple[Column, bool, str], Fault] = {}

    def add(self, sheet: Sheet, header: Header) -> None:
        """Read the rows below the header."""
        self.headers += 1
        self.faults += header.faults
        if header.unread:
            place = f"Trang “{sheet.name}”: không" if sheet.name else "Không"
            self.notes.append(f"{place} đọc các cột: {', '.join(header.unread)}.")
        if header.faults:
            return
        for row, cells in sheet.rows:
            if row > header.row:
                self._add_row(_Row(sheet.name, row, cells, header), header.lists_people)

    def _add_row(self, row: _Row, lists_people: bool) -> None:
        first = row.raw(Column.STAFF_CODE if lists_people else Column.AGENCY_CODE)
        if row.is_blank or (isinstance(first, str) and first.strip().upper().startswith(EXAMPLE)):
            return
        self.rows += 1
        if self.rows % STEP == 0:
            self._progress(self.rows)
        if lists_people:
            person = _person(row)
            self._check_unique(row, Column.STAFF_CODE, person.code, lists_people)
            self._check_unique(row, Column.EMAIL, person.email or "", lists_people)
            (self.faulty_people if row.faults else self.people).append(person)
        else:
            agency = _agency(row)
            self._check_unique(row, Column.AGENCY_CODE, agency.code, lists_people)
            self._check_unique(row, Column.AGENCY_NAME, agency.name, lists_people)
            self.named_agencies.add(same(agency.code))
            self.agencies += [] if row.faults else [agency]
        self.faults += row.faults

    def _check_unique(self, row: _Row, column: Column, value: str, lists_people: bool) -> None:
        if not value:
            return
        here = Fault(row.sheet, row.number, column, "")
        first = self._first.setdefault((column, lists_people, same(value)), here)
        if first is not here:
            place = f"dòng {first.row}" + (f" trang “{first.sheet}”" if first.sheet != row.sheet else "")
            row.complain(column, f"“{value}” đã có ở {place}; mỗi giá trị chỉ được ghi một lần")


def _check_read(gathered: _Gathered, sheets: Sequence[Sheet]) -> None:
    if not gathered.headers:
        raise FaultyRoster(Fault("", 0, "", _NO_HEADER if any(sheet.rows for sheet in sheets) else _NO_ROWS))
    if not gathered.rows and not gathered.faults:
        raise FaultyRoster(Fault("", 0, "", "tệp chỉ có dòng tiêu đề, không có người hay cơ quan nào"))
    if gathered.rows > MOST_ROWS:
        raise FaultyRoster(Fault("", 0, "", f"tệp có quá {number(MOST_ROWS)} dòng; hãy chia nhỏ tệp theo cơ quan"))
    if gathered.passed_over:
        names = ", ".join(f"“{name}”" for name in gathered.passed_over)
        gathered.notes.append(f"Không đọc các trang không có dòng tiêu đề: {names}.")


class _Row:
    """One row under its header; collects the faults of its cells."""

    def __init__(self, sheet: str, number: int, cells: Sequence[Cell], header: Header) -> None:
        self.sheet, self.number, self.faults = sheet, number, list[Fault]()
        self._cells, self._columns = cells, header.columns
        self.is_blank = not any(self.raw(column) not in ("", None) for column in header.columns)

    def raw(self, column: Column) -> Cell | None:
        """The cell as it stands; '' where the row is too short, None where there is no such column."""
        place = self._columns.get(column)
        if place is None:
            return None
        cell = self._cells[place] if place < len(self._cells) else ""
        return cell.strip() if isinstance(cell, str) else cell

    def complain(self, column: Column, message: str) -> None:
        """Put down one fault of this row."""
        self.faults.append(Fault(self.sheet, self.number, column, message))

    def value(self, column: Column, read: Callable[[Cell, int], str], maximum: int) -> str | None:
        """The cell read; None where there is no such column, '' where it is blank or faulty."""
        cell = self.raw(column)
        if cell is None:
            return None
        if cell == "":
            return ""
        return self.tried(column, lambda: read(cell, maximum)) or ""

    def needed(self, column: Column, read: Callable[[Cell, int], str], maximum: int) -> str:
        """The cell read; a blank one is a fault."""
        before = len(self.faults)
        value = self.value(column, read, maximum) or ""
        if not value and len(self.faults) == before:
            self.complain(column, "để trống; hãy ghi đủ, hoặc xóa cả dòng")
        return value

    def tried(self, column: Column, read: Callable[[], _Value]) -> _Value | None:
        """What `read` gives; None and a fault where it cannot."""
        try:
            return read()
        except WrongCell as wrong:
            self.complain(column, str(wrong))
            return None


def _person(row: _Row) -> PersonRow:
    return PersonRow(
        sheet=row.sheet,
        row=row.number,
        code=row.needed(Column.STAFF_CODE, to_code, 40),
        name=row.needed(Column.NAME, to_name, 120),
        email=row.value(Column.EMAIL, _to_email, 254),
        position=row.value(Column.POSITION, to_text, 120),
        agency_code=row.needed(Column.AGENCY_CODE, to_code, 40),
        agency=row.value(Column.AGENCY, to_name, 200),
        barred=row.value(Column.BARRED, to_text, 200),
        division=row.value(Column.DIVISION, to_text, 200),
        groups=row.value(Column.GROUPS, to_text, 1000),
    )


def _agency(row: _Row) -> AgencyRow:
    headcount = row.raw(Column.HEADCOUNT)
    return AgencyRow(
        sheet=row.sheet,
        row=row.number,
        code=row.needed(Column.AGENCY_CODE, to_code, 40),
        name=row.needed(Column.AGENCY_NAME, to_name, 200),
        kind=row.value(Column.KIND, _to_kind, 40) or "",
        parent_code=row.value(Column.PARENT, to_code, 40),
        headcount=None if headcount is None else row.tried(Column.HEADCOUNT, lambda: to_count(headcount)),
        has_headcount=headcount is not None,
    )


def _to_email(cell: Cell, maximum: int) -> str:
    text = to_text(cell, maximum).removeprefix("mailto:")
    if not _EMAIL.fullmatch(text) or ".." in text or text.startswith(".") or ".@" in text:
        raise WrongCell(f"“{text}” không phải địa chỉ thư điện tử; hãy sửa, hoặc để trống")
    return same(text)


def _to_kind(cell: Cell, maximum: int) -> str:
    text = to_text(cell, maximum)
    kind = _KINDS.get(_BEFORE_KIND.sub("", title_key(text)))
    if kind is None:
        raise WrongCell(f"“{text}” không phải khối cơ quan; hãy ghi “Tỉnh”, “Thành phố” hoặc “Trung ương”")
    return kind
