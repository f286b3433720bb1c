"""From the bytes of an .xlsx or .csv file to sheets of cells, refusing what is not what it says or is too large."""

from __future__ import annotations

import codecs
import csv
import io
import json
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from pathlib import Path
from typing import TypeAlias

from quiz.services.roster_cells import Cell, Fault, FaultyRoster
from quiz.vietnamese import number

Row: TypeAlias = "tuple[int, Sequence[Cell]]"

MOST_BYTES = 20 * 1024**2
MOST_ROWS = 200_000
TITLE_ROWS = 10
MOST_MEMBERS = 200
MOST_UNPACKED = 300 * 1024**2
MOST_RATIO = 200
XLSX_SECONDS = 90

_CHILD = Path(__file__).with_name("roster_xlsx.py")
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_SAVE_AS = "hãy mở bằng Excel và lưu lại thành “Excel Workbook (*.xlsx)”"
SEPARATORS = ";,\t"
_TEXT = frozenset({".csv", ".txt", ".tsv"})


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: its name ('' for a text file) and its rows that are not blank, with their numbers as in Excel."""

    name: str
    rows: list[Row]


def check_upload(data: bytes, filename: str) -> str:
    """The file's kind, '.xlsx' or '.csv', by what can be seen without unpacking; raises FaultyRoster."""
    kind = Path(filename.strip()).suffix.lower()
    if not data:
        raise _refusal("tệp trống (0 byte); hãy chọn lại tệp")
    if len(data) > MOST_BYTES:
        raise _refusal(f"tệp lớn hơn {MOST_BYTES // 1024**2} MB; hãy bỏ hình ảnh, trang thừa hoặc chia nhỏ tệp")
    if kind in {".xlsm", ".xltm", ".xlsb", ".xlam"}:
        raise _refusal(f"không nhận tệp có macro hoặc dạng nhị phân ({kind}); {_SAVE_AS}")
    if data.startswith(_OLE):
        raise _refusal(_ole_words(data))
    if kind == ".xlsx":
        if not data.startswith(_ZIP):
            raise _refusal(f"tên tệp là .xlsx nhưng nội dung không phải Excel; {_SAVE_AS}")
        return kind
    if kind not in _TEXT:
        raise _refusal(f"không nhận tệp loại “{kind or 'không có đuôi'}”; hãy dùng .xlsx hoặc .csv")
    if data.startswith((_ZIP, b"%PDF", b"\x89PNG", b"\xff\xd8\xff")):
        raise _refusal(f"tên tệp là {kind} nhưng nội dung không phải văn bản; hãy đổi đúng tên, hoặc lưu lại")
    if data[:200].lstrip(b"\xef\xbb\xbf \r\n\t").lower().startswith((b"<!doctype", b"<html", b"<table", b"<?xml")):
        raise _refusal(f"nội dung tệp là trang web, không phải bảng tính; {_SAVE_AS}")
    return ".csv"


def read_sheets(data: bytes, filename: str, has_header: Callable[[list[Row]], bool]) -> list[Sheet]:
    """Every sheet of the file; a text file is cut by the separator under which its first rows hold a header."""
    if check_upload(data, filename) == ".xlsx":
        _check_zip(data)
        return _workbook(data)
    text = decode(data)
    separator = next((each for each in SEPARATORS if has_header(_first_rows(text, each))), SEPARATORS[0])
    return [Sheet("", _text_rows(text, separator))]


def decode(data: bytes) -> str:
    """UTF-16 by its mark, else UTF-8, else Windows-1258; raises FaultyRoster."""
    is_utf16 = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    for encoding in ["utf-16"] if is_utf16 else ["utf-8-sig", "cp1258"]:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" in text:
            raise _refusal(f"nội dung không phải văn bản; {_SAVE_AS}")
        return text
    raise _refusal("không nhận ra bảng mã của tệp (không phải UTF-8 hay Windows-1258); hãy lưu lại bằng “CSV UTF-8”")


def _first_rows(text: str, separator: str) -> list[Row]:
    rows: list[Row] = []
    try:
        rows.extend(islice(_records(text, separator), TITLE_ROWS))
    except csv.Error:
        return []
    return rows


