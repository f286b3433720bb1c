"""What differs between two wordings: the fields in reading order, and within them the words."""

from __future__ import annotations

from dataclasses import replace

from quiz.questions import wording
from quiz.questions.wording_changes import Piece, changes
from tests import makers

OLD = wording.of(makers.question())


def test_equal_wordings_differ_in_nothing() -> None:
    assert changes(OLD, OLD) == ()


def test_fields_come_in_reading_order_whatever_was_changed() -> None:
    new = replace(OLD, facts=("F1",), options=("a", "b", *OLD.options[2:]), key="B", text="?", valid_until="2030-01-01")
    assert [one.field for one in changes(OLD, new)] == ["text", "options.A", "options.B", "key", "valid_until", "facts"]


def test_only_the_words_that_changed_are_marked() -> None:
    before, after = replace(OLD, text="Trong 5 ngày làm việc?"), replace(OLD, text="Trong 7,5 ngày?")
    [change] = changes(before, after)
    same = Piece("Trong ", differs=False)
    assert change.before == (
        same,
        Piece("5", differs=True),
        Piece(" ngày", differs=False),
        Piece(" làm việc", differs=True),
        Piece("?", differs=False),
    )
    assert change.after == (same, Piece("7,5", differs=True), Piece(" ngày", differs=False), Piece("?", differs=False))


def test_what_is_added_to_nothing_is_all_new() -> None:
    [change] = changes(OLD, replace(OLD, article="Điều 3"))
    assert (change.before, change.after) == ((), (Piece("Điều 3", differs=True),))
