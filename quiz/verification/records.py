"""The record of an attempt that has ended, its seal, and what the record hides (`docs/verification.md` §7)."""

from __future__ import annotations

import base64
import hmac
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from quiz.verification.canonical import VERSION, canonical, fingerprint, salt, tagged

Json = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sitting:
    """All that a record is made of, once the attempt has ended; moments in milliseconds since 1970 UTC.

    `person` is the row's id, `agency` the code of the agency that the person belonged to at the start; `at_ms` is the
    hand-in that counts, never after the deadline, and `ended_by` is person, deadline or incident.
    """

    code: str
    person: int
    division: str
    number: int
    questions: int
    seen: Collection[str]
    answers: Sequence[str]
    prediction: int | None
    started_ms: int
    at_ms: int
    ended_by: str
    registered_ms: int
    agency: str


def pseudonym(secret: bytes, person: int) -> str:
    """What a person is called within one week: HMAC-SHA256 of the row's id by the week's secret, 32 digits of it."""
    return hmac.digest(secret, f"{VERSION}person|{person}".encode(), "sha256").hex()[:32]


def record(sitting: Sitting, secret: bytes) -> Json:
    """What is sealed of an attempt, and published after the week; `secret` is that of the week."""
    return {
        "code": sitting.code,
        "person": pseudonym(secret, sitting.person),
        "division": sitting.division,
        "number": sitting.number,
        "questions": sitting.questions,
        "seen": sorted(sitting.seen),
        "answers": list(sitting.answers),
        "prediction": sitting.prediction,
        "time_ms": max(0, sitting.at_ms - sitting.started_ms),
        "ended_by": sitting.ended_by,
        "moment": hidden_hash("moment", moment(sitting, secret)),
        "registered": hidden_hash("registered", registered(sitting, secret)),
        "sitting": hidden_hash("sitting", whole(sitting, secret)),
    }


def moment(sitting: Sitting, secret: bytes) -> Json:
    """What `moment` of a record hides: when the attempt ended."""
    return {"code": sitting.code, "at_ms": sitting.at_ms, "salt": salt(secret, "moment", sitting.code)}


def registered(sitting: Sitting, secret: bytes) -> Json:
    """What `registered` hides: since when the person was listed."""
    return {"code": sitting.code, "at_ms": sitting.registered_ms, "salt": salt(secret, "registered", sitting.code)}


def whole(sitting: Sitting, secret: bytes) -> Json:
    """What `sitting` hides, for an inspector: when the attempt began, and for which agency."""
    return {
        "code": sitting.code,
        "started_ms": sitting.started_ms,
        "agency": sitting.agency,
        "salt": salt(secret, "sitting", sitting.code),
    }


def hidden_hash(name: str, opened: Json) -> str:
    """What stands in the record for something hidden; whoever is shown it can compare."""
    return fingerprint(name, opened)


def seal(record_bytes: bytes) -> str:
    """The seal of a record's canonical bytes, in hexadecimal."""
    return tagged("record", record_bytes).hex()


def seal_of(document: Json) -> str:
    """The seal of a record."""
    return seal(canonical(document))


def short(seal_: str) -> str:
    """The first 80 bits of a seal as 16 letters and digits (base32), as printed on a receipt."""
    return base64.b32encode(bytes.fromhex(seal_)[:10]).decode()
