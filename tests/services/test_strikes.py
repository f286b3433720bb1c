"""People struck from a ranking: the next moves up, what is shown is what happens, and undoing restores everything."""

from __future__ import annotations

import json

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from quiz.errors import Refused
from quiz.models.audit import DbAuditEntry
from quiz.models.reviews import DbStrike
from quiz.services import Actor, publishing, results, strikes, transaction
from quiz.services.strikes import Preview, Slot, Strike, Terms
from quiz.services.struck import count_at, is_struck
from tests import makers
from tests.services import results_scene as scene
from tests.services.results_scene import CLOSED, DAY_2, MINUTE, mark, mark_both, refused, shown, winners
from tests.services.test_races import at_once

TERMS = Terms(reason="Thi hộ", evidence="Biên bản làm việc ngày 12/10/2024", whole_contest=False)
WHOLE = Terms(reason="Thi hộ", evidence="Biên bản", whole_contest=True)
ONE_EACH = makers.CONTEST.replace("count: 2", "count: 1").replace("count: 3", "count: 1")


@pytest.fixture
def actor(sat: dict[str, int]) -> Actor:
    """An organiser, after the week was marked."""
    mark()
    return scene.add_organiser()


def preview(session: Session, person: int, terms: Terms = TERMS, number: int = 1) -> Preview:
    session.rollback()
    return strikes.preview(session, makers.week(session, number), person, whole_contest=terms.whole_contest)


def strike(session: Session, person: int, actor: Actor, terms: Terms = TERMS, number: int = 1) -> int:
    """Strike after having looked."""
    seen = preview(session, person, terms, number).digest
    with transaction(actor) as writing:
        return strikes.strike(writing, makers.week(writing, number), person, terms, seen, actor, CLOSED)


def undo(session: Session, strike_id: int, actor: Actor, reason: str = "Nhầm người") -> None:
    session.rollback()
    seen = strikes.undo_preview(session, strike_id).digest
    with transaction(actor) as writing:
        strikes.undo(writing, strike_id, reason, seen, actor, CLOSED + MINUTE)


def listed(session: Session, number: int = 1) -> tuple[Strike, ...]:
    session.rollback()
    return strikes.of_week(session, makers.week(session, number))


def changed(found: Preview) -> list[tuple[str, str, str]]:
    """Prize and last letters of the names before and after, where they differ."""

    def letter(words: str) -> str:
        return words.partition(" (")[0][-1:]

    return [
        (slot.prize, letter(slot.before), letter(slot.after))
        for one in found.rounds
        for slot in one.slots
        if slot.is_changed
    ]


def entries(session: Session) -> list[tuple[str, dict[str, object], str]]:
    session.rollback()
    rows = session.execute(select(DbAuditEntry.act, DbAuditEntry.facts, DbAuditEntry.reason).order_by(DbAuditEntry.id))
    return [(act, json.loads(facts), reason) for act, facts, reason in rows if "strike" in act]


def test_strikes_are_counted_as_they_held_at_a_moment(session: Session, sat: dict[str, int], actor: Actor) -> None:
    """One of A for the week, undone later; one of B for the contest, which touches both weeks."""
    undo(session, strike(session, sat["A"], actor), actor)
    strike(session, sat["B"], actor, WHOLE)
    session.rollback()
    moments = (CLOSED - MINUTE, CLOSED, CLOSED + MINUTE)
    counted = {number: [count_at(session, makers.week(session, number), at) for at in moments] for number in (1, 2)}
    assert counted == {1: [0, 2, 1], 2: [0, 1, 1]}


def test_the_next_person_moves_up_as_the_preview_said(session: Session, sat: dict[str, int], actor: Actor) -> None:
    before = [code for _, _, code in winners(session)]
    found = preview(session, sat["B"])
    assert found.is_changed
    assert changed(found)[0] == ("Giải Nhì", "B", "C")
    strike(session, sat["B"], actor)
    after = [code for _, _, code in winners(session)]
    assert after == [code for *_, code, _ in scene.standings(session)[:7] if code != "B"]
    [week] = found.rounds
    assert [slot.after.partition(" (")[0][-1] for slot in week.slots] == after
    assert [slot.before.partition(" (")[0][-1] for slot in week.slots] == before
    assert week.slots[0] == Slot(prize="Giải Nhất", before="Lê Thị A (Cơ quan H1)", after="Lê Thị A (Cơ quan H1)")


