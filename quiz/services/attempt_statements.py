"""The statements of the hot path, built once: one save, and one hand-in, is one UPDATE by primary key.

SAVE_AT_ONCE is SAVE for whoever claims to be somebody by a session: it writes only where that session is still good.
BEGIN_AT_ONCE starts an attempt of somebody who has begun no other since the facts were read, in a week that still
closes as it did then: an extension has come before, or waits.
"""

from __future__ import annotations

from typing import cast

from sqlalchemy import Integer, Table, bindparam, func, select, update
from sqlalchemy.dialects.postgresql import insert

from quiz.models import UtcDateTime
from quiz.models.attempts import DbAttempt
from quiz.models.contests import DbWeek
from quiz.models.people import DbPerson
from quiz.services import devices
from quiz.services.direct import Both, Direct

ATTEMPTS = cast(Table, DbAttempt.__table__)

_NOW = bindparam("now", type_=UtcDateTime)
_PERSON = bindparam("person", type_=Integer)
OWN = (ATTEMPTS.c.code == bindparam("the_code"), ATTEMPTS.c.person_id == _PERSON)
_OPEN = (
    *OWN,
    ATTEMPTS.c.handed_in_at.is_(None),
    ATTEMPTS.c.annulled_by.is_(None),
    ATTEMPTS.c.accept_until >= _NOW,
)
_NEWER = (*_OPEN, ATTEMPTS.c.seq < bindparam("sheet_seq"), ATTEMPTS.c.questions == bindparam("count"))
_SHEET = {
    "seq": bindparam("sheet_seq"),
    "answers": bindparam("sheet"),
    "prediction": bindparam("predicted", type_=Integer),
    "saved_at": _NOW,
}
_EPOCH = select(DbPerson.session_epoch).where(DbPerson.id == _PERSON, DbPerson.left_at.is_(None)).scalar_subquery()
_ENDED = {"handed_in_at": _NOW, "ended_by": "person"}

GET = select(ATTEMPTS).where(*OWN)
GET_AT_ONCE = Direct(GET)
OF_PERSON = Direct(select(ATTEMPTS).where(ATTEMPTS.c.person_id == _PERSON).order_by(ATTEMPTS.c.started_at))
SAVE = update(ATTEMPTS).where(*_NEWER).values(_SHEET).returning(ATTEMPTS.c.deadline_at)
SAVE_AT_ONCE = Direct(SAVE.where(bindparam("epoch", type_=Integer) == _EPOCH))
_SAVE_AND_END = update(ATTEMPTS).where(*_NEWER).values(_SHEET | _ENDED)
SAVE_AND_END = _SAVE_AND_END.returning(ATTEMPTS)
SAVE_AND_END_AT_ONCE = Both(_SAVE_AND_END.returning(ATTEMPTS.c.code), devices.noting)
END = update(ATTEMPTS).where(*_OPEN).values(_ENDED)
CLOSE_OVERDUE = (
    update(ATTEMPTS)
    .where(ATTEMPTS.c.handed_in_at.is_(None), ATTEMPTS.c.accept_until < _NOW)
    .values(handed_in_at=ATTEMPTS.c.deadline_at, ended_by="deadline")
)

_BEGUN = (
    *("code", "week_id", "person_id", "number", "questions", "started_at", "deadline_at", "accept_until", "seq"),
    *("answers", "division", "entry_id", "agency", "registered_at", "seen", "returned_ms"),
)
_AS_READ = (
    select(*(bindparam(name, type_=ATTEMPTS.c[name].type) for name in _BEGUN))
    .where(DbWeek.id == bindparam("week_id", type_=Integer))
    .where(func.coalesce(DbWeek.extended_to, DbWeek.closes_at) == bindparam("closes_at", type_=UtcDateTime))
    .where(
        select(func.count()).where(ATTEMPTS.c.person_id == bindparam("person_id", type_=Integer)).scalar_subquery()
        == bindparam("begun", type_=Integer)
    )
    .with_for_update(read=True, key_share=True)
)
BEGIN_AT_ONCE = Both(
    insert(ATTEMPTS).from_select(_BEGUN, _AS_READ).on_conflict_do_nothing().returning(ATTEMPTS.c.code), devices.noting
)
