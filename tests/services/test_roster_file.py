"""Roster files in every form that offices send: read as they are meant, or refused with a place and a cure."""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Callable, Sequence
from datetime import date

import pytest
import xlsxwriter

from quiz.services.roster_file import read_roster

PEOPLE = ("Mã cán bộ", "Họ và tên", "Thư điện tử", "Chức vụ", "Mã cơ quan", "Cơ quan, đơn vị", "Không được dự thi")
AGENCIES = ("Mã cơ quan", "Tên cơ quan", "Khối", "Mã cơ quan cấp trên", "Tổng số CBCCVC")
SIMPLE = ("Mã cán bộ", "Họ và tên", "Mã cơ quan")
HUONG = ("00123", "Nguyễn Thị Hường", "Huong.NT@haiphong.gov.vn", "Chuyên viên", "H24.01", "Sở Nội vụ", "")
DUNG = ("CB02", "Đặng Văn Dũng", "", "Phó Giám đốc", "H24.01", "Sở Nội vụ", "")


def text(*rows: Sequence[object], separator: str = ";") -> str:
    """Rows as a text file with Windows line ends."""
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=separator, lineterminator="\r\n").writerows(rows)
    return out.getvalue()


def xlsx(**sheets: Sequence[Sequence[object]]) -> bytes:
    """A workbook; numbers become numbers, texts stay texts, dates become dates."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"strings_to_formulas": False})
    day = book.add_format({"num_format": "dd/mm/yyyy"})
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for row, cells in enumerate(rows):
            for column, cell in enumerate(cells):
                if isinstance(cell, date):
                    sheet.write_datetime(row, column, cell, day)
                elif cell != "":
                    sheet.write(row, column, cell)
    book.close()
    return out.getvalue()


def windows_1258(words: str) -> bytes:
    """As an old program writes Vietnamese: base letters, with the tone as a letter of its own after them."""
    out = bytearray()
    for char in unicodedata.normalize("NFC", words):
        base, tone = char, ""
        try:
            char.encode("cp1258")
        except UnicodeEncodeError:
            marks = unicodedata.normalize("NFD", char)
            tone = next(mark for mark in marks if mark in "\u0300\u0301\u0303\u0309\u0323")
            base = unicodedata.normalize("NFC", marks.replace(tone, ""))
        out += (base + tone).encode("cp1258")
    return bytes(out)


ENCODINGS: dict[str, Callable[[str], bytes]] = {
    "UTF-8": lambda words: words.encode(),
    "UTF-8 with BOM": lambda words: words.encode("utf-8-sig"),
    "UTF-8 decomposed": lambda words: unicodedata.normalize("NFD", words).encode(),
    "UTF-16 with BOM": lambda words: words.encode("utf-16"),
    "Windows-1258": windows_1258,
}


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_text_files_read_alike_in_every_encoding_and_separator(encoding: str, separator: str) -> None:
    data = ENCODINGS[encoding](text(PEOPLE, HUONG, DUNG, separator=separator))
    file = read_roster(data, "danh-sach.csv")
    huong, dung = file.people
    assert (huong.code, huong.name, huong.email) == ("00123", "Nguyễn Thị Hường", "huong.nt@haiphong.gov.vn")
    assert (dung.name, dung.position, dung.agency) == ("Đặng Văn Dũng", "Phó Giám đốc", "Sở Nội vụ")
    assert file.faults == ()


def test_workbook_holds_people_and_agencies_below_titles_and_beside_other_sheets() -> None:
    data = xlsx(
        Nguoi=[("DANH SÁCH CÁN BỘ, CÔNG CHỨC",), ("Kèm theo Công văn số 12",), (), PEOPLE, HUONG, (), DUNG],
        CoQuan=[AGENCIES, ("H24.01", "Sở Nội vụ", "Thành phố", "", 45), ("K01", "Cục Thuế", "TRUNG ƯƠNG", "", "1.200")],
        GhiChu=[("Liên hệ phòng Cải cách hành chính",)],
    )
    file = read_roster(data, "Danh sách.XLSX")
    assert [(person.code, person.row) for person in file.people] == [("00123", 5), ("CB02", 7)]
    assert [(each.code, each.kind, each.headcount) for each in file.agencies] == [
        ("H24.01", "city", 45),
        ("K01", "central", 1200),
    ]
    assert file.notes == ("Không đọc các trang không có dòng tiêu đề: “GhiChu”.",)


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        *((words, "city") for words in ("Thành phố", "TP", "Tỉnh", "Khối tỉnh", "Tỉnh, thành phố", "cấp tỉnh")),
        *((words, "city") for words in ("Cơ quan, đơn vị thuộc tỉnh", "Cơ quan, đơn vị thuộc thành phố", "Địa phương")),
        *((words, "central") for words in ("Trung ương", "TW", "Cơ quan Trung ương trên địa bàn", "khối trung uong")),
    ],
)
def test_a_kind_of_agency_is_known_by_the_words_of_a_province_or_a_city(words: str, kind: str) -> None:
    (agency,) = read_roster(xlsx(CoQuan=[AGENCIES, ("H1", "Sở Một", words, "", "")]), "a.xlsx").agencies
    assert agency.kind == kind


def test_titles_are_known_in_any_order_case_and_marks_and_other_columns_are_named() -> None:
    data = text(("STT", "MA CO QUAN", "ho va ten (*)", "Ngày sinh", "mã  CÁN bộ"), ("1", "H1", "Lê Ý", "1/1/90", "A1"))
    file = read_roster(data.encode(), "a.csv")
    assert [(each.code, each.name, each.agency_code) for each in file.people] == [("A1", "Lê Ý", "H1")]
    assert file.people[0].email is None
    assert file.notes == ("Không đọc các cột: STT, Ngày sinh.",)


def test_spaces_and_invisible_letters_are_cleaned() -> None:
    data = text(SIMPLE, ("\u00a0CB\u200b01 ", " Lê\u00a0\u00a0Văn\n Tám\ufeff", "H1\t"))
    person = read_roster(data.encode(), "a.csv").people[0]
    assert (person.code, person.name, person.agency_code) == ("CB01", "Lê Văn Tám", "H1")


def test_codes_that_excel_made_numbers_come_back_only_when_nothing_was_lost() -> None:
    rows = [SIMPLE] + [(code, "Lê Văn Tám", "H1") for code in (123, 1.2e5, 12.5, 1.234567890123456e18, "0012")]
    file = read_roster(xlsx(A=[*rows, (date(2024, 2, 1), "Lê Văn Tám", "H1")]), "a.xlsx")
    assert [person.code for person in file.people] == ["123", "120000", "0012"]
    assert [fault.row for fault in file.faults] == [4, 5, 7]
    assert "01/02/2024" in file.faults[2].message
    assert all("Văn bản (Text)" in fault.message for fault in file.faults)


def test_codes_in_text_files_that_passed_through_excel() -> None:
    rows = [SIMPLE] + [(code, "Lê Văn Tám", "H1") for code in ("123.0", "456,0", "007", "1.2E+05")]
    file = read_roster(text(*rows).encode(), "a.csv")
    assert [person.code for person in file.people] == ["123", "456", "007"]
    assert [(fault.row, fault.column) for fault in file.faults] == [(5, "Mã cán bộ")]


FAULTY_PEOPLE = [
    (("", "Lê Văn Tám", "", "", "H1"), "Mã cán bộ", "để trống"),
    (("A1", "", "", "", "H1"), "Họ và tên", "để trống"),
    (("A2", "Lê Văn Tám", "", "", ""), "Mã cơ quan", "để trống"),
    (("A3", "Lê Văn Tám", "tam.gov.vn", "", "H1"), "Thư điện tử", "không phải địa chỉ"),
    (("A4", "Lê Văn Tám", "hang@hp.gov.vn", "", "H1"), "Thư điện tử", "đã có ở dòng 2"),
    (("ok", "Lê Văn Tám", "", "", "H1"), "Mã cán bộ", "đã có ở dòng 2"),
    (("A6" + "x" * 40, "Lê Văn Tám", "", "", "H1"), "Mã cán bộ", "dài 42 ký tự"),
    (("A7", "Nguyá»…n VÄƒn", "", "", "H1"), "Họ và tên", "bị vỡ"),
    (("A8", "Lê V\ufffdn Tám", "", "", "H1"), "Họ và tên", "bị mất"),
    (("A9", "Lê \u202eVăn Tám", "", "", "H1"), "Họ và tên", "U+202E"),
    (("А10", "Lê Văn Tám", "", "", "H1"), "Mã cán bộ", "La-tinh"),  # a Cyrillic А
    (("A11", "12345", "", "", "H1"), "Họ và tên", "không phải là tên"),
    (("A12", "Lê Văn Tám", "", "x" * 121, "H1"), "Chức vụ", "dài 121 ký tự"),
    (("A13", "NguyÔn V¨n ¶nh", "", "", "H1"), "Họ và tên", "phông chữ cũ"),
]


def test_every_faulty_person_is_named_at_row_and_column() -> None:
    good = ("OK", "Trần Thị Hằng", "Hang@hp.gov.vn", "", "H1")
    file = read_roster(text(PEOPLE[:5], good, *(row for row, _, _ in FAULTY_PEOPLE)).encode(), "a.csv")
    found = {fault.row: fault for fault in file.faults}
    assert len(file.faults) == len(FAULTY_PEOPLE)
    for number, (_, column, words) in enumerate(FAULTY_PEOPLE, start=3):
        assert found[number].column == column
        assert words in found[number].message
    assert [person.code for person in file.people] == ["OK"]
    assert len(file.faulty_people) == len(FAULTY_PEOPLE)


FAULTY_AGENCIES = [
    (("H2", "", "Thành phố", "", ""), "Tên cơ quan", "để trống"),
    (("H3", "Sở Ba", "Quốc tế", "", ""), "Khối", "“Thành phố” hoặc “Trung ương”"),
    (("H4", "Sở Bốn", "Thành phố", "", "12,5"), "Tổng số CBCCVC", "số nguyên"),
    (("H5", "Sở Năm", "Thành phố", "", -3), "Tổng số CBCCVC", "số nguyên"),
    (("H1", "Sở Sáu", "Thành phố", "", ""), "Mã cơ quan", "đã có ở dòng 2"),
    (("H7", "SỞ MỘT", "Thành phố", "", ""), "Tên cơ quan", "đã có ở dòng 2"),
]


def test_every_faulty_agency_is_named_at_row_and_column() -> None:
    good = ("H1", "Sở Một", "Thành phố", "", 30)
    file = read_roster(xlsx(A=[AGENCIES, good, *(row for row, _, _ in FAULTY_AGENCIES)]), "a.xlsx")
    found = {fault.row: fault for fault in file.faults}
    assert len(file.faults) == len(FAULTY_AGENCIES)
    for number, (_, column, words) in enumerate(FAULTY_AGENCIES, start=3):
        assert (found[number].sheet, found[number].column) == ("A", column)
        assert words in found[number].message


def test_a_duplicate_across_sheets_names_the_other_sheet() -> None:
    one = ("A1", "Lê Văn Tám", "H1")
    file = read_roster(xlsx(So=[SIMPLE, one], Xa=[SIMPLE, one]), "a.xlsx")
    assert str(file.faults[0]).startswith("trang “Xa”, dòng 2, cột “Mã cán bộ”: “A1” đã có ở dòng 2 trang “So”")


def test_missing_and_doubled_columns_are_faults_of_the_header() -> None:
    faults = read_roster(
        text(("Mã cán bộ", "Họ và tên", "Email", "Thư điện tử"), ("A", "Lê Tám", "", "")).encode(), "a.csv"
    )
    assert [(fault.row, fault.column) for fault in faults.faults] == [(1, "Mã cơ quan"), (1, "Thư điện tử")]


def test_rows_count_as_in_excel_through_blank_lines_and_line_breaks_in_quotes() -> None:
    data = 'Mã cán bộ;Họ và tên;Mã cơ quan\r\n\r\nA1;"Lê\nVăn Tám";H1\r\n;Trần Hằng;H1\r\n'
    file = read_roster(data.encode(), "a.csv")
    assert file.people[0].name == "Lê Văn Tám"
    assert [fault.row for fault in file.faults] == [4]


def test_example_rows_of_the_template_are_passed_over() -> None:
    file = read_roster(text(SIMPLE, ("VÍ DỤ 1", "Nguyễn Văn A", "H1"), ("A1", "Lê Tám", "H1")).encode(), "a.csv")
    assert [person.code for person in file.people] == ["A1"]
    assert file.faults == ()
