"""A bank file with some questions changed: of everything else every byte stays, comments, order and quoting included.

The text is cut at the marks that YAML gives to its nodes; it is never read and written anew as a whole.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import yaml

from quiz.questions.bank import LETTERS
from quiz.questions.bank_style import ORDER, as_block, as_field, as_flow, fields_of
from quiz.questions.wording import Wording
from quiz.vietnamese import clean
from quiz.yaml_text import Data

Node: TypeAlias = Any  # the stubs of yaml do not know what its nodes know of their style

_Loader = yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader
_BOM = "\ufeff"
_BLANK_LINES = re.compile(r"(?:[ \t]*(?:\r\n|\r|\n))+")
_COMMENT = re.compile(r"#[^\r\n]*")
_BLOCK_TEXT = re.compile(r"[|>][-+0-9]*[ \t]+(#[^\r\n]*)")


@dataclass(frozen=True, slots=True)
class Put:
    """The question of this id is to say this; where there is none yet, it comes after the last of its topic."""

    wording: Wording


@dataclass(frozen=True, slots=True)
class Remove:
    """The question of this id is to go."""

    id: str


Change: TypeAlias = Put | Remove


def rewrite(source: bytes, changes: Sequence[Change]) -> bytes:
    """The file with these changes; of several changes to one question the last counts.

    The file must be a bank. Raises ValueError where a question that is to go is not there.
    """
    text = source.decode()
    bom = _BOM if text.startswith(_BOM) else ""
    put = {change.wording.id: fields_of(change.wording) for change in changes if isinstance(change, Put)}
    last = {(change.wording.id if isinstance(change, Put) else change.id): change for change in changes}
    gone = {id_ for id_, change in last.items() if isinstance(change, Remove)}
    if not last:
        return source
    rewritten = _File(text.removeprefix(bom)).rewritten({id_: put[id_] for id_ in last if id_ not in gone}, gone)
    return (bom + rewritten).encode()


@dataclass(slots=True)
class _Item:
    """One question of the file: where it stands, and what is to stand there; None where that is as it was."""

    id: str
    topic: str
    start: int
    end: int
    parts: list[str] | None = None


class _File:
    """The text of a bank with the marks of its nodes."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._newline: str = (re.search(r"\r\n|\r|\n", text) or ["\n"])[0]
        root: Node = yaml.compose(text, Loader=_Loader)
        self._list = next(value for name, value in root.value if name.value == "questions")
        tokens = list(yaml.scan(text, Loader=_Loader))
        self._comments = list(_comments(text, tokens))
        dashes = [token.start_mark.index for token in tokens if isinstance(token, yaml.BlockEntryToken)]
        self._nodes = list(self._list.value)
        self._items = [self._item(node, dashes) for node in self._nodes]

    def rewritten(self, put: Mapping[str, dict[str, Data]], gone: Collection[str]) -> str:
        """The text with these questions put and those gone."""
        known = {item.id: item for item in self._items}
        if strangers := gone - known.keys():
            raise ValueError(f"no question {', '.join(sorted(strangers))}")
        for item, node in zip(self._items, self._nodes, strict=True):
            if item.id in gone:
                item.parts = []
            elif fields := put.get(item.id):
                item.parts = [self._changed_item(item, node, fields)]
                item.topic = str(fields.get("topic", ""))
        for id_, fields in put.items():
            if id_ not in known:
                item = self._place_for(fields, gone)
                item.parts = [*self._parts(item), self._new_item(fields)]
        return self._with_edits()

    def _item(self, node: Node, dashes: Sequence[int]) -> _Item:
        said = {name.value: value.value for name, value in node.value}
        start = node.start_mark.index
        if not self._list.flow_style:
            start = dashes[bisect_left(dashes, start) - 1]
        end = self._end(node)
        end = end if self._list.flow_style else self._line_end(end)
        return _Item(clean(said["id"]), clean(said["topic"]), start, end)

    def _parts(self, item: _Item) -> list[str]:
        return [self.text[item.start : item.end]] if item.parts is None else item.parts

    def _place_for(self, fields: Mapping[str, Data], gone: Collection[str]) -> _Item:
        """The question after which a new one comes: the last of its topic, or the last of all."""
        kept = [item for item in self._items if item.id not in gone]
        of_topic = [item for item in kept if item.topic == fields.get("topic")]
        return (of_topic or kept or self._items)[-1]

    def _new_item(self, fields: dict[str, Data]) -> str:
        if self._list.flow_style:
            return as_flow(fields)
        node = self._nodes[-1]
        dash, column = self._list.start_mark.column, node.start_mark.column
        return f"-{' ' * (column - dash - 1)}{as_block(fields, column, self._newline)}"

    def _changed_item(self, item: _Item, node: Node, fields: dict[str, Data]) -> str:
        start = node.start_mark.index
        if self._list.flow_style:
            return as_flow(fields)
        before, column = self.text[item.start : start], node.start_mark.column
        if not node.flow_style:
            return before + self._changed(node, fields)
        comments = [f"{comment}{self._newline}{' ' * column}" for comment in self._comments_within(start, item.end)]
        return "".join((before, *comments, as_block(fields, column, self._newline)))

    def _changed(self, mapping: Node, wanted: Mapping[str, Data]) -> str:
        """The fields wanted, from the start of the mapping on: unchanged ones as they stand, comments where they are.

        What is said at the end of a line that changes stays there, or stands above it where that is no longer one line.
        """
        column = mapping.start_mark.column
        indent = self._newline + " " * column
        written: dict[str, str] = {}
        stop, kept = mapping.start_mark.index, ""
        for key, value in mapping.value:
            start, before = key.start_mark.index, stop
            stop = self._line_end(self._end(value))
            lead = kept + self.text[before:start]
            if key.value in wanted:
                body = self._changed_field(key, value, wanted[key.value], stop)
                written[key.value], kept = lead + body, ""
            else:
                comments = self._comments_within(before, stop)
                kept += "".join(indent + comment for comment in comments)
        for name in (name for name in wanted if name not in written):
            names = list(written)
            place = max((names.index(each) + 1 for each in _before(name) if each in written), default=0)
            field = indent + as_field(name, wanted[name], column, self._newline)
            pairs = list(written.items())
            written = dict([*pairs[:place], (name, field), *pairs[place:]])
        return "".join(written.values()).lstrip() + kept

    def _changed_field(self, key: Node, value: Node, wanted: Data, stop: int) -> str:
        start, column = key.start_mark.index, key.start_mark.column
        if _says(key.value, value, wanted):
            return self.text[start:stop]
        if isinstance(wanted, dict) and isinstance(value, yaml.MappingNode) and not value.flow_style:
            return self.text[start : value.start_mark.index] + self._changed(value, wanted)
        comments = self._comments_within(start, stop)
        field = as_field(key.value, wanted, column, self._newline)
        if len(comments) == 1 and self._newline not in field:
            return f"{field} {comments[0]}"
        return "".join([f"{comment}{self._newline}{' ' * column}" for comment in comments] + [field])

    def _with_edits(self) -> str:
        if self._list.flow_style and any(item.parts == [] for item in self._items):
            first, last = self._items[0].start, self._items[-1].end
            parts = [part for item in self._items for part in self._parts(item)]
            return self.text[:first] + ", ".join(parts) + self.text[last:]
        pieces, place = [], 0
        joint = self._joint()
        for item in self._items:
            if item.parts is not None:
                start, end = (item.start, item.end) if item.parts else self._with_line(item)
                pieces += [self.text[place:start], joint.join(item.parts)]
                place = end
        return "".join((*pieces, self.text[place:]))

    def _joint(self) -> str:
        """What parts two questions: a blank line where the file has one before its last question."""
        if self._list.flow_style:
            return ", "
        dash: int = self._list.start_mark.column
        lines = self.text[: self._line_start(self._items[-1].start)].splitlines()
        above = next((line for line in reversed(lines) if not line.lstrip().startswith("#")), "-")
        return self._newline * (1 if above.strip() else 2) + " " * dash

    def _with_line(self, item: _Item) -> tuple[int, int]:
        """The lines of a question and the blank ones below it; at the end of the file those above it."""
        start = self._line_start(item.start)
        after = _BLANK_LINES.match(self.text, item.end)
        end = after.end() if after else item.end
        if end < len(self.text):
            return start, end
        return len(self.text[:start].rstrip()), item.end

    def _end(self, node: Node) -> int:
        """Where the last word of a node ends; the mark of a block is only where the next one begins."""
        if isinstance(node, yaml.ScalarNode) or node.flow_style:
            end: int = node.end_mark.index
            return len(self.text[:end].rstrip()) if isinstance(node, yaml.ScalarNode) and node.style else end
        last = node.value[-1]
        return self._end(last[1] if isinstance(node, yaml.MappingNode) else last)

    def _line_start(self, place: int) -> int:
        return max(self.text.rfind("\n", 0, place), self.text.rfind("\r", 0, place)) + 1

    def _line_end(self, place: int) -> int:
        found = re.compile(r"[\r\n]|$").search(self.text, place)
        return found.start() if found else len(self.text)

    def _comments_within(self, start: int, end: int) -> list[str]:
        return [comment for place, comment in self._comments if start <= place < end]


def _comments(text: str, tokens: Sequence[yaml.Token]) -> Iterator[tuple[int, str]]:
    """Every comment with its place: a # between two tokens, or behind the sign that begins a block of text."""
    place = 0
    for token in tokens:
        for found in _COMMENT.finditer(text, place, token.start_mark.index):
            yield found.start(), found[0].rstrip()
        if block := _BLOCK_TEXT.match(text, token.start_mark.index, token.end_mark.index):
            yield block.start(1), block[1].rstrip()
        place = max(place, token.end_mark.index)


def _before(name: str) -> Sequence[str]:
    """The fields that stand before this one."""
    names = LETTERS if name in LETTERS else ORDER
    return names[: names.index(name)]


def _says(name: str, node: Node, wanted: Data) -> bool:
    """Whether a field says this already, however it is written."""
    said = _value(node)
    return set(said) == set(wanted) if name == "key" else said == wanted


def _value(node: Node) -> Data:
    if isinstance(node, yaml.MappingNode):
        return {name.value: _value(value) for name, value in node.value}
    return [_value(each) for each in node.value] if isinstance(node, yaml.SequenceNode) else clean(node.value)
