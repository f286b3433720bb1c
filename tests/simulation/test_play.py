"""A contest played forward is published as its rules say; any file that loads can be played."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from quiz.config import ROOT
from quiz.contest.schedule import Contest
from quiz.contest.schedule_files import parse_contest
from quiz.errors import Refused
from quiz.scoring.prizes import OnePrize
from quiz.services.published import Publication
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


def test_every_random_contest_file_is_refused_at_lines_or_played_to_the_end(contest_files: int) -> None:
    played = 0
    for seed, source, contest in loaded(contest_files):
        made = play(source, 5)
        assert [publication.week for publication in made] == [week.number for week in contest.weeks], seed
        for publication in made:
            for division, rules in zip(publication.divisions, contest.all_divisions, strict=True):
                most = sum(prize.count for prize in rules.prizes)
                undecided = sum(len(tie.prizes) for tie in division.tied)
                assert len(division.winners) + undecided <= most, seed
            assert all(agency.week.rate is None or agency.week.rate <= 1 for agency in publication.agencies)
        if contest.one_prize is OnePrize.BAR_LATER_WEEKS:
            winners = [(w.name, w.agency) for publication in made for w in publication.winners]
            assert len(winners) == len(set(winners)), seed
        played += 1
    assert played >= contest_files * 0.3
