"""A test client that signs in, finds CSRF tokens, and checks every page it gets as a page."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.makers import PASSWORD

VOID = {"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
HIDDEN_TYPES = {"hidden", "submit", "button"}


class Page(HTMLParser):
    """What the checks need of one page: headings, title, ids, labels, fields, and tags that do not match.

    And what a reader gets, texts and what fields hold; and what scripts there are.
    """

    def __init__(self, html: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.headings: list[str] = []
        self.title = ""
        self.labels: set[str] = set()
        self.fields: list[dict[str, str | None]] = []
        self.texts: list[str] = []
        self.scripts: list[str] = []
        self.faults: list[str] = []
        self._open: list[str] = []
        self.feed(html)
        self.faults += [f"<{tag}> is never closed" for tag in self._open]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.texts += [value or "" for value in found.values()]
        if tag == "script":
            self.scripts.append(found.get("src") or "")
        if "style" in found or any(name.startswith("on") for name in found):
            self.faults.append(f"inline style or script in <{tag}>")
        if found.get("id"):
            self.ids.append(str(found["id"]))
        if tag == "label" and found.get("for"):
            self.labels.add(str(found["for"]))
        if tag in {"input", "select", "textarea"} and found.get("type") not in HIDDEN_TYPES:
            self.fields.append(found | {"in_label": "yes" if "label" in self._open else None})
        if tag == "h1":
            self.headings.append("")
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, _tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """`<rect/>` in a picture opens and closes at once."""
        self.texts += [value or "" for _, value in attrs]

    def handle_endtag(self, tag: str) -> None:
        if not self._open or self._open.pop() != tag:
            self.faults.append(f"</{tag}> closes something else")

    def handle_data(self, data: str) -> None:
        self.texts.append(data)
        if self._open and self._open[-1] == "title":
            self.title += data
        if "h1" in self._open:
            self.headings[-1] += data


def check_page(html: str) -> Page:
    """One h1 that begins the title, no id twice, every field labelled, tags matched, nothing inline; what it says."""
    page = Page(html)
    assert page.faults == []
    assert len(page.headings) == 1
    assert page.title.startswith(" ".join(page.headings[0].split()))
    assert len(page.ids) == len(set(page.ids))
    for field in page.fields:
        assert field["in_label"] or field.get("id") in page.labels or field.get("aria-label"), field
    return page


class PageClient:
    """A visitor. `get` and `post` check the page that comes back and its status."""

    def __init__(self, app: Flask) -> None:
        self.http: FlaskClient = app.test_client()

    def get(self, path: str, status: int = 200) -> str:
        """The page's HTML, checked."""
        return self._checked(self.http.get(path), status)

    def post(
        self, path: str, data: dict[str, object] | None = None, status: int = 302, form: str = "/dang-nhap"
    ) -> str:
        """Post a form with the token of the page `form`; the HTML, or the address of a redirect."""
        answer = self.http.post(path, data={"csrf_token": self.token(form), **(data or {})})
        return self._checked(answer, status)

    def token(self, form: str = "/dang-nhap") -> str:
        """A CSRF token of this visitor's session."""
        found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', self.http.get(form).text)
        assert found
        return found[1]

    def sign_in(self, staff_code: str, password: str = PASSWORD) -> PageClient:
        """Sign in as a person whom the makers made."""
        self.post("/dang-nhap", {"identifier": staff_code, "password": password})
        return self

    def _checked(self, answer: TestResponse, status: int) -> str:
        assert answer.status_code == status, (answer.status_code, answer.text[:2000])
        if answer.status_code in {301, 302, 303}:
            return answer.headers["Location"]
        if answer.mimetype == "text/html":
            check_page(answer.text)
        return answer.text
