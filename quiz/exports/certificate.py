"""The certificate of participation (giấy chứng nhận tham gia) as a PDF: the same facts always give the same bytes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from quiz.exports.printable import printable

if TYPE_CHECKING:
    from fpdf import FPDF

FONTS = Path(__file__).parent / "fonts"
FONT = "be-vietnam-pro-latin"
OTHER_LETTERS = ("be-vietnam-pro-latin-ext", "be-vietnam-pro-vietnamese")
WEIGHTS = {"": 400, "B": 700}

PAGE_WIDTH, PAGE_HEIGHT = 297.0, 210.0
MARGIN = 30.0
TOP, BOTTOM = 25.0, 152.0
"""Between these the words stand; below them the QR code and the date."""
FOOT = 156.0
QR_SIZE = 31.0
MM_PER_POINT = 25.4 / 72
LEADING = 1.32
SMALLEST = 0.4

RED = (157, 28, 32)
GOLD = (192, 138, 24)
INK = (29, 27, 25)
QUIET = (90, 84, 77)


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """What one certificate says. `weeks` are the weeks taken part in, in words; at `check_at` anybody can check it."""

    organiser: str
    contest: str
    person: str
    agency: str
    weeks: str
    issued_at: datetime
    code: str
    check_at: str

    @property
    def address(self) -> str:
        """The certificate's own public page."""
        return f"{self.check_at}/{self.code}"


@dataclass(frozen=True, slots=True)
class Words:
    """Some words of the page, centred: their size in points, and the space above them in millimetres."""

    text: str
    size: float
    style: str = ""
    colour: tuple[int, int, int] = INK
    above: float = 0


def certificate(facts: Certificate) -> bytes:
    """The certificate: A4, landscape, one page, with its fonts inside."""
    pdf = _page(facts)
    _frame(pdf)
    _words(pdf, _said(facts))
    _qr(pdf, facts.address)
    _foot(pdf, facts)
    return bytes(pdf.output())


def _said(facts: Certificate) -> tuple[Words, ...]:
    return (
        Words(printable(facts.organiser).upper(), 13, "B", INK),
        Words("GIẤY CHỨNG NHẬN THAM GIA", 31, "B", RED, above=5),
        Words("Chứng nhận ông/bà", 13, "", QUIET, above=6),
        Words(printable(facts.person), 29, "B", INK, above=1.5),
        Words(printable(facts.agency), 14, "", INK, above=1.5),
        Words("đã tham gia", 13, "", QUIET, above=5),
        Words(printable(facts.contest), 17, "B", RED, above=1.5),
        Words(printable(facts.weeks), 14, "", INK, above=3),
    )


def _page(facts: Certificate) -> FPDF:
    from fpdf import FPDF

    pdf = FPDF(orientation="landscape", unit="mm", format="A4")
    pdf.set_auto_page_break(False)
    pdf.set_margin(0)
    pdf.c_margin = 0
    pdf.set_lang("vi")
    pdf.set_title(f"Giấy chứng nhận tham gia – {printable(facts.person)}")
    pdf.set_author(printable(facts.organiser))
    pdf.set_creation_date(facts.issued_at)
    for name in (FONT, *OTHER_LETTERS):
        for style, weight in WEIGHTS.items():
            pdf.add_font(name, style, FONTS / f"{name}-{weight}-normal.woff")
    pdf.set_fallback_fonts(OTHER_LETTERS)
    pdf.add_page()
    return pdf


def _frame(pdf: FPDF) -> None:
    for inset, width, colour in ((8.0, 1.4, RED), (10.6, 0.35, GOLD), (12.2, 0.35, GOLD)):
        pdf.set_line_width(width)
        pdf.set_draw_color(*colour)
        pdf.rect(inset, inset, PAGE_WIDTH - 2 * inset, PAGE_HEIGHT - 2 * inset)


def _words(pdf: FPDF, said: Sequence[Words]) -> None:
    """Every line centred, the whole in the middle of its place; smaller where names are too long for it."""
    scale = next(each for each in _scales() if each <= SMALLEST or _height(pdf, said, each) <= BOTTOM - TOP)
    y = TOP + max(0.0, BOTTOM - TOP - _height(pdf, said, scale)) / 2
    for words in said:
        y += words.above * scale
        pdf.set_text_color(*words.colour)
        for line in _lines(pdf, words, scale):
            pdf.set_xy(MARGIN, y)
            pdf.cell(PAGE_WIDTH - 2 * MARGIN, _line_height(words, scale), line, align="C")
            y += _line_height(words, scale)


def _scales() -> Iterator[float]:
    return (percent / 100 for percent in range(100, 0, -5))


def _height(pdf: FPDF, said: Sequence[Words], scale: float) -> float:
    return sum(words.above * scale + _line_height(words, scale) * len(_lines(pdf, words, scale)) for words in said)


def _line_height(words: Words, scale: float) -> float:
    return words.size * scale * MM_PER_POINT * LEADING


def _lines(pdf: FPDF, words: Words, scale: float) -> list[str]:
    """The lines of these words, as even as can be: as narrow as they go without needing one line more."""
    pdf.set_font(FONT, words.style, words.size * scale)
    widest = PAGE_WIDTH - 2 * MARGIN
    lines = _broken(pdf, words.text, widest)
    for width in range(int(widest), int(widest / 2), -6):
        narrower = _broken(pdf, words.text, width)
        if len(narrower) > len(lines):
            break
        lines = narrower
    return lines


def _broken(pdf: FPDF, text: str, width: float) -> list[str]:
    lines = pdf.multi_cell(width, None, text, dry_run=True, output="LINES", align="C")
    assert isinstance(lines, list)
    return [str(line) for line in lines]


def _qr(pdf: FPDF, address: str) -> None:
    import segno

    matrix = segno.make(address, error="m", micro=False).matrix
    module = QR_SIZE / len(matrix)
    pdf.set_fill_color(*INK)
    for row, cells in enumerate(matrix):
        for start, end in _dark_runs(cells):
            pdf.rect(MARGIN + start * module, FOOT + row * module, (end - start) * module, module, style="F")


def _dark_runs(cells: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Where dark modules stand in a row together, so that no hairline parts them."""
    start: int | None = None
    for place, dark in enumerate((*cells, 0)):
        if dark and start is None:
            start = place
        elif not dark and start is not None:
            yield start, place
            start = None


def _foot(pdf: FPDF, facts: Certificate) -> None:
    """How to check the certificate beside its QR code, and the day without a signature at the other end."""
    left, right, most = MARGIN + QR_SIZE + 5, 185.0, PAGE_WIDTH - MARGIN
    code, day = Words(facts.code, 12, "B"), Words(f"{facts.issued_at:Ngày %d tháng %m năm %Y}", 11)
    how = Words(f"Quét mã QR, hoặc nhập mã này tại {facts.check_at}", 9, colour=QUIET)
    _note(pdf, (Words("Mã kiểm tra", 9, colour=QUIET), code, how), left, right - left - 5, "L")
    note = "Giấy chứng nhận này do hệ thống hội thi tạo tự động bằng điện tử, không có chữ ký và con dấu."
    _note(pdf, (day, Words(note, 9, colour=QUIET, above=1)), right, most - right, "C")


def _note(pdf: FPDF, said: Sequence[Words], x: float, width: float, align: Literal["L", "C"]) -> None:
    y = FOOT + 1
    for words in said:
        pdf.set_font(FONT, words.style, words.size)
        pdf.set_text_color(*words.colour)
        pdf.set_xy(x, y + words.above)
        pdf.multi_cell(width, _line_height(words, 1), words.text, align=align)
        y = pdf.get_y()
