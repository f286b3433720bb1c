"""The rules of the house, kept by machine: what may import what, where time, chance and commits may be, and sizes."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest

from quiz.config import ROOT

MODULES = [str(path.relative_to(ROOT)) for path in sorted((ROOT / "quiz").rglob("*.py"))]
TEMPLATES = {
    str(path.relative_to(ROOT)): path.read_text("utf-8") for path in sorted((ROOT / "templates").rglob("*.html"))
}
LONGEST_MODULE, LONGEST_FUNCTION = 300, 40
PURE = ("quiz/questions/", "quiz/scoring/", "quiz/contest/", "quiz/personal_data/")
TESTED_WITH = {
    # parts of a file reader, which have no other caller, are tested through it
    "tests/questions/test_bank_faults.py": "tests/questions/test_bank_file.py",
    "tests/questions/test_file_forms.py": "tests/questions/test_bank_file.py",
    "tests/contest/test_schedule_words.py": "tests/contest/test_schedule_files.py",
    "tests/contest/test_schedule_forms.py": "tests/contest/test_schedule_files.py",
    "tests/contest/test_schedule_award_forms.py": "tests/contest/test_schedule_files.py",
    "tests/contest/test_schedule_places.py": "tests/contest/test_schedule_faults.py",
    "tests/contest/test_schedule_week_faults.py": "tests/contest/test_schedule_faults.py",
    "tests/contest/test_schedule_paper_faults.py": "tests/contest/test_schedule_faults.py",
    "tests/contest/test_schedule_ranking_faults.py": "tests/contest/test_schedule_faults.py",
    "tests/contest/test_schedule_award_faults.py": "tests/contest/test_schedule_faults.py",
    "tests/personal_data/test_not_personal.py": "tests/personal_data/test_holdings.py",
}
TIME = {f"{name}.{call}" for name in ("datetime", "datetime.datetime") for call in ("now", "utcnow", "today")} | {
    "date.today",
    "datetime.date.today",
    "time.time",
    "time.time_ns",
    "time.localtime",
    "time.gmtime",
    "func.now",
    "func.current_timestamp",
}

Found = Iterator[tuple[int, str]]


@cache
def parsed(file: str) -> ast.Module:
    """A module of the product as a tree."""
    return ast.parse((ROOT / file).read_text("utf-8"))


def places(find: Callable[[ast.Module], Found], allowed: tuple[str, ...] = ()) -> list[str]:
    """Where something stands in the product, outside the files and folders allowed."""
    return [
        f"{file}:{line} {what}" for file in MODULES if not file.startswith(allowed) for line, what in find(parsed(file))
    ]


def imports(tree: ast.AST) -> Found:
    """Line and module of every import, wherever it stands."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.lineno, node.module or "."


def imports_of(*names: str) -> Callable[[ast.Module], Found]:
    return lambda tree: ((line, name) for line, name in imports(tree) if name.partition(".")[0] in names)


