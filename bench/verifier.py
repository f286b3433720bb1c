"""How long the first verifier takes over a large week: `python -m bench.verifier [--attempts 20000] [--rounds 3]`.

Makes the bundle of a week from a seed, makes every check in one process, and runs the shipped file over it as a
stranger would, which uses every processor.
"""

from __future__ import annotations

import argparse
import gc
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from quiz.config import ROOT
from quiz.exports.bundle_zip import packed
from quiz.exports.verifiers import verifier_files
from quiz.questions.bank import Level, Question
from quiz.questions.bank_file import parse_bank
from quiz.questions.paper import PaperRules, Quota
from quiz.scoring.counted import Counts
from quiz.scoring.prizes import Needs, OnePrize, Prize
from quiz.scoring.tie_breaks import DEFAULT_CHAIN
from quiz.verification.bundle import Bundle
from quiz.verification.checks import CHECKS, checked
from quiz.verification.main import read_files
from quiz.verification.rules import DivisionRules, WeekRules
from tests.verification.rounds import CLOSES, OPENS, Made, Sittings, played

SEED = 6
PRIZES = (Prize("Giải Nhất", 1, 3_000_000), Prize("Giải Nhì", 2, 2_000_000), Prize("Giải Ba", 3, 1_000_000))


def week_of(questions: tuple[Question, ...]) -> WeekRules:
    """One attempt each, twenty questions of which six by quota, ranked as by default."""
    quotas = (Quota(count=3, topic=questions[0].topic), Quota(count=3, level=Level.APPLY))
    division = DivisionRules(
        code="", name="", bank="", paper=PaperRules(quotas=quotas), chain=DEFAULT_CHAIN, prizes=PRIZES
    )
    return WeekRules(
        contest="do-toc-do",
        title="Hội thi thử tốc độ",
        week=1,
        zone="Asia/Ho_Chi_Minh",
        opens_at=OPENS,
        closes_at=CLOSES,
        grace=timedelta(seconds=5),
        counts=Counts.ONLY,
        per_week=1,
        prediction=None,
        one_prize=OnePrize.OFF,
        needs=Needs.ONE_RIGHT,
        lot_event=None,
        divisions=(division,),
    )


def made(attempts: int) -> Made:
    """The week, with times as different as people's are."""
    dice = random.Random(SEED)  # noqa: S311 - the same week every time
    questions = parse_bank((ROOT / "question_bank.yaml").read_bytes()).questions

    def spread(sittings: Sittings) -> Sittings:
        return {
            code: replace(one, at_ms=one.started_ms + dice.randint(100_000, 1_100_000))
            for code, one in sittings.items()
        }

    return played(dice, {"": questions}, week_of(questions), attempts, verifier_files(), spread)


def whole_run(folder: Path) -> tuple[float, float, int]:
    """Seconds by the clock and of processors for the shipped file, and its exit status."""
    before, begun = os.times(), time.perf_counter()
    command = [sys.executable, "-I", "-S", str(folder / "kiem_chung.py"), str(folder / "goi.zip")]
    status = subprocess.run(command, stdout=subprocess.DEVNULL, check=False).returncode  # noqa: S603 - our own file
    taken, after = time.perf_counter() - begun, os.times()
    used = after.children_user + after.children_system - before.children_user - before.children_system
    return taken, used, status


def each_check(path: Path) -> dict[str, float]:
    """Seconds by the clock for reading the bundle and for every check, all in this one process."""
    gc.collect()
    gc.disable()
    begun = time.perf_counter()
    bundle = Bundle(read_files(path))
    found = {"(read)": time.perf_counter() - begun}
    begun = time.perf_counter()
    for check in checked(bundle):
        found[check.name] = time.perf_counter() - begun
        begun = time.perf_counter()
    gc.enable()
    return found


def main() -> None:
    """Medians of some runs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--attempts", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        bundle = made(asked.attempts).files
        (folder / "goi.zip").write_bytes(packed(bundle))
        (folder / "kiem_chung.py").write_bytes(bundle["kiem_chung.py"])
        checks = [each_check(folder / "goi.zip") for _ in range(asked.rounds)]
        runs = [whole_run(folder) for _ in range(asked.rounds)]
    print(f"{asked.attempts} attempts, {os.cpu_count()} processors, medians of {asked.rounds}")
    for check in ("(read)", *CHECKS):
        print(f"  {check:12} {statistics.median(one[check] for one in checks):6.3f} s")
    clock, used = (statistics.median(run[place] for run in runs) for place in (0, 1))
    print(f"the whole file: {clock:.2f} s by the clock, {used:.2f} s of processors, exit status {runs[0][2]}")


if __name__ == "__main__":
    main()
