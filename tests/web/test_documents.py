"""The pages of documents: asked for, watched with and without a script, fetched as a file, cancelled."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from quiz.permissions import Role
from quiz.services import documents, transaction
from quiz.services.document_makers import MAKERS
from tests.conftest import Clock
from tests.web import scenes
from tests.web.client import PageClient
from tests.web.scenes import AFTER, CHILD, COLLEAGUE, DURING, PARTICIPANT, STAFF, rows, words


@scenes.laid_out
def sat_by_one(app: Flask) -> dict[str, int]:
    """The usual people after the first week, in which the participant has sat."""
    made = scenes.lay_out(app)
    scenes.freeze(app, DURING)
    scenes.sit(app, made[PARTICIPANT])
    return made


@pytest.fixture
def ids(app: Flask, clock: Clock) -> dict[str, int]:
    clock.now = AFTER
    return sat_by_one(app)


@pytest.fixture
def client(app: Flask, ids: dict[str, int]) -> PageClient:
    """The participant, signed in."""
    return PageClient(app).sign_in(PARTICIPANT)


def work(app: Flask, clock: Clock) -> int:
    """What the scheduler does at a tick."""
    with app.app_context():
        return documents.make_waiting(MAKERS, clock)


def ask(client: PageClient) -> str:
    """Ask for the own certificate; the address of the document."""
    return client.post("/thi/giay-chung-nhan", form="/thi/giay-chung-nhan")


def test_a_certificate_is_asked_for_watched_and_fetched(app: Flask, clock: Clock, client: PageClient) -> None:
    own = words(client.get("/thi/giay-chung-nhan"))
    assert "Trần Thị Bích Ngọc Cơ quan, đơn vị Sở Nội vụ Hội thi Hội thi thử nghiệm Đã tham gia Tuần 1" in own
    address = ask(client)
    assert ask(client) == address
    page = client.get(address)
    assert "Đang chờ đến lượt." in words(page)
    assert '<noscript><meta http-equiv="refresh" content="5"></noscript>' in page
    assert "/static/progress.js" in page
    assert f'data-url="{address}/tien-do" data-state="waiting"' in page
    assert client.http.get(f"{address}/tien-do").json == {"state": "waiting", "percent": 0}
    assert "chưa có tệp" in client.get(f"{address}/tep", 409)
    assert work(app, clock) == 1
    assert client.http.get(f"{address}/tien-do").json == {"state": "done", "percent": 0}
    page = client.get(address)
    assert "refresh" not in page
    assert "Tài liệu đã lập xong, được lưu đến 17 giờ 01 phút, thứ Sáu ngày 18/10/2024." in words(page)
    assert f'href="{address}/tep"' in page
    assert 'href="/thi/giay-chung-nhan"' in page
    file = client.http.get(f"{address}/tep")
    assert (file.status_code, file.mimetype) == (200, "application/pdf")
    assert file.data.startswith(b"%PDF-")
    name = (
        "Gi%E1%BA%A5y%20ch%E1%BB%A9ng%20nh%E1%BA%ADn%20tham%20gia%20%E2%80%93%20Tr%E1%BA%A7n%20Th%E1%BB%8B%20B%C3%ADch"
    )
    assert file.headers["Content-Disposition"].startswith("attachment; ")
    assert f"filename*=UTF-8''{name}%20Ng%E1%BB%8Dc.pdf" in file.headers["Content-Disposition"]
    assert file.headers["Cache-Control"] == "no-store"
    assert file.headers["X-Content-Type-Options"] == "nosniff"


def test_before_a_week_is_over_there_is_no_certificate(app: Flask, clock: Clock, ids: dict[str, int]) -> None:
    for who, now in ((PARTICIPANT, DURING), (COLLEAGUE, AFTER)):
        clock.now = now
        client = PageClient(app).sign_in(who)
        page = client.get("/thi/giay-chung-nhan")
        assert "được cấp khi một tuần thi mà ông/bà có lượt thi được tính đã đóng." in words(page)
        assert '<form method="post" class' not in page
        assert "được cấp khi" in client.post("/thi/giay-chung-nhan", status=409)


def test_documents_of_others_do_not_exist(app: Flask, clock: Clock, client: PageClient) -> None:
    address = ask(client)
    work(app, clock)
    before = scenes.everything(app)["documents"]
    for who in (COLLEAGUE, STAFF[Role.ORGANISER], STAFF[Role.ADMIN]):
        other = PageClient(app).sign_in(who)
        pages = [other.get(f"{address}{end}", 404) for end in ("", "/tien-do", "/tep")]
        pages.append(other.post(f"{address}/huy", status=404))
        for page in pages:
            assert "Không có tài liệu này trong danh sách của ông/bà." in page
        assert rows(other.get("/tai-lieu"), "Tài liệu của tôi") == []
    assert scenes.everything(app)["documents"] == before


def test_a_request_is_cancelled_and_can_be_made_again(app: Flask, clock: Clock, client: PageClient) -> None:
    address = ask(client)
    assert client.post(f"{address}/huy", form=address) == address
    page = client.get(address)
    assert "Đã hủy. Có thể yêu cầu lại bất cứ lúc nào." in words(page)
    assert "đã làm xong hoặc đã hủy trước đó" in client.post(f"{address}/huy", status=409)
    assert work(app, clock) == 0
    again = ask(client)
    assert again != address
    work(app, clock)
    listed = rows(client.get("/tai-lieu"), "Tài liệu của tôi")
    assert [row[:2] for row in listed] == [
        ["Giấy chứng nhận tham gia – Trần Thị Bích Ngọc.pdf", "Đã xong"],
        ["Giấy chứng nhận tham gia", "Đã hủy"],
    ]


def test_the_page_says_what_failed_and_what_is_no_longer_kept(
    app: Flask, clock: Clock, client: PageClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = ask(client)
    with monkeypatch.context() as broken:
        broken.setattr("quiz.services.certificates.certificate", lambda _facts: 1 / 0)
        assert work(app, clock) == 0
    assert f"báo Ban Tổ chức kèm số {address.rpartition('/')[2]}." in words(client.get(address))
    address = ask(client)
    work(app, clock)
    clock.now += timedelta(days=8)
    with app.app_context(), transaction() as session:
        documents.forget_old(session, clock.now)
    assert "Tài liệu đã quá thời hạn lưu. Hãy yêu cầu lại." in words(client.get(address))
    assert "không còn được lưu" in client.get(f"{address}/tep", 409)


def test_how_far_the_work_is_survives_a_reload(app: Flask, clock: Clock, client: PageClient) -> None:
    address = ask(client)

    def look(_session: object, given: documents.Work) -> documents.File:
        given.tell(1, 4)
        assert client.http.get(f"{address}/tien-do").json == {"state": "working", "percent": 25}
        for _ in range(2):
            page = client.get(address)
            assert "Đang lập tài liệu." in words(page)
            assert '<progress id="progress-bar" max="100" value="25"></progress>' in page
        return documents.File(name="x.txt", mimetype="text/plain", content=b"x")

    with app.app_context():
        assert documents.make_waiting(dict.fromkeys(documents.Kind, look), clock) == 1


def test_a_coordinator_has_the_report_of_an_agency_made(app: Flask, clock: Clock, ids: dict[str, int]) -> None:
    coordinator = PageClient(app).sign_in(STAFF[Role.COORDINATOR])
    page = coordinator.get(f"/co-quan/bao-cao?co-quan={ids['SNV-1']}")
    assert f'<option value="{ids["SNV-1"]}" selected>Chi cục Văn thư</option>' in page
    assert "Cục Thuế" not in page
    for form, mimetype in (("xlsx", "spreadsheetml.sheet"), ("docx", "wordprocessingml.document")):
        address = coordinator.post("/co-quan/bao-cao", {"agency": ids["SNV"], "form": form})
        assert work(app, clock) == 1
        file = coordinator.http.get(f"{address}/tep")
        assert file.mimetype.endswith(mimetype)
        assert file.data.startswith(b"PK")
    assert "Không có cơ quan" in coordinator.post("/co-quan/bao-cao", {"agency": ids["CT"], "form": "xlsx"}, 404)
    for wrong in ({}, {"agency": ids["SNV"]}, {"agency": "x", "form": "xlsx"}, {"agency": ids["SNV"], "form": "exe"}):
        coordinator.post("/co-quan/bao-cao", wrong, 400)
    organiser = PageClient(app).sign_in(STAFF[Role.ORGANISER])
    assert "Cục Thuế" in organiser.get("/co-quan/bao-cao")


def test_a_report_can_be_asked_for_before_any_job_has_run(app: Flask, clock: Clock) -> None:
    ids = scenes.lay_out(app)
    clock.now = DURING
    coordinator = PageClient(app).sign_in(STAFF[Role.COORDINATOR])
    coordinator.post("/co-quan/bao-cao", {"agency": ids["SNV"], "form": "xlsx"})
    assert work(app, clock) == 1
    assert CHILD not in coordinator.get("/tai-lieu")
