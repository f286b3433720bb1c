"""The question workbench in the browser: found, written, looked at by three people, and put into the bank."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pytest
from flask import Flask

from quiz.permissions import Role
from quiz.questions import wording
from quiz.questions.wording import Wording
from quiz.services import question_work, transaction
from tests import makers
from tests.conftest import Clock
from tests.services import question_scene
from tests.services.question_scene import NOW
from tests.web import scenes
from tests.web.client import PageClient
from tests.web.scenes import STAFF

LIST = "/ban-to-chuc/cau-hoi"
ONE = f"{LIST}/cau/T-001"


@dataclass(frozen=True)
class Desk:
    """Three organisers, signed in, and an inspector."""

    app: Flask
    author: PageClient
    appraiser: PageClient
    approver: PageClient
    ids: dict[str, int]

    def draft(self, question_id: str = "T-001") -> question_scene.Draft:
        """The open draft of a question."""
        with self.app.app_context():
            return question_scene.draft(question_id)

    def decide(self, who: PageClient, decision: str, note: str = "", status: int = 302) -> str:
        """Take a step on the page of the first question."""
        data = {"decision": decision, "note": note, "seen": self.draft().seen}
        return who.post(f"{ONE}/xu-ly", data, status)


@pytest.fixture
def desk(app: Flask, clock: Clock) -> Desk:
    ids = scenes.lay_out(app, question_scene.SOURCE)
    with app.app_context():
        for code, name in (("TC02", "Vũ Văn Thẩm"), ("TC03", "Đỗ Thị Phê")):
            ids[code] = makers.add_person(code, ids["SNV"], name, [Role.ORGANISER])
    clock.now = NOW
    clients = [PageClient(app).sign_in(code) for code in (STAFF[Role.ORGANISER], "TC02", "TC03")]
    return Desk(app, *clients, ids)


def fields(page: str) -> dict[str, object]:
    """What the edit form holds, as a browser would send it."""
    held: dict[str, object] = {
        name: value.strip() for name, value in re.findall(r'<textarea[^>]*name="([^"]+)"[^>]*>([^<]*)</textarea>', page)
    }
    named = "document|article|valid_from|valid_until|facts|seen"
    held |= dict(re.findall(rf'<input[^>]*name="({named})"[^>]*value="([^"]*)"', page))
    held["level"] = re.findall(r'checked[^>]*name="level"[^>]*value="(\d)"', page) or ["1"]
    held["key"] = re.findall(r'checked[^>]*name="key"[^>]*value="(\w)"', page)
    held["topic"] = "chung"
    return held


def test_a_question_is_shown_as_the_participant_sees_it_and_with_its_key(desk: Desk) -> None:
    page = desk.author.get(ONE)
    assert '<fieldset class="question"' in page
    assert page.count('type="radio"') == 4
    assert "Giải thích của câu 1" in page
    assert "<dt>Đáp án đúng</dt><dd>A</dd>" in page


def test_three_people_bring_a_change_into_the_bank(desk: Desk) -> None:
    form = fields(desk.author.get(f"{ONE}/sua"))
    assert form["key"] == ["A"]
    desk.author.post(f"{ONE}/sua", form | {"explanation": "Giải thích của câu thứ nhất"})
    page = desk.appraiser.get(ONE)
    assert "<del>" in page
    assert "Giải thích của câu [thêm: thứ nhất]" in re.sub(r"<[^>]+>", "", page)
    assert "Người soạn không tự thẩm định" in desk.decide(desk.author, "appraise", status=409)
    desk.decide(desk.appraiser, "appraise")
    assert "Cần một người thứ ba" in desk.decide(desk.appraiser, "approve", status=409)
    desk.decide(desk.approver, "approve")
    offered = desk.approver.get(f"{LIST}/dua-vao-bo")
    assert "Rút đề từ bộ mới: Tuần 1, Tuần 2" in offered
    assert desk.approver.post(f"{LIST}/dua-vao-bo", {"seen": desk.draft().seen}) == LIST
    with desk.app.app_context():
        assert question_scene.said().explanation == "Giải thích của câu thứ nhất"
    assert "Đưa vào bộ câu hỏi" in desk.author.get(ONE)


def test_what_is_wrong_is_said_at_its_field_and_what_was_typed_is_kept(desk: Desk) -> None:
    typed = {"topic": "chung", "level": "1", "text": "Câu đang soạn dở?", "option_a": "Một", "option_b": "Một"}
    page = desk.author.post(f"{LIST}/moi", typed, 422)
    assert "Câu đang soạn dở?" in page
    assert "Phương án B trùng phương án A" in page
    assert 'id="key-error"' in page
    assert desk.author.post(f"{LIST}/moi", typed | {"incomplete": "1"}) == f"{LIST}/cau/T-013"
    assert "Còn phải sửa trước khi thẩm định" in desk.appraiser.get(f"{LIST}/cau/T-013")


def test_who_saves_over_somebody_elses_work_is_shown_it_first(desk: Desk) -> None:
    form = fields(desk.author.get(f"{ONE}/sua"))
    desk.appraiser.post(f"{ONE}/sua", form | {"explanation": "Của người khác"})
    page = desk.author.post(f"{ONE}/sua", form | {"explanation": "Của tôi"}, 409)
    assert "Của [bỏ: người khác]" in re.sub(r"<[^>]+>", "", page)
    assert "Của tôi</textarea>" in page
    desk.author.post(f"{ONE}/sua", fields(page))
    assert desk.draft().wording.explanation == "Của tôi"


def test_sending_back_and_dropping_say_why(desk: Desk) -> None:
    with desk.app.app_context():
        question_scene.edit(makers.Actor(desk.ids["TC01"]), text="Câu sửa?")
    assert "Cần ghi rõ lý do" in desk.decide(desk.appraiser, "send_back", status=409)
    desk.decide(desk.appraiser, "send_back", "Sai số nghị định")
    assert "Sai số nghị định" in desk.author.get(ONE)
    desk.decide(desk.author, "drop", "Giữ câu cũ")
    assert "Bỏ bản nháp" in desk.author.get(ONE)


def test_a_removal_is_asked_for_with_a_reason(desk: Desk) -> None:
    seen = re.search(r'name="seen" value="(0\.\w+)"', desk.author.get(ONE))
    assert seen
    assert "Cần ghi rõ lý do" in desk.author.post(f"{ONE}/de-nghi-bo", {"seen": seen[1]}, 409)
    desk.author.post(f"{ONE}/de-nghi-bo", {"seen": seen[1], "reason": "Văn bản hết hiệu lực"})
    page = desk.appraiser.get(ONE)
    assert "Văn bản hết hiệu lực" in page
    assert f"{ONE}/sua" not in page


def test_several_are_approved_at_once_and_the_rest_is_told_why_not(desk: Desk) -> None:
    with desk.app.app_context():
        for who, question_id in (("TC01", "T-001"), ("TC01", "T-002"), ("TC02", "T-003")):
            question_scene.edit(makers.Actor(desk.ids[who]), question_id, text=f"Câu {question_id} sửa?")
    seen = [desk.draft(f"T-00{number}").seen for number in (1, 2, 3)]
    page = desk.appraiser.post(f"{LIST}/nhieu-cau?tim=cau", {"decision": "appraise", "seen": seen}, 200)
    assert "Đã xử lý 2 câu. T-001, T-002." in page
    assert "T-003: Người soạn không tự thẩm định" in page
    desk.appraiser.post(f"{LIST}/nhieu-cau", {"decision": "drop", "seen": seen}, 400)


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("", "14"),
        ("tim=t-001", "1"),
        ("tim=DAN+nhap", "1"),
        ("tim=nghi+dinh+khong+co", "0"),
        ("muc=1", "6"),
        ("trang-thai=draft", "2"),
        ("trang-thai=in_bank", "12"),
        ("nhieu=y", "1"),
        ("hieu-luc=expired&ngay=2024-12-31", "1"),
        ("hieu-luc=true&ngay=2024-12-31", "13"),
        ("hieu-luc=true&ngay=không-phải-ngày", "14"),
        ("hieu-luc=expiring", "1"),
        ("chu-de=khong-co&trang=99999999999", "0"),
    ],
)
def test_the_list_is_searched_and_filtered(desk: Desk, asked: str, found: str) -> None:
    several = wording.from_dict(
        wording.as_dict(wording.of(makers.question("X-001", "AC")))
        | {"text": "Đặt dấu: Dân nhập gì?", "valid_from": "2020-01-01", "valid_until": "2024-10-09"}
    )
    actor = makers.Actor(desk.ids["TC01"])
    with desk.app.app_context(), transaction(actor) as session:
        for text in (several, Wording(text="Câu khác?", topic="chung", level="1", valid_from="2021-01-01")):
            question_work.write_new(session, "", text, actor, NOW)
    page = desk.author.get(f"{LIST}?{asked}")
    assert f"<p>{found} câu phù hợp.</p>" in page


def test_nobody_but_who_keeps_the_bank_sees_any_of_it_and_nothing_is_stored(desk: Desk) -> None:
    inspector = PageClient(desk.app).sign_in(STAFF[Role.INSPECTOR])
    for path in (LIST, ONE, f"{LIST}/dua-vao-bo"):
        assert inspector.http.get(path).status_code == 403
        assert desk.author.http.get(path).headers["Cache-Control"] == "no-store"
    assert "cau-hoi" not in inspector.get("/ban-to-chuc")


def test_what_is_not_there_is_not_found(desk: Desk) -> None:
    desk.author.get(f"{LIST}/cau/T-999", 404)
    desk.author.get(f"{LIST}/cau/T-999/sua", 404)
    desk.author.get(f"{LIST}?bo=khac", 409)
