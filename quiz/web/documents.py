"""Documents being made for somebody: the list of their own, the progress of one, its file, cancelling it."""

from __future__ import annotations

import io

from flask import Blueprint, flash, g, jsonify, redirect, render_template, send_file, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from quiz.permissions import Permission
from quiz.services import documents, reading, transaction
from quiz.services.documents import Kind, State
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
    return render_template("documents/one.html", found=found, kinds=KINDS, states=STATES)


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
