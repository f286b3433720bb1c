"""What the processes write down of themselves: one line for each thing, as JSON for machines or as text for people.

No line holds personal data. Of a request only what `quiz.web.journal` names; of an error its kind and the places in the
code, not its words, for these quote what somebody typed. Nothing that somebody typed can begin a line or move a cursor.
"""

from __future__ import annotations

import json
import logging
import os
import sys
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO

VARIABLE = "QUIZ_LOG"
JSON, TEXT = "json", "text"
MOST_FRAMES = 25
MOST_WORDS = 300
SPEAKING = frozenset({AttributeError, ImportError, NameError, NotImplementedError, RuntimeError})
"""Errors whose words name parts of the program, never what was typed."""
_ROOT = f"{Path(__file__).resolve().parent.parent}{os.sep}"
_encode = json.JSONEncoder(ensure_ascii=False, default=str).encode
_LIBRARIES = f"site-packages{os.sep}"


def prepare(environment: Mapping[str, str], stream: TextIO = sys.stderr) -> None:
    """Send all lines of this process to `stream`; raises ValueError where QUIZ_LOG is wrong.

    JSON tells everything of ours; text, which is for whoever sits at a terminal, warnings and worse.
    """
    style = environment.get(VARIABLE) or (TEXT if stream.isatty() else JSON)
    if style not in {JSON, TEXT}:
        raise ValueError(f"{VARIABLE} must be {JSON} or {TEXT}, not {style!r}")
    logging.logThreads = logging.logMultiprocessing = False  # no line shows them, and asking costs each request
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonLines() if style == JSON else TextLines())
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    logging.getLogger("quiz").setLevel(logging.INFO if style == JSON else logging.WARNING)


class JsonLines(logging.Formatter):
    """One JSON object a line; `facts` of a record are fields of their own."""

    def format(self, record: logging.LogRecord) -> str:
        """The line of a record."""
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            "pid": record.process,
            **getattr(record, "facts", {}),
        }
        if record.exc_info and record.exc_info[1]:
            line["errors"] = [{"kind": kind, "trace": trace} for kind, trace in _causes(record.exc_info[1])]
        return escaped(_encode(line))


class TextLines(logging.Formatter):
    """A line for people, and below it where an error came from."""

    def format(self, record: logging.LogRecord) -> str:
        """The line of a record, and those of its error."""
        at = datetime.fromtimestamp(record.created, UTC).astimezone()
        facts = "".join(f" {name}={value}" for name, value in getattr(record, "facts", {}).items())
        lines = [f"{at:%H:%M:%S} {record.levelname} {record.name}: {record.getMessage()}{facts}"]
        if record.exc_info and record.exc_info[1]:
            for kind, trace in _causes(record.exc_info[1]):
                lines += [f"  {kind}", *(f"    {place}" for place in trace)]
        return "\n".join(map(escaped, lines))


def escaped(text: str) -> str:
    """The text without a character that ends a line, moves a cursor or turns the direction of writing."""
    if text.isprintable():
        return text
    return "".join(letter if letter.isprintable() else json.dumps(letter)[1:-1] for letter in text)


def _causes(error: BaseException) -> Iterator[tuple[str, list[str]]]:
    """The error and those that led to it, the last first: what kind each is, and through which places it came."""
    seen: set[int] = set()
    current: BaseException | None = error
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        yield _kind(current), _trace(current)
        current = current.__cause__ or (None if current.__suppress_context__ else current.__context__)


def _kind(error: BaseException) -> str:
    name = f"{type(error).__module__}.{type(error).__qualname__}".removeprefix("builtins.")
    words = " ".join(filter(None, _told(error)))[:MOST_WORDS]
    return f"{name}: {words}" if words else name


def _told(error: BaseException) -> Iterator[str]:
    """What can be told of an error without quoting anybody: codes, and names of constraints."""
    if type(error) in SPEAKING:
        yield str(error)
    if isinstance(error, OSError) and error.strerror:
        yield f"[Errno {error.errno}] {error.strerror}"
    yield str(getattr(error, "sqlite_errorname", ""))
    diagnosis = getattr(error, "diag", None)
    if diagnosis is not None:
        yield str(diagnosis.sqlstate or "")
        yield str(diagnosis.constraint_name or "")
        if diagnosis.sqlstate is None and type(error).__name__ == "OperationalError":
            yield str(error)  # the client's own words, about the connection


def _trace(error: BaseException) -> list[str]:
    places = []
    trace = error.__traceback__
    while trace is not None:
        code = trace.tb_frame.f_code
        places.append(f"{_short(code.co_filename)}:{trace.tb_lineno} {code.co_name}")
        trace = trace.tb_next
    return places[-MOST_FRAMES:]


def _short(path: str) -> str:
    return path.rpartition(_LIBRARIES)[2].removeprefix(_ROOT)
