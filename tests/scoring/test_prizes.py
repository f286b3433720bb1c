"""The prizes: in order, one each per round, the next moves up for anyone struck, and equals are left to people."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quiz.scoring.prizes import Award, Awards, Needs, OnePrize, Per, Prize, Round, Undecided, award_rounds
from quiz.scoring.ranking import Standing
from quiz.scoring.tie_breaks import Result

FIRST, SECOND, THIRD = Prize("Giải Nhất", 1), Prize("Giải Nhì", 2), Prize("Giải Ba", 3)
SIX = (FIRST, SECOND, THIRD)


def standing(place: int, score: int = 20, person: int = 0, decided_by: str = "time_taken") -> Standing:
    """The standing of person 101, 102, … in place 1, 2, …"""
    result = Result(
        code=f"CODE{place}",
        person=person or 100 + place,
        score=score,
        full=20,
        questions=20,
        time_ms=place * 1000,
        handed_in_ms=0,
    )
    return Standing(place, place, result, decided_by)


def standings(count: int) -> tuple[Standing, ...]:
    return tuple(standing(place) for place in range(1, count + 1))


def tied(*sizes: int) -> tuple[Standing, ...]:
    """People 101, 102, … in ties of these sizes that no step parts."""
    ends = {sum(sizes[:n]) for n in range(1, len(sizes) + 1)}
    return tuple(
        standing(place, decided_by="time_taken" if place in ends else "") for place in range(1, sum(sizes) + 1)
    )


def in_order(*people: int) -> tuple[Standing, ...]:
    """These people, in this order."""
    return tuple(standing(place, person=person) for place, person in enumerate(people, start=1))


def award(
    line: tuple[Standing, ...], prizes: Sequence[Prize], struck: Collection[int], needs: Needs = Needs.ONE_RIGHT
) -> Awards:
    """What a round by itself gives."""
    (awards,) = award_rounds([Round(standings=line, prizes=prizes, struck=struck)], OnePrize.OFF, needs)
    return awards


def won(awards: Awards) -> list[tuple[str, int, int | None]]:
    """Name of the prize, its winner and the runner-up of each."""
    return [
        (one.prize.name, one.standing.result.person, one.runner_up.result.person if one.runner_up else None)
        for one in awards.awards
    ]


def winners(awards: Awards) -> list[tuple[str, int]]:
    return [(prize, person) for prize, person, _ in won(awards)]


def open_still(awards: Awards) -> list[tuple[list[str], list[int]]]:
    """The names of the prizes that are undecided, and the people concerned."""
    return [
        ([prize.name for prize in tie.prizes], [one.result.person for one in tie.standings]) for tie in awards.undecided
    ]


def test_six_prizes_go_to_the_first_six() -> None:
    assert won(award(standings(8), SIX, ())) == [
        ("Giải Nhất", 101, 102),
        ("Giải Nhì", 102, 103),
        ("Giải Nhì", 103, 104),
        ("Giải Ba", 104, 105),
        ("Giải Ba", 105, 106),
        ("Giải Ba", 106, 107),
    ]


def test_an_award_holds_prize_and_standings_themselves() -> None:
    assert award(standings(2), [FIRST], ()) == Awards((Award(FIRST, standing(1), standing(2)),))


@pytest.mark.parametrize(
    ("struck", "expected"),
    [
        (set(), [101, 102, 103, 104, 105, 106]),
        ({101}, [102, 103, 104, 105, 106, 107]),
        ({103}, [101, 102, 104, 105, 106, 107]),
        ({106}, [101, 102, 103, 104, 105, 107]),
        ({107}, [101, 102, 103, 104, 105, 106]),
        ({101, 102, 106}, [103, 104, 105, 107, 108, 109]),
        ({999}, [101, 102, 103, 104, 105, 106]),
    ],
)
def test_people_struck_are_passed_over_and_the_next_move_up(struck: set[int], expected: list[int]) -> None:
    assert [person for _, person in winners(award(standings(12), SIX, struck))] == expected


def test_a_runner_up_is_never_somebody_struck() -> None:
    assert won(award(standings(4), [FIRST], {102, 103})) == [("Giải Nhất", 101, 104)]


@pytest.mark.parametrize(
    ("people", "expected"),
    [
        (0, []),
        (1, [("Giải Nhất", 101, None)]),
        (2, [("Giải Nhất", 101, 102), ("Giải Nhì", 102, None)]),
        (4, [("Giải Nhất", 101, 102), ("Giải Nhì", 102, 103), ("Giải Nhì", 103, 104), ("Giải Ba", 104, None)]),
    ],
)
def test_prizes_without_people_are_not_given(people: int, expected: list[tuple[str, int, int | None]]) -> None:
    assert won(award(standings(people), SIX, ())) == expected


def test_last_winner_has_no_runner_up_where_nobody_follows() -> None:
    assert won(award(standings(6), SIX, ()))[-1] == ("Giải Ba", 106, None)


def test_nobody_with_nothing_right_wins_or_is_runner_up() -> None:
    line = (standing(1, 2), standing(2, 1), standing(3, 0), standing(4, 0))
    assert won(award(line, SIX, ())) == [("Giải Nhất", 101, 102), ("Giải Nhì", 102, None)]


def test_no_prizes_no_awards() -> None:
    assert award(standings(3), (), ()) == Awards()


def test_where_everything_must_be_right_one_mistake_wins_nothing() -> None:
    line = (standing(1, 20), standing(2, 20), standing(3, 19), standing(4, 1))
    assert won(award(line, SIX, (), Needs.ALL_RIGHT)) == [("Giải Nhất", 101, 102), ("Giải Nhì", 102, None)]


@pytest.mark.parametrize(
    ("sizes", "expected", "undecided"),
    [
        ((1, 2, 3, 1), "1:101 2:102 2:103 3:104 3:105 3:106", ""),
        ((2, 1, 3), "2:103 3:104 3:105 3:106", "12:101,102"),
        ((1, 1, 1, 1, 3), "1:101 2:102 2:103 3:104", "33:105,106,107"),
        ((1, 3, 3, 1), "1:101", "223:102,103,104 33:105,106,107"),
        ((7,), "", "122333:101,102,103,104,105,106,107"),
        ((1, 1, 1, 1, 1, 1, 2), "1:101 2:102 2:103 3:104 3:105 3:106", ""),
    ],
)
def test_prizes_that_equals_straddle_are_left_undecided(sizes: tuple[int, ...], expected: str, undecided: str) -> None:
    digit = {"Giải Nhất": "1", "Giải Nhì": "2", "Giải Ba": "3"}
    awards = award(tied(*sizes), SIX, ())
    assert " ".join(f"{digit[prize]}:{person}" for prize, person in winners(awards)) == expected
    among = [
        ("".join(digit[name] for name in names), ",".join(map(str, people))) for names, people in open_still(awards)
    ]
    assert " ".join(f"{names}:{people}" for names, people in among) == undecided


def test_an_undecided_prize_holds_the_prizes_and_the_standings_themselves() -> None:
    line = tied(2)
    assert award(line, SIX, ()).undecided == (Undecided((FIRST, SECOND), line),)


def test_undecided_prizes_are_told_with_how_many_of_each() -> None:
    (undecided,) = award(tied(4), SIX, ()).undecided
    assert undecided.words == ("01 Giải Nhất", "02 Giải Nhì", "01 Giải Ba")


def test_striking_one_of_two_equals_decides_it() -> None:
    awards = award(tied(2, 1), [FIRST], {101})
    assert (won(awards), open_still(awards)) == ([("Giải Nhất", 102, 103)], [])


def test_equals_stay_equal_when_the_one_between_them_is_struck() -> None:
    assert open_still(award(tied(3, 1), [FIRST], {102})) == [(["Giải Nhất"], [101, 103])]


def test_the_runner_up_of_an_equal_is_the_other_equal() -> None:
    assert won(award(tied(2, 1), [SECOND], ())) == [("Giải Nhì", 101, 102), ("Giải Nhì", 102, 103)]


def rounds(*orders: tuple[int, ...], prizes: tuple[Prize, ...] = SIX) -> list[Round]:
    return [Round(standings=in_order(*people), prizes=prizes) for people in orders]


WEEK_1, WEEK_2 = (1, 2, 3, 4, 5, 6, 7, 8, 9), (3, 1, 2, 10, 11, 12, 13, 14, 15)


def test_without_a_limit_one_person_wins_every_week() -> None:
    first, second = award_rounds(rounds(WEEK_1, WEEK_2), OnePrize.OFF)
    assert [person for _, person in winners(first)] == [1, 2, 3, 4, 5, 6]
    assert [person for _, person in winners(second)] == [3, 1, 2, 10, 11, 12]


def test_a_winner_is_passed_over_in_later_weeks() -> None:
    first, second = award_rounds(rounds(WEEK_1, WEEK_2), OnePrize.BAR_LATER_WEEKS)
    assert [person for _, person in winners(first)] == [1, 2, 3, 4, 5, 6]
    assert [person for _, person in winners(second)] == [10, 11, 12, 13, 14, 15]


def test_a_winner_of_any_earlier_week_is_passed_over() -> None:
    each = award_rounds(rounds((1, 2), (1, 2), (2, 1, 3), prizes=(FIRST,)), OnePrize.BAR_LATER_WEEKS)
    assert [winners(one) for one in each] == [[("Giải Nhất", 1)], [("Giải Nhất", 2)], [("Giải Nhất", 3)]]


def test_a_winner_is_passed_over_for_lesser_prizes_of_later_weeks_too() -> None:
    first, second = award_rounds(rounds((1, 2), (3, 1, 4, 5), prizes=(FIRST, SECOND)), OnePrize.BAR_LATER_WEEKS)
    assert winners(first) == [("Giải Nhất", 1), ("Giải Nhì", 2)]
    assert winners(second) == [("Giải Nhất", 3), ("Giải Nhì", 4), ("Giải Nhì", 5)]


def test_people_struck_stay_struck_where_winners_are_barred() -> None:
    line = [Round(standings=in_order(1, 2, 3), prizes=(FIRST,), struck={2}) for _ in range(2)]
    assert [winners(one) for one in award_rounds(line, OnePrize.BAR_LATER_WEEKS)] == [
        [("Giải Nhất", 1)],
        [("Giải Nhất", 3)],
    ]


def test_each_keeps_the_best_prize_and_the_next_move_up() -> None:
    first, second = award_rounds(rounds(WEEK_1, WEEK_2), OnePrize.KEEP_BEST)
    assert winners(first) == [
        ("Giải Nhất", 1), ("Giải Nhì", 2), ("Giải Nhì", 4), ("Giải Ba", 5), ("Giải Ba", 6), ("Giải Ba", 7),
    ]  # fmt: skip
    assert winners(second) == [
        ("Giải Nhất", 3), ("Giải Nhì", 10), ("Giải Nhì", 11), ("Giải Ba", 12), ("Giải Ba", 13), ("Giải Ba", 14),
    ]  # fmt: skip


def test_of_equal_prizes_the_earlier_weeks_is_kept() -> None:
    each = award_rounds(rounds((1, 2, 3), (1, 2, 3), (1, 2, 3), prizes=(FIRST,)), OnePrize.KEEP_BEST)
    assert [winners(one) for one in each] == [[("Giải Nhất", 1)], [("Giải Nhất", 2)], [("Giải Nhất", 3)]]


def test_who_declined_a_prize_still_wins_a_better_one_that_becomes_free_in_that_week() -> None:
    """1 keeps the first prize of week 1, so 2, who had a second prize in both weeks, has the first one of week 2."""
    first, second = award_rounds(rounds((1, 2, 3, 4), (1, 2, 5, 6), prizes=(FIRST, SECOND)), OnePrize.KEEP_BEST)
    assert winners(first) == [("Giải Nhất", 1), ("Giải Nhì", 3), ("Giải Nhì", 4)]
    assert winners(second) == [("Giải Nhất", 2), ("Giải Nhì", 5), ("Giải Nhì", 6)]


def test_money_decides_what_is_better_where_both_prizes_state_it() -> None:
    week = Round(standings=in_order(1, 2, 3), prizes=[Prize("Giải Nhất", 1, 1_000_000)])
    whole = Round(
        standings=in_order(4, 1, 5),
        prizes=[Prize("Giải Nhất", 1, 5_000_000, Per.CONTEST), Prize("Giải Nhì", 1, 3_000_000, Per.CONTEST)],
    )
    one, other = award_rounds([week, whole], OnePrize.KEEP_BEST)
    assert winners(one) == [("Giải Nhất", 2)]
    assert winners(other) == [("Giải Nhất", 4), ("Giải Nhì", 1)]


def test_the_larger_sum_is_kept_whichever_week_it_is_of() -> None:
    large, small = Prize("Giải Nhì", 1, 3_000_000), Prize("Giải Nhất", 1, 1_000_000)
    for prizes in ((large, small), (small, large)):
        each = award_rounds([Round(standings=in_order(1, 2), prizes=[one]) for one in prizes], OnePrize.KEEP_BEST)
        assert {winner: prize for one in each for prize, winner in winners(one)} == {1: "Giải Nhì", 2: "Giải Nhất"}


def test_equal_money_is_equal_whatever_the_prizes_are_called() -> None:
    line = [
        Round(standings=in_order(1, 2), prizes=[Prize("Giải Nhất", 1), Prize("Giải Nhì", 1, 500_000)]),
        Round(standings=in_order(2, 3), prizes=[Prize("Giải Nhất", 1, 500_000)]),
    ]
    assert [winners(one) for one in award_rounds(line, OnePrize.KEEP_BEST)] == [
        [("Giải Nhất", 1), ("Giải Nhì", 2)],
        [("Giải Nhất", 3)],
    ]


def test_without_money_the_place_in_the_list_decides() -> None:
    line = [
        Round(standings=in_order(9, 1, 2), prizes=[FIRST, Prize("Giải Nhì", 1, 500_000)]),
        Round(standings=in_order(1, 3), prizes=[FIRST]),
    ]
    assert [winners(one) for one in award_rounds(line, OnePrize.KEEP_BEST)] == [
        [("Giải Nhất", 9), ("Giải Nhì", 2)],
        [("Giải Nhất", 1)],
    ]


def test_the_runner_up_of_who_keeps_a_prize_is_not_somebody_who_declined_it() -> None:
    first, second = award_rounds(rounds((1, 2), (3, 1, 4), prizes=(FIRST, SECOND)), OnePrize.KEEP_BEST)
    assert won(first) == [("Giải Nhất", 1, 2), ("Giải Nhì", 2, None)]
    assert won(second) == [("Giải Nhất", 3, 1), ("Giải Nhì", 4, None)]


def test_who_has_won_leaves_a_tie_for_a_lesser_prize() -> None:
    line = [
        Round(standings=tied(1, 2), prizes=[FIRST, Prize("Giải Nhì", 1)]),
        Round(standings=in_order(102, 5), prizes=[FIRST]),
    ]
    first, second = award_rounds(line, OnePrize.KEEP_BEST)
    assert (winners(first), open_still(first)) == ([("Giải Nhất", 101), ("Giải Nhì", 103)], [])
    assert winners(second) == [("Giải Nhất", 102)]


def test_who_may_yet_win_a_better_prize_keeps_the_lesser_one_until_it_is_decided() -> None:
    line = [
        Round(standings=tied(2, 1), prizes=[FIRST]),
        Round(standings=in_order(5, 101, 6), prizes=[FIRST, Prize("Giải Nhì", 1)]),
    ]
    first, second = award_rounds(line, OnePrize.KEEP_BEST)
    assert open_still(first) == [(["Giải Nhất"], [101, 102])]
    assert winners(second) == [("Giải Nhất", 5), ("Giải Nhì", 101)]


@st.composite
def lines(draw: st.DrawFn) -> tuple[Standing, ...]:
    """Some of fifteen people, some of them in ties that no step parts, some with nothing right."""
    people = draw(st.lists(st.integers(101, 115), unique=True, max_size=15))
    scores = sorted(draw(st.lists(st.integers(0, 3), min_size=len(people), max_size=len(people))), reverse=True)
    parted = draw(st.lists(st.booleans(), min_size=len(people), max_size=len(people)))
    return tuple(
        standing(place, score, person, "time_taken" if by_time or next_score != score else "")
        for place, (person, score, next_score, by_time) in enumerate(
            zip(people, scores, [*scores[1:], None], parted, strict=False), start=1
        )
    )


def parted(line: tuple[Standing, ...]) -> tuple[Standing, ...]:
    return tuple(Standing(one.place, one.rank, one.result, "time_taken") for one in line)


prize_lists = st.lists(st.integers(0, 4), max_size=4).map(
    lambda counts: tuple(Prize(f"Giải {n}", count) for n, count in enumerate(counts))
)
struck_people = st.sets(st.integers(101, 115), max_size=6)


@given(line=lines(), prizes=prize_lists, struck=struck_people)
def test_without_ties_the_first_entitled_win_in_order(
    line: tuple[Standing, ...], prizes: tuple[Prize, ...], struck: set[int]
) -> None:
    awards = award(parted(line), prizes, struck)
    entitled = [one.result.person for one in line if one.result.score and one.result.person not in struck]
    each = [prize.name for prize in prizes for _ in range(prize.count)]
    assert winners(awards) == list(zip(each, entitled, strict=False))
    assert awards.undecided == ()


@given(line=lines(), prizes=prize_lists, struck=struck_people)
def test_every_prize_is_given_once_or_left_undecided_once(
    line: tuple[Standing, ...], prizes: tuple[Prize, ...], struck: set[int]
) -> None:
    awards = award(line, prizes, struck)
    each = [one.prize for one in awards.awards] + [prize for tie in awards.undecided for prize in tie.prizes]
    people = [one.standing for one in awards.awards] + [one for tie in awards.undecided for one in tie.standings]
    entitled = [one for one in line if one.result.score and one.result.person not in struck]
    assert all(each.count(prize) <= prize.count for prize in prizes)
    assert len(each) == min(sum(prize.count for prize in prizes), len(entitled))
    assert len({one.place for one in people}) == len(people)
    assert sorted(one.place for one in people) == [one.place for one in entitled[: len(people)]]
    for tie in awards.undecided:
        assert len(set(tie.prizes)) > 1 or len(tie.prizes) < len(tie.standings)


@given(line=lines(), prizes=prize_lists, struck=st.integers(101, 115))
def test_striking_somebody_moves_up_exactly_those_below(
    line: tuple[Standing, ...], prizes: tuple[Prize, ...], struck: int
) -> None:
    before, after = award(parted(line), prizes, ()), award(parted(line), prizes, {struck})
    kept, moved = winners(before), winners(after)
    places = [person for _, person in kept]
    if struck not in places:
        assert moved == kept
        return
    at = places.index(struck)
    assert moved[:at] == kept[:at]
    assert [person for _, person in moved[at : len(kept) - 1]] == places[at + 1 :]
    assert [prize for prize, _ in moved] == [prize for prize, _ in kept][: len(moved)]
    assert len(moved) in {len(kept), len(kept) - 1}


several_rounds = st.lists(
    st.builds(Round, standings=lines(), prizes=prize_lists, struck=struck_people),
    max_size=4,
)


@given(each=several_rounds, rule=st.sampled_from([OnePrize.KEEP_BEST, OnePrize.BAR_LATER_WEEKS]))
def test_nobody_wins_twice_nor_more_than_there_is(each: list[Round], rule: OnePrize) -> None:
    all_awards = award_rounds(each, rule)
    everyone = [person for awards in all_awards for _, person in winners(awards)]
    assert len(set(everyone)) == len(everyone)
    for one, awards in zip(each, all_awards, strict=True):
        names = [name for name, _ in winners(awards)] + [name for names, _ in open_still(awards) for name in names]
        assert all(names.count(prize.name) <= prize.count for prize in one.prizes)
        assert not awards.winners & set(one.struck)


@given(each=several_rounds)
def test_nobody_ahead_of_a_winner_goes_home_with_less(each: list[Round]) -> None:
    """Without ties: whoever stands above a winner holds a prize at least as good, from this round or another."""
    each = [Round(standings=parted(tuple(one.standings)), prizes=one.prizes, struck=one.struck) for one in each]
    all_awards = award_rounds(each, OnePrize.KEEP_BEST)
    rung = {person: int(name.split()[1]) for awards in all_awards for name, person in winners(awards)}
    for one, awards in zip(each, all_awards, strict=True):
        for name, winner in winners(awards):
            ahead = [s.result.person for s in one.standings if s.result.score and s.result.person not in one.struck]
            for person in ahead[: ahead.index(winner)]:
                assert rung[person] <= int(name.split()[1])


@given(each=several_rounds)
def test_keeping_the_best_leaves_nobody_with_less_than_any_week_gave_alone(each: list[Round]) -> None:
    each = [Round(standings=parted(tuple(one.standings)), prizes=one.prizes, struck=one.struck) for one in each]
    alone = award_rounds(each, OnePrize.OFF)
    kept = {p: int(n.split()[1]) for awards in award_rounds(each, OnePrize.KEEP_BEST) for n, p in winners(awards)}
    for awards in alone:
        for name, person in winners(awards):
            assert kept[person] <= int(name.split()[1])


@pytest.mark.parametrize(
    ("prize", "sentence"),
    [
        (Prize("Giải Nhất", 1), "Mỗi tuần: 01 Giải Nhất."),
        (Prize("Giải Ba", 3, 500_000), "Mỗi tuần: 03 Giải Ba, mỗi giải 500.000 đồng."),
        (Prize("Giải Khuyến khích", 12, 1_250_000, Per.CONTEST),
         "Cả hội thi: 12 Giải Khuyến khích, mỗi giải 1.250.000 đồng."),
        (Prize("Giải Nhì", 2, 0), "Mỗi tuần: 02 Giải Nhì, mỗi giải 0 đồng."),
    ],
)  # fmt: skip
def test_a_prize_prints_itself(prize: Prize, sentence: str) -> None:
    assert prize.sentence == sentence


def test_how_much_one_person_may_win_prints_itself() -> None:
    assert [rule.sentence for rule in OnePrize] == [
        "Một người có thể được giải ở nhiều tuần.",
        "Mỗi người chỉ nhận một giải trong cả hội thi: người được nhiều giải thì nhận giải cao nhất, các giải ngang "
        "nhau thì nhận giải của tuần trước; giải không nhận trao cho người xếp kế tiếp.",
        "Người đã được giải của một tuần không được xét giải của các tuần sau.",
    ]


def test_what_a_prize_needs_prints_itself() -> None:
    assert [needs.sentence for needs in Needs] == [
        "Chỉ xét giải cho người trả lời đúng ít nhất một câu hỏi.",
        "Chỉ xét giải cho người trả lời đúng tất cả các câu hỏi.",
    ]
