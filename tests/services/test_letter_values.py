"""Every figure of every document is that of the publication, and every column of shares adds up to 100 %."""

from __future__ import annotations

import io
from collections import Counter
from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest
from docx import Document

from quiz.config import ROOT
from quiz.exports.letter_docx import filled
from quiz.exports.letters import Letter, LetterFields, plain
from quiz.scoring.participation import Basis
from quiz.services.audit import Act
from quiz.services.letter_facts import LetterFacts
from quiz.services.letter_samples import samples
from quiz.services.letter_values import values
from quiz.services.machine import Event
from quiz.services.published_lot import PublishedLot
from quiz.vietnamese import HANOI, number, percent
from tests.services import letter_scene
from tests.services.letter_scene import ODD, facts

FIELDS = LetterFields(
    superior="Ủy ban nhân dân thành phố",
    office="Sở Nội vụ",
    abbreviation="SNV",
    place="Hải Phòng",
    signed_on=date(2024, 2, 5),
    authority="Giám đốc Sở Nội vụ",
    position="KT. Giám đốc\nPhó Giám đốc",
    signer="Nguyễn Văn A",
    grounds="- Căn cứ Luật Thi đua;\nCăn cứ Kế hoạch.",
    receivers="- Như Điều 3;\n",
    numbers={"QĐ": "12"},
)


class Made:
    """A document as Word would open it."""

    def __init__(self, letter: Letter, told: LetterFacts | None = None, fields: LetterFields = FIELDS) -> None:
        written = plain(values(letter, told or facts(), fields))
        self.file = Document(io.BytesIO(filled(letter.original.read_bytes(), written)))  # type: ignore[arg-type]

    @property
    def text(self) -> str:
        """Everything that is written in it, tables included."""
        return "\n".join(
            "".join(run.text or "" for run in each.iter("{*}t")) for each in self.file.element.iter("{*}p")
        )

    def table(self, *titles: str) -> list[list[str]]:
        """The body of the first table with these titles among its own."""
        for each in self.file.tables:
            found = [cell.text for cell in each.rows[0].cells]
            if set(titles) <= set(found):
                return [[cell.text for cell in row.cells] for row in each.rows[1:]]
        raise AssertionError(f"no table with {titles}")


def points(shown: str) -> Fraction:
    """A percentage as it is written."""
    return Fraction(shown.removesuffix("%").replace(".", "").replace(",", "."))


def test_the_head_and_foot_are_those_of_the_decree() -> None:
    made = Made(Letter.DECISION)
    issuer, nation = (cell.text.splitlines() for cell in made.file.tables[0].rows[0].cells)
    assert [line for line in issuer if line] == ["ỦY BAN NHÂN DÂN THÀNH PHỐ", "SỞ NỘI VỤ", "Số: 12/QĐ-SNV"]
    assert [line for line in nation if line] == [
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
        "Hải Phòng, ngày 05 tháng 02 năm 2024",
    ]
    for words in ("Căn cứ Luật Thi đua;", "Căn cứ Kế hoạch;", "- Như Điều 3;", "KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"):
        assert words in made.text.splitlines()


def test_what_the_office_did_not_fill_in_stays_dotted() -> None:
    words = Made(Letter.DECISION, fields=LetterFields()).text
    assert "Số: ……/QĐ-……" in words
    assert "……, ngày …… tháng …… năm ……" in words


def test_the_decision_names_the_prizes_the_sum_in_words_and_what_is_not_decided() -> None:
    made = Made(Letter.DECISION)
    assert "và 04 (bốn) giải cá nhân, gồm 01 Giải Nhất, 02 Giải Nhì, 01 Giải Ba (có danh sách kèm theo)" in made.text
    assert "4.500.000 đồng (bằng chữ: Bốn triệu năm trăm nghìn đồng)" in made.text
    assert "- 02 Giải Ba – 3 người bằng nhau ở mọi tiêu chí." in made.text
    assert "(Kèm theo Quyết định số 12/QĐ-SNV ngày 05 tháng 02 năm 2024 của Giám đốc Sở Nội vụ)" in made.text


@pytest.mark.parametrize("letter", [Letter.DECISION, Letter.WINNERS, Letter.ANNOUNCEMENT])
def test_the_list_of_winners_is_the_published_one(letter: Letter) -> None:
    (division,) = facts().publication.divisions
    assert Made(letter).table("Họ và tên", "Tiền thưởng (đồng)") == [
        [str(place), one.name, one.agency, one.prize, number(one.amount or 0)]
        for place, one in enumerate(division.winners, 1)
    ]


