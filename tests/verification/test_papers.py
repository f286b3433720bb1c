"""Several processes say the same of every paper as one does; where there can be none, one does it all."""

from __future__ import annotations

import os
import signal
from collections.abc import Sequence
from concurrent.futures import Future

import pytest

from quiz.verification import papers
from quiz.verification.bundle import Bundle, Check
from quiz.verification.canonical import canonical
from quiz.verification.checks import checked
from tests.verification.random_tampers import Files, tampered
from tests.verification.rounds import a_round


@pytest.fixture(autouse=True)
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Even a small week has several parts."""
    monkeypatch.setattr(papers, "FEWEST_BYTES", 1)


def said(files: Files, processes: int) -> Sequence[Check]:
    bundle = Bundle(files, processes=processes)
    try:
        return tuple(checked(bundle))
    finally:
        bundle.end()  # what is forked from here holds whatever this worker has open, a browser's pipes among them


@pytest.mark.parametrize("seed", range(6))
def test_several_processes_say_what_one_says(seed: int) -> None:
    honest = a_round(seed).files
    assert said(honest, 3) == said(honest, 1)
    assert all(check.holds for check in said(honest, 3))
    spoilt = tampered(honest, seed)
    assert said(spoilt, 3) == said(spoilt, 1)


def test_every_wrong_answer_is_told_and_a_record_out_of_its_form_ends_the_check() -> None:
    files = dict(a_round(3).files)
    records = Bundle(files).records
    for record in records:
        record["answers"][0] = "Z"
    del records[-2]["seen"]
    files["bai-thi.json"] = canonical(records)
    [found] = [check for check in said(files, 3) if check.name == "papers"]
    assert found == next(check for check in said(files, 1) if check.name == "papers")
    assert len(found.faults) == len(records) - 2 + 1
    assert "KeyError: 'seen'" in found.faults[-1].en


def test_a_machine_without_processes_does_it_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    def none(*_: object) -> None:
        raise OSError("no semaphores here")

    monkeypatch.setattr(papers, "ProcessPoolExecutor", none)
    assert all(check.holds for check in said(a_round(3).files, 3))


def test_a_process_that_is_ended_leaves_its_part_to_the_first(monkeypatch: pytest.MonkeyPatch) -> None:
    first, judge = os.getpid(), papers.judge

    def ended(*part: object) -> object:
        if os.getpid() != first:
            os.kill(os.getpid(), signal.SIGKILL)
        return judge(*part)  # type: ignore[arg-type]

    monkeypatch.setattr(papers, "judge", ended)
    monkeypatch.setattr(Future, "cancel", lambda _: False)
    assert all(check.holds for check in said(a_round(3).files, 3))
