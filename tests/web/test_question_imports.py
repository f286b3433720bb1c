"""Questions from foreign files as an organiser takes them in: uploaded, previewed, chosen, taken or dropped."""

from __future__ import annotations

import io
import re
import resource
import time
from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import select

from quiz.models import db
from quiz.models.question_imports import DbQuestionImport
from quiz.models.question_work import DbQuestionDraft
from quiz.permissions import Role
from quiz.services import question_imports
from quiz.services.question_work_drafts import wording_of
from tests.conftest import Clock
from tests.makers import add_agency, add_person, load_contest
from tests.questions.formats.hostile import zipped
from tests.web.client import PageClient

PAGE = "/ban-to-chuc/cau-hoi/nhap"
GIFT = """\
::Câu một::Cơ quan nào cấp giấy phép? {=Sở Xây dựng ~Sở Nội vụ ~Sở Tư pháp ~Sở Y tế ####Theo phân cấp.}

::Câu hai::Bộ phận Một cửa nhận gì? {=Hồ sơ ~Tiền ~Quà ~Đơn tố cáo}

::Câu ba::Đúng hay sai? {T}
"""
BOMB = zipped({"[Content_Types].xml": "<Types/>", "xl/workbook.xml": "<a>" + " " * 40_000_000})
XXE = '<?xml version="1.0"?><!DOCTYPE q [<!ENTITY x SYSTEM "file:///etc/passwd">]><quiz><question>&x;</question></quiz>'
PAYLOAD = "<script>alert(1)</script>"


@pytest.fixture
def organiser(app: Flask) -> Iterator[PageClient]:
    """An organiser, signed in."""
    with app.app_context():
        load_contest()
        add_person("BTC", add_agency(), "Nguyễn Ban Tổ", [Role.ORGANISER])
        db.session.remove()
    return PageClient(app).sign_in("BTC")


def upload(visitor: PageClient, content: str | bytes, filename: str = "cau-hoi.gift", status: int = 302) -> str:
    """Upload as a browser does (the test client's own form would leave a temporary file open); where it leads."""
    data = content.encode() if isinstance(content, str) else content
    field = '--x\r\nContent-Disposition: form-data; name="{}"{}\r\n\r\n'
    texts = f"{field.format('csrf_token', '')}{visitor.token(PAGE)}\r\n{field.format('bank', '')}\r\n"
    file = field.format("file", f'; filename="{filename}"')
    kind = "multipart/form-data; boundary=x"
    answer = visitor.http.post(PAGE, data=(texts + file).encode() + data + b"\r\n--x--\r\n", content_type=kind)
    assert answer.status_code == status, answer.text
    return answer.headers.get("Location", answer.text)


def tick(app: Flask, clock: Clock) -> None:
    """What the scheduler does."""
    with app.app_context():
        question_imports.read_waiting(clock.now)
        db.session.remove()


def read(app: Flask, clock: Clock, visitor: PageClient, content: str | bytes, filename: str = "cau-hoi.gift") -> str:
    """Upload a file and have it read; the page of the import."""
    page = upload(visitor, content, filename)
    tick(app, clock)
    return page


def figures(html: str) -> dict[str, str]:
    """The totals of a page."""
    return dict(re.findall(r"<dt>([^<]+)</dt><dd>(\d+)</dd>", html))


def drafts(app: Flask) -> list[dict[str, object]]:
    """What the workbench holds."""
    with app.app_context():
        return [
            {"topic": row.topic, "text": row.text, "key": row.key, "explanation": row.explanation, "level": row.level}
            for row in map(wording_of, db.session.scalars(select(DbQuestionDraft.body).order_by(DbQuestionDraft.id)))
        ]


