"""The rule book in words: every rule under its heading, once, and for whom where divisions or rounds differ."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from quiz.contest.appeal_rules import AppealRules
from quiz.contest.attempt_rules import AttemptRules
from quiz.contest.commitment_rules import HOURS_BEFORE, commitment_sentences
from quiz.contest.key_rules import OpenedBy, key_sentences
from quiz.contest.rule_book import LOT_SENTENCE, Heading, Section, rule_book
from quiz.contest.schedule import BarredGroup, Contest, Division, Registration, Span, Week
from quiz.contest.time_back import ALLOWANCE_SENTENCE, INCIDENT_SENTENCE, TWO_PEOPLE_SENTENCE
from quiz.questions.paper import PaperRules, Quota
from quiz.scoring.chains import chain_sentences
from quiz.scoring.collective import Block, Collective, Measure
from quiz.scoring.participation import AgencyKind, ParticipationRules
from quiz.scoring.prediction import Prediction, Target
from quiz.scoring.prizes import STRUCK_SENTENCE, Needs, OnePrize, Per, Prize
from quiz.scoring.rulings import RULING_PUBLIC_SENTENCE, RULING_SENTENCE
from quiz.scoring.tie_breaks import DEFAULT_CHAIN, LOT, SCORE, lot_by
from quiz.vietnamese import HANOI

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MONDAY = datetime(2024, 10, 6, 17, 0, tzinfo=UTC)  # 7 October, 0:00 in Hải Phòng
WEEK_1 = Week(number=1, opens_at=MONDAY, closes_at=MONDAY + 5 * DAY)
WEEK_2 = Week(number=2, opens_at=MONDAY + 7 * DAY, closes_at=MONDAY + 12 * DAY)
PRACTICE = Week(number=0, opens_at=MONDAY - 3 * DAY, closes_at=MONDAY - 2 * DAY)
PAPER = PaperRules(questions=10, time_allowed=timedelta(minutes=15))
CONTEST = Contest(
    slug="thu",
    title="Hội thi thử",
    organiser="Sở Nội vụ",
    plan="Kế hoạch số 1/KH-UBND",
    zone=HANOI,
    weeks=(WEEK_1, WEEK_2),
    paper=PAPER,
    prizes=(Prize("Giải Nhất", 1),),
)
OFFICIALS = Division(code="can-bo", name="Cán bộ", paper=PAPER, chain=DEFAULT_CHAIN, prizes=CONTEST.prizes)
CITIZENS = replace(OFFICIALS, code="nguoi-dan", name="Người dân")
TWO = replace(CONTEST, divisions=(OFFICIALS, CITIZENS))
RANK = "Người bằng nhau ở mọi tiêu chí trước bốc thăm cùng hạng; hạng tiếp theo cách quãng (1, 2, 2, 4)."
OPEN_1 = "mở lúc 0 giờ 00 phút, thứ Hai ngày 07/10/2024; đóng lúc 24 giờ 00 phút, thứ Sáu ngày 11/10/2024"
OPEN_2 = "mở lúc 0 giờ 00 phút, thứ Hai ngày 14/10/2024; đóng lúc 24 giờ 00 phút, thứ Sáu ngày 18/10/2024"


def under(contest: Contest, heading: Heading) -> tuple[str, ...]:
    """The sentences under one heading, () where it is left out."""
    found = [section for section in rule_book(contest, {"sipas": "Chỉ số hài lòng"}) if section.heading is heading]
    return found[0].sentences if found else ()


def test_a_plain_contest_is_printed_whole() -> None:
    contest = replace(CONTEST, barred=(BarredGroup("ban-to-chuc", "Thành viên Ban Tổ chức"),))
    attempts = AttemptRules()
    assert rule_book(contest, {}) == (
        Section(Heading.TIMES, (f"Tuần 1: {OPEN_1}.", f"Tuần 2: {OPEN_2}.")),
        Section(
            Heading.PEOPLE,
            (
                "Người dự thi là cán bộ, công chức, viên chức có tên trong danh sách theo cơ quan, đơn vị do Ban Tổ "
                "chức nạp vào hệ thống.",
            ),
        ),
        Section(Heading.PAPERS, PAPER.sentences({})),
        Section(Heading.KEYS, key_sentences(OpenedBy.CLOSING)),
        Section(Heading.COMMITMENT, commitment_sentences(HOURS_BEFORE)),
        Section(Heading.ATTEMPTS, (attempts.sentence, attempts.deadline_sentence)),
        Section(Heading.TIME_BACK, (ALLOWANCE_SENTENCE, INCIDENT_SENTENCE, TWO_PEOPLE_SENTENCE)),
        Section(Heading.RULINGS, (RULING_SENTENCE, RULING_PUBLIC_SENTENCE)),
        Section(Heading.RANKING, (RANK,), chain_sentences(DEFAULT_CHAIN)),
        Section(
            Heading.PRIZES,
            ("Mỗi tuần: 01 Giải Nhất.", Needs.ONE_RIGHT.sentence, OnePrize.OFF.sentence, STRUCK_SENTENCE),
        ),
        Section(Heading.PARTICIPATION, ParticipationRules().sentences),
        Section(Heading.BARRED, ("Thành viên Ban Tổ chức.",)),
        Section(Heading.APPEALS, AppealRules().sentences),
    )


def test_a_contest_that_takes_no_appeals_says_nothing_of_them() -> None:
    assert under(replace(CONTEST, appeals=None), Heading.APPEALS) == ()


def test_every_heading_stands_in_its_order_where_there_is_something_to_say() -> None:
    contest = replace(
        TWO,
        barred=(BarredGroup("ban-to-chuc", "Thành viên Ban Tổ chức"),),
        prediction=Prediction(text="Bao nhiêu người dự thi?", target=Target.PEOPLE),
        collective=Collective(blocks=(Block(name="Khối sở", prizes=()),), order=(Measure.ENTRIES,)),
    )
    assert [section.heading for section in rule_book(contest, {})] == list(Heading)
    assert under(contest, Heading.PREDICTION) == contest.prediction.sentences
    assert under(contest, Heading.COLLECTIVE) == contest.collective.sentences(ParticipationRules().kinds)


# Times


def pauses(*spans: tuple[timedelta, timedelta]) -> Contest:
    """A contest of one week closed from so long after its opening until so long after it."""
    week = replace(WEEK_1, pauses=tuple(Span(MONDAY + start, MONDAY + end) for start, end in spans))
    return replace(CONTEST, weeks=(week,))


NIGHTS = [(day * DAY + 17 * HOUR, (day + 1) * DAY + 8 * HOUR) for day in range(4)]
OFFICE_HOURS = [(0 * HOUR, 8 * HOUR), *NIGHTS, (4 * DAY + 17 * HOUR, 5 * DAY)]
PAUSED = (
    "Ngoài những giờ ấy hệ thống tạm nghỉ: không bắt đầu được lượt thi mới; bài đang làm kết thúc khi bắt đầu tạm nghỉ."
)


@pytest.mark.parametrize(
    ("contest", "sentence"),
    [
        (
            pauses(*OFFICE_HOURS),
            "Tuần 1: mở lúc 8 giờ 00 phút, thứ Hai ngày 07/10/2024; đóng lúc 17 giờ 00 phút, thứ Sáu ngày 11/10/2024; "
            "trong thời gian đó chỉ mở từ 8 giờ đến 17 giờ các ngày thứ Hai đến thứ Sáu.",
        ),
        (
            pauses((17 * HOUR, DAY + 8 * HOUR), (DAY + 17 * HOUR, 3 * DAY + 8 * HOUR), (3 * DAY + 17 * HOUR, 5 * DAY)),
            "Tuần 1: mở lúc 0 giờ 00 phút, thứ Hai ngày 07/10/2024; đóng lúc 17 giờ 00 phút, thứ Năm ngày 10/10/2024; "
            "trong thời gian đó chỉ mở từ 0 giờ đến 17 giờ thứ Hai ngày 07/10; "
            "từ 8 giờ đến 17 giờ các ngày thứ Ba và thứ Năm.",
        ),
        (
            pauses((2 * DAY, 3 * DAY)),
            f"Tuần 1: {OPEN_1}; trong thời gian đó chỉ mở từ 0 giờ ngày 07/10 đến 24 giờ ngày 08/10; "
            "từ 0 giờ ngày 10/10 đến 24 giờ ngày 11/10.",
        ),
        (
            pauses((DAY, 4 * DAY)),
            f"Tuần 1: {OPEN_1}; trong thời gian đó chỉ mở từ 0 giờ đến 24 giờ các ngày thứ Hai và thứ Sáu.",
        ),
        (
            pauses(OFFICE_HOURS[0], NIGHTS[0], (DAY + 17 * HOUR, 5 * DAY)),
            "Tuần 1: mở lúc 8 giờ 00 phút, thứ Hai ngày 07/10/2024; đóng lúc 17 giờ 00 phút, thứ Ba ngày 08/10/2024; "
            "trong thời gian đó chỉ mở từ 8 giờ đến 17 giờ các ngày thứ Hai và thứ Ba.",
        ),
    ],
    ids=["office hours", "unequal days", "a day off", "whole days", "two days"],
)
def test_hours_are_told_by_their_days(contest: Contest, sentence: str) -> None:
    assert under(contest, Heading.TIMES) == (sentence, PAUSED)


def test_hours_that_only_cut_the_ends_are_told_as_opening_and_closing() -> None:
    contest = pauses((0 * HOUR, 8 * HOUR), (4 * DAY + 17 * HOUR + HOUR / 2, 5 * DAY))
    assert under(contest, Heading.TIMES) == (
        "Tuần 1: mở lúc 8 giờ 00 phút, thứ Hai ngày 07/10/2024; đóng lúc 17 giờ 30 phút, thứ Sáu ngày 11/10/2024.",
    )


def test_hours_are_told_in_the_zone_of_the_contest() -> None:
    contest = replace(pauses(*OFFICE_HOURS), zone=ZoneInfo("Asia/Tokyo"))
    assert under(contest, Heading.TIMES)[0] == (
        "Tuần 1: mở lúc 10 giờ 00 phút, thứ Hai ngày 07/10/2024; đóng lúc 19 giờ 00 phút, thứ Sáu ngày 11/10/2024; "
        "trong thời gian đó chỉ mở từ 10 giờ đến 19 giờ các ngày thứ Hai đến thứ Sáu."
    )


def test_practice_says_that_it_counts_for_nothing() -> None:
    first, *_, last = under(replace(CONTEST, practice=PRACTICE), Heading.TIMES)
    assert first.startswith("Thi thử: mở lúc 0 giờ 00 phút, thứ Sáu ngày 04/10/2024")
    assert last == "Thi thử không giới hạn số lượt và không tính vào xếp hạng, giải thưởng, tỷ lệ tham gia."


# The contest's own word


def test_a_contest_of_other_rounds_reads_its_own_word_but_quotes_as_written() -> None:
    contest = replace(
        CONTEST,
        round_word="Đợt",
        chain=(replace(SCORE, rule="người nhiều điểm hơn trong tuần xếp trên"),),
        prediction=Prediction(text="Có bao nhiêu người dự thi tuần này?", target=Target.PEOPLE),
        barred=(BarredGroup("btc", "Ban Tổ chức tuần lễ số"),),
    )
    said = [s for section in rule_book(contest, {}) for s in (*section.steps, *section.sentences)]
    assert f"Đợt 1: {OPEN_1}." in said
    assert "Mỗi người được thi một lần mỗi đợt." in said
    assert "Mỗi đợt: 01 Giải Nhất." in said
    assert "Người nhiều điểm hơn trong đợt xếp trên." in said
    assert [sentence for sentence in said if "tuần" in sentence.casefold()] == [
        contest.prediction.sentences[0],
        "Ban Tổ chức tuần lễ số.",
    ]


# People and divisions


def test_open_registration_says_how_and_until_when() -> None:
    assert under(replace(CONTEST, registration=Registration.OPEN), Heading.PEOPLE) == (
        "Người dự thi tự đăng ký trên trang của hội thi bằng mã tham gia trong văn bản hướng dẫn của Ban Tổ chức; đăng "
        "ký được đến khi tuần cuối cùng đóng.",
        "Khi đăng ký cần khai họ tên, cơ quan, đơn vị, số điện thoại và số căn cước, có thể khai thêm thư điện tử; mỗi "
        "số điện thoại, mỗi số căn cước và mỗi địa chỉ thư điện tử chỉ đăng ký được một lần. Thông tin đã đăng ký "
        "không sửa được.",
        "Người đăng ký được tính vào tỷ lệ tham gia của cơ quan đã khai từ tuần đang mở. Mẫu số là tổng số người mà cơ "
        "quan đã khai báo, hoặc số người đã đăng ký nếu lớn hơn.",
    )


def test_divisions_are_named() -> None:
    assert under(CONTEST, Heading.DIVISIONS) == ()
    assert under(TWO, Heading.DIVISIONS) == (
        "Người dự thi được xếp hạng và xét giải riêng theo 02 bảng: Cán bộ; Người dân.",
        "Người chưa được ghi vào bảng nào thi ở bảng Cán bộ.",
    )


# Papers


SIPAS = "Đề chỉ có câu hỏi về: Chỉ số hài lòng."
BANK = "Câu hỏi lấy từ bộ câu hỏi “rieng”."


def test_what_is_the_same_for_all_is_said_once() -> None:
    assert under(TWO, Heading.PAPERS) == PAPER.sentences({})
    assert under(replace(TWO, practice=PRACTICE), Heading.PAPERS) == PAPER.sentences({})


@pytest.mark.parametrize(
    ("papers", "said"),
    [
        ({(2, ""): ("sipas", "")}, [f"Tuần 2 – {SIPAS}"]),
        ({(1, ""): ("sipas", ""), (2, ""): ("sipas", "rieng")}, [f"Tuần 2 – {BANK}", f"Tuần 1, Tuần 2 – {SIPAS}"]),
        ({(0, ""): ("", "rieng")}, [f"Thi thử – {BANK}"]),
    ],
)
def test_what_differs_by_round_says_in_which(papers: dict[tuple[int, str], tuple[str, str]], said: list[str]) -> None:
    special = {
        cell: replace(PAPER, topics=frozenset({topic} - {""}), bank=bank) for cell, (topic, bank) in papers.items()
    }
    first, *others = PAPER.sentences({})
    contest = replace(CONTEST, practice=PRACTICE, papers=special)
    assert under(contest, Heading.PAPERS) == (first, *said, *others)


def test_what_differs_by_division_says_for_whom() -> None:
    citizens = replace(CITIZENS, paper=replace(PAPER, bank="rieng"))
    first, *others = PAPER.sentences({})
    contest = replace(TWO, divisions=(OFFICIALS, citizens))
    assert under(contest, Heading.PAPERS) == (first, f"Người dân – {BANK}", *others)
    special = replace(contest, papers={(2, "can-bo"): citizens.paper})
    assert under(special, Heading.PAPERS) == (first, f"Cán bộ, Tuần 2; Người dân – {BANK}", *others)


def test_a_rule_of_one_paper_that_replaces_another_stands_beside_it() -> None:
    contest = replace(CONTEST, papers={(2, ""): replace(PAPER, points=5, quotas=(Quota(count=9, topic="sipas"),))})
    sentence, points, several = PAPER.sentences({})
    assert under(contest, Heading.PAPERS) == (
        sentence,
        f"Tuần 1 – {points}",
        "Tuần 2 – Cơ cấu đề: 9 câu về Chỉ số hài lòng; 1 câu thuộc bất kỳ chủ đề, mức độ nào.",
        "Tuần 2 – Mỗi câu đúng được 5 điểm; câu sai hoặc bỏ trống được 0 điểm; đúng tất cả được 50 điểm.",
        several,
    )


def test_special_rules_stand_before_those_that_hold_for_all() -> None:
    contest = replace(CONTEST, papers={(1, ""): replace(PAPER, bank="rieng", topics=frozenset({"sipas"}))})
    first, *others = PAPER.sentences({})
    assert under(contest, Heading.PAPERS) == (first, f"Tuần 1 – {BANK}", f"Tuần 1 – {SIPAS}", *others)


# Kinds of agencies


def test_agencies_are_called_as_the_contest_calls_them() -> None:
    kinds = {AgencyKind.CITY: "Cơ quan, đơn vị thuộc tỉnh", AgencyKind.CENTRAL: "Cơ quan ngành dọc"}
    block = Block(name="Khối tỉnh", kinds=frozenset({AgencyKind.CITY}), prizes=(Prize("Cờ", 1),))
    contest = replace(
        CONTEST,
        participation=ParticipationRules(kinds=kinds),
        collective=Collective(blocks=(block,), order=(Measure.PARTICIPATION,)),
    )
    city, central, *_ = under(contest, Heading.PARTICIPATION)
    assert city.startswith("Cơ quan, đơn vị thuộc tỉnh: ít nhất 70% tổng số")
    assert central.startswith("Cơ quan ngành dọc: ít nhất 50% tổng số")
    assert under(contest, Heading.COLLECTIVE)[0] == "Khối tỉnh (Cơ quan, đơn vị thuộc tỉnh): 01 Cờ."
    assert "thành phố" not in " ".join(s for section in rule_book(contest, {}) for s in section.sentences)


# Ranking and prizes


def rankings(contest: Contest) -> list[tuple[str, tuple[str, ...], tuple[str, ...]]]:
    sections = [section for section in rule_book(contest, {}) if section.heading is Heading.RANKING]
    return [(section.of, section.steps, section.sentences) for section in sections]


def test_one_ranking_for_all_is_printed_once() -> None:
    assert rankings(TWO) == rankings(CONTEST) == [("", chain_sentences(DEFAULT_CHAIN), (RANK,))]


def test_each_ranking_of_its_own_is_printed_apart() -> None:
    third = replace(CITIZENS, code="hoc-sinh", name="Học sinh")
    contest = replace(TWO, divisions=(OFFICIALS, replace(CITIZENS, chain=(SCORE, LOT)), third))
    assert rankings(contest) == [
        ("Cán bộ và Học sinh", chain_sentences(DEFAULT_CHAIN), (RANK,)),
        ("Người dân", chain_sentences((SCORE, LOT)), (RANK,)),
    ]


def test_lots_by_a_public_event_are_explained() -> None:
    drawn = (SCORE, lot_by("Xổ số"))
    contest = replace(CONTEST, chain=drawn, lot_event="Xổ số", prizes=(Prize("Giải", 1, per=Per.CONTEST),))
    assert under(contest, Heading.RANKING) == (RANK, LOT_SENTENCE)
    assert "giá trị của tuần cuối cùng" in " ".join(under(contest, Heading.PRIZES))
    alone = replace(contest, chain=(SCORE,), divisions=(replace(OFFICIALS, chain=(SCORE,)),))
    assert LOT_SENTENCE not in under(alone, Heading.RANKING)


def test_a_ranking_without_a_lot_leaves_equals() -> None:
    contest = replace(CONTEST, chain=(SCORE,))
    equals = "Người bằng nhau ở mọi tiêu chí cùng hạng; hạng tiếp theo cách quãng (1, 2, 2, 4)."
    undecided = "Nếu không đủ giải như nhau cho những người bằng nhau thì Ban Tổ chức quyết định các giải ấy."
    assert rankings(contest) == [("", (SCORE.sentence,), (equals,))]
    assert under(contest, Heading.PRIZES)[-1] == undecided
    assert undecided in under(replace(TWO, divisions=(OFFICIALS, replace(CITIZENS, chain=(SCORE,)))), Heading.PRIZES)
    assert undecided not in under(TWO, Heading.PRIZES)


def test_prizes_of_each_division_are_told_apart() -> None:
    shared, own = Prize("Giải Ba", 3), Prize("Giải Nhất", 1, 700_000)
    contest = replace(
        TWO,
        divisions=(replace(OFFICIALS, prizes=(Prize("Giải Nhất", 1), shared)), replace(CITIZENS, prizes=(own, shared))),
    )
    assert under(contest, Heading.PRIZES) == (
        "Cán bộ – Mỗi tuần: 01 Giải Nhất.",
        "Người dân – Mỗi tuần: 01 Giải Nhất, mỗi giải 700.000 đồng.",
        "Mỗi tuần: 03 Giải Ba.",
        "Giải được trao riêng cho từng bảng.",
        Needs.ONE_RIGHT.sentence,
        OnePrize.OFF.sentence,
        STRUCK_SENTENCE,
    )


def test_prizes_of_some_divisions_name_them() -> None:
    third = replace(CITIZENS, code="hoc-sinh", name="Học sinh", prizes=(Prize("Giải Ba", 1),))
    said = under(replace(TWO, divisions=(*TWO.divisions, third)), Heading.PRIZES)
    assert said[:2] == ("Cán bộ và Người dân – Mỗi tuần: 01 Giải Nhất.", "Học sinh – Mỗi tuần: 01 Giải Ba.")


def test_prizes_over_the_contest_say_how_weeks_are_added_up() -> None:
    contest = replace(
        CONTEST,
        prizes=(*CONTEST.prizes, Prize("Giải Toàn cuộc", 1, per=Per.CONTEST)),
        one_prize=OnePrize.KEEP_BEST,
        prize_needs=Needs.ALL_RIGHT,
    )
    assert under(contest, Heading.PRIZES) == (
        "Mỗi tuần: 01 Giải Nhất.",
        "Cả hội thi: 01 Giải Toàn cuộc.",
        "Giải của cả hội thi xét theo cách xếp hạng trên, trừ câu dự đoán: cộng điểm, thời gian làm bài và số lượt thi "
        "của các tuần; thời điểm nộp bài là của lần nộp sau cùng.",
        Needs.ALL_RIGHT.sentence,
        OnePrize.KEEP_BEST.sentence,
        STRUCK_SENTENCE,
    )


def test_a_contest_of_one_week_needs_no_rule_for_winning_twice() -> None:
    assert OnePrize.OFF.sentence not in under(replace(CONTEST, weeks=(WEEK_1,)), Heading.PRIZES)


def test_a_contest_without_prizes_says_nothing_of_them() -> None:
    assert under(replace(CONTEST, prizes=()), Heading.PRIZES) == ()
