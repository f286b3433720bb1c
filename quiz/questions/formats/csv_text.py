"""Tables as text: values parted by commas, semicolons or tabs, whichever shows a header."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from contextlib import suppress
from itertools import islice

from quiz.questions.formats.imported import MOST_QUESTIONS, Imported, RefusedFile, Taking, say
from quiz.questions.formats.tables import MOST_COLUMNS, TITLE_ROWS, Row, find_header, read_rows

_SEPARATORS = ",;\t|"
_BEGINNING = 200_000
_SAID = re.compile(r"sep=(.)\n", re.IGNORECASE)


def looks_like_csv(text: str) -> bool:
    """Whether the first rows hold the titles of a table of questions."""
    return bool(_separator(text))


def read_csv(text: str) -> Imported:
    """Every question of a table whose separator shows a header."""
    taking = Taking()
    rows: list[Row] = []
    try:
        for number, cells in _rows(text, _separator(text)):
            if any(map(str.strip, cells[MOST_COLUMNS:])):
                taking.refuse(say("line", line=number), "far_cells", most=MOST_COLUMNS)
            rows.append((number, cells[:MOST_COLUMNS]))
            if len(rows) > MOST_QUESTIONS + TITLE_ROWS:
                raise RefusedFile("too_many", most=MOST_QUESTIONS)
    except csv.Error:
        raise RefusedFile("csv_broken", line=rows[-1][0] if rows else 1) from None
    if header := find_header(rows):
        read_rows(rows, header, taking, lambda line: say("line", line=line))
    return taking.done()


def _separator(text: str) -> str:
    """The separator under which there is a header; a first line sep=; names it, as Excel understands."""
    said = _SAID.match(text)
    for each in said[1] if said else _SEPARATORS:
        rows: list[Row] = []
        with suppress(csv.Error):  # what was read before the fault is enough
            first = islice(_rows(text[:_BEGINNING], each), TITLE_ROWS + 1)
            rows.extend((number, cells[:MOST_COLUMNS]) for number, cells in first)
        if find_header(rows):
            return each
    return ""


def _rows(text: str, separator: str) -> Iterator[tuple[int, list[str]]]:
    """Records that are not blank, counted as Excel counts its rows."""
    said = _SAID.match(text)
    source = io.StringIO(text[said.end() :] if said else text, newline="")
    for number, cells in enumerate(csv.reader(source, delimiter=separator, strict=True), start=2 if said else 1):
        if any(map(str.strip, cells)):
            yield number, cells
