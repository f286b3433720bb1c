"""When a round is open, in words: its opening and closing, and between them the hours of each day."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from quiz.contest.schedule import Week
from quiz.vietnamese import WEEKDAYS, closing, moment, weekday

_DAY = timedelta(days=1)
_Clocks = tuple[tuple[timedelta, timedelta], ...]
"""From when until when a day is open, counted from midnight."""
_Local = tuple[datetime, datetime]
"""A span as the clocks of the zone show it."""


def open_in_words(week: Week, zone: ZoneInfo) -> str:
    """'mở lúc …; đóng lúc …; trong thời gian đó chỉ mở từ 7 giờ 30 đến 17 giờ các ngày thứ Hai đến thứ Sáu'."""
    spans = week.open_spans
    told = f"mở lúc {moment(spans[0].start, zone)}; đóng lúc {closing(spans[-1].end, zone)}"
    if len(spans) == 1:
        return told
    local = [_local(span.start, span.end, zone) for span in spans]
    (first, _), (_, last) = local[0], local[-1]
    calendar = [first.date() + _DAY * count for count in range(-((_midnight(first) - last) // _DAY))]
    days_by_hours: dict[_Clocks, list[date]] = {}
    for day, clocks in _as_on_other_days(_by_day(local), first, last).items():
        days_by_hours.setdefault(clocks, []).append(day)
    parts = [f"{_hours(clocks)} {_days(days, calendar)}" for clocks, days in days_by_hours.items()]
    parts += [_over_midnight(*span) for span in local if not _is_of_one_day(*span)]
    return f"{told}; trong thời gian đó chỉ mở {'; '.join(parts)}"


def _local(start: datetime, end: datetime, zone: ZoneInfo) -> _Local:
    return start.astimezone(zone).replace(tzinfo=None), end.astimezone(zone).replace(tzinfo=None)


def _midnight(at: datetime) -> datetime:
    return datetime.combine(at, time())


def _is_of_one_day(start: datetime, end: datetime) -> bool:
    return end - _midnight(start) <= _DAY


def _by_day(spans: Sequence[_Local]) -> dict[date, _Clocks]:
    found: dict[date, _Clocks] = {}
    for start, end in spans:
        if _is_of_one_day(start, end):
            clocks = (start - _midnight(start), end - _midnight(start))
            found[start.date()] = (*found.get(start.date(), ()), clocks)
    return found


def _as_on_other_days(by_day: dict[date, _Clocks], first: datetime, last: datetime) -> dict[date, _Clocks]:
    """The first and last day have the hours of another day where only opening and closing cut them short."""
    found = dict(by_day)
    for day in {first.date(), last.date()} & by_day.keys():
        midnight = datetime.combine(day, time())
        others = (hours for other, hours in by_day.items() if other != day)
        cut_short = (hours for hours in others if _cut(hours, first - midnight, last - midnight) == by_day[day])
        found[day] = next(cut_short, by_day[day])
    return found


def _cut(hours: _Clocks, first: timedelta, last: timedelta) -> _Clocks:
    within = ((max(opens, first), min(closes, last)) for opens, closes in hours)
    return tuple((opens, closes) for opens, closes in within if opens < closes)


def _hours(clocks: _Clocks) -> str:
    return _listed([f"từ {_clock(opens)} đến {_clock(closes)}" for opens, closes in clocks])


def _clock(at: timedelta) -> str:
    """'7 giờ 30', '13 giờ', '24 giờ'."""
    hours, minutes = divmod(at // timedelta(minutes=1), 60)
    return f"{hours} giờ {minutes:02d}" if minutes else f"{hours} giờ"


def _over_midnight(start: datetime, end: datetime) -> str:
    shown = end - timedelta(milliseconds=1)
    until = _clock(end - _midnight(shown))
    return f"từ {_clock(start - _midnight(start))} ngày {start:%d/%m} đến {until} ngày {shown:%d/%m}"


def _days(days: Sequence[date], calendar: Sequence[date]) -> str:
    """These days of the round's calendar: 'các ngày thứ Hai đến thứ Sáu, trừ ngày 09/10', 'thứ Ba ngày 08/10'."""
    if len(days) == 1:
        return f"{weekday(days[0])} ngày {days[0]:%d/%m}"
    weekdays = {day.weekday() for day in days}
    others = [day for day in calendar if day.weekday() in weekdays and day not in days]
    if len(others) >= len(days):
        return _dates(days)
    told = "hằng ngày" if len(weekdays) == len(WEEKDAYS) else f"các ngày {_listed(list(_named(weekdays)))}"
    return f"{told}, trừ {_dates(others)}" if others else told


def _named(weekdays: Collection[int]) -> Iterator[str]:
    """'thứ Hai đến thứ Sáu' where at least three follow each other, otherwise each by itself."""
    for run in _runs(weekdays):
        names = [WEEKDAYS[day] for day in run]
        yield from [f"{names[0]} đến {names[-1]}"] if len(run) > 2 else names


def _dates(days: Sequence[date]) -> str:
    """'ngày 07/10', 'các ngày 07/10–09/10, 11/10'."""
    runs = [[f"{date.fromordinal(day):%d/%m}" for day in run] for run in _runs({day.toordinal() for day in days})]
    named = ["–".join(dict.fromkeys((run[0], run[-1]))) for run in runs]
    return f"{'các ngày' if len(days) > 1 else 'ngày'} {', '.join(named)}"


def _runs(numbers: Collection[int]) -> list[list[int]]:
    """The numbers in order, those that follow each other together."""
    runs: list[list[int]] = []
    for number in sorted(numbers):
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return runs


def _listed(parts: Sequence[str]) -> str:
    """'a', 'a và b', 'a, b và c'."""
    *others, last = parts
    return f"{', '.join(others)} và {last}" if others else last
