"""`flask audit`: check the chain of the audit log, in the database or in a copy, and make a copy."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

import click
from flask.cli import AppGroup

from quiz.cli_parts import READABLE
from quiz.services import audit_check, reading
from quiz.verification.audit_chain import Chained, Head, Verdict, check
from quiz.vietnamese import number

audit_commands = AppGroup("audit", help="Nhật ký hành động.")


@audit_commands.command("verify")
@click.option(
    "--head", "links", multiple=True, metavar="MÃ", help="Mã giữ bên ngoài; đi cùng --count, ghi được nhiều lần."
)
@click.option("--count", "counts", multiple=True, type=click.IntRange(0), help="Số hành động ứng với --head.")
@click.option("--file", type=READABLE, help="Kiểm tra bản sao do flask audit export ghi, không đọc cơ sở dữ liệu.")
def verify(links: tuple[str, ...], counts: tuple[int, ...], file: Path | None) -> None:
    """Kiểm tra từng hành động trong nhật ký. Mã kết thúc: 0 nguyên vẹn, 1 có chỗ sai."""
    if len(links) != len(counts):
        raise click.UsageError("Mỗi --head đi cùng một --count.")
    outside = [Head(count, link.strip().lower()) for count, link in zip(counts, links, strict=True)]
    if file is None:
        verdict = audit_check.verify(reading(), outside)
    else:
        with file.open("rb") as lines:
            verdict = check(_read(file, lines), outside)
    _print(verdict, outside)
    if verdict.fault is not None:
        raise click.exceptions.Exit(1)


@audit_commands.command("export")
@click.argument("file", type=click.File("wb"), default="-")
def export(file: BinaryIO) -> None:
    """Ghi cả nhật ký ra FILE (hoặc màn hình), mỗi hành động một dòng JSON, và in mã mới nhất."""
    newest = None
    for newest in audit_check.entries(reading()):
        file.write(audit_check.to_line(newest))
    if newest is not None:
        click.echo(f"Đã ghi {number(newest.number)} hành động. --count {newest.number} --head {newest.link}", err=True)


def _read(file: Path, lines: Iterable[bytes]) -> Iterator[Chained]:
    try:
        yield from audit_check.from_lines(lines)
    except ValueError as error:
        raise click.ClickException(
            f"{file}: dòng {error} không phải một hành động do flask audit export ghi."
        ) from error


def _print(verdict: Verdict, outside: list[Head]) -> None:
    if verdict.fault is not None:
        click.echo(f"SAI: {audit_check.WORDS[verdict.fault] % {'number': verdict.number}}")
        if verdict.head is not None:
            origin = "giữ bên ngoài" if verdict.head in outside else "lưu trong cơ sở dữ liệu"
            click.echo(f"Đối chiếu với mã {origin}: {verdict.head.count} hành động, {verdict.head.link}")
        click.echo(f"Trước chỗ này đã kiểm tra {number(verdict.count)} hành động nối đúng với nhau.")
        return
    click.echo(f"Nguyên vẹn: đã kiểm tra {number(verdict.count)} hành động, từ hành động đầu tiên.")
    for act, count in verdict.erased.items():
        click.echo(f"Dữ liệu cá nhân của {number(count)} hành động đã được xóa ở hành động số {act}.")
    click.echo(f"Mã mới nhất: --count {verdict.count} --head {verdict.link}")
    if outside:
        click.echo(f"Khớp với {len(outside)} mã giữ bên ngoài.")
    else:
        click.echo("Chưa đối chiếu với mã nào giữ bên ngoài: người viết lại cả nhật ký chỉ lộ ra khi có mã ấy.")
