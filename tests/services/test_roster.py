"""What a roster import does to people and agencies: exactly what was shown, all of it or nothing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from quiz import vietnamese
from quiz.contest.schedule import BarredGroup, Contest, Division, Week
from quiz.errors import Refused
from quiz.models.audit import DbAuditEntry
from quiz.models.contests import DbBarred, DbContest, DbHeadcount, DbWeek
from quiz.models.people import DbAgency, DbMembership, DbPerson, DbPersonGroup, DbRoleGrant
from quiz.questions.paper import PaperRules
from quiz.scoring.participation import Group, ParticipationRules
from quiz.services import Actor, roster, stored_weeks, transaction
from quiz.services.roster import RosterPlan
from quiz.services.roster_file import read_roster
from tests import makers

MONDAY = datetime(2024, 9, 30, 2, 0, tzinfo=UTC)
TUESDAY, FRIDAY = MONDAY + timedelta(days=1), MONDAY + timedelta(days=4)
CONSOLE = Actor(None)
AGENCIES = "Mã cơ quan;Tên cơ quan;Khối;Mã cơ quan cấp trên;Tổng số CBCCVC"
PEOPLE = "Mã cán bộ;Họ và tên;Thư điện tử;Chức vụ;Mã cơ quan;Cơ quan, đơn vị;Không được dự thi"


def people(*rows: str) -> bytes:
    """A file of people; columns left out at the end are blank."""
    return "\n".join([PEOPLE, *(row + ";" * (6 - row.count(";")) for row in rows)]).encode()


def agencies(*rows: str) -> bytes:
    """A file of agencies."""
    return "\n".join([AGENCIES, *rows]).encode()


def plan_of(session: Session, data: bytes, now: datetime = MONDAY) -> RosterPlan:
    """The dry run."""
    found = roster.plan(session, read_roster(data, "a.csv"), now)
    session.rollback()
    return found


def bring_in(data: bytes, now: datetime = MONDAY) -> RosterPlan:
    """Dry run, and then exactly that."""
    file = read_roster(data, "a.csv")
    with transaction(CONSOLE) as session:
        shown = roster.plan(session, file, now)
        return roster.apply(session, file, shown.digest, CONSOLE, now)


def faults_of(plan: RosterPlan) -> list[tuple[int, str]]:
    """Row and column of every fault."""
    return [(fault.row, str(fault.column)) for fault in plan.faults]


def person(session: Session, code: str) -> DbPerson:
    """The person's row as it stands in the database."""
    session.rollback()
    session.expire_all()
    return session.scalars(select(DbPerson).where(DbPerson.staff_code == code)).one()


def memberships(session: Session, code: str) -> list[tuple[str, datetime, datetime | None]]:
    """Where the person belonged, from when until when."""
    rows = session.execute(
        select(DbAgency.code, DbMembership.since, DbMembership.until)
        .join(DbAgency, DbAgency.id == DbMembership.agency_id)
        .join(DbPerson, DbPerson.id == DbMembership.person_id)
        .where(DbPerson.staff_code == code)
        .order_by(DbMembership.id)
    )
    return [tuple(row) for row in rows]


@pytest.fixture
def listed(session: Session) -> Session:
    """Two agencies: Sở Nội vụ (H1) with Hằng and Tám, Cục Thuế (K1) with Ổn."""
    bring_in(agencies("H1;Sở Nội vụ;Thành phố;;", "K1;Cục Thuế;Trung ương;;30"))
    bring_in(people("A1;Trần Thị Hằng;hang@hp.vn;;H1", "A2;Lê Văn Tám;tam@hp.vn;;H1", "A3;Đỗ Ổn;;;K1"))
    return session


