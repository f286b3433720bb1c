"""The contest file: what is read, in which zone, and that every fault is named once, at its line."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from pathlib import Path

import pytest

from quiz.contest.appeal_rules import AppealRules
from quiz.contest.attempt_rules import AttemptRules, Counts
from quiz.contest.schedule import BarredGroup, Contest, Registration, Span
from quiz.contest.schedule_files import parse_contest
from quiz.questions.bank import Level
from quiz.questions.paper import PaperRules, Quota
from quiz.scoring.chains import chain_of
from quiz.scoring.collective import Block, Collective, Measure
from quiz.scoring.participation import AgencyKind, Basis, Children, Group, ParticipationRules, Tier
from quiz.scoring.prediction import EqualDistance, Prediction, Scope, Target, Whose
from quiz.scoring.prizes import Needs, OnePrize, Per, Prize
from quiz.scoring.tie_breaks import DEFAULT_CHAIN
from quiz.vietnamese import HANOI
from quiz.yaml_text import FaultyFile
from tests.contest.whole_file import WHOLE, changed

HAI_PHONG = Path(__file__).parents[2] / "schedules" / "hai-phong-2024.yaml"

SHORT = """\
contest: thu
title: Hội thi thử
organiser: Sở Nội vụ
plan: Kế hoạch số 1/KH-UBND
weeks:
  - {number: 1, opens: 2024-10-07 08:00, closes: 2024-10-11 17:30}
"""

FULL = """\
contest: thu-2024
title: Hội thi thử
organiser: Sở Nội vụ
plan: Kế hoạch số 1/KH-UBND
timezone: Asia/Ho_Chi_Minh
registration: roster
hotline: "0225 3821 000"
weeks:
  - number: 1
    opens: 2024-10-07 00:00
    closes: 2024-10-11 24:00
  - number: 2
    opens: 2024-10-14 07:30:15
    closes: 2024-10-18 17:00
  - number: 3
    opens: 2024-10-21 00:00
    closes: 2024-10-25 24:00
paper:
  questions: 10
  minutes: 15
  quotas:
    - {topic: mot-cua, count: 4}
    - {level: 3, count: 2}
    - {topic: sipas, level: 1, count: 1}
  shuffle_questions: false
  shuffle_options: true
attempts: {per_week: 3, counts: best, grace_seconds: 10}
ranking: [score, hand_in_moment, lot]
prizes:
  - {name: Giải Nhất, count: 1, amount: 3000000}
  - {name: Giải Nhì, count: 2}
participation:
  basis: week
  thresholds: {city: 66.5, central: 50}
barred:
  - {code: ban-to-chuc, name: Thành viên Ban Tổ chức}
  - {code: to-thu-ky, name: Thành viên Tổ Thư ký}
