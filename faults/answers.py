"""Answers that never arrive, and everything at once: whoever asks again is told the same, and there is one row."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from itertools import islice
from random import Random
from typing import TypeVar

from faults.people import Crowd, Participant, Wrong
from faults.running import Asked, Outcome, Stage
from faults.scene import QUESTIONS
from faults.serving import HOST

DROPPED = 0.3
AT_ONCE, BURST, LOOKED_AT = 8, 40, 5
WAIT = 60.0
Made = TypeVar("Made")


class Dropping:
    """A line to the server that now and then swallows the answer to a request that it has carried."""

    def __init__(self, port: int, dice: Random) -> None:
        self._server, self._dice = port, dice
        self._listening = socket.create_server((HOST, 0))
        self.port = int(self._listening.getsockname()[1])
        self.dropped = 0

    def serve(self) -> None:
        """Take calls until the listening ends."""
        with suppress(OSError):
            while True:
                caller, _ = self._listening.accept()
                threading.Thread(target=self._carry, args=(caller,), daemon=True).start()

    def hang_up(self) -> None:
        """Take no more calls."""
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()

    def _carry(self, caller: socket.socket) -> None:
        """Requests there as they come; answers back, each whole or not at all."""
        with suppress(OSError), caller, socket.create_connection((HOST, self._server)) as server:
            threading.Thread(target=_pass_on, args=(caller, server), daemon=True).start()
            while answer := _whole_answer(server):
                if self._dice.random() < DROPPED:
                    self.dropped += 1
                    caller.shutdown(socket.SHUT_RDWR)
                    return
                caller.sendall(answer)


def _pass_on(caller: socket.socket, server: socket.socket) -> None:
    with suppress(OSError):
        while sent := caller.recv(1 << 16):
            server.sendall(sent)
        server.shutdown(socket.SHUT_WR)


def _whole_answer(server: socket.socket) -> bytes:
    """The head of the next answer and as much as it says that there is; nothing where the server hangs up."""
    answer = b""
    while b"\r\n\r\n" not in answer and (more := server.recv(1 << 16)):
        answer += more
    head, _, body = answer.partition(b"\r\n\r\n")
    lengths = [line for line in head.lower().splitlines() if line.startswith(b"content-length:")]
    missing = int(lengths[0].partition(b":")[2]) - len(body) if lengths else 0
    while missing > 0 and (more := server.recv(1 << 16)):
        answer, missing = answer + more, missing - len(more)
    return answer


def lost(stage: Stage, asked: Asked) -> Outcome:
    """Three of ten answers are lost on the way after the server has acted; the same is asked again."""
    people = islice(stage.people, asked.rounds)
    with (
        _dropping(stage.server.port, Random(asked.seed)) as line,
        Crowd(line.port, stage.ledger, stage.told, people, AT_ONCE, asked.seed) as crowd,
    ):
        crowd.wait()
    return Outcome(figures={"people": asked.rounds, "answers lost": line.dropped})


@contextmanager
def _dropping(port: int, dice: Random) -> Iterator[Dropping]:
    line = Dropping(port, dice)
    threading.Thread(target=line.serve, daemon=True).start()
    try:
        yield line
    finally:
        line.hang_up()


def bursts(stage: Stage, asked: Asked) -> Outcome:
    """Two bursts of forty requests of one person: first all start, then all hand in, each another sheet."""
    wrong, done = list[str](), 0
    with ThreadPoolExecutor(BURST) as pool:
        for _ in asked.numbers():
            wrong += _burst(next(stage.people), stage, pool, asked.seed)
            done += 2
    return Outcome(figures={"bursts": done, "at once": BURST}, wrong=wrong)


def _burst(number: int, stage: Stage, pool: Executor, seed: int) -> Iterator[str]:
    """Everybody is the same person, at forty browsers."""
    first = Participant(number, stage.server.port, stage.ledger, stage.told, Random(f"{seed}-{number}"))
    first.sign_in()
    crowd = [first.elsewhere(Random(f"{seed}-{number}-{place}")) for place in range(BURST)]
    codes = set(_at_once(pool, [one.start for one in crowd]))
    if len(codes) != 1:
        yield f"person {number} started {len(codes)} attempts at once"
    code = min(codes)
    _at_once(pool, [_handing_in(one, code) for one in crowd])
    seals = {one.receipt(code) for one in crowd[:LOOKED_AT]}
    if len(seals) != 1:
        yield f"attempt {code} has {len(seals)} receipts"


def _handing_in(one: Participant, code: str) -> Callable[[], None]:
    """Hand in a sheet of the own; it counts for nothing where another came first, so only the receipt is noted."""

    def hand_in() -> None:
        sheet = {f"q{place}": one.letter() for place in range(1, QUESTIONS + 1)}
        answer = one.post(f"/thi/bai/{code}/nop", seq="1", **sheet)
        if answer.status != 302:
            raise Wrong(f"{code}: {answer.status} {answer.text[:100]}")

    return hand_in


def _at_once(pool: Executor, acts: Sequence[Callable[[], Made]]) -> list[Made]:
    """What all of them give when they begin at the same moment."""
    barrier = threading.Barrier(len(acts), timeout=WAIT)

    def one(act: Callable[[], Made]) -> Made:
        barrier.wait()
        return act()

    return list(pool.map(one, acts))
