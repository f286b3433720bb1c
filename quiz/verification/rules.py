"""`the-le.json`: what the rules of one week decide by, and the same read back into the rules that decide
(`docs/verification.md` §4).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any

from quiz.questions.bank import Level
from quiz.questions.paper import PaperRules, Quota
from quiz.scoring.chains import RESOLUTIONS, chain_of
from quiz.scoring.counted import Counts
from quiz.scoring.prediction import EqualDistance, Prediction, Scope, Target, Whose
from quiz.scoring.prizes import Needs, OnePrize, Prize
from quiz.scoring.resolution import Resolution
from quiz.scoring.tie_breaks import TieBreak

MILLISECOND = timedelta(milliseconds=1)
Json = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class DivisionRules:
    """One division as a verifier needs it; `bank` is the name of the bank of its papers."""

    code: str
    name: str
    bank: str
    paper: PaperRules
    chain: tuple[TieBreak, ...]
    prizes: tuple[Prize, ...]


@dataclass(frozen=True, kw_only=True)
class WeekRules:
    """The rules of one week. `lot_event` names the public event that lots are drawn by, None where a seed is."""

    contest: str
    title: str
    week: int
    zone: str
    opens_at: datetime
    closes_at: datetime
    grace: timedelta
    counts: Counts
    per_week: int | None
    prediction: Prediction | None
    one_prize: OnePrize
    needs: Needs
    lot_event: str | None
    divisions: tuple[DivisionRules, ...]

    def division(self, code: str) -> DivisionRules:
        """The division of that code; the first one for codes that are none."""
        return self._by_code.get(code, self.divisions[0])

    @cached_property
    def _by_code(self) -> dict[str, DivisionRules]:
        return {one.code: one for one in self.divisions}


def moment(at: datetime) -> str:
    """A moment as every document writes it: UTC, to the millisecond."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def written(rules: WeekRules) -> Json:
    """The document."""
    return {
        "contest": rules.contest,
        "title": rules.title,
        "week": rules.week,
        "zone": rules.zone,
        "opens_at": moment(rules.opens_at),
        "closes_at": moment(rules.closes_at),
        "grace_ms": rules.grace // MILLISECOND,
        "attempts": {"counts": rules.counts.value, "per_week": rules.per_week},
        "prediction": rules.prediction and _prediction(rules.prediction),
        "one_prize": rules.one_prize.value,
        "prize_needs": rules.needs.value,
        "lot": {"kind": "event", "event": rules.lot_event} if rules.lot_event else {"kind": "seed"},
        "divisions": [_division(one) for one in rules.divisions],
    }


def read(document: Json) -> WeekRules:
    """The rules of a document; raises KeyError, TypeError or ValueError where it is none."""
    asked, lot = document["prediction"], document["lot"]
    lot_event = lot["event"] if lot["kind"] == "event" else None
    prediction = asked and Prediction(
        text="",
        target=Target(asked["target"]),
        scope=Scope(asked["scope"]),
        equal_distance=EqualDistance(asked["equal_distance"]),
        whose=Whose(asked["whose"]),
    )
    return WeekRules(
        contest=document["contest"],
        title=document["title"],
        week=document["week"],
        zone=document["zone"],
        opens_at=datetime.fromisoformat(document["opens_at"]),
        closes_at=datetime.fromisoformat(document["closes_at"]),
        grace=document["grace_ms"] * MILLISECOND,
        counts=Counts(document["attempts"]["counts"]),
        per_week=document["attempts"]["per_week"],
        prediction=prediction,
        one_prize=OnePrize(document["one_prize"]),
        needs=Needs(document["prize_needs"]),
        lot_event=lot_event,
        divisions=tuple(_read_division(one, prediction, lot_event) for one in document["divisions"]),
    )


def _prediction(asked: Prediction) -> Json:
    return {
        "target": asked.target.value,
        "scope": asked.scope.value,
        "equal_distance": asked.equal_distance.value,
        "whose": asked.whose.value,
    }


def _division(one: DivisionRules) -> Json:
    paper = one.paper
    return {
        "code": one.code,
        "name": one.name,
        "bank": one.bank,
        "paper": {
            "questions": paper.questions,
            "allowed_ms": paper.time_allowed // MILLISECOND,
            "points": paper.points,
            "quotas": [_quota(quota) for quota in paper.quotas],
            "shuffle_questions": paper.shuffle_questions,
            "shuffle_options": paper.shuffle_options,
            "topics": sorted(paper.topics),
            "several_keys": paper.several_keys,
            "needs_all_answers": paper.needs_all_answers,
            "avoid_seen": paper.avoid_seen,
        },
        "ranking": [{"step": step.name, "unit_ms": step.unit_ms} for step in one.chain],
        "prizes": [{"name": prize.name, "count": prize.count, "amount": prize.amount} for prize in one.prizes],
    }


def _quota(quota: Quota) -> Json:
    level = None if quota.level is None else int(quota.level)
    return {"count": quota.count, "topic": quota.topic, "level": level, "points": quota.points}


def _read_division(document: Json, prediction: Prediction | None, lot_event: str | None) -> DivisionRules:
    asked = document["paper"]
    paper = PaperRules(
        questions=asked["questions"],
        time_allowed=asked["allowed_ms"] * MILLISECOND,
        quotas=tuple(_read_quota(quota) for quota in asked["quotas"]),
        shuffle_questions=asked["shuffle_questions"],
        shuffle_options=asked["shuffle_options"],
        points=asked["points"],
        bank=document["bank"],
        topics=frozenset(asked["topics"]),
        several_keys=asked["several_keys"],
        needs_all_answers=asked["needs_all_answers"],
        avoid_seen=asked["avoid_seen"],
    )
    return DivisionRules(
        code=document["code"],
        name=document["name"],
        bank=document["bank"],
        paper=paper,
        chain=chain_of([_read_step(step) for step in document["ranking"]], prediction, lot_event),
        prizes=tuple(Prize(prize["name"], prize["count"], prize["amount"]) for prize in document["prizes"]),
    )


def _read_quota(document: Json) -> Quota:
    level = None if document["level"] is None else Level(document["level"])
    return Quota(count=document["count"], topic=document["topic"], level=level, points=document["points"])


def _read_step(document: Json) -> tuple[str, str | None]:
    """A step by its name and, where it compares times in units, the resolution of that unit."""
    known: Mapping[str, Sequence[Resolution]] = RESOLUTIONS
    units = {resolution.unit_ms: resolution.value for resolution in known.get(document["step"], ())}
    return document["step"], units[document["unit_ms"]] if units else None
