"""`flask bank` and `flask contest`: check, load and play the files of a contest, and what is left to do before it."""

from __future__ import annotations

import os
import re
from fractions import Fraction
from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup
from sqlalchemy.exc import SQLAlchemyError

from quiz import chance, clock
from quiz.cli_parts import CONSOLE, READABLE, refusals_in_words
from quiz.config import ROOT, Config
from quiz.contest.readiness import InPlace, hints, to_do
from quiz.contest.rule_book import rule_book
from quiz.contest.schedule import Contest, bank_name
from quiz.contest.schedule_files import parse_contest
from quiz.questions.bank import Bank
from quiz.questions.bank_balance import balance
from quiz.questions.bank_file import parse_bank
from quiz.questions.bank_parts import deal, only
from quiz.services import (
    commitment_making,
    commitments,
    contest_files,
    contests,
    installations,
    key_sealing,
    readiness,
    reading,
    registrations,
    transaction,
)
from quiz.vietnamese import number, percent
from quiz.yaml_text import FaultyFile

MAIN_BANK = ROOT / "question_bank.yaml"
"""Against what a contest file is checked where neither the command nor the database has a main bank."""

Banks = dict[str, tuple[Bank, str]]
"""By name: a bank, and in words where it comes from."""

bank_commands = AppGroup("bank", help="Bộ câu hỏi.")
contest_commands = AppGroup("contest", help="Thể lệ hội thi.")


@bank_commands.command("check")
@click.argument("file", type=READABLE)
def check_bank(file: Path) -> None:
    """Kiểm tra bộ câu hỏi: báo mọi lỗi kèm số dòng, không nạp gì."""
    with refusals_in_words(file):
        loaded = parse_bank(file.read_bytes())
    _print_balance(loaded)
    click.echo(f"{file}: không có lỗi.")


@bank_commands.command("split")
@click.argument("file", type=READABLE)
@click.option("--into", "parts", type=click.IntRange(2, 60), required=True, metavar="SỐ", help="Chia thành mấy bộ.")
def split_bank(file: Path, parts: int) -> None:
    """Chia bộ câu hỏi thành nhiều bộ không trùng câu nào, đều theo chủ đề và mức độ, để mỗi tuần một bộ.

    Ghi các tệp mới bên cạnh tệp đã cho, giữ nguyên chú thích; không nạp gì, không ghi đè tệp nào.
    """
    source = file.read_bytes()
    with refusals_in_words(file):
        bank = parse_bank(source)
    names = [f"tuan-{place}" for place in range(1, parts + 1)]
    paths = [file.with_name(f"{file.stem}.{name}{file.suffix}") for name in names]
    if there := [path.name for path in paths if path.exists()]:
        raise click.ClickException(f"Đã có tệp {', '.join(there)}: chuyển đi nơi khác rồi chia lại.")
    if len(bank.questions) < parts:
        raise click.BadParameter(f"bộ câu hỏi chỉ có {len(bank.questions)} câu.", param_hint="--into")
    for path, ids in zip(paths, deal(bank, parts), strict=True):
        path.write_bytes(only(source, bank, ids))
        click.echo(f"{path}: {number(len(ids))} câu.")
    click.echo("\nTrong tệp thể lệ, ghi bộ của từng tuần:")
    for place, name in enumerate(names, start=1):
        click.echo(f"  - number: {place}\n    paper: {{bank: {name}}}")
    click.echo("\nNạp tệp thể lệ đã sửa (flask contest load TỆP), rồi nạp các bộ:")
    for path, name in zip(paths, names, strict=True):
        click.echo(f"  flask bank load {path} --name {name}")


@bank_commands.command("load")
@click.argument("file", type=READABLE)
@click.option("--name", default="", help="Tên bộ câu hỏi như tệp thể lệ ghi ở “bank”; bỏ trống là bộ câu hỏi chính.")
def load_bank(file: Path, name: str) -> None:
    """Nạp một bộ câu hỏi cho các tuần chưa mở của hội thi hiện tại."""
    with refusals_in_words(file), transaction(CONSOLE) as session:
        problems = contest_files.load_bank(session, file.read_bytes(), CONSOLE, clock.now(), name)
    click.echo(f"Đã nạp bộ câu hỏi {name}." if name else "Đã nạp bộ câu hỏi.")
    for problem in problems:
        click.echo(f"Còn thiếu: {problem}")


