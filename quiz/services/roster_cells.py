"""The values of a roster file, and how one cell becomes a clean text, a code or a number, or a fault in plain words."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache
from typing import TypeAlias

from quiz.scoring.participation import AgencyKind
from quiz.vietnamese import clean, without_marks

Cell: TypeAlias = "str | float | date"

EXACT_IN_EXCEL = 10**15
"""Excel keeps fifteen digits of a number; what is longer has lost its end."""

_UNSEEN = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff"))
_STRANGE = {"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"}
_PLAIN = re.compile(r"(?:[^\Wªº]|[ \-.,/()&'’+:;@–])*")
_MOJIBAKE = re.compile(
    r"áº|á»\S|â€|ï»¿|Ä[\x90\x91‘ƒ‚©]|Ã[¡-ª¬®-º¼-¿€‚ƒ„†‡ˆ‰Š‹ŒŽ•˜™š›œžŸ\x80-\x9f]|Æ[°¡¯]|\w[¶¸]|[¶¸]\w"
)
_LATIN = re.compile(r"[\W\d_\u0000-\u024f\u1e00-\u1eff]*")
_FLOAT = re.compile(r"([1-9]\d*)[.,]0+")
_SCIENTIFIC = re.compile(r"\d+(?:[.,]\d+)?E\+\d+", re.IGNORECASE)


class Column(StrEnum):
    """A column by the title that the template gives it."""

    STAFF_CODE = "Mã cán bộ"
    NAME = "Họ và tên"
    EMAIL = "Thư điện tử"
    POSITION = "Chức vụ"
    AGENCY_CODE = "Mã cơ quan"
    AGENCY = "Cơ quan, đơn vị"
    BARRED = "Không được dự thi"
    DIVISION = "Bảng thi"
    GROUPS = "Nhóm bắt buộc"
    AGENCY_NAME = "Tên cơ quan"
    KIND = "Khối"
    PARENT = "Mã cơ quan cấp trên"
    HEADCOUNT = "Tổng số CBCCVC"


KIND_CELLS = {AgencyKind.CITY: "Tỉnh, thành phố", AgencyKind.CENTRAL: "Trung ương"}
"""What the column “Khối” holds; whatever a contest calls the kinds, a roster says one of these."""


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One fault at the sheet, row and column that a person sees in Excel; row 0 speaks of the whole sheet or file."""

    sheet: str
    row: int
    column: str
    message: str

    def __str__(self) -> str:
        places = (
            f"trang “{self.sheet}”" if self.sheet else "",
            f"dòng {self.row}" if self.row else "",
            f"cột “{self.column}”" if self.column else "",
        )
        place = ", ".join(filter(None, places))
        return f"{place}: {self.message}" if place else self.message


class FaultyRoster(Exception):
    """The file cannot be read as a roster at all."""

    def __init__(self, *faults: Fault) -> None:
        super().__init__("\n".join(map(str, faults)))
        self.faults = faults


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonRow:
    """One person as listed. None means that the sheet has no such column; '' that the cell is blank."""

    sheet: str
    row: int
    code: str
    name: str
    email: str | None
    position: str | None
    agency_code: str
    agency: str | None
    barred: str | None
    division: str | None
    groups: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AgencyRow:
    """One agency as listed. None means that the sheet has no such column; kind and parent '' that the cell is blank."""

    sheet: str
    row: int
    code: str
    name: str
    kind: str
    parent_code: str | None
    headcount: int | None
    has_headcount: bool


class WrongCell(Exception):
    """A cell cannot be used; the message says why and how to mend it."""


@lru_cache(maxsize=8192)
def to_text(cell: Cell, maximum: int) -> str:
    """The text of a cell in NFC, without outer, doubled or invisible spaces; raises WrongCell."""
    raw = _shown(cell)
    if not _PLAIN.fullmatch(raw):
        raw = raw.translate(_UNSEEN)
        _check_characters(raw)
    text = clean(raw)
    if len(text) > maximum:
        raise WrongCell(f"dài {len(text)} ký tự, tối đa {maximum}; hãy rút gọn")
    return text


