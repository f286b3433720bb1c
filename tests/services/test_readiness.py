"""What the database holds for a contest, and what is left to do by it."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import update
from sqlalchemy.orm import Session

from quiz.contest.schedule_files import parse_contest
from quiz.models.contests import DbBarred
from quiz.models.people import DbPerson, DbPersonGroup
from quiz.permissions import Role
from quiz.services import contests, readiness, registrations, transaction
from tests import makers

RULES = parse_contest(makers.CONTEST.encode())
DIVISIONS = "divisions: [{code: can-bo, name: Cán bộ}, {code: nguoi-dan, name: Người dân}]\n"
OTHER = makers.CONTEST.replace("contest: thu-nghiem", "contest: nam-sau").encode()


def test_an_empty_installation_holds_nothing(session: Session) -> None:
    held = readiness.in_place(session, RULES)
    assert (held.is_known, held.is_loaded, held.has_passphrase, list(held.banks), list(held.groups)) == (
        *(False, False, False),
        *([], []),
    )
    numbers = (held.agencies, held.undeclared, held.people, held.undivided, held.barred, held.organisers)
    assert (numbers, held.coordinators) == ((0,) * 6, 0)
    assert readiness.find_loaded(session, RULES) is None


def test_what_is_in_place_is_counted_by_those_on_the_roster_now(session: Session) -> None:
    text = makers.CONTEST + DIVISIONS + "registration: open\n"
    makers.load_contest(text)
    first, _ = makers.add_agency("H1", headcount=30), makers.add_agency("H2")
    people = [makers.add_person(f"P{n}", first, division="can-bo" if n < 2 else "", activated=False) for n in range(4)]
    staff = [
        makers.add_person(f"S{n}", first, roles=[role], activated=False)
        for n, role in enumerate((Role.ORGANISER, Role.ORGANISER, Role.COORDINATOR, Role.ADMIN))
    ]
    with transaction() as writing:
        contest = contests.get_current(writing)
        writing.add(DbBarred(contest_id=contest.id, person_id=people[0], group_code="ban-to-chuc"))
        writing.add_all(DbPersonGroup(person_id=people[n], group_code=code) for n, code in ((0, "a"), (3, "gone")))
        left = [people[3], staff[1]]
        writing.execute(update(DbPerson).where(DbPerson.id.in_(left)).values(left_at=makers.BEFORE))
        writing.info["traced"] = True
    with transaction(makers.CONSOLE) as writing:
        registrations.set_passphrase(writing, makers.PASSPHRASE, makers.CONSOLE, makers.BEFORE)
    held = readiness.in_place(session, parse_contest(text.encode()), text.encode())
    assert (held.is_known, held.is_loaded, held.has_passphrase) == (True, True, True)
    assert (list(held.banks), set(held.groups), held.barred) == ([""], {"a"}, 1)
    assert (held.agencies, held.undeclared, held.people, held.undivided) == (2, 1, 6, 4)
    assert (held.organisers, held.coordinators) == (1, 1)
    other = readiness.in_place(session, parse_contest(OTHER), OTHER)
    assert (other.is_known, other.has_passphrase, other.barred, list(other.banks)) == (False, False, 0, [])


def test_a_changed_file_of_a_loaded_contest_is_known_but_not_loaded(session: Session) -> None:
    makers.load_contest()
    changed = makers.CONTEST.replace("thử nghiệm", "mới").encode()
    held = readiness.in_place(session, parse_contest(changed), changed)
    assert (held.is_known, held.is_loaded) == (True, False)
    found = readiness.find_loaded(session, RULES)
    assert found == contests.get_current(session)


def test_the_organiser_is_told_until_the_last_week_is_over(session: Session) -> None:
    makers.load_contest()
    contest = contests.get_current(session)
    last_moment = makers.WEEK_2_ENDS - timedelta.resolution
    told = [readiness.problems(session, contest, now) for now in (makers.BEFORE, last_moment, makers.WEEK_2_ENDS)]
    assert told[0] == told[1]
    assert told[0][0].startswith("Chưa nạp danh sách: 0 cơ quan, 0 người (")
    assert told[2] == ()
