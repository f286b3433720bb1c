"""Questions in the rows of a table: columns known by their titles in Vietnamese and English, whatever their order."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import pairwise, zip_longest
from typing import TypeAlias

from quiz.questions.formats.drafts import LONGEST, Detail, Draft, to_question
from quiz.questions.formats.imported import ImportedQuestion, Sentence, Taking, Unusable
from quiz.questions.formats.lettered import LETTERS, Lettered, options_in, to_choices
from quiz.questions.formats.plain_text import tidy
from quiz.vietnamese import without_marks

Cell: TypeAlias = "str | Sentence"
"""The text of a cell, or why it cannot be read."""
Row: TypeAlias = "tuple[int, Sequence[Cell]]"

TITLE_ROWS = 10
MOST_COLUMNS = 60
_LONGEST_TITLE = 200


class Column(Enum):
    """A column by the titles that people give it, the first one ours."""

    IDENTIFIER = ("Mã câu hỏi", "mã", "mã câu", "id", "code", "question id")
    NUMBER = ("STT", "tt", "số tt", "số thứ tự", "câu", "câu số", "số câu", "no", "number", "stt câu")
    TOPIC = ("Mã chủ đề", "topic code")
    TOPIC_NAME = ("Chủ đề", "tên chủ đề", "lĩnh vực", "chuyên đề", "nhóm", "phần", "topic", "category", "subject")
    LEVEL = ("Mức độ", "độ khó", "cấp độ", "mức", "level", "difficulty")
    TEXT = ("Câu hỏi", "nội dung câu hỏi", "nội dung", "đề bài", "question", "question text", "questions", "stem")
    OPTIONS = (
        "Phương án", "các phương án", "phương án trả lời", "các phương án trả lời", "lựa chọn", "các lựa chọn",
        "phương án lựa chọn", "đáp án lựa chọn", "câu trả lời", "options", "choices", "answers",
    )  # fmt: skip
    KEY = (
        "Đáp án", "đáp án đúng", "phương án đúng", "câu trả lời đúng", "trả lời đúng", "đáp án chính xác", "kết quả",
        "key", "answer", "correct", "correct answer", "correct answers", "correct option", "right answer", "đa",
    )  # fmt: skip
    EXPLANATION = ("Giải thích", "lời giải", "lời giải thích", "giải thích đáp án", "explanation", "feedback",
                   "answer explanation", "rationale", "general feedback")  # fmt: skip
    DOCUMENT = ("Căn cứ", "căn cứ pháp lý", "cơ sở pháp lý", "văn bản", "văn bản căn cứ", "nguồn", "trích dẫn",
                "tài liệu", "source", "reference")  # fmt: skip
    ARTICLE = ("Điều khoản", "điều, khoản", "article")
    VALID_FROM = ("Hiệu lực từ", "từ ngày", "valid from")
    VALID_UNTIL = ("Hiệu lực đến", "đến ngày", "valid until")
    FACTS = ("Dữ kiện", "facts")

    @property
    def title(self) -> str:
        return str(self.value[0])


def _title_key(title: str) -> str:
    """What two spellings of a title share: marks, case, signs and hints (in brackets, after a dash) do not count."""
    plain = without_marks(re.sub(r"\([^()]*\)", " ", title))
    return " ".join(re.findall(r"[a-z0-9]+", re.split(r"\s[-–]\s", plain)[0]))


_COLUMNS = {_title_key(title): column for column in Column for title in column.value}
_OPTION = re.compile(
    r"(?:phuong an|dap an|lua chon|tra loi|cau tra loi|dap an lua chon|option|answer|choice)? ?([a-h1-8])"
)
_DETAILS = {
    Column.TOPIC: Detail.TOPIC,
    Column.LEVEL: Detail.LEVEL,
    Column.DOCUMENT: Detail.DOCUMENT,
    Column.ARTICLE: Detail.ARTICLE,
    Column.VALID_FROM: Detail.VALID_FROM,
    Column.VALID_UNTIL: Detail.VALID_UNTIL,
    Column.FACTS: Detail.FACTS,
}


_SHARED = (*_DETAILS, Column.TOPIC_NAME)
"""What a cell that is merged downwards says of every question beside it."""
_TICKS = frozenset(("x", "v", "✓", "✔", "*", "đúng", "true"))


@dataclass(frozen=True, slots=True)
class Header:
    """Where the columns of a table stand, options in the order of their letters; `last` is its last row of titles."""

    columns: Mapping[Column, int]
    options: Sequence[int]
    unread: Sequence[str]
    last: int


def find_header(rows: Sequence[Row]) -> Header | None:
    """The titles among the first rows, on one row or on two of which the second says more."""
    texts = [[str(cell)[:_LONGEST_TITLE] for cell in cells] for _, cells in rows[:TITLE_ROWS]]
    for place, (titles, below) in enumerate(pairwise([*texts, []])):
        both = [under or over for over, under in zip_longest(titles, below, fillvalue="")]
        found = [header for header in (_header(titles, place), _header(both, place + 1)) if header]
        if found:
            return max(found, key=lambda header: bool(header.options))
    return None


def read_rows(
    rows: Sequence[Row],
    header: Header,
    taking: Taking,
    where: Callable[[int], Sentence],
    merged: Collection[tuple[int, int]] = (),
) -> None:
    """Take the questions below the header; rows that are none are named.

    `merged` are the row numbers and columns of cells that go on with the cell above.
    """
    if header.unread:
        taking.refuse(where(rows[header.last][0]), "unread_columns", columns=", ".join(header.unread))
    for number, cells in _joined(_filled_down(rows[header.last + 1 :], header, merged), header):
        texts = [str(cell) for cell in cells if str(cell).strip()]
        if not texts or list(cells) == list(rows[header.last][1]):
            continue
        if len(texts) == 1 and len(cells) > 1 and "\n" not in texts[0].strip():
            taking.refuse(where(number), "lone_cell", text=tidy(texts[0])[:60])
        else:
            taking.take(where(number), lambda place, cells=cells: _question(cells, header, place))  # type: ignore[misc]


def _filled_down(rows: Sequence[Row], header: Header, merged: Collection[tuple[int, int]]) -> Iterator[Row]:
    """The rows with what merged cells above say of them."""
    shared = {header.columns[column] for column in _SHARED if column in header.columns}
    above: Sequence[Cell] = ()
    for number, cells in rows:
        filled = [*cells, *[""] * (max(shared, default=-1) + 1 - len(cells))]
        for place in shared:
            if (number, place) in merged and not str(filled[place]).strip() and place < len(above):
                filled[place] = above[place]
        yield number, filled
        above = filled


def _joined(rows: Iterator[Row], header: Header) -> Iterator[Row]:
    """The rows with those joined to the one above that only bring its next option."""
    group: list[Row] = []
    for number, cells in rows:
        if group and not _goes_on(cells, header):
            yield _one_row(group, header)
            group = []
        group.append((number, cells))
    if group:
        yield _one_row(group, header)


def _goes_on(cells: Sequence[Cell], header: Header) -> bool:
    def says(column: Column) -> bool:
        place = header.columns.get(column, MOST_COLUMNS)
        return place < len(cells) and bool(str(cells[place]).strip())

    return not header.options and says(Column.OPTIONS) and not says(Column.TEXT)


def _one_row(group: Sequence[Row], header: Header) -> Row:
    """One row of several; a tick beside an option becomes its asterisk."""
    if len(group) == 1:
        return group[0]
    options, key = header.columns[Column.OPTIONS], header.columns.get(Column.KEY, MOST_COLUMNS)
    rows = [[*cells, *[""] * (MOST_COLUMNS + 1 - len(cells))] for _, cells in group]
    for cells in rows:
        if str(cells[key]).strip().casefold() in _TICKS:
            cells[options], cells[key] = f"*{cells[options]}", ""
    joined: list[Cell] = []
    for column in zip(*rows, strict=True):
        problem = next((cell for cell in column if isinstance(cell, Sentence)), None)
        same = dict.fromkeys(str(cell) for cell in column if str(cell).strip())
        joined.append(problem or "\n".join(same))
    return group[0][0], joined


def _header(titles: Sequence[str], place: int) -> Header | None:
    keys = list(map(_title_key, titles))
    columns: dict[Column, int] = {}
    lettered: list[tuple[str, int]] = []
    unread: list[str] = []
    for index, key in enumerate(keys):
        column = _COLUMNS.get(key)
        if column is None and (found := _OPTION.fullmatch(key)):
            lettered.append((found[1], index))
        elif column is not None and column not in columns:
            columns[column] = index
        elif key:
            unread.append(tidy(titles[index])[:40])
    lettered.sort()
    names = [name for name, _ in lettered]
    are_all = all(ord(one) + 1 == ord(next_) for one, next_ in pairwise(names)) and names[:1] in ([], ["a"], ["1"])
    has_options = len(names) > 1 or (not names and (Column.OPTIONS in columns or Column.KEY in columns))
    if Column.TEXT not in columns or not has_options or not are_all:
        return None
    return Header(columns, [index for _, index in lettered], unread, place)


def _question(cells: Sequence[Cell], header: Header, where: Sentence) -> ImportedQuestion:
    def text(index: int | None) -> str:
        cell = cells[index] if index is not None and index < len(cells) else ""
        if isinstance(cell, Sentence):
            raise Unusable(cell.code, **cell.facts)
        if len(cell) > LONGEST:
            raise Unusable("too_long", length=len(cell), most=LONGEST)
        return tidy(cell)

    said = {column: text(index) for column, index in header.columns.items()}
    key = said.get(Column.KEY, "")
    words = said[Column.TEXT]
    if header.options:
        options = _own_columns([text(index) for index in header.options], are_marked=not key)
    elif Column.OPTIONS in said:
        before, options = options_in(said[Column.OPTIONS])
        before, options = (before, options) if options else ("", _unlettered(before))
        words = f"{words}\n{before}".strip()
    else:
        words, options = options_in(words)
    draft = Draft(
        identifier=said.get(Column.IDENTIFIER, ""),
        text=words,
        choices=to_choices(options, key),
        explanation=said.get(Column.EXPLANATION, ""),
        topic_name=said.get(Column.TOPIC_NAME, ""),
        details={detail: said[column] for column, detail in _DETAILS.items() if said.get(column)},
    )
    return to_question(draft, where)


def _unlettered(text: str) -> list[Lettered]:
    """Options that stand one to a line, without letters."""
    lines = text.split("\n")
    return [
        Lettered(letter, line.strip("* "), line.startswith("*"))
        for letter, line in zip(LETTERS, lines, strict=False)
        if len(lines) > 1
    ]


def _own_columns(texts: list[str], *, are_marked: bool) -> list[Lettered]:
    """Options in columns of their own: blank ones at the end are none, a letter in front of every one is dropped."""
    while texts and not texts[-1]:
        texts.pop()
    prefixes = [re.match(rf"\*?{letter}\s?[.)]\s*", text) for letter, text in zip(LETTERS, texts, strict=False)]
    options = []
    for letter, text, prefix in zip(LETTERS, texts, prefixes, strict=False):
        is_starred = are_marked and text.startswith("*")
        words = text[prefix.end() :] if prefix and all(prefixes) else text.removeprefix("*" if is_starred else "")
        options.append(Lettered(letter, words.strip(), is_starred))
    return options
