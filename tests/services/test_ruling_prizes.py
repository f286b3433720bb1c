"""What a ruling would change of the prizes: agencies too are ranked anew, as they then really are."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from quiz.scoring.rulings import Kind
from quiz.services import Actor, contests, publishing, ruling_preview, rulings, transaction
from quiz.services.ruling_prizes import Named
from quiz.services.rulings import Terms
from tests import makers
from tests.services import results_scene as scene
from tests.services.results_scene import CLOSED_2, DAY, MINUTE
from tests.services.test_rulings import papers

RULES = """
collective:
  order: [average_score, prizes]
  prize_points: {Giải Nhất: 10}
  blocks:
    - {name: Khối A, prizes: [{name: Giải tập thể, count: 1}]}
"""


@pytest.fixture
def people(session: Session) -> dict[str, int]:
    """One person of each of two agencies, both with four right; B, who was faster, is ahead."""
    makers.load_contest(makers.CONTEST + RULES)
    made = {
        code: makers.add_person(code, makers.add_agency(f"S{code}", f"Sở {code}"), f"Lê Thị {code}", activated=False)
        for code in "AB"
    }
    with transaction() as writing:
        contests.freeze_due_weeks(writing, makers.WEEK_1)
    for place, code in enumerate("BA"):
        makers.sit(made[code], DAY, (place + 1) * MINUTE, right=4)
    return made


def propose(actor: Actor, question: str) -> int:
    """Void a question of the first week, and have what that changes computed."""
    with transaction(actor) as writing:
        terms = Terms(bank="", question_id=question, kind=Kind.VOID, letters="", number="1", reason="Sai")
        made = rulings.propose(writing, makers.week(writing), terms, actor, CLOSED_2)
    ruling_preview.compute_waiting(lambda: CLOSED_2)
    return made


def wrong_of(session: Session, person: int) -> str:
    """The only question that somebody answered wrongly."""
    sheet = papers(session)[scene.attempt_of(session, person)]
    (found,) = [question for question, chosen in sheet.items() if chosen != "A"]
    return found


def test_collective_awards_are_previewed_as_they_are_then_given(session: Session, people: dict[str, int]) -> None:
    scene.mark_both()
    actor, other = scene.add_organiser(), Actor(makers.add_person("T9", makers.add_agency("T9"), activated=False))
    question = wrong_of(session, people["A"])
    assert question != wrong_of(session, people["B"])
    made = propose(actor, question)
    shown = rulings.shown(session, made, CLOSED_2)
    assert shown.preview
    (award,) = [one for one in shown.preview.prizes if one.is_collective]
    assert (award.week, award.division, award.prize, award.changes) == (None, "Khối A", "Giải tập thể", True)
    assert award.before == (Named(name="Sở B", agency="", rank=1),)
    assert award.after == (Named(name="Sở A", agency="", rank=1),)
    session.rollback()
    with transaction(other) as writing:
        rulings.approve(writing, made, shown.digest, other, CLOSED_2)
    scene.mark(CLOSED_2)
    session.rollback()
    (block,) = publishing.draft(session, makers.week(session, 2), CLOSED_2).collective
    assert [place.agency.name for place in block.places if place.prize] == ["Sở A"]


def test_no_agency_is_ranked_before_every_week_is_marked(session: Session, people: dict[str, int]) -> None:
    scene.mark(CLOSED_2)
    made = propose(scene.add_organiser(), wrong_of(session, people["A"]))
    preview = rulings.shown(session, made, CLOSED_2).preview
    assert preview
    assert not [one for one in preview.prizes if one.is_collective]
