"""Contest files and banks on their way in, and what a week keeps from the moment at which it opens."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from quiz.errors import Refused
from quiz.models.audit import DbAuditEntry
from quiz.models.contests import DbBank, DbContest, DbHeadcount, DbWeek
from quiz.models.people import DbAgency, DbMembership, DbPerson
from quiz.questions.bank_file import parse_bank
from quiz.services import contest_files, contests, transaction
from quiz.services.contests import StoredWeek
from quiz.yaml_text import FaultyFile
from tests import makers

MS = timedelta(milliseconds=1)
MOVED = makers.CONTEST.replace(
    "opens: 2024-10-14 08:00, closes: 2024-10-18", "opens: 2024-10-21 08:00, closes: 2024-10-25"
)
SMALL, GOOD, BETTER = makers.bank_text(4), makers.bank_text(12), makers.bank_text(14, key="B")


def load(text: str = makers.CONTEST, now: datetime = makers.BEFORE, first_seed: int = 0) -> None:
    """Load a contest file as the console does, with seeds that tell when they were made."""
    numbers = iter(range(first_seed, first_seed + 100))
    with transaction(makers.CONSOLE) as session:
        contest_files.load_contest(
            session, text.encode(), makers.CONSOLE, now, lambda: f"seed {next(numbers)}".encode().ljust(32)
        )


def load_bank(text: str = GOOD, now: datetime = makers.BEFORE) -> tuple[str, ...]:
    """Load a bank as the console does."""
    with transaction(makers.CONSOLE) as session:
        return contest_files.load_bank(session, text.encode(), makers.CONSOLE, now)


def freeze(now: datetime) -> int:
    """Freeze as the job does."""
    with transaction() as session:
        return contests.freeze_due_weeks(session, now)


def weeks(session: Session) -> tuple[StoredWeek, ...]:
    """The weeks of the current contest as they are stored now."""
    session.rollback()
    return contests.weeks(session, contests.get_current(session))


def headcounts(session: Session, number: int = 1) -> dict[str, int]:
    """The denominators frozen for a week, by the agency's code."""
    session.rollback()
    rows = session.execute(
        select(DbAgency.code, DbHeadcount.headcount)
        .join(DbHeadcount, DbHeadcount.agency_id == DbAgency.id)
        .where(DbHeadcount.week_id == makers.week(session, number).id)
    )
    return {row.code: row.headcount for row in rows}


def digest(text: str) -> str:
    """The digest under which this bank is stored."""
    return parse_bank(text.encode()).digest


def refused(act: Callable[[], object]) -> Refused:
    """The refusal of an act that must be refused."""
    with pytest.raises(Refused) as caught:
        act()
    return caught.value


# Contest files


def test_an_empty_installation_has_no_contest(session: Session) -> None:
    assert contests.find_current(session) is None
    assert refused(lambda: contests.get_current(session)).code == "contest_missing"
    assert refused(load_bank).code == "contest_missing"


def test_a_contest_is_loaded_with_its_weeks_and_two_seeds_each(session: Session) -> None:
    load()
    assert [(week.week.number, week.week.opens_at, week.week.closes_at) for week in weeks(session)] == [
        (1, makers.WEEK_1, makers.WEEK_1_ENDS),
        (2, makers.WEEK_2, makers.WEEK_2_ENDS),
    ]
    seeds = [seed for week in weeks(session) for seed in (week.draw_seed, week.lot_seed)]
    assert [seed.decode().strip() for seed in seeds] == ["seed 0", "seed 1", "seed 2", "seed 3"]
    assert refused(lambda: makers.week(session, 3)).code == "week_missing"


def test_a_faulty_contest_file_loads_nothing(session: Session) -> None:
    load()
    with pytest.raises(FaultyFile):
        load(MOVED.replace("count: 1", "count: 0"))
    assert weeks(session)[1].week.opens_at == makers.WEEK_2
    assert session.scalar(select(func.count()).select_from(DbAuditEntry)) == 1


def test_a_week_to_come_can_be_moved_and_keeps_its_seeds(session: Session) -> None:
    load()
    before = weeks(session)
    load(MOVED, makers.WEEK_2 - MS, first_seed=50)
    after = weeks(session)
    assert [week.week.opens_at for week in after] == [makers.WEEK_1, makers.WEEK_2 + timedelta(days=7)]
    assert [(w.id, w.draw_seed, w.lot_seed) for w in after] == [(w.id, w.draw_seed, w.lot_seed) for w in before]


def test_a_week_that_has_opened_cannot_be_moved_or_left_out(session: Session) -> None:
    load()
    without_second = makers.CONTEST.replace("  - {number: 2, opens: 2024-10-14 08:00, closes: 2024-10-18 17:00}\n", "")
    longer = makers.CONTEST.replace("2024-10-18 17:00", "2024-10-18 17:01")
    for text in (MOVED, without_second, longer):
        refusal = refused(lambda text=text: load(text, makers.WEEK_2))
        assert (refusal.code, refusal.facts) == ("week_already_open", {"week": "Tuần 2"})
    assert [week.week.closes_at for week in weeks(session)] == [makers.WEEK_1_ENDS, makers.WEEK_2_ENDS]
    load(without_second, makers.WEEK_2 - MS)
    assert [week.week.number for week in weeks(session)] == [1]


