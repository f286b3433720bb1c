"""What reading a foreign file has found, and what was not taken of it, as JSON that outlives the reading."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from quiz.questions import wording
from quiz.questions.bank import LETTERS
from quiz.questions.formats.imported import Imported, ImportedQuestion, NotTaken, RefusedFile, Sentence
from quiz.questions.wording import Wording

_Json: TypeAlias = Any  # as the module json has it


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One question as the bank would word it; `name` and `topic_name` are what the file calls it and its topic."""

    where: Sentence
    name: str
    topic_name: str
    wording: Wording
    left_out: tuple[Sentence, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """All of a file; `why` is there where the file as a whole was refused."""

    questions: tuple[Found, ...] = ()
    refused: tuple[NotTaken, ...] = ()
    why: Sentence | None = None


def of_imported(imported: Imported) -> Report:
    """The report of a file that was read."""
    return Report(questions=tuple(map(_found, imported.questions)), refused=imported.refused)


def of_refusal(no: RefusedFile) -> Report:
    """The report of a file that was not."""
    return Report(why=no.why)


def dump(report: Report) -> str:
    """The report as text."""
    questions = [
        {
            "where": _said(each.where),
            "name": each.name,
            "topic_name": each.topic_name,
            "wording": wording.as_dict(each.wording),
            "left_out": list(map(_said, each.left_out)),
        }
        for each in report.questions
    ]
    refused = [[_said(each.where), _said(each.why)] for each in report.refused]
    why = _said(report.why) if report.why else None
    return json.dumps({"questions": questions, "refused": refused, "why": why}, ensure_ascii=False)


def load(text: str) -> Report:
    """The report that `dump` wrote, an empty one from ''."""
    kept: Mapping[str, _Json] = json.loads(text or "{}")
    return Report(
        questions=tuple(map(_kept, kept.get("questions", ()))),
        refused=tuple(NotTaken(Sentence(*where), Sentence(*why)) for where, why in kept.get("refused", ())),
        why=Sentence(*kept["why"]) if kept.get("why") else None,
    )


def _found(question: ImportedQuestion) -> Found:
    key = [letter for letter, option in zip(LETTERS, question.options, strict=True) if option.is_right]
    return Found(
        where=question.where,
        name=question.identifier,
        topic_name=question.topic_name,
        wording=Wording(
            topic=question.topic,
            level=str(int(question.level)) if question.level else "",
            text=question.text,
            options=tuple(option.text for option in question.options),
            key="".join(key),
            explanation=question.explanation,
            document=question.document,
            article=question.article,
            valid_from=question.valid_from.isoformat() if question.valid_from else "",
            valid_until=question.valid_until.isoformat() if question.valid_until else "",
            facts=question.facts,
        ),
        left_out=question.left_out,
    )


def _kept(kept: Mapping[str, _Json]) -> Found:
    return Found(
        where=Sentence(*kept["where"]),
        name=kept["name"],
        topic_name=kept["topic_name"],
        wording=wording.from_dict(kept["wording"]),
        left_out=tuple(Sentence(*said) for said in kept["left_out"]),
    )


def _said(sentence: Sentence) -> list[object]:
    return [sentence.code, dict(sentence.facts)]
