"""What the file readers share: the kinds of fields a file can have, and pydantic's complaints said in Vietnamese."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence, Sized
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from difflib import get_close_matches
from typing import Annotated, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError

from quiz.vietnamese import clean, number
from quiz.yaml_text import Fault, Loc, Reading

_PAIRS = "phải gồm các dòng “tên: nội dung”, không phải {got}"
_ITEMS = "phải là danh sách, mỗi mục một dấu gạch đầu dòng, không phải {got}"
_WORDS = {
    "said": "{field} {words}",
    "missing": "thiếu {field}",
    "string_type": "{field} phải là một đoạn chữ, không phải {got}",
    "model_type": "{field} " + _PAIRS,
    "dict_type": "{field} " + _PAIRS,
    "list_type": "{field} " + _ITEMS,
    "tuple_type": "{field} " + _ITEMS,
    "bool_parsing": "{field} phải là true (có) hoặc false (không)",
    "bool_type": "{field} phải là true (có) hoặc false (không)",
}
_KEY = "[key]"  # how pydantic marks a name that is itself at fault
_GOT: dict[object, str] = {str: "một đoạn chữ", list: "một danh sách", dict: "các dòng “tên: nội dung”"}


class Form(BaseModel):
    """A mapping in a file: only the fields named here, texts turned into values."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)


FormT = TypeVar("FormT", bound=Form)


def said(words: str) -> PydanticCustomError:
    """A complaint in our own words, to follow the name of the field."""
    return PydanticCustomError("said", "{words}", {"words": words})


def at_most(limit: int) -> AfterValidator:
    """Refuses texts of more than `limit` characters."""

    def check(text: str) -> str:
        if len(text) > limit:
            raise said(f"dài {len(text)} ký tự, tối đa {limit}; hãy viết ngắn lại")
        return text

    return AfterValidator(check)


def between(least: int, most: int) -> AfterValidator:
    """Refuses numbers outside the range."""

    def check(value: int) -> int:
        if not least <= value <= most:
            raise said(f"phải từ {number(least)} đến {number(most)}")
        return value

    return AfterValidator(check)


def shaped(pattern: str, wanted: str) -> AfterValidator:
    """Refuses texts that do not wholly match the pattern; `wanted` says in words what is."""

    def check(text: str) -> str:
        if not re.fullmatch(pattern, text):
            raise said(f"không đúng mẫu: “{text}”; {wanted}")
        return text

    return AfterValidator(check)


def one_of(*choices: str) -> BeforeValidator:
    """Refuses anything but the texts named."""
    return BeforeValidator(lambda value: check_one_of(value, choices))


def check_one_of(value: object, choices: Sequence[str]) -> str:
    """The value, which must be one of the texts named. Raises a complaint otherwise."""
    if not isinstance(value, str) or value not in choices:
        *first, last = (f"“{choice}”" for choice in choices)
        raise said(f"phải là {', '.join(first)} hoặc {last}")
    return value


def parse_day(value: object) -> date:
    """The day of an ISO text ('2024-10-07'). Raises a complaint where there is no such day."""
    if not isinstance(value, str) or not re.fullmatch(r"\d{4}-\d\d-\d\d", value.strip(), re.ASCII):
        raise said("phải là ngày viết theo mẫu năm-tháng-ngày, ví dụ 2024-10-07")
    try:
        day = date.fromisoformat(value.strip())
    except ValueError:
        raise said(f"là ngày không có thật: {value}") from None
    if not 1945 <= day.year <= 2100:
        raise said(f"có năm không hợp lý: {value}")
    return day


def parse_moment(value: object) -> datetime:
    """The local time of '2024-10-07 08:00' (seconds optional; 24:00 is the end of the day), without a zone."""
    text = value.strip() if isinstance(value, str) else ""
    found = re.fullmatch(r"(\S{10})[ T]+(\d\d):(\d\d)(?::(\d\d))?", text, re.ASCII)
    if not found:
        raise said("phải viết theo mẫu năm-tháng-ngày giờ:phút, ví dụ 2024-10-07 08:00")
    day = parse_day(found[1])
    hour, minute, second = (int(part or 0) for part in found.groups()[1:])
    if hour > 24 or minute > 59 or second > 59 or (hour == 24 and minute + second > 0):
        raise said(f"là giờ không có thật: {value}")
    return datetime.combine(day, time()) + timedelta(hours=hour, minutes=minute, seconds=second)


def parse_clock(value: object) -> timedelta:
    """The time of day of '07:30', counted from midnight; 24:00 is the end of the day."""
    found = re.fullmatch(r"(\d\d?):(\d\d)", value.strip(), re.ASCII) if isinstance(value, str) else None
    if not found:
        raise said("phải là giờ:phút, ví dụ 07:30 hoặc 17:30")
    hour, minute = int(found[1]), int(found[2])
    if hour > 24 or minute > 59 or (hour == 24 and minute > 0):
        raise said(f"là giờ không có thật: {value}")
    return timedelta(hours=hour, minutes=minute)


