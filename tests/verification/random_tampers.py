"""Random tampers: one thing somewhere in a bundle changed, by somebody who writes the list of contents anew or not."""

from __future__ import annotations

import hashlib
import json
import random
from typing import Any

from quiz.verification.canonical import canonical

Files = dict[str, bytes]
DOCUMENTS = ("cam-ket", "the-le", "bo-cau-hoi", "bai-thi", "niem-phong", "quyet-dinh", "mo", "ket-qua")


def tampered(files: Files, seed: int) -> Files:
    """The files after one random change; the same seed makes the same change."""
    dice = random.Random(seed)
    changed = dict(files)
    while changed == files:
        if dice.random() < 0.1:
            _touch_a_file(dice, changed)
        else:
            _touch_a_document(dice, changed)
    if dice.random() < 0.9:
        changed["muc-luc.json"] = contents(changed)
    return changed


def contents(files: Files) -> bytes:
    """The list of contents that fits the files."""
    names = sorted(set(files) - {"muc-luc.json"})
    return canonical([{"name": name, "sha256": hashlib.sha256(files[name]).hexdigest()} for name in names])


def _touch_a_file(dice: random.Random, files: Files) -> None:
    name = dice.choice(sorted(files))
    kind = dice.choice(["without", "byte", "space", "more"])
    if kind == "without":
        del files[name]
    elif kind == "more":
        files["them.txt"] = b"x"
    elif kind == "space":
        files[name] += b"\n"
    else:
        at = dice.randrange(len(files[name]))
        files[name] = files[name][:at] + bytes([files[name][at] ^ 1]) + files[name][at + 1 :]


def _touch_a_document(dice: random.Random, files: Files) -> None:
    name = f"{dice.choice(DOCUMENTS)}.json"
    if name in files:
        document = json.loads(files[name])
        _change(dice, *_somewhere(dice, document))
        files[name] = canonical(document)


def _somewhere(dice: random.Random, document: Any) -> tuple[Any, Any]:
    """A container and a name or index in it: the way down is chosen first, so that short lists count too."""
    place, key = document, _one_of(dice, document)
    while isinstance(place[key], dict | list) and place[key] and dice.random() < 0.9:
        place = place[key]
        key = _one_of(dice, place)
    return place, key


def _one_of(dice: random.Random, container: Any) -> Any:
    return dice.choice(sorted(container)) if isinstance(container, dict) else dice.randrange(len(container))


def _change(dice: random.Random, place: Any, key: Any) -> None:
    value = place[key]
    if isinstance(place, list) and dice.random() < 0.4:
        dice.choice([_without, _twice, _swapped])(dice, place, key)
    elif isinstance(value, bool):
        place[key] = not value
    elif isinstance(value, int):
        place[key] = max(0, value + dice.choice([-1, 1, 1, 1000]))
    elif isinstance(value, str):
        place[key] = _other_text(dice, value)
    elif isinstance(value, list) and value:
        dice.choice([_without, _twice, _swapped])(dice, value, dice.randrange(len(value)))
    elif value is None:
        place[key] = dice.choice([0, 1, "x"])
    elif isinstance(place, dict) and dice.random() < 0.2:
        del place[key]


def _without(_dice: random.Random, place: list[Any], key: int) -> None:
    del place[key]


def _twice(dice: random.Random, place: list[Any], key: int) -> None:
    place.insert(dice.randrange(len(place) + 1), place[key])


def _swapped(dice: random.Random, place: list[Any], key: int) -> None:
    other = dice.randrange(len(place))
    place[key], place[other] = place[other], place[key]


def _other_text(dice: random.Random, text: str) -> str:
    """Another letter somewhere: of the same kind, so that hashes stay hashes and answers letters."""
    if not text or dice.random() < 0.1:
        return dice.choice(["", "A", "AB", "BA", "score", "lot", "best", "void"])
    at = dice.randrange(len(text))
    kind = "0123456789" if text[at].isdigit() else "ABCD" if text[at].isupper() else "abcdef"
    return text[:at] + dice.choice(kind) + text[at + 1 :]
