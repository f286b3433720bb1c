"""Looks at the machine, the settings, the database and the contest, and lets the rules say how they are."""

from __future__ import annotations

import ctypes
import os
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

import sqlalchemy
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from quiz import smtp
from quiz.config import Config
from quiz.contest.schedule import Week
from quiz.doctor import rules
from quiz.doctor.findings import Finding, good, note, stop
from quiz.errors import Refused
from quiz.key_file import KeyFile
from quiz.models import db
from quiz.models.contests import DbBank
from quiz.models.people import DbPerson, DbRoleGrant
from quiz.permissions import Role
from quiz.services import (
    Transaction,
    contests,
    heartbeats,
    installations,
    key_sealing,
    lost_heads,
    monitor_health,
    readiness,
    reading,
    room,
    schema,
)
from quiz.services.contests import StoredContest
from quiz.vietnamese import moment, number

SOON = timedelta(days=2)
"""So long before a round opens, what is left to do for it becomes a fault."""
TIME_ERROR = 5
SERVER_SETTINGS = (
    *("fsync", "full_page_writes", "synchronous_commit", "data_checksums"),
    *("max_connections", "superuser_reserved_connections", "transaction_read_only"),
)
LONGEST_TIMEX = 512


def examine(config: Config, seal_key: Path, threads: int, now: datetime) -> Iterator[Finding]:
    """Everything, in the order in which it is mended; what cannot be looked at for an earlier fault is left out.

    `threads` are those of all web processes together.
    """
    try:
        at = _schema(config)
    except SQLAlchemyError:
        yield from rules.clock(_is_synchronised(), None)
        yield stop(
            "Cơ sở dữ liệu: không kết nối được",
            "xem QUIZ_DATABASE_URL đúng chưa, máy chủ cơ sở dữ liệu có chạy không; máy mới thì chạy flask db upgrade",
        )
        return
    session = reading()
    fits = schema.fits(at)
    health = monitor_health.look(session, now) if fits else None
    yield from rules.clock(_is_synchronised(), health.apart if health else None)
    yield rules.migrations(at, schema.needed())
    yield from _storage(config, health.storage.size if health else 0)
    yield from _durability(session, config, threads)
    if not fits or health is None:
        return
    yield from rules.settings(config, is_demo=installations.is_demo(session))
    yield from _seal_key(session, seal_key)
    yield _scheduler(health, now)
    yield from _mail(config)
    yield rules.organisers(_organisers(session), is_loaded=contests.find_current(session) is not None)
    yield from rules.people(session.scalar(select(func.count(DbPerson.id))) or 0, is_sqlite=config.is_sqlite)
    yield from _contest(session, now)


def _schema(config: Config) -> str:
    """The newest migration of the database, '' where there is none; raises SQLAlchemyError where nobody answers."""
    if config.is_sqlite and not _file(config).exists():
        raise SQLAlchemyError("connecting would make the file")
    with db.engine.connect() as connection:
        has_any = sqlalchemy.inspect(connection).has_table("alembic_version")
        return schema.found(connection) if has_any else ""


def _file(config: Config) -> Path:
    return Path(sqlalchemy.make_url(config.database_url).database or "")


def _is_synchronised() -> bool | None:
    """By the kernel's own word, which any time service sets; nothing is adjusted."""
    with suppress(OSError, AttributeError):
        state = ctypes.CDLL(None).adjtimex(ctypes.create_string_buffer(LONGEST_TIMEX))
        return None if state < 0 else state != TIME_ERROR
    return None


def _storage(config: Config, size: int) -> Iterator[Finding]:
    folder = room.folder_of(config)
    disk = room.look(folder) if folder else None
    if disk is None:
        yield note(
            "Đĩa của máy cơ sở dữ liệu không xem được từ đây, nên phần mềm không tự ngừng nhận lượt thi mới khi đĩa "
            "sắp đầy",
            "xem bằng df -h trên máy ấy; dọn khi quá 80 %; nếu ở chính máy này thì đặt QUIZ_DATABASE_DISK",
        )
    else:
        yield rules.space(str(folder), disk.free, size)
        yield from rules.fullness(str(folder), disk, config.disk_full_percent)
    if config.is_sqlite:
        file = _file(config)
        folder = file.absolute().parent
        if not (os.access(file, os.W_OK) and os.access(folder, os.W_OK)):
            yield stop(
                f"Không ghi được vào {file}", f"chạy bằng đúng tài khoản của dịch vụ, hoặc chown thư mục {folder}"
            )
        yield rules.secret_file("tệp cơ sở dữ liệu", str(file), file.stat().st_mode, f"chmod 600 {file}")


