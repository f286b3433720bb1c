"""Batches of seals, and the chain of heads that others keep (`docs/verification.md` §7)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from quiz.verification.canonical import fingerprint, rewritten, tagged

Json = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditHead:
    """Where the audit log stood: how many entries, and the link of the last."""

    count: int
    head: str


def first_head(commitment: str) -> str:
    """The head before any batch, by the digest of the commitment under which the week opened."""
    return fingerprint("head", {"commitment": commitment})


def batch(number: int, sealed_at: str, audit: AuditHead, salt: str, seals: Iterable[str]) -> Json:
    """One batch; `sealed_at` as `rules.moment` writes it. Without the `salt` an empty one could be recognised."""
    return {
        "number": number,
        "sealed_at": sealed_at,
        "audit": {"count": audit.count, "head": audit.head},
        "salt": salt,
        "seals": sorted(seals),
    }


def next_head(previous: str, sealed: Json) -> str:
    """The head after a batch, as `batch` makes it or as it was read: it commits to everything before."""
    return tagged("head", rewritten({"previous": previous, "batch": sealed})).hex()
