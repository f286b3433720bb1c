"""Keeping a roster while a week opens, and while others keep it, on both databases."""

from __future__ import annotations

import threading
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from quiz.errors import Refused
from quiz.models.people import DbMembership, DbPerson
from quiz.permissions import Role
from quiz.services import Actor, accounts, contests, roster, roster_moves, transaction, turnout
from quiz.services.roster_file import read_roster
from tests import makers
from tests.makers import CONSOLE
from tests.services.test_races import at_once

WHILE_OTHERS_TRY = 0.5
JUST_BEFORE = makers.WEEK_2 - timedelta(milliseconds=1)


@pytest.fixture
def ids(session: Session) -> dict[str, int]:
    """Two agencies with a coordinator each, two people of the first, one of whom is to move; week 1 is over."""
    makers.load_contest()
    ids = {"SNV": makers.add_agency("SNV"), "CT": makers.add_agency("CT")}
    ids["DM"] = makers.add_person("DM", ids["SNV"], roles=[Role.COORDINATOR], activated=False)
    ids["DM-CT"] = makers.add_person("DM-CT", ids["CT"], roles=[Role.COORDINATOR], activated=False)
    for code in ("A1", "A2"):
        ids[code] = makers.add_person(code, ids["SNV"], activated=False)
    with transaction() as writing:
        contests.freeze_due_weeks(writing, makers.WEEK_1)
    with transaction(Actor(ids["DM"])) as writing:
        proposed = roster_moves.propose(
            writing,
            who(writing, ids["DM"]),
            ids["SNV"],
            ids["A1"],
            receiver_id=ids["CT"],
            first=date(2024, 10, 12),
            reason="Quyết định số 5",
            now=makers.WEEK_1_ENDS,
        )
    return ids | {"move": proposed.id}


def who(session: Session, person: int) -> accounts.Person:
    found = accounts.find(session, person)
    assert found
    return found


def test_a_week_that_opens_during_a_move_counts_everybody_once(
    app: Flask, session: Session, ids: dict[str, int]
) -> None:
    is_accepted, is_frozen = threading.Event(), threading.Event()

    def accept() -> None:
        with transaction(Actor(ids["DM-CT"])) as writing:
            roster_moves.accept(writing, who(writing, ids["DM-CT"]), ids["CT"], ids["move"], JUST_BEFORE)
            is_accepted.set()
            is_frozen.wait(WHILE_OTHERS_TRY)

    def freeze() -> None:
        assert is_accepted.wait(10)
        with transaction() as writing:
            contests.freeze_due_weeks(writing, makers.WEEK_2)
        is_frozen.set()

    at_once(app, lambda place: (accept, freeze)[place](), 2)
    session.rollback()
    rows = turnout.of_week(session, makers.week(session, 2), makers.WEEK_2)
    assert {row.code: row.own.headcount for row in rows} == {"SNV": 2, "CT": 2}


def test_two_who_accept_at_once_take_the_person_in_once(app: Flask, session: Session, ids: dict[str, int]) -> None:
    def accept(_place: int) -> str:
        try:
            with transaction(Actor(ids["DM-CT"])) as writing:
                roster_moves.accept(writing, who(writing, ids["DM-CT"]), ids["CT"], ids["move"], JUST_BEFORE)
        except Refused as refusal:
            return refusal.code
        return ""

    assert sorted(at_once(app, accept, 4)) == ["", *["move_moved_on"] * 3]
    session.rollback()
    places = session.scalars(select(DbMembership.agency_id).where(DbMembership.person_id == ids["A1"])).all()
    assert sorted(places) == sorted((ids["SNV"], ids["CT"]))


def test_a_move_accepted_during_an_import_waits_for_it(app: Flask, session: Session, ids: dict[str, int]) -> None:
    rows = ["DM;Nguyễn Thị Hương;SNV", "A1;Người đổi tên;SNV", "DM-CT;Nguyễn Thị Hương;CT"]
    file = read_roster("\n".join(["Mã cán bộ;Họ và tên;Mã cơ quan", *rows]).encode(), "a.csv")
    is_importing, is_accepted = threading.Event(), threading.Event()

    def let_others_try(_done: int, _total: int) -> None:
        is_importing.set()
        is_accepted.wait(WHILE_OTHERS_TRY)

    def apply() -> None:
        with transaction(CONSOLE) as writing:
            shown = roster.plan(writing, file, JUST_BEFORE).digest
            roster.apply(writing, file, shown, CONSOLE, JUST_BEFORE, let_others_try)

    def accept() -> None:
        assert is_importing.wait(10)
        with transaction(Actor(ids["DM-CT"])) as writing:
            roster_moves.accept(writing, who(writing, ids["DM-CT"]), ids["CT"], ids["move"], JUST_BEFORE)
        is_accepted.set()

    at_once(app, lambda place: (apply, accept)[place](), 2)
    session.rollback()
    person = session.get_one(DbPerson, ids["A1"])
    assert (person.name, person.agency_id) == ("Người đổi tên", ids["CT"])
