"""What many page tests start from: a contest, three agencies, one person for every role, and a look at every row."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import wraps
from html import unescape
from itertools import product
from pathlib import Path
from typing import TypeVar
from unittest.mock import patch

import pytest
from flask import Flask
from sqlalchemy import Engine, event, select

from quiz.models import Base, db
from quiz.models.attempts import DbAttempt
from quiz.permissions import Role
from quiz.services import attempts, contests, marking, publishing, reading, room, transaction
from quiz.services.direct import Direct
from tests import makers
from tests.kept import kept
from tests.web.client import PageClient

Made = TypeVar("Made")

PARTICIPANT, COLLEAGUE, CHILD, STRANGER = "CB01", "CB02", "CB03", "CB04"
STAFF = {
    Role.COORDINATOR: "DM01",
    Role.ORGANISER: "TC01",
    Role.INSPECTOR: "GS01",
    Role.ADMIN: "QT01",
}
SIGNS_IN = {"participant": PARTICIPANT} | {str(role): code for role, code in STAFF.items()}
DURING = makers.WEEK_1 + timedelta(hours=1)
AFTER = makers.WEEK_1_ENDS + timedelta(minutes=1)
TOKEN = re.compile(r'(name="csrf_token"[^>]*value=")[^"]+')


def lay_out(app: Flask, bank_source: str | None = None, contest: str = makers.CONTEST) -> dict[str, int]:
    """A contest and its people, none of whom has sat; ids by staff code and agency code.

    Sở Nội vụ (SNV) has a child (SNV-1); Cục Thuế (CT) is a stranger to both.
    """
    with app.app_context():
        return _lay_out(bank_source, contest)


@kept
def _lay_out(bank_source: str | None, contest: str) -> dict[str, int]:
    makers.load_contest(contest, bank_source)
    ids = {
        "SNV": makers.add_agency("SNV", "Sở Nội vụ"),
        "SNV-1": makers.add_agency("SNV-1", "Chi cục Văn thư", parent="SNV"),
        "CT": makers.add_agency("CT", "Cục Thuế", kind="central"),
    }
    for code, name, agency in (
        (PARTICIPANT, "Trần Thị Bích Ngọc", "SNV"),
        (COLLEAGUE, "Lê Văn Tám", "SNV"),
        (CHILD, "Phạm Thu Hà", "SNV-1"),
        (STRANGER, "Vũ Quang Huy", "CT"),
    ):
        ids[code] = makers.add_person(code, ids[agency], name)
    for role, code in STAFF.items():
        ids[code] = makers.add_person(code, ids["SNV"], f"Đỗ {role.capitalize()}", [role])
    return ids


def laid_out(lay: Callable[[Flask], Made]) -> Callable[[Flask], Made]:
    """What is laid out through the application is `kept`, too."""
    again = kept(lay)

    @wraps(lay)
    def within(app: Flask) -> Made:
        with app.app_context():
            return again(app)

    return within


def publish(app: Flask, now: datetime, organiser_id: int, number: int = 1, reason: str = "") -> None:
    """Mark a closed week where need be, and publish its ranking."""
    with app.app_context():
        actor = makers.Actor(organiser_id)
        with transaction(actor) as session:
            marking.mark_week(session, makers.week(session, number), now, actor)
        with transaction(actor) as session:
            week = makers.week(session, number)
            seen = publishing.draft(session, week, now).digest
            publishing.publish(session, week, seen, reason, actor, now)


def sit(app: Flask, person_id: int, **how: object) -> str:
    """A whole attempt in week 1, an hour after its opening unless said otherwise; its code."""
    with app.app_context():
        return makers.sit(person_id, **{"starts_at": DURING, **how})  # type: ignore[arg-type]


def mark(app: Flask, now: datetime, number: int = 1) -> None:
    """What the scheduler does when a week has closed."""
    with app.app_context(), transaction() as session:
        marking.mark_week(session, makers.week(session, number), now)


def freeze(app: Flask, now: datetime) -> None:
    """What the scheduler does when weeks open as they were promised."""
    with app.app_context():
        for one in contests.weeks(reading(), contests.get_current(reading())):
            if one.week.opens_at <= now:
                makers.commit(makers.BEFORE, one.week.number)
        with transaction() as session:
            contests.freeze_due_weeks(session, now)


def promise(app: Flask, number: int = 1) -> None:
    """What the scheduler does before a week opens, unless it has."""
    with app.app_context():
        makers.commit(makers.BEFORE, number)


def attempt(app: Flask, code: str) -> DbAttempt:
    """The attempt's row as it stands."""
    with app.app_context():
        row = db.session.get_one(DbAttempt, code)
        db.session.expunge(row)
        return row


