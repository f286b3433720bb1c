"""Staff codes that were given up for another one of the same person, and may not come back."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import aliased

from quiz.errors import Refused
from quiz.models.merges import DbMerge
from quiz.models.people import DbPerson
from quiz.services import Transaction


def kept_codes(session: Transaction) -> dict[str, str]:
    """By every code given up, in small letters, the code that was kept."""
    given_up, kept = aliased(DbPerson), aliased(DbPerson)
    rows = session.execute(
        select(given_up.sign_in_key, kept.staff_code)
        .join(DbMerge, DbMerge.given_up_id == given_up.id)
        .join(kept, kept.id == DbMerge.kept_id)
    )
    return {row.sign_in_key: row.staff_code for row in rows}


def check_not_given_up(session: Transaction, person: DbPerson) -> None:
    """Raises Refused(staff_code_given_up), which names the code to use."""
    kept = session.scalar(
        select(DbPerson.staff_code)
        .join(DbMerge, DbMerge.kept_id == DbPerson.id)
        .where(DbMerge.given_up_id == person.id)
    )
    if kept is not None:
        raise Refused("staff_code_given_up", given_up=person.staff_code, kept=kept)
