"""The checker of fault runs sees each promise broken that it is there to watch over."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import text

from faults import checker
from faults.copies import Copies
from faults.databases import Sqlite
from faults.ledger import Ack, Ledger
from faults.scene import QUESTIONS, Scene, application, lay_out, staff_code
from quiz.models.people import DbPerson
from quiz.services import attempts, contests, reading, transaction
from tests import makers

PEOPLE = 4


@pytest.fixture(scope="module")
def sat(tmp_path_factory: pytest.TempPathFactory) -> tuple[Copies, list[Ack]]:
    """A week in which four people have sat, and what they were told."""
    folder = tmp_path_factory.mktemp("checker")
    copies = Copies(Sqlite(folder / "database"), folder)
    scene = lay_out(copies.url, folder, PEOPLE)
    with application(scene), Ledger(folder / "acks") as ledger:
        for number in range(PEOPLE):
            _sit(scene, number, ledger)
        acks = ledger.acks()
    copies.keep(scene)
    return copies, acks


def _sit(scene: Scene, number: int, ledger: Ledger) -> None:
    code, sheet, begun = makers.code(number), ["ABCD"[number]] * QUESTIONS, scene.opens + timedelta(seconds=number)
    with transaction() as session:
        person = session.query(DbPerson.id).filter_by(staff_code=staff_code(number)).scalar()
        week = contests.get_week(session, contests.get_current(session), 1)
        attempts.start(session, person, week, begun, code)
        attempts.hand_in(session, code, person, 1, sheet, begun + timedelta(minutes=1))
    ledger.note(act="start", person=number, code=code)
    ledger.note(act="hand_in", code=code, seq=1, answers=sheet)


@pytest.fixture
def scene(sat: tuple[Copies, list[Ack]]) -> Iterator[Scene]:
    """The same week anew."""
    scene = sat[0].fresh()
    with application(scene):
        yield scene


@pytest.fixture
def acks(sat: tuple[Copies, list[Ack]]) -> list[Ack]:
    """What the four were told."""
    return list(sat[1])


def spoil(statement: str) -> None:
    """Change what is stored behind the back of the product."""
    with transaction() as session:
        session.execute(text("PRAGMA defer_foreign_keys=ON"))
        session.execute(text(statement), {"first": makers.code(0), "second": makers.code(1)})


def test_a_week_that_nothing_befell_is_as_it_must_be(scene: Scene, acks: list[Ack]) -> None:
    assert checker.check(scene, acks) == []
    assert checker.lost(acks) == 0


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("DELETE FROM attempts WHERE code = :first", "I1"),
        ("UPDATE attempts SET seq = 0 WHERE code = :first", "I1"),
        ("UPDATE attempts SET answers = replace(answers, 'A', 'D') WHERE code = :first", "I1"),
        ("UPDATE attempts SET handed_in_at = NULL, ended_by = NULL WHERE code = :first", "I1"),
        ("UPDATE attempts SET person_id = person_id + 1, number = 2 WHERE code = :first", "I1"),
        ("UPDATE attempts SET started_at = datetime(started_at, '-1 hour') WHERE code = :first", "I4"),
        ("UPDATE attempts SET handed_in_at = datetime(handed_in_at, '+2 hours') WHERE code = :first", "I4"),
    ],
)
def test_what_is_stored_otherwise_than_acknowledged_or_allowed_is_seen(
    scene: Scene, acks: list[Ack], statement: str, said: str
) -> None:
    spoil(statement)
    assert said in {fault[:2] for fault in checker.check_quickly(scene, acks)}


def test_each_acknowledgement_that_is_lost_counts(scene: Scene, acks: list[Ack]) -> None:
    spoil("DELETE FROM attempts WHERE code = :first")
    spoil("UPDATE attempts SET seq = 0, ended_by = NULL, handed_in_at = NULL WHERE code = :second")
    assert checker.lost(acks) == 3


def test_more_attempts_than_allowed_are_seen(scene: Scene, acks: list[Ack]) -> None:
    owner = "(SELECT person_id FROM attempts WHERE code = :first)"
    spoil(f"UPDATE attempts SET person_id = {owner}, number = 10 + rowid WHERE code <> :first")
    assert "I2" in {fault[:2] for fault in checker.check_quickly(scene, [])}


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("DELETE FROM sealed_records WHERE attempt_code = :first", "I5"),
        ("UPDATE sealed_records SET batch = 999 WHERE attempt_code = :first", "I5"),
        ("UPDATE attempts SET answers = replace(answers, 'A', 'D') WHERE code = :first", "I5"),
        ("UPDATE batches SET head = replace(head, '0', '1')", "I6"),
        ("UPDATE standings SET attempt_code = :second, place = 9 WHERE attempt_code = :first", "I6"),
    ],
)
def test_what_was_changed_after_the_end_is_seen(scene: Scene, statement: str, said: str) -> None:
    assert checker.check(scene, []) == []
    spoil(statement)
    spoil("DELETE FROM publication_files")
    reading().rollback()
    assert said in {fault[:2] for fault in checker.check(scene, [])}


def test_a_receipt_that_says_something_else_is_seen(scene: Scene, acks: list[Ack]) -> None:
    other = {"act": "receipt", "code": makers.code(0), "seal": "A" * 16}
    assert {fault[:2] for fault in checker.check(scene, [*acks, other])} == {"I3"}


def test_more_participants_than_people_are_seen(scene: Scene, acks: list[Ack], monkeypatch: pytest.MonkeyPatch) -> None:
    assert checker.check(scene, acks) == []
    honest = checker.turnout.of_week

    def overfull(*given: object) -> list[object]:
        rows = list(honest(*given))  # type: ignore[arg-type]
        for row in rows:
            object.__setattr__(row.own, "people", row.own.headcount + 1)
        return rows  # type: ignore[return-value]

    monkeypatch.setattr(checker.turnout, "of_week", overfull)
    assert {fault[:2] for fault in checker.check(scene, acks)} == {"I7"}
