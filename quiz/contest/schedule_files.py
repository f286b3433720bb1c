"""The contest file: YAML as people write it → Contest, or every fault of the file at its line."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import Annotated
from zoneinfo import ZoneInfo, available_timezones

from pydantic import AfterValidator, BeforeValidator

from quiz.contest.attempt_rules import AttemptRules
from quiz.contest.schedule import BarredGroup, Contest, Week
from quiz.contest.schedule_faults import find_faults
from quiz.questions.bank import Level
from quiz.questions.file_forms import SOME, Form, Moment, Naming, Text, Whole, between, check_form, one_of, said, shaped
from quiz.questions.paper import PaperRules, Quota
from quiz.scoring.counted import Counts
from quiz.scoring.participation import AgencyKind, Basis, ParticipationRules, Tier
from quiz.scoring.prizes import Prize
from quiz.scoring.tie_breaks import DEFAULT_CHAIN, TIE_BREAKS
from quiz.vietnamese import HANOI
from quiz.yaml_text import FaultyFile, Loc, read_yaml

NOT_TEXT = (
    *("number", "opens", "closes"),
    *("questions", "minutes", "level", "count", "shuffle_questions", "shuffle_options"),
    *("per_week", "grace_seconds", "amount", "city", "central"),
)
FIELDS = {
    "contest": "mã hội thi",
    "title": "tên hội thi",
    "organiser": "đơn vị tổ chức",
    "plan": "kế hoạch",
    "timezone": "múi giờ",
    "registration": "cách đăng ký",
    "hotline": "đường dây nóng",
    "short_title": "tên ngắn",
    "weeks": "các tuần thi",
    "number": "số thứ tự",
    "opens": "lúc mở",
    "closes": "lúc đóng",
    "paper": "đề thi",
    "questions": "số câu hỏi",
    "minutes": "số phút làm bài",
    "quotas": "cơ cấu đề",
    "topic": "chủ đề",
    "level": "mức độ",
    "count": "số lượng",
    "shuffle_questions": "đảo câu hỏi",
    "shuffle_options": "đảo phương án",
    "attempts": "lượt thi",
    "per_week": "số lượt mỗi tuần",
    "counts": "lượt được tính",
    "grace_seconds": "số giây chờ đường truyền",
    "ranking": "cách xếp hạng",
    "prizes": "giải thưởng",
    "name": "tên",
    "amount": "số tiền",
    "participation": "tỷ lệ tham gia",
    "basis": "cách tính tỷ lệ",
    "thresholds": "các ngưỡng",
    "city": "cơ quan thuộc thành phố",
    "central": "cơ quan Trung ương",
    "barred": "người không được dự thi",
    "code": "mã nhóm",
}


def _zone(value: object) -> object:
    if not isinstance(value, str) or value.strip() not in available_timezones():
        raise said("không có trong danh mục múi giờ; múi giờ Việt Nam là Asia/Ho_Chi_Minh")
    return ZoneInfo(value.strip())


def _share(value: object) -> object:
    """'66.5' → 133/200, exactly."""
    if not isinstance(value, str) or not re.fullmatch(r"[0-9]{1,3}(\.[0-9]{1,6})?", value.strip()):
        raise said("phải là số phần trăm viết bằng chữ số, phần lẻ sau dấu chấm, ví dụ 70 hoặc 66.5")
    share = Fraction(value.strip()) / 100
    if share > 1:
        raise said("phải từ 0 đến 100 phần trăm")
    return share


def _only_roster(value: object) -> object:
    if value != "roster":
        raise said("hiện chỉ nhận “roster” (danh sách do Ban Tổ chức nạp); chưa có cách đăng ký khác")
    return value


def _ordered(steps: tuple[str, ...]) -> tuple[str, ...]:
    twice = next((step for step in steps if steps.count(step) > 1), None)
    if twice:
        raise said(f"ghi “{twice}” hai lần; hãy bỏ một")
    if steps[0] != "score":
        raise said("phải bắt đầu bằng “score” (số câu đúng)")
    if "lot" in steps[:-1]:
        raise said("ghi tiêu chí sau “lot”; bốc thăm phải đứng cuối")
    return steps


Slug = Annotated[Text, shaped(r"[a-z0-9-]+", "chỉ dùng chữ thường không dấu a–z, chữ số và gạch nối")]
Share = Annotated[Fraction, BeforeValidator(_share)]
Step = Annotated[str, one_of(*TIE_BREAKS)]
Ranking = Annotated[tuple[Step, ...], SOME, AfterValidator(_ordered)]


class _WeekForm(Form):
    number: Whole
    opens: Moment
    closes: Moment


class _QuotaForm(Form):
    topic: Text | None = None
    level: Annotated[Whole, one_of("1", "2", "3")] | None = None
    count: Annotated[Whole, between(1, 100)]


class _PaperForm(Form):
    questions: Annotated[Whole, between(1, 100)] = PaperRules().questions
    minutes: Annotated[Whole, between(1, 180)] = PaperRules().time_allowed // timedelta(minutes=1)
    quotas: tuple[_QuotaForm, ...] = ()
    shuffle_questions: bool = PaperRules().shuffle_questions
    shuffle_options: bool = PaperRules().shuffle_options


class _AttemptsForm(Form):
    per_week: Annotated[Whole, between(1, 100)] = AttemptRules().per_week
    counts: Annotated[Text, one_of(*Counts)] = AttemptRules().counts
    grace_seconds: Annotated[Whole, between(0, 60)] = AttemptRules().grace // timedelta(seconds=1)


class _PrizeForm(Form):
    name: Text
    count: Annotated[Whole, between(1, 1000)]
    amount: Whole | None = None


class _ThresholdsForm(Form):
    city: Share = ParticipationRules().tiers[AgencyKind.CITY][0].share
    central: Share = ParticipationRules().tiers[AgencyKind.CENTRAL][0].share


class _ParticipationForm(Form):
    basis: Annotated[Text, one_of(*Basis)] = ParticipationRules().basis
    thresholds: _ThresholdsForm = _ThresholdsForm()


class _BarredForm(Form):
    code: Slug
    name: Text


class _ContestForm(Form):
    contest: Slug
    title: Text
    organiser: Text
    plan: Text
    timezone: Annotated[ZoneInfo, BeforeValidator(_zone)] = HANOI
    registration: Annotated[str, BeforeValidator(_only_roster)] = "roster"
    hotline: Text = ""
    short_title: Text = ""
    weeks: Annotated[tuple[_WeekForm, ...], SOME]
    paper: _PaperForm = _PaperForm()
    attempts: _AttemptsForm = _AttemptsForm()
    ranking: Ranking = tuple(step.name for step in DEFAULT_CHAIN)
    prizes: tuple[_PrizeForm, ...] = ()
    participation: _ParticipationForm = _ParticipationForm()
    barred: tuple[_BarredForm, ...] = ()


def parse_contest(data: bytes) -> Contest:
    """The contest of one file; what the file does not say is as the dataclasses have it.

    Raises FaultyFile with every fault of the file; then nothing of it is used.
    """
    reading = read_yaml(data, NOT_TEXT)
    naming = Naming(FIELDS, _owner)
    form, faults = check_form(reading, _ContestForm, naming)
    faults += find_faults(reading, naming)
    if form is None or faults or reading.faults:
        raise FaultyFile([*reading.faults, *faults])
    return Contest(
        slug=form.contest,
        title=form.title,
        organiser=form.organiser,
        plan=form.plan,
        zone=form.timezone,
        weeks=tuple(_week(week, form.timezone) for week in form.weeks),
        paper=_paper(form.paper),
        attempts=_attempts(form.attempts),
        chain=tuple(TIE_BREAKS[step] for step in form.ranking),
        prizes=tuple(Prize(prize.name, prize.count, prize.amount) for prize in form.prizes),
        participation=_participation(form.participation),
        barred=tuple(BarredGroup(group.code, group.name) for group in form.barred),
        hotline=form.hotline,
        short_title=form.short_title,
    )


def _week(form: _WeekForm, zone: ZoneInfo) -> Week:
    def in_utc(local: datetime) -> datetime:
        return local.replace(tzinfo=zone).astimezone(UTC)

    return Week(number=form.number, opens_at=in_utc(form.opens), closes_at=in_utc(form.closes))


def _paper(form: _PaperForm) -> PaperRules:
    return PaperRules(
        questions=form.questions,
        time_allowed=timedelta(minutes=form.minutes),
        quotas=tuple(
            Quota(count=quota.count, topic=quota.topic, level=Level(quota.level) if quota.level else None)
            for quota in form.quotas
        ),
        shuffle_questions=form.shuffle_questions,
        shuffle_options=form.shuffle_options,
    )


def _attempts(form: _AttemptsForm) -> AttemptRules:
    return AttemptRules(per_week=form.per_week, counts=Counts(form.counts), grace=timedelta(seconds=form.grace_seconds))


def _participation(form: _ParticipationForm) -> ParticipationRules:
    tiers = {AgencyKind.CITY: (Tier(form.thresholds.city),), AgencyKind.CENTRAL: (Tier(form.thresholds.central),)}
    return ParticipationRules(tiers=tiers, basis=Basis(form.basis))


def _owner(loc: Loc) -> str:
    """'tuần 2: ' for anything inside the second week, '' elsewhere."""
    match loc:
        case ("weeks", int(place), _, *_):
            return f"tuần {place + 1}: "
    return ""
