"""What tests of results start from: people who have sat a week, the marking of it, and what then stands."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from quiz.errors import Refused
from quiz.models.attempts import DbAttempt
from quiz.models.contests import DbBarred
from quiz.models.people import DbPerson
from quiz.models.results import DbStanding
from quiz.permissions import Role
from quiz.services import Actor, marking, publishing, results, transaction
from quiz.services.published import Publication
from quiz.services.results import Provisional
from tests import makers
from tests.kept import kept

MS = timedelta(milliseconds=1)
MINUTE = timedelta(minutes=1)
GRACE = timedelta(seconds=5)
DAY = makers.WEEK_1 + timedelta(hours=2)
DAY_2 = DAY + timedelta(days=7)
CLOSED = makers.WEEK_1_ENDS + GRACE + MS
CLOSED_2 = makers.WEEK_2_ENDS + GRACE + MS
ORDER = ("A", "B", "C", "D", "E", "F", "G", "H")


@kept
def lay_out() -> dict[str, int]:
    """A contest and nine people by their staff codes, of whom Z has sat week 2, all right and fastest of all."""
    makers.load_contest()
    made = add_people()
    makers.sit(made["Z"], makers.WEEK_2, lasts=MS, number=2)
    return made


@kept
def lay_out_sat() -> dict[str, int]:
    """The same people after they have sat week 1, too."""
    made = lay_out()
    sit_every_step(made)
    return made


def add_people(codes: str = "ABCDEFGHZ") -> dict[str, int]:
    """People of two agencies, H1 up to F and H2 from G on, by their staff codes."""
    first, second = makers.add_agency("H1"), makers.add_agency("H2")
    return {
        code: makers.add_person(code, second if code > "F" else first, f"Lê Thị {code}", activated=False)
        for code in codes
    }


def add_organiser() -> Actor:
    """Somebody who may publish."""
    return Actor(makers.add_person("BTC-1", makers.add_agency("BTC"), roles=[Role.ORGANISER], activated=False))


def sit_every_step(people: Mapping[str, int]) -> None:
    """A week in which every step of the usual chain decides something; see `ORDER`, where D and E draw lots."""
    sittings = {
        "A": (3 * MINUTE, 5, DAY),
        "B": (3 * MINUTE + 412 * MS, 5, DAY + MINUTE),  # same whole seconds as A, handed in later
        "C": (3 * MINUTE + timedelta(seconds=1), 5, DAY - MINUTE),
        "D": (MINUTE, 4, DAY),
        "E": (MINUTE, 4, DAY),  # equal to D in everything: the lot decides
        "F": (9 * MINUTE, 3, DAY),
        "G": (2 * MINUTE, 1, DAY),
        "H": (MS, 0, DAY),
    }
    for code, (lasts, right, begins) in sittings.items():
        makers.sit(people[code], begins, lasts, right)


def mark(now: datetime = CLOSED, number: int = 1) -> int:
    """Mark a week as an organiser does."""
    with transaction(makers.CONSOLE) as session:
        return marking.mark_week(session, makers.week(session, number), now, makers.CONSOLE)


def mark_both() -> None:
    """Mark both weeks."""
    mark()
    mark(CLOSED_2, 2)


def publish(session: Session, actor: Actor, number: int = 1, now: datetime = CLOSED_2, reason: str = "") -> Publication:
    """Publish what the organiser sees."""
    session.rollback()
    seen = publishing.draft(session, makers.week(session, number), now).digest
    with transaction(actor) as writing:
        return publishing.publish(writing, makers.week(writing, number), seen, reason, actor, now)


def standings(session: Session, number: int = 1, division: str = "") -> list[tuple[int, int, str, str]]:
    """Place, rank, staff code and the step that decided, in order."""
    session.rollback()
    rows = session.execute(
        select(DbStanding.place, DbStanding.rank, DbPerson.staff_code, DbStanding.decided_by)
        .join(DbPerson, DbPerson.id == DbStanding.person_id)
        .where(DbStanding.week_id == makers.week(session, number).id, DbStanding.division == division)
        .order_by(DbStanding.place)
    )
    return [tuple(row) for row in rows]  # type: ignore[misc]


def in_order(session: Session, number: int = 1, division: str = "") -> str:
    """The staff codes in the order of their places."""
    return "".join(code for _, _, code, _ in standings(session, number, division))


def shown(session: Session, number: int = 1) -> Provisional:
    """What the organiser sees now."""
    session.rollback()
    return results.provisional(session, makers.week(session, number))


def winners(session: Session, number: int = 1) -> list[tuple[str, int, str]]:
    """Prize, rank and the last letter of the name, which is the staff code."""
    return [(w.prize, w.ranked.standing.rank, w.ranked.name[-1]) for w in shown(session, number).winners]


def bar(person: int, session: Session, group: str = "ban-to-chuc") -> None:
    """Put somebody on the contest's barred list."""
    contest = makers.week(session).contest.id
    with transaction() as writing:
        writing.add(DbBarred(contest_id=contest, person_id=person, group_code=group))


def refused(act: Callable[[], object]) -> str:
    """The code of the refusal of an act that must be refused."""
    with pytest.raises(Refused) as caught:
        act()
    return caught.value.code


def attempt_of(session: Session, person: int, number: int = 1) -> str:
    """The code of somebody's first attempt in a week."""
    session.rollback()
    rows = select(DbAttempt.code).where(
        DbAttempt.person_id == person, DbAttempt.week_id == makers.week(session, number).id
    )
    return session.scalars(rows.order_by(DbAttempt.number)).all()[0]