def calls(tree: ast.AST) -> Found:
    """Line and written name of every call."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield node.lineno, ast.unparse(node.func)


def calls_ending_in(*names: str) -> Callable[[ast.Module], Found]:
    return lambda tree: ((line, name) for line, name in calls(tree) if name.rpartition(".")[2] in names)


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


# What may import what


def test_every_contract_of_imports_is_kept() -> None:
    tool = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([tool, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, re.findall(r"^(.*) BROKEN", done.stdout, re.MULTILINE)) == (0, []), done.stdout


def test_imports_are_absolute() -> None:
    assert (
        places(
            lambda tree: (
                (node.lineno, ast.unparse(node))
                for node in ast.walk(tree)
                if isinstance(node, ast.ImportFrom) and node.level
            )
        )
        == []
    )


def test_random_is_nowhere() -> None:
    assert places(imports_of("random")) == []


def test_pandas_is_loaded_only_inside_functions_of_services_and_exports() -> None:
    assert places(imports_of("pandas", "numpy"), allowed=("quiz/services/", "quiz/exports/")) == []

    def outside_functions(tree: ast.Module) -> Found:
        inside = {line for function in functions(tree) for line, _ in imports(function)}
        return ((line, name) for line, name in imports_of("pandas", "numpy")(tree) if line not in inside)

    assert places(outside_functions) == []


# Time, commits, aborts


def test_only_the_clock_reads_the_time() -> None:
    assert places(lambda tree: (found for found in calls(tree) if found[1] in TIME), allowed=("quiz/clock.py",)) == []


def test_time_is_not_imported_under_a_bare_name() -> None:
    """`from time import time` would pass unseen by the test above."""
    bare = {"time", "time_ns", "localtime", "gmtime"}
    found = places(
        lambda tree: (
            (node.lineno, alias.name)
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom) and node.module == "time"
            for alias in node.names
            if alias.name in bare
        )
    )
    assert found == []


def test_only_a_transaction_commits() -> None:
    assert places(calls_ending_in("commit"), allowed=("quiz/services/__init__.py",)) == []


def test_only_pages_abort() -> None:
    assert places(calls_ending_in("abort"), allowed=("quiz/web/",)) == []


# Form and size


@pytest.mark.parametrize("file", MODULES)
def test_a_module_says_what_it_is_for(file: str) -> None:
    assert (ast.get_docstring(parsed(file)) or "").strip()


@pytest.mark.parametrize("file", MODULES)
def test_a_module_is_no_longer_than_it_can_be_read_at_once(file: str) -> None:
    assert len((ROOT / file).read_text("utf-8").splitlines()) <= LONGEST_MODULE


def test_functions_are_no_longer_than_a_screen() -> None:
    found = places(
        lambda tree: (
            (function.lineno, function.name)
            for function in functions(tree)
            if (function.end_lineno or 0) - function.lineno + 1 > LONGEST_FUNCTION
        )
    )
    assert found == []


def test_every_pure_module_has_its_tests() -> None:
    wanted = [
        f"tests/{Path(file).parent.relative_to('quiz')}/test_{Path(file).name}"
        for file in MODULES
        if file.startswith(PURE) and Path(file).name != "__init__.py"
    ]
    assert len(wanted) > 10
    assert [file for file in wanted if not (ROOT / TESTED_WITH.get(file, file)).is_file()] == []


# Templates


@pytest.mark.parametrize(
    ("what", "pattern"),
    [
        ("unescaped text", r"\|\s*safe\b|\{%-?\s*autoescape\s+false"),
        ("inline style", r"<style\b|\sstyle\s*="),
        ("inline script", r"<script\b(?![^>]*\bsrc=)|\son[a-z]+\s*=\s*[\"']|=\s*[\"']javascript:"),
    ],
)
def test_templates_hold_nothing_unsafe(what: str, pattern: str) -> None:
    assert len(TEMPLATES) > 10
    found = {file: match[0] for file, text in TEMPLATES.items() if (match := re.search(pattern, text, re.IGNORECASE))}
    assert found == {}, what


# What is loaded


def loaded(module: str, *unwanted: str) -> list[str]:
    """Which of the unwanted modules a fresh interpreter holds after importing this one."""
    script = f"import sys, {module}; print(*sorted(set({unwanted!r}) & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    return done.stdout.split()


@pytest.mark.parametrize(
    "module",
    [
        "quiz.questions.paper",
        "quiz.scoring.marking",
        "quiz.scoring.ranking",
        "quiz.scoring.prizes",
        "quiz.scoring.participation",
        "quiz.contest.attempt_rules",
        "quiz.contest.entry_rules",
        "quiz.contest.schedule",
        "quiz.contest.rule_book",
    ],
)
def test_rules_load_nothing_but_the_standard_library(module: str) -> None:
    assert loaded(module, "flask", "sqlalchemy", "yaml", "pydantic", "pandas", "babel", "random", "secrets") == []


def test_web_process_loads_no_pandas_and_no_scheduler() -> None:
    assert loaded("quiz.app", "pandas", "numpy", "apscheduler", "xlsxwriter") == []


@pytest.mark.parametrize("module", ["quiz.app", "quiz.cli"])
def test_web_process_cannot_open_sealed_answers(module: str) -> None:
    """`wsgi` loads these two, and nothing else of the product."""
    assert loaded(module, "cryptography", "quiz.key_file") == []


def test_web_process_loads_nothing_that_makes_documents() -> None:
    assert loaded("quiz.app", "fpdf", "fontTools", "PIL", "docx", "docxtpl", "lxml", "xlsxwriter") == []
