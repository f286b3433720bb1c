"""The real bank, banks of hostile texts, what each must read back as, and short ways to say what was imported."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from hypothesis import strategies as st

from quiz.config import ROOT
from quiz.questions.bank import Bank, Level, Option, Question
from quiz.questions.bank_file import parse_bank
from quiz.questions.formats.imported import Imported, ImportedQuestion, RefusedFile

_TEXTS = (
    (
        st.text(alphabet=r" \~=#{}:[]%<>&;|,.'“”\"/*_-$(){}@+1234567890aAbBcCdDđáế", min_size=1, max_size=30)
        | st.sampled_from(
            ["[html]<b>x</b>", "%50%", "-> x", "// chú thích", "::tên::", "$CATEGORY: x", "&lt;p&gt;", "\\n"]
        )
        | st.sampled_from(
            ["=1+1", "A. x", "ANSWER: A", "Căn cứ: x", "Điều khoản: x", "]]>", "*sao", "<!-- x -->", "1/2"]
        )
    )
    .map(lambda text: " ".join(text.split()))
    .filter(bool)
)


@st.composite
def questions(draw: st.DrawFn) -> Question:
    """A question whose texts are full of what formats have a meaning for."""
    texts = draw(st.lists(_TEXTS, min_size=4, max_size=4, unique=True))
    return Question(
        id=draw(st.from_regex(r"[A-Z0-9]{1,4}-[0-9]{3}", fullmatch=True)),
        topic="mot-cua",
        level=draw(st.sampled_from(Level)),
        text=draw(_TEXTS),
        options=tuple(Option(letter, text) for letter, text in zip("ABCD", texts, strict=True)),
        key=draw(st.frozensets(st.sampled_from("ABCD"), min_size=1, max_size=3)),
        explanation=draw(_TEXTS),
        document=draw(_TEXTS),
        article=draw(_TEXTS | st.just("")),
        valid_from=draw(st.dates(date(1900, 1, 1), date(2100, 1, 1))),
        valid_until=draw(st.none() | st.dates(date(1900, 1, 1), date(2100, 1, 1))),
        facts=tuple(draw(st.lists(st.from_regex(r"F[0-9]{3}", fullmatch=True), max_size=2))),
    )


def real_bank() -> Bank:
    return parse_bank((ROOT / "question_bank.yaml").read_bytes())


def as_bank(question: ImportedQuestion) -> Question:
    """The question of the bank that the imported one is; fails where anything is missing."""
    assert question.level is not None
    assert question.valid_from is not None
    return Question(
        id=question.identifier,
        topic=question.topic,
        level=question.level,
        text=question.text,
        options=tuple(Option(letter, option.text) for letter, option in zip("ABCD", question.options, strict=True)),
        key=keys(question),
        explanation=question.explanation,
        document=question.document,
        article=question.article,
        valid_from=question.valid_from,
        valid_until=question.valid_until,
        facts=question.facts,
    )


def keys(question: ImportedQuestion) -> frozenset[str]:
    return frozenset(letter for letter, option in zip("ABCD", question.options, strict=True) if option.is_right)


def said(imported: Imported) -> list[str]:
    """Each question as 'text | *right | wrong …'."""
    return [
        " | ".join([question.text, *("*" * option.is_right + option.text for option in question.options)])
        for question in imported.questions
    ]


def refused(imported: Imported) -> list[str]:
    return [str(each) for each in imported.refused]


def refusal(read: Callable[[], object]) -> str:
    """The code with which a file is refused, '' where it is read."""
    try:
        read()
    except RefusedFile as no:
        return no.why.code
    return ""
