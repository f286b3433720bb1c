"""Carries a roster plan out in bulk statements: agencies, people, memberships, groups, and who is barred."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from itertools import chain
from typing import Any, TypeVar

from sqlalchemy import delete, exists, insert, literal, or_, select, update

from quiz import vietnamese
from quiz.models import UtcDateTime
from quiz.models.contests import DbBarred
from quiz.models.people import DbAgency, DbMembership, DbPerson, DbPersonGroup
from quiz.services import Transaction
from quiz.services.roster_cells import same
from quiz.services.roster_plan import Agency, Person, RosterPlan

CHUNK = 2000
_Item = TypeVar("_Item")


def write(
    session: Transaction,
    plan: RosterPlan,
    contest_id: int | None,
    now: datetime,
    progress: Callable[[int, int], None],
) -> None:
    """Everything that the plan says; `progress` hears how many of all people are done."""
    _write_agencies(session, plan)
    agency_ids = {same(row.code): row.id for row in session.execute(select(DbAgency.id, DbAgency.code))}
    _release_emails(session, plan)
    total, done = len(plan.added) + len(plan.changed) + len(plan.leaving), 0
    for size in chain(
        _let_leave(session, plan, now), _change(session, plan, agency_ids, now), _add(session, plan, agency_ids, now)
    ):
        done += size
        progress(done, total)
    _keep_memberships(session, now)
    if contest_id is not None:
        _keep_barred(session, plan, contest_id)
    _keep_groups(session, plan)
    session.expire_all()


def _write_agencies(session: Transaction, plan: RosterPlan) -> None:
    """Names that move between agencies are set aside first, and parents come last, when all of them exist."""
    renamed = [change for change in plan.changed_agencies if change.before.name != change.after.name]
    _update_agencies(session, [{"id": each.after.id, "name": f"\x1f{each.after.id}"} for each in renamed])
    if plan.added_agencies:
        session.execute(insert(DbAgency), [{"code": each.code, **_fields(each)} for each in plan.added_agencies])
    changed = [each.after for each in plan.changed_agencies]
    _update_agencies(session, [{"id": each.id, **_fields(each)} for each in changed])
    ids = {same(row.code): row.id for row in session.execute(select(DbAgency.id, DbAgency.code))}
    children = [each for each in (*plan.added_agencies, *changed) if each.parent_code or each.id]
    parents = [{"id": ids[same(each.code)], "parent_id": ids.get(same(each.parent_code))} for each in children]
    _update_agencies(session, parents)


def _update_agencies(session: Transaction, rows: list[dict[str, Any]]) -> None:
    if rows:
        session.execute(update(DbAgency), rows)


def _fields(agency: Agency) -> dict[str, Any]:
    key = _sort_key(agency.name)
    return {"name": agency.name, "sort_key": key, "kind": agency.kind.value, "headcount": agency.headcount}


def _release_emails(session: Transaction, plan: RosterPlan) -> None:
    """Free the addresses that somebody else takes over, before anybody takes one."""
    moving = [change.after.id for change in plan.changed if change.before.email != change.after.email]
    for ids in _chunks(moving):
        session.execute(_epoch_update().where(DbPerson.id.in_(ids)).values(email=None))
    taken = [p.email for p in plan.added if p.email]
    taken += [change.after.email for change in plan.changed if change.after.email != change.before.email]
    for emails in _chunks([email for email in taken if email]):
        session.execute(_epoch_update().where(DbPerson.email.in_(emails)).values(email=None))


def _let_leave(session: Transaction, plan: RosterPlan, now: datetime) -> Iterator[int]:
    for ids in _chunks([person.id for person in plan.leaving]):
        session.execute(_epoch_update().where(DbPerson.id.in_(ids)).values(left_at=now))
        yield len(ids)


def _change(session: Transaction, plan: RosterPlan, agency_ids: Mapping[str, int], now: datetime) -> Iterator[int]:
    for changes in _chunks(plan.changed):
        rows = [{"id": change.after.id, **_person(change.after, agency_ids)} for change in changes]
        session.execute(update(DbPerson), rows)
        returning = [change.after.id for change in changes if change.before.has_left]
        session.execute(
            update(DbPerson)
            .where(DbPerson.id.in_(returning))
            .values(left_at=None, listed_at=now)
            .execution_options(synchronize_session=False)
        )
        yield len(changes)


def _add(session: Transaction, plan: RosterPlan, agency_ids: Mapping[str, int], now: datetime) -> Iterator[int]:
    for people in _chunks(plan.added):
        rows = [{"staff_code": each.code, "listed_at": now, **_person(each, agency_ids)} for each in people]
        session.execute(insert(DbPerson), rows)
        yield len(people)


def _person(person: Person, agency_ids: Mapping[str, int]) -> dict[str, Any]:
    return {
        "name": person.name,
        "name_key": _name_key(person.name),
        "email": person.email or None,
        "position": person.position,
        "division": person.division,
        "agency_id": agency_ids[same(person.agency_code)],
    }


def _keep_memberships(session: Transaction, now: datetime) -> None:
    """End what no longer holds and begin what now does, from the people themselves: two statements for everybody."""
    ended = exists().where(
        DbPerson.id == DbMembership.person_id,
        or_(DbPerson.left_at.is_not(None), DbPerson.agency_id != DbMembership.agency_id),
    )
    session.execute(
        update(DbMembership)
        .where(DbMembership.until.is_(None), ended)
        .values(until=now)
        .execution_options(synchronize_session=False)
    )
    holds = exists().where(DbMembership.person_id == DbPerson.id, DbMembership.until.is_(None))
    begun = select(DbPerson.id, DbPerson.agency_id, literal(now, UtcDateTime())).where(
        DbPerson.left_at.is_(None), ~holds
    )
    session.execute(insert(DbMembership).from_select(["person_id", "agency_id", "since"], begun))


def _keep_barred(session: Transaction, plan: RosterPlan, contest_id: int) -> None:
    after = {
        same(change.after.code): change.after for change in plan.changed if change.before.barred != change.after.barred
    }
    ids = [person.id for person in after.values()]
    for chunk in _chunks(ids):
        session.execute(delete(DbBarred).where(DbBarred.contest_id == contest_id, DbBarred.person_id.in_(chunk)))
    barred = [person for person in (*after.values(), *plan.added) if person.barred]
    for people in _chunks(barred):
        ids_by_code = _person_ids(session, people)
        rows = [
            {"contest_id": contest_id, "person_id": ids_by_code[each.code], "group_code": each.barred}
            for each in people
        ]
        session.execute(insert(DbBarred), rows)


def _keep_groups(session: Transaction, plan: RosterPlan) -> None:
    after = [change.after for change in plan.changed if change.before.groups != change.after.groups]
    for chunk in _chunks([person.id for person in after]):
        session.execute(delete(DbPersonGroup).where(DbPersonGroup.person_id.in_(chunk)))
    for people in _chunks([person for person in (*after, *plan.added) if person.groups]):
        ids_by_code = _person_ids(session, people)
        rows = [{"person_id": ids_by_code[each.code], "group_code": group} for each in people for group in each.groups]
        session.execute(insert(DbPersonGroup), rows)


def _person_ids(session: Transaction, people: Sequence[Person]) -> dict[str, int]:
    found = select(DbPerson.id, DbPerson.staff_code).where(DbPerson.staff_code.in_([each.code for each in people]))
    return {row.staff_code: row.id for row in session.execute(found)}


def _epoch_update() -> Any:
    """An update that also signs these people out everywhere."""
    return (
        update(DbPerson).values(session_epoch=DbPerson.session_epoch + 1).execution_options(synchronize_session=False)
    )


def _chunks(items: Sequence[_Item]) -> Iterator[Sequence[_Item]]:
    for start in range(0, len(items), CHUNK):
        yield items[start : start + CHUNK]


@lru_cache(maxsize=50_000)
def _word_key(word: str) -> str:
    return vietnamese.sort_key(word)


def _sort_key(text: str) -> str:
    """vietnamese.sort_key, word by word: a hundred thousand names share a few thousand words."""
    return " ".join(map(_word_key, vietnamese.clean(text).casefold().split()))


def _name_key(name: str) -> str:
    """vietnamese.name_key, by the same words."""
    return f"{_word_key(vietnamese.clean(name).rpartition(' ')[2])}|{_sort_key(name)}"
