"""Questions as a file for other programs: choosing the format and the topics, and having it made."""

from __future__ import annotations

from flask import Blueprint, abort, g, redirect, render_template, request, url_for
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from quiz.errors import Refused
from quiz.permissions import Permission
from quiz.services import contests, question_exports, reading, transaction
from quiz.services.contest_files import MAIN_BANK
from quiz.services.question_exports import Form
from quiz.services.question_work_drafts import get_bank
from quiz.web.access import actor, requires, visitor
from quiz.web.pages import words

bp = Blueprint("question_exports", __name__, url_prefix="/ban-to-chuc/cau-hoi/xuat")

FORMS = {
    Form.XLSX: _l("Bảng tính Excel (.xlsx)"),
    Form.GIFT: _l("GIFT (.txt), cho Moodle"),
    Form.MOODLE_XML: _l("Moodle XML (.xml)"),
    Form.QTI: _l("Gói QTI 2.2 (.zip), cho các hệ thống học tập khác"),
    Form.YAML: _l("Tệp bộ câu hỏi của phần mềm này (.yaml), giữ nguyên chú thích"),
}


@bp.get("")
@requires(Permission.KEEP_BANK)
def choose() -> str:
    return _page(request.args.get("bo", ""))


@bp.post("")
@requires(Permission.KEEP_BANK)
def ask() -> tuple[str, int] | Response:
    bank, form = request.form.get("bank", ""), request.form.get("form")
    if form not in list(Form):
        abort(400)
    topics = request.form.getlist("topic")
    try:
        with transaction(actor()) as session:
            made = question_exports.ask(session, bank, Form(form), topics, visitor().id, actor(), g.now)
    except Refused as refusal:
        return _page(bank, words(refusal)), 422
    return redirect(url_for("documents.one", document_id=made))


def _page(bank: str, problem: str = "") -> str:
    current = get_bank(reading(), bank).bank
    counts = {code: sum(each.topic == code for each in current.questions) for code in current.topics}
    names = [(name, name or MAIN_BANK) for name in contests.get_current(reading()).rules.banks]
    return render_template(
        "organise/question_export.html",
        bank=bank,
        banks=names,
        topics=current.topics,
        counts=counts,
        forms=FORMS,
        is_sealed=current.is_sealed,
        problem=problem,
    )
