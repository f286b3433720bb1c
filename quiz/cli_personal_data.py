"""`flask personal-data`: what is held of how many people, and whom a breach concerns."""

from __future__ import annotations

from pathlib import Path

import click
from flask.cli import AppGroup

from quiz.personal_data.labels import OWN
from quiz.services import breach, reading
from quiz.vietnamese import number

COLUMNS = (("Mã cán bộ", 18), ("Họ và tên", 32), ("Cơ quan, đơn vị", 48), ("Thư điện tử", 32), ("Điện thoại", 18))
personal_data_commands = AppGroup("personal-data", help="Dữ liệu cá nhân.")


@personal_data_commands.command("count")
def count() -> None:
    """Đếm dữ liệu đang lưu: bao nhiêu người, bao nhiêu dòng, theo từng loại."""
    for held in breach.figures(reading()):
        click.echo(f"{number(held.people)} người, {number(held.rows)} dòng ({held.table}): {held.what}")


@personal_data_commands.command("export")
@click.argument("file", type=click.Path(dir_okay=False, writable=True, path_type=Path))
@click.option("--table", type=click.Choice(sorted(OWN)), default="people", help="Bảng bị lộ, như lệnh count in ra.")
def export(file: Path, table: str) -> None:
    """Ghi ra tệp .xlsx những người có dữ liệu trong một bảng, để lập biên bản và thông báo cho từng người."""
    from xlsxwriter import Workbook

    from quiz.exports.sheets import add_sheet, formats_of

    if file.suffix.lower() != ".xlsx":
        raise click.ClickException("Tên tệp cần có đuôi .xlsx.")
    rows = [(one.staff_code, one.name, one.agency, one.email, one.phone) for one in breach.people(reading(), table)]
    with Workbook(str(file)) as book:
        note = "Chứa dữ liệu cá nhân: chỉ dùng để lập biên bản và thông báo, xong thì xóa."
        add_sheet(book, formats_of(book), "Người", f"Những người có dữ liệu trong bảng {table}", note, COLUMNS, rows)
    click.echo(f"Đã ghi {number(len(rows))} người: {file}")
