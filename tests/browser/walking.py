"""Going through every page as one role: by the map of addresses, and by following links."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from werkzeug.exceptions import MethodNotAllowed, NotFound

from quiz.permissions import PERMISSIONS, Role
from quiz.web.access import EVERYONE, needed
from tests.browser.busy_demo import BusyDemo
from tests.browser.conftest import Visitor

WHO = (None, *Role)
"""Somebody who has not signed in, then every role."""
NOT_PAGES = {
    "bootstrap.static": "style sheets",
    "commitments.progress": "figures for a script",
    "documents.file": "a file to keep",
    "documents.progress": "figures for a script",
    "health.alive": "a word for machines",
    "health.ready": "a word for machines",
    "heads.file": "a file to keep",
    "item_report.progress": "figures for a script",
    "metrics.page": "figures for machines",
    "monitor.figures": "figures for a script",
    "office_templates.file": "a Word file to keep",
    "office_templates.original": "a Word file to keep",
    "personal_data.copy_for_machines": "a file to keep",
    "personal_data.copy_for_readers": "a file to keep",
    "publications.body": "figures for programs",
    "publications.bundle": "a file to keep",
    "publications.feed": "a feed for programs",
    "publications.picture": "a picture",
    "question_imports.progress": "figures for a script",
    "receipts.file": "a file to keep",
    "receipts.picture": "a picture",
    "review.progress": "figures for a script",
    "roster.blank": "a workbook to keep",
    "verification.verifier": "a program of its own: tests/browser/test_verifier_page.py",
    "roster.progress": "figures for a script",
    "rulings.progress": "figures for a script",
    "static": "pictures, scripts and style sheets",
    "verification.newest": "figures for programs",
    "verification.version": "figures for programs",
}
IN_SEVERAL_STATES = {
    "appeal_desk.one",
    "decisions.allowance",
    "decisions.incident",
    "documents.one",
    "organise.week",
    "people.search",
    "play.paper",
    "question_exports.choose",
    "question_work.apply",
    "question_work.listing",
    "question_work.one",
    "review.person",
    "roster.one",
    "roster_care.person",
    "rulings.listing",
    "rulings.one",
}
MOST_OF_A_KIND = 3
SAME_FOR_ALL = "public.front_page"
"""The one page open to everybody that every role sees: on others only the menu differs, which is there too."""
MISSING = "/khong-co"


@dataclass(frozen=True)
class Shown:
    """A page as the browser now shows it; without an endpoint where there is none such."""

    path: str
    endpoint: str
    status: int


def pages(visitor: Visitor, busy: BusyDemo, role: Role | None) -> Iterator[Shown]:
    """Every page for this role, signed in already, so many of a kind, each while the browser shows it."""
    kinds = Counter[str]()
    todo = [*busy.elsewhere, *_plain_addresses(busy), MISSING]
    known = set(todo)
    while todo:
        path = todo.pop(0)
        endpoint = _endpoint(busy, path)
        kinds[endpoint] += 1
        most = MOST_OF_A_KIND if endpoint in IN_SEVERAL_STATES else 1
        if kinds[endpoint] > most or not _is_for(busy, role, endpoint):
            continue
        answer = visitor.page.goto(visitor.site + path)
        assert answer
        links = visitor.page.eval_on_selector_all("a[href^='/']", "found => found.map(a => a.getAttribute('href'))")
        yield Shown(path, _endpoint(busy, visitor.page.url), answer.status)
        new = dict.fromkeys(link.partition("#")[0] for link in links)
        todo += [link for link in new if link not in known]
        known.update(new)


def _is_for(busy: BusyDemo, role: Role | None, endpoint: str) -> bool:
    """Whether somebody of this role looks at the page: at those open to everybody without signing in."""
    if not endpoint or endpoint in NOT_PAGES:
        return not endpoint and role is None
    wanted = needed(busy.app, endpoint)
    if role is None or endpoint == SAME_FOR_ALL:
        return wanted == EVERYONE
    return wanted in PERMISSIONS[role]


def _plain_addresses(busy: BusyDemo) -> list[str]:
    """Every address without arguments."""
    rules = [rule for rule in busy.app.url_map.iter_rules() if "GET" in (rule.methods or set()) and not rule.arguments]
    with busy.app.test_request_context():
        return [busy.app.url_for(rule.endpoint) for rule in rules]


def _endpoint(busy: BusyDemo, url: str) -> str:
    try:
        return str(busy.app.url_map.bind("").match(urlsplit(url).path)[0])
    except (NotFound, MethodNotAllowed):
        return ""
