"""Item analysis of a week: what each question did, each place on the paper, the papers and the marks as a whole.

Hand in one row of responses per attempt that counts (`item_responses.responses`): valid, not annulled, and of each
person the one that is ranked, for several attempts of one person are not independent. What was voided is left out of
everything, also of what an attempt earned in all. Moodle knows two kinds of question, and so do the figures: where
everybody had the same questions, a question is a fixed position with weights of its own, in whatever order it was
shown; where papers are drawn at random, positions are the places on the paper, and a question has figures over those
who were dealt it, but no weights, as in Moodle.

How to read it: begin with the remarks, which name the questions to open. Facility is how much of the points a question
gave (between 30 % and 80 % it tells people apart best; near the random guess score nobody knew). The discrimination
index is the correlation with the rest of the same attempts: above 30 % good, below 15 % weak, below nought a wrong key
until the opposite is shown; the efficiency says how much that is of what this facility allows, and is the fairer figure
for very easy and very hard questions. In the option table a good distractor is chosen by the lower third and not by the
upper one. The effective weight should lie near the intended one. The consistency of the whole (1 is perfect, 0.7 is
good for twenty questions) falls where papers differ, so it is no verdict on the questions alone. Last look at the
difference between papers: as long as it explains less than 1 % of the scores, nobody won by a lucky draw. All of it
needs attempts: below 30 of a question nothing is remarked on, and a remark is a reason to look, not a proof.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from quiz.questions.bank import Question
from quiz.scoring.distractors import OptionTable, option_tables, thirds_of
from quiz.scoring.item_doubts import Remark, remarks_on_question, remarks_on_weight
from quiz.scoring.item_figures import ItemFigures, ItemMarks, Weights, weigh
from quiz.scoring.item_responses import Counts, Response, count, without
from quiz.scoring.paper_difficulty import PaperDifficulty, paper_difficulty
from quiz.scoring.score_statistics import ScoreStatistics, score_statistics


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionAnalysis:
    """One question that somebody was dealt. `weights` are None where it was drawn at random, as in Moodle."""

    question: Question
    figures: ItemFigures
    random_guess: float | None
    weights: Weights | None
    options: OptionTable
    remarks: tuple[Remark, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceAnalysis:
    """One place on papers drawn at random, by its number among the questions that count."""

    number: int
    figures: ItemFigures
    weights: Weights
    remarks: tuple[Remark, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Analysis:
    """The week. `places` is empty where everybody had the same questions; `papers` is None without an attempt."""

    questions: tuple[QuestionAnalysis, ...]
    undealt: tuple[Question, ...]
    places: tuple[PlaceAnalysis, ...]
    scores: ScoreStatistics
    papers: PaperDifficulty | None


def analyse(
    questions: Iterable[Question], attempts: Iterable[Sequence[Response]], voided: Collection[str] = frozenset()
) -> Analysis:
    """Everything about these questions and attempts, the questions in the order given, without those voided."""
    counted = without(voided, attempts)
    counts = count(counted)
    marks = counts.questions
    asked = [question for question in questions if question.id not in voided]
    is_fixed = all(each.dealt == len(counted) for each in marks.values())
    places = () if is_fixed else _places(counts.places)
    marks_by_whole = Counter[int]()
    for whole, times in counts.wholes.items():
        marks_by_whole[whole.mark] += times
    positions = marks if is_fixed else counts.places
    return Analysis(
        questions=_questions([question for question in asked if question.id in marks], counts, marks, is_fixed),
        undealt=tuple(question for question in asked if question.id not in marks),
        places=places,
        scores=score_statistics(marks_by_whole, positions.values()),
        papers=paper_difficulty(counted, {name: each.figures.facility for name, each in marks.items()}),
    )


def random_guess_score(question: Question) -> float | None:
    """What blind choice would give on average; None with several keys, for which Moodle gives none either."""
    return None if question.has_several_keys else 1 / len(question.options)


def _questions(
    dealt: Sequence[Question], counts: Counts, marks: Mapping[str, ItemMarks], is_fixed: bool
) -> tuple[QuestionAnalysis, ...]:
    if not dealt:
        return ()
    weights = weigh(marks) if is_fixed else {}
    tables = option_tables(dealt, counts.answers, thirds_of(counts.wholes))
    return tuple(_question(each, marks[each.id].figures, weights.get(each.id), tables[each.id]) for each in dealt)


def _question(
    question: Question, figures: ItemFigures, weights: Weights | None, table: OptionTable
) -> QuestionAnalysis:
    on_weight = remarks_on_weight(figures, weights) if weights else ()
    return QuestionAnalysis(
        question=question,
        figures=figures,
        random_guess=random_guess_score(question),
        weights=weights,
        options=table,
        remarks=(*remarks_on_question(figures, table), *on_weight),
    )


def _places(places: Mapping[int, ItemMarks]) -> tuple[PlaceAnalysis, ...]:
    weights = weigh(places)
    figures = {number: marks.figures for number, marks in sorted(places.items())}
    return tuple(
        PlaceAnalysis(
            number=number, figures=each, weights=weights[number], remarks=remarks_on_weight(each, weights[number])
        )
        for number, each in figures.items()
    )
