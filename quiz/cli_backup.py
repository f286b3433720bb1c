"""`flask backup`, `flask restore`, `flask heads`: copies of the database, and what an older copy has lost."""

from __future__ import annotations

from pathlib import Path

import click
import sqlalchemy
from flask import current_app
from flask.cli import AppGroup, with_appcontext

from quiz import clock
from quiz.cli_parts import CONSOLE, READABLE, refusals_in_words
from quiz.config import Config
from quiz.heads_file import HeadsFile
from quiz.models import db
from quiz.services import audit, lost_heads, reading, transaction
from quiz.vietnamese import moment, number

NOT_IN_IT = (
    "Bản sao lưu KHÔNG có tệp khóa niêm phong đáp án, tệp cấu hình (QUIZ_SECRET_KEY) và tệp mã đầu chuỗi "
    "(QUIZ_HEADS_FILE): sao lưu riêng hai tệp đầu, mỗi tệp một nơi khác; tệp thứ ba để nguyên trên máy, không phục hồi "
    "cùng."
)
heads_commands = AppGroup("heads", help="Mã đầu chuỗi: cơ sở dữ liệu có còn đủ những gì đã công bố không.")


@click.command("backup")
@click.argument("target", type=click.Path(path_type=Path))
@click.option("--keep", type=click.IntRange(1), help="Chỉ giữ chừng ấy bản mới nhất trong thư mục.")
@with_appcontext
def backup(target: Path, keep: int | None) -> None:
    """Sao lưu cơ sở dữ liệu ra một TỆP mới hoặc vào một THƯ MỤC, trong lúc hội thi vẫn chạy."""
    from quiz.backup import BackupFault, making

    if keep is not None and not target.is_dir():
        raise click.UsageError("--keep chỉ dùng khi sao lưu vào một thư mục.")
    try:
        path, manifest = making.make(_url(), target, clock.now())
    except (BackupFault, OSError) as fault:
        raise click.ClickException(f"Chưa sao lưu được: {fault}") from fault
    rows = sum(manifest.contents.rows.values())
    click.echo(f"Đã sao lưu và đọc lại: {path} ({number(path.stat().st_size)} byte, {number(rows)} dòng).")
    for old in making.keep_newest(target, keep) if keep else ():
        click.echo(f"Đã xóa bản cũ: {old}")
    click.echo(NOT_IN_IT)


@click.command("restore")
@click.argument("file", type=READABLE)
@click.option("--over-existing", is_flag=True, help="Cho thay cơ sở dữ liệu đang có dữ liệu; phải gõ lại tên của nó.")
@with_appcontext
def restore(file: Path, over_existing: bool) -> None:
    """Phục hồi cơ sở dữ liệu (QUIZ_DATABASE_URL) từ một bản sao lưu, khi máy chủ web và bộ lập lịch đã dừng."""
    from quiz.backup import BackupFault, restoring
    from quiz.cli import upgrade_database

    db.engine.dispose()
    try:
        done = restoring.restore(file, _url(), clock.now(), lambda: over_existing and _is_confirmed())
    except (BackupFault, OSError) as fault:
        raise click.ClickException(f"Chưa phục hồi được: {fault}") from fault
    made = done.manifest.made_at
    click.echo(f"Đã phục hồi bản sao lưu lập lúc {moment(made)}.")
    if done.kept:
        click.echo(f"Dữ liệu cũ còn giữ ở {done.kept}: xóa khi chắc chắn không cần nữa.")
    if done.is_older:
        upgrade_database()
        click.echo("Đã đưa cơ sở dữ liệu lên lược đồ mới nhất.")
    with transaction(CONSOLE) as session:
        facts = {"made": made.isoformat(), "digest": done.manifest.sha256}
        audit.record(session, audit.Act.RESTORE_BACKUP, CONSOLE, clock.now(), **facts)
    _compare()
    click.echo(
        "Việc tiếp theo: kiểm tra tệp khóa niêm phong còn ở chỗ cũ; làm lại các yêu cầu xóa dữ liệu cá nhân được duyệt "
        f"sau {moment(made)}; chạy flask audit verify; rồi khởi động bộ lập lịch và máy chủ web."
    )


@heads_commands.command("check")
def check() -> None:
    """So cơ sở dữ liệu với các mã đầu chuỗi đã ghi bên ngoài. Mã kết thúc: 0 đủ, 1 thiếu."""
    if not _compare():
        raise click.exceptions.Exit(1)


@heads_commands.command("accept")
@click.option("--decision", required=True, help="Số quyết định của Ban Tổ chức.")
@click.option("--reason", required=True, help="Lý do, ghi vào nhật ký hành động.")
def accept(decision: str, reason: str) -> None:
    """Chấp nhận phần dữ liệu bị mất để được niêm phong, chấm, công bố tiếp. Không hoàn tác được."""
    if _compare():
        return
    click.confirm("Phần trên mất hẳn. Đã có quyết định và không còn bản sao lưu nào mới hơn?", abort=True)
    with refusals_in_words(), transaction(CONSOLE) as session:
        accepted = lost_heads.accept(session, decision, reason, CONSOLE, clock.now())
    click.echo(f"Đã ghi vào nhật ký: chấp nhận {len(accepted)} phần bị mất. Bộ lập lịch làm tiếp trong ít giây.")


def _compare() -> bool:
    """Whether nothing is lost; says what is, and what to do."""
    config: Config = current_app.config["QUIZ"]
    if config.heads_file is None or not config.heads_file.exists():
        click.echo(f"Không có tệp mã đầu chuỗi ({config.heads_file}): không biết bản này có thiếu gì không.")
    else:
        lost_heads.look(HeadsFile(config.heads_file), clock.now())
    losses = lost_heads.unaccepted(reading())
    for loss in losses:
        click.echo(f"CŨ HƠN NHỮNG GÌ ĐÃ CÔNG BỐ: {loss.words}. Mã đã ghi: {loss.head}")
    if losses:
        click.echo(
            "Chưa niêm phong, chấm, công bố được. Còn bản sao lưu mới hơn thì phục hồi bản ấy; nếu không còn, Ban Tổ "
            "chức ra quyết định rồi chạy flask heads accept --decision SỐ --reason LÝ_DO."
        )
    else:
        click.echo("Cơ sở dữ liệu có đủ các mã đầu chuỗi đã ghi bên ngoài.")
    return not losses


def _is_confirmed() -> bool:
    name = Path(sqlalchemy.make_url(_url()).database or "").name
    typed: str = click.prompt(f"Cơ sở dữ liệu {name} đang có dữ liệu. Gõ lại đúng tên này để thay", default="")
    return typed.strip() == name


def _url() -> str:
    config: Config = current_app.config["QUIZ"]
    return config.database_url
