"""What can be wrong with the weeks of a contest file: wrong numbers, times that overlap, hours that open nothing.

And, as it hangs on when the weeks close, a last day for appeals that comes too early.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import chain, pairwise
from zoneinfo import ZoneInfo

from pydantic_core import PydanticCustomError

from quiz.contest.schedule import Span
from quiz.contest.schedule_forms import HoursForm, find_zone, hours_of
from quiz.contest.schedule_hours import in_utc, open_spans
from quiz.contest.schedule_hours_faults import hours_faults
from quiz.contest.schedule_places import Complaint, Place
from quiz.contest.schedule_words import round_word
from quiz.questions.file_forms import parse_day, parse_moment
from quiz.vietnamese import HANOI

_LONGEST = timedelta(days=366)


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """One week or the practice round as written; what cannot be read is None.

    `whole` is from opening to closing, `spans` what of it is open, () where its hours leave nothing open.
    """

    place: Place
    name: str
    number: int | None
    opens: datetime | None
    closes: datetime | None
    zone: ZoneInfo
    whole: Span | None
    spans: tuple[Span, ...] | None

    def written(self, name: str) -> str:
        """The time as the file has it."""
        return self.place.at(name).text

    @property
    def longest(self) -> timedelta | None:
        """The longest time during which it is open without a pause."""
        return max((span.end - span.start for span in self.spans), default=None) if self.spans else None

    @property
    def open_days(self) -> int:
        """On how many days of the calendar it is open at all; 0 where that cannot be said."""
        days: set[date] = set()
        for span in self.spans or ():
            first = span.start.astimezone(self.zone).date()
            last = (span.end - timedelta(milliseconds=1)).astimezone(self.zone).date()
            days |= {first + timedelta(days=count) for count in range((last - first).days + 1)}
        return len(days)


def read_rounds(file: Place) -> tuple[list[Round], Round | None]:
    """The weeks and the practice round of the file, as far as they can be read."""
    name = file.at("timezone").text
    zone = (find_zone(name) if name else None) or HANOI
    word = round_word(file.reading)
    weeks = [
        _round(file, place, f"{word} {number}", zone)
        for number, place in enumerate(file.at("weeks").items, start=1)
        if isinstance(place.data, dict)
    ]
    practice = file.at("practice")
    return weeks, _round(file, practice, "đợt thi thử", zone) if isinstance(practice.data, dict) else None


def week_faults(file: Place, weeks: list[Round], practice: Round | None) -> Iterator[Complaint]:
    """Everything about the times of the rounds."""
    rounds = [practice, *weeks] if practice else weeks
    yield from _numbering(weeks)
    yield from chain.from_iterable(map(_times, rounds))
    yield from _overlaps(weeks)
    if practice:
        yield from _practice_overlaps(practice, weeks)
    yield from chain.from_iterable(map(_unreal_times, rounds))
    yield from _hours(file, rounds)
    yield from chain.from_iterable(map(_never_open, rounds))


def appeal_faults(file: Place, weeks: list[Round]) -> Iterator[Complaint]:
    """A last day on which nobody could appeal on the last week, as it ends before that week closes."""
    last_day = file.at("appeals", "last_day")
    closes = max((week.closes for week in weeks if week.closes and week.whole), default=None)
    try:
        day = parse_day(last_day.text)
    except PydanticCustomError:
        return
    if closes and datetime.combine(day, time()) + timedelta(days=1) <= closes:
        told = f"({last_day.text}) không được trước khi tuần cuối cùng đóng ({closes:%Y-%m-%d %H:%M})"
        yield last_day.loc, f"ngày cuối nhận phản ánh {told}"


def _round(file: Place, place: Place, name: str, zone: ZoneInfo) -> Round:
    opens, closes = _local(place.at("opens")), _local(place.at("closes"))
    is_sound = opens and closes and opens < closes <= opens + _LONGEST
    whole = Span(in_utc(opens, zone), in_utc(closes, zone)) if opens and closes and is_sound else None
    return Round(
        place=place,
        name=name,
        number=place.at("number").whole,
        opens=opens,
        closes=closes,
        zone=zone,
        whole=whole,
        spans=_spans(file, place, whole, zone) if whole else None,
    )


def _local(place: Place) -> datetime | None:
    try:
        return parse_moment(place.text)
    except PydanticCustomError:
        return None


def _spans(file: Place, place: Place, whole: Span, zone: ZoneInfo) -> tuple[Span, ...] | None:
    hours = next((one for one in (place.at("hours"), file.at("hours")) if one.is_said), None)
    if hours is None:
        return (whole,)
    form = hours.filled(HoursForm)
    return open_spans(whole, hours_of(form), zone) if form and form.runs_forwards else None


def _numbering(weeks: list[Round]) -> Iterator[Complaint]:
    """Only the first wrong number is named: those after it mostly follow from it."""
    for number, week in enumerate(weeks, start=1):
        if week.number not in (number, None):
            told = f"số thứ tự phải là {number}, không phải {week.number} (1, 2, 3… theo thứ tự)"
            yield week.place.at("number").loc, told
            return


def _times(one: Round) -> Iterator[Complaint]:
    if one.opens and one.closes and one.closes <= one.opens:
        told = f"lúc đóng ({one.written('closes')}) phải sau lúc mở ({one.written('opens')})"
        yield one.place.at("closes").loc, told
    elif one.opens and one.closes and one.closes - one.opens > _LONGEST:
        yield one.place.at("closes").loc, f"mở lâu hơn một năm (đến {one.written('closes')}); hãy xem lại năm"


def _timed(rounds: Sequence[Round]) -> list[tuple[datetime, datetime, Round]]:
    timed = [(one.opens, one.closes, one) for one in rounds if one.opens and one.closes]
    return [(opens, closes, one) for opens, closes, one in timed if opens < closes]


def _overlaps(weeks: list[Round]) -> Iterator[Complaint]:
    timed = _timed(weeks)
    if any(week.number not in (number, None) for number, week in enumerate(weeks, start=1)):
        timed.sort(key=lambda one: one[0])
    for (_, closed, before), (opens, _, week) in pairwise(timed):
        if opens < closed:
            told = f"mở lúc {week.written('opens')}, khi {before.name} chưa đóng ({before.written('closes')})"
            yield week.place.at("opens").loc, told


def _practice_overlaps(practice: Round, weeks: list[Round]) -> Iterator[Complaint]:
    """Only the first week that it meets is named."""
    for opens, closes, one in _timed([practice]):
        for week_opens, week_closes, week in _timed(weeks):
            if opens < week_closes and week_opens < closes:
                times = f"{week.written('opens')} đến {week.written('closes')}"
                told = f"trùng thời gian với {week.name} (từ {times}); hãy để đợt thi thử kết thúc trước hoặc mở sau"
                yield one.place.at("opens").loc, told
                return


def _unreal_times(one: Round) -> Iterator[Complaint]:
    """Times that the clocks of the zone skip when summer time begins; Viet Nam has none."""
    for name, local in (("opens", one.opens), ("closes", one.closes)):
        if local and in_utc(local, one.zone).astimezone(one.zone).replace(tzinfo=None) != local:
            yield one.place.at(name).loc, f"giờ này không có ở múi giờ {one.zone.key} (đổi giờ mùa hè)"


def _hours(file: Place, rounds: Sequence[Round]) -> Iterator[Complaint]:
    """The hours of single rounds, and those of the contest, which hold for the others."""
    zone = next((one.zone for one in rounds), HANOI)
    weeks = file.at("weeks").items
    unread = [] if weeks and all(isinstance(week.data, dict) for week in weeks) else [None]
    others = [one.whole for one in rounds if not one.place.at("hours").is_said]
    yield from hours_faults(file.at("hours"), [*others, *unread], zone)
    for one in rounds:
        yield from hours_faults(one.place.at("hours"), [one.whole], zone)


def _never_open(one: Round) -> Iterator[Complaint]:
    if one.spans == ():
        own = one.place.at("hours")
        told = "không có lúc nào mở theo “hours”; hãy xem lại giờ, ngày trong tuần và ngày nghỉ của “hours”"
        yield (own if own.is_said else one.place.at("opens")).loc, f"{told}, hoặc lúc mở và lúc đóng"