def test_new_agencies_and_people_come_in_with_their_sorting_and_memberships(listed: Session) -> None:
    hang = person(listed, "A1")
    assert (hang.name, hang.email, hang.listed_at, hang.left_at) == ("Trần Thị Hằng", "hang@hp.vn", MONDAY, None)
    assert hang.name_key == vietnamese.name_key("Trần Thị Hằng")
    assert memberships(listed, "A1") == [("H1", MONDAY, None)]
    agency = listed.scalars(select(DbAgency).where(DbAgency.code == "K1")).one()
    assert (agency.kind, agency.headcount, agency.sort_key) == ("central", 30, vietnamese.sort_key("Cục Thuế"))


def test_the_same_file_again_changes_nothing(listed: Session) -> None:
    again = plan_of(listed, people("A1;Trần Thị Hằng;hang@hp.vn;;H1", "A2;Lê Văn Tám;tam@hp.vn;;H1", "A3;Đỗ Ổn;;;K1"))
    assert again.is_empty
    assert again.unchanged == 3


def test_changes_are_shown_from_what_to_what(listed: Session) -> None:
    plan = plan_of(listed, people("a1;Trần Thu Hằng;hang2@hp.vn;Phó Giám đốc;H1", "A2;Lê Văn Tám;tam@hp.vn;;H1"))
    (change,) = plan.changed
    assert (change.after.code, plan.unchanged, plan.leaving) == ("A1", 1, ())
    assert [str(each) for each in change.differences] == [
        "Họ và tên: Trần Thị Hằng → Trần Thu Hằng",
        "Thư điện tử: hang@hp.vn → hang2@hp.vn",
        "Chức vụ: (trống) → Phó Giám đốc",
    ]


def test_a_mover_keeps_the_old_membership_until_the_import(listed: Session) -> None:
    bring_in(people("A2;Lê Văn Tám;tam@hp.vn;;K1", "A3;Đỗ Ổn;;;K1"), TUESDAY)
    assert memberships(listed, "A2") == [("H1", MONDAY, TUESDAY), ("K1", TUESDAY, None)]
    assert memberships(listed, "A1") == [("H1", MONDAY, None)]
    assert person(listed, "A2").session_epoch == 0


def test_only_people_of_the_agencies_in_the_file_leave(listed: Session) -> None:
    plan = bring_in(people("A1;Trần Thị Hằng;hang@hp.vn;;H1"), TUESDAY)
    assert [each.code for each in plan.leaving] == ["A2"]
    tam = person(listed, "A2")
    assert (tam.left_at, tam.session_epoch) == (TUESDAY, 1)
    assert memberships(listed, "A2") == [("H1", MONDAY, TUESDAY)]
    assert person(listed, "A3").left_at is None


def test_a_file_of_agencies_lets_nobody_leave(listed: Session) -> None:
    plan = bring_in(agencies("H1;Sở Nội vụ Hải Phòng;Thành phố;;9", "K1;Cục Thuế;Trung ương;H1;"), TUESDAY)
    assert plan.leaving == ()
    assert [str(each) for change in plan.changed_agencies for each in change.differences] == [
        "Tên cơ quan: Sở Nội vụ → Sở Nội vụ Hải Phòng",
        "Tổng số CBCCVC: (trống) → 9",
        "Mã cơ quan cấp trên: (trống) → H1",
        "Tổng số CBCCVC: 30 → (trống)",
    ]
    parent = select(DbAgency.code).where(
        DbAgency.id == select(DbAgency.parent_id).where(DbAgency.code == "K1").scalar_subquery()
    )
    assert listed.scalars(parent).all() == ["H1"]


def test_people_come_back_and_leave_again(listed: Session) -> None:
    bring_in(people("A1;Trần Thị Hằng;hang@hp.vn;;H1"), TUESDAY)
    plan = bring_in(people("A1;Trần Thị Hằng;hang@hp.vn;;H1", "A2;Lê Văn Tám;tam@hp.vn;;H1"), FRIDAY)
    assert [str(each) for each in plan.changed[0].differences] == ["Danh sách: đã rời → có tên"]
    tam = person(listed, "A2")
    assert (tam.left_at, tam.listed_at) == (None, FRIDAY)
    assert memberships(listed, "A2") == [("H1", MONDAY, TUESDAY), ("H1", FRIDAY, None)]


