"""One person's sitting as a browser meets it: with the script, without it, twice, late, and after the week."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest
from flask import Flask
from sqlalchemy import update

from quiz.models import db
from quiz.models.attempts import DbAttempt
from quiz.models.contests import DbBarred, DbWeek
from quiz.models.decisions import DbIncident
from quiz.permissions import Role
from quiz.services import incident_effects, transaction
from quiz.vietnamese import grouped
from tests import makers
from tests.conftest import Clock
from tests.web import scenes
from tests.web.client import PageClient
from tests.web.scenes import AFTER, CHILD, COLLEAGUE, DURING, PARTICIPANT, STAFF, words

SHEET = ["A", "B", "", "D", ""]
BLANK = [""] * 5
LATE = timedelta(minutes=10, seconds=6)  # ten minutes, five seconds of grace, and one too many

SPOILT = (
    ("1", SHEET, "seq, answers"),
    (None, SHEET, "seq, answers"),
    (True, SHEET, "seq, answers"),
    (1.5, SHEET, "seq, answers"),
    (1, "ABCDA", "seq, answers"),
    (1, None, "seq, answers"),
    (-1, SHEET, "seq"),
    (2**31, SHEET, "seq"),
    (2**70, SHEET, "seq"),
    (1, ["A"] * 4, "có 4 câu, đề có 5 câu"),
    (1, ["A"] * 6, "có 6 câu, đề có 5 câu"),
    (1, [], "có 0 câu, đề có 5 câu"),
    (1, ["A", "E", "", "", ""], "câu 2"),
    (1, ["A", "a", "", "", ""], "câu 2"),
    (1, ["AA", "", "", "", ""], "câu 1"),
    (1, ["A", None, "", "", ""], "câu 2"),
    (1, ["A", ["B"], "", "", ""], "câu 2"),
    (1, ["A", "\x00", "", "", ""], "câu 2"),
    (1, ["A", "\ud800", "", "", ""], "câu 2"),
)


def cards(html: str) -> list[str]:
    """What the own page says of each week, in words."""
    found = re.findall(r'<li class="week-card[^>]*>(.*?)</li>', html, re.DOTALL)
    return [" ".join(re.sub(r"<[^>]+>", " ", card).split()) for card in found]


def checked(html: str) -> list[str]:
    """The letters checked on the paper, by question."""
    sheets = re.findall(r'<fieldset class="question".*?</fieldset>', html, re.DOTALL)
    return ["".join(re.findall(r'value="([A-D])" checked', sheet)) for sheet in sheets]


@pytest.fixture
def visitor(app: Flask, clock: Clock) -> PageClient:
    """A participant, signed in, in the open first week."""
    scenes.lay_out(app)
    clock.now = DURING
    return PageClient(app).sign_in(PARTICIPANT)


@pytest.fixture
def code(visitor: PageClient) -> str:
    """The participant's attempt, just started."""
    return scenes.start(visitor)


def test_home_before_the_weeks(app: Flask, clock: Clock, visitor: PageClient) -> None:
    clock.now = makers.BEFORE
    assert cards(visitor.get("/thi")) == [
        "Tuần 1 Mở lúc 8 giờ 00 phút, thứ Hai ngày 07/10/2024",
        "Tuần 2 Mở lúc 8 giờ 00 phút, thứ Hai ngày 14/10/2024",
    ]


def test_home_in_an_open_week_offers_the_start(visitor: PageClient) -> None:
    page = visitor.get("/thi")
    assert cards(page)[0] == (
        "Tuần 1 Đang mở, đến 17 giờ 00 phút, thứ Sáu ngày 11/10/2024 Mỗi đề thi gồm 5 câu hỏi trắc nghiệm, làm trong "
        "10 phút, rút ngẫu nhiên từ bộ câu hỏi của tuần. Thứ tự câu hỏi khác nhau giữa các đề. Thứ tự phương án khác "
        "nhau giữa các đề. Mỗi người được thi một lần mỗi tuần. Bắt đầu làm bài Đồng hồ bắt đầu chạy khi bấm "
        "nút này."
    )
    assert 'action="/thi/tuan-1"' in page
    assert 'action="/thi/tuan-2"' not in page


def test_home_leads_back_to_the_attempt_in_progress(visitor: PageClient, code: str) -> None:
    page = visitor.get("/thi")
    assert cards(page)[0].endswith("17 giờ 00 phút, thứ Sáu ngày 11/10/2024 Làm tiếp bài đang dở")
    assert f'href="/thi/bai/{code}"' in page
    assert 'action="/thi/tuan-1"' not in page


def test_home_after_handing_in_shows_when_and_how_long(clock: Clock, visitor: PageClient, code: str) -> None:
    clock.now += timedelta(minutes=3, milliseconds=999)
    visitor.post(f"/thi/bai/{code}/nop")
    page = visitor.get("/thi")
    assert cards(page)[0].endswith("Đã thi: nộp lúc 09:03:00 ngày 07/10/2024, làm bài 3 phút 00 giây. Biên nhận")
    assert 'action="/thi/tuan-1"' not in page
    clock.now = AFTER
    assert cards(visitor.get("/thi"))[0].endswith("Biên nhận · Xem đáp án và giải thích Phản ánh về kết quả tuần 1")


