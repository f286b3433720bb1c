"""Roster files that would harm: refused in plain words, soon, and within bounded memory."""

from __future__ import annotations

import io
import re
import struct
import subprocess
import sys
import tracemalloc
import zipfile
from collections.abc import Callable

import pytest
import xlsxwriter

from quiz.services.roster_file import FaultyRoster, read_roster

TITLES = ("Mã cán bộ", "Họ và tên", "Mã cơ quan")
SHEET = "xl/worksheets/sheet1.xml"


def workbook(*cells: tuple[int, int, str]) -> bytes:
    """A workbook with a header, one person, and more cells at row and column."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, TITLES)
    sheet.write_row(1, 0, ("A1", "Lê Văn Tám", "H1"))
    for row, column, text in cells:
        sheet.write(row, column, text)
    book.close()
    return out.getvalue()


def zipped(members: dict[str, bytes]) -> bytes:
    """A zip of these members."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name, content in members.items():
            new.writestr(name, content)
    return out.getvalue()


def repacked(changes: dict[str, bytes]) -> bytes:
    """The good workbook with members added or put in the place of others."""
    with zipfile.ZipFile(io.BytesIO(GOOD)) as old:
        return zipped({name: old.read(name) for name in old.namelist()} | changes)


def lying(data: bytes) -> bytes:
    """The same zip, whose directory says that every member unpacks to one byte."""
    out = bytearray(data)
    for match in re.finditer(rb"PK\x01\x02", data):
        struct.pack_into("<I", out, match.start() + 24, 1)
    return bytes(out)


def bomb() -> bytes:
    """A sheet of 60 MB."""
    return repacked({SHEET: b"<x>" + b" " * 60_000_000 + b"</x>"})


GOOD = workbook()
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
HOSTILE: dict[str, tuple[Callable[[], bytes], str, str]] = {
    "nothing": (lambda: b"", "a.xlsx", "trống"),
    "too large": (lambda: b"PK\x03\x04" + b"x" * 20 * 1024**2, "a.xlsx", "20 MB"),
    "text called xlsx": (lambda: b"Ma can bo;Ho va ten", "a.xlsx", "không phải Excel"),
    "workbook called csv": (lambda: GOOD, "a.csv", "không phải văn bản"),
    "picture called csv": (lambda: b"\x89PNG\r\n", "a.csv", "không phải văn bản"),
    "web page called csv": (lambda: b"\xef\xbb\xbf <html><table>", "a.csv", "trang web"),
    "binary called csv": (lambda: b"\x01\x00\x02\x00", "a.csv", "không phải văn bản"),
    "code page unknown": (lambda: "Mã cán bộ;".encode() + b"\x8a\x8d\xff", "a.csv", "bảng mã"),
    "another kind of file": (lambda: b"%PDF-1.7", "a.pdf", "“.pdf”"),
    "no ending": (lambda: b"x", "danh-sach", "không có đuôi"),
    "zip that is no workbook": (lambda: zipped({"a.txt": b"x"}), "a.xlsx", "không phải Excel"),
    "broken zip": (lambda: GOOD[: len(GOOD) // 2], "a.xlsx", "tệp hỏng"),
    "spoilt member": (lambda: GOOD[:60] + bytes(40) + GOOD[100:], "a.xlsx", "tệp hỏng"),
    "macro workbook": (lambda: GOOD, "a.xlsm", "macro"),
    "macro inside": (lambda: repacked({"xl/vbaProject.bin": b"x"}), "a.xlsx", "macro"),
    "old Excel": (lambda: OLE + bytes(600), "a.xls", "kiểu cũ"),
    "with a password": (lambda: OLE + "EncryptedPackage".encode("utf-16-le"), "a.xlsx", "mật khẩu"),
    "too many members": (lambda: repacked({f"x{number}": b"" for number in range(201)}), "a.xlsx", "thành phần"),
    "bomb": (bomb, "a.xlsx", "phình"),
    "bomb with a lying directory": (lambda: lying(bomb()), "a.xlsx", "phình"),
    "cell at the far corner": (lambda: workbook((1_048_575, 16_383, "x")), "a.xlsx", "quá xa"),
    "sheet that is no XML": (lambda: repacked({SHEET: b"<worksheet><sheetData><row"}), "a.xlsx", "không"),
    "no header": (lambda: b"a;b\n1;2\n", "a.csv", "dòng tiêu đề"),
    "header only": (lambda: ";".join(TITLES).encode(), "a.csv", "chỉ có dòng tiêu đề"),
    "blank lines only": (lambda: b"\r\n\r\n;;\r\n", "a.csv", "không có dòng nào"),
    "old Vietnamese letters": (lambda: "M· c¸n bé;Hä vµ tªn;M· c¬ quan\n".encode("latin-1"), "a.csv", "Unicode"),
    "quotes left open": (lambda: (";".join(TITLES) + '\nA1;"Lê Tám;H1\n').encode(), "a.csv", "ngoặc kép"),
    "too many rows": (lambda: (";".join(TITLES) + "\n" + "a;b;c\n" * 200_011).encode(), "a.csv", "200.000 dòng"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_are_refused_in_words(name: str) -> None:
    make, filename, words = HOSTILE[name]
    with pytest.raises(FaultyRoster) as refusal:
        read_roster(make(), filename)
    assert words in str(refusal.value)


def test_too_many_rows_of_a_workbook_are_refused_before_they_are_held() -> None:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"constant_memory": True})
    sheet = book.add_worksheet()
    for row in range(200_020):
        sheet.write_number(row, 0, row)
    book.close()
    with pytest.raises(FaultyRoster, match=r"200\.000 dòng"):
        read_roster(out.getvalue(), "a.xlsx")


def test_entities_of_a_workbook_are_neither_expanded_nor_fetched() -> None:
    lines = ["<!ENTITY a0 'aaaaaaaaaa'>"]
    lines += [f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, 10)]
    head = f"<?xml version='1.0'?><!DOCTYPE x [{''.join(lines)}<!ENTITY f SYSTEM 'file:///etc/passwd'>]>"
    cells = "".join(f"<c r='{c}1' t='inlineStr'><is><t>&{e};</t></is></c>" for c, e in (("A", "a9"), ("B", "f")))
    sheet = f"{head}<worksheet><sheetData><row r='1'>{cells}</row></sheetData></worksheet>"
    with pytest.raises(FaultyRoster) as refusal:
        read_roster(repacked({SHEET: sheet.encode()}), "a.xlsx")
    assert "root:" not in str(refusal.value)


@pytest.mark.parametrize("name", ["bomb", "bomb with a lying directory", "cell at the far corner"])
def test_no_hostile_file_takes_much_memory(name: str) -> None:
    data = HOSTILE[name][0]()
    tracemalloc.start()
    with pytest.raises(FaultyRoster):
        read_roster(data, "a.xlsx")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 30_000_000


def test_reading_a_roster_loads_neither_pandas_nor_calamine_into_this_process() -> None:
    code = """
import sys
from quiz.services.roster_file import read_roster
read_roster(sys.stdin.buffer.read(), "a.xlsx")
print([name for name in ("pandas", "numpy", "python_calamine") if name in sys.modules])
"""
    done = subprocess.run([sys.executable, "-c", code], input=GOOD, capture_output=True, check=True)
    assert done.stdout.strip() == b"[]"
