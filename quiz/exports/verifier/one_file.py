"""The first verifier as one file: the modules that really mark, rank and award, word for word, and a few lines that
load them. It needs Python 3.11 or later, and nothing else.
"""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

import quiz

NAME = "kiem_chung.py"
MAIN = "quiz.verification.main"
ROOT = Path(quiz.__file__).parent.parent

HEAD = '''#!/usr/bin/env python3
"""Kiểm chứng kết quả một tuần thi: python3 {name} ket-qua-tuan-N.zip

Tệp này tự rút lại đề, chấm lại, xếp hạng lại, trao giải lại và kiểm tra chuỗi niêm phong, không cần mạng, không cần cài
thêm gì ngoài Python 3.11 trở lên. Phần SOURCES là nguyên văn các mô-đun mà hệ thống dùng để chấm và xếp hạng thật.

Checks the results of one week: draws, marks, ranks and awards anew. SOURCES holds, word for word, the modules that
really decide. The protocol: docs/verification.md.
"""

import importlib.machinery
import sys
import zoneinfo
from datetime import timedelta, timezone

if sys.version_info < (3, 11):
    sys.exit("Cần Python 3.11 trở lên. / Python 3.11 or later is needed.")
for stream in (sys.stdout, sys.stderr):
    stream.reconfigure(encoding="utf-8", errors="replace")
try:
    zoneinfo.ZoneInfo("Asia/Ho_Chi_Minh")
except zoneinfo.ZoneInfoNotFoundError:  # no time zones on this machine; none is needed but that of Hà Nội
    zoneinfo.ZoneInfo = lambda _name: timezone(timedelta(hours=7))

SOURCES = {{}}
'''

TAIL = '''

class Held:
    """Finds and loads the modules of this file."""

    @staticmethod
    def find_spec(name, _path=None, _target=None):
        is_package = any(other.startswith(name + ".") for other in SOURCES)
        return importlib.machinery.ModuleSpec(name, Held, is_package=is_package) if name in SOURCES else None

    @staticmethod
    def create_module(_spec):
        return None

    @staticmethod
    def exec_module(module):
        exec(compile(SOURCES[module.__name__], module.__name__, "exec"), module.__dict__)

    @staticmethod
    def get_source(name):
        return SOURCES[name]


sys.meta_path.insert(0, Held)  # also in the processes that the first one starts
if __name__ == "__main__":
    from quiz.verification.main import run

    run()
'''


@cache
def verifier() -> bytes:
    """The file. Raises ValueError where a module could not stand in it word for word."""
    parts = [HEAD.format(name=NAME)]
    for name, source in sorted(_modules().items()):
        if "'''" in source:
            raise ValueError(f"{name} cannot stand in a raw text")
        parts.append(f"SOURCES[{name!r}] = r'''{source}'''\n")
    return "\n".join([*parts, TAIL]).encode()


def _modules() -> dict[str, str]:
    """The sources of the verifier's modules and of all that they import of ours, by name."""
    found: dict[str, str] = {}
    waiting = [MAIN]
    while waiting:
        name = waiting.pop()
        if name in found or not (path := _path(name)):
            continue
        found[name] = path.read_text(encoding="utf-8")
        waiting += [name.rpartition(".")[0], *_imported(found[name])]
    return found


def _imported(source: str) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
        elif isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
    return {name for name in names if name.startswith("quiz")}


def _path(name: str) -> Path | None:
    """Where a module of ours stands, None for what is none."""
    base = ROOT.joinpath(*name.split(".")) if name else ROOT
    candidates = (base.with_suffix(".py"), base / "__init__.py")
    return next((path for path in candidates if name and path.is_file()), None)
