"""The commands of the server's console: what they change, what they say, and how they refuse."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy
from click.testing import Result
from flask import Flask
from sqlalchemy import func, select

from quiz import cli, cli_contest
from quiz.app import create_app
from quiz.config import ROOT, Config
from quiz.models import Base, db
from quiz.models.audit import DbAuditEntry
from quiz.models.contests import DbBank, DbBarred, DbContest, DbInstallation, DbWeek
from quiz.models.people import DbPerson, DbRoleGrant
from quiz.permissions import Role
from quiz.questions.bank_file import parse_bank
from quiz.services import accounts
from tests import makers
from tests.conftest import SECRET

Run = Callable[..., Result]
FUTURE = makers.CONTEST.replace("2024-", "2099-")


@pytest.fixture
def run(app: Flask, tmp_path: Path) -> Run:
    """Runs a command; a text given as `file` becomes its last argument, the path of a file."""
    cli.register(app)

    def runner(*arguments: str, file: str | None = None) -> Result:
        if file is not None:
            path = tmp_path / "given.yaml"
            path.write_text(file, encoding="utf-8")
            arguments = (*arguments, str(path))
        result = app.test_cli_runner().invoke(args=list(arguments))
        with app.app_context():
            db.session.remove()
        return result

    return runner


def count(app: Flask, *tables: type[Base]) -> list[int]:
    """How many rows each table has."""
    with app.app_context():
        return [db.session.scalar(select(func.count()).select_from(table)) or 0 for table in tables]


def test_the_web_server_loads_nothing_that_only_a_command_needs() -> None:
    unwanted = {"quiz.simulation", "quiz.demo", "alembic", "pandas", "numpy", "docx", "xlsxwriter"}
    settings = {"QUIZ_DATABASE_URL": "sqlite://", "QUIZ_SECRET_KEY": SECRET}
    script = f"import sys, wsgi; print(*sorted({unwanted!r} & set(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, env=os.environ | settings, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == []


# Database


@pytest.fixture
def new_app(tmp_path: Path) -> Iterator[Flask]:
    """An application on a database that is not there yet."""
    app = create_app(Config(database_url=f"sqlite:///{tmp_path / 'new.sqlite3'}", secret_key=SECRET, testing=True))
    cli.register(app)
    yield app
    with app.app_context():
        db.engine.dispose()


def test_db_upgrade_makes_the_tables_and_twice_is_once(new_app: Flask) -> None:
    runner = new_app.test_cli_runner()
    assert [runner.invoke(args=["db", "upgrade"]).exit_code for _ in range(2)] == [0, 0]
    with new_app.app_context():
        assert set(sqlalchemy.inspect(db.engine).get_table_names()) == {*Base.metadata.tables, "alembic_version"}


def test_db_upgrade_of_the_newest_schema_changes_nothing(app: Flask, run: Run) -> None:
    with app.app_context():
        person = makers.add_person("A1", makers.add_agency(), activated=False)
    assert run("db", "upgrade").exit_code == 0
    with app.app_context():
        assert db.session.get_one(DbPerson, person).staff_code == "A1"


# Banks


def test_bank_check_names_every_fault_on_stderr_and_loads_nothing(app: Flask, run: Run) -> None:
    lines = makers.bank_text().splitlines()
    wrong = {5: "    topic: khong-co", 13: "    key: E"}  # the first question's topic and key
    faulty = "\n".join(wrong.get(place, line) for place, line in enumerate(lines, start=1))
    for command in ("check", "load"):
        with app.app_context():
            if command == "load":
                makers.load_contest()
        before = count(app, DbBank, DbAuditEntry)
        result = run("bank", command, file=faulty)
        assert (result.exit_code, result.stdout) == (1, "")
        told = [line.partition("given.yaml: ")[2] for line in result.stderr.splitlines()]
        assert [re.split("[:,]", line)[0] for line in told] == ["dòng 5", "dòng 13", "2 lỗi"]
        assert count(app, DbBank, DbAuditEntry) == before


def test_bank_check_of_a_good_file_tells_its_balance_and_loads_nothing(app: Flask, run: Run) -> None:
    result = run("bank", "check", file=makers.bank_text(12))
    assert (result.exit_code, result.stderr) == (0, "")
    told = result.stdout.splitlines()
    assert told[0] == "12 câu hỏi, trong đó 0 câu có nhiều đáp án đúng."
    assert told[1] == "Chủ đề: Chủ đề chung 12"
    assert told[-1].endswith("given.yaml: không có lỗi.")
    assert count(app, DbBank) == [0]


def test_the_projects_own_bank_and_contest_are_without_fault(run: Run) -> None:
    assert run("bank", "check", str(ROOT / "question_bank.yaml")).exit_code == 0
    assert run("contest", "check", str(ROOT / "schedules" / "hai-phong-2024.yaml")).exit_code == 0


def test_bank_load_tells_what_is_still_missing(app: Flask, run: Run) -> None:
    run("contest", "load", file=FUTURE)
    small, good = (run("bank", "load", file=makers.bank_text(size)) for size in (4, 12))
    assert small.output.splitlines() == [
        "Đã nạp bộ câu hỏi.",
        *(f"Còn thiếu: Tuần {week}: bộ câu hỏi còn thiếu 1 câu." for week in (1, 2)),
    ]
    assert good.output == "Đã nạp bộ câu hỏi.\n"
    assert count(app, DbBank) == [2]


def test_bank_load_takes_the_name_that_the_contest_file_gives_the_bank(app: Flask, run: Run) -> None:
    assert run("contest", "load", file=TWO_BANKS).exit_code == 0
    unknown = run("bank", "load", "--name", "tuan-3", file=makers.bank_text())
    assert unknown.exit_code == 1
    assert "Các bộ câu hỏi của hội thi: (bộ câu hỏi chính), tuan-2." in unknown.output
    second = run("bank", "load", "--name", "tuan-2", file=makers.bank_text())
    assert second.output.splitlines() == [
        "Đã nạp bộ câu hỏi tuan-2.",
        "Còn thiếu: Chưa có bộ câu hỏi (lệnh flask bank load TỆP).",
    ]


def test_bank_load_without_a_contest_is_refused(app: Flask, run: Run) -> None:
    result = run("bank", "load", file=makers.bank_text())
    assert (result.exit_code, result.stdout) == (1, "")
    assert "Chưa có hội thi nào" in result.stderr
    assert count(app, DbBank) == [0]


def test_a_file_that_is_not_there_is_refused(run: Run) -> None:
    for command in (("bank", "check"), ("bank", "load"), ("contest", "check"), ("contest", "load")):
        assert run(*command, "/no/such/file.yaml").exit_code == 2


# Contests


def test_contest_check_prints_the_rules_and_loads_nothing(app: Flask, run: Run) -> None:
    result = run("contest", "check", file=makers.CONTEST)
    assert (result.exit_code, result.stderr) == (0, "")
    told = result.stdout.splitlines()
    assert told[0] == "Hội thi thử nghiệm"
    assert "  - Mỗi người được thi một lần mỗi tuần." in told
    assert count(app, DbContest, DbInstallation) == [0, 0]


TWO_BANKS = makers.CONTEST.replace("2024-10-14 08:00", "2024-10-14 08:00, paper: {bank: tuan-2, topics: [chung]}")


def to_do(result: Result) -> list[str]:
    """What a check says is left to do; it must have found the file good."""
    assert (result.exit_code, result.stderr) == (0, "")
    told = result.stdout.splitlines()
    return told[told.index("Còn phải làm trước khi mở") + 1 :]


def test_contest_check_says_what_the_database_lacks_with_the_banks_given(app: Flask, run: Run, tmp_path: Path) -> None:
    enough, few = tmp_path / "enough.yaml", tmp_path / "few.yaml"
    enough.write_text(makers.bank_text(12), "utf-8")
    few.write_text(makers.bank_text(3), "utf-8")
    result = run("contest", "check", "--bank", str(enough), "--bank", f"tuan-2={few}", file=TWO_BANKS)
    assert f"  - bộ câu hỏi: {enough}, 12 câu" in result.stdout
    assert "Chủ đề chung" in result.stdout
    left = to_do(result)
    assert [line for line in left if "câu." in line] == ["  - Tuần 2: bộ câu hỏi “tuan-2” còn thiếu 2 câu."]
    assert "  - Chưa nạp bộ câu hỏi “tuan-2” (lệnh flask bank load TỆP --name tuan-2)." in left
    assert "  - Chưa nạp tệp thể lệ (lệnh flask contest load TỆP)." in left
    assert any("Chưa nạp danh sách: 0 cơ quan, 0 người" in line for line in left)
    assert count(app, DbContest, DbBank, DbInstallation) == [0, 0, 0]


def test_a_bank_is_split_into_files_that_share_no_question_and_can_be_loaded(run: Run, tmp_path: Path) -> None:
    split = run("bank", "split", "--into", "3", file=makers.bank_text(10))
    files = [tmp_path / f"given.tuan-{week}.yaml" for week in (1, 2, 3)]
    ids = [[question.id for question in parse_bank(file.read_bytes()).questions] for file in files]
    assert sorted(map(len, ids)) == [3, 3, 4]
    assert len({one for part in ids for one in part}) == 10
    assert f"  flask bank load {files[1]} --name tuan-2" in split.stdout.splitlines()
    again = run("bank", "split", "--into", "3", file=makers.bank_text(10))
    assert (again.exit_code, "Đã có tệp given.tuan-1.yaml" in again.stderr) == (1, True)


def test_contest_check_tells_what_sharing_a_bank_costs(run: Run) -> None:
    assert "Nên biết: Tuần 1 và Tuần 2 dùng chung bộ câu hỏi" in run("contest", "check", file=makers.CONTEST).stdout
    assert "Nên biết" not in run("contest", "check", file=TWO_BANKS).stdout


def test_contest_check_takes_the_banks_that_are_loaded_and_says_so(app: Flask, run: Run) -> None:
    run("contest", "load", file=FUTURE)
    run("bank", "load", file=makers.bank_text(7))
    result = run("contest", "check", file=FUTURE)
    assert "  - bộ câu hỏi: đã nạp vào hệ thống, 7 câu" in result.stdout
    assert not [line for line in to_do(result) if "bộ câu hỏi" in line or "tệp thể lệ" in line]


def test_contest_check_takes_the_projects_bank_where_there_is_no_other(run: Run) -> None:
    result = run("contest", "check", file=TWO_BANKS)
    assert "  - bộ câu hỏi: question_bank.yaml (muốn dùng tệp khác thì ghi --bank TỆP), " in result.stdout
    left = to_do(result)
    assert "  - Chưa có bộ câu hỏi “tuan-2” (lệnh flask bank load TỆP --name tuan-2)." in left
    assert "  - Chưa nạp bộ câu hỏi (lệnh flask bank load TỆP)." in left


def test_contest_check_does_not_fail_for_a_faulty_bank_that_nobody_named(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    faulty = tmp_path / "bank.yaml"
    faulty.write_text(makers.bank_text(12).replace("key: A", "key: E", 1), "utf-8")
    monkeypatch.setattr(cli_contest, "MAIN_BANK", faulty)
    result = run("contest", "check", file=makers.CONTEST)
    assert (result.exit_code, result.stderr) == (0, "bank.yaml có 1 lỗi nên không dùng (lệnh flask bank check).\n")
    assert "  - Chưa có bộ câu hỏi (lệnh flask bank load TỆP)." in result.stdout


def test_contest_check_says_so_where_nothing_is_left(app: Flask, run: Run) -> None:
    run("contest", "load", file=FUTURE)
    run("bank", "load", file=makers.bank_text(12))
    with app.app_context():
        agency = makers.add_agency()
        for staff_code, role in (("BTC1", Role.ORGANISER), ("BTC2", Role.ORGANISER), ("DM1", Role.COORDINATOR)):
            person = makers.add_person(staff_code, agency, roles=[role], activated=False)
        db.session.add(DbBarred(contest_id=1, person_id=person, group_code="ban-to-chuc"))
        db.session.commit()
    result = run("contest", "check", file=FUTURE)
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.splitlines()[-1] == "Không còn việc gì phải làm trước khi mở."


def test_contest_check_without_tables_prints_the_list_of_everything(new_app: Flask, tmp_path: Path) -> None:
    path = tmp_path / "rules.yaml"
    path.write_text(FUTURE, "utf-8")
    result = new_app.test_cli_runner().invoke(args=["contest", "check", str(path)])
    assert result.exit_code == 0
    assert result.stderr == "Không đọc được cơ sở dữ liệu (đã chạy flask db upgrade chưa?).\n"
    assert "\nCòn phải làm trước khi mở (chưa đối chiếu với cơ sở dữ liệu)\n" in result.stdout
    assert "  - Nạp tệp thể lệ (lệnh flask contest load TỆP)." in result.stdout


def test_contest_check_names_the_faults_of_a_bank_by_its_file(run: Run, tmp_path: Path) -> None:
    faulty = tmp_path / "faulty.yaml"
    faulty.write_text(makers.bank_text(12).replace("key: A", "key: E", 1), "utf-8")
    result = run("contest", "check", "--bank", str(faulty), file=makers.CONTEST)
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith(f"{faulty}: dòng 13: ")


@pytest.mark.parametrize("wrong", ["tuan-3={}", "tuan-2={0} tuan-2={0}", "tuan-2=/no/such/file", "/no/such/file"])
def test_contest_check_refuses_banks_that_the_rules_do_not_use(run: Run, tmp_path: Path, wrong: str) -> None:
    path = tmp_path / "bank.yaml"
    path.write_text(makers.bank_text(12), "utf-8")
    options = [part for bank in wrong.format(path).split() for part in ("--bank", bank)]
    result = run("contest", "check", *options, file=TWO_BANKS)
    assert (result.exit_code, result.stdout) == (2, "")


def test_checks_need_neither_settings_nor_database(tmp_path: Path) -> None:
    rules, bank = tmp_path / "rules.yaml", tmp_path / "bank.yaml"
    rules.write_text(makers.CONTEST, "utf-8")
    bank.write_text(makers.bank_text(12), "utf-8")
    result = (
        cli.only_checks("SECRET_KEY")
        .test_cli_runner()
        .invoke(args=["contest", "check", "--bank", str(bank), str(rules)])
    )
    assert result.exit_code == 0
    assert "\nCòn phải làm trước khi mở (chưa đối chiếu với cơ sở dữ liệu)\n" in result.stdout
    assert "Trao quyền Ban Tổ chức cho ít nhất hai người" in result.stdout


def test_contest_load_stores_the_contest_and_claims_the_database_as_real(app: Flask, run: Run) -> None:
    assert run("contest", "load", file=FUTURE).exit_code == 0
    assert run("contest", "load", file=FUTURE.replace("thử nghiệm", "mới")).exit_code == 0
    assert count(app, DbContest, DbWeek, DbInstallation, DbAuditEntry) == [1, 2, 1, 2]
    with app.app_context():
        week = db.session.scalars(select(DbWeek).order_by(DbWeek.number)).first()
        assert week is not None
        assert {len(week.draw_seed), len(week.lot_seed), len({week.draw_seed, week.lot_seed})} == {32, 2}
        assert db.session.scalars(select(DbInstallation.kind)).all() == ["real"]


@pytest.mark.parametrize("command", ["check", "load"])
def test_a_faulty_contest_is_refused_and_nothing_is_loaded(app: Flask, run: Run, command: str) -> None:
    result = run("contest", command, file=FUTURE.replace("minutes: 10", "minutes: 0").replace("count: 1}", "count: x}"))
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.splitlines()[-1].endswith("2 lỗi, chưa nạp gì.")
    assert count(app, DbContest, DbInstallation, DbAuditEntry) == [0, 0, 0]


def test_contest_load_refuses_to_move_a_week_that_has_opened(app: Flask, run: Run) -> None:
    run("contest", "load", file=makers.CONTEST)  # long over
    result = run("contest", "load", file=FUTURE)
    assert (result.exit_code, result.stdout) == (1, "")
    assert "Tuần 1 đã mở" in result.stderr
    with app.app_context():
        assert db.session.scalars(select(DbContest.rules)).all() == [makers.CONTEST.encode()]


# The passphrase of open registration


def test_contest_passphrase_is_asked_for_twice_and_never_shown(app: Flask, run: Run) -> None:
    run("contest", "load", file=FUTURE + "registration: open\n")
    typed = f"{makers.PASSPHRASE}\n{makers.PASSPHRASE}\n"
    result = app.test_cli_runner().invoke(args=["contest", "passphrase"], input=typed)
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.output.splitlines()[-1] == "Đã đặt mã tham gia. Trang đăng ký: /dang-ky"
    assert makers.PASSPHRASE not in result.output
    with app.app_context():
        stored = db.session.scalars(select(DbContest.passphrase_hash)).one()
        facts = db.session.scalars(select(DbAuditEntry.facts)).all()
    assert stored is not None
    assert stored.startswith("$argon2id$")
    assert makers.PASSPHRASE not in stored + "".join(facts)


@pytest.mark.parametrize(
    ("text", "typed", "told"),
    [
        (FUTURE + "registration: open\n", "ngắn", "Mã tham gia cần ít nhất 8 ký tự."),
        (FUTURE, makers.PASSPHRASE, "Hội thi này không tự đăng ký"),
    ],
)
def test_contest_passphrase_is_refused(app: Flask, run: Run, text: str, typed: str, told: str) -> None:
    run("contest", "load", file=text)
    result = app.test_cli_runner().invoke(args=["contest", "passphrase"], input=f"{typed}\n{typed}\n")
    assert result.exit_code == 1
    assert told in result.stderr
    with app.app_context():
        assert db.session.scalars(select(DbContest.passphrase_hash)).all() == [None]


# Accounts


@pytest.fixture
def hoa(app: Flask) -> int:
    """HP1, with a password."""
    with app.app_context():
        return makers.add_person("HP1", makers.add_agency(), "Lê Thị Hoa")


def test_account_grant_gives_a_role_once(app: Flask, run: Run, hoa: int) -> None:
    for _ in range(2):
        assert run("account", "grant", "HP1", "admin").output == "Đã trao vai trò admin cho HP1.\n"
    with app.app_context():
        rows = db.session.execute(select(DbRoleGrant.person_id, DbRoleGrant.role)).all()
        assert [tuple(row) for row in rows] == [(hoa, "admin")]


def test_account_grant_refuses_unknown_people_and_roles(app: Flask, run: Run, hoa: int) -> None:
    assert run("account", "grant", "HP2", "admin").exit_code == 1
    assert run("account", "grant", "HP1", "participant").exit_code == 2
    assert run("account", "grant", "HP1", "king").exit_code == 2
    assert count(app, DbRoleGrant, DbAuditEntry) == [0, 0]


def test_account_code_prints_a_code_that_works_and_ends_the_password(app: Flask, run: Run, hoa: int) -> None:
    result = run("account", "code", "HP1")
    assert result.exit_code == 0
    code = result.output.removeprefix("Mã kích hoạt của HP1: ").removesuffix(" (trang /kich-hoat)\n")
    assert len(code) == 14
    with app.app_context():
        candidate = accounts.find_candidate(db.session(), "HP1", "192.0.2.1", makers.BEFORE)
        assert accounts.knows_activation_code(candidate, code)
        assert not accounts.knows_password(candidate, makers.PASSWORD)
        assert [code in row.facts for row in db.session.scalars(select(DbAuditEntry))] == [False]


def test_account_code_for_nobody_is_refused(app: Flask, run: Run, hoa: int) -> None:
    result = run("account", "code", "HP2")
    assert (result.exit_code, result.stdout) == (1, "")
    assert count(app, DbAuditEntry) == [0]
