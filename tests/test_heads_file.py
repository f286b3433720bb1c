"""Heads noted outside the database: only added to, whole lines only, and kept where no restore brings them back."""

from __future__ import annotations

from pathlib import Path

import pytest

from quiz.heads_file import HeadsFile, Noted, heads_path

FIRST, SECOND, OTHER = Noted("hoi-thi/1", 1, "a" * 64), Noted("hoi-thi/1", 2, "b" * 64), Noted("audit", 7, "c" * 64)


@pytest.fixture
def file(tmp_path: Path) -> HeadsFile:
    return HeadsFile(tmp_path / "new" / "heads")


def test_what_was_noted_is_read_in_order_of_each_chain(file: HeadsFile) -> None:
    assert file.read() == {}
    file.add([FIRST, OTHER])
    file.add([])
    file.add([SECOND])
    assert file.read() == {"hoi-thi/1": [FIRST, SECOND], "audit": [OTHER]}


def test_what_others_add_and_another_file_in_its_place_are_seen(file: HeadsFile) -> None:
    file.add([FIRST])
    assert file.read() == {"hoi-thi/1": [FIRST]}
    HeadsFile(file.path).add([SECOND])
    assert file.read() == {"hoi-thi/1": [FIRST, SECOND]}
    file.path.rename(file.path.with_name("aside"))
    assert file.read() == {}
    HeadsFile(file.path).add([OTHER])
    assert file.read() == {"audit": [OTHER]}


@pytest.mark.parametrize("torn", ["hoi-thi/1 2 bbbb", "hoi-thi/1", "hoi-thi/1 2 " + "b" * 64])
def test_a_line_that_a_power_cut_left_half_written_spoils_no_other(file: HeadsFile, torn: str) -> None:
    file.add([FIRST])
    with file.path.open("a") as out:
        out.write(torn)
    file.add([OTHER])
    assert [one[-1] for one in file.read().values()][-1] == OTHER
    assert file.read()["hoi-thi/1"][0] == FIRST


def test_the_file_lies_beside_the_key_unless_the_environment_says_where(tmp_path: Path) -> None:
    embedded, server = f"sqlite:///{tmp_path}/quiz.sqlite3", "postgresql+psycopg://quiz@/quiz"
    assert heads_path({}, embedded) == tmp_path / "quiz.sqlite3.heads"
    assert heads_path({"QUIZ_SEAL_KEY_FILE": "/srv/keys/seal-key"}, embedded) == Path("/srv/keys/heads")
    assert heads_path({"QUIZ_HEADS_FILE": "/mnt/heads", "QUIZ_SEAL_KEY_FILE": "/srv/seal-key"}, server) == Path(
        "/mnt/heads"
    )
    assert heads_path({}, server).name == "heads"
