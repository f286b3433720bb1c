"""What holds for every ranking, whichever steps the rules name and in whatever order."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from quiz.scoring.chains import RESOLUTIONS, STEP_NAMES, chain_of
from quiz.scoring.prediction import EqualDistance, Prediction, Target
from quiz.scoring.ranking import Standing, rank, why_above
from quiz.scoring.tie_breaks import LOT, Result, RoundFacts, TieBreak
from quiz.vietnamese import HANOI

FULL = 2
MERITS = tuple(name for name in STEP_NAMES if name != LOT.name)
Steps = tuple[TieBreak, ...]
thorough = settings(max_examples=60)


@dataclass(frozen=True)
class Ballot:
    """A random contest after its close: its chain, what became known, and one result of each person."""

    chain: Steps
    facts: RoundFacts
    results: tuple[Result, ...]

    def ranked(self, *results: Result) -> tuple[Standing, ...]:
        return rank(results or self.results, self.chain, self.facts)

    def merit(self, result: Result) -> tuple[object, ...]:
        """What parts the result from others, but for the lot."""
        return tuple(step.key(result, self.facts) for step in self.chain if not step.is_lot)


predictions = st.builds(
    Prediction,
    text=st.just("Bao nhiêu?"),
    target=st.sampled_from(Target),
    equal_distance=st.sampled_from(EqualDistance),
)


@st.composite
def chains(draw: st.DrawFn, *, lot: bool | None = None) -> Steps:
    names = draw(st.lists(st.sampled_from(MERITS), unique=True, min_size=1))
    steps = [(name, draw(st.none() | st.sampled_from(RESOLUTIONS.get(name, (None,))))) for name in names]
    ending = [LOT.name] if (draw(st.booleans()) if lot is None else lot) else []
    return chain_of([*steps, *((name, None) for name in ending)], draw(predictions))


@st.composite
def ballots(draw: st.DrawFn, *, lot: bool | None = None, least: int = 0) -> Ballot:
    """Figures are few and lie at the edges of the resolutions, so that everything ties often."""
    people = draw(st.integers(least, 9))
    edges = st.sampled_from((0, 1, 99, 100, 999, 1000, 59_999, 60_000))
    results = tuple(
        Result(
            code=f"{draw(st.sampled_from('ABC'))}{person}",
            person=person,
            score=draw(st.integers(0, FULL)),
            full=FULL,
            questions=FULL,
            time_ms=draw(edges),
            handed_in_ms=draw(edges),
            registered_ms=draw(st.integers(0, 2)),
            attempts=draw(st.integers(1, 3)),
            full_marks=draw(st.integers(0, 2)),
            prediction=draw(st.none() | st.integers(0, 4)),
        )
        for person in range(1, people + 1)
    )
    facts = RoundFacts(lot_seed=draw(st.binary(min_size=1, max_size=4)), target=draw(st.integers(0, 4)))
    return Ballot(draw(chains(lot=lot)), facts, results)


def people(standings: tuple[Standing, ...]) -> list[int]:
    return [one.result.person for one in standings]


def worse(name: str, result: Result, target: int) -> Result:
    """The result, worse in one step by what every resolution sees, and no better in any other."""
    if name == "prediction":
        return result._replace(prediction=None if result.prediction in (None, target) else result.prediction + 9)
    return {
        "score": result._replace(score=result.score - 1),
        "all_right": result._replace(score=min(result.score, FULL - 1)),
        "time_taken": result._replace(time_ms=result.time_ms + 60_000),
        "hand_in_moment": result._replace(handed_in_ms=result.handed_in_ms + 60_000),
        "fewer_attempts": result._replace(attempts=result.attempts + 1),
        "earlier_registration": result._replace(registered_ms=result.registered_ms + 1),
        "full_marks": result._replace(full_marks=result.full_marks - 1),
    }[name]


def is_strictly_worse(name: str, result: Result) -> bool:
    return {"all_right": result.score == FULL, "prediction": result.prediction is not None}.get(name, True)


@given(ballot=ballots())
@thorough
def test_every_person_has_one_place(ballot: Ballot) -> None:
    standings = ballot.ranked()
    assert [one.place for one in standings] == list(range(1, len(standings) + 1))
    assert sorted(people(standings)) == [one.person for one in ballot.results]


@given(ballot=ballots())
@thorough
def test_rank_is_one_more_than_the_number_of_people_truly_above(ballot: Ballot) -> None:
    standings = ballot.ranked()
    merits = [ballot.merit(one.result) for one in standings]
    assert merits == sorted(merits)  # type: ignore[type-var]
    assert [one.rank for one in standings] == [1 + sum(other < mine for other in merits) for mine in merits]


@given(ballot=ballots(), data=st.data())
@thorough
def test_order_of_the_input_changes_nothing(ballot: Ballot, data: st.DataObject) -> None:
    assert rank(data.draw(st.permutations(ballot.results)), ballot.chain, ballot.facts) == ballot.ranked()


@given(ballot=ballots(lot=True))
@thorough
def test_a_lot_leaves_nobody_equal(ballot: Ballot) -> None:
    standings = ballot.ranked()
    assert all(one.decided_by for one in standings[:-1])
    without = rank(ballot.results, ballot.chain[:-1], ballot.facts)
    assert {one.result.person: one.rank for one in without} == {one.result.person: one.rank for one in standings}


@given(ballot=ballots(lot=False))
@thorough
def test_without_a_lot_whoever_shares_a_rank_is_equal_in_everything(ballot: Ballot) -> None:
    for above, below in pairwise(ballot.ranked()):
        is_equal = ballot.merit(above.result) == ballot.merit(below.result)
        assert is_equal == (above.rank == below.rank) == (above.decided_by == "")
        assert not is_equal or above.result.code < below.result.code


@given(ballot=ballots())
@thorough
def test_every_deciding_step_is_the_first_that_differs(ballot: Ballot) -> None:
    standings = ballot.ranked()
    for above, below in pairwise(standings):
        differing = (
            step.name
            for step in ballot.chain
            if step.key(above.result, ballot.facts) != step.key(below.result, ballot.facts)
        )
        assert above.decided_by == next(differing, "")
    assert [one.decided_by for one in standings[-1:]] in ([], [""])


@given(ballot=ballots(least=1), data=st.data())
@thorough
def test_who_is_worse_in_one_step_and_no_better_in_any_never_ranks_higher(ballot: Ballot, data: st.DataObject) -> None:
    mine = data.draw(st.sampled_from(ballot.results))
    name = data.draw(st.sampled_from(MERITS))
    assert ballot.facts.target is not None
    twin = worse(name, mine, ballot.facts.target)._replace(person=99, code="Z99")
    ranks = {one.result.person: one.rank for one in ballot.ranked(*ballot.results, twin)}
    assert ranks[mine.person] <= ranks[twin.person]
    if name in {step.name for step in ballot.chain} and is_strictly_worse(name, mine):
        assert ranks[mine.person] < ranks[twin.person]


@given(ballot=ballots(least=1), data=st.data())
@thorough
def test_getting_worse_never_gains_a_place(ballot: Ballot, data: st.DataObject) -> None:
    first, *others = ballot.results
    assert ballot.facts.target is not None
    after = worse(data.draw(st.sampled_from(MERITS)), first, ballot.facts.target)
    assert people(ballot.ranked(after, *others)).index(1) >= people(ballot.ranked()).index(1)


@given(ballot=ballots(least=1))
@thorough
def test_another_person_never_swaps_two_others(ballot: Ballot) -> None:
    """Given the target: where it is the number of people, a newcomer may well make another prediction the nearest."""
    newcomer, *others = ballot.results
    without = rank(others, ballot.chain, ballot.facts)
    assert [person for person in people(ballot.ranked()) if person != newcomer.person] == people(without)


@given(ballot=ballots(least=1), data=st.data())
@thorough
def test_whoever_is_struck_moves_exactly_those_below_by_one(ballot: Ballot, data: st.DataObject) -> None:
    struck = data.draw(st.sampled_from(ballot.results))
    before = {one.result.person: one for one in ballot.ranked()}
    left = rank([one for one in ballot.results if one is not struck], ballot.chain, ballot.facts)
    gap = before.pop(struck.person)
    assert {one.result.person: (one.place, one.rank) for one in left} == {
        person: (one.place - (one.place > gap.place), one.rank - (one.rank > gap.rank))
        for person, one in before.items()
    }


# Reasons


@given(ballot=ballots(lot=False, least=2))
@thorough
def test_a_reason_could_not_be_given_the_other_way_round(ballot: Ballot) -> None:
    steps = {step.name: step for step in ballot.chain}
    for above, below in pairwise(ballot.ranked()):
        if above.decided_by:
            why = steps[above.decided_by].why
            said = why(above.result, below.result, "hạng 9", HANOI, ballot.facts)
            assert why_above(above, below._replace(rank=9), ballot.chain, ballot.facts, HANOI).endswith(said)
            assert said != why(below.result, above.result, "hạng 9", HANOI, ballot.facts)


@given(ballot=ballots(least=2))
@thorough
def test_times_compared_can_be_told_apart_as_printed(ballot: Ballot) -> None:
    for above, below in pairwise(ballot.ranked()):
        why = why_above(above, below, ballot.chain, ballot.facts, HANOI)
        for one, other in re.findall(r"\((\d[^()]*) so với ([^()]*)\)", why):
            assert one != other


@given(ballot=ballots(least=2), zone=st.sampled_from((None, HANOI)))
@thorough
def test_what_is_said_to_be_common_is_common(ballot: Ballot, zone: None) -> None:
    for above, below in pairwise(ballot.ranked()):
        one, other = above.result, below.result
        why = why_above(above, below, ballot.chain, ballot.facts, zone)
        for score in re.findall(rf"cùng (\d+)/{FULL} câu đúng", why):
            assert one.score == other.score == int(score)
        assert "cùng đúng tất cả" not in why or one.score == other.score == FULL
        assert "cùng chưa đúng tất cả" not in why or max(one.score, other.score) < FULL
        assert "cùng không dự đoán" not in why or one.prediction is other.prediction is None
        for attempts in re.findall(r"cùng (\d+) lượt thi(?! đạt)", why):
            assert one.attempts == other.attempts == int(attempts)
        for step in ballot.chain:
            if step.key(one, ballot.facts) == step.key(other, ballot.facts):
                assert step.same(one, other, zone, ballot.facts) == step.same(other, one, zone, ballot.facts)


@given(ballot=ballots(least=2))
@thorough
def test_no_public_reason_tells_a_time_of_day(ballot: Ballot) -> None:
    for above, below in pairwise(ballot.ranked()):
        assert not re.search(r"\d\d:\d\d|ngày", why_above(above, below, ballot.chain, ballot.facts, None))
