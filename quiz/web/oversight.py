"""The inspector's pages: the audit log searched, one entry with its place in the chain."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import Field, SelectField, StringField
from wtforms.validators import Optional, Regexp, StopValidation

from quiz.permissions import Permission
from quiz.services import audit_check, audit_links, audit_log, reading
from quiz.services.audit import WORDS, Act
from quiz.vietnamese import HANOI, clean, sort_key
from quiz.web.access import requires
from quiz.web.decision_forms import MomentField
from quiz.web.forms import at_most, one_of_choices, text

bp = Blueprint("oversight", __name__, url_prefix="/giam-sat")
SIZE = 50
LAST = 1_000_000
ACTS = sorted(((act.value, words) for act, (words, _facts) in WORDS.items()), key=lambda one: sort_key(one[1]))
TO_THE_MINUTE = timedelta(minutes=1)
"""The last minute of a search is searched to its end."""


class SearchForm(FlaskForm):
    """What to look for, as the address says it."""

    class Meta:
        csrf = False

    nguoi = StringField(
        _l("Người: tên, mã cán bộ hoặc console"),
        [at_most(120)],
        render_kw={"autocomplete": "off", "type": "search"},
    )
    viec = SelectField(_l("Việc"), [one_of_choices], validate_choice=False, default="")
    tu = MomentField(_l("Từ lúc"), [Optional()])
    den = MomentField(_l("Đến hết lúc"), [Optional()])
    chu = StringField(
        _l("Chữ trong dữ kiện hoặc lý do"), [at_most(200)], render_kw={"autocomplete": "off", "type": "search"}
    )
    tuan = StringField(
        _l("Tuần thi số"),
        [Regexp(r"\s*\d{0,3}\s*\Z", message=_l("Chỉ ghi chữ số, hoặc để trống."))],
        render_kw={"inputmode": "numeric", "autocomplete": "off"},
    )

    def validate_den(self, field: Field) -> None:
        """Time runs forward."""
        if field.data and self.tu.data and field.data < self.tu.data:
            raise StopValidation(_("Lúc này sớm hơn lúc bắt đầu tìm."))

    def search(self) -> audit_log.Search:
        """What was asked for, where nothing is wrong with it."""
        week = text(self.tuan).strip()
        return audit_log.Search(
            who=clean(text(self.nguoi)),
            act=Act(self.viec.data) if self.viec.data else None,
            since=self.tu.moment(HANOI) if self.tu.data else None,
            until=self.den.moment(HANOI) + TO_THE_MINUTE if self.den.data else None,
            words=clean(text(self.chu)),
            week=int(week) if week else None,
        )


@bp.get("/nhat-ky")
@requires(Permission.READ_AUDIT_LOG)
def log() -> ResponseReturnValue:
    form = SearchForm(request.args)
    form.viec.choices = [("", _("Mọi việc")), *((act, _(words)) for act, words in ACTS)]
    number = min(max(1, request.args.get("trang", 1, type=int)), LAST)
    is_right = form.validate()
    entries, total = audit_log.page(reading(), form.search(), number=number, size=SIZE) if is_right else ((), 0)
    page = render_template(
        "oversight/log.html",
        form=form,
        is_right=is_right,
        asked={name: asked for name in form.data if (asked := request.args.get(name, "").strip())},
        entries=entries,
        number=number,
        pages=max(1, -(-total // SIZE)),
        total=total,
        head=audit_links.head(reading()),
        checked=audit_check.latest(reading()),
        fault_words=audit_check.WORDS,
    )
    return page, 200 if is_right else 422


@bp.get("/nhat-ky/<int:number>")
@requires(Permission.READ_AUDIT_LOG)
def one(number: int) -> str:
    found = audit_log.find(reading(), number)
    if found is None:
        abort(404)
    entry, place = found
    return render_template(
        "oversight/entry.html", entry=entry, place=place, is_newest=number == audit_links.head(reading()).count
    )
