"""Every web process restarted in turn while people sit: `python -m tests.deploy.rolling [--rounds 5] [--people 16]`.

Three web processes on three addresses, one PostgreSQL, nginx in front, all by the files of `deploy/`. Whoever gets no
answer, or a bad one, asks once more, as the paper page does; everything acknowledged must be in the database.
"""

from __future__ import annotations

import argparse
import http.client
import json
import re
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import chain, repeat
from pathlib import Path
from urllib.parse import urlencode

import sqlalchemy

from tests.deploy.site import NAME, Proxy, Site, Web, standing
from tests.makers import PASSWORD

QUESTIONS = 20
AGAIN_SECONDS = 0.5
"""Half of what the paper page waits before it asks again."""


class Browser:
    """One connection to nginx that keeps cookies and asks once more where no good answer came."""

    def __init__(self, proxy: Proxy) -> None:
        self._proxy, self._cookies = proxy, dict[str, str]()
        self._connection: http.client.HTTPSConnection | None = None
        self.retries = 0

    def ask(self, method: str, path: str, body: str = "", **headers: str) -> tuple[int, str, str]:
        """Status, text and Location of the answer; raises OSError where there is none the second time either."""
        try:
            answer = self._exchange(method, path, body, headers)
            if answer[0] < 500:
                return answer
        except (OSError, http.client.HTTPException):
            pass
        self.retries += 1
        self.close()
        time.sleep(AGAIN_SECONDS)
        return self._exchange(method, path, body, headers)

    def post(self, path: str, form: str, **fields: str) -> str:
        """Send a form with the token of the page `form`; where it leads."""
        found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', self.ask("GET", form)[1])
        assert found, form
        body = urlencode({"csrf_token": found[1], **fields})
        status, text, place = self.ask("POST", path, body, **{"Content-Type": "application/x-www-form-urlencoded"})
        assert status == 302, (path, status, text[:500])
        return place

    def close(self) -> None:
        """Let the connection go; the next request makes another."""
        if self._connection is not None:
            self._connection.close()
        self._connection = None

    def _exchange(self, method: str, path: str, body: str, headers: dict[str, str]) -> tuple[int, str, str]:
        cookies = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
        sent = {"Cookie": cookies, "Referer": f"https://{NAME}/", **headers}
        connection = self._connection = self._connection or self._proxy.connect()
        connection.request(method, path, body.encode() or None, {name: text for name, text in sent.items() if text})
        answer = connection.getresponse()
        for line in answer.headers.get_all("Set-Cookie") or ():
            name, _, value = line.partition(";")[0].partition("=")
            self._cookies[name] = value
        return answer.status, answer.read().decode(), answer.headers.get("Location", "")


@dataclass
class Sitter:
    """A participant who saves over and over; `acknowledged` is what the server has said that it has."""

    proxy: Proxy
    staff_code: str
    code: str = ""
    acknowledged: tuple[int, list[str]] = (0, [])
    saves: int = 0
    retries: int = 0
    failures: list[str] = field(default_factory=list)
    slowest: float = 0

    def sit(self, until: threading.Event, pause: float) -> None:
        """Sign in, start, and save until told to stop."""
        browser = Browser(self.proxy)
        browser.post("/dang-nhap", "/dang-nhap", identifier=self.staff_code, password=PASSWORD)
        self.code = browser.post("/thi/tuan-1", "/thi").rpartition("/")[2]
        paper = browser.ask("GET", f"/thi/bai/{self.code}")[1]
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', paper)
        assert token, paper[:500]
        headers = {"Content-Type": "application/json", "X-CSRFToken": token[1]}
        while not until.is_set():
            self._save(browser, headers)
            time.sleep(pause)
        self.retries = browser.retries
        place = browser.post(f"/thi/bai/{self.code}/nop", f"/thi/bai/{self.code}")
        browser.close()
        if not place.endswith("/bien-nhan"):
            self.failures.append(f"handed in, led to {place}")

    def _save(self, browser: Browser, headers: dict[str, str]) -> None:
        seq = self.acknowledged[0] + 1
        answers = ["ABCD"[(seq + place) % 4] for place in range(QUESTIONS)]
        begun = time.perf_counter()
        try:
            status, text, _ = browser.ask(
                "POST", f"/thi/bai/{self.code}/luu", json.dumps({"seq": seq, "answers": answers}), **headers
            )
        except (OSError, http.client.HTTPException) as error:
            self.failures.append(repr(error))
            return
        self.slowest = max(self.slowest, time.perf_counter() - begun)
        if status != 200 or json.loads(text)["seq"] != seq:
            self.failures.append(f"{status} {text[:200]}")
            return
        self.acknowledged, self.saves = (seq, answers), self.saves + 1


