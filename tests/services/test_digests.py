"""The weekly digest: who gets it, when, once, and with which figures."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from quiz.models.mail import DbLetter
from quiz.models.people import DbPerson
from quiz.permissions import Role
from quiz.services import digests, marking, publishing, transaction, turnout, unsubscribing
from quiz.services.digests import NEWS
from quiz.services.letters import Site
from quiz.services.outbox import Kind
from tests import makers
from tests.makers import Actor

SITE = Site(base_url="https://hoithi.example.vn", host="hoithi.example.vn", secret_key="s" * 32)
PUBLISHED = makers.WEEK_1_ENDS + timedelta(days=3)
HOUR = timedelta(hours=1)
PREDICTED = "prediction: {text: Bao nhiêu người dự thi?, target: people}\nranking: [score, prediction, lot]\n"


def town(text: str = makers.CONTEST) -> dict[str, int]:
    """Two agencies of four and two people with a coordinator each; three and none of them sit in week 1."""
    makers.load_contest(text)
    ids = {"SNV": makers.add_agency("SNV", "Sở Nội vụ"), "CT": makers.add_agency("CT", "Cục Thuế")}
    for code, agency in (("A1", "SNV"), ("A2", "SNV"), ("A3", "SNV"), ("B1", "CT")):
        ids[code] = makers.add_person(code, ids[agency], activated=False)
    for code, agency, name in (("DA", "SNV", "Lê Thị An"), ("DB", "CT", "Vũ Văn Bảo")):
        ids[code] = makers.add_person(code, ids[agency], name, [Role.COORDINATOR], activated=False)
    ids["TC"] = makers.add_person("TC", ids["CT"], roles=[Role.ORGANISER], activated=False)
    for code in ("A1", "A2", "A3"):
        makers.sit(ids[code], makers.WEEK_1 + HOUR)
    return ids


def publish(ids: dict[str, int], number: int = 1, now: datetime = PUBLISHED, reason: str = "") -> None:
    actor = Actor(ids["TC"])
    with transaction(actor) as session:
        week = makers.week(session, number)
        marking.mark_week(session, week, now, actor)
    with transaction(actor) as session:
        week = makers.week(session, number)
        publishing.publish(session, week, publishing.draft(session, week, now).digest, reason, actor, now)


def write(now: datetime = PUBLISHED) -> int:
    with transaction() as session:
        return digests.write_due(session, SITE, now)


def letters(session: Session) -> dict[str, DbLetter]:
    session.rollback()
    session.expire_all()
    return {row.dedupe_key: row for row in session.scalars(select(DbLetter).order_by(DbLetter.id))}


def told(session: Session, ids: dict[str, int], who: str, week: int = 1) -> list[str]:
    """The lines that a coordinator reads."""
    letter = letters(session)[f"digest:{week}:{ids[who]}"]
    lines = [line.removeprefix("- ") for line in letter.text.splitlines() if line.startswith("- ")]
    assert [line in letter.html for line in lines] == [True] * len(lines)
    return lines


def test_nothing_is_told_before_a_week_is_published(session: Session) -> None:
    assert write() == 0
    ids = town()
    assert [write(), write(makers.WEEK_1_ENDS + HOUR)] == [0, 0]
    publish(ids)
    assert write() == 2


def test_coordinators_are_told_of_their_own_agency(session: Session) -> None:
    ids = town()
    publish(ids)
    write()
    assert told(session, ids, "DA") == [
        "Tuần 1: 3 người dự thi trên 4 người phải tính, đạt tỷ lệ 75,00%",
        "Tuần 1 còn 1 người chưa dự thi",
        "Cả hội thi đến hết Tuần 1: 3 người dự thi trên 4 người phải tính, đạt tỷ lệ 75,00%; đã đạt chỉ tiêu 70%",
    ]
    assert told(session, ids, "DB") == [
        "Tuần 1: 0 người dự thi trên 3 người phải tính, đạt tỷ lệ 0,00%",
        "Tuần 1 còn 3 người chưa dự thi",
        "Cả hội thi đến hết Tuần 1: 0 người dự thi trên 3 người phải tính, đạt tỷ lệ 0,00%; "
        "còn thiếu 3 người để đạt chỉ tiêu 70%",
    ]
    letter = letters(session)[f"digest:1:{ids['DA']}"]
    assert letter.subject == "Tình hình tham gia Tuần 1 – Hội thi thử nghiệm"
    for part in (letter.text, letter.html):
        assert "Kính gửi ông/bà Lê Thị An," in part
        assert "Sở Nội vụ" in part
        assert "https://hoithi.example.vn/co-quan" in part
        assert "Cục Thuế" not in part


def test_a_second_week_is_set_beside_the_first(session: Session) -> None:
    ids = town(makers.CONTEST.replace("basis: contest", "basis: week"))
    publish(ids)
    makers.sit(ids["A1"], makers.WEEK_2 + HOUR, number=2)
    makers.sit(ids["B1"], makers.WEEK_2 + HOUR, number=2)
    publish(ids, 2, makers.WEEK_2_ENDS + HOUR)
    assert write(makers.WEEK_2_ENDS + 2 * HOUR) == 2
    assert told(session, ids, "DA", 2) == [
        "Tuần 2: 1 người dự thi trên 4 người phải tính, đạt tỷ lệ 25,00%; còn thiếu 2 người để đạt chỉ tiêu 70%",
        "So với Tuần 1: giảm 50,00 điểm phần trăm",
        "Tuần 2 còn 3 người chưa dự thi",
        "Cả hội thi đến hết Tuần 2: 3 người dự thi trên 4 người phải tính, đạt tỷ lệ 75,00%",
    ]
    assert "So với Tuần 1: tăng 33,33 điểm phần trăm" in told(session, ids, "DB", 2)


def test_each_week_is_told_once_to_each(session: Session) -> None:
    ids = town()
    publish(ids)
    assert [write(), write(), write(PUBLISHED + HOUR)] == [2, 0, 0]
    publish(ids, now=PUBLISHED + HOUR, reason="Đính chính")
    assert write(PUBLISHED + 2 * HOUR) == 0
    makers.add_person("DC", ids["SNV"], roles=[Role.COORDINATOR], activated=False)
    assert write(PUBLISHED + 2 * HOUR) == 1


def test_an_old_publication_is_no_news(session: Session) -> None:
    publish(town())
    assert write(PUBLISHED + NEWS) == 0
    assert write(PUBLISHED + NEWS - HOUR) == 2


def test_coordinators_of_whom_nothing_can_be_told_cost_no_figures(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The scheduler looks every five seconds for three days; their agency came after the week had opened."""
    ids = town()
    publish(ids)
    assert write() == 2
    new = makers.add_agency("MOI", "Sở Mới")
    makers.add_person("DM", new, roles=[Role.COORDINATOR], activated=False)
    monkeypatch.setattr(turnout, "of_week", None)
    monkeypatch.setattr(turnout, "over_contest", None)
    assert write() == 0


