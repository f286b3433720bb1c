"""Who would win what over several weeks: one prize each, prizes over the contest, and places read deep enough."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from quiz.services import awarding, publishing
from quiz.services.struck import Struck
from tests import makers
from tests.services import results_scene as scene
from tests.services.results_scene import DAY, DAY_2, MINUTE, bar, mark, mark_both, publish, shown, winners

FEW = """prizes:
  - {name: Giải Nhất, count: 1, amount: 3000000}
  - {name: Giải Nhì, count: 1, amount: 2000000}
"""
SIX = makers.CONTEST[makers.CONTEST.index("prizes:") : makers.CONTEST.index("participation:")]


def load(more: str = "", prizes: str = FEW, codes: str = "ABCD") -> dict[str, int]:
    """A contest with these prizes, and people of one agency."""
    makers.load_contest(makers.CONTEST.replace(SIX, prizes) + more)
    return scene.add_people(codes)


def sit(people: dict[str, int], order: str, number: int = 1) -> None:
    """These people sit a week, one minute slower each."""
    for place, code in enumerate(order):
        makers.sit(people[code], DAY if number == 1 else DAY_2, (place + 1) * MINUTE, number=number)


def given(session: Session, number: int = 1) -> str:
    """The staff codes of the winners, in the order of the prizes."""
    return "".join(code for _, _, code in winners(session, number))


def differs(session: Session, number: int = 1) -> bool:
    """Whether the newest publication of a week gives other prizes than the ranking now."""
    session.rollback()
    week = makers.week(session, number)
    publication = publishing.find_latest(session, week.contest, number)
    assert publication
    return not publication.gives_as(publishing.draft(session, week, scene.CLOSED_2).figures)


def test_each_week_gives_its_own_prizes_where_nothing_is_said(session: Session) -> None:
    people = load()
    sit(people, "ABC")
    sit(people, "ABC", 2)
    mark_both()
    assert (given(session, 1), given(session, 2)) == ("AB", "AB")


def test_whoever_won_a_week_is_passed_over_in_later_ones(session: Session) -> None:
    people = load("one_prize: bar_later_weeks\n")
    sit(people, "ABC")
    sit(people, "BACD", 2)
    mark_both()
    assert (given(session, 1), given(session, 2)) == ("AB", "CD")


def test_the_best_prize_is_kept_and_a_week_already_published_differs(session: Session) -> None:
    people = load("one_prize: keep_best\n")
    organiser = scene.add_organiser()
    sit(people, "ABC")
    sit(people, "BACD", 2)
    mark()
    assert given(session) == "AB"
    first = publish(session, organiser)
    assert not differs(session)
    mark(scene.CLOSED_2, 2)
    assert (given(session, 1), given(session, 2)) == ("AC", "BD")
    assert differs(session)
    second = publish(session, organiser, reason="Một người được giải cao hơn ở tuần sau")
    assert ([w.name[-1] for w in first.winners], [w.name[-1] for w in second.winners]) == (["A", "B"], ["A", "C"])
    assert not differs(session)


@pytest.mark.parametrize(("one_prize", "later"), [("bar_later_weeks", "CD"), ("keep_best", "BC"), ("off", "AB")])
def test_no_week_is_published_before_the_earlier_ones_on_which_its_prizes_depend(
    session: Session, one_prize: str, later: str
) -> None:
    people = load(f"one_prize: {one_prize}\n")
    organiser = scene.add_organiser()
    sit(people, "AB")
    sit(people, "ABCD", 2)
    mark(scene.CLOSED_2, 2)
    if one_prize != "off":
        assert scene.refused(lambda: publish(session, organiser, 2)) == "not_marked"
        mark()
    assert "".join(winner.name[-1] for winner in publish(session, organiser, 2).winners) == later


LASTING = FEW + "  - {name: Giải toàn cuộc, count: 1, amount: 9000000, per: contest}\n"


def overall_winners(session: Session, number: int) -> list[tuple[str, str, str]]:
    """Prize, winner and reason over the whole contest, as a week's page shows them."""
    lasting = shown(session, number).overall
    return [(won.prize, won.ranked.name[-1], won.why) for one in lasting for won in one.winners]


