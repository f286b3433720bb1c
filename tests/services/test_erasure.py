"""Erasing one person: nothing tells any more who it was, what counted and what was published stays as it is."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from quiz.models import Base
from quiz.models.attempts import DbAttempt
from quiz.models.audit import DbAuditEntry
from quiz.models.contests import DbBarred
from quiz.models.decisions import DbAllowance
from quiz.models.documents import DbCertificate
from quiz.models.mail import DbRefusedAddress, DbUnsubscribed
from quiz.models.people import DbExemption, DbPerson, DbRosterImport, DbRosterMove
from quiz.models.personal_data import DbErasure
from quiz.models.results import DbPublication, DbStanding
from quiz.models.reviews import DbAttemptDevice
from quiz.permissions import Role
from quiz.personal_data.request_rules import Kind
from quiz.services import Actor, accounts, audit, data_requests, erasure, outbox, publishing, results, transaction
from quiz.services.merges import merge
from quiz.services.merges import preview as compared
from quiz.services.outbox import Letter
from tests import makers
from tests.services import appeals_scene
from tests.services import results_scene as scene
from tests.services.results_scene import refused

NOW = makers.WEEK_2_ENDS + timedelta(days=30)
CODE, NAME = "CB-7731", "Ngô Thị Thanh Vân"


def ask(person: int, kind: Kind = Kind.ERASE) -> int:
    with transaction(Actor(person, is_staff=False)) as session:
        return data_requests.ask(session, person, kind, "Đề nghị xóa dữ liệu của tôi.", NOW)


def erase(request: int, actor: Actor, *, paid: bool = True, seen: str = "", code: str = "DX00000001") -> None:
    codes = iter([code, "DX00000002", "DX00000003"])
    with transaction(actor) as session:
        person = data_requests.get(session, request).person_id
        seen = seen or erasure.preview(session, person, NOW).digest
        erasure.carry_out(
            session, request, seen, "Đã xóa theo yêu cầu.", actor, NOW, lambda: next(codes), prizes_paid=paid
        )


@pytest.fixture
def organiser(session: Session) -> Actor:
    makers.load_contest()
    return scene.add_organiser()


@pytest.fixture
def van(organiser: Actor, session: Session) -> int:
    """Somebody of whom everything is held that can be; first of week 1, which is published, and named there."""
    agency = makers.add_agency("H1")
    person = makers.add_person(CODE, agency, NAME)
    other = makers.add_person("CB-77310", agency, "Trần Văn Khác")
    code = makers.sit(person, scene.DAY)
    makers.sit(other, scene.DAY, right=2)
    scene.mark()
    scene.publish(session, organiser)
    contest = makers.week(session).contest.id
    with transaction() as writing:
        writing.add_all(
            [
                DbExemption(person_id=person, reason=f"{NAME} nằm viện", since=makers.BEFORE, until=scene.DAY),
                DbAllowance(
                    contest_id=contest,
                    person_id=person,
                    minutes=5,
                    decision_number="1/QĐ",
                    reason="Khuyết tật nhìn",
                    proposed_by=organiser.id,
                    proposed_at=scene.DAY,
                ),
                DbRosterMove(
                    person_id=person,
                    from_agency_id=agency,
                    to_agency_id=None,
                    moves_at=NOW,
                    reason="Nghỉ hưu",
                    proposed_by=organiser.id,
                    proposed_at=scene.DAY,
                ),
                DbBarred(contest_id=contest, person_id=person, group_code="ban-to-chuc"),
                DbAttemptDevice(attempt_code=code, device="0123456789abcdef"),
                DbCertificate(
                    code="C-1", contest_id=contest, person_id=person, name=NAME, agency="H1", weeks="1", issued_at=NOW
                ),
                DbUnsubscribed(person_id=person, kind="digest", since=NOW),
                DbRefusedAddress(
                    address=f"{CODE.lower()}@example.vn", refusals=1, last_error="550", refused_at=NOW, blocked_at=None
                ),
                DbRosterImport(
                    filename="a.xlsx",
                    content=None,
                    uploaded_by=organiser.id,
                    uploaded_at=NOW,
                    state="done",
                    report=f'{{"added": "{CODE} {NAME}"}}',
                    finished_at=NOW,
                ),
            ]
        )
        outbox.write(
            writing,
            [
                Letter(
                    key=f"reminder:{person}",
                    kind=outbox.Kind.REMINDER,
                    person_id=person,
                    address=f"{CODE.lower()}@example.vn",
                    subject=f"Gửi {NAME}",
                    text=f"Kính gửi {NAME}",
                    html="",
                    unsubscribe_url="https://x",
                    expires_at=NOW,
                )
            ],
            "x.vn",
            NOW,
        )
        candidate = accounts.find_candidate(writing, CODE, "192.0.2.7", NOW)
        accounts.note_failure(writing, candidate, "192.0.2.7", NOW)
    with transaction(organiser) as writing:
        facts = {"person": CODE, "changed": "họ tên"}
        audit.record(writing, audit.Act.CORRECT_PERSON, organiser, NOW, reason=f"{NAME} báo sai tên", **facts)
        facts = {"person": "CB-77310", "changed": "họ tên"}
        audit.record(writing, audit.Act.CORRECT_PERSON, organiser, NOW, reason="Sửa cho đúng", **facts)
    return person


def everything(session: Session) -> str:
    """All that the database holds, but for what was published."""
    session.rollback()
    kept = [table for table in Base.metadata.sorted_tables if not table.name.startswith("publication")]
    return "\n".join(repr(tuple(row)) for table in kept for row in session.execute(select(table)))


def test_nothing_is_left_that_names_the_person(session: Session, van: int, organiser: Actor) -> None:
    request = ask(van)
    before = everything(session)
    gone = (NAME, f"{CODE}'", f'"{CODE}"', f"{CODE.lower()}@", "nằm viện", "Khuyết tật", "Nghỉ hưu", "0123456789abc")
    assert [word for word in gone if word not in before] == []
    erase(request, organiser)
    left = everything(session)
    for gone in (
        NAME,
        f"{CODE}'",
        f'"{CODE}"',
        CODE.lower() + "@",
        "nằm viện",
        "Khuyết tật",
        "Nghỉ hưu",
        "0123456789abc",
    ):
        assert gone not in left, gone
    assert "CB-77310" in left


def test_what_counted_and_what_was_published_stays(session: Session, van: int, organiser: Actor) -> None:
    def counted() -> list[object]:
        session.rollback()
        attempt = select(DbAttempt.code, DbAttempt.answers, DbAttempt.started_at, DbAttempt.score, DbAttempt.person_id)
        standing = select(DbStanding.place, DbStanding.rank, DbStanding.person_id, DbStanding.attempt_code)
        publication = select(DbPublication.body, DbPublication.digest)
        return [session.execute(one).all() for one in (attempt, standing, publication)]

    before = counted()
    erase(ask(van), organiser)
    assert counted() == before
    assert publishing.draft(session, makers.week(session), NOW).figures.total == scene_total(session)
    ranked = results.provisional(session, makers.week(session)).divisions[0].top[0]
    assert (ranked.name, ranked.standing.result.person) == ("Người đã xóa thông tin", van)


def scene_total(session: Session) -> object:
    return publishing.latest_of_each_week(session, makers.week(session).contest)[0].total


def test_the_entry_stays_as_a_stone_with_a_code_that_tells_nothing(
    session: Session, van: int, organiser: Actor
) -> None:
    erase(ask(van), organiser)
    row = session.get_one(DbPerson, van)
    assert (row.staff_code, row.sign_in_key, row.email, row.password_hash, row.position) == (
        *("DX00000001", "dx00000001", None, None, ""),
    )
    assert row.left_at == NOW
    assert session.get_one(DbErasure, van).erased_by == organiser.id
    acts = session.scalars(select(DbAuditEntry.act).order_by(DbAuditEntry.id)).all()
    assert {"erase_person", "answer_data_request"} <= set(acts)
    assert refused(lambda: erase(ask(van), organiser)) == "erasure_done"


def test_entries_joined_into_one_are_erased_together(session: Session, organiser: Actor) -> None:
    agency = makers.add_agency("H1")
    kept, old = (makers.add_person(code, agency, NAME, activated=False) for code in ("MOI-1", "CU-1"))
    with transaction(organiser) as writing:
        seen = compared(writing, kept, "CU-1", NOW).digest
        merge(writing, kept, "CU-1", seen, f"{NAME} có hai mã", organiser, NOW)
    erase(ask(kept), organiser)
    left = everything(session)
    assert [word for word in (NAME, "MOI-1", "CU-1") if word in left] == []
    assert {session.get_one(DbPerson, one).staff_code for one in (kept, old)} == {"DX00000001", "DX00000002"}


def test_a_winner_is_erased_only_when_the_prize_was_given(session: Session, van: int, organiser: Actor) -> None:
    request = ask(van)
    assert erasure.preview(session, van, NOW).published == ("Giải Nhất (Tuần 1, Cơ quan H1)",)
    assert refused(lambda: erase(request, organiser, paid=False)) == "erasure_prize_unpaid"
    erase(request, organiser)


@pytest.mark.parametrize("roles", [[Role.ORGANISER], [Role.INSPECTOR], [Role.ADMIN]])
def test_those_who_decide_stay_beside_their_signatures(session: Session, organiser: Actor, roles: list[Role]) -> None:
    person = makers.add_person("GS-1", makers.add_agency("H1"), roles=roles, activated=False)
    assert refused(lambda: erase(ask(person), organiser)) == "erasure_holds_role"


def test_nobody_is_erased_while_something_runs(session: Session) -> None:
    people, codes, organiser = appeals_scene.lay_out()
    request = ask(people["B"])
    assert refused(lambda: erase(request, organiser)) == "erasure_week_unpublished"
    appeals_scene.publish(session, organiser)
    appeal = appeals_scene.send(people["B"], codes["B"])
    assert refused(lambda: erase(request, organiser)) == "erasure_appeal_open"
    appeals_scene.answer([appeal], organiser)
    with transaction() as writing:
        seen = erasure.preview(writing, people["B"], makers.WEEK_2)
    assert seen.refusal
    assert seen.refusal.code == "erasure_week_open"
    erase(request, organiser)
    assert "Câu này sai." not in everything(session)


def test_one_asks_and_another_erases(session: Session, van: int, organiser: Actor) -> None:
    with transaction(organiser) as writing:
        request = data_requests.record(writing, van, Kind.ERASE, "Đơn giấy số 5", NOW, organiser, NOW)
    assert refused(lambda: erase(request, organiser)) == "erasure_needs_two"
    second = Actor(makers.add_person("BTC-2", makers.add_agency("BTC2"), roles=[Role.ADMIN], activated=False))
    erase(request, second)
    assert "Đơn giấy" not in everything(session)


def test_what_changed_since_it_was_looked_at_is_not_erased(session: Session, van: int, organiser: Actor) -> None:
    assert refused(lambda: erase(ask(van), organiser, seen="x" * 64)) == "erasure_changed"


def test_only_a_request_for_erasure_erases(session: Session, van: int, organiser: Actor) -> None:
    assert refused(lambda: erase(ask(van, Kind.COPY), organiser)) == "request_missing"
