"""Questions in rows, whatever the columns are called and wherever they stand."""

from __future__ import annotations

import pytest

from quiz.questions.bank import Level
from quiz.questions.formats.imported import Imported, Taking, say
from quiz.questions.formats.tables import Row, find_header, read_rows
from tests.questions.formats.samples import refused, said

ROW = ["Hỏi?", "một", "hai", "ba", "bốn", "B"]


def read(*lines: list[str]) -> Imported:
    rows: list[Row] = list(enumerate(lines, start=1))
    header = find_header(rows)
    assert header is not None
    taking = Taking()
    read_rows(rows, header, taking, lambda line: say("line", line=line))
    return taking.done()


@pytest.mark.parametrize(
    "titles",
    [
        ["Câu hỏi", "A", "B", "C", "D", "Đáp án"],
        ["NỘI DUNG CÂU HỎI", "Phương án A", "Phương án B", "Phương án C", "Phương án D", "Đáp án đúng"],
        ["Đề bài", "Đáp án A", "Đáp án B", "Đáp án C", "Đáp án D", "Câu trả lời đúng"],
        ["Question", "Option 1", "Option 2", "Option 3", "Option 4", "Correct answer"],
        ["Question Text", "Answer A", "Answer B", "Answer C", "Answer D", "Key"],
        ["Question - max 120 characters", "Answer 1 - max 75 characters", "Answer 2 (max 75)", "Answer 3", "Answer 4",
         "Correct answer(s) - choose at least one"],
    ],
)  # fmt: skip
def test_titles_in_vietnamese_and_english_are_known(titles: list[str]) -> None:
    assert said(read(["BỘ CÂU HỎI THI"], titles, ROW)) == ["Hỏi? | một | *hai | ba | bốn"]


def test_columns_may_stand_in_any_order_and_say_more() -> None:
    titles = ["STT", "Đáp án", "D", "Mức độ", "Chủ đề", "Căn cứ", "Giải thích", "Mã câu hỏi", "Câu hỏi", "Hình"]
    row = ["1", "A, C", "bốn", "Thông hiểu", "Một cửa", "Luật", "Vì vậy", "MC-1", "Hỏi?", "x.png"]
    imported = read([*titles, "A", "B", "C", "D"][:2] + titles[3:] + ["A", "B", "C", "D"],
                    row[:2] + row[3:] + ["một", "hai", "ba", "bốn"])  # fmt: skip
    (question,) = imported.questions
    assert said(imported) == ["Hỏi? | *một | hai | *ba | bốn"]
    assert (question.identifier, question.topic_name, question.level) == ("MC-1", "Một cửa", Level.UNDERSTAND)
    assert (question.document, question.explanation) == ("Luật", "Vì vậy")
    assert refused(imported) == ["dòng 1: không đọc các cột: Hình"]


def test_titles_may_take_two_rows() -> None:
    first = ["TT", "Câu hỏi", "Phương án trả lời", "", "", "", "Đáp án"]
    imported = read(first, ["", "", "A", "B", "C", "D", ""], ["1", *ROW])
    assert said(imported) == ["Hỏi? | một | *hai | ba | bốn"]


def test_options_may_share_a_cell() -> None:
    imported = read(["Câu hỏi", "Phương án", "Đáp án"], ["Hỏi?", "A. một\nB. hai\nC. ba\nD. bốn", "C"])
    assert said(imported) == ["Hỏi? | một | hai | *ba | bốn"]