def test_prizes_without_an_amount_are_not_summed() -> None:
    told = facts()
    (division,) = told.publication.divisions
    first, *others = division.winners
    some = replace(division, winners=(first, *(replace(one, amount=None) for one in others)))
    mixed = Made(Letter.DECISION, replace(told, publication=replace(told.publication, divisions=(some,))))
    assert "2.000.000 đồng (bằng chữ: Hai triệu đồng), không kể 3 giải mà thể lệ không ghi mức tiền" in mixed.text
    none = replace(some, winners=tuple(replace(one, amount=None) for one in division.winners))
    bare = Made(Letter.DECISION, replace(told, publication=replace(told.publication, divisions=(none,))))
    assert "Tổng số tiền thưởng" not in bare.text


def test_people_and_attempts_by_kind_add_up_and_so_do_their_shares() -> None:
    published = facts().publication
    *rows, total = Made(Letter.ANNOUNCEMENT).table("Khối", "Tỷ trọng")
    assert [row[:2] + row[3:4] for row in rows] == [
        [one.words, number(one.ranked), number(one.attempts)] for one in published.kinds
    ]
    assert total == ["Cộng", number(published.people), "100,00%", number(published.attempts), "100,00%"]
    for column in (2, 4):
        assert sum(points(row[column]) for row in rows) == 100


def test_the_score_bands_hold_everybody_once() -> None:
    published = facts().publication
    *rows, total = Made(Letter.ANNOUNCEMENT).table("Mức điểm")
    (division,) = published.divisions
    bands = dict(division.bands)
    assert [row[1] for row in rows] == [
        number(count) for count in (bands[20], bands[17], 0, bands[9], bands[2], bands[0])
    ]
    assert total == ["Cộng", number(published.people), "100,00%"]
    assert sum(points(row[2]) for row in rows) == 100
    assert (
        f"{number(division.all_right)} người trả lời đúng tất cả các câu, bằng {rows[0][2]} số"
        in Made(Letter.ANNOUNCEMENT).text
    )


def test_the_change_on_the_week_before_is_that_of_the_figures_shown() -> None:
    told = facts()
    now, before = told.publication, told.before
    assert before
    rows = Made(Letter.ANNOUNCEMENT).table("Chỉ tiêu", "Tuần 1", "Tuần 2")
    assert rows[0] == ["Số người dự thi", number(before.people), number(now.people), "tăng 321"]
    assert rows[1] == ["Số lượt thi", number(before.attempts), number(now.attempts), "giảm 5"]
    assert [row[3] for row in rows[2:]] == ["không đổi", "không đổi"]
    assert "Không có kết quả đã công bố của tuần trước" in Made(Letter.ANNOUNCEMENT, facts(before=None)).text


@pytest.mark.parametrize("fewer", [40, 321, -10])
def test_the_change_of_the_rate_is_the_difference_of_the_rates_shown(fewer: int) -> None:
    told = facts()
    total = told.publication.total
    before = replace(told.publication, total=replace(total, people=total.people - fewer))
    *_, row = Made(Letter.ANNOUNCEMENT, replace(told, before=before)).table("Chỉ tiêu", "Tuần 1")
    difference = points(row[2]) - points(row[1])
    assert row[3] == f"{'tăng' if fewer > 0 else 'giảm'} {percent(abs(difference) / 100)[:-1]} điểm %"


def test_what_an_older_publication_does_not_hold_is_left_out_with_a_sentence() -> None:
    told = facts()
    (division,) = told.publication.divisions
    older = replace(told.publication, kinds=(), divisions=(replace(division, bands=(), full=0),), rulings=())
    words = Made(Letter.ANNOUNCEMENT, replace(told, publication=older)).text
    assert "không lưu số liệu chia theo khối" in words
    assert "không lưu phân bố điểm" in words
    assert "Khối" not in Made(Letter.PARTICIPATION, replace(told, publication=older)).text


def test_the_report_gives_every_agency_as_published() -> None:
    published = facts().publication
    made = Made(Letter.PARTICIPATION)
    lines = [[cell.text for cell in line.cells] for table in made.file.tables for line in table.rows]
    shown = {row[1]: row[2:] for row in lines if len(row) == 12}
    for one in published.agencies:
        missing = one.contest.missing(one.limit)
        assert shown[one.name] == [
            *map(number, (one.headcount, one.exempt, one.week.base, one.people)),
            percent(one.week.rate or Fraction(0)),
            *map(number, (one.contest.base, one.contest_people)),
            percent(one.contest.rate or Fraction(0)),
            "70%" if one.kind == "city" else "50%",
            f"Thiếu {missing}" if missing else "Đạt",
        ]
    assert len(shown) == len(published.agencies) + 1, "and the titles"


