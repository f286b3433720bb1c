"""Moodle XML: a <quiz> of <question>s, its texts HTML in CDATA as a rule; and the bank written as Moodle writes it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from xml.sax.saxutils import escape

from quiz.questions.bank import Question
from quiz.questions.formats.categories import path_of, topic_name
from quiz.questions.formats.drafts import (
    ALL,
    Choice,
    Draft,
    explanation_with_basis,
    name_unless_text,
    tags_of,
    to_question,
)
from quiz.questions.formats.imported import Imported, ImportedQuestion, Sentence, Taking, Unusable, say
from quiz.questions.formats.plain_text import from_html, from_markdown, tidy
from quiz.questions.formats.xml_tree import Element, children, descendants, inner_text, plain_words, read_xml

_REFUSED_TYPES = {
    "truefalse": "true_false",
    "shortanswer": "short_answer",
    "numerical": "numerical",
    "matching": "matching",
    "essay": "essay",
    "description": "description",
}
_ALL_OR_NOTHING = "multichoiceset"
_MOST_PARTS = 500
_REMARKS = ("correctfeedback", "partiallycorrectfeedback", "incorrectfeedback")
_USUAL_REMARKS = frozenset(
    "your answer is correct|your answer is partially correct|your answer is incorrect|câu trả lời của bạn đúng|"
    "câu trả lời của bạn đúng một phần|câu trả lời của bạn sai|câu trả lời của bạn không đúng".split("|")
)


def read_moodle_xml(data: bytes) -> Imported:
    """Every question of a Moodle XML file."""
    taking = Taking()
    category = ""
    for element in children(read_xml(data), "question"):
        if element.get("type") == "category":
            category = topic_name(inner_text(next(descendants(element, "text"), None)))
            continue
        name = tidy(inner_text(next(iter(children(element, "name")), None)))
        line = element.sourceline
        where = say("lines", line=line, name=name[:60]) if name else say("line", line=line)
        taking.take(where, _maker(element, name, category))
    return taking.done()


def write_moodle_xml(questions: Iterable[Question], topics: Mapping[str, str]) -> str:
    """The questions as Moodle XML; each topic is a category."""
    return "".join(['<?xml version="1.0" encoding="UTF-8"?>\n<quiz>\n', *_written_quiz(questions, topics), "</quiz>\n"])


def _maker(element: Element, name: str, category: str) -> Callable[[Sentence], ImportedQuestion]:
    def make(where: Sentence) -> ImportedQuestion:
        kind = element.get("type", "")
        if kind not in ("multichoice", _ALL_OR_NOTHING):
            refused = _REFUSED_TYPES.get(kind)
            raise Unusable(refused) if refused else Unusable("other_type", type=kind[:40])
        if len(element) > _MOST_PARTS:
            raise Unusable("options", count=len(children(element, "answer")))
        if _has_media(element):
            raise Unusable("media")
        text = _plain(_only(element, "questiontext"))
        choices = [_choice(answer) for answer in children(element, "answer")]
        draft = Draft(
            identifier=tidy(inner_text(_only(element, "idnumber"))) or name_unless_text(name, text),
            text=text,
            choices=_evened(choices) if kind == _ALL_OR_NOTHING else choices,
            explanation=_plain(_only(element, "generalfeedback")),
            topic_name=category,
            tags=[inner_text(tag) for tags in children(element, "tags") for tag in children(tags, "tag")],
            left_out=tuple(_left_out(element)),
        )
        return to_question(draft, where)

    return make


def _has_media(element: Element) -> bool:
    """Whether the question comes with files; before Moodle 2 its picture was named, or stood in it as letters."""
    named = any(inner_text(each) for each in children(element, "image", "image_base64"))
    return named or next(descendants(element, "file"), None) is not None


def _only(element: Element, name: str) -> Element | None:
    return next(iter(children(element, name)), None)


def _choice(answer: Element) -> Choice:
    feedback = next(iter(children(answer, "feedback")), None)
    try:
        share = Fraction(answer.get("fraction", "0").strip().replace(",", "."))
    except (ValueError, ZeroDivisionError):
        raise Unusable("weights", total=answer.get("fraction", "")[:20]) from None
    return Choice(_plain(answer), share, _plain(feedback))


def _evened(choices: Sequence[Choice]) -> list[Choice]:
    """The right ones of all or nothing, each of which says that it is worth everything, with equal parts of it."""
    right = sum(choice.share > 0 for choice in choices)
    return [replace(choice, share=ALL / right) if choice.share > 0 else choice for choice in choices]


def _plain(element: Element | None) -> str:
    """The text of an element that has a format and a <text>."""
    if element is None:
        return ""
    text = _only(element, "text")
    if text is None:
        return ""
    if len(text):  # XHTML that was not put into CDATA
        return plain_words(text)
    source, given = text.text or "", element.get("format", "html")
    if given == "plain_text":
        return tidy(source)
    if given == "html":
        return from_html(source)
    return tidy("\n".join(map(from_markdown if given == "markdown" else from_html, source.split("\n"))))


def _left_out(element: Element) -> Iterator[Sentence]:
    remarks = filter(None, (inner_text(_only(element, name)) for name in _REMARKS))
    if any(from_html(remark).casefold().rstrip(" .!") not in _USUAL_REMARKS for remark in remarks):
        yield say("common_feedback")
    if children(element, "hint"):
        yield say("hints")
    if inner_text(_only(element, "hidden")) == "1":
        yield say("hidden")


def _written_quiz(questions: Iterable[Question], topics: Mapping[str, str]) -> Iterator[str]:
    topic = ""
    for question in questions:
        if question.topic != topic:
            topic = question.topic
            path = escape(path_of(topics.get(topic, topic)))
            yield f'  <question type="category">\n    <category><text>{path}</text></category>\n  </question>\n'
        yield _written(question)


def _written(question: Question) -> str:
    share = f"{float(ALL / len(question.key)):.7g}"
    lines = [
        '  <question type="multichoice">',
        f"    <name>{_text(question.id)}</name>",
        f'    <questiontext format="plain_text">{_text(question.text)}</questiontext>',
        f'    <generalfeedback format="plain_text">{_text(explanation_with_basis(question))}</generalfeedback>',
        "    <defaultgrade>1</defaultgrade>",
        f"    <idnumber>{escape(question.id)}</idnumber>",
        f"    <single>{'false' if question.has_several_keys else 'true'}</single>",
        "    <shuffleanswers>true</shuffleanswers>",
        "    <answernumbering>ABCD</answernumbering>",
    ]
    lines += [
        f'    <answer fraction="{share if option.letter in question.key else 0}" format="plain_text">'
        f'{_text(option.text)}<feedback format="plain_text"><text></text></feedback></answer>'
        for option in question.options
    ]
    tags = "".join(f"<tag>{_text(tag)}</tag>" for tag in tags_of(question))
    return "\n".join([*lines, f"    <tags>{tags}</tags>", "  </question>", ""])


def _text(text: str) -> str:
    return f"<text>{escape(text)}</text>"
