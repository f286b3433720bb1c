"""What can be wrong with office hours: spans that end before they begin or overlap, days off that change nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import combinations
from zoneinfo import ZoneInfo

from quiz.contest.schedule import Span
from quiz.contest.schedule_forms import HoursForm, HoursSpanForm, hours_of
from quiz.contest.schedule_hours import ALL_DAY
from quiz.contest.schedule_places import Complaint, Place, used_twice


def hours_faults(hours: Place, weeks: Sequence[Span | None], zone: ZoneInfo) -> Iterator[Complaint]:
    """Everything about the office hours of these weeks; None stands for a week that cannot be read."""
    spans = hours.at("spans")
    for place in (hours, *spans.items):
        yield from used_twice(place.at("days").items, "ngày", "hãy bỏ một")
    yield from used_twice(hours.at("except").items, "ngày nghỉ", "hãy bỏ một")
    yield from _one_span_or_several(hours, spans)
    if (form := hours.filled(HoursForm)) is None:
        return
    each = list(zip(spans.items, form.spans, strict=True)) if form.spans else [(hours, form)]
    yield from (_backwards(place) for place, span in each if span.until <= span.from_)
    if form.runs_forwards:
        yield from _overlaps(form, each)
        yield from _idle_days_off(hours, form, weeks, zone)


def _one_span_or_several(hours: Place, spans: Place) -> Iterator[Complaint]:
    if not spans.is_said:
        return
    for place in (hours.at("from"), hours.at("until")):
        if place.is_said:
            yield place.loc, f"đã ghi “spans” (các khoảng giờ) thì không ghi thêm “{place.name}” ở ngoài; hãy bỏ"
    if hours.at("days").is_said and spans.items and all(span.at("days").is_said for span in spans.items):
        yield hours.at("days").loc, "mỗi khoảng của “spans” đã ghi “days” riêng nên dòng này không có tác dụng; hãy bỏ"


def _backwards(place: Place) -> Complaint:
    opens, closes = place.at("from"), place.at("until")
    told = f"giờ đóng trong ngày ({closes.text or '24:00'}) phải sau giờ mở ({opens.text or '00:00'})"
    return (closes if closes.is_said else opens).loc, told


def _overlaps(form: HoursForm, spans: Sequence[tuple[Place, HoursSpanForm]]) -> Iterator[Complaint]:
    """Two spans of one day; each is told of once, with the first that it meets."""
    told = set()
    for (place, one), (other_place, other) in combinations(spans, 2):
        days = ", ".join(day for day in form.days_of(one) if day in form.days_of(other))
        if not days or one.until < other.from_ or other.until < one.from_ or other_place.loc in told:
            continue
        told.add(other_place.loc)
        touch = other.from_ == one.until or one.from_ == other.until
        how = "nối liền với" if touch else "trùng với"
        mend = "hãy gộp làm một" if touch else "hãy sửa giờ hoặc ngày"
        yield other_place.loc, f"khoảng giờ này {how} khoảng ở dòng {place.line} ({days}); {mend}"


def _idle_days_off(hours: Place, form: HoursForm, weeks: Sequence[Span | None], zone: ZoneInfo) -> Iterator[Complaint]:
    if None in weeks:
        return
    kept = replace(hours_of(form), days_off=frozenset())
    for place, day in zip(hours.at("except").items, form.except_, strict=True):
        if not any(list(kept.spans_of(day, week, zone)) for week in weeks if week):
            is_inside = any(list(ALL_DAY.spans_of(day, week, zone)) for week in weeks if week)
            why = "vốn không mở theo giờ này" if is_inside else "không nằm trong tuần thi nào có giờ này"
            yield place.loc, f"ngày nghỉ {day} {why}; hãy xem lại ngày hoặc bỏ"
