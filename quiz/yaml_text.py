"""YAML as people write it: read once into plain texts, lists and mappings, with every fault at its line."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

import yaml

from quiz.spoilt_text import Letters, complaint_of, read_letters

Loc: TypeAlias = tuple[str | int, ...]
Data: TypeAlias = "str | list[Data] | dict[str, Data]"

MAX_BYTES = 2 * 1024 * 1024
MAX_DEPTH = 10

_Loader = yaml.CBaseLoader if yaml.__with_libyaml__ else yaml.BaseLoader

_CUT = "“{}” bị dấu phẩy trong {{ }} tách ra; hãy đặt cả nội dung trong dấu ngoặc kép (số lẻ: viết dấu chấm)"

# What libyaml says → what the writer of the file needs to hear. `start`: look where the faulty thing begins.
_SYNTAX = (
    ("escape character|hexdec", "dấu \\ trong dấu ngoặc kép có nghĩa riêng; hãy dùng dấu ngoặc đơn '…'", False),
    ("quoted scalar", "dấu ngoặc mở ở dòng này chưa được đóng", True),
    ("could not find expected ':'", "dòng này thiếu dấu hai chấm và dấu cách sau tên trường", True),
    ("mapping values", "nội dung có dấu hai chấm cần đặt trong dấu ngoặc kép; nếu không phải thì thụt lề sai", False),
    ("block sequence", "dấu gạch đầu mục phải ở dòng riêng, thẳng hàng với các mục khác", False),
    ("',' or ", "danh sách trong ngoặc [ ] hoặc { } thiếu dấu phẩy hoặc chưa được đóng", True),
    ("cannot start any token", "ký tự đầu nội dung có nghĩa riêng; hãy đặt nội dung trong dấu ngoặc kép", False),
    ("expected key", "thụt lề không thẳng hàng với các dòng cùng cấp, hoặc có dấu ngoặc nằm giữa nội dung", False),
    ("'-' indicator", "thụt lề không thẳng hàng với các mục khác của danh sách, hoặc thiếu dấu gạch đầu mục", False),
)


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One fault of a file: the line (from 1) and a plain sentence that says what is wrong and how to mend it."""

    line: int
    message: str

    def __str__(self) -> str:
        return f"dòng {self.line}: {self.message}"


class FaultyFile(Exception):
    """Nothing of the file can be used. `faults` holds every fault found, sorted by line."""

    def __init__(self, faults: Collection[Fault]) -> None:
        self.faults = tuple(sorted(set(faults)))
        super().__init__("\n".join(map(str, self.faults)))


@dataclass(frozen=True, slots=True)
class Reading:
    """What stands in a file. `data` holds texts only; `faulty` the places already complained of."""

    data: Data
    faults: tuple[Fault, ...]
    lines: Mapping[Loc, int]
    faulty: frozenset[Loc]

    def find(self, loc: Loc) -> Data | None:
        """What stands at a place, None where there is none."""
        found: Data | None = self.data
        for step in loc:
            match found, step:
                case dict(), str():
                    found = found.get(step)
                case list(), int() if step < len(found):
                    found = found[step]
                case _:
                    return None
        return found

    def line(self, loc: Loc) -> int:
        """The line of a place, or of the nearest thing around it that stands in the file."""
        return next(self.lines[loc[:end]] for end in range(len(loc), -1, -1) if loc[:end] in self.lines)

    def is_faulty(self, loc: Loc) -> bool:
        """Whether the place, or anything around it, was already complained of, so that more would only confuse."""
        return any(loc[:end] in self.faulty for end in range(len(loc) + 1))


def read_yaml(data: bytes, not_text: Collection[str]) -> Reading:
    """The file's content; fields named in `not_text` hold numbers, dates or yes/no, all others hold texts.

    Raises FaultyFile where reading cannot go on to the end: too large, empty, broken syntax.
    """
    if len(data) > MAX_BYTES:
        raise FaultyFile([Fault(1, f"tệp lớn hơn {MAX_BYTES // 1024 // 1024} MB; hãy chia nhỏ hoặc xem lại tệp")])
    letters = read_letters(data)
    builder = _Builder(letters, frozenset(not_text))
    try:
        root = builder.document()
    except yaml.MarkedYAMLError as error:
        raise FaultyFile([*builder.faults, _syntax_fault(error, letters.text)]) from error
    if root == "":
        raise FaultyFile([*builder.faults, Fault(1, "tệp trống; hãy ghi nội dung theo mẫu")])
    return Reading(root, tuple(sorted(builder.faults)), builder.lines, frozenset(builder.faulty))


