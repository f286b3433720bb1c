"""`flask roster`: the import of the page for the server's console, with its dry run before anything happens."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NoReturn

import click
from flask.cli import AppGroup

from quiz import clock
from quiz.cli_parts import CONSOLE, READABLE
from quiz.errors import Refused
from quiz.services import reading, roster, roster_report, transaction
from quiz.services.roster_cells import Fault
from quiz.services.roster_file import FaultyRoster, RosterFile, read_roster
from quiz.services.roster_plan import RosterPlan
from quiz.services.roster_report import Part, Report
from quiz.services.roster_template import template
from quiz.vietnamese import number

SHOWN = 20

roster_commands = AppGroup("roster", help="Danh sách cơ quan và người dự thi.")


@roster_commands.command("import")
@click.argument("files", nargs=-1, required=True, type=READABLE, metavar="FILE...")
@click.option("--dry-run", is_flag=True, help="Chỉ xem thay đổi và lỗi, không nạp gì.")
@click.option("--yes", is_flag=True, help="Nạp ngay, không hỏi lại.")
def import_roster(files: tuple[Path, ...], dry_run: bool, yes: bool) -> None:
    """Nạp danh sách từ tệp .xlsx hoặc .csv; mỗi tệp nạp trọn vẹn hoặc không nạp gì."""
    for path in files:
        file = _read(path)
        plan = roster.plan(reading(), file, clock.now())
        reading().rollback()
        click.echo(f"\n{path}")
        _print(roster_report.of_plan(plan, SHOWN))
        if plan.faults:
            _refuse(path, plan.faults)
        if plan.is_empty:
            click.echo("Không có gì thay đổi.")
        elif not dry_run:
            if not yes:
                click.confirm("Nạp vào hệ thống?", abort=True)
            _apply(file, plan)


@roster_commands.command("template")
@click.argument("file", type=click.Path(dir_okay=False, writable=True, path_type=Path))
def write_template(file: Path) -> None:
    """Ghi tệp mẫu .xlsx có hai trang, dòng ví dụ và hướng dẫn."""
    if file.suffix.lower() != ".xlsx":
        raise click.ClickException("Tên tệp mẫu cần có đuôi .xlsx.")
    file.write_bytes(template())
    click.echo(f"Đã ghi tệp mẫu: {file}")


def _read(path: Path) -> RosterFile:
    with _Bar("Đọc tệp") as bar:
        try:
            return read_roster(path.read_bytes(), path.name, bar.tell)
        except FaultyRoster as faulty:
            _refuse(path, faulty.faults)


def _apply(file: RosterFile, plan: RosterPlan) -> None:
    now = clock.now()
    try:
        with _Bar("Nạp danh sách") as bar, transaction(CONSOLE) as session:
            roster.apply(session, file, plan.digest, CONSOLE, now, bar.tell)
    except Refused as refusal:
        raise click.ClickException(str(refusal)) from refusal
    click.echo("Đã nạp xong.")


def _print(report: Report) -> None:
    _print_part("Cơ quan thêm mới", report.added_agencies)
    _print_part("Cơ quan thay đổi", report.changed_agencies)
    _print_part("Người thêm mới", report.added)
    _print_part("Người thay đổi", report.changed)
    _print_part("Người rời danh sách", report.leaving)
    click.echo(f"Không thay đổi: {number(report.unchanged_agencies)} cơ quan, {number(report.unchanged)} người")
    for note in report.notes:
        click.echo(f"Lưu ý: {note}")


def _print_part(title: str, part: Part) -> None:
    click.echo(f"{title}: {number(part.count)}")
    for line in part.first:
        click.echo(f"  {line.code}  {line.name}  ({line.words})")
    if part.count > len(part.first):
        click.echo(f"  … và {number(part.count - len(part.first))} dòng khác")


def _refuse(path: Path, faults: tuple[Fault, ...]) -> NoReturn:
    for fault in faults:
        click.echo(f"{path}: {fault}", err=True)
    raise click.ClickException(f"{path}: {number(len(faults))} lỗi, chưa nạp gì từ tệp này.")


class _Bar:
    """A progress bar that is drawn when the total is known."""

    def __init__(self, label: str) -> None:
        self._label = label
        self._bar: Any = None

    def __enter__(self) -> _Bar:
        return self

    def tell(self, done: int, total: int) -> None:
        """So many of all are done."""
        if self._bar is None:
            self._bar = click.progressbar(length=total, label=self._label)
            self._bar.__enter__()
        self._bar.update(done - self._bar.pos)

    def __exit__(self, *_error: object) -> None:
        if self._bar is not None:
            self._bar.__exit__(None, None, None)