def key_shown(app: Flask, code: str, person_id: int) -> list[str]:
    """The right letters of every question, as shown on this attempt's paper."""
    with app.app_context():
        session = db.session()
        own = attempts.get(session, code, person_id)
        drawn = attempts.paper_with_keys(session, own, contests.get_week_by_id(session, own.week_id))
        return ["".join(sorted(item.key_shown)) for item in drawn.questions]


def everything(app: Flask) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table, to see that nothing has changed."""
    with app.app_context(), db.engine.connect() as connection:
        return {
            table.name: sorted((tuple(row) for row in connection.execute(select(table))), key=repr)
            for table in Base.metadata.sorted_tables
        }


def start(client: PageClient, week: int = 1) -> str:
    """Start an attempt from the own weeks' page, in a week that was promised; its code."""
    promise(client.http.application, week)
    address = client.post(f"/thi/tuan-{week}")
    return address.rpartition("/")[2]


def fill_the_disk(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """The disk of the database is nine tenths full."""
    monkeypatch.setattr(room, "folder_of", lambda _: Path("/srv"))
    monkeypatch.setattr(room, "look", lambda _: room.Disk(used=90, free=10))
    app.extensions["room"] = room.Room(app.config["QUIZ"])


def save(client: PageClient, code: str, seq: object, answers: object, token: str = "") -> tuple[int, dict[str, object]]:
    """Save as the page's script does; the status and the JSON."""
    answer = client.http.post(
        f"/thi/bai/{code}/luu",
        json={"seq": seq, "answers": answers},
        headers={"X-CSRFToken": token or client.token()},
    )
    return answer.status_code, answer.json or {}


def words(html: str) -> str:
    """The page's main part as text."""
    main = html.partition("<main")[2].partition("</main>")[0]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", main.partition(">")[2])).split())


def rows(html: str, label: str) -> list[list[str]]:
    """The body of the table with that accessible name, as text."""
    table = html.partition(f'aria-label="{label}"')[2].partition("</table>")[0]
    body = re.findall(r"<tr[^>]*>(.*?)</tr>", table.partition("<tbody")[2], re.DOTALL)
    cells = (re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL) for row in body)
    return [[" ".join(unescape(re.sub(r"<[^>]+>", " ", cell)).split()) for cell in row] for row in cells]


def without_tokens(html: str) -> str:
    """The page with its CSRF tokens blotted out."""
    return TOKEN.sub(r"\1-", html)


@dataclass(frozen=True)
class Read:
    """One page as it was read."""

    endpoint: str
    status: int
    mimetype: str
    text: str


def crawl(app: Flask, client: PageClient, codes: list[str], agencies: list[int]) -> dict[str, Read]:
    """Every page that can be read, by the map of addresses and by following links; each by its path."""
    given = {"number": [1, 2], "code": codes, "agency_id": agencies, "question_id": ["T-001"], "letter": ["thong-bao"]}
    given |= {f"{what}_id": [1] for what in ("appeal", "decision", "document", "import", "person", "request")}
    given |= {"token": ["signed"], "edition": [1], "issue": [1], "version": [1]}
    todo = [*(f"/co-quan?co-quan={each}" for each in agencies), "/giam-sat/nhat-ky?trang=2"]
    with app.test_request_context():
        for rule in app.url_map.iter_rules():
            if "GET" in (rule.methods or set()) and not rule.endpoint.endswith("static"):
                names = sorted(rule.arguments)
                several = product(*(given[name] for name in names))
                todo += [app.url_for(rule.endpoint, **dict(zip(names, each, strict=True))) for each in several]
    read: dict[str, Read] = {}
    while todo:
        path = todo.pop().partition("#")[0]
        if path in read or path.startswith(("/static", "/bootstrap")):
            continue
        answer = client.http.get(path, buffered=True)
        text = answer.get_data().decode(errors="replace")
        endpoint = app.url_map.bind("").match(path.partition("?")[0])[0]
        read[path] = Read(endpoint, answer.status_code, answer.mimetype, text)
        todo += re.findall(r'href="(/[^"]*)"', text.replace("&amp;", "&"))
        todo += [answer.headers["Location"]] if "Location" in answer.headers else []
    return read


@contextmanager
def statements(app: Flask) -> Iterator[list[str]]:
    """The SQL statements sent meanwhile, without BEGIN, those past the session among them."""
    sent: list[str] = []
    make_ready = Direct.made_ready

    def note_direct(statement: Direct, engine: Engine) -> object:
        ready = make_ready(statement, engine)
        sent.append(ready.text)
        return ready

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.startswith("BEGIN"):
            sent.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        with patch.object(Direct, "made_ready", note_direct):
            yield sent
    finally:
        event.remove(engine, "before_cursor_execute", note)
