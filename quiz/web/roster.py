"""The roster's pages: upload a file, watch it being checked, see what it would do, confirm or drop it."""

from __future__ import annotations

import io

from flask import Blueprint, abort, flash, g, jsonify, redirect, render_template, send_file, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from werkzeug.wrappers import Response
from wtforms import HiddenField
from wtforms.validators import InputRequired

from quiz.errors import Refused
from quiz.permissions import Permission
from quiz.services import reading, roster_imports, transaction
from quiz.services.roster_imports import RosterImport, State
from quiz.services.roster_sheets import MOST_BYTES
from quiz.services.roster_template import template
from quiz.web.access import SMALL_BODY, actor, large_body, requires
from quiz.web.forms import text
from quiz.web.pages import words

bp = Blueprint("roster", __name__, url_prefix="/ban-to-chuc/danh-sach")

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
STATES = {
    State.WAITING: _l("Đang kiểm tra"),
    State.READY: _l("Chờ xác nhận"),
    State.FAULTY: _l("Có lỗi"),
    State.APPLYING: _l("Đang nạp"),
    State.DONE: _l("Đã nạp"),
    State.DROPPED: _l("Đã bỏ"),
}


class UploadForm(FlaskForm):
    file = FileField(
        _l("Tệp danh sách (.xlsx hoặc .csv, tối đa 20 MB)"),
        [FileRequired(_l("Hãy chọn tệp."))],
        render_kw={"accept": ".xlsx,.csv,.txt,.tsv"},
    )


class ConfirmForm(FlaskForm):
    shown = HiddenField(validators=[InputRequired()])


@bp.get("")
@requires(Permission.KEEP_ROSTER)
def imports() -> str:
    return _list_page(UploadForm())


@bp.post("")
@large_body(MOST_BYTES + SMALL_BODY)
@requires(Permission.KEEP_ROSTER)
def upload() -> tuple[str, int] | Response:
    form = UploadForm()
    if not form.validate_on_submit():
        return _list_page(form), 422
    try:
        with transaction(actor()) as session:
            name, content = form.file.data.filename or "", form.file.data.read()
            import_id = roster_imports.upload(session, name, content, actor(), g.now)
    except Refused as refusal:
        form.file.errors = [words(refusal)]
        return _list_page(form), 422
    return redirect(url_for(".one", import_id=import_id))


@bp.get("/mau.xlsx")
@requires(Permission.KEEP_ROSTER)
def blank() -> Response:
    name = "mau-danh-sach-du-thi.xlsx"
    return send_file(io.BytesIO(template()), XLSX, as_attachment=True, download_name=name)


@bp.get("/<int:import_id>")
@requires(Permission.KEEP_ROSTER)
def one(import_id: int) -> str:
    found = _get(import_id)
    form = ConfirmForm(shown=found.report.digest)
    return render_template("organise/roster_import.html", found=found, states=STATES, form=form)


@bp.get("/<int:import_id>/tien-do")
@requires(Permission.KEEP_ROSTER)
def progress(import_id: int) -> Response:
    found = _get(import_id)
    return jsonify(state=found.state, percent=found.percent)


@bp.post("/<int:import_id>/xac-nhan")
@requires(Permission.KEEP_ROSTER)
def confirm(import_id: int) -> Response:
    form = ConfirmForm()
    if not form.validate_on_submit():
        abort(400)
    with transaction(actor()) as session:
        roster_imports.confirm(session, import_id, text(form.shown), actor(), g.now)
    flash(_("Đã xác nhận. Hệ thống đang nạp danh sách."))
    return redirect(url_for(".one", import_id=import_id))


@bp.post("/<int:import_id>/bo")
@requires(Permission.KEEP_ROSTER)
def drop(import_id: int) -> Response:
    with transaction(actor()) as session:
        roster_imports.drop(session, import_id, actor(), g.now)
    flash(_("Đã bỏ tệp. Không có gì thay đổi."))
    return redirect(url_for(".imports"))


def _get(import_id: int) -> RosterImport:
    try:
        return roster_imports.get(reading(), import_id)
    except Refused:
        abort(404)


def _list_page(form: UploadForm) -> str:
    return render_template(
        "organise/roster_imports.html", form=form, imports=roster_imports.latest(reading()), states=STATES
    )
