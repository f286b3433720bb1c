"""The workbook of a publication, read back: every figure is the publication's, and the ranking is there if it is."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import timedelta

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy.orm import Session

from quiz.exports.sheets import HEAD
from quiz.models.audit import DbAuditEntry
from quiz.models.people import DbPerson
from quiz.permissions import Role
from quiz.services import Actor, accounts, documents, publication_tables, transaction
from quiz.services.document_makers import MAKERS
from quiz.services.documents import Kind, Work
from tests import makers
from tests.kept import kept
from tests.services.results_scene import CLOSED_2, add_people, bar, mark, publish, refused, sit_every_step

Scene = tuple[Actor, dict[str, int]]


@pytest.fixture
@kept
def scene(session: Session) -> Scene:
    """A week that was published, and who published it; somebody has a name that looks like a formula."""
    makers.load_contest()
    people = add_people()
    organiser = Actor(makers.add_person("BTC-1", makers.add_agency("BTC"), roles=[Role.ORGANISER], activated=False))
    with transaction() as writing:
        writing.get_one(DbPerson, people["C"]).name = "=1+1"
    sit_every_step(people)
    mark()
    publish(session, organiser)
    return organiser, people


def made(session: Session, scene: Scene, number: int = 1) -> bytes:
    """The workbook as the scheduler makes it."""
    actor, _ = scene
    session.rollback()
    facts: dict[str, object] = {"week": makers.week(session).id, "number": number}
    work = Work(asked_by=actor.id or 0, facts=facts, now=CLOSED_2, tell=lambda _done, _of: None)
    return MAKERS[Kind.PUBLICATION_TABLES](session, work).content


def rows(content: bytes, sheet: str) -> list[list[object]]:
    """The table of a sheet, without its titles."""
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    return book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)[HEAD + 1 :]


def sheets(content: bytes) -> list[str]:
    return CalamineWorkbook.from_filelike(io.BytesIO(content)).sheet_names


def test_every_sheet_holds_the_figures_as_numbers(session: Session, scene: Scene) -> None:
    content = made(session, scene)
    assert sheets(content) == ["Giải thưởng", "Xếp hạng", "Phổ điểm", "Tham gia", "Theo khối", "Ghi chú"]
    assert [row[:5] for row in rows(content, "Giải thưởng")][:3] == [
        ["Tuần 1", "Giải Nhất", 1, "Lê Thị A", "Cơ quan H1"],
        ["Tuần 1", "Giải Nhì", 2, "Lê Thị B", "Cơ quan H1"],
        ["Tuần 1", "Giải Nhì", 3, "=1+1", "Cơ quan H1"],
    ]
    ranking = rows(content, "Xếp hạng")
    assert [row[1] for row in ranking] == [1, 2, 3, 4, 5, 6, 7, 8]
    assert ranking[1] == ["Tuần 1", 2, 2, "Lê Thị B", "Cơ quan H1", 5, 5, 180.412, 1, "–"]
    bands = rows(content, "Phổ điểm")
    assert bands == [
        ["Tuần 1", 5, 3, 0.375],
        ["Tuần 1", 4, 2, 0.25],
        ["Tuần 1", 3, 1, 0.125],
        ["Tuần 1", 1, 1, 0.125],
        ["Tuần 1", 0, 1, 0.125],
    ]
    agencies = {row[1]: row[2:] for row in rows(content, "Tham gia")}
    assert agencies["Cơ quan H1"][:5] == [6, 0, 6, 6, 1]
    assert agencies["Cơ quan H2"][10:] == [0.7, "Chưa đạt", 1]
    assert [row[12:] for row in rows(content, "Theo khối")] == [[8, 1, 8, 1]]


def test_no_name_becomes_a_formula_and_charts_draw_what_the_sheets_hold(session: Session, scene: Scene) -> None:
    with zipfile.ZipFile(io.BytesIO(made(session, scene))) as packed:
        parts = {name: packed.read(name).decode() for name in packed.namelist()}
    tables = [text for name, text in parts.items() if name.startswith("xl/worksheets/sheet")]
    assert [text for text in tables if re.search(r"<f[ >]|<hyperlink", text)] == []
    assert all('state="frozen"' in text and "<autoFilter" in text for text in tables)
    drawn = [re.findall(r"<c:val>.*?<c:f>(.*?)</c:f>", text) for name, text in parts.items() if "charts/chart" in name]
    assert sorted(drawn) == [["'Phổ điểm'!$C$5:$C$9"], ["'Tham gia'!$L$5:$L$7", "'Tham gia'!$M$5:$M$7"]]


def test_what_is_no_longer_so_leaves_the_ranking_out_and_says_why(session: Session, scene: Scene) -> None:
    _, people = scene
    before = rows(made(session, scene), "Giải thưởng")
    bar(people["A"], session)
    content = made(session, scene)
    assert "Xếp hạng" not in sheets(content)
    notes = {row[0]: row[1] for row in rows(content, "Ghi chú")}
    assert str(notes["Xếp hạng"]).startswith("Không có trang Xếp hạng: kết quả hiện nay của tuần không còn đúng")
    assert rows(content, "Giải thưởng") == before
    publish(session, scene[0], reason="Đính chính")
    assert "Xếp hạng" not in sheets(made(session, scene, 1))
    corrected = made(session, scene, 2)
    assert rows(corrected, "Xếp hạng")[0][9] == "Thành viên Ban Tổ chức"
    assert {row[0]: row[1] for row in rows(corrected, "Ghi chú")}["Lý do đính chính"] == "Đính chính"


def test_asking_is_written_down_and_the_same_thing_twice_is_one_document(session: Session, scene: Scene) -> None:
    actor, _ = scene
    person = accounts.find(session, actor.id or 0)
    assert person
    session.rollback()

    def ask(number: int = 1) -> int:
        with transaction(actor) as writing:
            return publication_tables.ask(writing, makers.week(writing), number, person, actor, CLOSED_2)

    assert ask() == ask()
    assert refused(lambda: ask(2)) == "publication_missing"
    assert session.query(DbAuditEntry).filter_by(act="ask_publication_tables").count() == 2
    assert documents.make_waiting(MAKERS, lambda: CLOSED_2 + timedelta(minutes=1)) == 1
    assert documents.own(session, person)[0].filename == "Kết quả tuần 1, công bố lần 1.xlsx"
