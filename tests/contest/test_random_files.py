"""Whatever a contest file holds, it is either refused with every fault at a line, or its rules can be run."""

from __future__ import annotations

from datetime import timedelta

from quiz.contest.rule_book import rule_book
from quiz.contest.schedule import Contest, Division, Phase, problems_before_opening
from quiz.contest.schedule_files import parse_contest
from quiz.questions.bank_file import parse_bank
from quiz.scoring.counted import counted
from quiz.scoring.overall import overall
from quiz.scoring.prizes import OnePrize, Per, Round, award_rounds
from quiz.scoring.ranking import rank, why_above
from quiz.scoring.tie_breaks import Result, RoundFacts
from quiz.yaml_text import FaultyFile
from tests.contest.random_files import bank_text, valid_contest
from tests.contest.spoilt_files import random_contest

FILES = 500


def attempts_of(division: Division, contest: Contest) -> list[Result]:
    """Attempts of four people, alike in much, so that every step of the chain has somebody to part."""
    opens_ms = int(contest.weeks[0].opens_at.timestamp() * 1000)
    full = division.paper.full
    return [
        Result(
            code=f"CODE{number:02d}",
            person=number % 4,
            score=full if number % 3 else max(0, full - number),
            full=full,
            questions=division.paper.questions,
            time_ms=60_000 + number // 5,
            handed_in_ms=opens_ms + 60_000 + number // 4,
            registered_ms=opens_ms - number // 6,
            prediction=(None, 3, 5)[number % 3],
            is_valid=number != 1,
        )
        for number in range(12)
    ]


def run_rules(contest: Contest) -> None:
    """What the product does with a contest, without a database."""
    for section in rule_book(contest, {}):
        assert all(sentence and "None" not in sentence for sentence in (section.heading, *section.sentences))
    for week in contest.rounds:
        assert week.open_spans
        before, after = week.opens_at - timedelta(seconds=1), week.closes_at
        assert (week.phase_at(before), week.phase_at(after)) == (Phase.TO_COME, Phase.CLOSED)
        assert all(week.phase_at(span.start) is Phase.OPEN for span in week.open_spans)
        assert {week.phase_at(pause.start) for pause in week.pauses} <= {Phase.TO_COME, Phase.PAUSED, Phase.CLOSED}
    for division in contest.all_divisions:
        whose = {"whose": contest.prediction.whose} if contest.prediction else {}
        results = counted(attempts_of(division, contest), contest.attempts.counts, division.chain, **whose)
        for of_round, facts in (
            (results, RoundFacts(lot_seed=b"seed", target=4)),
            (overall([results, results]), RoundFacts(lot_seed=b"seed")),
        ):
            chain = [step for step in division.chain if facts.target is not None or step.name != "prediction"]
            standings = rank(of_round, chain, facts)
            assert [standing.place for standing in standings] == [1, 2, 3, 4]
            per = Per.WEEK if facts.target else Per.CONTEST
            prizes = [prize for prize in division.prizes if prize.per is per]
            award_rounds([Round(standings=standings, prizes=prizes)], OnePrize.OFF, contest.prize_needs)
            assert why_above(standings[0], standings[1], chain, facts, contest.zone)


def read(text: str) -> Contest | list[int]:
    """The contest, or the lines of its faults."""
    try:
        return parse_contest(text.encode())
    except FaultyFile as faulty:
        return [fault.line for fault in faulty.faults]


def test_every_file_is_either_refused_line_by_line_or_can_be_run() -> None:
    loaded = 0
    for seed in range(FILES):
        text = random_contest(seed)
        match read(text):
            case Contest() as contest:
                run_rules(contest)
                loaded += 1
            case lines:
                assert lines, seed
                assert 1 <= min(lines) <= max(lines) <= text.count("\n") + 1, (seed, lines)
    assert FILES * 0.4 <= loaded <= FILES * 0.8


def test_valid_files_are_valid_and_one_bank_fills_their_papers() -> None:
    bank = parse_bank(bank_text().encode())
    for seed in range(60):
        contest = parse_contest(valid_contest(seed).encode())
        assert problems_before_opening(contest, dict.fromkeys(contest.banks, bank)) == (), seed


def test_the_same_seed_gives_the_same_file() -> None:
    assert valid_contest(7) == valid_contest(7) != valid_contest(8)
    assert random_contest(7) == random_contest(7)
