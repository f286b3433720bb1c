"""The prediction question (câu dự đoán): an unscored number whose target is known only after the week has closed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, partial
from math import inf

from quiz.scoring.columns import column
from quiz.scoring.tie_breaks import Result, RoundFacts, TieBreak, Zone
from quiz.vietnamese import number

PREDICTION = "prediction"


class Target(StrEnum):
    """What is predicted."""

    PEOPLE = "people"
    PEOPLE_ALL_RIGHT = "people_all_right"
    ATTEMPTS = "attempts"

    @property
    def words(self) -> str:
        """What is counted, and what does not count."""
        return {
            "people": "số người dự thi (mỗi người có ít nhất một lượt thi hợp lệ, chỉ tính một lần)",
            "people_all_right": "số người trả lời đúng tất cả các câu (ở ít nhất một lượt thi hợp lệ, mỗi người chỉ "
            "tính một lần)",
            "attempts": "số lượt thi (mỗi người có thể có nhiều lượt, không tính lượt bị hủy)",
        }[self]

    @property
    def unit(self) -> str:
        """What the number counts: people or attempts, which are never mixed."""
        return "lượt" if self is Target.ATTEMPTS else "người"


class Scope(StrEnum):
    """Among whom the target is counted."""

    DIVISION = "division"
    ALL = "all"

    @property
    def words(self) -> str:
        return {"division": "tính riêng trong bảng thi của người dự đoán", "all": "tính chung mọi người dự thi"}[self]


class EqualDistance(StrEnum):
    """Of two predictions equally far from the target, one above and one below it, which stands higher."""

    SAME = "same"
    BELOW_FIRST = "below_first"
    ABOVE_FIRST = "above_first"

    @property
    def words(self) -> str:
        return {
            "same": "hai số lệch bằng nhau, một số cao hơn và một số thấp hơn kết quả, được coi là bằng nhau",
            "below_first": "nếu lệch bằng nhau, số thấp hơn kết quả xếp trên số cao hơn",
            "above_first": "nếu lệch bằng nhau, số cao hơn kết quả xếp trên số thấp hơn",
        }[self]


class Whose(StrEnum):
    """The prediction of which of a person's attempts counts."""

    COUNTED = "counted"
    FIRST = "first"
    LAST = "last"

    @property
    def words(self) -> str:
        return {
            "counted": "lượt thi được tính để xếp hạng",
            "first": "lượt thi hợp lệ đầu tiên",
            "last": "lượt thi hợp lệ cuối cùng",
        }[self]


