"""Text as files can hold it: neither XML nor a page has a place for control characters, nor a file name for slashes."""

from __future__ import annotations

from quiz.vietnamese import clean


def printable(text: str) -> str:
    """The text on one line, without characters that cannot be printed."""
    return clean("".join(letter for letter in clean(text) if letter.isprintable()))


def file_name(stem: str, ending: str, most: int = 150) -> str:
    """A file name that every system accepts, with its Vietnamese letters."""
    kept = "".join(" " if letter in '\\/:*?"<>|' else letter for letter in stem)
    return f"{printable(kept)[:most].strip(' .')}.{ending}"
