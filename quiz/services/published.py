"""A publication as it is read back: frozen figures, from whichever version of the software stored them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any

from quiz.models.results import DbPublication
from quiz.scoring.participation import AgencyKind, Turnout
from quiz.scoring.rulings import Kind as RulingKind
from quiz.scoring.rulings import RuledQuestion
from quiz.services.published_lot import PublishedLot, read_lot

Body = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedWinner:
    """A winner as the public sees it: the name in full and the agency, nothing more personal."""

    prize: str
    amount: int | None = None
    rank: int
    name: str
    agency: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedTie:
    """Prizes that the rules do not decide between so many people, until the value of `lot_event` is known, if named."""

    prizes: tuple[str, ...]
    people: int
    lot_event: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedDivision:
    """One division's week: people, attempts and people with everything right; the figure that was to be predicted."""

    code: str
    name: str
    people: int
    attempts: int
    all_right: int
    questions: int
    target: int | None
    winners: tuple[PublishedWinner, ...]
    tied: tuple[PublishedTie, ...]
    full: int = 0
    bands: tuple[tuple[int, int], ...] = ()
    """How many people reached each score, of at most `full` points, the highest first; older versions stored none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedOverall:
    """Who won the prizes over the whole contest in one division."""

    code: str
    name: str
    winners: tuple[PublishedWinner, ...]
    tied: tuple[PublishedTie, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedPlace:
    """An agency's place among its block; `prize` is '' where it wins none."""

    rank: int
    agency: str
    why: str
    prize: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedBlock:
    """The collective awards of one block, and how many of its agencies the rules leave out."""

    name: str
    places: tuple[PublishedPlace, ...]
    struck: int
    tied: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedAgency:
    """An agency's participation as published: this week and over the contest so far, in people."""

    name: str
    kind: str
    kind_words: str
    headcount: int
    exempt: int
    people: int
    contest_headcount: int
    contest_exempt: int
    contest_people: int
    threshold: str

    @property
    def week(self) -> Turnout:
        """Participation in the week."""
        return Turnout(headcount=self.headcount, exempt=self.exempt, people=self.people)

    @property
    def contest(self) -> Turnout:
        """Participation in at least one week so far."""
        return Turnout(headcount=self.contest_headcount, exempt=self.contest_exempt, people=self.contest_people)

    @property
    def limit(self) -> Fraction:
        """The threshold, exact."""
        return Fraction(self.threshold)


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedKind:
    """The agencies of one kind together: participation in people, those ranked, and attempts (lượt)."""

    kind: str
    words: str
    agencies: int
    week: Turnout
    contest: Turnout
    ranked: int
    attempts: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """All that is published of a week, but for when and why.

    An agency's figures may hold those of the agencies below it; `total` counts each person of the week once.
    `lot_seed` is '' where a public value draws the lots, `lot` None until it does.
    """

    lot_seed: str
    divisions: tuple[PublishedDivision, ...]
    overall: tuple[PublishedOverall, ...]
    collective: tuple[PublishedBlock, ...]
    agencies: tuple[PublishedAgency, ...]
    total: Turnout
    kinds: tuple[PublishedKind, ...] = ()
    rulings: tuple[RuledQuestion, ...] = ()
    """What was decided about questions found wrong, and so by what the week was marked."""
    lot: PublishedLot | None = None

    @property
    def winners(self) -> tuple[PublishedWinner, ...]:
        """The winners of the week, division after division."""
        return tuple(winner for division in self.divisions for winner in division.winners)

    @property
    def people(self) -> int:
        """How many people are ranked."""
        return sum(division.people for division in self.divisions)

    @property
    def attempts(self) -> int:
        """How many attempts (lượt) there were."""
        return sum(division.attempts for division in self.divisions)

    @property
    def all_right(self) -> int:
        """How many people answered everything rightly."""
        return sum(division.all_right for division in self.divisions)

    @property
    def units_within(self) -> bool:
        """Whether agencies are counted with the units under them, so that their rows add up to more than the total."""
        return sum(agency.headcount for agency in self.agencies) > self.total.headcount

    def gives_as(self, other: Figures) -> bool:
        """Whether the same people and agencies are given the same prizes."""
        return tuple(self.given()) == tuple(other.given())

    def is_marked_as(self, other: Figures) -> bool:
        """Whether the same was decided about the same questions."""
        return self.rulings == other.rulings

    def given(self) -> Iterator[tuple[object, ...]]:
        """Who is given what, list by list, and what is left undecided."""
        lists: tuple[PublishedDivision | PublishedOverall, ...] = (*self.divisions, *self.overall)
        for one in lists:
            yield (one.code, *((winner.prize, winner.name, winner.agency) for winner in one.winners), *one.tied)
        for block in self.collective:
            yield (block.name, *((place.prize, place.agency) for place in block.places if place.prize), *block.tied)


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication(Figures):
    """Lần công bố N. `digest` is the SHA-256 of the stored JSON."""

    week: int
    number: int
    published_at: datetime
    reason: str
    digest: str


