"""What differs between two wordings of a question, field by field and word by word."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

from quiz.questions.bank import LETTERS
from quiz.questions.wording import Wording

_TOKEN = re.compile(r"\s+|\w+(?:[/.,:–-]\w+)*|[^\w\s]")


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words of a text; `differs` where the other text does not have them."""

    text: str
    differs: bool


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A field that differs: its name as in the bank file ('options.B'), the old text and the new one in pieces."""

    field: str
    before: tuple[Piece, ...]
    after: tuple[Piece, ...]


def changes(before: Wording, after: Wording) -> tuple[FieldChange, ...]:
    """The fields that differ, in the order in which people read a question."""
    olds, news = dict(_texts(before)), dict(_texts(after))
    return tuple(FieldChange(name, *_pieces(olds[name], news[name])) for name in olds if olds[name] != news[name])


def _texts(wording: Wording) -> Iterator[tuple[str, str]]:
    yield from ((name, getattr(wording, name)) for name in ("topic", "level", "text"))
    yield from ((f"options.{letter}", text) for letter, text in zip(LETTERS, wording.options, strict=True))
    yield "key", ", ".join(wording.key)
    names = ("explanation", "document", "article", "valid_from", "valid_until")
    yield from ((name, getattr(wording, name)) for name in names)
    yield "facts", ", ".join(wording.facts)


def _pieces(before: str, after: str) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    """Both texts cut where they part; a space between two differing words differs with them."""
    olds, news = _TOKEN.findall(before), _TOKEN.findall(after)
    old, new = list[Piece](), list[Piece]()
    for kind, *(old_from, old_to, new_from, new_to) in SequenceMatcher(None, olds, news, autojunk=False).get_opcodes():
        differs = kind != "equal"
        _add(old, "".join(olds[old_from:old_to]), differs)
        _add(new, "".join(news[new_from:new_to]), differs)
    return tuple(old), tuple(new)


def _add(pieces: list[Piece], text: str, differs: bool) -> None:
    if text:
        pieces.append(Piece(text, differs))
