"""Incidents: a longer week, time given back, another sitting; by two people, for a named set, until publication."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from quiz.errors import Refused
from quiz.models.attempts import DbAttempt
from quiz.models.audit import DbAuditEntry
from quiz.models.contests import DbWeek
from quiz.models.decisions import DbIncident
from quiz.models.people import DbMembership
from quiz.models.results import DbStanding, DbTally
from quiz.permissions import Role
from quiz.services import Actor, allowances, attempts, contests, incidents, marking, publishing, transaction
from quiz.services.decisions import State
from quiz.services.incident_plan import Kind
from quiz.services.incident_scope import Scope
from quiz.services.incidents import Terms
from tests import makers
from tests.kept import kept

MINUTE = timedelta(minutes=1)
SECOND = timedelta(seconds=1)
BEGAN = makers.WEEK_1 + timedelta(hours=2)
ENDED = BEGAN + 6 * MINUTE
NOW = ENDED + MINUTE
GRACE = 5 * SECOND
CLOSES = makers.WEEK_1_ENDS
LATER = CLOSES + timedelta(days=1)
MADE = 100
DIVISIONS = "divisions: [{code: cb, name: Cán bộ}, {code: nd, name: Người dân}]\n"


@pytest.fixture
@kept
def ids(session: Session) -> dict[str, int]:
    """A contest, two agencies with two people each, and two organisers."""
    makers.load_contest()
    ids = {}
    for agency in ("SNV", "CT"):
        ids[agency] = makers.add_agency(agency)
        for number in (1, 2):
            ids[f"{agency}{number}"] = makers.add_person(f"{agency}{number}", ids[agency], activated=False)
    for code in ("T1", "T2"):
        ids[code] = makers.add_person(code, ids["SNV"], f"Đỗ Văn {code}", [Role.ORGANISER], activated=False)
    return ids


def terms(kind: Kind, **changed: object) -> Terms:
    """A decision of this kind about the incident of the tests."""
    usual = {"began_at": BEGAN, "ended_at": ENDED, "number": "7/QĐ-BTC", "reason": "Mất điện"}
    return Terms(kind=kind, **usual | changed)  # type: ignore[arg-type]


def extension(to: datetime = LATER, **changed: object) -> Terms:
    """The week closes at a later moment, for a power cut just before its end."""
    return terms(Kind.EXTEND, **{"began_at": CLOSES - 9 * MINUTE, "ended_at": CLOSES, "extended_to": to} | changed)


def propose(ids: dict[str, int], what: Terms, now: datetime = NOW) -> int:
    """One organiser proposes."""
    with transaction(Actor(ids["T1"])) as session:
        return incidents.propose(session, makers.week(session), what, Actor(ids["T1"]), now)


def approve(ids: dict[str, int], made: int, now: datetime = NOW, by: str = "T2", seen: str = "") -> None:
    """The other approves what the preview shows."""
    with transaction(Actor(ids[by])) as session:
        seen = seen or incidents.preview(session, made, now).digest
        incidents.approve(session, made, seen, Actor(ids[by]), now)


def decide(ids: dict[str, int], what: Terms, now: datetime = NOW) -> int:
    """Proposed by one and approved by the other."""
    made = propose(ids, what, now)
    approve(ids, made, now)
    return made


def start(person: int, now: datetime, code: int = 0) -> str:
    """Start as the page does."""
    with transaction() as session:
        return makers.start(session, person, makers.week(session), now, makers.code(code or MADE + person))


def hand_in(person: int, code: str, now: datetime) -> None:
    """Hand in what was saved."""
    with transaction() as session:
        attempts.hand_in(session, code, person, 1, None, now)


def save(person: int, code: str, now: datetime, seq: int = 1) -> attempts.Saved:
    """Save a sheet as the page does."""
    with transaction() as session:
        return attempts.save(session, code, person, seq, ["A"] * 5, now)


def row(session: Session, code: str) -> DbAttempt:
    """The attempt as it is stored now."""
    session.rollback()
    return session.get_one(DbAttempt, code, populate_existing=True)


def code_of(act: Callable[[], object]) -> str:
    """The code with which it is refused."""
    with pytest.raises(Refused) as refused:
        act()
    return refused.value.code


def mark(now: datetime) -> None:
    """What the scheduler does when a week is over."""
    with transaction() as session:
        marking.mark_week(session, makers.week(session), now)


# Time given back


def test_an_open_attempt_gets_back_what_it_lost(session: Session, ids: dict[str, int]) -> None:
    before, within = start(ids["SNV1"], BEGAN - MINUTE), start(ids["SNV2"], BEGAN + 2 * MINUTE)
    after = start(ids["CT1"], ENDED)
    decide(ids, terms(Kind.GIVE_BACK))
    for code, starts_at, lost in (
        (before, BEGAN - MINUTE, 6 * MINUTE),
        (within, BEGAN + 2 * MINUTE, 4 * MINUTE),
        (after, ENDED, 0 * MINUTE),
    ):
        stored = row(session, code)
        assert stored.deadline_at == starts_at + 10 * MINUTE + lost
        assert stored.accept_until == stored.deadline_at + GRACE
        assert stored.returned_ms == lost // timedelta(milliseconds=1)


def test_the_next_save_says_the_new_deadline_and_answers_are_taken_until_then(
    session: Session, ids: dict[str, int]
) -> None:
    code = start(ids["SNV1"], BEGAN - MINUTE)
    assert save(ids["SNV1"], code, BEGAN).deadline_at == BEGAN + 9 * MINUTE
    decide(ids, terms(Kind.GIVE_BACK))
    assert save(ids["SNV1"], code, BEGAN + 15 * MINUTE + GRACE, 2).deadline_at == BEGAN + 15 * MINUTE
    assert code_of(lambda: save(ids["SNV1"], code, BEGAN + 15 * MINUTE + GRACE + SECOND, 3)) == "too_late"


def test_who_handed_in_is_ranked_without_the_time_lost(session: Session, ids: dict[str, int]) -> None:
    starts_at = BEGAN - 2 * MINUTE
    quick = makers.sit(ids["SNV1"], starts_at, lasts=MINUTE)
    slow = makers.sit(ids["SNV2"], starts_at, lasts=8 * MINUTE)
    during = makers.sit(ids["CT1"], starts_at, lasts=5 * MINUTE)
    decide(ids, terms(Kind.GIVE_BACK))
    assert [row(session, code).returned_ms for code in (quick, slow, during)] == [0, 360_000, 180_000]
    assert [row(session, code).deadline_at for code in (slow, during)] == [starts_at + 10 * MINUTE] * 2
    assert attempts.get(session, slow, ids["SNV2"]).time_taken == 2 * MINUTE


def test_time_is_given_to_the_agencies_named_where_people_were_when_they_started(
    session: Session, ids: dict[str, int]
) -> None:
    ours, theirs = start(ids["SNV1"], BEGAN), start(ids["CT1"], BEGAN)
    made = decide(ids, terms(Kind.GIVE_BACK, scope=Scope(agencies=frozenset({ids["SNV"]}))))
    assert [row(session, code).returned_ms for code in (ours, theirs)] == [360_000, 0]
    incident = incidents.get(session, made)
    assert (incident.whom.agencies, incident.attempts) == (("Cơ quan SNV",), 1)


def test_who_has_changed_agencies_since_is_counted_once_where_they_were(session: Session, ids: dict[str, int]) -> None:
    moves = {"SNV1": NOW, "SNV2": BEGAN - MINUTE}
    with transaction() as writing:
        for who, at in moves.items():
            writing.scalars(select(DbMembership).where(DbMembership.person_id == ids[who])).one().until = at
            writing.add(DbMembership(person_id=ids[who], agency_id=ids["CT"], since=at))
    after, before = (start(ids[who], BEGAN) for who in moves)
    plan = incidents.preview(session, propose(ids, terms(Kind.GIVE_BACK)), NOW).plan
    assert (plan.attempts, plan.people, plan.agencies) == (2, 2, 2)
    decide(ids, terms(Kind.GIVE_BACK, scope=Scope(agencies=frozenset({ids["SNV"]}))))
    assert [row(session, code).returned_ms for code in (after, before)] == [360_000, 0]


def test_an_attempt_that_ran_out_during_the_incident_stays_ended(session: Session, ids: dict[str, int]) -> None:
    code = start(ids["SNV1"], BEGAN - 9 * MINUTE)
    save(ids["SNV1"], code, BEGAN - MINUTE)
    made = propose(ids, terms(Kind.GIVE_BACK))
    plan = incidents.preview(session, made, NOW).plan
    assert (plan.attempts, plan.sitting, plan.moved, plan.ran_out) == (1, 0, 0, 1)
    approve(ids, made)
    stored = row(session, code)
    assert (stored.deadline_at, stored.returned_ms) == (BEGAN + MINUTE, 60_000)
    assert code_of(lambda: save(ids["SNV1"], code, NOW, 2)) == "too_late"


def test_time_given_back_ends_with_the_week_and_an_extension_gives_the_rest(
    session: Session, ids: dict[str, int]
) -> None:
    began, ended = CLOSES - 8 * MINUTE, CLOSES - 2 * MINUTE
    code = start(ids["SNV1"], began)
    back = propose(ids, terms(Kind.GIVE_BACK, began_at=began, ended_at=ended), ended)
    plan = incidents.preview(session, back, ended).plan
    assert (plan.sitting, plan.moved, plan.cut_short, plan.most_lost) == (1, 0, 1, 6 * MINUTE)
    approve(ids, back, ended)
    assert row(session, code).deadline_at == CLOSES
    decide(ids, extension(), ended + SECOND)
    assert row(session, code).deadline_at == began + 16 * MINUTE


def test_the_same_time_is_given_back_once(session: Session, ids: dict[str, int]) -> None:
    start(ids["SNV1"], BEGAN)
    start(ids["CT1"], BEGAN)
    decide(ids, terms(Kind.GIVE_BACK, scope=Scope(agencies=frozenset({ids["SNV"]}))))
    assert code_of(lambda: propose(ids, terms(Kind.GIVE_BACK))) == "time_given_twice"
    decide(ids, terms(Kind.GIVE_BACK, scope=Scope(agencies=frozenset({ids["CT"]}))))
    later = terms(Kind.GIVE_BACK, began_at=ENDED, ended_at=ENDED + MINUTE)
    decide(ids, later, NOW)


def test_two_proposals_for_the_same_time_come_true_once(session: Session, ids: dict[str, int]) -> None:
    code = start(ids["SNV1"], BEGAN)
    one, other = (propose(ids, terms(Kind.GIVE_BACK, number=number)) for number in ("1", "2"))
    approve(ids, one)
    preview = incidents.preview(session, other, NOW)
    assert preview.refusal is not None
    assert preview.refusal.code == code_of(lambda: approve(ids, other)) == "time_given_twice"
    assert row(session, code).returned_ms == 360_000


# A longer week


def test_a_longer_week_gives_those_cut_off_their_whole_time(session: Session, ids: dict[str, int]) -> None:
    cut, whole = start(ids["SNV1"], CLOSES - 4 * MINUTE), start(ids["SNV2"], CLOSES - 15 * MINUTE)
    decide(ids, extension(), CLOSES - MINUTE)
    stored = row(session, cut)
    assert (stored.deadline_at, stored.accept_until) == (CLOSES + 6 * MINUTE, CLOSES + 6 * MINUTE + GRACE)
    assert row(session, whole).deadline_at == CLOSES - 5 * MINUTE
    assert makers.week(session).week.closes_at == LATER
    session.rollback()
    assert row(session, start(ids["CT1"], CLOSES + timedelta(hours=1))).deadline_at == CLOSES + 70 * MINUTE


def test_a_start_that_looked_at_the_week_before_it_was_extended_gets_the_whole_time(
    session: Session, ids: dict[str, int]
) -> None:
    start(ids["SNV2"], BEGAN)
    looked_at, now = makers.week(session), CLOSES - MINUTE
    decide(ids, extension(), now)
    with transaction() as writing:
        makers.start(writing, ids["SNV1"], looked_at, now, makers.code(1))
    assert row(session, makers.code(1)).deadline_at == now + 10 * MINUTE


def test_a_longer_week_still_cuts_at_its_new_end_and_counts_extra_time(session: Session, ids: dict[str, int]) -> None:
    with transaction(Actor(ids["T1"])) as writing:
        contest = contests.get_current(writing)
        how = {"staff_code": "SNV1", "minutes": 30, "number": "1", "reason": "x"}
        made = allowances.propose(writing, contest, actor=Actor(ids["T1"]), now=makers.WEEK_1, **how)  # type: ignore[arg-type]
        seen = allowances.preview(writing, made, makers.WEEK_1).digest
        allowances.approve(writing, made, seen, Actor(ids["T2"]), makers.WEEK_1)
    extra, usual = start(ids["SNV1"], CLOSES - MINUTE), start(ids["SNV2"], CLOSES - MINUTE)
    decide(ids, extension(CLOSES + 20 * MINUTE), CLOSES - SECOND)
    assert row(session, extra).deadline_at == CLOSES + 20 * MINUTE
    assert row(session, usual).deadline_at == CLOSES + 9 * MINUTE
    decide(ids, extension(LATER), CLOSES)
    assert row(session, extra).deadline_at == CLOSES + 39 * MINUTE


def test_an_attempt_that_ended_with_the_old_closing_stays_ended(session: Session, ids: dict[str, int]) -> None:
    ended, handed_in = start(ids["SNV1"], CLOSES - 4 * MINUTE), start(ids["SNV2"], CLOSES - 4 * MINUTE)
    hand_in(ids["SNV2"], handed_in, CLOSES - MINUTE)
    now = CLOSES + MINUTE
    made = propose(ids, extension(), now)
    plan = incidents.preview(session, made, now).plan
    assert (plan.attempts, plan.ran_out, plan.is_open) == (0, 1, True)
    approve(ids, made, now)
    assert row(session, ended).deadline_at == CLOSES
    assert row(session, handed_in).handed_in_at == CLOSES - MINUTE
    assert code_of(lambda: start(ids["SNV1"], now, 9)) == "already_sat"


def test_a_marked_week_is_marked_again_after_its_new_end(session: Session, ids: dict[str, int]) -> None:
    early = makers.sit(ids["SNV1"], BEGAN, right=4)
    mark(CLOSES + MINUTE)
    assert row(session, early).score == 4
    now = CLOSES + 2 * MINUTE
    made = propose(ids, extension(), now)
    preview = incidents.preview(session, made, now)
    assert (preview.plan.unmarks, preview.keys_seen) == (True, True)
    approve(ids, made, now)
    session.rollback()
    assert session.scalars(select(DbStanding)).all() == session.scalars(select(DbTally)).all() == []
    assert (row(session, early).score, makers.week(session).marked_at) == (None, None)
    session.rollback()
    makers.sit(ids["SNV2"], CLOSES + timedelta(hours=1), right=5)
    assert code_of(lambda: mark(CLOSES + timedelta(hours=2))) == "not_closed"
    assert marking.due_weeks(session, LATER) == []
    assert marking.due_weeks(session, LATER + MINUTE) == [makers.week(session).id]
    mark(LATER + MINUTE)
    session.rollback()
    ranked = session.execute(select(DbStanding.person_id, DbStanding.rank).order_by(DbStanding.rank)).all()
    assert [tuple(one) for one in ranked] == [(ids["SNV2"], 1), (ids["SNV1"], 2)]


@pytest.mark.parametrize(
    ("to", "now", "code"),
    [
        (CLOSES, CLOSES - MINUTE, "extension_too_short"),
        (CLOSES + MINUTE, CLOSES + MINUTE, "extension_too_short"),
        (makers.WEEK_2 + SECOND, CLOSES, "extension_too_long"),
        (None, CLOSES, "extension_too_short"),
        (makers.WEEK_2, CLOSES, ""),
        (CLOSES + MINUTE, CLOSES + 59 * SECOND, ""),
    ],
)
def test_the_new_end_lies_between_the_old_one_and_the_next_opening(
    session: Session, ids: dict[str, int], to: datetime, now: datetime, code: str
) -> None:
    if code:
        assert code_of(lambda: propose(ids, extension(to), now)) == code
    else:
        decide(ids, extension(to), now)
        assert makers.week(session).week.closes_at == to


def test_a_longer_week_is_for_everybody(session: Session, ids: dict[str, int]) -> None:
    made = propose(ids, extension(scope=Scope(agencies=frozenset({ids["SNV"]}))), CLOSES)
    assert incidents.get(session, made).whom.words == "tất cả"


# Another sitting


def test_attempts_set_aside_count_for_nothing_and_people_sit_again(session: Session, ids: dict[str, int]) -> None:
    done, open_ = makers.sit(ids["SNV1"], BEGAN, right=1), start(ids["SNV2"], BEGAN + 5 * MINUTE)
    untouched = makers.sit(ids["CT1"], ENDED)
    made = propose(ids, terms(Kind.RESIT))
    plan = incidents.preview(session, made, NOW).plan
    assert (plan.attempts, plan.people, plan.agencies, plan.sitting, plan.is_open) == (2, 2, 1, 1, True)
    approve(ids, made)
    assert [row(session, code).annulled_by for code in (done, open_, untouched)] == [made, made, None]
    assert row(session, done).handed_in_at == BEGAN + 3 * MINUTE
    assert (row(session, open_).handed_in_at, row(session, open_).ended_by) == (NOW, "incident")
    assert code_of(lambda: save(ids["SNV2"], open_, NOW + SECOND)) == "attempt_annulled"
    again = makers.sit(ids["SNV1"], NOW, right=5, attempt_code=makers.code(7))
    assert code_of(lambda: start(ids["SNV1"], NOW + timedelta(hours=1), 8)) == "already_sat"
    mark(CLOSES + MINUTE)
    session.rollback()
    assert set(session.scalars(select(DbStanding.attempt_code))) == {again, untouched}


def test_only_the_agencies_named_sit_again(session: Session, ids: dict[str, int]) -> None:
    ours, theirs = (makers.sit(ids[who], BEGAN) for who in ("SNV1", "CT1"))
    made = decide(ids, terms(Kind.RESIT, scope=Scope(agencies=frozenset({ids["CT"]}))))
    assert [row(session, code).annulled_by for code in (ours, theirs)] == [None, made]


def test_an_attempt_is_set_aside_once(session: Session, ids: dict[str, int]) -> None:
    code = makers.sit(ids["SNV1"], BEGAN)
    one, other = (propose(ids, terms(Kind.RESIT, number=number)) for number in ("1", "2"))
    approve(ids, one)
    assert code_of(lambda: approve(ids, other)) == "incident_touches_nobody"
    assert row(session, code).annulled_by == one


def test_a_resit_after_the_week_says_that_nobody_can_sit(session: Session, ids: dict[str, int]) -> None:
    makers.sit(ids["SNV1"], BEGAN)
    made = propose(ids, terms(Kind.RESIT), CLOSES + MINUTE)
    assert not incidents.preview(session, made, CLOSES + MINUTE).plan.is_open


# Named sets


def give_back(scope: Scope, **changed: object) -> Terms:
    """The time of the incident for a named set."""
    return terms(Kind.GIVE_BACK, scope=scope, **changed)


def test_people_named_get_time_beside_the_agencies_named(session: Session, ids: dict[str, int]) -> None:
    codes = {who: start(ids[who], BEGAN) for who in ("SNV1", "SNV2", "CT1", "CT2")}
    made = decide(ids, give_back(Scope(agencies=frozenset({ids["SNV"]}), people=frozenset({ids["CT1"], ids["SNV1"]}))))
    assert {who for who, code in codes.items() if row(session, code).returned_ms} == {"SNV1", "SNV2", "CT1"}
    incident = incidents.get(session, made)
    assert [person.staff_code for person in incident.whom.people] == ["CT1", "SNV1"]
    assert incident.whom.words == "Cơ quan SNV, CT1, SNV1"


def test_the_preview_says_exactly_whom_the_decision_touches(session: Session, ids: dict[str, int]) -> None:
    start(ids["CT1"], BEGAN)
    named = Scope(people=frozenset({ids["CT1"], ids["CT2"]}))
    preview = incidents.preview(session, propose(ids, give_back(named)), NOW)
    assert [(one.staff_code, one.agency) for one in preview.touched] == [("CT1", "Cơ quan CT")]


def test_a_division_narrows_the_set_to_its_own_papers(session: Session) -> None:
    makers.load_contest(makers.CONTEST + DIVISIONS)
    agency = makers.add_agency("SNV")
    people = {code: makers.add_person(code, agency, activated=False, division=code[:-1]) for code in ("cb1", "nd1")}
    people |= {code: makers.add_person(code, agency, roles=[Role.ORGANISER], activated=False) for code in ("T1", "T2")}
    codes = {who: start(people[who], BEGAN) for who in ("cb1", "nd1")}
    made = decide(people, give_back(Scope(agencies=frozenset({agency}), division="nd")))
    assert [row(session, codes[who]).returned_ms for who in ("cb1", "nd1")] == [0, 360_000]
    assert incidents.get(session, made).whom.division == "Người dân"
    decide(people, give_back(Scope(division="cb")))
    assert row(session, codes["cb1"]).returned_ms == 360_000


def test_nobody_gets_the_same_time_twice_however_the_sets_overlap(session: Session, ids: dict[str, int]) -> None:
    for who in ("SNV1", "CT1"):
        start(ids[who], BEGAN)
    decide(ids, give_back(Scope(people=frozenset({ids["SNV1"]}))))
    for scope in (Scope(), Scope(agencies=frozenset({ids["SNV"]})), Scope(people=frozenset({ids["SNV1"], ids["CT1"]}))):
        assert code_of(lambda scope=scope: propose(ids, give_back(scope))) == "time_given_twice"
    decide(ids, give_back(Scope(agencies=frozenset({ids["CT"]}))))


def test_the_terms_that_are_signed_hold_the_people_and_the_division(session: Session, ids: dict[str, int]) -> None:
    start(ids["CT1"], BEGAN)
    made = propose(ids, give_back(Scope(people=frozenset({ids["CT1"]}))))
    seen = incidents.preview(session, made, NOW).digest
    with transaction() as writing:
        writing.get_one(DbIncident, made).people = f"{ids['CT1']} {ids['CT2']}"
    assert code_of(lambda: approve(ids, made, seen=seen)) == "decision_changed"


# Those who ran out


def choose(ids: dict[str, int], made: int, now: datetime = NOW, by: str = "T1", chosen: bool = True) -> None:
    """Who ran out may sit again, or not."""
    with transaction(Actor(ids[by])) as session:
        incidents.choose_sit_again(session, made, chosen, Actor(ids[by]), now)


def test_one_decision_gives_time_and_lets_those_who_ran_out_sit_again(session: Session, ids: dict[str, int]) -> None:
    out, sitting = start(ids["SNV1"], BEGAN - 9 * MINUTE), start(ids["SNV2"], BEGAN)
    done = makers.sit(ids["CT1"], BEGAN - 2 * MINUTE, lasts=4 * MINUTE)
    made = propose(ids, terms(Kind.GIVE_BACK))
    choose(ids, made)
    plan = incidents.preview(session, made, NOW).plan
    assert (plan.attempts, plan.ran_out, plan.set_aside, plan.given) == (3, 1, 1, 2)
    assert plan.sits_again == {ids["SNV1"]}
    approve(ids, made)
    assert [row(session, code).annulled_by for code in (out, sitting, done)] == [made, None, None]
    assert [row(session, code).returned_ms for code in (out, sitting, done)] == [0, 360_000, 120_000]
    incident = incidents.get(session, made)
    assert (incident.attempts, incident.set_aside) == (3, 1)
    assert start(ids["SNV1"], NOW, 9) == makers.code(9)
    assert code_of(lambda: start(ids["CT1"], NOW, 8)) == "already_sat"


def test_a_longer_week_lets_those_sit_again_whom_the_incident_ended(session: Session, ids: dict[str, int]) -> None:
    began, ended, now = CLOSES - 30 * MINUTE, CLOSES - 8 * MINUTE, CLOSES + MINUTE
    during, cut = start(ids["SNV1"], began - MINUTE), start(ids["SNV2"], CLOSES - 9 * MINUTE)
    before, after = start(ids["CT1"], began - 10 * MINUTE), start(ids["CT2"], CLOSES - 4 * MINUTE)
    made = propose(ids, extension(began_at=began, ended_at=ended), now)
    assert incidents.preview(session, made, now).plan.ran_out == 2
    session.rollback()
    choose(ids, made, now)
    approve(ids, made, now)
    assert [row(session, code).annulled_by for code in (during, cut, before, after)] == [made, made, None, None]
    assert row(session, start(ids["SNV2"], now, 9)).deadline_at == now + 10 * MINUTE
    assert code_of(lambda: start(ids["CT2"], now, 8)) == "already_sat"


def test_who_can_still_go_on_is_not_set_aside(session: Session, ids: dict[str, int]) -> None:
    code, now = start(ids["SNV1"], CLOSES - 8 * MINUTE), CLOSES - MINUTE
    made = propose(ids, extension(ended_at=now), now)
    choose(ids, made, now)
    approve(ids, made, now)
    stored = row(session, code)
    assert (stored.annulled_by, stored.deadline_at) == (None, CLOSES + 2 * MINUTE)


def test_letting_people_sit_again_is_part_of_what_is_signed(session: Session, ids: dict[str, int]) -> None:
    code = start(ids["SNV1"], BEGAN - 9 * MINUTE)
    made = propose(ids, terms(Kind.GIVE_BACK))
    seen = incidents.preview(session, made, NOW).digest
    session.rollback()
    assert code_of(lambda: choose(ids, made, by="T2")) == "not_own_proposal"
    choose(ids, made)
    assert code_of(lambda: approve(ids, made, seen=seen)) == "decision_changed"
    choose(ids, made, chosen=False)
    approve(ids, made, seen=seen)
    assert row(session, code).annulled_by is None
    assert code_of(lambda: choose(ids, made)) == "decision_moved_on"
    changes = select(DbAuditEntry.facts).where(DbAuditEntry.act == "change_incident").order_by(DbAuditEntry.id)
    facts = session.scalars(changes)
    assert ["được thi lại" in json.loads(each)["kind"] for each in facts] == [True, False]


def test_nobody_sits_again_for_an_incident_that_goes_on(session: Session, ids: dict[str, int]) -> None:
    made = propose(ids, extension(), CLOSES - MINUTE)
    assert code_of(lambda: choose(ids, made, CLOSES - MINUTE)) == "incident_not_over"


def test_the_practice_round_is_extended_and_time_given_back_but_needs_no_resit(session: Session) -> None:
    practice = "practice: {opens: 2024-10-01 08:00, closes: 2024-10-04 17:00}\n"
    makers.load_contest(makers.CONTEST + practice)
    agency = makers.add_agency("SNV")
    people = {"SNV1": makers.add_person("SNV1", agency, activated=False)}
    people |= {code: makers.add_person(code, agency, roles=[Role.ORGANISER], activated=False) for code in ("T1", "T2")}
    closes = makers.week(session, 0).week.closes_at
    session.rollback()
    began, now = closes - 8 * MINUTE, closes - MINUTE
    with transaction() as writing:
        code = makers.start(writing, people["SNV1"], makers.week(writing, 0), began, makers.code(1))

    def propose_practice(kind: Kind, **changed: object) -> int:
        what = terms(kind, began_at=began, ended_at=began + 2 * MINUTE, **changed)
        with transaction(Actor(people["T1"])) as writing:
            return incidents.propose(writing, makers.week(writing, 0), what, Actor(people["T1"]), now)

    longer = propose_practice(Kind.EXTEND, extended_to=makers.WEEK_1)
    assert code_of(lambda: choose(people, longer, now)) == "practice_has_no_limit"
    assert code_of(lambda: propose_practice(Kind.RESIT)) == "practice_has_no_limit"
    too_long = {"extended_to": makers.WEEK_1 + SECOND}
    assert code_of(lambda: propose_practice(Kind.EXTEND, **too_long)) == "extension_too_long"
    approve(people, longer, now)
    approve(people, propose_practice(Kind.GIVE_BACK), now)
    assert row(session, code).deadline_at == began + 12 * MINUTE


# Two people, one effect


def test_nothing_has_an_effect_before_the_second_signature(session: Session, ids: dict[str, int]) -> None:
    code = start(ids["SNV1"], BEGAN)
    made = propose(ids, terms(Kind.GIVE_BACK))
    assert row(session, code).returned_ms == 0
    assert code_of(lambda: approve(ids, made, by="T1")) == "decision_needs_two"
    assert row(session, code).returned_ms == 0
    assert incidents.get(session, made).decision.state is State.PROPOSED


def test_a_decision_is_approved_or_withdrawn_once(session: Session, ids: dict[str, int]) -> None:
    code = start(ids["SNV1"], BEGAN)
    made, dropped = propose(ids, terms(Kind.GIVE_BACK)), propose(ids, terms(Kind.RESIT))
    with transaction(Actor(ids["T2"])) as writing:
        incidents.withdraw(writing, dropped, Actor(ids["T2"]), NOW)
    approve(ids, made)
    for each in (made, dropped):
        assert code_of(lambda each=each: approve(ids, each)) == "decision_moved_on"
    stored = row(session, code)
    assert (stored.returned_ms, stored.annulled_by) == (360_000, None)
    contest = contests.get_current(session)
    states = [(one.decision.id, one.decision.state) for one in incidents.listing(session, contest)]
    assert states == [(dropped, State.WITHDRAWN), (made, State.APPROVED)]
    assert [one.decision.id for one in incidents.approved(session, contest)] == [made]


def test_the_figures_bind_once_the_week_has_closed(session: Session, ids: dict[str, int]) -> None:
    start(ids["SNV1"], BEGAN)
    made = propose(ids, terms(Kind.GIVE_BACK))
    seen = incidents.preview(session, made, NOW).digest
    session.rollback()
    start(ids["SNV2"], BEGAN)
    assert incidents.preview(session, made, NOW).digest == seen
    closed = CLOSES + MINUTE
    shown = incidents.preview(session, made, closed).digest
    session.rollback()
    start(ids["CT1"], BEGAN)
    assert code_of(lambda: approve(ids, made, closed, seen=shown)) == "decision_changed"
    approve(ids, made, closed)
    assert incidents.get(session, made).attempts == 3


def test_the_terms_bind_in_an_open_week(session: Session, ids: dict[str, int]) -> None:
    code = start(ids["SNV1"], CLOSES - MINUTE)
    one, other = propose(ids, extension(LATER), CLOSES), propose(ids, extension(LATER + MINUTE), CLOSES)
    seen = incidents.preview(session, other, CLOSES).digest
    approve(ids, one, CLOSES)
    assert code_of(lambda: approve(ids, other, CLOSES, seen=seen)) == "decision_changed"
    assert row(session, code).deadline_at == CLOSES + 9 * MINUTE


def test_nothing_moves_once_results_are_published(session: Session, ids: dict[str, int]) -> None:
    code = makers.sit(ids["SNV1"], BEGAN)
    waiting = [propose(ids, terms(kind)) for kind in (Kind.GIVE_BACK, Kind.RESIT)]
    now = CLOSES + MINUTE
    waiting.append(propose(ids, extension(), now))
    mark(now)
    with transaction(Actor(ids["T1"])) as writing:
        week = makers.week(writing)
        seen = publishing.draft(writing, week, now).digest
        publishing.publish(writing, week, seen, "", Actor(ids["T1"]), now)
    session.rollback()
    before = session.scalars(select(DbStanding.attempt_code)).all()
    for made in waiting:
        assert code_of(lambda made=made: approve(ids, made, now)) == "already_published"
    for what in (terms(Kind.GIVE_BACK), terms(Kind.RESIT), extension()):
        assert code_of(lambda what=what: propose(ids, what, now)) == "already_published"
    stored = row(session, code)
    assert (stored.returned_ms, stored.annulled_by, stored.score) == (0, None, 5)
    assert session.scalars(select(DbStanding.attempt_code)).all() == before
    assert session.scalars(select(DbWeek.extended_to)).all() == [None, None]


@pytest.mark.parametrize(
    ("changed", "now", "code"),
    [
        ({"ended_at": BEGAN}, NOW, "incident_interval_wrong"),
        ({}, ENDED - SECOND, "incident_not_over"),
        ({}, makers.WEEK_1 - SECOND, "not_yet_open"),
        ({"began_at": makers.BEFORE, "ended_at": makers.WEEK_1}, NOW, "incident_outside_week"),
        ({"began_at": CLOSES, "ended_at": CLOSES + MINUTE}, LATER, "incident_outside_week"),
        ({"began_at": BEGAN - MINUTE, "ended_at": BEGAN}, NOW, "incident_touches_nobody"),
        ({"scope": Scope(agencies=frozenset({9999}))}, NOW, "agency_missing"),
        ({"number": ""}, NOW, "decision_number_missing"),
        ({"reason": " "}, NOW, "reason_missing"),
    ],
)
@pytest.mark.parametrize("kind", [Kind.GIVE_BACK, Kind.RESIT])
def test_proposals_that_cannot_be(
    session: Session, ids: dict[str, int], kind: Kind, changed: dict[str, object], now: datetime, code: str
) -> None:
    start(ids["SNV1"], BEGAN)
    assert code_of(lambda: propose(ids, terms(kind, **changed), now)) == code
    session.rollback()
    assert session.scalars(select(DbIncident)).all() == []


def test_every_step_is_on_record(session: Session, ids: dict[str, int]) -> None:
    start(ids["SNV1"], BEGAN)
    decide(ids, terms(Kind.GIVE_BACK, scope=Scope(agencies=frozenset({ids["SNV"]}))))
    dropped = propose(ids, extension(), CLOSES)
    with transaction(Actor(ids["T2"])) as writing:
        incidents.withdraw(writing, dropped, Actor(ids["T2"]), CLOSES)
    session.rollback()
    entries = session.scalars(select(DbAuditEntry).where(DbAuditEntry.act.like("%incident")).order_by(DbAuditEntry.id))
    facts = {
        "week": 1,
        "kind": "Trả lại thời gian bị mất",
        "began": "10 giờ 00 phút, thứ Hai ngày 07/10/2024",
        "ended": "10 giờ 06 phút, thứ Hai ngày 07/10/2024",
        "closes": "",
        "agencies": "Cơ quan SNV",
        "decision": "7/QĐ-BTC",
    }
    longer = {
        "kind": "Kéo dài thời gian mở",
        "began": "16 giờ 51 phút, thứ Sáu ngày 11/10/2024",
        "ended": "17 giờ 00 phút, thứ Sáu ngày 11/10/2024",
        "closes": "17 giờ 00 phút, thứ Bảy ngày 12/10/2024",
        "agencies": "tất cả",
    }
    assert [(entry.act, entry.actor_id, json.loads(entry.facts), entry.reason) for entry in entries] == [
        ("propose_incident", ids["T1"], facts, "Mất điện"),
        ("approve_incident", ids["T2"], facts | {"attempts": 1, "people": 1}, "Mất điện"),
        ("propose_incident", ids["T1"], facts | longer, "Mất điện"),
        ("withdraw_incident", ids["T2"], facts | longer, "Mất điện"),
    ]


def test_decisions_that_do_not_exist(session: Session, ids: dict[str, int]) -> None:
    for act in (incidents.get, lambda s, i: incidents.preview(s, i, NOW)):
        assert code_of(lambda act=act: act(session, 99)) == "decision_missing"
    assert code_of(lambda: approve(ids, 99, seen="x")) == "decision_missing"
