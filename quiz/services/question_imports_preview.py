"""What would be taken from a file: each question as the organiser fills it in, what it repeats, what it lacks."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from sqlalchemy import select

from quiz.models.question_work import DbQuestionDraft
from quiz.questions import wording
from quiz.questions.formats.imported import NotTaken, Sentence
from quiz.questions.formats.report import Found, Report
from quiz.questions.wording import Wording, WordingFault
from quiz.services import Transaction
from quiz.services.question_work_drafts import OPEN, CurrentBank, of_bank, wording_of
from quiz.vietnamese import without_marks

FILLED = ("topic", "level", "document", "valid_from")
"""What the organiser may say once for all questions that do not say it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """What the organiser has said so far: ticks by number, from 1, where they differ from the first proposal."""

    ticks: Mapping[int, bool] = field(default_factory=dict)
    defaults: Mapping[str, str] = field(default_factory=dict)

    def with_page(self, shown: Collection[int], ticked: Collection[int], defaults: Mapping[str, str]) -> Choices:
        """The same with what one page of the preview says."""
        ticks = {**self.ticks, **{number: number in ticked for number in shown}}
        return Choices(ticks=ticks, defaults={name: defaults.get(name, "") for name in FILLED})

    def dump(self) -> str:
        """The choices as text."""
        return json.dumps({"ticks": self.ticks, "defaults": self.defaults}, ensure_ascii=False)

    @classmethod
    def load(cls, text: str) -> Choices:
        """The choices that `dump` wrote, none from ''."""
        kept = json.loads(text or "{}")
        ticks = {int(number): bool(tick) for number, tick in kept.get("ticks", {}).items()}
        return cls(ticks=ticks, defaults=kept.get("defaults", {}))


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One question of the file as it would be taken; `repeats` names the question that already says the same."""

    number: int
    where: Sentence
    name: str
    topic_name: str
    wording: Wording
    left_out: tuple[Sentence, ...]
    repeats: str
    is_ticked: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """All questions of a file, and everything of it that cannot be taken."""

    topics: Mapping[str, str]
    items: tuple[Item, ...]
    refused: tuple[NotTaken, ...]
    defaults: Mapping[str, str]

    @property
    def ticked(self) -> int:
        """How many questions would be taken."""
        return sum(item.is_ticked for item in self.items)

    @property
    def repeated(self) -> int:
        """How many repeat another question."""
        return sum(bool(item.repeats) for item in self.items)

    def faults(self, item: Item) -> tuple[WordingFault, ...]:
        """What is still to be done about a question before it can enter the bank; its id is given to it."""
        found = wording.faults(replace(item.wording, id="A-001"), self.topics, ())
        return tuple(fault for fault in found if fault.field != "id")


def preview(session: Transaction, current: CurrentBank, report: Report, choices: Choices) -> Preview:
    """What would be taken of the file; questions that repeat others are left out unless ticked."""
    topics = dict(current.bank.topics)
    known = {**dict(_drafted(session, current)), **{_folded(one.text): one.id for one in current.bank.questions}}
    return Preview(
        topics=topics,
        items=tuple(_items(report.questions, topics, known, choices)),
        refused=report.refused,
        defaults={name: choices.defaults.get(name, "") for name in FILLED},
    )


def _items(
    questions: Sequence[Found], topics: Mapping[str, str], known: Mapping[str, str], choices: Choices
) -> Iterator[Item]:
    seen: dict[str, str] = {}
    codes = {**{_folded(name): code for code, name in topics.items()}, **{_folded(code): code for code in topics}}
    for number, found in enumerate(questions, start=1):
        text = _folded(found.wording.text)
        repeats = known.get(text, "") or seen.get(text, "")
        seen.setdefault(text, f"#{number}")
        yield Item(
            number=number,
            where=found.where,
            name=found.name,
            topic_name=found.topic_name or found.wording.topic,
            wording=_filled(found, codes, choices.defaults),
            left_out=found.left_out,
            repeats=repeats,
            is_ticked=choices.ticks.get(number, not repeats),
        )


def _filled(found: Found, codes: Mapping[str, str], defaults: Mapping[str, str]) -> Wording:
    """The wording under the bank's topic of that code or name, with the organiser's words where the file is silent."""
    said = found.wording
    topic = codes.get(_folded(said.topic)) or codes.get(_folded(found.topic_name))
    return replace(
        said,
        topic=topic or defaults.get("topic", ""),
        level=said.level or defaults.get("level", ""),
        document=said.document or defaults.get("document", ""),
        valid_from=said.valid_from or defaults.get("valid_from", ""),
    )


def _drafted(session: Transaction, current: CurrentBank) -> Iterator[tuple[str, str]]:
    """The texts of questions that somebody is working on, with their ids."""
    rows = session.execute(
        select(DbQuestionDraft.question_id, DbQuestionDraft.body).where(
            *of_bank(current), DbQuestionDraft.state.in_(OPEN)
        )
    )
    for row in rows:
        yield _folded(wording_of(row.body).text), row.question_id


def _folded(text: str) -> str:
    """A text as it is compared: without marks, capitals and the signs at its end."""
    return without_marks(text).rstrip(" .?:")
