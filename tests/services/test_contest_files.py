"""Contest files and banks on their way in: what may change, what stays, and which weeks take which bank."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from quiz.errors import Refused
from quiz.models.audit import DbAuditEntry
from quiz.models.contests import DbBank, DbContest, DbHeadcount, DbWeek
from quiz.questions.bank_file import parse_bank
from quiz.services import contest_files, contests, transaction
from quiz.services.contests import StoredWeek
from quiz.yaml_text import FaultyFile
from tests import makers

MS = timedelta(milliseconds=1)
MOVED = makers.CONTEST.replace(
    "opens: 2024-10-14 08:00, closes: 2024-10-18", "opens: 2024-10-21 08:00, closes: 2024-10-25"
)
HOURS = 'hours: {from: "07:30", until: "17:30"}\n'
PREDICTION = "prediction: {text: Bao nhiêu người?, target: people}\n"
COLLECTIVE = "collective: {order: [participation], blocks: [{name: Khối, prizes: [{name: Giải, count: 1}]}]}\n"
PRACTICE = "practice: {opens: 2024-09-23 08:00, closes: 2024-09-27 17:00, paper: {questions: 3, bank: thu}}\n"
PRACTICE_OPENS = datetime(2024, 9, 23, 1, 0, tzinfo=UTC)
DIVISIONS = """divisions:
  - {code: can-bo, name: Cán bộ, paper: {bank: cong-chuc}}
  - {code: nhan-dan, name: Nhân dân}