def test_home_after_a_week_not_sat(clock: Clock, visitor: PageClient) -> None:
    clock.now = AFTER
    assert cards(visitor.get("/thi"))[0] == ("Tuần 1 Đã đóng lúc 17 giờ 00 phút, thứ Sáu ngày 11/10/2024 Không dự thi.")


def test_home_of_somebody_barred_says_why(app: Flask, clock: Clock) -> None:
    ids = scenes.lay_out(app)
    clock.now = DURING
    with app.app_context():
        db.session.add(DbBarred(contest_id=1, person_id=ids[PARTICIPANT], group_code="ban-to-chuc"))
        db.session.commit()
    words_of = {PARTICIPANT: "Thành viên Ban Tổ chức", STAFF[Role.ORGANISER]: "Người tổ chức, quản trị hoặc giám sát"}
    for who, why in words_of.items():
        client = PageClient(app).sign_in(who)
        page = client.get("/thi")
        assert f"Ông/bà thuộc diện không được dự thi theo thể lệ: {why}" in cards(page)[0]
        assert 'action="/thi/tuan-1"' not in page
        assert why in client.post("/thi/tuan-1", status=409)
    assert scenes.everything(app)["attempts"] == []


def test_start_leads_to_a_paper_with_nothing_checked(visitor: PageClient, code: str) -> None:
    page = visitor.get(f"/thi/bai/{code}")
    assert checked(page) == BLANK
    assert page.count('type="radio"') == 20
    assert page.count('type="checkbox"') == 0
    assert f'data-code="{code}" data-seq="0" data-left="600000"' in page
    assert f'data-save="/thi/bai/{code}/luu" data-hand-in="/thi/bai/{code}/nop"' in page
    assert '<input type="hidden" name="seq" value="1">' in page


def test_starting_twice_is_one_attempt(app: Flask, visitor: PageClient, code: str) -> None:
    assert scenes.start(PageClient(app).sign_in(PARTICIPANT)) == code
    assert visitor.post("/thi/tuan-1") == f"/thi/bai/{code}"
    assert len(scenes.everything(app)["attempts"]) == 1


def test_start_is_refused_before_after_and_a_second_time(clock: Clock, visitor: PageClient, code: str) -> None:
    assert "Tuần 2 chưa mở; mở lúc 8 giờ 00 phút" in visitor.post("/thi/tuan-2", status=409)
    visitor.post(f"/thi/bai/{code}/nop")
    assert "Ông/bà đã dự thi Tuần 1. Mỗi người chỉ được thi một lần" in visitor.post("/thi/tuan-1", status=409)
    clock.now = makers.WEEK_1_ENDS
    assert "Tuần 1 đã đóng lúc 17 giờ 00 phút" in visitor.post("/thi/tuan-1", status=409)
    assert "Không có tuần thi này." in visitor.post("/thi/tuan-3", status=404)


def test_saved_answers_come_back_on_the_paper(clock: Clock, visitor: PageClient, code: str) -> None:
    clock.now += timedelta(minutes=1)
    assert scenes.save(visitor, code, 1, SHEET) == (200, {"seq": 1, "left": 540000})
    assert scenes.save(visitor, code, 3, ["A", "B", "C", "D", ""]) == (200, {"seq": 3, "left": 540000})
    page = visitor.get(f"/thi/bai/{code}")
    assert checked(page) == ["A", "B", "C", "D", ""]
    assert 'data-seq="3"' in page
    assert '<input type="hidden" name="seq" value="4">' in page
    assert '<span id="answered">4</span>/5' in page
    assert ">9:00</span>" in page


def test_the_same_save_again_is_acknowledged_again(app: Flask, visitor: PageClient, code: str) -> None:
    first = scenes.save(visitor, code, 1, SHEET)
    assert scenes.save(visitor, code, 1, SHEET) == first
    assert scenes.attempt(app, code).seq == 1


def test_a_sheet_out_of_shape_is_refused_and_changes_nothing(app: Flask, visitor: PageClient, code: str) -> None:
    before = scenes.everything(app)["attempts"]
    for seq, answers, where in SPOILT:
        assert scenes.save(visitor, code, seq, answers) == (
            409,
            {
                "error": "bad_sheet",
                "message": f"Bài làm gửi lên không đúng mẫu: {where}. Hãy tải lại trang; các câu đã lưu vẫn còn.",
            },
        )
    assert scenes.everything(app)["attempts"] == before


def test_a_save_that_is_no_sheet_is_refused(app: Flask, visitor: PageClient, code: str) -> None:
    headers = {"X-CSRFToken": visitor.token(), "Content-Type": "application/json"}
    for body in (b"", b"{", b"[]", b"null", b'"x"', b"\xff\xfe"):
        answer = visitor.http.post(f"/thi/bai/{code}/luu", data=body, headers=headers)
        assert (answer.status_code, (answer.json or {})["error"]) == (409, "bad_sheet")


