"""Numbered questions with lettered options below them, line by line, and where their keys are found."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from quiz.questions.formats.docx_keys import key_pairs
from quiz.questions.formats.docx_text import Line, Mark
from quiz.questions.formats.drafts import Detail, Draft, to_question
from quiz.questions.formats.imported import ImportedQuestion, Sentence, Taking, Unusable, say
from quiz.questions.formats.lettered import Lettered, Piece, cut, letter_sign, right_places, to_choices
from quiz.questions.formats.plain_text import tidy

_NAMED = re.compile(r"\s*(?:câu(?: hỏi)?|question|bài)\s*(\d{1,4})\s*(?:[.:)/–-]|(?=\s|$))\s*", re.IGNORECASE)
_COUNTED = re.compile(r"\s*(\d{1,4})\s*[.)/:](?=\s|[^\W\d]|$)\s*")
_KEY = re.compile(
    r"\W*(?:(?:đáp án|phương án|câu trả lời)(?: đúng| chính xác)?|đ/?a|(?:correct )?answer|key)(?: là)?"
    r"\s*[:.–-]\s*(\S.*)",
    re.IGNORECASE,
)
_KEYS_BELOW = re.compile(r"\W*(?:bảng |phần )?(?:đáp án|answer key|answers)(?: .*)?\W*", re.IGNORECASE)
_FIELD = re.compile(
    r"\s*(giải thích|lời giải|hướng dẫn giải|explanation|feedback|chủ đề|lĩnh vực|topic|mức độ|level|căn cứ|điều khoản)"
    r"(?: pháp lý)?\s*:\s*(.*)",
    re.IGNORECASE,
)
_ON_ONE_LINE = re.compile(r"\s(?=\*?A\s?[.)]\s)")
_DETAILS = {"mức độ": Detail.LEVEL, "level": Detail.LEVEL, "căn cứ": Detail.DOCUMENT, "điều khoản": Detail.ARTICLE}
_TOPICS = ("chủ đề", "lĩnh vực", "topic")


@dataclass(slots=True)
class _Reading:
    """One question as far as it has been read; `last` is the paragraph of its last option."""

    line: int
    number: int = 0
    text: list[str] = field(default_factory=list)
    options: list[tuple[Lettered, Mark, Mark]] = field(default_factory=list)
    explanation: list[str] = field(default_factory=list)
    details: dict[Detail, str] = field(default_factory=dict)
    topic: str = ""
    key: str = ""
    problem: str = ""
    misplaced: str = ""
    last: int = 0
    is_explained: bool = False


def read_list(lines: Sequence[Line], keys: Mapping[int, str], taking: Taking) -> None:
    """Take the questions of these lines; `keys` are those that tables give to their numbers."""
    reader = _ListReader(lines, dict(keys), taking)
    for line in reader.rest:
        reader.read(line)
    reader.end()
    if unused := sorted(set(reader.keys) - reader.numbers):
        taking.refuse(say("whole_file"), "unused_keys", numbers=", ".join(map(str, unused[:50])))


class _ListReader:
    """Goes through the lines with the one question that is open."""

    def __init__(self, lines: Sequence[Line], keys: dict[int, str], taking: Taking) -> None:
        self.keys = keys
        self.numbers: set[int] = set()
        self.rest = list(self._without_keys(lines))
        self._taking = taking
        starts = (start for start in (_NAMED, _COUNTED) if any(start.match(line.text) for line in self.rest))
        self._start = next(starts, None)
        self._signs = self._sign_of_each()
        self._sign = next(self._signs)
        self._open: _Reading | None = None

    def _sign_of_each(self) -> Iterator[re.Pattern[str]]:
        """How the options are lettered: of what comes before the first question, then of each question."""
        texts: list[str] = []
        for line in self.rest:
            if self._start and self._start.match(line.text):
                yield letter_sign(texts)
                texts = []
            texts.append(line.text)
        yield letter_sign(texts)

    def _without_keys(self, lines: Sequence[Line]) -> list[Line]:
        """The lines that are not keys given below a heading, whose keys are remembered."""
        rest, is_below = [], False
        for line in lines:
            pairs = key_pairs(tidy(line.text).replace("\n", " "))
            if (is_below and pairs) or len(pairs) > 1:
                self.keys.update(pairs)
                continue
            is_below = bool(_KEYS_BELOW.fullmatch(line.text)) and not _KEY.match(line.text)
            if not is_below:
                rest.append(line)
        return rest

    def read(self, line: Line) -> None:
        """Take one more line to the open question, or open the next."""
        if self._start and (found := self._start.match(line.text)):
            self.end()
            self._sign = next(self._signs)
            self._open = _Reading(line.paragraph, int(found[1]))
            line = _from(line, found.end())
        reading = self._open
        if reading is None:
            self._stray(line) if self._start or not line.text.strip() else self._begin(line)
            return
        reading.problem = reading.problem or line.problem
        pieces = list(cut(line.text, self._sign))
        if not pieces[0].letter and (found := _ON_ONE_LINE.search(line.text)):
            later = _from(line, found.end())
            if len(list(cut(later.text, self._sign))) > 1:
                reading.text.append(line.text[: found.start()])
                line, pieces = later, list(cut(later.text, self._sign))
        if pieces[0].letter:
            self._options(reading, line, pieces)
        elif not self._named_part(reading, line.text):
            self._words(reading, line)

    def end(self) -> None:
        """Take the open question."""
        reading, self._open = self._open, None
        if reading is None:
            return
        self.numbers.add(reading.number)
        code = "numbered" if reading.number else "paragraph"
        where = say(code, number=reading.number, line=reading.line)
        self._taking.take(where, lambda where: _question(reading, self.keys.get(reading.number, ""), where))

    def _begin(self, line: Line) -> None:
        self._open = _Reading(line.paragraph, text=[line.text], problem=line.problem)

    def _stray(self, line: Line) -> None:
        text = tidy(line.text)
        if text or line.problem:
            code = line.problem or "stray_text"
            self._taking.refuse(
                say("paragraph", line=line.paragraph), code, **({} if line.problem else {"text": text[:60]})
            )

    def _options(self, reading: _Reading, line: Line, pieces: Sequence[Piece]) -> None:
        for piece in pieces:
            words, is_starred = piece.words(line.text)
            if ord(piece.letter) != ord("A") + len(reading.options):
                reading.misplaced = reading.misplaced or piece.letter
            label = line.common(piece.start, piece.begin)
            option = Lettered(piece.letter, tidy(words), is_starred)
            reading.options.append((option, label, line.common(piece.begin, piece.end)))
        reading.last = line.paragraph

    def _named_part(self, reading: _Reading, text: str) -> bool:
        """Whether the line says what it is: the key, the explanation, the law, the topic, the level."""
        if found := _KEY.fullmatch(text):
            reading.key = found[1]
        elif found := _FIELD.fullmatch(text):
            name, words = found[1].casefold(), tidy(found[2])
            if name in _TOPICS:
                reading.topic = words
            elif name in _DETAILS:
                reading.details[_DETAILS[name]] = words
            else:
                reading.is_explained = True
                reading.explanation.append(words)
        else:
            return False
        return True

    def _words(self, reading: _Reading, line: Line) -> None:
        """Words without a letter go on with what is above them, as far as it is plain to what they belong."""
        if not line.text.strip():
            return
        if reading.is_explained:
            reading.explanation.append(line.text)
        elif not reading.options:
            reading.text.append(line.text)
        elif line.paragraph == reading.last:
            option, label, mark = reading.options.pop()
            words = f"{option.text} {tidy(line.text)}"
            reading.options.append((Lettered(option.letter, words, option.is_marked), label, mark))
        elif self._start is None:
            self.end()
            self._begin(line)
        else:
            self._stray(line)


def _from(line: Line, place: int) -> Line:
    return Line(line.paragraph, line.text[place:], line.marks[place:], line.problem)


def _question(reading: _Reading, key: str, where: Sentence) -> ImportedQuestion:
    if reading.problem:
        raise Unusable(reading.problem)
    if reading.misplaced:
        raise Unusable("option_order", letter=reading.misplaced)
    texts = [option.text for option, _, _ in reading.options]
    if key and reading.key and right_places(key, texts) != right_places(reading.key, texts):
        raise Unusable("keys_differ", first=reading.key[:40], second=key)
    key = reading.key or key
    options = [option for option, _, _ in reading.options]
    if not key and not any(option.is_marked for option in options):
        options = standing_out(reading.options)
    draft = Draft(
        identifier="",
        text=tidy("\n".join(reading.text)),
        choices=to_choices(options, key),
        explanation=tidy("\n".join(reading.explanation)),
        topic_name=reading.topic,
        details=reading.details,
    )
    return to_question(draft, where)


def standing_out(options: Sequence[tuple[Lettered, Mark, Mark]]) -> list[Lettered]:
    """The options with those marked whose letter or words stand out from the others; raises Unusable.

    What all of them have marks none; two ways of standing out must mean the same options.
    """
    meant = set()
    for marks in ([label for _, label, _ in options], [words for _, _, words in options]):
        for kind in Mark:
            having = frozenset(place for place, mark in enumerate(marks) if mark & kind)
            if 0 < len(having) < len(options):
                meant.add(having)
    if len(meant) > 1:
        raise Unusable("marks_differ")
    right = next(iter(meant), frozenset())
    return [Lettered(option.letter, option.text, place in right) for place, (option, _, _) in enumerate(options)]