def read_publication(row: DbPublication) -> Publication:
    """The publication of a row, whose digest stays that of the stored text."""
    body = _as_now(json.loads(row.body))
    return Publication(
        digest=row.digest,
        **body
        | {
            "published_at": datetime.fromisoformat(body["published_at"]),
            "divisions": tuple(PublishedDivision(**one | _prizes(one) | _bands(one)) for one in body["divisions"]),
            "overall": tuple(PublishedOverall(**one | _prizes(one)) for one in body["overall"]),
            "collective": tuple(_block(block) for block in body["collective"]),
            "agencies": tuple(map(_agency, body["agencies"])),
            "total": Turnout(**body["total"]),
            "kinds": tuple(map(_kind, body.get("kinds", ()))),
            "rulings": tuple(map(_ruling, body.get("rulings", ()))),
            "lot": read_lot(body.get("lot")),
        },
    )


def _as_now(body: Body) -> Body:
    """Before there were divisions, a publication held one list of winners and one set of figures."""
    if "divisions" in body:
        return body
    figures = {name: body.pop(name) for name in ("people", "attempts", "all_right", "questions", "winners")}
    only = {"code": "", "name": "", "target": None, "tied": [], **figures}
    total = {name: sum(agency[name] for agency in body["agencies"]) for name in ("headcount", "exempt", "people")}
    return body | {"divisions": [only], "overall": [], "collective": [], "total": total}


def _agency(body: Body) -> PublishedAgency:
    """Before contests had words of their own for the kinds of agencies, nothing was stored of them."""
    usual: Body = {"kind_words": AgencyKind(body["kind"]).words}
    return PublishedAgency(**usual | body)


def _kind(body: Body) -> PublishedKind:
    return PublishedKind(**body | {"week": Turnout(**body["week"]), "contest": Turnout(**body["contest"])})


def _ruling(body: Body) -> RuledQuestion:
    kept = {"kind": RulingKind(body["kind"]), "answers": tuple(map(tuple, body["answers"]))}
    return RuledQuestion(**body | kept)


def _bands(body: Body) -> Body:
    return {"bands": tuple((score, people) for score, people in body.get("bands", ()))}


def _prizes(body: Body) -> Body:
    return {"winners": _winners(body["winners"]), "tied": tuple(_tie(tie) for tie in body["tied"])}


def _winners(winners: Iterable[Body]) -> tuple[PublishedWinner, ...]:
    return tuple(PublishedWinner(**winner) for winner in winners)


def _tie(tie: Body) -> PublishedTie:
    return PublishedTie(**tie | {"prizes": tuple(tie["prizes"])})


def _block(block: Body) -> PublishedBlock:
    places = tuple(PublishedPlace(**place) for place in block["places"])
    return PublishedBlock(
        name=block["name"], places=places, struck=block["struck"], tied=tuple(map(tuple, block["tied"]))
    )