def test_each_refusal_of_a_save_has_its_code(app: Flask, clock: Clock, visitor: PageClient, code: str) -> None:
    scenes.save(visitor, code, 5, SHEET)
    assert scenes.save(visitor, code, 4, BLANK)[1] == {
        "error": "older_sheet",
        "message": "Có bản bài làm mới hơn đã được lưu từ một cửa sổ hoặc thiết bị khác.",
    }
    assert scenes.save(visitor, code, 5, BLANK)[1]["error"] == "older_sheet"
    assert scenes.save(visitor, "A" * 16, 6, SHEET)[0] == 404
    assert scenes.save(visitor, "A" * 16, 6, SHEET)[1]["error"] == "attempt_missing"
    assert scenes.save(visitor, code, 6, SHEET, token="wrong")[1]["error"] == "page_expired"
    clock.now = DURING + LATE
    assert scenes.save(visitor, code, 6, BLANK) == (
        409,
        {
            "error": "too_late",
            "message": "Đã hết giờ làm bài lúc 9 giờ 10 phút, thứ Hai ngày 07/10/2024. Những câu đã lưu trước đó vẫn "
            "được tính.",
        },
    )
    clock.now = DURING + timedelta(minutes=4)
    visitor.post(f"/thi/bai/{code}/nop")
    assert scenes.save(visitor, code, 7, BLANK)[1] == {
        "error": "already_handed_in",
        "message": "Bài thi này đã nộp lúc 9 giờ 04 phút, thứ Hai ngày 07/10/2024. Không thể sửa bài đã nộp.",
    }
    row = scenes.attempt(app, code)
    assert (row.seq, row.answers) == (5, '["A", "B", "", "D", ""]')


def test_a_save_without_a_session_leads_to_signing_in(app: Flask, code: str) -> None:
    stranger = PageClient(app)
    answer = stranger.http.post(
        f"/thi/bai/{code}/luu", json={"seq": 9, "answers": BLANK}, headers={"X-CSRFToken": stranger.token()}
    )
    assert (answer.status_code, answer.headers["Location"]) == (302, "/dang-nhap")
    assert scenes.attempt(app, code).seq == 0


def test_the_whole_way_without_javascript(app: Flask, clock: Clock, visitor: PageClient, code: str) -> None:
    form = {"seq": "1", "q1": "A", "q2": "B", "q4": "D"}
    review = visitor.post(f"/thi/bai/{code}/xem-lai", form, 200, f"/thi/bai/{code}")
    assert words(review) == (
        "Xem lại trước khi nộp Đã lưu 3/5 câu trả lời. Hết giờ lúc 09:10:00. Câu chưa trả lời Câu 3 Câu 5 "
        "Nộp rồi thì không sửa được nữa. Nộp bài Làm tiếp"
    )
    assert re.findall(rf'href="/thi/bai/{code}#(cau-\d)"', review) == ["cau-3", "cau-5"]
    assert visitor.post(f"/thi/bai/{code}/xem-lai", form, 200) != ""
    paper = visitor.get(f"/thi/bai/{code}")
    assert checked(paper) == SHEET
    full = {"seq": "2", "q1": "A", "q2": "B", "q3": "C", "q4": "D", "q5": "A"}
    review = visitor.post(f"/thi/bai/{code}/xem-lai", full, 200)
    assert "Đã lưu 5/5 câu trả lời" in review
    assert "Câu chưa trả lời" not in review
    clock.now += timedelta(minutes=2, seconds=5)
    assert visitor.post(f"/thi/bai/{code}/nop") == f"/thi/bai/{code}/bien-nhan"
    receipt = visitor.get(f"/thi/bai/{code}/bien-nhan")
    section = receipt.partition('<section class="seal"')[2].partition("</section>")[0]
    seal = words(f"<main {section}</main>")
    assert "Sẽ được niêm phong trong vòng một phút. Xem lại Tải biên nhận" in seal
    assert words(receipt) == (
        f"Biên nhận bài thi – Tuần 1 Đã nhận bài thi. Mã biên nhận {grouped(code)} Họ và tên Trần Thị Bích Ngọc "
        "Bắt đầu 09:00:00 07/10/2024 Kết thúc 09:02:05 07/10/2024 Thời gian làm bài 2 phút 05 giây "
        f"Số câu đã trả lời 5/5 Sao chép mã biên nhận In biên nhận {seal} "
        "Điểm, đáp án và giải thích xem được sau khi Tuần 1 đóng lúc 17 giờ 00 phút, thứ Sáu ngày 11/10/2024. "
        "Thứ hạng có khi Ban Tổ chức công bố kết quả. Về bài thi của tôi"
    )
    assert scenes.attempt(app, code).answers == '["A", "B", "C", "D", "A"]'