def test_the_last_week_brings_the_prizes_over_the_contest(session: Session) -> None:
    people = load(prizes=LASTING)
    organiser = scene.add_organiser()
    sit(people, "ABC")
    sit(people, "CBD", 2)
    mark(scene.CLOSED_2, 2)
    assert overall_winners(session, 2) == []
    mark()
    assert overall_winners(session, 1) == []
    # A and D sat one week only; B and C took four minutes each, and C handed in earlier in the end
    why = "cùng 10/10 câu đúng và cùng 4 phút 00 giây, nộp bài sớm hơn hạng 2"
    assert [(prize, who, said.partition(" (")[0]) for prize, who, said in overall_winners(session, 2)] == [
        ("Giải toàn cuộc", "C", why)
    ]
    made = publish(session, organiser, 2)
    assert [(w.prize, w.amount, w.name[-1], w.why) for w in made.overall[0].winners] == [
        ("Giải toàn cuộc", 9_000_000, "C", why)
    ]
    assert publish(session, organiser, 1).overall == ()
    bar(people["C"], session)
    assert differs(session, 2)
    assert [who for _, who, _ in overall_winners(session, 2)] == ["B"]


def test_a_prize_over_the_contest_can_be_the_best_that_is_kept(session: Session) -> None:
    people = load("one_prize: keep_best\n", prizes=LASTING)
    sit(people, "ABC")
    sit(people, "ABCD", 2)
    mark_both()
    assert [who for _, who, _ in overall_winners(session, 2)] == ["A"]
    assert (given(session, 1), given(session, 2)) == ("B", "CD")


def test_equals_whom_no_lot_parts_are_left_to_people_with_their_names(session: Session) -> None:
    people = load("ranking: [score, time_taken]\n")
    organiser = scene.add_organiser()
    sit(people, "A")
    for code in "BC":
        makers.sit(people[code], DAY, 2 * MINUTE)
    mark()
    ranking = shown(session).divisions[0]
    assert given(session) == "A"
    assert [(tie.prizes, tie.count, sorted(p.name[-1] for p in tie.people)) for tie in ranking.tied] == [
        (("01 Giải Nhì",), 2, ["B", "C"])
    ]
    (tie,) = publish(session, organiser).divisions[0].tied
    assert (tie.prizes, tie.people) == (("01 Giải Nhì",), 2)


def test_only_the_first_of_many_equals_are_named(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("quiz.services.results.SHOWN", 2)
    people = load("ranking: [score]\n")
    for code in "ABCD":
        makers.sit(people[code], DAY)
    mark()
    (tie,) = shown(session).divisions[0].tied
    assert (tie.prizes, tie.count, len(tie.people)) == (("01 Giải Nhất", "01 Giải Nhì"), 4, 2)


def test_many_people_without_anything_right_hide_no_winner(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("quiz.services.awarding.SHOWN", 1)
    people = load("ranking: [all_right, time_taken, lot]\n", codes="ABCDEFGHIJKLMNOP")
    for place, code in enumerate("ABCDEFGHIJKLMNOP"):
        makers.sit(people[code], DAY, (place + 1) * timedelta(seconds=20), right=1 if code in "NP" else 0)
    mark()
    assert given(session) == "NP"


def test_places_are_read_no_further_than_prizes_can_reach_and_no_tie_is_cut(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("quiz.services.awarding.SHOWN", 1)
    people = load("ranking: [score, time_taken]\n", prizes="prizes: [{name: Giải Nhất, count: 1}]\n", codes="ABCDEFGH")
    for code in "ABCDEFGH":
        makers.sit(people[code], DAY, 2 * MINUTE if code in "BCDE" else MINUTE, right=5 if code < "F" else 1)
    mark()
    session.rollback()
    contest = makers.week(session).contest
    (line,) = awarding.lines(session, contest, contest.rules.all_divisions[0], Struck()).weeks.values()
    assert [standing.rank for standing in line.standings] == [1, 2, 2, 2, 2]
