"""Extra time: two people, before the start, for every round not yet started."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from quiz.errors import Refused
from quiz.models.attempts import DbAttempt
from quiz.models.audit import DbAuditEntry
from quiz.models.people import DbPerson
from quiz.permissions import Role
from quiz.services import Actor, allowances, attempts, contests, transaction
from quiz.services.decisions import State
from tests import makers
from tests.kept import kept

MINUTE = timedelta(minutes=1)
BEFORE = makers.WEEK_1 - timedelta(days=1)
DURING = makers.WEEK_1 + timedelta(hours=1)
WORDS = {"minutes": 30, "number": "12/QĐ-BTC", "reason": "Khiếm thị"}


@pytest.fixture
@kept
def ids(session: Session) -> dict[str, int]:
    """A contest, a participant and two organisers."""
    makers.load_contest()
    agency = makers.add_agency()
    ids = {"A1": makers.add_person("A1", agency, "Trần Thị Hoa", activated=False)}
    for code in ("T1", "T2"):
        ids[code] = makers.add_person(code, agency, f"Đỗ Văn {code}", [Role.ORGANISER], activated=False)
    return ids


def propose(by: int, now: datetime = BEFORE, **changed: object) -> int:
    """Propose thirty minutes for A1 unless said otherwise."""
    with transaction(Actor(by)) as session:
        contest = contests.get_current(session)
        how = {"staff_code": "A1", **WORDS, **changed}
        return allowances.propose(session, contest, actor=Actor(by), now=now, **how)  # type: ignore[arg-type]


def approve(allowance_id: int, by: int, now: datetime = BEFORE, seen: str = "") -> None:
    """Approve what the preview shows now."""
    with transaction(Actor(by)) as session:
        seen = seen or allowances.preview(session, allowance_id, now).digest
        allowances.approve(session, allowance_id, seen, Actor(by), now)


def grant(ids: dict[str, int], minutes: int, now: datetime = BEFORE) -> int:
    """Proposed by one and approved by the other."""
    made = propose(ids["T1"], now, minutes=minutes)
    approve(made, ids["T2"], now)
    return made


def start(person: int, now: datetime, number: int = 1, code: int = 1) -> str:
    """Start as the page does."""
    with transaction() as session:
        return makers.start(session, person, makers.week(session, number), now, makers.code(code))


def allowed(session: Session, code: str) -> timedelta:
    """How long this attempt may last."""
    row = session.get_one(DbAttempt, code, populate_existing=True)
    return row.deadline_at - row.started_at


def refusal(session: Session, act: object) -> tuple[str, list[tuple[object, ...]]]:
    """The code with which it was refused, and what was written down nevertheless."""
    session.rollback()
    before = session.scalars(select(DbAuditEntry.id)).all()
    with pytest.raises(Refused) as refused:
        act()  # type: ignore[operator]
    session.rollback()
    return refused.value.code, [(row,) for row in session.scalars(select(DbAuditEntry.id)).all() if row not in before]


def test_extra_time_counts_from_the_approval_and_not_before(session: Session, ids: dict[str, int]) -> None:
    made = propose(ids["T1"])
    assert allowed(session, start(ids["A1"], DURING)) == 10 * MINUTE
    session.rollback()
    with transaction() as writing:
        attempts.hand_in(writing, makers.code(1), ids["A1"], 1, None, DURING + MINUTE)
    approve(made, ids["T2"], DURING + 2 * MINUTE)
    assert allowed(session, start(ids["A1"], makers.WEEK_2, 2, 2)) == 40 * MINUTE
    assert allowed(session, start(ids["A1"], makers.WEEK_2 + MINUTE, 2, 3)) == 40 * MINUTE


def test_extra_time_is_for_the_person_named_only(session: Session, ids: dict[str, int]) -> None:
    grant(ids, 30)
    other = makers.add_person("A2", session.scalar(select(DbPerson.agency_id).limit(1)) or 0, activated=False)
    assert allowed(session, start(other, DURING)) == 10 * MINUTE


def test_the_round_still_ends_at_its_closing(session: Session, ids: dict[str, int]) -> None:
    grant(ids, 30)
    assert allowed(session, start(ids["A1"], makers.WEEK_1_ENDS - 15 * MINUTE)) == 15 * MINUTE


def test_a_round_begun_keeps_the_time_it_was_begun_with(session: Session) -> None:
    makers.load_contest(makers.CONTEST + "attempts: {per_week: 3, counts: best}\n")
    agency = makers.add_agency()
    people = {code: makers.add_person(code, agency, activated=False) for code in ("A1", "T1", "T2")}
    makers.sit(people["A1"], DURING)
    grant(people, 30, DURING + 10 * MINUTE)
    assert allowed(session, start(people["A1"], DURING + 20 * MINUTE, code=5)) == 10 * MINUTE
    session.rollback()
    assert allowed(session, start(people["A1"], makers.WEEK_2, 2, 6)) == 40 * MINUTE


def test_the_later_decision_replaces_the_earlier(session: Session, ids: dict[str, int]) -> None:
    grant(ids, 30)
    grant(ids, 5, BEFORE + MINUTE)
    assert allowed(session, start(ids["A1"], DURING)) == 15 * MINUTE


def revoke(ids: dict[str, int], allowance_id: int, now: datetime) -> int:
    """Proposed by one and approved by the other."""
    made = propose_revocation(ids, allowance_id, now)
    approve(made, ids["T2"], now)
    return made


def propose_revocation(ids: dict[str, int], allowance_id: int, now: datetime = BEFORE) -> int:
    """One organiser proposes to take the minutes back."""
    by = Actor(ids["T1"])
    with transaction(by) as session:
        paper = {"number": "15/QĐ-BTC", "reason": "Cấp nhầm"}
        return allowances.propose_revocation(session, allowance_id, **paper, actor=by, now=now)


def test_revoked_minutes_count_in_rounds_begun_before_only(session: Session) -> None:
    makers.load_contest(makers.CONTEST + "attempts: {per_week: 3, counts: best}\n")
    agency = makers.add_agency()
    people = {code: makers.add_person(code, agency, activated=False) for code in ("A1", "T1", "T2")}
    granted = grant(people, 30)
    makers.sit(people["A1"], DURING)
    proposed = propose_revocation(people, granted, DURING + 10 * MINUTE)
    assert allowed(session, start(people["A1"], DURING + 11 * MINUTE, code=4)) == 40 * MINUTE
    session.rollback()
    approve(proposed, people["T2"], DURING + 60 * MINUTE)
    assert allowed(session, start(people["A1"], DURING + 61 * MINUTE, code=5)) == 40 * MINUTE
    assert allowed(session, start(people["A1"], makers.WEEK_2, 2, 6)) == 10 * MINUTE


def test_a_revocation_is_a_decision_of_two_people_and_on_record(session: Session, ids: dict[str, int]) -> None:
    granted = grant(ids, 30)
    made = propose_revocation(ids, granted)
    assert refusal(session, lambda: approve(made, ids["T1"])) == ("decision_needs_two", [])
    preview = allowances.preview(session, made, BEFORE)
    assert preview.rounds == ("Tuần 1", "Tuần 2")
    session.rollback()
    approve(made, ids["T2"])
    listed = allowances.listing(session, contests.get_current(session))
    assert [(one.is_revocation, one.decision.number) for one in listed] == [(True, "15/QĐ-BTC"), (False, "12/QĐ-BTC")]
    facts = session.scalars(select(DbAuditEntry.facts).where(DbAuditEntry.reason == "Cấp nhầm")).all()
    assert [json.loads(one)["minutes"] for one in facts] == ["thu hồi", "thu hồi"]


def test_only_minutes_in_force_are_revoked_and_new_ones_may_follow(session: Session, ids: dict[str, int]) -> None:
    replaced, granted = grant(ids, 5), grant(ids, 30, BEFORE + MINUTE)
    waiting = propose(ids["T1"])
    for other in (replaced, waiting):
        assert refusal(session, lambda other=other: propose_revocation(ids, other)) == ("nothing_to_revoke", [])
    revoked = revoke(ids, granted, BEFORE + 2 * MINUTE)
    for other in (granted, revoked):
        assert refusal(session, lambda other=other: propose_revocation(ids, other)) == ("nothing_to_revoke", [])
    assert refusal(session, lambda: propose_revocation(ids, 99)) == ("decision_missing", [])
    grant(ids, 20, BEFORE + 3 * MINUTE)
    assert allowed(session, start(ids["A1"], DURING)) == 30 * MINUTE


def test_a_revocation_takes_nothing_that_was_granted_since_it_was_proposed(
    session: Session, ids: dict[str, int]
) -> None:
    waiting = propose_revocation(ids, grant(ids, 5))
    grant(ids, 30, BEFORE + MINUTE)
    assert refusal(session, lambda: approve(waiting, ids["T2"], BEFORE + 2 * MINUTE)) == ("nothing_to_revoke", [])
    assert allowed(session, start(ids["A1"], DURING)) == 40 * MINUTE


def test_an_allowance_is_for_its_own_contest_whatever_is_loaded_since(session: Session, ids: dict[str, int]) -> None:
    made = propose(ids["T1"])
    one_week = makers.CONTEST.replace("  - {number: 2, opens: 2024-10-14 08:00, closes: 2024-10-18 17:00}\n", "")
    makers.load_contest(one_week.replace("thu-nghiem", "nam-sau").replace("2024-10", "2025-10"))
    assert allowances.preview(session, made, DURING).rounds == ("Tuần 1", "Tuần 2")
    session.rollback()
    approve(made, ids["T2"], DURING)
    with transaction() as writing:
        first = contests.get_by_id(writing, contests.get_current(writing).id - 1)
        week = contests.get_week(writing, first, 1)
        makers.start(writing, ids["A1"], week, DURING + MINUTE, makers.code(1))
    assert allowed(session, makers.code(1)) == 40 * MINUTE


def test_nobody_approves_alone(session: Session, ids: dict[str, int]) -> None:
    made = propose(ids["T1"])
    assert refusal(session, lambda: approve(made, ids["T1"])) == ("decision_needs_two", [])
    assert allowed(session, start(ids["A1"], DURING)) == 10 * MINUTE


def test_an_allowance_is_approved_or_withdrawn_once(session: Session, ids: dict[str, int]) -> None:
    made, dropped = grant(ids, 30), propose(ids["T1"])
    with transaction(Actor(ids["T1"])) as writing:
        allowances.withdraw(writing, dropped, Actor(ids["T1"]), BEFORE)
    for each in (made, dropped):
        assert refusal(session, lambda each=each: approve(each, ids["T2"]))[0] == "decision_moved_on"
    contest = contests.get_current(session)
    assert [one.decision.state for one in allowances.listing(session, contest)] == [State.WITHDRAWN, State.APPROVED]
    assert allowances.get(session, made).decision.approver == "Đỗ Văn T2"
    assert refusal(session, lambda: approve(made + 99, ids["T2"]))[0] == "decision_missing"


def test_nothing_is_approved_while_the_person_sits(session: Session, ids: dict[str, int]) -> None:
    made = propose(ids["T1"])
    start(ids["A1"], DURING)
    assert refusal(session, lambda: approve(made, ids["T2"], DURING + MINUTE)) == ("person_sitting", [])
    approve(made, ids["T2"], DURING + 11 * MINUTE)


def test_the_approver_sees_for_which_rounds_it_comes_in_time(session: Session, ids: dict[str, int]) -> None:
    made = propose(ids["T1"])
    before = allowances.preview(session, made, BEFORE)
    assert (before.rounds, before.started, before.refusal) == (("Tuần 1", "Tuần 2"), (), None)
    session.rollback()
    makers.sit(ids["A1"], DURING)
    later = DURING + timedelta(hours=1)
    after = allowances.preview(session, made, later)
    assert (after.rounds, after.started, after.refusal) == (("Tuần 2",), ("Tuần 1",), None)
    assert refusal(session, lambda: approve(made, ids["T2"], later, before.digest)) == ("decision_changed", [])
    approve(made, ids["T2"], later, after.digest)


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"minutes": 0}, "minutes_wrong"),
        ({"minutes": 121}, "minutes_wrong"),
        ({"staff_code": "A9"}, "staff_code_unknown"),
        ({"number": "  "}, "decision_number_missing"),
        ({"number": "1" * 81}, "decision_number_long"),
        ({"reason": ""}, "reason_missing"),
        ({"reason": "x" * 1001}, "reason_long"),
    ],
)
def test_proposals_that_cannot_be(session: Session, ids: dict[str, int], changed: dict[str, object], code: str) -> None:
    assert refusal(session, lambda: propose(ids["T1"], **changed)) == (code, [])


def test_the_least_and_the_most_are_in_bounds_and_codes_are_read_as_people_type_them(
    session: Session, ids: dict[str, int]
) -> None:
    for minutes in (1, 120):
        made = propose(ids["T1"], minutes=minutes, staff_code=" a1 ")
        assert (allowances.get(session, made).minutes, allowances.get(session, made).name) == (minutes, "Trần Thị Hoa")
        session.rollback()


def test_every_step_is_on_record_with_its_person(session: Session, ids: dict[str, int]) -> None:
    grant(ids, 30)
    dropped = propose(ids["T1"])
    with transaction(Actor(ids["T2"])) as writing:
        allowances.withdraw(writing, dropped, Actor(ids["T2"]), BEFORE)
    session.rollback()
    entries = session.scalars(select(DbAuditEntry).where(DbAuditEntry.act.like("%allowance")).order_by(DbAuditEntry.id))
    assert [(entry.act, entry.actor_id, json.loads(entry.facts), entry.reason) for entry in entries] == [
        (act, ids[who], {"person": "A1", "minutes": 30, "decision": "12/QĐ-BTC"}, "Khiếm thị")
        for act, who in (
            ("propose_allowance", "T1"),
            ("approve_allowance", "T2"),
            ("propose_allowance", "T1"),
            ("withdraw_allowance", "T2"),
        )
    ]
