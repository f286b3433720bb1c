"""Commands for the server's console: database, contests, banks, accounts. Each opens one transaction."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path

import click
from alembic import command
from alembic.config import Config as AlembicConfig
from flask import Flask
from flask.cli import AppGroup

from quiz import chance, clock
from quiz.cli_roster import roster_commands
from quiz.config import ROOT
from quiz.contest.rule_book import rule_book
from quiz.contest.schedule import Contest, problems_before_opening
from quiz.contest.schedule_files import parse_contest
from quiz.errors import Refused
from quiz.models import db
from quiz.permissions import Role
from quiz.questions.bank import Bank
from quiz.questions.bank_balance import balance
from quiz.questions.bank_file import parse_bank
from quiz.services import Actor, accounts, contest_files, installations, registrations, transaction
from quiz.simulation import report
from quiz.simulation.play import simulate
from quiz.vietnamese import percent
from quiz.yaml_text import FaultyFile

CONSOLE = Actor(None)
READABLE = click.Path(exists=True, dir_okay=False, path_type=Path)

database = AppGroup("db", help="Cơ sở dữ liệu.")
bank = AppGroup("bank", help="Bộ câu hỏi.")
contest = AppGroup("contest", help="Thể lệ hội thi.")
account = AppGroup("account", help="Tài khoản.")


def register(app: Flask) -> None:
    """Put the commands under `flask`."""
    for group in (database, bank, contest, roster_commands, account):
        app.cli.add_command(group)


def only_checks(missing: str) -> Flask:
    """What `flask` can do without settings: check files and play a contest, which touch no database."""
    click.echo(f"Chưa có cấu hình ({missing}): chỉ dùng được các lệnh kiểm tra và diễn thử tệp.", err=True)
    app = Flask("quiz")
    for name, commands in (("bank", [check_bank]), ("contest", [check_contest, simulate_contest])):
        app.cli.add_command(click.Group(name, commands=commands))
    return app


@database.command("upgrade")
def upgrade() -> None:
    """Đưa cơ sở dữ liệu lên lược đồ mới nhất."""
    upgrade_database()


def upgrade_database() -> None:
    """Bring the database of this application to the newest schema; doing it twice is once."""
    with db.engine.connect() as connection:
        config = AlembicConfig(ROOT / "alembic.ini")
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


@bank.command("check")
@click.argument("file", type=READABLE)
def check_bank(file: Path) -> None:
    """Kiểm tra bộ câu hỏi: báo mọi lỗi kèm số dòng, không nạp gì."""
    with _refusals_in_words(file):
        loaded = parse_bank(file.read_bytes())
    _print_balance(loaded)
    click.echo(f"{file}: không có lỗi.")


@bank.command("load")
@click.argument("file", type=READABLE)
@click.option("--name", default="", help="Tên bộ câu hỏi như tệp thể lệ ghi ở “bank”; bỏ trống là bộ câu hỏi chính.")
def load_bank(file: Path, name: str) -> None:
    """Nạp một bộ câu hỏi cho các tuần chưa mở của hội thi hiện tại."""
    with _refusals_in_words(file), transaction(CONSOLE) as session:
        problems = contest_files.load_bank(session, file.read_bytes(), CONSOLE, clock.now(), name)
    click.echo(f"Đã nạp bộ câu hỏi {name}." if name else "Đã nạp bộ câu hỏi.")
    for problem in problems:
        click.echo(f"Còn thiếu: {problem}")


class NamedBank(click.ParamType[tuple[str, Path]]):
    """FILE, the main bank, or NAME=FILE, the bank that the contest file calls so."""

    name = "[TÊN=]TỆP"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, Path]:
        named = re.fullmatch(r"([a-z0-9-]+)=(.+)", str(value))
        name, path = named.groups() if named else ("", str(value))
        return name, READABLE.convert(path, param, ctx)


@contest.command("check")
@click.argument("file", type=READABLE)
@click.option(
    "--bank", "banks", type=NamedBank(), multiple=True, help="Bộ câu hỏi sẽ dùng; ghi nhiều lần nếu có nhiều."
)
def check_contest(file: Path, banks: tuple[tuple[str, Path], ...]) -> None:
    """Kiểm tra tệp thể lệ và in thể lệ thành câu, như trang công khai; có --bank thì kiểm tra cả số câu hỏi."""
    with _refusals_in_words(file):
        rules = parse_contest(file.read_bytes())
    loaded: dict[str, Bank] = {}
    for name, path in banks:
        if name not in rules.banks or name in loaded:
            wanted = ", ".join(f"“{each}”" if each else "bộ chính (không ghi tên)" for each in rules.banks)
            raise click.BadParameter(
                f"mỗi bộ câu hỏi của thể lệ ghi một lần; thể lệ dùng: {wanted}.", param_hint="--bank"
            )
        with _refusals_in_words(path):
            loaded[name] = parse_bank(path.read_bytes())
    click.echo(rules.title)
    _print_rules(rules, loaded)
    if banks:
        problems = problems_before_opening(rules, loaded)
        click.echo("\nCòn phải làm trước khi mở:" if problems else "\nCác bộ câu hỏi đủ cho mọi tuần thi.")
        for problem in problems:
            click.echo(f"  - {problem}")


@contest.command("simulate")
@click.argument("file", type=READABLE)
@click.option("--people", type=click.IntRange(1, 100_000), default=300, show_default=True, help="Số người giả lập.")
@click.option("--bank", "banks", type=NamedBank(), multiple=True, help="Bộ câu hỏi; thiếu bộ nào thì tự tạo bộ ấy.")
def simulate_contest(file: Path, people: int, banks: tuple[tuple[str, Path], ...]) -> None:
    """Diễn thử hội thi bằng người giả lập trong cơ sở dữ liệu tạm, in những gì sẽ được công bố."""
    given = {name: path.read_bytes() for name, path in banks}
    with _refusals_in_words(file):
        for rules, publication in simulate(file.read_bytes(), given, people, _tell):
            for line in report.lines(rules, publication):
                click.echo(line)


def _tell(what: str, done: int, total: int) -> None:
    """Progress on one line of the terminal, apart from what is printed."""
    click.echo(f"\r{what} {done}/{total}   ", nl=done == total, err=True)


@contest.command("load")
@click.argument("file", type=READABLE)
def load_contest(file: Path) -> None:
    """Nạp tệp thể lệ. Tuần đã mở giữ nguyên thời gian và bộ câu hỏi."""
    with _refusals_in_words(file), transaction(CONSOLE) as session:
        installations.claim_as_real(session, clock.now())
        contest_files.load_contest(session, file.read_bytes(), CONSOLE, clock.now(), chance.seed)
    click.echo("Đã nạp thể lệ hội thi.")


@contest.command("passphrase")
def passphrase() -> None:
    """Hỏi và đặt mật mã đăng ký dự thi của hội thi hiện tại; chỉ lưu mã băm."""
    typed = click.prompt("Mật mã đăng ký", hide_input=True, confirmation_prompt="Nhập lại mật mã đăng ký")
    with _refusals_in_words(), transaction(CONSOLE) as session:
        registrations.set_passphrase(session, typed, CONSOLE, clock.now())
    click.echo("Đã đặt mật mã. Trang đăng ký: /dang-ky")


@account.command("grant")
@click.argument("staff_code")
@click.argument("role", type=click.Choice([role.value for role in Role if role is not Role.PARTICIPANT]))
def grant(staff_code: str, role: str) -> None:
    """Trao vai trò cho một người trong danh sách."""
    with _refusals_in_words(), transaction(CONSOLE) as session:
        accounts.grant(session, staff_code, Role(role), CONSOLE, clock.now())
    click.echo(f"Đã trao vai trò {role} cho {staff_code}.")


@account.command("code")
@click.argument("staff_code")
def code(staff_code: str) -> None:
    """In mã kích hoạt mới cho một người, ví dụ quản trị viên đầu tiên."""
    with _refusals_in_words(), transaction(CONSOLE) as session:
        made = accounts.issue_code(session, staff_code, CONSOLE, clock.now(), chance.activation_code)
    click.echo(f"Mã kích hoạt của {staff_code}: {made} (trang /kich-hoat)")


def _print_rules(rules: Contest, banks: Mapping[str, Bank]) -> None:
    topics = {slug: name for bank in banks.values() for slug, name in bank.topics.items()}
    for section in rule_book(rules, topics):
        click.echo(f"\n{section.heading}" + (f": {section.of}" if section.of else ""))
        for place, step in enumerate(section.steps, start=1):
            click.echo(f"  {place}. {step}")
        for sentence in section.sentences:
            click.echo(f"  - {sentence}")


def _print_balance(loaded: Bank) -> None:
    figures = balance(loaded)
    click.echo(f"{figures.questions} câu hỏi, trong đó {figures.several_keys} câu có nhiều đáp án đúng.")
    click.echo("Chủ đề: " + "; ".join(f"{loaded.topics[slug]} {count}" for slug, count in figures.topics.items()))
    click.echo("Mức độ: " + "; ".join(f"{level.words} {count}" for level, count in figures.levels.items()))
    click.echo("Vị trí đáp án (câu một đáp án): " + ", ".join(f"{k} {n}" for k, n in figures.keys.items()))
    for words, share in (("dài nhất", figures.longest_share), ("ngắn nhất", figures.shortest_share)):
        click.echo(f"Đáp án là phương án {words}: {percent(share or Fraction(0), 1)}")


@contextmanager
def _refusals_in_words(file: Path | None = None) -> Iterator[None]:
    """A rule that says no, or a faulty file with every fault at its line, ends the command with words."""
    try:
        yield
    except Refused as refusal:
        raise click.ClickException(str(refusal)) from refusal
    except FaultyFile as faulty:
        for fault in faulty.faults:
            click.echo(f"{file}: {fault}", err=True)
        raise click.ClickException(f"{file}: {len(faulty.faults)} lỗi, chưa nạp gì.") from faulty
