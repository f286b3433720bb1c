"""Taking questions in from files: upload one, see all that would and would not be taken, choose, take or drop it."""

from __future__ import annotations

from datetime import date

from flask import Blueprint, abort, flash, g, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from werkzeug.wrappers import Response
from wtforms import SelectField, StringField
from wtforms.validators import Optional

from quiz.errors import Refused
from quiz.permissions import Permission
from quiz.questions.bank import Level
from quiz.questions.formats.imported import Sentence
from quiz.questions.formats.words import WORDS
from quiz.services import contests, question_imports, reading, transaction
from quiz.services.contest_files import MAIN_BANK
from quiz.services.question_imports import MOST_BYTES, QuestionImport, State
from quiz.services.question_imports_preview import FILLED, Preview
from quiz.web.access import SMALL_BODY, actor, large_body, requires
from quiz.web.forms import at_most, one_of_choices, text
from quiz.web.pages import words
from quiz.web.roster_care_forms import WRITTEN, DayField

bp = Blueprint("question_imports", __name__, url_prefix="/ban-to-chuc/cau-hoi/nhap")

PAGE_SIZE = 50
STATES = {
    State.WAITING: _l("Đang đọc"),
    State.READ: _l("Chờ chọn câu"),
    State.REFUSED: _l("Không nhận được"),
    State.TAKEN: _l("Đã nhận làm bản nháp"),
    State.DROPPED: _l("Đã bỏ"),
}


class UploadForm(FlaskForm):
    bank = SelectField(_l("Nhập vào bộ câu hỏi"), [one_of_choices], validate_choice=False)
    file = FileField(
        _l("Tệp câu hỏi (tối đa 10 MB)"),
        [FileRequired(_l("Hãy chọn tệp."))],
        render_kw={"accept": ".txt,.gift,.xml,.zip,.imscc,.xlsx,.csv,.tsv,.docx"},
    )


class DefaultsForm(FlaskForm):
    topic = SelectField(_l("Chủ đề"), validate_choice=False)
    level = SelectField(_l("Mức độ"), validate_choice=False)
    document = StringField(_l("Văn bản căn cứ"), [at_most(300)])
    valid_from = DayField(_l("Nội dung đúng từ ngày"), [Optional()], format=WRITTEN)


@bp.get("")
@requires(Permission.KEEP_BANK)
def imports() -> str:
    return _list_page(_upload_form())


@bp.post("")
@large_body(MOST_BYTES + SMALL_BODY)
@requires(Permission.KEEP_BANK)
def upload() -> tuple[str, int] | Response:
    form = _upload_form()
    if not form.validate_on_submit():
        return _list_page(form), 422
    name, content = form.file.data.filename or "", form.file.data.read()
    try:
        with transaction(actor()) as session:
            import_id = question_imports.upload(session, text(form.bank), name, content, actor(), g.now)
    except Refused as refusal:
        form.file.errors = [words(refusal)]
        return _list_page(form), 422
    return redirect(url_for(".one", import_id=import_id))


@bp.get("/<int:import_id>")
@requires(Permission.KEEP_BANK)
def one(import_id: int) -> str:
    found = question_imports.get(reading(), import_id)
    shown = question_imports.preview_of(reading(), found)
    return _page(found, shown, _defaults_form(shown))


@bp.get("/<int:import_id>/tien-do")
@requires(Permission.KEEP_BANK)
def progress(import_id: int) -> Response:
    return jsonify(state=question_imports.get(reading(), import_id).state, percent=0)


@bp.post("/<int:import_id>/chon")
@requires(Permission.KEEP_BANK)
def choose(import_id: int) -> tuple[str, int] | Response:
    found = question_imports.get(reading(), import_id)
    shown = question_imports.preview_of(reading(), found)
    form = _defaults_form(shown)
    if not form.validate_on_submit():
        return _page(found, shown, form), 422
    numbers, ticked = (set(request.form.getlist(name, type=int)) for name in ("shown", "ticked"))
    defaults = {name: str(form[name].data or "") for name in FILLED}
    with transaction(actor()) as session:
        question_imports.choose(session, import_id, numbers, ticked, defaults, actor(), g.now)
    if request.form.get("act") != "take":
        return redirect(url_for(".one", import_id=import_id, trang=request.form.get("act", type=int)))
    with transaction(actor()) as session:
        taken = question_imports.take(session, import_id, actor(), g.now)
    flash(_("Đã nhận %(count)s câu làm bản nháp, chờ thẩm định.", count=taken))
    return redirect(url_for(".one", import_id=import_id))


@bp.post("/<int:import_id>/bo")
@requires(Permission.KEEP_BANK)
def drop(import_id: int) -> Response:
    with transaction(actor()) as session:
        question_imports.drop(session, import_id, actor(), g.now)
    flash(_("Đã bỏ tệp. Không có gì thay đổi."))
    return redirect(url_for(".imports"))


@bp.app_template_filter("said")
def said(sentence: Sentence) -> str:
    """A sentence of an import in the visitor's language."""
    return str(_(WORDS[sentence.code]).format(**sentence.facts))


def _upload_form() -> UploadForm:
    form = UploadForm()
    rules = contests.get_current(reading()).rules
    form.bank.choices = [(name, name or MAIN_BANK) for name in rules.banks]
    return form


def _defaults_form(shown: Preview) -> DefaultsForm:
    said = shown.defaults
    first = date.fromisoformat(said["valid_from"]) if said["valid_from"] else None
    form = DefaultsForm(data={**said, "valid_from": first})
    nothing = ("", _("(để trống, sửa sau từng câu)"))
    form.topic.choices = [nothing, *shown.topics.items()]
    form.level.choices = [nothing, *((str(int(level)), f"{int(level)} – {level.words}") for level in Level)]
    return form


def _list_page(form: UploadForm) -> str:
    listed = question_imports.latest(reading())
    return render_template("organise/question_imports.html", form=form, imports=listed, states=STATES)


def _page(found: QuestionImport, shown: Preview, form: DefaultsForm) -> str:
    pages = max(1, -(-len(shown.items) // PAGE_SIZE))
    number = request.args.get("trang", 1, type=int)
    if not 1 <= number <= pages:
        abort(404)
    return render_template(
        "organise/question_import.html",
        found=found,
        shown=shown,
        why=question_imports.report_of(reading(), found.id).why,
        items=shown.items[(number - 1) * PAGE_SIZE : number * PAGE_SIZE],
        number=number,
        pages=pages,
        states=STATES,
        form=form,
    )
