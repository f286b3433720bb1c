"""Times compared in whole units, and written so that the unit compared can be read."""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo

import pytest

from quiz.scoring.resolution import Resolution
from quiz.vietnamese import HANOI

MORNING = int(datetime(2024, 10, 8, 2, 5, 9, 412_000, tzinfo=UTC).timestamp() * 1000)  # 9:05:09,412 in Hà Nội
NEW_YEAR = int(datetime(2024, 12, 31, 17, 0, tzinfo=UTC).timestamp() * 1000)  # midnight in Hà Nội
MINUTE, SECOND, TENTH, MILLISECOND = Resolution


@pytest.mark.parametrize(
    ("resolution", "words", "unit_ms"),
    [
        (MINUTE, "phút", 60_000),
        (SECOND, "giây", 1000),
        (TENTH, "phần mười giây", 100),
        (MILLISECOND, "mili giây", 1),
    ],
)
def test_every_unit_has_its_name_and_length(resolution: Resolution, words: str, unit_ms: int) -> None:
    assert (resolution.words, resolution.unit_ms) == (words, unit_ms)


@pytest.mark.parametrize(
    ("resolution", "ms", "words"),
    [
        (MINUTE, 0, "0 phút"),
        (MINUTE, 59_999, "0 phút"),
        (MINUTE, 60_000, "1 phút"),
        (MINUTE, 185_412, "3 phút"),
        (MINUTE, 3_599_999, "59 phút"),
        (MINUTE, 3_600_000, "1 giờ 00 phút"),
        (MINUTE, 7_385_000, "2 giờ 03 phút"),
        (SECOND, 999, "0 giây"),
        (SECOND, 185_999, "3 phút 05 giây"),
        (SECOND, 3_723_000, "1 giờ 02 phút 03 giây"),
        (TENTH, 99, "0,0 giây"),
        (TENTH, 185_499, "3 phút 05,4 giây"),
        (TENTH, 59_999, "59,9 giây"),
        (MILLISECOND, 7, "0,007 giây"),
        (MILLISECOND, 185_412, "3 phút 05,412 giây"),
        (MILLISECOND, 3_600_040, "1 giờ 00 phút 00,040 giây"),
    ],
)
def test_a_length_is_cut_to_the_unit(resolution: Resolution, ms: int, words: str) -> None:
    assert resolution.length(ms) == words


@pytest.mark.parametrize(
    ("resolution", "zone", "words"),
    [
        (MINUTE, HANOI, "09:05 ngày 08/10"),
        (SECOND, HANOI, "09:05:09 ngày 08/10"),
        (TENTH, HANOI, "09:05:09,4 ngày 08/10"),
        (MILLISECOND, HANOI, "09:05:09,412 ngày 08/10"),
        (MILLISECOND, UTC, "02:05:09,412 ngày 08/10"),
        (SECOND, ZoneInfo("America/New_York"), "22:05:09 ngày 07/10"),
    ],
)
def test_a_moment_is_told_on_the_clock_of_the_zone(resolution: Resolution, zone: tzinfo, words: str) -> None:
    assert resolution.moments(MORNING, MORNING + 60_600, zone)[0] == words


def test_two_moments_stand_in_the_order_given() -> None:
    assert MILLISECOND.moments(MORNING + 600, MORNING, HANOI) == ("09:05:10,012 ngày 08/10", "09:05:09,412 ngày 08/10")


@pytest.mark.parametrize("ms", [0, 1, 412, 500, 998, 999])
def test_a_moment_is_told_to_the_exact_millisecond(ms: int) -> None:
    moments = MILLISECOND.moments(MORNING // 1000 * 1000 + ms, MORNING, HANOI)
    assert moments[0] == f"09:05:09,{ms:03d} ngày 08/10"


def test_moments_of_different_years_tell_the_year() -> None:
    assert SECOND.moments(NEW_YEAR - 1, NEW_YEAR, HANOI) == ("23:59:59 ngày 31/12/2024", "00:00:00 ngày 01/01/2025")
    assert SECOND.moments(NEW_YEAR, NEW_YEAR - 1, HANOI) == ("00:00:00 ngày 01/01/2025", "23:59:59 ngày 31/12/2024")
    assert SECOND.moments(NEW_YEAR - 1, NEW_YEAR, UTC) == ("16:59:59 ngày 31/12", "17:00:00 ngày 31/12")
