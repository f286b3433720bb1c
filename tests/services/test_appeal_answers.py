"""Answers: together, numbered, final, corrected in the open, naming nobody; told by mail; listed for the organisers."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from quiz.contest.appeal_rules import About, Outcome
from quiz.models.appeals import DbAppealAnswer
from quiz.models.audit import DbAuditEntry
from quiz.models.mail import DbLetter
from quiz.models.people import DbPerson
from quiz.services import Actor, appeal_desk, appeal_register, appeals, readership, transaction
from quiz.services.appeals import State
from tests import makers
from tests.services import appeals_scene as scene
from tests.services.appeals_scene import PUBLISHED, SITE, WORDING, answer, contest_of, correct, send
from tests.services.desk_scene import due, told
from tests.services.results_scene import refused

Made = tuple[dict[str, int], dict[str, str], Actor]
DAY = timedelta(days=1)


@pytest.fixture
def made(session: Session) -> Made:
    """Four people, each with an attempt in the published week 1, and an organiser."""
    return scene.lay_out_published()


@pytest.fixture
def alike(session: Session, made: Made) -> list[int]:
    """Two appeals on one question, each from the sender's own paper."""
    people, codes, _ = made
    number = scene.same_question(session, codes, people, "A", "B")
    session.rollback()
    return [send(people["A"], codes["A"], 1, "Của A"), send(people["B"], codes["B"], number, "Của người kia")]


def fresh(session: Session) -> Session:
    session.rollback()
    session.expire_all()
    return session


def entries(session: Session) -> list[appeal_register.Entry]:
    weeks = appeal_register.register(fresh(session), contest_of(session))
    return [entry for _, found in weeks for entry in found]


def acts(session: Session) -> list[tuple[str, dict[str, object], str]]:
    rows = fresh(session).scalars(
        select(DbAuditEntry).where(DbAuditEntry.act.like("%answer%")).order_by(DbAuditEntry.id)
    )
    return [(row.act, json.loads(row.facts), row.reason) for row in rows]


# Answering


def test_several_on_one_question_are_answered_under_one_number(session: Session, made: Made, alike: list[int]) -> None:
    _, _, actor = made
    assert answer(alike, actor) == 1
    (entry,) = entries(session)
    assert (entry.number, entry.version, entry.about, entry.people) == (1, 1, About.QUESTION, 2)
    assert entry.question is not None
    assert (entry.public_text, entry.answer, entry.outcome) == (WORDING.public_text, WORDING.answer, Outcome.REJECTED)
    ((act, facts, _),) = acts(session)
    assert (act, facts["entry"], facts["people"], facts["question"]) == ("answer_appeal", 1, 2, entry.question.id)


def test_every_answer_has_the_next_number(session: Session, made: Made) -> None:
    people, codes, actor = made
    ids = [send(people[who], codes[who], None) for who in "CAB"]
    assert [answer([one], actor) for one in ids] == [1, 2, 3]
    assert [(entry.number, entry.question, entry.people) for entry in entries(session)] == [
        (1, None, 1), (2, None, 1), (3, None, 1)
    ]  # fmt: skip


def test_results_are_each_ones_own(made: Made) -> None:
    people, codes, actor = made
    ids = [send(people[who], codes[who], None) for who in "AB"]
    assert refused(lambda: answer(ids, actor)) == "appeals_none_chosen"
    assert refused(lambda: answer([], actor)) == "appeals_none_chosen"
    assert refused(lambda: answer([ids[0], send(people["A"], codes["A"], 1)], actor)) == "appeals_none_chosen"


def test_an_answer_is_final_and_a_withdrawn_appeal_gets_none(made: Made, alike: list[int]) -> None:
    people, codes, actor = made
    answer(alike[:1], actor)
    assert refused(lambda: answer(alike, actor)) == "appeal_moved_on"
    with transaction(Actor(people["A"], is_staff=False)) as writing:
        assert refused(lambda: appeals.withdraw(writing, alike[0], people["A"], PUBLISHED)) == "appeal_moved_on"
    other = send(people["A"], codes["A"], 2)
    with transaction(Actor(people["A"], is_staff=False)) as writing:
        appeals.withdraw(writing, other, people["A"], PUBLISHED)
    assert refused(lambda: answer([other], actor)) == "appeal_moved_on"


