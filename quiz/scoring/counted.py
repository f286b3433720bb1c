"""Which of a person's attempts is ranked, and what the ranking may ask about the others."""

from __future__ import annotations

from enum import StrEnum


class Counts(StrEnum):
    """Which of several attempts of one person in a week is ranked."""

    ONLY = "only"
    LAST = "last"
    BEST = "best"
    BEST_EARLIEST = "best_then_earliest"
