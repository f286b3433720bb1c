"""A database that is older than what others were told seals, ranks and publishes nothing until somebody accepts it."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from quiz.errors import Refused
from quiz.heads_file import HeadsFile, Noted
from quiz.models.audit import DbAuditEntry, DbAuditHead
from quiz.models.seals import DbBatch
from quiz.services import audit, lost_heads, publishing, transaction
from quiz.services.lost_heads import AUDIT, Loss
from tests import makers
from tests.services.desk_scene import add_staff, due, told
from tests.services.results_scene import add_organiser, mark
from tests.services.sealing_scene import MINUTE, OPENS, OVER, batches, promise, seal

LATER = OVER + 10 * MINUTE


@pytest.fixture
def file(tmp_path: Path) -> HeadsFile:
    return HeadsFile(tmp_path / "heads")


@pytest.fixture
def people(session: Session) -> list[int]:
    """Three people of a contest whose first week is open; three minutes of it are sealed."""
    makers.load_contest()
    agency = makers.add_agency()
    return [makers.add_person(f"A{n}", agency, activated=False) for n in range(1, 4)]


@pytest.fixture
def noted(people: list[int], file: HeadsFile) -> None:
    """Each minute of three was sealed, and its head noted."""
    promise()
    for minute in range(3):
        makers.sit(people[minute], OPENS + minute * MINUTE, lasts=timedelta(seconds=20))
        seal(OPENS + minute * MINUTE)
        lost_heads.note(file)


def lose(session: Session, *, after: int) -> list[str]:
    """The database as it stood when so many batches of the week were sealed; the heads that are gone."""
    gone = [one.head for one in batches(session) if one.number > after]
    with transaction() as writing:
        writing.execute(delete(DbBatch).where(DbBatch.week_id == makers.week(writing).id, DbBatch.number > after))
    return gone


def test_a_whole_database_is_said_nothing_of(session: Session, noted: None, file: HeadsFile) -> None:
    assert [one.number for one in file.read()["thu-nghiem/1"]] == [1, 2, 3]
    assert lost_heads.look(file, LATER) == ()
    lost_heads.note(file)
    assert len(file.path.read_text().splitlines()) == len({*file.path.read_text().splitlines()})
    assert mark(OVER) == 3


@pytest.mark.parametrize("stands", [0, 1, 2])
def test_every_batch_that_is_lost_is_found_and_nothing_is_ranked(
    session: Session, noted: None, file: HeadsFile, stands: int
) -> None:
    gone = lose(session, after=stands)
    [loss] = lost_heads.look(file, LATER)
    assert loss == Loss(chain="thu-nghiem/1", reached=3, head=gone[-1], stands=stands)
    assert (loss.missing, f"(số {stands + 1}–3)" in loss.words) == (3 - stands, True)
    assert lost_heads.look(file, LATER) == ()  # written down once
    with pytest.raises(Refused, match="Cơ sở dữ liệu cũ hơn") as refused:
        mark(OVER)
    assert f"thiếu {3 - stands} lô niêm phong" in str(refused.value)
    [entry] = session.scalars(select(DbAuditEntry).where(DbAuditEntry.act == audit.Act.FIND_LOSS))
    assert json.loads(entry.facts)["stands"] == stands


def test_another_history_of_the_same_length_is_a_loss(session: Session, noted: None, file: HeadsFile) -> None:
    lose(session, after=1)
    seal(OPENS + 5 * MINUTE, OPENS + 6 * MINUTE)
    [loss] = lost_heads.look(file, LATER)
    assert (loss.reached, loss.stands) == (3, 1)


def test_lost_acts_stop_the_publication_of_a_marked_week(session: Session, noted: None, file: HeadsFile) -> None:
    organiser = add_organiser()
    mark(OVER)
    lost_heads.note(file)
    count, link = file.read()[AUDIT][-1].number, file.read()[AUDIT][-1].head
    file.add([Noted(AUDIT, count + 1, "d" * 64)])
    assert lost_heads.look(file, LATER) == (Loss(chain=AUDIT, reached=count + 1, head="d" * 64, stands=count),)
    seen = publishing.draft(session, makers.week(session), LATER).digest
    with pytest.raises(Refused, match="Cơ sở dữ liệu cũ hơn"), transaction(organiser) as writing:
        publishing.publish(writing, makers.week(writing), seen, "", organiser, LATER)
    assert link != session.scalar(select(DbAuditHead.link))  # the finding is an act


def test_once_accepted_by_a_decision_all_goes_on(session: Session, noted: None, file: HeadsFile) -> None:
    lose(session, after=1)
    lost_heads.look(file, LATER)
    lost_heads.note(file)
    assert file.read()["thu-nghiem/1"][-1].number == 3
    for number, reason in (("", "Hỏng đĩa"), ("12/QĐ", " ")):
        with pytest.raises(Refused, match="lý do"), transaction(makers.CONSOLE) as writing:
            lost_heads.accept(writing, number, reason, makers.CONSOLE, LATER)
    with transaction(makers.CONSOLE) as writing:
        assert len(lost_heads.accept(writing, "12/QĐ", "Hỏng đĩa", makers.CONSOLE, LATER)) == 1
    assert lost_heads.unaccepted(session) == ()
    assert mark(OVER) == 3
    lost_heads.note(file)
    assert lost_heads.look(file, LATER) == ()
    lose(session, after=1)  # and the next loss is found again
    assert [one.chain for one in lost_heads.look(file, LATER)] == ["thu-nghiem/1"]


def test_a_database_without_the_contest_has_lost_it(session: Session, file: HeadsFile) -> None:
    file.add([Noted("hoi-thi-khac/2", 40, "e" * 64)])
    assert lost_heads.look(file, LATER) == (Loss(chain="hoi-thi-khac/2", reached=40, head="e" * 64, stands=0),)


def test_the_today_page_names_it_before_all_else(session: Session, noted: None, file: HeadsFile) -> None:
    viewer = add_staff()
    assert due(session, lost_heads.waiting, viewer, LATER) == []
    lose(session, after=1)
    lost_heads.look(file, LATER)
    facts = {"batches": 2, "acts": 0}
    assert told(due(session, lost_heads.waiting, viewer, LATER)) == [("now", "monitor.page", facts)]
