"""Readers get pages from memory, never an old one, and nothing that is somebody's own."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from quiz.permissions import Role
from quiz.web import transfer
from tests import makers
from tests.conftest import Clock
from tests.web import scenes
from tests.web.client import PageClient
from tests.web.scenes import AFTER, DURING, PARTICIPANT, STAFF

PAGES = ("/", "/the-le", "/ket-qua", "/ty-le-tham-gia")


@scenes.laid_out
def marked(app: Flask) -> dict[str, int]:
    made = scenes.lay_out(app)
    scenes.sit(app, made[PARTICIPANT])
    scenes.mark(app, AFTER)
    return made


@pytest.fixture
def ids(app: Flask, clock: Clock) -> dict[str, int]:
    clock.now = AFTER
    return marked(app)


def publish(app: Flask, ids: dict[str, int], reason: str = "") -> None:
    scenes.publish(app, AFTER, ids[STAFF[Role.ORGANISER]], reason=reason)


def asked(app: Flask, visitor: PageClient, path: str) -> int:
    """How many questions the page asks the database."""
    with scenes.statements(app) as sent:
        visitor.get(path)
    return len(sent)


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_made_once_for_all_readers(app: Flask, ids: dict[str, int], path: str) -> None:
    publish(app, ids)
    assert asked(app, PageClient(app), path) > 2
    assert asked(app, PageClient(app), path) == 2


def test_a_page_is_compressed_once_for_all_readers(
    app: Flask, ids: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(app, ids)
    packed, pack = list[bytes](), transfer._pack
    monkeypatch.setattr(transfer, "_pack", lambda page, *effort: packed.append(page) or pack(page, *effort))
    transfer._pack_once.cache_clear()
    first, second = (PageClient(app).http.get("/ty-le-tham-gia", headers={"Accept-Encoding": "gzip"}) for _ in range(2))
    assert first.headers["Content-Encoding"] == "gzip"
    assert first.data == second.data
    assert len(packed) == 1
    own = PageClient(app).sign_in(PARTICIPANT)
    for _ in range(2):
        own.http.get("/ty-le-tham-gia", headers={"Accept-Encoding": "gzip"})
    assert len([page for page in packed if "Tài khoản".encode() in page]) == 2


@pytest.mark.parametrize("path", PAGES)
def test_readers_get_no_cookie_and_may_share_what_they_get(app: Flask, ids: dict[str, int], path: str) -> None:
    publish(app, ids)
    first = app.test_client().get(path)
    assert "Set-Cookie" not in first.headers
    assert first.headers["Cache-Control"] == "public, max-age=0, s-maxage=10"
    assert "Cookie" in first.headers["Vary"]
    again = app.test_client().get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.text) == (304, "")


def test_what_is_published_is_seen_at_once_and_so_is_its_correction(app: Flask, ids: dict[str, int]) -> None:
    reader = PageClient(app)
    assert "Chưa có kết quả nào được công bố" in reader.get("/ket-qua")
    before = reader.http.get("/ket-qua").headers["ETag"]
    publish(app, ids)
    assert "Trần Thị Bích Ngọc" in reader.get("/ket-qua")
    assert reader.http.get("/ket-qua", headers={"If-None-Match": before}).status_code == 200
    assert "Công bố lần 1" in reader.get("/ket-qua/tuan-1")
    publish(app, ids, reason="Đính chính tên cơ quan")
    assert "Công bố lần 2" in reader.get("/ket-qua/tuan-1")


def test_the_front_page_changes_at_the_millisecond_at_which_a_week_opens_and_closes(app: Flask, clock: Clock) -> None:
    scenes.lay_out(app)
    reader, millisecond = PageClient(app), timedelta(milliseconds=1)
    for at, heading in (
        (makers.WEEK_1 - millisecond, "Tuần 1 sắp mở"),
        (makers.WEEK_1, "Tuần 1 đang mở"),
        (makers.WEEK_1_ENDS - millisecond, "Tuần 1 đang mở"),
        (makers.WEEK_1_ENDS, "Tuần 2 sắp mở"),
    ):
        clock.now = at
        assert heading in reader.get("/")


def test_another_contest_file_is_another_page(app: Flask, clock: Clock) -> None:
    clock.now = makers.BEFORE
    scenes.lay_out(app)
    reader = PageClient(app)
    assert "Hội thi thử nghiệm" in reader.get("/")
    with app.app_context():
        makers.load_contest(makers.CONTEST.replace("Hội thi thử nghiệm", "Hội thi năm sau"))
    assert "Hội thi năm sau" in reader.get("/")


def test_who_is_signed_in_gets_an_own_page_that_nobody_else_sees(app: Flask, ids: dict[str, int], clock: Clock) -> None:
    clock.now = DURING
    own = PageClient(app).sign_in(PARTICIPANT)
    assert "Tài khoản" in own.get("/")
    assert own.http.get("/").headers["Cache-Control"] == "no-store"
    assert "Đăng nhập" in PageClient(app).get("/")
    assert "Tài khoản" in own.get("/")


def test_each_language_has_its_own_copy(app: Flask, ids: dict[str, int]) -> None:
    english = PageClient(app)
    english.http.post("/ngon-ngu", data={"language": "en"})
    assert '<html lang="vi">' in PageClient(app).get("/the-le")
    assert '<html lang="en">' in english.get("/the-le")
    assert '<html lang="vi">' in PageClient(app).get("/the-le")


def test_a_message_after_signing_out_is_shown_once_and_kept_for_nobody(app: Flask, ids: dict[str, int]) -> None:
    leaving = PageClient(app).sign_in(PARTICIPANT)
    with leaving.http.session_transaction() as held:
        held.clear()
        held["_flashes"] = [("message", "Đã đăng xuất.")]
    assert "Đã đăng xuất." in leaving.get("/")
    assert "Đã đăng xuất." not in leaving.get("/")
    assert "Đã đăng xuất." not in PageClient(app).get("/")
