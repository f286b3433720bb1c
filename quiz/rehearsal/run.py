"""Lays a rehearsal out, plays it, clears it away: on a server of its own, or on one that runs on an empty database."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from flask import Flask

from quiz import chance
from quiz.app import create_app
from quiz.config import Config
from quiz.key_file import KeyFile
from quiz.models import Base, all_models, db
from quiz.rehearsal import scratch, server
from quiz.rehearsal.play import Played, Progress, rehearse
from quiz.rehearsal.scratch import Paper
from quiz.rehearsal.target import Target
from quiz.rehearsal.verdict import Found

assert all_models

Play = Callable[[Target, str], Played]


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be rehearsed. `roster` is how many people the real roster holds."""

    people: int
    minutes: float
    roster: int
    paper: Paper
    now: datetime


def on_own_server(config: Config, environment: Mapping[str, str], order: Order, tell: Progress) -> Found:
    """On a database and a server of its own, with the installation's settings; the real ones are not touched.

    Raises Refused: rehearsal_no_database, rehearsal_no_server.
    """
    secret = chance.seed().hex()
    with scratch.database(config.database_url) as url, TemporaryDirectory() as name:
        folder = Path(name)
        settings = server.settings(environment, url, secret, folder)
        app = create_app(Config(database_url=url, secret_key=secret, https=False))
        with app.app_context():
            try:
                Base.metadata.create_all(db.engine)
                scratch.claim(order.now)
                mark = _laid_out(order, folder, tell)
                with server.running(settings, folder) as target:
                    return _played(target, order, mark, tell)
            finally:
                _let_go()


def on_running_server(app: Flask, target: Target, order: Order, tell: Progress) -> Found:
    """On the server at this address and the database of this application, which must hold nobody.

    Raises Refused: rehearsal_not_scratch, rehearsal_no_server, rehearsal_other_server.
    """
    with app.app_context(), TemporaryDirectory() as folder:
        scratch.claim(order.now)
        try:
            found = _played(target, order, _laid_out(order, Path(folder), tell), tell)
            return replace(found, is_behind_proxy=True)
        finally:
            scratch.clear()
            _let_go()


def _laid_out(order: Order, folder: Path, tell: Progress) -> str:
    tell("Tạo hội thi và người giả lập")
    mark = chance.code()
    scratch.fill(order.people, mark, order.now, KeyFile(folder / "seal-key"), order.paper)
    db.session.remove()
    return mark


def _played(target: Target, order: Order, mark: str, tell: Progress) -> Found:
    played = asyncio.run(rehearse(target, order.people, order.minutes, mark, tell))
    tell("Đối chiếu với cơ sở dữ liệu")
    capacity = None if played.factor is None else played.factor * played.asked.starts_a_minute
    return Found(
        asked=played.asked,
        parts=played.parts,
        capacity=capacity,
        is_searched_out=played.is_searched_out,
        missing=scratch.missing(played.acknowledged),
        late=played.late,
        is_sqlite=db.engine.dialect.name == "sqlite",
        roster=order.roster,
    )


def _let_go() -> None:
    db.session.remove()
    db.engine.dispose()
