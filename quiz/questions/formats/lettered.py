"""Options as people letter them in running text: “A. …” on lines of their own or several to a line, some marked."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from quiz.questions.formats.drafts import ALL, LONGEST, Choice
from quiz.questions.formats.imported import Unusable
from quiz.vietnamese import clean, without_marks

LETTERS = "ABCDEFGH"
_LETTER = r"(?:^|(?<=\s))(\*?)\s?([{}])\s?([.)]|[/:](?=\s))"
_UPPER, _LOWER = re.compile(_LETTER.format("A-H")), re.compile(_LETTER.format("a-h"))
_BEFORE_KEY = re.compile(
    r"(?:(?:cac )?(?:phuong an|dap an|cau|y|option|answer)(?: dung| chinh xac)?(?: la)?)? ?[:-]? ?"
)
_JOINED = re.compile(r"[\s,;.&+/()|-]+|\b(?:và|va|and)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Lettered:
    """One option, and whether an asterisk, bold letters or a colour marks it as right."""

    letter: str
    text: str
    is_marked: bool = False


def options_in(text: str) -> tuple[str, list[Lettered]]:
    """The words before the options, and the options; raises Unusable.

    A line without a letter goes on with what is above it.
    """
    if len(text) > LONGEST:
        raise Unusable("too_long", length=len(text), most=LONGEST)
    lines = text.split("\n")
    sign = letter_sign(lines)
    before: list[str] = []
    options: list[Lettered] = []
    for line in lines:
        for piece in cut(line, sign):
            words, is_starred = piece.words(line)
            if piece.letter and ord(piece.letter) == ord("A") + len(options):
                options.append(Lettered(piece.letter, words, is_starred))
            elif piece.letter and options:
                raise Unusable("option_order", letter=piece.letter)
            elif options:
                last = options.pop()
                options.append(Lettered(last.letter, f"{last.text} {words}".strip(), last.is_marked))
            else:
                before.append(line.strip() if piece.letter else words)
    return "\n".join(before), options


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a line: its letter, '' for words without one; where the letter begins, the words begin and end."""

    letter: str
    start: int
    begin: int
    end: int
    has_star: bool

    def words(self, line: str) -> tuple[str, bool]:
        """The words, and whether an asterisk stands before the letter or at either end of them."""
        words = line[self.begin : self.end].strip()
        is_starred = bool(self.letter) and (self.has_star or words.startswith("*") or words.endswith("*"))
        return (words.strip("* ") if is_starred else words), is_starred


def letter_sign(lines: Sequence[str]) -> re.Pattern[str]:
    """How options are lettered in a text: by small letters only where lines begin with a small a and none with A."""
    first = {found[2] for sign in (_UPPER, _LOWER) for line in lines if (found := sign.match(line))}
    return _LOWER if "a" in first and "A" not in first else _UPPER


def cut(line: str, sign: re.Pattern[str]) -> Iterator[Piece]:
    """The options on a line, one piece of words where there are none.

    Only letters that follow each other from the beginning of the line count: “A. nhóm D. x” is one option.
    """
    places: list[re.Match[str]] = []
    for each in sign.finditer(line):
        is_next = bool(places) and ord(each[2]) == ord(places[-1][2]) + 1 and each[3] == places[-1][3]
        if is_next or (not places and not line[: each.start()].strip()):
            places.append(each)
    if not places:
        yield Piece("", 0, 0, len(line), has_star=False)
        return
    for each, end in zip(places, [*(each.start() for each in places[1:]), len(line)], strict=True):
        yield Piece(each[2].upper(), each.start(2), each.end(), end, has_star=bool(each[1]))


def to_choices(options: Sequence[Lettered], key: str) -> list[Choice]:
    """The options with the points that the key, or where there is none the marks, give them; raises Unusable."""
    if key.strip():
        right = right_places(key, [option.text for option in options])
    else:
        right = {place for place, option in enumerate(options) if option.is_marked}
    share = ALL / len(right) if right else Fraction(0)
    return [Choice(option.text, share if place in right else Fraction(0)) for place, option in enumerate(options)]


def right_places(key: str, options: Sequence[str]) -> set[int]:
    """Which options a key names: by letters, by numbers from 1, or by its text; raises Unusable.

    A word that is both the text of one option and the letter or number of another names neither; capitals that stand
    alone are always letters.
    """
    key = clean(key)
    found = _BEFORE_KEY.match(without_marks(key))
    words = _JOINED.sub(" ", key[found.end() :] if found else key).split()
    named = _named(words)
    same = {place for place, text in enumerate(options) if _alike(text) == _alike(key)}
    if all(word in LETTERS for word in words if len(word) == 1) and all(len(word) == 1 for word in words):
        same = set()
    if len(same) == 1 and named <= same:
        return same
    if same or not named or max(named) >= len(options):
        raise Unusable("key_unknown", key=key[:60])
    return named


def _named(words: Sequence[str]) -> set[int]:
    if all(re.fullmatch(r"[A-H]+|[a-h]", word) for word in words):
        return {ord(letter) - ord("A") for word in words for letter in word.upper()}
    return {int(word) - 1 for word in words} if all(re.fullmatch(r"[1-8]", word) for word in words) else set()


def _alike(text: str) -> str:
    return clean(text).casefold().rstrip(" .")
