"""Reads one file of strangers in a process of its own: `python -m quiz.questions.formats.child NAME < FILE`.

The process bounds its memory and its work before it looks at the file, so that whatever the file does to it, nothing
else suffers. The report goes to the standard output as JSON.
"""

from __future__ import annotations

import resource
import sys

from quiz.questions.formats import report
from quiz.questions.formats.imported import RefusedFile

MOST_MEGABYTES = 1024
MOST_SECONDS = 20


def main() -> None:
    """Read the file, say what was found."""
    bound()
    name, data = sys.argv[1], sys.stdin.buffer.read()
    sys.stdout.buffer.write(report.dump(read(name, data)).encode())


def bound() -> None:
    """Let this process have so much and no more."""
    memory = MOST_MEGABYTES * 1024**2
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def read(name: str, data: bytes) -> report.Report:
    """What the file says, or why nothing of it can be read."""
    from quiz.questions.formats.reading import read_questions

    try:
        return report.of_imported(read_questions(name, data))
    except MemoryError:
        return report.of_refusal(RefusedFile("too_heavy"))
    except RefusedFile as no:
        return report.of_refusal(no)


def after_death(code: int) -> report.Report:
    """What is said of a file whose reading ended with this code: killed at a limit, or fallen over a fault of ours."""
    return report.of_refusal(RefusedFile("too_heavy" if code < 0 else "unreadable"))


if __name__ == "__main__":
    main()
