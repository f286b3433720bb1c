"""How far papers differ in difficulty, by hand and on made-up contests whose answer is known."""

from __future__ import annotations

from dataclasses import replace
from hashlib import shake_128

import pytest

from quiz.scoring.item_responses import Response, count
from quiz.scoring.paper_difficulty import ENOUGH, Difference, PaperDifficulty, paper_difficulty

POOL = 100


def contest(attempts: int, *, hard: int, easy: int) -> PaperDifficulty:
    """Papers of ten out of a hundred questions; one half is right in `hard` of 256 cases, the other in `easy`."""
    sheets = []
    for number in range(attempts):
        chance = shake_128(str(number).encode()).digest(40)
        drawn = sorted(range(POOL), key=lambda each: shake_128(f"{number}|{each}".encode()).digest(4))[:10]
        rights = [chance[place] < (hard if each < POOL // 2 else easy) for place, each in enumerate(drawn)]
        sheets.append([Response(str(each), "", int(right), 1) for each, right in zip(drawn, rights, strict=True)])
    found = paper_difficulty(sheets, {name: marks.figures.facility for name, marks in count(sheets).questions.items()})
    assert found
    return found


SHEETS = [
    [Response("1", "", 1, 1), Response("2", "", 0, 1)],
    [Response("2", "", 1, 1), Response("3", "", 0, 1)],
    [Response("1", "", 1, 1), Response("3", "", 0, 3)],
]
FACILITIES = {"1": 1.0, "2": 0.5, "3": 0.25}
PAPERS = PaperDifficulty(
    hardest=0.755, easiest=0.845, mean=0.8, sd=0.045, percents=((75, 1), (84, 1)), explained=0.0123, dealt=ENOUGH
)


def test_expected_scores_by_hand() -> None:
    """(1 + 1/2)/2 = 3/4, (1/2 + 1/4)/2 = 3/8, and with 1 and 3 points (1 + 3/4)/4 = 7/16."""
    found = paper_difficulty(SHEETS, FACILITIES)
    assert found
    assert (found.hardest, found.easiest) == (0.375, 0.75)
    assert found.percents == ((37, 1), (43, 1), (75, 1))
    assert found.mean == pytest.approx((0.375 + 0.4375 + 0.75) / 3)
    assert found.sd == pytest.approx(0.2009, abs=5e-5)
    assert found.dealt == 2


def test_share_explained_by_hand() -> None:
    """Expected 36, 18, 21 and earned 24, 24, 12 of 48: squared correlation 4/31, less 1/20 for twenty times dealt.

    Deviations 11 -7 -4 and 4 4 -8: 48 squared by 186 times 96.
    """
    found = paper_difficulty(SHEETS * 10, FACILITIES)
    assert found
    assert found.explained == pytest.approx(4 / 31 - 1 / 20)


def test_papers_of_questions_alike_explain_nothing_although_chance_would() -> None:
    alike = contest(1500, hard=128, easy=128)
    assert alike.explained is not None
    assert alike.explained < 0.005
    assert alike.difference is Difference.SLIGHT


def test_papers_that_hold_more_or_less_of_the_hard_half_explain_what_theory_says() -> None:
    """Rights at 1/4 and 3/4 with 10 of 100 drawn: variance between papers 10·(1/16)·(90/99), within 10·(3/16)."""
    between, within = 10 / 16 * 90 / 99, 10 * 3 / 16
    unlike = contest(1500, hard=64, easy=192)
    assert unlike.explained == pytest.approx(between / (between + within), abs=0.04)
    assert unlike.difference is Difference.LARGE
    assert unlike.sd == pytest.approx((between**0.5) / 10, abs=0.01)


def test_nothing_is_judged_while_questions_were_dealt_too_seldom() -> None:
    few = contest(300, hard=64, easy=192)
    assert few.dealt < ENOUGH
    assert few.difference is Difference.UNKNOWN
    assert not any("giải thích" in sentence for sentence in few.sentences)


def test_papers_of_the_same_questions_are_equal_in_any_order() -> None:
    facilities = {str(number): 1 / (number + 1.7) for number in range(20)}
    there = [Response(name, "", 1, 1) for name in facilities]
    back = [response._replace(mark=0) for response in reversed(there)]
    found = paper_difficulty([there, back], facilities)
    assert found
    assert found.difference is Difference.NONE
    assert found.explained is None
    assert found.sentences == ("Các đề có độ khó như nhau.",)


def test_paper_with_fewer_questions_left_is_compared_by_shares() -> None:
    facilities = dict.fromkeys("12", 0.5)
    found = paper_difficulty(
        [[Response("1", "", 1, 1)], [Response("1", "", 0, 1), Response("2", "", 1, 1)]], facilities
    )
    assert found
    assert found.difference is Difference.NONE


def test_without_attempts_there_is_nothing() -> None:
    assert paper_difficulty([], {}) is None


@pytest.mark.parametrize(
    ("explained", "difference"),
    [
        (None, Difference.SLIGHT),
        (0.0099, Difference.SLIGHT),
        (0.01, Difference.FELT),
        (0.0899, Difference.FELT),
        (0.09, Difference.LARGE),
    ],
)
def test_words_go_by_the_share_explained(explained: float | None, difference: Difference) -> None:
    papers = replace(PAPERS, explained=explained)
    assert papers.difference is difference
    assert papers.sentences[0] == difference.words


def test_sentences_for_an_organiser() -> None:
    assert PAPERS.sentences == (
        "Độ khó của các đề có chênh nhau: giải thích từ 1% đến dưới 9% khác biệt về điểm.",
        "Kết quả kỳ vọng của đề khó nhất là 75,50% số điểm tối đa, của đề dễ nhất là 84,50%, trung bình 80,00%, độ "
        "lệch chuẩn 4,50%.",
        "Độ khó của đề giải thích 1,23% khác biệt về điểm giữa các lượt thi; phần còn lại do người dự thi và "
        "ngẫu nhiên.",
    )


def test_one_paper_alone_has_no_deviation() -> None:
    found = paper_difficulty(SHEETS[:1], FACILITIES)
    assert found
    assert (found.sd, found.mean, found.percents) == (None, 0.75, ((75, 1),))
