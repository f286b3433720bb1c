"""Open registration: who may register, once each, how often from one address, and what is kept of them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from quiz.errors import Refused
from quiz.models import db
from quiz.models.audit import DbAuditEntry
from quiz.models.contests import DbContest, DbWeek
from quiz.models.people import DbMembership, DbPerson, DbRegistration, DbSignInFailure
from quiz.permissions import Role
from quiz.services import accounts, registrations, transaction
from tests import makers
from tests.kept import kept
from tests.services.test_races import at_once

NOW = makers.BEFORE
HOUR, MS = timedelta(hours=1), timedelta(milliseconds=1)
HERE, THERE = "192.0.2.1", "192.0.2.2"
DIVISIONS = "divisions:\n  - {code: can-bo, name: Cán bộ}\n  - {code: nguoi-dan, name: Người dân}\n"


@pytest.fixture
@kept
def agency(session: Session) -> int:
    """An agency of an open contest, with somebody of the roster in it as noise."""
    makers.open_registration()
    agency = makers.add_agency("H1", "Sở Nội vụ")
    makers.add_person("HP1", agency)
    return agency


def refused(act: Callable[[], object]) -> Refused:
    """The refusal of an act that must be refused."""
    with pytest.raises(Refused) as caught:
        act()
    return caught.value


def count(session: Session, table: type) -> int:
    """How many rows there are now."""
    session.rollback()
    return session.scalar(select(func.count()).select_from(table)) or 0


# The passphrase and the time


def test_a_passphrase_opens_registration_and_is_kept_only_as_a_hash(session: Session) -> None:
    makers.load_contest(makers.OPEN)
    assert refused(lambda: registrations.get_open(session, NOW)).code == "registration_not_ready"
    with transaction(makers.CONSOLE) as writing:
        registrations.set_passphrase(writing, makers.PASSPHRASE, makers.CONSOLE, NOW)
    opening = registrations.get_open(session, NOW)
    assert registrations.knows_passphrase(opening, " cải cách  hải phòng 2025")
    assert not registrations.knows_passphrase(opening, "Cải cách Hải Phòng 2024")
    assert opening.passphrase_hash.startswith("$argon2id$")
    assert "argon2" not in repr(opening)
    entry = session.scalars(select(DbAuditEntry).where(DbAuditEntry.act == "set_passphrase")).one()
    assert entry.facts == '{"contest": "thu-nghiem"}'


def test_a_new_passphrase_ends_the_old_one(session: Session, agency: int) -> None:
    with transaction(makers.CONSOLE) as writing:
        registrations.set_passphrase(writing, "mật mã hoàn toàn mới", makers.CONSOLE, NOW)
    opening = registrations.get_open(session, NOW)
    assert not registrations.knows_passphrase(opening, makers.PASSPHRASE)
    assert registrations.knows_passphrase(opening, "Mật mã hoàn toàn mới")


def test_a_short_passphrase_or_one_for_a_contest_by_roster_is_refused(session: Session) -> None:
    makers.load_contest()

    def put(text: str) -> None:
        with transaction(makers.CONSOLE) as writing:
            registrations.set_passphrase(writing, text, makers.CONSOLE, NOW)

    assert refused(lambda: put(makers.PASSPHRASE)).code == "registration_missing"
    assert refused(lambda: registrations.get_open(session, NOW)).code == "registration_missing"
    makers.load_contest(makers.OPEN)
    assert refused(lambda: put(" cchc  25 ")).facts == {"minimum": 8}
    assert session.scalars(select(DbContest.passphrase_hash)).all() == [None]


def test_registration_closes_with_the_last_week_even_where_that_was_extended(session: Session, agency: int) -> None:
    assert registrations.get_open(session, makers.WEEK_2_ENDS - MS).contest.rules.slug == "thu-nghiem"
    assert refused(lambda: registrations.get_open(session, makers.WEEK_2_ENDS)).code == "registration_closed"
    with transaction() as writing:
        writing.scalars(select(DbWeek).where(DbWeek.number == 2)).one().extended_to = makers.WEEK_2_ENDS + HOUR
    assert registrations.get_open(session, makers.WEEK_2_ENDS + HOUR - MS)
    assert refused(lambda: registrations.get_open(session, makers.WEEK_2_ENDS + HOUR)).code == "registration_closed"


# Registering


def test_who_registers_is_a_member_of_the_agency_from_now_on_and_may_sit(session: Session) -> None:
    makers.open_registration(makers.OPEN + DIVISIONS)
    agency = makers.add_agency("H1", "Sở Nội vụ")
    now = makers.WEEK_1 + HOUR
    person = makers.register(agency, 7, now, division="nguoi-dan")
    row = session.get_one(DbPerson, person)
    assert (row.staff_code, row.name, row.position, row.division, row.email, row.listed_at, row.left_at) == (
        *("DK00000007", "Trần Văn Bình", "", "nguoi-dan", "binh7@example.vn", now, None),
    )
    since = session.execute(select(DbMembership.agency_id, DbMembership.since, DbMembership.until)).all()
    assert [tuple(each) for each in since] == [(agency, now, None)]
    found = accounts.find(session, person)
    assert found is not None
    assert found.roles == {Role.PARTICIPANT}
    assert makers.sit(person, now + HOUR)


def test_an_own_registration_shows_the_last_digits_only(session: Session) -> None:
    makers.open_registration(makers.OPEN + DIVISIONS)
    person = makers.register(makers.add_agency("H1", "Sở Nội vụ"), 7, division="nguoi-dan", email="")
    own = registrations.find_own(session, person)
    assert own == registrations.Registered(
        staff_code="DK00000007",
        name="Trần Văn Bình",
        agency="Sở Nội vụ",
        division="Người dân",
        phone="0900000007",
        email="",
        id_last_four="0007",
        registered_at=NOW,
    )
    assert registrations.find_own(session, makers.add_person("HP9", makers.add_agency("H9"))) is None


@pytest.mark.parametrize("known", ["id_hash", "phone", "email"])
def test_whoever_is_known_by_one_number_cannot_register_again(session: Session, agency: int, known: str) -> None:
    makers.register(agency, 1)
    taken = getattr(makers.declared(agency, 1), known)
    before = count(session, DbPerson)
    refusal = refused(lambda: makers.register(agency, 2, **{known: taken}))
    assert (refusal.code, refusal.facts) == ("already_registered", {})
    assert (count(session, DbPerson), count(session, DbRegistration), count(session, DbMembership)) == (before, 1, 2)
    assert makers.register(agency, 2)


def test_an_address_of_somebody_on_the_roster_is_taken_and_silence_is_not(session: Session, agency: int) -> None:
    assert refused(lambda: makers.register(agency, 1, email="hp1@example.vn")).code == "already_registered"
    assert makers.register(agency, 1, email="") != makers.register(agency, 2, email="")


def test_an_account_stays_good_for_the_next_contest(session: Session, agency: int) -> None:
    person = makers.register(agency, 1)
    makers.open_registration(makers.OPEN.replace("thu-nghiem", "hoi-thi-sau"))
    taken = makers.declared(agency, 1)
    for known in ("id_hash", "phone", "email"):
        again = {known: getattr(taken, known)}
        assert refused(lambda again=again: makers.register(agency, 2, **again)).code == "already_registered"  # type: ignore[misc]
    assert makers.sit(person, makers.WEEK_1 + HOUR)


# At once


def test_twenty_registrations_of_one_person_at_once_make_one_account(app: Flask, session: Session, agency: int) -> None:
    before = count(session, DbPerson)

    def one(place: int) -> str:
        try:
            with transaction() as writing:
                opening = registrations.get_open(writing, NOW)
                other = {"phone": f"09{place + 100:08d}"} if place % 2 else {"id_hash": f"{place:064d}"}
                declared = makers.declared(agency, 1, email="", **other)
                registrations.register(writing, opening, declared, "x", f"DK{place:08d}", HERE, NOW)
            return "registered"
        except Refused as refusal:
            return refusal.code

    outcomes = at_once(app, one, 20)
    assert outcomes.count("registered") == 2
    assert outcomes.count("already_registered") == 18
    assert (count(session, DbPerson), count(session, DbRegistration)) == (before + 2, 2)
    assert len(set(session.scalars(select(DbRegistration.id_hash)))) == 2
    assert len(set(session.scalars(select(DbRegistration.phone)))) == 2


def test_the_database_itself_holds_each_number_once(
    session: Session, agency: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    makers.register(agency, 1)
    monkeypatch.setattr(registrations, "_is_known", lambda _session, _declared: False)
    taken = makers.declared(agency, 1)
    for field in ("id_hash", "phone", "email"):
        again = {field: getattr(taken, field)}
        refusal = refused(lambda again=again: makers.register(agency, 2, **again))  # type: ignore[misc]
        assert refusal.code == "already_registered"
        assert refusal.__cause__ is None
        assert refusal.__suppress_context__
    assert count(session, DbRegistration) == 1


# Throttles


def test_an_office_registers_within_the_hour_and_a_script_is_held(
    session: Session, agency: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert registrations.MOST_AN_HOUR == 300
    monkeypatch.setattr(registrations, "MOST_AN_HOUR", 3)
    for number in range(1, 4):
        makers.register(agency, number, NOW + number * timedelta(minutes=10))
    refusal = refused(lambda: makers.register(agency, 4, NOW + HOUR))
    assert (refusal.code, refusal.facts) == ("too_many_registrations", {"minutes": 10})
    assert makers.register(agency, 5, NOW + HOUR, address=THERE)
    assert makers.register(agency, 4, NOW + HOUR + timedelta(minutes=10) + MS)


def test_registrations_are_no_failures_of_their_address_and_are_forgotten(session: Session, agency: int) -> None:
    for number in range(1, accounts.TRIES_PER_ADDRESS + 2):
        makers.register(agency, number)
    accounts.check_address(session, HERE, NOW)
    assert HERE not in set(session.scalars(select(DbSignInFailure.address)))
    with transaction() as writing:
        accounts.forget_failures(writing, NOW + HOUR + MS)
    assert count(session, DbSignInFailure) == 0


def test_a_refused_registration_does_not_count(session: Session, agency: int) -> None:
    makers.register(agency, 1)
    refused(lambda: makers.register(agency, 1))
    assert count(session, DbSignInFailure) == 1


def test_wrong_passphrases_close_the_address_and_nobody_elses(session: Session, agency: int) -> None:
    for _ in range(accounts.TRIES_PER_ADDRESS):
        with transaction() as writing:
            registrations.note_failure(writing, HERE, NOW)
    assert refused(lambda: accounts.check_address(session, HERE, NOW)).facts == {"minutes": 15}
    accounts.check_address(session, THERE, NOW)
    accounts.check_address(session, HERE, NOW + accounts.WINDOW)
    assert accounts.find_candidate(session, "HP1", THERE, NOW).person.staff_code == "HP1"


# The list


def test_agencies_to_choose_from_stand_by_kind_in_vietnamese_order(session: Session, agency: int) -> None:
    makers.add_agency("K2", "Cục Thuế", kind="central")
    makers.add_agency("H2", "Ủy ban nhân dân phường Lê Chân")
    makers.add_agency("H3", "Đài Phát thanh", parent="H1")
    blocks = registrations.agency_blocks(session)
    assert [(block.kind, [name for _, name in block.agencies]) for block in blocks] == [
        ("city", ["Đài Phát thanh", "Sở Nội vụ", "Ủy ban nhân dân phường Lê Chân"]),
        ("central", ["Cục Thuế"]),
    ]


# Signing in by phone


def test_a_registered_phone_signs_in_however_it_is_typed(session: Session, agency: int) -> None:
    person = makers.register(agency, 1, phone="0912345678")
    makers.register(agency, 2)
    typed = ("0912345678", "+84 912 345 678", "0912.345.678", "dk00000001", "BINH1@example.vn")
    found = [accounts.find_candidate(session, text, HERE, NOW) for text in typed]
    assert [candidate.person_id for candidate in found] == [person] * len(typed)
    assert len({candidate.account_hash for candidate in found}) == 1
    assert accounts.find_candidate(session, "0912345679", HERE, NOW).person_id is None


def test_a_phone_never_shadows_somebodys_staff_code(session: Session, agency: int) -> None:
    listed = makers.add_person("0912345678", agency)
    makers.register(agency, 1, phone="0912345678")
    assert accounts.find_candidate(session, "0912345678", HERE, NOW).person_id == listed


def test_whoever_has_left_signs_in_by_no_phone(session: Session, agency: int) -> None:
    person = makers.register(agency, 1, phone="0912345678")
    with transaction() as writing:
        writing.get_one(DbPerson, person).left_at = NOW
    assert accounts.find_candidate(db.session(), "0912345678", HERE, NOW).person_id is None
