"""What was published beside what is computed anew, where the two differ, in sentences of Vietnamese and English."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import zip_longest
from typing import Any

from quiz.verification.words import STEP_WORDS, Words

Json = dict[str, Any]

NONE: Words = ("không có", "none")
STRANGE: Words = ("có mục lạ", "something unknown stands there")
TARGET: Words = ("con số phải dự đoán", "the figure to be predicted")
TALLY: Mapping[str, Words] = {
    "people": ("số người được xếp hạng", "people ranked"),
    "people_all_right": ("số người đúng cả đề", "people with everything right"),
    "attempts": ("số lượt thi", "attempts"),
}
STANDING: Mapping[str, Words] = {
    "place": ("vị trí", "place"),
    "rank": ("hạng", "rank"),
    "score": ("số điểm", "score"),
    "decided_by": ("tiêu chí xếp trên người kế tiếp", "what puts it above the next"),
    "moment_order": ("thứ tự nộp bài", "order of hand-in"),
    "registered_order": ("thứ tự đăng ký", "order of registration"),
}


def tally(said: Json, found: Json) -> Words:
    """The figures of a division that differ."""
    return _parts(said, found, TALLY)


def target(said: object, found: object) -> Words:
    """That the figure to be predicted is another."""
    return _part(TARGET, _value(said), _value(found))


def standing(said: Json, found: Json) -> Words:
    """Another attempt that stands in a place, or what is said otherwise of the same."""
    if said["code"] == found["code"]:
        vi, en = _parts(said, found, STANDING)
        return f"bài {found['code']}: {vi}", f"record {found['code']}: {en}"
    return (
        f"công bố bài {said['code']} ({said['score']} điểm), tính lại được bài {found['code']} ({found['score']} điểm)",
        f"published {said['code']} (score {said['score']}), recomputed {found['code']} (score {found['score']})",
    )


def winners(said: Sequence[Json], found: Sequence[Json]) -> Iterator[Words]:
    """Every prize that goes to another attempt, or is another prize."""
    return _pairs(said, found, _won)


def undecided(said: Sequence[Json], found: Sequence[Json]) -> Iterator[Words]:
    """Every tie at prizes that is said to be another."""
    return _pairs(said, found, _tied)


def _pairs(said: Sequence[Json], found: Sequence[Json], words: Callable[[Json], Words]) -> Iterator[Words]:
    for one, other in zip_longest(said, found):
        if one != other:
            published, recomputed = (NONE if each is None else words(each) for each in (one, other))
            yield _part(("giải thưởng", "prizes"), published, recomputed)


def _won(one: Json) -> Words:
    return (
        f"{one['prize']} cho bài {one['code']} ở vị trí {one['place']}",
        f"{one['prize']} to record {one['code']} in place {one['place']}",
    )


def _tied(one: Json) -> Words:
    prizes, codes = ", ".join(one["prizes"]), ", ".join(one["codes"])
    return f"{prizes} chưa phân định giữa các bài {codes}", f"{prizes} undecided between {codes}"


def _parts(said: Json, found: Json, named: Mapping[str, Words]) -> Words:
    differing = [name for name in named if said[name] != found[name]]
    parts = [_part(named[name], _value(said[name], name), _value(found[name], name)) for name in differing]
    return _joined(parts or [STRANGE])


def _part(name: Words, said: Words, found: Words) -> Words:
    return (
        f"{name[0]} công bố là {said[0]}, tính lại là {found[0]}",
        f"{name[1]}: published {said[1]}, recomputed {found[1]}",
    )


def _value(value: object, name: str = "") -> Words:
    if value is None:
        return NONE
    if name == "decided_by":
        return STEP_WORDS.get(str(value), NONE)
    return str(value), str(value)


def _joined(parts: Iterable[Words]) -> Words:
    vi, en = zip(*parts, strict=True)
    return "; ".join(vi), "; ".join(en)