def test_a_new_address_signs_the_person_out_and_addresses_may_be_swapped(listed: Session) -> None:
    bring_in(people("A1;Trần Thị Hằng;tam@hp.vn;;H1", "A2;Lê Văn Tám;hang@hp.vn;;H1"), TUESDAY)
    assert (person(listed, "A1").email, person(listed, "A2").email) == ("tam@hp.vn", "hang@hp.vn")
    assert (person(listed, "A1").session_epoch, person(listed, "A3").session_epoch) == (1, 0)


def test_somebody_who_leaves_gives_up_the_address_to_their_new_staff_code(listed: Session) -> None:
    bring_in(people("B1;Trần Thị Hằng;hang@hp.vn;;H1", "A2;Lê Văn Tám;tam@hp.vn;;H1"), TUESDAY)
    assert (person(listed, "A1").email, person(listed, "B1").email) == (None, "hang@hp.vn")


def test_names_of_agencies_may_be_swapped(listed: Session) -> None:
    bring_in(agencies("H1;Cục Thuế;Thành phố;;", "K1;Sở Nội vụ;Trung ương;;"), TUESDAY)
    assert dict(listed.execute(select(DbAgency.code, DbAgency.name)).all()) == {"H1": "Cục Thuế", "K1": "Sở Nội vụ"}


def test_an_agency_that_only_people_name_is_added_under_the_city_with_a_note(listed: Session) -> None:
    plan = bring_in(people("B1;Vũ Yến;;;H9;Sở Y tế"), TUESDAY)
    assert [(each.code, each.name, each.kind) for each in plan.added_agencies] == [("H9", "Sở Y tế", "city")]
    assert "Sở Y tế" in plan.notes[0]


def test_columns_that_are_not_in_the_file_are_left_alone(listed: Session) -> None:
    assert plan_of(listed, "Mã cán bộ;Họ và tên;Mã cơ quan\nA1;Trần Thị Hằng;H1\nA2;Lê Văn Tám;h1".encode()).is_empty


FAULTS = [
    (people("B1;Vũ Yến;;;H7"), (2, "Mã cơ quan"), "không có cơ quan mã “H7”"),
    (people("B1;Vũ Yến;;;H7;Sở Nội vụ"), (2, "Cơ quan, đơn vị"), "là tên của cơ quan mã H1"),
    (people("B1;Vũ Yến;;;H7;Sở Y", "B2;Vũ Ý;;;H7;Sở Z"), (3, "Cơ quan, đơn vị"), "có hai tên"),
    (people("B1;Vũ Yến;TAM@hp.vn;;K1", "A3;Đỗ Ổn;;;K1"), (2, "Thư điện tử"), "người có mã A2"),
    (people("A3;Đỗ Ổn;;;K1;;Ban giám khảo"), (2, "Không được dự thi"), "không có diện"),
    (agencies("H2;Sở Hai;;;"), (2, "Khối"), "cơ quan mới cần ghi khối"),
    (agencies("H2;Cục thuế;Thành phố;;"), (2, "Tên cơ quan"), "là tên của cơ quan mã K1"),
    (agencies("H2;Sở Hai;Thành phố;H3;"), (2, "Mã cơ quan cấp trên"), "không có cơ quan mã “H3”"),
    (agencies("H1;Sở Nội vụ;;H2;", "H2;Sở Hai;TP;h1;"), (2, "Mã cơ quan cấp trên"), "đi vòng"),
    (agencies("H1;Sở Nội vụ;;H1;"), (2, "Mã cơ quan cấp trên"), "đi vòng"),
    (agencies("H1;Sở Nội vụ;;;1"), (2, "Tổng số CBCCVC"), "là 1, ít hơn 2 người"),
]


