"""Options in running text, and what a key names."""

from __future__ import annotations

import pytest

from quiz.questions.formats.imported import Unusable
from quiz.questions.formats.lettered import Lettered, options_in, right_places, to_choices


def shown(text: str) -> tuple[str, list[str]]:
    before, options = options_in(text)
    return before, [f"{'*' * option.is_marked}{option.text}" for option in options]


@pytest.mark.parametrize(
    ("text", "before", "options"),
    [
        ("Hỏi?\nA. một\nB. hai\nC. ba\nD. bốn", "Hỏi?", ["một", "hai", "ba", "bốn"]),
        ("A. một\tB. hai  C. ba D. bốn", "", ["một", "hai", "ba", "bốn"]),
        ("A.1 B.2\nC.3 D.4", "", ["1", "2", "3", "4"]),
        ("a) một\nb) hai\nc) ba\nd) bốn", "", ["một", "hai", "ba", "bốn"]),
        ("A/ một\nB/ hai", "", ["một", "hai"]),
        ("A. một\n*B. hai\nC. * ba\nD. bốn*", "", ["một", "*hai", "*ba", "*bốn"]),
        ("Gồm:\na) x\nb) y\nA. một\nB. hai", "Gồm:\na) x\nb) y", ["một", "hai"]),
        ("A. một\nvà một nữa\nB. hai", "", ["một và một nữa", "hai"]),
        ("A. nhóm D. x\nB. hai", "", ["nhóm D. x", "hai"]),
        ("Không có phương án", "Không có phương án", []),
        ("1/A/B\nA. một", "1/A/B", ["một"]),
    ],
)
def test_options_are_found_where_letters_follow_each_other(text: str, before: str, options: list[str]) -> None:
    assert shown(text) == (before, options)


def test_letters_out_of_order_and_endless_texts_are_refused() -> None:
    with pytest.raises(Unusable, match="phương án C không theo thứ tự"):
        options_in("A. một\nC. ba\nB. hai")
    with pytest.raises(Unusable, match="có đoạn dài"):
        options_in("A. x\n" + "y\n" * 10_000)


@pytest.mark.parametrize(
    ("key", "places"),
    [
        ("B", {1}), ("b", {1}), ("B.", {1}), ("Đáp án: B", {1}), ("Phương án B", {1}), ("đáp án đúng là B", {1}),
        ("A, C", {0, 2}), ("A và C", {0, 2}), ("AC", {0, 2}), ("A;C", {0, 2}), ("A/C", {0, 2}), ("a, c", {0, 2}),
        ("2", {1}), ("1,3", {0, 2}), ("Bắc Ninh", {3}), ("bắc ninh.", {3}), ("ABCD", {0, 1, 2, 3}),
    ],
)  # fmt: skip
def test_a_key_names_options_by_letter_number_or_text(key: str, places: set[int]) -> None:
    assert right_places(key, ["Hà Nội", "Huế", "Hải Phòng", "Bắc Ninh"]) == places


@pytest.mark.parametrize(
    ("key", "options"),
    [
        ("E", ["w", "x", "y", "z"]),
        ("Đúng", ["w", "x", "y", "z"]),
        ("A hoặc B", ["w", "x", "y", "z"]),
        ("5", ["w", "x", "y", "z"]),
        ("2", ["2", "3", "4", "5"]),
        ("AB", ["A", "B", "AB", "O"]),
        ("x", ["x", "X", "y", "z"]),
        ("-", ["w", "x", "y", "z"]),
    ],
)
def test_a_key_that_may_mean_two_things_is_refused(key: str, options: list[str]) -> None:
    with pytest.raises(Unusable, match="không phải phương án nào"):
        right_places(key, options)


def test_capitals_alone_are_letters_and_equal_numbers_agree() -> None:
    assert right_places("A", ["B", "A", "D", "C"]) == {0}
    assert right_places("2", ["1", "2", "3", "4"]) == {1}


def test_marks_are_the_key_where_there_is_no_other() -> None:
    options = [Lettered("A", "một"), Lettered("B", "hai", is_marked=True)]
    assert [choice.share for choice in to_choices(options, "")] == [0, 100]
    assert [choice.share for choice in to_choices(options, "A")] == [100, 0]
    assert [choice.share for choice in to_choices([], " ")] == []
