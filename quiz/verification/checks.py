"""Everything that can be checked of a bundle, in the order of `docs/verification.md` §14."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress

from quiz.verification import checks_promises, checks_records, checks_results
from quiz.verification.bundle import (
    MOST_FAULTS,
    NOTHING_OUTSIDE,
    Bundle,
    Check,
    Fault,
    Files,
    Outside,
    Progress,
    no_progress,
)
from quiz.verification.papers import UNREADABLE

CHECKS: Mapping[str, Callable[[Bundle], Iterator[Fault]]] = {
    "files": checks_promises.check_files,
    "commitment": checks_promises.check_commitment,
    "rules": checks_promises.check_rules,
    "questions": checks_promises.check_questions,
    "seeds": checks_promises.check_seeds,
    "verifiers": checks_promises.check_verifiers,
    "records": checks_records.check_records,
    "chain": checks_records.check_chain,
    "openings": checks_records.check_openings,
    "decisions": checks_records.check_decisions,
    "attempts": checks_records.check_attempts,
    "papers": checks_results.check_papers,
    "ranking": checks_results.check_ranking,
    "hidden": checks_results.check_hidden,
    "prizes": checks_results.check_prizes,
}


def verify(files: Files, outside: Outside = NOTHING_OUTSIDE, progress: Progress = no_progress) -> tuple[Check, ...]:
    """Every check of a bundle, in order."""
    return tuple(checked(Bundle(files, outside, progress)))


def checked(bundle: Bundle) -> Iterator[Check]:
    """One check after the other; one that cannot be made, because a document is spoilt, does not hold."""
    with suppress(KeyError):
        bundle.begin_papers()
    for name, check in CHECKS.items():
        yield _checked(name, check, bundle)


def _checked(name: str, check: Callable[[Bundle], Iterator[Fault]], bundle: Bundle) -> Check:
    told: list[Fault] = []
    more = 0
    bundle.progress(name, 0, 1)
    try:
        for fault in check(bundle):
            if len(told) < MOST_FAULTS:
                told.append(fault)
            else:
                more += 1
    except UNREADABLE as unreadable:
        what = f"{type(unreadable).__name__}: {unreadable}"
        told.append(
            Fault(
                f"Không kiểm tra được: tài liệu không đúng khuôn dạng ({what}).",
                f"Cannot be checked: a document is not in its form ({what}).",
            )
        )
    bundle.progress(name, 1, 1)
    return Check(name, tuple(told), more)