def test_after_the_answer_one_may_appeal_on_the_same_again(session: Session, made: Made) -> None:
    people, codes, actor = made
    answer([send(people["A"], codes["A"], 1)], actor)
    send(people["A"], codes["A"], 1)
    found = appeals.of_person(fresh(session), people["A"], contest_of(session))
    assert [one.state for one in found] == [State.WAITING, State.ANSWERED]
    assert [one.answer and one.answer.answer for one in found] == [None, WORDING.answer]


@pytest.mark.parametrize(
    "wording",
    [
        replace(WORDING, public_text="Bà lê thị a cho rằng …"),
        replace(WORDING, answer="Thưa bà LÊ THỊ A: không."),
        replace(WORDING, answer="Gửi a@example.vn"),
    ],
)
def test_nobody_who_appealed_is_named_in_public(session: Session, made: Made, wording: object) -> None:
    people, codes, actor = made
    one = send(people["A"], codes["A"])
    assert refused(lambda: answer([one], actor, wording)) == "appeal_names_somebody"  # type: ignore[arg-type]
    assert entries(session) == []


def test_empty_answers_are_refused(made: Made) -> None:
    people, codes, actor = made
    one = send(people["B"], codes["B"])
    assert refused(lambda: answer([one], actor, replace(WORDING, answer=" \n"))) == "text_missing"
    assert refused(lambda: answer([one], actor, replace(WORDING, public_text="x" * 2001))) == "text_long"


# Correcting


def test_a_correction_is_a_new_version_with_its_reason(session: Session, made: Made, alike: list[int]) -> None:
    _, _, actor = made
    number = answer(alike, actor)
    other = replace(WORDING, outcome=Outcome.UPHELD, answer="Cả hai phương án đều đúng.")
    assert correct(number, 1, actor, other, "Xem lại căn cứ.") == 2
    (entry,) = entries(session)
    assert (entry.number, entry.version, entry.outcome, entry.answer) == (1, 2, Outcome.UPHELD, other.answer)
    assert (entry.reason, entry.people) == ("Xem lại căn cứ.", 2)
    kept = [(row.version, row.answer) for row in appeal_desk.versions(session, contest_of(session), number)]
    assert kept == [(2, other.answer), (1, WORDING.answer)]
    act, facts, reason = acts(session)[1]
    assert (act, facts["outcome"], reason) == ("correct_answer", "Chấp nhận", "Xem lại căn cứ.")


def test_a_correction_needs_its_reason_and_the_version_that_was_seen(made: Made, alike: list[int]) -> None:
    _, _, actor = made
    number = answer(alike, actor)
    assert refused(lambda: correct(number, 1, actor, reason=" ")) == "reason_missing"
    assert refused(lambda: correct(number, 1, actor, reason="Theo lời lê thị a.")) == "appeal_names_somebody"
    assert refused(lambda: correct(number + 1, 1, actor)) == "appeal_missing"
    correct(number, 1, actor)
    assert refused(lambda: correct(number, 1, actor)) == "appeal_moved_on"


# The register


def test_the_register_holds_nothing_of_who_asked(session: Session, made: Made, alike: list[int]) -> None:
    people, codes, actor = made
    answer(alike, actor)
    answer([send(people["A"], codes["A"], None, "Tôi là Lê Thị A")], actor)
    shown = repr(entries(session))
    for secret in ("Lê Thị", "example.vn", "Cơ quan", *codes.values(), "Của A"):
        assert secret not in shown


def test_readers_get_the_page_anew_after_an_answer_and_a_correction(session: Session, made: Made) -> None:
    people, codes, actor = made
    one = send(people["A"], codes["A"])
    before = readership.edition(fresh(session))
    number = answer([one], actor)
    after = readership.edition(fresh(session))
    correct(number, 1, actor)
    assert len({before, after, readership.edition(fresh(session))}) == 3


# Letters


def test_everybody_answered_is_told_by_mail(session: Session, made: Made, alike: list[int]) -> None:
    _, _, actor = made
    number = answer(alike, actor, site=SITE)
    correct(number, 1, actor, reason="Xem lại.", site=SITE)
    letters = fresh(session).scalars(select(DbLetter).order_by(DbLetter.id)).all()
    assert [row.dedupe_key for row in letters] == [f"appeal:{one}:{version}" for version in (1, 2) for one in alike]
    first, _, corrected, _ = letters
    for words in ("Lê Thị A", "Của A", "Kết luận: Không chấp nhận.", WORDING.answer, f"{SITE.base_url}/thi/phan-anh"):
        assert words in first.text
    assert "sửa câu trả lời" in corrected.text
    assert "Lý do sửa: Xem lại." in corrected.html
    assert first.kind == "answer"


