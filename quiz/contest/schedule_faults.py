"""What can be wrong in a contest file whose form is right: weeks that overlap, quotas too large, rules at odds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import chain, pairwise
from zoneinfo import ZoneInfo, available_timezones

from pydantic_core import PydanticCustomError

from quiz.contest.attempt_rules import AttemptRules
from quiz.questions.file_forms import Naming, parse_moment, text_at, to_faults
from quiz.questions.paper import PaperRules
from quiz.scoring.counted import Counts
from quiz.yaml_text import Data, Fault, Loc, Reading

Complaint = tuple[Loc, str]


@dataclass(frozen=True, slots=True)
class _Week:
    """One week as written, the `place`-th of the file; a time that cannot be read is None."""

    loc: Loc
    place: int
    number: int | None
    opens: datetime | None
    closes: datetime | None


def find_faults(reading: Reading, naming: Naming) -> list[Fault]:
    """Everything that only the sense of the file shows; the form's own faults are not repeated."""
    weeks = [
        _read_week(reading, place) for place, week in enumerate(_items(reading, "weeks")) if isinstance(week, dict)
    ]
    complaints = chain(
        _numbering(weeks),
        _times(reading, weeks),
        _overlaps(reading, weeks),
        _unreal_times(reading, weeks),
        _quotas(reading),
        _attempts(reading),
        _barred_twice(reading),
    )
    return to_faults(reading, naming, complaints)


def _items(reading: Reading, *loc: str) -> list[Data]:
    value: object = reading.data
    for name in loc:
        value = value.get(name) if isinstance(value, dict) else None
    return value if isinstance(value, list) else []


def _whole(reading: Reading, loc: Loc) -> int | None:
    text = text_at(reading, loc)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def _given(reading: Reading, loc: Loc, silent: int) -> int:
    """The number in the file, `silent` where the file says nothing, 0 where it says something else."""
    return (_whole(reading, loc) or 0) if loc in reading.lines else silent


def _local(reading: Reading, loc: Loc) -> datetime | None:
    try:
        return parse_moment(text_at(reading, loc))
    except PydanticCustomError:
        return None


def _read_week(reading: Reading, place: int) -> _Week:
    loc: Loc = ("weeks", place)
    opens, closes = (_local(reading, (*loc, name)) for name in ("opens", "closes"))
    return _Week(loc, place + 1, _whole(reading, (*loc, "number")), opens, closes)


def _written(reading: Reading, week: _Week, name: str) -> str:
    """The time as the file has it."""
    return text_at(reading, (*week.loc, name))


def _is_numbered(weeks: list[_Week]) -> bool:
    return all(week.number in (place, None) for place, week in enumerate(weeks, start=1))


def _numbering(weeks: list[_Week]) -> Iterator[Complaint]:
    """Only the first wrong number is named: those after it mostly follow from it."""
    for place, week in enumerate(weeks, start=1):
        if week.number not in (place, None):
            yield (*week.loc, "number"), f"số thứ tự phải là {place}, không phải {week.number} (1, 2, 3… theo thứ tự)"
            return


def _times(reading: Reading, weeks: list[_Week]) -> Iterator[Complaint]:
    for week in weeks:
        if week.opens and week.closes and week.closes <= week.opens:
            opens, closes = (_written(reading, week, name) for name in ("opens", "closes"))
            yield (*week.loc, "closes"), f"lúc đóng ({closes}) phải sau lúc mở ({opens})"


def _overlaps(reading: Reading, weeks: list[_Week]) -> Iterator[Complaint]:
    sound = [(week.opens, week.closes, week) for week in weeks if week.opens and week.closes]
    sound = [(opens, closes, week) for opens, closes, week in sound if opens < closes]
    if not _is_numbered(weeks):
        sound.sort(key=lambda one: one[0])
    for (_, closed, before), (opens, _, week) in pairwise(sound):
        if opens < closed:
            other = f"tuần {before.place} chưa đóng ({_written(reading, before, 'closes')})"
            yield (*week.loc, "opens"), f"mở lúc {_written(reading, week, 'opens')}, khi {other}"


def _unreal_times(reading: Reading, weeks: list[_Week]) -> Iterator[Complaint]:
    """Times that the clocks of the zone skip when summer time begins; Viet Nam has none."""
    zone_name = text_at(reading, ("timezone",))
    if zone_name not in available_timezones():
        return
    zone = ZoneInfo(zone_name)
    for week in weeks:
        for name, local in (("opens", week.opens), ("closes", week.closes)):
            if local and local.replace(tzinfo=zone).astimezone(UTC).astimezone(zone).replace(tzinfo=None) != local:
                yield (*week.loc, name), f"giờ này không có ở múi giờ {zone_name} (đổi giờ mùa hè)"


def _quotas(reading: Reading) -> Iterator[Complaint]:
    places: list[Loc] = [("paper", "quotas", place) for place in range(len(_items(reading, "paper", "quotas")))]
    counts = [_whole(reading, (*place, "count")) or 0 for place in places]
    questions = _given(reading, ("paper", "questions"), PaperRules().questions)
    if questions and sum(counts) > questions:
        yield ("paper", "quotas"), f"cơ cấu đề cộng lại {sum(counts)} câu, nhiều hơn {questions} câu của đề"
    for place in places:
        if not text_at(reading, (*place, "topic")) and not text_at(reading, (*place, "level")):
            yield place, "mục này của cơ cấu đề chưa nêu “topic” hoặc “level”; hãy nêu ít nhất một"


def _attempts(reading: Reading) -> Iterator[Complaint]:
    per_week = _given(reading, ("attempts", "per_week"), AttemptRules().per_week)
    counts = text_at(reading, ("attempts", "counts")) or AttemptRules().counts
    if counts == Counts.ONLY and 1 < per_week <= 100:
        yield ("attempts", "counts"), f"mỗi tuần {per_week} lượt thì “counts” phải là “best” (lấy lượt tốt nhất)"
    if counts == Counts.BEST and per_week == 1:
        yield ("attempts", "counts"), "mỗi tuần một lượt thì “counts” phải là “only” (chỉ có một lượt)"


def _barred_twice(reading: Reading) -> Iterator[Complaint]:
    seen: dict[str, int] = {}
    for place in range(len(_items(reading, "barred"))):
        loc: Loc = ("barred", place, "code")
        code = text_at(reading, loc)
        if code and code in seen:
            yield loc, f"mã nhóm “{code}” đã dùng ở dòng {seen[code]}; hãy đặt mã khác"
        seen.setdefault(code, reading.line(loc))
