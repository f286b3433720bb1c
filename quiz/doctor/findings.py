"""What a check says: in order, to be looked at, or to be mended before anybody sits."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """How a thing was found."""

    GOOD = "ĐẠT"
    NOTE = "LƯU Ý"
    STOP = "HỎNG"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at, how it is in words, and how to mend it."""

    verdict: Verdict
    words: str
    mend: str = ""


def good(words: str) -> Finding:
    """In order."""
    return Finding(Verdict.GOOD, words)


def note(words: str, mend: str) -> Finding:
    """A contest can be held, but somebody should know."""
    return Finding(Verdict.NOTE, words, mend)


def stop(words: str, mend: str) -> Finding:
    """No contest should be held like this."""
    return Finding(Verdict.STOP, words, mend)


def is_go(findings: Iterable[Finding]) -> bool:
    """Whether nothing has to be mended first."""
    return all(finding.verdict is not Verdict.STOP for finding in findings)
