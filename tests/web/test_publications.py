"""Publications in public: each for good at its address, to the byte, with its changes; the feed and the pictures."""

from __future__ import annotations

import dataclasses
import hashlib
import re
from datetime import timedelta
from xml.etree import ElementTree

import pytest
from flask import Flask
from sqlalchemy import select

from quiz.config import ROOT
from quiz.models import db
from quiz.models.contests import DbBarred
from quiz.models.people import DbPerson
from quiz.models.results import DbPublication
from quiz.permissions import Role
from quiz.scoring.participation import Turnout
from quiz.scoring.rulings import RuledQuestion
from quiz.services import contests, publication_files, transaction
from quiz.services.published import (
    Publication,
    PublishedAgency,
    PublishedBlock,
    PublishedDivision,
    PublishedKind,
    PublishedOverall,
    PublishedPlace,
    PublishedTie,
    PublishedWinner,
)
from quiz.services.published_lot import PublishedLot, PublishedLotTie
from tests import makers
from tests.conftest import Clock
from tests.web import scenes
from tests.web.client import PageClient
from tests.web.scenes import AFTER, COLLEAGUE, PARTICIPANT, STAFF, words

ATOM = "{http://www.w3.org/2005/Atom}"
LATER = AFTER + timedelta(days=1)
WEEK = "/ket-qua/tuan-1"


@scenes.laid_out
def published_twice(app: Flask) -> dict[str, int]:
    """Week 1 published twice: whoever won first was then found to be barred."""
    ids = scenes.lay_out(app)
    for code, right in ((PARTICIPANT, 5), (COLLEAGUE, 4)):
        scenes.sit(app, ids[code], right=right)
    scenes.publish(app, AFTER, ids[STAFF[Role.ORGANISER]])
    with app.app_context(), transaction() as session:
        contest = contests.get_current(session).id
        session.add(DbBarred(contest_id=contest, person_id=ids[PARTICIPANT], group_code="ban-to-chuc"))
    scenes.publish(app, LATER, ids[STAFF[Role.ORGANISER]], reason="Người đạt giải thuộc Ban Tổ chức")
    return ids


@pytest.fixture
def corrected(app: Flask, clock: Clock) -> dict[str, int]:
    clock.now = LATER
    return published_twice(app)


def draw(app: Flask) -> None:
    with app.app_context():
        publication_files.draw_missing("", lambda: LATER)


def feed(app: Flask) -> ElementTree.Element:
    return ElementTree.fromstring(app.test_client().get("/ket-qua/feed.atom").text)


def test_the_first_publication_stays_at_its_address_and_says_that_it_was_corrected(
    app: Flask, corrected: dict[str, int]
) -> None:
    first = words(PageClient(app).get(f"{WEEK}/lan-1"))
    assert "Công bố lần 1, lúc 17 giờ 01 phút" in first
    assert "Lần công bố này đã được đính chính. Xem lần công bố 2, là lần mới nhất" in first
    assert "Giải Nhất Trần Thị Bích Ngọc" in first
    assert "Thay đổi so với" not in first
    assert "Chưa có lần công bố này." in PageClient(app).get(f"{WEEK}/lan-3", 404)


@pytest.mark.parametrize("path", [WEEK, f"{WEEK}/lan-2"])
def test_the_newest_says_what_it_changed_and_leads_to_all_others(
    app: Flask, corrected: dict[str, int], path: str
) -> None:
    page = PageClient(app).get(path)
    assert "Lê Văn Tám (Sở Nội vụ): từ Giải Nhì (hạng 2) thành Giải Nhất (hạng 2)." in words(page)
    assert "Trần Thị Bích Ngọc (Sở Nội vụ): không còn Giải Nhất (hạng 1)." in words(page)
    assert "Lý do đính chính: Người đạt giải thuộc Ban Tổ chức" in words(page)
    assert re.findall(r'href="(/ket-qua/tuan-1/lan-\d)"', page) == [f"{WEEK}/lan-2", f"{WEEK}/lan-1"]


def test_the_json_is_what_was_stored_and_anybody_can_compute_its_digest(app: Flask, corrected: dict[str, int]) -> None:
    reader = app.test_client()
    for number in (1, 2):
        answer = reader.get(f"{WEEK}/lan-{number}.json")
        digest = hashlib.sha256(answer.data).hexdigest()
        with app.app_context():
            stored = db.session.scalar(select(DbPublication.body).where(DbPublication.number == number))
        assert answer.data == (stored or "").encode()
        assert digest in PageClient(app).get(f"{WEEK}/lan-{number}")
        assert (answer.mimetype, answer.headers["X-Content-Type-Options"]) == ("application/json", "nosniff")
        assert answer.headers["ETag"] == f'"{digest}"'
        again = reader.get(f"{WEEK}/lan-{number}.json", headers={"If-None-Match": f'"{digest}"'})
        assert (again.status_code, again.data) == (304, b"")
    assert reader.get(f"{WEEK}/lan-9.json").status_code == 404


PARTS = {
    "": Publication,
    "divisions.": PublishedDivision,
    "divisions.winners.": PublishedWinner,
    "divisions.tied.": PublishedTie,
    "overall.": PublishedOverall,
    "collective.": PublishedBlock,
    "collective.places.": PublishedPlace,
    "agencies.": PublishedAgency,
    "kinds.": PublishedKind,
    "rulings.": RuledQuestion,
    "lot.": PublishedLot,
    "lot.ties.": PublishedLotTie,
    "total.": Turnout,
}


