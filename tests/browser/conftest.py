"""The demo as `make run` serves it, in a folder of its own, and Debian's Chromium in front of it."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright
from werkzeug.serving import WSGIRequestHandler, make_server

from quiz import chance, clock
from quiz.app import create_app
from quiz.config import ROOT, Config
from quiz.demo import load
from quiz.key_file import KeyFile
from quiz.services import SYSTEM, commitment_making, contests, transaction
from quiz.vietnamese import HANOI
from tests import makers
from tests.conftest import SECRET, migrate

CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
SIZES = {"phone": (360, 740), "desk": (1280, 800)}
AXE = Axe().axe_script
AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RUN_AXE = """async ([where, options]) => (await axe.run(where, options)).violations.flatMap(({ id, nodes }) =>
  nodes.map(({ html, failureSummary }) => `${id}: ${html} (${failureSummary})`))"""
START_SECONDS = 1200
EXPECTED_ERRORS = ("ERR_INTERNET_DISCONNECTED", "ERR_CONNECTION_REFUSED", "ERR_CONNECTION_RESET", "status of 409")
"""What the browser itself writes where a test takes the network or the server away, or the server refuses."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browser tests say aloud when they cannot run."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)
            if not Path(CHROMIUM).exists():
                item.add_marker(pytest.mark.skip(reason="Chromium is not installed"))


@pytest.fixture(scope="session")
def demo_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the demo keeps its data."""
    return tmp_path_factory.mktemp("demo")


@pytest.fixture(scope="session")
def site(demo_folder: Path) -> Iterator[str]:
    """The address of a running demo."""
    with serving_demo(demo_folder) as address:
        yield address


@contextmanager
def serving_demo(folder: Path, *options: str) -> Iterator[str]:
    """The address of a demo in a folder of its own, as `make run` serves it."""
    port = free_port()
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST")}
    where = ("--folder", folder, "--host", "127.0.0.1", "--port", str(port))
    with (folder / "output").open("w") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "quiz.demo", *where, *options],
            cwd=ROOT,
            env=environment,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        try:
            yield _answering(f"http://127.0.0.1:{port}", process, folder / "output")
        finally:
            process.terminate()
            process.wait(timeout=20)


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _answering(address: str, process: subprocess.Popen[bytes], output: Path) -> str:
    """The address once the process answers there; fails with its output where it ends instead."""
    ends = time.monotonic() + START_SECONDS
    while time.monotonic() < ends:
        assert process.poll() is None, output.read_text()
        try:
            with urllib.request.urlopen(address, timeout=5):
                return address
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.2)
    raise AssertionError(output.read_text())


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, without a window."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        chromium.close()


def axe(page: Page, *rules: str, without: str = "", include: str = "html", exclude: str = "") -> list[str]:
    """What axe finds against WCAG 2.2 A and AA and its own advice, by these rules only where some are named."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    only = {"type": "rule", "values": rules} if rules else {"type": "tag", "values": AXE_TAGS}
    where = {"include": [[include]]} | ({"exclude": [[exclude]]} if exclude else {})
    options = {"runOnly": only, "resultTypes": ["violations"]}
    options |= {"rules": {without: {"enabled": False}}} if without else {}
    return list(page.evaluate(RUN_AXE, [where, options]))


class Visitor:
    """Somebody at a browser: signs in, goes places, and fails the test on any error in the console."""

    def __init__(self, browser: Browser, site: str, size: str = "phone", javascript: bool = True) -> None:
        width, height = SIZES[size]
        self.site = site
        self.context: BrowserContext = browser.new_context(
            viewport={"width": width, "height": height}, java_script_enabled=javascript, locale="vi-VN"
        )
        self.errors: list[str] = []
        self.page: Page = self.tab()

    def tab(self) -> Page:
        """One more tab of the same browser."""
        page = self.context.new_page()
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("console", lambda message: self._note(message.type, message.text))
        return page

    def _note(self, kind: str, text: str) -> None:
        if kind == "error" and not any(expected in text for expected in EXPECTED_ERRORS):
            self.errors.append(text)

    def open(self, path: str) -> Page:
        """A page of the site, which must fit the screen's width."""
        self.page.goto(self.site + path)
        self.check_fits()
        return self.page

    def check_accessible(self) -> None:
        """axe finds nothing against WCAG 2.2 A and AA."""
        assert axe(self.page) == []

    def check_fits(self) -> None:
        """Nothing sticks out to the right (reflow)."""
        assert self.page.evaluate("document.documentElement.scrollWidth <= innerWidth"), self.page.url

    def sign_in(self, staff_code: str, password: str = load.PASSWORD) -> Visitor:
        """Sign in, with the demo password unless another is given."""
        self.open("/dang-nhap")
        self.page.fill("#identifier", staff_code)
        self.page.fill("#password", password)
        self.page.get_by_role("button", name="Đăng nhập").click()
        self.page.wait_for_url(lambda address: "/dang-nhap" not in address)
        return self

    def start(self) -> Page:
        """Start this week's attempt and see the paper."""
        self.open("/thi")
        self.page.get_by_role("button", name="Bắt đầu làm bài").click()
        self.page.locator("#paper").wait_for()
        self.check_fits()
        return self.page

    def choose(self, question: int, letter: str) -> None:
        """Choose one option as a thumb would: on its label."""
        self.page.locator(f"#cau-{question} .option", has=self.page.locator(f"[value={letter}]")).click()

    def wait_saved(self) -> None:
        """Until the page says that everything is saved."""
        expect(self.page.locator("#saved")).to_have_text("Đã lưu tất cả", timeout=30000)

    def close(self) -> None:
        """Leave; nothing may have gone wrong in the console."""
        self.context.close()
        assert self.errors == []


