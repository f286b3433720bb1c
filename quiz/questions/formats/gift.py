"""GIFT, the text format of Moodle: questions parted by blank lines, answers in braces, `\\` before what is no sign.

Read: titles, categories, [id:…] and [tag:…] in comments, text formats, weights, feedback, a missing word.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

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

_ESCAPE = re.compile(r"\\([\\~=#{}:n])")
_HIDDEN = 0x100000  # an escaped sign is moved here, out of the way of the signs
_SHOWN = {_HIDDEN + ord(sign): sign for sign in "\\~=#{}:"} | {_HIDDEN + ord("n"): "\n"}
_CATEGORY = re.compile(r"\$CATEGORY:(.*)")
_COMMENT_ID = re.compile(r"\[id:((?:\\\]|[^\]])+)\]")
_COMMENT_TAG = re.compile(r"\[tag:((?:\\\]|[^\]])+)\]")
_FORMAT = re.compile(r"\[(html|moodle|plain|markdown)\]")
_WEIGHT = re.compile(r"%(-?\d{1,3}(?:\.\d{0,9})?)%")
_LONGEST = 100_000
_CONTINUED = ("~", "=", "}", "####")
_FEEDBACK = "####"
_MISSING_WORD = "_____"


@dataclass(slots=True)
class _Block:
    """The lines of one question, its comments apart; `line` is where it begins."""

    category: str
    comments: list[str] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    line: int = 0
    is_open: bool = False
    has_answers: bool = False

    def add(self, number: int, line: str) -> None:
        """Take one more line; a brace on it opens or closes the answers."""
        self.line = self.line or number
        self.lines.append(line)
        self.has_answers = self.has_answers or "{" in line
        if "{" in line or "}" in line:
            self.is_open = line.rfind("{") > line.rfind("}")

    @property
    def text(self) -> str:
        return "\n".join(self.lines)


def looks_like_gift(text: str) -> bool:
    """Whether a text that is nothing else can be GIFT."""
    return bool(re.search(r"^(?:::|\$CATEGORY:)", text, re.MULTILINE)) or ("{" in text and "}" in text)


def read_gift(text: str) -> Imported:
    """Every question of a GIFT file."""
    taking = Taking()
    for block in _blocks(text):
        title, _ = _titled(block.text)
        shown = _restored(title)
        where = say("lines", line=block.line, name=shown) if shown else say("line", line=block.line)
        taking.take(where, lambda where, block=block: _question(block, where))  # type: ignore[misc]
    return taking.done()


def write_gift(questions: Iterable[Question], topics: Mapping[str, str]) -> str:
    """The questions as GIFT; each topic is a category."""
    pieces, topic = [], ""
    for question in questions:
        if question.topic != topic:
            topic = question.topic
            pieces.append(f"$CATEGORY: {path_of(topics.get(topic, topic))}\n")
        pieces.append(_written(question))
    return "\n".join(pieces)


def _blocks(text: str) -> Iterator[_Block]:
    """What blank lines part, except within braces, and lines that can only begin something else."""
    block = _Block("")
    lines = [line if line.startswith("//") else _hidden(line) for line in map(str.strip, text.split("\n"))]
    following = _next_words(lines)
    for number, line in enumerate(lines, start=1):
        category = _CATEGORY.match(line)
        is_over = category or (not line and not (block.is_open and following[number - 1].startswith(_CONTINUED)))
        if is_over or (line.startswith("::") and block.has_answers and not block.is_open):
            if block.lines:
                yield block
            comments = [] if is_over else block.comments
            block = _Block(topic_name(_restored(category[1])) if category else block.category, comments)
        if line.startswith("//"):
            block.comments.append(line)
        elif line and not category:
            block.add(number, line)
    if block.lines:
        yield block


def _next_words(lines: list[str]) -> list[str]:
    """For each line the next one with words on it."""
    following, words = [], ""
    for line in reversed(lines):
        following.append(words)
        words = line or words
    return following[::-1]


def _hidden(line: str) -> str:
    return _ESCAPE.sub(lambda found: chr(_HIDDEN + ord(found[1])), line)


def _titled(text: str) -> tuple[str, str]:
    """The title between :: and ::, and the rest."""
    if text.startswith("::") and (end := text.find("::", 2)) > 0:
        return text[2:end], text[end + 2 :].strip()
    return "", text


def _question(block: _Block, where: Sentence) -> ImportedQuestion:
    if len(block.text) > _LONGEST:
        raise Unusable("too_long", length=len(block.text), most=_LONGEST)
    title, text = _titled(block.text)
    words, answers = _parted(text)
    answers, _, general = answers.rpartition(_FEEDBACK) if _FEEDBACK in answers else (answers, "", "")
    answers = answers.strip()
    _check_type(answers)
    found = _FORMAT.match(words)
    given = found[1] if found else "moodle"
    plain = _plain(words, given)
    comments = "\n".join(block.comments)
    identifier = _COMMENT_ID.search(comments)
    draft = Draft(
        identifier=tidy(_unescaped(identifier[1])) if identifier else name_unless_text(_restored(title), plain),
        text=plain,
        choices=[_choice(sign, answer, given) for sign, answer in _answers(answers)],
        explanation=_plain(general, given),
        topic_name=block.category,
        tags=[_unescaped(tag) for tag in _COMMENT_TAG.findall(comments)],
    )
    return to_question(draft, where)


def _parted(text: str) -> tuple[str, str]:
    """The question's words, with a gap where a word is missing, and what stands in the braces."""
    start, end = text.find("{"), text.find("}")
    if start < 0 and end < 0:
        raise Unusable("description")
    if not 0 <= start < end or "{" in text[start + 1 : end]:
        raise Unusable("braces")
    before, after = text[:start], text[end + 1 :]
    if "{" in after or "}" in after:
        raise Unusable("several_answers")
    return (f"{before}{_MISSING_WORD}{after}" if after.strip() else before), text[start + 1 : end]