def test_who_cannot_be_reached_or_wants_none_gets_none(session: Session) -> None:
    ids = town()
    publish(ids)
    with transaction() as writing:
        unsubscribing.refuse(writing, ids["DA"], Kind.DIGEST, PUBLISHED)
        writing.get_one(DbPerson, ids["DB"]).email = None
    assert write() == 0


def test_figures_of_a_week_that_is_open_are_never_among_them(session: Session) -> None:
    """Week 2 is open when week 1 is published, and asks how many people take part."""
    ids = town(makers.CONTEST + PREDICTED)
    publish(ids, now=makers.WEEK_2 + HOUR)
    makers.sit(ids["B1"], makers.WEEK_2 + HOUR, number=2, prediction=1)
    write(makers.WEEK_2 + 2 * HOUR)
    assert all("3 người phải tính, đạt tỷ lệ 0,00%" in line for line in told(session, ids, "DB") if "trên" in line)


@pytest.mark.parametrize("name", ["<b>An</b>", "An\nBcc: x@example.vn"])
def test_hostile_names_stay_text(session: Session, name: str) -> None:
    ids = town()
    publish(ids)
    with transaction() as writing:
        writing.get_one(DbPerson, ids["DA"]).name = name
    write()
    assert "<b>" not in letters(session)[f"digest:1:{ids['DA']}"].html
