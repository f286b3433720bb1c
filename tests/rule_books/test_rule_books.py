"""Real rule books, encoded as contest files, against standings worked out by hand from the words of each rule.

Each `<contest>.yaml` names its source and what the source leaves open; `<contest>.cast.yaml` holds made-up attempts and
what must come out. Times are local, `took` is minutes:seconds, a rank is [rank, who, the step that parts it from the
next]; where the lot decides, both orders are right.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from fractions import Fraction
from functools import cache
from hashlib import sha256
from itertools import pairwise
from math import ceil
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import yaml

from quiz.config import ROOT
from quiz.contest.attempt_rules import Entrant, check_may_start, deadline
from quiz.contest.rule_book import rule_book
from quiz.contest.schedule import Contest, Division
from quiz.contest.schedule_files import parse_contest
from quiz.errors import Refused
from quiz.scoring.agency_ranking import rank_agencies
from quiz.scoring.chains import without_prediction
from quiz.scoring.collective import AgencyFigures
from quiz.scoring.counted import counted
from quiz.scoring.overall import overall
from quiz.scoring.participation import AgencyKind, Group, GroupTurnout, Turnout
from quiz.scoring.prediction import Tally, Whose, tally, target
from quiz.scoring.prizes import Award, OnePrize, Per, Prize, Round, award_rounds
from quiz.scoring.ranking import Standing, rank, why_above
from quiz.scoring.tie_breaks import Result, RoundFacts

HERE = Path(__file__).parent
CASTS = sorted(path.name.removesuffix(".cast.yaml") for path in HERE.glob("*.cast.yaml"))
HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
Cast = dict[str, Any]


def read(book: str) -> tuple[Contest, Cast]:
    """The contest and its cast."""
    cast = _cast(book)
    file = ROOT / cast["file"] if "file" in cast else HERE / f"{book}.yaml"
    return parse_contest(file.read_bytes()), cast


def with_part(part: str) -> list[str]:
    """The rule books whose cast holds this part."""
    return [book for book in CASTS if part in _cast(book)]


@cache
def _cast(book: str) -> Cast:
    cast: Cast = yaml.safe_load((HERE / f"{book}.cast.yaml").read_text(encoding="utf-8"))
    return cast


def moment(text: str) -> datetime:
    """A local time of the cast."""
    return datetime.fromisoformat(text).replace(tzinfo=HANOI)


def milliseconds(span: timedelta) -> int:
    """A span as the rules count it."""
    return span // timedelta(milliseconds=1)


def took(text: str) -> timedelta:
    """'05:10.250' → five minutes, ten and a quarter seconds."""
    minutes, seconds = text.split(":")
    return timedelta(minutes=int(minutes), milliseconds=round(Fraction(seconds) * 1000))


def person(who: str) -> int:
    """A number for a name."""
    return int(sha256(who.encode()).hexdigest()[:12], 16)


def results_of(contest: Contest, division: Division, played: Cast) -> list[Result]:
    """The attempts of one round as the marking would give them."""
    paper = contest.paper_of(contest.weeks[played["week"] - 1], division.code)
    epoch = datetime(1970, 1, 1, tzinfo=UTC)
    made = []
    for number, line in enumerate(played["attempts"]):
        ended = moment(line["at"]) + took(line["took"])
        registered = played.get("people", {}).get(line["who"], {}).get("registered", "2019-01-01 00:00:00")
        made.append(
            Result(
                code=f"{played['week']}-{number:03d}",
                person=person(line["who"]),
                score=line["points"],
                full=paper.full,
                questions=paper.questions,
                time_ms=milliseconds(took(line["took"])),
                handed_in_ms=milliseconds(ended - epoch),
                registered_ms=milliseconds(moment(registered) - epoch),
                prediction=line.get("prediction"),
                is_valid=line.get("answered_all", True) or not paper.needs_all_answers,
            )
        )
    return made


def play(contest: Contest, played: Cast) -> tuple[Division, tuple[Result, ...], tuple[Standing, ...], RoundFacts]:
    """One round of one division, from attempts to standings."""
    division = contest.division(played.get("division", ""))
    attempts = results_of(contest, division, played)
    asked = contest.prediction
    ranked = counted(attempts, contest.attempts.counts, division.chain, asked.whose if asked else Whose.COUNTED)
    here = Tally(**played["tally"]) if "tally" in played else tally(attempts, ranked)
    facts = RoundFacts(lot_seed=sha256(b"lots").digest(), target=target(asked, here, here) if asked else None)
    if "target" in played:
        assert facts.target == played["target"]
    return division, ranked, rank(ranked, division.chain, facts), facts


def names(cast: Cast) -> dict[int, str]:
    """Who is who."""
    return {person(line["who"]): line["who"] for played in cast["rounds"] for line in played["attempts"]}


def check_ranks(standings: tuple[Standing, ...], expected: list[list[Any]], who: dict[int, str]) -> None:
    """Everybody in the expected place, parted from the next by the expected step."""
    assert [(s.rank, s.decided_by) for s in standings] == [(rank_, step) for rank_, _, step in expected]
    for standing, (_, wanted, _) in zip(standings, expected, strict=True):
        assert who[standing.result.person] in ([wanted] if isinstance(wanted, str) else wanted)


def given(awards: tuple[Award, ...], who: dict[int, str], kinds: list[str]) -> dict[str, list[str]]:
    """Who has won what."""
    won: dict[str, list[str]] = {kind: [] for kind in kinds}
    for one in awards:
        won[one.prize.name].append(who[one.standing.result.person])
    return won


def won_by(
    contest: Contest, standings: tuple[Standing, ...], prizes: list[Prize], who: dict[int, str]
) -> dict[str, list[str]]:
    """Who has won what in a round by itself."""
    (won,) = award_rounds([Round(standings=standings, prizes=prizes)], OnePrize.OFF, contest.prize_needs)
    return given(won.awards, who, [prize.name for prize in prizes])


def test_there_are_at_least_fourteen_real_rule_books_each_with_its_source() -> None:
    books = [path for path in HERE.glob("*.yaml") if not path.name.endswith(".cast.yaml")]
    assert len(books) >= 14
    assert {path.stem for path in books} | {"hai-phong-2024"} == set(CASTS)
    for path in books:
        assert path.read_text(encoding="utf-8").startswith("# Nguồn: http"), path.name


@pytest.mark.parametrize("book", CASTS)
def test_a_province_calls_its_agencies_its_own(book: str) -> None:
    contest, _ = read(book)
    is_province = "tỉnh" in contest.organiser.casefold()
    said = " ".join(sentence for section in rule_book(contest, {}) for sentence in section.sentences)
    assert ("thuộc tỉnh" in said) is is_province
    assert ("thuộc thành phố" in said) is not is_province


@pytest.mark.parametrize("book", CASTS)
def test_standings_and_prizes_are_those_worked_out_by_hand(book: str) -> None:
    contest, cast = read(book)
    who = names(cast)
    for played in cast["rounds"]:
        division, _, standings, facts = play(contest, played)
        check_ranks(standings, played["ranks"], who)
        for one, other in pairwise(standings):
            assert why_above(one, other, division.chain, facts, contest.zone)
        if "prizes" in played:
            weekly = [prize for prize in division.prizes if prize.per is Per.WEEK]
            expected = played["prizes"]
            for kind, winners in won_by(contest, standings, weekly, who).items():
                if isinstance(expected.get(kind), dict):
                    assert set(expected[kind]["has"]) <= set(winners), kind
                elif kind in expected:
                    assert winners == expected[kind], kind


@pytest.mark.parametrize("book", with_part("prizes_together"))
def test_one_person_wins_no_more_than_the_rules_allow(book: str) -> None:
    contest, cast = read(book)
    who = names(cast)
    division = contest.all_divisions[0]
    rounds = [Round(standings=play(contest, played)[2], prizes=division.prizes) for played in cast["rounds"]]
    kinds = [prize.name for prize in division.prizes]
    each = award_rounds(rounds, contest.one_prize, contest.prize_needs)
    assert {n: given(one.awards, who, kinds) for n, one in enumerate(each, 1)} == cast["prizes_together"]


@pytest.mark.parametrize("book", with_part("overall"))
def test_the_whole_contest_is_ranked_by_all_its_weeks(book: str) -> None:
    contest, cast = read(book)
    who, chain = names(cast), without_prediction(contest.chain)
    together = overall([play(contest, played)[1] for played in cast["rounds"]])
    standings = rank(together, chain, RoundFacts(lot_seed=b"lots"))
    check_ranks(standings, cast["overall"]["ranks"], who)
    prizes = [prize for prize in contest.prizes if prize.per is Per.CONTEST]
    assert won_by(contest, standings, prizes, who) == cast["overall"]["prizes"]


@pytest.mark.parametrize("book", with_part("may_start"))
def test_who_may_start_when(book: str) -> None:
    contest, cast = read(book)
    for asked in cast["may_start"]:
        week = contest.week(asked["week"])
        assert week is not None
        entrant = Entrant(
            attempts_this_week=asked.get("this_week", 0),
            attempts_today=asked.get("today", 0),
            attempts_this_contest=asked.get("contest", 0),
        )
        refused = None
        try:
            check_may_start(entrant, contest, week, moment(asked["at"]))
        except Refused as refusal:
            refused = refusal.code
        assert refused == asked.get("refused"), asked


@pytest.mark.parametrize("book", with_part("deadlines"))
def test_when_an_attempt_ends(book: str) -> None:
    contest, cast = read(book)
    for asked in cast["deadlines"]:
        week = contest.weeks[asked["week"] - 1]
        assert deadline(moment(asked["at"]), contest.paper.time_allowed, week) == moment(asked["ends"])


@pytest.mark.parametrize("book", with_part("thresholds"))
def test_thresholds_by_kind_and_size(book: str) -> None:
    contest, cast = read(book)
    for asked in cast["thresholds"]:
        limit = contest.participation.threshold(AgencyKind(asked["kind"]), asked["headcount"])
        assert limit == Fraction(asked["percent"], 100)
        assert ceil(limit * asked["headcount"]) == asked["least"]
        enough = Turnout(headcount=asked["headcount"], exempt=0, people=asked["least"])
        too_few = Turnout(headcount=asked["headcount"], exempt=0, people=asked["least"] - 1)
        assert enough.reaches(limit)
        assert not too_few.reaches(limit)


@pytest.mark.parametrize("book", with_part("groups"))
def test_compulsory_groups(book: str) -> None:
    contest, cast = read(book)
    for agency in cast["groups"]:
        for code, (took_part, members, reaches) in agency.items():
            group = _group(contest, code)
            assert GroupTurnout(group=group, members=members, took_part=took_part).reaches is reaches, code


@pytest.mark.parametrize("book", with_part("collective"))
def test_collective_awards(book: str) -> None:
    contest, cast = read(book)
    assert contest.collective is not None
    agencies = [_figures(contest, *item) for item in cast["collective"]["agencies"].items()]
    blocks = rank_agencies(contest.collective, agencies)
    expected = cast["collective"]["blocks"]
    assert [block.block.name for block in blocks] == list(expected)
    for ranking in blocks:
        wanted = expected[ranking.block.name]
        assert [[place.rank, place.agency.code] for place in ranking.places] == wanted["ranks"]
        assert [struck.agency.code for struck in ranking.struck] == wanted["struck"]
        assert bool(ranking.undecided) is wanted.get("undecided", False)
        for name, winners in wanted.get("prizes", {}).items():
            assert [p.agency.code for p in ranking.places if p.prize and p.prize.name == name] == winners


def _group(contest: Contest, code: str) -> Group:
    return next(group for group in contest.participation.groups if group.code == code)


def _figures(contest: Contest, code: str, figures: Cast) -> AgencyFigures:
    return AgencyFigures(
        code=code,
        name=code,
        kind=AgencyKind(figures["kind"]),
        turnout=Turnout(headcount=figures["headcount"], exempt=0, people=figures["people"]),
        groups=tuple(
            GroupTurnout(group=_group(contest, group), members=members, took_part=took_part)
            for group, (took_part, members) in figures.get("groups", {}).items()
        ),
        score=figures.get("score", 0),
        full=figures.get("full", 0),
        prizes=figures.get("prizes", {}),
        attempts=figures.get("attempts", 0),
    )
