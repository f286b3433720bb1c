"""The public page by which anybody checks a certificate: what it says, and what it never says."""

from __future__ import annotations

import json

import pytest
from flask import Flask
from sqlalchemy import select

from quiz.models import db
from quiz.models.documents import DbDocument
from tests.conftest import Clock
from tests.web import scenes
from tests.web.client import PageClient
from tests.web.scenes import AFTER, DURING, PARTICIPANT, words

NOBODY = "/AAAAA-AAAAA-AAAAA-AAAAA"


@pytest.fixture
def code(app: Flask, clock: Clock) -> str:
    """The code on the participant's certificate, which they have asked for."""
    ids = scenes.lay_out(app)
    scenes.freeze(app, DURING)
    scenes.sit(app, ids[PARTICIPANT])
    clock.now = AFTER
    PageClient(app).sign_in(PARTICIPANT).post("/thi/giay-chung-nhan")
    with app.app_context():
        facts = json.loads(db.session.scalars(select(DbDocument.facts)).one())
    assert facts["check_at"] == "http://localhost/xac-nhan"
    return str(facts["code"])


def test_anybody_can_check_a_certificate(app: Flask, code: str) -> None:
    page = PageClient(app).get(f"/xac-nhan/{code}")
    said = words(page)
    assert "Giấy chứng nhận này có thật và ghi như sau." in said
    assert (
        "Họ và tên Trần Thị Bích Ngọc Cơ quan, đơn vị Sở Nội vụ Hội thi Hội thi thử nghiệm Đã tham gia Tuần 1" in said
    )
    for secret in (PARTICIPANT, "cb01@example.vn", "Chuyên viên", "5/5"):
        assert secret not in page


def test_codes_are_typed_in_by_hand(app: Flask, code: str) -> None:
    client = PageClient(app)
    client.get("/xac-nhan")
    typed = code.lower().replace("-", "%20")
    assert client.get(f"/xac-nhan?ma={typed}", 302) == f"/xac-nhan/{code}"
    for wrong in ("?ma=sai", "/sai", f"/{code[:-1]}", NOBODY, "/%00", "/' OR 1=1", "/<script>alert(1)<"):
        page = client.get(f"/xac-nhan{wrong}", 404)
        assert "<script>alert" not in page
    assert "Không có giấy chứng nhận nào mang mã này." in client.get("/xac-nhan/sai", 404)


def test_each_certificate_has_one_address(app: Flask, code: str) -> None:
    """So nothing that somebody puts into a link stands on a page that says what is genuine."""
    for otherwise in (code.lower(), code.replace("-", ""), f"{code}-", code.replace("-", "%20")):
        assert PageClient(app).get(f"/xac-nhan/{otherwise}", 302) == f"/xac-nhan/{code}"
    PageClient(app).get(f"/xac-nhan/{code}{'-' * 80}call 0123456789", 404)


def test_neither_search_engines_nor_caches_keep_the_page(app: Flask, code: str) -> None:
    for path in ("/xac-nhan", "/xac-nhan/sai", f"/xac-nhan/{code}"):
        answer = PageClient(app).http.get(path)
        assert (answer.headers["X-Robots-Tag"], answer.headers["Cache-Control"]) == ("noindex", "no-store")
        assert '<meta name="robots" content="noindex">' in answer.text


def test_what_is_no_code_costs_no_look_into_the_certificates(app: Flask, code: str) -> None:
    with scenes.statements(app) as sent:
        PageClient(app).get("/xac-nhan/sai", 404)
        assert [statement for statement in sent if "certificates" in statement] == []
        PageClient(app).get(f"/xac-nhan{NOBODY}", 404)
    assert len([statement for statement in sent if "certificates" in statement]) == 1


def test_in_english_the_page_says_the_same(app: Flask, code: str) -> None:
    client = PageClient(app)
    client.post("/ngon-ngu", {"language": "en"})
    assert "Trần Thị Bích Ngọc" in client.get(f"/xac-nhan/{code}")
