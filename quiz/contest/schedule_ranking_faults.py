"""What can be wrong with rankings: impossible orders, steps that decide nothing, predictions nobody is asked for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pydantic_core import PydanticCustomError

from quiz.contest.schedule_forms import DEFAULT_RANKING, read_step
from quiz.contest.schedule_places import Complaint, Place
from quiz.scoring.prediction import PREDICTION, Scope
from quiz.scoring.prizes import Per
from quiz.scoring.tie_breaks import LOT

_FIRST = ("score", "all_right", "full_marks")
_DEFAULT = tuple(name for name, _ in DEFAULT_RANKING)


def ranking_faults(file: Place, most: float | None) -> Iterator[Complaint]:
    """Everything about the rankings of the contest and of its divisions, and about the prediction they rank by.

    `most` is how many attempts one person can have in a week, None where that cannot be said.
    """
    divisions = file.at("divisions").items
    rankings = [place for place in (file.at("ranking"), *(one.at("ranking") for one in divisions)) if place.is_said]
    for ranking in rankings:
        steps = _steps(ranking)
        yield from _order(ranking, steps)
        yield from () if _has_contest_prizes(file) else _idle(ranking, steps, most == 1)
        if not file.at("prediction").is_said and PREDICTION in steps:
            told = (
                "xếp hạng theo “prediction” nhưng tệp chưa có câu dự đoán; hãy thêm mục “prediction: {text: …, target:"
            )
            yield ranking.at(steps.index(PREDICTION)).loc, f"{told} …}}” hoặc bỏ tiêu chí này"
    yield from _prediction(file, divisions)
    yield from _lot(file, divisions)


def _steps(ranking: Place) -> list[str]:
    """The names of the steps, '' for what cannot be read."""
    names = []
    for item in ranking.items:
        try:
            names.append(read_step(item.data)[0] if item.is_sound else "")
        except PydanticCustomError:
            names.append("")
    return names


def _order(ranking: Place, steps: Sequence[str]) -> Iterator[Complaint]:
    twice = next((place for place, step in enumerate(steps) if step and step in steps[:place]), None)
    if twice is not None:
        yield ranking.at(twice).loc, f"cách xếp hạng ghi “{steps[twice]}” hai lần; hãy bỏ một"
        return
    if steps and steps[0] not in ("", *_FIRST):
        told = (
            "cách xếp hạng phải bắt đầu bằng “score” (tổng điểm), “all_right” (đúng tất cả) hoặc “full_marks” (số lượt"
        )
        yield ranking.at(0).loc, f"{told} đạt điểm tối đa)"
    if "lot" in steps[:-1]:
        yield ranking.at(steps.index("lot")).loc, "cách xếp hạng ghi tiêu chí sau “lot”; bốc thăm phải đứng cuối"


def _idle(ranking: Place, steps: Sequence[str], is_one_attempt: bool) -> Iterator[Complaint]:
    """Steps that never part anybody whom the steps before them have not parted: the rules page would mislead."""
    for place, step in enumerate(steps):
        before = set(steps[:place])
        if step == "all_right" and "score" in before:
            yield ranking.at(place).loc, "đứng sau “score” thì “all_right” không phân định thêm được ai; hãy bỏ"
        elif is_one_attempt and step == "fewer_attempts":
            yield ranking.at(place).loc, "mỗi tuần một lượt thì “fewer_attempts” không phân định được ai; hãy bỏ"
        elif is_one_attempt and step == "full_marks" and before & {"score", "all_right"}:
            yield ranking.at(place).loc, f"mỗi tuần một lượt thì “{step}” không phân định thêm được ai; hãy bỏ"


def _has_contest_prizes(file: Place) -> bool:
    """Whether people are also ranked over the whole contest, where more figures differ."""
    lists = [file.at("prizes"), *(division.at("prizes") for division in file.at("divisions").items)]
    return any(prize.at("per").text == Per.CONTEST for prizes in lists for prize in prizes.items)


def _prediction(file: Place, divisions: Sequence[Place]) -> Iterator[Complaint]:
    prediction = file.at("prediction")
    if not prediction.is_said:
        return
    if not _ranks_by(file, divisions, PREDICTION):
        told = "câu dự đoán chưa được dùng để xếp hạng; hãy thêm “prediction” vào “ranking” hoặc bỏ mục này"
        yield prediction.loc, told
    if prediction.at("of").text == Scope.DIVISION and not divisions:
        yield prediction.at("of").loc, "tệp không chia bảng thi nên phạm vi đếm “of” phải là “all”"


def _lot(file: Place, divisions: Sequence[Place]) -> Iterator[Complaint]:
    if file.at("lot").is_said and not _ranks_by(file, divisions, LOT.name):
        yield file.at("lot").loc, "không cách xếp hạng nào bốc thăm; hãy thêm “lot” vào cuối “ranking” hoặc bỏ mục này"


def _ranks_by(file: Place, divisions: Sequence[Place], name: str) -> bool:
    """Whether some ranking has the step, as far as can be read."""
    own = [division.at("ranking") if division.at("ranking").is_said else file.at("ranking") for division in divisions]
    chains = [_steps(ranking) if ranking.is_said else _DEFAULT for ranking in own or [file.at("ranking")]]
    return any(name in chain or "" in chain or not chain for chain in chains)
