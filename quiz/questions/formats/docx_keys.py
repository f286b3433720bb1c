"""Keys that a document gives apart from its questions: lines such as “1-A 2-C 3-B,D”, or tables of the same."""

from __future__ import annotations

import re
from collections.abc import Sequence

_PAIR = re.compile(
    r"(?:câu\s*)?(\d{1,4})\s*[-–.:)=]?\s*([A-H](?:\s?[,&+]?\s?[A-H])*)(?![^\W_])\s*[.;,|]?\s*", re.IGNORECASE
)
_NUMBER = re.compile(r"(?:câu\s*)?(\d{1,4})\.?", re.IGNORECASE)
_LETTERS = re.compile(r"[A-H](?:\s?[,&+]?\s?[A-H])*", re.IGNORECASE)
_TITLES = re.compile(r"(?:câu(?: hỏi)?|câu số|stt|tt|đáp án|đáp án đúng|đ/?a|phương án đúng|)", re.IGNORECASE)


def key_pairs(text: str) -> dict[int, str]:
    """Numbers with their letters, where a line holds nothing else."""
    place, found = 0, {}
    text = text.strip()
    while place < len(text):
        pair = _PAIR.match(text, place)
        if not pair:
            return {}
        found[int(pair[1])] = pair[2].upper()
        place = pair.end()
    return found


def keys_of_table(rows: Sequence[Sequence[str]]) -> dict[int, str]:
    """The keys of a table that holds numbers and letters only, side by side, one above the other or in one cell."""
    cells = [cell for row in rows for cell in row if not _TITLES.fullmatch(cell)]
    pairs = [key_pairs(cell) for cell in cells]
    if cells and all(pairs):
        return {number: letters for pair in pairs for number, letters in pair.items()}
    if not all(_NUMBER.fullmatch(cell) or _LETTERS.fullmatch(cell) for cell in cells):
        return {}
    return _beside(rows) or _below(rows)


def _beside(rows: Sequence[Sequence[str]]) -> dict[int, str]:
    found = {}
    for row in rows:
        cells = [cell for cell in row if not _TITLES.fullmatch(cell)]
        for first, second in zip(cells[::2], cells[1::2], strict=False):
            number = _NUMBER.fullmatch(first)
            if not number or not _LETTERS.fullmatch(second):
                return {}
            found[int(number[1])] = second.upper()
    return found


def _below(rows: Sequence[Sequence[str]]) -> dict[int, str]:
    found = {}
    for upper, lower in zip(rows[::2], rows[1::2], strict=False):
        for above, below in zip(upper, lower, strict=False):
            number = _NUMBER.fullmatch(above)
            if number and _LETTERS.fullmatch(below):
                found[int(number[1])] = below.upper()
    return found
