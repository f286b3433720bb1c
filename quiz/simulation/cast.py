"""Who plays: made-up banks, agencies and people that fit any contest file, the same at every run."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from quiz.contest.schedule import Contest, Week
from quiz.demo.people import name_of, share
from quiz.questions.bank import LETTERS, Level
from quiz.scoring.participation import AgencyKind

PEOPLE_PER_AGENCY = 40
TAKING_PART = 0.85
MOST_ATTEMPTS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeUpAgency:
    """A made-up agency; `parent` is the code of the one above it, '' for most."""

    code: str
    name: str
    kind: AgencyKind
    parent: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Player:
    """A made-up person with a division and, now and then, compulsory groups."""

    number: int
    name: str
    agency: str
    division: str
    groups: tuple[str, ...]
    registered_before: timedelta

    @property
    def key(self) -> str:
        """What everything about the person is decided by."""
        return f"player {self.number}"

    @property
    def skill(self) -> float:
        """The share of questions that the person gets right; more than half of a real contest gets all."""
        return 1.0 if share("perfect", self.key) < 0.5 else 0.5 + 0.5 * share("skill", self.key)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sitting:
    """One attempt to be played: who, when it starts, how long it lasts, and what is predicted."""

    player: Player
    code: str
    starts_at: datetime
    lasts: timedelta
    prediction: int


def bank_text(contest: Contest, name: str) -> str:
    """A made-up bank, as a file, from which every paper drawn from the bank of that name can be filled."""
    papers = [
        paper
        for week in contest.rounds
        for division in contest.all_divisions
        if (paper := contest.paper_of(week, division.code)).bank == name
    ]
    quotas = [quota for paper in papers for quota in paper.quotas]
    topics = sorted({quota.topic for quota in quotas if quota.topic} | {t for paper in papers for t in paper.topics})
    most = max(paper.questions for paper in papers)
    parts = ["title: Bộ câu hỏi giả lập", "topics:", *(f"  {topic}: Chủ đề {topic}" for topic in topics or ["chung"])]
    parts.append("questions:")
    cells = [(topic, level, place) for topic in topics or ["chung"] for level in Level for place in range(most)]
    for number, (topic, level, place) in enumerate(cells, start=1):
        word = hashlib.sha256(f"{name} {number}".encode()).hexdigest()
        parts += [
            f"  - id: S-{number:05d}",
            f"    topic: {topic}",
            f"    level: {level.value}",
            f"    text: Nội dung giả lập {word[:12]} {word[12:24]} {word[24:36]} là gì?",
            "    options:",
            *(f"      {letter}: Phương án {word[at : at + 9]} thứ {letter}" for at, letter in enumerate(LETTERS)),
            f"    key: {LETTERS[place % len(LETTERS)]}",
            "    explanation: Giải thích giả lập.",
            "    document: Văn bản giả lập",
            "    valid_from: 1990-01-01",
        ]
    return "\n".join(parts) + "\n"


def agencies(contest: Contest, people: int) -> tuple[MadeUpAgency, ...]:
    """The agencies that the collective awards name, then others; every third is central, every fifth has one above."""
    blocks = contest.collective.blocks if contest.collective else ()
    codes = sorted({code for block in blocks for code in block.agencies})
    others = (f"CQ-{number:03d}" for number in range(1, max(3, people // PEOPLE_PER_AGENCY) + 1))
    codes += [code for code in others if code not in codes]
    return tuple(
        MadeUpAgency(
            code=code,
            name=f"Cơ quan giả lập {code}",
            kind=AgencyKind.CENTRAL if place % 3 == 2 else AgencyKind.CITY,
            parent=codes[place - 1] if place % 5 == 4 else "",
        )
        for place, code in enumerate(codes)
    )


def players(contest: Contest, people: int) -> Iterator[Player]:
    """So many people, spread over agencies, divisions and groups."""
    there, groups = agencies(contest, people), contest.participation.groups
    for number in range(1, people + 1):
        key = f"player {number}"
        yield Player(
            number=number,
            name=name_of(key),
            agency=there[number % len(there)].code,
            division=contest.all_divisions[number % len(contest.all_divisions)].code,
            groups=tuple(group.code for group in groups if share("group", group.code, key) < 0.3),
            registered_before=timedelta(seconds=int(9 * 86_400 * share("registered", key))),
        )


def sittings(contest: Contest, week: Week, cast: tuple[Player, ...]) -> list[Sitting]:
    """The attempts of a round, in order of time; some come when the rules no longer let them."""
    often = 1 if contest.attempts_of(week).is_once_a_week else MOST_ATTEMPTS
    made = [
        _sitting(week, player, turn, len(cast))
        for player in cast
        if share("in", player.key, str(week.number)) < TAKING_PART
        for turn in range(1 + int(often * share("often", player.key, str(week.number))))
    ]
    return sorted(made, key=lambda sitting: (sitting.starts_at, sitting.code))


def _sitting(week: Week, player: Player, turn: int, people: int) -> Sitting:
    about = (player.key, str(week.number), str(turn))
    digest = hashlib.sha256("|".join(("code", *about)).encode()).hexdigest()
    return Sitting(
        player=player,
        code=digest[:16].upper(),
        starts_at=_moment(week, share("start", *about)),
        lasts=timedelta(milliseconds=int(60_000 + 1_200_000 * share("pace", *about) ** 2)),
        prediction=int(people * (0.3 + share("guess", *about))),
    )


def _moment(week: Week, part: float) -> datetime:
    """The moment at which so much of the open time has passed."""
    spans = week.open_spans
    left = part * sum((span.end - span.start for span in spans), timedelta(0))
    for span in spans:
        if left < span.end - span.start:
            return span.start + left
        left -= span.end - span.start
    return spans[-1].end - timedelta(milliseconds=1)
