"""The log: one line for each thing whatever stands in it, and of an error its kind and place, never its words."""

from __future__ import annotations

import io
import json
import logging
import sqlite3
from collections.abc import Iterator

import pytest

from quiz import logs

HOSTILE = "name\r\n2026 ERROR forged\x1b[2J\x9b31m\x00\u2028\u202e\x7f\t\x85end"


class Terminal(io.StringIO):
    """A stream that says it is one."""

    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    """Gives the root logger back what pytest hung there."""
    root, ours = logging.getLogger(), logging.getLogger("quiz")
    handlers, levels = root.handlers[:], (root.level, ours.level)
    root.handlers = []
    yield
    root.handlers = handlers
    root.setLevel(levels[0])
    ours.setLevel(levels[1])


def written(environment: dict[str, str], stream: io.StringIO | None = None) -> str:
    """What is written of an information, a warning of a library and an error of ours."""
    out = stream if stream is not None else io.StringIO()
    logs.prepare(environment, out)
    logging.getLogger("quiz.jobs").info("begun")
    logging.getLogger("fontTools.subset").info("glyphs kept")
    logging.getLogger("library").warning("look")
    logging.getLogger("quiz.jobs").error("failed")
    return out.getvalue()


def test_a_terminal_hears_warnings_and_a_machine_everything_of_ours() -> None:
    at_terminal = written({}, Terminal())
    assert [line.split(" ", 1)[1] for line in at_terminal.splitlines()] == [
        "WARNING library: look",
        "ERROR quiz.jobs: failed",
    ]
    for environment, stream in (({}, io.StringIO()), ({"QUIZ_LOG": "json"}, Terminal())):
        lines = [json.loads(line) for line in written(environment, stream).splitlines()]
        assert [(line["logger"], line["message"]) for line in lines] == [
            ("quiz.jobs", "begun"),
            ("library", "look"),
            ("quiz.jobs", "failed"),
        ]
    assert written({"QUIZ_LOG": "text"}) != ""
    with pytest.raises(ValueError, match=r"^QUIZ_LOG must be json or text, not 'loud'$"):
        logs.prepare({"QUIZ_LOG": "loud"})


@pytest.mark.parametrize("style", ["json", "text"])
def test_nothing_that_was_typed_begins_a_line_or_moves_the_cursor(style: str) -> None:
    out = io.StringIO()
    logs.prepare({"QUIZ_LOG": style}, out)
    logging.getLogger("quiz").error("from %s", HOSTILE, extra={"facts": {"who": HOSTILE}})
    line = out.getvalue()
    assert line.endswith("\n")
    assert line[:-1].isprintable()
    assert line.count("forged") == 2
    if style == "json":
        assert json.loads(line)["who"] == HOSTILE


def test_vietnamese_stays_readable() -> None:
    assert logs.escaped("Đã lưu: Nguyễn Thị Ở – “câu 1”") == "Đã lưu: Nguyễn Thị Ở – “câu 1”"


@pytest.mark.parametrize("style", ["json", "text"])
def test_of_an_error_kind_and_place_are_told_and_no_words(style: str) -> None:
    out = io.StringIO()
    logs.prepare({"QUIZ_LOG": style}, out)
    try:
        try:
            connection = sqlite3.connect(":memory:")
            connection.execute("CREATE TABLE t (x UNIQUE)")
            connection.executemany("INSERT INTO t VALUES (?)", [("canary-row",)] * 2)
        except sqlite3.Error as error:
            connection.close()
            raise ValueError("canary-words") from error
    except ValueError:
        logging.getLogger("quiz").exception("broken")
    told = out.getvalue()
    assert "canary" not in told
    assert "sqlite3.IntegrityError: SQLITE_CONSTRAINT_UNIQUE" in told
    assert "ValueError" in told
    assert "tests/test_logs.py:" in told
    assert "test_of_an_error_kind_and_place_are_told_and_no_words" in told


def test_errors_of_the_system_and_of_the_program_tell_what_they_are() -> None:
    out = io.StringIO()
    logs.prepare({"QUIZ_LOG": "json"}, out)
    for error in (FileNotFoundError(2, "No such file", "canary.txt"), RuntimeError("no luck"), KeyError("canary")):
        try:
            raise error
        except Exception:
            logging.getLogger("quiz").exception("broken")
    kinds = [json.loads(line)["errors"][0]["kind"] for line in out.getvalue().splitlines()]
    assert kinds == ["FileNotFoundError: [Errno 2] No such file", "RuntimeError: no luck", "KeyError"]