def test_a_paper_cannot_be_changed_once_a_week_has_opened(session: Session) -> None:
    load()
    shorter = makers.CONTEST.replace("questions: 5", "questions: 4")
    refusal = refused(lambda: load(shorter, makers.WEEK_1))
    assert (refusal.code, refusal.facts) == ("rules_already_apply", {"week": "Tuần 1"})
    assert contests.get_current(session).rules.paper.questions == 5
    load(shorter, makers.WEEK_1 - MS)
    session.rollback()
    assert contests.get_current(session).rules.paper.questions == 4


@pytest.mark.parametrize(
    ("was", "would_be"),
    [
        ("Giải Ba, count: 3", "Giải Ba, count: 5"),
        ("{city: 70, central: 50}", "{city: 60, central: 50}"),
        ("paper:", "ranking: [score, lot]\npaper:"),
        ("paper:", "attempts: {per_week: 2, counts: best}\npaper:"),
    ],
)
def test_what_decides_cannot_be_changed_once_a_week_has_opened(session: Session, was: str, would_be: str) -> None:
    load()
    changed = makers.CONTEST.replace(was, would_be, 1)
    refusal = refused(lambda: load(changed, makers.WEEK_1))
    assert (refusal.code, refusal.facts) == ("rules_already_apply", {"week": "Tuần 1"})
    load(changed, makers.WEEK_1 - MS)


def test_words_can_be_changed_while_a_week_is_open(session: Session) -> None:
    load()
    load(makers.CONTEST.replace("Sở Nội vụ", "Sở Nội vụ thành phố"), makers.WEEK_1)
    session.rollback()
    assert contests.get_current(session).rules.organiser == "Sở Nội vụ thành phố"


def test_the_newest_contest_is_the_current_one_and_keeps_its_own_weeks(session: Session) -> None:
    load(makers.CONTEST.replace("thu-nghiem", "nam-truoc"))
    load(first_seed=10)
    load(makers.CONTEST.replace("thu-nghiem", "nam-truoc").replace("Sở Nội vụ", "Bộ Nội vụ"), first_seed=20)
    session.rollback()
    assert contests.get_current(session).rules.slug == "thu-nghiem"
    assert [week.draw_seed.strip() for week in weeks(session)] == [b"seed 10", b"seed 12"]
    assert session.scalar(select(func.count()).select_from(DbContest)) == 2
    assert session.scalar(select(func.count()).select_from(DbWeek)) == 4


# Banks


def test_a_bank_is_taken_by_weeks_that_have_not_opened_only(session: Session) -> None:
    load()
    load_bank(GOOD)
    load_bank(BETTER, makers.WEEK_1)
    load_bank(GOOD.replace("Giải thích", "Lời giải"), makers.WEEK_2 - MS)
    load_bank(BETTER.replace("Giải thích", "Lời giải"), makers.WEEK_2)
    taken = [week.banks for week in weeks(session)]
    assert taken == [{"": digest(GOOD)}, {"": digest(GOOD.replace("Giải thích", "Lời giải"))}]
    pools = [{q.explanation.partition(" của")[0] for q in contests.pool(session, week, "")} for week in weeks(session)]
    assert pools == [{"Giải thích"}, {"Lời giải"}]


def test_a_bank_loaded_twice_is_stored_once(session: Session) -> None:
    load()
    load_bank()
    load_bank(now=makers.BEFORE + MS)
    assert session.scalar(select(func.count()).select_from(DbBank)) == 1


def test_a_faulty_bank_loads_nothing(session: Session) -> None:
    load()
    with pytest.raises(FaultyFile):
        load_bank(GOOD.replace("key: A", "key: E", 1))
    assert session.scalar(select(func.count()).select_from(DbBank)) == 0
    assert refused(lambda: contests.pool(session, weeks(session)[0], "")).code == "no_bank"


def test_a_bank_too_small_is_named_as_a_problem_of_every_week(session: Session) -> None:
    load()
    assert contests.problems(session, contests.get_current(session)) == ("Chưa nạp bộ câu hỏi.",)
    told = load_bank(SMALL)
    assert told == contests.problems(session, contests.get_current(session))
    assert told == tuple(f"Tuần {number}: bộ câu hỏi còn thiếu 1 câu." for number in (1, 2))
    assert load_bank(GOOD) == ()


