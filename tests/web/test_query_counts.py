"""How many statements each page sends: no more than stand here, however many agencies, people, attempts and acts."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import insert, select

from quiz.models import db
from quiz.models.attempts import DbAttempt
from quiz.models.audit import DbAuditEntry
from quiz.models.contests import DbHeadcount
from quiz.models.people import DbAgency, DbMembership, DbPerson
from quiz.permissions import PERMISSIONS, Permission, Role
from quiz.web.access import needed
from tests import makers
from tests.conftest import Clock
from tests.web import scenes
from tests.web.client import PageClient
from tests.web.scenes import AFTER, PARTICIPANT, STAFF

pytestmark = pytest.mark.one_database
NOW = makers.WEEK_2 + timedelta(hours=1)
STATEMENTS = {
    "account.activate": 1,
    "account.own": 1,
    "account.sign_in": 1,
    "agencies.listing": 4,
    "agencies.one": 8,
    "agency.dashboard": 23,
    "agency_reports.choose": 2,
    "appeal_desk.listing": 10,
    "appeals.form": 11,
    "appeals.own": 5,
    "appeals.register": 2,
    "certificates.entry": 1,
    "certificates.own": 7,
    "commitments.one": 13,
    "commitments.progress": 5,
    "data_requests.expiring": 68,
    "data_requests.listing": 3,
    "data_requests.record": 11,
    "decisions.listing": 5,
    "decisions.propose_allowance": 1,
    "decisions.propose_incident": 2,
    "documents.own": 2,
    "headcounts.one": 4,
    "heads.file": 4,
    "heads.page": 6,
    "health.alive": 0,
    "health.ready": 0,
    "item_report.overview": 8,
    "item_report.progress": 6,
    "key_openings.listing": 7,
    "lots.listing": 6,
    "mail.care": 4,
    "mail.reminder": 2,
    "monitor.figures": 11,
    "monitor.page": 16,
    "office_templates.one": 4,
    "office_templates.original": 1,
    "office_templates.overview": 4,
    "official_letters.ask": 8,
    "organise.overview": 50,
    "organise.week": 31,
    "oversight.log": 5,
    "oversight.one": 5,
    "people.one": 12,
    "people.search": 1,
    "personal_data.copy_for_machines": 53,
    "personal_data.copy_for_readers": 54,
    "personal_data.notice": 2,
    "personal_data.own": 55,
    "play.answers": 9,
    "play.home": 5,
    "play.receipt": 2,
    "public.front_page": 2,
    "public.hall": 2,
    "public.participation": 2,
    "public.poster": 2,
    "public.rules": 2,
    "public.week": 2,
    "public.widget": 2,
    "public.winners": 2,
    "publications.body": 2,
    "publications.feed": 2,
    "publications.one": 2,
    "question_exports.choose": 7,
    "question_imports.imports": 5,
    "question_work.apply": 11,
    "question_work.edit": 8,
    "question_work.listing": 10,
    "question_work.new": 7,
    "question_work.one": 10,
    "receipts.file": 6,
    "receipts.picture": 6,
    "review.listing": 23,
    "review.person": 29,
    "review.progress": 6,
    "roster.blank": 1,
    "roster.imports": 2,
    "roster_care.add": 7,
    "roster_care.people": 10,
    "roster_care.person": 16,
    "roster_moves.listing": 7,
    "rulings.listing": 9,
    "rulings.propose": 8,
    "sealed_openings.ask": 4,
    "sealed_openings.listing": 6,
    "verification.newest": 4,
    "verification.page": 2,
    "verification.verifier": 0,
    "verification.version": 4,
    "week_documents.listing": 9,
}
"""Of every page that this scene has, read by somebody whom its permission is for, for the second time."""


def scene(app: Flask, clock: Clock) -> dict[str, int]:
    """Week 1 sat and published, week 2 open; ids by code."""
    ids = scenes.lay_out(app)
    scenes.freeze(app, makers.WEEK_1)
    for person in (PARTICIPANT, STAFF[Role.COORDINATOR]):
        scenes.sit(app, ids[person])
    scenes.publish(app, AFTER, ids[STAFF[Role.ORGANISER]])
    clock.now = NOW
    scenes.freeze(app, NOW)
    return ids


def more_of_all(app: Flask, ids: dict[str, int], count: int = 27) -> None:
    """So many more agencies, each below the coordinator's; people in each; attempts of theirs; acts in the log."""
    numbers = range(1000, 1000 + count)
    ends = NOW + timedelta(minutes=10)
    with app.app_context(), db.engine.begin() as connection:
        agency = {"kind": "city", "parent_id": ids["SNV"]}
        connection.execute(
            insert(DbAgency),
            [agency | {"id": n, "code": f"X{n}", "name": f"Cơ quan {n}", "sort_key": str(n)} for n in numbers],
        )
        connection.execute(
            insert(DbHeadcount),
            [{"week_id": week, "agency_id": n, "headcount": 2} for n in numbers for week in (1, 2)],
        )
        for first, where in ((1000, ids["SNV"]), (2000, None)):
            people = [(first + place, where or n) for place, n in enumerate(numbers)]
            person = {"listed_at": makers.BEFORE, "password_hash": makers.PASSWORD_HASH}
            connection.execute(
                insert(DbPerson),
                [
                    person
                    | {"id": n, "staff_code": f"X{n}", "name": f"Người {n}", "name_key": str(n), "agency_id": agency_id}
                    for n, agency_id in people
                ],
            )
            connection.execute(
                insert(DbMembership),
                [{"person_id": n, "agency_id": agency_id, "since": makers.BEFORE} for n, agency_id in people],
            )
        times = {"registered_at": NOW, "started_at": NOW, "deadline_at": ends, "accept_until": ends}
        attempt = times | {"number": 1, "questions": 5, "seq": 1, "answers": ""}
        connection.execute(
            insert(DbAttempt),
            [attempt | {"code": makers.code(n * 10 + 2), "week_id": 2, "person_id": n, "entry_id": n} for n in numbers],
        )
        entries = connection.execute(select(DbAuditEntry.__table__)).mappings().all()
        connection.execute(insert(DbAuditEntry), [dict(entries[-1]) | {"id": n} for n in numbers])