@bank_commands.command("open")
@click.argument("file", type=READABLE)
def open_bank(file: Path) -> None:
    """Mở đáp án đã niêm phong bằng chính tệp bộ câu hỏi gốc, khi tệp khóa đã mất hẳn.

    Chỉ dùng được sau khi vòng thi kết thúc (và sau quyết định của hai người, nếu thể lệ đòi). Bản nháp và tệp nhập về
    các câu của bộ, đã niêm phong cùng đáp án, không lấy lại được.
    """
    with refusals_in_words(file), transaction(CONSOLE) as session:
        key_sealing.open_with_file(session, file.read_bytes(), CONSOLE, clock.now())
    click.echo("Đã mở đáp án.")


class NamedBank(click.ParamType[tuple[str, Path]]):
    """FILE, the main bank, or NAME=FILE, the bank that the contest file calls so."""

    name = "[TÊN=]TỆP"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, Path]:
        named = re.fullmatch(r"([a-z0-9-]+)=(.+)", str(value))
        name, path = named.groups() if named else ("", str(value))
        return name, READABLE.convert(path, param, ctx)


@contest_commands.command("check")
@click.argument("file", type=READABLE)
@click.option(
    "--bank",
    "banks",
    type=NamedBank(),
    multiple=True,
    help="Bộ câu hỏi sẽ dùng, ghi nhiều lần nếu có nhiều; không ghi thì lấy bộ đã nạp, bộ chính chưa nạp thì lấy "
    "question_bank.yaml.",
)
def check_contest(file: Path, banks: tuple[tuple[str, Path], ...]) -> None:
    """Kiểm tra tệp thể lệ, in thể lệ thành câu như trang công khai, và những việc còn phải làm trước khi mở.

    Có cấu hình thì đối chiếu với cơ sở dữ liệu, chỉ nêu việc còn thiếu. Kết thúc với mã 0 khi tệp hợp lệ, dù còn việc
    phải làm.
    """
    source = file.read_bytes()
    with refusals_in_words(file):
        rules = parse_contest(source)
    given = _given(rules, banks)
    in_place, loaded = _found(source, rules)
    known = {**_default(rules), **loaded, **given}
    click.echo(rules.title)
    _print_rules(rules, known)
    if known:
        click.echo("\nBộ câu hỏi đã đối chiếu")
    for name, (bank, origin) in known.items():
        click.echo(f"  - {bank_name(name)}: {origin}, {number(len(bank.questions))} câu")
    for hint in hints(rules):
        click.echo(f"\nNên biết: {hint}")
    _print_to_do(to_do(rules, {name: bank for name, (bank, _) in known.items()}, in_place, clock.now()), in_place)


@contest_commands.command("simulate")
@click.argument("file", type=READABLE)
@click.option("--people", type=click.IntRange(1, 100_000), default=300, show_default=True, help="Số người giả lập.")
@click.option("--bank", "banks", type=NamedBank(), multiple=True, help="Bộ câu hỏi; thiếu bộ nào thì tự tạo bộ ấy.")
def simulate_contest(file: Path, people: int, banks: tuple[tuple[str, Path], ...]) -> None:
    """Diễn thử hội thi bằng người giả lập trong cơ sở dữ liệu tạm, in những gì sẽ được công bố."""
    from quiz.simulation import report
    from quiz.simulation.play import simulate

    given = {name: path.read_bytes() for name, path in banks}
    with refusals_in_words(file):
        for rules, publication in simulate(file.read_bytes(), given, people, _tell):
            for line in report.lines(rules, publication):
                click.echo(line)


def _tell(what: str, done: int, total: int) -> None:
    """Progress on one line of the terminal, apart from what is printed."""
    click.echo(f"\r{what} {done}/{total}   ", nl=done == total, err=True)


@contest_commands.command("load")
@click.argument("file", type=READABLE)
def load_contest(file: Path) -> None:
    """Nạp tệp thể lệ. Tuần đã mở giữ nguyên thời gian và bộ câu hỏi."""
    with refusals_in_words(file), transaction(CONSOLE) as session:
        installations.claim_as_real(session, clock.now())
        contest_files.load_contest(session, file.read_bytes(), CONSOLE, clock.now(), chance.seed)
    click.echo("Đã nạp thể lệ hội thi.")


@contest_commands.command("commit")
@click.argument("number", type=int)
def commit(number: int) -> None:
    """Lập bản cam kết của một tuần ngay bây giờ; bình thường hệ thống tự lập trước giờ mở."""
    from quiz.key_file import KeyFile, key_path

    config: Config = current_app.config["QUIZ"]
    sealer = KeyFile(key_path(os.environ, config.database_url))
    with refusals_in_words(), transaction(CONSOLE) as session:
        week = contests.get_week(session, contests.get_current(session), number)
        made = commitment_making.make(session, week, sealer, chance.seed, CONSOLE, clock.now())
        _, digest = commitments.file(session, week, made)
    click.echo(f"Đã lập bản cam kết {week.name}, bản {made}. Mã kiểm tra SHA-256: {digest}")


