"""The bundle of a publication: a stranger recomputes the week from it, whatever the rules; nobody is named in it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from quiz.exports.bundle_zip import packed
from quiz.services import bundles, contests, reading
from quiz.simulation.play import simulate
from quiz.verification.assembling import assemble
from quiz.verification.checks import verify

RULE_BOOKS = Path(__file__).parent.parent / "rule_books"
BOOKS = ("hue-2025", "lang-son-2023", "bo-tu-phap-2021", "vcnet-2020")
"""One attempt and many, a prediction, divisions, a lot."""


def played(book: str) -> Iterator[tuple[str, dict[str, bytes]]]:
    """What each week would publish: which round its bundle waits for, and its files."""
    source = (RULE_BOOKS / f"{book}.yaml").read_bytes()
    for _, publication in simulate(source, {}, 60, lambda *_: None):
        session = reading()
        week = contests.get_week(session, contests.get_current(session), publication.week)
        assert bundles.is_as_published(session, week, publication)
        later = bundles.waits_for(session, week, publication.published_at + timedelta(hours=1))
        yield later.name if later else "", assemble(bundles.gather(session, week, publication))
        session.rollback()


@pytest.mark.parametrize("book", BOOKS)
def test_every_week_of_a_real_rule_book_can_be_recomputed(book: str) -> None:
    waits = []
    for later, files in played(book):
        waits.append(later)
        assert [(check.name, check.faults) for check in verify(files) if not check.holds] == []
        assert packed(files) == packed(files)
        held = b"".join(content for name, content in files.items() if name.endswith(".json")).decode()
        for secret in ("GL0000", "started_ms", '"agency"', "handed_in", "person_id"):
            assert secret not in held, secret
    assert waits[-1] == ""
