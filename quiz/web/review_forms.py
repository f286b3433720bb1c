"""The forms of a review: striking somebody, in two steps, and undoing it."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, RadioField, TextAreaField
from wtforms.validators import InputRequired

from quiz.services.audit import MOST_REASON
from quiz.services.strikes import MOST_EVIDENCE, Terms
from quiz.web.forms import REQUIRED, at_most, one_of_choices, text

WEEK, CONTEST = "week", "contest"


class StrikeForm(FlaskForm):
    """Why, on what evidence, and from what."""

    reason = TextAreaField(_l("Lý do"), [REQUIRED, at_most(MOST_REASON)], render_kw={"rows": 2})
    evidence = TextAreaField(_l("Căn cứ"), [REQUIRED, at_most(MOST_EVIDENCE)], render_kw={"rows": 4})
    scope = RadioField(
        _l("Loại khỏi"),
        [one_of_choices],
        validate_choice=False,
        choices=[],
        default=WEEK,
    )

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.scope.choices = {WEEK: gettext("xét giải của tuần này"), CONTEST: gettext("xét giải của cả hội thi")}

    @property
    def terms(self) -> Terms:
        """What was written."""
        return Terms(reason=text(self.reason), evidence=text(self.evidence), whole_contest=text(self.scope) == CONTEST)


class ConfirmForm(StrikeForm):
    """The same, carried along unseen beside what it would change."""

    seen = HiddenField(validators=[REQUIRED])
    checked = BooleanField(
        _l("Tôi đã xem những người được giải trước và sau khi loại."),
        [InputRequired(_l("Hãy đánh dấu sau khi đã xem."))],
    )


class UndoForm(FlaskForm):
    seen = HiddenField(validators=[REQUIRED])
    reason = TextAreaField(_l("Lý do bỏ việc loại"), [REQUIRED, at_most(MOST_REASON)], render_kw={"rows": 2})