def test_whoever_is_struck_keeps_attempt_score_and_rank(session: Session, sat: dict[str, int], actor: Actor) -> None:
    before = scene.standings(session)
    strike(session, sat["A"], actor)
    assert scene.standings(session) == before
    top = shown(session).divisions[0].top
    assert [person.struck for person in top if person.struck] == ["bị loại: Thi hộ"]
    assert results.count_ranked(session, makers.week(session), "") == len(before)


def test_a_draft_seen_before_a_strike_cannot_be_published(session: Session, sat: dict[str, int], actor: Actor) -> None:
    """Even where no prize changes hands: the digest knows who is struck."""
    session.rollback()
    seen = publishing.draft(session, makers.week(session), CLOSED).digest
    assert not preview(session, sat["H"]).is_changed
    strike(session, sat["H"], actor)
    session.rollback()
    assert publishing.draft(session, makers.week(session), CLOSED).digest != seen


def test_undoing_restores_everything_and_keeps_the_row(session: Session, sat: dict[str, int], actor: Actor) -> None:
    session.rollback()
    before = publishing.draft(session, makers.week(session), CLOSED).digest
    made = strike(session, sat["A"], actor)
    session.rollback()
    back = strikes.undo_preview(session, made)
    assert changed(back)[0] == ("Giải Nhất", "B", "A")
    undo(session, made, actor)
    session.rollback()
    assert publishing.draft(session, makers.week(session), CLOSED).digest == before
    [kept] = listed(session)
    assert (kept.name, kept.reason, kept.undo_reason) == ("Lê Thị A", "Thi hộ", "Nhầm người")
    assert kept.undone_at == CLOSED + MINUTE
    assert not is_struck(session, makers.week(session), sat["A"])
    again = strike(session, sat["A"], actor)
    assert [one.id for one in listed(session)] == [made, again]


def test_each_act_leaves_a_trace_with_its_reason(session: Session, sat: dict[str, int], actor: Actor) -> None:
    undo(session, strike(session, sat["A"], actor), actor)
    strike(session, sat["A"], actor, WHOLE)
    facts = {"week": 1, "person": "A", "scope": "tuần này"}
    assert entries(session) == [
        ("strike_result", facts, "Thi hộ"),
        ("undo_strike", facts, "Nhầm người"),
        ("strike_result", facts | {"scope": "cả hội thi"}, "Thi hộ"),
    ]


def test_one_week_or_the_whole_contest(session: Session, sat: dict[str, int], actor: Actor) -> None:
    makers.sit(sat["A"], DAY_2, MINUTE, number=2)
    mark(scene.CLOSED_2, 2)
    assert [code for _, _, code in winners(session, 2)] == ["Z", "A"]
    made = strike(session, sat["A"], actor)
    assert [code for _, _, code in winners(session, 2)] == ["Z", "A"]
    assert [one.id for one in listed(session, 2)] == []
    undo(session, made, actor)
    found = preview(session, sat["A"], WHOLE)
    assert [one.name for one in found.rounds] == ["Tuần 1", "Tuần 2"]
    made = strike(session, sat["A"], actor, WHOLE)
    assert [code for _, _, code in winners(session, 2)] == ["Z"]
    assert [one.id for one in listed(session, 2)] == [made]
    assert is_struck(session, makers.week(session, 2), sat["A"])
    assert refused(lambda: preview(session, sat["A"], number=2)) == "already_struck"


