"""How finely times are compared, and how they are then written: what parts two people can be read from the figures."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo
from enum import StrEnum

from quiz.vietnamese import duration


class Resolution(StrEnum):
    """The unit in which times are compared; what is smaller is cut and never rounded."""

    MINUTE = "minute"
    SECOND = "second"
    TENTH = "tenth"
    MILLISECOND = "millisecond"

    @property
    def words(self) -> str:
        """The unit, as in 'tính đến …'."""
        return {"minute": "phút", "second": "giây", "tenth": "phần mười giây", "millisecond": "mili giây"}[self]

    @property
    def unit_ms(self) -> int:
        """How many milliseconds one unit is."""
        return {"minute": 60_000, "second": 1000, "tenth": 100, "millisecond": 1}[self]

    def length(self, ms: int) -> str:
        """A length of time in words: '3 phút', '3 phút 05 giây', '3 phút 05,4 giây', '3 phút 05,412 giây'."""
        if self is Resolution.MINUTE:
            hours, minutes = divmod(ms // 60_000, 60)
            return f"{hours} giờ {minutes:02d} phút" if hours else f"{minutes} phút"
        words = duration(timedelta(milliseconds=ms))
        return words.removesuffix(" giây") + f"{self._part(ms)} giây"

    def moments(self, one_ms: int, other_ms: int, zone: tzinfo) -> tuple[str, str]:
        """Two moments since 1970 on the clock of the zone, with the day, and with the year where the years differ."""
        one, other = (datetime.fromtimestamp(ms // 1000, UTC).astimezone(zone) for ms in (one_ms, other_ms))
        day = "%d/%m" if one.year == other.year else "%d/%m/%Y"
        time = "%H:%M" if self is Resolution.MINUTE else "%H:%M:%S"
        return (
            f"{one:{time}}{self._part(one_ms)} ngày {one:{day}}",
            f"{other:{time}}{self._part(other_ms)} ngày {other:{day}}",
        )

    def _part(self, ms: int) -> str:
        digits = {"tenth": 1, "millisecond": 3}.get(self, 0)
        return f",{ms % 1000:03d}"[: digits + 1] if digits else ""