def test_without_an_address_or_without_mail_the_answer_stands_all_the_same(session: Session, made: Made) -> None:
    people, codes, actor = made
    with transaction() as writing:
        writing.get_one(DbPerson, people["A"]).email = None
    answer([send(people["A"], codes["A"])], actor, site=SITE)
    answer([send(people["B"], codes["B"])], actor, site=None)
    assert fresh(session).scalars(select(DbLetter)).all() == []
    assert len(entries(session)) == 2


# The organisers' list


def test_the_list_shows_the_oldest_first_and_the_same_question_together(
    session: Session, made: Made, alike: list[int]
) -> None:
    people, codes, actor = made
    late = PUBLISHED + DAY
    result = send(people["A"], codes["A"], None, now=late)
    other = send(people["B"], codes["B"], None, now=late)
    listed, total = appeal_desk.listing(fresh(session), contest_of(session), State.WAITING, None, 1, late)
    assert ([one.id for one in listed], total) == ([*alike, result, other], 4)
    assert [(one.alike, one.left) for one in listed] == [(2, 4), (2, 4), (1, 5), (1, 5)]
    overdue, _ = appeal_desk.listing(session, contest_of(session), None, 1, 1, PUBLISHED + 7 * DAY)
    assert overdue[0].left == -2
    answer(alike, actor)
    session = fresh(session)
    assert appeal_desk.count_waiting(session) == 2
    done, count = appeal_desk.listing(session, contest_of(session), State.ANSWERED, 1, 1, late)
    assert ([one.id for one in done], count, done[0].entry, done[0].left) == (alike, 2, 1, None)
    assert appeal_desk.listing(session, contest_of(session), None, 2, 1, late) == ((), 0)


@pytest.mark.parametrize(
    ("after", "urgency", "left"),
    [(0, "soon", timedelta(days=5, hours=5)), (5, "today", timedelta(hours=5)), (6, "now", None)],
)
def test_the_today_page_says_how_many_wait_and_until_when(
    session: Session, made: Made, alike: list[int], after: int, urgency: str, left: timedelta | None
) -> None:
    _, _, actor = made
    (found,) = due(session, appeal_desk.waiting, actor.id or 0, PUBLISHED + after * DAY)
    facts = {"count": 2} if left is None else {"count": 2, "left": left}
    assert told([found]) == [(urgency, "appeal_desk.listing", facts)]
    assert ("quá hạn" in found.words) == (left is None)
    answer(alike, actor)
    assert due(session, appeal_desk.waiting, actor.id or 0, PUBLISHED) == []


def test_one_appeal_comes_with_what_is_needed_to_judge_it(session: Session, made: Made, alike: list[int]) -> None:
    people, codes, actor = made
    facts = appeal_desk.one(fresh(session), contest_of(session), alike[0], PUBLISHED)
    assert (facts.person.staff_code, facts.agency, facts.score, facts.full) == ("A", "Cơ quan H1", 3, 5)
    assert facts.place is not None
    assert (facts.due_on, facts.state, facts.answers) == (date(2024, 10, 16), State.WAITING, ())
    assert facts.topic.item is not None
    assert (facts.topic.item.number, facts.topic.attempt.code) == (1, codes["A"])
    assert [row.id for row in facts.alike] == alike
    send(people["A"], codes["A"], 2)
    answer(alike[:1], actor)
    again = appeal_desk.one(fresh(session), contest_of(session), alike[0], PUBLISHED)
    assert (again.entry, [row.id for row in again.alike], len(again.answers)) == (1, alike[:1], 1)
    assert refused(lambda: appeal_desk.one(session, contest_of(session), 999, PUBLISHED)) == "appeal_missing"


def test_answers_are_kept_as_they_were(session: Session, made: Made, alike: list[int]) -> None:
    _, _, actor = made
    correct(answer(alike, actor), 1, actor)
    rows = fresh(session).scalars(select(DbAppealAnswer).order_by(DbAppealAnswer.id)).all()
    assert [(row.number, row.version, row.answered_by) for row in rows] == [(1, 1, actor.id), (1, 2, actor.id)]
    assert makers.week(session).id == rows[0].week_id