def test_a_form_with_a_spoilt_number_is_refused(app: Flask, visitor: PageClient, code: str) -> None:
    for seq, page in product(("", "x", "-1", "1.5", "9" * 5000, "1000001"), ("xem-lai", "nop")):
        assert "không đúng mẫu: seq" in visitor.post(f"/thi/bai/{code}/{page}", {"seq": seq, "q1": "A"}, 409)
    row = scenes.attempt(app, code)
    assert (row.seq, row.handed_in_at) == (0, None)


def test_handing_in_twice_gives_the_same_receipt(app: Flask, clock: Clock, visitor: PageClient, code: str) -> None:
    scenes.save(visitor, code, 1, SHEET)
    visitor.post(f"/thi/bai/{code}/nop")
    before, first = scenes.attempt(app, code), visitor.get(f"/thi/bai/{code}/bien-nhan")
    clock.now += timedelta(minutes=1)
    again = visitor.post(f"/thi/bai/{code}/nop", {"seq": "9", "q1": "C", "q2": "C"})
    assert again == f"/thi/bai/{code}/bien-nhan"
    assert words(visitor.get(again)) == words(first)
    after = scenes.attempt(app, code)
    assert (after.handed_in_at, after.answers, after.seq) == (before.handed_in_at, before.answers, 1)


def test_handing_in_late_counts_what_was_saved_until_the_deadline(
    app: Flask, clock: Clock, visitor: PageClient, code: str
) -> None:
    scenes.save(visitor, code, 1, SHEET)
    clock.now = DURING + LATE
    form = {"seq": "2", "q1": "C", "q2": "C", "q3": "C"}
    assert visitor.post(f"/thi/bai/{code}/nop", form) == f"/thi/bai/{code}/bien-nhan"
    receipt = words(visitor.get(f"/thi/bai/{code}/bien-nhan"))
    assert "Bài thi kết thúc khi hết giờ; những câu đã lưu được tính." in receipt
    assert "Thời gian làm bài 10 phút 00 giây Số câu đã trả lời 3/5" in receipt
    row = scenes.attempt(app, code)
    assert (row.answers, row.handed_in_at, row.ended_by) == (
        '["A", "B", "", "D", ""]',
        DURING + timedelta(minutes=10),
        "deadline",
    )


def test_handing_in_within_the_grace_is_in_time_and_counts_to_the_deadline(
    clock: Clock, visitor: PageClient, code: str
) -> None:
    clock.now = DURING + LATE - timedelta(seconds=1)
    visitor.post(f"/thi/bai/{code}/nop", {"seq": "1", "q1": "A"})
    receipt = words(visitor.get(f"/thi/bai/{code}/bien-nhan"))
    assert "Đã nhận bài thi." in receipt
    assert "Kết thúc 09:10:00 07/10/2024 Thời gian làm bài 10 phút 00 giây Số câu đã trả lời 1/5" in receipt


def test_pages_of_an_attempt_lead_to_where_it_stands(clock: Clock, visitor: PageClient, code: str) -> None:
    receipt = f"/thi/bai/{code}/bien-nhan"
    assert visitor.get(receipt, 302) == f"/thi/bai/{code}"
    clock.now = DURING + LATE
    assert visitor.get(f"/thi/bai/{code}", 302) == receipt
    assert visitor.post(f"/thi/bai/{code}/xem-lai", {"seq": "1"}) == receipt
    visitor.get(receipt)


def test_the_receipt_leads_to_the_answers_once_the_week_is_over(clock: Clock, visitor: PageClient, code: str) -> None:
    visitor.post(f"/thi/bai/{code}/nop")
    receipt, answers = f"/thi/bai/{code}/bien-nhan", f'href="/thi/bai/{code}/dap-an"'
    assert answers not in visitor.get(receipt)
    clock.now = AFTER
    assert answers in visitor.get(receipt)
    assert "xem được sau khi" not in visitor.get(receipt)


def test_another_device_goes_on_where_the_first_stopped(app: Flask, visitor: PageClient, code: str) -> None:
    scenes.save(visitor, code, 1, SHEET)
    phone = PageClient(app).sign_in(PARTICIPANT)
    assert scenes.start(phone) == code
    assert checked(phone.get(f"/thi/bai/{code}")) == SHEET
    assert scenes.save(phone, code, 2, ["D"] * 5)[0] == 200
    assert scenes.save(visitor, code, 2, SHEET)[1]["error"] == "older_sheet"
    assert "mới hơn" in visitor.post(f"/thi/bai/{code}/nop", {"seq": "2", "q1": "A"}, 409)
    assert checked(visitor.get(f"/thi/bai/{code}")) == ["D"] * 5


def several_keys() -> str:
    """A bank in which every question has two right answers."""
    text = makers.bank_text().replace("là gì?", "là gì? (Chọn tất cả phương án đúng)")
    return text.replace("key: A", "key: [A, C]")


