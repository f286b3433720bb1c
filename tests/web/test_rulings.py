"""The pages of questions found wrong: found, proposed, previewed, approved; what participants and the public read."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask

from quiz.models import db
from quiz.permissions import Role
from quiz.services import attempts, contests, ruling_preview
from tests import makers
from tests.conftest import Clock
from tests.web import scenes
from tests.web.client import PageClient
from tests.web.scenes import AFTER, COLLEAGUE, PARTICIPANT, STAFF

LISTING = "/ban-to-chuc/tuan-1/cau-hoi-sai"
SECOND_ORGANISER = "TC02"
PAPER = {"number": "12/QĐ-BTC", "reason": "Văn bản đã hết hiệu lực"}


@scenes.laid_out
def marked(app: Flask) -> dict[str, int]:
    """A week that two people sat, marked: one everything right, the other everything wrong."""
    ids = scenes.lay_out(app)
    with app.app_context():
        ids[SECOND_ORGANISER] = makers.add_person(SECOND_ORGANISER, ids["SNV"], "Bùi Thị Lan", [Role.ORGANISER])
    scenes.sit(app, ids[PARTICIPANT], right=0, lasts=timedelta(minutes=1))
    scenes.sit(app, ids[COLLEAGUE], right=5)
    scenes.mark(app, AFTER)
    return ids


@pytest.fixture
def ids(app: Flask, clock: Clock) -> dict[str, int]:
    clock.now = AFTER
    return marked(app)


@pytest.fixture
def organiser(app: Flask, ids: dict[str, int]) -> PageClient:
    """The organiser who proposes."""
    return PageClient(app).sign_in(STAFF[Role.ORGANISER])


@pytest.fixture
def second(app: Flask, ids: dict[str, int]) -> PageClient:
    """The organiser who approves."""
    return PageClient(app).sign_in(SECOND_ORGANISER)


def dealt(app: Flask, person: int) -> tuple[str, str]:
    """The first question by its id that a person was dealt, with its text."""
    with app.app_context():
        session = db.session()
        (own,) = attempts.of_person(session, person)
        drawn = attempts.paper_with_keys(session, own, contests.get_week_by_id(session, own.week_id))
        return min((item.question.id, item.question.text) for item in drawn.questions)


def compute(app: Flask) -> None:
    """What the scheduler does."""
    with app.app_context():
        ruling_preview.compute_waiting(lambda: AFTER)


def propose(client: PageClient, question: str, kind: str = "void", letters: str = "") -> str:
    """Send the form; the address of the decision."""
    return client.post(f"{LISTING}/{question}", PAPER | {"kind": kind, "letters": letters})


def approve(client: PageClient, address: str, status: int = 302, **changed: object) -> str:
    """Tick the box and approve what the page shows."""
    found = re.search(r'name="seen"[^>]*value="(\w+)"', client.http.get(address).text)
    fields = {"seen": found[1] if found else "x" * 64, "checked": "y"} | changed
    return client.post(f"{address}/duyet", fields, status)


def test_questions_are_listed_with_the_fewest_right_first_and_found_by_words(
    app: Flask, ids: dict[str, int], organiser: PageClient
) -> None:
    question, text = dealt(app, ids[PARTICIPANT])
    page = organiser.get("/ban-to-chuc/tuan-1")
    assert f'href="{LISTING}"' in page
    rows = scenes.rows(organiser.get(LISTING), "Câu hỏi trong các đề thi")
    shares = [row[3] for row in rows]
    assert shares[0] == "0,00%"
    assert shares[-1] == "100,00%"
    for wanted in (question.lower(), text.split()[3]):
        rows = scenes.rows(organiser.get(f"{LISTING}?tim={wanted}"), "Câu hỏi trong các đề thi")
        assert question in [row[0] for row in rows]
    assert "Tìm thấy 0 câu." in organiser.get(f"{LISTING}?tim=kh%C3%B4ng+c%C3%B3")


def test_a_question_is_voided_step_by_step_and_everybody_learns_of_it(
    app: Flask, clock: Clock, ids: dict[str, int], organiser: PageClient, second: PageClient
) -> None:
    scenes.publish(app, AFTER, ids[STAFF[Role.ORGANISER]])
    question, text = dealt(app, ids[PARTICIPANT])
    address = propose(organiser, question)
    assert f'<a href="{address}">' in second.get("/ban-to-chuc/quyet-dinh")
    page = second.get(address)
    assert "Đang chấm thử cả tuần thi để xem trước." in page
    assert "Duyệt, có hiệu lực ngay" not in page
    assert second.http.get(f"{address}/tien-do").json == {"state": "waiting", "percent": 0}
    compute(app)
    assert second.http.get(f"{address}/tien-do").json["state"] == "ready"
    page = scenes.words(second.get(address))
    assert "Lượt thi tăng điểm 1" in page
    assert "Giải Nhì : hiện nay: không có ai; nếu duyệt: Trần Thị Bích Ngọc (Sở Nội vụ), hạng 2." in page
    assert "Ông/bà là người đề xuất nên không tự duyệt được." in organiser.get(address)
    assert approve(second, address) == "/ban-to-chuc/tuan-1"
    assert "Tuần 1 đã đóng và chưa được chấm." in second.get("/ban-to-chuc/tuan-1")
    scenes.mark(app, AFTER)
    page = second.get("/ban-to-chuc/tuan-1")
    assert "Có câu hỏi đang được xử lý khác với lần công bố gần nhất." in page
    assert text not in PageClient(app).get("/ket-qua/tuan-1")
    scenes.publish(app, AFTER, ids[STAFF[Role.ORGANISER]], reason="Hủy một câu hỏi")
    public = scenes.words(PageClient(app).get("/ket-qua/tuan-1"))
    assert "Câu hỏi có quyết định xử lý" in public
    assert text in public
    assert "Quyết định số 12/QĐ-BTC. Lý do: Văn bản đã hết hiệu lực" in public
    assert "xử lý khác với lần công bố" not in second.get("/ban-to-chuc/tuan-1")
    participant = PageClient(app).sign_in(PARTICIPANT)
    own = participant.get(f"/thi/bai/{makers.code(ids[PARTICIPANT] * 10 + 1)}/dap-an")
    assert "Câu này đã bị hủy; mọi người được tính điểm." in own
    assert "Đúng 1/5 câu" in own
    assert own.count("đáp án đúng") == 4
    assert "1/5" in participant.get("/thi")


@pytest.mark.parametrize(
    ("kind", "letters", "said", "right"),
    [
        ("rekey", "b", "Đáp án của câu này đã được đổi.", 5),
        ("accept", "a/b", "Câu này được chấp nhận nhiều đáp án", 6),
    ],
)
def test_answers_are_shown_as_ruled(
    app: Flask,
    ids: dict[str, int],
    organiser: PageClient,
    second: PageClient,
    kind: str,
    letters: str,
    said: str,
    right: int,
) -> None:
    question, _ = dealt(app, ids[COLLEAGUE])
    address = propose(organiser, question, kind, letters)
    compute(app)
    approve(second, address)
    scenes.mark(app, AFTER)
    own = PageClient(app).sign_in(COLLEAGUE).get(f"/thi/bai/{makers.code(ids[COLLEAGUE] * 10 + 1)}/dap-an")
    assert said in own
    assert own.count("đáp án đúng") == right
    assert f"Đúng {4 if kind == 'rekey' else 5}/5 câu" in own


def test_what_is_wrong_with_a_proposal_is_said_on_the_form(
    app: Flask, ids: dict[str, int], organiser: PageClient
) -> None:
    question, text = dealt(app, ids[PARTICIPANT])
    assert text in organiser.get(f"{LISTING}/{question}")
    before = scenes.everything(app)
    for fields, said in (
        ({"kind": "rekey", "letters": "A"}, "Đây đúng là đáp án của bộ câu hỏi."),
        ({"kind": "accept", "letters": "B"}, "Chấp nhận nhiều đáp án thì ghi ít nhất hai đáp án khác nhau"),
        ({"kind": "keep"}, "Hãy chọn một mục trong danh sách."),
        ({"kind": "void", "reason": ""}, "Cần điền ô này."),
    ):
        assert said in organiser.post(f"{LISTING}/{question}", PAPER | fields, 422)
    assert "Không đề thi nào của Tuần 1 có câu hỏi này." in organiser.get(f"{LISTING}/T-999", 404)
    assert scenes.everything(app) == before


def test_what_was_seen_must_still_hold(
    app: Flask, ids: dict[str, int], organiser: PageClient, second: PageClient
) -> None:
    question, _ = dealt(app, ids[PARTICIPANT])
    address = propose(organiser, question)
    compute(app)
    before = scenes.everything(app)
    assert "Hãy đánh dấu sau khi đã xem." in approve(second, address, 422, checked="")
    assert "đã thay đổi sau khi ông/bà xem" in approve(second, address, 409, seen="x" * 64)
    assert scenes.everything(app) == before
    second.post(f"{address}/rut")
    assert "Đã rút, không có hiệu lực" in second.get(address)


def test_an_inspector_reads_and_decides_nothing(app: Flask, ids: dict[str, int], organiser: PageClient) -> None:
    question, _ = dealt(app, ids[PARTICIPANT])
    address = propose(organiser, question)
    compute(app)
    inspector = PageClient(app).sign_in(STAFF[Role.INSPECTOR])
    assert "Xử lý câu này" not in inspector.get(LISTING)
    page = inspector.get(address)
    assert "Nếu duyệt bây giờ" in page
    assert "Rút đề xuất này" not in page
    assert 'name="seen"' not in page


def test_an_open_week_has_no_questions_to_look_at(app: Flask, clock: Clock, organiser: PageClient) -> None:
    clock.now = makers.WEEK_2 + timedelta(hours=1)
    organiser.sign_in(STAFF[Role.ORGANISER])
    assert "Tuần 2 chưa đóng" in organiser.get("/ban-to-chuc/tuan-2/cau-hoi-sai", 409)
