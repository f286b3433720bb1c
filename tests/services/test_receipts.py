"""The seal on a receipt is the one that is sealed, whatever is decided about the attempt or the person meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from quiz.models.attempts import DbAttempt
from quiz.models.contests import DbWeek
from quiz.models.people import DbAgency, DbMembership, DbPerson
from quiz.models.seals import DbSealedRecord
from quiz.services import attempts, incident_effects, merges, receipts, transaction
from quiz.services.incident_plan import Change
from tests import makers
from tests.services.results_scene import add_organiser
from tests.services.sealing_scene import MINUTE, OPENS, OVER, promise, seal

TWICE = makers.CONTEST + "attempts: {per_week: 2, counts: best}\n"
DIVISIONS = makers.CONTEST + "divisions: [{code: can-bo, name: Cán bộ}, {code: lanh-dao, name: Lãnh đạo}]\n"


def seal_of(session: Session, code: str) -> str:
    """What the receipt says now."""
    session.rollback()
    session.expire_all()
    receipt = receipts.of_attempt(session, makers.week(session), code)
    assert receipt
    return receipt.seal


def contest(text: str = makers.CONTEST) -> dict[str, int]:
    """Two people of two agencies, and an organiser."""
    makers.load_contest(text)
    promise()
    agencies = {code: makers.add_agency(code) for code in ("H1", "H2")}
    division = {1: "lanh-dao" if text == DIVISIONS else "", 2: ""}
    people = {
        f"A{n}": makers.add_person(f"A{n}", agencies[f"H{n}"], activated=False, division=division[n]) for n in (1, 2)
    }
    return {**agencies, **people, "organiser": add_organiser().id or 0}


def merged(session: Session, ids: dict[str, int], _code: str) -> None:
    """The entry that sat is given up for the other."""
    actor = makers.Actor(ids["organiser"])
    session.get_one(DbPerson, ids["A2"]).listed_at -= timedelta(days=9)
    seen = merges.preview(session, ids["A2"], "A1", OPENS + 9 * MINUTE).digest
    merges.merge(session, ids["A2"], "A1", seen, "Cùng một người", actor, OPENS + 9 * MINUTE)


def moved(session: Session, ids: dict[str, int], _code: str) -> None:
    """The roster says that the person belonged elsewhere all the time, and agencies have other codes."""
    session.query(DbMembership).filter_by(person_id=ids["A1"]).update({"agency_id": ids["H2"]})
    session.query(DbAgency).filter_by(code="H1").update({"code": "H9"})


def listed_again(session: Session, ids: dict[str, int], _code: str) -> None:
    """The person left and came back."""
    session.get_one(DbPerson, ids["A1"]).listed_at = OPENS + 5 * MINUTE


def given_time(session: Session, _ids: dict[str, int], code: str) -> None:
    """An incident gave time back."""
    session.get_one(DbAttempt, code).returned_ms = 60_000


def marked(session: Session, _ids: dict[str, int], code: str) -> None:
    """The attempt has its score."""
    row = session.get_one(DbAttempt, code)
    row.score, row.is_valid = 3, True


@pytest.mark.parametrize("change", [merged, moved, listed_again, given_time, marked])
def test_the_seal_stays_the_same_whatever_is_decided_before_it_is_sealed(
    session: Session, change: Callable[[Session, dict[str, int], str], None]
) -> None:
    ids = contest()
    code = makers.sit(ids["A1"], OPENS + MINUTE)
    promised = seal_of(session, code)
    with transaction() as writing:
        change(writing, ids, code)
    assert seal_of(session, code) == promised
    seal(OPENS + 10 * MINUTE)
    assert session.get_one(DbSealedRecord, code).seal == promised == seal_of(session, code)


@pytest.mark.parametrize("text", [TWICE, DIVISIONS], ids=["two attempts", "divisions"])
def test_every_attempt_has_its_own_seal(session: Session, text: str) -> None:
    ids = contest(text)
    codes = [makers.sit(ids["A2"], OPENS + MINUTE), makers.sit(ids["A1"], OPENS + MINUTE)]
    if text == TWICE:
        codes.append(makers.sit(ids["A1"], OPENS + 20 * MINUTE, attempt_code=makers.code(77)))
    promised = {code: seal_of(session, code) for code in codes}
    assert len(set(promised.values())) == len(codes)
    seal(OPENS + 30 * MINUTE)
    assert {code: seal_of(session, code) for code in codes} == promised
    assert [receipts.of_attempt(session, makers.week(session), code).batch for code in codes] == [1] * len(codes)  # type: ignore[union-attr]


def test_there_is_no_seal_before_the_end_is_written_down_and_then_it_stays(session: Session) -> None:
    ids = contest()
    with transaction() as writing:
        code = attempts.start(writing, ids["A1"], makers.week(writing), OPENS, makers.code(99))
    with transaction() as writing:
        attempts.save(writing, code, ids["A1"], 1, ["A", "", "B", "", ""], OPENS + MINUTE, 12)
    assert receipts.of_attempt(session, makers.week(session), code) is None
    with transaction() as writing:
        attempts.close_overdue(writing, OPENS + 20 * MINUTE)
    promised = seal_of(session, code)
    seal(OVER)
    assert seal_of(session, code) == promised


def test_what_ran_out_before_it_was_set_aside_ran_out(session: Session) -> None:
    ids = contest()
    with transaction() as writing:
        code = attempts.start(writing, ids["A1"], makers.week(writing), OPENS, makers.code(99))
    now = OPENS + 20 * MINUTE
    planned = Change(
        code=code,
        person_id=ids["A1"],
        agency_id=ids["H1"],
        sitting=False,
        is_set_aside=True,
        lost=timedelta(0),
        returned_ms=0,
        deadline_before=OPENS,
        deadline_at=OPENS,
    )
    with transaction() as writing:
        incident_effects.set_aside(writing, [planned], None, now)  # type: ignore[arg-type]
    row = session.get_one(DbAttempt, code, populate_existing=True)
    assert (row.ended_by, row.handed_in_at) == ("deadline", OPENS + 10 * MINUTE)


def test_nothing_is_promised_where_nothing_was_committed_to(session: Session) -> None:
    ids = contest()
    code = makers.sit(ids["A1"], OPENS + MINUTE)
    with transaction() as writing:
        writing.query(DbWeek).update({"commitment": None})
    session.expire_all()
    assert receipts.of_attempt(session, makers.week(session), code) is None
    seal(OPENS + 5 * MINUTE)
    assert session.query(DbSealedRecord).count() == 0
