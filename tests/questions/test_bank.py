"""What a bank answers of its questions: which may be asked when, what they rest on, and in which words."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from quiz.questions.bank import Bank, Level
from tests.makers import question

MONDAY, FRIDAY = date(2024, 10, 7), date(2024, 10, 11)


def bank_of(*dates: tuple[date, date | None]) -> Bank:
    """A bank of questions T-000, T-001, …, true in these spans."""
    questions = tuple(
        replace(question(f"T-{place:03d}"), valid_from=first, valid_until=last)
        for place, (first, last) in enumerate(dates)
    )
    return Bank(title="", topics={}, questions=questions, digest="")


@pytest.mark.parametrize(
    ("valid_from", "valid_until", "is_asked"),
    [
        (date(2024, 10, 6), date(2024, 10, 12), True),
        (date(2024, 10, 7), date(2024, 10, 11), True),
        (date(2024, 10, 7), None, True),
        (date(2024, 10, 8), date(2024, 10, 11), False),
        (date(2024, 10, 8), None, False),
        (date(2024, 10, 7), date(2024, 10, 10), False),
        (date(2024, 10, 8), date(2024, 10, 10), False),
        (date(2020, 1, 1), date(2024, 10, 6), False),
        (date(2024, 10, 12), None, False),
    ],
)
def test_a_question_is_asked_only_if_true_from_first_to_last_day(
    valid_from: date, valid_until: date | None, is_asked: bool
) -> None:
    bank = bank_of((valid_from, valid_until))
    assert bank.pool(MONDAY, FRIDAY) == (bank.questions if is_asked else ())


def test_pool_of_one_day_takes_questions_true_on_that_day_alone() -> None:
    bank = bank_of((MONDAY, MONDAY), (FRIDAY, FRIDAY))
    assert bank.pool(MONDAY, MONDAY) == bank.questions[:1]
    assert bank.pool(FRIDAY, FRIDAY) == bank.questions[1:]
    assert bank.pool(MONDAY, FRIDAY) == ()


def test_pool_keeps_the_order_of_the_file() -> None:
    bank = bank_of((MONDAY, None), (FRIDAY, None), (date(2020, 1, 1), None), (MONDAY, FRIDAY))
    assert [item.id for item in bank.pool(MONDAY, FRIDAY)] == ["T-000", "T-002", "T-003"]


def test_levels_in_words() -> None:
    assert [(level.value, level.words) for level in Level] == [(1, "nhận biết"), (2, "thông hiểu"), (3, "vận dụng")]


@pytest.mark.parametrize(("key", "several"), [("A", False), ("D", False), ("AC", True), ("ABD", True)])
def test_several_keys_are_known_by_their_number(key: str, several: bool) -> None:
    assert question(key=key).has_several_keys is several


@pytest.mark.parametrize(
    ("article", "source"),
    [("", "Nghị định số 61/2018/NĐ-CP"), ("Khoản 1 Điều 40", "Khoản 1 Điều 40, Nghị định số 61/2018/NĐ-CP")],
)
def test_source_names_the_article_where_known(article: str, source: str) -> None:
    assert replace(question(), document="Nghị định số 61/2018/NĐ-CP", article=article).source == source
