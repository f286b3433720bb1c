"""The draw of a paper: repeatable by anyone, fair, within its quotas, and blind to what the questions say."""

from __future__ import annotations

import hashlib
import hmac
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import permutations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from quiz.questions.bank import Level, Option, Question
from quiz.questions.numbers import Chance, ticket
from quiz.questions.paper import Paper, PaperQuestion, PaperRules, Quota, draw, missing_from
from tests.makers import code, question

SEED = bytes(range(32))
CODE = "AAAAAAAAAAAAAAAA"
TOPICS = ("mot-cua", "sipas", "hai-phong")
POOL = tuple(question(f"T-{n:03d}", "ABCD"[n % 4], Level(n % 3 + 1), TOPICS[n // 4]) for n in range(12))
FIVE = PaperRules(questions=5)
GOLDEN = "T-011 ACDB, T-004 CADB, T-006 BCAD, T-001 BDAC, T-005 ABCD"
GOLDEN_WITH_SEEN = "T-010 ACDB, T-004 CADB, T-006 BCAD, T-005 BDAC, T-002 ABCD"
GOLDEN_WITH_QUOTAS = "T-007 ACDB, T-005 CADB, T-006 BCAD, T-008 BDAC, T-001 ABCD"

few_questions = st.lists(
    st.builds(question, st.uuids().map(str), level=st.sampled_from(Level), topic=st.sampled_from(TOPICS)),
    max_size=12,
    unique_by=lambda item: item.id,
)
few_quotas = st.lists(
    st.builds(
        Quota,
        count=st.integers(1, 4),
        topic=st.sampled_from((None, *TOPICS)),
        level=st.sampled_from((None, *Level)),
    ),
    max_size=4,
)


def printed(paper: Paper) -> str:
    """A paper as the ids of its questions and the bank's letters of their options, in the order shown."""
    return ", ".join(f"{item.question.id} {''.join(item.letters)}" for item in paper.questions)


def ids(paper: Paper) -> list[str]:
    return [item.question.id for item in paper.questions]


def chi_square(counts: Iterable[int], expected: float) -> float:
    """How far counts are from being equal; its mean is the number of counts less one."""
    return sum((count - expected) ** 2 / expected for count in counts)


# The draw


def test_golden_draw() -> None:
    """Frozen: were this to change, papers already sat could not be drawn again."""
    assert printed(draw(POOL, FIVE, SEED, CODE)) == GOLDEN


def test_golden_draw_with_quotas() -> None:
    quotas = (Quota(count=3, topic="sipas"), Quota(count=1, topic="hai-phong", level=Level.APPLY))
    assert printed(draw(POOL, PaperRules(questions=5, quotas=quotas), SEED, CODE)) == GOLDEN_WITH_QUOTAS


def test_ticket_is_an_hmac_that_any_language_can_repeat() -> None:
    expected = hmac.new(SEED, b"AAAA|T-001|B", hashlib.sha256).digest()
    assert ticket(SEED, "AAAA", "T-001", "B") == expected


def test_ticket_of_vietnamese_text_is_over_its_utf8_bytes() -> None:
    assert ticket(SEED, "đề") == hmac.new(SEED, "đề".encode(), hashlib.sha256).digest()


def test_numbers_are_four_bytes_each_of_one_hmac_after_the_other() -> None:
    stream = b"".join(hmac.new(SEED, f"{CODE}|{block}".encode(), hashlib.sha256).digest() for block in range(3))
    numbers = [int.from_bytes(stream[place : place + 4]) for place in range(0, len(stream), 4)]
    bounds = [1, 2, 3, 24, 317, 10**6, 2**32, 7, 12, 12, 12, 12, 2**32 - 1, 5, 5, 1, 20, 20, 20]
    drawn = Chance(SEED, CODE)
    assert [drawn.below(bound) for bound in bounds] == [
        number * bound // 2**32 for number, bound in zip(numbers, bounds, strict=False)
    ]


def test_a_draw_spelt_out() -> None:
    """Two of three, the options of each, then the order: five numbers and one more, in that order."""
    pool = [question(id_) for id_ in ("B", "A", "C")]
    numbers = list(map(Chance(SEED, CODE).below, (3, 2, 24, 24, 2, 1)))
    left, drawn = ["A", "B", "C"], []
    for number in numbers[:2]:
        left[0], left[number] = left[number], left[0]
        drawn.append(left.pop(0))
    orders = dict(zip(drawn, (list(permutations("ABCD"))[number] for number in numbers[2:4]), strict=True))
    shown = drawn[::-1] if numbers[4] else drawn
    paper = draw(pool, PaperRules(questions=2), SEED, CODE)
    assert [(item.question.id, item.letters) for item in paper.questions] == [(id_, orders[id_]) for id_ in shown]


def test_same_inputs_give_the_same_paper() -> None:
    assert draw(POOL, FIVE, SEED, CODE) == draw(POOL, FIVE, SEED, CODE)


def test_questions_are_numbered_from_one() -> None:
    assert [item.number for item in draw(POOL, FIVE, SEED, CODE).questions] == [1, 2, 3, 4, 5]


def test_other_codes_give_other_papers() -> None:
    papers = {printed(draw(POOL, FIVE, SEED, code(n))) for n in range(200)}
    assert len(papers) == 200


def test_another_seed_gives_another_paper() -> None:
    assert draw(POOL, FIVE, SEED, CODE) != draw(POOL, FIVE, SEED[::-1], CODE)


@given(pool=st.permutations(POOL))
@settings(deadline=None, max_examples=30)
def test_order_of_the_pool_changes_nothing_when_shuffling(pool: list[Question]) -> None:
    rules = PaperRules(questions=5, quotas=(Quota(count=2, topic="sipas"), Quota(count=1, level=Level.APPLY)))
    assert draw(pool, rules, SEED, CODE) == draw(POOL, rules, SEED, CODE)


@given(keys=st.lists(st.sets(st.sampled_from("ABCD"), min_size=1, max_size=3), min_size=12, max_size=12))
@settings(deadline=None, max_examples=30)
def test_keys_and_texts_change_nothing_in_the_draw(keys: list[set[str]]) -> None:
    others = [
        replace(
            item,
            key=frozenset(key),
            text=f"Câu khác {sorted(key)}",
            explanation="Khác",
            options=tuple(Option(option.letter, f"Khác {place}") for place, option in enumerate(item.options)),
        )
        for item, key in zip(POOL, keys, strict=True)
    ]
    assert printed(draw(others, FIVE, SEED, CODE)) == printed(draw(POOL, FIVE, SEED, CODE))


def test_a_paper_of_the_whole_pool_holds_every_question_once() -> None:
    assert sorted(ids(draw(POOL, PaperRules(questions=12), SEED, CODE))) == [item.id for item in POOL]


def test_a_pool_too_small_is_refused() -> None:
    with pytest.raises(ValueError, match=r"^the pool has 12 questions for a quota of 13$"):
        draw(POOL, PaperRules(questions=13), SEED, CODE)


def test_a_quota_that_the_pool_cannot_fill_is_refused() -> None:
    rules = PaperRules(questions=5, quotas=(Quota(count=5, topic="sipas"),))
    with pytest.raises(ValueError, match=r"^the pool has 4 questions for a quota of 5$"):
        draw(POOL, rules, SEED, CODE)


# Shuffling switched off


@pytest.mark.parametrize("pool", [POOL, POOL[::-1]])
def test_unshuffled_questions_keep_the_order_of_the_pool(pool: Sequence[Question]) -> None:
    drawn = ids(draw(pool, replace(FIVE, shuffle_questions=False), SEED, CODE))
    assert drawn == [item.id for item in pool if item.id in drawn]


def test_unshuffled_questions_are_the_same_ones_as_shuffled() -> None:
    rules = PaperRules(questions=5, quotas=(Quota(count=2, topic="sipas"),))
    shuffled, unshuffled = (
        draw(POOL, replace(rules, shuffle_questions=on), SEED, CODE).questions for on in (True, False)
    )
    assert [item.question.id for item in shuffled] != [item.question.id for item in unshuffled]
    letters = [{item.question.id: item.letters for item in paper} for paper in (shuffled, unshuffled)]
    assert letters[0] == letters[1]


def test_unshuffled_options_keep_the_letters_of_the_file() -> None:
    paper = draw(POOL, replace(FIVE, shuffle_options=False), SEED, CODE)
    assert [item.letters for item in paper.questions] == [("A", "B", "C", "D")] * 5
    assert [item.options for item in paper.questions] == [item.question.options for item in paper.questions]
    assert [item.key_shown for item in paper.questions] == [item.question.key for item in paper.questions]


# Quotas


@pytest.mark.parametrize(
    ("topic", "level", "takes"),
    [
        (None, None, True),
        ("sipas", None, True),
        ("mot-cua", None, False),
        (None, Level.APPLY, True),
        (None, Level.RECALL, False),
        ("sipas", Level.APPLY, True),
        ("sipas", Level.RECALL, False),
        ("mot-cua", Level.APPLY, False),
    ],
)
def test_quota_takes_by_topic_level_or_both(topic: str | None, level: Level | None, takes: bool) -> None:
    asked = question(topic="sipas", level=Level.APPLY)
    assert Quota(count=1, topic=topic, level=level).takes(asked) is takes


def test_last_quota_is_what_the_others_leave() -> None:
    quotas = (Quota(count=2, topic="sipas"), Quota(count=1, level=Level.APPLY))
    assert PaperRules(questions=5, quotas=quotas).all_quotas == (*quotas, Quota(count=2))
    assert PaperRules(questions=3, quotas=quotas).all_quotas == (*quotas, Quota(count=0))


def test_quotas_for_more_questions_than_the_paper_are_our_mistake() -> None:
    with pytest.raises(ValueError, match=r"^quotas for 3 questions on a paper of 2$"):
        PaperRules(questions=2, quotas=(Quota(count=2), Quota(count=1, topic="sipas")))


@pytest.mark.parametrize("number", range(20))
def test_paper_has_what_the_quotas_say(number: int) -> None:
    quotas = (Quota(count=3, topic="sipas"), Quota(count=1, topic="mot-cua", level=Level.RECALL))
    rules = PaperRules(questions=6, quotas=(*quotas, Quota(count=1, level=Level.APPLY)))
    drawn = [item.question for item in draw(POOL, rules, SEED, code(number)).questions]
    assert len({item.id for item in drawn}) == 6
    assert sum(item.topic == "sipas" for item in drawn) >= 3
    assert sum(item.topic == "mot-cua" and item.level is Level.RECALL for item in drawn) >= 1
    assert any(item.level is Level.APPLY for item in drawn)


def test_quotas_that_are_the_whole_paper_are_met_exactly() -> None:
    rules = PaperRules(
        questions=6, quotas=tuple(Quota(count=n, topic=t) for n, t in zip((1, 2, 3), TOPICS, strict=True))
    )
    counts = Counter(item.question.topic for item in draw(POOL, rules, SEED, CODE).questions)
    assert counts == {"mot-cua": 1, "sipas": 2, "hai-phong": 3}


def test_a_quota_gives_its_questions_their_points() -> None:
    quotas = (Quota(count=2, level=Level.APPLY, points=10), Quota(count=1, topic="sipas"))
    rules = PaperRules(questions=5, quotas=quotas, points=3)
    paper = draw(POOL, rules, SEED, CODE)
    assert Counter(item.points for item in paper.questions) == {10: 2, 3: 3}
    assert {item.question.level for item in paper.questions if item.points == 10} == {Level.APPLY}
    assert paper.full == rules.full == 29


def test_points_change_neither_the_questions_nor_their_order() -> None:
    assert printed(draw(POOL, replace(FIVE, points=7), SEED, CODE)) == GOLDEN


@given(pool=few_questions, quotas=few_quotas, points=st.lists(st.integers(0, 20), min_size=4, max_size=4))
@settings(deadline=None, max_examples=60)
def test_every_paper_of_the_same_rules_is_worth_the_same(
    pool: list[Question], quotas: list[Quota], points: list[int]
) -> None:
    weighed = tuple(replace(quota, points=worth or None) for quota, worth in zip(quotas, points, strict=False))
    rules = PaperRules(questions=sum(quota.count for quota in quotas) + 1, quotas=weighed, points=2)
    if not missing_from(pool, rules):
        assert {draw(pool, rules, SEED, code(number)).full for number in range(3)} == {rules.full}


# What may be asked


def test_a_paper_keeps_to_its_topics() -> None:
    rules = PaperRules(questions=8, topics=frozenset({"sipas", "hai-phong"}))
    assert Counter(item.question.topic for item in draw(POOL, rules, SEED, CODE).questions) == {
        "sipas": 4,
        "hai-phong": 4,
    }


def test_a_paper_can_do_without_questions_of_several_keys() -> None:
    pool = [replace(item, key=frozenset("AB")) if place % 2 else item for place, item in enumerate(POOL)]
    rules = PaperRules(questions=6, several_keys=False)
    drawn = draw(pool, rules, SEED, CODE).questions
    assert sorted(item.question.id for item in drawn) == [item.id for item in POOL[::2]]
    assert missing_from(pool, replace(rules, questions=7)) == (Quota(count=1),)
    assert missing_from(pool, replace(rules, questions=12, several_keys=True)) == ()


def test_questions_that_may_not_be_asked_are_not_counted_on() -> None:
    rules = PaperRules(questions=6, quotas=(Quota(count=2, topic="mot-cua"),), topics=frozenset({"sipas"}))
    assert missing_from(POOL, rules) == (Quota(count=2, topic="mot-cua"),)
    assert missing_from(POOL, PaperRules(questions=6, topics=frozenset({"sipas"}))) == (Quota(count=2),)


# What has been seen


def test_questions_seen_are_drawn_only_when_there_are_no_others() -> None:
    seen = frozenset(item.id for item in POOL[:8])
    drawn = ids(draw(POOL, PaperRules(questions=6), SEED, CODE, seen))
    assert {item.id for item in POOL[8:]} < set(drawn)
    assert len(set(drawn) & seen) == 2


def test_a_quota_takes_what_was_seen_where_it_finds_nothing_else() -> None:
    seen = frozenset(item.id for item in POOL if item.topic == "sipas")
    rules = PaperRules(questions=6, quotas=(Quota(count=3, topic="sipas"),))
    drawn = ids(draw(POOL, rules, SEED, CODE, seen))
    assert len(set(drawn) & seen) == 3


def test_a_person_meets_the_whole_pool_before_anything_comes_again() -> None:
    seen: frozenset[str] = frozenset()
    papers = []
    for number in range(3):
        papers.append(frozenset(ids(draw(POOL, PaperRules(questions=4), SEED, code(number), seen))))
        seen |= papers[-1]
    assert sum(map(len, papers)) == len(seen) == len(POOL)


def test_having_seen_everything_is_as_having_seen_nothing() -> None:
    everything = frozenset(item.id for item in POOL)
    assert printed(draw(POOL, FIVE, SEED, CODE, everything)) == GOLDEN
    assert printed(draw(POOL, FIVE, SEED, CODE, frozenset({"T-999"}))) == GOLDEN


def test_golden_draw_with_something_seen() -> None:
    """Frozen: attempts keep what had been seen, and their papers are drawn again from it."""
    assert printed(draw(POOL, FIVE, SEED, CODE, frozenset({"T-000", "T-011"}))) == GOLDEN_WITH_SEEN


# What is missing


@pytest.mark.parametrize(
    ("questions", "quotas", "missing"),
    [
        (12, (), ()),
        (13, (), (Quota(count=1),)),
        (20, (), (Quota(count=8),)),
        (4, (Quota(count=4, topic="sipas"),), ()),
        (7, (Quota(count=7, topic="sipas"),), (Quota(count=3, topic="sipas"),)),
        (4, (Quota(count=4, level=Level.APPLY),), ()),
        (2, (Quota(count=2, topic="sipas", level=Level.RECALL),), (Quota(count=1, topic="sipas", level=Level.RECALL),)),
        (1, (Quota(count=1, topic="papi"),), (Quota(count=1, topic="papi"),)),
        (5, (Quota(count=1, level=Level.APPLY), Quota(count=4, topic="sipas")), (Quota(count=1, topic="sipas"),)),
        (5, (Quota(count=4, topic="sipas"), Quota(count=1, level=Level.APPLY)), ()),
        (7, (Quota(count=4, topic="sipas"), Quota(count=3, level=Level.APPLY)), ()),
        (8, (Quota(count=4, topic="sipas"), Quota(count=4, level=Level.APPLY)), (Quota(count=1, level=Level.APPLY),)),
        (8, (Quota(count=5, topic="sipas"), Quota(count=3, level=Level.RECALL)), (Quota(count=1, topic="sipas"),)),
    ],
)  # the pool has four questions of each topic and of each level, of which one or two are both
def test_missing_names_each_quota_that_some_draw_could_not_fill(
    questions: int, quotas: tuple[Quota, ...], missing: tuple[Quota, ...]
) -> None:
    assert missing_from(POOL, PaperRules(questions=questions, quotas=quotas)) == missing


def test_everything_is_missing_from_an_empty_pool() -> None:
    rules = PaperRules(questions=3, quotas=(Quota(count=2, topic="sipas"),))
    assert missing_from((), rules) == (Quota(count=2, topic="sipas"), Quota(count=1))


@given(pool=few_questions, quotas=few_quotas, more=st.integers(0, 4), code_=st.text("ABCDEFGH", min_size=1, max_size=4))
@example(pool=list(POOL), quotas=[Quota(count=4, topic="sipas"), Quota(count=2, level=Level.APPLY)], more=6, code_="A")
@settings(deadline=None, max_examples=150)
def test_whenever_nothing_is_missing_every_draw_succeeds(
    pool: list[Question], quotas: list[Quota], more: int, code_: str
) -> None:
    rules = PaperRules(questions=sum(quota.count for quota in quotas) + more, quotas=tuple(quotas))
    if missing_from(pool, rules):
        return
    drawn = [item.question for item in draw(pool, rules, SEED, code_).questions]
    assert len({item.id for item in drawn}) == len(drawn) == rules.questions
    for quota in quotas:
        assert sum(map(quota.takes, drawn)) >= quota.count


# As shown


def test_options_shown_keep_their_texts_under_new_letters() -> None:
    item = PaperQuestion(1, question("T-001"), ("C", "A", "D", "B"))
    assert item.options == (
        Option("A", "Phương án C của T-001"),
        Option("B", "Phương án A của T-001"),
        Option("C", "Phương án D của T-001"),
        Option("D", "Phương án B của T-001"),
    )


@pytest.mark.parametrize(
    ("letters", "key", "shown"),
    [
        ("ABCD", "A", "A"),
        ("CADB", "A", "B"),
        ("CADB", "B", "D"),
        ("CADB", "C", "A"),
        ("CADB", "D", "C"),
        ("CADB", "AB", "BD"),
        ("DCBA", "ABC", "BCD"),
    ],
)
def test_key_shown_follows_the_options(letters: str, key: str, shown: str) -> None:
    assert PaperQuestion(1, question(key=key), tuple(letters)).key_shown == frozenset(shown)


@pytest.mark.parametrize("number", range(20))
def test_right_texts_stay_right_on_every_paper(number: int) -> None:
    for item in draw(POOL, FIVE, SEED, code(number)).questions:
        assert [option.letter for option in item.options] == ["A", "B", "C", "D"]
        assert {option.text for option in item.options} == {option.text for option in item.question.options}
        right_in_file = {option.text for option in item.question.options if option.letter in item.question.key}
        assert {option.text for option in item.options if option.letter in item.key_shown} == right_in_file


# Fairness; the codes are fixed, so the figures never change from run to run


def test_every_question_and_every_first_letter_comes_equally_often() -> None:
    papers = [draw(POOL, FIVE, SEED, code(number)).questions for number in range(2000)]
    drawn = Counter(item.question.id for paper in papers for item in paper)
    first_asked = Counter(paper[0].question.id for paper in papers)
    first_letters = Counter(item.letters[0] for paper in papers for item in paper)
    keys_shown = Counter(letter for paper in papers for item in paper for letter in item.key_shown)
    assert chi_square((drawn[item.id] for item in POOL), 2000 * 5 / 12) < 31  # one in a thousand at 11 degrees
    assert chi_square((first_asked[item.id] for item in POOL), 2000 / 12) < 31
    assert chi_square((first_letters[letter] for letter in "ABCD"), 2500) < 16  # one in a thousand at 3 degrees
    assert chi_square((keys_shown[letter] for letter in "ABCD"), 2500) < 16


def test_every_order_of_options_comes_equally_often() -> None:
    orders = Counter(draw(POOL[:1], PaperRules(questions=1), SEED, code(n)).questions[0].letters for n in range(2400))
    assert len(orders) == 24
    assert chi_square(orders.values(), 100) < 50  # one in a thousand at 23 degrees


# The rules page


@pytest.mark.parametrize(
    ("shuffle_questions", "shuffle_options", "end"),
    [
        (True, True, " Thứ tự câu hỏi khác nhau giữa các đề. Thứ tự phương án khác nhau giữa các đề."),
        (True, False, " Thứ tự câu hỏi khác nhau giữa các đề."),
        (False, True, " Thứ tự phương án khác nhau giữa các đề."),
        (False, False, ""),
    ],
)
def test_the_rule_prints_itself(shuffle_questions: bool, shuffle_options: bool, end: str) -> None:
    rules = PaperRules(
        questions=30,
        time_allowed=timedelta(minutes=45),
        shuffle_questions=shuffle_questions,
        shuffle_options=shuffle_options,
    )
    assert rules.sentence == (
        "Mỗi đề thi gồm 30 câu hỏi trắc nghiệm, làm trong 45 phút, rút ngẫu nhiên từ bộ câu hỏi của tuần." + end
    )


NAMES = {"mot-cua": "Cơ chế một cửa", "sipas": "Chỉ số hài lòng"}
POINTS = "Mỗi câu đúng được 1 điểm; câu sai hoặc bỏ trống được 0 điểm; đúng tất cả được 20 điểm."
SEVERAL = "Câu có nhiều phương án đúng chỉ được điểm khi chọn đúng và đủ các phương án ấy."


def test_a_silent_contest_file_prints_only_what_always_holds() -> None:
    rules = PaperRules()
    assert rules.sentences(NAMES) == (rules.sentence, POINTS, SEVERAL)


@pytest.mark.parametrize(
    ("rules", "sentences"),
    [
        (PaperRules(bank="tuan-1"), ("Câu hỏi lấy từ bộ câu hỏi “tuan-1”.", POINTS, SEVERAL)),
        (
            PaperRules(topics=frozenset({"sipas", "mot-cua", "hai-phong"})),
            ("Đề chỉ có câu hỏi về: Chỉ số hài lòng; Cơ chế một cửa; hai-phong.", POINTS, SEVERAL),
        ),
        (
            PaperRules(quotas=(Quota(count=3, topic="sipas"), Quota(count=2, level=Level.APPLY))),
            (
                "Cơ cấu đề: 3 câu về Chỉ số hài lòng; 2 câu mức vận dụng; 15 câu thuộc bất kỳ chủ đề, mức độ nào.",
                *(POINTS, SEVERAL),
            ),
        ),
        (
            PaperRules(questions=1, points=5, quotas=(Quota(count=1, topic="sipas", level=Level.RECALL),)),
            (
                "Cơ cấu đề: 1 câu về Chỉ số hài lòng mức nhận biết.",
                "Mỗi câu đúng được 5 điểm; câu sai hoặc bỏ trống được 0 điểm; đúng tất cả được 5 điểm.",
                SEVERAL,
            ),
        ),
        (
            PaperRules(questions=10, points=5, quotas=(Quota(count=4, level=Level.APPLY, points=10), Quota(count=4))),
            (
                "Cơ cấu đề: 4 câu mức vận dụng (10 điểm mỗi câu); 4 câu (5 điểm mỗi câu); "
                "2 câu thuộc bất kỳ chủ đề, mức độ nào (5 điểm mỗi câu).",
                "Câu sai hoặc bỏ trống được 0 điểm; đúng tất cả được 70 điểm.",
                SEVERAL,
            ),
        ),
        (
            PaperRules(questions=3, points=2, quotas=(Quota(count=3, level=Level.APPLY, points=10),)),
            (
                "Cơ cấu đề: 3 câu mức vận dụng.",
                "Mỗi câu đúng được 10 điểm; câu sai hoặc bỏ trống được 0 điểm; đúng tất cả được 30 điểm.",
                SEVERAL,
            ),
        ),
        (PaperRules(several_keys=False), (POINTS, "Mỗi câu chỉ có một phương án đúng.")),
        (
            PaperRules(needs_all_answers=True, avoid_seen=True),
            (
                *(POINTS, SEVERAL),
                "Bài còn câu chưa trả lời là bài không hợp lệ: không xếp hạng, không xét giải.",
                "Người thi nhiều lượt chỉ gặp lại câu đã có ở đề trước của mình khi đã hết câu khác.",
            ),
        ),
    ],
)
def test_whatever_is_special_prints_itself(rules: PaperRules, sentences: tuple[str, ...]) -> None:
    assert rules.sentences(NAMES) == (rules.sentence, *sentences)


def test_points_of_a_quota_are_those_of_the_paper_unless_it_says_otherwise() -> None:
    rules = PaperRules(points=5)
    assert [
        rules.points_of(quota) for quota in (Quota(count=1), Quota(count=1, points=8), Quota(count=1, points=0))
    ] == [*(5, 8, 0)]


def test_a_silent_contest_file_means_twenty_questions_in_twenty_minutes() -> None:
    rules = PaperRules()
    assert (rules.questions, rules.time_allowed, rules.quotas) == (20, timedelta(minutes=20), ())
    assert (rules.shuffle_questions, rules.shuffle_options) == (True, True)
    assert (rules.points, rules.full, rules.bank, rules.topics) == (1, 20, "", frozenset())
    assert (rules.several_keys, rules.needs_all_answers, rules.avoid_seen) == (True, False, False)
