"""Questions in Word documents: tables with titles, or numbered questions with lettered options below them.

The key stands in a line (“Đáp án: B”), in a table of keys, before the option as an asterisk, or in how the option
stands out from the others.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from quiz.questions.formats.docx_keys import keys_of_table
from quiz.questions.formats.docx_list import read_list, standing_out
from quiz.questions.formats.docx_text import DOCUMENT, Line, Table, read_docx_text
from quiz.questions.formats.imported import Imported, Sentence, Taking, Unusable, say
from quiz.questions.formats.lettered import LETTERS, Lettered, cut, letter_sign
from quiz.questions.formats.packed import Packed
from quiz.questions.formats.plain_text import tidy
from quiz.questions.formats.tables import Cell, Column, Header, Row, find_header, read_rows

_LABEL = re.compile(r"\s*(\*?[A-Da-d]|câu(?: hỏi)? \d+|đáp án(?: đúng)?|giải thích)\s*([.):])?\s*", re.IGNORECASE)

__all__ = ["DOCUMENT", "read_docx"]


def read_docx(packed: Packed) -> Imported:
    """Every question of a Word document."""
    taking = Taking()
    lines: list[Line] = []
    keys: dict[int, str] = {}
    tables = 0
    for block in read_docx_text(packed):
        if isinstance(block, Line):
            lines.append(block)
            continue
        tables += 1
        rows: list[Row] = [(number, list(map(_cell, row))) for number, row in enumerate(block.rows, start=1)]
        if found := keys_of_table([[str(cell) for cell in cells] for _, cells in rows]):
            keys |= found
        elif header := find_header(rows):
            read_rows(_with_stars(rows, block, header), header, taking, _where(tables), block.merged)
        else:  # a table that only arranges what stands in it
            lines += [line for row in block.rows for line in _arranged(row)]
    read_list(lines, keys, taking)
    return taking.done()


def _arranged(row: Sequence[Sequence[Line]]) -> list[Line]:
    """The lines of a row; what the first cell calls the second, such as “A” or “Câu 1”, stands before its words."""
    if len(row) == 2 and len(row[0]) == 1 and row[1] and (found := _LABEL.fullmatch(row[0][0].text)):
        label, first = row[0][0], row[1][0]
        text = f"{found[1]}{found[2] or '.' if len(found[1]) == 1 else ':'} "
        marks = [label.common(0, len(label.text))] * len(text)
        return [Line(first.paragraph, text + first.text, [*marks, *first.marks], first.problem), *row[1][1:]]
    return [line for cell in row for line in cell]


def _where(table: int) -> Callable[[int], Sentence]:
    return lambda line: say("table_row", table=table, line=line)


def _cell(lines: Sequence[Line]) -> Cell:
    problem = next((line.problem for line in lines if line.problem), "")
    return say(problem) if problem else tidy("\n".join(line.text for line in lines))


def _with_stars(rows: Sequence[Row], table: Table, header: Header) -> list[Row]:
    """The rows with an asterisk before the options that stand out, where no column gives the key."""
    key = header.columns.get(Column.KEY)
    together = header.columns.get(Column.OPTIONS, header.columns[Column.TEXT])
    starred: list[Row] = []
    for place, (number, cells) in enumerate(rows):
        has_key = key is not None and key < len(cells) and bool(cells[key])
        if place <= header.last or has_key:
            starred.append((number, cells))
        elif header.options:
            starred.append((number, _starred(cells, table.rows[place], header.options)))
        else:
            starred.append((number, _starred_within(cells, table.rows[place], together)))
    return starred


def _starred_within(cells: Sequence[Cell], lines: Sequence[Sequence[Line]], place: int) -> list[Cell]:
    """The same where all options stand in one cell."""
    if place >= len(lines) or not isinstance(cells[place], str):
        return list(cells)
    texts = [line.text for line in lines[place]]
    parts, spots = [], []
    for number, line in enumerate(lines[place]):
        for piece in cut(line.text, letter_sign(texts)):
            if piece.letter:
                marks = line.common(piece.start, piece.begin), line.common(piece.begin, piece.end)
                parts.append((Lettered(piece.letter, ""), *marks))
                spots.append((number, piece.start))
    try:
        options = standing_out(parts)
    except Unusable as no:
        return [no.why if at == place else cell for at, cell in enumerate(cells)]
    for (number, start), option in reversed(list(zip(spots, options, strict=True))):
        if option.is_marked:
            texts[number] = f"{texts[number][:start]}*{texts[number][start:]}"
    return [tidy("\n".join(texts)) if at == place else cell for at, cell in enumerate(cells)]


def _starred(cells: Sequence[Cell], lines: Sequence[Sequence[Line]], options: Sequence[int]) -> list[Cell]:
    places = [place for place in options if place < len(lines) and lines[place]]
    parts = []
    for letter, place in zip(LETTERS, places, strict=False):
        marks = [line.common(0, len(line.text)) for line in lines[place]]
        common = marks[0]
        for mark in marks[1:]:
            common &= mark
        parts.append((Lettered(letter, ""), common, common))
    try:
        right = {place for place, option in zip(places, standing_out(parts), strict=False) if option.is_marked}
    except Unusable as no:
        return [no.why if place in options else cell for place, cell in enumerate(cells)]
    return [f"*{cell}" if place in right and isinstance(cell, str) else cell for place, cell in enumerate(cells)]
