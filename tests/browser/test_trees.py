"""What a screen reader is told, page by page: the accessibility tree of the main part, kept in `trees/` word by word.

A change of a page shows here as a change of its tree. `--renew-trees` writes the trees anew, to be read in the diff.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Locator, expect

from quiz.app import create_app
from quiz.config import Config
from quiz.permissions import Role
from quiz.services import transaction
from tests import makers
from tests.browser.conftest import Arrive, serving
from tests.conftest import SECRET, Clock, migrate
from tests.makers import PASSWORD
from tests.web import scenes
from tests.web.scenes import AFTER, CHILD, COLLEAGUE, DURING, PARTICIPANT, STAFF, STRANGER

FOLDER = Path(__file__).parent / "trees"
SEAL, DIGEST = re.compile(r"[A-Z2-7]{4}(?: [A-Z2-7]{4}){3}"), re.compile(r"[0-9a-f]{4}(?: [0-9a-f]{4}){15}")
"""Codes, seals and digests, which are others each time."""
PAPER, MARKED = makers.code(1), makers.code(2)
PAGES = {
    "front-page": ("", "/"),
    "winners": ("", "/ket-qua/tuan-1"),
    "hall": ("", "/ket-qua/tuan-1/hoi-truong"),
    "participation": ("", "/ty-le-tham-gia"),
    "home": (PARTICIPANT, "/thi"),
    "answers": (PARTICIPANT, f"/thi/bai/{MARKED}/dap-an"),
    "dashboard": (STAFF[Role.COORDINATOR], "/co-quan"),
    "organisers-week": (STAFF[Role.ORGANISER], "/ban-to-chuc/tuan-1"),
}


@pytest.fixture(scope="module")
def calm_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A contest whose clock stands still: week 1 is published, week 2 has been open for an hour, one sits a paper."""
    folder = tmp_path_factory.mktemp("calm")
    url = f"sqlite:///{folder / 'quiz.sqlite3'}"
    migrate(url)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("QUIZ_SEAL_KEY_FILE", str(folder / "key"))
        app = calm_contest(url)
    with serving(app) as address:
        yield address


def calm_contest(url: str) -> Flask:
    """The same, before it is served."""
    clock = Clock(makers.WEEK_2 + timedelta(hours=1))
    app = create_app(Config(database_url=url, secret_key=SECRET, https=False, testing=True), clock)
    ids = scenes.lay_out(app)
    scenes.freeze(app, DURING)
    for right, (staff_code, code) in enumerate(((PARTICIPANT, MARKED), (CHILD, ""), (STRANGER, "")), start=3):
        scenes.sit(app, ids[staff_code], right=right, attempt_code=code)
    scenes.publish(app, AFTER, ids[STAFF[Role.ORGANISER]])
    scenes.freeze(app, clock.now)
    with app.app_context(), transaction() as session:
        makers.start(session, ids[COLLEAGUE], makers.week(session, 2), clock.now, PAPER)
    return app


Compare = Callable[[str, Locator], None]


@pytest.fixture
def same(request: pytest.FixtureRequest) -> Compare:
    """Compares a tree with the one kept under this name, figures and digests aside; or keeps it, if asked to."""

    def compare(name: str, part: Locator) -> None:
        plain = DIGEST.sub("(digest)", SEAL.sub("(seal)", part.aria_snapshot()))
        tree = re.sub(r"(?<!level=)\d+", "0", plain) + "\n"
        kept = FOLDER / f"{name}.yaml"
        if request.config.getoption("--renew-trees"):
            kept.write_text(tree, encoding="utf-8")
        assert tree == kept.read_text(encoding="utf-8")

    return compare


@pytest.mark.parametrize("name", PAGES)
def test_pages_are_told_as_before(visit: Arrive, calm_site: str, same: Compare, name: str) -> None:
    who, path = PAGES[name]
    visitor = visit(calm_site)
    if who:
        visitor.sign_in(who, PASSWORD)
    same(name, visitor.open(path).locator("main"))


def test_a_whole_sitting_is_told_as_before(visit: Arrive, calm_site: str, same: Compare) -> None:
    visitor = visit(calm_site).sign_in(COLLEAGUE, PASSWORD)
    page = visitor.open(f"/thi/bai/{PAPER}")
    same("paper-bar", page.locator(".sitting-bar"))
    same("paper-question", page.locator("#cau-1"))
    visitor.choose(1, "B")
    visitor.wait_saved()
    page.get_by_role("button", name="Xem lại và nộp bài").click()
    same("review", page.locator("dialog"))
    page.locator("#really").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Biên nhận bài thi")
    same("receipt", page.locator("main"))


@pytest.mark.parametrize(
    ("name", "who", "path", "button"),
    [
        ("sign-in-wrong", "", "/dang-nhap", "Đăng nhập"),
        (
            "decision-wrong",
            STAFF[Role.ORGANISER],
            "/ban-to-chuc/quyet-dinh/su-co?cach=tra-thoi-gian",
            "Xem trước và gửi đề xuất",
        ),
    ],
)
def test_what_is_wrong_is_told_as_before(
    visit: Arrive, calm_site: str, same: Compare, name: str, who: str, path: str, button: str
) -> None:
    visitor = visit(calm_site)
    if who:
        visitor.sign_in(who, PASSWORD)
    page = visitor.open(path)
    page.locator("main").get_by_role("button", name=button, exact=True).click()
    expect(page.locator("main .error").first).to_be_visible()
    same(name, page.locator("main"))
    visitor.errors.clear()  # the answer is a 422 in the console
