"""Questions in Word documents: tables with titles, or numbered questions with lettered options below them.

The key stands in a line (“Đáp án: B”), in a table of keys, before the option as an asterisk, or in how the option
stands out from the others.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from quiz.questions.formats.docx_keys import keys_of_table
from quiz.questions.formats.docx_list import read_list, standing_out
from quiz.questions.formats.docx_text import DOCUMENT, Line, Table, read_docx_text
from quiz.questions.formats.imported import Imported, Sentence, Taking, Unusable, say
from quiz.questions.formats.lettered import LETTERS, Lettered
from quiz.questions.formats.packed import Packed
from quiz.questions.formats.plain_text import tidy
from quiz.questions.formats.tables import Cell, Column, Header, Row, find_header, read_rows

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
        if header := find_header(rows):
            read_rows(_with_stars(rows, block, header), header, taking, _where(tables))
        elif found := keys_of_table([[str(cell) for cell in cells] for _, cells in rows]):
            keys |= found
        else:  # a table that only arranges what stands in it
            lines += [line for row in block.rows for cell in row for line in cell]
    read_list(lines, keys, taking)
    return taking.done()


def _where(table: int) -> Callable[[int], Sentence]:
    return lambda line: say("table_row", table=table, line=line)


def _cell(lines: Sequence[Line]) -> Cell:
    problem = next((line.problem for line in lines if line.problem), "")
    return say(problem) if problem else tidy("\n".join(line.text for line in lines))


def _with_stars(rows: Sequence[Row], table: Table, header: Header) -> list[Row]:
    """The rows with an asterisk before the options that stand out, where no column gives the key."""
    key = header.columns.get(Column.KEY)
    return [
        (number, cells)
        if place <= header.last or (key is not None and key < len(cells) and cells[key])
        else (number, _starred(cells, table.rows[place], header.options))
        for place, (number, cells) in enumerate(rows)
    ]


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
