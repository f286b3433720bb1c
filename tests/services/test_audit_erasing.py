"""Personal data leave the log; the chain and what stays are still checked."""

from __future__ import annotations

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from quiz.models.audit import DbAuditEntry
from quiz.services import Actor, audit, audit_check, audit_erasing, audit_links, audit_log, transaction
from quiz.services.audit import Act
from quiz.verification.audit_chain import Fault
from tests import makers

NOW = makers.BEFORE
STAFF = Actor(None, console="console:root")


@pytest.fixture
def log(session: Session) -> Session:
    """Three acts: two about A1, whose name the second one's reason tells."""
    hoa = Actor(makers.add_person("A1", makers.add_agency(), "Lê Thị Hoa"))
    with transaction(STAFF) as writing:
        audit.record(writing, Act.GRANT_ROLE, STAFF, NOW, person="A1", role="organiser")
        audit.record(writing, Act.END_EXEMPTION, hoa, NOW, reason="Bà Lê Thị Hoa đã trở lại", person="A2")
        audit.record(writing, Act.DROP_ROSTER, STAFF, NOW, file="x")
    return session


def erase(parts: dict[int, frozenset[str]]) -> None:
    with transaction(STAFF) as writing:
        audit_erasing.erase(writing, parts, "Theo yêu cầu số 5", STAFF, NOW)


def test_what_mentions_somebody_is_found_by_code_and_name(log: Session) -> None:
    assert audit_erasing.mentions(log, {"A1", "le thi HOA"}) == {1: {"person"}, 2: {"who", "reason"}}
    assert audit_erasing.mentions(log, {"", " "}) == {}


def test_what_is_erased_is_gone_and_the_chain_stays(log: Session) -> None:
    before = audit_links.head(log)
    old = log.execute(select(DbAuditEntry.salt, DbAuditEntry.link).order_by(DbAuditEntry.id)).all()
    erase(audit_erasing.mentions(log, {"A1", "Lê Thị Hoa"}))
    log.expire_all()
    rows = log.scalars(select(DbAuditEntry).order_by(DbAuditEntry.id)).all()
    assert [(row.facts, row.who, row.reason, row.erased) for row in rows[:3]] == [
        ('{"person": "đã xóa", "role": "organiser"}', "console:root", "", True),
        ('{"person": "A2"}', "đã xóa", "đã xóa", True),
        ('{"file": "x"}', "console:root", "", False),
    ]
    assert [row.link for row in rows[:3]] == [link for _, link in old]
    assert [row.salt == salt for row, (salt, _) in zip(rows, old, strict=False)] == [False, False, True]
    assert "hoa" not in " ".join(row.words for row in rows)
    verdict = audit_check.verify(log, [before])
    assert (verdict.fault, verdict.count, verdict.erased) == (None, 4, {4: 2})
    newest = audit_log.page(log, audit_log.Search())[0][0]
    assert (newest.words, newest.facts, newest.reason) == (
        "Xóa dữ liệu cá nhân trong nhật ký",
        {"các mục": "1, 2"},
        "Theo yêu cầu số 5",
    )
    found = audit_log.find(log, 1)
    assert found is not None
    assert found[1].erased_by == (4,)


def test_an_entry_may_lose_more_later_and_is_still_guarded(log: Session) -> None:
    erase({1: frozenset({"person"})})
    erase({1: frozenset({"role"}), 3: frozenset({"file"})})
    verdict = audit_check.verify(log)
    assert (verdict.fault, verdict.erased) == (None, {5: 2})
    log.execute(update(DbAuditEntry).where(DbAuditEntry.id == 3).values(facts='{"file": "y"}'))
    assert audit_check.verify(log).fault is Fault.CHANGED_FACTS


def test_what_an_erasure_says_stays(log: Session) -> None:
    erase({1: frozenset({"person"})})
    with pytest.raises(ValueError, match="cannot be erased"):
        erase({4: frozenset({"reason"})})
    assert 4 not in audit_erasing.mentions(log, {"yeu cau"})


def test_erasing_nothing_is_no_act(log: Session) -> None:
    erase({})
    assert audit_links.head(log).count == 3
