"""Reminders: to whom, when, how often, and in which words."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from quiz.errors import Refused
from quiz.models.audit import DbAuditEntry
from quiz.models.contests import DbBarred
from quiz.models.mail import DbLetter, DbRefusedAddress, DbReminder
from quiz.models.people import DbAgency, DbExemption, DbPerson
from quiz.permissions import Role
from quiz.services import Actor, contests, reminders, transaction, unsubscribing
from quiz.services.letters import Site
from quiz.services.outbox import Kind, State
from quiz.services.reminders import MOST_TEXT, USUAL_TEXT, Reached
from tests import makers
from tests.kept import kept

SITE = Site(base_url="https://hoithi.example.vn", host="hoithi.example.vn", secret_key="s" * 32)
DURING = makers.WEEK_1 + timedelta(hours=1)
DAY = timedelta(days=1)


@pytest.fixture
@kept
def ids(session: Session) -> dict[str, int]:
    """An agency with one below it and a stranger to both; the week is open and one of each has not sat."""
    makers.load_contest()
    made = {"SNV": makers.add_agency("SNV", "Sở Nội vụ")}
    made["VT"] = makers.add_agency("VT", "Chi cục Văn thư", parent="SNV")
    made["CT"] = makers.add_agency("CT", "Cục Thuế")
    for code, agency in (("A1", "SNV"), ("A2", "SNV"), ("B1", "VT"), ("C1", "CT")):
        made[code] = makers.add_person(code, made[agency], activated=False)
    made["DM"] = makers.add_person("DM", made["SNV"], "Lê Thị Đầu Mối", [Role.COORDINATOR], activated=False)
    makers.sit(made["A2"], DURING)
    with transaction() as writing:
        contests.freeze_due_weeks(writing, DURING)
    return made


def remind(ids: dict[str, int], agency: str = "SNV", text: str = USUAL_TEXT, days: int = 0) -> int:
    now, actor = DURING + timedelta(hours=1) + days * DAY, Actor(ids["DM"])
    with transaction(actor) as session:
        week = reminders.open_week(session, contests.get_current(session), now)
        return reminders.remind(session, SITE, week, session.get_one(DbAgency, ids[agency]), text, actor, now)


def letters(session: Session) -> list[DbLetter]:
    session.rollback()
    session.expire_all()
    return list(session.scalars(select(DbLetter).order_by(DbLetter.id)))


def addresses(session: Session) -> list[str]:
    return sorted(letter.address for letter in letters(session))


def reached(ids: dict[str, int], agency: str = "SNV") -> dict[int, Reached]:
    now = DURING + timedelta(hours=1)
    with transaction() as session:
        of = reminders.with_those_below(session, ids[agency])
        return {
            one.person.person_id: one.reached for one in reminders.to_remind(session, makers.week(session), of, now)
        }


def test_who_has_not_taken_part_is_reminded_with_the_agencies_below(session: Session, ids: dict[str, int]) -> None:
    assert remind(ids) == 3
    assert addresses(session) == ["a1@example.vn", "b1@example.vn", "dm@example.vn"]
    assert {letter.expires_at for letter in letters(session)} == {makers.WEEK_1_ENDS}


def test_the_letter_says_who_what_and_until_when_in_both_parts(session: Session, ids: dict[str, int]) -> None:
    remind(ids, "VT", "Đề nghị dự thi <b>ngay</b>.\r\n\r\nTrân trọng & cảm ơn.")
    [letter] = letters(session)
    assert letter.subject == "Nhắc dự thi Tuần 1 – Hội thi thử nghiệm"
    for part in (letter.text, letter.html):
        assert "Kính gửi ông/bà Nguyễn Thị Hương," in part
        assert "17 giờ 00 phút, thứ Sáu ngày 11/10/2024" in part
        assert "https://hoithi.example.vn/thi" in part
        assert letter.unsubscribe_url in part
        assert "Chi cục Văn thư" in part
    assert "Đề nghị dự thi <b>ngay</b>.\n\nTrân trọng & cảm ơn." in letter.text
    assert "<p>Đề nghị dự thi &lt;b&gt;ngay&lt;/b&gt;.</p>" in letter.html
    assert "<p>Trân trọng &amp; cảm ơn.</p>" in letter.html


def test_a_hostile_name_stays_text(session: Session, ids: dict[str, int]) -> None:
    with transaction() as writing:
        writing.execute(update(DbPerson).values(name="<script>alert(1)</script>{{7*7}}"))
    remind(ids, "VT")
    [letter] = letters(session)
    assert "<script>" not in letter.html
    assert "{{7*7}}" in letter.html


def test_an_agency_is_reminded_once_a_day(session: Session, ids: dict[str, int]) -> None:
    remind(ids)
    with pytest.raises(Refused, match="Hôm nay đã gửi"):
        remind(ids)
    assert len(letters(session)) == 3
    assert remind(ids, days=1) == 3
    assert len(letters(session)) == 6


def test_nobody_gets_two_reminders_on_one_day(session: Session, ids: dict[str, int]) -> None:
    assert [remind(ids, "VT"), remind(ids, "SNV")] == [1, 2]
    assert addresses(session) == ["a1@example.vn", "b1@example.vn", "dm@example.vn"]


def test_who_may_not_or_need_not_take_part_is_left_alone(session: Session, ids: dict[str, int]) -> None:
    with transaction() as writing:
        writing.add(DbBarred(contest_id=1, person_id=ids["A1"], group_code="ban-to-chuc"))
        writing.add(DbExemption(person_id=ids["B1"], reason="Nghỉ thai sản", since=DURING))
    makers.add_person("TC", ids["SNV"], roles=[Role.ORGANISER], activated=False)
    late = makers.add_person("L1", ids["SNV"], now=DURING, activated=False)
    assert reached(ids) == {ids["DM"]: Reached.YES}
    assert late not in reached(ids)
    with transaction() as writing:
        writing.get_one(DbPerson, ids["DM"]).left_at = DURING
    assert reached(ids) == {}


@pytest.mark.parametrize("address", [None, "đầu.mối@example.vn", "khong phai dia chi"])
def test_who_has_no_address_to_write_to_is_said_to_have_none(
    session: Session, ids: dict[str, int], address: str | None
) -> None:
    with transaction() as writing:
        writing.get_one(DbPerson, ids["B1"]).email = address
    assert reached(ids, "VT") == {ids["B1"]: Reached.NO_ADDRESS}
    assert remind(ids, "VT") == 0


def test_who_refused_or_cannot_be_reached_is_not_written_to(session: Session, ids: dict[str, int]) -> None:
    with transaction() as writing:
        unsubscribing.refuse(writing, ids["A1"], Kind.REMINDER, DURING)
        unsubscribing.refuse(writing, ids["DM"], Kind.DIGEST, DURING)
        refused = {"refusals": 1, "last_error": "550 5.1.1", "refused_at": DURING}
        writing.add(DbRefusedAddress(address="b1@example.vn", blocked_at=DURING, **refused))
        writing.add(DbRefusedAddress(address="dm@example.vn", **refused))
    assert reached(ids) == {
        ids["A1"]: Reached.UNSUBSCRIBED,
        ids["B1"]: Reached.ADDRESS_REFUSED,
        ids["DM"]: Reached.YES,
    }
    assert remind(ids) == 1


@pytest.mark.parametrize(
    "now",
    [makers.WEEK_1 - timedelta.resolution, makers.WEEK_1_ENDS, makers.WEEK_2_ENDS],
    ids=["before", "between", "after"],
)
def test_reminders_are_for_a_week_that_is_open(session: Session, ids: dict[str, int], now: object) -> None:
    with pytest.raises(Refused, match="tuần thi đang mở"):
        reminders.open_week(session, contests.get_current(session), now)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "code"),
    [("", "reminder_text_missing"), (" \n\t ", "reminder_text_missing"), ("x" * (MOST_TEXT + 1), "reminder_text_long")],
)
def test_the_words_are_neither_missing_nor_endless(session: Session, ids: dict[str, int], text: str, code: str) -> None:
    with pytest.raises(Refused) as refused:
        remind(ids, text=text)
    assert refused.value.code == code
    assert letters(session) == []


def test_what_cannot_be_printed_is_left_out() -> None:
    assert reminders.checked_text(" Đề\0 nghị\x1b\r\n\r\ndự\rthi \u202e") == "Đề nghị\n\ndự\nthi"


def waiting(session: Session) -> list[str]:
    return sorted(letter.address for letter in letters(session) if letter.state == State.WAITING)


def withdraw(hours: int = 3) -> None:
    with transaction() as writing:
        reminders.withdraw(writing, DURING + timedelta(hours=hours))


def test_who_takes_part_while_the_letter_waits_gets_none(session: Session, ids: dict[str, int]) -> None:
    """The mail server was away, or thousands stand before them in the line."""
    remind(ids)
    withdraw()
    assert waiting(session) == ["a1@example.vn", "b1@example.vn", "dm@example.vn"]
    makers.sit(ids["A1"], DURING + timedelta(hours=2))
    withdraw()
    assert waiting(session) == ["b1@example.vn", "dm@example.vn"]
    [dropped] = [letter for letter in letters(session) if letter.state == State.DROPPED]
    assert (dropped.address, dropped.text, dropped.html) == ("a1@example.vn", "", "")


def test_who_may_not_or_need_not_take_part_any_more_gets_none_either(session: Session, ids: dict[str, int]) -> None:
    remind(ids)
    with transaction() as writing:
        writing.add(DbBarred(contest_id=1, person_id=ids["A1"], group_code="ban-to-chuc"))
        writing.add(DbExemption(person_id=ids["B1"], reason="Nghỉ thai sản", since=DURING + timedelta(hours=2)))
    withdraw()
    assert waiting(session) == ["dm@example.vn"]


def test_what_was_sent_and_what_is_no_reminder_is_left(session: Session, ids: dict[str, int]) -> None:
    remind(ids)
    makers.sit(ids["A1"], DURING + timedelta(hours=2))
    with transaction() as writing:
        writing.execute(update(DbLetter).where(DbLetter.address == "a1@example.vn").values(state=State.SENT))
    other = next(letter for letter in letters(session) if letter.address == "b1@example.vn")
    with transaction() as writing:
        told = {"dedupe_key": f"digest:1:{ids['A1']}", "kind": Kind.DIGEST, "person_id": ids["A1"]}
        writing.execute(update(DbLetter).where(DbLetter.id == other.id).values(told))
    withdraw()
    assert [letter.state for letter in letters(session)].count(State.DROPPED) == 0


def test_a_reminder_is_on_record_with_its_words(session: Session, ids: dict[str, int]) -> None:
    remind(ids, text="Đề nghị dự thi.")
    row = session.scalars(select(DbReminder)).one()
    assert (row.agency_id, str(row.day), row.text, row.people, row.asked_by) == (
        *(ids["SNV"], "2024-10-07", "Đề nghị dự thi.", 3, ids["DM"]),
    )
    entry = session.scalars(select(DbAuditEntry).order_by(DbAuditEntry.id.desc())).first()
    assert entry
    assert (entry.act, entry.facts) == ("send_reminder", '{"agency": "SNV", "people": 3, "week": 1}')


def test_the_day_is_that_of_the_contest(session: Session, ids: dict[str, int]) -> None:
    week = makers.week(session)
    remind(ids, "VT")
    evening = DURING.replace(hour=16, minute=59)  # 23:59 in Hải Phòng
    assert reminders.asked_on(session, week, ids["VT"], evening)
    assert reminders.asked_on(session, week, ids["VT"], evening + timedelta(minutes=1)) is None
    assert reminders.asked_on(session, week, ids["SNV"], evening) is None