def reader(permission: Permission | str) -> str:
    """Whom a page is for: the staff code of the role with the fewest permissions that may read it, '' for anybody."""
    if not isinstance(permission, Permission):
        return ""
    roles = sorted(PERMISSIONS, key=lambda role: len(PERMISSIONS[role]))
    role = next(role for role in roles if permission in PERMISSIONS[role])
    return STAFF.get(role, PARTICIPANT)


def addresses(app: Flask, ids: dict[str, int]) -> dict[str, tuple[str, str]]:
    """Every page that has an address here, and who reads it."""
    given: dict[str, object] = {"number": 1, "agency_id": ids["SNV"], "person_id": ids[PARTICIPANT], "issue": 1}
    given |= {"question_id": "T-001", "letter": "thong-bao", "edition": 1, "version": 1}
    found = {}
    for rule in app.url_map.iter_rules():
        if "GET" not in (rule.methods or set()) or rule.endpoint.endswith("static"):
            continue
        with app.test_request_context():
            who = reader(needed(app, rule.endpoint))
            own = given | {"code": makers.code(ids[PARTICIPANT] * 10 + 1)}
            if rule.arguments <= own.keys():
                found[rule.endpoint] = (who, app.url_for(rule.endpoint, **{name: own[name] for name in rule.arguments}))
    return found


def counted(app: Flask, pages: dict[str, tuple[str, str]], clients: dict[str, PageClient]) -> dict[str, int]:
    """How many statements each page sends the second time that it is read."""
    found = {}
    for endpoint, (who, path) in pages.items():
        if clients[who].http.get(path, buffered=True).status_code == 200:
            with scenes.statements(app) as sent:
                clients[who].http.get(path, buffered=True)
            found[endpoint] = len(sent)
    return found


def test_pages_send_no_more_statements_than_stand_here_however_much_there_is(app: Flask, clock: Clock) -> None:
    ids = scene(app, clock)
    pages = addresses(app, ids)
    clients = {who: PageClient(app) for who, _ in pages.values()}
    for who, client in clients.items():
        if who:
            client.sign_in(who)
    few = counted(app, pages, clients)
    more_of_all(app, ids)
    assert counted(app, pages, clients) == few
    assert {page: count for page, count in few.items() if count > STATEMENTS.get(page, -1)} == {}
    assert STATEMENTS.keys() - few.keys() == set()