def test_a_question_with_several_keys_takes_several_answers(app: Flask, clock: Clock) -> None:
    ids = scenes.lay_out(app, several_keys())
    clock.now = DURING
    client = PageClient(app).sign_in(PARTICIPANT)
    code = scenes.start(client)
    page = client.get(f"/thi/bai/{code}")
    assert (page.count('type="checkbox"'), page.count('type="radio"')) == (20, 0)
    right = scenes.key_shown(app, code, ids[PARTICIPANT])
    assert [len(letters) for letters in right] == [2] * 5
    form = {"seq": "1", "q1": list(right[0]), "q2": [right[1][0]], "q3": list("ABCD")}
    client.post(f"/thi/bai/{code}/xem-lai", form, 200)
    assert checked(client.get(f"/thi/bai/{code}")) == [right[0], right[1][0], "ABCD", "", ""]
    client.post(f"/thi/bai/{code}/nop")
    clock.now = AFTER
    assert "Đúng 1/5 câu" in client.get(f"/thi/bai/{code}/dap-an")


def test_answers_are_hidden_until_the_grace_after_the_week_is_over(
    app: Flask, clock: Clock, visitor: PageClient, code: str
) -> None:
    visitor.post(f"/thi/bai/{code}/nop")
    hidden = "Đáp án chỉ được xem sau khi Tuần 1 đóng lúc 17 giờ 00 phút, thứ Sáu ngày 11/10/2024."
    for moment in (DURING, makers.WEEK_1_ENDS, makers.WEEK_1_ENDS + timedelta(seconds=5)):
        clock.now = moment
        assert hidden in visitor.get(f"/thi/bai/{code}/dap-an", 409)
        assert "Xem đáp án" not in visitor.get("/thi")
    clock.now += timedelta(milliseconds=1)
    assert "Xem đáp án" in visitor.get("/thi")
    assert "đáp án đúng" in visitor.get(f"/thi/bai/{code}/dap-an")


def test_answers_after_the_week_show_own_and_right_ones_with_reason_and_source(app: Flask, clock: Clock) -> None:
    ids = scenes.lay_out(app)
    clock.now = DURING
    client = PageClient(app).sign_in(PARTICIPANT)
    code = scenes.start(client)
    right = scenes.key_shown(app, code, ids[PARTICIPANT])
    wrong = next(letter for letter in "ABCD" if letter != right[1])
    clock.now += timedelta(minutes=3)
    client.post(f"/thi/bai/{code}/nop", {"seq": "1", "q1": right[0], "q2": wrong, "q4": right[3]})
    clock.now = AFTER
    page = client.get(f"/thi/bai/{code}/dap-an")
    assert "Đúng 2/5 câu, làm bài 3 phút 00 giây." in words(page)
    questions = re.findall(r'<li class="marked-question.*?Căn cứ: .*?</p>\s*</li>', page, re.DOTALL)
    assert [re.findall(r'class="tag [\w-]+">(.*?)<', question) for question in questions] == [
        *(["Đúng"], ["Sai"], ["Chưa trả lời"], ["Đúng"], ["Chưa trả lời"]),
    ]
    option = r'<span class="option-letter">([A-D])</span>[^<]*<strong>– đáp án đúng'
    assert [re.findall(option, question) for question in questions] == [[letter] for letter in right]
    chosen = r'<span class="option-letter">([A-D])</span>(?:(?!</li>).)*<em>– đã chọn'
    found = [re.findall(chosen, question, re.DOTALL) for question in questions]
    assert found == [[right[0]], [wrong], [], [right[3]], []]
    assert all("Giải thích của câu" in question for question in questions)
    assert page.count("Căn cứ: Văn bản thử nghiệm") == 5


def test_own_rank_is_told_only_once_published(app: Flask, clock: Clock) -> None:
    ids = scenes.lay_out(app)
    best = scenes.sit(app, ids[COLLEAGUE], right=5)
    mine = scenes.sit(app, ids[PARTICIPANT], right=3)
    clock.now = AFTER
    client = PageClient(app).sign_in(PARTICIPANT)
    assert "Hạng" not in words(client.get(f"/thi/bai/{mine}/dap-an"))
    scenes.mark(app, clock.now)
    assert "Hạng" not in words(client.get(f"/thi/bai/{mine}/dap-an"))
    scenes.publish(app, clock.now, ids[STAFF[Role.ORGANISER]])
    page = words(client.get(f"/thi/bai/{mine}/dap-an"))
    assert "Đúng 3/5 câu, làm bài 3 phút 00 giây. Hạng 2 trong 2 người dự thi." in page
    client.get(f"/thi/bai/{best}/dap-an", 404)


