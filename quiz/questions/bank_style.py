"""How a question is written down in a bank file: its fields in the usual order, wrapped, quoted only where needed."""

from __future__ import annotations

import json
import re

import yaml

from quiz.questions.bank import LETTERS
from quiz.questions.bank_file import NOT_TEXT
from quiz.questions.wording import Wording, tidied
from quiz.yaml_text import Data

WIDTH = 120
ORDER = (
    *("id", "topic", "level", "text", "options", "key", "explanation"),
    *("document", "article", "valid_from", "valid_until", "facts"),
)


class _Dumper(yaml.SafeDumper):
    """Lists on one line, and never a reference to what stands elsewhere."""

    def ignore_aliases(self, _data: object) -> bool:
        return True


_Dumper.add_representer(
    list, lambda dumper, items: dumper.represent_sequence("tag:yaml.org,2002:seq", items, flow_style=True)
)


def fields_of(wording: Wording) -> dict[str, Data]:
    """What the file says of a question, field by field; an empty field is left out."""
    said = tidied(wording)
    key: Data = said.key if len(said.key) == 1 else list(said.key)
    values: dict[str, Data] = {name: getattr(said, name) for name in ORDER if isinstance(getattr(said, name), str)}
    values |= {"options": dict(zip(LETTERS, said.options, strict=True)), "key": key, "facts": list(said.facts)}
    return {name: values[name] for name in ORDER if values[name]}


def as_block(fields: dict[str, Data], column: int, newline: str) -> str:
    """All fields, each on lines of its own from this column on; the first line is not indented."""
    return (newline + " " * column).join(as_field(name, value, column, newline) for name, value in fields.items())


def as_field(name: str, value: Data, column: int, newline: str) -> str:
    """One field from this column on; the first line is not indented."""
    if name in NOT_TEXT and isinstance(value, str) and re.fullmatch(r"[0-9-]+", value):
        return f"{name}: {value}"
    width = WIDTH - column
    dumped = yaml.dump({name: value}, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=width)
    return (newline + " " * column).join(dumped.rstrip("\n").split("\n"))


def as_flow(fields: dict[str, Data]) -> str:
    """All fields on one line, as JSON, for files that are written so."""
    return json.dumps(fields, ensure_ascii=False)
