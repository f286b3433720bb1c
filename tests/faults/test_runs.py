"""Every fault run, a few seconds each, at other moments each time; the long ones are commands (`docs/faults.md`)."""

from __future__ import annotations

import subprocess
import sys

import pytest

from faults.catalogue import BRIEFLY, RUNS
from quiz.config import ROOT

PATIENCE = 600
PROGRAMMES = (
    ("postgresql", "workers together"),
    ("postgresql", "schedulers clocks"),
    ("postgresql", "power disk-full"),
    ("sqlite", "power disk-full unattended mail-silent"),
)
"""Runs in one process, which takes longer to start than some of them."""
TOGETHER = {"postmaster", "outage", "bursts", "lost-answers"}


@pytest.mark.faults
@pytest.mark.parametrize(("on", "names"), PROGRAMMES)
def test_nothing_that_was_acknowledged_is_lost_or_done_twice(on: str, names: str) -> None:
    command = [sys.executable, "-m", "faults", *names.split(), "--short", "--database", on]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE, check=False)
    assert done.returncode == 0, done.stdout + done.stderr[-2000:]
    if "SKIPPED" in done.stdout:
        pytest.skip(done.stdout.partition("SKIPPED: ")[2].partition("\n")[0])


def test_every_run_is_carried_out_briefly() -> None:
    carried_out = {name for _, names in PROGRAMMES for name in names.split()}
    assert carried_out - BRIEFLY.keys() | TOGETHER == RUNS.keys()
