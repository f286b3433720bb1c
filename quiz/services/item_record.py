"""An item analysis as the JSON that is kept of it: its figures, with the questions by their ids alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

from quiz.questions.bank import Question
from quiz.scoring.distractors import Choices, OptionChoices, OptionTable
from quiz.scoring.item_analysis import Analysis, PlaceAnalysis, QuestionAnalysis
from quiz.scoring.item_doubts import Doubt, Remark
from quiz.scoring.item_figures import ItemFigures, Weights
from quiz.scoring.paper_difficulty import PaperDifficulty
from quiz.scoring.score_statistics import ScoreStatistics

Record = dict[str, Any]


def as_record(analysis: Analysis) -> Record:
    """What JSON can hold of it."""
    return {
        "questions": [asdict(one) | {"question": one.question.id} for one in analysis.questions],
        "undealt": [question.id for question in analysis.undealt],
        "places": [asdict(place) for place in analysis.places],
        "scores": asdict(analysis.scores),
        "papers": asdict(analysis.papers) if analysis.papers else None,
    }


def from_record(record: Record, questions: Mapping[str, Question]) -> Analysis:
    """The analysis again, with the questions of the bank that it was made from."""
    return Analysis(
        questions=tuple(_question(one, questions[one["question"]]) for one in record["questions"]),
        undealt=tuple(questions[each] for each in record["undealt"]),
        places=tuple(_place(one) for one in record["places"]),
        scores=ScoreStatistics(**record["scores"]),
        papers=_papers(record["papers"]) if record["papers"] else None,
    )


def _question(one: Record, question: Question) -> QuestionAnalysis:
    return QuestionAnalysis(
        question=question,
        figures=ItemFigures(**one["figures"]),
        random_guess=one["random_guess"],
        weights=Weights(**one["weights"]) if one["weights"] else None,
        options=_table(one["options"]),
        remarks=_remarks(one["remarks"]),
    )


def _place(one: Record) -> PlaceAnalysis:
    return PlaceAnalysis(
        number=one["number"],
        figures=ItemFigures(**one["figures"]),
        weights=Weights(**one["weights"]),
        remarks=_remarks(one["remarks"]),
    )


def _table(table: Record) -> OptionTable:
    options = (OptionChoices(**one | {"chosen": Choices(**one["chosen"])}) for one in table["options"])
    return OptionTable(dealt=Choices(**table["dealt"]), blank=Choices(**table["blank"]), options=tuple(options))


def _papers(papers: Record) -> PaperDifficulty:
    return PaperDifficulty(**papers | {"percents": tuple(map(tuple, papers["percents"]))})


def _remarks(remarks: Iterable[Record]) -> tuple[Remark, ...]:
    return tuple(Remark(Doubt(one["doubt"]), one["sentence"]) for one in remarks)
