"""What can be wrong in a bank whose form is right: topics, options, keys, dates, and questions that repeat others."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import chain

from pydantic_core import PydanticCustomError

from quiz.questions.bank import LETTERS
from quiz.questions.file_forms import Naming, parse_day, text_at, to_faults
from quiz.vietnamese import without_marks
from quiz.yaml_text import Data, Fault, Loc, Reading

ALL_RIGHT = "(Chọn tất cả phương án đúng)"

Complaint = tuple[Loc, str]
Sense = tuple[tuple[str, ...], frozenset[str]]

# Options that speak of other options: on a paper the options are shuffled, and 'above' is then somewhere else.
_NOUN = r"(?:phương án|đáp án|câu trả lời|lựa chọn)"
_THING = rf"(?:{_NOUN}|câu|ý kiến|ý|nội dung|trường hợp)"
_MANY = r"(?:(?:một trong|tất cả|toàn bộ|cả|các|những|mọi|hai|ba|bốn|0?[234]) )+"
_ABOVE = r"(?:(?:đã |được )*(?:nêu |kể |ở |nói )?(?:trên|còn lại|này) ?)"
_VERDICT = r"(?:(?:đều |là |cùng )*(?:đúng|sai|không đúng))"
_LETTER_LIST = r"[abcd](?:(?:, ?| và | hoặc | hay | ?& ?| ?\+ ?|, và )[abcd])+"
_ABOUT_OTHERS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"{_MANY}{_NOUN}",
        rf"{_MANY}(?:{_THING} )?(?:{_ABOVE}{_VERDICT}?|{_VERDICT})",
        r"(?:tất cả|cả|toàn bộ) .*(?<!cấp )trên",
        rf"(?:cả |chỉ |chỉ có )?(?:(?:các |hai |ba )?{_THING} )?{_LETTER_LIST}(?: {_VERDICT})?",
        rf"(?:chỉ |chỉ có )?(?:{_THING} )?[abcd] {_VERDICT}",
        rf"không (?:có |phải )?(?:{_NOUN}|câu|ý)(?: nào| đúng| trên)(?: .*)?",
        r"không (?:có )?.{1,30} nào (?:.* )?(?<!cấp )trên",
        rf"{_NOUN} khác",
    )
)

# Words that only dress a question: two questions that differ in nothing else ask the same.
_WORD = re.compile(r"\w+(?:[/.,:–-]\w+)*|[%‰<>≤≥=+]")
_DRESS = frozenset(
    _WORD.findall(
        "theo là thì nào gì sau đây hãy cho biết của các những về ông/bà ông bà anh/chị anh chị đồng chí bạn bao nhiêu "
        "mấy lâu quy định nêu đúng nhất phương án câu trả lời dưới hiện hành như thế được việc do tại trong"
    )
)


@dataclass(frozen=True)
class _Entry:
    """One question as written, as far as it can be judged: a field that is missing or spoilt reads as nothing."""

    reading: Reading
    loc: Loc
    fields: Mapping[str, Data]

    def at(self, *names: str | int) -> Loc:
        return (*self.loc, *names)

    def text(self, *names: str | int) -> str:
        return text_at(self.reading, self.at(*names))

    @property
    def code(self) -> str:
        return self.text("id")

    @cached_property
    def options(self) -> dict[str, str]:
        options = self.fields.get("options")
        return {letter: self.text("options", letter) for letter in options} if isinstance(options, dict) else {}

    @cached_property
    def key(self) -> list[str] | None:
        """The letters, None where they cannot be read."""
        key = self.fields.get("key")
        if isinstance(key, list):
            letters = [self.text("key", place) for place in range(len(key))]
        else:
            letters = [self.text("key")]
        return letters if all(letters) else None


def find_faults(reading: Reading, naming: Naming) -> list[Fault]:
    """Everything that only the sense of the file shows; the form's own faults are not repeated."""
    data = reading.data if isinstance(reading.data, dict) else {}
    questions = data.get("questions")
    entries = [
        _Entry(reading, ("questions", place), fields)
        for place, fields in enumerate(questions if isinstance(questions, list) else [])
        if isinstance(fields, dict)
    ]
    complaints = chain(
        chain.from_iterable(check(entry) for entry in entries for check in _CHECKS),
        _unknown_topics(data.get("topics"), entries),
        _repeated(entries),
    )
    return to_faults(reading, naming, complaints)


def _letters(entry: _Entry) -> Iterator[Complaint]:
    options = entry.fields.get("options")
    if isinstance(options, dict) and sorted(options) != list(LETTERS):
        yield entry.at("options"), f"phải có đúng bốn phương án A, B, C, D; đang có: {', '.join(options) or 'không có'}"


def _equal_options(entry: _Entry) -> Iterator[Complaint]:
    seen: dict[str, str] = {}
    for letter, text in entry.options.items():
        same = text.casefold().rstrip(" .")
        if same and same in seen:
            yield entry.at("options", letter), f"phương án {letter} trùng phương án {seen[same]}; hãy sửa một trong hai"
        seen.setdefault(same, letter)