@dataclass(frozen=True, slots=True, kw_only=True)
class Prediction:
    """The prediction question of a contest as the rules have it."""

    text: str
    target: Target
    scope: Scope = Scope.ALL
    equal_distance: EqualDistance = EqualDistance.SAME
    whose: Whose = Whose.COUNTED

    def key(self, predicted: int | None, target: int) -> float:
        """By distance, and within it by the rule for equal distances; the smaller stands higher, None never does."""
        if predicted is None:
            return inf
        off = abs(predicted - target)
        is_behind = {
            EqualDistance.SAME: False,
            EqualDistance.BELOW_FIRST: predicted > target,
            EqualDistance.ABOVE_FIRST: predicted < target,
        }[self.equal_distance]
        return off + is_behind / 2

    @property
    def sentences(self) -> tuple[str, ...]:
        """The question and how it counts, as they stand on the public rules page."""
        return (
            f"Câu dự đoán: “{self.text}”. Câu này không tính điểm, chỉ dùng để xếp hạng.",
            f"Kết quả để đối chiếu là {self.target.words}, {self.scope.words}, trong cùng tuần thi, và chỉ được tính "
            "sau khi tuần thi đã đóng.",
            f"Số dự đoán càng gần kết quả càng xếp trên, dù cao hơn hay thấp hơn; {self.equal_distance.words}.",
            f"Người thi nhiều lượt được lấy số dự đoán ở {self.whose.words}. Ai không dự đoán ở lượt ấy xếp sau mọi "
            "người có dự đoán, riêng ở tiêu chí này.",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """What happened in one week, in one division or in all: people and attempts are never mixed."""

    people: int
    people_all_right: int
    attempts: int

    def of(self, target: Target) -> int:
        """The figure that was to be predicted."""
        return {
            Target.PEOPLE: self.people,
            Target.PEOPLE_ALL_RIGHT: self.people_all_right,
            Target.ATTEMPTS: self.attempts,
        }[target]

    def __add__(self, other: Tally) -> Tally:
        return Tally(
            people=self.people + other.people,
            people_all_right=self.people_all_right + other.people_all_right,
            attempts=self.attempts + other.attempts,
        )


def tally(attempts: Sequence[Result], counted: Sequence[Result]) -> Tally:
    """What happened: `attempts` are those not annulled, valid or not; `counted` holds the one of each person ranked."""
    return Tally(
        people=len(counted),
        people_all_right=sum(map(bool, column(counted, "full_marks"))),
        attempts=len(attempts),
    )


def target(prediction: Prediction, own: Tally, everyone: Tally) -> int:
    """The figure that people of a division had to predict, from the tally of their own division and that of all."""
    return (own if prediction.scope is Scope.DIVISION else everyone).of(prediction.target)


@cache
def prediction_step(prediction: Prediction, /) -> TieBreak:
    """The nearer prediction stands higher, and whoever predicted nothing stands last.

    Needs the target among the facts; raises ValueError without it, since then nothing could be compared.
    """
    unit = prediction.target.unit

    def key(result: Result, facts: RoundFacts) -> float:
        return prediction.key(result.prediction, _known(facts))

    def off(result: Result, facts: RoundFacts) -> str:
        if result.prediction is None:
            return "không dự đoán"
        distance = abs(result.prediction - _known(facts))
        return f"lệch {number(distance)}" if distance else "dự đoán đúng"

    def figure(result: Result) -> str:
        return f"{number(result.prediction or 0)} {unit}"

    def why(one: Result, other: Result, whom: str, _zone: Zone, facts: RoundFacts) -> str:
        actual = number(_known(facts))
        if off(one, facts) == off(other, facts):
            return (
                f"dự đoán {figure(one)}, cùng {off(one, facts)} so với {actual} nhưng {_side(prediction)} hơn kết quả; "
                f"{whom} dự đoán {figure(other)}"
            )
        if one.prediction == facts.target:
            return f"dự đoán đúng {figure(one)}; {whom} {off(other, facts)}"
        return f"dự đoán {figure(one)}, {off(one, facts)} so với {actual}; {whom} {off(other, facts)}"

    def same(one: Result, _other: Result, _zone: Zone, facts: RoundFacts) -> str:
        if one.prediction is None or one.prediction == facts.target:
            return f"cùng {off(one, facts)}" + (f" {figure(one)}" if one.prediction is not None else "")
        return f"cùng dự đoán {off(one, facts)} so với {number(_known(facts))}"

    rule = "người có số dự đoán gần kết quả thực tế hơn xếp trên"
    return TieBreak(name=PREDICTION, rule=rule, key=key, why=why, gap=partial(_gap, prediction), same=same)


def _gap(prediction: Prediction, one: Result, other: Result, whom: str, facts: RoundFacts) -> str:
    if one.prediction is None or other.prediction is None:
        return f"có dự đoán, còn {whom} thì không"
    nearer = abs(other.prediction - _known(facts)) - abs(one.prediction - _known(facts))
    if nearer:
        return f"dự đoán gần kết quả hơn {whom} {number(nearer)} {prediction.target.unit}"
    return f"dự đoán lệch bằng {whom} nhưng {_side(prediction)} hơn kết quả"


def _side(prediction: Prediction) -> str:
    """On which side of the target one of two predictions equally far from it stands higher."""
    return "thấp" if prediction.equal_distance is EqualDistance.BELOW_FIRST else "cao"


def _known(facts: RoundFacts) -> int:
    if facts.target is None:
        raise ValueError("predictions cannot be compared before their target is known")
    return facts.target
