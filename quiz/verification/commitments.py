"""`cam-ket.json`: what is promised before a week opens (`docs/verification.md` §6)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from quiz.verification import rules
from quiz.verification.canonical import canonical, fingerprint, tagged
from quiz.verification.chain import AuditHead
from quiz.verification.questions import question_hash

Json = dict[str, Any]
PROTOCOL = "hoi-thi/1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Promised:
    """All that a commitment is made of; `banks` holds the documents of the week's questions by the name of the bank.

    `agencies` are code, kind and people of each; `verifiers` the shipped files by name.
    """

    rules: rules.WeekRules
    contest_file: bytes
    banks: Mapping[str, Sequence[Json]]
    draw_seed: bytes
    lot_seed: bytes
    agencies: Iterable[tuple[str, str, int]]
    verifiers: Mapping[str, bytes]
    audit: AuditHead


def commitment(promised: Promised, number: int, made_at: datetime) -> bytes:
    """The bytes that are published: version `number` of what is promised of the week."""
    of_week = promised.rules
    agencies = sorted(promised.agencies)
    return canonical(
        {
            "protocol": PROTOCOL,
            "contest": of_week.contest,
            "week": of_week.week,
            "number": number,
            "made_at": rules.moment(made_at),
            "opens_at": rules.moment(of_week.opens_at),
            "closes_at": rules.moment(of_week.closes_at),
            "rules": rules_hash(rules.written(of_week)),
            "contest_file": sha256(promised.contest_file),
            "banks": [
                {"name": name, "questions": [{"id": one["id"], "hash": question_hash(one)} for one in questions]}
                for name, questions in sorted(promised.banks.items())
            ],
            "draw": seed_hash("draw", promised.draw_seed),
            "lot": None if of_week.lot_event else seed_hash("lot", promised.lot_seed),
            "agencies": [{"code": code, "kind": kind, "people": people} for code, kind, people in agencies],
            "people": sum(people for _code, _kind, people in agencies),
            "verifiers": [{"name": name, "sha256": sha256(held)} for name, held in sorted(promised.verifiers.items())],
            "audit": {"count": promised.audit.count, "head": promised.audit.head},
        }
    )


def rules_hash(document: Json) -> str:
    """What stands for `the-le.json`."""
    return fingerprint("rules", document)


def seed_hash(name: str, seed: bytes) -> str:
    """What stands for a secret seed until it is shown."""
    return tagged(name, seed).hex()


def sha256(held: bytes) -> str:
    """The digest of a file, as `sha256sum` prints it."""
    return hashlib.sha256(held).hexdigest()