def _options_about_others(entry: _Entry) -> Iterator[Complaint]:
    for letter, text in entry.options.items():
        plain = text.casefold().strip(" .“”\"'")
        if any(pattern.fullmatch(plain) for pattern in _ABOUT_OTHERS):
            yield (
                entry.at("options", letter),
                f"phương án {letter} (“{text}”) dựa vào phương án khác nên sai nghĩa khi đảo thứ tự; hãy viết rõ",
            )


def _keys(entry: _Entry) -> Iterator[Complaint]:
    if entry.key is None:
        return
    strangers = [letter for letter in entry.key if letter not in LETTERS and letter not in entry.options]
    twice = [letter for letter, count in Counter(entry.key).items() if count > 1]
    if not entry.key:
        yield entry.at("key"), "đáp án đúng để trống; hãy ghi A, B, C hoặc D"
    elif strangers:
        yield entry.at("key"), f"đáp án “{', '.join(strangers)}” không phải phương án; hãy ghi A, B, C, D hoặc [A, C]"
    elif twice:
        yield entry.at("key"), f"đáp án {', '.join(twice)} ghi hai lần; hãy ghi mỗi chữ một lần"
    elif set(entry.key) >= set(LETTERS):
        yield entry.at("key"), "cả bốn phương án đều là đáp án đúng; câu hỏi phải có ít nhất một phương án sai"
    elif entry.text("text"):
        yield from _key_said_in_text(entry, entry.key)


def _key_said_in_text(entry: _Entry, key: list[str]) -> Iterator[Complaint]:
    is_said = ALL_RIGHT.casefold() in entry.text("text").casefold()
    if len(key) > 1 and not is_said:
        yield entry.at("text"), f"có {len(key)} đáp án đúng nên nội dung phải ghi rõ “{ALL_RIGHT}”"
    elif len(key) == 1 and is_said:
        yield entry.at("text"), f"chỉ có một đáp án đúng; hãy bỏ “{ALL_RIGHT}” hoặc ghi đủ đáp án"


def _dates(entry: _Entry) -> Iterator[Complaint]:
    try:
        first, last = parse_day(entry.text("valid_from")), parse_day(entry.text("valid_until"))
    except PydanticCustomError:
        return
    if last < first:
        yield (
            entry.at("valid_until"),
            f"ngày cuối còn hiệu lực ({last:%d/%m/%Y}) trước ngày bắt đầu có hiệu lực ({first:%d/%m/%Y})",
        )


_CHECKS = (_letters, _equal_options, _options_about_others, _keys, _dates)


def _unknown_topics(topics: Data | None, entries: list[_Entry]) -> Iterator[Complaint]:
    if not isinstance(topics, dict) or not topics:
        return
    for entry in entries:
        topic = entry.text("topic")
        if topic and topic not in topics:
            yield entry.at("topic"), f"chủ đề “{topic}” chưa có trong “topics”; các chủ đề: {', '.join(topics)}"


def _repeated(entries: list[_Entry]) -> Iterator[Complaint]:
    """Ids used before, texts used before, and texts of the same words whose key reads the same."""
    codes: dict[str, _Entry] = {}
    texts: dict[tuple[str, ...], _Entry] = {}
    senses: dict[Sense, _Entry] = {}
    for entry in entries:
        other = codes.setdefault(entry.code, entry) if entry.code else entry
        if other is not entry:
            yield (
                entry.at("id"),
                f"mã {entry.code} đã dùng ở dòng {entry.reading.line(other.at('id'))}; hãy đặt mã khác",
            )
            continue
        words, sense = said_by(entry.text("text"), (entry.options.get(letter, "") for letter in entry.key or ()))
        if not words:
            continue
        same = texts.setdefault(words, entry)
        near = senses.setdefault(sense, entry) if any(sense[1]) else entry
        if same is not entry:
            yield entry.at("text"), f"nội dung trùng câu {_where(same)}; hãy bỏ một câu hoặc viết rõ khác nhau"
        elif near is not entry:
            yield (
                entry.at("text"),
                f"gần như trùng câu {_where(near)}: cùng từ ngữ và cùng đáp án; hãy bỏ hoặc viết lại một câu",
            )


def said_by(text: str, keys: Iterable[str]) -> tuple[tuple[str, ...], Sense]:
    """What no other question of a bank may share: the words of the text, and their sense with what the keys say."""
    words = tuple(_WORD.findall(text.casefold()))
    return words, (_sense(words), frozenset(key.casefold().rstrip(" .") for key in keys))


def _where(entry: _Entry) -> str:
    return f"{entry.code} ở dòng {entry.reading.line(entry.at('text'))}".strip()


def _sense(words: tuple[str, ...]) -> tuple[str, ...]:
    """The words that matter, in no order and without marks; numbers and names of documents are among them."""
    return tuple(sorted(without_marks(word) for word in words if word not in _DRESS))
