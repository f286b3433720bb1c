"""A file is read in a process of its own, which has only so much memory and time."""

from __future__ import annotations

import resource
import subprocess
import sys

import pytest

from quiz.questions.formats import child, reading, report
from quiz.questions.formats.report import Report

GREEDY = """
import resource, sys
from quiz.questions.formats import child
child.MOST_MEGABYTES, child.MOST_SECONDS = 400, 1
child.bound()
{greed}
"""


def run(*command: str, data: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([sys.executable, *command], input=data, capture_output=True, timeout=60, check=False)


def test_the_report_is_what_the_child_says() -> None:
    done = run("-m", "quiz.questions.formats.child", "a.gift", data="Hỏi gì? {=a ~b ~c ~d}".encode())
    assert report.load(done.stdout.decode()).questions[0].wording.text == "Hỏi gì?"
    done = run("-m", "quiz.questions.formats.child", "a.gift", data=b"%PDF-1.7")
    assert str(report.load(done.stdout.decode()).why).startswith("Không nhận tệp PDF")


def test_memory_and_time_are_bounded() -> None:
    assert b"MemoryError" in run("-c", GREEDY.format(greed="b'a' * 2_000_000_000")).stderr
    assert run("-c", GREEDY.format(greed="while True: pass")).returncode < 0
    assert resource.getrlimit(resource.RLIMIT_AS)[0] == resource.RLIM_INFINITY


def test_what_ended_the_child_decides_what_is_said() -> None:
    assert str(child.after_death(-9).why).startswith("Đọc tệp này mất quá nhiều")
    assert str(child.after_death(1).why).startswith("Phần mềm gặp lỗi")


def test_a_reader_without_memory_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def greedy(_name: str, _data: bytes) -> Report:
        raise MemoryError

    monkeypatch.setattr(reading, "read_questions", greedy)
    assert "mất quá nhiều bộ nhớ" in str(child.read("a.gift", b"").why)
