"""Requests about personal data at the desk: the queue, one request with its answer, erasing, and what expires next."""

from __future__ import annotations

from datetime import UTC, datetime, time

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import BooleanField, DateField, HiddenField, RadioField, TextAreaField

from quiz import chance
from quiz.contest.appeal_rules import checked_text
from quiz.errors import Refused
from quiz.permissions import Permission
from quiz.personal_data.request_rules import Kind
from quiz.services import data_requests, erasure, people_desk, reading, retention, transaction
from quiz.services.audit import MOST_REASON
from quiz.services.data_requests import PAGE
from quiz.vietnamese import HANOI
from quiz.web.access import actor, requires
from quiz.web.forms import REQUIRED, at_most, by_rule, one_of_choices, text
from quiz.web.pages import words
from quiz.web.personal_data import RequestForm

bp = Blueprint("data_requests", __name__, url_prefix="/ban-to-chuc/du-lieu-ca-nhan")
LAST = 100_000
ANSWER, EXTEND, ERASE = "tra-loi-", "gia-han-", "xoa-"
"""What the fields of the forms of one page begin with."""
ANSWERS = {"granted": _l("Đã thực hiện"), "refused": _l("Từ chối")}


class AnswerForm(FlaskForm):
    outcome = RadioField(_l("Trả lời"), [one_of_choices], validate_choice=False, choices=[])
    answer = TextAreaField(
        _l("Nội dung trả lời; nếu từ chối thì nêu lý do và căn cứ"),
        [REQUIRED, by_rule(checked_text)],
        render_kw={"rows": 4},
    )

    def __init__(self, *, is_erasure: bool, **kept: object) -> None:
        super().__init__(**kept)
        self.outcome.choices = [(code, said) for code, said in ANSWERS.items() if not is_erasure or code == "refused"]


class ExtendForm(FlaskForm):
    reason = TextAreaField(_l("Lý do gia hạn"), [REQUIRED, at_most(MOST_REASON)], render_kw={"rows": 3})


class EraseForm(FlaskForm):
    """`seen` is the digest of what the page has shown of the person."""

    seen = HiddenField()
    prizes_paid = BooleanField(_l("Giải thưởng của người này đã trao xong"))
    answer = TextAreaField(_l("Ghi chú khi xóa"), [REQUIRED, by_rule(checked_text)], render_kw={"rows": 3})


class RecordForm(RequestForm):
    """A request that came on paper."""

    received = DateField(_l("Ngày nhận"), [REQUIRED])


