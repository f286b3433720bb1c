"""Rows by the million arrive as they were given, on both databases, and leave a trace as any other write."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from quiz.models import db
from quiz.models.people import DbPersonGroup
from quiz.services import Actor, transaction
from quiz.services.many_rows import CHUNK, chunks, insert_rows
from tests import makers


def test_chunks_lose_nothing() -> None:
    sizes = [len(chunk) for chunk in chunks(range(2 * CHUNK + 1))]
    assert sizes == [CHUNK, CHUNK, 1]
    assert list(chunks([])) == []


def test_rows_arrive_as_they_were_given(session: Session) -> None:
    person = makers.add_person("CB01", makers.add_agency())
    names = ["lãnh-đạo", "tab\there", "ba\\ngạch"]
    with transaction() as writing:
        insert_rows(writing, DbPersonGroup, ((person, name) for name in names))
    assert sorted(session.scalars(select(DbPersonGroup.group_code))) == sorted(names)


def test_staff_cannot_insert_without_a_trace(session: Session) -> None:
    person = makers.add_person("CB01", makers.add_agency())
    with pytest.raises(RuntimeError, match="audit"), transaction(Actor(person)) as writing:
        insert_rows(writing, DbPersonGroup, [(person, "lãnh-đạo")])
    assert db.session.scalars(select(DbPersonGroup)).all() == []