def _syntax_fault(error: yaml.MarkedYAMLError, text: str) -> Fault:
    said = f"{error.context} {error.problem}"
    words, at_start = next(
        ((words, at_start) for part, words, at_start in _SYNTAX if re.search(part, said)),
        ("dòng này không đúng cú pháp YAML; hãy xem lại thụt lề, dấu hai chấm và dấu ngoặc", False),
    )
    mark = (at_start and error.context_mark) or error.problem_mark or error.context_mark
    written = re.split(r"\r\n|\r|\n", text.rstrip())
    line = min(mark.line + 1, len(written)) if mark else 1
    if re.match(r" *\t", written[line - 1]):
        words = "thụt lề bằng phím Tab; hãy thay bằng dấu cách"
    return Fault(line, f"{words} (phần còn lại của tệp chưa đọc được)")


class _Builder:
    """Walks the events of one text; complains and goes on, and never follows an alias."""

    def __init__(self, letters: Letters, not_text: frozenset[str]) -> None:
        self.faults = [Fault(line, message) for line, message in letters.complaints.items()]
        self.lines: dict[Loc, int] = {(): 1}
        self.faulty: set[Loc] = set()
        self._events: Iterator[yaml.Event] = yaml.parse(letters.text, Loader=_Loader)
        self._not_text = not_text
        self._spoilt = letters.spoilt
        self._safe = yaml.SafeLoader("")

    def document(self) -> Data:
        """The first document; '' where there is none. A second one is a fault and is not read."""
        starts = (event for event in self._events if isinstance(event, yaml.DocumentStartEvent))
        root: Data = ""
        if next(starts, None):
            first = next(self._events)
            is_empty = isinstance(first, yaml.ScalarEvent) and not first.value
            root = "" if is_empty else self._build(first, ())
        if second := next(starts, None):
            self._complain(second, None, "từ đây là tài liệu thứ hai; mỗi tệp chỉ có một, hãy bỏ “---”")
        return root

    def _build(self, event: yaml.Event, loc: Loc) -> Data:
        self.lines.setdefault(loc, _line(event))
        if isinstance(event, yaml.AliasEvent):
            return self._refused(event, loc, f"không dùng *{event.anchor}; hãy chép nội dung vào đây")
        if getattr(event, "anchor", None):
            self._complain(event, None, "không dùng dấu & đặt tên cho nội dung; hãy bỏ dấu này và ghi đủ ở từng chỗ")
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(event, loc)
        if _tag(event):
            self._complain(event, None, f"không dùng thẻ kiểu “{_tag(event)}”; hãy bỏ thẻ này")
        if len(loc) >= MAX_DEPTH:
            self._complain(event, loc[:3], f"nội dung lồng nhau quá {MAX_DEPTH} cấp; hãy xem lại thụt lề")
            self._skip(event)
            return ""
        return self._mapping(loc) if isinstance(event, yaml.MappingStartEvent) else self._sequence(loc)

    def _sequence(self, loc: Loc) -> list[Data]:
        items: list[Data] = []
        while not isinstance(event := next(self._events), yaml.SequenceEndEvent):
            items.append(self._build(event, (*loc, len(items))))
        return items

    def _mapping(self, loc: Loc) -> dict[str, Data]:
        fields: dict[str, Data] = {}
        while not isinstance(event := next(self._events), yaml.MappingEndEvent):
            key = self._key(event, loc)
            value = next(self._events)
            if key is None:
                self._skip(value)
            elif _is_cut(event, value):
                self._complain(event, None, _CUT.format(key))
            elif key in fields:
                self._complain(event, None, f"“{key}” ghi hai lần (lần đầu ở dòng {self.lines[*loc, key]}); hãy bỏ một")
                self._skip(value)
            else:
                self.lines[*loc, key] = _line(event)
                fields[key] = self._build(value, (*loc, key))
        return fields

    def _key(self, event: yaml.Event, loc: Loc) -> str | None:
        """The name of a field; None where it cannot be one, and then nothing more is said of the whole mapping."""
        if not isinstance(event, yaml.ScalarEvent):
            self._complain(event, loc, "tên trường phải là chữ; nếu đây là nội dung, hãy đặt trong dấu ngoặc kép")
            self._skip(event)
        elif event.value == "<<":
            self._complain(event, loc, "không dùng “<<”; hãy chép các trường vào đây")
        elif not event.value:
            self._complain(event, loc, "thiếu tên trường trước dấu hai chấm")
        else:
            if event.anchor or event.tag:
                self._complain(event, None, "không dùng dấu & hoặc thẻ kiểu ! trước tên trường; hãy bỏ đi")
            elif not event.style and (other := self._misread(event.value)):
                self._complain(event, (*loc, event.value), _quote_it(event.value, other))
            return str(event.value)
        return None

    def _scalar(self, event: yaml.ScalarEvent, loc: Loc) -> str:
        value = unicodedata.normalize("NFC", event.value)
        if not self._spoilt.isdisjoint(range(_line(event), _last_line(event) + 1)):
            self.faulty.add(loc)
        elif _tag(event):
            return self._refused(event, loc, f"không dùng thẻ kiểu “{_tag(event)}”; hãy bỏ thẻ này", value)
        elif message := complaint_of(value):
            return self._refused(event, loc, message, value)
        elif not event.style and not value:
            return self._refused(event, loc, f"“{_name(loc)}” để trống; hãy ghi nội dung, hoặc bỏ dòng này")
        elif not event.style and _name(loc) not in self._not_text and (other := self._misread(value)):
            return self._refused(event, loc, _quote_it(value, other), value)
        return value

    def _misread(self, value: str) -> str:
        """What other YAML readers make of an unquoted text ('no' → 'False'); '' where they leave it as it is."""
        tag = self._safe.resolve(yaml.ScalarNode, value, (True, False))  # type: ignore[no-untyped-call]
        if tag == "tag:yaml.org,2002:str":
            return ""
        try:
            other = str(self._safe.construct_object(yaml.ScalarNode(tag, value)))
        except (ValueError, ArithmeticError, yaml.YAMLError):
            other = "một giá trị không có thật"
        return "" if other == value else other

    def _refused(self, event: yaml.Event, loc: Loc, message: str, value: str = "") -> str:
        self._complain(event, loc, message)
        return value

    def _complain(self, event: yaml.Event, loc: Loc | None, message: str) -> None:
        self.faults.append(Fault(_line(event), message))
        if loc is not None:
            self.faulty.add(loc)

    def _skip(self, event: yaml.Event) -> None:
        """Passes over what was complained of; gives up in the abyss, where libyaml takes the square of the depth."""
        depth = 0
        while True:
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if depth == 0:
                return
            if depth > 10 * MAX_DEPTH:
                raise FaultyFile(self.faults)
            event = next(self._events)


def _line(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 1


def _last_line(event: yaml.ScalarEvent) -> int:
    """The end of a block text is marked on the line after it, that of any other text on its own last line."""
    return event.end_mark.line + (event.style not in ("|", ">")) if event.end_mark else _line(event)


def _is_cut(key: yaml.Event, value: yaml.Event) -> bool:
    """Whether the value is not even introduced by a colon: {name: Tổ Thư ký, Tổ giúp việc}, {share: 66,5}."""
    ends = [event.end_mark.index if event.end_mark else -1 for event in (key, value)]
    return isinstance(value, yaml.ScalarEvent) and ends[0] == ends[1]


def _tag(event: yaml.Event) -> str:
    return (getattr(event, "tag", None) or "").replace("tag:yaml.org,2002:", "!!")


def _quote_it(value: str, other: str) -> str:
    value, other = value[:60], other[:60]
    return f'“{value}” bị hiểu thành “{other}”; hãy đặt trong dấu ngoặc kép: "{value}"'


def _name(loc: Loc) -> str:
    """The field that a place belongs to; the items of a list belong to the list's field."""
    return next((name for name in reversed(loc) if isinstance(name, str)), "")
