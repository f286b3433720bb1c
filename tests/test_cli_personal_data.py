"""`flask personal-data`: how many people are concerned, and who they are."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from python_calamine import load_workbook

from quiz import cli
from tests.web import scenes


@pytest.fixture
def sat(app: Flask) -> Flask:
    """Eight people, one of whom has sat."""
    ids = scenes.lay_out(app)
    scenes.sit(app, ids[scenes.PARTICIPANT])
    cli.register(app)
    return app


def run(app: Flask, *arguments: str) -> Result:
    return app.test_cli_runner().invoke(args=["personal-data", *arguments])


def test_what_is_held_is_counted_by_table(sat: Flask) -> None:
    printed = run(sat, "count").output
    assert "8 người, 8 dòng (people)" in printed
    assert "1 người, 1 dòng (attempts)" in printed
    assert "0 người, 0 dòng (registrations)" in printed


def test_those_concerned_are_written_with_how_to_reach_them(sat: Flask, tmp_path: Path) -> None:
    file = tmp_path / "lo-lot.xlsx"
    assert "Đã ghi 1 người" in run(sat, "export", str(file), "--table", "attempts").output
    rows = load_workbook(file).get_sheet_by_index(0).to_python()
    assert rows[-1] == ["CB01", "Trần Thị Bích Ngọc", "Sở Nội vụ", "cb01@example.vn", ""]
    assert "đuôi .xlsx" in run(sat, "export", str(tmp_path / "a.csv")).output