def test_exactly_the_fields_of_the_json_are_documented() -> None:
    text = (ROOT / "docs/publication.md").read_text("utf-8")
    told = re.findall(r"^\| `([a-z_.]+)` \|", text, re.MULTILINE)
    fields = {f"{at}{each.name}" for at, part in PARTS.items() for each in dataclasses.fields(part)}
    assert sorted(told) == sorted(fields - {"digest"})


def test_the_picture_is_announced_until_it_is_drawn_and_then_shown_to_networks(
    app: Flask, corrected: dict[str, int]
) -> None:
    reader, organiser = PageClient(app), PageClient(app).sign_in(STAFF[Role.ORGANISER])
    assert "đang được vẽ" in reader.get(f"{WEEK}/lan-2.png", 404)
    assert words(organiser.get("/ban-to-chuc/tuan-1/tai-lieu")).count("đang vẽ") == 2
    assert 'property="og:image" content="http://localhost/static/preview.png' in reader.get(WEEK)
    draw(app)
    assert f'property="og:image" content="http://localhost{WEEK}/lan-2.png"' in reader.get(WEEK)
    answer = app.test_client().get(f"{WEEK}/lan-2.png")
    assert (answer.mimetype, answer.data[:4]) == ("image/png", b"\x89PNG")
    etag = answer.headers["ETag"]
    assert app.test_client().get(f"{WEEK}/lan-2.png", headers={"If-None-Match": etag}).status_code == 304
    assert "đang vẽ" not in organiser.get("/ban-to-chuc/tuan-1/tai-lieu")


def test_the_feed_is_atom_with_an_entry_for_each_publication(app: Flask, corrected: dict[str, int]) -> None:
    draw(app)
    answer = app.test_client().get("/ket-qua/feed.atom")
    assert answer.mimetype == "application/atom+xml"
    root = ElementTree.fromstring(answer.text)
    assert root.tag == f"{ATOM}feed"
    assert [root.findtext(f"{ATOM}{name}") for name in ("id", "title", "updated")] == [
        "tag:localhost,2024:thu-nghiem",
        "Kết quả Hội thi thử nghiệm",
        LATER.isoformat(),
    ]
    assert root.findtext(f"{ATOM}author/{ATOM}name") == "Sở Nội vụ"
    entries = root.findall(f"{ATOM}entry")
    assert [each.findtext(f"{ATOM}id") for each in entries] == [
        "tag:localhost,2024-10-12:thu-nghiem/tuan-1/lan-2",
        "tag:localhost,2024-10-11:thu-nghiem/tuan-1/lan-1",
    ]
    links = {(each.get("rel"), each.get("type")): each.get("href") for each in entries[0].findall(f"{ATOM}link")}
    assert links == {
        ("alternate", "text/html"): f"http://localhost{WEEK}/lan-2",
        ("alternate", "application/json"): f"http://localhost{WEEK}/lan-2.json",
        ("enclosure", "image/png"): f"http://localhost{WEEK}/lan-2.png",
    }
    summary = entries[0].find(f"{ATOM}summary")
    assert summary is not None
    assert summary.get("type") == "html"
    assert "<li><strong>Giải Nhất</strong>: Lê Văn Tám, Sở Nội vụ</li>" in (summary.text or "")


def test_a_name_made_of_markup_or_control_characters_breaks_no_feed(app: Flask, corrected: dict[str, int]) -> None:
    with app.app_context(), transaction() as session:
        session.get_one(DbPerson, corrected[COLLEAGUE]).name = "<script>\x01&]]>"
    scenes.publish(app, LATER, corrected[STAFF[Role.ORGANISER]], reason="Tên")
    summary = feed(app).findtext(f"{ATOM}entry/{ATOM}summary") or ""
    assert "&lt;script&gt;&amp;]]&gt;" in summary


def test_pages_lead_programs_to_the_feed_also_before_anything_is_published(app: Flask) -> None:
    with app.app_context():
        makers.load_contest()
    link = '<link rel="alternate" type="application/atom+xml" title="Kết quả hội thi" href="/ket-qua/feed.atom">'
    assert all(link in PageClient(app).get(path) for path in ("/", "/ket-qua", "/the-le"))
    assert feed(app).findall(f"{ATOM}entry") == []


def test_who_is_signed_in_gets_the_feed_as_a_feed(app: Flask, corrected: dict[str, int]) -> None:
    assert PageClient(app).sign_in(PARTICIPANT).http.get("/ket-qua/feed.atom").mimetype == "application/atom+xml"


def test_the_organiser_asks_for_the_tables_of_one_publication(app: Flask, corrected: dict[str, int]) -> None:
    path = "/ban-to-chuc/tuan-1/tai-lieu"
    for role in (Role.ORGANISER, Role.INSPECTOR):
        client = PageClient(app).sign_in(STAFF[role])
        assert client.get(path).count("Lập bảng số liệu Excel") == 2
        where = client.post(f"{path}/lan-2/bang-so-lieu")
        assert "Bảng số liệu của một lần công bố" in client.get(where)
    assert "Chưa có lần công bố này." in client.post(f"{path}/lan-3/bang-so-lieu", status=404)


def test_before_a_publication_there_is_nothing_to_take(app: Flask, clock: Clock) -> None:
    scenes.lay_out(app)
    clock.now = AFTER
    page = PageClient(app).sign_in(STAFF[Role.ORGANISER]).get("/ban-to-chuc/tuan-1/tai-lieu")
    assert "Chưa công bố kết quả nên chưa có tài liệu nào." in page
