"""The parts of a storm: people come when they come, whatever became of those before them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass, field

from quiz.rehearsal.client import Client
from quiz.rehearsal.expected import whole
from quiz.rehearsal.figures import Ending, Sample
from quiz.rehearsal.participant import Participant, read

Act = Callable[[float], Coroutine[None, None, None]]
"""Does something that was due at this moment of the loop's clock."""


@dataclass(slots=True)
class Seen:
    """What one part of a storm has seen: its samples, and by how much each was begun too late."""

    samples: list[Sample] = field(default_factory=list)
    late: list[float] = field(default_factory=list)


async def paced(count: int, rate: float, seen: Seen, acts: Callable[[int], Act]) -> None:
    """Begin so many, evenly and so many a second; over when the last has ended."""
    loop = asyncio.get_running_loop()
    begun = loop.time()
    async with asyncio.TaskGroup() as group:
        for place in range(count):
            due = begun + place / rate
            if (wait := due - loop.time()) > 0:
                await asyncio.sleep(wait)
            seen.late.append(loop.time() - due)
            group.create_task(acts(place)(due))


async def enter(people: Sequence[Participant], at_once: int) -> None:
    """Sign in and start before anything is measured, a few at a time."""
    free, seen = asyncio.Semaphore(at_once), Seen()
    loop = asyncio.get_running_loop()

    async def one(person: Participant) -> None:
        async with free:
            await _open(person, loop.time(), seen)

    await asyncio.gather(*(one(person) for person in people))


async def opening(people: Sequence[Participant], rate: float, seconds: float, seen: Seen) -> None:
    """People sign in and start, as many as there are left at most."""
    await paced(_most(people, rate, seconds), rate, seen, lambda place: lambda due: _open(people[place], due, seen))


async def starting(people: Sequence[Participant], rate: float, seconds: float, seen: Seen) -> None:
    """People who had signed in before start."""
    await paced(_most(people, rate, seconds), rate, seen, lambda place: lambda due: _begin(people[place], due, seen))


async def signing_in(people: Sequence[Participant], rate: float, seconds: float, seen: Seen) -> None:
    """People sign in, to start later."""

    async def one(person: Participant, due: float) -> None:
        seen.samples.append(await person.sign_in(due))

    await paced(_most(people, rate, seconds), rate, seen, lambda place: lambda due: one(people[place], due))


async def saving(people: Sequence[Participant], rate: float, seconds: float, seen: Seen) -> None:
    """Those inside save, one after the other in turn."""
    inside = _inside(people)

    async def one(person: Participant, due: float) -> None:
        seen.samples.append(await person.save(due))

    count = whole(rate, seconds) if inside else 0
    await paced(count, rate, seen, lambda place: lambda due: one(inside[place % len(inside)], due))


async def handing_in(people: Sequence[Participant], rate: float, seconds: float, seen: Seen) -> None:
    """Those inside hand in, each once, as many as there are at most."""
    inside = _inside(people)

    async def one(person: Participant, due: float) -> None:
        seen.samples.append(await person.hand_in(due))

    await paced(_most(inside, rate, seconds), rate, seen, lambda place: lambda due: one(inside[place], due))


async def reading(client: Client, paths: Sequence[str], rate: float, seconds: float, seen: Seen) -> None:
    """Readers of public pages come and go."""

    async def one(path: str, due: float) -> None:
        seen.samples.append(await read(client, path, due))

    count = whole(rate, seconds)
    await paced(count, rate, seen, lambda place: lambda due: one(paths[place % len(paths)], due))


def _inside(people: Sequence[Participant]) -> list[Participant]:
    return [person for person in people if person.questions and not person.is_handed_in]


def _most(people: Sequence[Participant], rate: float, seconds: float) -> int:
    return min(len(people), whole(rate, seconds))


async def _open(person: Participant, due: float, seen: Seen) -> None:
    sample = await person.sign_in(due)
    seen.samples.append(sample)
    if sample.ending is Ending.DONE:
        await _begin(person, asyncio.get_running_loop().time(), seen)


async def _begin(person: Participant, due: float, seen: Seen) -> None:
    loop = asyncio.get_running_loop()
    sample = await person.start(due)
    seen.samples.append(sample)
    if sample.ending is Ending.DONE:
        seen.samples.append(await person.open_paper(loop.time()))
