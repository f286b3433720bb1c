"""A made-up participant in front of a browser: signs in, starts, saves after each choice, hands in, tries again.

Each step is one `Sample`; a failed try is repeated as the paper page does, unchanged and under the same number.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from quiz.rehearsal.client import Answer, Client
from quiz.rehearsal.figures import Ending, Sample, Step

TOKEN = re.compile(rb'name="csrf_token"[^>]* value="([^"]+)"')
QUESTION = re.compile(rb'id="cau-\d+"')
START = re.compile(rb'action="(/thi/tuan-\d+)"')
TRIES = 4
MOST_WAITS = 10
AGAIN = 1.0
"""Seconds until the next try."""
LETTERS = "ABCD"


@dataclass(slots=True)
class Participant:
    """One person with their cookies. `acknowledged` is the highest sheet that the server has said it holds."""

    client: Client
    sign_in_name: str
    password: str
    cookies: dict[str, str] = field(default_factory=dict)
    token: str = ""
    start_address: str = ""
    address: str = ""
    questions: int = 0
    seq: int = 0
    acknowledged: int = 0
    is_handed_in: bool = False
    is_saving: asyncio.Lock = field(default_factory=asyncio.Lock)

    @property
    def code(self) -> str:
        """The code of the attempt, '' before it has started."""
        return self.address.rpartition("/")[2]

    async def sign_in(self, due: float) -> Sample:
        """From the empty form to the own page; a refused password ends it."""

        async def enter() -> Answer:
            form = await self._get("/dang-nhap")
            fields = {"csrf_token": _token(form), "identifier": self.sign_in_name, "password": self.password}
            answer = self._keep(await self.client.post_form("/dang-nhap", fields, self.cookies))
            return await self._get(answer.location) if answer.status == 302 else answer

        sample, page = await _tried(self.client, Step.SIGN_IN, due, enter, 200)
        if page and sample.ending is Ending.DONE:
            self.token = _token(page)
            self.start_address = _found(START, page)
        return sample

    async def start(self, due: float) -> Sample:
        """The button on the own page."""
        fields = {"csrf_token": self.token}
        sample, answer = await _tried(
            self.client,
            Step.START,
            due,
            lambda: self._kept(self.client.post_form(self.start_address, fields, self.cookies)),
            302,
        )
        if answer and sample.ending is Ending.DONE:
            self.address = answer.location
        return sample

    async def open_paper(self, due: float) -> Sample:
        """The paper itself."""
        sample, page = await _tried(self.client, Step.PAPER, due, lambda: self._get(self.address), 200)
        if page and sample.ending is Ending.DONE:
            self.token, self.questions = _token(page), len(QUESTION.findall(page.body))
        return sample

    async def save(self, due: float) -> Sample:
        """The whole sheet after one more choice, as the page sends it; one at a time, as the page does.

        A person who still waits for the save before stands for another one: that wait is not the server's.
        """
        waited = self.is_saving.locked()
        async with self.is_saving:
            due = asyncio.get_running_loop().time() if waited else due
            self.seq += 1
            seq = self.seq
            body = json.dumps({"seq": seq, "answers": self._sheet(seq)}).encode()
            address = f"{self.address}/luu"
            sample, _ = await _tried(
                self.client, Step.SAVE, due, lambda: self.client.post_json(address, body, self.token, self.cookies), 200
            )
            if sample.ending is Ending.DONE:
                self.acknowledged = seq
        return sample

    async def hand_in(self, due: float) -> Sample:
        """The last sheet, and the way to the receipt."""
        async with self.is_saving:
            self.seq += 1
            answers = {f"q{place}": letter for place, letter in enumerate(self._sheet(self.seq), start=1) if letter}
            fields = {"csrf_token": self.token, "seq": str(self.seq), **answers}
            sample, answer = await _tried(
                self.client,
                Step.HAND_IN,
                due,
                lambda: self._kept(self.client.post_form(f"{self.address}/nop", fields, self.cookies)),
                302,
            )
            if answer and sample.ending is Ending.DONE:
                self.is_handed_in = answer.location.endswith("/bien-nhan")
                self.acknowledged = self.seq
        return sample

    def _sheet(self, seq: int) -> list[str]:
        """One answer more with each save; when all are there, the first ones change."""
        rounds, last = divmod(seq - 1, self.questions)
        return [
            LETTERS[(place + rounds + (place <= last)) % 4] if rounds or place <= last else ""
            for place in range(self.questions)
        ]

    async def _get(self, path: str) -> Answer:
        return await self._kept(self.client.get(path, self.cookies))

    async def _kept(self, asked: Awaitable[Answer]) -> Answer:
        return self._keep(await asked)

    def _keep(self, answer: Answer) -> Answer:
        self.cookies.update(answer.cookies)
        return answer


async def read(client: Client, path: str, due: float) -> Sample:
    """Somebody who is not signed in reads a public page."""
    sample, _ = await _tried(client, Step.READ, due, lambda: client.get(path, {}), 200)
    return sample


async def _tried(
    client: Client, step: Step, due: float, ask: Callable[[], Awaitable[Answer]], wanted: int
) -> tuple[Sample, Answer | None]:
    """Try until the server has answered without failing; the last answer, None where there was none.

    Whoever signs in is asked to come back where many do: that is no failure, but the wait counts.
    """
    loop = asyncio.get_running_loop()
    failures = waits = 0
    while True:
        try:
            answer = await ask()
        except OSError:
            answer = None
        if answer and not answer.is_failure:
            ending = Ending.DONE if answer.status == wanted else Ending.REFUSED
            return Sample(step, loop.time() - due, ending, failures, waits), answer
        is_asked = step is Step.SIGN_IN and answer is not None and answer.come_back > 0
        failures, waits = failures + (not is_asked), waits + is_asked
        pause = answer.come_back if answer and is_asked else AGAIN
        if failures == TRIES or waits == MOST_WAITS or loop.time() + pause >= client.until:
            return Sample(step, loop.time() - due, Ending.LOST, failures, waits), answer
        await asyncio.sleep(pause)


def _token(page: Answer) -> str:
    return _found(TOKEN, page)


def _found(pattern: re.Pattern[bytes], page: Answer) -> str:
    match = pattern.search(page.body)
    return match[1].decode() if match else ""