def test_from_upload_to_drafts(app: Flask, clock: Clock, organiser: PageClient) -> None:
    page = upload(organiser, GIFT)
    waiting = organiser.get(page)
    assert "Đang đọc tệp" in waiting
    assert '<noscript><meta http-equiv="refresh"' in waiting
    assert organiser.http.get(f"{page}/tien-do").json == {"state": "waiting", "percent": 0}
    tick(app, clock)
    html = organiser.get(page)
    assert figures(html) == {
        "Số mục trong tệp": "3",
        "Câu đọc được": "2",
        "Mục không nhận được": "1",
        "Câu đang chọn": "2",
        "Câu trùng câu khác": "0",
    }
    assert "Dòng 5 (câu “Câu ba”)" in html
    assert "là câu đúng/sai; bộ câu hỏi chỉ nhận câu bốn phương án" in html
    assert "Chủ đề để trống" in html.replace("chủ đề", "Chủ đề")
    answers = {"shown": ["1", "2"], "ticked": ["2"], "topic": "chung", "level": "2", "valid_from": "2024-01-31"}
    assert organiser.post(f"{page}/chon", answers | {"act": "take"}) == page
    assert drafts(app) == [
        {"topic": "chung", "text": "Bộ phận Một cửa nhận gì?", "key": "A", "explanation": "", "level": "2"}
    ]
    after = organiser.get(page)
    assert "Đã nhận 1 câu làm bản nháp." in after
    assert after.count('<span class="tag">Không chọn</span>') == 1
    assert 'name="ticked"' not in after
    assert "không còn ở bước đó" in organiser.post(f"{page}/chon", answers | {"act": "take"}, 409)
    assert len(drafts(app)) == 1


def test_what_repeats_a_question_is_marked_and_not_ticked(app: Flask, clock: Clock, organiser: PageClient) -> None:
    page = read(app, clock, organiser, GIFT + "\n" + GIFT.split("\n\n")[0].replace("giấy phép?", "GIẤY PHÉP"))
    html = organiser.get(page)
    assert "Nội dung giống câu 1 của tệp này." in html
    assert figures(html)["Câu đang chọn"] == "2"
    organiser.post(f"{page}/chon", {"shown": ["1"], "ticked": ["1"], "act": "take"})
    again = organiser.get(read(app, clock, organiser, GIFT))
    assert again.count("Nội dung giống câu ") == 2
    assert figures(again)["Câu đang chọn"] == "0"


def test_choices_are_kept_from_page_to_page(app: Flask, clock: Clock, organiser: PageClient) -> None:
    many = "\n\n".join(f"Câu hỏi số {n} hỏi gì? {{=a{n} ~b ~c ~d}}" for n in range(1, 121))
    page = read(app, clock, organiser, many)
    first = organiser.get(page)
    assert "(trang 1/3)" in first
    assert first.count('name="ticked"') == 50
    shown = [str(n) for n in range(1, 51)]
    then = organiser.post(f"{page}/chon", {"shown": shown, "ticked": shown[:10], "topic": "chung", "act": "2"})
    assert then == f"{page}?trang=2"
    assert figures(organiser.get(then))["Câu đang chọn"] == "80"
    assert '<option selected value="chung">' in organiser.get(then)
    organiser.get(f"{page}?trang=4", 404)
    organiser.post(f"{page}/chon?trang=3", {"topic": "chung", "act": "take"})
    assert len(drafts(app)) == 80
    assert {draft["topic"] for draft in drafts(app)} == {"chung"}


def test_nothing_chosen_and_a_day_that_is_none_are_said(app: Flask, clock: Clock, organiser: PageClient) -> None:
    page = read(app, clock, organiser, GIFT)
    assert "Chưa chọn câu hỏi nào" in organiser.post(f"{page}/chon", {"shown": ["1", "2"], "act": "take"}, 409)
    assert "Hãy ghi đủ ngày" in organiser.post(f"{page}/chon", {"valid_from": "31/2/x", "act": "1"}, 422)
    assert drafts(app) == []


