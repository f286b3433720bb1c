"""By when requests about personal data must be acknowledged and answered."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from quiz.errors import Refused
from quiz.personal_data.request_rules import Kind, State, acknowledge_by, answer_by, check_may_extend, ends
from quiz.vietnamese import HANOI


@pytest.mark.parametrize(
    ("asked", "last"),
    [
        (datetime(2026, 11, 16, 3, tzinfo=UTC), date(2026, 11, 18)),  # Monday
        (datetime(2026, 11, 19, 3, tzinfo=UTC), date(2026, 11, 23)),  # Thursday: Friday, then Monday
        (datetime(2026, 11, 20, 3, tzinfo=UTC), date(2026, 11, 24)),  # Friday
        (datetime(2026, 11, 21, 3, tzinfo=UTC), date(2026, 11, 24)),  # Saturday
        (datetime(2026, 11, 15, 18, tzinfo=UTC), date(2026, 11, 18)),  # Sunday in UTC is Monday in Hanoi
    ],
)
def test_a_request_is_acknowledged_in_two_working_days(asked: datetime, last: date) -> None:
    assert acknowledge_by(asked, HANOI) == last


@pytest.mark.parametrize(
    ("kind", "last"),
    [
        (Kind.COPY, date(2026, 11, 26)),
        (Kind.CORRECT, date(2026, 11, 26)),
        (Kind.OBJECT, date(2026, 12, 1)),
        (Kind.ERASE, date(2026, 12, 6)),
    ],
)
def test_each_kind_has_its_own_time(kind: Kind, last: date) -> None:
    assert answer_by(kind, datetime(2026, 11, 16, 3, tzinfo=UTC), HANOI, is_extended=False) == last


def test_an_extension_is_as_long_as_the_time_was() -> None:
    asked = datetime(2026, 11, 16, 3, tzinfo=UTC)
    assert answer_by(Kind.ERASE, asked, HANOI, is_extended=True) == date(2026, 12, 26)


def test_a_last_day_lasts_until_midnight_of_the_place() -> None:
    assert ends(date(2026, 11, 18), HANOI) == datetime(2026, 11, 18, 17, tzinfo=UTC)


@pytest.mark.parametrize(
    ("kind", "state", "is_extended", "code"),
    [
        (Kind.ERASE, State.ACKNOWLEDGED, True, "request_not_extendable"),
        (Kind.COPY, State.WAITING, False, "request_not_extendable"),
        (Kind.ERASE, State.GRANTED, False, "request_moved_on"),
    ],
)
def test_only_an_open_erasure_is_put_off_and_only_once(kind: Kind, state: State, is_extended: bool, code: str) -> None:
    check_may_extend(Kind.ERASE, State.WAITING, is_extended=False)
    with pytest.raises(Refused) as caught:
        check_may_extend(kind, state, is_extended=is_extended)
    assert caught.value.code == code
