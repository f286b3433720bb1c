"""One sitting from start to receipt: one row per person, nothing lost, nothing late, nothing in anyone's favour."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from quiz.errors import Refused
from quiz.models.attempts import DbAttempt
from quiz.models.contests import DbBarred, DbContest, DbWeek
from quiz.models.people import DbAgency, DbPerson, DbRoleGrant
from quiz.permissions import BARRED_ROLES, Role
from quiz.services import attempts, contest_files, contests, transaction
from quiz.services.attempts import Attempt, Saved
from tests import makers
from tests.kept import kept

MS = timedelta(milliseconds=1)
ALLOWED = timedelta(minutes=10)
GRACE = timedelta(seconds=5)
START = makers.WEEK_1 + timedelta(hours=1)
DEADLINE = START + ALLOWED
LAST_MOMENT = DEADLINE + GRACE
BLANK = ("",) * 5
SHEET = ("A", "B", "", "CD", "D")
OTHER_SHEET = ("B", "B", "B", "B", "B")
THREE_TRIES = makers.CONTEST + "attempts: {per_week: 3, counts: best}\n"


@dataclass(frozen=True)
class People:
    """Whom the tests are about, and somebody else whose attempt is open at the same time with a sheet of its own."""

    hoa: int
    noise: int
    noise_code: str


@pytest.fixture
@kept
def people(session: Session) -> People:
    """Hoa, who sat in another contest and has not sat in this one; somebody else, who is sitting now."""
    agency = makers.add_agency()
    hoa, noise = makers.add_person("A1", agency, activated=False), makers.add_person("A2", agency, activated=False)
    add_last_year(hoa)
    makers.load_contest()
    noise_code = start(noise, START + timedelta(minutes=5), code="NOISENOISENOISE1")
    save(noise_code, noise, 1, OTHER_SHEET, START + timedelta(minutes=6))
    return People(hoa=hoa, noise=noise, noise_code=noise_code)


def add_last_year(person: int) -> None:
    """Another contest at the same time of the same person, who handed in there."""
    with transaction() as session:
        contest = DbContest(slug="nam-truoc", rules=b"", rules_digest="0", loaded_at=makers.BEFORE)
        session.add(contest)
        session.flush()
        week = DbWeek(
            contest_id=contest.id,
            number=1,
            opens_at=makers.WEEK_1,
            closes_at=makers.WEEK_1_ENDS,
            draw_seed=b"d",
            lot_seed=b"l",
            record_secret=b"r",
            frozen_at=makers.WEEK_1,
        )
        session.add(week)
        session.flush()
        session.add(
            DbAttempt(
                code="LASTYEARLASTYEAR",
                week_id=week.id,
                person_id=person,
                number=1,
                questions=5,
                started_at=START - timedelta(hours=1),
                deadline_at=START - timedelta(minutes=50),
                accept_until=START - timedelta(minutes=50),
                handed_in_at=START - timedelta(minutes=55),
                entry_id=person,
                registered_at=makers.BEFORE,
            )
        )


def others(count: int) -> list[int]:
    """So many more people, for tables in which each line needs somebody who has not sat."""
    with transaction() as session:
        agency = session.scalars(select(DbAgency.id)).first()
        assert agency is not None
        made = [
            DbPerson(staff_code=f"C{i}", name="Vũ An", name_key="", agency_id=agency, listed_at=makers.BEFORE)
            for i in range(count)
        ]
        session.add_all(made)
        session.flush()
        return [person.id for person in made]


@pytest.fixture
def sitting(people: People) -> str:
    """The code of an attempt that Hoa started at START."""
    return start(people.hoa)


def start(person: int, now: datetime = START, number: int = 1, code: str = "") -> str:
    """Start as the page does."""
    with transaction() as session:
        return makers.start(session, person, makers.week(session, number), now, code or makers.code(person))


def save(
    code: str, person: int, seq: int, answers: Sequence[str], now: datetime, prediction: int | None = None
) -> Saved:
    """Save as the page does."""
    with transaction() as session:
        return attempts.save(session, code, person, seq, answers, now, prediction)


def hand_in(
    code: str, person: int, seq: int, answers: Sequence[str] | None, now: datetime, prediction: int | None = None
) -> Attempt:
    """Hand in as the page does."""
    with transaction() as session:
        return attempts.hand_in(session, code, person, seq, answers, now, prediction)


def seen(session: Session, code: str, person: int) -> Attempt:
    """The attempt as its owner sees it now."""
    session.rollback()
    return attempts.get(session, code, person)


def refused(act: Callable[[], object]) -> Refused:
    """The refusal of an act that must be refused."""
    with pytest.raises(Refused) as caught:
        act()
    return caught.value


def outcome(act: Callable[[], object]) -> str:
    """'taken', or the code of the refusal."""
    try:
        act()
    except Refused as refusal:
        return refusal.code
    return "taken"


def rows(session: Session, person: int) -> int:
    """How many attempts the person has in any contest."""
    session.rollback()
    return session.scalar(select(func.count()).where(DbAttempt.person_id == person)) or 0


# Start


def test_start_stores_the_facts_of_the_attempt(session: Session, people: People) -> None:
    code = start(people.hoa, code="AAAABBBBCCCCDDDD")
    attempt = seen(session, code, people.hoa)
    assert attempt == Attempt(
        code="AAAABBBBCCCCDDDD",
        week_id=makers.week(session).id,
        number=1,
        questions=5,
        started_at=START,
        deadline_at=DEADLINE,
        accept_until=LAST_MOMENT,
        seq=0,
        answers=BLANK,
        saved_at=None,
        handed_in_at=None,
        ended_by=None,
        score=None,
    )


def test_deadline_is_the_time_allowed_or_the_closing_whichever_is_first(session: Session, people: People) -> None:
    expected = {ALLOWED + MS: ALLOWED, ALLOWED: ALLOWED, ALLOWED - MS: ALLOWED - MS, MS: MS}
    given = {}
    for person, before_closing in zip(others(len(expected)), expected, strict=True):
        now = makers.WEEK_1_ENDS - before_closing
        given[before_closing] = seen(session, start(person, now), person).deadline_at - now
    assert given == expected


def test_start_around_the_opening_and_the_closing_of_the_week(session: Session, people: People) -> None:
    expected = {
        makers.WEEK_1 - MS: "not_yet_open",
        makers.WEEK_1: "taken",
        makers.WEEK_1_ENDS - MS: "taken",
        makers.WEEK_1_ENDS: "closed",
        makers.WEEK_1_ENDS + MS: "closed",
    }
    starters = dict(zip(expected, others(len(expected)), strict=True))
    assert {now: outcome(lambda now=now: start(starters[now], now)) for now in expected} == expected
    assert {now: rows(session, starters[now]) for now in expected} == {
        now: int(what == "taken") for now, what in expected.items()
    }


def test_start_again_resumes_the_same_attempt_and_its_answers(session: Session, people: People, sitting: str) -> None:
    save(sitting, people.hoa, 4, SHEET, START + timedelta(minutes=1))
    on_the_phone = start(people.hoa, START + timedelta(minutes=2), code="PHONEPHONEPHONE1")
    assert on_the_phone == sitting
    attempt = seen(session, on_the_phone, people.hoa)
    assert (attempt.answers, attempt.seq, attempt.started_at, attempt.deadline_at) == (SHEET, 4, START, DEADLINE)


def test_start_until_the_deadline_resumes_and_then_is_refused(people: People, sitting: str) -> None:
    assert start(people.hoa, DEADLINE - MS, code="B" * 16) == sitting
    assert refused(lambda: start(people.hoa, DEADLINE, code="B" * 16)).code == "already_sat"
    assert refused(lambda: start(people.hoa, LAST_MOMENT + MS, code="B" * 16)).code == "already_sat"


def test_start_after_handing_in_is_refused(session: Session, people: People, sitting: str) -> None:
    hand_in(sitting, people.hoa, 1, SHEET, START + timedelta(minutes=2))
    refusal = refused(lambda: start(people.hoa, START + timedelta(minutes=3), code="B" * 16))
    assert (refusal.code, refusal.facts) == ("already_sat", {"week": "Tuần 1"})
    assert rows(session, people.hoa) == 2


def test_an_attempt_in_one_week_leaves_the_next_week_free(session: Session, people: People, sitting: str) -> None:
    hand_in(sitting, people.hoa, 1, SHEET, START + timedelta(minutes=2))
    start(people.hoa, makers.WEEK_2, number=2, code="B" * 16)
    assert rows(session, people.hoa) == 3


def test_three_tries_a_week_are_used_up_by_the_third(session: Session, people: People) -> None:
    with transaction(makers.CONSOLE) as writing:
        text = THREE_TRIES.replace("thu-nghiem", "ba-luot")
        contest_files.load_contest(writing, text.encode(), makers.CONSOLE, makers.BEFORE, makers.seeds())
        contest_files.load_bank(writing, makers.bank_text().encode(), makers.CONSOLE, makers.BEFORE)
    for number in range(1, 4):
        now = START + number * timedelta(minutes=20)
        code = start(people.hoa, now, code=makers.code(number))
        assert seen(session, code, people.hoa).number == number
        if number == 2:
            continue  # the second is left to run out
        hand_in(code, people.hoa, 1, SHEET, now + timedelta(minutes=1))
    refusal = refused(lambda: start(people.hoa, START + timedelta(hours=3), code=makers.code(4)))
    assert (refusal.code, refusal.facts) == ("attempts_used_up", {"week": "Tuần 1", "limit": 3})


def test_start_by_somebody_on_the_barred_list_is_refused_by_the_name_of_the_group(
    session: Session, people: People
) -> None:
    contest = makers.week(session).contest.id
    with transaction() as writing:
        writing.add(DbBarred(contest_id=contest, person_id=people.hoa, group_code="ban-to-chuc"))
    refusal = refused(lambda: start(people.hoa))
    assert (refusal.code, refusal.facts) == ("barred", {"role": "Thành viên Ban Tổ chức"})
    assert rows(session, people.hoa) == 1


def test_start_by_somebody_barred_from_another_contest_is_allowed(session: Session, people: People) -> None:
    with transaction() as writing:
        other = writing.scalars(select(DbWeek.contest_id).order_by(DbWeek.id)).first()
        writing.add(DbBarred(contest_id=other, person_id=people.hoa, group_code="ban-to-chuc"))
    start(people.hoa)
    assert rows(session, people.hoa) == 2


def test_start_is_for_participants_and_coordinators_not_for_those_who_see_more(people: People) -> None:
    starters = dict(zip(Role, others(len(Role)), strict=True))
    with transaction() as writing:
        writing.add_all(DbRoleGrant(person_id=person, role=role) for role, person in starters.items())
    assert {role: outcome(lambda role=role: start(starters[role])) for role in Role} == {
        role: "barred" if role in BARRED_ROLES else "taken" for role in Role
    }


def test_start_by_somebody_who_has_left_is_refused(people: People) -> None:
    with transaction() as writing:
        writing.get_one(DbPerson, people.hoa).left_at = START - timedelta(days=1)
    assert refused(lambda: start(people.hoa)).code == "left"


def test_start_without_a_bank_is_refused_and_stores_nothing(session: Session) -> None:
    person = makers.add_person("A1", makers.add_agency())
    with transaction(makers.CONSOLE) as writing:
        contest_files.load_contest(writing, makers.CONTEST.encode(), makers.CONSOLE, makers.BEFORE, makers.seeds())
    assert refused(lambda: start(person)).code == "no_bank"
    assert rows(session, person) == 0


def test_start_on_a_bank_too_small_for_a_paper_is_refused_and_stores_nothing(session: Session) -> None:
    person = makers.add_person("A1", makers.add_agency())
    makers.load_contest(bank_source=makers.bank_text(4))
    assert refused(lambda: start(person)).code == "no_bank"
    assert rows(session, person) == 0


def test_first_start_freezes_the_week_and_no_other(session: Session) -> None:
    person = makers.add_person("A1", makers.add_agency())
    makers.load_contest()
    start(person)
    session.rollback()
    first, second = makers.week(session, 1), makers.week(session, 2)
    assert (first.frozen_at, first.banks) == (START, {"": makers.bank().digest})
    assert (second.frozen_at, second.banks) == (None, {})


# Save


def test_save_stores_the_whole_sheet_and_tells_the_deadline(session: Session, people: People, sitting: str) -> None:
    now = START + timedelta(minutes=1)
    assert save(sitting, people.hoa, 1, SHEET, now) == Saved(seq=1, deadline_at=DEADLINE)
    attempt = seen(session, sitting, people.hoa)
    assert (attempt.answers, attempt.seq, attempt.saved_at, attempt.answered) == (SHEET, 1, now, 4)
    assert seen(session, people.noise_code, people.noise).answers == OTHER_SHEET


def test_save_puts_the_letters_of_an_answer_in_order(session: Session, people: People, sitting: str) -> None:
    save(sitting, people.hoa, 1, ["DCA", "", "", "", ""], START)
    assert seen(session, sitting, people.hoa).answers[0] == "ACD"
    assert save(sitting, people.hoa, 1, ["CAD", "", "", "", ""], START).seq == 1


def test_save_of_an_older_sheet_never_overwrites_a_newer_one(session: Session, people: People, sitting: str) -> None:
    save(sitting, people.hoa, 7, SHEET, START + timedelta(minutes=1))
    for older in (1, 6):
        late_message = lambda seq=older: save(sitting, people.hoa, seq, OTHER_SHEET, START + timedelta(minutes=2))  # noqa: E731
        assert refused(late_message).code == "older_sheet"
    attempt = seen(session, sitting, people.hoa)
    assert (attempt.answers, attempt.seq, attempt.saved_at) == (SHEET, 7, START + timedelta(minutes=1))


def test_save_sent_twice_is_acknowledged_twice_and_stored_once(session: Session, people: People, sitting: str) -> None:
    first = save(sitting, people.hoa, 3, SHEET, START + timedelta(minutes=1))
    again = save(sitting, people.hoa, 3, SHEET, START + timedelta(minutes=2))
    assert first == again == Saved(seq=3, deadline_at=DEADLINE)
    assert seen(session, sitting, people.hoa).saved_at == START + timedelta(minutes=1)


def test_save_of_another_sheet_under_the_same_number_is_refused(session: Session, people: People, sitting: str) -> None:
    save(sitting, people.hoa, 3, SHEET, START)
    assert refused(lambda: save(sitting, people.hoa, 3, OTHER_SHEET, START)).code == "older_sheet"
    assert seen(session, sitting, people.hoa).answers == SHEET


def test_the_attempt_of_somebody_else_is_missing_for_every_act(session: Session, people: People, sitting: str) -> None:
    before = seen(session, people.noise_code, people.noise)
    for code in (people.noise_code, "NOSUCHATTEMPT123"):
        acts: list[Callable[[], object]] = [
            lambda code=code: save(code, people.hoa, 9, SHEET, START + timedelta(minutes=7)),
            lambda code=code: hand_in(code, people.hoa, 9, SHEET, START + timedelta(minutes=7)),
            lambda code=code: hand_in(code, people.hoa, 9, None, START + timedelta(minutes=7)),
            lambda code=code: attempts.get(session, code, people.hoa),
        ]
        assert [refused(act).code for act in acts] == ["attempt_missing"] * 4
    assert seen(session, people.noise_code, people.noise) == before


def test_a_sheet_of_the_wrong_form_is_refused_and_changes_nothing(
    session: Session, people: People, sitting: str
) -> None:
    save(sitting, people.hoa, 1, SHEET, START)
    before = seen(session, sitting, people.hoa)
    letters = ("A", "B", "C", "D")
    wrong = [(), letters, (*letters, "A", "A"), *((*letters, last) for last in ("E", "a", "AA", "A ", None, ["A"], 1))]
    for sheet in wrong:
        for act in (save, hand_in):
            assert outcome(lambda act=act, sheet=sheet: act(sitting, people.hoa, 2, sheet, START + MS)) == "bad_sheet"
    assert seen(session, sitting, people.hoa) == before


def test_a_number_no_page_would_send_is_refused(session: Session, people: People, sitting: str) -> None:
    for seq in (-1, 2**31, 2**63, 10**30):
        for act in (save, hand_in):
            assert outcome(lambda act=act, seq=seq: act(sitting, people.hoa, seq, SHEET, START)) == "bad_sheet"
    assert seen(session, sitting, people.hoa).seq == 0
    assert save(sitting, people.hoa, 2**31 - 1, SHEET, START).seq == 2**31 - 1


def test_save_around_the_deadline(session: Session, people: People) -> None:
    expected = {
        DEADLINE - MS: ("taken", SHEET),
        DEADLINE: ("taken", SHEET),
        DEADLINE + MS: ("taken", SHEET),
        LAST_MOMENT - MS: ("taken", SHEET),
        LAST_MOMENT: ("taken", SHEET),
        LAST_MOMENT + MS: ("too_late", OTHER_SHEET),
        makers.WEEK_2: ("too_late", OTHER_SHEET),
    }
    found = {}
    for person, now in zip(others(len(expected)), expected, strict=True):
        code = start(person)
        save(code, person, 1, OTHER_SHEET, START)
        said = outcome(lambda code=code, person=person, now=now: save(code, person, 2, SHEET, now))
        found[now] = (said, seen(session, code, person).answers)
    assert found == expected


def test_save_too_late_says_when_the_time_was_over(people: People, sitting: str) -> None:
    refusal = refused(lambda: save(sitting, people.hoa, 1, SHEET, LAST_MOMENT + MS))
    assert refusal.facts == {"deadline": "9 giờ 10 phút, thứ Hai ngày 07/10/2024"}


def test_save_after_handing_in_is_refused(session: Session, people: People, sitting: str) -> None:
    hand_in(sitting, people.hoa, 1, SHEET, START + timedelta(minutes=1))
    refusal = refused(lambda: save(sitting, people.hoa, 2, OTHER_SHEET, START + timedelta(minutes=2)))
    assert (refusal.code, refusal.facts) == (
        "already_handed_in",
        {"handed_in": "9 giờ 01 phút, thứ Hai ngày 07/10/2024"},
    )
    assert seen(session, sitting, people.hoa).answers == SHEET


# Hand in


def test_hand_in_ends_the_attempt_with_the_sheet(session: Session, people: People, sitting: str) -> None:
    save(sitting, people.hoa, 1, OTHER_SHEET, START)
    now = START + timedelta(minutes=3, milliseconds=412)
    receipt = hand_in(sitting, people.hoa, 2, SHEET, now)
    assert (receipt.answers, receipt.seq, receipt.saved_at) == (SHEET, 2, now)
    assert (receipt.handed_in_at, receipt.ended_by, receipt.ended_at) == (now, "person", now)
    assert receipt.time_taken == timedelta(minutes=3, milliseconds=412)
    assert receipt == seen(session, sitting, people.hoa)
    assert seen(session, people.noise_code, people.noise).handed_in_at is None


def test_hand_in_twice_gives_the_same_receipt_whatever_is_sent(people: People, sitting: str) -> None:
    first = hand_in(sitting, people.hoa, 2, SHEET, START + timedelta(minutes=3))
    for seq, sheet in ((2, SHEET), (1, SHEET), (3, OTHER_SHEET), (2, OTHER_SHEET), (0, None), (9, ("A",))):
        for now in (START + timedelta(minutes=3), START + timedelta(minutes=4), LAST_MOMENT + MS, makers.WEEK_2):
            assert hand_in(sitting, people.hoa, seq, sheet, now) == first


def test_hand_in_from_an_older_tab_is_refused_and_the_attempt_goes_on(
    session: Session, people: People, sitting: str
) -> None:
    save(sitting, people.hoa, 5, SHEET, START)
    for seq in (4, 5):
        older = lambda seq=seq: hand_in(sitting, people.hoa, seq, OTHER_SHEET, START + MS)  # noqa: E731
        assert refused(older).code == "older_sheet"
    attempt = seen(session, sitting, people.hoa)
    assert (attempt.handed_in_at, attempt.answers) == (None, SHEET)


def test_hand_in_of_the_sheet_already_saved_ends_the_attempt(people: People, sitting: str) -> None:
    save(sitting, people.hoa, 5, SHEET, START)
    receipt = hand_in(sitting, people.hoa, 5, SHEET, START + timedelta(minutes=1))
    assert (receipt.ended_by, receipt.answers, receipt.seq) == ("person", SHEET, 5)


def test_hand_in_without_a_sheet_keeps_what_was_saved(people: People, sitting: str) -> None:
    save(sitting, people.hoa, 5, SHEET, START)
    receipt = hand_in(sitting, people.hoa, 0, None, START + timedelta(minutes=1))
    assert (receipt.answers, receipt.handed_in_at) == (SHEET, START + timedelta(minutes=1))


def test_hand_in_around_the_deadline_is_never_credited_beyond_it(people: People) -> None:
    expected = {
        START: (SHEET, timedelta(0), "person"),
        DEADLINE - MS: (SHEET, ALLOWED - MS, "person"),
        DEADLINE: (SHEET, ALLOWED, "person"),
        DEADLINE + MS: (SHEET, ALLOWED, "person"),
        LAST_MOMENT - MS: (SHEET, ALLOWED, "person"),
        LAST_MOMENT: (SHEET, ALLOWED, "person"),
        LAST_MOMENT + MS: (OTHER_SHEET, ALLOWED, "deadline"),
        makers.WEEK_2_ENDS: (OTHER_SHEET, ALLOWED, "deadline"),
    }
    found = {}
    for person, now in zip(others(len(expected)), expected, strict=True):
        code = start(person)
        save(code, person, 1, OTHER_SHEET, START)
        receipt = hand_in(code, person, 2, SHEET, now)
        found[now] = (receipt.answers, receipt.time_taken, receipt.ended_by)
        assert receipt.ended_at == min(now, DEADLINE)
    assert found == expected


def test_hand_in_at_the_last_moment_of_a_week_that_closes_first(people: People) -> None:
    begun = makers.WEEK_1_ENDS - timedelta(minutes=2)
    code = start(people.hoa, begun)
    receipt = hand_in(code, people.hoa, 1, SHEET, makers.WEEK_1_ENDS + GRACE)
    assert (receipt.answers, receipt.time_taken, receipt.ended_by) == (SHEET, timedelta(minutes=2), "person")


# The prediction


def test_a_prediction_is_part_of_the_sheet(session: Session, people: People, sitting: str) -> None:
    save(sitting, people.hoa, 1, SHEET, START, 412)
    assert seen(session, sitting, people.hoa).prediction == 412
    assert save(sitting, people.hoa, 1, SHEET, START + MS, 412).seq == 1
    for other in (413, None):
        assert refused(lambda other=other: save(sitting, people.hoa, 1, SHEET, START, other)).code == "older_sheet"
    save(sitting, people.hoa, 2, SHEET, START)
    assert seen(session, sitting, people.hoa).prediction is None
    assert seen(session, people.noise_code, people.noise).prediction is None


def test_a_prediction_is_handed_in_with_the_sheet_or_as_it_was_saved(people: People, sitting: str) -> None:
    save(sitting, people.hoa, 1, SHEET, START, 412)
    assert refused(lambda: hand_in(sitting, people.hoa, 1, SHEET, START, 413)).code == "older_sheet"
    receipt = hand_in(sitting, people.hoa, 2, SHEET, START + MS, 413)
    assert (receipt.prediction, receipt.seq) == (413, 2)
    assert hand_in(sitting, people.hoa, 3, SHEET, START + MS, 414) == receipt
    other = others(1)[0]
    code = start(other)
    save(code, other, 1, SHEET, START, 0)
    assert hand_in(code, other, 0, None, START + MS).prediction == 0


@pytest.mark.parametrize("prediction", [-1, 10**9, 2**70, True, 1.0, "12"])
def test_a_prediction_that_is_no_such_number_is_refused_and_changes_nothing(
    session: Session, people: People, sitting: str, prediction: int
) -> None:
    save(sitting, people.hoa, 1, SHEET, START, 999_999_999)
    before = seen(session, sitting, people.hoa)
    for act in (save, hand_in):
        refusal = refused(lambda act=act: act(sitting, people.hoa, 2, OTHER_SHEET, START, prediction))
        assert (refusal.code, refusal.facts) == ("bad_prediction", {"highest": "999.999.999"})
    assert seen(session, sitting, people.hoa) == before


# What the time decides


def test_a_deadline_that_was_moved_is_told_by_the_next_save(session: Session, people: People, sitting: str) -> None:
    with transaction() as writing:
        attempt = writing.get_one(DbAttempt, sitting)
        attempt.deadline_at, attempt.accept_until = DEADLINE + ALLOWED, LAST_MOMENT + ALLOWED
        attempt.returned_ms = 90_000
    assert save(sitting, people.hoa, 1, SHEET, LAST_MOMENT + MS).deadline_at == DEADLINE + ALLOWED
    receipt = hand_in(sitting, people.hoa, 2, SHEET, DEADLINE + timedelta(minutes=2))
    assert receipt.time_taken == ALLOWED + timedelta(seconds=30)
    with transaction() as writing:
        writing.get_one(DbAttempt, sitting).returned_ms = 10**9
    assert seen(session, sitting, people.hoa).time_taken == timedelta(0)


def test_overdue_attempts_end_at_their_own_deadline_whenever_the_job_runs(
    session: Session, people: People, sitting: str
) -> None:
    save(sitting, people.hoa, 1, SHEET, START + timedelta(minutes=9))
    for now, ended in ((LAST_MOMENT, 0), (LAST_MOMENT + MS, 1), (LAST_MOMENT + MS, 0)):
        with transaction() as writing:
            assert attempts.close_overdue(writing, now) == ended
    attempt = seen(session, sitting, people.hoa)
    assert (attempt.handed_in_at, attempt.ended_by, attempt.answers) == (DEADLINE, "deadline", SHEET)
    running = seen(session, people.noise_code, people.noise)
    assert (running.handed_in_at, running.ended_by) == (None, None)
    with transaction() as writing:
        assert attempts.close_overdue(writing, makers.WEEK_2) == 1
        assert attempts.close_overdue(writing, makers.WEEK_2) == 0
    assert seen(session, people.noise_code, people.noise).handed_in_at == START + timedelta(minutes=15)


def test_an_overdue_attempt_looks_the_same_before_and_after_the_job(
    session: Session, people: People, sitting: str
) -> None:
    save(sitting, people.hoa, 1, SHEET, START)
    for moment, over in ((LAST_MOMENT, False), (LAST_MOMENT + MS, True)):
        assert seen(session, sitting, people.hoa).is_over(moment) is over
    before = seen(session, sitting, people.hoa)
    with transaction() as writing:
        attempts.close_overdue(writing, makers.WEEK_1_ENDS)
    after = seen(session, sitting, people.hoa)
    facts = [(a.is_over(makers.WEEK_1_ENDS), a.ended_at, a.time_taken, a.answers) for a in (before, after)]
    assert facts == [(True, DEADLINE, ALLOWED, SHEET)] * 2


def test_the_paper_is_drawn_again_the_same_after_another_bank_was_loaded(
    session: Session, people: People, sitting: str
) -> None:
    def drawn(code: str, person: int) -> list[tuple[str, tuple[str, ...]]]:
        session.rollback()
        attempt = attempts.get(session, code, person)
        paper = attempts.paper_with_keys(session, attempt, contests.get_week_by_id(session, attempt.week_id))
        return [(item.question.id, item.letters) for item in paper.questions]

    first = drawn(sitting, people.hoa)
    assert len(first) == len(dict(first)) == 5
    with transaction(makers.CONSOLE) as writing:
        contest_files.load_bank(writing, makers.bank_text(30, key="B").encode(), makers.CONSOLE, START + MS)
    assert drawn(sitting, people.hoa) == first
    assert drawn(people.noise_code, people.noise) != first


def test_answers_are_hidden_until_the_week_and_its_grace_are_over(session: Session, people: People) -> None:
    week, ends = makers.week(session), makers.WEEK_1_ENDS
    moments = (makers.WEEK_1 - MS, START, ends, ends + GRACE, ends + GRACE + MS)
    said = [outcome(lambda now=now: attempts.check_answers_visible(week, now)) for now in moments]
    assert said == ["answers_hidden"] * 4 + ["taken"]
    refusal = refused(lambda: attempts.check_answers_visible(week, START))
    assert refusal.facts == {"week": "Tuần 1", "closes": "17 giờ 00 phút, thứ Sáu ngày 11/10/2024"}


def test_everything_that_a_person_sat_is_theirs_and_in_order(session: Session, people: People, sitting: str) -> None:
    hand_in(sitting, people.hoa, 1, SHEET, START + timedelta(minutes=1))
    second = start(people.hoa, makers.WEEK_2, number=2, code="AAAAAAAAAAAAAAAA")
    session.rollback()
    assert [attempt.code for attempt in attempts.of_person(session, people.hoa)] == [
        "LASTYEARLASTYEAR",
        sitting,
        second,
    ]