def test_the_totals_of_the_report_are_sums_of_its_rows() -> None:
    *rows, total = Made(Letter.PARTICIPATION).table("Khối", "Đạt")
    published = facts().publication
    for column in (1, 2, 3, 4, 6):
        assert total[column] == number(sum(int(row[column].replace(".", "")) for row in rows))
    assert total[4] == number(published.total.people)
    assert total[5] == percent(published.total.rate or Fraction(0))
    short = Made(Letter.PARTICIPATION).table("Còn thiếu (người)")
    assert len(short) == int(total[1]) - int(total[2])


def test_the_report_says_when_its_rows_hold_units_twice() -> None:
    published = facts().publication
    fewer = replace(published.total, headcount=published.total.headcount - 1)
    assert "gồm cả các đơn vị đó" not in Made(Letter.PARTICIPATION).text
    twice = Made(Letter.PARTICIPATION, facts(publication=replace(published, total=fewer)))
    assert "gồm cả các đơn vị đó" in twice.text


def test_the_verdict_is_by_what_the_rules_hold() -> None:
    published = facts().publication
    for basis in Basis:
        short = Made(Letter.PARTICIPATION, facts(basis=basis)).table("Còn thiếu (người)")
        held = [one.week if basis is Basis.WEEK else one.contest for one in published.agencies]
        reached = Counter(each.reaches(one.limit) for each, one in zip(held, published.agencies, strict=True))
        assert len(short) == reached[False]


def test_the_minutes_say_how_places_were_parted_and_leave_the_rest_to_people() -> None:
    made = Made(Letter.MINUTES)
    assert made.table("Hạng", "Lý do")[1] == ["Giải Nhì", "2", "Lê Thị Ổn", "Sở 1", "lý do hạng 2"]
    assert "Quyết định của cuộc họp: …" in made.text
    assert letter_scene.publication().lot_seed in made.text
    assert "Câu “Câu sai?”: Câu hỏi bị hủy" in made.text
    assert "Số người bị loại khỏi xét giải, còn hiệu lực lúc công bố: không có." in made.text
    assert "còn hiệu lực lúc công bố: 12." in Made(Letter.MINUTES, facts(struck=12)).text


def test_the_minutes_hold_the_final_head_where_a_chain_was_kept() -> None:
    head = "mã đầu chuỗi niêm phong cuối cùng của tuần 2: " + 64 * "e"
    assert f"{head}." in Made(Letter.MINUTES, facts(head=64 * "e")).text
    assert "mã đầu chuỗi" not in Made(Letter.MINUTES, facts()).text


def test_the_minutes_tell_that_the_server_was_restarted() -> None:
    restart = Event(act=Act.FIND_RESTART, at=facts().opens_at, seconds=95.0, attempts=12)
    assert f"{restart.words(HANOI)}." in Made(Letter.MINUTES, facts(machine=[restart])).text
    assert "khởi động lại" not in Made(Letter.MINUTES, facts()).text


def test_the_minutes_say_by_which_public_value_lots_were_drawn() -> None:
    told, lot = facts(), PublishedLot(event="Xổ số thứ Hai", value="90817", drawn_at="", decision="7/BB", ties=())
    drawn, waiting = (replace(told.publication, lot_seed="", lot=one) for one in (lot, None))
    assert "Bốc thăm theo Xổ số thứ Hai: 90817." in Made(Letter.MINUTES, replace(told, publication=drawn)).text
    text = Made(Letter.MINUTES, replace(told, publication=waiting)).text
    assert "Chưa bốc thăm." in text
    assert "đã cam kết" not in text


def test_a_contest_of_rounds_by_another_name_never_speaks_of_weeks() -> None:
    told = facts(week_name="Đợt 2", before_name="Đợt 1", round_word="Đợt")
    for letter in Letter:
        assert "tuần" not in Made(letter, told).text.lower()
    assert "3. So với đợt trước" in Made(Letter.ANNOUNCEMENT, told).text


@pytest.mark.parametrize("letter", Letter)
def test_names_stay_text_and_nothing_is_left_to_fill(letter: Letter) -> None:
    words = Made(letter).text
    assert ODD in words
    assert "{%" not in words
    assert "{{" not in words.replace(ODD, "")


@pytest.mark.parametrize("letter", Letter)
def test_templates_can_be_tried_with_everything_and_with_nothing(letter: Letter) -> None:
    full, bare = samples(letter)
    assert set(full) == set(bare)
    for each in (full, bare):
        assert filled(letter.original.read_bytes(), each)
    assert letter_scene.NOBODY.rate is None


def test_the_guide_names_everything_that_a_template_can_use() -> None:
    guide = (ROOT / "docs" / "van-hanh.md").read_text("utf-8")
    assert {name for letter in Letter for name in samples(letter)[0] if f"`{name}`" not in guide} == set()