def test_a_prize_declined_for_a_better_one_comes_back(session: Session) -> None:
    """A holds the better prize of week 1 and declines that of week 2, until week 1 is struck."""
    makers.load_contest(ONE_EACH + "one_prize: keep_best\n")
    people = scene.add_people("AB")
    for number, order in ((1, "AB"), (2, "AB")):
        for place, code in enumerate(order):
            makers.sit(people[code], scene.DAY if number == 1 else DAY_2, (place + 1) * MINUTE, number=number)
    mark_both()
    actor = scene.add_organiser()
    assert [code for _, _, code in winners(session, 2)] == ["B"]
    found = preview(session, people["A"])
    assert [one.name for one in found.rounds] == ["Tuần 1", "Tuần 2"]
    strike(session, people["A"], actor)
    assert [code for _, _, code in winners(session, 1)] == ["B"]
    assert [code for _, _, code in winners(session, 2)] == ["A"]


def test_what_cannot_be_struck_is_refused_in_clear_words(session: Session, sat: dict[str, int]) -> None:
    assert refused(lambda: preview(session, sat["A"])) == "not_marked"
    mark()
    assert refused(lambda: preview(session, sat["Z"])) == "not_ranked"
    assert refused(lambda: preview(session, 999_999)) == "not_ranked"
    actor = scene.add_organiser()
    strike(session, sat["A"], actor)
    assert refused(lambda: preview(session, sat["A"])) == "already_struck"
    assert refused(lambda: strikes.undo_preview(session, 999_999)) == "strike_missing"


def test_nobody_is_struck_from_the_practice_round(session: Session) -> None:
    practice = "practice: {opens: 2024-10-01 08:00, closes: 2024-10-04 17:00}\n"
    makers.load_contest(makers.CONTEST + practice)
    person = scene.add_people("A")["A"]
    assert refused(lambda: preview(session, person, number=0)) == "practice_not_ranked"


@pytest.mark.parametrize(
    ("terms", "code"),
    [
        (Terms(reason=" ", evidence="x", whole_contest=False), "reason_missing"),
        (Terms(reason="x" * 1001, evidence="x", whole_contest=False), "reason_long"),
        (Terms(reason="x", evidence=" \n", whole_contest=False), "evidence_missing"),
        (Terms(reason="x", evidence="x" * 4001, whole_contest=False), "evidence_long"),
    ],
)
def test_reason_and_evidence_are_needed(
    session: Session, sat: dict[str, int], actor: Actor, terms: Terms, code: str
) -> None:
    assert refused(lambda: strike(session, sat["A"], actor, terms)) == code
    assert refused(lambda: undo(session, strike(session, sat["A"], actor), actor, " ")) == "reason_missing"


def test_what_has_changed_since_it_was_seen_is_not_done(session: Session, sat: dict[str, int], actor: Actor) -> None:
    seen = preview(session, sat["B"]).digest

    def confirm(terms: Terms = TERMS) -> None:
        with transaction(actor) as writing:
            strikes.strike(writing, makers.week(writing), sat["B"], terms, seen, actor, CLOSED)

    assert refused(lambda: confirm(WHOLE)) == "strike_changed"
    strike(session, sat["A"], actor)
    assert refused(confirm) == "strike_changed"
    assert [one.name for one in listed(session)] == ["Lê Thị A"]


def test_organisers_who_strike_the_same_person_at_once_strike_once(
    app: Flask, session: Session, sat: dict[str, int], actor: Actor
) -> None:
    digest = preview(session, sat["A"]).digest

    def act(_place: int) -> str:
        try:
            with transaction(actor) as writing:
                strikes.strike(writing, makers.week(writing), sat["A"], TERMS, digest, actor, CLOSED)
        except Refused as refusal:
            return refusal.code
        return "struck"

    assert sorted(at_once(app, act, 8)) == ["already_struck"] * 7 + ["struck"]
    session.rollback()
    [row] = session.scalars(select(DbStrike)).all()
    back = strikes.undo_preview(session, row.id).digest

    def take_back(_place: int) -> str:
        try:
            with transaction(actor) as writing:
                strikes.undo(writing, row.id, "Nhầm", back, actor, CLOSED)
        except Refused as refusal:
            return refusal.code
        return "undone"

    assert sorted(at_once(app, take_back, 8)) == ["strike_undone"] * 7 + ["undone"]
    assert [act for act, _, _ in entries(session)] == ["strike_result", "undo_strike"]
