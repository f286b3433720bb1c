"""An inspector opens what the records of a closed week hide, with a reason; every part fits what was sealed."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from quiz.errors import Refused
from quiz.models.audit import DbAuditEntry
from quiz.models.seals import DbSealedRecord
from quiz.permissions import Role
from quiz.services import Actor, accounts, documents, sealed_openings, sealing, transaction
from quiz.services.document_makers import MAKERS
from quiz.verification.records import hidden_hash
from tests import makers
from tests.services.sealing_scene import MINUTE, OPENS, promise

AFTER = makers.WEEK_1_ENDS + timedelta(hours=1)


@pytest.fixture
def inspector(session: Session) -> int:
    """An inspector of a contest in whose first week one person has sat."""
    makers.load_contest()
    agency = makers.add_agency()
    inspector = makers.add_person("GS", agency, roles=[Role.INSPECTOR])
    person = makers.add_person("A1", agency, activated=False)
    promise()
    makers.sit(person, OPENS + MINUTE)
    return inspector


def ask(inspector: int, reason: str = "Xác minh đơn phản ánh số 7") -> int:
    with transaction(Actor(inspector)) as writing:
        person = accounts.find(writing, inspector)
        assert person
        return sealed_openings.ask(writing, makers.week(writing), reason, person, Actor(inspector), AFTER)


def test_every_part_opened_fits_what_was_sealed(session: Session, inspector: int) -> None:
    with transaction() as writing:
        sealing.finish(writing, makers.week(writing), AFTER)
    made = ask(inspector)
    documents.make_waiting(MAKERS, lambda: AFTER)
    person = accounts.find(session, inspector)
    assert person
    (opened,) = map(json.loads, documents.file(session, made, person).content.splitlines())
    record = json.loads(session.scalars(select(DbSealedRecord.record)).one())
    assert opened["staff_code"] == "A1"
    assert opened["person"] == record["person"]
    for part in ("moment", "registered", "sitting"):
        assert hidden_hash(part, opened[part]) == record[part]
    assert opened["sitting"]["agency"] == "SNV"
    entry = session.scalars(select(DbAuditEntry).where(DbAuditEntry.act == "open_records")).one()
    assert (entry.actor_id, entry.reason) == (inspector, "Xác minh đơn phản ánh số 7")


def test_nothing_is_opened_before_the_final_head_or_without_a_reason(session: Session, inspector: int) -> None:
    with pytest.raises(Refused, match="chưa có mã đầu chuỗi cuối cùng"):
        ask(inspector)
    assert sealed_openings.weeks(session) == ()
    with transaction() as writing:
        sealing.finish(writing, makers.week(writing), AFTER)
    with pytest.raises(Refused) as refused:
        ask(inspector, " ")
    assert refused.value.code == "reason_missing"
