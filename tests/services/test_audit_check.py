"""A database whose log somebody touched: each way is told in its own words, at the first entry that it concerns."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import Connection, func, select, text
from sqlalchemy.orm import Session

from quiz.models import db
from quiz.models.audit import DbAuditCheck, DbAuditEntry
from quiz.services import Actor, audit, audit_check, audit_links, transaction
from quiz.services.audit import Act
from quiz.verification.audit_chain import GENESIS, Head, Verdict, facts_hash, link
from tests import makers

NOW = makers.BEFORE
STAFF = Actor(None, console="console:root")
COUNT = 9
COLUMNS = "at, actor_id, act, facts, reason, who, salt, facts_hash, link, erased, words"
Touch = Callable[[Connection], object]


@pytest.fixture
def log(session: Session) -> Session:
    """A log of nine acts."""
    makers.add_person("A1", makers.add_agency())
    for number in range(1, COUNT + 1):
        with transaction(STAFF) as writing:
            at = NOW + timedelta(hours=number)
            audit.record(writing, Act.DROP_ROSTER, STAFF, at, reason=f"Lý do {number}", file=f"{number}.xlsx")
    return session


def touch(how: Touch) -> None:
    """Behind the product's back."""
    with db.engine.connect().execution_options(writes=True) as connection:
        how(connection)
        connection.commit()


def run(*statements: str) -> Touch:
    return lambda connection: [connection.execute(text(each)) for each in statements]


def change(what: str, number: int = 4) -> Touch:
    return run(f"UPDATE audit_entries SET {what} WHERE id = {number}")


def shift(start: int, by: int) -> Touch:
    """Number every entry from `start` on anew; by way of negative numbers, since a number is there once."""
    return run(
        f"UPDATE audit_entries SET id = -(id + ({by})) WHERE id >= {start}",
        "UPDATE audit_entries SET id = -id WHERE id < 0",
    )


SWAP = run(
    "UPDATE audit_entries SET id = -4 WHERE id = 4",
    "UPDATE audit_entries SET id = 4 WHERE id = 7",
    "UPDATE audit_entries SET id = 7 WHERE id = -4",
)


def insert(number: int, like: int = 2) -> Touch:
    statement = (
        f"INSERT INTO audit_entries (id, {COLUMNS}) SELECT {number}, {COLUMNS} FROM audit_entries WHERE id = {like}"
    )
    return run(statement)


def rebuild(start: int) -> Touch:
    """Compute every hash anew from an entry on, and the head: what a skilled hand with every right would do."""

    def anew(connection: Connection) -> None:
        with Session(connection) as session:
            rows = {row.id: row for row in session.query(DbAuditEntry)}
            for number in range(start, len(rows) + 1):
                row, previous = rows[number], rows[number - 1].link if number > 1 else GENESIS
                row.facts_hash = facts_hash(row.salt, row.who, row.facts, row.reason)
                at = audit_check.moment(row.at)
                row.link = link(previous, number, at, row.actor_id, row.act, row.facts_hash)
            session.flush()
            newest = {"count": len(rows), "link": rows[len(rows)].link}
            session.execute(text("UPDATE audit_head SET count = :count, link = :link"), newest)
            session.flush()

    return anew


def both(*touches: Touch) -> Touch:
    return lambda connection: [each(connection) for each in touches]


def said(verdict: Verdict) -> str:
    """The sentence of a verdict; '' where nothing is wrong."""
    return audit_check.WORDS[verdict.fault] % {"number": verdict.number} if verdict.fault else ""


