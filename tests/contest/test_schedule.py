"""A contest and its weeks: phases to the millisecond, names, local days, what is missing before opening."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from quiz.contest.attempt_rules import AttemptRules
from quiz.contest.schedule import BarredGroup, Contest, Division, Phase, Span, Week, problems_before_opening
from quiz.questions.bank import Bank, Level
from quiz.questions.paper import PaperRules, Quota
from quiz.scoring.counted import Counts
from quiz.scoring.participation import ParticipationRules
from quiz.scoring.tie_breaks import DEFAULT_CHAIN
from quiz.vietnamese import HANOI
from tests.makers import question

MS = timedelta(milliseconds=1)
OPENS_1 = datetime(2024, 10, 6, 17, 0, tzinfo=UTC)  # Monday 7 October, 0:00 in Hải Phòng
CLOSES_1 = datetime(2024, 10, 11, 17, 0, tzinfo=UTC)  # Friday 11 October, 24:00
OPENS_2, CLOSES_2 = OPENS_1 + timedelta(days=7), CLOSES_1 + timedelta(days=7)
WEEK_1 = Week(number=1, opens_at=OPENS_1, closes_at=CLOSES_1)
WEEK_2 = Week(number=2, opens_at=OPENS_2, closes_at=CLOSES_2)
CONTEST = Contest(
    slug="thu",
    title="Hội thi thử",
    organiser="Sở Nội vụ",
    plan="Kế hoạch số 1/KH-UBND",
    zone=HANOI,
    weeks=(WEEK_1, WEEK_2),
)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


# Phases, as strips of time: one letter for the millisecond before a boundary and one for the boundary itself

LETTERS = {Phase.TO_COME: "-", Phase.OPEN: "O", Phase.PAUSED: "p", Phase.CLOSED: "x"}


def strip(week: Week, *boundaries: datetime) -> str:
    return " ".join(LETTERS[week.phase_at(at - MS)] + LETTERS[week.phase_at(at)] for at in boundaries)


def office_week(*pauses: tuple[datetime, datetime]) -> Week:
    return replace(WEEK_1, pauses=tuple(Span(*pause) for pause in pauses))


DAWN, DUSK = OPENS_1 + 8 * HOUR, OPENS_1 + 17 * HOUR  # of Monday
NEXT_DAWN, NEXT_DUSK = DAWN + DAY, DUSK + DAY


@pytest.mark.parametrize(
    ("week", "boundaries", "phases"),
    [
        (WEEK_1, (OPENS_1, CLOSES_1), "-O Ox"),
        (office_week((DUSK, NEXT_DAWN)), (OPENS_1, DUSK, NEXT_DAWN, CLOSES_1), "-O Op pO Ox"),
        (
            office_week((DUSK, NEXT_DAWN), (NEXT_DUSK, NEXT_DUSK + HOUR)),
            (OPENS_1, DUSK, NEXT_DAWN, NEXT_DUSK, NEXT_DUSK + HOUR, CLOSES_1),
            "-O Op pO Op pO Ox",
        ),
        (office_week((OPENS_1, DAWN)), (OPENS_1, DAWN, CLOSES_1), "-- -O Ox"),
        (office_week((DUSK, CLOSES_1)), (OPENS_1, DUSK, CLOSES_1), "-O Ox xx"),
        (
            office_week((OPENS_1, DAWN), (DUSK, NEXT_DAWN), (NEXT_DUSK, CLOSES_1)),
            (OPENS_1, DAWN, DUSK, NEXT_DAWN, NEXT_DUSK, CLOSES_1),
            "-- -O Op pO Ox xx",
        ),
    ],
    ids=["no pause", "one night", "two pauses", "opens at dawn", "closes at dusk", "office hours"],
)
def test_phases_change_at_their_boundaries_to_the_millisecond(
    week: Week, boundaries: tuple[datetime, ...], phases: str
) -> None:
    assert strip(week, *boundaries) == phases
    assert (week.phase_at(OPENS_1 - 30 * DAY), week.phase_at(CLOSES_1 + 300 * DAY)) == (Phase.TO_COME, Phase.CLOSED)


OFFICE = office_week((OPENS_1, DAWN), (DUSK, NEXT_DAWN), (NEXT_DUSK, CLOSES_1))


@pytest.mark.parametrize(
    ("at", "shuts"),
    [(DAWN, DUSK), (DUSK - MS, DUSK), (DUSK, NEXT_DUSK), (NEXT_DAWN, NEXT_DUSK), (NEXT_DUSK - MS, NEXT_DUSK)],
)
def test_an_open_week_shuts_at_its_next_pause(at: datetime, shuts: datetime) -> None:
    assert OFFICE.shuts_at(at) == shuts


def test_a_week_that_will_not_open_again_shuts_no_later_than_it_closes() -> None:
    assert OFFICE.shuts_at(NEXT_DUSK) == OFFICE.shuts_at(CLOSES_1) == CLOSES_1


def test_a_week_without_pauses_shuts_when_it_closes() -> None:
    assert [WEEK_1.shuts_at(at) for at in (OPENS_1, DUSK, CLOSES_1 - MS)] == [CLOSES_1] * 3


@pytest.mark.parametrize(
    ("at", "opens"),
    [
        (OPENS_1 - DAY, DAWN),
        (DAWN - MS, DAWN),
        (DAWN, NEXT_DAWN),
        (DUSK, NEXT_DAWN),
        (NEXT_DAWN - MS, NEXT_DAWN),
        (NEXT_DAWN, None),
        (NEXT_DUSK, None),
        (CLOSES_1, None),
    ],
)
def test_the_next_opening_is_that_of_the_next_open_span(at: datetime, opens: datetime | None) -> None:
    assert OFFICE.next_opening(at) == opens


def test_an_extended_week_stays_open_from_its_last_pause_on() -> None:
    extended = replace(office_week((DUSK, NEXT_DAWN)), closes_at=CLOSES_1 + DAY)
    assert strip(extended, DUSK, NEXT_DAWN, CLOSES_1, CLOSES_1 + DAY) == "Op pO OO Ox"


def test_phase_does_not_turn_on_the_zone_of_now() -> None:
    local = (datetime(2024, 10, 6, 23, 59), datetime(2024, 10, 7, 0, 0), datetime(2024, 10, 12, 0, 0))  # noqa: DTZ001
    phases = [WEEK_1.phase_at(now.replace(tzinfo=HANOI)) for now in local]
    assert phases == [Phase.TO_COME, Phase.OPEN, Phase.CLOSED]


# Which round is on, which comes next: boundaries again with the millisecond before them

PRACTICE = Week(number=0, opens_at=OPENS_1 - 3 * DAY, closes_at=OPENS_1 - DAY)
WITH_PRACTICE = replace(CONTEST, practice=PRACTICE)


def under_way(contest: Contest, *boundaries: datetime) -> list[tuple[int | None, int | None]]:
    """The numbers of the current and the next round at each boundary and just before."""
    moments = [moment for at in boundaries for moment in (at - MS, at)]
    found = [(contest.current_week(now), contest.next_week(now)) for now in moments]
    return [(on and on.number, coming and coming.number) for on, coming in found]


def test_rounds_follow_each_other_with_gaps_between() -> None:
    assert under_way(CONTEST, OPENS_1, CLOSES_1, OPENS_2, CLOSES_2) == [
        *[(None, 1), (1, 2)],
        *[(1, 2), (None, 2)],
        *[(None, 2), (2, None)],
        *[(2, None), (None, None)],
    ]


def test_the_practice_round_is_a_round() -> None:
    assert under_way(WITH_PRACTICE, PRACTICE.opens_at, PRACTICE.closes_at) == [
        *[(None, 0), (0, 1)],
        *[(0, 1), (None, 1)],
    ]


def test_a_week_goes_before_a_practice_round_that_is_still_open() -> None:
    contest = replace(CONTEST, practice=replace(PRACTICE, closes_at=CLOSES_2))
    assert under_way(contest, OPENS_1, CLOSES_1) == [(0, 1), (1, 2), (1, 2), (0, 2)]


def test_a_practice_round_between_two_weeks_comes_when_it_comes() -> None:
    contest = replace(CONTEST, practice=replace(PRACTICE, opens_at=CLOSES_1, closes_at=OPENS_2))
    assert under_way(contest, OPENS_1, CLOSES_1, OPENS_2) == [(None, 1), (1, 0), (1, 0), (0, 2), (0, 2), (2, None)]


def test_weeks_without_a_gap_hand_over_at_one_moment() -> None:
    contest = replace(CONTEST, weeks=(WEEK_1, replace(WEEK_2, opens_at=CLOSES_1)))
    assert under_way(contest, CLOSES_1) == [(1, 2), (2, None)]


def test_a_paused_week_is_still_the_current_one() -> None:
    contest = replace(CONTEST, weeks=(office_week((DUSK, NEXT_DAWN)), WEEK_2))
    assert under_way(contest, DUSK, NEXT_DAWN) == [(1, 2)] * 4


@pytest.mark.parametrize(
    ("word", "names"),
    [("Tuần", ["Thi thử", "Tuần 1", "Tuần 2"]), ("Đợt", ["Thi thử", "Đợt 1", "Đợt 2"])],
)
def test_rounds_have_the_names_of_the_contest(word: str, names: list[str]) -> None:
    contest = replace(WITH_PRACTICE, round_word=word)
    assert [contest.name_of(week) for week in contest.rounds] == names


def test_practice_has_no_limits_of_attempts() -> None:
    attempts = AttemptRules(per_week=2, per_day=1, per_contest=3, counts=Counts.LAST, grace=timedelta(seconds=9))
    contest = replace(WITH_PRACTICE, attempts=attempts)
    assert contest.attempts_of(WEEK_1) == attempts
    assert contest.attempts_of(PRACTICE) == replace(attempts, per_week=None, per_day=None, per_contest=None)


@pytest.mark.parametrize(("number", "week"), [(0, PRACTICE), (1, WEEK_1), (2, WEEK_2), (3, None)])
def test_week_by_number(number: int, week: Week | None) -> None:
    assert WITH_PRACTICE.week(number) == week
    assert CONTEST.week(0) is None


@pytest.mark.parametrize(
    ("opens_at", "closes_at", "zone", "days"),
    [
        (OPENS_1, CLOSES_1, "Asia/Ho_Chi_Minh", (date(2024, 10, 7), date(2024, 10, 11))),
        (OPENS_1 - MS, CLOSES_1 + MS, "Asia/Ho_Chi_Minh", (date(2024, 10, 6), date(2024, 10, 12))),
        (OPENS_1, CLOSES_1 - MS, "Asia/Ho_Chi_Minh", (date(2024, 10, 7), date(2024, 10, 11))),
        (OPENS_1, OPENS_1 + timedelta(hours=1), "Asia/Ho_Chi_Minh", (date(2024, 10, 7), date(2024, 10, 7))),
        (OPENS_1, OPENS_1 + timedelta(days=1), "Asia/Ho_Chi_Minh", (date(2024, 10, 7), date(2024, 10, 7))),
        (OPENS_1, CLOSES_1, "UTC", (date(2024, 10, 6), date(2024, 10, 11))),
        (OPENS_1, CLOSES_1, "Asia/Tokyo", (date(2024, 10, 7), date(2024, 10, 12))),
    ],
)
def test_a_close_at_midnight_belongs_to_the_day_that_ends(
    opens_at: datetime, closes_at: datetime, zone: str, days: tuple[date, date]
) -> None:
    week = Week(number=1, opens_at=opens_at, closes_at=closes_at)
    assert replace(CONTEST, zone=ZoneInfo(zone)).local_days(week) == days


# Divisions and names

TWO_QUESTIONS = PaperRules(questions=2)
DIVIDED = replace(
    CONTEST,
    divisions=tuple(
        Division(code=code, name=name, paper=paper, chain=(), prizes=())
        for code, name, paper in (
            ("can-bo", "Cán bộ", TWO_QUESTIONS),
            ("nguoi-dan", "Người dân", TWO_QUESTIONS),
            ("hoc-sinh", "Học sinh", PaperRules(questions=3, bank="thpt")),
        )
    ),
)


def test_a_contest_without_divisions_is_one_division_without_a_name() -> None:
    (only,) = CONTEST.all_divisions
    assert (only.code, only.name, only.paper, only.chain) == ("", "", CONTEST.paper, CONTEST.chain)
    assert CONTEST.division("can-bo") == only


@pytest.mark.parametrize(
    ("code", "name"), [("hoc-sinh", "Học sinh"), ("can-bo", "Cán bộ"), ("", "Cán bộ"), ("x", "Cán bộ")]
)
def test_people_of_no_known_division_belong_to_the_first(code: str, name: str) -> None:
    assert DIVIDED.division(code).name == name


def test_a_paper_is_that_of_the_week_and_division_before_that_of_the_division() -> None:
    own = PaperRules(questions=9, bank="rieng")
    contest = replace(DIVIDED, papers={(2, "hoc-sinh"): own, (1, "can-bo"): own})
    papers = {code: [contest.paper_of(week, code) for week in contest.weeks] for code in ("can-bo", "hoc-sinh", "x")}
    school = DIVIDED.division("hoc-sinh").paper
    assert papers == {"can-bo": [own, TWO_QUESTIONS], "hoc-sinh": [school, own], "x": [own, TWO_QUESTIONS]}
    assert contest.banks == ("", "rieng", "thpt")
    assert DIVIDED.banks == ("", "thpt")


def test_names_for_headings_and_barred_groups() -> None:
    contest = replace(CONTEST, barred=(BarredGroup("btc", "Ban Tổ chức"), BarredGroup("bgk", "Ban Giám khảo")))
    assert (contest.heading, replace(contest, short_title="Hội thi ngắn").heading) == ("Hội thi thử", "Hội thi ngắn")
    assert [contest.barred_name(code) for code in ("bgk", "btc", "to-ra-de")] == [
        *("Ban Giám khảo", "Ban Tổ chức", "to-ra-de")
    ]


def test_a_silent_contest_file_means_the_usual_rules() -> None:
    assert (CONTEST.paper, CONTEST.attempts, CONTEST.chain) == (PaperRules(), AttemptRules(), DEFAULT_CHAIN)
    assert (CONTEST.participation, CONTEST.prizes, CONTEST.barred) == (ParticipationRules(), (), ())
    assert CONTEST.hotline == ""


# Before opening

FIVE_QUESTIONS = replace(CONTEST, paper=PaperRules(questions=5))


def bank(*last_days: date | None, topic: str = "mot-cua") -> Bank:
    """A bank with one question for each last day of validity."""
    questions = tuple(
        replace(question(f"T-{n:03d}", topic=topic), valid_until=last) for n, last in enumerate(last_days)
    )
    return Bank(title="", topics={"mot-cua": "Cơ chế một cửa"}, questions=questions, digest="")


def test_each_bank_that_is_not_loaded_is_named_once() -> None:
    named = {(2, ""): PaperRules(bank="tuan-2"), (1, ""): PaperRules(bank="tuan-1")}
    assert problems_before_opening(CONTEST, {}) == ("Chưa có bộ câu hỏi (lệnh flask bank load TỆP).",)
    assert problems_before_opening(CONTEST, {"": None}) == ("Chưa có bộ câu hỏi (lệnh flask bank load TỆP).",)
    assert problems_before_opening(replace(CONTEST, papers=named), {}) == (
        "Chưa có bộ câu hỏi “tuan-1” (lệnh flask bank load TỆP --name tuan-1).",
        "Chưa có bộ câu hỏi “tuan-2” (lệnh flask bank load TỆP --name tuan-2).",
    )


def test_every_paper_of_every_round_and_division_is_checked_against_its_bank() -> None:
    officials, citizens = (
        Division(code=code, name=name, paper=PaperRules(questions=questions, bank=code), chain=(), prizes=())
        for code, name, questions in (("can-bo", "Cán bộ", 3), ("nguoi-dan", "Người dân", 2))
    )
    contest = replace(
        WITH_PRACTICE,
        divisions=(officials, citizens),
        papers={(2, "can-bo"): PaperRules(questions=4), (0, "can-bo"): citizens.paper},
    )
    banks = {"": bank(*[None] * 2), "can-bo": bank(*[None] * 2), "nguoi-dan": bank(None)}
    assert problems_before_opening(contest, banks) == (
        "Thi thử: bộ câu hỏi “nguoi-dan” còn thiếu 1 câu.",
        "Tuần 1, Cán bộ: bộ câu hỏi “can-bo” còn thiếu 1 câu.",
        "Tuần 1, Người dân: bộ câu hỏi “nguoi-dan” còn thiếu 1 câu.",
        "Tuần 2, Cán bộ: bộ câu hỏi còn thiếu 2 câu.",
        "Tuần 2, Người dân: bộ câu hỏi “nguoi-dan” còn thiếu 1 câu.",
    )
    assert problems_before_opening(contest, {**banks, "can-bo": None}) == (
        "Chưa có bộ câu hỏi “can-bo” (lệnh flask bank load TỆP --name can-bo).",
        "Thi thử: bộ câu hỏi “nguoi-dan” còn thiếu 1 câu.",
        "Tuần 1, Người dân: bộ câu hỏi “nguoi-dan” còn thiếu 1 câu.",
        "Tuần 2, Cán bộ: bộ câu hỏi còn thiếu 2 câu.",
        "Tuần 2, Người dân: bộ câu hỏi “nguoi-dan” còn thiếu 1 câu.",
    )


def test_divisions_that_share_a_paper_are_named_together() -> None:
    contest = replace(DIVIDED, papers={(1, "hoc-sinh"): PaperRules(questions=9)}, weeks=(WEEK_1,))
    assert problems_before_opening(contest, {"": bank(), "thpt": bank(*[None] * 3)}) == (
        "Tuần 1, Cán bộ và Người dân: bộ câu hỏi còn thiếu 2 câu.",
        "Tuần 1, Học sinh: bộ câu hỏi còn thiếu 9 câu.",
    )


def test_questions_that_a_paper_does_not_admit_are_missing() -> None:
    paper = PaperRules(questions=2, topics=frozenset({"sipas"}))
    contest = replace(CONTEST, weeks=(WEEK_1,), paper=paper)
    assert problems_before_opening(contest, {"": bank(None, None)}) == ("Tuần 1: bộ câu hỏi còn thiếu 2 câu.",)


@pytest.mark.parametrize(
    ("last_days", "problems"),
    [
        ([None] * 5, ()),
        ([date(2024, 10, 18)] * 5, ()),
        ([*[None] * 4, date(2024, 10, 17)], ("Tuần 2: bộ câu hỏi còn thiếu 1 câu.",)),
        ([*[None] * 4, date(2024, 10, 11)], ("Tuần 2: bộ câu hỏi còn thiếu 1 câu.",)),
        (
            [*[None] * 3, date(2024, 10, 11), date(2024, 10, 10)],
            ("Tuần 1: bộ câu hỏi còn thiếu 1 câu.", "Tuần 2: bộ câu hỏi còn thiếu 2 câu."),
        ),
        ([], ("Tuần 1: bộ câu hỏi còn thiếu 5 câu.", "Tuần 2: bộ câu hỏi còn thiếu 5 câu.")),
    ],
)
def test_each_week_needs_questions_true_throughout_it(last_days: list[date | None], problems: tuple[str, ...]) -> None:
    assert problems_before_opening(FIVE_QUESTIONS, {"": bank(*last_days)}) == problems


@pytest.mark.parametrize(
    ("quota", "problem"),
    [
        (Quota(count=5, topic="mot-cua"), "Tuần 1: bộ câu hỏi còn thiếu 1 câu về Cơ chế một cửa."),
        (Quota(count=2, topic="sipas"), "Tuần 1: bộ câu hỏi còn thiếu 2 câu về sipas."),
        (Quota(count=3, level=Level.APPLY), "Tuần 1: bộ câu hỏi còn thiếu 3 câu mức vận dụng."),
        (
            Quota(count=1, topic="mot-cua", level=Level.UNDERSTAND),
            "Tuần 1: bộ câu hỏi còn thiếu 1 câu về Cơ chế một cửa mức thông hiểu.",
        ),
    ],
)
def test_what_is_missing_is_named_by_topic_and_level(quota: Quota, problem: str) -> None:
    contest = replace(CONTEST, weeks=(WEEK_1,), paper=PaperRules(questions=quota.count, quotas=(quota,)))
    assert problems_before_opening(contest, {"": bank(*[None] * 4)}) == (problem,)


def test_a_week_is_over_only_after_its_grace() -> None:
    week = CONTEST.weeks[0]
    last = week.closes_at + CONTEST.attempts.grace
    millisecond = timedelta(milliseconds=1)
    moments = (week.closes_at - millisecond, week.closes_at, last, last + millisecond)
    assert [CONTEST.is_over(week, moment) for moment in moments] == [False, False, False, True]


def test_the_next_change_is_the_next_boundary_of_any_round() -> None:
    contest = replace(CONTEST, weeks=(office_week((DUSK, NEXT_DAWN)), WEEK_2))
    boundaries = (OPENS_1, DUSK, NEXT_DAWN, CLOSES_1, OPENS_2, CLOSES_2)
    assert [contest.next_change(at - MS) for at in boundaries] == list(boundaries)
    assert [contest.next_change(at) for at in boundaries] == [*boundaries[1:], None]
