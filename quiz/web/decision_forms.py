"""The forms of decisions: extra time for somebody, what is done about an incident, the second signature."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import cast
from zoneinfo import ZoneInfo

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    DateTimeLocalField,
    HiddenField,
    RadioField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import EqualTo, InputRequired, Regexp
from wtforms.widgets import CheckboxInput

from quiz.services.audit import MOST_REASON
from quiz.services.decisions import MOST_NUMBER
from quiz.services.lots import MOST_VALUE
from quiz.vietnamese import clean
from quiz.web.forms import REQUIRED, at_most, one_of_choices

ALL, SOME = "all", "some"
YEARS = range(2000, 2101)


class MomentField(DateTimeLocalField):
    """A date and a time of day as the contest's own clocks show them."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """WTForms itself has no words for it in Vietnamese."""
        try:
            super().process_formdata(valuelist)
        except ValueError as error:
            raise ValueError(gettext("Hãy ghi đủ ngày và giờ.")) from error
        if self.data and self.data.year not in YEARS:
            self.data = None
            raise ValueError(gettext("Hãy ghi đủ ngày và giờ."))

    def moment(self, zone: ZoneInfo) -> datetime:
        """The moment in UTC."""
        return cast(datetime, self.data).replace(tzinfo=zone).astimezone(UTC)


class Ticked(SelectMultipleField):
    """One box to tick for each choice."""

    option_widget = CheckboxInput()


class DecisionForm(FlaskForm):
    """What every decision has on paper."""

    number = StringField(_l("Số quyết định"), [REQUIRED, at_most(MOST_NUMBER)], render_kw={"autocomplete": "off"})
    reason = TextAreaField(_l("Lý do"), [REQUIRED, at_most(MOST_REASON)], render_kw={"rows": 3})


def _normal(value: str | None) -> str | None:
    return clean(value) if value else value


class LotForm(DecisionForm):
    """The public value, typed twice; it is not prefilled by the browser."""

    value = StringField(
        _l("Giá trị bốc thăm"),
        [REQUIRED, at_most(MOST_VALUE)],
        filters=[_normal],
        render_kw={"autocomplete": "off", "spellcheck": "false"},
    )
    again = StringField(
        _l("Gõ lại giá trị bốc thăm"),
        [REQUIRED, EqualTo("value", _l("Hai lần gõ giá trị chưa giống nhau."))],
        filters=[_normal],
        render_kw={"autocomplete": "off", "spellcheck": "false"},
    )


class AllowanceForm(DecisionForm):
    staff_code = StringField(
        _l("Mã cán bộ"),
        [REQUIRED, at_most(40)],
        render_kw={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"},
    )
    minutes = StringField(
        _l("Số phút cộng thêm"),
        [REQUIRED, Regexp(r"\s*\d{1,3}\s*\Z", message=_l("Chỉ ghi chữ số."))],
        render_kw={"inputmode": "numeric", "autocomplete": "off"},
    )


class IncidentForm(DecisionForm):
    """`extended_to` is asked for an extension only, for whom it is for everything else."""

    week = RadioField("", [one_of_choices], validate_choice=False, choices=[])
    began_at = MomentField(_l("Sự cố bắt đầu lúc"), [REQUIRED], format=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"])
    ended_at = MomentField(_l("Sự cố kết thúc lúc"), [REQUIRED], format=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"])
    extended_to = MomentField(_l("Giờ đóng mới"), [REQUIRED], format=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"])
    whom = RadioField(_l("Áp dụng cho"), [one_of_choices], validate_choice=False, choices=[])
    agencies = Ticked(_l("Cơ quan, đơn vị"), coerce=str, validate_choice=False, choices=[])
    with_below = BooleanField(_l("Kể cả mọi đơn vị trực thuộc của những cơ quan đã đánh dấu"), default=True)
    people = TextAreaField(
        _l("Từng người, theo mã cán bộ"),
        render_kw={"rows": 4, "autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"},
    )
    division = RadioField(_l("Bảng thi"), [one_of_choices], validate_choice=False, choices=[], default="")


class ApproveForm(FlaskForm):
    seen = HiddenField(validators=[REQUIRED])
    checked = BooleanField(
        _l("Tôi đã xem phạm vi và tác động ghi trên đây."),
        [InputRequired(_l("Hãy đánh dấu sau khi đã xem."))],
    )
