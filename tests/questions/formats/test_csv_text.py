"""Tables as text, by whichever separator."""

from __future__ import annotations

import pytest

from quiz.questions.formats import csv_text
from quiz.questions.formats.csv_text import looks_like_csv, read_csv
from tests.questions.formats.samples import refusal, refused, said


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_the_separator_is_the_one_that_shows_a_header(separator: str) -> None:
    lines = ["Câu hỏi~A~B~C~D~Đáp án", '"Hỏi: a, b; c?"~3,5~hai~ba~"bốn\nnăm"~A']
    text = "\n".join(lines).replace("3,5", '"3,5"').replace("~", separator)
    assert said(read_csv(text)) == ["Hỏi: a, b; c? | *3,5 | hai | ba | bốn\nnăm"]


def test_a_first_line_may_name_the_separator() -> None:
    imported = read_csv("sep=;\nCâu hỏi;A;B;C;D;Đáp án\nHỏi?;1;2;3;4;E\n")
    assert refused(imported) == ["dòng 3: đáp án “E” không phải phương án nào của câu"]


def test_rows_are_counted_as_excel_counts_them() -> None:
    imported = read_csv('Câu hỏi,A,B,C,D,Đáp án\n\n"Hỏi\n?",1,2,3,4,E\nHỏi,1,2,3,4,\n')
    assert [str(no.where) for no in imported.refused] == ["dòng 3", "dòng 4"]


def test_quotes_left_open_are_named() -> None:
    text = "Câu hỏi,A,B,C,D,Đáp án\n" + "Hỏi,1,2,3,4,A\n" * 12 + '"Hỏi,1,2,3,4,A\n'
    assert refusal(lambda: read_csv(text)) == "csv_broken"


def test_too_many_rows_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csv_text, "MOST_QUESTIONS", 20)
    assert refusal(lambda: read_csv("Câu hỏi,A,B,C,D,Đáp án\n" + "x,1,2,3,4,E\n" * 40)) == "too_many"


def test_cells_far_out_are_named() -> None:
    imported = read_csv("Câu hỏi,A,B,C,D,Đáp án\nHỏi?,1,2,3,4,A" + "," * 60 + "x\n")
    assert [(no.where.facts["line"], no.why.code) for no in imported.refused] == [(2, "far_cells")]


def test_other_texts_are_no_table() -> None:
    assert not looks_like_csv("Hỏi {=a ~b}")
    assert not looks_like_csv("Hỏi?\nA. a, b\nANSWER: A")
    assert not looks_like_csv('"')