@pytest.mark.parametrize(
    ("how", "words"),
    [
        (change('facts = \'{"file": "5.xlsx"}\''), "Mục 4 đã bị sửa: mã người làm, dữ kiện hoặc lý do"),
        (change("reason = 'Lý do 5'"), "Mục 4 đã bị sửa: mã người làm, dữ kiện hoặc lý do"),
        (change("who = 'console:hoa'"), "Mục 4 đã bị sửa: mã người làm, dữ kiện hoặc lý do"),
        (change("actor_id = (SELECT id FROM people)"), "Mục 4 đã bị sửa: thời điểm, người làm, việc"),
        (change("at = '2024-10-01 00:00:00.000000'"), "Mục 4 đã bị sửa: thời điểm, người làm, việc"),
        (change("act = 'drop_questions'"), "Mục 4 đã bị sửa: thời điểm, người làm, việc"),
        (change("erased = (1 = 1), reason = 'đã xóa'"), "Mục 4 bị đánh dấu đã xóa dữ liệu mà không có hành động xóa"),
        (run("DELETE FROM audit_entries WHERE id = 4"), "Thiếu mục 4"),
        (both(run("DELETE FROM audit_entries WHERE id = 4"), shift(5, -1)), "Thiếu mục 4"),
        (both(shift(4, 1), insert(4)), "Mục 4 đã bị chèn thêm"),
        (insert(10), "Mục 10 đã bị chèn thêm"),
        (SWAP, "Từ mục 4, các mục đã bị đổi thứ tự"),
        (run("DELETE FROM audit_entries WHERE id > 6"), "Thiếu các mục từ số 7"),
        (run("DELETE FROM audit_entries"), "Thiếu các mục từ số 1"),
    ],
)
def test_what_was_done_to_the_log_is_said(log: Session, how: Touch, words: str) -> None:
    assert said(audit_check.verify(log)) == ""
    log.rollback()
    touch(how)
    assert said(audit_check.verify(log)).startswith(words)


@pytest.mark.parametrize(
    ("how", "words"),
    [
        (both(change("reason = 'Lý do 5'"), rebuild(4)), "Mã tại mục 6 khác mã đã ghi lại trước đây"),
        (both(run("DELETE FROM audit_entries WHERE id > 4"), rebuild(4)), "Thiếu các mục từ số 5"),
    ],
)
def test_what_is_rebuilt_to_the_end_is_told_by_heads_alone(log: Session, how: Touch, words: str) -> None:
    outside = Head(6, log.get_one(DbAuditEntry, 6).link)
    log.rollback()
    touch(how)
    assert said(audit_check.verify(log)) == ""
    verdict = audit_check.verify(log, [outside])
    assert (said(verdict).startswith(words), verdict.head) == (True, outside)


def test_the_daily_check_is_a_head_of_its_own_and_is_made_once_a_day(log: Session) -> None:
    audit_check.verify_daily(NOW)
    log.rollback()
    touch(both(change("reason = 'Lý do 5'"), rebuild(4)))
    audit_check.verify_daily(NOW + timedelta(hours=23))
    first = audit_check.latest(log)
    audit_check.verify_daily(NOW + timedelta(hours=24))
    second = audit_check.latest(log)
    assert first is not None
    assert second is not None
    assert (first.fault, first.count, second.fault, second.number) == (None, 9, "rewritten", 9)


def test_a_copy_is_checked_as_the_database_is(log: Session) -> None:
    lines = [audit_check.to_line(entry) for entry in audit_check.entries(log)]
    newest = audit_links.head(log)
    copied = list(audit_check.from_lines(lines))
    assert (audit_check.check(copied, [newest]).fault, len(copied)) == (None, COUNT)


@pytest.mark.parametrize(
    "line",
    [
        "",
        "{}",
        "[]",
        "null",
        "{",
        '{"number": 1}',
        "\ufeff",
        json.dumps({"number": "1", "at": "\ud800"}),
    ],
)
def test_a_line_that_is_no_entry_is_named(log: Session, line: str) -> None:
    whole = audit_check.to_line(next(audit_check.entries(log)))
    with pytest.raises(ValueError, match=r"\A2\Z"):
        list(audit_check.from_lines([whole, line.encode()]))


def test_two_schedulers_that_check_at_once_write_it_down_once(log: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    verify = audit_check.verify

    def overtaken(session: Session) -> Verdict:
        monkeypatch.setattr(audit_check, "verify", verify)
        audit_check.verify_daily(NOW)
        return verify(session)

    monkeypatch.setattr(audit_check, "verify", overtaken)
    audit_check.verify_daily(NOW)
    log.rollback()
    assert log.scalar(select(func.count()).select_from(DbAuditCheck)) == 1
