"""The sort keys of a hundred thousand names, made word by word."""

from __future__ import annotations

import pytest

from quiz import vietnamese
from quiz.services import roster_writes


@pytest.mark.parametrize("name", ["Nguyễn  Văn Ấn", "Ông ỔN", "H'Hen Niê", "Đỗ-Lê Ý 2"])
def test_sort_keys_made_word_by_word_are_those_of_the_rule(name: str) -> None:
    assert roster_writes._name_key(name) == vietnamese.name_key(name)
    assert roster_writes._sort_key(name) == vietnamese.sort_key(name)
