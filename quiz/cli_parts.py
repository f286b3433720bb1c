"""What the commands of the console share."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from quiz.errors import Refused
from quiz.services import Actor
from quiz.yaml_text import FaultyFile

CONSOLE = Actor(None)
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