@lru_cache(maxsize=8192)
def to_code(cell: Cell, maximum: int) -> str:
    """A code as text: zeros in front are kept, and a number that Excel made of it only where nothing was lost."""
    if isinstance(cell, date):
        raise WrongCell(f"Excel đã đổi mã thành ngày {_shown(cell)}; hãy đặt cột là Văn bản (Text) rồi gõ lại mã")
    if isinstance(cell, float) and (not cell.is_integer() or not 0 <= cell < EXACT_IN_EXCEL):
        raise WrongCell("Excel đã đổi mã thành số và làm mất chữ số; hãy đặt cột là Văn bản (Text) rồi gõ lại mã")
    text = to_text(cell, maximum)
    if _SCIENTIFIC.fullmatch(text):
        raise WrongCell(f"Excel đã rút mã thành “{text}”; hãy đặt cột là Văn bản (Text), gõ lại mã rồi lưu lại")
    if number := _FLOAT.fullmatch(text):
        return number[1]
    if "@" in text:  # a code that is somebody's address would let its owner sign in as them
        raise WrongCell(f"“{text}” là địa chỉ thư, không phải mã; hãy xem lại cột")
    if letter := _foreign_letter(text):
        raise WrongCell(f"có chữ “{letter}” không thuộc bảng chữ cái La-tinh (dễ nhầm khi nhìn); hãy gõ lại mã")
    return text


@lru_cache(maxsize=8192)
def to_name(cell: Cell, maximum: int) -> str:
    """A name of a person or an agency: a text with letters of the Latin alphabet; raises WrongCell."""
    text = to_text(cell, maximum)
    if text and not any(map(str.isalpha, text)):
        raise WrongCell(f"“{text}” không phải là tên; hãy xem lại cột")
    if letter := _foreign_letter(text):
        raise WrongCell(f"có chữ “{letter}” không thuộc bảng chữ cái La-tinh; hãy gõ lại")
    return text


def to_count(cell: Cell) -> int | None:
    """A whole number ≥ 0, dots between thousands allowed; None for a blank cell; raises WrongCell."""
    text = to_text(cell, 40)
    if not text:
        return None
    digits = text.replace(".", "") if re.fullmatch(r"\d{1,3}(\.\d{3})+", text) else text
    digits = digits[:-2] if re.fullmatch(r"\d+[.,]0", digits) else digits
    if not re.fullmatch(r"[0-9]{1,7}", digits):
        raise WrongCell(f"“{text}” không phải số nguyên từ 0 trở lên; hãy ghi số người, ví dụ 125")
    return int(digits)


def same(text: str) -> str:
    """What two spellings of one code or address share: case does not tell them apart."""
    return text.casefold()


def title_key(title: str) -> str:
    """What two spellings of one column title share: case, marks, punctuation and a hint in brackets do not count."""
    plain = without_marks(re.sub(r"\(.*?\)", " ", title.replace("\ufeff", "")))
    return " ".join(re.findall(r"[a-z0-9]+", plain))


def _shown(cell: Cell) -> str:
    if isinstance(cell, date):
        return f"{cell:%d/%m/%Y}"
    if isinstance(cell, float):
        return f"{cell:.0f}" if cell.is_integer() else f"{cell!r}".replace(".", ",")
    return cell


def _check_characters(text: str) -> None:
    if "\ufffd" in text:
        raise WrongCell("có chữ bị mất (dấu �) do sai bảng mã; hãy gõ lại, hoặc lưu lại tệp bằng “CSV UTF-8”")
    if found := _MOJIBAKE.search(unicodedata.normalize("NFC", text)):
        raise WrongCell(f"chữ bị vỡ do sai bảng mã hoặc phông chữ cũ (“{found[0]}”); hãy gõ lại bằng Unicode")
    strange = next((c for c in text if unicodedata.category(c) in _STRANGE and c not in "\t\n\r"), "")
    if strange:
        raise WrongCell(f"có ký tự ẩn (mã U+{ord(strange):04X}); hãy xóa hết ô này rồi gõ lại")


def _foreign_letter(text: str) -> str:
    if _LATIN.fullmatch(text):
        return ""
    latin = ("LATIN ", "MODIFIER ", "FEMININE", "MASCULINE")
    return next((c for c in text if c.isalpha() and not unicodedata.name(c, "").startswith(latin)), "")
