"""The forms of the question workbench, and what its addresses say of the list's filters."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from flask import g, request
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    HiddenField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.widgets import CheckboxInput, ListWidget

from quiz.errors import N_
from quiz.questions import wording
from quiz.questions.bank import LETTERS
from quiz.questions.wording import Wording, WordingFault
from quiz.services.question_work_drafts import CurrentBank, State
from quiz.services.question_work_list import IN_BANK, Filters, Validity
from quiz.web.forms import text

LEVELS = {"1": N_("Nhận biết"), "2": N_("Thông hiểu"), "3": N_("Vận dụng")}
ANY_ID = "CH-000"
"""Stands for the id that a new question has yet to get."""
FIELD_WORDS = {
    "topic": _l("Chủ đề"),
    "level": _l("Mức độ"),
    "text": _l("Nội dung câu hỏi"),
    **{f"options.{letter}": _l("Phương án %(letter)s", letter=letter) for letter in LETTERS},
    "key": _l("Đáp án đúng"),
    "explanation": _l("Lời giải thích"),
    "document": _l("Văn bản căn cứ"),
    "article": _l("Điều, khoản"),
    "valid_from": _l("Nội dung đúng từ ngày"),
    "valid_until": _l("Đến hết ngày"),
    "facts": _l("Dữ kiện làm căn cứ"),
}
"""What the pages call the fields of a wording."""
TEXTS = ("topic", "level", "text", "explanation", "document", "article", "valid_from", "valid_until")
SHORT = {"autocomplete": "off"}
DAY = {"type": "date", "autocomplete": "off"}


class QuestionForm(FlaskForm):
    """A question with all its fields; what is wrong with them only the rules of a bank know."""

    seen = HiddenField()
    topic = SelectField(FIELD_WORDS["topic"], validate_choice=False)
    level = RadioField(FIELD_WORDS["level"], validate_choice=False)
    text = TextAreaField(FIELD_WORDS["text"], render_kw={"rows": 4})
    option_a = TextAreaField(FIELD_WORDS["options.A"], render_kw={"rows": 2})
    option_b = TextAreaField(FIELD_WORDS["options.B"], render_kw={"rows": 2})
    option_c = TextAreaField(FIELD_WORDS["options.C"], render_kw={"rows": 2})
    option_d = TextAreaField(FIELD_WORDS["options.D"], render_kw={"rows": 2})
    key = SelectMultipleField(
        FIELD_WORDS["key"],
        validate_choice=False,
        choices={letter: letter for letter in LETTERS},
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    explanation = TextAreaField(FIELD_WORDS["explanation"], render_kw={"rows": 4})
    document = StringField(FIELD_WORDS["document"], render_kw=SHORT)
    article = StringField(FIELD_WORDS["article"], render_kw=SHORT)
    valid_from = StringField(FIELD_WORDS["valid_from"], render_kw=DAY)
    valid_until = StringField(FIELD_WORDS["valid_until"], render_kw=DAY)
    facts = StringField(FIELD_WORDS["facts"], render_kw=SHORT)

    def offer(self, current: CurrentBank) -> None:
        """Let the topics of the bank and the levels be chosen."""
        self.topic.choices = list(current.bank.topics.items())
        self.level.choices = {level: gettext(words) for level, words in LEVELS.items()}

    def fill(self, shown: Wording) -> None:
        """Put a wording into the fields."""
        for name in TEXTS:
            self[name].data = getattr(shown, name)
        for letter, option in zip(LETTERS, shown.options, strict=True):
            self[f"option_{letter.lower()}"].data = option
        self.key.data, self.facts.data = list(shown.key), " ".join(shown.facts)

    @property
    def wording(self) -> Wording:
        """What was typed."""
        texts = {name: text(self[name]) for name in TEXTS}
        options = tuple(text(self[f"option_{letter.lower()}"]) for letter in LETTERS)
        facts = tuple(text(self.facts).replace(",", " ").replace(";", " ").split())
        return wording.tidied(Wording(**texts, options=options, key="".join(self.key.data or ()), facts=facts))

    def as_question(self, question_id: str) -> Wording:
        """What was typed, under the id of its question."""
        return replace(self.wording, id=question_id or ANY_ID)

    def complain(self, faults: tuple[WordingFault, ...]) -> None:
        """Say each fault at its field."""
        for fault in faults:
            field = self[fault.field.replace("options.", "option_").lower()]
            field.errors = [*field.errors, fault.words]


class DecisionForm(FlaskForm):
    """A step of an open draft, or asking that a question be removed."""

    decision = HiddenField()
    seen = HiddenField()
    note = TextAreaField(_l("Ghi chú, lý do"), render_kw={"rows": 2})


class RemovalForm(FlaskForm):
    seen = HiddenField()
    reason = TextAreaField(_l("Lý do đề nghị bỏ câu hỏi"), render_kw={"rows": 2})


class FilterForm(FlaskForm):
    """What stands above the list; its fields are the parameters of the address."""

    class Meta:
        csrf = False

    tim = StringField(_l("Tìm trong nội dung, phương án, mã, văn bản"), render_kw={"type": "search", **SHORT})
    chu_de = SelectField(_l("Chủ đề"), name="chu-de", validate_choice=False)
    muc = SelectField(_l("Mức độ"), validate_choice=False)
    trang_thai = SelectField(_l("Trạng thái"), name="trang-thai", validate_choice=False)
    hieu_luc = SelectField(_l("Hiệu lực"), name="hieu-luc", validate_choice=False)
    ngay = StringField(_l("Vào ngày"), render_kw=DAY)
    nhieu = BooleanField(_l("Nhiều đáp án đúng"))

    def offer(self, current: CurrentBank) -> None:
        """Let the bank's topics and everything else be chosen, or nothing of it."""
        every = {"": gettext("Tất cả")}
        states = (State.DRAFT, State.APPRAISED, State.APPROVED)
        self.chu_de.choices = {**every, **current.bank.topics}
        self.muc.choices = every | {level: gettext(words) for level, words in LEVELS.items()}
        in_bank = {IN_BANK: gettext("Đang trong bộ, không có bản nháp")}
        self.trang_thai.choices = every | in_bank | {state.value: gettext(state.words) for state in states}
        self.hieu_luc.choices = every | {validity.value: gettext(validity.words) for validity in Validity}


@dataclass(frozen=True)
class Asked:
    """What the address of the list asks for."""

    form: FilterForm
    filters: Filters
    page: int


def asked(current: CurrentBank) -> Asked:
    """The filters of this request; what makes no sense narrows nothing, and the day is today unless said."""
    form = FilterForm(request.args)
    form.offer(current)
    today = current.contest.rules.local_day(g.now)
    try:
        day = date.fromisoformat(text(form.ngay))
    except ValueError:
        day = today
    form.ngay.data = day.isoformat()
    chosen = text(form.hieu_luc)
    filters = Filters(words=text(form.tim), topic=text(form.chu_de), level=text(form.muc), state=text(form.trang_thai))
    filters = replace(
        filters,
        validity=Validity(chosen) if chosen in set(Validity) else None,
        day=day,
        several_keys=bool(form.nhieu.data),
    )
    return Asked(form, filters, request.args.get("trang", 1, type=int))
