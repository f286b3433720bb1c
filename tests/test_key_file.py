"""The file with the key of sealed answers: made once, for its owner alone; when it is lost, words say what to do."""

from __future__ import annotations

import os
import signal
import stat
from pathlib import Path

import pytest

from quiz.config import ROOT
from quiz.errors import Refused
from quiz.key_file import KeyFile, key_path


def test_what_is_sealed_is_opened_by_the_same_file_only(tmp_path: Path) -> None:
    one, other = KeyFile(tmp_path / "deep" / "one"), KeyFile(tmp_path / "other")
    sealed = one.seal(b"A, C", is_first=True)
    assert b"A, C" not in sealed
    assert KeyFile(tmp_path / "deep" / "one").open(sealed) == b"A, C"
    other.seal(b"", is_first=True)
    with pytest.raises(Refused, match="other không mở được") as refused:
        other.open(sealed)
    assert refused.value.code == "seal_key_wrong"


def test_nobody_else_on_the_machine_reads_it(tmp_path: Path) -> None:
    path = tmp_path / "key"
    KeyFile(path).seal(b"", is_first=True)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_key_whose_maker_dies_is_made_anew(tmp_path: Path) -> None:
    path = tmp_path / "key"
    for step in ("fsync", "link"):
        maker = os.fork()
        if maker == 0:
            setattr(os, step, lambda *_: os.kill(os.getpid(), signal.SIGKILL))
            KeyFile(path).seal(b"", is_first=True)
        os.waitpid(maker, 0)
        assert not path.exists()
    assert KeyFile(path).open(KeyFile(path).seal(b"A", is_first=True)) == b"A"


def test_a_lost_key_is_not_silently_replaced(tmp_path: Path) -> None:
    path = tmp_path / "key"
    sealed = KeyFile(path).seal(b"A", is_first=True)
    kept = path.read_text()
    path.unlink()
    for act in (lambda: KeyFile(path).open(sealed), lambda: KeyFile(path).seal(b"B", is_first=False)):
        with pytest.raises(Refused, match="bản sao lưu") as refused:
            act()
        assert refused.value.code == "seal_key_missing"
    KeyFile(path).seal(b"", is_first=True)
    path.write_text(path.read_text() + kept)  # the old key was found again
    assert KeyFile(path).open(sealed) == b"A"


def test_a_damaged_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / "key"
    path.write_text("not a key")
    with pytest.raises(Refused) as refused:
        KeyFile(path).open(b"")
    assert refused.value.code == "seal_key_wrong"


@pytest.mark.parametrize(
    ("environment", "url", "path"),
    [
        ({}, "sqlite:////srv/quiz/quiz.sqlite3", Path("/srv/quiz/quiz.sqlite3.seal-key")),
        ({}, "postgresql+psycopg://host/quiz", ROOT / "var" / "seal-key"),
        ({"QUIZ_SEAL_KEY_FILE": "/etc/quiz/key"}, "sqlite:////srv/quiz/quiz.sqlite3", Path("/etc/quiz/key")),
    ],
)
def test_where_it_is_kept(environment: dict[str, str], url: str, path: Path) -> None:
    assert key_path(environment, url) == path
