"""The office's own templates of official documents: the ones in use, an edited one in their place, and back again."""

from __future__ import annotations

import io

from flask import Blueprint, abort, flash, g, redirect, render_template, send_file, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from werkzeug.wrappers import Response

from quiz.errors import Refused
from quiz.exports.letter_safety import MOST_BYTES
from quiz.exports.letters import Letter
from quiz.permissions import Permission
from quiz.services import letter_samples, office_templates, reading, transaction
from quiz.services.official_letters import DOCX
from quiz.web.access import SMALL_BODY, actor, large_body, requires
from quiz.web.official_letters import LETTERS
from quiz.web.pages import words

bp = Blueprint("office_templates", __name__, url_prefix="/ban-to-chuc/mau-van-ban")


class TemplateForm(FlaskForm):
    file = FileField(
        _l("Mẫu đã sửa (.docx, tối đa 2 MB)"),
        [FileRequired(_l("Hãy chọn tệp."))],
        render_kw={"accept": ".docx"},
    )


@bp.get("")
@requires(Permission.SEE_RESULTS)
def overview() -> str:
    return render_template(
        "organise/office_templates.html", letters=LETTERS, editions=office_templates.editions(reading())
    )


@bp.get("/<letter>")
@requires(Permission.SEE_RESULTS)
def one(letter: str) -> str:
    return _page(_letter(letter), TemplateForm())


@bp.get("/<letter>/ban-goc.docx")
@requires(Permission.SEE_RESULTS)
def original(letter: str) -> Response:
    return _file(letter, office_templates.ORIGINAL)


@bp.get("/<letter>/ban-<int:edition>.docx")
@requires(Permission.SEE_RESULTS)
def file(letter: str, edition: int) -> Response:
    if edition == office_templates.ORIGINAL:
        abort(404)
    return _file(letter, edition)


@bp.post("/<letter>")
@large_body(MOST_BYTES + SMALL_BODY)
@requires(Permission.PUBLISH_RESULTS)
def change(letter: str) -> tuple[str, int] | Response:
    found, form = _letter(letter), TemplateForm()
    if not form.validate_on_submit():
        return _page(found, form), 422
    try:
        checked = office_templates.checked(found, form.file.data.filename or "", form.file.data.read())
        with transaction(actor()) as session:
            office_templates.change(session, checked, actor(), g.now)
    except Refused as refusal:
        form.file.errors = [words(refusal)]
        return _page(found, form), 422
    flash(_("Đã thay mẫu. Văn bản lập từ nay theo mẫu mới."))
    return redirect(url_for(".one", letter=letter))


@bp.post("/<letter>/ban-goc")
@requires(Permission.PUBLISH_RESULTS)
def restore(letter: str) -> Response:
    with transaction(actor()) as session:
        office_templates.restore(session, _letter(letter), actor(), g.now)
    flash(_("Đã trở lại mẫu gốc."))
    return redirect(url_for(".one", letter=letter))


def _file(letter: str, edition: int) -> Response:
    content = office_templates.content(reading(), _letter(letter), edition)
    return send_file(io.BytesIO(content), DOCX, as_attachment=True, download_name=f"mau-{letter}.docx")


def _letter(name: str) -> Letter:
    if name not in list(Letter):
        abort(404)
    return Letter(name)


def _page(letter: Letter, form: TemplateForm) -> str:
    sample = letter_samples.samples(letter)[0]
    lists = {name: rows[0] for name, rows in sample.items() if isinstance(rows, list) and rows}
    return render_template(
        "organise/office_template.html",
        letter=letter,
        title=LETTERS[letter],
        form=form,
        editions=office_templates.editions(reading())[letter],
        names=sorted(set(sample) - set(lists)),
        lists=lists,
        sample=sample,
    )
