"""Whether papers drawn at random were equally hard: what each was expected to give, and what that explains.

The expected score of a paper is what its questions gave on average to everybody who had them, as a share of its points.
Such averages hold the very answers that they are compared with: where all questions are alike and each was dealt d
times, expected and true scores still share about 1/d of their variance. So much is taken off, and nothing is judged
before questions were dealt a hundred times on average.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from math import fsum
from statistics import stdev

from quiz.scoring.item_figures import spread_of
from quiz.scoring.item_responses import Response
from quiz.vietnamese import exact_percent, share

ENOUGH = 100
SLIGHT, LARGE = Fraction(1, 100), Fraction(9, 100)
_UNIT = 10**9  # shares are compared in billionths, so that papers of the same questions are equal in any order


class Difference(StrEnum):
    """How much of the difference between scores came from the papers."""

    NONE = "none"
    UNKNOWN = "unknown"
    SLIGHT = "slight"
    FELT = "felt"
    LARGE = "large"

    @property
    def words(self) -> str:
        return {
            "none": "Các đề có độ khó như nhau.",
            "unknown": "Chưa đủ lượt thi để so sánh độ khó của các đề: trung bình mỗi câu cần có trong ít nhất "
            f"{ENOUGH} lượt.",
            "slight": "Độ khó của các đề chênh nhau không đáng kể: giải thích dưới "
            f"{exact_percent(SLIGHT)} khác biệt về điểm.",
            "felt": "Độ khó của các đề có chênh nhau: giải thích từ "
            f"{exact_percent(SLIGHT)} đến dưới {exact_percent(LARGE)} khác biệt về điểm.",
            "large": "Độ khó của các đề chênh nhau nhiều: giải thích từ "
            f"{exact_percent(LARGE)} khác biệt về điểm trở lên; nên cân lại cơ cấu đề.",
        }[self]


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperDifficulty:
    """What the papers were expected to give, as shares of their points.

    `sd` is the standard deviation between papers, dividing by n - 1 as everywhere here. `percents` is how many papers
    were expected to give so many whole per cent, the hardest first. `explained` is the share of the variance of the
    scores that goes with the difficulty of the papers (their squared correlation, less what chance would show); None
    where either does not vary. `dealt` is how many attempts had each question, on average.
    """

    hardest: float
    easiest: float
    mean: float
    sd: float | None
    percents: tuple[tuple[int, int], ...]
    explained: float | None
    dealt: float

    @property
    def difference(self) -> Difference:
        """By the share explained, once there is enough to judge by."""
        if self.hardest == self.easiest:
            return Difference.NONE
        if self.dealt < ENOUGH:
            return Difference.UNKNOWN
        if self.explained is None or self.explained < float(SLIGHT):
            return Difference.SLIGHT
        return Difference.FELT if self.explained < float(LARGE) else Difference.LARGE

    @property
    def sentences(self) -> tuple[str, ...]:
        """For an organiser: what to make of it, and the figures."""
        figures = (
            f"Kết quả kỳ vọng của đề khó nhất là {share(self.hardest)} số điểm tối đa, của đề dễ nhất là "
            f"{share(self.easiest)}, trung bình {share(self.mean)}, độ lệch chuẩn {share(self.sd or 0)}."
        )
        explained = (
            f"Độ khó của đề giải thích {share(self.explained or 0)} khác biệt về điểm giữa các lượt thi; phần còn lại "
            "do người dự thi và ngẫu nhiên."
        )
        match self.difference:
            case Difference.NONE:
                return (self.difference.words,)
            case Difference.UNKNOWN:
                return (self.difference.words, figures)
        return (self.difference.words, figures, explained)


def paper_difficulty(
    attempts: Sequence[Sequence[Response]], facilities: Mapping[str, float | None]
) -> PaperDifficulty | None:
    """The difficulty of all papers sat, each worth something; None without any."""
    if not attempts:
        return None
    worth = {question: facility or 0.0 for question, facility in facilities.items()}
    shares: list[tuple[int, int]] = []
    for attempt in attempts:
        points = sum([each.points for each in attempt])
        expected = fsum([worth[each.question] * each.points for each in attempt])
        earned = sum([each.mark for each in attempt])
        shares.append((round(_UNIT * expected / points), round(_UNIT * earned / points)))
    correlation = spread_of(Counter(shares)).correlation
    dealt = sum(map(len, attempts)) / len(facilities)
    papers = sorted(expected for expected, _ in shares)
    return PaperDifficulty(
        hardest=papers[0] / _UNIT,
        easiest=papers[-1] / _UNIT,
        mean=fsum(papers) / len(papers) / _UNIT,
        sd=stdev(papers) / _UNIT if len(papers) > 1 else None,
        percents=tuple(Counter(100 * paper // _UNIT for paper in papers).items()),
        explained=None if correlation is None else max(0.0, correlation**2 - 1 / dealt),
        dealt=dealt,
    )
