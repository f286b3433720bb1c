"""Long work on a marked week: how far it is, stopped on its way, begun again, and begun anew by every marking."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from quiz.models.audit import DbAuditEntry
from quiz.models.contests import DbWeek
from quiz.models.rulings import DbRuling
from quiz.scoring.rulings import Kind
from quiz.services import (
    Actor,
    incident_effects,
    item_report,
    long_work,
    review_signals,
    ruling_preview,
    rulings,
    transaction,
)
from quiz.services.contests import StoredWeek
from quiz.services.long_work import HowFar
from quiz.services.rulings import Terms
from tests import makers
from tests.services import results_scene as scene
from tests.services.results_scene import CLOSED, mark, refused

HALF = HowFar(percent=50)
STOPPED = HowFar(percent=50, is_stopped=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """One kind of long work as its pages and the scheduler use it."""

    run: Callable[[], int]
    how_far: Callable[[Session, StoredWeek], HowFar]
    is_made: Callable[[Session, StoredWeek], bool]
    stop: Callable[[Session, StoredWeek, Actor], None]
    begin_again: Callable[[Session, StoredWeek, Actor], None]


def ruling(session: Session) -> DbRuling:
    """The only proposal."""
    return session.scalars(select(DbRuling).execution_options(populate_existing=True)).one()


WORKS = {
    "analysis": Work(
        run=lambda: item_report.analyse_due(lambda: CLOSED),
        how_far=lambda session, week: item_report.how_far(session, week, ""),
        is_made=lambda session, week: item_report.find(session, week, "") is not None,
        stop=lambda session, week, actor: item_report.stop(session, week, "", actor, CLOSED),
        begin_again=lambda session, week, actor: item_report.begin_again(session, week, "", actor, CLOSED),
    ),
    "signals": Work(
        run=review_signals.work_out_due,
        how_far=review_signals.how_far,
        is_made=lambda session, week: review_signals.find(session, week) is not None,
        stop=lambda session, week, actor: review_signals.stop(session, week, actor, CLOSED),
        begin_again=lambda session, week, actor: review_signals.begin_again(session, week, actor, CLOSED),
    ),
    "preview": Work(
        run=lambda: ruling_preview.compute_waiting(lambda: CLOSED),
        how_far=lambda session, _: long_work.how_far(ruling(session)),
        is_made=lambda session, _: rulings.shown(session, ruling(session).id, CLOSED).preview is not None,
        stop=lambda session, _, actor: rulings.stop_preview(session, ruling(session).id, actor, CLOSED),
        begin_again=lambda session, _, actor: rulings.preview_again(session, ruling(session).id, actor, CLOSED),
    ),
}


@pytest.fixture(params=WORKS)
def work(request: pytest.FixtureRequest) -> Work:
    return WORKS[request.param]


@pytest.fixture
def organiser(session: Session, sat: dict[str, int]) -> Actor:
    """Who decides, after the week is marked and one ruling proposed."""
    actor = scene.add_organiser()
    mark()
    with transaction(actor) as writing:
        terms = Terms(bank="", question_id="T-001", kind=Kind.VOID, letters="", number="1", reason="Sai")
        rulings.propose(writing, makers.week(writing), terms, actor, CLOSED)
    return actor


def seen(session: Session, work: Work) -> tuple[HowFar, bool]:
    """How far it is, and whether it is made."""
    session.rollback()
    session.expire_all()
    week = makers.week(session)
    found = work.how_far(session, week), work.is_made(session, week)
    session.rollback()
    return found


def act(how: Callable[[Session, StoredWeek, Actor], None], actor: Actor) -> None:
    """Stop or begin again, as the page does."""
    with transaction(actor) as writing:
        how(writing, makers.week(writing), actor)


def half_way(monkeypatch: pytest.MonkeyPatch, then: Callable[[], object]) -> list[int]:
    """Have something happen once half of any work is told; what is told after that."""
    real, waiting, after = long_work.teller, [then], list[int]()

    def teller(*given: object) -> Callable[[int, int], None]:
        tell = real(*given)  # type: ignore[arg-type]

        def told(done: int, _total: int) -> None:
            tell(1, 2)
            if waiting:
                waiting.pop()()
            tell(1, 2)
            after.append(done)

        return told

    monkeypatch.setattr(long_work, "teller", teller)
    return after


def test_how_far_work_is_stays_known_while_it_is_done(
    session: Session, organiser: Actor, work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[HowFar] = []
    half_way(monkeypatch, lambda: told.append(seen(session, work)[0]))
    assert seen(session, work) == (HowFar(), False)
    work.run()
    assert told == [HALF]
    assert seen(session, work)[1]
    assert work.run() == 0


def test_work_stopped_on_its_way_rests_until_somebody_wants_it(
    session: Session, organiser: Actor, work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    after = half_way(monkeypatch, lambda: act(work.stop, organiser))
    assert ([work.run() for _ in range(2)], after) == ([0, 0], [])
    assert seen(session, work) == (STOPPED, False)
    assert refused(lambda: act(work.stop, organiser)) == "work_moved_on"
    act(work.begin_again, organiser)
    assert seen(session, work) == (HowFar(), False)
    assert work.run() == 1
    assert seen(session, work)[1]
    acts = session.scalars(select(DbAuditEntry.act).where(DbAuditEntry.act.contains("_work")).order_by(DbAuditEntry.id))
    assert acts.all() == ["stop_work", "begin_work"]


def test_work_is_stopped_before_the_scheduler_begins_it(session: Session, organiser: Actor, work: Work) -> None:
    assert refused(lambda: act(work.begin_again, organiser)) == "work_moved_on"
    act(work.stop, organiser)
    assert work.run() == 0
    assert seen(session, work) == (HowFar(is_stopped=True), False)


def test_work_that_was_killed_is_done_by_the_next(
    session: Session, organiser: Actor, work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed() -> None:
        raise KeyboardInterrupt

    half_way(monkeypatch, killed)
    with pytest.raises(KeyboardInterrupt):
        work.run()
    assert seen(session, work) == (HALF, False)
    assert work.run() == 1


@pytest.mark.parametrize("name", ["analysis", "signals"])
def test_what_is_made_is_not_stopped_and_a_new_marking_begins_anew(
    session: Session, organiser: Actor, name: str
) -> None:
    work = WORKS[name]
    work.run()
    assert refused(lambda: act(work.stop, organiser)) == "work_moved_on"
    with transaction() as writing:
        incident_effects.unmark(writing, writing.scalars(select(DbWeek).where(DbWeek.number == 1)).one())
    assert refused(lambda: act(work.stop, organiser)) == "work_moved_on"
    again: datetime = CLOSED + timedelta(hours=1)
    mark(again)
    act(work.stop, organiser)
    with transaction() as writing:
        incident_effects.unmark(writing, writing.scalars(select(DbWeek).where(DbWeek.number == 1)).one())
    mark(again + timedelta(hours=1))
    assert seen(session, work) == (HowFar(), False)
    assert work.run() == 1


def test_a_withdrawn_proposal_is_not_computed_to_its_end(
    session: Session, organiser: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def withdraw() -> None:
        with transaction(organiser) as writing:
            rulings.withdraw(writing, ruling(writing).id, organiser, CLOSED)

    after = half_way(monkeypatch, withdraw)
    assert (WORKS["preview"].run(), after) == (0, [])
    assert ruling(session).preview == ""
