"""Signing in, activation codes, roles and scopes; every way in is throttled alike, known name or not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from quiz.errors import Refused
from quiz.models.audit import DbAuditEntry
from quiz.models.people import DbAgency, DbPerson, DbSignInFailure
from quiz.permissions import Role
from quiz.services import accounts, transaction
from quiz.services.accounts import Candidate, Person, Slip
from tests import makers
from tests.kept import kept

NOW = datetime(2024, 10, 8, 2, 0, tzinfo=UTC)
MS = timedelta(milliseconds=1)
MINUTE = timedelta(minutes=1)
WINDOW = timedelta(minutes=15)
HERE, THERE = "192.0.2.1", "192.0.2.2"


@pytest.fixture
@kept
def hoa(session: Session) -> int:
    """HP00001 of H1, who has a password; HP00002 beside her as noise, with failures of their own."""
    agency = makers.add_agency("H1")
    person = makers.add_person("HP00001", agency, "Lê Thị Hoa")
    makers.add_person("HP00002", agency, "Vũ Văn Nam")
    fail("HP00002", NOW, 4)
    return person


def named(session: Session, identifier: str, now: datetime = NOW, address: str = HERE) -> Candidate:
    """Whom a form names."""
    session.rollback()
    return accounts.find_candidate(session, identifier, address, now)


def fail(identifier: str, now: datetime = NOW, times: int = 1, address: str = HERE) -> None:
    """Type so many wrong passwords."""
    for _ in range(times):
        with transaction() as session:
            candidate = accounts.find_candidate(session, identifier, address, now)
            accounts.note_failure(session, candidate, address, now)


def refused(act: Callable[[], object]) -> Refused:
    """The refusal of an act that must be refused."""
    with pytest.raises(Refused) as caught:
        act()
    return caught.value


def leave(person: int) -> None:
    """Take somebody off the roster."""
    with transaction() as session:
        session.get_one(DbPerson, person).left_at = NOW - MINUTE


def found(session: Session, person: int) -> Person:
    """The person as an open session sees them."""
    session.rollback()
    result = accounts.find(session, person)
    assert result is not None
    return result


# Whom a form names


def test_somebody_is_found_by_code_or_address_in_any_case(session: Session, hoa: int) -> None:
    typed = ("HP00001", "hp00001", "Hp00001", "  HP00001 ", "hp00001@example.vn", "HP00001@Example.VN", "HP00001\0")
    found = {text: named(session, text) for text in typed}
    assert {text: candidate.person_id for text, candidate in found.items()} == dict.fromkeys(typed, hoa)
    assert {(candidate.person.name, candidate.person.staff_code) for candidate in found.values()} == {
        ("Lê Thị Hoa", "HP00001")
    }
    assert len({candidate.account_hash for candidate in found.values()}) == 1


def test_a_code_with_vietnamese_letters_is_found_in_any_case(session: Session) -> None:
    agency = makers.add_agency()
    for stored, typed in (("ĐHHP-01", "đhhp-01"), ("đhhp-02", "ĐHHP-02"), ("Hp7", "hP7")):
        person = makers.add_person(stored, agency)
        assert [named(session, text).person_id for text in (stored, typed)] == [person, person]


def test_an_unknown_name_is_nobody(session: Session, hoa: int) -> None:
    for typed in ("", " ", "HP0000", "HP00001%", "%", "Lê Thị Hoa", "nobody@example.vn", "\0"):
        candidate = named(session, typed)
        assert (candidate.person_id, candidate.password_hash, candidate.activation_hash) == (None, None, None)
        assert not accounts.knows_activation_code(candidate, "")
    assert not accounts.knows_password(candidate, makers.PASSWORD)


def test_somebody_who_has_left_is_nobody(session: Session, hoa: int) -> None:
    leave(hoa)
    assert named(session, "HP00001").person_id is None
    assert accounts.find(session, hoa) is None


def test_only_the_right_password_is_known(session: Session, hoa: int) -> None:
    candidate = named(session, "HP00001")
    tries = (makers.PASSWORD, makers.PASSWORD.upper(), makers.PASSWORD + " ", "", "x" * 100_000)
    assert [accounts.knows_password(candidate, text) for text in tries] == [True, False, False, False, False]


# Throttling


@pytest.mark.parametrize("name", ["HP00001", "nobody"])
def test_five_wrong_tries_stop_any_name_alike(session: Session, hoa: int, name: str) -> None:
    fail(name, NOW, 4)
    assert named(session, name).account_hash
    fail(name, NOW + 5 * MINUTE)
    for address in (HERE, THERE):
        refusal = refused(lambda address=address: named(session, name, NOW + 5 * MINUTE, address))
        assert (refusal.code, refusal.facts) == ("too_many_tries", {"minutes": 10})
    other = named(session, "HP00002", NOW + 5 * MINUTE)
    assert other.person.staff_code == "HP00002"


def test_tries_by_code_and_by_address_are_counted_together(session: Session, hoa: int) -> None:
    fail("HP00001", times=3)
    fail("hp00001@example.vn", times=2)
    for name in ("HP00001", "hp00001", "hp00001@example.vn"):
        assert refused(lambda name=name: named(session, name)).code == "too_many_tries"


def test_the_wait_is_told_in_minutes_and_passes(session: Session, hoa: int) -> None:
    fail("HP00001", NOW, 5)
    told = {}
    for since in (timedelta(0), MINUTE, 14 * MINUTE, WINDOW - MS):
        told[since] = refused(lambda since=since: named(session, "HP00001", NOW + since)).facts["minutes"]
    assert told == {timedelta(0): 15, MINUTE: 14, 14 * MINUTE: 1, WINDOW - MS: 1}
    assert named(session, "HP00001", NOW + WINDOW).person_id == hoa


def test_a_right_password_clears_the_count_of_that_account_only(session: Session, hoa: int) -> None:
    fail("HP00001", NOW, 4)
    with transaction() as writing:
        accounts.note_success(writing, accounts.find_candidate(writing, "hp00001@example.vn", HERE, NOW))
    fail("HP00001", NOW, 4)
    assert named(session, "HP00001").person_id == hoa
    fail("HP00002", NOW)
    assert refused(lambda: named(session, "HP00002")).code == "too_many_tries"


def test_a_hundred_wrong_tries_stop_an_address(session: Session, hoa: int) -> None:
    with transaction() as writing:
        writing.add_all(DbSignInFailure(account_hash=str(n), address=HERE, at=NOW) for n in range(96))
    assert refused(lambda: named(session, "HP00001")).code == "too_many_tries"
    assert named(session, "HP00001", address=THERE).person_id == hoa


def test_old_failures_are_forgotten(session: Session, hoa: int) -> None:
    for moment, left in ((NOW + 4 * WINDOW, 4), (NOW + 4 * WINDOW + MS, 0)):
        with transaction() as writing:
            accounts.forget_failures(writing, moment)
        assert session.scalar(select(func.count()).select_from(DbSignInFailure)) == left


# Activation


def slips(*codes: str, now: datetime = NOW, agency: str = "H1") -> tuple[Slip, ...]:
    """Print an agency's slips as its coordinator does."""
    made = iter(codes)
    with transaction(makers.CONSOLE) as session:
        row = session.scalars(select(DbAgency).where(DbAgency.code == agency)).one()
        return accounts.issue_slips(session, row, makers.CONSOLE, now, lambda: next(made))