def test_a_new_rank_is_told_only_once_the_correction_is_published(app: Flask, clock: Clock) -> None:
    ids = scenes.lay_out(app)
    scenes.sit(app, ids[COLLEAGUE], right=5)
    mine = scenes.sit(app, ids[PARTICIPANT], right=3)
    clock.now = AFTER
    scenes.publish(app, clock.now, ids[STAFF[Role.ORGANISER]])
    with app.app_context(), transaction() as session:
        incident_effects.unmark(session, session.get_one(DbWeek, makers.week(session).id))
    scenes.mark(app, clock.now + timedelta(minutes=1))
    clock.now += timedelta(hours=1)
    client = PageClient(app).sign_in(PARTICIPANT)
    for page in ("/thi", f"/thi/bai/{mine}/dap-an"):
        assert "Hạng" not in words(client.get(page))
    scenes.publish(app, clock.now, ids[STAFF[Role.ORGANISER]], reason="Chấm lại")
    assert "Hạng 2 trong 2 người dự thi." in words(client.get(f"/thi/bai/{mine}/dap-an"))


def test_own_place_is_explained_by_its_neighbours_without_who_they_are(app: Flask, clock: Clock) -> None:
    ids = scenes.lay_out(app)
    sittings = ((COLLEAGUE, 3, 5), (PARTICIPANT, 4, 5), (CHILD, 4, 3))
    codes = {
        who: scenes.sit(app, ids[who], lasts=timedelta(minutes=minutes), right=right)
        for who, minutes, right in sittings
    }
    clock.now = AFTER
    scenes.mark(app, clock.now)
    client = PageClient(app).sign_in(PARTICIPANT)
    answers = f"/thi/bai/{codes[PARTICIPANT]}/dap-an"
    assert "ngay trên" not in client.get(answers)
    scenes.publish(app, clock.now, ids[STAFF[Role.ORGANISER]])
    page = client.get(answers)
    assert (
        "Người xếp ngay trên (hạng 1): cùng 5/5 câu đúng, làm bài nhanh hơn ông/bà là 1 phút 00 giây. "
        "Ông/bà so với người xếp ngay dưới (hạng 3): đúng nhiều hơn người ấy 2 câu."
    ) in words(page)
    assert all(secret not in page for secret in ("Lê Văn Tám", "Phạm Thu Hà", "Chi cục Văn thư", "3/5 câu"))


def test_home_tells_how_somebody_has_done_over_the_weeks(app: Flask, clock: Clock) -> None:
    ids = scenes.lay_out(app)
    scenes.sit(app, ids[COLLEAGUE], right=5)
    first = scenes.sit(app, ids[PARTICIPANT], right=3)
    client = PageClient(app).sign_in(PARTICIPANT)
    clock.now = DURING + timedelta(minutes=5)
    assert "Kết quả của tôi" not in client.get("/thi")
    clock.now = AFTER
    page = client.get("/thi")
    assert "Tuần 1 3/5 3 phút 00 giây chưa công bố Đáp án và giải thích – Tuần 1 Giấy chứng nhận" in words(page)
    assert page.count(f'href="/thi/bai/{first}/dap-an"') == 2
    assert "<svg" not in page
    scenes.publish(app, clock.now, ids[STAFF[Role.ORGANISER]])
    scenes.sit(app, ids[PARTICIPANT], starts_at=makers.WEEK_2, number=2, right=5, lasts=timedelta(minutes=2))
    clock.now = makers.WEEK_2_ENDS + timedelta(minutes=1)
    page = client.get("/thi")
    assert "Tuần 1 3/5 3 phút 00 giây 2 trong 2 người Đáp án" in words(page)
    assert "Tuần 2 5/5 2 phút 00 giây chưa công bố Đáp án" in words(page)
    assert page.count("<svg") == 1


# What real rules add: predictions, pauses, limits, practice, divisions

ASKED = "Bao nhiêu người dự thi tuần này?"
PREDICTED = makers.CONTEST + f"prediction: {{text: {ASKED}, target: people}}\nranking: [score, prediction, lot]\n"
MANY_RULES = (
    makers.CONTEST.replace("minutes: 10", "minutes: 10, needs_all_answers: true")
    + """
attempts: {per_day: 1, per_contest: 2, counts: best}
hours: {from: "07:30", until: "17:30"}
practice: {opens: 2024-09-23 08:00, closes: 2024-09-27 17:00}
round_word: Đợt
divisions:
  - {code: can-bo, name: Cán bộ, paper: {points: 2}}
  - {code: nhan-dan, name: Nhân dân, paper: {questions: 3}}
"""
)
PRACTICE = datetime(2024, 9, 23, 2, 0, tzinfo=UTC)
MUST_ANSWER_ALL = "Phải trả lời tất cả các câu: bài còn câu chưa trả lời là bài không hợp lệ"


def arrive(app: Flask, clock: Clock, contest: str, now: datetime = DURING) -> PageClient:
    """The participant, signed in, in this contest at this moment."""
    scenes.lay_out(app, contest=contest)
    clock.now = now
    return PageClient(app).sign_in(PARTICIPANT)


def predict(client: PageClient, code: str, seq: int, prediction: object) -> tuple[int, dict[str, object]]:
    """Save a sheet with a prediction as the page's script does."""
    sent = {"seq": seq, "answers": SHEET, "prediction": prediction}
    answer = client.http.post(f"/thi/bai/{code}/luu", json=sent, headers={"X-CSRFToken": client.token()})
    return answer.status_code, answer.json or {}


