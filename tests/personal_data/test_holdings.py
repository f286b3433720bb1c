"""The declaration of personal data is complete: no column of the database is left out, and none is named twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

import pytest

from quiz.models import Base, all_models
from quiz.personal_data.holdings import HOLDINGS, Holding, figures
from quiz.personal_data.not_personal import NOT_PERSONAL

assert all_models


def columns(tables: Mapping[str, str]) -> Iterable[str]:
    return (f"{table}.{column}" for table, names in tables.items() for column in names.split())


def declared() -> Counter[str]:
    """Every column that is named anywhere, and how often."""
    held = Counter(name for holding in HOLDINGS for name in columns(holding.columns))
    return held + Counter(columns(NOT_PERSONAL))


def test_every_column_is_declared_personal_or_not() -> None:
    stored = {f"{table.name}.{column.name}" for table in Base.metadata.tables.values() for column in table.columns}
    missing = sorted(stored - declared().keys())
    assert missing == [], "declare these in quiz/personal_data/holdings.py or not_personal.py"
    assert sorted(declared().keys() - stored) == []


def test_no_column_is_declared_twice() -> None:
    assert [name for name, count in declared().items() if count > 1] == []


def test_whatever_points_to_a_person_is_personal() -> None:
    pointing = {
        f"{table.name}.{column.name}"
        for table in Base.metadata.tables.values()
        for column in table.columns
        if any(key.column.table.name == "people" for key in column.foreign_keys)
    }
    assert sorted(pointing & set(columns(NOT_PERSONAL))) == []


@pytest.mark.parametrize("holding", HOLDINGS, ids=lambda one: next(iter(one.columns)))
def test_every_kind_says_for_how_long(holding: Holding) -> None:
    assert "%" not in holding.kept % figures()
