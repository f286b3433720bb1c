"""Ranking chains: the steps that a contest file names, in order, and how the whole ranking is printed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from quiz.scoring.prediction import PREDICTION, Prediction, prediction_step
from quiz.scoring.resolution import Resolution
from quiz.scoring.tie_breaks import LOT, TIE_BREAKS, TieBreak, hand_in_moment, lot_by, time_taken

STEP_NAMES = (*TIE_BREAKS, PREDICTION)
"""Every step that a contest file may name; 'lot' only as the last one."""

RESOLUTIONS: Mapping[str, tuple[Resolution, ...]] = {
    "time_taken": tuple(Resolution),
    "hand_in_moment": (Resolution.MINUTE, Resolution.SECOND, Resolution.MILLISECOND),
}
"""The steps that take a resolution, and which."""


def chain_of(
    names: Sequence[tuple[str, str | None]], prediction: Prediction | None, lot_event: str | None = None
) -> tuple[TieBreak, ...]:
    """The chain of these steps with their resolutions, None being the usual one; lots by the public event, if any.

    Raises ValueError for the step 'prediction' where there is nothing to predict.
    """
    return tuple(_step(name, resolution, prediction, lot_event) for name, resolution in names)


def without_prediction(chain: Sequence[TieBreak]) -> tuple[TieBreak, ...]:
    """The chain for what has no figure to be predicted, such as the whole contest."""
    return tuple(step for step in chain if step.name != PREDICTION)


def chain_sentences(chain: Sequence[TieBreak]) -> tuple[str, ...]:
    """The whole ranking as it stands on the public rules page, in order."""
    first = tuple(step.sentence for step in chain[:1])
    second = tuple(f"Nếu bằng nhau, {step.rule}." for step in chain[1:2])
    others = tuple(f"Nếu vẫn bằng nhau, {step.rule}." for step in chain[2:])
    return (*first, *second, *others)


def _step(name: str, resolution: str | None, prediction: Prediction | None, lot_event: str | None) -> TieBreak:
    if name == PREDICTION:
        if prediction is None:
            raise ValueError("predictions are ranked, but nobody is asked for one")
        return prediction_step(prediction)
    if name == LOT.name and lot_event:
        return lot_by(lot_event)
    if resolution is None:
        return TIE_BREAKS[name]
    return {"time_taken": time_taken, "hand_in_moment": hand_in_moment}[name](Resolution(resolution))
