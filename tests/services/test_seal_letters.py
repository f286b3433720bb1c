"""The receipt by mail: to whoever has an address, once the attempt is sealed, once, and without any figure."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from quiz.models.mail import DbLetter
from quiz.models.people import DbPerson
from quiz.permissions import Role
from quiz.services import outbox, receipts, seal_letters, transaction, unsubscribing, witnesses
from quiz.services.outbox import Kind, Letter
from quiz.vietnamese import grouped
from tests import makers
from tests.services.sealing_scene import MINUTE, OPENS, OVER, batches, promise, seal
from tests.services.test_digests import SITE


@pytest.fixture
def people(session: Session) -> dict[str, int]:
    """Three who sit, of whom one has no address and one wants no receipts, and two coordinators."""
    makers.load_contest()
    promise()
    agency = makers.add_agency()
    ids = {code: makers.add_person(code, agency, activated=False) for code in ("A1", "A2", "A3")}
    ids |= {code: makers.add_person(code, agency, roles=[Role.COORDINATOR], activated=False) for code in ("C1", "C2")}
    with transaction() as writing:
        writing.get_one(DbPerson, ids["A2"]).email = None
        unsubscribing.refuse(writing, ids["A3"], Kind.RECEIPT, OPENS)
    return ids


def letters(session: Session) -> dict[str, DbLetter]:
    """What stands in the outbox, by what it tells."""
    session.rollback()
    session.expire_all()
    return {row.dedupe_key: row for row in session.query(DbLetter)}


def tell_witnesses(now: datetime) -> int:
    with transaction() as session:
        return witnesses.write_heads(session, SITE, now)


def test_whoever_has_an_address_gets_the_receipt_once_it_is_sealed(session: Session, people: dict[str, int]) -> None:
    codes = {code: makers.sit(people[code], OPENS + MINUTE) for code in ("A1", "A2", "A3")}
    seal_letters.write_due(SITE, OPENS + 4 * MINUTE)
    assert letters(session) == {}
    seal(OPENS + 5 * MINUTE)
    for later in (5, 6, 7):
        seal_letters.write_due(SITE, OPENS + later * MINUTE)
    assert list(letters(session)) == [f"receipt:{codes['A1']}"]
    letter = letters(session)[f"receipt:{codes['A1']}"]
    receipt = receipts.of_attempt(session, makers.week(session), codes["A1"])
    assert receipt
    for said in (grouped(receipt.code), grouped(receipt.short), "lô số 1", grouped(receipt.head), "Tuần 1"):
        assert said in letter.text
        assert said in letter.html
    assert (letter.address, letter.kind) == ("a1@example.vn", Kind.RECEIPT)


def test_a_scheduler_killed_between_two_letters_goes_on(
    session: Session, people: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(seal_letters, "CHUNK", 1)
    codes = [makers.sit(people[code], OPENS + MINUTE) for code in ("A1", "C1")]
    seal(OPENS + 5 * MINUTE)
    usual, written = outbox.write, []

    def die(*values: object) -> int:
        written.append(usual(*values))  # type: ignore[arg-type]
        if len(written) == 2:
            raise SystemExit
        return written[-1]

    with monkeypatch.context() as patch:
        patch.setattr(outbox, "write", die)
        with pytest.raises(SystemExit):
            seal_letters.write_due(SITE, OPENS + 5 * MINUTE)
    assert len(letters(session)) == 1
    seal_letters.write_due(SITE, OPENS + 6 * MINUTE)
    assert set(letters(session)) == {f"receipt:{code}" for code in codes}


def test_what_was_sealed_long_ago_is_told_to_nobody(session: Session, people: dict[str, int]) -> None:
    makers.sit(people["A1"], OPENS + MINUTE)
    seal(OPENS + 5 * MINUTE)
    seal_letters.write_due(SITE, OPENS + 5 * MINUTE + seal_letters.NEWS)
    assert letters(session) == {}


def test_the_final_head_is_sent_to_every_coordinator_once(session: Session, people: dict[str, int]) -> None:
    makers.sit(people["A1"], OPENS + MINUTE)
    seal(OPENS + 5 * MINUTE)
    assert tell_witnesses(OPENS + 5 * MINUTE) == 0
    seal(OVER)
    assert [tell_witnesses(OVER), tell_witnesses(OVER + MINUTE)] == [2, 0]
    final, written = batches(session)[-1], letters(session)
    week = makers.week(session)
    assert set(written) == {f"head:{week.id}:{final.number}:{people[code]}" for code in ("C1", "C2")}
    assert all(grouped(final.head) in letter.text for letter in written.values())
    assert tell_witnesses(OVER + timedelta(days=9)) == 0


def test_receipts_are_handed_over_after_all_other_letters(session: Session, people: dict[str, int]) -> None:
    makers.sit(people["A1"], OPENS + MINUTE)
    seal(OPENS + 5 * MINUTE)
    seal_letters.write_due(SITE, OPENS + 5 * MINUTE)
    later = OPENS + 9 * MINUTE
    with transaction() as writing:
        reminder = Letter(
            key="reminder:1",
            kind=Kind.REMINDER,
            person_id=people["A2"],
            address="a2@example.vn",
            subject="Nhắc",
            text="Nhắc",
            html="<p>Nhắc</p>",
            unsubscribe_url="https://hoithi.example.vn",
            expires_at=later + MINUTE,
        )
        outbox.write(writing, [reminder], SITE.host, later)
    subjects = []
    for _ in range(2):
        with transaction() as writing:
            claimed = outbox.claim(writing, later)
            assert claimed
            subjects.append(claimed.mail.subject.split()[0])
    assert subjects == ["Nhắc", "Biên"]
