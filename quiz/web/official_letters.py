"""Official documents of a closed week: which of them, what the office fills in, and having them made."""

from __future__ import annotations

from flask import Blueprint, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import SelectField, StringField, TextAreaField
from wtforms.validators import Optional

from quiz.errors import Refused
from quiz.exports.letters import Letter, LetterFields
from quiz.permissions import Permission
from quiz.services import contests, official_letters, publication_history, reading, transaction
from quiz.services.contests import StoredWeek
from quiz.web.access import actor, requires, visitor
from quiz.web.decision_forms import Ticked
from quiz.web.forms import at_most, one_of_choices, text
from quiz.web.pages import words
from quiz.web.roster_care_forms import WRITTEN, DayField

bp = Blueprint("official_letters", __name__, url_prefix="/ban-to-chuc/tuan-<int:number>/van-ban")

LETTERS = {
    Letter.DECISION: _l("Quyết định công nhận kết quả (kèm danh sách đạt giải)"),
    Letter.WINNERS: _l("Danh sách cá nhân đạt giải (tệp riêng)"),
    Letter.ANNOUNCEMENT: _l("Thông báo kết quả tuần"),
    Letter.PARTICIPATION: _l("Báo cáo tỷ lệ tham gia"),
    Letter.MINUTES: _l("Biên bản họp xác nhận kết quả"),
}
OFF = {"autocomplete": "off"}


def _line(label: str, most: int = 200) -> StringField:
    return StringField(label, [at_most(most)], render_kw=OFF)


def _lines(label: str, rows: int) -> TextAreaField:
    return TextAreaField(label, [at_most(3000)], render_kw={"rows": rows})


class LettersForm(FlaskForm):
    """Everything but the choice of documents may stay empty: the document then has dots in its place."""

    issue = SelectField(_l("Lần công bố"), [one_of_choices], validate_choice=False, choices=[])
    letters = Ticked(_l("Văn bản"), validate_choice=False, choices=[])
    superior = _line(_l("Cơ quan chủ quản"))
    office = _line(_l("Cơ quan ban hành"))
    abbreviation = _line(_l("Chữ viết tắt trong ký hiệu"), 20)
    place = _line(_l("Địa danh"), 60)
    signed_on = DayField(_l("Ngày ký"), [Optional()], format=WRITTEN)
    number_decision = _line(_l("Số quyết định"), 20)
    number_announcement = _line(_l("Số thông báo"), 20)
    number_report = _line(_l("Số báo cáo"), 20)
    number_minutes = _line(_l("Số biên bản"), 20)
    authority = _line(_l("Thẩm quyền ban hành quyết định"))
    position = _lines(_l("Quyền hạn, chức vụ của người ký"), 2)
    signer = _line(_l("Họ và tên người ký"), 100)
    proposer = _line(_l("Người đề nghị"))
    grounds = _lines(_l("Căn cứ của quyết định"), 4)
    funding = _line(_l("Nguồn kinh phí khen thưởng"), 500)
    receivers = _lines(_l("Nơi nhận"), 4)
    drafter = _line(_l("Đơn vị soạn thảo (sau “Lưu: VT,”)"), 60)


TYPED = (
    *("superior", "office", "abbreviation", "place", "authority", "position", "signer"),
    *("proposer", "grounds", "funding", "receivers", "drafter"),
)
NUMBERS = {"QĐ": "number_decision", "TB": "number_announcement", "BC": "number_report", "BB": "number_minutes"}


@bp.app_template_global()
def letters_form(week: StoredWeek) -> LettersForm | None:
    """The form for a published week, filled in as the last time; None for who may not, or before a publication."""
    form = _form(week)
    return form if form.issue.choices and current_user.may(Permission.PUBLISH_RESULTS) else None


@bp.route("", methods=["GET", "POST"])
@requires(Permission.PUBLISH_RESULTS)
def ask(number: int) -> str | tuple[str, int] | Response:
    week = _week(number)
    form = _form(week)
    if request.method == "GET":
        return _page(week, form)
    if not form.validate_on_submit():
        return _page(week, form), 422
    chosen = [letter for letter in Letter if letter in (form.letters.data or [])]
    issue = int(text(form.issue))
    try:
        with transaction(actor()) as session:
            made = official_letters.ask(session, week, issue, chosen, _fields(form), visitor(), actor(), g.now)
    except Refused as refusal:
        form.letters.errors = [words(refusal)]
        return _page(week, form), 422
    return redirect(url_for("documents.one", document_id=made))


def _page(week: StoredWeek, form: LettersForm) -> str:
    return render_template("organise/letters.html", week=week, form=form if form.issue.choices else None)


def _week(number: int) -> StoredWeek:
    return contests.get_week(reading(), contests.get_current(reading()), number)


def _form(week: StoredWeek) -> LettersForm:
    """The newest publication is the one that is meant."""
    known = official_letters.remembered(reading(), week.contest)
    usual = [Letter.DECISION.value, Letter.ANNOUNCEMENT.value]
    form = LettersForm(letters=usual, **{name: getattr(known, name) for name in TYPED})
    issues = publication_history.issues(reading(), week.contest, week.week.number)
    form.issue.choices = [(str(one.number), _("Lần %(number)s", number=one.number)) for one in issues]
    form.letters.choices = [(letter.value, label) for letter, label in LETTERS.items()]
    return form


def _fields(form: LettersForm) -> LetterFields:
    return LetterFields(
        signed_on=form.signed_on.data,
        numbers={sign: text(form[name]).strip() for sign, name in NUMBERS.items()},
        **{name: text(form[name]).strip() for name in TYPED},
    )
