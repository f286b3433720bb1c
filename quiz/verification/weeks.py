"""A week recomputed from its bundle: papers drawn, answers marked, people ranked, prizes given, by the functions that
really decide (`docs/verification.md` §2, §3, §10, §11).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from quiz.questions.bank import Question
from quiz.questions.paper import Deck, Paper
from quiz.scoring.columns import Results
from quiz.scoring.counted import counted
from quiz.scoring.marking import Mark, mark
from quiz.scoring.prediction import Tally, Whose, tally, target
from quiz.scoring.prizes import Awards, Needs, Round, award
from quiz.scoring.ranking import Standing, rank
from quiz.scoring.rulings import NO_RULINGS, Kind, Ruling, Rulings
from quiz.scoring.tie_breaks import Result, RoundFacts
from quiz.verification.results import HIDDEN, Ranked
from quiz.verification.rules import DivisionRules, WeekRules

Json = dict[str, Any]
A_DAY_MS = 86_400_000
NOBODY = Tally(people=0, people_all_right=0, attempts=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Decisions:
    """`quyet-dinh.json`, by whom and what it is about; persons are pseudonyms, None in `passed_over` nobody."""

    rulings: Mapping[str, Rulings]
    set_aside: frozenset[str]
    given_back: Mapping[str, int]
    allowances: Mapping[str, int]
    joined: Mapping[str, str]
    passed_over: Mapping[str, Mapping[str, int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """`mo.json`: the draw's seed, what lots are drawn by, and the hidden moments that were opened, by code."""

    draw_seed: bytes
    lot: bytes
    at_ms: Mapping[str, Mapping[str, int]]


@dataclass(slots=True)
class Numbers:
    """Pseudonyms as numbers, as the rules call people; whoever was joined to another is that other."""

    joined: Mapping[str, str]
    found: dict[str, int] = field(default_factory=dict)

    def of(self, person: str) -> int:
        """The number of a pseudonym."""
        return self.found.setdefault(self.joined.get(person, person), len(self.found))


Ranks = Sequence[tuple[str, Result]]
"""Results with the division that the record names."""


class Marked(NamedTuple):
    """What the marks of one record come to."""

    score: int
    full: int
    is_valid: bool


def decisions_of(document: Json) -> Decisions:
    """The decisions of a document; raises KeyError, TypeError or ValueError where it is none."""
    rulings: dict[str, dict[str, Ruling]] = {}
    for one in document["rulings"]:
        ruling = Ruling(Kind(one["kind"]), tuple(frozenset(answer) for answer in one["answers"]))
        rulings.setdefault(one["bank"], {})[one["question"]] = ruling
    passed_over: dict[str, dict[str, int]] = {}
    for one in document["passed_over"]:
        passed_over.setdefault(one["division"], {})[one["person"]] = one["from"]
    return Decisions(
        rulings=rulings,
        set_aside=frozenset(one["code"] for one in document["set_aside"]),
        given_back=_sums(document["given_back"]),
        allowances=_sums(document["allowances"]),
        joined={one["given_up"]: one["kept"] for one in document["joined"]},
        passed_over=passed_over,
    )


def opened_of(document: Json) -> Opened:
    """What a document opens; without anything to draw lots by, by nothing."""
    value, seed = document["lot_value"], document["lot_seed"]
    lot = bytes.fromhex(seed) if seed is not None else value.encode() if value is not None else b""
    return Opened(
        draw_seed=bytes.fromhex(document["draw_seed"]),
        lot=lot,
        at_ms={
            "moment": {one["code"]: one["at_ms"] for one in document["moments"]},
            "registered": {one["code"]: one["at_ms"] for one in document["registered"]},
        },
    )


class Marking:
    """Records marked, one by one; `fewest_options` are those of the question that has the fewest."""

    def __init__(
        self, rules: WeekRules, banks: Mapping[str, Sequence[Question]], decisions: Decisions, opened: Opened
    ) -> None:
        self._rules, self._decisions, self._opened = rules, decisions, opened
        self._decks = {one.code: Deck(banks[one.bank], one.paper) for one in rules.divisions}
        self._rulings = {one.code: decisions.rulings.get(one.bank, NO_RULINGS) for one in rules.divisions}
        self._people = Numbers(decisions.joined)
        self.fewest_options = min((len(each.options) for held in banks.values() for each in held), default=0)

    def sheet(self, record: Json) -> tuple[Paper, Mark]:
        """The paper drawn again, and its marks; raises ValueError where it cannot be drawn or does not fit."""
        division = self._rules.division(record["division"]).code
        paper = self._decks[division].draw(self._opened.draw_seed, record["code"], frozenset(record["seen"]))
        return paper, mark(paper, record["answers"], self._rulings[division])

    def marked(self, record: Json, given: Mark) -> Marked:
        """What the marks come to."""
        needs_all = self._rules.division(record["division"]).paper.needs_all_answers
        return Marked(given.score, sum(given.points), given.is_complete or not needs_all)

    def result(self, record: Json, marked: Marked | None = None) -> Result:
        """What a record is ranked by, marked here where it is not yet."""
        marked = marked or self.marked(record, self.sheet(record)[1])
        back = self._decisions.given_back.get(record["code"], 0)
        return Result(
            code=record["code"],
            person=self._people.of(record["person"]),
            score=marked.score,
            full=marked.full,
            questions=record["questions"],
            time_ms=max(0, record["time_ms"] - back),
            handed_in_ms=record["number"] * A_DAY_MS,
            prediction=record["prediction"],
            is_valid=marked.is_valid,
        )

    def passed_over(self, division: str) -> dict[int, int]:
        """From which kind of prize on somebody takes none in the division."""
        return {self._people.of(person): rung for person, rung in self._decisions.passed_over.get(division, {}).items()}


