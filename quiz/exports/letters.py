"""Official documents of the office: which there are, what the office fills in itself, and the head and foot of each.

Everything that a template can name has a plain name in Vietnamese without marks; what is not filled in stays dotted.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from pathlib import Path

from quiz.exports.printable import printable

FOLDER = Path(__file__).parent / "templates"
DOTS = "……"

Values = dict[str, object]


class Letter(StrEnum):
    """One kind of official document; the value is the name of its template's file."""

    DECISION = "quyet-dinh"
    WINNERS = "danh-sach-dat-giai"
    ANNOUNCEMENT = "thong-bao"
    PARTICIPATION = "bao-cao-ty-le"
    MINUTES = "bien-ban"

    @property
    def words(self) -> str:
        """What the document is called."""
        return {
            "quyet-dinh": "Quyết định công nhận kết quả",
            "danh-sach-dat-giai": "Danh sách cá nhân đạt giải",
            "thong-bao": "Thông báo kết quả",
            "bao-cao-ty-le": "Báo cáo tỷ lệ tham gia",
            "bien-ban": "Biên bản xác nhận kết quả",
        }[self]

    @property
    def sign(self) -> str:
        """The letters of its kind in the number; the list of winners bears that of the decision it belongs to."""
        return {"thong-bao": "TB", "bao-cao-ty-le": "BC", "bien-ban": "BB"}.get(self, "QĐ")

    @property
    def original(self) -> Path:
        """The template that comes with the software."""
        return FOLDER / f"{self}.docx"


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterFields:
    """What only the office knows, as it was typed; empty where it is to be written by hand.

    `numbers` holds the number of each document by its sign ("QĐ"). Lists are one entry a line.
    """

    superior: str = ""
    office: str = ""
    abbreviation: str = ""
    place: str = ""
    signed_on: date | None = None
    authority: str = ""
    position: str = ""
    signer: str = ""
    proposer: str = ""
    grounds: str = ""
    funding: str = ""
    receivers: str = ""
    drafter: str = ""
    numbers: Mapping[str, str] = field(default_factory=dict)


def head(letter: Letter, fields: LetterFields) -> Values:
    """What stands above and below the words of a document."""
    return {
        "cap_tren_in_hoa": fields.superior.upper(),
        "co_quan": fields.office or DOTS,
        "co_quan_in_hoa": fields.office.upper() or DOTS,
        "so_ky_hieu": number_and_sign(letter.sign, fields),
        "dia_danh": fields.place or DOTS,
        "ngay_ky": day(fields.signed_on),
        "tham_quyen_in_hoa": (fields.authority or fields.position.partition("\n")[0]).upper() or DOTS,
        "tham_quyen": fields.authority or fields.office or DOTS,
        "chuc_vu_ky": [line.upper() for line in lines(fields.position)] or [DOTS],
        "nguoi_ky": fields.signer or DOTS,
        "nguoi_de_nghi": fields.proposer or DOTS,
        "can_cu": lines(fields.grounds),
        "nguon_kinh_phi": fields.funding or DOTS,
        "noi_nhan": lines(fields.receivers),
        "luu": f"VT, {fields.drafter or DOTS}",
    }


def number_and_sign(sign: str, fields: LetterFields) -> str:
    """'12/QĐ-SNV', with dots for what the office writes by hand."""
    return f"{fields.numbers.get(sign) or DOTS}/{sign}-{fields.abbreviation or DOTS}"


def day(on: date | None) -> str:
    """'ngày 05 tháng 10 năm 2024': days below ten, January and February take a nought, as the decree has it."""
    if on is None:
        return f"ngày {DOTS} tháng {DOTS} năm {DOTS}"
    month = f"{on.month:02d}" if on.month < 3 else str(on.month)
    return f"ngày {on.day:02d} tháng {month} năm {on.year}"


def lines(text: str) -> list[str]:
    """The lines of a field, without their bullets and the marks that the template puts at their ends."""
    stripped = (line.strip().lstrip("-–+• ").rstrip(" ;.") for line in text.splitlines())
    return [line for line in stripped if line]


def plain(value: object) -> object:
    """The same values with every text on one line and printable, whatever names hold."""
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, Mapping):
        return {name: plain(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [plain(each) for each in value]
    return value
