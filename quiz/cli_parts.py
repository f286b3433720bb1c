"""What the commands of the console share."""

from __future__ import annotations

import os
import pwd
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from quiz.errors import Refused
from quiz.services import Actor
from quiz.yaml_text import FaultyFile


def _account() -> str:
    """The account of the server that somebody signed in with, also behind sudo; its number where it has no name."""
    try:
        return os.getlogin()
    except OSError:
        pass
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return str(os.getuid())


CONSOLE = Actor(None, console=f"console:{_account()}"[:80])
READABLE = click.Path(exists=True, dir_okay=False, path_type=Path)


@contextmanager
def refusals_in_words(file: Path | None = None) -> Iterator[None]:
    """A rule that says no, or a faulty file with every fault at its line, ends the command with words."""
    try:
        yield
    except Refused as refusal:
        raise click.ClickException(str(refusal)) from refusal
    except FaultyFile as faulty:
        for fault in faulty.faults:
            click.echo(f"{file}: {fault}", err=True)
        raise click.ClickException(f"{file}: {len(faulty.faults)} lỗi, chưa nạp gì.") from faulty
