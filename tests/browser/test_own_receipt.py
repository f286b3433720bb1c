"""From the square code of a receipt to one's own entry: one button, and the server never learns the code."""

from __future__ import annotations

import json
from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from flask import Flask, request
from playwright.sync_api import Route, expect

from quiz.services import publication_history
from quiz.services.receipts import anchor
from quiz.verification import records
from tests.browser.conftest import Arrive, axe, serving, small_contest
from tests.browser.test_verifier_page import ROUND, zipped

LOSER = json.loads(ROUND.files["ket-qua.json"])["divisions"][0]["standings"][-1]
RECORD = next(one for one in json.loads(ROUND.files["bai-thi.json"]) if one["code"] == LOSER["code"])
SEAL = records.short(records.seal_of(RECORD))


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    return small_contest(tmp_path_factory.mktemp("receipts"))


@pytest.fixture
def asked() -> list[str]:
    """What the server was asked for."""
    return []


@pytest.fixture
def site(app: Flask, asked: list[str]) -> Iterator[str]:
    def note() -> None:
        asked.append(request.url + str(request.headers))

    functions = app.before_request_funcs.setdefault(None, [])
    functions.insert(0, note)
    with serving(app) as address:
        yield address
    functions.remove(note)


def test_during_the_week_it_leads_to_the_chain(site: str, asked: list[str], visit: Arrive) -> None:
    visitor = visit(site)
    page = visitor.open("/kiem-chung#" + anchor(LOSER["code"], SEAL, 1, 7))
    box = page.get_by_role("region", name="Biên nhận của ông/bà")
    expect(box).to_contain_text(" ".join(SEAL[at : at + 4] for at in range(0, 16, 4)))
    expect(box).to_contain_text("Bài của ông/bà ở lô số 7.")
    visitor.check_accessible()
    box.get_by_role("link", name="Xem mã đầu chuỗi").click()
    page.wait_for_url("**/kiem-chung/tuan-1/chuoi?den=7")
    assert not any(code in text for text in asked for code in (LOSER["code"], SEAL))


def test_without_a_receipt_there_is_none(site: str, visit: Arrive) -> None:
    for address in ("/kiem-chung", "/kiem-chung#how", "/kiem-chung#ABC-<b>"):
        page = visit(site).open(address)
        expect(page.get_by_role("heading", name="Kiểm chứng", exact=True)).to_be_visible()
        assert page.get_by_role("region", name="Biên nhận của ông/bà").count() == 0


def test_after_the_publication_one_button_finds_the_entry(
    site: str, asked: list[str], visit: Arrive, monkeypatch: pytest.MonkeyPatch
) -> None:
    published = SimpleNamespace(week=1, number=1, bundled=True)
    monkeypatch.setattr(publication_history, "issues", lambda *_: [published])
    visitor = visit(site)

    def bundle(route: Route) -> None:
        route.fulfill(body=zipped(ROUND.files), content_type="application/zip")

    visitor.context.route("**/ket-qua/tuan-1/lan-1.zip", bundle)
    page = visitor.open("/kiem-chung#" + anchor(LOSER["code"], SEAL, 1, None))
    page.get_by_role("link", name="Tìm bài của tôi").click()
    expect(page.locator("#status")).to_have_text("Mọi phép kiểm đều khớp: 15 trên 15.", timeout=60000)
    expect(page.locator("#receipt-status")).to_contain_text(f"vị trí {LOSER['place']} trên")
    expect(page.locator("#entry")).to_contain_text("Dấu niêm phong trên biên nhận đúng là dấu")
    assert axe(page) == []
    visitor.check_fits()
    assert not any(code in text for text in asked for code in (LOSER["code"], SEAL))


def test_a_bundle_that_cannot_be_had_is_said(site: str, visit: Arrive) -> None:
    visitor = visit(site)
    page = visitor.open("/kiem-chung/kiem-chung.html#goi=/ket-qua/tuan-1/lan-9.zip")
    expect(page.locator("#status")).to_contain_text("Không tải được gói kết quả")
    page.goto("about:blank")
    page.goto(site + "/kiem-chung/kiem-chung.html#goi=//example.org/a.zip")
    expect(page.locator("#app")).to_be_visible()
    expect(page.locator("#status")).to_have_text("")
    visitor.errors[:] = [error for error in visitor.errors if "404" not in error and "409" not in error]


def test_heads_are_copied_without_their_spaces(site: str, visit: Arrive) -> None:
    visitor = visit(site)
    visitor.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = visitor.open("/kiem-chung")
    digest = page.locator("code.digest").first
    page.get_by_role("button", name="Sao chép").first.click()
    expect(page.get_by_role("button", name="Đã sao chép").first).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == digest.inner_text().replace(" ", "")
