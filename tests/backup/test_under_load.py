"""While people save, a backup is one moment of the contest, nobody waits for it, and what was acknowledged is in it."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy
from flask import Flask
from sqlalchemy.pool import NullPool

from quiz.backup import embedded, making, restoring
from quiz.models import db
from quiz.services import attempts, transaction
from tests import makers
from tests.services.sealing_scene import OPENS

PATIENCE = 20
LONGEST_WAIT = 5


class Saver(threading.Thread):
    """Somebody who saves again and again; `acked` grows with each acknowledgement, `sent` just before."""

    def __init__(self, app: Flask, person: int, code: str, stop: threading.Event) -> None:
        super().__init__()
        self.app, self.person, self.code, self.stop = app, person, code, stop
        self.sent = self.acked = 0
        self.waits: list[tuple[float, float]] = []

    def run(self) -> None:
        with self.app.app_context():
            while not self.stop.wait(0.005):
                self.sent += 1
                began = time.monotonic()
                with transaction() as session:
                    answers = ["ABCD"[self.sent % 4]] * 5
                    attempts.save(session, self.code, self.person, self.sent, answers, OPENS + timedelta(minutes=1))
                self.acked = self.sent
                self.waits.append((began, time.monotonic() - began))
            db.session.remove()


@pytest.fixture
def savers(app: Flask, people: list[int]) -> Iterator[list[Saver]]:
    """Four people at work."""
    stop, found = threading.Event(), []
    for place, person in enumerate(people[:4]):
        with app.app_context(), transaction() as session:
            code = makers.start(session, person, makers.week(session), OPENS, makers.code(place))
        found.append(Saver(app, person, code, stop))
    for saver in found:
        saver.start()
    yield found
    stop.set()
    for saver in found:
        saver.join(PATIENCE)


def sheets(url: str) -> dict[str, tuple[int, str]]:
    """The number and the answers of each attempt of a database."""
    engine = sqlalchemy.create_engine(url, poolclass=NullPool)
    with closing(engine.connect()) as connection:
        rows = connection.exec_driver_sql("SELECT code, seq, answers FROM attempts").all()
        return {code: (seq, answers) for code, seq, answers in rows}


def wait_until_all_have_saved(savers: list[Saver], more: int) -> None:
    """So many saves more of each."""
    wanted = {saver: saver.acked + more for saver in savers}
    until = time.monotonic() + PATIENCE
    while any(saver.acked < count for saver, count in wanted.items()):
        assert time.monotonic() < until
        time.sleep(0.01)


def test_a_backup_under_load_holds_all_that_was_acknowledged_before(
    app: Flask, savers: list[Saver], spare: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(embedded, "PAGES", 5)  # as many goes as a large database would take
    wait_until_all_have_saved(savers, 5)
    before, began = {saver.code: saver.acked for saver in savers}, time.monotonic()
    making.make(app.config["QUIZ"].database_url, tmp_path / "one.backup", OPENS)
    after, took = {saver.code: saver.sent for saver in savers}, time.monotonic() - began
    wait_until_all_have_saved(savers, 2)
    restoring.restore(tmp_path / "one.backup", spare, OPENS, lambda: False)
    held = sheets(spare)
    for code, acked in before.items():
        seq, answers = held[code]
        assert acked <= seq <= after[code]
        assert answers == "ABCD"[seq % 4].join(['["'] + ['", "'] * 4 + ['"]'])
    waits = [wait for saver in savers for at, wait in saver.waits if began <= at <= began + took]
    assert len(waits) >= 4
    assert max(waits) < LONGEST_WAIT
    print(f"backup {took:.2f} s, {len(waits)} saves meanwhile, the longest waited {max(waits) * 1000:.0f} ms")
