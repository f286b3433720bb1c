"""The English catalogue: complete, compiled, with every placeholder, and enough to use the site."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from flask import Flask

from quiz.config import ROOT
from quiz.contest.rule_book import Heading
from quiz.contest.schedule import PRACTICE
from quiz.contest.schedule_words import ROUND_WORDS as FILE_ROUND_WORDS
from quiz.errors import WORDS
from quiz.permissions import Role
from quiz.scoring.participation import AgencyKind
from quiz.services import audit
from quiz.web.language import HELD_BY_RULES, ROUND_WORDS
from tests import makers
from tests.conftest import Clock
from tests.web import scenes
from tests.web.client import VOID, PageClient

ENGLISH = ROOT / "translations" / "en" / "LC_MESSAGES"
KEYWORDS = {**DEFAULT_KEYWORDS, "_l": None, "lazy_gettext": None}
PERCENT_PLACE = re.compile(r"%\(\w+\)[a-z]|%%|%")
VIETNAMESE = re.compile(r"[À-ỹ]")
READ = {"a", "button", "caption", "dt", "h1", "h2", "label", "summary", "th", "title"}

Key = tuple[str | None, str]


@cache
def marked() -> dict[Key, str]:
    """Every text that the product marks for translation, by context and words, with its place."""
    found: dict[Key, str] = {}
    with (ROOT / "translations" / "babel.cfg").open() as mapping:
        methods, options = parse_mapping_cfg(mapping)
    for name, line, words, _comments, context in extract_from_dir(
        ROOT, methods, options, KEYWORDS, directory_filter=lambda path: Path(path).name[0] != "."
    ):
        found[context, words if isinstance(words, str) else words[0]] = f"{name}:{line}"
    return found


@cache
def catalogue() -> Catalog:
    with (ENGLISH / "messages.po").open("rb") as file:
        return read_po(file, locale="en")


def english() -> dict[Key, str]:
    return {(entry.context, entry.id): entry.string for entry in catalogue() if entry.id}


def places(text: str) -> tuple[list[str], list[str | None]]:
    """The placeholders of a text, of both kinds; a lone percent sign would break a template."""
    names = [name for _, name, _, _ in Formatter().parse(text) if name is not None]
    return sorted(PERCENT_PLACE.findall(text)), sorted(names)


def test_extraction_reads_templates_and_code() -> None:
    sources = {place.partition(":")[0] for place in marked().values()}
    assert {"quiz/errors.py", "quiz/web/forms.py", "templates/base.html", "templates/_macros/turnout.html"} <= sources
    assert {source.partition("/")[0] for source in sources} == {"quiz", "templates"}


def test_every_marked_text_has_its_english_and_nothing_else_is_kept() -> None:
    missing = [
        f"{place}: {words}" for (context, words), place in marked().items() if not english().get((context, words))
    ]
    assert missing == []
    assert sorted(english().keys() - marked().keys()) == []
    assert catalogue().obsolete == {}
    assert [entry.id for entry in catalogue() if entry.id and entry.fuzzy] == []


def test_english_keeps_every_placeholder() -> None:
    assert [words for (_, words), said in english().items() if places(words) != places(said)] == []


def test_english_is_plain_text_that_fits_where_the_vietnamese_stands() -> None:
    assert [said for said in english().values() if VIETNAMESE.search(said) or set(said) & set('<>&"')] == []
    ends = {words: said for (_, words), said in english().items() if (words[-1] == ".") != (said[-1] == ".")}
    assert ends == {}
    assert [said for said in english().values() if said != " ".join(said.split())] == []


def test_the_compiled_catalogue_is_that_of_the_words() -> None:
    compiled = io.BytesIO()
    write_mo(compiled, catalogue())
    assert (ENGLISH / "messages.mo").read_bytes() == compiled.getvalue()


def test_words_looked_up_at_display_time_are_in_the_catalogue() -> None:
    held = {kind.words for kind in AgencyKind} | set(Heading)
    assert held == set(HELD_BY_RULES)
    assert {*FILE_ROUND_WORDS, PRACTICE} == set(ROUND_WORDS)
    named = [*HELD_BY_RULES, *ROUND_WORDS, *audit.FACT_WORDS.values()]
    looked_up = [*WORDS.values(), *named, *(w for w, _ in audit.WORDS.values())]
    assert [words for words in looked_up if (None, words) not in english()] == []


class Reader(HTMLParser):
    """What leads a reader through a page: navigation, headings, buttons, labels, names of regions; not its data."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.said: list[str] = []
        self._open: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if found.get("aria-label"):
            self.said.append(str(found["aria-label"]))
        if tag not in VOID:
            self._open.append("data" if self._is_data(tag, found) else tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Pictures say nothing."""

    def handle_endtag(self, _tag: str) -> None:
        self._open.pop()

    def _is_data(self, tag: str, found: dict[str, str | None]) -> bool:
        if tag == "th":
            return found.get("scope") == "row"
        is_vietnamese = tag in {"a", "button"} and found.get("lang") == "vi"
        return tag == "option" or is_vietnamese or found.get("class") in {"brand", "roster-file", "option"}

    def handle_data(self, data: str) -> None:
        if "data" not in self._open and not READ.isdisjoint(self._open) and data.strip():
            self.said.append(" ".join(data.split()))


def in_english(app: Flask, staff_code: str = "") -> PageClient:
    visitor = PageClient(app)
    assert visitor.post("/ngon-ngu", {"language": "en", "next": "/the-le"}) == "/the-le"
    return visitor.sign_in(staff_code) if staff_code else visitor


def unread(html: str, data: tuple[str, ...]) -> list[str]:
    """What an English reader could not read, without the contest's own names."""
    assert '<html lang="en">' in html
    texts = Reader(html).said
    for name in data:
        texts = [text.replace(name, "") for text in texts]
    return [text for text in texts if VIETNAMESE.search(text)]


PEOPLE = ("Trần Thị Bích Ngọc", "Lê Văn Tám", "Phạm Thu Hà", "Vũ Quang Huy", "Nguyễn Thị Hương")
AGENCIES = ("Sở Nội vụ", "Chi cục Văn thư", "Cục Thuế")
NAMES = (*PEOPLE, *AGENCIES, "Hội thi thử nghiệm")


@pytest.fixture
def attempt(app: Flask, clock: Clock) -> str:
    """A contest after week 1, sat by two and published, in week 2; the code of a paper being sat."""
    ids = scenes.lay_out(app)
    scenes.sit(app, ids[scenes.PARTICIPANT], right=5)
    scenes.sit(app, ids[scenes.STRANGER], right=4)
    with app.app_context():
        makers.add_person("CB05", ids["SNV"], PEOPLE[-1], activated=False)
    scenes.publish(app, scenes.AFTER, ids[scenes.STAFF[Role.ORGANISER]])
    clock.now = makers.WEEK_2
    scenes.freeze(app, clock.now)
    return scenes.start(PageClient(app).sign_in(scenes.PARTICIPANT), week=2)


def visited(app: Flask, attempt: str) -> Iterator[tuple[str, str]]:
    """Every page that somebody can open in this scene, by its address."""
    organiser, inspector = scenes.STAFF[Role.ORGANISER], scenes.STAFF[Role.INSPECTOR]
    first = PageClient(app).sign_in(scenes.PARTICIPANT).get("/thi")
    done = re.search(r"/thi/bai/(\w+)/bien-nhan", first)
    assert done
    for staff_code, paths in {
        "": ("/", "/the-le", "/ket-qua", "/ket-qua/tuan-1", "/ty-le-tham-gia", "/dang-nhap", "/kich-hoat"),
        scenes.PARTICIPANT: (
            "/thi",
            "/tai-khoan",
            f"/thi/bai/{attempt}",
            f"/thi/bai/{done[1]}/bien-nhan",
            f"/thi/bai/{done[1]}/dap-an",
        ),
        scenes.STAFF[Role.COORDINATOR]: ("/co-quan",),
        organiser: (
            "/ban-to-chuc",
            "/ban-to-chuc/theo-doi",
            "/ban-to-chuc/tuan-1",
            "/ban-to-chuc/tuan-2",
            "/ban-to-chuc/co-quan",
            "/ban-to-chuc/co-quan/1",
            "/ban-to-chuc/danh-sach",
        ),
        inspector: ("/giam-sat/nhat-ky",),
    }.items():
        visitor = in_english(app, staff_code)
        for path in paths:
            yield path, visitor.get(path)
    yield "/khong-co", in_english(app).get("/khong-co", 404)


def test_pages_in_english_lead_an_english_reader(app: Flask, attempt: str) -> None:
    found = {path: unread(html, NAMES) for path, html in visited(app, attempt)}
    assert {path: texts for path, texts in found.items() if texts} == {}
    assert len(found) > 20


def test_forms_and_refusals_are_in_english(app: Flask, attempt: str) -> None:
    visitor = in_english(app)
    assert "Fill in this field." in visitor.post("/dang-nhap", {}, status=422)
    endless = {"identifier": "x" * 300, "password": "wrong"}
    assert "Use 254 characters or fewer." in visitor.post("/dang-nhap", endless, status=422)
    assert "Dài tối đa 254 ký tự." in PageClient(app).post("/dang-nhap", endless, status=422)
    wrong = {"identifier": scenes.PARTICIPANT, "password": "wrong"}
    assert "The staff code, email address or password is not right." in visitor.post("/dang-nhap", wrong, status=422)
    page = in_english(app, scenes.COLLEAGUE).get(f"/thi/bai/{attempt}", 404)
    assert "This attempt is not in your account." in page


def test_vietnamese_comes_back_when_asked_for(app: Flask) -> None:
    scenes.lay_out(app)
    visitor = in_english(app)
    assert "Contest rules" in visitor.get("/the-le")
    visitor.post("/ngon-ngu", {"language": "vi"})
    assert "Thể lệ hội thi" in visitor.get("/the-le")