@pytest.fixture
def newcomers(session: Session, hoa: int) -> list[int]:
    """Two of H1 without a password; one who has left and one of another agency as noise."""
    agency = session.get_one(DbPerson, hoa).agency_id
    made = [makers.add_person(f"N{n}", agency, name, activated=False) for n, name in enumerate(["Vũ Yến", "Đỗ An"])]
    leave(makers.add_person("N8", agency, "Đỗ Bình", activated=False))
    makers.add_person("N9", makers.add_agency("H2"), activated=False)
    return made


def test_slips_are_for_those_without_a_password_in_order_of_given_names(session: Session, newcomers: list[int]) -> None:
    assert slips("ABCDEFGHIJKLMN", "OPQRSTUVWXYZ23") == (
        Slip("Đỗ An", "N1", "Chuyên viên", "ABCDE-FGHIJ-KLMN"),
        Slip("Vũ Yến", "N0", "Chuyên viên", "OPQRS-TUVWX-YZ23"),
    )
    entry = session.scalars(select(DbAuditEntry)).one()
    assert (entry.act, entry.facts) == ("issue_activation_codes", '{"agency": "H1", "people": 2}')
    assert "ABCDE" not in entry.facts + (session.get_one(DbPerson, newcomers[1]).activation_hash or "")


def test_an_activation_code_is_known_however_it_is_typed(session: Session, newcomers: list[int]) -> None:
    slips("OBCDEIGHIJKLBN", "XXXXXXXXXXXXXX")
    hers, other = named(session, "N1"), named(session, "N0")
    for typed in ("OBCDE-IGHIJ-KLBN", "obcdeighijklbn", " 0bcde 1ghij kl8n ", "0BCDE–1GHIJ–KL8N"):
        assert accounts.knows_activation_code(hers, typed)
        assert not accounts.knows_activation_code(other, typed)
        assert not accounts.knows_activation_code(hers, typed.replace("J", "K").replace("j", "k"))


def test_an_activation_code_is_used_once(session: Session, newcomers: list[int]) -> None:
    slips("ABCDEFGHIJKLMN", "OPQRSTUVWXYZ23")
    with transaction() as writing:
        accounts.set_password(writing, named(session, "N1"), "hash")
    assert not accounts.knows_activation_code(named(session, "N1"), "ABCDEFGHIJKLMN")
    assert accounts.knows_activation_code(named(session, "N0"), "OPQRSTUVWXYZ23")
    assert [slip.staff_code for slip in slips("QQQQQQQQQQQQQQ")] == ["N0"]