def test_a_file_can_be_dropped_and_is_forgotten_once_read(app: Flask, clock: Clock, organiser: PageClient) -> None:
    page = read(app, clock, organiser, GIFT)
    with app.app_context():
        assert db.session.scalars(select(DbQuestionImport.content)).one() is None
    assert organiser.post(f"{page}/bo") == PAGE
    assert "Tệp đã bị bỏ" in organiser.get(page)
    assert "không còn ở bước đó" in organiser.post(f"{page}/bo", {}, 409)
    assert "Đã bỏ</span>" in organiser.get(PAGE)
    organiser.get(f"{PAGE}/99", 404)


def test_words_of_strangers_stay_words(app: Flask, clock: Clock, organiser: PageClient) -> None:
    table = f"Câu hỏi;A;B;C;D;Đáp án\n{PAYLOAD} là gì?;{PAYLOAD}1;b;c;d;A\n;{PAYLOAD};b;c;d;A\n"
    html = organiser.get(read(app, clock, organiser, table, f"{PAYLOAD}.csv"))
    assert PAYLOAD not in html
    assert html.count("&lt;script&gt;alert(1)") >= 2


@pytest.mark.one_database
@pytest.mark.parametrize(("content", "filename", "said"), [
    (XXE, "a.xml", "DOCTYPE"),
    (BOMB, "a.xlsx", "phình quá lớn khi mở ra"),
    ("Câu hỏi một?\nA. Sở Nội vụ\nB. Bộ\nANSWER: A\n".encode("cp1258", "replace"), "a.txt", "bảng mã UTF-8"),
    (b"MZ\x90" + b"\0" * 1000, "a.exe", "Không nhận tệp EXE"),
    (zipped({"xl/workbook.xml": "<a/>"}), "a.docx", "Hãy đổi đúng đuôi tệp"),
    (b"a" * 10_000_000, "a.txt", "Không nhận ra định dạng"),
    ("{" * 9_000_000, "a.gift", "Không"),
    (("a {=b\n\n~" * 900_000), "a.gift", ""),
    ("<quiz>" + "<question>" * 800_000, "a.xml", "Tệp XML"),
])  # fmt: skip
def test_hostile_files_are_refused_in_seconds_and_bounded_memory(
    app: Flask, clock: Clock, organiser: PageClient, content: bytes, filename: str, said: str
) -> None:
    page = upload(organiser, content, filename)
    began = time.monotonic()
    tick(app, clock)
    assert time.monotonic() - began < 30
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss < 1024**2
    html = organiser.get(page)
    assert said in html
    assert "Không nhận được" in html


def test_what_is_too_large_is_refused_before_it_is_read(organiser: PageClient) -> None:
    class Endless(io.RawIOBase):
        """A hundred megabytes that nobody should read."""

        taken = place = 0

        def readable(self) -> bool:
            return True

        def tell(self) -> int:
            return self.place

        def seek(self, offset: int, whence: int = 0) -> int:
            self.place = 100 * 1024**2 if whence == 2 else offset
            return self.place

        def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
            self.taken += len(buffer)
            return len(buffer)

    body = Endless()
    answer = organiser.http.post(PAGE, input_stream=body, content_type="multipart/form-data; boundary=x")
    assert (answer.status_code, "(10 MB)" in answer.text) == (413, True)
    assert body.taken < 1024**2
    assert "Hãy chọn tệp" in organiser.post(PAGE, {"bank": ""}, 422)
    assert "Tệp trống" in upload(organiser, b"", status=422)
    assert "Hãy chọn một mục" in organiser.post(PAGE, {"bank": "khac", "file": (io.BytesIO(b"a"), "a.txt")}, 422)


def test_a_reader_that_is_killed_refuses_the_file_only(
    app: Flask, clock: Clock, organiser: PageClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    from quiz.services import question_imports_reading

    monkeypatch.setattr(question_imports_reading, "PATIENCE_SECONDS", 0.05)
    assert "mất quá nhiều bộ nhớ hoặc thời gian" in organiser.get(read(app, clock, organiser, GIFT))
