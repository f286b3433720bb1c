"""The prediction question in a real browser: saved with the sheet, with the script and without it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests import makers
from tests.browser.conftest import Arrive, serve
from tests.makers import PASSWORD

ASKED = (
    "Theo ông/bà, tính đến khi tuần thi đóng sẽ có bao nhiêu người dự thi trả lời đúng tất cả các câu hỏi trong số "
    "toàn bộ cán bộ, công chức, viên chức của các sở, ban, ngành, quận, huyện và đơn vị sự nghiệp công lập trực thuộc?"
)
CONTEST = f"""{makers.CONTEST.replace("minutes: 10", "minutes: 10, needs_all_answers: true")}
prediction: {{text: "{ASKED}", target: people_all_right}}
ranking: [score, prediction, lot]
divisions:
  - {{code: can-bo, name: "Cán bộ, công chức, viên chức"}}
  - {{code: nhan-dan, name: Nhân dân trên địa bàn thành phố}}
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A contest with two divisions that asks for a prediction and for every answer; all of the second division."""
    yield from serve(tmp_path_factory, CONTEST, "nhan-dan")


@pytest.mark.parametrize(("size", "who"), [("phone", "P1"), ("desk", "P2")])
def test_a_prediction_is_saved_with_the_sheet_and_shown_on_the_receipt(
    visit: Arrive, site: str, size: str, who: str
) -> None:
    visitor = visit(site, size).sign_in(who, PASSWORD)
    page = visitor.start()
    expect(page.locator("main")).to_contain_text("Bảng thi: Nhân dân trên địa bàn thành phố")
    visitor.check_accessible()
    for question in range(1, 5):
        visitor.choose(question, "B")
    page.get_by_label(ASKED).fill("1.250")
    page.get_by_label(ASKED).blur()
    visitor.wait_saved()
    page.reload()
    expect(page.get_by_label(ASKED)).to_have_value("1250")
    page.get_by_label(ASKED).fill("")
    page.get_by_role("button", name="Xem lại và nộp bài").click()
    expect(page.locator("#unanswered")).to_have_text("Còn 1 câu chưa trả lời. Chưa ghi số dự đoán.")
    expect(page.locator("#needed")).to_be_visible()
    page.locator("#back").click()
    page.get_by_label(ASKED).fill("007")
    page.get_by_role("button", name="Xem lại và nộp bài").click()
    expect(page.locator("#unanswered")).to_have_text("Còn 1 câu chưa trả lời.")
    page.locator("#really").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Biên nhận bài thi – Tuần 1")
    expect(page.locator(".facts").first).to_contain_text("Số dự đoán7")
    expect(page.locator("main")).to_contain_text("Bài còn câu chưa trả lời nên không hợp lệ")
    visitor.check_fits()
    visitor.check_accessible()


def test_what_is_no_number_is_told_before_handing_in_and_never_sent(visit: Arrive, site: str) -> None:
    visitor = visit(site).sign_in("P3", PASSWORD)
    page = visitor.start()
    for question in range(1, 6):
        visitor.choose(question, "A")
    page.get_by_label(ASKED).fill("12 người")
    page.get_by_label(ASKED).blur()
    visitor.wait_saved()
    page.get_by_role("button", name="Xem lại và nộp bài").click()
    expect(page.locator("#confirm")).to_be_hidden()
    assert page.get_by_label(ASKED).evaluate("box => document.activeElement === box && !box.validity.valid")
    page.reload()
    expect(page.get_by_label(ASKED)).to_have_value("")
    visitor.wait_saved()


def test_a_prediction_without_the_script(visit: Arrive, site: str) -> None:
    visitor = visit(site, javascript=False).sign_in("P4", PASSWORD)
    page = visitor.start()
    visitor.choose(2, "C")
    page.get_by_label(ASKED).fill("45")
    page.get_by_role("button", name="Xem lại và nộp bài").click()
    expect(page.get_by_role("main")).to_contain_text(f"Câu dự đoán: {ASKED} 45")
    visitor.check_fits()
    page.get_by_role("link", name="45", exact=True).click()
    expect(page.get_by_label(ASKED)).to_have_value("45")
    page.get_by_role("button", name="Xem lại và nộp bài").click()
    page.get_by_role("button", name="Nộp bài").click()
    expect(page.locator(".facts").first).to_contain_text("Số dự đoán45")
