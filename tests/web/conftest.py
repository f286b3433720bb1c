"""Pages are compiled once for the whole run, not once for every test's own application."""

from __future__ import annotations

import pytest
from flask import Flask
from jinja2 import FileSystemBytecodeCache


@pytest.fixture(scope="session")
def compiled_pages(tmp_path_factory: pytest.TempPathFactory) -> FileSystemBytecodeCache:
    """Where compiled pages are kept, by the digest of their source."""
    return FileSystemBytecodeCache(str(tmp_path_factory.mktemp("pages")))


@pytest.fixture(autouse=True)
def _compile_pages_once(request: pytest.FixtureRequest, compiled_pages: FileSystemBytecodeCache) -> None:
    if "app" in request.fixturenames:
        app: Flask = request.getfixturevalue("app")
        app.jinja_env.bytecode_cache = compiled_pages
