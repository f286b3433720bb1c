"""The made-up world fits whatever contest it is made for, and is the same at every run."""

from __future__ import annotations

import pytest

from quiz.config import ROOT
from quiz.contest.schedule import Contest, problems_before_opening
from quiz.contest.schedule_files import parse_contest
from quiz.questions.bank_file import parse_bank
from quiz.simulation.cast import agencies, bank_text, players, sittings
from tests.contest.random_files import valid_contest


def rules(book: str) -> Contest:
    """A real rule book."""
    return parse_contest((ROOT / "tests" / "rule_books" / f"{book}.yaml").read_bytes())


@pytest.mark.parametrize("book", ["hue-2025", "bo-gtvt-2020", "quang-nam-2022", "nghi-quyet-2025"])
def test_made_up_banks_fill_every_paper_of_a_real_rule_book(book: str) -> None:
    contest = rules(book)
    banks = {name: parse_bank(bank_text(contest, name).encode()) for name in contest.banks}
    assert problems_before_opening(contest, banks) == ()


def test_made_up_banks_fill_every_paper_of_random_contests() -> None:
    for seed in range(20):
        contest = parse_contest(valid_contest(seed).encode())
        banks = {name: parse_bank(bank_text(contest, name).encode()) for name in contest.banks}
        assert problems_before_opening(contest, banks) == (), seed


def test_agencies_are_those_that_the_awards_name_and_some_more() -> None:
    made = agencies(rules("hai-duong-2024"), 200)
    assert [agency.code for agency in made[:6]] == ["CL", "KM", "SNV", "STC", "SYT", "TK"]
    assert len(made) == 6 + 5
    assert {agency.kind for agency in made} == {"city", "central"}
    assert [agency.code for agency in made if agency.parent]


def test_players_are_spread_over_divisions_and_groups_and_do_not_change() -> None:
    contest = rules("hue-2025")
    made = tuple(players(contest, 50))
    assert made == tuple(players(contest, 50))
    assert [sum(player.division == division.code for player in made) for division in contest.divisions] == [25, 25]
    grouped = tuple(players(rules("dak-lak-2023"), 200))
    assert {group for player in grouped for group in player.groups} == {
        "lanh-dao",
        "truong-pho-phong",
        "mot-cua",
        "khac",
    }


def test_sittings_begin_while_the_week_is_open_and_come_in_order() -> None:
    contest = rules("nghi-quyet-2025")
    cast = tuple(players(contest, 100))
    for week in contest.rounds:
        planned = sittings(contest, week, cast)
        assert 50 < len({sitting.player for sitting in planned}) < 100
        assert planned == sorted(planned, key=lambda sitting: sitting.starts_at)
        assert all(any(s.start <= one.starts_at < s.end for s in week.open_spans) for one in planned)
        assert len({sitting.code for sitting in planned}) == len(planned)