def _check_type(answers: str) -> None:
    if not answers:
        raise Unusable("essay")
    if answers.startswith("#"):
        raise Unusable("numerical")
    if "~" not in answers:
        if "=" in answers and "->" in answers:
            raise Unusable("matching")
        is_judgement = answers.partition("#")[0].strip() in ("T", "TRUE", "F", "FALSE")
        raise Unusable("true_false" if is_judgement else "short_answer")


def _answers(answers: str) -> Iterator[tuple[str, str]]:
    first, *rest = re.split(r"([~=])", answers)
    if first.strip():
        raise Unusable("answer_sign", text=_restored(first)[:40])
    yield from zip(rest[::2], map(str.strip, rest[1::2]), strict=True)


def _choice(sign: str, answer: str, given: str) -> Choice:
    weight = _WEIGHT.match(answer)
    text, _, feedback = (answer[weight.end() :] if weight else answer).partition("#")
    share = Fraction(weight[1].rstrip(".")) if weight else ALL if sign == "=" else Fraction(0)
    return Choice(_plain(text, given), share, _plain(feedback, given))


def _plain(text: str, given: str) -> str:
    """The text as it reads; a format in front of it wins over the format given to the whole question."""
    text = text.strip()
    if found := _FORMAT.match(text):
        given, text = found[1], text[found.end() :]
    shown = text.replace("\n", " ").translate(_SHOWN)
    if given == "plain":
        return tidy(shown)
    if given == "markdown":
        return tidy("\n".join(map(from_markdown, shown.split("\n"))))
    if given == "html":
        return from_html(shown)
    return tidy("\n".join(map(from_html, shown.split("\n"))))


def _restored(text: str) -> str:
    return " ".join(tidy(text.translate(_SHOWN)).split("\n"))


def _unescaped(text: str) -> str:
    return text.replace("\\]", "]")


def _written(question: Question) -> str:
    marks = [f"[id:{question.id}]", *("[tag:{}]".format(tag.replace("]", "\\]")) for tag in tags_of(question))]
    lines = [f"// {' '.join(marks)}", f"::{_escaped(question.id)}::[plain]{_escaped(question.text)}{{"]
    for option in question.options:
        is_right = option.letter in question.key
        if question.has_several_keys:
            sign = f"~%{float(ALL / len(question.key)):.5f}%" if is_right else "~"
        else:
            sign = "=" if is_right else "~"
        lines.append(f"\t{sign}{_shielded(option.text)}")
    return "\n".join([*lines, f"\t{_FEEDBACK}{_shielded(explanation_with_basis(question))}", "}", ""])


def _escaped(text: str) -> str:
    return re.sub(r"[\\~=#{}:]", r"\\\g<0>", text).replace("\n", "\\n")


def _shielded(text: str) -> str:
    """Text that begins as a format or a weight is told from one by a format of its own."""
    return ("[plain]" if text.startswith(("[", "%")) else "") + _escaped(text)
