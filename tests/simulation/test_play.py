"""A contest played forward is published as its rules say; any file that loads can be played."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest

from quiz.config import ROOT
from quiz.contest.schedule import Contest, Division
from quiz.contest.schedule_files import parse_contest
from quiz.errors import Refused
from quiz.scoring.counted import Counts
from quiz.scoring.prizes import OnePrize, Per
from quiz.services.published import Publication, PublishedDivision
from quiz.simulation.cast import players
from quiz.simulation.play import simulate
from quiz.yaml_text import FaultyFile
from tests import makers
from tests.contest.spoilt_files import random_contest

BOOKS = ROOT / "tests" / "rule_books"


def play(source: bytes, people: int = 12) -> list[Publication]:
    """Every publication of a contest file."""
    return [publication for _, publication in simulate(source, {}, people, lambda *_: None)]


def test_a_contest_with_divisions_and_a_prediction_is_played_to_published_winners() -> None:
    heard: list[str] = []
    source = (BOOKS / "hue-2025.yaml").read_bytes()
    made = [p for _, p in simulate(source, {}, 40, lambda what, done, total: heard.append(f"{what} {done}/{total}"))]
    assert [publication.week for publication in made] == [1, 2, 3, 4]
    for publication in made:
        assert [division.name for division in publication.divisions] == ["Cán bộ, công chức, viên chức", "Người dân"]
        for division in publication.divisions:
            assert 0 < division.all_right <= division.people == division.attempts <= 20
            assert division.target == division.all_right
            assert [winner.prize for winner in division.winners] == ["Giải Nhất", "Giải Nhì", "Giải Ba"]
        assert publication.total.headcount == 40
    assert heard[0].startswith("Tuần 1: làm bài")
    assert any(line.startswith("Tuần 4: chấm bài") for line in heard)


def test_the_practice_round_is_played_and_never_published() -> None:
    made = play((BOOKS / "nghi-quyet-2025.yaml").read_bytes(), 30)
    assert [publication.week for publication in made] == [1, 2]
    assert [winner.prize for winner in made[1].overall[0].winners] == ["Giải Toàn cuộc"]
    assert made[0].overall == ()


def test_collective_awards_come_with_the_last_week() -> None:
    made = play((BOOKS / "hai-duong-2024.yaml").read_bytes(), 60)
    assert [len(publication.collective) for publication in made] == [0, 0, 0, 2]
    assert made[3].collective[0].places[0].prize == "Giải Nhất"


def test_a_bank_that_cannot_fill_the_papers_is_told() -> None:
    source = (BOOKS / "hai-phong-2025.yaml").read_bytes()
    with pytest.raises(Refused, match="còn thiếu"):
        list(simulate(source, {"": makers.bank_text(5).encode()}, 5, lambda *_: None))


def loaded(files: int) -> Iterator[tuple[int, bytes, Contest]]:
    """Those of so many random files that load; every other must be refused at lines."""
    for seed in range(files):
        source = random_contest(seed).encode()
        try:
            contest = parse_contest(source)
        except FaultyFile as refused:
            lines = [fault.line for fault in refused.faults]
        else:
            yield seed, source, contest
            continue
        assert min(lines) >= 1, seed


def test_whoever_wins_one_week_wins_no_later_one_where_the_rules_bar_it() -> None:
    barring = (BOOKS / "binh-tan-2019.yaml").read_bytes()
    free = barring.replace(b"one_prize: bar_later_weeks", b"one_prize: off")
    cast = [player.name for player in players(parse_contest(barring), 12)]
    assert len(cast) == len(set(cast)), "a name must stand for one person here"
    (first, second), (first_if_free, second_if_free) = (
        [winners(one) for one in play(file)] for file in (barring, free)
    )
    assert first == first_if_free
    assert set(first) & set(second_if_free)
    assert not set(first) & set(second)
    assert (len(first), len(second)) == (5, 5)


def winners(publication: Publication) -> list[str]:
    return [winner.name for winner in publication.winners]


def test_every_random_contest_file_is_refused_at_lines_or_played_to_the_end(contest_files: int) -> None:
    played = decided = 0
    for seed, source, contest in loaded(contest_files):
        made = play(source, 5)
        assert [publication.week for publication in made] == [week.number for week in contest.weeks], seed
        for division, rules in enumerate(contest.all_divisions):
            weekly = [publication.divisions[division] for publication in made]
            decided += every_prize_that_can_be_given_is_given(contest, rules, weekly)
        for publication in made:
            assert (publication.total.headcount, publication.total.people) == (5, publication.people), seed
        played += 1
    assert played >= contest_files * 0.3
    assert decided >= played


def every_prize_that_can_be_given_is_given(
    contest: Contest, rules: Division, weekly: Sequence[PublishedDivision]
) -> int:
    """How many are; whoever has everything right may win, unless the rules let somebody win only once.

    That is sure where an attempt with everything right is the one that counts: nobody sat twice, or the best attempt
    counts and the score comes first.
    """
    is_best = contest.attempts.counts in (Counts.BEST, Counts.BEST_EARLIEST) and rules.chain[0].name == "score"
    most, before = sum(prize.count for prize in rules.prizes if prize.per is Per.WEEK), 0
    for one in weekly:
        given = len(one.winners) + sum(int(words.split()[0]) for tie in one.tied for words in tie.prizes)
        passed_over = 0 if contest.one_prize is OnePrize.OFF else before
        sure = one.all_right - passed_over if is_best or one.attempts == one.people else 0
        assert min(most, sure) <= given <= min(most, one.people)
        before += most if contest.one_prize is OnePrize.KEEP_BEST else len(one.winners)
    return before
