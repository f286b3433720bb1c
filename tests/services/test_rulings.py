"""Questions found wrong: proposed by one, previewed, approved by another, and the whole week marked anew."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from quiz import jobs, long_jobs
from quiz.models.attempts import DbAttempt
from quiz.models.audit import DbAuditEntry
from quiz.models.rulings import DbRuling
from quiz.permissions import Role
from quiz.scoring.rulings import Kind
from quiz.services import Actor, attempts, contests, marking, publishing, ruling_preview, rulings, transaction
from quiz.services.rulings import Terms
from tests import makers
from tests.services import results_scene as scene
from tests.services.results_scene import CLOSED, DAY, MINUTE, in_order, mark, refused, winners


@pytest.fixture
def staff(session: Session, sat: dict[str, int]) -> tuple[Actor, Actor]:
    """Who proposes and who approves; the week has been sat."""
    agency = makers.add_agency("BTC")
    made = [makers.add_person(f"T{n}", agency, roles=[Role.ORGANISER], activated=False) for n in range(2)]
    return Actor(made[0]), Actor(made[1])


@pytest.fixture
def marked(staff: tuple[Actor, Actor]) -> tuple[Actor, Actor]:
    """The same once the week is marked."""
    mark()
    return staff


def terms(question: str, kind: Kind = Kind.VOID, letters: str = "", number: str = "5/QĐ-BTC") -> Terms:
    """A ruling about a question of the only bank."""
    return Terms(bank="", question_id=question, kind=kind, letters=letters, number=number, reason="Sai căn cứ pháp lý")


def propose(actor: Actor, wanted: Terms, now: datetime = CLOSED, number: int = 1) -> int:
    """Propose as the page does."""
    with transaction(actor) as session:
        return rulings.propose(session, makers.week(session, number), wanted, actor, now)


def compute(now: datetime = CLOSED) -> int:
    """What the scheduler does."""
    return ruling_preview.compute_waiting(lambda: now)


def shown(session: Session, made: int, now: datetime = CLOSED) -> rulings.Shown:
    """What the approver sees."""
    session.rollback()
    session.expire_all()
    return rulings.shown(session, made, now)


def approve(actor: Actor, made: int, seen: str, now: datetime = CLOSED) -> None:
    """Approve what was seen."""
    with transaction(actor) as session:
        rulings.approve(session, made, seen, actor, now)


def rule(session: Session, staff: tuple[Actor, Actor], wanted: Terms, now: datetime = CLOSED) -> int:
    """Propose, compute, approve and mark."""
    made = propose(staff[0], wanted, now)
    compute(now)
    approve(staff[1], made, shown(session, made, now).digest, now)
    mark(now)
    return made


def scores(session: Session) -> dict[str, int | None]:
    """The score of every attempt of week 1, by its code."""
    session.rollback()
    week = makers.week(session).id
    rows = session.execute(select(DbAttempt.code, DbAttempt.score).where(DbAttempt.week_id == week))
    return {row.code: row.score for row in rows}


def papers(session: Session) -> dict[str, dict[str, str]]:
    """By the code of each attempt, the questions it was dealt and what was chosen, in the letters of the bank."""
    session.rollback()
    week, found = makers.week(session), {}
    for row in session.scalars(select(DbAttempt).where(DbAttempt.week_id == week.id)).all():
        attempt = attempts.get(session, row.code, row.person_id)
        drawn = attempts.paper_with_keys(session, attempt, week)
        found[row.code] = {
            item.question.id: "".join(sorted(item.letters["ABCD".index(letter)] for letter in chosen))
            for item, chosen in zip(drawn.questions, attempt.answers, strict=True)
        }
    return found


def wrong_somewhere(session: Session) -> str:
    """Of the questions that somebody answered wrongly, the one that most others answered rightly."""
    sheets = papers(session).values()
    wrong = sorted({question for sheet in sheets for question, chosen in sheet.items() if chosen not in ("", "A")})
    return max(wrong, key=lambda question: sum(sheet.get(question) == "A" for sheet in sheets))


def test_a_voided_question_is_credited_to_everybody_who_was_dealt_it(
    session: Session, marked: tuple[Actor, Actor]
) -> None:
    before, question = scores(session), wrong_somewhere(session)
    rule(session, marked, terms(question))
    dealt = papers(session)
    after = scores(session)
    for code, sheet in dealt.items():
        earned = question in sheet and sheet[question] != "A"
        assert after[code] == (before[code] or 0) + earned
    assert any(after[code] != before[code] for code in after)


@pytest.mark.parametrize("kind", [Kind.REKEY, Kind.ACCEPT])
def test_letters_of_a_ruling_are_those_of_the_bank_on_every_shuffled_paper(
    session: Session, marked: tuple[Actor, Actor], kind: Kind
) -> None:
    before, question = scores(session), wrong_somewhere(session)
    with transaction() as writing:  # whoever was wrong chose BCD: now each chooses one letter of the bank
        week = makers.week(writing)
        for place, row in enumerate(writing.scalars(select(DbAttempt).where(DbAttempt.week_id == week.id))):
            drawn = attempts.paper_with_keys(writing, attempts.get(writing, row.code, row.person_id), week)
            answers = json.loads(row.answers)
            for item in drawn.questions:
                if item.question.id == question:
                    answers[item.number - 1] = "ABCD"[item.letters.index("BCA"[place % 3])]
            row.answers = json.dumps(answers)
            row.seq += 1
    chosen = {code: sheet.get(question) for code, sheet in papers(session).items()}
    right = {"B"} if kind is Kind.REKEY else {"B", "C"}
    rule(session, marked, terms(question, kind, "/".join(sorted(right))))
    sheets = papers(session)
    for code, score in scores(session).items():
        others = sum(letter == "A" for name, letter in sheets[code].items() if name != question)
        assert score == others + (chosen[code] in right)
    assert set(before) == set(chosen)


def test_the_preview_is_what_marking_then_gives(session: Session, marked: tuple[Actor, Actor]) -> None:
    before, first = scores(session), winners(session)
    for question in sorted({name for sheet in papers(session).values() for name in sheet})[:6]:
        made = propose(marked[0], terms(question))
        assert compute() == 1
        found = shown(session, made).preview
        assert found
        order, ranks = in_order(session), {row[2]: row[1] for row in scene.standings(session)}
        approve(marked[1], made, shown(session, made).digest)
        mark()
        after, then = scores(session), winners(session)
        assert found.dealt == sum(question in sheet for sheet in papers(session).values())
        assert found.risen == sum((after[code] or 0) > (before[code] or 0) for code in after)
        assert found.fallen == 0
        assert found.people_after == len(in_order(session))
        moved = {row[2]: row[1] for row in scene.standings(session)}
        assert found.moved == sum(moved[code] != ranks[code] for code in ranks)
        assert found.full_after == scene.shown(session).divisions[0].tally.people_all_right  # type: ignore[union-attr]
        for side, given in (("before", first), ("after", then)):
            named = [(one.prize, who.rank, who.name[-1]) for one in found.prizes for who in getattr(one, side)]
            assert named == given
        assert found.prizes_change == (
            {(prize, name) for prize, _, name in first} != {(prize, name) for prize, _, name in then}
        )
        before, first = after, then
        assert order


def test_nothing_has_an_effect_before_the_second_signature(session: Session, marked: tuple[Actor, Actor]) -> None:
    before, question = scores(session), wrong_somewhere(session)
    made = propose(marked[0], terms(question))
    compute()
    seen = shown(session, made).digest
    assert refused(lambda: approve(marked[0], made, seen)) == "decision_needs_two"
    assert refused(lambda: approve(marked[1], made, "x" * 64)) == "decision_changed"
    assert (scores(session), makers.week(session).marked_at) == (before, CLOSED)
    with transaction(marked[0]) as writing:
        rulings.withdraw(writing, made, marked[0], CLOSED)
    assert refused(lambda: approve(marked[1], made, seen)) == "decision_moved_on"
    assert compute() == 0


def test_nothing_is_approved_on_a_preview_of_another_state(session: Session, marked: tuple[Actor, Actor]) -> None:
    one, other = sorted({name for sheet in papers(session).values() for name in sheet})[:2]
    made, competing = propose(marked[0], terms(one)), propose(marked[0], terms(other))
    assert refused(lambda: approve(marked[1], made, "")) == "decision_changed"
    assert shown(session, made).preview is None
    assert compute() == 2
    assert compute() == 0
    seen = shown(session, made).digest
    scene.bar(session.scalars(select(DbAttempt.person_id).limit(1)).one(), session)
    assert shown(session, made).preview is None
    assert refused(lambda: approve(marked[1], made, seen)) == "decision_changed"
    assert compute() == 2
    seen = shown(session, competing).digest
    approve(marked[1], made, shown(session, made).digest)
    assert refused(lambda: approve(marked[1], competing, seen)) == "decision_changed"


def test_a_newer_ruling_replaces_the_older_and_one_can_be_taken_back(
    session: Session, marked: tuple[Actor, Actor]
) -> None:
    before, question = scores(session), wrong_somewhere(session)
    void = rule(session, marked, terms(question))
    voided = scores(session)
    assert refused(lambda: propose(marked[0], terms(question))) == "ruling_already"
    rekey = rule(session, marked, terms(question, Kind.REKEY, "D"), CLOSED + MINUTE)
    assert scores(session) not in (before, voided)
    in_force = {one.decision.id: one.is_in_force for one in rulings.of_week(session, makers.week(session))}
    assert in_force == {void: False, rekey: True}
    keep = rule(session, marked, terms(question, Kind.KEEP), CLOSED + 2 * MINUTE)
    assert scores(session) == before
    in_force = {one.decision.id: one.is_in_force for one in rulings.of_week(session, makers.week(session))}
    assert in_force == {void: False, rekey: False, keep: False}
    assert refused(lambda: propose(marked[0], terms(question, Kind.KEEP))) == "ruling_already"


@pytest.mark.parametrize(
    ("wanted", "code"),
    [
        (("T-999", Kind.VOID, ""), "ruling_question_missing"),
        (("", Kind.VOID, "A"), "ruling_letters_needless"),
        (("", Kind.REKEY, "E"), "ruling_letters_wrong"),
        (("", Kind.REKEY, "A"), "ruling_same_key"),
        (("", Kind.REKEY, "BC"), "ruling_one_letter"),
        (("", Kind.REKEY, ""), "ruling_one_answer"),
        (("", Kind.ACCEPT, "B / B"), "ruling_several_answers"),
    ],
)
def test_what_makes_no_sense_cannot_be_proposed(
    session: Session, marked: tuple[Actor, Actor], wanted: tuple[str, Kind, str], code: str
) -> None:
    question, kind, letters = wanted
    question = question or wrong_somewhere(session)
    assert refused(lambda: propose(marked[0], terms(question, kind, letters))) == code


def test_questions_are_ruled_on_once_the_week_has_closed(session: Session, staff: tuple[Actor, Actor]) -> None:
    assert refused(lambda: propose(staff[0], terms("T-001"), DAY)) == "not_closed"
    assert refused(lambda: propose(staff[0], terms("T-001"), makers.WEEK_1_ENDS)) == "not_closed"
    assert session.scalars(select(DbRuling)).all() == []


def test_a_published_week_is_corrected_by_the_next_publication(session: Session, marked: tuple[Actor, Actor]) -> None:
    question = wrong_somewhere(session)
    first = scene.publish(session, marked[0], now=CLOSED)
    rule(session, marked, terms(question))
    second = scene.publish(session, marked[0], now=CLOSED + MINUTE, reason="Hủy một câu hỏi")
    assert (first.rulings, first.is_marked_as(second)) == ((), False)
    (ruled,) = second.rulings
    assert (ruled.question, ruled.decision, ruled.reason) == (question, "5/QĐ-BTC", "Sai căn cứ pháp lý")
    assert ruled.sentence.startswith("Câu hỏi bị hủy: mọi người có câu này trong đề thi đều được tính điểm")
    session.rollback()
    assert publishing.find_latest(session, contests.get_current(session), 1) == second


def test_the_trace_says_what_was_decided(session: Session, marked: tuple[Actor, Actor]) -> None:
    question = wrong_somewhere(session)
    rule(session, marked, terms(question, Kind.ACCEPT, "a / b"))
    session.rollback()
    entries = session.scalars(select(DbAuditEntry).where(DbAuditEntry.act.like("%_ruling")).order_by(DbAuditEntry.id))
    found = [(entry.act, entry.actor_id, json.loads(entry.facts), entry.reason) for entry in entries]
    kind = "Chấp nhận nhiều đáp án"
    facts = {"week": 1, "bank": "", "question": question, "kind": kind, "letters": "A/B", "decision": "5/QĐ-BTC"}
    assert found == [
        ("propose_ruling", marked[0].id, facts, "Sai căn cứ pháp lý"),
        ("approve_ruling", marked[1].id, facts, "Sai căn cứ pháp lý"),
    ]


def test_the_scheduler_computes_previews_and_marks_anew(
    app: Flask, session: Session, marked: tuple[Actor, Actor], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs.clock, "now", lambda: CLOSED + timedelta(minutes=5))
    made = propose(marked[0], terms(wrong_somewhere(session)))
    long_jobs.preview_rulings()
    found = shown(session, made)
    assert found.preview
    approve(marked[1], made, found.digest)
    jobs.mark_closed_weeks()
    session.rollback()
    assert makers.week(session).marked_at == CLOSED + timedelta(minutes=5)
    assert marking.tallies_of(session, makers.week(session))[""].people == 8