"""
SMALL, GOOD, BETTER = makers.bank_text(4), makers.bank_text(12), makers.bank_text(14, key="B")


def load(text: str = makers.CONTEST, now: datetime = makers.BEFORE, first_seed: int = 0) -> None:
    """Load a contest file as the console does, with seeds that tell when they were made."""
    numbers = iter(range(first_seed, first_seed + 100))
    with transaction(makers.CONSOLE) as session:
        contest_files.load_contest(
            session, text.encode(), makers.CONSOLE, now, lambda: f"seed {next(numbers)}".encode().ljust(32)
        )


def load_bank(text: str = GOOD, now: datetime = makers.BEFORE, name: str = "") -> tuple[str, ...]:
    """Load a bank as the console does."""
    with transaction(makers.CONSOLE) as session:
        return contest_files.load_bank(session, text.encode(), makers.CONSOLE, now, name)


def freeze(now: datetime) -> int:
    """Freeze as the job does."""
    with transaction() as session:
        return contests.freeze_due_weeks(session, now)


def weeks(session: Session) -> tuple[StoredWeek, ...]:
    """The weeks of the current contest as they are stored now."""
    session.rollback()
    return contests.weeks(session, contests.get_current(session))


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


def test_a_contest_is_loaded_with_its_weeks_and_three_secrets_each(session: Session) -> None:
    load()
    assert [(week.week.number, week.week.opens_at, week.week.closes_at) for week in weeks(session)] == [
        (1, makers.WEEK_1, makers.WEEK_1_ENDS),
        (2, makers.WEEK_2, makers.WEEK_2_ENDS),
    ]
    seeds = [seed for week in weeks(session) for seed in (week.draw_seed, week.lot_seed, week.record_secret)]
    assert [seed.decode().strip() for seed in seeds] == [f"seed {number}" for number in range(6)]
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


@pytest.mark.parametrize(("opens", "is_late_enough"), [("14 07:59", False), ("14 08:00", True), ("15 08:00", True)])
def test_a_week_cannot_be_moved_into_the_time_that_an_incident_gave_the_one_before(
    session: Session, opens: str, is_late_enough: bool
) -> None:
    load()
    with transaction() as writing:
        writing.get_one(DbWeek, weeks(writing)[0].id).extended_to = makers.WEEK_2
    moved = makers.CONTEST.replace("opens: 2024-10-14 08:00", f"opens: 2024-10-{opens}")
    if is_late_enough:
        load(moved, makers.WEEK_1_ENDS)
        return
    with pytest.raises(FaultyFile) as caught:
        load(moved, makers.WEEK_1_ENDS)
    assert str(caught.value) == (
        "dòng 8: Tuần 2 mở lúc 7 giờ 59 phút, thứ Hai ngày 14/10/2024, khi Tuần 1 còn mở đến 8 giờ 00 phút, thứ Hai "
        "ngày 14/10/2024 theo quyết định về sự cố; hãy ghi giờ mở từ lúc đó trở đi"
    )
    assert weeks(session)[1].week.opens_at == makers.WEEK_2


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
        ("paper:", "registration: open\npaper:"),
        ("paper:", f"{DIVISIONS}paper:"),
        ("paper:", f"{PREDICTION}ranking: [score, prediction, lot]\npaper:"),
        ("paper:", "one_prize: keep_best\npaper:"),
        ("paper:", "prize_needs: all_right\npaper:"),
        (
            "paper:",
            f"{COLLECTIVE}paper:",
        ),
        ("2024-10-18 17:00}", "2024-10-18 17:00, paper: {minutes: 9}}"),
        ("thresholds:", "children: apart\n  thresholds:"),
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
    assert [week.draw_seed.strip() for week in weeks(session)] == [b"seed 10", b"seed 13"]
    assert session.scalar(select(func.count()).select_from(DbContest)) == 2
    assert session.scalar(select(func.count()).select_from(DbWeek)) == 4


def test_the_same_rules_can_be_loaded_again_while_a_week_is_open(session: Session) -> None:
    text = makers.CONTEST + DIVISIONS + PREDICTION + "ranking: [score, {time_taken: millisecond}, prediction, lot]\n"
    load(text)
    load(text + "hotline: 0225 123 456\n", makers.WEEK_1)
    session.rollback()
    assert contests.get_current(session).rules.hotline == "0225 123 456"


def test_the_hours_of_a_week_that_has_opened_cannot_be_changed(session: Session) -> None:
    load(makers.CONTEST + HOURS)
    later = makers.CONTEST + HOURS.replace("17:30", "18:30")
    refusal = refused(lambda: load(later, makers.WEEK_1))
    assert (refusal.code, refusal.facts) == ("week_already_open", {"week": "Tuần 1"})
    load(later, makers.WEEK_1 - MS)


def test_the_practice_round_is_stored_and_is_none_of_the_weeks(session: Session) -> None:
    load(makers.CONTEST + PRACTICE)
    assert [week.week.number for week in weeks(session)] == [1, 2]
    rounds = contests.rounds(session, contests.get_current(session))
    assert [(one.week.number, one.name, one.week.opens_at) for one in rounds] == [
        (0, "Thi thử", PRACTICE_OPENS),
        (1, "Tuần 1", makers.WEEK_1),
        (2, "Tuần 2", makers.WEEK_2),
    ]
    assert makers.week(session, 0) == rounds[0]


def test_what_agencies_are_called_decides_nothing(session: Session) -> None:
    load()
    named = makers.CONTEST.replace("thresholds:", "kinds: {central: Cơ quan ngành dọc}\n  thresholds:", 1)
    load(named, makers.WEEK_1)
    session.rollback()
    assert "Cơ quan ngành dọc" in contests.get_current(session).rules.participation.kinds.values()


def test_an_open_practice_round_keeps_its_own_paper_and_nothing_else(session: Session) -> None:
    load(makers.CONTEST + PRACTICE)
    other_paper = makers.CONTEST + PRACTICE.replace("questions: 3", "questions: 4")
    refusal = refused(lambda: load(other_paper, PRACTICE_OPENS))
    assert (refusal.code, refusal.facts) == ("rules_already_apply", {"week": "Thi thử"})
    moved = makers.CONTEST + PRACTICE.replace("09-27", "09-28")
    refusal = refused(lambda: load(moved, PRACTICE_OPENS))
    assert (refusal.code, refusal.facts) == ("week_already_open", {"week": "Thi thử"})
    load(makers.CONTEST.replace("count: 3", "count: 5") + PRACTICE, PRACTICE_OPENS)
    load(other_paper.replace("count: 3", "count: 5"), PRACTICE_OPENS - MS)


# Banks


def test_a_bank_is_taken_by_weeks_that_have_not_opened_only(session: Session) -> None:
    load()
    load_bank(GOOD)
    load_bank(BETTER, makers.WEEK_1)
    load_bank(GOOD.replace("Giải thích", "Lời giải"), makers.WEEK_2 - MS)
    load_bank(BETTER.replace("Giải thích", "Lời giải"), makers.WEEK_2)
    taken = [week.banks for week in weeks(session)]
    assert taken == [{"": digest(GOOD)}, {"": digest(GOOD.replace("Giải thích", "Lời giải"))}]
    pools = [
        {q.explanation.partition(" của")[0] for q in contests.pool_with_keys(session, week, "")}
        for week in weeks(session)
    ]
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
    missing = "Chưa có bộ câu hỏi (lệnh flask bank load TỆP)."
    assert contests.problems(session, contests.get_current(session)) == (missing,)
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


@pytest.mark.parametrize(
    ("text", "names"), [(makers.CONTEST, "(bộ câu hỏi chính)"), (None, "(bộ câu hỏi chính), cong-chuc")]
)
def test_a_bank_that_no_paper_is_drawn_from_is_refused_with_the_names(
    session: Session, text: str | None, names: str
) -> None:
    load(text or makers.CONTEST + DIVISIONS)
    refusal = refused(lambda: load_bank(name="vien-chuc"))
    assert (refusal.code, refusal.facts) == ("bank_unknown", {"name": "vien-chuc", "names": names})
    assert session.scalar(select(func.count()).select_from(DbBank)) == 0


def test_each_division_draws_from_its_own_bank(session: Session) -> None:
    load(makers.CONTEST + DIVISIONS)
    assert load_bank(GOOD) == ("Chưa có bộ câu hỏi “cong-chuc” (lệnh flask bank load TỆP --name cong-chuc).",)
    assert load_bank(BETTER, name="cong-chuc") == ()
    freeze(makers.WEEK_1)
    week = weeks(session)[0]
    assert week.banks == {"": digest(GOOD), "cong-chuc": digest(BETTER)}
    assert [len(contests.pool(session, week, code)) for code in ("can-bo", "nhan-dan", "no such")] == [14, 12, 14]


def test_a_bank_is_frozen_only_where_all_papers_that_are_drawn_from_it_can_be_filled(session: Session) -> None:
    both = DIVISIONS.replace("{bank: cong-chuc}", "{questions: 13}")
    load(makers.CONTEST + both)
    load_bank(GOOD)
    freeze(makers.WEEK_1)
    assert weeks(session)[0].banks == {}
    load_bank(BETTER, makers.WEEK_1 + MS)
    assert weeks(session)[0].banks == {"": digest(BETTER)}


def test_a_week_that_opened_with_one_of_its_banks_takes_the_other_later(session: Session) -> None:
    load(makers.CONTEST + DIVISIONS)
    load_bank(GOOD)
    freeze(makers.WEEK_1)
    assert refused(lambda: contests.pool(session, weeks(session)[0], "can-bo")).facts == {"week": "Tuần 1"}
    load_bank(BETTER, makers.WEEK_1 + MS)
    load_bank(BETTER, makers.WEEK_1 + MS, "cong-chuc")
    load_bank(GOOD, makers.WEEK_1 + 2 * MS, "cong-chuc")
    assert weeks(session)[0].banks == {"": digest(GOOD), "cong-chuc": digest(BETTER)}
    assert weeks(session)[1].banks == {}


def test_the_practice_round_freezes_its_bank_and_no_denominators(session: Session) -> None:
    makers.add_agency()
    load(makers.CONTEST + PRACTICE)
    load_bank(SMALL, name="thu")
    assert freeze(PRACTICE_OPENS) == 1
    session.rollback()
    assert makers.week(session, 0).banks == {"thu": digest(SMALL)}
    assert session.scalar(select(func.count()).select_from(DbHeadcount)) == 0
