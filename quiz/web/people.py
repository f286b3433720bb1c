"""The organiser's people: found among all agencies, everything on record of one, a new code, two entries joined."""

from __future__ import annotations

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import HiddenField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from quiz import chance
from quiz.errors import Refused
from quiz.permissions import ROLE_WORDS, Permission
from quiz.services import agencies, audit, exemptions, merges, people_desk, reading, transaction
from quiz.web import qr
from quiz.web.access import actor, requires
from quiz.web.forms import text
from quiz.web.pages import words

bp = Blueprint("people", __name__, url_prefix="/ban-to-chuc/nguoi")
LAST = 100_000


class FindOtherForm(FlaskForm):
    """The other entry of the same person."""

    staff_code = StringField(_l("Mã cán bộ bị bỏ"), [InputRequired(_l("Hãy nhập mã cán bộ.")), Length(max=40)])


class MergeForm(FindOtherForm):
    """Joining two entries that were compared."""

    staff_code = HiddenField()
    seen = HiddenField()
    reason = TextAreaField(
        _l("Lý do"),
        [
            InputRequired(_l("Hãy nêu lý do.")),
            Length(max=audit.MOST_REASON, message=_l("Lý do dài quá %(max)d ký tự.")),
        ],
    )


@bp.get("")
@requires(Permission.KEEP_ROSTER)
def search() -> str:
    wanted = request.args.get("tim", "").replace("\0", "").strip()
    number = min(max(1, request.args.get("trang", 1, type=int)), LAST)
    found, total = people_desk.search(reading(), wanted, number)
    return render_template(
        "organise/people.html",
        people=found,
        total=total,
        wanted=wanted,
        number=number,
        pages=max(1, -(-total // people_desk.SIZE)),
        fewest=people_desk.FEWEST_LETTERS,
    )


@bp.get("/<int:person_id>")
@requires(Permission.KEEP_ROSTER)
def one(person_id: int) -> str:
    return _page(person_id, FindOtherForm(formdata=None))


@bp.post("/<int:person_id>/kich-hoat")
@requires(Permission.KEEP_ROSTER)
def reset(person_id: int) -> str:
    with transaction(actor()) as session:
        slip = people_desk.reset(session, person_id, actor(), g.now, chance.activation_code)
        agency = agencies.get_locked(session, people_desk.get(session, person_id).agency_id)
        return render_template("agency/slips.html", agency=agency, slips=(slip,), drawn=qr.drawn)


@bp.get("/<int:person_id>/gop")
@requires(Permission.KEEP_ROSTER)
def compare(person_id: int) -> tuple[str, int] | str:
    form = FindOtherForm(request.args, meta={"csrf": False})
    if not form.validate():
        return _page(person_id, form), 422
    try:
        return _merge_page(person_id, text(form.staff_code))
    except Refused as refusal:
        form.staff_code.errors = [*form.staff_code.errors, words(refusal)]
        return _page(person_id, form), 422


@bp.post("/<int:person_id>/gop/ghi")
@requires(Permission.KEEP_ROSTER)
def merge(person_id: int) -> tuple[str, int] | Response:
    form = MergeForm()
    code = text(form.staff_code)
    if not form.validate_on_submit():
        return _merge_page(person_id, code, form), 422
    try:
        with transaction(actor()) as session:
            merges.merge(session, person_id, code, text(form.seen), text(form.reason), actor(), g.now)
    except Refused as refusal:
        return _merge_page(person_id, code, form, words(refusal)), 409
    flash(_("Đã gộp mã %(code)s. Từ nay người này chỉ dùng mã còn lại.", code=code))
    return redirect(url_for(".one", person_id=person_id))


def _page(person_id: int, form: FindOtherForm) -> str:
    return render_template(
        "organise/person.html",
        person=people_desk.get(reading(), person_id),
        exemptions=exemptions.of_person(reading(), person_id),
        form=form,
        roles=ROLE_WORDS,
    )


def _merge_page(person_id: int, code: str, form: MergeForm | None = None, problem: str = "") -> str:
    found = merges.preview(reading(), person_id, code, g.now)
    form = form or MergeForm(formdata=None)
    form.staff_code.data, form.seen.data = found.given_up.staff_code, found.digest
    return render_template(
        "organise/merge.html",
        found=found,
        form=form,
        problem=problem or (words(found.refusal) if found.refusal else ""),
        agencies=dict(agencies.names(reading())),
    )
