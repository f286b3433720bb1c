"""The forms of roster care, and where on them a refusal belongs."""

from __future__ import annotations

from datetime import date
from typing import cast

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DateField, StringField
from wtforms.validators import Optional, Regexp

from quiz.errors import Refused
from quiz.services.exemptions import MOST_REASON
from quiz.web.forms import REQUIRED, at_most
from quiz.web.pages import words

WRITTEN = ["%Y-%m-%d", "%d/%m/%Y"]
"""How browsers send a day, and how people write one where the browser has no calendar."""

FIELD_OF = {
    "reason_missing": "reason",
    "reason_long": "reason",
    "day_wrong": "first",
    "day_frozen": "first",
    "days_reversed": "last",
    "already_exempt": "first",
    "already_exempt_for_good": "first",
    "person_missing": "staff_code",
}


class DayField(DateField):
    """A day on the contest's own calendar."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """WTForms itself has no words for it in Vietnamese."""
        try:
            super().process_formdata(valuelist)
        except ValueError as error:
            raise ValueError(gettext("Hãy ghi đủ ngày, tháng, năm.")) from error

    @property
    def day(self) -> date:
        """The day of a field that must hold one."""
        return cast(date, self.data)


class ExemptionForm(FlaskForm):
    reason = StringField(_l("Lý do miễn dự thi"), [REQUIRED, at_most(MOST_REASON)], render_kw={"autocomplete": "off"})
    first = DayField(_l("Từ ngày"), [REQUIRED], format=WRITTEN)
    last = DayField(_l("Đến hết ngày (để trống nếu chưa rõ)"), [Optional()], format=WRITTEN)


class ExemptByCodeForm(ExemptionForm):
    staff_code = StringField(_l("Mã cán bộ"), [REQUIRED, at_most(40)], render_kw={"autocomplete": "off"})


class DeclareForm(FlaskForm):
    headcount = StringField(
        _l("Tổng số CBCCVC"),
        [REQUIRED, Regexp(r"\s*[0-9]{1,7}\s*\Z", message=_l("Chỉ ghi chữ số."))],
        render_kw={"inputmode": "numeric", "autocomplete": "off"},
    )
    why = StringField(_l("Lý do sửa tổng số"), [REQUIRED, at_most(MOST_REASON)], render_kw={"autocomplete": "off"})


def complain(form: FlaskForm, refusal: Refused) -> None:
    """Put the refusal at the field that it speaks of. Raises it again where the form has no such field."""
    name = FIELD_OF.get(refusal.code, "")
    if name not in form:
        raise refusal
    form[name].errors = (*form[name].errors, words(refusal))
