"""The guide to contest files: every example in it is a valid part of a contest, and it leaves no field out."""

from __future__ import annotations

import re

import pytest
import yaml

from quiz.config import ROOT
from quiz.contest.rule_book import rule_book
from quiz.contest.schedule_files import parse_contest
from quiz.contest.schedule_words import FIELDS
from quiz.scoring.chains import STEP_NAMES

GUIDE = (ROOT / "docs" / "tep-the-le.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"^```yaml\n(.*?)^```$", GUIDE, re.MULTILINE | re.DOTALL)
BASE = """
contest: mau
title: Hội thi mẫu
organiser: Sở Nội vụ
plan: Kế hoạch số 1/KH-UBND
weeks:
  - {number: 1, opens: 2026-09-07 08:00, closes: 2026-09-11 17:00}
  - {number: 2, opens: 2026-09-14 08:00, closes: 2026-09-18 17:00}
"""


def with_example(example: str) -> str:
    """The smallest contest with the sections of one example in place of its own."""
    names = {line.split(":")[0] for line in example.splitlines() if re.match(r"\w+:", line)}
    kept = re.split(r"^(?=\w+:)", BASE.strip(), flags=re.MULTILINE)
    return "\n".join(part for part in kept if part.split(":")[0] not in names) + "\n" + example


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda text: text.split(":")[0])
def test_every_example_is_part_of_a_contest_that_loads_and_prints(example: str) -> None:
    contest = parse_contest(with_example(example).encode())
    assert all(section.sentences or section.steps for section in rule_book(contest, {}))


def test_there_is_an_example_of_every_section() -> None:
    shown = {name for example in EXAMPLES for name in yaml.safe_load(example)}
    assert shown >= {"hours", "practice", "registration", "paper", "attempts", "ranking", "prediction", "divisions"}
    assert shown >= {"prizes", "one_prize", "prize_needs", "participation", "barred", "collective", "round_word"}


def test_the_guide_names_every_field_and_every_step() -> None:
    missing = [name for name in (*FIELDS, *STEP_NAMES) if not re.search(rf"\b{name}\b", GUIDE)]
    assert missing == []
