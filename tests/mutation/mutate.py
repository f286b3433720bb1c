"""Puts small faults into the pure rules, one at a time, and counts which of them the tests notice.

    python -m venv /tmp/mutation && /tmp/mutation/bin/pip install -r requirements-dev.txt
    /tmp/mutation/bin/pip install cosmic-ray==8.7.0
    nice /tmp/mutation/bin/python tests/mutation/mutate.py quiz/scoring/prizes.py [--most 100] [--seed 1]

The faults are those of cosmic-ray: an operator, a comparison or a number replaced by another, a condition negated, a
decorator removed, a loop that never runs. No file is changed: each fault is planted in a forked process that has not
loaded the product yet, which then runs the tests. A fault that no test notices is printed as a difference, for a person
to read whether it changes anything. `docs/mutation.md` holds what was found. It is not part of `make test`.
"""

from __future__ import annotations

import argparse
import ast
import difflib
import importlib.util
import os
import random
import resource
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

import flask_sqlalchemy  # noqa: F401 (these are loaded once, not once for each fault)
import pydantic  # noqa: F401
import pytest
import yaml  # noqa: F401
from cosmic_ray.ast import ast_nodes, get_ast
from cosmic_ray.mutating import MutationVisitor
from cosmic_ray.plugins import get_operator, operator_names
from hypothesis import Phase, settings

ROOT = Path(__file__).resolve().parents[2]
READERS = ("tests/contest/test_schedule_files.py", "tests/contest/test_schedule_faults.py")
LONG = ("tests/contest/test_random_files.py", "tests/scoring/test_properties.py")
SURVIVED, KILLED, NO_FAULT = range(3)
SECONDS, BYTES = 12, 2**31
IDENTITY = ("_Is_Eq", "_IsNot_NotEq", "_Eq_Is", "_NotEq_IsNot")  # a question to the interpreter, not to a rule

Fault = tuple[str, int]  # the name of an operator, and which of the places where it fits


def faults_of(text: str) -> list[Fault]:
    """Every fault that can be put into this text, in a fixed order."""
    nodes, names = list(ast_nodes(get_ast(text))), [n for n in sorted(operator_names()) if not n.endswith(IDENTITY)]
    operators = {name: get_operator(name)() for name in names if not get_operator(name).arguments()}
    places = {name: sum(len([*one.mutation_positions(node)]) for node in nodes) for name, one in operators.items()}
    return [(name, place) for name, count in places.items() for place in range(count)]


def faulty(text: str, fault: Fault) -> str:
    name, place = fault
    return str(MutationVisitor(place, get_operator(name)()).walk(get_ast(text)).get_code())


def meaning(text: str) -> str:
    """What a text decides: not the annotations, except those of the forms of pydantic, nor how values are kept."""
    tree = ast.parse(text)
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "dataclass":
            node.keywords = []
        if "pydantic" not in text or not isinstance(node, ast.AnnAssign):
            for name in {"annotation", "returns"} & set(node._fields):
                setattr(node, name, None)
    return ast.dump(tree)


def plant(file: str, text: str) -> None:
    """Load this text as the module of the file, for whoever imports it from now on."""
    name = file.removesuffix(".py").replace("/", ".")
    spec: Any = importlib.util.spec_from_file_location(name, ROOT / file)
    module = importlib.util.module_from_spec(spec)
    setattr(importlib.import_module(name.rpartition(".")[0]), name.rpartition(".")[2], module)
    sys.modules[name] = module
    exec(compile(text, str(ROOT / file), "exec"), module.__dict__)


def tests_of(file: str) -> list[list[str]]:
    """The mirrored tests, and the others of the subject with the contests of the past; not those that play for long."""
    subject, module = Path(file).parts[-2:]
    known = [str(test.relative_to(ROOT)) for test in sorted((ROOT / "tests" / subject).glob("test_*.py"))]
    mirrored = f"tests/{subject}/test_{module}"
    first = [mirrored] if mirrored in known else list(READERS)
    return [first, [*(test for test in known if test not in (*first, *LONG)), "tests/rule_books/test_rule_books.py"]]


def fate(file: str, text: str, fault: Fault | None, stages: list[list[str]]) -> int:
    """Run the tests on a faulty module in a process of its own."""
    if child := os.fork():
        ended = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        return ended if ended in (SURVIVED, NO_FAULT) else KILLED
    try:
        changed = faulty(text, fault) if fault else text
        if fault and meaning(changed) == meaning(text):
            os._exit(NO_FAULT)
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
        resource.setrlimit(resource.RLIMIT_AS, (BYTES, BYTES))
        for stream in (1, 2):
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream)
        plant(file, changed)
        options = ["-x", "--noconftest", "-p", "no:cacheprovider", "--tb=no", "--assert=plain"]
        os._exit(KILLED if any(pytest.main([*options, *tests]) for tests in stages) else SURVIVED)
    except SyntaxError:
        os._exit(NO_FAULT)
    finally:
        os._exit(KILLED)


def measure(file: str, faults: list[Fault], most: int | None) -> None:
    """Print the faults that survive, and how many there were."""
    text, began, tests = Path(file).read_text("utf-8"), time.monotonic(), tests_of(file)
    if fate(file, text, None, tests) != SURVIVED:
        sys.exit(f"{file}: the tests fail already without a fault")
    counted: Counter[int] = Counter()
    for fault in faults:
        if most and counted[KILLED] + counted[SURVIVED] >= most:
            break
        ended = fate(file, text, fault, tests)
        counted[ended] += 1
        if ended == SURVIVED:
            lines = difflib.unified_diff(text.splitlines(), faulty(text, fault).splitlines(), lineterm="", n=0)
            print(file, *fault, *list(lines)[2:], sep="\n", flush=True)
    spent = time.monotonic() - began
    print(f"{file}: {counted[KILLED]} of {counted[KILLED] + counted[SURVIVED]} killed, {spent:.0f} s", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("files", nargs="+")
    parser.add_argument("--most", type=int, help="no more faults than these in a module, drawn by the seed")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    os.chdir(ROOT)
    sys.path.insert(0, str(ROOT))
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    at_once = (Phase.explicit, Phase.generate)
    settings.register_profile("quick", deadline=None, derandomize=True, max_examples=20, phases=at_once)
    settings.load_profile("quick")
    for file in asked.files:
        faults = faults_of(Path(file).read_text("utf-8"))
        random.Random(asked.seed).shuffle(faults)
        measure(file, faults, asked.most)


if __name__ == "__main__":
    main()
