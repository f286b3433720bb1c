"""The winners of a publication as a picture for social networks: 1200×630, the same facts always the same bytes."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from functools import lru_cache
from itertools import product
from typing import TYPE_CHECKING

from quiz.exports.certificate import FONT, FONTS, GOLD, INK, OTHER_LETTERS, QUIET, RED
from quiz.exports.printable import printable
from quiz.vietnamese import moment

if TYPE_CHECKING:
    from PIL.ImageDraw import ImageDraw
    from PIL.ImageFont import FreeTypeFont

Colour = tuple[int, int, int]

WIDTH, HEIGHT, MARGIN, GUTTER = 1200, 630, 56, 44
HEAD, TOP, BOTTOM, FOOT = 148, 176, 562, 576
"""The red head ends, the winners begin and end, the foot begins."""
PAPER, WHITE, PALE = (255, 250, 242), (255, 255, 255), (250, 226, 190)
REGULAR, BOLD = 400, 700
LEADING = 1.28
COLUMNS = (1, 2, 3)
SCALES = tuple(percent / 100 for percent in range(190, 58, -4))
"""From large to as small as can still be read on a phone."""
SMALL_SCALES = tuple(scale for scale in SCALES if scale < 0.8)
WAYS = ((SCALES, 3, False), (SMALL_SCALES, 2, True), (SMALL_SCALES, 1, True))
"""Sizes to try, lines that a name may take, and whether it may be cut: only where nothing else makes all fit."""
MEASURED_AT = 100
NOBODY = "Không có ai đủ điều kiện nhận giải."


@dataclass(frozen=True, slots=True, kw_only=True)
class Award:
    """One prize and who wins it."""

    prize: str
    name: str
    agency: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """The awards of one division, or of the whole contest; `name` is '' where there is only one."""

    name: str
    awards: tuple[Award, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WinnersPicture:
    """What one picture says. `note` is what must be known besides, `address` where to read more; both may be ''."""

    contest: str
    heading: str
    number: int
    published_at: datetime
    zone: tzinfo
    groups: tuple[Group, ...]
    address: str = ""
    note: str = ""

    @property
    def dated(self) -> str:
        """Which publication it is, and when it was made."""
        correction = " (đính chính)" if self.number > 1 else ""
        return f"Công bố lần {self.number}{correction}, {moment(self.published_at, self.zone)}"


@dataclass(frozen=True, slots=True)
class Words:
    """Some words, their size in pixels and the space above them."""

    text: str
    size: float
    weight: int = REGULAR
    colour: Colour = INK
    above: float = 0

    def scaled(self, scale: float) -> Words:
        """The same, larger or smaller."""
        return replace(self, size=self.size * scale, above=self.above * scale)


@dataclass(frozen=True, slots=True)
class Line:
    """One line that fits, below the one before it."""

    words: Words
    text: str


@dataclass(frozen=True, slots=True)
class Cell:
    """The lines of one award, and whether any of its words had to be cut."""

    lines: tuple[Line, ...]
    is_cut: bool

    @property
    def height(self) -> float:
        """From the space above its first line to the foot of its last."""
        return sum(line.words.above + line.words.size * LEADING for line in self.lines)


def winners_picture(facts: WinnersPicture) -> bytes:
    """The picture as PNG."""
    from PIL import Image, ImageDraw

    picture = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
    draw = ImageDraw.Draw(picture)
    _head(draw, facts)
    columns, places = _arranged(_awards(facts))
    top = TOP + (BOTTOM - TOP - max(map(_height, columns))) / 2
    for column, (left, _width) in zip(columns, places, strict=False):
        y = top - column[0].lines[0].words.above
        for cell in column:
            _write(draw, cell, left, y)
            y += cell.height
    _foot(draw, facts)
    out = io.BytesIO()
    picture.save(out, "PNG", optimize=True)
    return out.getvalue()


def _head(draw: ImageDraw, facts: WinnersPicture) -> None:
    """The contest above the heading, and at the right of that what must be known besides."""
    draw.rectangle((0, 0, WIDTH, HEAD), fill=RED)
    draw.rectangle((0, HEAD, WIDTH, HEAD + 5), fill=GOLD)
    room = WIDTH - 2 * MARGIN
    note = Words(printable(facts.note), 24, BOLD, PALE)
    beside = _length(note, note.text) + GUTTER if facts.note else 0
    sizes = (Words(printable(facts.contest), size, BOLD, PALE) for size in (28, 25, 22, 19))
    title = next(words for words in sizes if words.size == 19 or _length(words, words.text) <= room)
    heading = _cell((Words(printable(facts.heading), 52, BOLD, WHITE),), room - beside, most=1)
    cell = Cell(_cell((title,), room, most=2).lines + heading.lines, is_cut=False)
    _write(draw, cell, MARGIN, (HEAD - cell.height) / 2)
    _beside(draw, note, note.text, (HEAD + cell.height) / 2 - 52 * (LEADING - 1))


def _awards(facts: WinnersPicture) -> list[tuple[Words, ...]]:
    """What stands in each cell at its usual size; a group's name stands over its first award."""
    cells: list[tuple[Words, ...]] = []
    for group in facts.groups:
        above = (Words(printable(group.name), 25, BOLD, INK, above=20),) if group.name else ()
        for award in group.awards:
            own = (
                Words(printable(award.prize), 22, BOLD, RED, above=8 if above else 20),
                Words(printable(award.name), 34, BOLD),
                Words(printable(award.agency), 22, REGULAR, QUIET),
            )
            cells.append((*above, *(words for words in own if words.text)))
            above = ()
    return cells or [(Words(NOBODY, 32, BOLD),)]