@pytest.mark.parametrize(("data", "place", "words"), FAULTS, ids=[words for _, _, words in FAULTS])
def test_what_does_not_fit_the_roster_is_a_fault_and_nothing_comes_in(
    listed: Session, data: bytes, place: tuple[int, str], words: str
) -> None:
    plan = plan_of(listed, data)
    assert place in faults_of(plan)
    assert any(words in fault.message for fault in plan.faults)
    with pytest.raises(Refused) as refusal:
        bring_in(data, TUESDAY)
    assert refusal.value.code == "file_faulty"
    assert listed.scalar(select(func.count()).select_from(DbPerson)) == 3


def test_a_faulty_row_is_still_listed_so_its_person_does_not_seem_to_leave(listed: Session) -> None:
    plan = plan_of(listed, people("A1;Trần Thị Hằng;không;;H1", "A2;Lê Văn Tám;tam@hp.vn;;H1"))
    assert faults_of(plan) == [(2, "Thư điện tử")]
    assert plan.leaving == ()


def test_all_faults_of_a_row_are_told_at_once(listed: Session) -> None:
    plan = plan_of(listed, people("A1;;không;;H8;;Ban Lạ"))
    assert [column for _, column in faults_of(plan)] == ["Họ và tên", "Không được dự thi", "Mã cơ quan", "Thư điện tử"]


def test_nothing_comes_in_when_the_roster_changed_after_it_was_shown(listed: Session) -> None:
    file = read_roster(people("A1;Trần Thu Hằng;;;H1", "A2;Lê Văn Tám;;;H1"), "a.csv")
    shown = roster.plan(listed, file, TUESDAY).digest
    listed.rollback()
    bring_in(people("A1;Trần Hằng;;;H1", "A2;Lê Văn Tám;;;H1"), TUESDAY)
    with pytest.raises(Refused) as refusal, transaction(CONSOLE) as session:
        roster.apply(session, file, shown, CONSOLE, TUESDAY)
    assert refusal.value.code == "roster_changed"
    assert person(listed, "A1").name == "Trần Hằng"


def test_an_error_half_way_leaves_everything_as_it_was(listed: Session) -> None:
    def fail(_done: int, _total: int) -> None:
        raise OSError("power cut")

    file = read_roster(people("B1;Vũ Yến;;;H1"), "a.csv")
    with pytest.raises(OSError, match="power"), transaction(CONSOLE) as session:
        roster.apply(session, file, roster.plan(session, file, TUESDAY).digest, CONSOLE, TUESDAY, fail)
    assert listed.scalars(select(DbPerson.staff_code).order_by(DbPerson.id)).all() == ["A1", "A2", "A3"]
    assert person(listed, "A1").left_at is None


def test_progress_counts_people_up_to_the_total(listed: Session) -> None:
    heard: list[tuple[int, int]] = []
    file = read_roster(people("A1;Trần Hằng;;;H1", "B1;Vũ Yến;;;H1"), "a.csv")
    with transaction(CONSOLE) as session:
        digest = roster.plan(session, file, TUESDAY).digest
        roster.apply(session, file, digest, CONSOLE, TUESDAY, lambda *told: heard.append(told))
    assert heard == [(1, 3), (2, 3), (3, 3)]


def test_the_import_leaves_one_line_in_the_log(listed: Session) -> None:
    bring_in(people("A1;Trần Hằng;;;H1", "B1;Vũ Yến;;;H1"), TUESDAY)
    entry = listed.scalars(select(DbAuditEntry).order_by(DbAuditEntry.id.desc()).limit(1)).one()
    assert (entry.act, entry.facts) == ("import_roster", '{"added": 1, "changed": 1, "file": "a.csv", "leaving": 1}')


@pytest.fixture
def open_week(listed: Session) -> Session:
    """A week that opened on Tuesday and that no job has frozen yet."""
    with transaction() as session:
        contest = DbContest(slug="thu", rules=b"x", rules_digest="test-roster", loaded_at=MONDAY)
        session.add(contest)
        session.flush()
        week = {"contest_id": contest.id, "number": 1, "draw_seed": b"a", "lot_seed": b"b", "record_secret": b"c"}
        session.add(DbWeek(opens_at=TUESDAY, closes_at=FRIDAY + timedelta(days=1), **week))
    return listed


