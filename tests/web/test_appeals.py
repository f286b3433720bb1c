"""The pages of appeals, from the link under a question to the public register, where nobody is named."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from quiz.models import db
from quiz.models.appeals import DbAppeal
from quiz.permissions import Role
from tests import makers
from tests.conftest import Clock
from tests.web import scenes
from tests.web.client import PageClient
from tests.web.scenes import AFTER, COLLEAGUE, DURING, PARTICIPANT, STAFF, words

TEXT = "Phương án B cũng đúng theo Điều 5."
ANSWER = {"outcome": "partly", "public_text": "Cho rằng phương án B cũng đúng.", "answer": "Đã xem lại: chỉ A đúng."}
NAMES = ("Bích Ngọc", PARTICIPANT, "Chi cục", "example.vn", TEXT)


@scenes.laid_out
def published(app: Flask) -> dict[str, int]:
    """Two people who have sat the published week 1, all with the same five questions."""
    made = scenes.lay_out(app, makers.bank_text(5))
    scenes.freeze(app, DURING)
    for who in (PARTICIPANT, COLLEAGUE):
        made[f"{who} sat"] = scenes.sit(app, made[who], right=3)  # type: ignore[assignment]
    scenes.publish(app, AFTER, made[STAFF[Role.ORGANISER]])
    return made


@pytest.fixture
def ids(app: Flask, clock: Clock) -> dict[str, int]:
    clock.now = AFTER + timedelta(hours=1)
    return published(app)


@pytest.fixture
def participant(app: Flask, ids: dict[str, int]) -> PageClient:
    return PageClient(app).sign_in(PARTICIPANT)


@pytest.fixture
def organiser(app: Flask, ids: dict[str, int]) -> PageClient:
    return PageClient(app).sign_in(STAFF[Role.ORGANISER])


def path(ids: dict[str, int], number: int | None = 1, who: str = PARTICIPANT) -> str:
    return f"/thi/bai/{ids[f'{who} sat']}/phan-anh" + (f"?cau={number}" if number else "")


def appeal(client: PageClient, ids: dict[str, int], number: int | None = 1, who: str = PARTICIPANT) -> None:
    assert client.post(path(ids, number, who), {"text": TEXT}) == "/thi/phan-anh"


def states(app: Flask) -> list[str]:
    with app.app_context():
        return list(db.session.scalars(select(DbAppeal.state).order_by(DbAppeal.id)))


def seen(html: str) -> str:
    """The digest of the entry that the page has shown."""
    found = re.search(r'name="seen"[^>]*value="([^"]*)"', html)
    assert found
    return found[1]


def answer(client: PageClient, first: int = 1, **otherwise: object) -> str:
    """Look at the entry, then say yes to it; where that leads."""
    data = {"appeal": [str(first)], **ANSWER, **otherwise}
    shown = client.post(f"/ban-to-chuc/khieu-nai/{first}/tra-loi", data, status=200)
    return client.post(f"/ban-to-chuc/khieu-nai/{first}/tra-loi", {**data, "seen": seen(shown)})


# The participant


def test_a_question_is_appealed_on_from_the_page_of_answers(
    app: Flask, ids: dict[str, int], participant: PageClient
) -> None:
    answers = participant.get(f"/thi/bai/{ids[f'{PARTICIPANT} sat']}/dap-an")
    assert [f'href="{path(ids, number)}"' in answers for number in (1, 5, 6)] == [True, True, False]
    page = words(participant.get(path(ids)))
    for said in ("Phản ánh về câu 1", "đáp án đúng", "đã chọn", "Nhận phản ánh đến 24 giờ 00 phút, thứ Tư ngày 16/10"):
        assert said in page
    assert "Không ghi họ tên, số điện thoại" in page
    appeal(participant, ids)
    own = words(participant.get("/thi/phan-anh"))
    assert "Đã gửi phản ánh." in own
    assert f"{TEXT} Ban Tổ chức trả lời đến hết ngày 16/10/2024." in own
    assert participant.post("/thi/phan-anh/1/rut") == "/thi/phan-anh"
    assert states(app) == ["withdrawn"]


def test_the_own_result_is_appealed_on_from_the_own_weeks(ids: dict[str, int], participant: PageClient) -> None:
    assert f'href="{path(ids, None)}"' in participant.get("/thi")
    assert "Kết quả đã công bố: hạng" in words(participant.get(path(ids, None)))
    appeal(participant, ids, None)
    assert "phản ánh về kết quả" in words(participant.get("/thi/phan-anh"))


def test_the_last_moment_is_the_end_of_the_local_day(
    app: Flask, clock: Clock, ids: dict[str, int], participant: PageClient
) -> None:
    ends = makers.WEEK_1_ENDS + timedelta(days=5, hours=7)
    clock.now = ends - timedelta(milliseconds=1)
    appeal(participant, ids)
    clock.now = ends
    said = "Đã hết thời hạn gửi phản ánh, khiếu nại về Tuần 1: 24 giờ 00 phút, thứ Tư ngày 16/10/2024."
    assert said in words(participant.post(path(ids, 2), {"text": TEXT}, status=409))
    page = participant.get(path(ids, 2))
    assert said in words(page)
    assert "<textarea" not in page
    assert states(app) == ["waiting"]


def test_what_is_refused_is_said_beside_what_was_written(
    app: Flask, ids: dict[str, int], participant: PageClient
) -> None:
    assert "Cần điền ô này." in words(participant.post(path(ids), {"text": ""}, status=422))
    assert "Nội dung dài tối đa 2000 ký tự." in words(participant.post(path(ids), {"text": "x" * 2001}, status=422))
    appeal(participant, ids)
    page = participant.post(path(ids), {"text": "Viết lại <b>"}, status=409)
    assert "đang chờ trả lời" in words(page)
    assert "Viết lại &lt;b&gt;" in page
    assert states(app) == ["waiting"]


def test_other_peoples_attempts_and_appeals_do_not_exist(
    app: Flask, ids: dict[str, int], participant: PageClient
) -> None:
    appeal(participant, ids)
    stranger = PageClient(app).sign_in(COLLEAGUE)
    assert TEXT not in stranger.get("/thi/phan-anh")
    stranger.get(path(ids), 404)
    stranger.post(path(ids), {"text": TEXT}, status=404)
    stranger.post("/thi/phan-anh/1/rut", status=404)
    participant.get(path(ids, 6), 409)
    assert states(app) == ["waiting"]


def test_before_the_end_no_question_is_shown_again(app: Flask, clock: Clock) -> None:
    ids = scenes.lay_out(app)
    clock.now = DURING
    client = PageClient(app).sign_in(PARTICIPANT)
    code = scenes.start(client)
    client.post(f"/thi/bai/{code}/nop", {"seq": "1"})
    for asked in ("", "?cau=1"):
        page = client.get(f"/thi/bai/{code}/phan-anh{asked}", 409)
        assert "đáp án đúng" not in page
    assert ids


# The organisers


def test_an_answer_is_seen_before_it_is_given(
    app: Flask, ids: dict[str, int], participant: PageClient, organiser: PageClient
) -> None:
    appeal(participant, ids)
    assert "Phản ánh, khiếu nại (1)" in organiser.get("/ban-to-chuc")
    listed = organiser.get("/ban-to-chuc/khieu-nai")
    assert "còn 5 ngày" in words(listed)
    one = organiser.get("/ban-to-chuc/khieu-nai/1")
    for said in (
        "Trần Thị Bích Ngọc (CB01)",
        "Điểm của lượt thi 3/5",
        "Thứ hạng 1 trong 2 người",
        "Giải thích của câu",
    ):
        assert said in words(one)
    data = {"appeal": ["1"], **ANSWER}
    shown = organiser.post("/ban-to-chuc/khieu-nai/1/tra-loi", data, status=200)
    assert "Mục này sẽ hiện trong sổ công khai" in shown
    assert states(app) == ["waiting"]
    changed = {**data, "answer": "Khác.", "seen": seen(shown)}
    again = organiser.post("/ban-to-chuc/khieu-nai/1/tra-loi", changed, status=200)
    assert states(app) == ["waiting"]
    organiser.post("/ban-to-chuc/khieu-nai/1/tra-loi", {**changed, "seen": seen(again)})
    assert states(app) == ["answered"]
    assert "đã được trả lời" in words(organiser.post("/ban-to-chuc/khieu-nai/1/tra-loi", changed, status=409))


def test_several_on_one_question_are_answered_together(
    app: Flask, ids: dict[str, int], participant: PageClient, organiser: PageClient
) -> None:
    appeal(participant, ids)
    question = re.search(r"question-text[^>]*>([^<]+)<", participant.get(path(ids)))
    assert question
    other = PageClient(app).sign_in(COLLEAGUE)
    number = next(n for n in range(1, 6) if question[1] in other.get(path(ids, n, COLLEAGUE)))
    appeal(other, ids, number, COLLEAGUE)
    assert organiser.get("/ban-to-chuc/khieu-nai/1").count('name="appeal"') == 2
    answer(organiser, appeal=["1", "2", "999"])
    assert states(app) == ["answered", "answered"]
    register = words(PageClient(app).get("/phan-anh"))
    assert "2 người cùng phản ánh nội dung này." in register
    assert "Kết luận: Chấp nhận một phần" in words(other.get("/thi/phan-anh"))


@pytest.mark.parametrize(
    ("otherwise", "status", "said"),
    [
        ({"answer": ""}, 422, "Cần điền ô này."),
        ({"outcome": "x"}, 422, "Hãy chọn một mục trong danh sách."),
        ({"public_text": "Bà tran thi bich ngoc nói"}, 409, "nhưng có ghi “Trần Thị Bích Ngọc”."),
        ({"answer": "Mã CB01."}, 409, "nhưng có ghi “CB01”."),
        ({"appeal": []}, 409, "Hãy đánh dấu ít nhất một phản ánh"),
    ],
)
def test_what_cannot_be_published_is_refused(
    app: Flask,
    ids: dict[str, int],
    participant: PageClient,
    organiser: PageClient,
    otherwise: dict[str, object],
    status: int,
    said: str,
) -> None:
    appeal(participant, ids)
    data = {"appeal": ["1"], **ANSWER, **otherwise}
    assert said in words(organiser.post("/ban-to-chuc/khieu-nai/1/tra-loi", data, status=status))
    assert states(app) == ["waiting"]


def test_a_correction_is_shown_with_its_reason(
    app: Flask, ids: dict[str, int], participant: PageClient, organiser: PageClient
) -> None:
    appeal(participant, ids)
    answer(organiser)
    data = {**ANSWER, "answer": "Câu bị hủy.", "outcome": "upheld", "version": "1"}
    address = "/ban-to-chuc/khieu-nai/1/sua"
    assert "Cần điền ô này." in organiser.post(address, data, status=422)
    data["reason"] = "Có văn bản mới."
    shown = organiser.post(address, data, status=200)
    assert organiser.post(address, {**data, "seen": seen(shown)}) == "/ban-to-chuc/khieu-nai/1"
    for client, page in ((PageClient(app), "/phan-anh"), (participant, "/thi/phan-anh")):
        text = words(client.get(page))
        assert "đã sửa lần 1. Lý do: Có văn bản mới." in text.replace("Đã", "đã")
        assert "Câu bị hủy." in text
        assert "chỉ A đúng" not in text
    assert "Nội dung lần 1" in organiser.get("/ban-to-chuc/khieu-nai/1")
    assert "đã được trả lời" in words(organiser.post(address, {**data, "seen": seen(shown)}, status=409))


def test_who_may_only_read_sees_no_form(app: Flask, ids: dict[str, int], participant: PageClient) -> None:
    appeal(participant, ids)
    inspector = PageClient(app).sign_in(STAFF[Role.INSPECTOR])
    assert TEXT in inspector.get("/ban-to-chuc/khieu-nai")
    assert "<textarea" not in inspector.get("/ban-to-chuc/khieu-nai/1")
    inspector.post("/ban-to-chuc/khieu-nai/1/tra-loi", dict(ANSWER), status=403)


# Everybody


def test_the_register_names_nobody_and_changes_with_every_answer(
    app: Flask, ids: dict[str, int], participant: PageClient, organiser: PageClient
) -> None:
    reader = PageClient(app)
    assert "Chưa có phản ánh nào được trả lời." in reader.get("/phan-anh")
    assert 'href="/phan-anh"' in reader.get("/ket-qua/tuan-1")
    appeal(participant, ids)
    assert "Chưa có phản ánh nào được trả lời." in reader.get("/phan-anh")
    answer(organiser)
    page = reader.get("/phan-anh")
    said = words(page)
    for shown in ("Tuần 1 Số 1", ANSWER["public_text"], ANSWER["answer"], "Chấp nhận một phần", "ngày 11/10/2024"):
        assert shown in said
    for secret in NAMES:
        assert secret not in page
    held = reader.http.get("/phan-anh")
    assert held.headers["Cache-Control"].startswith("public")
    etag = held.headers["ETag"]
    assert reader.http.get("/phan-anh", headers={"If-None-Match": etag}).status_code == 304


def test_a_contest_without_appeals_leads_nowhere(app: Flask, clock: Clock) -> None:
    ids = scenes.lay_out(app, contest=makers.CONTEST + "appeals: off\n")
    scenes.freeze(app, DURING)
    code = scenes.sit(app, ids[PARTICIPANT])
    clock.now = AFTER
    client = PageClient(app).sign_in(PARTICIPANT)
    for page in (client.get("/thi"), client.get(f"/thi/bai/{code}/dap-an")):
        assert "/phan-anh?cau" not in page
        assert f"/thi/bai/{code}/phan-anh" not in page
    assert "không nhận phản ánh" in client.get("/thi/phan-anh")


def test_the_pages_are_there_in_english(
    app: Flask, ids: dict[str, int], participant: PageClient, organiser: PageClient
) -> None:
    for client in (participant, organiser):
        client.post("/ngon-ngu", {"language": "en"})
    appeal(participant, ids)
    assert "Appeal on question 1" in participant.get(path(ids))
    assert "Waiting for an answer" in words(organiser.get("/ban-to-chuc/khieu-nai"))
