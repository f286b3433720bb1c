"""What participants keep of a receipt, what others see of the chain, and that none of it tells how many took part."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest
from flask import Flask

from quiz.models import db
from quiz.permissions import Role
from quiz.services import heads, sealing
from tests import makers
from tests.conftest import Clock
from tests.web import scenes
from tests.web.client import PageClient
from tests.web.scenes import COLLEAGUE, DURING, PARTICIPANT, STAFF, words

MINUTE = timedelta(minutes=1)
DIGESTS = re.compile(r"(?:[0-9a-f]{4} ?){16}|[0-9a-f]{64}")


@pytest.fixture
def ids(app: Flask, clock: Clock) -> dict[str, int]:
    """Everybody, in the open first week, which was promised."""
    ids = scenes.lay_out(app)
    scenes.promise(app)
    clock.now = DURING
    scenes.freeze(app, DURING)
    return ids


def seal(app: Flask, *moments: datetime) -> None:
    """The scheduler at work at these moments."""
    with app.app_context():
        for now in moments:
            sealing.seal_due(now)


def test_the_receipt_says_first_that_it_will_be_sealed_and_then_where(
    app: Flask, clock: Clock, ids: dict[str, int]
) -> None:
    code = scenes.sit(app, ids[PARTICIPANT])
    visitor = PageClient(app).sign_in(PARTICIPANT)
    before = words(visitor.get(f"/thi/bai/{code}/bien-nhan"))
    [short] = re.findall(r"Dấu niêm phong ((?:[A-Z2-7]{4} ?){4})", before)
    assert "Sẽ được niêm phong trong vòng một phút." in before
    seal(app, clock.now + 10 * MINUTE)
    after = words(visitor.get(f"/thi/bai/{code}/bien-nhan"))
    assert f"Dấu niêm phong {short}Niêm phong Đã niêm phong ở lô số 1 lúc" in after
    with app.app_context():
        [head] = heads.newest(db.session(), makers.week(db.session()))
    kept = visitor.http.get(f"/thi/bai/{code}/bien-nhan.txt")
    assert kept.mimetype == "text/plain"
    assert head.head in kept.text
    assert short.strip() in kept.text
    seal_of = short.replace(" ", "")
    assert f"/kiem-chung#{code}-{seal_of}-1-1" in kept.text
    picture = visitor.http.get(f"/thi/bai/{code}/bien-nhan.png")
    assert picture.data.startswith(b"\x89PNG")
    for name in ("txt", "png"):
        assert PageClient(app).sign_in(COLLEAGUE).get(f"/thi/bai/{code}/bien-nhan.{name}", 404)


def test_every_head_of_a_long_week_can_be_reached(app: Flask, clock: Clock, ids: dict[str, int]) -> None:
    seal(app, *(DURING + number * MINUTE for number in range(130)))
    reader = PageClient(app)

    def numbers(page: str) -> list[int]:
        return [int(number) for number in re.findall(r"Lô (\d+),", words(page))]

    seen, address = [], "/kiem-chung/tuan-1/chuoi"
    while address:
        page = reader.get(address)
        seen.append(numbers(page))
        address = next(iter(re.findall(r'href="([^"]+)">Các lô trước', page)), "")
    assert seen == [list(range(130, 70, -1)), list(range(70, 10, -1)), list(range(10, 0, -1))]
    middle = reader.get("/kiem-chung/tuan-1/chuoi?den=70")
    assert 'href="/kiem-chung/tuan-1/chuoi">Các lô sau' in middle
    assert numbers(reader.get("/kiem-chung/tuan-1/chuoi?den=0")) == [1]
    assert numbers(reader.get("/kiem-chung/tuan-1/chuoi?den=99999999999999999999")) == seen[0]
    lines = reader.http.get("/kiem-chung/tuan-1/chuoi.txt?den=70").text.splitlines()
    assert [int(line.split()[0]) for line in lines] == seen[1]


def test_the_chain_tells_nobody_how_many_took_part(app: Flask, clock: Clock, ids: dict[str, int]) -> None:
    def seen() -> str:
        pages = [PageClient(app).get(f"/kiem-chung{path}") for path in ("", "/tuan-1/chuoi")]
        pages.append(PageClient(app).sign_in(STAFF[Role.COORDINATOR]).get("/co-quan"))
        return DIGESTS.sub("", " ".join(map(words, pages)))

    def lots(text: str) -> list[str]:
        return re.findall(r"[Ll]ô \d+, [0-9:]+ [0-9/]+", text)

    seal(app, DURING, DURING + MINUTE)
    quiet = lots(seen())
    assert quiet
    for person in (PARTICIPANT, COLLEAGUE):
        scenes.sit(app, ids[person])
    assert lots(seen()) == quiet
    seal(app, DURING + 2 * MINUTE, DURING + 2 * MINUTE + timedelta(seconds=30))
    busy = lots(seen())
    assert [one.split(",")[0].lower() for one in busy if one not in quiet] == ["lô 3", "lô 3"]


def test_the_final_head_stands_on_the_page_as_soon_as_it_is_fixed(
    app: Flask, clock: Clock, ids: dict[str, int]
) -> None:
    scenes.sit(app, ids[PARTICIPANT])
    seal(app, DURING + MINUTE)
    assert "Mã đầu chuỗi cuối cùng" not in PageClient(app).get("/kiem-chung")
    clock.now = makers.WEEK_1_ENDS + MINUTE
    seal(app, clock.now)
    page = words(PageClient(app).get("/kiem-chung"))
    assert "Mọi bài của tuần đã được niêm phong trong 2 lô" in page
    coordinator = words(PageClient(app).sign_in(STAFF[Role.COORDINATOR]).get("/co-quan"))
    [head] = {one.replace(" ", "") for one in DIGESTS.findall(page[page.index("Mã đầu chuỗi cuối cùng") :])[:1]}
    assert head in coordinator.replace(" ", "")