def _arranged(awards: Sequence[tuple[Words, ...]]) -> tuple[list[list[Cell]], list[tuple[float, float]]]:
    """Every award as large as all of them fit, whole if possible; otherwise as many as fit, and how many more."""
    for scales, most, may_cut in WAYS:
        for scale, count in product(scales, COLUMNS):
            cells = [_scaled(words, scale, count, most) for words in awards]
            if (may_cut or not any(cell.is_cut for cell in cells)) and (columns := _flow(cells, count)):
                return columns, _places(count)
    scale, count, shown = SCALES[-1], COLUMNS[-1], len(awards) - 1
    while not (columns := _flow([_scaled(words, scale, count, 1) for words in _some(awards, shown)], count)):
        shown -= 1
    return columns, _places(count)


def _some(awards: Sequence[tuple[Words, ...]], shown: int) -> list[tuple[Words, ...]]:
    """The first awards, and how many more there are."""
    more = Words(f"và {len(awards) - shown} giải khác", 28, BOLD, INK, above=20)
    return [*awards[:shown], (more,)]


def _scaled(words: Sequence[Words], scale: float, count: int, most: int) -> Cell:
    return _cell(tuple(each.scaled(scale) for each in words), _places(count)[0][1], most)


def _places(count: int) -> list[tuple[float, float]]:
    """Where each of so many columns begins, and how wide it is."""
    width = (WIDTH - 2 * MARGIN - GUTTER * (count - 1)) / count
    return [(MARGIN + place * (width + GUTTER), width) for place in range(count)]


def _flow(cells: Sequence[Cell], count: int) -> list[list[Cell]]:
    """The cells in at most so many columns, as even as can be; [] where they do not fit."""
    for room in range(int(max(cell.height for cell in cells)) + 1, BOTTOM - TOP, 6):
        columns: list[list[Cell]] = [[]]
        for cell in cells:
            if _height([*columns[-1], cell]) > room:
                columns.append([])
            columns[-1].append(cell)
        if len(columns) <= count:
            return columns
    return []


def _height(column: Sequence[Cell]) -> float:
    """Of a column, which begins without the space above its first cell."""
    return sum(cell.height for cell in column) - column[0].lines[0].words.above


def _cell(words: Sequence[Words], width: float, most: int) -> Cell:
    lines: list[Line] = []
    is_cut = False
    for each in words:
        broken = list(_broken(each, width))
        is_cut |= len(broken) > most or any(_length(each, text) > width for text in broken)
        kept = [*broken[: most - 1], " ".join(broken[most - 1 :])] if len(broken) > most else broken
        for place, text in enumerate(kept):
            lines.append(Line(each if place == 0 else replace(each, above=0), _ellipsized(each, text, width)))
    return Cell(tuple(lines), is_cut)


def _broken(words: Words, width: float) -> Iterator[str]:
    """The words on as many lines as they need."""
    line = ""
    for word in words.text.split(" "):
        longer = f"{line} {word}".strip()
        if line and _length(words, longer) > width:
            yield line
            line = word
        else:
            line = longer
    yield line


def _ellipsized(words: Words, text: str, width: float) -> str:
    if _length(words, text) <= width:
        return text
    while text and _length(words, f"{text}…") > width:
        text = text[:-1].rstrip()
    return f"{text}…"


def _write(draw: ImageDraw, cell: Cell, left: float, y: float) -> None:
    for line in cell.lines:
        y += line.words.above
        font = _font(line.words.weight, line.words.size)
        draw.text((left, y + line.words.size), line.text, font=font, fill=line.words.colour, anchor="ls")
        y += line.words.size * LEADING


def _foot(draw: ImageDraw, facts: WinnersPicture) -> None:
    """Which publication it is, and at the right where to read more."""
    draw.line((MARGIN, FOOT, WIDTH - MARGIN, FOOT), fill=GOLD, width=2)
    address = Words(printable(facts.address), 20, BOLD, RED)
    dated = Words(facts.dated, 20, REGULAR, QUIET)
    most = (WIDTH - 2 * MARGIN) * 0.4
    _beside(draw, address, _ellipsized(address, address.text, most), HEIGHT - 20)
    draw.text((MARGIN, HEIGHT - 20), dated.text, font=_font(dated.weight, dated.size), fill=dated.colour, anchor="ls")


def _beside(draw: ImageDraw, words: Words, text: str, y: float) -> None:
    """One line that ends at the right margin."""
    draw.text((WIDTH - MARGIN, y), text, font=_font(words.weight, words.size), fill=words.colour, anchor="rs")


def _length(words: Words, text: str) -> float:
    """How long the text is, up to a hundredth: words are measured once for all sizes."""
    return _measured(words.weight, text) * words.size / MEASURED_AT


@lru_cache(maxsize=8192)
def _measured(weight: int, text: str) -> float:
    return 1.01 * _font(weight, MEASURED_AT).getlength(text)


@lru_cache(maxsize=128)
def _font(weight: int, size: float) -> FreeTypeFont:
    from PIL import ImageFont

    return ImageFont.truetype(io.BytesIO(_whole_font(weight)), size, layout_engine=ImageFont.Layout.BASIC)


@lru_cache
def _whole_font(weight: int) -> bytes:
    """The vendored font in one piece: it comes in three, by alphabets, and Vietnamese words need all of them."""
    from fontTools.merge import Merger

    font = Merger().merge([str(FONTS / f"{name}-{weight}-normal.woff") for name in (FONT, *OTHER_LETTERS)])
    font.flavor = None
    out = io.BytesIO()
    font.save(out)
    return out.getvalue()
