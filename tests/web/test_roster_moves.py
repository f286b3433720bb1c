"""The pages of moves: one side proposes, the other accepts or declines, and each sees only its own."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask

from quiz.permissions import Role
from tests import makers
from tests.conftest import Clock
from tests.web import scenes
from tests.web.client import PageClient
from tests.web.scenes import COLLEAGUE, PARTICIPANT, STAFF

SATURDAY = "2024-10-12"


@pytest.fixture
def ids(app: Flask, clock: Clock) -> dict[str, int]:
    """The people of the scenes and a coordinator of Cục Thuế, on Tuesday of week 1."""
    clock.now = makers.WEEK_1 + timedelta(days=1)
    ids = scenes.lay_out(app)
    scenes.freeze(app, clock.now)
    with app.app_context():
        ids["DM02"] = makers.add_person("DM02", ids["CT"], "Ngô Thị Nhận", [Role.COORDINATOR])
    return ids


@pytest.fixture
def sender(app: Flask, ids: dict[str, int]) -> PageClient:
    """The coordinator of Sở Nội vụ."""
    return PageClient(app).sign_in(STAFF[Role.COORDINATOR])


@pytest.fixture
def receiver(app: Flask, ids: dict[str, int]) -> PageClient:
    """The coordinator of Cục Thuế."""
    return PageClient(app).sign_in("DM02")


def propose(client: PageClient, ids: dict[str, int], status: int = 302, **typed: object) -> str:
    """Propose that PARTICIPANT goes to Cục Thuế on Saturday."""
    page = f"/co-quan/{ids['SNV']}/nguoi/{ids[PARTICIPANT]}"
    fields = {"receiver": ids["CT"], "first": SATURDAY, "reason": "Quyết định số 5"} | typed
    return client.post(f"{page}/chuyen", {f"chuyen-{name}": value for name, value in fields.items()}, status, form=page)


def press(client: PageClient, page: str, ending: str, status: int = 302) -> str:
    """Press the first button of this kind on the page."""
    (address, *_) = re.findall(rf'action="([^"]+/{ending})"', client.get(page))
    return client.post(address, status=status, form=page)


def test_a_move_goes_from_proposal_to_consent_to_its_day(
    app: Flask, clock: Clock, ids: dict[str, int], sender: PageClient, receiver: PageClient
) -> None:
    here, there = f"/co-quan/{ids['SNV']}/dieu-chuyen", f"/co-quan/{ids['CT']}/dieu-chuyen"
    assert propose(sender, ids) == here
    html = sender.get(here)
    assert "Người này chuyển sang Cục Thuế sau khi cơ quan đó đồng ý." in html
    assert (
        "Trần Thị Bích Ngọc (CB01, Chuyên viên), chuyển từ Sở Nội vụ sang Cục Thuế từ ngày 12/10/2024: "
        "Quyết định số 5 Chờ cơ quan nhận đồng ý"
    ) in scenes.words(html)
    assert "Đồng ý nhận" not in html
    assert "(1 chờ đồng ý)" in receiver.get(f"/co-quan/{ids['CT']}/nguoi")
    press(receiver, there, "nhan")
    assert "Người này chuyển sang Cục Thuế khi đến ngày." in receiver.get(there)
    person = f"/co-quan/{ids['SNV']}/nguoi/{ids[PARTICIPANT]}"
    html = sender.get(person)
    assert "Đã thống nhất, chờ đến ngày" in html
    assert f'action="{person}/chuyen"' not in html
    clock.now += timedelta(days=6)
    scenes.freeze(app, clock.now)
    client = PageClient(app).sign_in("DM02")
    assert "Trần Thị Bích Ngọc" in client.get(f"/co-quan/{ids['CT']}/nguoi")
    assert "Đã xong" in client.get(there)


def test_a_move_is_declined_or_withdrawn(ids: dict[str, int], sender: PageClient, receiver: PageClient) -> None:
    here, there = f"/co-quan/{ids['SNV']}/dieu-chuyen", f"/co-quan/{ids['CT']}/dieu-chuyen"
    propose(sender, ids)
    press(receiver, there, "bo")
    assert "Đã bỏ đề nghị. Không có gì thay đổi." in receiver.get(there)
    propose(sender, ids)
    press(sender, here, "bo")
    assert sender.get(here).count("Đã bỏ</span>") == 2


def test_wrong_input_is_said_at_its_field(app: Flask, ids: dict[str, int], sender: PageClient) -> None:
    before = scenes.everything(app)
    for typed, said in (
        ({"receiver": ""}, "Hãy chọn một mục trong danh sách."),
        ({"receiver": "x"}, "Hãy chọn một mục trong danh sách."),
        ({"receiver": ids["SNV"]}, "Hãy chọn một mục trong danh sách."),
        ({"first": "2024-10-07"}, "Ngày sớm nhất là 08/10/2024."),
        ({"first": "hôm nay"}, "Hãy ghi đủ ngày, tháng, năm."),
        ({"reason": "  "}, "Cần ghi rõ lý do."),
    ):
        html = propose(sender, ids, 422, **typed)
        assert said in html
        assert html.count("field-wrong") == 1
    assert scenes.everything(app) == before


def test_one_who_keeps_both_agencies_moves_people_at_once(ids: dict[str, int], sender: PageClient) -> None:
    page = propose(sender, ids, receiver=ids["SNV-1"], first="2024-10-08")
    assert "Đã chuyển sang Chi cục Văn thư." in sender.get(page)
    assert "Trần Thị Bích Ngọc" in sender.get(f"/co-quan/{ids['SNV-1']}/nguoi")


def test_somebody_leaves_today_or_on_a_day_to_come(ids: dict[str, int], sender: PageClient) -> None:
    people, listing = f"/co-quan/{ids['SNV']}/nguoi", f"/co-quan/{ids['SNV']}/dieu-chuyen"
    for who, day, said in (
        (COLLEAGUE, "2024-10-08", "Đã cho rời danh sách."),
        (PARTICIPANT, SATURDAY, "Người này rời danh sách khi đến ngày."),
    ):
        page = f"{people}/{ids[who]}"
        fields = {"thoi-first": day, "thoi-reason": "Nghỉ hưu"}
        assert sender.post(f"{page}/thoi", fields, form=page) == listing
        assert said in sender.get(listing)
    html = sender.get(people)
    assert ("Lê Văn Tám" in html, "Trần Thị Bích Ngọc" in html) == (False, True)
    assert "thôi việc tại Sở Nội vụ từ ngày 12/10/2024: Nghỉ hưu" in scenes.words(sender.get(listing))
    page = f"{people}/{ids[PARTICIPANT]}"
    html = sender.post(f"{page}/chuyen", {"chuyen-receiver": ids["CT"], "chuyen-first": SATURDAY}, 422, form=page)
    assert "Đã thống nhất, chờ đến ngày" in html


def test_other_agencies_moves_are_out_of_reach(
    app: Flask, ids: dict[str, int], sender: PageClient, receiver: PageClient
) -> None:
    propose(sender, ids)
    own = f"/co-quan/{ids['CT']}/dieu-chuyen"
    (accepting,) = re.findall(r'action="([^"]+/nhan)"', receiver.get(own))
    before = scenes.everything(app)
    move = accepting.split("/")[-2]
    for client, agency, ending in (
        (sender, "CT", "nhan"),
        (sender, "SNV", "nhan"),
        (sender, "SNV-1", "nhan"),
        (sender, "SNV-1", "bo"),
        (receiver, "SNV", "bo"),
        (receiver, "SNV", "nhan"),
    ):
        form = own if client is receiver else f"/co-quan/{ids['SNV']}/dieu-chuyen"
        client.post(f"/co-quan/{ids[agency]}/dieu-chuyen/{move}/{ending}", status=404, form=form)
    receiver.get(f"/co-quan/{ids['SNV']}/dieu-chuyen", 404)
    fields = {"thoi-first": SATURDAY, "thoi-reason": "Nghỉ"}
    receiver.post(f"/co-quan/{ids['SNV']}/nguoi/{ids[COLLEAGUE]}/thoi", fields, status=404, form=own)
    receiver.post(f"/co-quan/{ids['CT']}/nguoi/{ids[COLLEAGUE]}/thoi", fields, status=404, form=own)
    assert scenes.everything(app) == before


def test_pressing_twice_is_told_in_words(ids: dict[str, int], sender: PageClient, receiver: PageClient) -> None:
    propose(sender, ids, first="2024-10-08")
    own = f"/co-quan/{ids['CT']}/dieu-chuyen"
    (accepting,) = re.findall(r'action="([^"]+/nhan)"', receiver.get(own))
    form = f"/co-quan/{ids['CT']}/nguoi/them"
    receiver.post(accepting, form=form)
    assert "đã được xử lý trước đó" in receiver.post(accepting, status=409, form=form)
