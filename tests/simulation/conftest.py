"""How many random contest files are played."""

from __future__ import annotations

import pytest


@pytest.fixture
def contest_files(request: pytest.FixtureRequest) -> int:
    """Few in everyday runs; `--contest-files 500` for all."""
    files: int = request.config.getoption("--contest-files")
    return files
