"""Three different people before a question counts: who may do what, and what sends it back to the start."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from quiz.errors import Refused
from quiz.services import contest_files, transaction
from quiz.services.question_work_drafts import State, Step, history
from quiz.services.question_work_steps import Decision, decide, decide_several, faults_of
from tests import makers
from tests.services import question_scene as scene
from tests.services.question_scene import Three


@pytest.fixture
def three(session: Session) -> Three:
    """A question that somebody has changed."""
    people = scene.lay_out()
    scene.edit(people.author, text="Câu đã sửa?")
    return people


def refusal_of(decision: Decision, actor: scene.Actor, question_id: str = "T-001", note: str = "Vì thế") -> str:
    """The code with which a decision is refused."""
    with pytest.raises(Refused) as refused:
        scene.take(decision, actor, question_id, note)
    return refused.value.code


def test_three_people_make_an_approved_question(session: Session, three: Three) -> None:
    scene.approve(three)
    draft = scene.draft()
    assert (draft.state, draft.author, draft.appraiser, draft.approver) == (
        *(State.APPROVED, "Lê Thị Soạn", "Vũ Văn Thẩm", "Đỗ Thị Phê"),
    )
    steps = [event.step for event in history(session, scene.current(), "T-001")]
    assert steps == [Step.APPROVE, Step.APPRAISE, Step.WRITE]


def test_nobody_takes_two_of_the_three_parts(three: Three) -> None:
    assert refusal_of(Decision.APPRAISE, three.author) == "question_own_appraisal"
    assert refusal_of(Decision.APPROVE, three.approver) == "question_other_step"
    scene.take(Decision.APPRAISE, three.appraiser)
    assert refusal_of(Decision.APPROVE, three.author) == "question_own_approval"
    assert refusal_of(Decision.APPROVE, three.appraiser) == "question_own_approval"
    assert refusal_of(Decision.APPRAISE, three.approver) == "question_other_step"


def test_who_edits_last_is_the_author_and_all_is_appraised_again(three: Three) -> None:
    scene.approve(three)
    scene.edit(three.approver, text="Câu sửa lần nữa?")
    draft = scene.draft()
    assert (draft.state, draft.author, draft.appraiser, draft.approver) == (State.DRAFT, "Đỗ Thị Phê", "", "")
    assert refusal_of(Decision.APPRAISE, three.approver) == "question_own_appraisal"
    scene.take(Decision.APPRAISE, three.author)
    scene.take(Decision.APPROVE, three.appraiser)


def test_sending_back_needs_a_note_and_takes_the_signatures_away(session: Session, three: Three) -> None:
    scene.approve(three)
    assert refusal_of(Decision.SEND_BACK, three.appraiser, note=" ") == "reason_missing"
    assert refusal_of(Decision.SEND_BACK, three.author) == "question_own_return"
    scene.take(Decision.SEND_BACK, three.appraiser, note="Sai điều khoản")
    draft = scene.draft()
    assert (draft.state, draft.appraiser, draft.approver) == (State.DRAFT, "", "")
    assert history(session, scene.current(), "T-001")[0].note == "Sai điều khoản"


def test_a_decision_about_something_older_is_refused(three: Three) -> None:
    seen = scene.draft()
    scene.edit(three.author, text="Sửa trong lúc đó?")
    with pytest.raises(Refused) as refused, transaction(three.appraiser) as session:
        decide(session, Decision.APPRAISE, seen.id, seen.seen, three.appraiser, scene.NOW)
    assert refused.value.code == "question_changed"


def test_an_incomplete_draft_is_not_appraised(three: Three) -> None:
    scene.edit(three.author, document="", valid_from="")
    assert refusal_of(Decision.APPRAISE, three.appraiser) == "question_incomplete"


def test_a_draft_that_says_what_another_question_says_is_not_appraised(three: Three) -> None:
    scene.edit(three.author, text=scene.said("T-002").text.upper())
    [fault] = faults_of(scene.draft(), scene.current())
    assert (fault.field, "trùng câu T-002" in fault.words) == ("text", True)
    assert refusal_of(Decision.APPRAISE, three.appraiser) == "question_incomplete"


def test_a_dropped_draft_is_over_and_the_question_free_again(three: Three) -> None:
    dropped = scene.take(Decision.DROP, three.appraiser, note="Không cần nữa")
    assert dropped.state is State.DROPPED
    with pytest.raises(Refused) as refused, transaction(three.appraiser) as session:
        decide(session, Decision.APPRAISE, dropped.id, dropped.seen, three.appraiser, scene.NOW)
    assert refused.value.code == "question_other_step"
    scene.edit(three.author, text="Lại sửa?")
    assert scene.draft().id != dropped.id


def test_a_draft_of_a_question_that_the_bank_has_changed_waits_until_it_is_looked_at(three: Three) -> None:
    with transaction(makers.CONSOLE) as session:
        newer = scene.SOURCE.replace("Giải thích của câu 1\n", "Giải thích khác\n")
        contest_files.load_bank(session, newer.encode(), makers.CONSOLE, scene.NOW)
    assert refusal_of(Decision.APPRAISE, three.appraiser) == "question_base_changed"
    scene.edit(three.author, explanation="Giải thích khác")
    scene.take(Decision.APPRAISE, three.appraiser)


def test_several_at_once_take_what_may_be_taken_and_say_why_not_the_rest(three: Three) -> None:
    scene.edit(three.author, "T-002", text="Hai?")
    scene.edit(three.appraiser, "T-003", text="Ba?")
    chosen = [scene.draft(one).seen for one in ("T-001", "T-002", "T-003")]
    with transaction(three.appraiser) as session:
        report = decide_several(session, Decision.APPRAISE, [*chosen, "999.1"], three.appraiser, scene.NOW)
    assert report.taken == ("T-001", "T-002")
    left = [(one.question_id, one.refusal.code) for one in report.not_taken]
    assert left == [("T-003", "question_own_appraisal"), ("–", "draft_missing")]
    assert [scene.draft(one).state for one in ("T-001", "T-003")] == [State.APPRAISED, State.DRAFT]
