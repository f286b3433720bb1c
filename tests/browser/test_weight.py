"""What a sitting weighs, in bytes that travel, and how it goes over a very slow line on a very slow telephone."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import CDPSession, Page

from quiz import clock
from quiz.app import create_app
from quiz.config import ROOT, Config
from quiz.demo import load
from tests import makers
from tests.browser.conftest import Arrive, Visitor, free_port, granian, promise
from tests.browser.test_sitting import hand_in
from tests.conftest import SECRET, migrate
from tests.makers import PASSWORD

QUESTIONS = 20
FIRST_SITTING_KB, NEXT_SITTING_KB = 100, 20
LINE = {"offline": False, "latency": 400, "downloadThroughput": 8000, "uploadThroughput": 8000}  # 64 kbit/s
SLOWER = 6
PAINTED_AND_SCRIPT = """[
    performance.getEntriesByName("first-contentful-paint")[0].startTime,
    performance.getEntriesByType("resource").find(file => file.name.includes("paper.js")).responseEnd,
]"""
LAYOUT_SHIFT = """new Promise(done => {
    const seen = list => list.getEntries().reduce((sum, one) => sum + one.value, 0);
    new PerformanceObserver(list => done(seen(list))).observe({type: "layout-shift", buffered: true});
    setTimeout(done, 300, 0);
})"""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The contest and bank of the demo, 20 questions, on the server of production."""
    folder = tmp_path_factory.mktemp("weighed")
    url = f"sqlite:///{folder / 'quiz.sqlite3'}"
    migrate(url)
    with create_app(Config(database_url=url, secret_key=SECRET, https=False, testing=True)).app_context():
        bank = (ROOT / "question_bank.yaml").read_text(encoding="utf-8")
        makers.load_contest(load.moved_to(clock.now()).decode(), bank)
        agency = makers.add_agency(name="Trung tâm Phục vụ hành chính công thành phố")
        for who in ("CB1", "CB2"):
            makers.add_person(who, agency, "Công Tằng Tôn Nữ Thị Hoàng Phượng Nguyệt Anh")
        promise(folder, load.OPEN_WEEK)
    port = free_port()
    with granian(folder, port):
        yield f"http://127.0.0.1:{port}"


@dataclass
class Scales:
    """Counts what a page's requests bring down the line: heads and bodies, redirects too."""

    requests: int = 0
    bytes: int = 0
    by_kind: dict[str, int] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)

    def put_under(self, visitor: Visitor) -> CDPSession:
        """Weigh everything from now on."""
        cdp = visitor.context.new_cdp_session(visitor.page)
        cdp.send("Network.enable")
        cdp.on("Network.requestWillBeSent", self._sent)
        cdp.on("Network.loadingFinished", lambda end: self._add(end["requestId"], end["encodedDataLength"]))
        return cdp

    def _sent(self, request: dict[str, object]) -> None:
        self.kinds[str(request["requestId"])] = str(request["type"])
        if isinstance(redirect := request.get("redirectResponse"), dict):
            self._add(str(request["requestId"]), redirect["encodedDataLength"])

    def _add(self, request: str, weight: float) -> None:
        kind = self.kinds.get(request, "?")
        self.requests += weight > 0
        self.bytes += int(weight)
        self.by_kind[kind] = self.by_kind.get(kind, 0) + int(weight)

    def read(self, what: str) -> float:
        """Kilobytes since the last reading, printed."""
        kilobytes, kinds = self.bytes / 1000, ", ".join(f"{k} {v / 1000:.1f}" for k, v in self.by_kind.items())
        print(f"\n{what}: {kilobytes:.1f} kB in {self.requests} requests ({kinds})")
        self.requests, self.bytes, self.by_kind = 0, 0, {}
        return kilobytes


def enter(visitor: Visitor, who: str) -> Page:
    """From the front page to the own weeks, signing in on the way."""
    page = visitor.open("/")
    page.get_by_role("link", name="Vào thi", exact=True).click()
    page.fill("#identifier", who)
    page.fill("#password", PASSWORD)
    page.get_by_role("button", name="Đăng nhập").click()
    page.get_by_role("button", name="Bắt đầu làm bài").wait_for()
    return page


FETCHED = """performance.getEntriesByType("resource").filter(file => file.transferSize > 0)
  .map(file => file.name)"""
"""What a page did not have from an earlier visit: nothing but the receipt's own code, which no device keeps."""


def test_a_whole_sitting_is_light(visit: Arrive, address: str) -> None:
    visitor, scales = visit(address), Scales()
    scales.put_under(visitor)
    page = enter(visitor, "CB1")
    page.get_by_role("button", name="Bắt đầu làm bài").click()
    for number in range(1, QUESTIONS + 1):
        visitor.choose(number, "A")
        visitor.wait_saved()
    hand_in(page)
    assert scales.read("first sitting, nothing known to the browser") <= FIRST_SITTING_KB
    for path in ("/", "/thi"):
        visitor.open(path)
    page.get_by_role("link", name="Biên nhận").click()
    page.wait_for_load_state("networkidle")
    assert scales.read("coming back: front page, own weeks, receipt") <= NEXT_SITTING_KB
    assert visitor.page.evaluate(FETCHED) == [f"{page.url}.png"]


def test_a_slow_telephone_on_a_slow_line_can_answer_before_the_script_is_there(visit: Arrive, address: str) -> None:
    visitor = visit(address)
    enter(visitor, "CB2")
    cdp = visitor.context.new_cdp_session(visitor.page)
    cdp.send("Network.enable")
    cdp.send("Network.clearBrowserCache")
    cdp.send("Network.emulateNetworkConditions", LINE)
    cdp.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    page, began = visitor.page, time.monotonic()
    visitor.open("/thi")
    print(f"\nown weeks, with the style: {time.monotonic() - began:.1f} s")
    began = time.monotonic()
    page.get_by_role("button", name="Bắt đầu làm bài").click(no_wait_after=True)
    visitor.choose(1, "A")
    answered = time.monotonic() - began
    visitor.wait_saved()
    print(f"first question answered after {answered:.1f} s, saved after {time.monotonic() - began:.1f} s")
    painted, script = page.evaluate(PAINTED_AND_SCRIPT)
    print(f"painted after {painted / 1000:.1f} s, the script there after {script / 1000:.1f} s")
    assert painted < script
    assert page.evaluate(LAYOUT_SHIFT) < 0.01