def _text_rows(text: str, separator: str) -> list[Row]:
    rows: list[Row] = []
    try:
        for row, cells in _records(text, separator):
            if any(map(str.strip, cells)):
                rows.append((row, cells))
            if len(rows) > MOST_ROWS + TITLE_ROWS:
                raise _too_many_rows()
    except csv.Error:
        words = "từ sau dòng này có dấu ngoặc kép không khép đúng; hãy bỏ dấu ngoặc kép, hoặc lưu lại thành .xlsx"
        raise FaultyRoster(Fault("", rows[-1][0] if rows else 1, "", words)) from None
    return rows


def _records(text: str, separator: str) -> Iterator[tuple[int, list[str]]]:
    """Records as Excel counts its rows: a line break inside quotes does not begin a new one, a blank line does."""
    yield from enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True), start=1)


def _check_zip(data: bytes) -> None:
    """Look through the container before anything is parsed, and unpack it once to count what it truly holds."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as container:
            _check_directory(container.infolist())
            unpacked = 0
            for member in container.infolist():
                member.file_size = sys.maxsize  # what the directory says may be a lie
                with container.open(member) as stream:
                    while block := stream.read(1024**2):
                        unpacked += len(block)
                        if unpacked > MOST_UNPACKED or unpacked > 1024**2 + MOST_RATIO * len(data):
                            raise _bomb()
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError, zlib.error):
        raise _refusal(f"tệp hỏng hoặc được đóng gói khác thường; {_SAVE_AS}") from None


def _check_directory(members: list[zipfile.ZipInfo]) -> None:
    names = [member.filename.lower() for member in members]
    if len(members) > MOST_MEMBERS:
        raise _refusal(f"tệp chứa quá nhiều thành phần ({len(members)}); hãy chép riêng bảng danh sách sang tệp mới")
    if any("vbaproject" in name for name in names):
        raise _refusal(f"tệp có macro nên không được nhận; {_SAVE_AS}")
    if "xl/workbook.xml" not in names or "[content_types].xml" not in names:
        raise _refusal(f"tên tệp là .xlsx nhưng nội dung không phải Excel; {_SAVE_AS}")
    if len(set(names)) < len(names) or any(
        m.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for m in members
    ):
        raise _refusal(f"tệp hỏng hoặc được đóng gói khác thường; {_SAVE_AS}")
    unpacked, packed = sum(m.file_size for m in members), sum(m.compress_size for m in members)
    if unpacked > MOST_UNPACKED or unpacked > 1024**2 + MOST_RATIO * packed:
        raise _bomb()


def _workbook(data: bytes) -> list[Sheet]:
    command = [sys.executable, "-I", str(_CHILD), str(MOST_ROWS + TITLE_ROWS)]
    try:
        done = subprocess.run(command, input=data, capture_output=True, timeout=XLSX_SECONDS, check=False)  # noqa: S603
    except subprocess.TimeoutExpired:
        raise _refusal("đọc tệp quá lâu; hãy chép riêng bảng danh sách sang một tệp mới") from None
    if done.returncode == 3:
        raise _too_many_rows()
    lines = done.stdout.splitlines()
    if done.returncode or not lines or lines[-1] != b"true":
        raise _refusal(f"không đọc được bảng tính (tệp hỏng, hoặc có ô nằm quá xa bảng); {_SAVE_AS} chỉ với bảng này")
    sheets = [Sheet(name, []) for name in json.loads(lines[0])]
    for line in lines[1:-1]:
        index, row, cells = json.loads(line)
        sheets[index].rows.append((row, [_cell(cell) for cell in cells]))
    return sheets


def _cell(value: object) -> Cell:
    if isinstance(value, dict):
        return date.fromisoformat(value["date"])
    if isinstance(value, int | float):
        return float(value)
    return str(value)


def _ole_words(data: bytes) -> str:
    if "EncryptedPackage".encode("utf-16-le") in data:
        return "tệp đặt mật khẩu nên không đọc được; hãy bỏ mật khẩu (Tệp › Thông tin › Bảo vệ sổ làm việc) rồi lưu lại"
    return f"tệp Excel kiểu cũ (.xls) không được nhận; {_SAVE_AS}"


def _bomb() -> FaultyRoster:
    return _refusal("tệp phình quá lớn khi mở ra nên không được nhận; hãy chép riêng bảng danh sách sang tệp mới")


def _too_many_rows() -> FaultyRoster:
    return _refusal(f"tệp có quá {number(MOST_ROWS)} dòng; hãy chia nhỏ tệp theo cơ quan")


def _refusal(message: str) -> FaultyRoster:
    return FaultyRoster(Fault("", 0, "", message))
