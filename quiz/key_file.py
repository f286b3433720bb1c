"""The key with which answers are sealed: a file that only the scheduler and commands on the server read.

Nothing that the web server loads may import this (`pyproject.toml`, import-linter).
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import sqlalchemy
from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from quiz.config import ROOT
from quiz.errors import Refused

VARIABLE = "QUIZ_SEAL_KEY_FILE"


def key_path(environment: Mapping[str, str], database_url: str) -> Path:
    """Where the key is kept: as the environment says, else beside the SQLite file, else in the product's `var`."""
    if given := environment.get(VARIABLE):
        return Path(given)
    url = sqlalchemy.make_url(database_url)
    return Path(f"{url.database}.seal-key") if url.get_backend_name() == "sqlite" else ROOT / "var" / "seal-key"


class KeyFile:
    """Seals with the first key of a file, and opens with any: an old key found again is written on a further line."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def seal(self, plain: bytes, *, is_first: bool) -> bytes:
        """The bytes, encrypted; a key is made only where nothing else is sealed. Raises Refused(seal_key_missing)."""
        if is_first and not self._path.exists():
            self._make()
        return self._keys().encrypt(plain)

    def open(self, sealed: bytes) -> bytes:
        """What was encrypted; raises Refused: seal_key_missing, seal_key_wrong."""
        try:
            return self._keys().decrypt(sealed)
        except InvalidToken as error:
            raise Refused("seal_key_wrong", file=str(self._path)) from error

    def _make(self) -> None:
        """A new key that nobody else may read, whole and on the disk before it has its name; the first one made stays.

        A process that dies here leaves no key without its content behind, with which nothing could ever be sealed.
        """
        self._path.parent.mkdir(parents=True, exist_ok=True)
        descriptor, new = tempfile.mkstemp(prefix=f"{self._path.name}.", dir=self._path.parent)
        try:
            with os.fdopen(descriptor, "wb") as out:
                out.write(Fernet.generate_key() + b"\n")
                out.flush()
                os.fsync(out.fileno())
            with suppress(FileExistsError):
                os.link(new, self._path)
            _keep_names(self._path.parent)
        finally:
            os.unlink(new)

    def _keys(self) -> MultiFernet:
        try:
            lines = self._path.read_text("ascii").split()
        except (OSError, UnicodeDecodeError) as error:
            raise Refused("seal_key_missing", file=str(self._path)) from error
        try:
            return MultiFernet([Fernet(line) for line in lines])
        except ValueError as error:
            raise Refused("seal_key_wrong", file=str(self._path)) from error


def _keep_names(folder: Path) -> None:
    """Have the disk hold which files a folder has."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
