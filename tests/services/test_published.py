"""A publication as it is read back, from whichever version of the software stored it, and whom it gives what."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime

from quiz.models.results import DbPublication
from quiz.scoring.participation import Turnout
from quiz.services.published import (
    Figures,
    PublishedBlock,
    PublishedDivision,
    PublishedOverall,
    PublishedPlace,
    PublishedTie,
    PublishedWinner,
    read_publication,
)

PUBLISHED = datetime(2024, 10, 11, 11, 0, tzinfo=UTC)


def test_a_publication_of_the_first_version_is_still_read() -> None:
    body = {
        "week": 1,
        "number": 1,
        "published_at": PUBLISHED.isoformat(),
        "reason": "",
        "people": 7,
        "attempts": 9,
        "all_right": 5,
        "questions": 5,
        "lot_seed": "00",
        "winners": [{"prize": "Giải Nhất", "rank": 1, "name": "Lê Thị 1", "agency": "Cơ quan H1", "why": "nhanh"}],
        "agencies": [
            {
                "name": "Cơ quan H1",
                "kind": "city",
                "headcount": 10,
                "exempt": 1,
                "people": 7,
                "contest_headcount": 10,
                "contest_exempt": 1,
                "contest_people": 7,
                "threshold": "7/10",
            }
        ],
    }
    row = DbPublication(
        week_id=1, number=1, published_at=PUBLISHED, published_by=1, reason="", body=json.dumps(body), digest="d" * 64
    )
    read = read_publication(row)
    assert [(one.code, one.people, one.attempts, one.all_right, one.target) for one in read.divisions] == [
        ("", 7, 9, 5, None)
    ]
    assert [(winner.name, winner.amount) for winner in read.winners] == [("Lê Thị 1", None)]
    assert (read.total.headcount, read.total.people, read.overall, read.collective) == (10, 7, (), ())
    assert [agency.kind_words for agency in read.agencies] == ["Cơ quan, đơn vị thuộc thành phố"]
    assert read.digest == "d" * 64


WINNER = PublishedWinner(prize="Giải Nhất", amount=1, rank=1, name="Lê Thị A", agency="Sở A", why="nhanh")
DIVISION = PublishedDivision(
    code="", name="", people=3, attempts=3, all_right=1, questions=5, target=None, winners=(WINNER,), tied=()
)
OVERALL = PublishedOverall(code="", name="", winners=(WINNER,), tied=())
PLACE = PublishedPlace(rank=1, agency="Sở A", why="hơn", prize="Giải tập thể")
BLOCK = PublishedBlock(name="Khối A", places=(PLACE,), struck=0, tied=())
FIGURES = Figures(
    lot_seed="00",
    divisions=(DIVISION,),
    overall=(OVERALL,),
    collective=(BLOCK,),
    agencies=(),
    total=Turnout(headcount=9, exempt=0, people=3),
)


def test_other_figures_or_reasons_give_the_same_prizes() -> None:
    reworded = replace(DIVISION, people=4, winners=(replace(WINNER, why="nhanh hơn", amount=None),))
    assert FIGURES.gives_as(replace(FIGURES, divisions=(reworded,), lot_seed="01"))
    unranked = replace(BLOCK, places=(PLACE, replace(PLACE, rank=2, prize="")))
    assert FIGURES.gives_as(replace(FIGURES, collective=(unranked,)))


def test_another_winner_tie_or_agency_is_another_prize() -> None:
    other, tie = replace(WINNER, agency="Sở B"), PublishedTie(prizes=("01 Giải Ba",), people=2)
    for changed in (
        replace(FIGURES, divisions=(replace(DIVISION, winners=(other,)),)),
        replace(FIGURES, divisions=(replace(DIVISION, tied=(tie,)),)),
        replace(FIGURES, overall=(replace(OVERALL, winners=(other,)),)),
        replace(FIGURES, overall=()),
        replace(FIGURES, collective=(replace(BLOCK, places=(replace(PLACE, agency="Sở B"),)),)),
        replace(FIGURES, collective=(replace(BLOCK, tied=(("01 Giải tập thể",),)),)),
    ):
        assert not FIGURES.gives_as(changed)
