"""A foreign file read in a child process, which may die of it: the worker goes on."""

from __future__ import annotations

import logging
import signal
import subprocess
import sys

from quiz.config import ROOT
from quiz.questions.formats import child, report
from quiz.questions.formats.report import Report

PATIENCE_SECONDS = 60
"""How long a file may take by the clock; the child itself gives up by what it has worked."""

log = logging.getLogger("quiz.question_imports")


def read(name: str, content: bytes) -> Report:
    """What the file says; a file that ends the child, or keeps it too long, is refused."""
    command = [sys.executable, "-m", "quiz.questions.formats.child", name]
    try:
        done = subprocess.run(  # noqa: S603 (our own program; the name is one argument)
            command, input=content, capture_output=True, timeout=PATIENCE_SECONDS, cwd=ROOT, env={}, check=True
        )
    except subprocess.TimeoutExpired:
        log.warning("a file of questions took longer than %s seconds", PATIENCE_SECONDS)
        return child.after_death(-signal.SIGKILL)
    except subprocess.CalledProcessError as error:
        kind = error.stderr.decode(errors="replace").strip().rpartition("\n")[2].partition(":")[0]
        log.warning("a file of questions could not be read: %s (%s)", kind or "no word", error.returncode)
        return child.after_death(error.returncode)
    return report.load(done.stdout.decode())