@contest_commands.command("passphrase")
def passphrase() -> None:
    """Hỏi và đặt mã tham gia của hội thi hiện tại; chỉ lưu mã băm."""
    typed = click.prompt("Mã tham gia", hide_input=True, confirmation_prompt="Nhập lại mã tham gia")
    with refusals_in_words(), transaction(CONSOLE) as session:
        registrations.set_passphrase(session, typed, CONSOLE, clock.now())
    click.echo("Đã đặt mã tham gia. Trang đăng ký: /dang-ky")


# What a contest file is checked against


def _given(rules: Contest, banks: tuple[tuple[str, Path], ...]) -> Banks:
    """The banks of the command line, each of which the rules must use."""
    given: Banks = {}
    for name, path in banks:
        if name not in rules.banks or name in given:
            wanted = ", ".join(f"“{each}”" if each else "bộ chính (không ghi tên)" for each in rules.banks)
            raise click.BadParameter(
                f"mỗi bộ câu hỏi của thể lệ ghi một lần; thể lệ dùng: {wanted}.", param_hint="--bank"
            )
        with refusals_in_words(path):
            given[name] = parse_bank(path.read_bytes()), str(path)
    return given


def _found(source: bytes, rules: Contest) -> tuple[InPlace | None, Banks]:
    """What the database holds for the contest, and its banks; None without settings, or where it cannot be read."""
    if "sqlalchemy" not in current_app.extensions:
        return None, {}
    try:
        stored = readiness.find_loaded(reading(), rules)
        banks = contests.loaded_banks(reading(), stored) if stored else {}
        in_place = readiness.in_place(reading(), rules, source)
    except SQLAlchemyError:
        click.echo("Không đọc được cơ sở dữ liệu (đã chạy flask db upgrade chưa?).", err=True)
        return None, {}
    return in_place, {name: (bank, "đã nạp vào hệ thống") for name, bank in banks.items() if name in rules.banks}


def _default(rules: Contest) -> Banks:
    """The bank that lies beside the product, as the main one."""
    if "" not in rules.banks or not MAIN_BANK.is_file():
        return {}
    try:
        return {"": (parse_bank(MAIN_BANK.read_bytes()), f"{MAIN_BANK.name} (muốn dùng tệp khác thì ghi --bank TỆP)")}
    except FaultyFile as faulty:
        click.echo(f"{MAIN_BANK.name} có {len(faulty.faults)} lỗi nên không dùng (lệnh flask bank check).", err=True)
        return {}


def _print_rules(rules: Contest, banks: Banks) -> None:
    topics = {slug: name for bank, _ in banks.values() for slug, name in bank.topics.items()}
    for section in rule_book(rules, topics):
        click.echo(f"\n{section.heading}" + (f": {section.of}" if section.of else ""))
        for place, step in enumerate(section.steps, start=1):
            click.echo(f"  {place}. {step}")
        for sentence in section.sentences:
            click.echo(f"  - {sentence}")


def _print_to_do(left: tuple[str, ...], in_place: InPlace | None) -> None:
    if not left:
        click.echo("\nKhông còn việc gì phải làm trước khi mở.")
        return
    click.echo("\nCòn phải làm trước khi mở" + ("" if in_place else " (chưa đối chiếu với cơ sở dữ liệu)"))
    for sentence in left:
        click.echo(f"  - {sentence}")


def _print_balance(loaded: Bank) -> None:
    figures = balance(loaded)
    click.echo(f"{figures.questions} câu hỏi, trong đó {figures.several_keys} câu có nhiều đáp án đúng.")
    click.echo("Chủ đề: " + "; ".join(f"{loaded.topics[slug]} {count}" for slug, count in figures.topics.items()))
    click.echo("Mức độ: " + "; ".join(f"{level.words} {count}" for level, count in figures.levels.items()))
    click.echo("Vị trí đáp án (câu một đáp án): " + ", ".join(f"{k} {n}" for k, n in figures.keys.items()))
    for words, share in (("dài nhất", figures.longest_share), ("ngắn nhất", figures.shortest_share)):
        click.echo(f"Đáp án là phương án {words}: {percent(share or Fraction(0), 1)}")
