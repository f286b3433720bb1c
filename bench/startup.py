"""How long the web process takes to start, and what it holds: `python -m bench.startup [--rounds 7]`.

Each round is a process of its own that loads what the web server loads (`wsgi.py`), compiled before as an installation
is, and then reads what a visitor, a participant and an organiser read first, in the contest of `bench/crowd.py`.
Seconds are the processor's.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from quiz.config import ROOT

ROUND = "import sys; from bench.startup import one_round; one_round(sys.argv[1])"
HEAVY = ("pandas", "numpy", "docx", "docxtpl", "xlsxwriter", "fpdf", "PIL", "lxml", "fontTools", "apscheduler")
PAGES = {"": ("/", "/ket-qua/tuan-4", "/the-le"), "participant": ("/thi",), "organiser": ("/ban-to-chuc",)}


def one_round(url: str) -> None:
    """What this process, which has loaded nothing yet, takes and holds; as JSON."""
    empty = _held()
    secret = "a secret that only this measurement knows"  # noqa: S105
    os.environ |= {"QUIZ_DATABASE_URL": url, "QUIZ_HTTPS": "0", "QUIZ_SECRET_KEY": secret}
    from wsgi import app

    app.config |= {"CLOCK": _now, "TESTING": True}
    started = {"start": time.process_time(), "empty": empty, "started": _held()}
    heavy = sorted(set(HEAVY) & set(sys.modules))
    from bench import crowd
    from quiz.permissions import Role
    from tests.web.client import PageClient

    before = time.process_time()
    for who, paths in PAGES.items():
        client = PageClient(app)
        if who:
            client.sign_in(crowd.person_of(Role.ORGANISER if who == "organiser" else None))
        for path in paths:
            assert client.http.get(path, buffered=True).status_code == 200, path
    pages = {"first pages": time.process_time() - before, "after the first pages": _held()}
    print(json.dumps(started | pages | {"heavy": heavy}))


def _now() -> object:
    from bench import crowd

    return crowd.NOW


def _held() -> float:
    """The memory of this process in MB."""
    found = re.search(r"VmRSS:\s+(\d+) kB", Path("/proc/self/status").read_text())
    assert found
    return int(found[1]) / 1024


def _round(url: str, compiled: str) -> dict[str, Any]:
    """What one process says; the first compiles for the others."""
    command = [sys.executable, "-c", ROUND, url]
    environment = os.environ | {"PYTHONPYCACHEPREFIX": compiled, "PYTHONDONTWRITEBYTECODE": ""}
    ran = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)  # noqa: S603
    said: dict[str, Any] = json.loads(ran.stdout.splitlines()[-1])
    return said


def main() -> None:
    """The fastest of some rounds, and the median of what is held."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["QUIZ_SEAL_KEY_FILE"] = f"{folder}/key"
        url = f"sqlite:///{folder}/quiz.sqlite3"
        from bench import crowd
        from quiz.app import create_app
        from quiz.config import Config
        from tests.conftest import SECRET, migrate

        migrate(url)
        crowd.fill(create_app(Config(database_url=url, secret_key=SECRET, https=False, testing=True)), 1000)
        rounds = [_round(url, f"{folder}/compiled") for _ in range(1 + asked.rounds)][1:]
    for name in ("start", "first pages"):
        taken = [one[name] for one in rounds]
        print(f"{name:24}{min(taken):8.2f} s (median {statistics.median(taken):.2f})")
    for name in ("empty", "started", "after the first pages"):
        print(f"{name:24}{statistics.median(one[name] for one in rounds):8.0f} MB")
    print(f"{'loaded besides':24}{', '.join(rounds[0]['heavy']) or 'none of ' + ', '.join(HEAVY)}")


if __name__ == "__main__":
    main()
