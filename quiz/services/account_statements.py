"""The statements of signing in, built once: whom a session or a form names, and how often it was tried in vain."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, Integer, ScalarSelect, String, bindparam, func, literal_column, or_, select

from quiz.models import UtcDateTime
from quiz.models.people import DbAgency, DbPerson, DbRegistration, DbRoleGrant, DbSignInFailure
from quiz.services.direct import Direct

_IN_ONE = func.aggregate_strings(DbRoleGrant.role, literal_column("' '"))  # type: ignore[arg-type]
_ROLES = select(_IN_ONE).where(DbRoleGrant.person_id == DbPerson.id)
_PEOPLE = (
    select(
        DbPerson.id,
        DbPerson.name,
        DbPerson.staff_code,
        DbPerson.agency_id,
        DbPerson.session_epoch,
        DbAgency.name.label("agency"),
        _ROLES.scalar_subquery().label("roles"),
    )
    .join(DbAgency, DbAgency.id == DbPerson.agency_id)
    .where(DbPerson.left_at.is_(None))
)
FIND = _PEOPLE.where(DbPerson.id == bindparam("person", type_=Integer))

_WANTED = bindparam("wanted", type_=String)
_BY_PHONE = (
    select(func.max(DbRegistration.person_id))
    .where(DbRegistration.phone == bindparam("phone", type_=String))
    .scalar_subquery()
)
NAMED = Direct(
    _PEOPLE.add_columns(DbPerson.password_hash, DbPerson.activation_hash)
    .where(or_(DbPerson.sign_in_key == _WANTED, DbPerson.email == _WANTED, DbPerson.id == _BY_PHONE))
    .order_by(DbPerson.sign_in_key != _WANTED, DbPerson.id.desc())
    .limit(1)
)
"""By index, as long for nobody. A staff code comes before somebody else's phone of the same digits."""


def _tries(whose: ColumnElement[bool]) -> tuple[ScalarSelect[int], ScalarSelect[datetime]]:
    counted = (whose, DbSignInFailure.at > bindparam("since", type_=UtcDateTime))
    oldest = select(func.min(DbSignInFailure.at)).where(*counted).scalar_subquery()
    return select(func.count()).where(*counted).scalar_subquery(), oldest


_OF_ACCOUNT = _tries(DbSignInFailure.account_hash == bindparam("account", type_=String))
_OF_ADDRESS = _tries(DbSignInFailure.address == bindparam("address", type_=String))
TRIES = Direct(
    select(
        _OF_ACCOUNT[0].label("of_account"),
        _OF_ACCOUNT[1].label("oldest_of_account"),
        _OF_ADDRESS[0].label("of_address"),
        _OF_ADDRESS[1].label("oldest_of_address"),
    )
)