def _some(items: Sized) -> Sized:
    if not items:
        raise said("chưa có mục nào; hãy thêm ít nhất một mục")
    return items


def _filled(text: str) -> str:
    if not (cleaned := clean(text)):
        raise said("để trống; hãy ghi nội dung")
    return cleaned


def _whole(value: object) -> object:
    if not isinstance(value, str) or not re.fullmatch(r"[0-9]{1,12}", value.strip()):
        raise said("phải là số nguyên, chỉ gồm các chữ số viết liền")
    return value.strip()


SOME = AfterValidator(_some)
Text = Annotated[str, AfterValidator(_filled)]
Whole = Annotated[int, BeforeValidator(_whole)]
Day = Annotated[date, BeforeValidator(parse_day)]
Moment = Annotated[datetime, BeforeValidator(parse_moment)]
Clock = Annotated[timedelta, BeforeValidator(parse_clock)]


@dataclass(frozen=True, slots=True)
class Naming:
    """How the places of one kind of file read in a sentence: `fields` explains names, `owner` begins the sentence."""

    fields: Mapping[str, str]
    owner: Callable[[Loc], str]

    def field(self, loc: Loc) -> str:
        """'“text” (nội dung câu hỏi)', 'mục 2 của “facts” (…)', '“C” trong “options” (…)'."""
        if not loc:
            return "nội dung tệp"
        *around, last = loc
        if isinstance(last, int):
            return f"mục {last + 1} của {self.field(tuple(around))}"
        if last in self.fields:
            return f"“{last}” ({self.fields[last]})"
        return f"“{last}” trong {self.field(tuple(around))}" if around else f"“{last}”"


def check_form(reading: Reading, form: type[FormT], naming: Naming) -> tuple[FormT | None, list[Fault]]:
    """The filled form, or None with all its faults; nothing is said again of places the reading complained of."""
    try:
        return form.model_validate(reading.data), []
    except ValidationError as error:
        return None, to_faults(reading, naming, _in_words(error.errors(include_url=False), naming))


def to_faults(reading: Reading, naming: Naming, complaints: Iterator[tuple[Loc, str]]) -> list[Fault]:
    """Each complaint at its line, beginning with what it is about, unless its place was complained of already."""
    return [
        Fault(reading.line(loc), naming.owner(loc) + words) for loc, words in complaints if not reading.is_faulty(loc)
    ]


def text_at(reading: Reading, loc: Loc) -> str:
    """The cleaned text of a place, '' where there is none or it cannot be trusted."""
    value = reading.find(loc)
    return clean(value) if isinstance(value, str) and not reading.is_faulty(loc) else ""


def _in_words(errors: Sequence[ErrorDetails], naming: Naming) -> Iterator[tuple[Loc, str]]:
    """Each error as a sentence; a misspelt name and the field it leaves missing are one fault, not two."""
    misspelt = _misspelt(errors)
    meant = set(misspelt.values())
    for error in errors:
        loc = tuple(part for part in error["loc"] if part != _KEY)
        if error["type"] == "extra_forbidden":
            yield loc, _stray(str(loc[-1]), misspelt.get(loc), naming)
        elif loc not in meant:
            words = _WORDS.get(error["type"], "{field} không đúng mẫu")
            got = _GOT.get(type(error["input"]), "nội dung này")
            yield loc, words.format(field=naming.field(loc), got=got, **error.get("ctx", {}))


def _stray(name: str, meant: Loc | None, naming: Naming) -> str:
    """What is wrong with a name that is no field of its mapping."""
    if name in naming.fields and not meant:
        return f"“{name}” không dùng ở đây; hãy bỏ hoặc chuyển về đúng chỗ"
    near = [meant[-1]] if meant else get_close_matches(name, naming.fields, 1, 0.7)
    hint = f"; có lẽ là “{near[0]}”" if near else ""
    return f"“{name}” không phải tên trường của mẫu{hint}; hãy sửa hoặc bỏ"


def _misspelt(errors: Sequence[ErrorDetails]) -> dict[Loc, Loc]:
    """Names that are no field → the missing field of the same mapping that was probably meant."""
    missing, unknown = defaultdict[Loc, list[str]](list), defaultdict[Loc, list[str]](list)
    for error in errors:
        if error["type"] in ("missing", "extra_forbidden"):
            *around, name = error["loc"]
            (missing if error["type"] == "missing" else unknown)[tuple(around)].append(str(name))
    pairs: dict[Loc, Loc] = {}
    for around_both, names in unknown.items():
        left = missing[around_both]
        for name in names:
            near = left if len(left) == len(names) == 1 else get_close_matches(name, left, 1, 0.6)
            if near:
                pairs[(*around_both, name)] = (*around_both, near[0])
                left = [other for other in left if other != near[0]]
    return pairs