def _durability(session: Transaction, config: Config, threads: int) -> Iterator[Finding]:
    if config.is_sqlite:
        told = {
            each: str(session.scalar(sqlalchemy.text(f"PRAGMA {each}"))) for each in ("journal_mode", "synchronous")
        }
        yield from rules.embedded(told)
    else:
        told = {each: str(session.scalar(sqlalchemy.text(f"SHOW {each}"))) for each in SERVER_SETTINGS}
        yield from rules.server(told, threads)


def _seal_key(session: Transaction, path: Path) -> Iterator[Finding]:
    """The key that opens what is sealed: there, private, and the right one."""
    sealed = session.scalar(select(DbBank.sealed).where(DbBank.sealed.is_not(None)).limit(1))
    mend = f"chép khóa từ bản giữ riêng về {path} (chmod 600); không có khóa thì phải nạp lại bộ câu hỏi"
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        if key_sealing.is_nothing_sealed(session):
            yield good("Khóa niêm phong: chưa có gì niêm phong, bộ lập lịch sẽ tạo khóa")
        else:
            yield stop(f"Khóa niêm phong: mất tệp {path}", mend)
        return
    except PermissionError:
        yield note(f"Khóa niêm phong: tài khoản này không xem được {path}", "chạy lại bằng tài khoản của bộ lập lịch")
        return
    yield rules.secret_file("tệp khóa niêm phong", str(path), mode, f"chmod 600 {path}")
    if not os.access(path, os.R_OK):
        yield note("Khóa niêm phong: tài khoản này không đọc được tệp", "chạy lại bằng tài khoản của bộ lập lịch")
    elif sealed is not None:
        try:
            KeyFile(path).open(bytes(sealed))
            yield good("Khóa niêm phong: mở được đáp án đang niêm phong")
        except Refused:
            yield stop("Khóa niêm phong: không mở được đáp án đang niêm phong", mend)


def _scheduler(health: monitor_health.Health, now: datetime) -> Finding:
    mend = "khởi động lại bộ lập lịch (systemctl restart hoithi-scheduler) và xem nhật ký của nó"
    if since := heartbeats.marking_since(health.beats, now):
        return good(f"Bộ lập lịch: đang chấm một tuần từ {moment(since)}")
    silent = [part for part in (heartbeats.Part.CLOCK, heartbeats.Part.LONG) if part not in health.beats]
    late = [part for part, at in health.beats.items() if part != "marking" and heartbeats.is_silent(at, now)]
    if silent:
        return stop("Bộ lập lịch: chưa chạy lần nào trên cơ sở dữ liệu này", mend)
    if late:
        return stop(f"Bộ lập lịch: im lặng từ {moment(min(health.beats[part] for part in late))}", mend)
    if health.backlog.attempts:
        return note(f"Bộ lập lịch: {number(health.backlog.attempts)} lượt thi quá hạn chưa được kết thúc", mend)
    return good("Bộ lập lịch: đang chạy")


def _mail(config: Config) -> Iterator[Finding]:
    """The server is greeted and left; no letter is sent."""
    if config.mail is None:
        yield good("Thư điện tử: không dùng")
        return
    try:
        with smtp.connection(config.mail):
            yield good(f"Thư điện tử: máy chủ {config.mail.server.host} trả lời")
    except smtp.ServerAway as away:
        yield note(
            f"Thư điện tử: không gửi được ({away})",
            "kiểm tra QUIZ_SMTP_URL và máy chủ thư; hội thi vẫn chạy, thư chờ trong hàng",
        )


def _organisers(session: Transaction) -> int:
    held = select(func.count(DbPerson.id)).join(DbRoleGrant, DbRoleGrant.person_id == DbPerson.id)
    able = (DbRoleGrant.role == Role.ORGANISER, DbPerson.left_at.is_(None), DbPerson.password_hash.is_not(None))
    return session.scalar(held.where(*able)) or 0


def _contest(session: Transaction, now: datetime) -> Iterator[Finding]:
    contest = contests.find_current(session)
    if contest is None:
        yield note("Hội thi: chưa nạp thể lệ", "flask contest load schedules/TỆP.yaml")
        return
    for loss in lost_heads.unaccepted(session):
        yield stop(f"Cơ sở dữ liệu cũ hơn những gì đã công bố: {loss.words}", "xem flask heads check")
    yield from _left_to_do(session, contest, contests.as_extended(session, contest).next_week(now), now)


def _left_to_do(session: Transaction, contest: StoredContest, week: Week | None, now: datetime) -> Iterator[Finding]:
    """What the organiser still has to do: a fault where the round opens soon."""
    left = readiness.problems(session, contest, now)
    if week is None:
        yield good("Hội thi: không còn tuần nào sắp mở")
        return
    opens = f"{contest.rules.name_of(week)} mở lúc {moment(week.opens_at)}"
    say = stop if week.opens_at - now <= SOON else note
    yield from (say(f"Chuẩn bị: {words}", f"{opens}; xem flask contest check") for words in left)
    if not left:
        yield good(f"Chuẩn bị: {opens}, không còn việc phải làm")
