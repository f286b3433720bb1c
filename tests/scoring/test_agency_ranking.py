"""Places and prizes of agencies: exact, in blocks, equals left to people, and each place says why."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from quiz.scoring.agency_ranking import BlockRanking, StruckAgency, UndecidedAgencies, rank_agencies
from quiz.scoring.collective import AgencyFigures, Block, Collective, Measure
from quiz.scoring.participation import AgencyKind, Turnout
from quiz.scoring.prizes import Prize

FIRST, SECOND = Prize("Giải Nhất", 1), Prize("Giải Nhì", 2)
ALL = Block(name="Toàn thành phố", prizes=(FIRST, SECOND))
BY_ORDER = Collective(blocks=(ALL,), order=tuple(Measure))
BY_WEIGHTS = Collective(
    blocks=(ALL,), weights={Measure.PARTICIPATION: Fraction(60, 100), Measure.AVERAGE_SCORE: Fraction(40, 100)}
)


def agency(
    code: str, people: int = 50, of: int = 100, score: int = 80, full: int = 100, wins: int = 0, attempts: int = 60
) -> AgencyFigures:
    return AgencyFigures(
        code=code,
        name=f"Sở {code}",
        kind=AgencyKind.CITY,
        turnout=Turnout(headcount=of, exempt=0, people=people),
        score=score,
        full=full,
        prizes={"Giải Nhất": wins},
        attempts=attempts,
    )


def places(ranking: BlockRanking) -> list[tuple[int, str, str | None]]:
    return [(one.rank, one.agency.code, one.prize.name if one.prize else None) for one in ranking.places]


def reasons(ranking: BlockRanking) -> list[str]:
    return [one.why for one in ranking.places]


def test_the_measures_decide_one_after_the_other() -> None:
    figures = [
        agency("A", people=900, of=1000),
        agency("B", people=90, score=1900, full=2000),
        agency("C", people=90, score=90, wins=2),
        agency("D", people=90, score=90, wins=1, attempts=1100),
        agency("E", people=90, score=90, wins=1, attempts=1099),
    ]
    (ranking,) = rank_agencies(BY_ORDER, reversed(figures))
    assert places(ranking) == [
        (1, "B", "Giải Nhất"),
        (2, "C", "Giải Nhì"),
        (3, "D", "Giải Nhì"),
        (4, "E", None),
        (5, "A", None),
    ]
    assert reasons(ranking) == [
        "cùng tỷ lệ tham gia 90,00%, điểm trung bình 95,00% (1.900/2.000 điểm) so với 90,00% (90/100 điểm) của hạng 2",
        "cùng tỷ lệ tham gia 90,00%, cùng điểm trung bình 90,00%, điểm giải cá nhân 2 so với 1 của hạng 3",
        "cùng tỷ lệ tham gia 90,00%, cùng điểm trung bình 90,00%, cùng điểm giải cá nhân 1, số lượt dự thi 1.100 so "
        "với 1.099 của hạng 4",
        "cùng tỷ lệ tham gia 90,00%, điểm trung bình 90,00% (90/100 điểm) so với 80,00% (80/100 điểm) của hạng 5",
        "tỷ lệ tham gia 90,00% (900/1.000 người), điểm trung bình 80,00% (80/100 điểm), điểm giải cá nhân 0, số lượt "
        "dự thi 60",
    ]


def test_a_reason_shows_as_many_decimals_as_part_the_two() -> None:
    (ranking,) = rank_agencies(BY_ORDER, [agency("A", 2999, 30_000), agency("B", 29_991, 300_000)])
    assert reasons(ranking)[0] == (
        "tỷ lệ tham gia 9,997% (29.991/300.000 người) so với 9,996% (2.999/30.000 người) của hạng 2"
    )


def test_a_weighted_sum_decides_and_shows_its_terms() -> None:
    figures = [agency("A", people=45, of=50, score=5, full=6), agency("B", people=70, score=100), agency("C")]
    (ranking,) = rank_agencies(BY_WEIGHTS, figures)
    assert places(ranking) == [(1, "A", "Giải Nhất"), (2, "B", "Giải Nhì"), (3, "C", "Giải Nhì")]
    assert reasons(ranking) == [
        "tổng điểm 87,33 (60% × 90,00 + 40% × 83,33) so với 82,00 (60% × 70,00 + 40% × 100,00) của hạng 2",
        "tổng điểm 82,00 (60% × 70,00 + 40% × 100,00) so với 62,00 (60% × 50,00 + 40% × 80,00) của hạng 3",
        "tổng điểm 62,00 (60% × 50,00 + 40% × 80,00)",
    ]


def test_in_a_sum_prizes_count_as_they_are_and_entries_against_the_most_of_those_ranked() -> None:
    rules = Collective(
        blocks=(ALL,),
        weights={Measure.PRIZES: Fraction(1), Measure.ENTRIES: Fraction(1, 2)},
        prize_points={"Giải Nhất": 10},
        least_participation=Fraction(1, 2),
    )
    figures = [agency("A", wins=2, attempts=50), agency("B", attempts=200), agency("C", people=49, attempts=10_000)]
    (ranking,) = rank_agencies(rules, figures)
    assert reasons(ranking) == [
        "tổng điểm 50,00 (100% × 0,00 + 50% × 100,00) so với 32,50 (100% × 20,00 + 50% × 25,00) của hạng 2",
        "tổng điểm 32,50 (100% × 20,00 + 50% × 25,00)",
    ]


def test_without_any_attempts_entries_part_nobody() -> None:
    rules = Collective(blocks=(ALL,), weights={Measure.ENTRIES: Fraction(1)})
    (ranking,) = rank_agencies(rules, [agency("A", attempts=0), agency("B", attempts=0)])
    assert places(ranking) == [(1, "A", None), (1, "B", None)]
    assert reasons(ranking) == [
        "bằng Sở B mọi tiêu chí: tổng điểm 0,00 (100% × 0,00)",
        "tổng điểm 0,00 (100% × 0,00)",
    ]


def test_equals_share_a_rank_and_what_they_straddle_is_left_undecided() -> None:
    figures = [agency("C", people=60), agency("A"), agency("D"), agency("B")]
    (ranking,) = rank_agencies(BY_ORDER, figures)
    assert places(ranking) == [(1, "C", "Giải Nhất"), (2, "A", None), (2, "B", None), (2, "D", None)]
    assert ranking.undecided == (
        UndecidedAgencies(prizes=(SECOND, SECOND), agencies=(agency("A"), agency("B"), agency("D"))),
    )
    assert reasons(ranking)[1] == (
        "bằng Sở B mọi tiêu chí: tỷ lệ tham gia 50,00% (50/100 người), điểm trung bình 80,00% (80/100 điểm), điểm giải "
        "cá nhân 0, số lượt dự thi 60"
    )


def test_equals_with_a_prize_of_one_kind_each_have_it_and_the_rank_after_them_is_left_out() -> None:
    figures = [agency("A", people=60), agency("B"), agency("C"), agency("D", people=40)]
    (ranking,) = rank_agencies(BY_WEIGHTS, figures)
    assert places(ranking) == [(1, "A", "Giải Nhất"), (2, "B", "Giải Nhì"), (2, "C", "Giải Nhì"), (4, "D", None)]
    assert ranking.undecided == ()
    assert reasons(ranking)[1] == "bằng Sở C mọi tiêu chí: tổng điểm 62,00 (60% × 50,00 + 40% × 80,00)"


def test_agencies_struck_out_have_no_place_and_the_next_move_up() -> None:
    rules = Collective(blocks=(ALL,), order=(Measure.AVERAGE_SCORE,), least_participation=Fraction(1, 2))
    best = agency("A", people=45, score=100)
    (ranking,) = rank_agencies(rules, [best, agency("B")])
    assert places(ranking) == [(1, "B", "Giải Nhất")]
    assert ranking.struck == (StruckAgency(agency=best, why=("tỷ lệ tham gia 45,00% dưới 50%",)),)


def test_blocks_are_ranked_each_by_itself() -> None:
    named = Block(name="Khối A", agencies=frozenset({"A", "B"}), prizes=(FIRST,))
    ministry = Block(name="Khối Trung ương", kinds=frozenset({AgencyKind.CENTRAL}), prizes=(FIRST,))
    rules = Collective(blocks=(ALL, named, ministry), order=(Measure.PARTICIPATION,))
    everyone = [agency("A", 10), agency("B", 20), agency("C", 30)]
    assert [(ranking.block, places(ranking)) for ranking in rank_agencies(rules, everyone)] == [
        (ALL, [(1, "C", "Giải Nhất")]),
        (named, [(1, "B", "Giải Nhất"), (2, "A", None)]),
        (ministry, []),
    ]


agencies = st.lists(
    st.builds(
        agency,
        code=st.text("ABCDEFGH", min_size=1, max_size=3),
        people=st.integers(0, 4),
        of=st.integers(4, 6),
        score=st.integers(0, 5),
        full=st.integers(5, 6),
        wins=st.integers(0, 2),
        attempts=st.integers(0, 5),
    ),
    max_size=10,
    unique_by=lambda one: one.code,
)


@given(figures=agencies, counts=st.lists(st.integers(0, 3), max_size=3), by_weights=st.booleans())
def test_everybody_is_placed_or_struck_and_prizes_follow_the_order(
    figures: list[AgencyFigures], counts: list[int], by_weights: bool
) -> None:
    prizes = tuple(Prize(f"Giải {n}", count) for n, count in enumerate(counts))
    how = BY_WEIGHTS if by_weights else BY_ORDER
    rules = Collective(
        blocks=(Block(name="Khối", prizes=prizes),),
        order=how.order,
        weights=how.weights,
        least_participation=Fraction(1, 2),
    )
    (ranking,) = rank_agencies(rules, figures)
    assert rank_agencies(rules, reversed(figures)) == (ranking,)
    placed = [one.agency.code for one in ranking.places]
    assert sorted([*placed, *(one.agency.code for one in ranking.struck)]) == sorted(one.code for one in figures)
    assert all(one.agency.turnout.reaches(Fraction(1, 2)) for one in ranking.places)
    given_out = [one.prize for one in ranking.places if one.prize]
    open_still = [prize for tie in ranking.undecided for prize in tie.prizes]
    assert all([*given_out, *open_still].count(prize) <= prize.count for prize in prizes)
    assert len(given_out) + len(open_still) == min(sum(counts), len(placed))
    assert given_out == sorted(given_out, key=lambda prize: prize.name)
    for above, below in zip(ranking.places, ranking.places[1:], strict=False):
        is_tied = above.rank == below.rank
        assert is_tied == above.why.startswith(f"bằng {below.agency.name} mọi tiêu chí")
        if not is_tied:
            mine, theirs = above.why.rpartition(" so với ")[::2]
            assert mine != theirs
