"""A whole rehearsal against one server: calm, opening, readers, the last seconds, then how much more it takes."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterable
from dataclasses import dataclass, field

from quiz.errors import Refused
from quiz.rehearsal import storm
from quiz.rehearsal.client import Client
from quiz.rehearsal.expected import SEARCHED, SEARCHED_BELOW, Expected, expected, lengths, whole
from quiz.rehearsal.figures import Figures, Step, figures, percentile
from quiz.rehearsal.participant import Participant
from quiz.rehearsal.scratch import PASSWORD, sign_in_name
from quiz.rehearsal.storm import Seen
from quiz.rehearsal.target import Target
from quiz.rehearsal.verdict import PARTS, Part, exceeded

INSIDE = 200
"""At most so many are inside before the storm, and save all the time."""
AT_ONCE = 4
GRACE = 20.0
"""Seconds after the end of a part until what has not been answered is given up."""
PAGES = ("/", "/the-le")

Progress = Callable[[str], None]
Figured = dict[Step, Figures]
Doing = Coroutine[None, None, None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    """What happened, and everybody who took part. `factor` is how many times what was expected held at most."""

    asked: Expected
    parts: dict[Part, Figured]
    factor: float | None
    is_searched_out: bool
    late: float
    participants: list[Participant]

    @property
    def acknowledged(self) -> dict[str, Participant]:
        """Whoever was told that something of theirs is stored, by the code of the attempt."""
        return {one.code: one for one in self.participants if one.acknowledged}


@dataclass(slots=True)
class Cast:
    """The made-up people: each sits once, so each is taken once."""

    client: Client
    people: int
    taken: list[Participant] = field(default_factory=list)

    def take(self, count: int) -> list[Participant]:
        """The next ones, fewer where no more are left."""
        first = len(self.taken) + 1
        numbers = range(first, min(first + count, self.people + 1))
        fresh = [Participant(self.client, sign_in_name(number), PASSWORD) for number in numbers]
        self.taken += fresh
        return fresh


async def rehearse(target: Target, people: int, minutes: float, mark: str, tell: Progress) -> Played:
    """Play everything. Raises Refused: rehearsal_no_server, or rehearsal_other_server if it does not show the mark."""
    async with Client(target) as client:
        await check_mark(client, mark)
        return await Rehearsal(client, people, minutes, tell).play()


async def check_mark(client: Client, mark: str) -> None:
    """Whether this server serves the database in which the rehearsal is laid out."""
    try:
        page = await client.get("/", {})
    except OSError as gone:
        raise Refused("rehearsal_no_server", said=str(gone)) from gone
    if mark.encode() not in page.body:
        raise Refused("rehearsal_other_server")


class Rehearsal:
    """One run: who takes part, what is asked of the server, how long each part lasts."""

    def __init__(self, client: Client, people: int, minutes: float, tell: Progress) -> None:
        self._client, self._tell = client, tell
        self._asked, self._lasts = expected(people), lengths(minutes)
        self._cast = Cast(client, people)
        self._inside = self._cast.take(max(2, min(INSIDE, people // 10)))
        self._late: list[float] = []

    async def play(self) -> Played:
        """Every part, one after the other."""
        asked, lasts = self._asked, self._lasts
        comers = self._cast.take(whole(asked.starts_a_minute / 60, lasts.opening))
        self._tell("Cho những người đầu tiên vào làm bài")
        self._end_after(GRACE)
        await storm.enter(self._inside, AT_ONCE)
        parts = {
            Part.CALM: await self._part(Part.CALM, lasts.steady, lambda seen: [self._saves(lasts.steady, seen)]),
            Part.OPENING: await self._part(
                Part.OPENING, lasts.opening, lambda seen: self._opening(comers, 1, lasts.opening, seen)
            ),
            Part.READERS: await self._part(
                Part.READERS,
                lasts.steady,
                lambda seen: [
                    self._saves(lasts.steady, seen),
                    storm.reading(self._client, PAGES, asked.readers, lasts.steady, seen),
                ],
            ),
            Part.CLOSING: await self._part(
                Part.CLOSING,
                lasts.closing,
                lambda seen: [
                    self._saves(lasts.closing, seen),
                    storm.handing_in(comers, asked.hand_ins, lasts.closing, seen),
                ],
            ),
        }
        factor, is_out = await self._search(is_held=_holds(parts[Part.OPENING]))
        return Played(
            asked=asked,
            parts=parts,
            factor=factor,
            is_searched_out=is_out,
            late=percentile(sorted(self._late), 0.95),
            participants=self._cast.taken,
        )

    async def _part(self, part: Part, seconds: float, doing: Callable[[Seen], Iterable[Doing]]) -> Figured:
        self._tell(PARTS[part].capitalize())
        self._end_after(seconds + GRACE)
        seen = Seen()
        await asyncio.gather(*doing(seen))
        self._late += seen.late
        return figures(seen.samples)

    def _end_after(self, seconds: float) -> None:
        self._client.until = asyncio.get_running_loop().time() + seconds

    def _opening(self, comers: list[Participant], factor: float, seconds: float, seen: Seen) -> list[Doing]:
        rate = factor * self._asked.starts_a_minute / 60
        return [self._saves(seconds, seen, factor), storm.opening(comers, rate, seconds, seen)]

    def _saves(self, seconds: float, seen: Seen, factor: float = 1) -> Doing:
        return storm.saving(self._inside, factor * self._asked.saves, seconds, seen)

    async def _search(self, *, is_held: bool) -> tuple[float | None, bool]:
        """The most times that what is expected holds, and whether nothing that was tried was too much."""
        best = 1.0 if is_held else None
        for factor in SEARCHED if is_held else SEARCHED_BELOW:
            comers = self._cast.take(whole(factor * self._asked.starts_a_minute / 60, self._lasts.search))
            if not comers:
                return best, is_held
            self._tell(f"Tìm sức chứa: {factor:.0%} mức dự kiến")
            self._end_after(self._lasts.search + GRACE)
            seen = Seen()
            await asyncio.gather(*self._opening(comers, factor, self._lasts.search, seen))
            holds = _holds(figures(seen.samples))
            if holds:
                best = factor
            if holds != is_held:
                return best, False
        return best, is_held


def _holds(opening: Figured) -> bool:
    """Whether this much at the opening stays within every limit, and nothing fails."""
    is_whole = not any(step.lost or step.failures or step.refused for step in opening.values())
    return is_whole and not any(exceeded({Part.OPENING: opening}))