@dataclass(frozen=True)
class Outcome:
    """What a run has seen."""

    saves: int
    retries: int
    failures: list[str]
    lost: list[str]
    slowest: float
    restarts: int
    asked_again: int
    """Requests that nginx gave to a second process by itself."""

    def __str__(self) -> str:
        """In one line."""
        return (
            f"{self.restarts} restarts, {self.saves} saves acknowledged, {self.asked_again} given to another process "
            f"by nginx, {self.retries} asked again by a client, {len(self.failures)} failed after that, "
            f"{len(self.lost)} lost, slowest {self.slowest:.1f} s"
        )


def roll(site: Site, people: int, rounds: int, pause: float) -> Outcome:
    """Restart each process in turn, so many times, while these people save."""
    sitters = [Sitter(site.proxy, f"P{number}") for number in range(1, people + 1)]
    _while_sitting(sitters, pause, site.machines, rounds)
    return _outcome(sitters, site, rounds * len(site.machines))


def _while_sitting(sitters: list[Sitter], pause: float, machines: Sequence[Web], rounds: int) -> None:
    until = threading.Event()
    threads = [threading.Thread(target=each.sit, args=(until, pause)) for each in sitters]
    for thread in threads:
        thread.start()
    try:
        time.sleep(1)
        for machine in chain.from_iterable(repeat(machines, rounds)):
            machine.stop()
            machine.start()
            machine.wait_ready()
            time.sleep(1.2)  # nginx leaves a process alone for a second after it failed
    finally:
        until.set()
        for thread in threads:
            thread.join()


def _outcome(sitters: list[Sitter], site: Site, restarts: int) -> Outcome:
    engine = sqlalchemy.create_engine(site.database.url("owner"))
    with engine.connect() as connection:
        rows = connection.execute(sqlalchemy.text("SELECT code, seq, answers, handed_in_at FROM attempts"))
        stored = {row.code: (row.seq, json.loads(row.answers), row.handed_in_at is not None) for row in rows}
    engine.dispose()
    lost = [
        f"{each.staff_code}: acknowledged {each.acknowledged}, stored {stored.get(each.code)}"
        for each in sitters
        if stored.get(each.code) != (*each.acknowledged, True)
    ]
    again = [line for line in site.proxy.log().splitlines() if re.search(r" 5\d\d, ", line)]
    return Outcome(
        saves=sum(each.saves for each in sitters),
        retries=sum(each.retries for each in sitters),
        failures=[failure for each in sitters for failure in each.failures],
        lost=lost,
        slowest=max(each.slowest for each in sitters),
        restarts=restarts,
        asked_again=len(again),
    )


def main() -> None:
    """The longer run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=16)
    parser.add_argument("--rounds", type=int, default=5, help="how often each process is restarted")
    parser.add_argument("--pause", type=float, default=0.05, help="seconds between the saves of one person")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, standing(Path(folder), asked.people) as site:
        outcome = roll(site, asked.people, asked.rounds, asked.pause)
    print(outcome)
    for each in (outcome.failures + outcome.lost)[:20]:
        print(" ", each)
    raise SystemExit(bool(outcome.failures or outcome.lost))


if __name__ == "__main__":
    main()
