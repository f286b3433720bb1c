"""The form of a contest file: its times, papers, attempts, ranking and divisions, each field by itself."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BeforeValidator, Field

from quiz.contest.appeal_rules import AppealRules
from quiz.contest.attempt_rules import AttemptRules
from quiz.contest.commitment_rules import HOURS_BEFORE
from quiz.contest.key_rules import OpenedBy
from quiz.contest.schedule import Registration
from quiz.contest.schedule_award_forms import BarredForm, Code, CollectiveForm, ParticipationForm, PrizeForm, Slug
from quiz.contest.schedule_hours import Hours
from quiz.contest.schedule_words import ROUND_WORDS
from quiz.personal_data.periods import CONTEST_MONTHS
from quiz.questions.file_forms import (
    SOME,
    Clock,
    Day,
    Form,
    Moment,
    Text,
    Whole,
    at_most,
    between,
    check_one_of,
    one_of,
    said,
)
from quiz.questions.paper import PaperRules
from quiz.scoring.chains import RESOLUTIONS, STEP_NAMES
from quiz.scoring.counted import Counts
from quiz.scoring.prediction import EqualDistance, Prediction, Scope, Target, Whose
from quiz.scoring.prizes import Needs, OnePrize
from quiz.scoring.tie_breaks import DEFAULT_CHAIN
from quiz.vietnamese import HANOI

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
NO_LIMIT = "none"
NO_APPEALS = "off"

Step = tuple[str, str | None]
"""The name of a step of the ranking, and how finely it looks, None where the file does not say."""


def find_zone(name: str) -> ZoneInfo | None:
    """The time zone of that name; None where there is none."""
    if not re.fullmatch(r"[A-Z][\w+-]*(/[A-Z][\w+-]*)*", name, re.ASCII):
        return None
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def _zone(value: object) -> object:
    zone = find_zone(value.strip()) if isinstance(value, str) else None
    if zone is None:
        raise said("không có trong danh mục múi giờ; múi giờ Việt Nam là Asia/Ho_Chi_Minh")
    return zone


def read_step(value: object) -> Step:
    """One item of a ranking: 'score', {time_taken: millisecond}. Raises a complaint where there is no such step."""
    match value:
        case str():
            return check_one_of(value, STEP_NAMES), None
        case dict() if len(value) == 1:
            ((name, finely),) = value.items()
            known = RESOLUTIONS.get(check_one_of(name, STEP_NAMES))
            if known is None:
                raise said(f"ghi độ chính xác cho “{name}”, tiêu chí không có độ chính xác; chỉ ghi {name}")
            if finely not in known:
                raise said(f"ghi độ chính xác không có; “{name}” chỉ nhận {', '.join(known)}")
            return name, finely
    raise said("phải là tên một tiêu chí, ví dụ score hoặc {time_taken: millisecond}")


def _limit(value: object) -> object:
    """'none' → None."""
    return None if isinstance(value, str) and value.strip() == NO_LIMIT else value


def _within_limits(value: int | None) -> int | None:
    if value is not None and not 1 <= value <= 100:
        raise said("phải từ 1 đến 100, hoặc none (không giới hạn)")
    return value


Limit = Annotated[Whole | None, BeforeValidator(_limit), AfterValidator(_within_limits)]
Points = Annotated[Whole, between(1, 100)]
Ranking = Annotated[tuple[Annotated[Step, BeforeValidator(read_step)], ...], SOME]
DEFAULT_RANKING: tuple[Step, ...] = tuple((step.name, None) for step in DEFAULT_CHAIN)


class HoursSpanForm(Form):
    """From when until when a day is open; silent: all day, on the days that hold for all spans."""

    from_: Annotated[Clock, Field(alias="from")] = timedelta()
    until: Clock = timedelta(days=1)
    days: Annotated[tuple[Annotated[Text, one_of(*WEEKDAYS)], ...], SOME] | None = None


class HoursForm(HoursSpanForm):
    """When a week is open on its days, in one span or several; silent: all day, every day."""

    spans: Annotated[tuple[HoursSpanForm, ...], SOME] | None = None
    except_: Annotated[tuple[Day, ...], Field(alias="except")] = ()

    @property
    def runs_forwards(self) -> bool:
        """Whether no span ends before it begins."""
        return all(span.from_ < span.until for span in self.spans or (self,))

    def days_of(self, span: HoursSpanForm) -> tuple[str, ...]:
        """The weekdays of one of the spans."""
        return span.days or self.days or WEEKDAYS


def hours_of(form: HoursForm) -> Hours:
    """The office hours of one form."""
    by_weekday = {
        weekday: sorted((span.from_, span.until) for span in form.spans or (form,) if day in form.days_of(span))
        for weekday, day in enumerate(WEEKDAYS)
    }
    return Hours(by_weekday=by_weekday, days_off=frozenset(form.except_))


class QuotaForm(Form):
    """So many questions of a topic or level."""

    topic: Text | None = None
    level: Annotated[Whole, one_of("1", "2", "3")] | None = None
    count: Annotated[Whole, between(1, 100)]
    points: Points | None = None


class PaperForm(Form):
    """What a paper looks like, as far as this place of the file says."""

    questions: Annotated[Whole, between(1, 100)] = PaperRules().questions
    minutes: Annotated[Whole, between(1, 180)] = PaperRules().time_allowed // timedelta(minutes=1)
    quotas: tuple[QuotaForm, ...] = ()
    shuffle_questions: bool = PaperRules().shuffle_questions
    shuffle_options: bool = PaperRules().shuffle_options
    points: Points = PaperRules().points
    bank: Code = PaperRules().bank
    topics: Annotated[tuple[Text, ...], SOME] = ()
    several_keys: bool = PaperRules().several_keys
    needs_all_answers: bool = PaperRules().needs_all_answers
    avoid_seen: bool = PaperRules().avoid_seen


class RoundForm(Form):
    """The practice round; what weeks have too."""

    opens: Moment
    closes: Moment
    hours: HoursForm | None = None
    paper: PaperForm = PaperForm()


class WeekForm(RoundForm):
    """One week."""

    number: Whole
    papers: dict[str, PaperForm] = {}  # noqa: RUF012 (pydantic copies it)


class AttemptsForm(Form):
    """How often a person may sit."""

    per_week: Limit = AttemptRules().per_week
    per_day: Limit = AttemptRules().per_day
    per_contest: Limit = AttemptRules().per_contest
    counts: Annotated[Text, one_of(*Counts)] = AttemptRules().counts
    grace_seconds: Annotated[Whole, between(0, 60)] = AttemptRules().grace // timedelta(seconds=1)


class PredictionForm(Form):
    """The prediction question."""

    text: Text
    target: Annotated[Text, one_of(*Target)]
    of: Annotated[Text, one_of(*Scope)] = Prediction(text="", target=Target.PEOPLE).scope
    equal_distance: Annotated[Text, one_of(*EqualDistance)] = EqualDistance.SAME
    whose: Annotated[Text, one_of(*Whose)] = Whose.COUNTED


class AppealsForm(Form):
    """Until when appeals are taken, and how soon they are answered."""

    days_after: Annotated[Whole, between(1, 60)] | None = None
    last_day: Day | None = None
    answer_within: Annotated[Whole, between(1, 60)] = AppealRules().answer_within


def _appeals(value: object) -> object:
    """'off' → None."""
    return None if isinstance(value, str) and value.strip() == NO_APPEALS else value


class PersonalDataForm(Form):
    """On what basis personal data are handled, whom to ask, and how long what only the contest needed is kept."""

    legal_basis: Text = ""
    contact: Text = ""
    months: Annotated[Whole, between(1, 120)] = CONTEST_MONTHS


class KeysForm(Form):
    """What opens the sealed answer keys of a week that is over."""

    opened_by: Annotated[Text, one_of(*OpenedBy)] = OpenedBy.CLOSING


class CommitmentForm(Form):
    """How long before a week opens its commitment is made public."""

    hours_before: Annotated[Whole, between(1, 336)] = HOURS_BEFORE


class LotForm(Form):
    """The public event, yet to come when the week opens, whose value draws the lots."""

    event: Annotated[Text, at_most(300)]


class DivisionForm(Form):
    """People ranked apart; what is silent here is as the contest has it."""

    code: Code
    name: Text
    paper: PaperForm = PaperForm()
    ranking: Ranking | None = None
    prizes: tuple[PrizeForm, ...] | None = None


class ContestForm(Form):
    """The whole file."""

    contest: Slug
    title: Text
    organiser: Text
    plan: Text
    timezone: Annotated[ZoneInfo, BeforeValidator(_zone)] = HANOI
    registration: Annotated[Text, one_of(*Registration)] = Registration.ROSTER
    hotline: Text = ""
    short_title: Text = ""
    round_word: Annotated[Text, one_of(*ROUND_WORDS)] = ROUND_WORDS[0]
    hours: HoursForm | None = None
    weeks: Annotated[tuple[WeekForm, ...], SOME]
    practice: RoundForm | None = None
    paper: PaperForm = PaperForm()
    attempts: AttemptsForm = AttemptsForm()
    ranking: Ranking = DEFAULT_RANKING
    lot: LotForm | None = None
    prediction: PredictionForm | None = None
    divisions: tuple[DivisionForm, ...] = ()
    prizes: tuple[PrizeForm, ...] = ()
    one_prize: Annotated[Text, one_of(*OnePrize)] = OnePrize.OFF
    prize_needs: Annotated[Text, one_of(*Needs)] = Needs.ONE_RIGHT
    participation: ParticipationForm = ParticipationForm()
    barred: tuple[BarredForm, ...] = ()
    collective: CollectiveForm | None = None
    appeals: Annotated[AppealsForm | None, BeforeValidator(_appeals)] = AppealsForm()
    personal_data: PersonalDataForm = PersonalDataForm()
    keys: KeysForm = KeysForm()
    commitment: CommitmentForm = CommitmentForm()
