"""The audit log: no act of staff without its entry, no entry with other facts than its act declares."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from quiz.errors import Refused
from quiz.models.audit import DbAuditEntry
from quiz.models.people import DbAgency
from quiz.services import SYSTEM, Actor, audit, audit_log, reading, transaction
from quiz.services.audit import Act
from tests import makers

NOW = makers.BEFORE
STAFF = Actor(None)
PARTICIPANT = Actor(None, is_staff=False)
ROW = {"code": "H9", "name": "Chín", "sort_key": "", "kind": "city"}


def names(session: Session) -> list[str]:
    """The names of all agencies as they are stored now."""
    session.rollback()
    return list(session.scalars(select(DbAgency.name).order_by(DbAgency.code)))


def test_every_act_has_words_and_declares_its_facts() -> None:
    assert set(audit.WORDS) == set(Act)
    assert [act for act, (words, _) in audit.WORDS.items() if not words] == []


@pytest.mark.parametrize(
    "facts", [{}, {"person": "A1"}, {"person": "A1", "role": "admin", "why": "x"}, {"who": "A1", "role": "admin"}]
)
def test_facts_that_the_act_does_not_declare_are_refused(session: Session, facts: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="declares the facts"), transaction(STAFF) as writing:
        audit.record(writing, Act.GRANT_ROLE, STAFF, NOW, **facts)
    assert session.scalars(select(DbAuditEntry)).all() == []


def test_an_entry_keeps_who_when_what_and_why(session: Session) -> None:
    person = makers.add_person("A1", makers.add_agency(), "Lê Thị Hoa", activated=False)
    with transaction(Actor(person)) as writing:
        audit.record(writing, Act.END_EXEMPTION, Actor(person), NOW, reason="Đã đi làm lại", person="Vũ Ân")
    [entry], total = audit_log.page(session, audit_log.Search())
    assert (entry.at, entry.actor, entry.who, entry.words, [*entry.facts.values()], entry.reason, total) == (
        NOW,
        "Lê Thị Hoa",
        "A1",
        "Thôi miễn dự thi",
        ["Vũ Ân"],
        "Đã đi làm lại",
        1,
    )


CHANGES = {
    "a row added": lambda session: session.add(DbAgency(**ROW)),
    "a row inserted": lambda session: session.execute(insert(DbAgency).values(ROW)),
    "a row changed": lambda session: setattr(session.scalars(select(DbAgency)).one(), "name", "Tên mới"),
    "rows updated": lambda session: session.execute(update(DbAgency).values(name="Tên mới")),
    "a row deleted": lambda session: session.delete(session.scalars(select(DbAgency)).one()),
    "rows deleted": lambda session: session.execute(delete(DbAgency)),
    "a row flushed early": lambda session: (session.add(DbAgency(**ROW)), session.flush()),
}


def test_a_change_by_staff_without_an_entry_is_never_committed(session: Session) -> None:
    makers.add_agency("H1", "Một")
    for what, change in CHANGES.items():
        with pytest.raises(RuntimeError, match="without an audit entry"), transaction(STAFF) as writing:
            change(writing)
        assert (what, names(session)) == (what, ["Một"])


def test_the_same_change_with_an_entry_or_by_others_is_committed(session: Session) -> None:
    for number, actor in enumerate((STAFF, SYSTEM, PARTICIPANT)):
        with transaction(actor) as writing:
            writing.add(DbAgency(**ROW | {"code": f"H{number}", "name": str(number)}))
            if actor is STAFF:
                audit.record(writing, Act.DROP_ROSTER, actor, NOW, file="x")
    assert names(session) == ["0", "1", "2"]
    assert [json.loads(facts) for facts in session.scalars(select(DbAuditEntry.facts))] == [{"file": "x"}]


def test_staff_who_only_read_need_no_entry(session: Session) -> None:
    makers.add_agency("H1", "Một")
    with transaction(STAFF) as writing:
        assert writing.scalars(select(DbAgency.name)).all() == ["Một"]


def test_the_entry_of_one_transaction_does_not_cover_the_next(session: Session) -> None:
    with transaction(STAFF) as writing:
        audit.record(writing, Act.DROP_ROSTER, STAFF, NOW, file="x")
    with pytest.raises(RuntimeError), transaction(STAFF) as writing:
        writing.add(DbAgency(**ROW))
    assert names(session) == []


def test_an_error_takes_back_the_change_and_its_entry(session: Session) -> None:
    def fail_at_the_end() -> None:
        with transaction(STAFF) as writing:
            writing.add(DbAgency(**ROW))
            audit.record(writing, Act.DROP_ROSTER, STAFF, NOW, file="x")
            raise Refused("reason_missing")

    with pytest.raises(Refused):
        fail_at_the_end()
    assert names(session) == []
    assert reading().scalars(select(DbAuditEntry)).all() == []