@pytest.mark.parametrize("first", [None, SMALL])
def test_a_week_that_opened_without_a_bank_for_its_papers_keeps_the_first_good_one(
    session: Session, first: str | None
) -> None:
    load()
    if first:
        load_bank(first)
    freeze(makers.WEEK_1)
    assert weeks(session)[0].banks == {}
    assert refused(lambda: contests.pool(session, weeks(session)[0], "")).code == "no_bank"
    for text in (SMALL, GOOD, BETTER):
        load_bank(text, makers.WEEK_1 + MS)
    assert [week.banks for week in weeks(session)] == [{"": digest(GOOD)}, {}]
    assert weeks(session)[0].frozen_at == makers.WEEK_1


# Denominators


@pytest.fixture
def agencies(session: Session) -> dict[str, int]:
    """H1 with three on the roster, H2 with two on the roster and ten declared, H3 of nobody; a contest with a bank."""
    makers.load_contest()
    made = {"H1": makers.add_agency("H1"), "H2": makers.add_agency("H2", headcount=10), "H3": makers.add_agency("H3")}
    for code, count in (("H1", 3), ("H2", 2)):
        for number in range(count):
            makers.add_person(f"{code}-{number}", made[code], activated=False)
    return made


def move(code: str, agency_id: int | None, now: datetime) -> None:
    """Move a person to another agency, or out of all, as a roster does."""
    with transaction() as session:
        person = session.scalars(select(DbPerson).where(DbPerson.staff_code == code)).one()
        held = session.scalars(
            select(DbMembership).where(DbMembership.person_id == person.id, DbMembership.until.is_(None))
        ).one()
        held.until = now
        if agency_id is None:
            person.left_at = now
        else:
            person.agency_id = agency_id
            session.add(DbMembership(person_id=person.id, agency_id=agency_id, since=now))


def test_denominators_are_the_roster_or_the_declared_total_if_that_is_more(
    session: Session, agencies: dict[str, int]
) -> None:
    with transaction() as writing:
        writing.get_one(DbAgency, agencies["H1"]).headcount = 2  # declared before one more was listed
    assert freeze(makers.WEEK_1) == 1
    assert headcounts(session) == {"H1": 3, "H2": 10, "H3": 0}
    assert headcounts(session, 2) == {}


def test_denominators_count_who_belonged_at_the_moment_of_opening(session: Session, agencies: dict[str, int]) -> None:
    move("H1-0", None, makers.WEEK_1 - MS)  # gone just before: not counted
    move("H1-1", None, makers.WEEK_1 + MS)  # gone just after: counted
    move("H1-2", agencies["H3"], makers.WEEK_1)  # moved at the very moment: counted where they are now
    makers.add_person("N1", agencies["H3"], now=makers.WEEK_1, activated=False)  # listed at the very moment: counted
    makers.add_person("N2", agencies["H3"], now=makers.WEEK_1 + MS, activated=False)  # listed just after: not counted
    freeze(makers.WEEK_1 + timedelta(hours=1))
    assert headcounts(session) == {"H1": 1, "H2": 10, "H3": 2}


def test_freezing_waits_for_the_opening_and_happens_once(session: Session, agencies: dict[str, int]) -> None:
    assert [freeze(now) for now in (makers.WEEK_1 - MS, makers.WEEK_1, makers.WEEK_1 + MS)] == [0, 1, 0]
    move("H1-0", None, makers.WEEK_1 + MS)
    makers.add_person("N1", agencies["H1"], now=makers.WEEK_1 + MS, activated=False)
    assert freeze(makers.WEEK_2_ENDS) == 1
    assert headcounts(session) == {"H1": 3, "H2": 10, "H3": 0}
    assert headcounts(session, 2) == {"H1": 3, "H2": 10, "H3": 0}
    assert [week.frozen_at for week in weeks(session)] == [makers.WEEK_1, makers.WEEK_2_ENDS]


def test_freezing_late_gives_the_denominators_of_the_opening(session: Session, agencies: dict[str, int]) -> None:
    move("H1-0", agencies["H3"], makers.WEEK_2 + MS)
    freeze(makers.WEEK_2_ENDS + timedelta(days=100))
    assert headcounts(session, 1) == headcounts(session, 2) == {"H1": 3, "H2": 10, "H3": 0}


# What is told about a week


def test_results_exist_only_after_the_week_and_its_grace(session: Session) -> None:
    makers.load_contest()
    week, last = makers.week(session), makers.WEEK_1_ENDS + timedelta(seconds=5)
    for now in (makers.BEFORE, makers.WEEK_1, makers.WEEK_1_ENDS - MS, makers.WEEK_1_ENDS, last):
        refusal = refused(lambda now=now: contests.check_closed(week, now))
        assert (refusal.code, refusal.facts["closes"]) == ("not_closed", "17 giờ 00 phút, thứ Sáu ngày 11/10/2024")
    contests.check_closed(week, last + MS)


def test_the_lot_is_committed_to_by_the_sha_256_of_its_seed(session: Session) -> None:
    load()
    # printf '%-32s' 'seed 1' | sha256sum
    assert weeks(session)[0].lot_commitment == "91910b4d90e2ddfa4ee36e6a87d903baba42f65134d6504b0ea54d4d8f8da18b"
