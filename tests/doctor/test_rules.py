"""From which figures on a server is not fit for a contest; each mend is there exactly where something is wrong."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

import pytest

from quiz.config import Config
from quiz.doctor import rules
from quiz.doctor.findings import Finding, Verdict, is_go
from quiz.mail_settings import mail_settings
from quiz.services.room import Disk

GOOD, NOTE, STOP = Verdict.GOOD, Verdict.NOTE, Verdict.STOP
GIB = 1 << 30
SERVER = {
    "fsync": "on",
    "full_page_writes": "on",
    "synchronous_commit": "on",
    "data_checksums": "on",
    "max_connections": "100",
    "superuser_reserved_connections": "3",
    "transaction_read_only": "off",
}
SECRET = "kR3mzVqf81LwTn0xPzYb52jGdEhUcAoS"
MAIL = {"QUIZ_SMTP_URL": "smtp://mail.example.vn", "QUIZ_MAIL_FROM": "a@example.vn"}


def verdicts(found: Iterable[Finding]) -> list[Verdict]:
    """What was said, each bad word with its mend."""
    findings = list(found)
    assert all(bool(finding.mend) is (finding.verdict is not GOOD) for finding in findings)
    return [finding.verdict for finding in findings]


def test_nothing_but_a_stop_says_no() -> None:
    assert is_go([Finding(GOOD, "a"), Finding(NOTE, "b", "c")])
    assert not is_go([Finding(GOOD, "a"), Finding(STOP, "b", "c")])


@pytest.mark.parametrize(
    ("is_synchronised", "apart", "said"),
    [
        (True, None, [GOOD]),
        (True, timedelta(seconds=2), [GOOD, GOOD]),
        (True, timedelta(seconds=-2, milliseconds=-1), [GOOD, STOP]),
        (True, timedelta(seconds=90), [GOOD, STOP]),
        (False, None, [STOP]),
        (None, None, [NOTE]),
    ],
)
def test_the_clock(is_synchronised: bool | None, apart: timedelta | None, said: list[Verdict]) -> None:
    assert verdicts(rules.clock(is_synchronised, apart)) == said


@pytest.mark.parametrize(
    ("free", "needed", "said"),
    [
        (GIB - 1, 0, STOP),
        (GIB, 0, NOTE),
        (5 * GIB, 0, GOOD),
        (5 * GIB, 5 * GIB + 1, STOP),
        (5 * GIB, 5 * GIB, NOTE),
        (25 * GIB, 5 * GIB, GOOD),
    ],
)
def test_space(free: int, needed: int, said: Verdict) -> None:
    assert verdicts([rules.space("/srv", free, needed)]) == [said]


@pytest.mark.parametrize(("used", "said"), [(89, []), (90, [STOP])])
def test_fullness(used: int, said: list[Verdict]) -> None:
    assert verdicts(rules.fullness("/srv", Disk(used=used, free=100 - used), 90)) == said


@pytest.mark.parametrize(
    ("mode", "synchronous", "said"), [("wal", "2", GOOD), ("wal", "3", GOOD), ("wal", "1", STOP), ("delete", "2", STOP)]
)
def test_the_embedded_database(mode: str, synchronous: str, said: Verdict) -> None:
    assert verdicts(rules.embedded({"journal_mode": mode, "synchronous": synchronous})) == [said]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({}, [GOOD, GOOD]),
        ({"synchronous_commit": "remote_apply"}, [GOOD, GOOD]),
        ({"synchronous_commit": "off"}, [STOP, GOOD]),
        ({"fsync": "off"}, [STOP, GOOD, GOOD]),
        ({"full_page_writes": "off"}, [STOP, GOOD, GOOD]),
        ({"data_checksums": "off"}, [GOOD, NOTE, GOOD]),
        ({"transaction_read_only": "on"}, [STOP, GOOD, GOOD]),
        ({"max_connections": "45"}, [GOOD, GOOD]),
        ({"max_connections": "44"}, [GOOD, STOP]),
    ],
)
def test_the_database_server_of_two_processes_with_eight_threads_each(
    changed: dict[str, str], said: list[Verdict]
) -> None:
    assert verdicts(rules.server(SERVER | changed, 16)) == said


def test_the_embedded_database_is_not_for_ten_thousand() -> None:
    assert verdicts(rules.people(9_999, is_sqlite=True)) == []
    assert verdicts(rules.people(10_000, is_sqlite=True)) == [NOTE]
    assert verdicts(rules.people(10_000, is_sqlite=False)) == []


@pytest.mark.parametrize(
    ("changed", "is_demo", "said"),
    [
        ({}, False, [GOOD]),
        ({"secret_key": "s" * 40}, False, [STOP, GOOD]),
        ({"https": False}, False, [STOP, GOOD]),
        ({"https": False}, True, [GOOD]),
        ({"trusted_proxies": 0}, False, [NOTE, GOOD]),
        ({"mail": mail_settings({**MAIL, "QUIZ_BASE_URL": "http://example.vn"})}, False, [STOP, GOOD]),
        ({"mail": mail_settings({**MAIL, "QUIZ_BASE_URL": "https://example.vn"})}, False, [GOOD]),
    ],
)
def test_the_settings(changed: dict[str, object], is_demo: bool, said: list[Verdict]) -> None:
    values = {"database_url": "sqlite://", "secret_key": SECRET, "trusted_proxies": 1} | changed
    assert verdicts(rules.settings(Config(**values), is_demo=is_demo)) == said  # type: ignore[arg-type]


@pytest.mark.parametrize(("mode", "said"), [(0o100600, GOOD), (0o100400, GOOD), (0o100640, STOP), (0o100604, STOP)])
def test_a_secret_file_is_read_by_its_owner_alone(mode: int, said: Verdict) -> None:
    assert verdicts([rules.secret_file("tệp", "/srv/x", mode, "chmod 600")]) == [said]


def test_migrations_may_be_newer_but_never_older() -> None:
    found = [rules.migrations(at, "0023") for at in ("", "0022", "0023", "0024")]
    assert verdicts(found) == [STOP, STOP, GOOD, NOTE]


def test_two_organisers_must_be_able_to_sign_in_once_there_is_a_contest() -> None:
    assert verdicts(rules.organisers(count, is_loaded=True) for count in (0, 1, 2)) == [STOP, STOP, GOOD]
    assert verdicts(rules.organisers(count, is_loaded=False) for count in (0, 1, 2)) == [NOTE, NOTE, GOOD]
