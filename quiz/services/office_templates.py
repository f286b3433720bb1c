"""Templates of official documents: those that come with the software, and the office's own editions in their place.

Every edition is kept. An edited template is taken only after it has made two documents of made-up values.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from quiz.errors import Refused
from quiz.exports.letters import Letter
from quiz.models.office_templates import DbOfficeTemplate
from quiz.models.people import DbPerson
from quiz.services import Actor, Transaction, audit, letter_press, letter_samples

ORIGINAL = 0
"""The edition that comes with the software."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """One edition of a template; without a digest it is the step back to the original."""

    id: int
    letter: Letter
    filename: str
    digest: str
    uploaded_by: str
    uploaded_at: datetime

    @property
    def number(self) -> int:
        """What to ask its content by."""
        return self.id if self.digest else ORIGINAL


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """A template that has been tried and does not do harm; only `checked` makes it."""

    letter: Letter
    filename: str
    content: bytes


def editions(session: Transaction) -> dict[Letter, tuple[Edition, ...]]:
    """The editions of every document, the newest first; the first is in use."""
    columns = DbOfficeTemplate.id, DbOfficeTemplate.kind, DbOfficeTemplate.filename, DbOfficeTemplate.digest
    rows = session.execute(
        select(*columns, DbPerson.name, DbOfficeTemplate.uploaded_at)
        .join(DbPerson, DbPerson.id == DbOfficeTemplate.uploaded_by)
        .order_by(DbOfficeTemplate.id.desc())
    ).all()
    found = [
        Edition(
            id=row.id,
            letter=Letter(row.kind),
            filename=row.filename,
            digest=row.digest,
            uploaded_by=row.name,
            uploaded_at=row.uploaded_at,
        )
        for row in rows
    ]
    return {letter: tuple(each for each in found if each.letter is letter) for letter in Letter}


def in_use(session: Transaction, letter: Letter) -> int:
    """The number of the edition in use, by which `content` gives it."""
    newest = editions(session)[letter][:1]
    return newest[0].number if newest else ORIGINAL


def content(session: Transaction, letter: Letter, number: int) -> bytes:
    """The file of an edition; raises Refused(template_missing)."""
    if number == ORIGINAL:
        return letter.original.read_bytes()
    row = session.scalar(select(DbOfficeTemplate).where(DbOfficeTemplate.id == number, DbOfficeTemplate.kind == letter))
    if row is None or row.content is None:
        raise Refused("template_missing")
    return row.content


def checked(letter: Letter, filename: str, content: bytes) -> Checked:
    """The template after trying it, which takes seconds and so belongs outside a transaction.

    Raises Refused with one of the codes template_…
    """
    letter_press.press(content, letter_samples.samples(letter))
    return Checked(letter=letter, filename=filename[-200:], content=content)


def change(session: Transaction, template: Checked, actor: Actor, now: datetime) -> None:
    """Use this edition from now on; raises Refused(template_same)."""
    letter = template.letter
    if template.content == content(session, letter, in_use(session, letter)):
        raise Refused("template_same")
    digest = hashlib.sha256(template.content).hexdigest()
    _add(session, actor, now, kind=letter, filename=template.filename, content=template.content, digest=digest)
    audit.record(session, audit.Act.CHANGE_TEMPLATE, actor, now, template=letter, digest=digest)


def restore(session: Transaction, letter: Letter, actor: Actor, now: datetime) -> None:
    """Use the template that comes with the software again; raises Refused(template_same)."""
    if in_use(session, letter) == ORIGINAL:
        raise Refused("template_same")
    _add(session, actor, now, kind=letter, filename="", content=None, digest="")
    audit.record(session, audit.Act.RESTORE_TEMPLATE, actor, now, template=letter)


def _add(session: Transaction, actor: Actor, now: datetime, **values: object) -> None:
    session.add(DbOfficeTemplate(uploaded_by=actor.id, uploaded_at=now, **values))
