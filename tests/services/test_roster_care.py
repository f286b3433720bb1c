"""A coordinator's own people: found, added without doubles, corrected; nothing of people elsewhere is told."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from quiz.errors import Refused
from quiz.models.audit import DbAuditEntry
from quiz.models.people import DbAgency, DbMembership, DbPerson, DbPersonGroup
from quiz.permissions import Role
from quiz.services import Actor, accounts, contests, roster, roster_care, transaction, turnout
from quiz.services.roster_care import Details, Newcomer
from quiz.services.roster_file import read_roster
from tests import makers
from tests.kept import kept
from tests.makers import BEFORE, CONSOLE

LATER = makers.WEEK_1 + timedelta(days=1)


@pytest.fixture
@kept
def ids(session: Session) -> dict[str, int]:
    """Sở Nội vụ with a child, and Cục Thuế apart from both; each has people, two have coordinators; ids by code."""
    makers.load_contest()
    ids = {"SNV": makers.add_agency("SNV", "Sở Nội vụ")}
    ids["SNV-1"] = makers.add_agency("SNV-1", "Chi cục Văn thư", parent="SNV")
    ids["CT"] = makers.add_agency("CT", "Cục Thuế", kind="central")
    for code, name, agency, roles in (
        ("DM", "Đỗ Đầu Mối", "SNV", [Role.COORDINATOR]),
        ("A1", "Trần Văn An", "SNV", []),
        ("A2", "Lê Thị Ổn", "SNV", []),
        ("B1", "Vũ Bình", "SNV-1", []),
        ("C1", "Ngô Chiến", "CT", []),
        ("TC", "Hồ Tổ Chức", "SNV", [Role.ORGANISER]),
    ):
        ids[code] = makers.add_person(code, ids[agency], name, roles)
    return ids


def visitor(session: Session, ids: dict[str, int], code: str = "DM") -> accounts.Person:
    """Somebody signed in, the coordinator of Sở Nội vụ where not said otherwise."""
    session.rollback()
    found = accounts.find(session, ids[code])
    assert found
    return found


def newcomer(code: str = "N1", email: str = "", **more: object) -> Newcomer:
    """Somebody to be added."""
    details = Details(name="Phạm Thị Mới", position="Chuyên viên", email=email)
    return Newcomer(staff_code=code, details=details, **more)  # type: ignore[arg-type]


def add(
    session: Session, ids: dict[str, int], new: Newcomer, agency: str = "SNV", who: str = "DM", now: object = BEFORE
) -> int:
    """Add somebody; their id."""
    by = visitor(session, ids, who)
    with transaction(Actor(by.id)) as writing:
        return roster_care.add(writing, by, ids[agency], new, now)  # type: ignore[arg-type]


def said(session: Session, ids: dict[str, int], new: Newcomer, agency: str = "SNV") -> str:
    """How the adding is refused."""
    with pytest.raises(Refused) as refusal:
        add(session, ids, new, agency)
    return str(refusal.value)


def last_entry(session: Session) -> tuple[str, int | None, dict[str, object]]:
    """The newest line of the audit log."""
    row = session.scalars(select(DbAuditEntry).order_by(DbAuditEntry.id.desc()).limit(1)).one()
    return row.act, row.actor_id, json.loads(row.facts)


def person(session: Session, code: str) -> DbPerson:
    """The row as it stands."""
    session.rollback()
    session.expire_all()
    return session.scalars(select(DbPerson).where(DbPerson.staff_code == code)).one()


def test_somebody_added_counts_from_the_next_week_and_may_sit_at_once(session: Session, ids: dict[str, int]) -> None:
    with transaction() as writing:
        contests.freeze_due_weeks(writing, makers.WEEK_1)
    new = add(session, ids, newcomer(email="moi@example.vn"), now=LATER)
    assert last_entry(session) == ("add_person", ids["DM"], {"agency": "SNV", "person": "N1"})
    assert (person(session, "N1").email, person(session, "N1").listed_at) == ("moi@example.vn", LATER)
    own = {row.agency_id: row.own.headcount for row in turnout.of_week(session, makers.week(session), LATER)}
    assert own[ids["SNV"]] == 4
    session.rollback()
    makers.sit(new, LATER)
    with transaction() as writing:
        contests.freeze_due_weeks(writing, makers.WEEK_2)
    rows = turnout.of_week(session, makers.week(session, 2), makers.WEEK_2)
    assert {row.agency_id: row.own.headcount for row in rows}[ids["SNV"]] == 5


def test_divisions_and_groups_are_kept(session: Session, ids: dict[str, int]) -> None:
    new = add(session, ids, newcomer(division="cong-chuc", groups=("lanh-dao", "mot-cua")))
    held = session.scalars(select(DbPersonGroup.group_code).where(DbPersonGroup.person_id == new)).all()
    assert (person(session, "N1").division, sorted(held)) == ("cong-chuc", ["lanh-dao", "mot-cua"])


def test_doubles_are_refused_and_named_in_the_own_agencies_only(session: Session, ids: dict[str, int]) -> None:
    assert said(session, ids, newcomer("a1")) == (
        "Mã cán bộ này là của Trần Văn An, Sở Nội vụ. Hãy kiểm tra lại mã, hoặc điều chuyển người đó."
    )
    assert said(session, ids, newcomer("B1")) == (
        "Mã cán bộ này là của Vũ Bình, Chi cục Văn thư. Hãy kiểm tra lại mã, hoặc điều chuyển người đó."
    )
    elsewhere = said(session, ids, newcomer("C1"))
    assert elsewhere.startswith("Mã cán bộ này đã có trong danh sách ở cơ quan khác.")
    assert said(session, ids, newcomer(email="b1@example.vn")) == (
        "Thư điện tử này là của Vũ Bình, Chi cục Văn thư. Hãy ghi địa chỉ khác, hoặc để trống."
    )
    by_mail = said(session, ids, newcomer(email="c1@example.vn"))
    assert by_mail == "Thư điện tử này đã có trong danh sách ở cơ quan khác. Hãy liên hệ Ban Tổ chức."
    for text in (elsewhere, by_mail):
        assert "Chiến" not in text
        assert "Thuế" not in text


def test_nobody_is_added_elsewhere_or_beyond_the_declared_total(session: Session, ids: dict[str, int]) -> None:
    assert said(session, ids, newcomer(), "CT") == "Không có cơ quan, đơn vị này trong phạm vi của ông/bà."
    with transaction() as writing:
        writing.get_one(DbAgency, ids["SNV-1"]).headcount = 1
    assert said(session, ids, newcomer(), "SNV-1") == (
        "Kể cả người sắp chuyển đến, danh sách đã đủ 1 người như tổng số khai báo của Chi cục Văn thư. "
        "Hãy sửa tổng số trước rồi thêm người."
    )
    assert add(session, ids, newcomer(), "CT", who="TC")


def test_whoever_left_the_own_agencies_comes_back_with_the_same_account(session: Session, ids: dict[str, int]) -> None:
    with transaction() as writing:
        for code in ("A1", "C1", "A2"):
            writing.get_one(DbPerson, ids[code]).left_at = BEFORE
            held = select(DbMembership).where(DbMembership.person_id == ids[code])
            writing.scalars(held).one().until = BEFORE
    back = add(session, ids, newcomer("a1", "a2@example.vn"), "SNV-1", now=LATER)
    row = person(session, "A1")
    assert (back, row.left_at, row.agency_id, row.name) == (ids["A1"], None, ids["SNV-1"], "Phạm Thị Mới")
    assert row.password_hash
    assert person(session, "A2").email is None
    since = session.execute(
        select(DbMembership.agency_id, DbMembership.since).where(
            DbMembership.person_id == back, DbMembership.until.is_(None)
        )
    )
    assert [tuple(each) for each in since] == [(ids["SNV-1"], LATER)]
    assert said(session, ids, newcomer("C1")).startswith("Mã cán bộ này đã có trong danh sách ở cơ quan khác.")


def test_a_newcomer_whom_the_next_full_file_does_not_list_leaves_as_any_other(
    session: Session, ids: dict[str, int]
) -> None:
    add(session, ids, newcomer(), now=BEFORE)
    file = read_roster("Mã cán bộ;Họ và tên;Mã cơ quan\nA1;Trần Văn An;SNV\nDM;Đỗ Đầu Mối;SNV".encode(), "a.csv")
    with transaction(CONSOLE) as writing:
        shown = roster.plan(writing, file, LATER)
        assert sorted(each.code for each in shown.leaving) == ["A2", "N1", "TC"]
        roster.apply(writing, file, shown.digest, CONSOLE, LATER)
    assert person(session, "N1").left_at == LATER


@pytest.mark.parametrize(
    ("reader", "typed", "read"),
    [
        (roster_care.staff_code, "  hp 00012 ", "hp 00012"),
        (roster_care.name, " Nguyễn  Văn A ", "Nguyễn Văn A"),
        (roster_care.position, "", ""),
        (roster_care.email, " An@Example.VN", "an@example.vn"),
    ],
)
def test_what_is_typed_is_read_as_in_a_file(reader: object, typed: str, read: str) -> None:
    assert reader(typed) == read  # type: ignore[operator]


@pytest.mark.parametrize(
    ("reader", "typed", "code"),
    [
        (roster_care.staff_code, "", "staff_code_wrong"),
        (roster_care.staff_code, "an@hp.vn", "staff_code_wrong"),
        (roster_care.staff_code, "НP01", "staff_code_wrong"),
        (roster_care.staff_code, "x" * 41, "staff_code_wrong"),
        (roster_care.name, " ", "name_wrong"),
        (roster_care.name, "123", "name_wrong"),
        (roster_care.position, "x" * 121, "position_wrong"),
        (roster_care.email, "khong phai thu", "email_wrong"),
    ],
)
def test_what_no_file_may_hold_is_refused(reader: object, typed: str, code: str) -> None:
    with pytest.raises(Refused) as refusal:
        reader(typed)  # type: ignore[operator]
    assert refusal.value.code == code


def correct(session: Session, ids: dict[str, int], code: str, agency: str = "SNV", who: str = "DM", **new: str) -> bool:
    """Correct somebody; whether anything changed."""
    by, row = visitor(session, ids, who), person(session, code)
    details = Details(**{"name": row.name, "position": row.position, "email": row.email or ""} | new)  # type: ignore[arg-type]
    with transaction(Actor(by.id)) as writing:
        return roster_care.correct(writing, by, ids[agency], ids[code], details, BEFORE)


def test_a_correction_is_stored_sorted_and_written_down(session: Session, ids: dict[str, int]) -> None:
    assert correct(session, ids, "A1", name="Trần Văn Ân", position="Phó phòng")
    row = person(session, "A1")
    assert (row.name, row.position, row.session_epoch) == ("Trần Văn Ân", "Phó phòng", 0)
    assert roster_care.people(session, ids["SNV"], "", 1, BEFORE)[0][0].name == "Trần Văn Ân"
    assert last_entry(session) == (
        "correct_person",
        ids["DM"],
        {"changed": "Họ và tên: Trần Văn An → Trần Văn Ân; Chức vụ: Chuyên viên → Phó phòng", "person": "A1"},
    )
    assert not correct(session, ids, "A1")


def test_a_new_address_ends_sessions_and_is_nobody_elses(session: Session, ids: dict[str, int]) -> None:
    assert correct(session, ids, "A1", email="an.moi@example.vn")
    assert (person(session, "A1").email, person(session, "A1").session_epoch) == ("an.moi@example.vn", 1)
    with pytest.raises(Refused) as refusal:
        correct(session, ids, "A1", email="c1@example.vn")
    assert refusal.value.code == "email_elsewhere"


def test_coordinators_leave_alone_whoever_holds_a_role_and_people_elsewhere(
    session: Session, ids: dict[str, int]
) -> None:
    for code, agency, why in (
        ("TC", "SNV", "person_holds_role"),
        ("DM", "SNV", "person_holds_role"),
        ("C1", "CT", "agency_missing"),
        ("C1", "SNV", "person_missing"),
        ("B1", "SNV", "person_missing"),
    ):
        with pytest.raises(Refused) as refusal:
            correct(session, ids, code, agency, email="lay@example.vn")
        assert (code, refusal.value.code) == (code, why)
    assert correct(session, ids, "DM", who="TC", position="Trưởng phòng")


def test_people_are_listed_by_given_name_and_found_without_marks(session: Session, ids: dict[str, int]) -> None:
    def names(wanted: str = "", page: int = 1) -> list[str]:
        return [each.name for each in roster_care.people(session, ids["SNV"], wanted, page, BEFORE)[0]]

    assert names() == ["Trần Văn An", "Hồ Tổ Chức", "Đỗ Đầu Mối", "Lê Thị Ổn"]
    assert names("on") == ["Lê Thị Ổn"]
    assert names("TRAN van") == ["Trần Văn An"]
    assert names("a2@example") == ["Lê Thị Ổn"]
    assert names("dm") == ["Đỗ Đầu Mối"]
    assert (names("chiến"), names(page=2)) == ([], [])


def test_three_thousand_people_come_fifty_at_a_time(session: Session, ids: dict[str, int]) -> None:
    with transaction() as writing:
        for n in range(3000):
            fields = {"agency_id": ids["CT"], "name": f"Người {n:04d}", "name_key": f"{n:04d}", "listed_at": BEFORE}
            writing.add(DbPerson(staff_code=f"X{n}", **fields))
    found, total = roster_care.people(session, ids["CT"], "", 3, BEFORE)
    assert (len(found), total, found[0].name) == (50, 3001, "Người 0100")
    found, total = roster_care.people(session, ids["CT"], "nguoi 29", 2, BEFORE)
    assert (len(found), total, found[0].name) == (50, 100, "Người 2950")
