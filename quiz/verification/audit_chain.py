"""The chain of the audit log: what each entry commits to, and what is wrong with a log that somebody touched.

Who acted (as a code of the list), the facts and the reason are committed apart, with a salt that dies when they are
erased; what is then left is committed to by the act that erased it. The chain itself never changes.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from itertools import chain

from quiz.verification.canonical import fingerprint, tagged

GENESIS = tagged("audit-genesis", b"").hex()
"""What the first entry follows."""
ERASING = "erase_facts"
"""The act whose fact `entries` names, by number, what is left of each entry that it erased something of."""
MOST_REMOVED = 1000
"""So many entries taken out in a row, and the rest numbered anew, are still recognised as that."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chained:
    """An entry with its place. `actor` is a number without a name; `facts` is the text of a JSON object."""

    number: int
    at: str
    actor: int | None
    who: str
    act: str
    facts: str
    reason: str
    salt: str
    facts_hash: str
    link: str
    erased: bool


@dataclass(frozen=True, slots=True)
class Head:
    """The link of the newest of so many entries, as somebody noted it down."""

    count: int
    link: str


class Fault(StrEnum):
    """What can be wrong with a log."""

    CHANGED = "changed"
    CHANGED_FACTS = "changed_facts"
    MISSING = "missing"
    REORDERED = "reordered"
    INSERTED = "inserted"
    CUT = "cut"
    REWRITTEN = "rewritten"
    ERASED_UNSAID = "erased_unsaid"
    NOT_ERASED = "not_erased"


@dataclass(frozen=True, slots=True)
class Verdict:
    """How far the log is whole, and the first thing wrong: at which entry, or against which head."""

    count: int
    link: str
    fault: Fault | None = None
    number: int = 0
    head: Head | None = None
    erased: Mapping[int, int] = field(default_factory=dict)
    """By the number of the act that erased: of how many entries."""


def moment(at: datetime) -> str:
    """A moment as it is hashed: UTC, always with six digits of the second, '2026-11-21T12:11:40.000000Z'."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def facts_hash(salt: str, who: str, facts: str, reason: str) -> str:
    """What an entry commits to of all that may be personal."""
    return fingerprint("audit-facts", {"salt": salt, "who": who, "facts": facts, "reason": reason})


def link(previous: str, number: int, at: str, actor: int | None, act: str, facts: str) -> str:
    """What the next entry follows; `facts` is the hash of them."""
    entry = {"previous": previous, "number": number, "at": at, "actor": actor, "act": act, "facts_hash": facts}
    return fingerprint("audit-entry", entry)


def check(entries: Iterable[Chained], heads: Sequence[Head] = ()) -> Verdict:
    """Follow the chain from its beginning, entry by entry, comparing it with heads that were noted down."""
    walk, end = iter(entries), Head(0, GENESIS)
    noted, erasures = defaultdict(list), _Erasures()
    for head in heads:
        noted[head.count].append(head)
    for each in chain((None,), walk):
        if each is not None:
            fault = _broken(each, end, walk) or erasures.meet(each)
            if fault:
                beyond = heads and not noted and fault[0] is Fault.CHANGED
                return Verdict(end.count, end.link, Fault.INSERTED if beyond else fault[0], fault[1])
            end = Head(each.number, each.link)
        for head in noted.pop(end.count, ()):
            if head.link != end.link:
                return Verdict(end.count, end.link, Fault.REWRITTEN, end.count, head)
    if noted:
        return Verdict(end.count, end.link, Fault.CUT, end.count + 1, noted[max(noted)][0])
    if unsaid := erasures.unsaid():
        return Verdict(end.count, end.link, *unsaid)
    return Verdict(end.count, end.link, erased=erasures.counted())


class _Erasures:
    """What is left of entries, against what the acts that erased say is left."""

    def __init__(self) -> None:
        self._left: dict[int, str] = {}
        self._said: dict[int, tuple[int, str]] = {}

    def meet(self, entry: Chained) -> tuple[Fault, int] | None:
        """Look at one entry; what is wrong with its facts where nothing of them was erased."""
        now = facts_hash(entry.salt, entry.who, entry.facts, entry.reason)
        if entry.erased:
            self._left[entry.number] = now
        elif now != entry.facts_hash:
            return Fault.CHANGED_FACTS, entry.number
        elif entry.act == ERASING:
            self._said |= {int(number): (entry.number, left) for number, left in _entries(entry.facts).items()}
        return None

    def unsaid(self) -> tuple[Fault, int] | None:
        """The first entry that lost something that no act says, or kept what an act says was erased."""
        for number in sorted(self._left.keys() | self._said.keys()):
            if number not in self._left:
                return Fault.NOT_ERASED, number
            if number not in self._said:
                return Fault.ERASED_UNSAID, number
            if self._left[number] != self._said[number][1]:
                return Fault.CHANGED_FACTS, number
        return None

    def counted(self) -> dict[int, int]:
        """By act: of how many entries it was the last to erase something."""
        return dict(sorted(Counter(act for act, _ in self._said.values()).items()))


def _entries(facts: str) -> dict[str, str]:
    found: dict[str, str] = json.loads(facts)["entries"]
    return found


def _broken(entry: Chained, end: Head, rest: Iterator[Chained]) -> tuple[Fault, int] | None:
    """What is wrong at the place after `end`, where this entry stands; looks at the rest only if something is."""
    place = end.count + 1
    if entry.number == place and _follows(entry, end.link, place):
        return None
    following = next(rest, None)
    if following is not None and (fault := _misplaced(entry, following, end, rest)):
        return fault, place
    if entry.number > place or _renumbered(entry, following):
        return Fault.MISSING, place
    return (Fault.CHANGED if entry.number == place else Fault.INSERTED), place


def _follows(entry: Chained, previous: str, place: int) -> bool:
    return entry.link == link(previous, place, entry.at, entry.actor, entry.act, entry.facts_hash)


def _misplaced(odd: Chained, following: Chained, end: Head, rest: Iterator[Chained]) -> Fault | None:
    """Whether what belongs here stands further on: then the odd one was moved, or does not belong anywhere."""
    previous, place = end.link, end.count + 1
    found = None
    for each in chain((following,), rest):
        if _follows(each, previous, place):
            previous, place, found = each.link, place + 1, Fault.INSERTED
            if odd.number > place or _follows(odd, previous, place) or _follows(following, previous, place):
                return Fault.REORDERED
    return found


def _renumbered(odd: Chained, following: Chained | None) -> bool:
    """Whether the two follow each other at a later place than they say."""
    if following is None:
        return False
    places = range(following.number + 1, following.number + MOST_REMOVED)
    return any(_follows(following, odd.link, place) for place in places)
