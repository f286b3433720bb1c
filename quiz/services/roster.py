"""The roster import: what a file would do to people and agencies, and doing exactly that, all or nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import select

from quiz.errors import Refused
from quiz.models.contests import DbBarred, DbWeek
from quiz.models.people import DbAgency, DbPerson, DbPersonGroup, DbRegistration, DbRoleGrant
from quiz.scoring.participation import AgencyKind, Group
from quiz.services import Actor, Transaction, audit, given_up, installations, roster_writes
from quiz.services.contests import closes_at, find_current, freeze_due_weeks
from quiz.services.roster_cells import same
from quiz.services.roster_compare import Known, compare
from quiz.services.roster_file import RosterFile
from quiz.services.roster_plan import Agency, Person, RosterPlan

__all__ = ["RosterPlan", "apply", "plan"]


def plan(session: Transaction, file: RosterFile, now: datetime) -> RosterPlan:
    """What the file would change, with every fault; changes nothing."""
    found = compare(file, _known(session))
    more = (*_notes_on_weeks(session, now), *_notes_on_roles(session, found))
    return replace(found, notes=(*found.notes, *more))


def apply(
    session: Transaction,
    file: RosterFile,
    shown: str,
    actor: Actor,
    now: datetime,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
) -> RosterPlan:
    """Do what the plan with the digest `shown` said, inside the caller's transaction.

    Raises Refused(file_faulty), and Refused(roster_changed) where it would now do something else.
    """
    freeze_due_weeks(session, now)
    # One import at a time on PostgreSQL; on SQLite the transaction already is the only writer.
    session.execute(select(DbAgency.id).with_for_update(key_share=True)).all()
    due = plan(session, file, now)
    if due.faults:
        raise Refused("file_faulty", count=len(due.faults))
    if due.digest != shown:
        raise Refused("roster_changed")
    installations.claim_as_real(session, now)
    contest = find_current(session)
    roster_writes.write(session, due, contest.id if contest else None, now, progress)
    audit.record(
        session,
        audit.Act.IMPORT_ROSTER,
        actor,
        now,
        reason=_agencies_in_words(due),
        file=file.filename,
        added=len(due.added),
        changed=len(due.changed),
        leaving=len(due.leaving),
    )
    return due


def _known(session: Transaction) -> Known:
    contest = find_current(session)
    codes = {row.id: row.code for row in session.execute(select(DbAgency.id, DbAgency.code))}
    barred = _barred(session, contest.id) if contest else {}
    compulsory = contest.rules.participation.groups if contest else ()
    registered = select(DbPerson.staff_code).join(DbRegistration, DbRegistration.person_id == DbPerson.id)
    return Known(
        people=_people(session, codes, barred, _groups(session, compulsory)),
        agencies=_agencies(session, codes),
        barred_groups=contest.rules.barred if contest else (),
        divisions=contest.rules.divisions if contest else (),
        compulsory=compulsory,
        registered=frozenset(map(same, session.scalars(registered))),
        given_up=given_up.kept_codes(session),
    )


def _barred(session: Transaction, contest_id: int) -> dict[int, str]:
    rows = session.execute(select(DbBarred.person_id, DbBarred.group_code).where(DbBarred.contest_id == contest_id))
    return {row.person_id: row.group_code for row in rows}


def _agencies(session: Transaction, codes: Mapping[int, str]) -> dict[str, Agency]:
    columns = (DbAgency.id, DbAgency.code, DbAgency.name, DbAgency.kind, DbAgency.parent_id, DbAgency.headcount)
    return {
        same(row.code): Agency(
            id=row.id,
            code=row.code,
            name=row.name,
            kind=AgencyKind(row.kind),
            parent_code=codes.get(row.parent_id, ""),
            headcount=row.headcount,
        )
        for row in session.execute(select(*columns))
    }


def _groups(session: Transaction, compulsory: Sequence[Group]) -> dict[int, tuple[str, ...]]:
    """The compulsory groups of each person, in the order of the rules; codes that the rules do not hold are no more."""
    rows = session.execute(select(DbPersonGroup.person_id, DbPersonGroup.group_code)).all() if compulsory else ()
    held = {(row.person_id, row.group_code) for row in rows}
    people = {person for person, _ in held}
    return {person: tuple(each.code for each in compulsory if (person, each.code) in held) for person in people}


def _people(
    session: Transaction,
    codes: Mapping[int, str],
    barred: Mapping[int, str],
    groups: Mapping[int, tuple[str, ...]],
) -> dict[str, Person]:
    columns = (DbPerson.id, DbPerson.staff_code, DbPerson.name, DbPerson.email, DbPerson.position, DbPerson.division)
    rows = session.execute(select(*columns, DbPerson.agency_id, DbPerson.left_at))
    return {
        same(row.staff_code): Person(
            id=row.id,
            code=row.staff_code,
            name=row.name,
            email=row.email or "",
            position=row.position,
            agency_code=codes[row.agency_id],
            barred=barred.get(row.id, ""),
            division=row.division,
            groups=groups.get(row.id, ()),
            has_left=row.left_at is not None,
        )
        for row in rows
    }


def _notes_on_weeks(session: Transaction, now: datetime) -> list[str]:
    open_weeks = session.scalars(
        select(DbWeek.number).where(DbWeek.opens_at <= now, now < closes_at(), DbWeek.number > 0).order_by(DbWeek.id)
    )
    return [
        f"Tuần {number} đang mở: mẫu số tỷ lệ tham gia của tuần này đã chốt và không đổi; "
        "người mới vẫn được dự thi, người rời danh sách không bắt đầu lượt mới được."
        for number in open_weeks
    ]


def _notes_on_roles(session: Transaction, found: RosterPlan) -> list[str]:
    holders = set(session.scalars(select(DbRoleGrant.person_id).distinct()))
    names = [person.name for person in found.leaving if person.id in holders]
    if not names:
        return []
    return [f"Trong số người rời danh sách có {len(names)} người đang giữ vai trò quản lý: {', '.join(names[:5])}."]


def _agencies_in_words(done: RosterPlan) -> str:
    added, changed = len(done.added_agencies), len(done.changed_agencies)
    return f"{added} cơ quan thêm, {changed} cơ quan sửa" if added or changed else ""
