"""What both whole references share: the statements of an attempt, the papers and the pages."""

from __future__ import annotations

import base64
import random
import secrets
import time
from dataclasses import dataclass

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError

from bench.reference import store
from quiz.config import ROOT
from quiz.questions.bank import Question
from quiz.questions.bank_file import parse_bank

QUESTIONS, MINUTES = 20, 20
HASHER = PasswordHasher()
"""What checking costs stands in the hash, so this is as slow as the product's."""
POOL = parse_bank((ROOT / "question_bank.yaml").read_bytes()).questions

OPEN = "code = :code AND person_id = :person AND handed_in_at IS NULL AND deadline_at >= :now AND seq < :seq"


@dataclass(frozen=True, slots=True)
class Attempt:
    """One row."""

    code: str
    started_at: float
    deadline_at: float
    seq: int
    answers: str
    handed_in_at: float | None


def knows_password(stored: str, password: str) -> bool:
    """Whether it is the right one."""
    try:
        return HASHER.verify(stored, password)
    except VerificationError:
        return False


def start(person: int) -> str:
    """Start an attempt, or go on with the one there is; its code."""
    code, now = base64.b32encode(secrets.token_bytes(10)).decode(), time.time()
    row = store.one(
        "INSERT INTO reference_attempts (code, person_id, started_at, deadline_at, seq, answers) "
        "VALUES (:code, :person, :now, :ends, 0, '') ON CONFLICT DO NOTHING RETURNING code",
        code=code,
        person=person,
        now=now,
        ends=now + MINUTES * 60,
    )
    row = row or store.one("SELECT code FROM reference_attempts WHERE person_id = :person", person=person)
    assert row
    return str(row[0])


def attempt(code: str, person: int) -> Attempt | None:
    """The person's own."""
    row = store.one(
        "SELECT code, started_at, deadline_at, seq, answers, handed_in_at FROM reference_attempts "
        "WHERE code = :code AND person_id = :person",
        code=code,
        person=person,
    )
    return Attempt(*row) if row else None


def paper(code: str) -> list[tuple[int, Question]]:
    """The questions of an attempt, numbered."""
    return list(enumerate(random.Random(code).sample(POOL, QUESTIONS), start=1))  # noqa: S311 - no lot hangs on it
