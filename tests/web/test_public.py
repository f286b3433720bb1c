"""Everyone's pages: what they say before, during and after a week."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

import pytest
from flask import Flask

from quiz.permissions import Role
from tests import makers
from tests.conftest import Clock
from tests.web import scenes
from tests.web.client import PageClient
from tests.web.scenes import DURING, rows, words


def test_front_page_of_an_empty_installation_says_what_to_do(app: Flask) -> None:
    assert "Chưa có hội thi nào" in PageClient(app).get("/")


def test_front_page_says_which_week_is_open_and_until_when(app: Flask, clock: Clock) -> None:
    with app.app_context():
        makers.load_contest()
    clock.now = makers.WEEK_1
    page = PageClient(app).get("/")
    assert "Tuần 1 đang mở" in page
    assert "17 giờ 00 phút, thứ Sáu ngày 11/10/2024" in page
    clock.now = makers.WEEK_1 - timedelta(milliseconds=1)
    assert "Tuần 1 sắp mở" in PageClient(app).get("/")
    clock.now = makers.WEEK_2_ENDS
    assert "Hội thi đã kết thúc" in PageClient(app).get("/")


RULES = makers.CONTEST.replace(
    "paper: {questions: 5, minutes: 10}",
    """paper: {questions: 5, minutes: 10, quotas: [{topic: chung, count: 2}]}
practice: {opens: 2024-10-01 08:00, closes: 2024-10-02 17:00}
hours: {from: "08:00", until: "17:00", days: [mon, tue, wed, thu, fri]}
round_word: Đợt
divisions:
  - {code: can-bo, name: Cán bộ}
  - {code: nguoi-dan, name: Người dân, ranking: [score, lot], paper: {minutes: 15}}""",
)


def test_rules_page_prints_the_whole_rule_book_with_names_of_topics(app: Flask) -> None:
    with app.app_context():
        makers.load_contest(RULES)
    page = PageClient(app).get("/the-le")
    headings = re.findall(r"<h2>(.*?)</h2>", page)
    assert [heading for heading in headings if "xếp hạng" in heading] == [
        "Cách xếp hạng: Cán bộ",
        "Cách xếp hạng: Người dân",
    ]
    steps = [re.findall(r"<li>(.*?)</li>", chain) for chain in re.findall(r"<ol[^>]*>(.*?)</ol>", page, re.DOTALL)]
    assert [len(chain) for chain in steps] == [4, 2]
    assert "<li>Cơ cấu đề: 2 câu về Chủ đề chung; 3 câu thuộc bất kỳ chủ đề, mức độ nào.</li>" in page
    assert "<li>Người dân – Mỗi đề thi gồm 5 câu hỏi trắc nghiệm, làm trong 15 phút, " in page
    assert "<li>Mỗi người được thi một lần mỗi đợt.</li>" in page
    assert "<li>Đợt 1: mở lúc 8 giờ 00 phút, thứ Hai ngày 07/10/2024; " in page
    assert "<li>Thi thử: mở lúc 8 giờ 00 phút, thứ Ba ngày 01/10/2024; " in page
    assert "<dt>Đợt 1</dt>" in page


def test_participation_names_one_threshold_for_a_kind_or_each_agencys_own(app: Flask, clock: Clock) -> None:
    by_size = "city: [{below: 5, percent: 30}, {percent: 20}]"
    ids = scenes.lay_out(app, contest=makers.CONTEST.replace("city: 70", by_size))
    scenes.sit(app, ids[scenes.PARTICIPANT])
    scenes.publish(app, scenes.AFTER, ids[scenes.STAFF[Role.ORGANISER]])
    clock.now = scenes.AFTER
    table = scenes.rows(PageClient(app).get("/ty-le-tham-gia"), "Bảng tỷ lệ tham gia")
    assert [[row[0], row[-1]] for row in table] == [
        ["Cơ quan, đơn vị thuộc thành phố"] * 2,
        ["Chi cục Văn thư", "Còn thiếu 1 người chỉ tiêu 30%"],
        ["Sở Nội vụ", "Còn thiếu 1 người chỉ tiêu 20%"],
        ["Cơ quan Trung ương trên địa bàn – chỉ tiêu 50%"] * 2,
        ["Cục Thuế", "Còn thiếu 1 người"],
    ]


ROUNDS = (
    makers.CONTEST.replace("- {name: Giải Ba, count: 3}", "- {name: Giải toàn cuộc, count: 1, per: contest}")
    + """round_word: Đợt
