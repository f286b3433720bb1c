"""Every form, each with a CSRF token; its messages come in the visitor's language."""

from __future__ import annotations

from collections.abc import Callable

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    Field,
    HiddenField,
    PasswordField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import EqualTo, InputRequired, Length, Regexp, StopValidation

from quiz.contest import entry_rules
from quiz.errors import Refused
from quiz.web.pages import words

REQUIRED = InputRequired(_l("Cần điền ô này."))


def at_most(maximum: int) -> Length:
    """No more characters than this; WTForms itself has no words in Vietnamese."""
    return Length(max=maximum, message=_l("Dài tối đa %(max)d ký tự."))


def text(field: Field) -> str:
    """What was typed into a field, '' for nothing; without NUL, which no keyboard types and PostgreSQL refuses."""
    return (field.data or "").replace("\0", "")


def by_rule(rule: Callable[[str], object]) -> Callable[[FlaskForm, Field], None]:
    """What a rule refuses is the field's error, in the rule's own words."""

    def check(_form: FlaskForm, field: Field) -> None:
        try:
            rule(text(field))
        except Refused as refusal:
            raise StopValidation(words(refusal)) from refusal

    return check


def one_of_choices(_form: FlaskForm, field: SelectField) -> None:
    """One of the list must be chosen; WTForms itself has no words for it in Vietnamese."""
    if text(field) not in {choice[0] for choice in field.iter_choices()}:
        raise StopValidation(gettext("Hãy chọn một mục trong danh sách."))


def same_where_asked(form: FlaskForm, field: Field) -> None:
    """The same as the password, where the page asked for it twice; a page that can show what is typed asks once."""
    if field.raw_data and field.data != form["password"].data:
        raise StopValidation(gettext("Hai lần nhập mật khẩu chưa giống nhau."))


class UnrepeatedField(StringField):
    """A field whose text is read but never written into a page again."""

    def _value(self) -> str:
        return ""


class SignInForm(FlaskForm):
    identifier = StringField(
        _l("Mã cán bộ hoặc thư điện tử"),
        [REQUIRED, at_most(254)],
        render_kw={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"},
    )
    password = PasswordField(_l("Mật khẩu"), [REQUIRED], render_kw={"autocomplete": "current-password"})
    shared = BooleanField(_l("Máy dùng chung: đăng xuất khi đóng trình duyệt"))


class ActivationForm(FlaskForm):
    identifier = StringField(
        _l("Mã cán bộ"),
        [REQUIRED, at_most(254)],
        render_kw={"autocomplete": "username", "autocapitalize": "characters", "spellcheck": "false"},
    )
    code = StringField(
        _l("Mã kích hoạt in trên phiếu"),
        [REQUIRED, at_most(40)],
        render_kw={"autocomplete": "one-time-code", "autocapitalize": "characters", "spellcheck": "false"},
    )
    password = PasswordField(_l("Mật khẩu mới"), [REQUIRED], render_kw={"autocomplete": "new-password"})
    again = PasswordField(_l("Nhập lại mật khẩu mới"), [same_where_asked], render_kw={"autocomplete": "new-password"})


class PasswordForm(FlaskForm):
    current = PasswordField(_l("Mật khẩu hiện tại"), [REQUIRED], render_kw={"autocomplete": "current-password"})
    password = PasswordField(_l("Mật khẩu mới"), [REQUIRED], render_kw={"autocomplete": "new-password"})
    again = PasswordField(
        _l("Nhập lại mật khẩu mới"),
        [REQUIRED, EqualTo("password", _l("Hai lần nhập mật khẩu chưa giống nhau."))],
        render_kw={"autocomplete": "new-password"},
    )


class RegistrationForm(FlaskForm):
    """Fields are read by the entry rules. The passphrase, the ID number and the password are never sent back."""

    passphrase = UnrepeatedField(
        _l("Mã tham gia"),
        [REQUIRED, at_most(200)],
        render_kw={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"},
    )
    name = StringField(_l("Họ và tên"), [REQUIRED, by_rule(entry_rules.name)], render_kw={"autocomplete": "name"})
    agency = SelectField(_l("Cơ quan, đơn vị"), [one_of_choices], validate_choice=False, choices=[])
    division = RadioField(
        _l("Bảng thi"), [one_of_choices], validate_choice=False, choices=[], render_kw={"required": True}
    )
    phone = StringField(
        _l("Số điện thoại di động"),
        [REQUIRED, by_rule(entry_rules.phone)],
        render_kw={"autocomplete": "tel", "inputmode": "tel"},
    )
    email = StringField(
        _l("Thư điện tử (không bắt buộc)"),
        [by_rule(entry_rules.email)],
        render_kw={"autocomplete": "email", "inputmode": "email", "autocapitalize": "none", "spellcheck": "false"},
    )
    id_number = UnrepeatedField(
        _l("Số căn cước (CCCD)"),
        [REQUIRED, by_rule(entry_rules.id_number)],
        render_kw={"autocomplete": "off", "inputmode": "numeric"},
    )
    password = PasswordField(_l("Mật khẩu"), [REQUIRED], render_kw={"autocomplete": "new-password"})
    again = PasswordField(
        _l("Nhập lại mật khẩu"),
        [REQUIRED, EqualTo("password", _l("Hai lần nhập mật khẩu chưa giống nhau."))],
        render_kw={"autocomplete": "new-password"},
    )


class PublishForm(FlaskForm):
    seen = HiddenField(validators=[REQUIRED])
    reason = TextAreaField(_l("Lý do đính chính"), [at_most(1000)], render_kw={"rows": 3})
    checked = BooleanField(
        _l("Tôi đã kiểm tra các giải và bảng tỷ lệ tham gia trên trang này."),
        [InputRequired(_l("Hãy đánh dấu sau khi đã kiểm tra."))],
    )


class HeadcountForm(FlaskForm):
    headcount = StringField(
        _l("Tổng số CBCCVC"),
        [Regexp(r"\s*\d{0,7}\s*\Z", message=_l("Chỉ ghi chữ số, hoặc để trống."))],
        render_kw={"inputmode": "numeric", "autocomplete": "off"},
    )
    why = StringField(_l("Lý do sửa tổng số"), [REQUIRED, at_most(300)], render_kw={"autocomplete": "off"})