def test_letters_and_stars_in_the_cells_are_not_part_of_the_options() -> None:
    titles = ["Câu hỏi", "A", "B", "C", "D", "Đáp án"]
    assert said(read(titles, ["Hỏi?", "A. một", "B. hai", "C. ba", "D. bốn", "D"])) == ["Hỏi? | một | hai | ba | *bốn"]
    assert said(read(titles[:5], ["Hỏi?", "một", "*hai", "ba", "bốn"])) == ["Hỏi? | một | *hai | ba | bốn"]
    assert said(read(titles, ["Hỏi?", "A. một", "*hai", "ba", "bốn", "A"])) == ["Hỏi? | *A. một | *hai | ba | bốn"]


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (["Hỏi?", "một", "hai", "ba", "", "A"], "có 3 phương án; bộ câu hỏi chỉ nhận câu có đúng bốn phương án"),
        (["Hỏi?", "một", "", "ba", "bốn", "A"], "phương án B để trống"),
        (["Hỏi?", "một", "hai", "ba", "bốn", ""], "không có đáp án đúng"),
        (["Hỏi?", "một", "hai", "ba", "bốn", "E"], "đáp án “E” không phải phương án nào của câu"),
        (["", "một", "hai", "ba", "bốn", "A"], "không có nội dung câu hỏi"),
        (["Phần II", "", "", "", "", ""], "chỉ có một ô chữ (“Phần II”) nên không phải câu hỏi"),
        (["Hỏi?", "một"], "có 1 phương án; bộ câu hỏi chỉ nhận câu có đúng bốn phương án"),
    ],
)
def test_rows_that_are_no_question_are_named(row: list[str], words: str) -> None:
    assert refused(read(["Câu hỏi", "A", "B", "C", "D", "Đáp án"], row)) == [f"dòng 2: {words}"]


def test_a_cell_that_cannot_be_read_spoils_its_row_only() -> None:
    titles = ["Câu hỏi", "A", "B", "C", "D", "Đáp án"]
    rows: list[Row] = [(1, titles), (2, ["Hỏi?", say("cell_date"), "b", "c", "d", "A"]), (3, ROW), (4, titles)]
    header = find_header(rows)
    assert header is not None
    taking = Taking()
    read_rows(rows, header, taking, lambda line: say("line", line=line))
    assert [(str(no.where), no.why.code) for no in taking.done().refused] == [("dòng 2", "cell_date")]
    assert len(taking.done().questions) == 1


@pytest.mark.parametrize(
    "titles",
    [["Câu", "Đáp án"], ["Câu hỏi", "A", "C"], ["A", "B", "C", "D"], ["Họ và tên", "Mã"], []],
)
def test_other_tables_have_no_header(titles: list[str]) -> None:
    assert find_header([(1, titles), (2, ROW)]) is None


def test_options_may_stand_before_the_text_and_in_any_order() -> None:
    imported = read(["Đáp án", "Phương án 4", "Phương án 3", "Phương án 2", "Phương án 1", "Nội dung câu hỏi"],
                    ["Phương án 2", "bốn", "ba", "hai", "một", "Hỏi?"])  # fmt: skip
    assert said(imported) == ["Hỏi? | một | *hai | ba | bốn"]


def test_question_and_options_may_share_a_cell() -> None:
    imported = read(["STT", "Câu hỏi", "Đáp án"], ["1", "Hỏi?\nA. một\nB. hai\nC. ba\nD. bốn", "B"])
    assert said(imported) == ["Hỏi? | một | *hai | ba | bốn"]


def test_options_without_letters_stand_one_to_a_line() -> None:
    imported = read(["Câu hỏi", "Phương án", "Đáp án"], ["Hỏi?", "một\nhai\nba\nbốn", "2"])
    assert said(imported) == ["Hỏi? | một | *hai | ba | bốn"]


@pytest.mark.parametrize("keys", [["B", "", "", ""], ["", "x", "", ""], ["", "✓", "", ""]])
def test_each_option_may_have_a_row_of_its_own(keys: list[str]) -> None:
    options = zip(["A. một", "B. hai", "C. ba", "D. bốn"], keys, strict=True)
    rows = [["Hỏi?" if option[0] == "A" else "", option, key] for option, key in options]
    imported = read(["Câu hỏi", "Phương án", "Đáp án"], *rows, ["Nữa?", "A. a\nB. b\nC. c\nD. d", "C"])
    assert said(imported) == ["Hỏi? | một | *hai | ba | bốn", "Nữa? | a | b | *c | d"]
    assert [str(each.where) for each in imported.questions] == ["dòng 2", "dòng 6"]


def test_a_merged_cell_speaks_for_every_question_beside_it() -> None:
    titles = ["Chủ đề", "Câu hỏi", "A", "B", "C", "D", "Đáp án"]
    rows: list[Row] = [(1, titles), (2, ["Một cửa", *ROW]), (3, ["", *ROW]), (4, ["", *ROW])]
    header, taking = find_header(rows), Taking()
    assert header is not None
    read_rows(rows, header, taking, lambda line: say("line", line=line), {(3, 0), (3, 1)})
    assert [question.topic_name for question in taking.done().questions] == ["Một cửa", "Một cửa", ""]
