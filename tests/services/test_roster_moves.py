"""Moves and leavings by date: agreed by both sides, carried out in time whoever looks, never changing an open week."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from quiz.errors import Refused
from quiz.models.audit import DbAuditEntry
from quiz.models.people import DbAgency, DbMembership, DbPerson, DbRosterMove
from quiz.permissions import Role
from quiz.services import Actor, accounts, contests, headcounts, roster, roster_moves, transaction, turnout
from quiz.services.roster_file import read_roster
from quiz.services.roster_moves import Move, State
from tests import makers
from tests.kept import kept
from tests.makers import BEFORE, CONSOLE

IN_WEEK_1 = makers.WEEK_1 + timedelta(days=1)  # Tuesday, 8 October
SATURDAY = date(2024, 10, 12)
SATURDAY_BEGINS = datetime(2024, 10, 11, 17, 0, tzinfo=UTC)


@pytest.fixture
@kept
def ids(session: Session) -> dict[str, int]:
    """Sở Nội vụ with a child, and Cục Thuế; a coordinator here and there, an organiser, two people; ids by code."""
    makers.load_contest()
    ids = {"SNV": makers.add_agency("SNV", "Sở Nội vụ")}
    ids["SNV-1"] = makers.add_agency("SNV-1", "Chi cục Văn thư", parent="SNV")
    ids["CT"] = makers.add_agency("CT", "Cục Thuế", kind="central")
    for code, agency, roles in (
        ("DM", "SNV", [Role.COORDINATOR]),
        ("DM-CT", "CT", [Role.COORDINATOR]),
        ("TC", "SNV", [Role.ORGANISER]),
        ("A1", "SNV", []),
        ("A2", "SNV", []),
    ):
        ids[code] = makers.add_person(code, ids[agency], f"Người {code}", roles)
    with transaction() as writing:
        contests.freeze_due_weeks(writing, makers.WEEK_1)
    return ids


class Office:
    """The visitors of a test, acting at `now`."""

    def __init__(self, session: Session, ids: dict[str, int]) -> None:
        self.session, self.ids, self.now = session, ids, IN_WEEK_1

    def who(self, code: str) -> accounts.Person:
        self.session.rollback()
        self.session.expire_all()
        found = accounts.find(self.session, self.ids[code])
        assert found
        return found

    def propose(self, first: date = SATURDAY, by: str = "DM", to: str = "CT", whom: str = "A1") -> Move:
        who = self.who(by)
        with transaction(Actor(who.id)) as writing:
            return roster_moves.propose(
                writing,
                who,
                self.ids["SNV"],
                self.ids[whom],
                receiver_id=self.ids.get(to, 999),
                first=first,
                reason="Quyết định số 5",
                now=self.now,
            )

    def leave(self, first: date = SATURDAY, by: str = "DM", whom: str = "A1") -> Move:
        who = self.who(by)
        with transaction(Actor(who.id)) as writing:
            return roster_moves.leave(
                writing, who, self.ids["SNV"], self.ids[whom], first=first, reason="Nghỉ hưu", now=self.now
            )

    def accept(self, move: Move, by: str = "DM-CT", at: str = "CT") -> Move:
        who = self.who(by)
        with transaction(Actor(who.id)) as writing:
            return roster_moves.accept(writing, who, self.ids[at], move.id, self.now)

    def drop(self, move: Move, by: str = "DM", at: str = "SNV") -> None:
        who = self.who(by)
        with transaction(Actor(who.id)) as writing:
            roster_moves.drop(writing, who, self.ids[at], move.id, self.now)

    def settle(self, now: datetime) -> None:
        """What the scheduler does at this moment."""
        with transaction() as writing:
            contests.freeze_due_weeks(writing, now)

    def code_of(self, action: object, *arguments: object, **named: object) -> str:
        """The code with which something is refused."""
        with pytest.raises(Refused) as refusal:
            action(*arguments, **named)  # type: ignore[operator]
        return refusal.value.code

    def headcounts(self, number: int) -> dict[str, int]:
        """The denominators of a week by agency."""
        self.session.rollback()
        week = makers.week(self.session, number)
        return {row.code: row.own.headcount for row in turnout.of_week(self.session, week, week.week.opens_at)}

    def person(self, code: str = "A1") -> DbPerson:
        self.session.rollback()
        self.session.expire_all()
        return self.session.get_one(DbPerson, self.ids[code])

    def memberships(self, code: str = "A1") -> list[tuple[int, datetime, datetime | None]]:
        rows = self.session.execute(
            select(DbMembership.agency_id, DbMembership.since, DbMembership.until)
            .where(DbMembership.person_id == self.ids[code])
            .order_by(DbMembership.id)
        )
        return [tuple(row) for row in rows]  # type: ignore[misc]


@pytest.fixture
def office(session: Session, ids: dict[str, int]) -> Office:
    """On Tuesday of week 1."""
    return Office(session, ids)


def test_a_move_waits_for_the_other_side_and_for_its_day(office: Office, ids: dict[str, int]) -> None:
    move = office.propose()
    assert (move.state, move.agency, move.receiver, move.moves_at) == (
        *(State.WAITING, "Sở Nội vụ", "Cục Thuế", SATURDAY_BEGINS),
    )
    assert office.accept(move).state is State.AGREED
    assert office.person().agency_id == ids["SNV"]
    office.settle(SATURDAY_BEGINS + timedelta(hours=5))
    assert office.person().agency_id == ids["CT"]
    assert office.memberships() == [(ids["SNV"], BEFORE, SATURDAY_BEGINS), (ids["CT"], SATURDAY_BEGINS, None)]
    assert office.headcounts(1) == {"SNV": 4, "SNV-1": 0, "CT": 1}
    office.settle(makers.WEEK_2)
    assert office.headcounts(2) == {"SNV": 3, "SNV-1": 0, "CT": 2}


def test_the_opening_itself_carries_out_what_is_due(office: Office) -> None:
    office.accept(office.propose())
    office.settle(makers.WEEK_2 + timedelta(hours=3))
    assert office.headcounts(2) == {"SNV": 3, "SNV-1": 0, "CT": 2}


def test_a_move_that_nobody_accepted_changes_nothing(office: Office) -> None:
    office.propose()
    office.settle(makers.WEEK_2)
    assert office.headcounts(2) == {"SNV": 4, "SNV-1": 0, "CT": 1}


def test_accepted_after_an_opening_it_counts_from_then_and_the_open_week_stays(office: Office) -> None:
    move = office.propose()
    office.settle(makers.WEEK_2)
    before = office.headcounts(2)
    office.now = makers.WEEK_2 + timedelta(days=1)
    assert office.accept(move).state is State.DONE
    assert office.headcounts(2) == before
    assert office.memberships()[-1][1] == office.now


def test_who_keeps_both_agencies_needs_no_second_person(office: Office, ids: dict[str, int]) -> None:
    assert office.propose(date(2024, 10, 8), to="SNV-1").state is State.DONE
    assert office.person().agency_id == ids["SNV-1"]
    assert office.propose(by="TC", whom="A2").state is State.AGREED


def test_an_organiser_may_accept_for_an_agency(office: Office) -> None:
    assert office.accept(office.propose(), by="TC").state is State.AGREED


def test_only_the_receiving_side_accepts(office: Office) -> None:
    move = office.propose()
    assert office.code_of(office.accept, move, by="DM", at="CT") == "agency_missing"
    assert office.code_of(office.accept, move, by="DM", at="SNV") == "move_missing"
    assert office.code_of(office.accept, move, by="DM-CT", at="SNV") == "agency_missing"
    office.accept(move)
    assert office.code_of(office.accept, move) == "move_moved_on"


def test_either_side_may_drop_it_until_it_is_done(office: Office, ids: dict[str, int]) -> None:
    office.drop(office.propose(), by="DM-CT", at="CT")
    move = office.accept(office.propose())
    office.drop(move)
    assert office.code_of(office.drop, move) == "move_moved_on"
    office.settle(makers.WEEK_2)
    assert office.person().agency_id == ids["SNV"]
    done = office.propose(date(2024, 10, 15), to="SNV-1", whom="A2")
    office.settle(makers.WEEK_2 + timedelta(days=1))
    assert office.code_of(office.drop, done) == "move_moved_on"
    assert office.code_of(office.drop, done, by="DM-CT", at="CT") == "move_missing"


def test_what_cannot_be_proposed(office: Office) -> None:
    assert office.code_of(office.propose, date(2024, 10, 7)) == "day_frozen"
    assert office.code_of(office.propose, to="SNV") == "move_nowhere"
    assert office.code_of(office.propose, to="nowhere") == "agency_missing"
    assert office.code_of(office.propose, by="DM-CT") == "agency_missing"
    assert office.code_of(office.propose, whom="TC") == "person_holds_role"
    assert office.code_of(office.propose, whom="DM-CT") == "person_missing"
    office.propose()
    assert office.code_of(office.propose) == "move_waiting"
    assert office.code_of(office.leave) == "move_waiting"


def test_a_full_roster_takes_nobody_in(office: Office, ids: dict[str, int]) -> None:
    with transaction() as writing:
        writing.get_one(DbAgency, ids["CT"]).headcount = 1
    move = office.propose()
    assert office.code_of(office.accept, move) == "headcount_full"


def test_somebody_who_leaves_counts_until_the_day_and_then_cannot_sign_in(office: Office, ids: dict[str, int]) -> None:
    assert office.leave().state is State.AGREED
    assert office.person().left_at is None
    office.settle(makers.WEEK_2)
    row = office.person()
    assert (row.left_at, row.session_epoch) == (SATURDAY_BEGINS, 1)
    assert accounts.find(office.session, ids["A1"]) is None
    assert (office.headcounts(1)["SNV"], office.headcounts(2)["SNV"]) == (4, 3)


def test_a_leaving_of_today_is_done_at_once_and_the_open_week_keeps_its_figures(office: Office) -> None:
    assert office.leave(date(2024, 10, 8)).state is State.DONE
    assert office.person().left_at == IN_WEEK_1
    assert office.headcounts(1)["SNV"] == 4


def test_figures_to_come_hold_what_is_agreed(office: Office, ids: dict[str, int]) -> None:
    move = office.propose()
    office.leave(whom="A2")

    def listed() -> tuple[int, int]:
        office.session.rollback()
        found = headcounts.get_upcoming(office.session, IN_WEEK_1).figures
        return found[ids["SNV"]].listed, found[ids["CT"]].listed

    assert listed() == (3, 1)
    office.accept(move)
    assert listed() == (2, 2)
    office.settle(SATURDAY_BEGINS)
    assert listed() == (2, 2)


def test_figures_to_come_leave_out_a_move_that_comes_after_the_opening(office: Office, ids: dict[str, int]) -> None:
    office.accept(office.propose(date(2024, 10, 15)))
    found = headcounts.get_upcoming(office.session, IN_WEEK_1).figures
    assert (found[ids["SNV"]].listed, found[ids["CT"]].listed) == (4, 1)


def test_a_roster_file_overtakes_a_move_that_is_still_to_come(office: Office, ids: dict[str, int]) -> None:
    office.accept(office.propose())
    text = "Mã cán bộ;Họ và tên;Mã cơ quan\nDM;Người DM;SNV\nA2;Người A2;SNV\nTC;Người TC;SNV\nA1;Người A1;SNV-1"
    file = read_roster(text.encode(), "a.csv")
    with transaction(CONSOLE) as writing:
        roster.apply(writing, file, roster.plan(writing, file, IN_WEEK_1).digest, CONSOLE, IN_WEEK_1)
    office.settle(makers.WEEK_2)
    assert office.person().agency_id == ids["SNV-1"]
    assert office.headcounts(2) == {"SNV": 3, "SNV-1": 1, "CT": 1}
    (move,) = roster_moves.of_agency(office.session, ids["CT"])
    assert move.state is State.DROPPED


def test_a_roster_file_with_somebody_about_to_leave_lets_them_leave(office: Office) -> None:
    office.leave()
    text = "Mã cán bộ;Họ và tên;Mã cơ quan\nDM;Người DM;SNV\nA2;Người A2;SNV\nTC;Người TC;SNV\nA1;Người A1;SNV"
    file = read_roster(text.encode(), "a.csv")
    with transaction(CONSOLE) as writing:
        roster.apply(writing, file, roster.plan(writing, file, IN_WEEK_1).digest, CONSOLE, IN_WEEK_1)
    office.settle(makers.WEEK_2)
    assert office.headcounts(2)["SNV"] == 3


def test_whom_a_file_has_taken_meanwhile_cannot_be_accepted(office: Office, ids: dict[str, int]) -> None:
    move = office.propose()
    with transaction() as writing:
        writing.get_one(DbPerson, ids["A1"]).agency_id = ids["SNV-1"]
    assert office.code_of(office.accept, move) == "move_moved_on"
    assert roster_moves.open_of_person(office.session, ids["A1"]) is None


def test_the_list_of_an_agency_shows_what_is_open_first(office: Office, ids: dict[str, int]) -> None:
    move = office.propose()
    office.drop(office.leave(whom="A2"))
    assert [each.state for each in roster_moves.of_agency(office.session, ids["SNV"])] == [
        *(State.WAITING, State.DROPPED),
    ]
    assert [each.id for each in roster_moves.of_agency(office.session, ids["CT"])] == [move.id]
    assert (
        roster_moves.waiting_for(office.session, ids["CT"]),
        roster_moves.waiting_for(office.session, ids["SNV"]),
    ) == (*(1, 0),)


def test_every_act_is_written_down(office: Office) -> None:
    office.accept(office.propose())
    office.drop(office.leave(whom="A2"))
    entries = office.session.scalars(select(DbAuditEntry).order_by(DbAuditEntry.id)).all()[-4:]
    moved = {"agency": "SNV", "first_day": "2024-10-12", "person": "A1", "receiver": "CT"}
    gone = {"agency": "SNV", "first_day": "2024-10-12", "person": "A2"}
    assert [(each.act, each.reason, json.loads(each.facts)) for each in entries] == [
        ("propose_move", "Quyết định số 5", moved),
        ("accept_move", "", moved),
        ("record_leaving", "Nghỉ hưu", gone),
        ("drop_move", "", gone | {"receiver": ""}),
    ]


def test_a_move_is_carried_out_once(office: Office) -> None:
    office.accept(office.propose())
    for hours in (0, 1, 2):
        office.settle(SATURDAY_BEGINS + timedelta(hours=hours))
    assert len(office.memberships()) == 2
    assert office.session.scalars(select(DbRosterMove.done_at)).one() == SATURDAY_BEGINS


def test_whom_a_file_has_taken_meanwhile_is_waited_for_no_more(office: Office, ids: dict[str, int]) -> None:
    move = office.propose()
    with transaction() as writing:
        writing.get_one(DbPerson, ids["A1"]).left_at = IN_WEEK_1
    office.settle(IN_WEEK_1)
    assert roster_moves.waiting_for(office.session, ids["CT"]) == 0
    with transaction() as writing:
        writing.get_one(DbPerson, ids["A1"]).left_at = None
    assert office.code_of(office.accept, move) == "move_moved_on"


def test_who_has_been_given_a_role_since_the_proposal_is_taken_in_by_organisers_only(
    office: Office, ids: dict[str, int]
) -> None:
    move = office.propose()
    with transaction(CONSOLE) as writing:
        accounts.grant(writing, "A1", Role.COORDINATOR, CONSOLE, IN_WEEK_1)
    assert office.code_of(office.accept, move) == "person_holds_role"
    assert office.accept(move, by="TC").state is State.AGREED


def test_a_roster_has_room_for_those_who_are_agreed_to_come(office: Office, ids: dict[str, int]) -> None:
    with transaction() as writing:
        writing.get_one(DbAgency, ids["CT"]).headcount = 2
    first, second = office.propose(), office.propose(whom="A2")
    office.accept(first)
    assert office.code_of(office.accept, second) == "headcount_full"
    office.drop(first)
    assert office.accept(second).state is State.AGREED


def test_where_people_register_a_late_consent_leaves_the_week_that_has_closed(session: Session) -> None:
    makers.open_registration()
    ids = {"SNV": makers.add_agency("SNV", headcount=5), "CT": makers.add_agency("CT", headcount=5)}
    ids["DM"] = makers.add_person("DM", ids["SNV"], roles=[Role.COORDINATOR])
    ids["DM-CT"] = makers.add_person("DM-CT", ids["CT"], roles=[Role.COORDINATOR])
    ids["A1"] = makers.register(ids["SNV"])
    makers.sit(ids["A1"], makers.WEEK_1)
    office = Office(session, ids)
    office.now = makers.WEEK_1_ENDS + timedelta(days=1)

    def people() -> dict[str, int]:
        session.rollback()
        return {row.code: row.own.people for row in turnout.of_week(session, makers.week(session), office.now)}

    assert people() == {"SNV": 1, "CT": 0}
    assert office.accept(office.propose(date(2024, 10, 8))).state is State.DONE
    assert people() == {"SNV": 1, "CT": 0}
