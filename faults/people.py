"""Made-up participants at the product's pages: each asks again, the same, until there is an answer."""

from __future__ import annotations

import http.client
import json
import re
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random
from urllib.parse import urlencode

from faults.ledger import Ledger
from faults.scene import QUESTIONS, staff_code
from faults.serving import HOST
from tests.makers import PASSWORD

PATIENCE = 120.0
PAUSE = 0.05
TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
SEAL = re.compile(r'id="seal-title".*?class="receipt-code">([A-Z2-7 ]+)<', re.DOTALL)
START = "/thi/tuan-1"
FORM, JSON = "application/x-www-form-urlencoded", "application/json"


class Wrong(Exception):
    """An answer that the product may not give."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status: int
    text: str
    location: str


@dataclass(slots=True)
class Told:
    """What the participants of a run have lived through together."""

    kept: int = 0
    unknown: int = 0
    errors: int = 0
    slowest: float = 0.0
    wrong: list[str] = field(default_factory=list)
    last_ack: float = 0.0
    _counting: threading.Lock = field(default_factory=threading.Lock)

    def answered(self, taken: float) -> None:
        """One answer came, so long after it was first asked for."""
        with self._counting:
            self.slowest = max(self.slowest, taken)

    def acked(self) -> None:
        """Somebody has been told that something is kept."""
        with self._counting:
            self.kept += 1
            self.last_ack = time.monotonic()

    def unanswered(self, *, with_error: bool) -> None:
        """No answer came, or only that something is wrong: whether it is kept is not known."""
        with self._counting:
            self.unknown += 1
            self.errors += with_error


class Participant:
    """Somebody with a browser of their own: a connection, cookies, and a dice for the answers."""

    def __init__(self, number: int, port: int, ledger: Ledger, told: Told, dice: Random) -> None:
        self.number = number
        self._port, self._ledger, self._told, self._dice = port, ledger, told, dice
        self._cookies: dict[str, str] = {}
        self._connection: http.client.HTTPConnection | None = None
        self.token = ""

    def elsewhere(self, dice: Random, port: int | None = None) -> Participant:
        """The same person, signed in as well, at another browser, which may ask another server."""
        other = Participant(self.number, port or self._port, self._ledger, self._told, dice)
        other._cookies, other.token = dict(self._cookies), self.token
        return other

    def sign_in(self) -> None:
        """Sign in as the person of that number."""
        self.token = self._token("/dang-nhap")
        self._expect(302, self.post("/dang-nhap", identifier=staff_code(self.number), password=PASSWORD))
        self.token = self._token("/tai-khoan")

    def sit(self, saves: int = 4) -> str:
        """One whole attempt; its code."""
        code = self.start()
        for seq in range(1, saves + 1):
            self.save(code, seq)
        self.hand_in(code, saves + 1)
        return code

    def start(self) -> str:
        """Start an attempt, or go on with it."""
        answer = self._expect(302, self.post(START))
        code = answer.location.rpartition("/")[2]
        self._note(act="start", person=self.number, code=code)
        return code

    def try_to_start(self) -> Answer:
        """Ask to start once, whatever the answer."""
        return self.anew("POST", START, FORM, urlencode({"csrf_token": self.token}))

    def save(self, code: str, seq: int) -> None:
        """Save a sheet filled at random."""
        if not self.saves(code, seq):
            raise Wrong(f"sheet {seq} of {code} is refused")

    def saves(self, code: str, seq: int) -> bool:
        """The same, where it may be refused; whether it was saved."""
        sheet = self._sheet()
        sent = json.dumps({"seq": seq, "answers": sheet})
        answer = self.ask("POST", f"/thi/bai/{code}/luu", JSON, sent)
        if answer.status != 200:
            return False
        if json.loads(answer.text)["seq"] != seq:
            raise Wrong(f"saved {seq}, told {answer.text}")
        self._note(act="save", code=code, seq=seq, answers=sheet)
        return True

    def hand_in(self, code: str, seq: int) -> str:
        """Hand in a sheet filled at random, and read the receipt."""
        sheet = self._sheet()
        filled = {f"q{place}": letter for place, letter in enumerate(sheet, start=1)}
        self._expect(302, self.post(f"/thi/bai/{code}/nop", seq=str(seq), **filled))
        self._note(act="hand_in", code=code, seq=seq, answers=sheet)
        return self.receipt(code)

    def receipt(self, code: str) -> str:
        """The seal on the receipt, as the page shows it."""
        page = self._expect(200, self.ask("GET", f"/thi/bai/{code}/bien-nhan")).text
        found = SEAL.search(page)
        if not found:
            raise Wrong(f"no seal on the receipt of {code}")
        self._ledger.note(act="receipt", code=code, seal=found[1].replace(" ", ""))
        return found[1]

    def post(self, path: str, **form: str) -> Answer:
        """Post a form with this visitor's token."""
        return self.ask("POST", path, FORM, urlencode({"csrf_token": self.token, **form}))

    def ask(self, method: str, path: str, kind: str = "", body: str = "") -> Answer:
        """Ask until there is an answer; the same every time."""
        begun, last = time.monotonic(), ""
        while True:
            try:
                answer = self.once(method, path, kind, body)
            except (OSError, http.client.HTTPException) as silence:
                last = repr(silence)
                self._told.unanswered(with_error=False)
            else:
                if answer.status < 500:
                    self._told.answered(time.monotonic() - begun)
                    return answer
                last = f"{answer.status} {answer.text[:200]}"
                self._told.unanswered(with_error=True)
            if time.monotonic() - begun > PATIENCE:
                raise Wrong(f"no answer to {method} {path} for {PATIENCE:.0f} s: {last}")
            time.sleep(PAUSE)

    def anew(self, method: str, path: str, kind: str = "", body: str = "") -> Answer:
        """Ask once over a new line, for the old one may have been hung up."""
        if self._connection:
            self._connection.close()
            self._connection = None
        return self.once(method, path, kind, body)

    def once(self, method: str, path: str, kind: str = "", body: str = "", timeout: float = 30) -> Answer:
        """Ask once; raises OSError or HTTPException where no answer comes."""
        if self._connection is None:
            self._connection = http.client.HTTPConnection(HOST, self._port, timeout=timeout)
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self._cookies.items())}
        if body:
            headers |= {"Content-Type": kind, "X-CSRFToken": self.token}
        try:
            self._connection.request(method, path, body or None, headers)
            response = self._connection.getresponse()
            text = response.read().decode()
        except (OSError, http.client.HTTPException):
            self._connection.close()
            self._connection = None
            raise
        for cookie in response.headers.get_all("Set-Cookie", []):
            name, _, value = cookie.partition(";")[0].partition("=")
            self._cookies[name] = value
        return Answer(response.status, text, response.headers.get("Location", ""))

    def _note(self, **ack: object) -> None:
        self._ledger.note(**ack)
        self._told.acked()

    def letter(self) -> str:
        """An answer as the dice fall."""
        return self._dice.choice("ABCD")

    def _sheet(self) -> list[str]:
        return [self.letter() for _ in range(QUESTIONS)]

    def _token(self, path: str) -> str:
        found = TOKEN.search(self._expect(200, self.ask("GET", path)).text)
        if not found:
            raise Wrong(f"no form on {path}")
        return found[1]

    @staticmethod
    def _expect(status: int, answer: Answer) -> Answer:
        if answer.status != status:
            raise Wrong(f"answer {answer.status} instead of {status}: {answer.text[:200]}")
        return answer