"""


def faults_of(*changes: tuple[str, str], text: str = FULL) -> list[str]:
    """The faults of the full file with these changes, [] where it is sound."""
    for old, new in changes:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    try:
        parse_contest(text.encode())
    except FaultyFile as faulty:
        return [str(fault) for fault in faulty.faults]
    return []


def local(day: int, hour: int, minute: int = 0) -> datetime:
    """A time of October 2024 in Hải Phòng."""
    return (datetime(2024, 10, day, tzinfo=HANOI) + timedelta(hours=hour, minutes=minute)).astimezone(UTC)


def thresholds_of(contest: Contest) -> list[Fraction]:
    """The thresholds of city and central agencies."""
    return [contest.participation.threshold(kind, 10) for kind in (AgencyKind.CITY, AgencyKind.CENTRAL)]


def test_reads_every_field() -> None:
    contest = parse_contest(FULL.encode())
    assert (contest.slug, contest.title, contest.organiser) == ("thu-2024", "Hội thi thử", "Sở Nội vụ")
    assert (contest.plan, contest.hotline) == ("Kế hoạch số 1/KH-UBND", "0225 3821 000")
    assert contest.paper == PaperRules(
        questions=10,
        time_allowed=timedelta(minutes=15),
        quotas=(
            Quota(topic="mot-cua", count=4),
            Quota(level=Level.APPLY, count=2),
            Quota(topic="sipas", level=Level.RECALL, count=1),
        ),
        shuffle_questions=False,
        shuffle_options=True,
    )
    assert contest.attempts == AttemptRules(per_week=3, counts=Counts.BEST, grace=timedelta(seconds=10))
    assert [step.name for step in contest.chain] == ["score", "hand_in_moment", "lot"]
    assert contest.prizes == (Prize("Giải Nhất", 1, 3000000), Prize("Giải Nhì", 2))
    assert contest.participation.basis is Basis.WEEK
    assert thresholds_of(contest) == [Fraction(133, 200), Fraction(1, 2)]
    assert contest.barred[1] == BarredGroup("to-thu-ky", "Thành viên Tổ Thư ký")


def test_reads_times_and_hours() -> None:
    contest = parse_contest(WHOLE.encode())
    assert (contest.round_word, contest.registration, contest.short_title) == ("Đợt", Registration.OPEN, "Hội thi")
    practice, first, second = contest.rounds
    assert (practice.number, first.number, second.number) == (0, 1, 2)
    assert first.pauses == (  # nights, and the 9th
        Span(local(7, 17, 30), local(8, 7, 30)),
        Span(local(8, 17, 30), local(10, 7, 30)),
        Span(local(10, 17, 30), local(11, 7, 30)),
    )
    assert second.pauses[:2] == (Span(local(14, 22), local(15, 6)), Span(local(15, 22), local(16, 6)))
    assert (len(second.pauses), second.pauses[-1]) == (7, Span(local(20, 22), local(20, 24)))
    assert (practice.opens_at, practice.pauses[0]) == (local(1, 8), Span(local(1, 17, 30), local(2, 7, 30)))
    assert (contest.attempts.per_week, contest.attempts.per_day, contest.attempts.per_contest) == (4, 2, 6)
    assert (contest.attempts.counts, contest.attempts.grace) == (Counts.LAST, timedelta(seconds=10))


def test_a_paper_is_the_contests_but_for_what_division_and_round_say() -> None:
    contest = parse_contest(WHOLE.encode())
    practice, first, second = contest.rounds
    paper = PaperRules(
        questions=10,
        time_allowed=timedelta(minutes=20),
        quotas=(Quota(topic="mot-cua", level=Level.RECALL, count=2, points=3), Quota(topic="sipas", count=4)),
        shuffle_questions=False,
        shuffle_options=False,
        points=2,
        several_keys=False,
        needs_all_answers=True,
        avoid_seen=True,
    )
    assert contest.paper == contest.division("nguoi-dan").paper == contest.paper_of(second, "nguoi-dan") == paper
    officials = replace(paper, time_allowed=timedelta(minutes=10))
    assert contest.division("can-bo").paper == contest.paper_of(second, "can-bo") == officials
    of_first = replace(paper, topics=frozenset({"mot-cua", "sipas"}), bank="dot-1")
    assert contest.paper_of(first, "nguoi-dan") == of_first
    assert contest.paper_of(first, "can-bo") == replace(of_first, time_allowed=timedelta(minutes=15))
    assert contest.paper_of(practice, "can-bo") == replace(officials, questions=5, quotas=())
    assert set(contest.papers) == {(round_, code) for round_ in (0, 1) for code in ("can-bo", "nguoi-dan")}
    assert contest.banks == ("", "dot-1")


def test_a_paper_repeated_for_one_week_is_no_other_paper() -> None:
    text = changed(("paper: {topics: [mot-cua, sipas], bank: dot-1}", "paper: {questions: 10}"))
    assert (1, "nguoi-dan") not in parse_contest(text.encode()).papers


def test_papers_of_single_weeks_need_no_divisions() -> None:
    week = "closes: 2024-10-11 24:00\n"
    contest = parse_contest(FULL.replace(week, week + "    paper: {bank: tuan-1, minutes: 9}\n").encode())
    second = contest.weeks[1]
    assert contest.papers == {(1, ""): replace(contest.paper, bank="tuan-1", time_allowed=timedelta(minutes=9))}
    assert contest.paper_of(second, "") == contest.paper


def test_reads_rankings_and_the_prediction() -> None:
    contest = parse_contest(WHOLE.encode())
    assert contest.prediction == Prediction(
        text="Bao nhiêu người dự thi?",
        target=Target.PEOPLE_ALL_RIGHT,
        scope=Scope.DIVISION,
        equal_distance=EqualDistance.BELOW_FIRST,
        whose=Whose.LAST,
    )
    steps = (
        ("score", None), ("prediction", None), ("time_taken", "millisecond"), ("hand_in_moment", "second"),
        ("fewer_attempts", None), ("earlier_registration", None), ("full_marks", None), ("lot", None),
    )  # fmt: skip
    chain = chain_of(steps, contest.prediction, contest.lot_event)
    assert contest.chain == contest.division("nguoi-dan").chain == chain
    assert [step.name for step in contest.division("can-bo").chain] == ["all_right", "time_taken"]
    assert [(one.code, one.name) for one in contest.divisions] == [("can-bo", "Cán bộ"), ("nguoi-dan", "Người dân")]


def test_reads_prizes_and_participation() -> None:
    contest = parse_contest(WHOLE.encode())
    prizes = (Prize("Giải Nhất", 1, 3000000), Prize("Giải Nhì", 2), Prize("Giải toàn cuộc", 1, None, Per.CONTEST))
    assert contest.prizes == contest.division("nguoi-dan").prizes == prizes
    assert contest.division("can-bo").prizes == ()
    assert (contest.one_prize, contest.prize_needs) == (OnePrize.KEEP_BEST, Needs.ALL_RIGHT)
    assert contest.participation == ParticipationRules(
        tiers={
            AgencyKind.CITY: (Tier(Fraction(133, 200)),),
            AgencyKind.CENTRAL: (Tier(Fraction(3, 10), 50), Tier(Fraction(1, 4), 100), Tier(Fraction(1, 5))),
        },
        basis=Basis.WEEK,
        children=Children.APART,
        groups=(
            Group(code="lanh-dao", name="Lãnh đạo cơ quan", least=1),
            Group(code="mot-cua", name="Công chức một cửa", share=Fraction(1)),
        ),
        kinds={AgencyKind.CITY: "Cơ quan, đơn vị thuộc tỉnh", AgencyKind.CENTRAL: "Cơ quan ngành dọc"},
    )


def test_a_kind_of_agency_without_a_name_of_its_own_has_the_usual_one() -> None:
    text = changed(("    city: Cơ quan, đơn vị thuộc tỉnh\n", ""))
    assert parse_contest(text.encode()).participation.kinds == {
        AgencyKind.CITY: "Cơ quan, đơn vị thuộc thành phố",
        AgencyKind.CENTRAL: "Cơ quan ngành dọc",
    }


def test_reads_collective_awards() -> None:
    first, second = Prize("Giải Nhất khối", 1, 5000000, Per.CONTEST), Prize("Giải Nhì khối", 2, None, Per.CONTEST)
    other = Prize("Giải Nhất khối", 1, None, Per.CONTEST)
    collective = Collective(
        weights={
            Measure.PARTICIPATION: Fraction(3, 5),
            Measure.AVERAGE_SCORE: Fraction(3, 10),
            Measure.PRIZES: Fraction(1, 10),
        },
        prize_points={"Giải Nhất": 10, "Giải Nhì": 8},
        least_participation=Fraction(1, 2),
        needs_groups=True,
        needs_prize=True,
        blocks=(
            Block(name="Khối sở ngành", kinds=frozenset({AgencyKind.CITY}), prizes=(first, second)),
            Block(name="Khối cơ sở", agencies=frozenset({"AD", "HB"}), prizes=(other,)),
        ),
    )
    assert parse_contest(WHOLE.encode()).collective == collective
    weights = "weights: {participation: 60, average_score: 30, prizes: 10}"
    ordered = parse_contest(changed((weights, "order: [prizes, entries]")).encode()).collective
    assert ordered == replace(collective, weights=None, order=(Measure.PRIZES, Measure.ENTRIES))


def test_collective_awards_ask_for_nothing_that_the_file_does_not_say() -> None:
    written = "collective: {order: [entries], blocks: [{name: Sở ngành, prizes: [{name: Giải Nhất, count: 1}]}]}\n"
    prizes = (Prize("Giải Nhất", 1, None, Per.CONTEST),)
    assert parse_contest((SHORT + written).encode()).collective == Collective(
        blocks=(Block(name="Sở ngành", prizes=prizes),), order=(Measure.ENTRIES,)
    )


@pytest.mark.parametrize(
    ("written", "limits"),
    [
        ("{grace_seconds: 0}", (1, None, None)),
        ("{per_day: 1, counts: best}", (None, 1, None)),
        ("{per_contest: 3, counts: best}", (None, None, 3)),
        ("{per_contest: none}", (1, None, None)),
        ("{per_week: 1, per_contest: 3}", (1, None, 3)),
        ("{per_week: none, counts: best}", (None, None, None)),
    ],
)
def test_one_attempt_a_week_unless_other_limits_are_given(written: str, limits: tuple[int | None, ...]) -> None:
    rules = parse_contest((SHORT + f"attempts: {written}\n").encode()).attempts
    assert (rules.per_week, rules.per_day, rules.per_contest) == limits


def test_times_are_local_in_the_file_and_utc_in_the_weeks() -> None:
    first, second, _ = parse_contest(FULL.encode()).weeks
    assert first.opens_at == datetime(2024, 10, 6, 17, 0, tzinfo=UTC)
    assert first.closes_at == datetime(2024, 10, 11, 17, 0, tzinfo=UTC)
    assert second.opens_at == datetime(2024, 10, 14, 0, 30, 15, tzinfo=UTC)
    assert {first.opens_at.tzinfo, second.closes_at.tzinfo} == {UTC}
    contest = parse_contest(FULL.replace("Asia/Ho_Chi_Minh", "UTC").encode())
    assert contest.weeks[0].opens_at == datetime(2024, 10, 7, tzinfo=UTC)


def test_the_end_of_a_day_belongs_to_that_day() -> None:
    contest = parse_contest(FULL.encode())
    assert contest.local_days(contest.weeks[0]) == (date(2024, 10, 7), date(2024, 10, 11))


def test_what_the_file_does_not_say_is_as_the_rules_have_it() -> None:
    contest = parse_contest(SHORT.encode())
    bare = Contest(slug="", title="", organiser="", plan="", zone=contest.zone, weeks=())
    assert contest.zone.key == "Asia/Ho_Chi_Minh"
    assert (contest.paper, contest.attempts) == (PaperRules(), AttemptRules())
    assert (contest.chain, contest.participation) == (DEFAULT_CHAIN, ParticipationRules())
    assert (contest.prizes, contest.barred, contest.hotline) == (bare.prizes, bare.barred, bare.hotline)


def test_one_threshold_alone_leaves_the_other_as_it_is() -> None:
    contest = parse_contest((SHORT + "participation: {thresholds: {city: 80}}\n").encode())
    assert thresholds_of(contest) == [Fraction(4, 5), Fraction(1, 2)]
    assert contest.participation.basis is Basis.CONTEST


def test_hai_phong_2024_is_as_planned() -> None:
    contest = parse_contest(HAI_PHONG.read_bytes())
    days = [contest.local_days(week) for week in contest.weeks]
    assert [(first.isoformat(), last.isoformat()) for first, last in days] == [
        ("2024-10-07", "2024-10-11"), ("2024-10-14", "2024-10-18"),
        ("2024-10-21", "2024-10-25"), ("2024-10-28", "2024-11-01"),
    ]  # fmt: skip
    assert [(prize.count, prize.amount) for prize in contest.prizes] == [(1, None), (2, None), (3, None)]
    assert thresholds_of(contest) == [Fraction(7, 10), Fraction(1, 2)]
    assert (contest.paper.questions, sum(quota.count for quota in contest.paper.quotas)) == (20, 19)
    assert len(contest.barred) == 5


@pytest.mark.parametrize(
    ("change", "line", "says"),
    [
        (("contest: thu-2024", "contest: Thử 2024"), 1, "không đúng mẫu: “Thử 2024”"),
        (("title: Hội thi thử\n", ""), 1, "thiếu “title” (tên hội thi)"),
        (("organiser:", "organizer:"), 3, "có lẽ là “organiser”"),
        (("Asia/Ho_Chi_Minh", "Asia/Hanoi"), 5, "không có trong danh mục múi giờ"),
        (("registration: roster", "registration: all"), 6, "phải là “roster” hoặc “open”"),
        (('hotline: "0225 3821 000"', "hotline: 0225"), 7, "hãy đặt trong dấu ngoặc kép"),
        (("number: 2", "number: 3"), 12, "tuần 2: số thứ tự phải là 2, không phải 3"),
        (("number: 1", "number: 0"), 9, "tuần 1: số thứ tự phải là 1, không phải 0"),
        (("number: 2", "number: hai"), 12, "tuần 2: “number” (số thứ tự) phải là số nguyên"),
        (
            ("2024-10-11 24:00", "2024-10-06 24:00"),
            11,
            "lúc đóng (2024-10-06 24:00) phải sau lúc mở (2024-10-07 00:00)",
        ),
        (("2024-10-11 24:00", "2024-10-14 07:31"), 13, "khi tuần 1 chưa đóng (2024-10-14 07:31)"),
        (("2024-10-11 24:00", "2024-10-11 24:01"), 11, "giờ không có thật"),
        (("2024-10-11 24:00", "2024-10-11 25:00"), 11, "giờ không có thật"),
        (("2024-10-11 24:00", "2024-02-30 24:00"), 11, "ngày không có thật"),
        (("2024-10-11 24:00", "24:00 11/10/2024"), 11, "năm-tháng-ngày giờ:phút"),
        (("2024-10-11 24:00", "2024-10-11"), 11, "năm-tháng-ngày giờ:phút"),
        (("questions: 10", "questions: 101"), 19, "phải từ 1 đến 100"),
        (("questions: 10", "questions: 0"), 19, "phải từ 1 đến 100"),
        (("questions: 10", "questions: mười"), 19, "phải là số nguyên"),
        (("minutes: 15", "minutes: 181"), 20, "phải từ 1 đến 180"),
        (("mot-cua, count: 4", "mot-cua, count: 8"), 21, "cộng lại 11 câu, nhiều hơn 10 câu"),
        (("mot-cua, count: 4", "mot-cua, count: 0"), 22, "phải từ 1 đến 100"),
        (("topic: mot-cua, count: 4", "count: 4"), 22, "chưa nêu “topic” hoặc “level”"),
        (("level: 3, count", "level: 4, count"), 23, "phải là “1”, “2” hoặc “3”"),
        (("shuffle_questions: false", "shuffle_questions: không"), 25, "phải là true (có) hoặc false (không)"),
        (("per_week: 3", "per_week: 101"), 27, "phải từ 1 đến 100"),
        (("per_week: 3", "per_week: 1"), 27, "“counts” phải là “only”"),
        (("counts: best", "counts: only"), 27, "“counts” phải là “best”"),
        (("counts: best, ", ""), 27, "“counts” phải là “best”"),
        (("counts: best", "counts: first"), 27, "phải là “only”, “last”, “best” hoặc “best_then_earliest”"),
        (("grace_seconds: 10", "grace_seconds: 61"), 27, "phải từ 0 đến 60"),
        (("[score, hand_in_moment, lot]", "[score, speed, lot]"), 28, "mục 2 của “ranking”"),
        (("[score, hand_in_moment, lot]", "[score, lot, lot]"), 28, "ghi “lot” hai lần"),
        (("[score, hand_in_moment, lot]", "[time_taken, score]"), 28, "phải bắt đầu bằng “score”"),
        (("[score, hand_in_moment, lot]", "[score, lot, time_taken]"), 28, "bốc thăm phải đứng cuối"),
        (("[score, hand_in_moment, lot]", "[]"), 28, "chưa có mục nào"),
        (("name: Giải Nhì, count: 2", "name: Giải Nhì, count: 0"), 31, "“count” (số lượng) phải từ 1"),
        (("amount: 3000000", "amount: 3.000.000"), 30, "chỉ gồm các chữ số viết liền"),
        (("basis: week", "basis: day"), 33, "phải là “week” hoặc “contest”"),
        (("city: 66.5", "city: 100.5"), 34, "từ 0 đến 100 phần trăm"),
        (("city: 66.5", "city: -1"), 34, "phải là số phần trăm"),
        (("city: 66.5", "city: 66,5"), 34, "số lẻ: viết dấu chấm"),
        (("city: 66.5", "city: 70%"), 34, "phải là số phần trăm"),
        (("code: to-thu-ky", "code: ban-to-chuc"), 37, "mã nhóm “ban-to-chuc” đã dùng ở dòng 36"),
        (("code: to-thu-ky", "code: Tổ Thư ký"), 37, "không đúng mẫu: “Tổ Thư ký”"),
        (("  - {code: to-thu-ky, name: Thành viên Tổ Thư ký}", "  - Thành viên Tổ Thư ký"), 37, "mục 2 của “barred”"),
    ],
)
def test_one_mistake_gives_one_fault(change: tuple[str, str], line: int, says: str) -> None:
    found = faults_of(change)
    assert len(found) == 1, found
    assert found[0].startswith(f"dòng {line}: ")
    assert says in found[0]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (("round_word: Đợt", "round_word: Lần"), "phải là “Tuần”, “Đợt”, “Kỳ”, “Vòng” hoặc “Tháng”"),
        (('from: "07:30"', "from: 7h30"), "“from” (giờ mở) phải là giờ:phút, ví dụ 07:30"),
        (('from: "07:30"', "from: 24:01"), "“from” (giờ mở) là giờ không có thật: 24:01"),
        (('from: "07:30"', "from: 07:60"), "“from” (giờ mở) là giờ không có thật: 07:60"),
        (('from: "07:30"', "form: 07:30"), "“form” không phải tên trường của mẫu; có lẽ là “from”"),
        (("[mon, tue", "[Monday, tue"), "mục 1 của “days” (các ngày trong tuần) phải là “mon”"),
        (("[mon, tue, wed, thu, fri]", "[]"), "“days” (các ngày trong tuần) chưa có mục nào"),
        (("except: [2024-10-09]", "except: 2024-10-09"), "“except” (ngày nghỉ) phải là danh sách"),
        (("except: [2024-10-09]", "except: [2024-02-30]"), "mục 1 của “except” (ngày nghỉ) là ngày không có thật"),
        (("paper: {questions: 5, quotas: []}}", "number: 0}"), "đợt thi thử: “number” không dùng ở đây"),
        (("{minutes: 15}", "{minute: 15}"), "đợt 1, bảng thi can-bo: “minute” không phải tên trường"),
        (("{minutes: 15}", "{minutes: 0}"), "đợt 1, bảng thi can-bo: “minutes” (số phút làm bài) phải từ 1 đến 180"),
        (("{can-bo: {minutes: 15}}", "[can-bo]"), "đợt 1: “papers” (đề thi riêng của từng bảng) phải gồm các dòng"),
        (("bank: dot-1", "bank: Đợt 1"), "đợt 1: “bank” (tên bộ câu hỏi) không đúng mẫu: “Đợt 1”"),
        (("topics: [mot-cua, sipas]", "topics: []"), "đợt 1: “topics” (các chủ đề được rút) chưa có mục nào"),
        (("points: 3}", "points: 0}"), "“points” (số điểm mỗi câu) phải từ 1 đến 100"),
        (("points: 3}", "points: 101}"), "“points” (số điểm mỗi câu) phải từ 1 đến 100"),
        (("  points: 2", "  points: nửa"), "“points” (số điểm mỗi câu) phải là số nguyên"),
        (("several_keys: false", "several_keys: không"), "phải là true (có) hoặc false (không)"),
        (("per_week: 4", "per_week: 0"), "phải từ 1 đến 100, hoặc none (không giới hạn)"),
        (("per_contest: 6", "per_contest: 101"), "phải từ 1 đến 100, hoặc none (không giới hạn)"),
        (("per_day: 2", "per_day: hai"), "“per_day” (số lượt mỗi ngày) phải là số nguyên"),
        (("per_day: 2", "per_day: vài"), "“per_day” (số lượt mỗi ngày) phải là số nguyên"),
        (("millisecond}", "hour}"), "“time_taken” chỉ nhận minute, second, tenth, millisecond"),
        (("second}\n  - fewer", "tenth}\n  - fewer"), "“hand_in_moment” chỉ nhận minute, second, millisecond"),
        (("millisecond}", "millisecond, lot: x}"), "mục 3 của “ranking” (cách xếp hạng) phải là tên một tiêu chí"),
        (("{time_taken: millisecond}", "{}"), "mục 3 của “ranking” (cách xếp hạng) phải là tên một tiêu chí"),
        (("{time_taken: millisecond}", "[time_taken]"), "mục 3 của “ranking” (cách xếp hạng) phải là tên một tiêu chí"),
        (("{time_taken: millisecond}", "{score: second}"), "tiêu chí không có độ chính xác; chỉ ghi score"),
        (("{time_taken: millisecond}", "{speed: second}"), "mục 3 của “ranking” (cách xếp hạng) phải là “score”"),
        (("  text: Bao nhiêu người dự thi?\n", ""), "thiếu “text” (nội dung câu dự đoán)"),
        (("target: people_all_right", "target: all"), "phải là “people”, “people_all_right” hoặc “attempts”"),
        (("of: division", "of: city"), "phải là “division” hoặc “all”"),
        (("equal_distance: below_first", "equal_distance: first"), "phải là “same”, “below_first” hoặc “above_first”"),
        (("whose: last", "whose: best"), "phải là “counted”, “first” hoặc “last”"),
        (("code: nguoi-dan", f"code: {'a' * 41}"), "“code” (mã) dài 41 ký tự, tối đa 40"),
        (("contest: day-du-2024", f"contest: {'a' * 81}"), "“contest” (mã hội thi) dài 81 ký tự, tối đa 80"),
        (("    prizes: []", "    prizes: none"), "bảng thi can-bo: “prizes” (giải thưởng) phải là danh sách"),
        (("amount: 3000000", "amount: 0"), "giải 1: “amount” (số tiền) phải từ 1 đến 100.000.000.000"),
        (("per: contest", "per: year"), "giải 3: “per” (trao theo tuần hay cả hội thi) phải là “week” hoặc “contest”"),
        (("one_prize: keep_best", "one_prize: yes"), "phải là “off”, “keep_best” hoặc “bar_later_weeks”"),
        (("prize_needs: all_right", "prize_needs: none"), "phải là “one_right” hoặc “all_right”"),
        (("children: apart", "children: none"), "phải là “sum” hoặc “apart”"),
        (("city: 66.5", "city: []"), "“city” (cơ quan thuộc tỉnh, thành phố) chưa có mục nào"),
        (("city: 66.5", "city: {percent: 70}"), "“city” (cơ quan thuộc tỉnh, thành phố) phải là danh sách"),
        (("below: 50,", "below: 1,"), "“below” (dưới bao nhiêu người) phải từ 2 đến 1.000.000"),
        (("percent: 25}", "percent: 125}"), "“percent” (số phần trăm) phải từ 0 đến 100 phần trăm"),
        (("least: 1}", "least: 0}"), "“least” (số người ít nhất) phải từ 1 đến 1.000"),
        (("percent: 100}", "percent: 0}"), "“percent” (số phần trăm) phải lớn hơn 0"),
        (("average_score: 30", "average: 30"), "“average” trong “weights” (trọng số) phải là “participation”"),
        (("average_score: 30", "average_score: 0"), "“average_score” (điểm trung bình) phải lớn hơn 0"),
        (("prizes: 10}", "prizes: mười}"), "“prizes” (giải thưởng) phải là số phần trăm"),
        (("Giải Nhì: 8", "Giải Nhì: nhiều"), "“Giải Nhì” trong “prize_points” (điểm quy đổi giải) phải là số nguyên"),
        (("least_participation: 50", "least_participation: 50%"), "phải là số phần trăm viết bằng chữ số"),
        (("needs_groups: true", "needs_groups: có"), "phải là true (có) hoặc false (không)"),
        (("kinds: [city]", "kinds: [state]"), "khối 1: mục 1 của “kinds” (loại cơ quan) phải là “city” hoặc “central”"),
        (("agencies: [AD, HB]", "agencies: AD"), "khối 2: “agencies” (mã các cơ quan) phải là danh sách"),
        (("Giải Nhì khối, count: 2", "Giải Nhì khối, count: 2, per: week"), "khối 1, giải 2: “per” không dùng ở đây"),
    ],
)
def test_one_mistake_in_the_form_gives_one_fault(change: tuple[str, str], says: str) -> None:
    old, new = change
    text = changed(change)
    found = faults_of(text=text)
    assert len(found) == 1, found
    assert says in found[0]
    wanted = WHOLE[: WHOLE.index(old)].count("\n") + 1 + new.startswith("\n")
    assert found[0].startswith(f"dòng {wanted}: ") or not new, found


def test_all_faults_are_named_in_one_reading() -> None:
    found = faults_of(
        ("contest: thu-2024", "contest: Thử"),
        ("number: 2", "number: 4"),
        ("2024-10-21 00:00", "2024-10-18 16:59"),
        ("minutes: 15", "minutes: 0"),
        ("mot-cua, count: 4", "mot-cua, count: 40"),
        ("counts: best", "counts: only"),
        ("city: 66.5", "city: 166"),
        ("code: to-thu-ky", "code: ban-to-chuc"),
    )
    assert [int(fault.split(":")[0].removeprefix("dòng ")) for fault in found] == [1, 12, 16, 20, 21, 27, 34, 37]


def test_weeks_in_the_wrong_order_are_one_fault() -> None:
    text = FULL.replace("number: 2", "number: x").replace("number: 3", "number: 2").replace("number: x", "number: 3")
    assert len(faults_of(text=text)) == 1
    second, third = FULL.index("  - number: 2"), FULL.index("  - number: 3")
    end = FULL.index("paper:")
    swapped = FULL[:second] + FULL[third:end] + FULL[second:third] + FULL[end:]
    assert ["số thứ tự phải là 2" in fault for fault in faults_of(text=swapped)] == [True]
    backwards = FULL.replace("2024-10-07", "2024-11-04").replace("2024-10-11", "2024-11-08")
    assert ["khi tuần 1 chưa đóng" in fault for fault in faults_of(text=backwards)] == [True]


def test_a_week_that_cannot_be_does_not_make_others_faulty() -> None:
    found = faults_of(("2024-10-14 07:30:15", "2024-09-14 07:30"), ("2024-10-18 17:00", "2024-08-18 17:00"))
    assert ["phải sau lúc mở" in fault for fault in found] == [True]
    assert ["mục 1 của “weeks”" in fault for fault in faults_of(("weeks:\n", "weeks:\n  - tuần đầu\n"))] == [True]


def test_a_number_out_of_range_is_not_compared_with_others() -> None:
    assert len(faults_of(("per_week: 3", "per_week: 101"), ("counts: best", "counts: only"))) == 1
    assert len(faults_of(("questions: 10", "questions: x"), ("mot-cua, count: 4", "mot-cua, count: 40"))) == 1


def test_weeks_may_follow_each_other_without_a_gap() -> None:
    assert faults_of(("2024-10-11 24:00", "2024-10-14 07:30:15")) == []


def test_times_that_summer_time_skips_are_refused() -> None:
    found = faults_of(("Asia/Ho_Chi_Minh", "Europe/Berlin"), ("2024-10-07 00:00", "2024-03-31 02:30"))
    assert [fault.split(":")[0] for fault in found] == ["dòng 10"]
    assert "Europe/Berlin" in found[0]


def test_a_file_without_weeks_is_refused() -> None:
    assert [
        "“weeks” (các tuần thi) chưa có mục nào" in fault
        for fault in faults_of(text=SHORT[: SHORT.index("  -")] + "  []")
    ] == [True]


@pytest.mark.parametrize(
    ("written", "least", "most"),
    [
        ("paper: {questions: #}", 1, 100),
        ("paper: {minutes: #}", 1, 180),
        ("paper: {points: #}", 1, 100),
        ("paper: {questions: 100, quotas: [{level: 1, count: #}]}", 1, 100),
        ("paper: {quotas: [{level: #, count: 1}]}", 1, 3),
        ("paper: {quotas: [{level: 1, count: 1, points: #}]}", 1, 100),
        ("attempts: {per_week: 100, per_day: #, counts: best}", 1, 100),
        ("attempts: {grace_seconds: #}", 0, 60),
        ("prizes: [{name: Giải Nhất, count: #}]", 1, 1000),
        ("prizes: [{name: Giải Nhất, count: 1, amount: #}]", 1, 100_000_000_000),
        ("participation: {thresholds: {city: [{below: #, percent: 30}, {percent: 20}]}}", 2, 1_000_000),
        ("participation: {thresholds: {city: #}}", 0, 100),
        ("participation: {groups: [{code: mot-cua, name: Một cửa, least: #}]}", 1, 1000),
        ("participation: {groups: [{code: mot-cua, name: Một cửa, percent: #}]}", 1, 100),
        ("collective: {order: [entries], blocks: [{name: Sở, prizes: [{name: Nhất, count: #}]}]}", 1, 1000),
        (
            "collective: {order: [entries], blocks: [{name: Sở, prizes: [{name: Nhất, count: 1, amount: #}]}]}",
            1,
            100_000_000_000,
        ),
        (
            "prizes: [{name: A, count: 1}]\n"
            "collective: {order: [prizes], prize_points: {A: #}, blocks: [{name: S, prizes: [{name: B, count: 1}]}]}",
            1,
            1000,
        ),
    ],
)
def test_numbers_are_taken_from_the_least_to_the_most_and_no_further(written: str, least: int, most: int) -> None:
    found = {
        number: faults_of(text=SHORT + written.replace("#", str(number)) + "\n")
        for number in (least - 1, least, most, most + 1)
    }
    assert [number for number, faults in found.items() if not faults] == [least, most]


@pytest.mark.parametrize(("field", "longest"), [("contest: thu", 80), ("barred: [{name: A, code: thu", 40)])
def test_codes_are_taken_up_to_their_length_and_no_further(field: str, longest: int) -> None:
    end = "}]\n" if field.startswith("barred") else "\n"
    text = SHORT.replace("contest: thu\n", "") if field.startswith("contest") else SHORT
    found = [faults_of(text=f"{text}{field}{'x' * (length - 3)}{end}") for length in (longest, longest + 1)]
    assert found[0] == []
    assert [f"tối đa {longest}" in fault for fault in found[1]] == [True]


@pytest.mark.parametrize(
    ("changes", "part"),
    [
        ((("number: 2", "number: hai"),), "đợt 2: "),
        ((("code: can-bo", "code: Cán bộ"), ("    papers: {can-bo: {minutes: 15}}\n", "")), "bảng thi Cán bộ: "),
        (
            (('until: "22:00"}\n', 'until: "22:00"}\n    papers: {can-bo: {minutes: 0}}\n'),),
            "đợt 2, bảng thi can-bo: ",
        ),
        (
            (("  - code: can-bo\n    name", "  - name"), ("    papers: {can-bo: {minutes: 15}}\n", "")),
            "bảng thi thứ 1: ",
        ),
        ((("code: nguoi-dan, ", ""),), "bảng thi thứ 2: "),
        (
            (("    prizes: []", "    prizes: [{name: A, count: 1}, {name: B, count: 1}, {name: C, count: 0}]"),),
            "bảng thi can-bo, giải 3: ",
        ),
        ((("name: Giải Nhì, count: 2", "name: Giải Nhì, count: 0"),), "giải 2: "),
        ((("agencies: [AD, HB]", "agencies: []"),), "khối 2: "),
        (
            (
                (
                    "[AD, HB]\n      prizes:\n        - {name: Giải",
                    "[AD, HB]\n      prizes:\n        - {per: week, name: Giải",
                ),
            ),
            "khối 2, giải 1: ",
        ),
    ],
)
def test_a_fault_says_first_in_which_part_of_the_file_it_is(changes: tuple[tuple[str, str], ...], part: str) -> None:
    (found,) = faults_of(text=changed(*changes))
    assert found.partition(": ")[2].startswith(part)


@pytest.mark.parametrize(
    ("written", "rules"),
    [
        ("", AppealRules(days_after=5, last_day=None, answer_within=5)),
        ("appeals: {answer_within: 10}\n", AppealRules(days_after=5, answer_within=10)),
        ("appeals: {days_after: 3}\n", AppealRules(days_after=3)),
        ("appeals: {last_day: 2024-10-20}\n", AppealRules(days_after=None, last_day=date(2024, 10, 20))),
        ("appeals: off\n", None),
    ],
)
def test_appeals_are_taken_for_five_days_unless_the_file_says_otherwise(
    written: str, rules: AppealRules | None
) -> None:
    assert parse_contest((SHORT + written).encode()).appeals == rules
