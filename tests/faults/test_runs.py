"""Every fault run, a few seconds each, at other moments each time; the long ones are commands (`docs/faults.md`)."""

from __future__ import annotations

import subprocess
import sys

import pytest

from faults.catalogue import RUNS
from quiz.config import ROOT

PATIENCE = 600


@pytest.mark.faults
@pytest.mark.parametrize(("name", "on"), [(name, on) for name, run in RUNS.items() for on in run.briefly])
def test_nothing_that_was_acknowledged_is_lost_or_done_twice(name: str, on: str) -> None:
    command = [sys.executable, "-m", "faults", name, "--short", "--database", on]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE, check=False)
    if "SKIPPED" in done.stdout:
        pytest.skip(done.stdout.partition("SKIPPED: ")[2].strip())
    assert done.returncode == 0, done.stdout + done.stderr[-2000:]
