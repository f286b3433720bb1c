"""The pages of mail: the coordinator's reminder, the link that refuses more letters, what staff see and decide."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from quiz.models import db
from quiz.models.mail import DbLetter, DbRefusedAddress
from quiz.models.people import DbPerson
from quiz.permissions import Role
from quiz.services import letters, outbox, transaction
from quiz.services.outbox import Kind, State
from quiz.smtp import Answer, Outcome
from tests import makers
from tests.conftest import Clock
from tests.mailbox import Mailbox
from tests.web import scenes
from tests.web.client import PageClient
from tests.web.scenes import CHILD, COLLEAGUE, DURING, PARTICIPANT, STAFF, rows, words

PREDICTED = (
    makers.CONTEST + "prediction: {text: Bao nhiêu người dự thi?, target: people}\nranking: [score, prediction, lot]\n"
)


@scenes.laid_out
def sat_by_one(app: Flask) -> dict[str, int]:
    """The usual people on the first day of the first week; one of them has sat."""
    made = scenes.lay_out(app)
    scenes.freeze(app, DURING)
    scenes.sit(app, made[COLLEAGUE])
    return made


@pytest.fixture
def ids(app: Flask, clock: Clock) -> dict[str, int]:
    """The same, with mail set up."""
    app.config["QUIZ"] = replace(app.config["QUIZ"], mail=Mailbox(25).settings())
    clock.now = DURING + timedelta(hours=1)
    return sat_by_one(app)


@pytest.fixture
def coordinator(app: Flask, ids: dict[str, int]) -> PageClient:
    return PageClient(app).sign_in(STAFF[Role.COORDINATOR])


def addresses(app: Flask) -> list[str]:
    with app.app_context():
        return sorted(db.session.scalars(select(DbLetter.address)))


def path(ids: dict[str, int], agency: str = "SNV") -> str:
    return f"/co-quan/{ids[agency]}/nhac-du-thi"


# The coordinator's reminder


def test_large_numbers_are_written_with_dots(
    ids: dict[str, int], coordinator: PageClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("quiz.services.reminders.remind", lambda *_: 1234)
    coordinator.post(f"{path(ids)}/gui", {"text": "Đề nghị dự thi."})
    assert "Đã xếp 1.234 thư nhắc vào hàng gửi." in coordinator.get(path(ids))


def test_one_click_reminds_who_has_not_taken_part(app: Flask, ids: dict[str, int], coordinator: PageClient) -> None:
    page = coordinator.get(path(ids))
    assert "Sẽ có 3 người nhận được thư." in words(page)
    assert "Kính gửi ông/bà …," in words(page)
    written = re.search(r"<textarea[^>]*>\s*(.*?)</textarea>", page, re.DOTALL)
    assert written
    assert coordinator.post(f"{path(ids)}/gui", {"text": written[1]}) == path(ids)
    page = coordinator.get(path(ids))
    assert "Đã xếp 3 thư nhắc vào hàng gửi." in page
    assert "Hôm nay đã gửi thư nhắc lúc 10:00:00." in words(page)
    assert "Gửi thư nhắc</button>" not in page
    assert addresses(app) == ["cb01@example.vn", "cb03@example.vn", "dm01@example.vn"]


def test_the_dashboard_leads_there(ids: dict[str, int], coordinator: PageClient) -> None:
    assert f'href="{path(ids)}"' in coordinator.get("/co-quan")


def test_the_words_can_be_seen_before_they_are_sent(app: Flask, ids: dict[str, int], coordinator: PageClient) -> None:
    data = {"text": "Mời dự thi <b>ngay</b>", "preview": "1"}
    page = coordinator.post(f"{path(ids)}/gui", data, status=200)
    assert "<blockquote" in page
    assert "<p>Mời dự thi &lt;b&gt;ngay&lt;/b&gt;</p>" in page
    assert addresses(app) == []


@pytest.mark.parametrize(
    ("text", "said"), [("", "Cần điền ô này."), ("\x1b", "Cần ghi nội dung thư nhắc."), ("x" * 1501, "tối đa 1500")]
)
def test_missing_or_endless_words_are_refused_at_the_field(
    app: Flask, ids: dict[str, int], coordinator: PageClient, text: str, said: str
) -> None:
    assert said in words(coordinator.post(f"{path(ids)}/gui", {"text": text}, status=422))
    assert addresses(app) == []


def test_a_second_reminder_on_the_same_day_is_refused(app: Flask, ids: dict[str, int], coordinator: PageClient) -> None:
    coordinator.post(f"{path(ids)}/gui", {"text": "Mời dự thi"})
    assert "Mỗi ngày chỉ gửi một lần." in coordinator.post(f"{path(ids)}/gui", {"text": "Mời dự thi"}, status=422)
    assert len(addresses(app)) == 3


def test_who_gets_no_letter_is_listed_with_the_reason(app: Flask, ids: dict[str, int], coordinator: PageClient) -> None:
    with app.app_context(), transaction() as session:
        session.get_one(DbPerson, ids[CHILD]).email = None
    page = coordinator.get(path(ids))
    assert "Sẽ có 2 người nhận được thư." in words(page)
    assert rows(page, "Người không nhận được thư") == [
        ["Phạm Thu Hà", "Chi cục Văn thư", "Chưa có địa chỉ thư điện tử dùng được"]
    ]


def test_other_agencies_do_not_exist(app: Flask, ids: dict[str, int], coordinator: PageClient) -> None:
    assert "Không có cơ quan" in coordinator.get(path(ids, "CT"), 404)
    assert "Không có cơ quan" in coordinator.post(f"{path(ids, 'CT')}/gui", {"text": "Mời dự thi"}, status=404)
    assert "Chi cục Văn thư" in coordinator.get(path(ids, "SNV-1"))
    assert "Cục Thuế" in PageClient(app).sign_in(STAFF[Role.ORGANISER]).get(path(ids, "CT"))


def test_without_a_week_that_is_open_nothing_can_be_sent(
    app: Flask, clock: Clock, ids: dict[str, int], coordinator: PageClient
) -> None:
    clock.now = scenes.AFTER
    client = PageClient(app).sign_in(STAFF[Role.COORDINATOR])
    assert "Chỉ gửi được thư nhắc khi tuần thi đang mở." in client.get(path(ids))
    assert "<textarea" not in client.post(f"{path(ids)}/gui", {"text": "Mời dự thi"}, status=422)
    assert addresses(app) == []


def test_without_settings_of_mail_the_pages_say_why(app: Flask, ids: dict[str, int], coordinator: PageClient) -> None:
    app.config["QUIZ"] = replace(app.config["QUIZ"], mail=None)
    assert "chưa được cấu hình để gửi thư" in coordinator.get(path(ids))
    coordinator.post(f"{path(ids)}/gui", {"text": "Mời dự thi"}, status=422)
    assert "QUIZ_SMTP_URL" in PageClient(app).sign_in(STAFF[Role.ADMIN]).get("/ban-to-chuc/thu")
    assert addresses(app) == []


def test_a_prediction_hides_how_many_are_reminded_and_who_is_not(app: Flask, clock: Clock) -> None:
    app.config["QUIZ"] = replace(app.config["QUIZ"], mail=Mailbox(25).settings())
    ids = scenes.lay_out(app, contest=PREDICTED)
    clock.now = DURING
    scenes.freeze(app, clock.now)
    client = PageClient(app).sign_in(STAFF[Role.COORDINATOR])
    with app.app_context(), transaction() as session:
        session.get_one(DbPerson, ids[CHILD]).email = None
    before = words(client.get(path(ids)))
    assert "Số người và danh sách chưa hiện" in before
    scenes.sit(app, ids[COLLEAGUE], prediction=3)
    clock.now += timedelta(minutes=5)
    assert words(client.get(path(ids))) == before
    client.post(f"{path(ids)}/gui", {"text": "Mời dự thi"})
    after = client.get(path(ids))
    assert "Đã xếp thư nhắc vào hàng gửi." in after
    assert "Phạm Thu Hà" not in after
    assert addresses(app) == ["cb01@example.vn", "dm01@example.vn"]


# The link in a letter


def link(app: Flask, person_id: int, kind: Kind = Kind.REMINDER) -> str:
    url = letters.site(app.config["QUIZ"]).unsubscribe_url(person_id, kind)
    return url.removeprefix("https://hoithi.example.vn")


def test_the_link_in_the_letter_refuses_more_of_its_kind_without_signing_in(
    app: Flask, ids: dict[str, int], coordinator: PageClient
) -> None:
    visitor, address = PageClient(app), link(app, ids[PARTICIPANT])
    page = visitor.get(address)
    assert "Ông/bà đang nhận loại thư này: thư nhắc dự thi." in words(page)
    assert "Trần Thị Bích Ngọc" not in page
    assert "sẽ không nhận loại thư này nữa" in visitor.post(address, status=200)
    assert "Sẽ có 2 người nhận được thư." in words(coordinator.get(path(ids)))
    assert visitor.post(address.replace("/ngung/", "/nhan/")) == address
    assert "Sẽ có 3 người nhận được thư." in words(coordinator.get(path(ids)))


def test_one_click_of_a_mail_program_is_enough(app: Flask, ids: dict[str, int], coordinator: PageClient) -> None:
    answer = app.test_client().post(link(app, ids[PARTICIPANT]), data={"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    assert "Sẽ có 2 người nhận được thư." in words(coordinator.get(path(ids)))


def test_reading_the_link_alone_refuses_nothing(app: Flask, ids: dict[str, int], coordinator: PageClient) -> None:
    PageClient(app).get(link(app, ids[PARTICIPANT]))
    assert "Sẽ có 3 người nhận được thư." in words(coordinator.get(path(ids)))


def test_the_page_is_in_english_for_who_wants_it(app: Flask, ids: dict[str, int]) -> None:
    visitor = PageClient(app)
    visitor.post("/ngon-ngu", {"language": "en"})
    assert "<h1>Mail from the contest</h1>" in visitor.get(link(app, ids[PARTICIPANT]))


def test_a_link_that_was_tampered_with_is_none(app: Flask, ids: dict[str, int]) -> None:
    visitor, own, other = PageClient(app), link(app, ids[PARTICIPANT]), link(app, ids[COLLEAGUE])
    mixed = other.rpartition(".")[0] + "." + own.rpartition(".")[2]
    before = scenes.everything(app)
    for wrong in (own[:-1], own + "x", mixed, "/thu/ngung/x", "/thu/ngung/" + "." * 200, link(app, 999)):
        assert "Đường dẫn này không đúng." in visitor.post(wrong, status=404)
    assert scenes.everything(app) == before


# What staff see and decide


@pytest.fixture
def admin(app: Flask, ids: dict[str, int]) -> PageClient:
    return PageClient(app).sign_in(STAFF[Role.ADMIN])


def hand_over(app: Flask, clock: Clock, *outcomes: Outcome) -> None:
    with app.app_context():
        for outcome in outcomes:
            with transaction() as session:
                claimed = outbox.claim(session, clock.now)
                assert claimed
                outbox.settle(session, claimed.id, Answer(outcome, "550 5.1.1 <no> such user"), clock.now)


def test_doubtful_letters_are_shown_and_sent_again_only_by_a_person(
    app: Flask, clock: Clock, ids: dict[str, int], coordinator: PageClient, admin: PageClient
) -> None:
    coordinator.post(f"{path(ids)}/gui", {"text": "Mời dự thi"})
    hand_over(app, clock, Outcome.TAKEN, Outcome.UNKNOWN, Outcome.LETTER_REFUSED)
    page = admin.get("/ban-to-chuc/thu")
    assert [row[2] for row in rows(page, "Thư cần xem lại")] == ["Không gửi được", "Không rõ đã gửi hay chưa"]
    assert "Đã gửi 1 Không rõ đã gửi hay chưa 1 Không gửi được 1" in words(page)
    for letter_id in re.findall(r"/ban-to-chuc/thu/(\d+)/gui-lai", page):
        assert admin.post(f"/ban-to-chuc/thu/{letter_id}/gui-lai") == "/ban-to-chuc/thu"
        assert "đã được gửi lại trước đó" in admin.post(f"/ban-to-chuc/thu/{letter_id}/gui-lai", status=409)
    with app.app_context():
        assert sorted(db.session.scalars(select(DbLetter.state))) == [State.SENT, State.WAITING, State.WAITING]
    log = admin.get("/giam-sat/nhat-ky")
    assert [row[3] for row in rows(log, "Nhật ký hành động")].count("Cho gửi lại một lá thư") == 2


def test_a_letter_that_is_too_late_cannot_be_sent_again(
    app: Flask, clock: Clock, ids: dict[str, int], coordinator: PageClient
) -> None:
    coordinator.post(f"{path(ids)}/gui", {"text": "Mời dự thi"})
    hand_over(app, clock, Outcome.UNKNOWN)
    clock.now = makers.WEEK_1_ENDS
    admin = PageClient(app).sign_in(STAFF[Role.ADMIN])
    assert "Đã quá hạn gửi" in admin.get("/ban-to-chuc/thu")
    with app.app_context():
        letter_id = db.session.scalar(select(DbLetter.id).where(DbLetter.state == State.UNKNOWN))
    admin.post(f"/ban-to-chuc/thu/{letter_id}/gui-lai", status=409)


def test_an_address_that_gets_no_mail_can_be_trusted_again(
    app: Flask, clock: Clock, ids: dict[str, int], coordinator: PageClient, admin: PageClient
) -> None:
    coordinator.post(f"{path(ids)}/gui", {"text": "Mời dự thi"})
    hand_over(app, clock, Outcome.NO_SUCH_ADDRESS)
    page = admin.get("/ban-to-chuc/thu")
    [[address, _, said, _]] = rows(page, "Địa chỉ không nhận được thư")
    assert said == "550 5.1.1 <no> such user"
    assert admin.post("/ban-to-chuc/thu/dia-chi", {"address": address}) == "/ban-to-chuc/thu"
    admin.post("/ban-to-chuc/thu/dia-chi", {"address": address}, status=404)
    with app.app_context():
        assert db.session.scalars(select(DbRefusedAddress)).all() == []
    assert f"địa chỉ thư: {address}" in admin.get("/giam-sat/nhat-ky")


def test_a_letter_to_an_address_that_gets_no_mail_waits_until_it_is_trusted_again(
    app: Flask, clock: Clock, ids: dict[str, int], coordinator: PageClient, admin: PageClient
) -> None:
    coordinator.post(f"{path(ids)}/gui", {"text": "Mời dự thi"})
    hand_over(app, clock, Outcome.LETTER_REFUSED)
    with app.app_context(), transaction() as session:
        letter = session.scalars(select(DbLetter).where(DbLetter.state == State.FAILED)).one()
        address, letter_id = letter.address.lower(), letter.id
        session.add(
            DbRefusedAddress(address=address, refusals=3, last_error="550", refused_at=clock.now, blocked_at=clock.now)
        )
    again = f"/ban-to-chuc/thu/{letter_id}/gui-lai"
    assert "Hãy cho gửi lại tới địa chỉ này trước" in admin.post(again, status=409)
    admin.post("/ban-to-chuc/thu/dia-chi", {"address": address})
    assert admin.post(again) == "/ban-to-chuc/thu"