def test_a_prediction_comes_back_on_the_paper_the_receipt_and_the_answers(app: Flask, clock: Clock) -> None:
    client = arrive(app, clock, PREDICTED)
    code = scenes.start(client)
    page = client.get(f"/thi/bai/{code}")
    assert f"Câu dự đoán</span> {ASKED}</label>" in page
    assert 'name="prediction"' in page
    assert 'value="412"' not in page
    assert predict(client, code, 1, 412)[0] == 200
    assert 'value="412"' in client.get(f"/thi/bai/{code}")
    client.post(f"/thi/bai/{code}/nop", {"seq": "2", "q1": "A", "prediction": "1.250"})
    assert "Số dự đoán 1.250" in words(client.get(f"/thi/bai/{code}/bien-nhan"))
    clock.now = AFTER
    assert f"{ASKED} 1.250" in words(client.get(f"/thi/bai/{code}/dap-an"))


def test_a_prediction_without_javascript(app: Flask, clock: Clock) -> None:
    client = arrive(app, clock, PREDICTED)
    code = scenes.start(client)
    form = {"seq": "1", "q1": "A", "q2": "B", "q3": "C", "q4": "D", "q5": "A"}
    assert f"Câu dự đoán: {ASKED} chưa dự đoán" in words(client.post(f"/thi/bai/{code}/xem-lai", form, 200))
    review = client.post(f"/thi/bai/{code}/xem-lai", form | {"seq": "2", "prediction": " 0 "}, 200)
    assert f"Câu dự đoán: {ASKED} 0" in words(review)
    client.post(f"/thi/bai/{code}/nop")
    assert scenes.attempt(app, code).prediction == 0
    assert "Số dự đoán 0" in words(client.get(f"/thi/bai/{code}/bien-nhan"))


def test_a_prediction_that_is_no_number_is_refused_in_words(app: Flask, clock: Clock) -> None:
    client = arrive(app, clock, PREDICTED)
    code = scenes.start(client)
    refusal = "Số dự đoán phải là số nguyên từ 0 đến 999.999.999, viết bằng chữ số."
    for typed in ("mười", "-1", "1.5", "1,5", "1e3", "10000000000", "9" * 5000, "１２"):
        for page in ("xem-lai", "nop"):
            form = {"seq": "1", "q1": "A", "prediction": typed}
            assert refusal in client.post(f"/thi/bai/{code}/{page}", form, 409)
    for sent in (-1, 10**9, True, 1.5, "12", [1], {}):
        assert predict(client, code, 1, sent) == (409, {"error": "bad_prediction", "message": refusal})
    row = scenes.attempt(app, code)
    assert (row.seq, row.prediction, row.handed_in_at) == (0, None, None)


def test_nobody_is_asked_to_predict_in_practice_or_without_the_rule(app: Flask, clock: Clock) -> None:
    practice = "practice: {opens: 2024-09-23 08:00, closes: 2024-09-27 17:00}\n"
    client = arrive(app, clock, PREDICTED + practice, PRACTICE)
    code = scenes.start(client, 0)
    assert "Đề thi – Thi thử" in client.get(f"/thi/bai/{code}")
    assert "prediction" not in client.get(f"/thi/bai/{code}")
    client.post(f"/thi/bai/{code}/nop")
    assert "dự đoán" not in client.get(f"/thi/bai/{code}/bien-nhan")


def test_a_save_tells_of_a_deadline_that_was_moved(app: Flask, clock: Clock, visitor: PageClient, code: str) -> None:
    with app.app_context():
        later = DURING + timedelta(minutes=15)
        db.session.execute(update(DbAttempt).values(deadline_at=later, accept_until=later))
        db.session.commit()
    assert scenes.save(visitor, code, 1, SHEET) == (200, {"seq": 1, "left": 900_000})


def test_home_in_practice_says_that_it_counts_for_nothing(app: Flask, clock: Clock) -> None:
    client = arrive(app, clock, MANY_RULES, PRACTICE)
    card = cards(client.get("/thi"))[0]
    assert card.startswith("Thi thử Đang mở, đến 17 giờ 30 phút, thứ Hai ngày 23/09/2024; đóng hẳn lúc 17 giờ 00 phút")
    assert "thi bao nhiêu lượt cũng được, không xếp hạng, không tính vào kết quả" in card
    assert "Lượt thi còn lại" not in card
    client.post(f"/thi/bai/{scenes.start(client, 0)}/nop")
    assert "Bắt đầu làm bài" in client.get("/thi")
    assert "Đợt 1 chưa mở; mở lúc 8 giờ 00 phút" in client.post("/thi/tuan-1", status=409)


