"""Contest files as hurried people leave them: valid ones, spoilt by chance in up to three ways."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from tests.contest.random_files import valid_contest


def random_contest(seed: int) -> str:
    """A contest file: about half are valid, the others spoilt; the same for the same seed."""
    chance, text = Random(f"spoilt {seed}"), valid_contest(seed)
    for _ in range(chance.choice((0, 0, 0, 0, 1, 1, 2, 3))):
        text = chance.choice(SPOILS)(chance, text)
    return text


JUNK = (
    *(
        "",
        "-1",
        "0",
        "1",
        "999999999999",
        "1e9",
        "007",
        "3,5",
        "3.5",
        "none",
        "~",
        "true",
        "không",
        "2024-02-30",
        "24:60",
    ),
    *(
        "[]",
        "{}",
        "[[[[]]]]",
        "{a: {b: c}}",
        "*x",
        "&x y",
        "!!python/object:os.system x",
        "'",
        '"',
        "|",
        "a: b",
        "- a",
        "…",
    ),
    *("score", "lot", "prediction", "week", "contest", "Europe/Berlin", "Asia", "../../etc/passwd"),
    *("\\", "@", "%", "\u200b", "x" * 3000),
)


def _lines(text: str) -> list[str]:
    return text.split("\n")


def _at_line(change: Callable[[Random, str], str]) -> Callable[[Random, str], str]:
    def spoil(chance: Random, text: str) -> str:
        lines = _lines(text)
        place = chance.randrange(len(lines))
        lines[place] = change(chance, lines[place])
        return "\n".join(lines)

    return spoil


def _junk_value(chance: Random, line: str) -> str:
    name, colon, _ = line.partition(": ")
    return f"{name}{colon}{chance.choice(JUNK)}" if colon else f"{line}{chance.choice(JUNK)}"


def _misspelt(chance: Random, line: str) -> str:
    if not line:
        return line
    at = chance.randrange(len(line))
    return line[:at] + chance.choice(("", "x", " ", "\t", ":", "đ", "\0", "}", "]", "#", line[at] * 2)) + line[at + 1 :]


def _tab(_: Random, line: str) -> str:
    return "\t" + line


def _indented(chance: Random, line: str) -> str:
    return chance.choice(("  ", " ", "        ")) + line


def _outdented(_: Random, line: str) -> str:
    return line.strip()


def _cut_short(chance: Random, text: str) -> str:
    return text[: chance.randrange(len(text) + 1)]


def _line_gone(chance: Random, text: str) -> str:
    lines = _lines(text)
    del lines[chance.randrange(len(lines))]
    return "\n".join(lines)


def _line_twice(chance: Random, text: str) -> str:
    lines = _lines(text)
    lines.insert(chance.randrange(len(lines)), chance.choice(lines))
    return "\n".join(lines)


def _words_swapped(chance: Random, text: str) -> str:
    words = sorted(set(text.replace(",", " ").replace("{", " ").split()))
    one, other = chance.choice(words), chance.choice(words)
    return text.replace(one, other, chance.choice((1, -1)))


def _number_changed(chance: Random, text: str) -> str:
    places = [place for place, letter in enumerate(text) if letter.isdigit()]
    at = chance.choice(places) if places else 0
    return text[:at] + chance.choice(("", "0", "1", "9", "99", "٣")) + text[at + 1 :]


SPOILS: tuple[Callable[[Random, str], str], ...] = (
    _at_line(_junk_value),
    _at_line(_misspelt),
    _at_line(_tab),
    _at_line(_indented),
    _at_line(_outdented),
    _cut_short,
    _line_gone,
    _line_twice,
    _words_swapped,
    _number_changed,
)
