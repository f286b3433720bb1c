"""Places of a contest file as they stand there, so that their sense can be judged even where others are faulty."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

from pydantic import ValidationError

from quiz.contest.schedule_words import FIELDS
from quiz.questions.file_forms import Form, text_at
from quiz.yaml_text import Data, Loc, Reading

Complaint = tuple[Loc, str]
FormT = TypeVar("FormT", bound=Form)


@dataclass(frozen=True, slots=True)
class Place:
    """One place, which may not be there or may hold nonsense: then it reads as nothing."""

    reading: Reading
    loc: Loc = ()

    def at(self, *names: str | int) -> Place:
        """The place of that name inside this one."""
        return Place(self.reading, (*self.loc, *names))

    @property
    def is_said(self) -> bool:
        """Whether the file has it at all."""
        return self.loc in self.reading.lines

    @property
    def is_sound(self) -> bool:
        """Whether the reading did not complain of it or of anything around it."""
        return not self.reading.is_faulty(self.loc)

    @property
    def line(self) -> int:
        """Where it stands."""
        return self.reading.line(self.loc)

    @property
    def text(self) -> str:
        """The text here, '' where there is none."""
        return text_at(self.reading, self.loc)

    @property
    def whole(self) -> int | None:
        """The number here, None where there is none."""
        text = self.text
        return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None

    @property
    def is_yes(self) -> bool:
        """Whether the file says yes here."""
        return self.text.lower() in ("true", "yes", "on", "y", "t", "1")

    @property
    def data(self) -> Data | None:
        """What stands here."""
        return self.reading.find(self.loc)

    @property
    def items(self) -> list[Place]:
        """The items of the list here."""
        data = self.data
        return [self.at(place) for place in range(len(data))] if isinstance(data, list) else []

    @property
    def fields(self) -> list[Place]:
        """What the mapping here holds."""
        data = self.data
        return [self.at(name) for name in data] if isinstance(data, dict) else []

    @property
    def name(self) -> str:
        """What it is called in the mapping around it."""
        return str(self.loc[-1])

    @property
    def is_silent(self) -> bool:
        """Whether the file says nothing here, and not under a misspelt name either."""
        around = Place(self.reading, self.loc[:-1])
        is_misspelt = any(field.name not in FIELDS for field in around.fields)
        return not self.is_said and around.is_sound and not is_misspelt

    def filled(self, form: type[FormT]) -> FormT | None:
        """The form of this place, None where the file has none or a faulty one."""
        try:
            return form.model_validate(self.data) if self.is_said and self.is_sound else None
        except ValidationError:
            return None


def used_twice(places: Sequence[Place], what: str, how: str) -> Iterator[Complaint]:
    """A text that stands at an earlier place already."""
    seen: dict[str, int] = {}
    for place in places:
        text = place.text.casefold()
        if text and text in seen:
            yield place.loc, f"{what} “{place.text}” đã dùng ở dòng {seen[text]}; {how}"
        seen.setdefault(text, place.line)
