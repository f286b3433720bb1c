"""Having official documents made, from the form of a published week to the files; and the office's own templates."""

from __future__ import annotations

import io
import zipfile

import pytest
from docx import Document
from flask import Flask
from sqlalchemy import select

from quiz.exports.letters import Letter
from quiz.models.audit import DbAuditEntry
from quiz.models.office_templates import DbOfficeTemplate
from quiz.permissions import Role
from quiz.services import documents, reading
from quiz.services.document_makers import MAKERS
from tests.conftest import Clock
from tests.web import scenes
from tests.web.client import PageClient
from tests.web.scenes import AFTER, COLLEAGUE, PARTICIPANT, STAFF, words

ASK = "/ban-to-chuc/tuan-1/van-ban"
TEMPLATES = "/ban-to-chuc/mau-van-ban"


@scenes.laid_out
def sat_by_two(app: Flask) -> None:
    ids = scenes.lay_out(app)
    scenes.sit(app, ids[PARTICIPANT], right=3)
    scenes.sit(app, ids[COLLEAGUE], right=5)


@pytest.fixture
def desk(app: Flask, clock: Clock) -> PageClient:
    """An organiser, after a week in which two people have sat and which is not published yet."""
    sat_by_two(app)
    clock.now = AFTER
    return PageClient(app).sign_in(STAFF[Role.ORGANISER])


def publish(app: Flask, reason: str = "") -> None:
    """What the organiser has done before documents are written."""
    with app.app_context():
        organiser = reading().scalar(
            select(scenes.makers.DbPerson.id).where(scenes.makers.DbPerson.staff_code == "TC01")
        )
    assert organiser
    scenes.publish(app, AFTER, organiser, reason=reason)


def made(app: Flask, desk: PageClient, **fields: object) -> bytes:
    """The file that asking with these fields gives."""
    address = desk.post(ASK, {"issue": "1", **fields}, status=302)
    with app.app_context():
        documents.make_waiting(MAKERS, lambda: AFTER)
    answer = desk.http.get(f"{address}/tep")
    assert answer.status_code == 200, desk.get(address)
    return answer.data


def text(content: bytes) -> str:
    """What a Word file says, tables included."""
    return "".join(node.text or "" for node in Document(io.BytesIO(content)).element.body.iter("{*}t"))


def edited(paragraph: str) -> tuple[io.BytesIO, str]:
    """The original announcement with one paragraph more, as an upload."""
    file, out = Document(str(Letter.ANNOUNCEMENT.original)), io.BytesIO()
    file.add_paragraph(paragraph)
    file.save(out)
    return io.BytesIO(out.getvalue()), "mau-cua-so.docx"


def test_nothing_is_offered_before_a_publication(app: Flask, desk: PageClient) -> None:
    assert "Lập được văn bản sau khi công bố kết quả." in words(desk.get(ASK))
    assert desk.post(ASK, {"issue": "1", "letters": "thong-bao"}, status=422)


def test_one_document_is_made_and_what_was_filled_in_is_offered_again(app: Flask, desk: PageClient) -> None:
    publish(app)
    content = made(app, desk, letters="thong-bao", office="Sở Nội vụ", number_announcement="7", signed_on="2024-10-14")
    assert "Có 2 người dự thi (mỗi người tính một lần), với 2 lượt thi; 1 người" in text(content)
    assert "Số: 7/TB-" in text(content)
    page = desk.get(ASK)
    assert 'value="Sở Nội vụ"' in page
    assert 'value="Sở Nội vụ"' in desk.get("/ban-to-chuc/tuan-1/tai-lieu")
    assert 'value="7"' not in page
    assert "2024-10-14" not in page


@pytest.mark.one_database
def test_several_documents_are_one_archive(app: Flask, desk: PageClient) -> None:
    publish(app)
    content = made(app, desk, letters=[letter.value for letter in Letter])
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        assert len(packed.namelist()) == len(Letter)
        assert "Danh sách cá nhân đạt giải tuần 1 (lần 1).docx" in packed.namelist()
        assert all("Lê Văn Tám" in text(packed.read(name)) for name in packed.namelist() if "Báo cáo" not in name)


@pytest.mark.one_database
def test_an_older_publication_can_be_written_again(app: Flask, desk: PageClient) -> None:
    publish(app)
    publish(app, reason="Sửa lỗi")
    assert "Sửa lỗi" in text(made(app, desk, issue="2", letters="thong-bao"))
    assert "Sửa lỗi" not in text(made(app, desk, issue="1", letters="thong-bao"))


def test_what_cannot_be_asked_for_is_said_where_it_stands(app: Flask, desk: PageClient) -> None:
    publish(app)
    assert "Hãy đánh dấu ít nhất một văn bản." in words(desk.post(ASK, {"issue": "1"}, status=422))
    assert desk.post(ASK, {"issue": "9", "letters": "thong-bao"}, status=422)
    assert "Dài tối đa 20 ký tự" in desk.post(
        ASK, {"issue": "1", "letters": "bien-ban", "abbreviation": "x" * 21}, status=422
    )


@pytest.mark.one_database
def test_an_edited_template_is_used_from_then_on_and_the_original_comes_back(app: Flask, desk: PageClient) -> None:
    publish(app)
    before = made(app, desk, letters="thong-bao")
    assert desk.http.get(f"{TEMPLATES}/thong-bao/ban-goc.docx").data == Letter.ANNOUNCEMENT.original.read_bytes()
    desk.post(f"{TEMPLATES}/thong-bao", {"file": edited("Riêng của {{ co_quan }}")}, status=302)
    assert "Riêng của" not in text(before)
    assert "Riêng của" in text(made(app, desk, letters="thong-bao"))
    page = words(desk.get(f"{TEMPLATES}/thong-bao"))
    assert "Đang dùng mẫu riêng" in page
    assert "mau-cua-so.docx" in page
    desk.post(f"{TEMPLATES}/thong-bao/ban-goc", status=302)
    assert "Riêng của" not in text(made(app, desk, letters="thong-bao"))
    with app.app_context():
        acts = reading().scalars(select(DbAuditEntry.act).order_by(DbAuditEntry.id)).all()
        assert reading().scalars(select(DbOfficeTemplate.digest)).all()[-1] == ""
    assert [act for act in acts if "template" in act] == ["change_template", "restore_template"]


@pytest.mark.parametrize(
    ("paragraph", "says"),
    [
        ("{{ co_qaun }}", "co_qaun (gần nhất: co_quan)"),
        ("{{ co_quan.__class__ }}", "có lệnh không được phép"),
    ],
)
def test_a_template_that_does_not_work_is_refused_with_the_reason(
    app: Flask, desk: PageClient, paragraph: str, says: str
) -> None:
    assert says in words(desk.post(f"{TEMPLATES}/thong-bao", {"file": edited(paragraph)}, status=422))
    with app.app_context():
        assert reading().scalars(select(DbOfficeTemplate)).all() == []


def test_an_inspector_reads_templates_and_changes_nothing(app: Flask, desk: PageClient) -> None:
    inspector = PageClient(app).sign_in(STAFF[Role.INSPECTOR])
    assert "Mẫu gốc của phần mềm" in words(inspector.get(TEMPLATES))
    page = inspector.get(f"{TEMPLATES}/quyet-dinh")
    assert "can_cu" in page
    assert 'type="file"' not in page
    assert inspector.get(f"{TEMPLATES}/khong-co", 404)
