"""`flask roster` on the console: the dry run is printed, faults are all named, nothing happens unasked."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from python_calamine import CalamineWorkbook
from sqlalchemy import select

from quiz.cli_roster import roster_commands
from quiz.models import db
from quiz.models.people import DbPerson
from quiz.services.roster_file import FaultyRoster, read_roster
from quiz.services.roster_template import AGENCIES, PEOPLE, template

ROWS = "".join(f"A{number:02d};Lê Văn Tám;H1;Sở Nội vụ\n" for number in range(25))
GOOD = f"Mã cán bộ;Họ và tên;Mã cơ quan;Cơ quan, đơn vị\n{ROWS}"


def run(app: Flask, *arguments: str | Path, answer: str = "") -> Result:
    """Run the command as the console does."""
    return app.test_cli_runner().invoke(roster_commands, [str(each) for each in arguments], input=answer)


def listed(app: Flask) -> int:
    """How many people there are."""
    with app.app_context():
        return len(db.session.scalars(select(DbPerson.id)).all())


@pytest.fixture
def good(tmp_path: Path) -> Path:
    """A file of 25 people."""
    path = tmp_path / "tot.csv"
    path.write_text(GOOD, encoding="utf-8-sig")
    return path


def test_a_dry_run_shows_counts_and_the_first_twenty_and_does_nothing(app: Flask, good: Path) -> None:
    result = run(app, "import", "--dry-run", good)
    assert result.exit_code == 0
    assert "Cơ quan thêm mới: 1" in result.output
    assert "Người thêm mới: 25" in result.output
    assert "A19  Lê Văn Tám" in result.output
    assert "A20" not in result.output
    assert "… và 5 dòng khác" in result.output
    assert listed(app) == 0


def test_an_import_asks_first(app: Flask, good: Path) -> None:
    assert run(app, "import", good, answer="n\n").exit_code == 1
    assert listed(app) == 0
    result = run(app, "import", good, answer="y\n")
    assert (result.exit_code, listed(app)) == (0, 25)
    assert "Đã nạp xong." in result.output


def test_yes_imports_at_once_and_again_changes_nothing(app: Flask, good: Path) -> None:
    assert run(app, "import", "--yes", good).exit_code == 0
    result = run(app, "import", "--yes", good)
    assert "Không có gì thay đổi." in result.output
    assert listed(app) == 25


def test_every_fault_is_printed_with_its_place_and_nothing_comes_in(app: Flask, tmp_path: Path) -> None:
    path = tmp_path / "loi.csv"
    path.write_text(GOOD + "A01;Lê Tám;H1;\n" + ";Lê Tám;H1;\n" * 30 + "B1;Lê Tám;H9;\n", encoding="utf-8")
    result = run(app, "import", "--yes", path)
    assert result.exit_code == 1
    assert result.stderr.count("loi.csv: dòng ") == 32
    assert "dòng 58, cột “Mã cơ quan”: không có cơ quan mã “H9”" in result.stderr
    assert "32 lỗi, chưa nạp gì" in result.stderr
    assert listed(app) == 0


def test_a_file_that_is_no_roster_is_refused_in_words(app: Flask, tmp_path: Path) -> None:
    path = tmp_path / "anh.xlsx"
    path.write_bytes(b"\x89PNG")
    result = run(app, "import", path)
    assert result.exit_code == 1
    assert "không phải Excel" in result.stderr


def test_the_template_is_read_back_as_empty_and_filled_in_as_a_roster(app: Flask, tmp_path: Path) -> None:
    path = tmp_path / "mau.xlsx"
    assert run(app, "template", path).exit_code == 0
    with pytest.raises(FaultyRoster, match="không có người hay cơ quan nào"):
        read_roster(path.read_bytes(), "mau.xlsx")


def test_the_template_has_every_column() -> None:
    workbook = CalamineWorkbook.from_filelike(io.BytesIO(template()))
    titles = [workbook.get_sheet_by_index(place).to_python()[0] for place in (0, 1)]
    assert titles == [[column.value for column, _, _ in columns] for columns in (PEOPLE, AGENCIES)]


def test_a_template_under_another_ending_is_refused(app: Flask, tmp_path: Path) -> None:
    assert run(app, "template", tmp_path / "mau.xls").exit_code == 1
    assert not (tmp_path / "mau.xls").exists()
