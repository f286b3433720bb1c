"""Where the microseconds of one request go: `python -m bench.profile save [--database sqlite] [--lines 40] [--top]`.

One person asks the application for the row over and over, without a server or a network between. First the CPU of one
request without the profiler, in thousandths of a second; then each function's own time in millionths for one request,
as the profiler has it, which makes calls look dearer than they are; `--top` sorts by what is below each function, too.
"""

from __future__ import annotations

import argparse
import cProfile
import json
import os
import pstats
import re
import statistics
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from urllib.parse import urlencode

from flask import Flask
from werkzeug.test import Client, EnvironBuilder, run_wsgi_app

from bench.attempt import postgresql
from bench.attempt_data import PASSWORD, prepare
from quiz.app import create_app
from quiz.config import Config
from quiz.models import db

ROWS = ("sign-in page", "own page", "paper", "save", "hand-in", "receipt", "start", "sign-in")
"""A start takes the attempt of the other rows away, and so comes after them."""
SHEET = {f"q{number}": "A" for number in range(1, 21)}
Ask = Callable[[], None]


def main() -> None:
    """The rows asked for, one after the other."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("rows", nargs="*", metavar="row", help=", ".join(ROWS))
    parser.add_argument("--database", default="postgresql", choices=["postgresql", "sqlite"])
    parser.add_argument("--lines", type=int, default=0, help="how many functions to list")
    parser.add_argument("--times", type=int, default=300)
    parser.add_argument("--top", action="store_true")
    asked = parser.parse_args()
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(ignore_cleanup_errors=True))
        on_disk = f"sqlite:///{folder}/b.sqlite3"
        url = stack.enter_context(postgresql(folder))[0] if asked.database == "postgresql" else on_disk
        prepare(url, 10)
        app = create_app(Config(database_url=url, secret_key="bench" * 10, https=False))
        asker, rows = requests(app)
        for row in asked.rows or ROWS:
            _tell(row, asker, rows[row], asked.times, asked.lines, asked.top)


def requests(app: Flask) -> tuple[Asker, dict[str, Ask]]:
    """For each row what asks for it once, as if nobody had."""
    browser = Client(app)
    browser.get("/")  # what is only done once
    token = _token(browser.get("/dang-nhap").text)
    browser.post("/dang-nhap", data={"csrf_token": token, "identifier": "B00000", "password": PASSWORD})
    token = _token(browser.get("/thi").text)
    code = browser.post("/thi/tuan-1", data={"csrf_token": token}).headers["Location"].rpartition("/")[2]
    at, seq = f"/thi/bai/{code}", iter(range(1, 1_000_000))
    cookies = "; ".join(f"{name}={browser.get_cookie(name, path=path).value}" for name, path in _COOKIES)  # type: ignore[union-attr]
    ask = Asker(app, cookies)

    def anew(*statements: str) -> None:
        with app.app_context(), db.engine.begin() as connection:
            for each in statements:
                connection.exec_driver_sql(each)

    def start() -> None:
        anew("DELETE FROM attempt_devices", "DELETE FROM attempts")
        ask("/thi/tuan-1", {"csrf_token": token})

    def hand_in() -> None:
        anew("DELETE FROM attempt_devices", "UPDATE attempts SET seq = 0, handed_in_at = NULL")
        ask(f"{at}/nop", {"csrf_token": token, "seq": 999_999, **SHEET})

    def sign_in() -> None:
        ask("/dang-nhap", {"csrf_token": token, "identifier": "B00000", "password": PASSWORD})

    return ask, {
        "sign-in page": lambda: ask("/dang-nhap"),
        "own page": lambda: ask("/thi"),
        "paper": lambda: ask(at),
        "save": lambda: ask(f"{at}/luu", {"seq": next(seq), "answers": ["A", "B"] * 10}, token),
        "hand-in": hand_in,
        "receipt": lambda: ask(f"{at}/bien-nhan"),
        "start": start,
        "sign-in": sign_in,
    }


_COOKIES = (("quiz", "/"), ("device", "/thi"))


def _token(page: str) -> str:
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert found
    return found[1]


class Asker:
    """Sends requests past any server, and adds up their CPU."""

    def __init__(self, app: Flask, cookies: str) -> None:
        self._app, self._cookies = app, cookies
        self.took = 0.0

    def __call__(self, path: str, sent: dict[str, object] | None = None, token: str = "") -> None:
        headers = {"Cookie": self._cookies, "Accept-Encoding": "gzip"} | ({"X-CSRFToken": token} if token else {})
        body = None if sent is None else json.dumps(sent) if token else urlencode(sent)
        kind = "application/json" if token else "application/x-www-form-urlencoded"
        builder = EnvironBuilder(
            path, method="GET" if body is None else "POST", data=body, content_type=kind, headers=headers
        )
        environ = builder.get_environ()
        begun = time.thread_time()
        answer, status, _ = run_wsgi_app(self._app, environ, buffered=True)
        self.took += time.thread_time() - begun
        assert status[0] in "23", (path, status, b"".join(answer))


def _tell(row: str, asker: Asker, ask: Ask, times: int, lines: int, by_all: bool) -> None:
    for _ in range(20):
        ask()
    spent = []
    for _ in range(5):
        asker.took = 0.0
        for _ in range(times // 5):
            ask()
        spent.append(asker.took / (times // 5))
    print(f"{row:14}{statistics.median(spent) * 1000:8.3f} ms", flush=True)
    if lines:
        profile = cProfile.Profile(time.thread_time)
        profile.enable()
        for _ in range(times):
            ask()
        profile.disable()
        _list(profile, times, lines, by_all)


def _list(profile: cProfile.Profile, times: int, lines: int, by_all: bool) -> None:
    stats = pstats.Stats(profile).stats  # type: ignore[attr-defined]
    place = 3 if by_all else 2
    dearest = sorted(stats.items(), key=lambda item: -item[1][place])[:lines]
    print(f"{'own µs':>9}{'with all below':>16}{'calls':>8}")
    for (file, line, name), (_, calls, own, below, _) in dearest:
        where = f"{os.sep.join(file.split(os.sep)[-2:])}:{line}"
        print(f"{own / times * 1e6:9.1f}{below / times * 1e6:16.1f}{calls / times:8.1f}  {name}  {where}")


if __name__ == "__main__":
    main()