@bp.get("")
@requires(Permission.KEEP_PERSONAL_DATA)
def listing() -> str:
    number, only_open = min(max(1, request.args.get("trang", 1, type=int)), LAST), "tat-ca" not in request.args
    found, total = data_requests.listing(reading(), number, only_open=only_open)
    pages = max(1, -(-total // PAGE))
    return render_template(
        "organise/data_requests.html", found=found, total=total, number=number, pages=pages, only_open=only_open
    )


@bp.get("/luu-tru")
@requires(Permission.KEEP_PERSONAL_DATA)
def expiring() -> str:
    return render_template("organise/retention.html", kinds=retention.outlook(reading(), g.now))


@bp.get("/<int:request_id>")
@requires(Permission.KEEP_PERSONAL_DATA)
def one(request_id: int) -> str:
    return _page(request_id)


@bp.post("/<int:request_id>/tiep-nhan")
@requires(Permission.KEEP_PERSONAL_DATA)
def acknowledge(request_id: int) -> Response:
    with transaction(actor()) as session:
        data_requests.acknowledge(session, request_id, actor(), g.now)
    flash(_("Đã tiếp nhận. Người yêu cầu thấy điều này ở trang của mình."))
    return redirect(url_for(".one", request_id=request_id))


@bp.post("/<int:request_id>/gia-han")
@requires(Permission.KEEP_PERSONAL_DATA)
def extend(request_id: int) -> tuple[str, int] | Response:
    data_requests.get(reading(), request_id)
    form = ExtendForm(prefix=EXTEND)
    if not form.validate_on_submit():
        return _page(request_id, form), 422
    with transaction(actor()) as session:
        data_requests.extend(session, request_id, text(form.reason), actor(), g.now)
    flash(_("Đã gia hạn một lần."))
    return redirect(url_for(".one", request_id=request_id))


@bp.post("/<int:request_id>/tra-loi")
@requires(Permission.KEEP_PERSONAL_DATA)
def answer(request_id: int) -> tuple[str, int] | Response:
    found = data_requests.get(reading(), request_id)
    form = AnswerForm(is_erasure=found.kind is Kind.ERASE, prefix=ANSWER)
    if not form.validate_on_submit():
        return _page(request_id, form), 422
    with transaction(actor()) as session:
        is_granted = text(form.outcome) == "granted"
        data_requests.answer(session, request_id, text(form.answer), actor(), g.now, is_granted=is_granted)
    flash(_("Đã trả lời."))
    return redirect(url_for(".listing"))


@bp.post("/<int:request_id>/xoa")
@requires(Permission.KEEP_PERSONAL_DATA)
def erase(request_id: int) -> tuple[str, int] | Response:
    data_requests.get(reading(), request_id)
    form = EraseForm(prefix=ERASE)
    if not form.validate_on_submit():
        return _page(request_id, form), 422
    seen, said, paid = text(form.seen), text(form.answer), bool(form.prizes_paid.data)
    try:
        with transaction(actor()) as session:
            erasure.carry_out(session, request_id, seen, said, actor(), g.now, chance.erased_code, prizes_paid=paid)
    except Refused as refusal:
        return _page(request_id, form, words(refusal)), 409
    flash(_("Đã xóa dữ liệu cá nhân. Kết quả đã công bố và bài làm dưới mã được giữ lại."))
    return redirect(url_for(".one", request_id=request_id))


@bp.route("/nguoi/<int:person_id>", methods=["GET", "POST"])
@requires(Permission.KEEP_PERSONAL_DATA)
def record(person_id: int) -> tuple[str, int] | Response | str:
    person, form, problem = people_desk.get(reading(), person_id), RecordForm(), ""
    if form.validate_on_submit() and form.received.data:
        received = datetime.combine(form.received.data, time(8), tzinfo=HANOI).astimezone(UTC)
        try:
            with transaction(actor()) as session:
                kind, said = Kind(text(form.kind)), text(form.text)
                number = data_requests.record(session, person_id, kind, said, received, actor(), g.now)
            return redirect(url_for(".one", request_id=number))
        except Refused as refusal:
            problem = words(refusal)
    page = render_template("organise/data_request_record.html", person=person, form=form, problem=problem)
    return (page, 409 if problem else 422) if form.is_submitted() else page


def _page(request_id: int, bound: FlaskForm | None = None, problem: str = "") -> str:
    found = data_requests.get(reading(), request_id)
    is_erasure = found.kind is Kind.ERASE
    preview = erasure.preview(reading(), found.person_id, g.now) if is_erasure and found.state.is_open else None
    forms = (
        AnswerForm(is_erasure=is_erasure, formdata=None, prefix=ANSWER),
        ExtendForm(formdata=None, prefix=EXTEND),
        EraseForm(formdata=None, prefix=ERASE),
    )
    answer_form, extend_form, erase_form = (bound if type(bound) is type(form) else form for form in forms)
    if preview and isinstance(erase_form, EraseForm):
        erase_form.seen.data = preview.digest
    return render_template(
        "organise/data_request.html",
        found=found,
        preview=preview,
        refusal=words(preview.refusal) if preview and preview.refusal else "",
        answer_form=answer_form,
        extend_form=extend_form,
        erase_form=erase_form,
        problem=problem,
    )