def ranked_week(
    rules: WeekRules,
    marking: Marking,
    ranks: Ranks,
    decisions: Decisions,
    opened: Opened,
    orders: Mapping[str, Mapping[str, int]],
) -> tuple[Ranked, ...]:
    """Every division ranked and awarded; `orders` are claimed for hidden moments not opened, by code."""
    of_each = _of_each(rules, ranks, decisions)
    chosen = {one.code: _counted(rules, one, of_each[one.code], opened) for one in rules.divisions}
    tallies = {code: tally(results, chosen[code]) for code, results in of_each.items()}
    everyone = sum(tallies.values(), NOBODY)
    ranked = []
    for division in rules.divisions:
        own = tallies[division.code]
        goal = target(rules.prediction, own, everyone) if rules.prediction else None
        shown = _shown(chosen[division.code], division, opened, orders)
        standings = tuple(rank(shown, division.chain, RoundFacts(lot_seed=opened.lot, target=goal)))
        awards = awards_of(division, standings, rules.needs, marking.passed_over(division.code))
        ranked.append(
            Ranked(code=division.code, chain=division.chain, standings=standings, tally=own, target=goal, awards=awards)
        )
    return tuple(ranked)


def counted_otherwise(
    rules: WeekRules, ranks: Ranks, decisions: Decisions, opened: Opened, codes: Collection[str]
) -> frozenset[str]:
    """The valid attempts of those of whom, without moments, another attempt would count than the one in `codes`."""
    of_each = _of_each(rules, ranks, decisions)
    found: set[str] = set()
    for division in rules.divisions:
        others = {
            result.person
            for result in _counted(rules, division, of_each[division.code], opened)
            if result.code not in codes
        }
        found |= {result.code for result in of_each[division.code] if result.is_valid and result.person in others}
    return frozenset(found)


def _of_each(rules: WeekRules, ranks: Ranks, decisions: Decisions) -> dict[str, list[Result]]:
    of_each: dict[str, list[Result]] = {one.code: [] for one in rules.divisions}
    for division, result in ranks:
        if result.code not in decisions.set_aside:
            of_each[rules.division(division).code].append(result)
    return of_each


def awards_of(
    division: DivisionRules, standings: Sequence[Standing], needs: Needs, passed_over: Mapping[int, int]
) -> Awards:
    """The prizes of one division in the week."""
    return award(Round(standings=standings, prizes=division.prizes), needs, passed_over)


def _counted(rules: WeekRules, division: DivisionRules, results: Sequence[Result], opened: Opened) -> Results:
    """The attempts that count. Of one person, the number orders attempts as their moments do, unless all are opened."""
    whose = rules.prediction.whose if rules.prediction else Whose.COUNTED
    moments = opened.at_ms["moment"]
    closed = {result.person for result in results if result.is_valid and result.code not in moments}
    known = [
        result if result.person in closed else result._replace(handed_in_ms=moments.get(result.code, 0))
        for result in results
    ]
    return counted(Results(known), rules.counts, division.chain, whose)


def _shown(
    results: Results, division: DivisionRules, opened: Opened, orders: Mapping[str, Mapping[str, int]]
) -> tuple[Result, ...]:
    """The results with their moments as opened or, where they are not, as their order is claimed."""
    units = {HIDDEN[step.name]: step.unit_ms for step in division.chain if step.name in HIDDEN}
    moments, registered = (
        {code: order * units.get(hides, 1) for code, order in orders[hides].items()} | dict(opened.at_ms[hides])
        for hides in ("moment", "registered")
    )
    codes = results.column("code")
    return tuple(
        results.with_columns(
            handed_in_ms=[moments.get(code, 0) for code in codes],
            registered_ms=[registered.get(code, 0) for code in codes],
        )
    )


def _sums(rows: Sequence[Json]) -> Counter[str]:
    found: Counter[str] = Counter()
    for one in rows:
        found[one["code"]] += one["ms"]
    return found
