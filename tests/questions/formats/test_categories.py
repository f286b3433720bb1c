"""Paths of categories, there and back."""

from __future__ import annotations

import pytest

from quiz.questions.formats.categories import path_of, topic_name


@pytest.mark.parametrize("name", ["Một cửa", "Một cửa / liên thông", "CB/CC/VC"])
def test_names_come_back(name: str) -> None:
    assert topic_name(path_of(name)) == name


def test_the_last_name_of_a_foreign_path_is_the_topic() -> None:
    assert topic_name(" $system$/top/Mặc định/Chương 1 ") == "Chương 1"
    assert topic_name("Chương 1") == "Chương 1"
