"""Fills templates in a process of its own, which holds no secrets and ends where it takes too long."""

from __future__ import annotations

import base64
import json
import subprocess
import sys
from collections.abc import Sequence

from quiz.config import ROOT
from quiz.errors import Refused
from quiz.exports.letters import Values, plain

MOST_SECONDS = 30
"""By the clock; the process itself allows less of the processor."""

_COMMAND = (sys.executable, "-B", "-m", "quiz.exports.letter_docx")


def press(template: bytes, values: Sequence[Values]) -> tuple[bytes, ...]:
    """One document for each set of values; raises Refused with one of the codes template_…"""
    asked = {"template": base64.b64encode(template).decode(), "values": [plain(each) for each in values]}
    try:
        done = subprocess.run(  # noqa: S603 (our own module)
            _COMMAND,
            input=json.dumps(asked).encode(),
            capture_output=True,
            timeout=MOST_SECONDS,
            cwd=ROOT,
            env={"LC_ALL": "C.UTF-8"},
            check=False,
        )
    except subprocess.TimeoutExpired as late:
        raise Refused("template_heavy") from late
    if done.returncode:
        raise Refused("template_heavy")
    answer = json.loads(done.stdout)
    if "refused" in answer:
        raise Refused(answer["refused"], **answer["facts"])
    return tuple(base64.b64decode(each) for each in answer["documents"])
