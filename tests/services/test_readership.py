"""What the public pages are made of changes with each thing that they show."""

from __future__ import annotations

from flask import Flask

from quiz.services import Actor, contest_files, readership, reading, transaction
from tests import makers


def edition(app: Flask) -> readership.Edition:
    with app.app_context():
        return readership.edition(reading())


def load_bank(app: Flask, source: str, name: str) -> None:
    with app.app_context(), transaction(Actor(None)) as session:
        contest_files.load_bank(session, source.encode(), Actor(None), makers.BEFORE, name)


def test_an_edition_stays_until_something_is_loaded(app: Flask) -> None:
    nothing = edition(app)
    assert edition(app) == nothing
    with app.app_context():
        makers.load_contest()
    loaded = edition(app)
    assert loaded != nothing
    assert edition(app) == loaded


def test_each_of_several_banks_makes_another_edition(app: Flask) -> None:
    with app.app_context():
        makers.load_contest()
    seen = {edition(app)}
    for number in range(1, 4):
        load_bank(app, makers.bank_text().replace("Chủ đề chung", f"Chủ đề {number}"), "")
        seen.add(edition(app))
    assert len(seen) == 4
