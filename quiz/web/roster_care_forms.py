"""The forms of roster care, and where on them a refusal belongs."""

from __future__ import annotations

from datetime import date
from typing import cast

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DateField, RadioField, SelectField, StringField
from wtforms.validators import Optional, Regexp

from quiz.errors import Refused
from quiz.services import roster_care
from quiz.services.exemptions import MOST_REASON
from quiz.services.roster_care import Details, Newcomer
from quiz.web.decision_forms import Ticked
from quiz.web.forms import REQUIRED, at_most, by_rule, one_of_choices, text
from quiz.web.pages import NOT_FOUND_CODES, words

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
    "staff_code_taken": "staff_code",
    "staff_code_elsewhere": "staff_code",
    "listed_meanwhile": "name",
    "email_taken": "email",
    "email_elsewhere": "email",
    "move_nowhere": "receiver",
}
"""The field of which a refusal speaks, wherever a form has it."""


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


class DetailsForm(FlaskForm):
    name = StringField(_l("Họ và tên"), [REQUIRED, by_rule(roster_care.name)], render_kw={"autocomplete": "off"})
    position = StringField(
        _l("Chức vụ (không bắt buộc)"), [by_rule(roster_care.position)], render_kw={"autocomplete": "off"}
    )
    email = StringField(
        _l("Thư điện tử (không bắt buộc)"),
        [by_rule(roster_care.email)],
        render_kw={"autocomplete": "off", "inputmode": "email", "autocapitalize": "none", "spellcheck": "false"},
    )

    @property
    def details(self) -> Details:
        """What was typed, as its rules leave it."""
        return Details(
            name=roster_care.name(text(self.name)),
            position=roster_care.position(text(self.position)),
            email=roster_care.email(text(self.email)),
        )


class NewcomerForm(DetailsForm):
    """`division` and `groups` are asked where the contest has them."""

    staff_code = StringField(
        _l("Mã cán bộ"),
        [REQUIRED, by_rule(roster_care.staff_code)],
        render_kw={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"},
    )
    division = RadioField(_l("Bảng thi"), [one_of_choices], validate_choice=False, choices=[])
    groups = Ticked(_l("Nhóm bắt buộc dự thi"), coerce=str, validate_choice=False, choices=[])

    @property
    def newcomer(self) -> Newcomer:
        """What was typed; groups that the contest does not have are none."""
        known = [choice[0] for choice in self.groups.iter_choices()] if self.groups else []
        return Newcomer(
            staff_code=roster_care.staff_code(text(self.staff_code)),
            details=self.details,
            division=text(self.division) if self.division else "",
            groups=tuple(code for code in known if code in (self.groups.data or ())),
        )


class LeavingForm(FlaskForm):
    first = DayField(_l("Thôi việc từ ngày"), [REQUIRED], format=WRITTEN)
    reason = StringField(_l("Lý do"), [REQUIRED, at_most(MOST_REASON)], render_kw={"autocomplete": "off"})


class MoveForm(FlaskForm):
    receiver = SelectField(_l("Cơ quan nhận"), [one_of_choices], validate_choice=False, choices=[])
    first = DayField(_l("Chuyển từ ngày"), [REQUIRED], format=WRITTEN)
    reason = StringField(_l("Lý do"), [REQUIRED, at_most(MOST_REASON)], render_kw={"autocomplete": "off"})


class DeclareForm(FlaskForm):
    headcount = StringField(
        _l("Tổng số CBCCVC"),
        [REQUIRED, Regexp(r"\s*[0-9]{1,7}\s*\Z", message=_l("Chỉ ghi chữ số."))],
        render_kw={"inputmode": "numeric", "autocomplete": "off"},
    )
    why = StringField(_l("Lý do sửa tổng số"), [REQUIRED, at_most(MOST_REASON)], render_kw={"autocomplete": "off"})


def complain(form: FlaskForm, refusal: Refused) -> str:
    """Put the refusal at the field that it speaks of, '' then; where the form has no such field, its words.

    Raises it again where what the form is about does not exist.
    """
    name = FIELD_OF.get(refusal.code, "")
    if name not in form:
        if refusal.code in NOT_FOUND_CODES:
            raise refusal
        return words(refusal)
    form[name].errors = (*form[name].errors, words(refusal))
    return ""
