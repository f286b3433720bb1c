"""Every form, each with a CSRF token; its messages come in the visitor's language."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, Field, HiddenField, PasswordField, StringField, TextAreaField
from wtforms.validators import EqualTo, InputRequired, Length, Regexp

REQUIRED = InputRequired(_l("Cần điền ô này."))


def at_most(maximum: int) -> Length:
    """No more characters than this; WTForms itself has no words in Vietnamese."""
    return Length(max=maximum, message=_l("Dài tối đa %(max)d ký tự."))


def text(field: Field) -> str:
    """What was typed into a field, '' for nothing; without NUL, which no keyboard types and PostgreSQL refuses."""
    return (field.data or "").replace("\0", "")


class SignInForm(FlaskForm):
    identifier = StringField(
        _l("Mã cán bộ hoặc thư điện tử"),
        [REQUIRED, at_most(254)],
        render_kw={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"},
    )
    password = PasswordField(_l("Mật khẩu"), [REQUIRED], render_kw={"autocomplete": "current-password"})


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
    again = PasswordField(
        _l("Nhập lại mật khẩu mới"),
        [REQUIRED, EqualTo("password", _l("Hai lần nhập mật khẩu chưa giống nhau."))],
        render_kw={"autocomplete": "new-password"},
    )


class PasswordForm(FlaskForm):
    current = PasswordField(_l("Mật khẩu hiện tại"), [REQUIRED], render_kw={"autocomplete": "current-password"})
    password = PasswordField(_l("Mật khẩu mới"), [REQUIRED], render_kw={"autocomplete": "new-password"})
    again = PasswordField(
        _l("Nhập lại mật khẩu mới"),
        [REQUIRED, EqualTo("password", _l("Hai lần nhập mật khẩu chưa giống nhau."))],
        render_kw={"autocomplete": "new-password"},
    )


class PublishForm(FlaskForm):
    seen = HiddenField(validators=[REQUIRED])
    reason = TextAreaField(_l("Lý do đính chính"), [at_most(1000)], render_kw={"rows": 3})
    checked = BooleanField(
        _l("Tôi đã kiểm tra các giải và bảng tỷ lệ tham gia dưới đây."),
        [InputRequired(_l("Hãy đánh dấu sau khi đã kiểm tra."))],
    )


class HeadcountForm(FlaskForm):
    headcount = StringField(
        _l("Tổng số CBCCVC"),
        [Regexp(r"\s*\d{0,7}\s*\Z", message=_l("Chỉ ghi chữ số, hoặc để trống."))],
        render_kw={"inputmode": "numeric", "autocomplete": "off"},
    )
    why = StringField(_l("Lý do sửa tổng số"), [REQUIRED, at_most(300)], render_kw={"autocomplete": "off"})


class ExemptForm(FlaskForm):
    staff_code = StringField(_l("Mã cán bộ"), [REQUIRED, at_most(40)], render_kw={"autocomplete": "off"})
    reason = StringField(_l("Lý do miễn dự thi"), [REQUIRED, at_most(300)], render_kw={"autocomplete": "off"})