@pytest.fixture(autouse=True)
def rules(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rules with two barred groups, two divisions and two compulsory groups, without a contest file."""
    made = Contest(
        slug="thu",
        title="Thử",
        organiser="",
        plan="",
        zone=vietnamese.HANOI,
        weeks=(Week(number=1, opens_at=TUESDAY, closes_at=FRIDAY + timedelta(days=1)),),
        barred=(BarredGroup("bgk", "Ban Giám khảo"), BarredGroup("btk", "Thư ký")),
        divisions=tuple(
            Division(code=code, name=name, paper=PaperRules(), chain=(), prizes=())
            for code, name in (("can-bo", "Cán bộ, công chức"), ("nguoi-dan", "Người dân"))
        ),
        participation=ParticipationRules(
            groups=(
                Group(code="ld", name="Lãnh đạo cơ quan", least=1),
                Group(code="mot-cua", name="Công chức một cửa", share=Fraction(1)),
            )
        ),
    )
    monkeypatch.setitem(stored_weeks._rules, "test-roster", made)


def test_a_week_that_has_opened_keeps_its_denominators(open_week: Session) -> None:
    plan = bring_in(people("B1;Vũ Yến;;;H1", "B2;Vũ Ý;;;H1", "B3;Vũ Ân;;;H1"), FRIDAY)
    counts = select(DbAgency.code, DbHeadcount.headcount).join(DbAgency, DbAgency.id == DbHeadcount.agency_id)
    assert dict(open_week.execute(counts).all()) == {"H1": 2, "K1": 30}
    assert any("Tuần 1 đang mở" in note for note in plan.notes)


def test_barred_people_are_named_by_group_and_freed_only_in_so_many_words(open_week: Session) -> None:
    def barred() -> dict[str, str]:
        open_week.rollback()
        rows = select(DbPerson.staff_code, DbBarred.group_code).join(DbPerson, DbPerson.id == DbBarred.person_id)
        return dict(open_week.execute(rows).all())

    bring_in(people("A3;Đỗ Ổn;;;K1;;ban giám KHẢO", "B1;Vũ Yến;;;K1;;btk"), TUESDAY)
    assert barred() == {"A3": "bgk", "B1": "btk"}
    bring_in(people("A3;Đỗ Ổn;;;K1;;", "B1;Vũ Yến;;;K1;;Ban Giám khảo"), FRIDAY)
    assert barred() == {"A3": "bgk", "B1": "bgk"}
    bring_in(people("A3;Đỗ Ổn;;;K1;;Được dự thi", "B1;Vũ Yến;;;K1;;"), FRIDAY)
    assert barred() == {"B1": "bgk"}


def divided(*rows: str, titles: str = "Bảng thi;Nhóm bắt buộc") -> bytes:
    """A file of people of H1 with these further columns."""
    given = [row.split(";", 1) for row in rows]
    return "\n".join(
        [f"Mã cán bộ;Họ và tên;Mã cơ quan;{titles}", *(f"{code};Người {code};H1;{rest}" for code, rest in given)]
    ).encode()


def placed(session: Session) -> dict[str, tuple[str, list[str]]]:
    """Division and compulsory groups of everybody who stays in H1."""
    session.rollback()
    session.expire_all()
    groups: dict[int, list[str]] = {}
    for row in session.scalars(select(DbPersonGroup).order_by(DbPersonGroup.group_code)):
        groups.setdefault(row.person_id, []).append(row.group_code)
    people = session.scalars(select(DbPerson).join(DbAgency).where(DbAgency.code == "H1", DbPerson.left_at.is_(None)))
    return {row.staff_code: (row.division, groups.get(row.id, [])) for row in people}


def test_divisions_and_compulsory_groups_go_by_name_or_code(open_week: Session) -> None:
    bring_in(
        divided(
            "A1;nguoi-dan;mot-cua",
            'A2;CÁN BỘ, CÔNG CHỨC;"Công chức một cửa ; lãnh đạo cơ quan;"',
            "A5;Người dân;",
            "A6;;",
        )
    )
    assert placed(open_week) == {
        "A1": ("nguoi-dan", ["mot-cua"]),
        "A2": ("can-bo", ["ld", "mot-cua"]),
        "A5": ("nguoi-dan", []),
        "A6": ("", []),
    }


def test_blank_cells_and_left_out_columns_change_no_division_and_no_group(open_week: Session) -> None:
    bring_in(divided("A1;nguoi-dan;mot-cua", "A2;can-bo;ld"))
    before = placed(open_week)
    again = bring_in(divided("A1;;", "A2;can-bo;"))
    assert (again.is_empty, placed(open_week)) == (True, before)
    again = bring_in(divided("A1;", "A2;", titles="Chức vụ"))
    assert (again.is_empty, placed(open_week)) == (True, before)


def test_groups_are_replaced_and_left_only_in_so_many_words(open_week: Session) -> None:
    bring_in(divided("A1;nguoi-dan;mot-cua", "A2;can-bo;ld"))
    plan = bring_in(divided("A1;can-bo;ld", "A2;;không"))
    assert placed(open_week) == {"A1": ("can-bo", ["ld"]), "A2": ("can-bo", [])}
    assert [str(each) for change in plan.changed for each in change.differences] == [
        "Bảng thi: nguoi-dan → can-bo",
        "Nhóm bắt buộc: mot-cua → ld",
        "Nhóm bắt buộc: ld → (trống)",
    ]


def test_unknown_divisions_and_groups_are_faults_at_their_rows_even_beside_others(open_week: Session) -> None:
    plan = plan_of(open_week, divided("A1;Bảng C;mot-cua", 'A2;can-bo;"ld; Đoàn viên"', "A2;Bảng D;Hội viên"))
    assert faults_of(plan) == [
        (2, "Bảng thi"),
        (3, "Nhóm bắt buộc"),
        (4, "Bảng thi"),
        (4, "Mã cán bộ"),
        (4, "Nhóm bắt buộc"),
    ]
    told = {fault.message for fault in plan.faults}
    assert "không có bảng thi “Bảng C” trong thể lệ; hãy ghi: Cán bộ, công chức; Người dân; hoặc để trống" in told
    assert (
        "không có nhóm bắt buộc “Đoàn viên” trong thể lệ; hãy ghi: Lãnh đạo cơ quan; Công chức một cửa; hoặc để trống"
        in told
    )


def test_where_the_rules_have_no_divisions_or_groups_the_columns_stay_blank(listed: Session) -> None:
    plan = plan_of(listed, divided("A1;can-bo;ld", "A2;;"))
    assert [fault.message for fault in plan.faults] == [
        "thể lệ hội thi không có bảng thi nào; hãy để trống cột này",
        "thể lệ hội thi không có nhóm bắt buộc nào; hãy để trống cột này",
    ]


def test_notes_warn_of_managers_who_would_leave_and_of_many_leavers(listed: Session) -> None:
    with transaction() as session:
        session.add(DbRoleGrant(person_id=person(session, "A2").id, role="organiser"))
    notes = " ".join(plan_of(listed, people("A1;Trần Thị Hằng;hang@hp.vn;;H1")).notes)
    assert "vai trò quản lý: Lê Văn Tám" in notes
    assert "hơn một phần năm" in notes


def test_people_who_registered_by_themselves_never_leave_by_a_file(listed: Session) -> None:
    makers.open_registration()
    agency = listed.scalars(select(DbAgency.id).where(DbAgency.code == "H1")).one()
    makers.register(agency, now=MONDAY)
    assert [each.code for each in plan_of(listed, people("A1;Trần Thị Hằng;hang@hp.vn;;H1"), TUESDAY).leaving] == ["A2"]
    bring_in(people("A1;Trần Thị Hằng;hang@hp.vn;;H1"), TUESDAY)
    assert (person(listed, "DK00000001").left_at, person(listed, "DK00000001").session_epoch) == (None, 0)
    assert memberships(listed, "DK00000001") == [("H1", MONDAY, None)]
