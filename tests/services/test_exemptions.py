"""Exemptions by date: they count for rounds that open within them, never for one that has opened; history stays."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from quiz.errors import Refused
from quiz.models.audit import DbAuditEntry
from quiz.models.people import DbPerson
from quiz.services import Actor, contests, exemptions, roster_calendar, transaction, turnout
from tests import makers
from tests.kept import kept
from tests.makers import CONSOLE

IN_WEEK_1 = makers.WEEK_1 + timedelta(days=1)  # Tuesday
TUESDAY = date(2024, 10, 8)


@pytest.fixture
@kept
def agency(session: Session) -> int:
    """Sở Nội vụ with two people; week 1 has opened, week 2 is to come."""
    makers.load_contest()
    agency = makers.add_agency("SNV", "Sở Nội vụ")
    makers.add_person("A1", agency, "Trần Văn An")
    makers.add_person("A2", agency, "Lê Thị Bình")
    return agency


def person_id(session: Session, code: str) -> int:
    """The id of the person with this code."""
    return session.scalars(select(DbPerson.id).where(DbPerson.staff_code == code)).one()


def exempt(
    session: Session,
    agency: int,
    first: date,
    last: date | None = None,
    now: datetime = IN_WEEK_1,
    reason: str = "Nghỉ thai sản",
    actor: Actor = CONSOLE,
) -> tuple[str, ...]:
    """Exempt A1; the rounds it counts for."""
    who = person_id(session, "A1")
    with transaction(actor) as writing:
        return exemptions.exempt(writing, agency, who, reason=reason, first=first, last=last, actor=actor, now=now)


def refusal(session: Session, agency: int, *days: date | None, **how: object) -> str:
    """What is said, as the visitor reads it."""
    with pytest.raises(Refused) as refused:
        exempt(session, agency, *days, **how)  # type: ignore[arg-type]
    return str(refused.value)


def exempt_in(session: Session, number: int) -> int:
    """How many people are exempt in a week, once it has opened."""
    opens = (makers.WEEK_1, makers.WEEK_2)[number - 1]
    with transaction() as writing:
        contests.freeze_due_weeks(writing, opens)
    return turnout.of_week(session, makers.week(session, number), opens)[0].turnout.exempt


def test_days_to_come_count_for_the_weeks_that_open_within_them(session: Session, agency: int) -> None:
    rounds = exempt(session, agency, date(2024, 10, 1), date(2024, 10, 7), now=makers.BEFORE)
    assert rounds == ("Tuần 1",)
    assert (exempt_in(session, 1), exempt_in(session, 2)) == (1, 0)


def test_an_exemption_entered_in_an_open_week_counts_from_the_next(session: Session, agency: int) -> None:
    assert exempt(session, agency, TUESDAY) == ("Tuần 2",)
    assert (exempt_in(session, 1), exempt_in(session, 2)) == (0, 1)


def test_a_day_before_an_opening_is_refused_with_the_earliest_that_will_do(session: Session, agency: int) -> None:
    assert refusal(session, agency, date(2024, 10, 7)).endswith("Ngày sớm nhất là 08/10/2024.")
    assert exempt_in(session, 1) == 0


def test_overlaps_are_refused_in_words(session: Session, agency: int) -> None:
    exempt(session, agency, date(2024, 10, 9), date(2024, 10, 20))
    for first, last in ((TUESDAY, date(2024, 10, 9)), (date(2024, 10, 20), None), (TUESDAY, None)):
        assert refusal(session, agency, first, last) == (
            "Người này đã được miễn từ ngày 09/10/2024 đến hết ngày 20/10/2024. Hãy chọn ngày khác."
        )
    exempt(session, agency, date(2024, 10, 21))
    assert refusal(session, agency, date(2025, 1, 1)) == (
        "Người này đã được miễn từ ngày 21/10/2024, không ghi ngày cuối. Muốn ghi lần khác thì thôi miễn lần đó trước."
    )
    assert exempt(session, agency, TUESDAY, TUESDAY) == ()


def test_reasons_are_needed_and_fit(session: Session, agency: int) -> None:
    assert refusal(session, agency, TUESDAY, reason=" \n") == "Cần ghi rõ lý do."
    assert refusal(session, agency, TUESDAY, reason="x" * 301) == "Lý do dài tối đa 300 ký tự."


def test_only_people_of_the_agency_on_the_roster_are_exempted(session: Session, agency: int) -> None:
    other = makers.add_agency("CT", "Cục Thuế")
    assert refusal(session, other, TUESDAY) == "Không có người này trong phạm vi của ông/bà."
    with transaction() as writing:
        writing.get_one(DbPerson, person_id(session, "A1")).left_at = makers.BEFORE
    assert refusal(session, agency, TUESDAY) == "Không có người này trong phạm vi của ông/bà."


def test_ending_counts_the_person_again_and_leaves_the_history(session: Session, agency: int) -> None:
    actor = Actor(person_id(session, "A2"))
    exempt(session, agency, date(2024, 10, 1), now=makers.BEFORE, actor=actor)
    (held,) = exemptions.of_agency(session, agency)
    with transaction(CONSOLE) as writing:
        exemptions.end(writing, agency, held.id, CONSOLE, IN_WEEK_1)
    (ended,) = exemptions.of_person(session, person_id(session, "A1"))
    assert (ended.name, ended.reason, ended.entered_by, ended.entered_at) == (
        *("Trần Văn An", "Nghỉ thai sản", "Lê Thị Bình", makers.BEFORE),
    )
    assert (ended.until, ended.ended_by, ended.ended_at) == (IN_WEEK_1, "", IN_WEEK_1)
    assert (held.is_over(IN_WEEK_1), ended.is_over(IN_WEEK_1)) == (False, True)
    assert (exempt_in(session, 1), exempt_in(session, 2)) == (1, 0)
    with pytest.raises(Refused) as refused, transaction(CONSOLE) as writing:
        exemptions.end(writing, agency, held.id, CONSOLE, IN_WEEK_1)
    assert refused.value.code == "exemption_over"


def test_an_exemption_called_off_before_it_began_never_holds(session: Session, agency: int) -> None:
    exempt(session, agency, date(2024, 10, 12))
    (held,) = exemptions.of_agency(session, agency)
    with transaction(CONSOLE) as writing:
        exemptions.end(writing, agency, held.id, CONSOLE, IN_WEEK_1)
    (ended,) = exemptions.of_agency(session, agency)
    assert ended.was_called_off
    assert exempt_in(session, 2) == 0
    assert exempt(session, agency, TUESDAY) == ("Tuần 2",)


def test_another_agencys_exemption_cannot_be_ended(session: Session, agency: int) -> None:
    exempt(session, agency, TUESDAY)
    (held,) = exemptions.of_agency(session, agency)
    other = makers.add_agency("CT", "Cục Thuế")
    for where, number, code in ((other, held.id, "person_missing"), (agency, 999, "exemption_missing")):
        with pytest.raises(Refused) as refused, transaction(CONSOLE) as writing:
            exemptions.end(writing, where, number, CONSOLE, IN_WEEK_1)
        assert refused.value.code == code


def test_both_acts_are_in_the_audit_log(session: Session, agency: int) -> None:
    exempt(session, agency, TUESDAY, date(2024, 10, 20))
    (held,) = exemptions.of_agency(session, agency)
    with transaction(CONSOLE) as writing:
        exemptions.end(writing, agency, held.id, CONSOLE, IN_WEEK_1)
    entries = session.scalars(select(DbAuditEntry).order_by(DbAuditEntry.id)).all()[-2:]
    assert [(each.act, each.reason, json.loads(each.facts)) for each in entries] == [
        ("exempt_person", "Nghỉ thai sản", {"person": "A1", "first_day": "2024-10-08", "last_day": "2024-10-20"}),
        ("end_exemption", "", {"person": "A1"}),
    ]


def test_the_calendar_knows_every_round_but_the_practice(session: Session, agency: int) -> None:
    calendar = roster_calendar.get(session, IN_WEEK_1)
    assert (calendar.last_name, calendar.last_opening) == ("Tuần 1", makers.WEEK_1)
    assert calendar.to_come == (("Tuần 2", makers.WEEK_2),)
    assert roster_calendar.get(session, datetime(2020, 1, 1, tzinfo=UTC)).earliest is None
