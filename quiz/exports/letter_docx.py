"""An official document: values filled into a template that the office may have edited in Word.

Run as a program it does so in a process of its own, with little memory and time: whatever a template does, it ends
there. It reads and writes JSON: template and values in, the file or the code of a refusal out.
"""

from __future__ import annotations

import base64
import difflib
import io
import json
import re
import resource
import sys
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from quiz.errors import Refused
from quiz.exports.letters import Values

SECONDS = 10
MEMORY = 1024**3
MOST_BYTES = 10 * 1024**2
"""How large a finished document may be."""


def filled(template: bytes, values: Values) -> bytes:
    """The document; raises Refused: template_unknown_names, template_broken, template_unsafe, template_heavy."""
    from docxtpl import DocxTemplate
    from jinja2 import StrictUndefined, TemplateSyntaxError, UndefinedError
    from jinja2.exceptions import SecurityError
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    made = DocxTemplate(io.BytesIO(template))
    sandbox = ImmutableSandboxedEnvironment(autoescape=True, undefined=StrictUndefined)
    try:
        _check_names(made.get_undeclared_template_variables(sandbox), values)
        made.render(values, sandbox)
    except TemplateSyntaxError as fault:
        raise Refused("template_broken", fault=str(fault.message)) from fault
    except SecurityError as fault:
        raise Refused("template_unsafe") from fault
    except UndefinedError as fault:
        raise _unknown(re.findall(r"'(\w+)'", str(fault.message))[-1:], values) from fault
    except (TypeError, ValueError, ArithmeticError) as fault:
        raise Refused("template_broken", fault=str(fault)[:200]) from fault
    out = io.BytesIO()
    made.save(out)
    if out.tell() > MOST_BYTES:
        raise Refused("template_heavy")
    return out.getvalue()


def _check_names(asked: set[str], values: Values) -> None:
    unknown = sorted(asked - set(values))
    if unknown:
        raise _unknown(unknown, values)


def _unknown(names: Sequence[str], values: Values) -> Refused:
    """Names that nobody knows, each with the nearest that there is."""
    known = sorted(set(_names(values)))
    nearest = {name: difflib.get_close_matches(name, known, 1, 0.5) for name in names}
    words = (f"{name} (gần nhất: {near[0]})" if near else name for name, near in nearest.items())
    return Refused("template_unknown_names", names=", ".join(words))


def _names(values: object) -> Iterator[str]:
    """Every name that a template can use, those of the rows of lists too."""
    if isinstance(values, Mapping):
        yield from values
        for each in values.values():
            yield from _names(each)
    elif isinstance(values, list):
        for each in values:
            yield from _names(each)


def _answer(asked: Any) -> dict[str, object]:
    from quiz.exports.letter_safety import check

    try:
        template = base64.b64decode(asked["template"])
        check(template)
        return {"documents": [base64.b64encode(filled(template, values)).decode() for values in asked["values"]]}
    except Refused as refusal:
        return {"refused": refusal.code, "facts": refusal.facts}
    except (MemoryError, RecursionError):
        return {"refused": "template_heavy", "facts": {}}


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    json.dump(_answer(json.load(sys.stdin)), sys.stdout)
