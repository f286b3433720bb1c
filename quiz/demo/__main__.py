"""`make run`: makes the demo database if there is none, starts the web server and the scheduler, prints the way in."""

from __future__ import annotations

import hashlib
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from datetime import datetime
from pathlib import Path

import click

from quiz import cli, clock, logs
from quiz.app import create_app
from quiz.config import ROOT, from_environment
from quiz.demo import load
from quiz.errors import Refused
from quiz.key_file import KeyFile, key_path
from quiz.simulation import kept

FOLDER = ROOT / "var" / "demo"
DATABASE = "demo.sqlite3"


@click.command()
@click.option("--port", default=8000, show_default=True, envvar="PORT", help="Cổng của máy chủ web.")
@click.option("--host", default="0.0.0.0", show_default=True, envvar="HOST", help="Địa chỉ lắng nghe.")  # noqa: S104
@click.option("--folder", default=FOLDER, type=click.Path(path_type=Path), help="Thư mục dữ liệu minh họa.")
@click.option("--only-load", is_flag=True, help="Chỉ tạo dữ liệu minh họa, không chạy máy chủ.")
@click.option(
    "--closed-week",
    type=click.IntRange(10, 100_000),
    metavar="SỐ NGƯỜI",
    help="Thay vào đó: tuần 1 với chừng ấy người giả lập, vừa đóng và chưa chấm, để tập công bố.",
)
def main(port: int, host: str, folder: Path, only_load: bool, closed_week: int | None) -> None:
    """Chạy bản minh họa: hội thi Hải Phòng 2024 dời về hôm nay. Không bao giờ đụng tới cơ sở dữ liệu khác."""
    folder = folder.absolute() / f"closed-week-{closed_week}" if closed_week else folder.absolute()
    environment = _environment(folder)
    _prepare(environment, folder, closed_week)
    _print_sign_ins(closed_week is not None)
    if not only_load:
        _serve(environment, host, port)


def _environment(folder: Path) -> dict[str, str]:
    """The demo's own settings; QUIZ_DATABASE_URL of a real installation is never read here."""
    folder.mkdir(parents=True, exist_ok=True)
    secret = folder / "secret"
    if not secret.exists():
        secret.write_text(secrets.token_urlsafe(48), encoding="ascii")
        secret.chmod(0o600)
    own = {
        "QUIZ_DATABASE_URL": f"sqlite:///{folder / DATABASE}",
        "QUIZ_SECRET_KEY": secret.read_text(encoding="ascii"),
        "QUIZ_HTTPS": "0",
        "QUIZ_LOG": logs.TEXT,
    }
    return {name: value for name, value in os.environ.items() if not name.startswith("QUIZ_")} | own


def _prepare(environment: dict[str, str], folder: Path, closed_week: int | None) -> None:
    """Make the demo, unless a whole one of the same edition is there that is still of today."""
    now, ready = clock.now(), folder / "ready"
    made, _, fresh_until = ready.read_text(encoding="ascii").partition(" ") if ready.exists() else ("", "", "")
    if made == _edition() and now.timestamp() < float(fresh_until):
        click.echo("Dữ liệu minh họa đã có sẵn.")
        return
    ready.unlink(missing_ok=True)
    for path in folder.glob(f"{DATABASE}*"):
        path.unlink()
    started = time.monotonic()
    app = create_app(from_environment(environment))
    with app.app_context():
        cli.upgrade_database()
        try:
            sealer = KeyFile(key_path(environment, environment["QUIZ_DATABASE_URL"]))
            until = _closed_week(now, closed_week, sealer) if closed_week else load.load(now, sealer, _progress)
        except Refused as refusal:
            raise click.ClickException(str(refusal)) from refusal
    ready.write_text(f"{_edition()} {until.timestamp()}", encoding="ascii")
    click.echo(f"Đã tạo dữ liệu minh họa trong {time.monotonic() - started:.0f} giây.")


def _closed_week(now: datetime, people: int, sealer: KeyFile) -> datetime:
    bank = {"": (ROOT / "question_bank.yaml").read_bytes()}
    return kept.leave_closed(load.CONTEST.read_bytes(), bank, people, now, load.PASSWORD, sealer, _progress)


def _edition() -> str:
    """What a demo is made from; another schema, bank or contest file makes it anew, and so does another loader."""
    schema = sorted((ROOT / "migrations" / "versions").glob("*.py"))
    files = [*schema, ROOT / "question_bank.yaml", load.CONTEST, Path(load.__file__)]
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()


def _progress(what: str, done: int, total: int) -> None:
    end = "\n" if done == total else ""
    click.echo(f"\r{what}: {done}/{total}".ljust(60) + end, nl=False)
    sys.stdout.flush()


def _print_sign_ins(is_closed_week: bool) -> None:
    click.echo("\nTài khoản minh họa (mật khẩu chung: " + load.PASSWORD + ")")
    for account in kept.SIGN_INS if is_closed_week else load.sign_ins():
        click.echo(f"  {account.staff_code}  {account.words}")


def _serve(environment: dict[str, str], host: str, port: int) -> None:
    """Both in sessions of their own: Ctrl+C reaches this process alone, and granian is told once."""
    web = [
        str(Path(sys.executable).with_name("granian")),
        *("--interface", "wsgi", "--http", "1", "--host", host, "--port", str(port)),
        *("--workers", "2", "--blocking-threads", "8", "--log-level", "error", "wsgi:app"),
    ]
    processes = [
        subprocess.Popen(command, cwd=ROOT, env=environment, start_new_session=True)  # noqa: S603 - our own two
        for command in (web, [sys.executable, "-m", "quiz.jobs"])
    ]
    click.echo(f"\nMở trên máy này: http://127.0.0.1:{port}")
    if address := _own_address():
        click.echo(f"Mở trên điện thoại cùng mạng: http://{address}:{port}")
    click.echo("Bấm Ctrl+C để dừng.")
    for ending in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(ending, lambda *_: sys.exit(0))
    try:
        while all(process.poll() is None for process in processes):
            time.sleep(0.5)
    except KeyboardInterrupt:
        click.echo("Đang dừng…")
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            process.wait(timeout=10)


def _own_address() -> str | None:
    """This machine's address in its local network; sends nothing."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
        except OSError:
            return None
        address: str = probe.getsockname()[0]
        return None if address.startswith("127.") else address


if __name__ == "__main__":
    main()
