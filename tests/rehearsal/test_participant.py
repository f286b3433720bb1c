"""The load client: what it sends again, what it counts, and how it reads answers."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Coroutine, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import Any, TypeVar

import pytest

from quiz.rehearsal import participant
from quiz.rehearsal.client import Answer, Client
from quiz.rehearsal.figures import Ending, Sample, Step
from quiz.rehearsal.participant import Participant
from quiz.rehearsal.target import Target

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"
BUSY = b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n"
REFUSED = b"HTTP/1.1 409 Conflict\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
CHUNKED = (
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nSet-Cookie: a=b; Path=/\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"
)
CLOSE = b""
Played = TypeVar("Played")


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(participant, "AGAIN", 0.0)


def in_its_own_loop(play: Coroutine[Any, Any, Played]) -> Played:
    """What comes of it, in a thread without the loop that a browser test of the same process may have left."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, play).result()


def saved(*answers: bytes) -> tuple[Sample, Participant, list[dict[str, object]]]:
    """One save against a server that answers so, one after the other; the sheets that it got."""
    got: list[dict[str, object]] = []

    async def play() -> tuple[Sample, Participant]:
        left = list(answers)

        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            while left:
                head = await reader.readuntil(b"\r\n\r\n")
                length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0] or 0)
                got.append(json.loads(await reader.readexactly(length)))
                answer = left.pop(0)
                writer.write(answer)
                if answer == CLOSE:
                    break
            writer.close()

        async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
            target = Target("http", "127.0.0.1", server.sockets[0].getsockname()[1])
            async with Client(target) as client:
                person = Participant(client, "DT000001", "x", address="/thi/bai/ABC", questions=3)
                return await person.save(asyncio.get_running_loop().time()), person

    sample, person = in_its_own_loop(play())
    return sample, person, got


def test_a_save_is_acknowledged_by_its_number() -> None:
    sample, person, got = saved(OK)
    assert (sample.ending, sample.failures, person.acknowledged) == (Ending.DONE, 0, 1)
    assert got == [{"seq": 1, "answers": ["B", "", ""]}]


@pytest.mark.parametrize(("failing", "counted"), [([BUSY, BUSY], 2), ([CLOSE], 1), ([BUSY, CLOSE, BUSY], 2)])
def test_what_failed_is_sent_again_unchanged_and_counted(failing: Sequence[bytes], counted: int) -> None:
    """A kept connection that ends is none: the server may have closed it just then, and the next one is tried."""
    sample, person, got = saved(*failing, OK)
    assert (sample.ending, sample.failures, person.acknowledged) == (Ending.DONE, counted, 1)
    assert len(got) == len(failing) + 1
    assert all(sheet == got[0] for sheet in got)


def test_what_a_rule_refuses_is_not_sent_again() -> None:
    sample, person, got = saved(REFUSED)
    assert (sample.ending, sample.failures, person.acknowledged, len(got)) == (Ending.REFUSED, 0, 0, 1)


def test_what_never_comes_through_is_lost() -> None:
    sample, person, got = saved(*[BUSY] * 4)
    assert (sample.ending, sample.failures, person.acknowledged, len(got)) == (Ending.LOST, 4, 0, 4)


def test_each_save_differs_from_the_one_before() -> None:
    person = Participant(Client(Target("http", "127.0.0.1", 1)), "DT000001", "x", questions=3)
    sheets = [tuple(person._sheet(seq)) for seq in range(1, 20)]
    assert sheets[:3] == [("B", "", ""), ("B", "C", ""), ("B", "C", "D")]
    assert all(one != other for one, other in pairwise(sheets))


def test_chunks_are_joined_and_cookies_kept() -> None:
    async def ask() -> None:
        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            for _ in range(2):
                await reader.readuntil(b"\r\n\r\n")
                writer.write(CHUNKED)
            writer.close()

        async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
            target = Target("http", "127.0.0.1", server.sockets[0].getsockname()[1])
            async with Client(target) as client:
                answers = [await client.get("/", {}) for _ in range(2)]
        assert [(one.body, dict(one.cookies)) for one in answers] == [(b"abcde", {"a": "b"})] * 2

    in_its_own_loop(ask())


@pytest.mark.parametrize(("step", "failures", "waits"), [(Step.SIGN_IN, 0, 2), (Step.SAVE, 2, 0)])
def test_only_whoever_signs_in_is_asked_to_come_back_without_a_failure(step: Step, failures: int, waits: int) -> None:
    answers = [Answer(503, "", {}, b"", 0.001), Answer(503, "", {}, b"", 0.001), Answer(200, "", {}, b"")]

    async def ask() -> Answer:
        return answers.pop(0)

    async def tried() -> Sample:
        return (await participant._tried(Client(Target("http", "127.0.0.1", 1)), step, 0.0, ask, 200))[0]

    sample = in_its_own_loop(tried())
    assert (sample.ending, sample.failures, sample.waits) == (Ending.DONE, failures, waits)


def test_a_server_that_has_broken_down_is_not_waited_for_beyond_the_end_of_the_storm() -> None:
    async def ask() -> Sample:
        gone = asyncio.Event()

        async def listen(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.read()
            writer.close()
            gone.set()

        async with await asyncio.start_server(listen, "127.0.0.1", 0) as server:
            target = Target("http", "127.0.0.1", server.sockets[0].getsockname()[1])
            async with Client(target) as client:
                now = asyncio.get_running_loop().time()
                client.until = now + 0.1
                sample = await participant.read(client, "/", now)
            await gone.wait()
            return sample

    sample = in_its_own_loop(ask())
    assert (sample.ending, sample.failures) == (Ending.LOST, 1)
    assert 0.1 <= sample.taken < 5