Arrive = Callable[..., Visitor]


@pytest.fixture
def visit(browser: Browser) -> Iterator[Arrive]:
    """Makes visitors, and sees them out."""
    visitors: list[Visitor] = []

    def arrive(site: str, size: str = "phone", javascript: bool = True) -> Visitor:
        visitors.append(Visitor(browser, site, size, javascript))
        return visitors[-1]

    yield arrive
    for visitor in visitors:
        visitor.close()


@pytest.fixture(scope="session")
def small_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A small contest whose week 1 is open now, with participants P1 … P20, on a server in this process."""
    yield from serve(tmp_path_factory, makers.CONTEST)


def serve(tmp_path_factory: pytest.TempPathFactory, contest: str, division: str = "") -> Iterator[str]:
    """A contest on a server in this process: only its first week, opened an hour ago, with participants P1 … P20."""
    with serving(small_contest(tmp_path_factory.mktemp("small"), contest, division)) as address:
        yield address


@contextmanager
def granian(folder: Path, port: int) -> Iterator[subprocess.Popen[bytes]]:
    """A server as in production over the database in this folder; killed in the end if it was not before."""
    settings = {
        "QUIZ_DATABASE_URL": f"sqlite:///{folder / 'quiz.sqlite3'}",
        "QUIZ_SECRET_KEY": SECRET,
        "QUIZ_HTTPS": "0",
    }
    with (folder / "output").open("a") as output:
        server = subprocess.Popen(
            [
                Path(sys.executable).with_name("granian"),
                *("--interface", "wsgi", "--http", "1", "--port", str(port), "--blocking-threads", "8"),
                *("--log-level", "error", "wsgi:app"),
            ],
            cwd=ROOT,
            env=os.environ | settings,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        _answering(f"http://127.0.0.1:{port}", server, folder / "output")
        yield server
    finally:
        if server.poll() is None:
            os.killpg(server.pid, signal.SIGKILL)
            server.wait()


def small_contest(
    folder: Path, contest: str = makers.CONTEST, division: str = "", now: Callable[[], datetime] = clock.now
) -> Flask:
    """The application of such a contest, by a clock of its own where the test gives one."""
    url = f"sqlite:///{folder / 'quiz.sqlite3'}"
    migrate(url)
    app = create_app(Config(database_url=url, secret_key=SECRET, https=False, testing=True), now)
    hour = timedelta(hours=1)
    local = [(clock.now() + step).astimezone(HANOI).strftime("%Y-%m-%d %H:%M:%S") for step in (-hour, 2 * hour)]
    text = contest.replace("2024-10-07 08:00", local[0]).replace("2024-10-11 17:00", local[1])
    with app.app_context():
        makers.load_contest(text.replace("  - {number: 2, opens: 2024-10-14 08:00, closes: 2024-10-18 17:00}\n", ""))
        agency = makers.add_agency()
        for number in range(1, 21):
            makers.add_person(f"P{number}", agency, division=division)
        promise(folder)
    return app


def promise(folder: Path, number: int = 1) -> None:
    """A week that should be open opens under a commitment, as the scheduler makes it."""
    with transaction() as session:
        contests.freeze_due_weeks(session, clock.now())
        key = KeyFile(folder / "seal-key")
        commitment_making.make(session, makers.week(session, number), key, chance.seed, SYSTEM, clock.now())


@contextmanager
def serving(app: Flask) -> Iterator[str]:
    """The address of a server in this process."""
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Quiet)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


class Quiet(WSGIRequestHandler):
    """A request handler that does not fill the test's output."""

    def log(self, _type: str, _message: str, *_arguments: object) -> None:
        """Say nothing."""
