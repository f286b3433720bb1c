"""Made-up values on which an edited template is tried: one set with everything in it, one with almost nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from quiz.exports.letters import Letter, LetterFields, Values
from quiz.scoring.participation import Basis, Turnout
from quiz.scoring.rulings import Kind, RuledQuestion
from quiz.services.audit import Act
from quiz.services.letter_facts import LetterFacts
from quiz.services.letter_values import values
from quiz.services.machine import Event
from quiz.services.published import (
    Publication,
    PublishedAgency,
    PublishedBlock,
    PublishedDivision,
    PublishedKind,
    PublishedOverall,
    PublishedPlace,
    PublishedTie,
    PublishedWinner,
)
from quiz.vietnamese import HANOI

_WINNER = PublishedWinner(
    prize="Giải Nhất",
    amount=1_000_000,
    rank=1,
    name="Nguyễn Thị Mẫu",
    agency="Sở Mẫu",
    why="nhanh hơn hạng 2 là 1 giây",
)
_TIE = PublishedTie(prizes=("01 Giải Ba",), people=2)
_DIVISION = PublishedDivision(
    code="cong-chuc",
    name="Bảng công chức",
    people=3,
    attempts=4,
    all_right=1,
    questions=20,
    target=3,
    winners=(_WINNER, replace(_WINNER, prize="Giải Nhì", amount=None, rank=2, name="Trần Văn Mẫu")),
    tied=(_TIE,),
    full=20,
    bands=((20, 1), (10, 1), (0, 1)),
)
_PLACE = PublishedPlace(rank=1, agency="Sở Mẫu", why="tỷ lệ tham gia cao nhất", prize="Giải tập thể")
_TURNOUT = Turnout(headcount=40, exempt=0, people=30)


def samples(letter: Letter) -> tuple[Values, Values]:
    """The values of a document with everything in it, and of one with nothing that can be left out."""
    filled = LetterFields(superior="UBND", office="Sở Mẫu", grounds="Căn cứ Luật Mẫu", receivers="Ban Tổ chức")
    bare = replace(_full(), publication=_bare(), before=None, before_name="", plan="", struck=0, machine=())
    return values(letter, _full(), filled), values(letter, bare, LetterFields())


def _full() -> LetterFacts:
    return LetterFacts(
        title="Hội thi mẫu",
        plan="Kế hoạch mẫu",
        zone=HANOI,
        week_name="Tuần 2",
        opens_at=_AT,
        closes_at=_AT,
        basis=Basis.CONTEST,
        publication=_PUBLICATION,
        before=_PUBLICATION,
        before_name="Tuần 1",
        struck=1,
        head="0" * 64,
        machine=[Event(act=Act.FIND_RESTART, at=_AT, seconds=95.0, attempts=12)],
    )


def _bare() -> Publication:
    nobody = replace(
        _DIVISION, name="", people=0, attempts=0, all_right=0, target=None, winners=(), tied=(), bands=(), full=0
    )
    return replace(
        _PUBLICATION,
        divisions=(nobody,),
        overall=(),
        collective=(),
        agencies=(),
        total=Turnout(headcount=0, exempt=0, people=0),
        kinds=(),
        rulings=(),
        reason="",
    )


def _agency(name: str, people: int) -> PublishedAgency:
    return PublishedAgency(
        name=name,
        kind="city",
        kind_words="Cơ quan, đơn vị thuộc thành phố",
        headcount=20,
        exempt=0,
        people=people,
        contest_headcount=20,
        contest_exempt=0,
        contest_people=people,
        threshold="7/10",
    )


_AT = datetime(2024, 10, 11, 10, 0, tzinfo=UTC)
_PUBLICATION = Publication(
    week=2,
    number=1,
    published_at=_AT,
    reason="Lý do mẫu",
    digest="0" * 64,
    lot_seed="0" * 64,
    divisions=(_DIVISION, replace(_DIVISION, code="nguoi-dan", name="Bảng người dân")),
    overall=(PublishedOverall(code="", name="", winners=(_WINNER,), tied=(_TIE,)),),
    collective=(PublishedBlock(name="Khối mẫu", places=(_PLACE,), struck=1, tied=(("01 Giải tập thể",),)),),
    agencies=(_agency("Sở Mẫu", 20), _agency("Sở Khác", 10)),
    total=_TURNOUT,
    kinds=(
        PublishedKind(
            kind="city",
            words="Cơ quan, đơn vị thuộc thành phố",
            agencies=2,
            week=_TURNOUT,
            contest=_TURNOUT,
            ranked=6,
            attempts=8,
        ),
    ),
    rulings=(
        RuledQuestion(
            question="M-001", text="Câu mẫu?", kind=Kind.VOID, answers=(), decision="1/QĐ-BTC", reason="Lý do mẫu"
        ),
    ),
)