class Crowd:
    """So many participants at once, each followed by the next of `people`, until told to stop.

    They finish their attempt.
    """

    def __init__(
        self, port: int, ledger: Ledger, told: Told, people: Iterator[int], at_once: int, seed: int, tries: int = 3
    ) -> None:
        self.told = told
        self._stop = threading.Event()
        self._people, self._tries = people, tries
        self._place, self._seed = (port, ledger, told), seed
        self._threads = [threading.Thread(target=self._work, daemon=True) for _ in range(at_once)]

    def __enter__(self) -> Crowd:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def wait(self) -> None:
        """Wait until all the people have sat."""
        for thread in self._threads:
            thread.join()

    def stop(self) -> None:
        """Let everybody finish what they do."""
        self._stop.set()
        for thread in self._threads:
            thread.join(timeout=PATIENCE + 30)

    @property
    def is_at_work(self) -> bool:
        """Whether anybody is still sitting."""
        return any(thread.is_alive() for thread in self._threads)

    def _work(self) -> None:
        try:
            while not self._stop.is_set() and (number := next(self._people, None)) is not None:
                participant = Participant(number, *self._place, Random(f"{self._seed}-{number}"))
                participant.sign_in()
                for _ in range(self._tries):
                    if not self._stop.is_set():
                        participant.sit()
        except Wrong as wrong:
            self.told.wrong.append(str(wrong))
