"""A publication as documents tell it: sixty agencies, odd names, equal rates, a tie, a ruling, and the week before."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from quiz.scoring.participation import Basis, Turnout
from quiz.scoring.rulings import Kind, RuledQuestion
from quiz.services.letter_facts import LetterFacts
from quiz.services.published import (
    Publication,
    PublishedAgency,
    PublishedDivision,
    PublishedKind,
    PublishedTie,
    PublishedWinner,
)
from quiz.vietnamese import HANOI

KINDS = {"city": "Cơ quan, đơn vị thuộc thành phố", "central": "Cơ quan Trung ương trên địa bàn"}
ODD = "A & <B> {{ 7*7 }}"
NOBODY = Turnout(headcount=0, exempt=0, people=0)


def agency(place: int, headcount: int, people: int, exempt: int = 0) -> PublishedAgency:
    """One agency; every sixth is a central one."""
    kind = "central" if place % 6 == 5 else "city"
    return PublishedAgency(
        name=ODD if place == 7 else f"Sở {place}",
        kind=kind,
        kind_words=KINDS[kind],
        headcount=headcount,
        exempt=exempt,
        people=people,
        contest_headcount=headcount,
        contest_exempt=exempt,
        contest_people=min(headcount - exempt, people + 3),
        threshold="7/10" if kind == "city" else "1/2",
    )


def agencies() -> tuple[PublishedAgency, ...]:
    """Sixty of them, of which three have everybody and one is too small to compare."""
    many = [agency(place, 100 + place * 7, 40 + place * 5, place % 4) for place in range(56)]
    whole = [agency(place, 50, 50) for place in (56, 57, 58)]
    return (*many, *whole, agency(59, 4, 0))


def winner(prize: str, amount: int | None, rank: int, name: str = "Lê Thị Ổn", where: str = "Sở 1") -> PublishedWinner:
    """One of the winners."""
    return PublishedWinner(prize=prize, amount=amount, rank=rank, name=name, agency=where, why=f"lý do hạng {rank}")


def publication(**otherwise: object) -> Publication:
    """The second publication of week 2."""
    found = agencies()
    kinds = tuple(
        PublishedKind(
            kind=kind,
            words=words,
            agencies=sum(one.kind == kind for one in found),
            week=sum((one.week for one in found if one.kind == kind), NOBODY),
            contest=sum((one.contest for one in found if one.kind == kind), NOBODY),
            ranked=sum(one.people for one in found if one.kind == kind),
            attempts=sum(one.people for one in found if one.kind == kind) + len(kind),
        )
        for kind, words in KINDS.items()
    )
    people = sum(kind.ranked for kind in kinds)
    division = PublishedDivision(
        code="",
        name="",
        people=people,
        attempts=sum(kind.attempts for kind in kinds),
        all_right=people // 3,
        questions=20,
        target=None,
        winners=(
            winner("Giải Nhất", 2_000_000, 1, ODD, ODD),
            winner("Giải Nhì", 1_000_000, 2),
            winner("Giải Nhì", 1_000_000, 3),
            winner("Giải Ba", 500_000, 4),
        ),
        tied=(PublishedTie(prizes=("02 Giải Ba",), people=3),),
        full=20,
        bands=((20, people // 3), (17, people // 3), (9, people - 2 * (people // 3) - 7), (2, 4), (0, 3)),
    )
    ruling = RuledQuestion(
        question="T-001", text="Câu sai?", kind=Kind.VOID, answers=(), decision="15/QĐ-BTC", reason="Đáp án sai."
    )
    facts = {
        "week": 2,
        "number": 2,
        "published_at": datetime(2024, 10, 19, 2, 0, tzinfo=UTC),
        "reason": "Một người thuộc Tổ ra đề.",
        "digest": "d" * 64,
        "lot_seed": "5" * 64,
        "divisions": (division,),
        "overall": (),
        "collective": (),
        "agencies": found,
        "total": sum((kind.week for kind in kinds), NOBODY),
        "kinds": kinds,
        "rulings": (ruling,),
    }
    return Publication(**{**facts, **otherwise})  # type: ignore[arg-type]


def facts(**otherwise: object) -> LetterFacts:
    """What the documents of that publication say."""
    now = publication()
    (division,) = now.divisions
    before = replace(now, divisions=(replace(division, people=division.people - 321, attempts=division.attempts + 5),))
    known = {
        "title": "Hội thi thử nghiệm",
        "plan": "Kế hoạch số 1/KH-UBND",
        "zone": HANOI,
        "week_name": "Tuần 2",
        "opens_at": datetime(2024, 10, 13, 17, 0, tzinfo=UTC),
        "closes_at": datetime(2024, 10, 18, 17, 0, tzinfo=UTC),
        "basis": Basis.CONTEST,
        "publication": now,
        "before": before,
        "before_name": "Tuần 1",
    }
    return LetterFacts(**{**known, **otherwise})  # type: ignore[arg-type]
