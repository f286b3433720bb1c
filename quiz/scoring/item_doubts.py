"""What makes a question suspicious, from which figure on, and the sentence that says so to the organiser."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from quiz.scoring.distractors import OptionTable
from quiz.scoring.item_figures import ItemFigures, Weights
from quiz.vietnamese import exact_percent, number, share

FEWEST = 30
FEWEST_WRONG = 20
"""So many wrong answers leave one of three equally good distractors unchosen in one case out of a thousand."""
TOO_HARD, TOO_EASY = Fraction(5, 100), Fraction(95, 100)
WEAKEST = Fraction(15, 100)
WEIGHT_OFF = Fraction(1, 2)


class Doubt(StrEnum):
    """A reason to look at a question again, the gravest first. `weak` is from where on Moodle marks one as dubious."""

    NEGATIVE = "negative"
    MISLEADS_THE_STRONG = "misleads_the_strong"
    TOO_HARD = "too_hard"
    WEAK = "weak"
    WEIGHT = "weight"
    TOO_EASY = "too_easy"
    IDLE_OPTION = "idle_option"

    @property
    def words(self) -> str:
        """The sentence, with places for the figures."""
        return {
            "too_hard": f"Câu quá khó: chỉ đạt {{facility}} số điểm tối đa (dưới {exact_percent(TOO_HARD)}). Cần kiểm "
            "tra lại đáp án và cách diễn đạt.",
            "too_easy": f"Câu quá dễ: đạt {{facility}} số điểm tối đa (trên {exact_percent(TOO_EASY)}), hầu như không "
            "phân loại được người dự thi.",
            "negative": "Độ phân biệt âm ({discrimination}, dưới 0%): lượt thi đạt điểm cao ở các câu khác lại hay sai "
            "câu này. Cần kiểm tra lại đáp án.",
            "weak": f"Hiệu quả phân biệt thấp: {{efficiency}} (dưới {exact_percent(WEAKEST)}), câu đóng góp rất ít vào "
            "việc phân loại người dự thi.",
            "misleads_the_strong": "Ở nhóm một phần ba lượt thi có điểm cao nhất, phương án sai {distractor} được chọn "
            "{chosen} lần, nhiều hơn đáp án {key} ({key_chosen} lần). Cần kiểm tra lại đáp án.",
            "idle_option": "Phương án {options} không được chọn lần nào trong {dealt} lượt thi có câu này, dù "
            "có {wrong} lượt chọn sai: phương án nhiễu không có tác dụng.",
            "weight": f"Trọng số thực tế {{effective}} lệch quá {exact_percent(WEIGHT_OFF)} so với trọng số dự kiến "
            "{intended}.",
        }[self]


@dataclass(frozen=True, slots=True)
class Remark:
    """A doubt about one question, said with its figures."""

    doubt: Doubt
    sentence: str


def is_judged(figures: ItemFigures) -> bool:
    """Whether enough attempts had the question for its figures to mean anything."""
    return figures.dealt >= FEWEST


def remarks_on_question(figures: ItemFigures, table: OptionTable) -> tuple[Remark, ...]:
    """Every doubt about a question; none while too few attempts had it."""
    return (*_on_figures(figures), *_on_options(table)) if is_judged(figures) else ()


def remarks_on_weight(figures: ItemFigures, weights: Weights) -> tuple[Remark, ...]:
    """Whether an item decided far more or far less than it was meant to; a negative one is said by discrimination."""
    if not is_judged(figures) or weights.effective is None:
        return ()
    if abs(weights.effective - weights.intended) <= WEIGHT_OFF * weights.intended:
        return ()
    return (_remark(Doubt.WEIGHT, effective=share(weights.effective), intended=share(weights.intended)),)


def _on_figures(figures: ItemFigures) -> Iterator[Remark]:
    if figures.facility is not None and figures.facility < float(TOO_HARD):
        yield _remark(Doubt.TOO_HARD, facility=share(figures.facility))
    if figures.facility is not None and figures.facility > float(TOO_EASY):
        yield _remark(Doubt.TOO_EASY, facility=share(figures.facility))
    if figures.discrimination is not None and figures.discrimination < 0:
        yield _remark(Doubt.NEGATIVE, discrimination=share(figures.discrimination))
    elif figures.efficiency is not None and figures.efficiency < float(WEAKEST):
        yield _remark(Doubt.WEAK, efficiency=share(figures.efficiency))


def _on_options(table: OptionTable) -> Iterator[Remark]:
    key = min(table.keys, key=lambda option: option.chosen.upper)
    for option in table.distractors:
        if option.chosen.upper > key.chosen.upper:
            yield _remark(
                Doubt.MISLEADS_THE_STRONG,
                distractor=option.letter,
                chosen=number(option.chosen.upper),
                key=key.letter,
                key_chosen=number(key.chosen.upper),
            )
    idle = [option.letter for option in table.distractors if not option.chosen.all]
    wrong = sum(option.chosen.all for option in table.distractors)
    if idle and wrong >= FEWEST_WRONG:
        yield _remark(Doubt.IDLE_OPTION, options=", ".join(idle), dealt=number(table.dealt.all), wrong=number(wrong))


def _remark(doubt: Doubt, **facts: str) -> Remark:
    return Remark(doubt, doubt.words.format_map(facts))
