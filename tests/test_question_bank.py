"""The bank that is shipped: every question rests on a checked fact, gives nothing away and is true when it is asked."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

import pytest

from quiz.config import ROOT
from quiz.contest.schedule import Contest, problems_before_opening
from quiz.contest.schedule_files import parse_contest
from quiz.questions.bank import Bank, Question
from quiz.questions.bank_balance import balance
from quiz.questions.bank_file import parse_bank

TWO_YEARS_LATER = timedelta(weeks=108)  # Monday 2 November 2026
REPEALED = date(2025, 7, 1)
HISTORY = {
    "MB-001",  # on which day Decree 107/2021 was issued
    "MB-002",  # what Decree 107/2021 was issued for
    "MB-005",  # when Circular 01/2018 came into force
    "MB-020",  # by which decision the plan for Decree 61/2018 was issued
    "MC-001",  # on which day Decree 61/2018 was issued
    "MC-002",  # when Decree 61/2018 came into force
    "MC-003",  # what Decree 61/2018 replaced in 2018
    "MD-005",  # that Decree 118/2025 replaced Decree 61/2018
    "MD-011",  # how the commune's office changed with Decree 118/2025
    "MD-013",  # which decree was amended by Decree 367/2025; 107/2021 is a wrong option
    "DV-006",  # who gives figures by Decree 224/2026; the Government Office is a wrong option
}
"""Questions that rest on facts of the repealed law and stay true: on its history, or on what took its place."""


@pytest.fixture(scope="module")
def bank() -> Bank:
    return parse_bank((ROOT / "question_bank.yaml").read_bytes())


@pytest.fixture(scope="module")
def facts() -> dict[str, str]:
    """Each fact's line, beginning with how it was checked."""
    lines = re.findall(r"^- \*\*(F\d{3})\*\* (.*)$", (ROOT / "docs" / "cchc_facts.md").read_text("utf-8"), re.MULTILINE)
    found = dict(lines)
    assert len(found) == len(lines)
    return found


@pytest.fixture(scope="module")
def contest() -> Contest:
    return parse_contest((ROOT / "schedules" / "hai-phong-2024.yaml").read_bytes())


def moved(contest: Contest, by: timedelta) -> Contest:
    """The same contest, its weeks so much later."""
    weeks = (replace(week, opens_at=week.opens_at + by, closes_at=week.closes_at + by) for week in contest.weeks)
    return replace(contest, weeks=tuple(weeks))


def pool_of_november_2026(bank: Bank) -> list[Question]:
    """The questions that some day of November 2026 could bring."""
    days = [date(2026, 11, day) for day in range(1, 31)]
    return [item for item in bank.questions if any(item.is_true_between(day, day) for day in days)]


def test_there_are_enough_questions(bank: Bank) -> None:
    assert len(bank.questions) >= 240


def test_every_topic_and_level_has_questions(bank: Bank) -> None:
    figures = balance(bank)
    assert [topic for topic, count in figures.topics.items() if count == 0] == []
    assert [level for level, count in figures.levels.items() if count == 0] == []


def test_every_question_rests_on_facts_and_every_fact_exists(bank: Bank, facts: dict[str, str]) -> None:
    assert [item.id for item in bank.questions if not item.facts] == []
    assert [(item.id, fact) for item in bank.questions for fact in item.facts if fact not in facts] == []


def test_no_question_rests_on_memory(bank: Bank, facts: dict[str, str]) -> None:
    from_memory = {fact for fact, line in facts.items() if line.startswith("`MEMORY`")}
    assert len(from_memory) == 5
    assert [item.id for item in bank.questions if from_memory & set(item.facts)] == []


def test_the_place_of_the_key_gives_nothing_away(bank: Bank) -> None:
    figures = balance(bank)
    least, most = min(figures.keys.values()), max(figures.keys.values())
    assert Fraction(most - least, figures.questions - figures.several_keys) <= Fraction(2, 100)


def test_the_length_of_the_key_gives_nothing_away(bank: Bank) -> None:
    share = balance(bank).longest_share
    assert share is not None
    assert Fraction(15, 100) <= share <= Fraction(30, 100)


def test_every_week_of_hai_phong_2024_can_be_opened(bank: Bank, contest: Contest) -> None:
    assert problems_before_opening(contest, {"": bank}) == ()


def test_the_same_weeks_can_be_opened_in_november_2026(bank: Bank, contest: Contest) -> None:
    later = moved(contest, TWO_YEARS_LATER)
    assert [later.local_days(week) for week in later.weeks] == [
        (date(2026, 11, 2), date(2026, 11, 6)),
        (date(2026, 11, 9), date(2026, 11, 13)),
        (date(2026, 11, 16), date(2026, 11, 20)),
        (date(2026, 11, 23), date(2026, 11, 27)),
    ]
    assert problems_before_opening(later, {"": bank}) == ()


def test_only_history_is_asked_of_the_repealed_law_on_one_stop_offices(bank: Bank, facts: dict[str, str]) -> None:
    repealed = {fact for fact, line in facts.items() if "HẾT hiệu lực 01/7/2025" in line}
    assert len(repealed) > 50
    assert {item.id for item in pool_of_november_2026(bank) if repealed & set(item.facts)} == HISTORY


@pytest.mark.parametrize("document", ["Nghị định số 61/2018/NĐ-CP", "Nghị định số 107/2021/NĐ-CP"])
def test_what_a_repealed_decree_says_ends_with_it(bank: Bank, document: str) -> None:
    of_decree = [item for item in bank.questions if item.document.startswith(document) and item.id not in HISTORY]
    assert len(of_decree) > 1
    assert [item.id for item in of_decree if item.valid_until is None or item.valid_until >= REPEALED] == []


def test_no_law_is_asked_before_the_day_it_was_issued(bank: Bank) -> None:
    """Only where the document names its day and no later one amends it."""
    too_early = []
    for item in bank.questions:
        days = re.findall(r"ngày (\d\d?)/(\d\d?)/(\d{4})", item.document)
        issued = [date(int(year), int(month), int(day)) for day, month, year in days]
        if issued and item.valid_from < min(issued):
            too_early.append(item.id)
    assert too_early == []