attempts: {per_week: 2, counts: best}
ranking: [score, prediction, time_taken]
prediction: {text: "Bao nhiêu người dự thi?", target: people, of: division}
divisions:
  - {code: can-bo, name: Bảng cán bộ}
  - {code: nguoi-dan, name: Bảng người dân, paper: {questions: 3}}
collective:
  order: [participation, average_score]
  blocks: [{name: Khối các sở, kinds: [city], prizes: [{name: Giải tập thể, count: 1}]}]
practice: {opens: 2024-10-01 08:00, closes: 2024-10-04 17:00}
"""
)


@pytest.fixture
def ids(app: Flask, clock: Clock) -> dict[str, int]:
    """A contest of rounds with a prediction; in round 1, which is open, nobody has sat yet."""
    made = scenes.lay_out(app, contest=ROUNDS)
    with app.app_context():
        for number in range(1, 6):
            division = "can-bo" if number < 4 else "nguoi-dan"
            made[f"N{number}"] = makers.add_person(f"N{number}", made["SNV"], f"Người Thứ {number}", division=division)
    clock.now = DURING
    scenes.freeze(app, DURING)
    return made


def sit_all(app: Flask, ids: dict[str, int], number: int = 1) -> None:
    """Round 1 or 2, in which N2 and N3 are equal in everything; who is in which division predicts alike."""
    begins = DURING + timedelta(days=7 * (number - 1))
    for place, minutes in enumerate((1, 3, 3, 2, 4), start=1):
        lasts = timedelta(minutes=minutes)
        scenes.sit(app, ids[f"N{place}"], starts_at=begins, lasts=lasts, number=number, prediction=4)


def finish(app: Flask, clock: Clock, ids: dict[str, int]) -> None:
    """Both rounds sat, marked and published."""
    sit_all(app, ids)
    sit_all(app, ids, 2)
    clock.now = makers.WEEK_2_ENDS + timedelta(minutes=1)
    for number in (1, 2):
        scenes.publish(app, clock.now, ids[scenes.STAFF[Role.ORGANISER]], number)


@pytest.mark.one_database
def test_nobody_who_may_take_part_sees_the_count_that_they_are_to_predict(
    app: Flask, clock: Clock, ids: dict[str, int]
) -> None:
    """While the round is open, others may sit or not: whoever looks sees the same, everywhere."""
    own = scenes.sit(app, ids["N1"], prediction=4)
    clock.now = DURING + timedelta(hours=1)
    visitors = [PageClient(app), PageClient(app).sign_in("N1"), PageClient(app).sign_in("N2")]

    def pages() -> list[dict[str, str]]:
        looks = (scenes.crawl(app, visitor, [own], []) for visitor in visitors)
        return [{path: scenes.without_tokens(read.text) for path, read in look.items()} for look in looks]

    before = pages()
    for number in (3, 4, 5):
        scenes.sit(app, ids[f"N{number}"], prediction=4)
    scenes.sit(app, ids["N3"], starts_at=DURING + timedelta(minutes=20), attempt_code=makers.code(77))
    assert [len(look) > 10 for look in before] == [True] * 3
    assert pages() == before


def test_results_are_named_by_the_rounds_of_the_contest(app: Flask, clock: Clock, ids: dict[str, int]) -> None:
    visitor = PageClient(app)
    assert "Chưa có kết quả nào được công bố." in words(visitor.get("/ket-qua"))
    finish(app, clock, ids)
    pages = [visitor.get(path) for path in ("/ket-qua", "/ket-qua/tuan-1", "/ty-le-tham-gia", "/ket-qua/tuan-2")]
    assert words(pages[0]).startswith("Kết quả các đợt thi Đợt 2 Bảng cán bộ")
    assert words(pages[1]).startswith("Kết quả đợt 1 Công bố lần 1")
    assert "Số liệu đến hết đợt 2, công bố lúc" in words(pages[2])
    assert "Tổng số Miễn Dự thi đợt 2 Tỷ lệ đợt 2 Dự thi cả hội thi" in words(pages[2])
    assert [re.findall(r"[Tt]uần", words(page)) for page in pages] == [[]] * 4


def test_the_last_round_brings_the_whole_contest_and_the_agencies(
    app: Flask, clock: Clock, ids: dict[str, int]
) -> None:
    finish(app, clock, ids)
    visitor = PageClient(app)
    for path in ("/ket-qua", "/ket-qua/tuan-2"):
        page = visitor.get(path)
        ends = words(page).partition("Giải thưởng cả hội thi ")[2]
        assert ends.startswith("Bảng cán bộ Giải toàn cuộc Người Thứ 1 Sở Nội vụ Hạng 1: cùng 10/10 câu đúng,")
        assert rows(page, "Giải tập thể: Khối các sở")[0] == [
            *("1", "Sở Nội vụ", "Giải tập thể"),
            "Tỷ lệ tham gia 41,66% (5/12 người), điểm trung bình 100,00% (42/42 điểm)",
        ]
    assert "Giải thưởng cả hội thi" not in visitor.get("/ket-qua/tuan-1")


def test_the_public_sees_the_target_and_how_many_are_equal_but_not_who(
    app: Flask, clock: Clock, ids: dict[str, int]
) -> None:
    finish(app, clock, ids)
    page = PageClient(app).get("/ket-qua/tuan-1")
    own, other = words(page).partition("Bảng người dân")[::2]
    assert "Người dự thi 3 Lượt thi 3 Người đúng cả 5 câu 3 Kết quả phải dự đoán 3" in own
    assert "Người dự thi 2 Lượt thi 2 Người đúng cả 3 câu 2 Kết quả phải dự đoán 2" in other


def test_equals_for_one_prize_stay_unnamed_in_public(app: Flask, clock: Clock) -> None:
    text = makers.CONTEST.replace("{name: Giải Nhì, count: 2}", "{name: Giải Nhì, count: 1}")
    made = scenes.lay_out(app, contest=text + "ranking: [score, time_taken]\n")
    with app.app_context():
        made |= {f"N{n}": makers.add_person(f"N{n}", made["SNV"], f"Người Thứ {n}") for n in range(1, 4)}
    for number, minutes in ((1, 1), (2, 3), (3, 3)):
        scenes.sit(app, made[f"N{number}"], lasts=timedelta(minutes=minutes))
    clock.now = scenes.AFTER
    scenes.mark(app, clock.now)
    organiser = PageClient(app).sign_in(scenes.STAFF[Role.ORGANISER]).get("/ban-to-chuc/tuan-1")
    told = re.search(r"Ban Tổ chức cần quyết định \((.*?)\): (.*?)\.<", organiser)
    assert told
    assert told[1] == "01 Giải Nhì, 01 Giải Ba"
    assert sorted(told[2].split("; ")) == ["Người Thứ 2 (Sở Nội vụ)", "Người Thứ 3 (Sở Nội vụ)"]
    scenes.publish(app, clock.now, made[scenes.STAFF[Role.ORGANISER]])
    for path in ("/", "/ket-qua", "/ket-qua/tuan-1"):
        page = PageClient(app).get(path)
        assert "01 Giải Nhì, 01 Giải Ba: 2 người bằng nhau ở mọi tiêu chí, chờ Ban Tổ chức quyết định." in words(page)
        assert "Người Thứ 2" not in page


def test_the_hall_opens_prizes_from_the_last_to_the_first(app: Flask, clock: Clock, ids: dict[str, int]) -> None:
    assert "Chưa có lần công bố này." in words(PageClient(app).get("/ket-qua/tuan-1/hoi-truong", 404))
    finish(app, clock, ids)
    page = PageClient(app).get("/ket-qua/tuan-1/hoi-truong")
    own = page[: page.index("Bảng người dân")]
    assert (
        re.findall(r'hall-prize">(.*?)<', own)
        == ["Giải Nhì", "Giải Nhì", "Giải Nhất"][-len(re.findall("data-place", own)) :]
    )
    assert "Giải toàn cuộc" in PageClient(app).get("/ket-qua/tuan-2/hoi-truong")


def test_other_sites_may_frame_the_widget_and_nothing_else(app: Flask, clock: Clock, ids: dict[str, int]) -> None:
    visitor = PageClient(app)
    assert "Chưa có kết quả nào được công bố." in visitor.get("/nhung/ket-qua")
    finish(app, clock, ids)
    page = visitor.get("/nhung/ket-qua")
    assert words(page).startswith("Người đạt giải đợt 2 Bảng cán bộ Giải Nhất : Người Thứ 1")
    policies = {
        path: visitor.http.get(path).headers["Content-Security-Policy"].rpartition("; ")[2]
        for path in ("/nhung/ket-qua", "/ket-qua", "/")
    }
    assert policies == {
        "/nhung/ket-qua": "frame-ancestors *",
        "/ket-qua": "frame-ancestors 'none'",
        "/": "frame-ancestors 'none'",
    }
    assert 'src="http://localhost/nhung/ket-qua"' in unescape(visitor.get("/ket-qua"))


def test_what_is_said_in_place_of_the_widget_may_not_be_framed(app: Flask) -> None:
    """It is a whole page, with its menu and its form."""
    answer = PageClient(app).http.get("/nhung/ket-qua")
    assert answer.status_code == 409
    assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]


def test_the_poster_leads_here_and_says_when(app: Flask, clock: Clock, ids: dict[str, int]) -> None:
    page = PageClient(app).get("/ap-phich")
    assert "<svg" in page
    assert "http://localhost/" in words(page)
    assert "Đợt 1 8 giờ 00 phút, thứ Hai ngày 07/10/2024 đến 17 giờ 00 phút, thứ Sáu ngày 11/10/2024" in words(page)


def test_a_link_shows_what_it_leads_to(app: Flask, clock: Clock, ids: dict[str, int]) -> None:
    finish(app, clock, ids)
    for path, title in (
        ("/", "Hội thi đã kết thúc"),
        ("/ket-qua/tuan-1", "Kết quả đợt 1"),
        ("/the-le", "Thể lệ hội thi"),
    ):
        page = PageClient(app).get(path)
        card = dict(re.findall(r'property="og:(\w+)" content="(.*?)"', page))
        assert (card["title"], card["url"]) == (title, f"http://localhost{path}")
        with app.test_client().get(card["image"]) as image:
            assert image.mimetype == "image/png"


def test_participation_is_searched_and_put_in_order(app: Flask, clock: Clock) -> None:
    made = scenes.lay_out(app)
    scenes.sit(app, made[scenes.CHILD])
    scenes.publish(app, scenes.AFTER, made[scenes.STAFF[Role.ORGANISER]])
    clock.now = scenes.AFTER
    visitor = PageClient(app)

    def names(query: str) -> list[str]:
        table = rows(visitor.get(f"/ty-le-tham-gia?{query}"), "Bảng tỷ lệ tham gia")
        return [row[0] for row in table if len(row) > 2]

    assert names("tim=") == ["Chi cục Văn thư", "Sở Nội vụ", "Cục Thuế"]
    assert names("tim=noi+vu") == ["Sở Nội vụ"]
    assert names("xep=thieu") == ["Sở Nội vụ", "Chi cục Văn thư", "Cục Thuế"]
    assert "Tìm thấy 0 trong 3 cơ quan, đơn vị." in words(visitor.get("/ty-le-tham-gia?tim=<b>"))
    assert "1/3 cơ quan, đơn vị đạt chỉ tiêu cả hội thi" in words(visitor.get("/ty-le-tham-gia"))


@pytest.mark.one_database
@pytest.mark.parametrize("path", ["/", "/the-le", "/ap-phich", "/ket-qua/tuan-1/hoi-truong"])
def test_every_page_can_be_read_in_english(app: Flask, clock: Clock, ids: dict[str, int], path: str) -> None:
    finish(app, clock, ids)
    visitor = PageClient(app)
    assert f'name="next" value="{path}"' in visitor.get(path)
    assert visitor.http.post("/ngon-ngu", data={"language": "en", "next": path}).headers["Location"] == path
    assert '<html lang="en">' in visitor.get(path)