def test_two_people_with_one_code_at_the_same_moment_get_one_password(session: Session, newcomers: list[int]) -> None:
    slips("ABCDEFGHIJKLMN", "OPQRSTUVWXYZ23")
    first = second = named(session, "N1")
    with transaction() as writing:
        accounts.set_password(writing, first, "hash of the first")

    def late() -> None:
        with transaction() as writing:
            accounts.set_password(writing, second, "hash of the second")

    assert refused(late).code == "activation_failed"
    assert named(session, "N1").password_hash == "hash of the first"


def test_new_slips_end_the_older_ones(session: Session, newcomers: list[int]) -> None:
    slips("ABCDEFGHIJKLMN", "OPQRSTUVWXYZ23")
    slips("AAAAAAAAAAAAAA", "BBBBBBBBBBBBBB")
    candidate = named(session, "N1")
    assert [accounts.knows_activation_code(candidate, code) for code in ("ABCDEFGHIJKLMN", "A" * 14)] == [False, True]


def test_a_code_for_one_person_ends_the_password_and_the_sessions(session: Session, hoa: int) -> None:
    epoch = found(session, hoa).session_epoch
    with transaction(makers.CONSOLE) as writing:
        assert accounts.issue_code(writing, "HP00001", makers.CONSOLE, NOW, lambda: "C" * 14) == "C" * 14
    candidate = named(session, "HP00001")
    assert not accounts.knows_password(candidate, makers.PASSWORD)
    assert accounts.knows_activation_code(candidate, "C" * 14)
    assert found(session, hoa).session_epoch == epoch + 1
    assert accounts.knows_password(named(session, "HP00002"), makers.PASSWORD)


def test_a_code_or_a_role_for_nobody_or_somebody_who_has_left_is_refused(session: Session, hoa: int) -> None:
    leave(hoa)

    def issue(staff_code: str) -> None:
        with transaction(makers.CONSOLE) as writing:
            accounts.issue_code(writing, staff_code, makers.CONSOLE, NOW, lambda: "C" * 14)

    def grant(staff_code: str) -> None:
        with transaction(makers.CONSOLE) as writing:
            accounts.grant(writing, staff_code, Role.ADMIN, makers.CONSOLE, NOW)

    for act in (issue, grant):
        for staff_code in ("HP00001", "NOBODY"):
            assert refused(lambda act=act, code=staff_code: act(code)).code == "person_missing"
    assert session.scalars(select(DbAuditEntry)).all() == []


# Passwords and sessions


def test_a_new_password_and_signing_out_end_every_session(session: Session, hoa: int) -> None:
    epochs = [found(session, hoa).session_epoch]
    herself = named(session, "HP00001")
    for act in (lambda s: accounts.set_password(s, herself, "hash"), lambda s: accounts.end_sessions(s, hoa)):
        with transaction() as writing:
            act(writing)
        epochs.append(found(session, hoa).session_epoch)
    assert epochs == [0, 1, 2]


def test_a_new_password_is_held_against_the_persons_own_name_and_code(session: Session, hoa: int) -> None:
    candidate = named(session, "HP00001")
    for password, code in (("le thi hoa HP00001", "password_guessable"), ("ngan", "password_short")):
        assert refused(lambda p=password: accounts.check_new_password(candidate, p, 14)).code == code
    accounts.check_new_password(candidate, "ngan nhung du dai", 14)


# Roles and scopes


def test_a_role_is_granted_once_and_signs_the_person_out(session: Session, hoa: int) -> None:
    for _ in range(2):
        with transaction(makers.CONSOLE) as writing:
            accounts.grant(writing, "HP00001", Role.COORDINATOR, makers.CONSOLE, NOW)
    person = found(session, hoa)
    assert (person.roles, person.session_epoch) == (frozenset({Role.PARTICIPANT, Role.COORDINATOR}), 1)
    entries = session.scalars(select(DbAuditEntry.facts)).all()
    assert entries == ['{"person": "HP00001", "role": "coordinator"}'] * 2
    assert found(session, named(session, "HP00002").person_id or 0).roles == frozenset({Role.PARTICIPANT})


@pytest.mark.parametrize(
    ("role", "seen"),
    [
        (Role.COORDINATOR, ["HA", "HC", "HD"]),
        (Role.ORGANISER, ["HA", "HB", "HC", "HD"]),
        (Role.ADMIN, ["HA", "HB", "HC", "HD"]),
        (Role.INSPECTOR, ["HA", "HC", "HD"]),
    ],
)
def test_agencies_in_scope(session: Session, role: Role, seen: list[str]) -> None:
    parent = makers.add_agency("HA")
    ids = {"HA": parent, "HB": makers.add_agency("HB"), "HC": makers.add_agency("HC", parent="HA")}
    ids["HD"] = makers.add_agency("HD", parent="HC")  # HA answers for it too
    person = found(session, makers.add_person("P1", parent, roles=[role]))
    assert [agency.code for agency in accounts.agencies_of(session, person)] == seen
    for code, agency_id in ids.items():
        if code in seen:
            assert accounts.get_agency(session, person, agency_id).code == code
        else:
            assert refused(lambda a=agency_id: accounts.get_agency(session, person, a)).code == "agency_missing"
    assert refused(lambda: accounts.get_agency(session, person, 10**6)).code == "agency_missing"
