"""Where the header of a sheet is, which columns it has, and what it lists: people or agencies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from quiz.services.roster_cells import Cell, Column, Fault, title_key
from quiz.services.roster_sheets import TITLE_ROWS, Row, Sheet

_PEOPLE: dict[Column, tuple[str, ...]] = {
    Column.STAFF_CODE: ("Mã số cán bộ", "Mã CB", "Mã CBCCVC", "Mã số CBCCVC", "Mã nhân viên", "Mã công chức"),
    Column.NAME: ("Họ tên", "Họ và tên đệm và tên", "Họ và tên cán bộ"),
    Column.EMAIL: ("Email", "E-mail", "Thư điện tử công vụ", "Địa chỉ thư điện tử", "Địa chỉ email"),
    Column.POSITION: ("Chức vụ, chức danh", "Chức danh"),
    Column.AGENCY_CODE: ("Mã đơn vị", "Mã cơ quan, đơn vị"),
    Column.AGENCY: ("Cơ quan", "Đơn vị", "Tên cơ quan", "Tên đơn vị", "Tên cơ quan, đơn vị", "Đơn vị công tác"),
    Column.BARRED: ("Diện không được dự thi",),
    Column.DIVISION: ("Bảng", "Bảng dự thi"),
    Column.GROUPS: ("Nhóm bắt buộc dự thi", "Các nhóm bắt buộc"),
}
_AGENCIES: dict[Column, tuple[str, ...]] = {
    Column.AGENCY_CODE: ("Mã đơn vị", "Mã cơ quan, đơn vị"),
    Column.AGENCY_NAME: ("Cơ quan, đơn vị", "Cơ quan", "Đơn vị", "Tên đơn vị", "Tên cơ quan, đơn vị"),
    Column.KIND: ("Khối cơ quan", "Loại cơ quan"),
    Column.PARENT: ("Mã đơn vị cấp trên", "Mã cơ quan chủ quản", "Mã cấp trên"),
    Column.HEADCOUNT: ("Tổng số", "Tổng số CBCC", "Tổng số người", "Tổng số cán bộ, công chức, viên chức"),
}
_NEEDED = {
    "people": (Column.STAFF_CODE, Column.NAME, Column.AGENCY_CODE),
    "agencies": (Column.AGENCY_CODE, Column.AGENCY_NAME),
}


def _titles(columns: Mapping[Column, Sequence[str]]) -> dict[str, Column]:
    return {title_key(title): column for column, others in columns.items() for title in (column, *others)}


_PEOPLE_TITLES, _AGENCY_TITLES = _titles(_PEOPLE), _titles(_AGENCIES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """The header row of one sheet: where each known column stands, and the titles that nothing is read from."""

    row: int
    lists_people: bool
    columns: Mapping[Column, int]
    unread: tuple[str, ...]
    faults: tuple[Fault, ...]


def find_header(sheet: Sheet) -> Header | None:
    """The first of the top rows whose titles are those of people or of agencies; None where there is none."""
    for row, cells in sheet.rows[:TITLE_ROWS]:
        if row > TITLE_ROWS:
            break
        keys = [title_key(cell) if isinstance(cell, str) else "" for cell in cells]
        if (lists_people := _lists_people(keys)) is not None:
            return _header(sheet.name, row, cells, keys, lists_people)
    return None


def has_header(rows: list[Row]) -> bool:
    """Whether one of these rows is a header."""
    return find_header(Sheet("", rows)) is not None


def _lists_people(keys: Sequence[str]) -> bool | None:
    """A person's code or name tells a list of people from one of agencies; None where the row is no header."""
    people = {_PEOPLE_TITLES.get(key) for key in keys}
    if len(people & set(_NEEDED["people"])) >= 2:
        return True
    agencies = {_AGENCY_TITLES.get(key) for key in keys}
    return False if agencies >= set(_NEEDED["agencies"]) else None


def _header(sheet: str, row: int, cells: Sequence[Cell], keys: Sequence[str], lists_people: bool) -> Header:
    titles = _PEOPLE_TITLES if lists_people else _AGENCY_TITLES
    columns: dict[Column, int] = {}
    unread, faults = [], []
    for place, key in enumerate(keys):
        column = titles.get(key)
        if column is None:
            unread += [str(cells[place]).strip()] if key else []
        elif column in columns:
            faults.append(Fault(sheet, row, column, "có hai cột cùng tên này; hãy bỏ hoặc đổi tên một cột"))
        else:
            columns[column] = place
    lacking = [column for column in _NEEDED["people" if lists_people else "agencies"] if column not in columns]
    faults += [Fault(sheet, row, each, "thiếu cột này; hãy thêm cột đúng tên ở dòng tiêu đề") for each in lacking]
    return Header(row=row, lists_people=lists_people, columns=columns, unread=tuple(unread), faults=tuple(faults))
