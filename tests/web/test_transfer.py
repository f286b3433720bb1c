"""How answers travel: compressed where that tells nobody anything, files kept for as long as they stay the same."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from quiz.config import ROOT
from quiz.permissions import Role
from tests.conftest import Clock
from tests.web import scenes
from tests.web.client import PageClient
from tests.web.scenes import DURING, PARTICIPANT, STAFF

GZIP = {"Accept-Encoding": "gzip, deflate, br"}
STYLE = "/static/app.css"


def get(client: PageClient, path: str, headers: dict[str, str] | None = None) -> TestResponse:
    """The answer to a browser that can unpack."""
    return client.http.get(path, headers={**GZIP, **(headers or {})}, buffered=True)


def packed(answer: TestResponse) -> bool:
    """Whether the answer came compressed, and said that this depends on the browser."""
    assert "Accept-Encoding" in answer.headers.get("Vary", "") or "Content-Encoding" not in answer.headers
    return answer.headers.get("Content-Encoding") == "gzip"


@pytest.fixture
def client(app: Flask, clock: Clock) -> PageClient:
    """A participant in the open first week."""
    scenes.lay_out(app)
    clock.now = DURING
    return PageClient(app).sign_in(PARTICIPANT)


def test_every_file_of_a_page_carries_its_version_and_is_kept_for_good(client: PageClient) -> None:
    page = client.get(f"/thi/bai/{scenes.start(client)}")
    files = re.findall(r'(?:src|href)="((?:/static|/bootstrap)/[^"]+)"', page)
    assert len(files) >= 4
    for address in files:
        assert re.search(r"\?v=[0-9a-f]{10}$", address), address
        assert get(client, address).headers["Cache-Control"] == "public, max-age=31536000, immutable"


def test_a_file_asked_for_by_another_version_is_asked_for_again(client: PageClient) -> None:
    for query in ("", "?v=", "?v=0123456789"):
        answer = get(client, STYLE + query)
        assert answer.headers["Cache-Control"] == "no-cache"
        again = get(client, STYLE + query, {"If-None-Match": answer.headers["ETag"]})
        assert (again.status_code, again.data) == (304, b"")


def test_a_changed_file_has_another_version(own_app: Flask, tmp_path: Path) -> None:
    file = tmp_path / "a.css"
    own_app.static_folder = str(tmp_path)
    versions = set()
    for content in ("p {}", "p { color: red }", "p {}"):
        file.write_text(content, encoding="utf-8")
        with own_app.test_request_context():
            versions.add(own_app.url_for("static", filename="a.css"))
    assert len(versions) == 2


def test_text_files_come_compressed_to_those_who_can_unpack(client: PageClient) -> None:
    content = (ROOT / "static" / "app.css").read_bytes()
    answer = get(client, STYLE)
    assert packed(answer)
    assert gzip.decompress(answer.data) == content
    assert int(answer.headers["Content-Length"]) == len(answer.data) < len(content) / 3
    plain = client.http.get(STYLE, buffered=True)
    assert (packed(plain), plain.data) == (False, content)
    assert "Accept-Encoding" in plain.headers["Vary"]
    part = get(client, STYLE, {"Range": "bytes=0-9"})
    assert (part.status_code, packed(part), part.data) == (206, False, content[:10])


def test_addresses_outside_the_folder_are_not_found(client: PageClient) -> None:
    for path in ("/static/../quiz/app.py", "/static/%2e%2e/quiz/app.py", "/static/khong-co.css", "/static/"):
        assert get(client, path).status_code == 404


def test_pages_come_compressed(client: PageClient) -> None:
    code = scenes.start(client)
    for path in ("/", "/thi", f"/thi/bai/{code}", "/dang-nhap"):
        answer = get(client, path)
        assert packed(answer), path
        assert gzip.decompress(answer.data).startswith(b"<!doctype html>")
        assert not packed(client.http.get(path))


def test_nothing_that_repeats_what_was_asked_is_compressed(app: Flask, client: PageClient) -> None:
    code = scenes.start(client)
    assert not packed(get(client, "/dang-nhap?next=/thi"))
    assert not packed(get(client, "/khong-co/tim-gi-do"))
    assert not packed(get(client, f"/thi/bai/{code}/dap-an"))
    form = {"csrf_token": client.token(), "seq": "1", "q1": "A"}
    assert not packed(client.http.post(f"/thi/bai/{code}/xem-lai", data=form, headers=GZIP))
    saved = client.http.post(
        f"/thi/bai/{code}/luu", json={"seq": 2, "answers": [""] * 5}, headers={"X-CSRFToken": client.token(), **GZIP}
    )
    assert (saved.status_code, packed(saved)) == (200, False)
    coordinator = PageClient(app).sign_in(STAFF[Role.COORDINATOR])
    slips = {"csrf_token": coordinator.token()}
    assert not packed(coordinator.http.post("/co-quan/1/phieu-kich-hoat", data=slips, headers=GZIP))


def test_a_session_is_not_sent_again_with_every_answer(clock: Clock, client: PageClient) -> None:
    client.get("/thi")
    assert "Set-Cookie" not in client.http.get("/thi").headers
    clock.now = DURING.replace(minute=DURING.minute + 2)
    assert "Set-Cookie" in client.http.get("/thi").headers
