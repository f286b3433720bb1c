"""Documents being made for somebody: the list of their own, the progress of one, its file, cancelling it."""

from __future__ import annotations

import io

from flask import Blueprint, flash, g, jsonify, redirect, render_template, send_file, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from quiz.permissions import Permission
from quiz.services import contests, documents, reading, transaction
from quiz.services.documents import Document, Kind, State
from quiz.web.access import actor, requires, visitor

bp = Blueprint("documents", __name__, url_prefix="/tai-lieu")

KINDS = {
    Kind.CERTIFICATE: _l("Giấy chứng nhận tham gia"),
    Kind.AGENCY_REPORT: _l("Báo cáo tham gia của cơ quan"),
    Kind.PUBLICATION_TABLES: _l("Bảng số liệu của một lần công bố"),
    Kind.ITEM_ANALYSIS: _l("Phân tích câu hỏi của một tuần"),
    Kind.OFFICIAL_LETTERS: _l("Quyết định, thông báo, báo cáo"),
    Kind.QUESTION_EXPORT: _l("Câu hỏi xuất ra tệp"),
    Kind.SEALED_OPENINGS: _l("Bản ghi đã mở niêm phong"),
}
ASKED_AT = {
    Kind.CERTIFICATE: "certificates.own",
    Kind.AGENCY_REPORT: "agency_reports.choose",
    Kind.PUBLICATION_TABLES: "week_documents.listing",
    Kind.ITEM_ANALYSIS: "item_report.overview",
    Kind.OFFICIAL_LETTERS: "week_documents.listing",
    Kind.QUESTION_EXPORT: "question_exports.choose",
    Kind.SEALED_OPENINGS: "sealed_openings.listing",
}
"""The page on which a kind is asked for."""
OF_A_WEEK = {Kind.PUBLICATION_TABLES, Kind.ITEM_ANALYSIS, Kind.OFFICIAL_LETTERS}
STATES = {
    State.WAITING: _l("Đang chờ"),
    State.WORKING: _l("Đang lập"),
    State.DONE: _l("Đã xong"),
    State.FAILED: _l("Chưa lập được"),
    State.CANCELLED: _l("Đã hủy"),
    State.FORGOTTEN: _l("Không còn lưu"),
}


@bp.get("")
@requires(Permission.KEEP_OWN_ACCOUNT)
def own() -> str:
    found = documents.own(reading(), visitor())
    return render_template("documents/own.html", documents=found, kinds=KINDS, states=STATES, days=documents.KEPT.days)


@bp.get("/<int:document_id>")
@requires(Permission.KEEP_OWN_ACCOUNT)
def one(document_id: int) -> str:
    found = documents.get(reading(), document_id, visitor())
    return render_template("documents/one.html", found=found, back=_back(found), kinds=KINDS, states=STATES)


@bp.get("/<int:document_id>/tien-do")
@requires(Permission.KEEP_OWN_ACCOUNT)
def progress(document_id: int) -> Response:
    found = documents.get(reading(), document_id, visitor())
    return jsonify(state=found.state, percent=found.percent)


@bp.get("/<int:document_id>/tep")
@requires(Permission.KEEP_OWN_ACCOUNT)
def file(document_id: int) -> Response:
    found = documents.file(reading(), document_id, visitor())
    answer = send_file(io.BytesIO(found.content), found.mimetype, as_attachment=True, download_name=found.name)
    answer.headers["Cache-Control"] = "no-store"
    return answer


@bp.post("/<int:document_id>/huy")
@requires(Permission.KEEP_OWN_ACCOUNT)
def cancel(document_id: int) -> Response:
    with transaction(actor()) as session:
        documents.cancel(session, document_id, visitor(), g.now)
    flash(_("Đã hủy. Có thể yêu cầu lại bất cứ lúc nào."))
    return redirect(url_for(".one", document_id=document_id))


def _back(found: Document) -> str:
    """The address at which this was asked for; '' where that is not known any more."""
    if found.kind not in OF_A_WEEK:
        return url_for(ASKED_AT[found.kind])
    if found.week_id is None:
        return ""
    week = contests.get_week_by_id(reading(), found.week_id)
    return url_for(ASKED_AT[found.kind], number=week.week.number)
