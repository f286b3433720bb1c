"""From a published week to the files of its bundle (`docs/verification.md` §5–§13)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from quiz.verification import questions, results, rules
from quiz.verification.bundle import CONTENTS
from quiz.verification.canonical import canonical
from quiz.verification.commitments import sha256
from quiz.verification.results import Ranked
from quiz.verification.weeks import Marking, counted_otherwise, decisions_of, opened_of

Json = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """All that a bundle is made of, as it really was.

    `records` are sorted by code, `batches` hold their heads; `ranked` are the divisions in the order of the rules, with
    real moments; `moments` and `registered` give what a record hides, by its code.
    """

    rules: rules.WeekRules
    commitment: bytes
    banks: Mapping[str, Sequence[Json]]
    records: Sequence[Json]
    batches: Sequence[Json]
    final: str
    decisions: Json
    draw_seed: bytes
    lot_seed: bytes | None
    lot_value: str | None
    ranked: Sequence[Ranked]
    moments: Callable[[str], Json]
    registered: Callable[[str], Json]
    publication: int
    published_at: datetime
    verifiers: Mapping[str, bytes]
    readme: bytes


def assemble(published: Published) -> dict[str, bytes]:
    """The files by name. What is hidden is opened where a prize, or which attempt counts, hangs on it."""
    opened = _opened(published)
    codes = {name: frozenset(one["code"] for one in opened[name]) for name in ("moments", "registered")}
    by_hidden = {"moment": codes["moments"], "registered": codes["registered"]}
    documents: dict[str, object] = {
        "the-le.json": rules.written(published.rules),
        "bo-cau-hoi.json": _banks(published),
        "bai-thi.json": list(published.records),
        "niem-phong.json": {"batches": list(published.batches), "final": published.final},
        "quyet-dinh.json": published.decisions,
        "mo.json": opened,
        "ket-qua.json": {
            "week": published.rules.week,
            "publication": published.publication,
            "published_at": rules.moment(published.published_at),
            "divisions": [results.claim(ranked, by_hidden) for ranked in published.ranked],
        },
    }
    files = {name: canonical(document) for name, document in documents.items()}
    files |= {"cam-ket.json": published.commitment, "DOC-TRUOC.txt": published.readme, **published.verifiers}
    files[CONTENTS] = canonical([{"name": name, "sha256": sha256(files[name])} for name in sorted(files)])
    return files


def _banks(published: Published) -> list[Json]:
    return [{"name": name, "questions": list(held)} for name, held in sorted(published.banks.items())]


def _opened(published: Published) -> Json:
    document: Json = {
        "draw_seed": published.draw_seed.hex(),
        "lot_seed": published.lot_seed.hex() if published.lot_seed is not None else None,
        "lot_value": published.lot_value,
        "moments": [],
        "registered": [],
    }
    decisions = decisions_of(published.decisions)
    banks = {name: tuple(map(questions.read, held)) for name, held in published.banks.items()}
    opened = opened_of(document)
    marking = Marking(published.rules, banks, decisions, opened)
    counts = {standing.result.code for ranked in published.ranked for standing in ranked.standings}
    several = published.rules.per_week != 1
    ranks = [(record["division"], marking.result(record)) for record in published.records] if several else []
    otherwise = counted_otherwise(published.rules, ranks, decisions, opened, counts)
    needed = results.to_open(published.ranked, otherwise)
    document["moments"] = [published.moments(code) for code in sorted(needed["moment"])]
    document["registered"] = [published.registered(code) for code in sorted(needed["registered"])]
    return document