def test_home_counts_the_attempts_that_are_left(app: Flask, clock: Clock) -> None:
    client = arrive(app, clock, MANY_RULES)
    assert "Bảng thi: Cán bộ" in client.get("/thi")
    card = cards(client.get("/thi"))[0]
    assert card.startswith("Đợt 1 Đang mở, đến 17 giờ 30 phút, thứ Hai ngày 07/10/2024; đóng hẳn lúc 17 giờ 00 phút")
    assert "Lượt thi còn lại: hôm nay: 1; cả hội thi: 2. Bắt đầu làm bài" in card
    assert MUST_ANSWER_ALL in card
    client.post(f"/thi/bai/{scenes.start(client)}/nop")
    card = cards(client.get("/thi"))[0]
    assert "Ông/bà đã dùng hết 1 lượt thi của hôm nay." in card
    assert "Bắt đầu làm bài" not in card


def test_home_in_a_pause_says_when_it_goes_on(app: Flask, clock: Clock) -> None:
    client = arrive(app, clock, MANY_RULES, datetime(2024, 10, 7, 10, 30, tzinfo=UTC))
    assert cards(client.get("/thi"))[0] == (
        "Đợt 1 Tạm nghỉ, mở lại lúc 7 giờ 30 phút, thứ Ba ngày 08/10/2024; đóng hẳn lúc 17 giờ 00 phút, thứ Sáu ngày "
        "11/10/2024"
    )
    refusal = "Đợt 1 đang tạm nghỉ; mở lại lúc 7 giờ 30 phút, thứ Ba ngày 08/10/2024."
    assert refusal in client.post("/thi/tuan-1", status=409)


def test_an_unanswered_question_is_warned_of_before_and_after(app: Flask, clock: Clock) -> None:
    client = arrive(app, clock, MANY_RULES)
    code = scenes.start(client)
    assert "Bảng thi: Cán bộ" in words(client.get(f"/thi/bai/{code}"))
    assert 'id="needed" hidden' in client.get(f"/thi/bai/{code}")
    assert MUST_ANSWER_ALL in client.post(f"/thi/bai/{code}/xem-lai", {"seq": "1", "q1": "A"}, 200)
    everything = {f"q{number}": "A" for number in range(1, 6)}
    assert MUST_ANSWER_ALL not in client.post(f"/thi/bai/{code}/xem-lai", {"seq": "2", **everything}, 200)
    client.post(f"/thi/bai/{code}/nop", {"seq": "3", "q1": "A"})
    warned = "Bài còn câu chưa trả lời nên không hợp lệ"
    receipt = client.get(f"/thi/bai/{code}/bien-nhan")
    assert warned in receipt
    assert "Bảng thi Cán bộ" in words(receipt)
    clock.now = AFTER
    assert warned in client.get(f"/thi/bai/{code}/dap-an")


def test_points_are_told_where_they_are_not_the_number_of_questions(app: Flask, clock: Clock) -> None:
    ids = scenes.lay_out(app, contest=MANY_RULES)
    clock.now = AFTER
    code = scenes.sit(app, ids[PARTICIPANT], right=4)
    page = words(PageClient(app).sign_in(PARTICIPANT).get(f"/thi/bai/{code}/dap-an"))
    assert "Đúng 4/5 câu, làm bài 3 phút 00 giây. Được 8/10 điểm." in page


def test_an_attempt_set_aside_says_so_and_leaves_room_for_another(app: Flask, visitor: PageClient, code: str) -> None:
    with app.app_context():
        facts = {"week_id": 1, "kind": "resit", "began_at": DURING, "ended_at": AFTER, "decision_number": "1/QĐ"}
        db.session.add(DbIncident(**facts, reason="Mất điện", proposed_by=1, proposed_at=DURING))
        db.session.flush()
        db.session.execute(update(DbAttempt).values(annulled_by=1))
        db.session.commit()
    assert scenes.save(visitor, code, 1, SHEET)[1]["error"] == "attempt_annulled"
    assert visitor.get(f"/thi/bai/{code}", 302) == f"/thi/bai/{code}/bien-nhan"
    aside = "đã được để sang một bên theo quyết định về sự cố, không tính."
    assert aside in words(visitor.get(f"/thi/bai/{code}/bien-nhan"))
    assert aside in cards(visitor.get("/thi"))[0]
    assert scenes.start(visitor) != code


def test_where_the_disk_is_nearly_full_nobody_starts_but_all_go_on(
    app: Flask, visitor: PageClient, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    scenes.fill_the_disk(app, monkeypatch)
    late = PageClient(app).sign_in(COLLEAGUE)
    refused = late.http.post("/thi/tuan-1", data={"csrf_token": late.token()})
    assert (refused.status_code, refused.headers["Retry-After"]) == (503, "60")
    assert "tạm thời chưa nhận lượt thi mới" in refused.text
    assert visitor.post("/thi/tuan-1").endswith(code)
    assert scenes.save(visitor, code, 1, SHEET)[0] == 200
    assert visitor.post(f"/thi/bai/{code}/nop", {"seq": "2"}).endswith("/bien-nhan")
