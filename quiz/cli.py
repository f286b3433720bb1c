"""Commands for the server's console: database and accounts here, the rest beside it. Each opens one transaction.

The web server loads this module with `wsgi`, so what only a command needs is imported by the command.
"""

from __future__ import annotations

import click
from flask import Flask
from flask.cli import AppGroup

from quiz import chance, clock
from quiz.cli_audit import audit_commands
from quiz.cli_backup import backup, heads_commands, restore
from quiz.cli_contest import (
    bank_commands,
    check_bank,
    check_contest,
    contest_commands,
    simulate_contest,
    split_bank,
)
from quiz.cli_doctor import doctor
from quiz.cli_parts import CONSOLE, refusals_in_words
from quiz.cli_personal_data import personal_data_commands
from quiz.cli_rehearse import rehearse
from quiz.cli_roster import roster_commands
from quiz.config import ROOT
from quiz.models import db
from quiz.permissions import Role
from quiz.services import accounts, transaction

database = AppGroup("db", help="Cơ sở dữ liệu.")
account = AppGroup("account", help="Tài khoản.")


def register(app: Flask) -> None:
    """Put the commands under `flask`."""
    for group in (database, bank_commands, contest_commands, roster_commands, account, audit_commands):
        app.cli.add_command(group)
    for command in (doctor, personal_data_commands, backup, restore, heads_commands, rehearse):
        app.cli.add_command(command)


def only_checks(missing: str) -> Flask:
    """What `flask` can do without settings: check files and play a contest, which touch no database."""
    click.echo(f"Chưa có cấu hình ({missing}): chỉ dùng được các lệnh kiểm tra và diễn thử tệp.", err=True)
    app = Flask("quiz")
    for name, commands in (("bank", [check_bank, split_bank]), ("contest", [check_contest, simulate_contest])):
        app.cli.add_command(click.Group(name, commands=commands))
    return app


@database.command("upgrade")
def upgrade() -> None:
    """Đưa cơ sở dữ liệu lên lược đồ mới nhất."""
    upgrade_database()


def upgrade_database() -> None:
    """Bring the database of this application to the newest schema; doing it twice is once."""
    from alembic import command
    from alembic.config import Config as AlembicConfig

    with db.engine.connect() as connection:
        config = AlembicConfig(ROOT / "alembic.ini")
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


@account.command("grant")
@click.argument("staff_code")
@click.argument("role", type=click.Choice([role.value for role in Role if role is not Role.PARTICIPANT]))
def grant(staff_code: str, role: str) -> None:
    """Trao vai trò cho một người trong danh sách."""
    with refusals_in_words(), transaction(CONSOLE) as session:
        accounts.grant(session, staff_code, Role(role), CONSOLE, clock.now())
    click.echo(f"Đã trao vai trò {role} cho {staff_code}.")


@account.command("code")
@click.argument("staff_code")
def code(staff_code: str) -> None:
    """In mã kích hoạt mới cho một người, ví dụ quản trị viên đầu tiên."""
    with refusals_in_words(), transaction(CONSOLE) as session:
        made = accounts.issue_code(session, staff_code, CONSOLE, clock.now(), chance.activation_code)
    click.echo(f"Mã kích hoạt của {staff_code}: {made} (trang /kich-hoat)")
