"""The hot path stays what it is: one statement by primary key, on the one table."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from quiz.services import attempt_statements, attempts, transaction
from tests import makers
from tests.web import scenes

START = makers.WEEK_1 + timedelta(hours=1)


@pytest.mark.parametrize("name", ["GET", "SAVE", "SAVE_AND_END", "END"])
def test_statements_of_the_hot_path_find_one_row_by_its_key(name: str) -> None:
    text = " ".join(str(getattr(attempt_statements, name)).split())
    assert "WHERE attempts.code = :the_code AND attempts.person_id = :person" in text
    assert "JOIN" not in text
    assert text.count("SELECT") == (name == "GET")


def test_a_save_and_a_hand_in_are_one_statement_each(app: Flask, session: Session) -> None:
    makers.load_contest()
    person = makers.add_person("A1", makers.add_agency(), activated=False)
    with transaction() as writing:
        code = makers.start(writing, person, makers.week(writing), START, makers.code(1))
    with scenes.statements(app) as sent, transaction() as writing:
        attempts.save(writing, code, person, 1, ["A"] * 5, START, 12)
    assert [statement.split()[0] for statement in sent] == ["UPDATE"]
    with scenes.statements(app) as sent, transaction() as writing:
        attempts.hand_in(writing, code, person, 2, ["B"] * 5, START, 13)
    assert [statement.split()[0] for statement in sent] == ["UPDATE"]
