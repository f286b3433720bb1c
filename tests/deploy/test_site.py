"""The whole of it on loopback: three web processes, one PostgreSQL, nginx in front, by the files of `deploy/`."""

from __future__ import annotations

import http.client
import re
import shutil
import ssl
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import Message
from pathlib import Path

import pytest
import sqlalchemy
from flask import Flask
from sqlalchemy.exc import ProgrammingError

from quiz.app import create_app
from quiz.config import Config
from quiz.models import db
from tests.conftest import SECRET
from tests.deploy import rolling, slow_loris
from tests.deploy.database import free_port
from tests.deploy.site import NAME, Proxy, Site, nginx, standing

pytestmark = pytest.mark.skipif(
    not shutil.which("nginx") or not shutil.which("openssl"), reason="nginx or openssl is not installed"
)
PEOPLE = 6
HELD = 400


@contextmanager
def place() -> Iterator[Path]:
    """A folder that the users of PostgreSQL and nginx may enter, unlike those of pytest."""
    with tempfile.TemporaryDirectory(prefix="quiz-site-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    """One for all tests of this module."""
    with place() as folder, standing(folder, PEOPLE) as whole:
        yield whole


@pytest.fixture(scope="module")
def reader(site: Site) -> Iterator[Flask]:
    """The application on a connection that refuses to write, as a standby does."""
    url = site.database.url("web") + "?options=-c%20default_transaction_read_only%3Don"
    app = create_app(Config(database_url=url, secret_key=SECRET, https=False, testing=True))
    with app.app_context():
        assert db.session.scalar(sqlalchemy.text("SHOW transaction_read_only")) == "on"
        db.session.remove()
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def get(proxy: Proxy, path: str, **headers: str) -> tuple[int, Message, str]:
    """Status, headers and text of what a stranger gets, once nginx has written it down."""
    written, connection = len(proxy.log()), proxy.connect()
    connection.request("GET", path, headers={name.replace("_", "-"): value for name, value in headers.items()})
    answer = connection.getresponse()
    text = answer.read().decode("utf-8", "replace")
    connection.close()
    while len(proxy.log()) == written:
        time.sleep(0.01)
    return answer.status, answer.headers, text


def seen_by_nginx(proxy: Proxy) -> str:
    """What the last line of the log says of nginx's own memory: HIT, MISS, BYPASS, `-` where it kept nothing."""
    return proxy.log().splitlines()[-1].split()[-2]


def test_only_the_sites_own_name_is_answered(site: Site) -> None:
    with pytest.raises(ssl.SSLError):
        site.proxy.connect("other.example.gov.vn")
    plain = http.client.HTTPConnection("127.0.0.1", site.proxy.plain_port, timeout=10)
    plain.request("GET", "/the-le", headers={"Host": NAME})
    answer = plain.getresponse()
    assert (answer.status, answer.headers["Location"]) == (308, f"https://{NAME}/the-le")
    plain.close()
    plain.request("GET", "/the-le", headers={"Host": "other.example.gov.vn"})
    with pytest.raises(http.client.RemoteDisconnected):
        plain.getresponse()


@pytest.mark.parametrize("path", ["/metrics", "/healthz", "/readyz"])
def test_what_the_machines_ask_is_not_public(site: Site, path: str) -> None:
    assert get(site.proxy, path)[0] == 404


def test_what_a_client_says_of_itself_is_overwritten(site: Site) -> None:
    said = {"X_Forwarded_Host": "evil.example", "X_Forwarded_Proto": "http", "X_Forwarded_For": "203.0.113.7"}
    status, headers, text = get(site.proxy, "/the-le", X_Request_ID="mine", **said)
    assert (status, headers["Strict-Transport-Security"]) == (200, "max-age=31536000; includeSubDomains")
    assert "evil.example" not in text
    assert headers["X-Request-ID"] != "mine"


def test_public_pages_are_kept_for_a_moment_and_for_strangers_only(site: Site) -> None:
    assert [(get(site.proxy, "/the-le?lan=1")[0], seen_by_nginx(site.proxy)) for _ in range(2)] == [
        (200, "MISS"),
        (200, "HIT"),
    ]
    get(site.proxy, "/the-le?lan=1", Cookie="language=en")
    assert seen_by_nginx(site.proxy) == "BYPASS"
    for _ in range(2):
        get(site.proxy, "/dang-nhap")
        assert seen_by_nginx(site.proxy) != "HIT"


def test_files_are_kept_under_the_address_of_their_content_alone(site: Site) -> None:
    found = re.search(r'href="(/static/app\.css\?v=\w+)"', get(site.proxy, "/the-le")[2])
    assert found
    for seen in ("MISS", "HIT"):
        status, headers, _ = get(site.proxy, found[1], Accept_Encoding="gzip", Cookie="session=whatever")
        assert (status, headers["Content-Encoding"], headers["Set-Cookie"]) == (200, "gzip", None)
        assert headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert seen_by_nginx(site.proxy) == seen
    for _ in range(2):
        _, headers, _ = get(site.proxy, "/static/app.css?v=0123456789")
        assert (headers["Cache-Control"], seen_by_nginx(site.proxy)) == ("no-cache", "MISS")


def test_the_log_tells_no_codes(site: Site) -> None:
    get(site.proxy, "/kich-hoat?can-bo=P1&ma=SECRETCODE", User_Agent="told-to-nobody")
    assert " /kich-hoat" in site.proxy.log().replace('"GET', "")
    assert "SECRETCODE" not in site.proxy.log()
    assert "told-to-nobody" not in site.proxy.log()


def test_where_no_process_answers_people_are_told_to_wait() -> None:
    nobody = [f"127.0.0.1:{free_port()}", f"127.0.0.1:{free_port()}"]
    with place() as folder, nginx(folder / "nginx", nobody) as proxy:
        status, headers, text = get(proxy, "/thi")
    assert (status, headers["Retry-After"], headers["Cache-Control"]) == (503, "5", "no-store")
    assert headers["Content-Type"] == "text/html; charset=utf-8"
    assert "Bài thi đã lưu không mất" in text


@pytest.mark.parametrize("role", ["web", "scheduler"])
@pytest.mark.parametrize(
    "statement",
    ["CREATE TABLE mine (id int)", "DROP TABLE attempts", "TRUNCATE attempts", "CREATE TEMP TABLE t (i int)"],
)
def test_roles_write_rows_but_no_tables(site: Site, role: str, statement: str) -> None:
    engine = sqlalchemy.create_engine(site.database.url(role))
    with pytest.raises(ProgrammingError, match=r"permission denied|must be owner"), engine.begin() as connection:
        connection.exec_driver_sql(statement)
    engine.dispose()


def test_a_copy_that_was_put_back_is_open_to_both_roles(site: Site) -> None:
    """`flask restore` makes the schema anew."""
    owner, web = (sqlalchemy.create_engine(site.database.url(role)) for role in ("owner", "web"))
    with owner.begin() as connection:
        connection.exec_driver_sql("CREATE SCHEMA anew")
        connection.exec_driver_sql("CREATE TABLE anew.rows (id int GENERATED BY DEFAULT AS IDENTITY, word text)")
    with web.begin() as connection:
        connection.exec_driver_sql("INSERT INTO anew.rows (word) VALUES ('kept')")
        assert connection.exec_driver_sql("SELECT word FROM anew.rows").scalar() == "kept"
    with owner.begin() as connection:
        connection.exec_driver_sql("DROP SCHEMA anew CASCADE")
    owner.dispose()
    web.dispose()


@pytest.mark.parametrize("path", ["/", "/the-le", "/ket-qua", "/kiem-chung", "/ty-le-tham-gia", "/ap-phich", "/readyz"])
def test_strangers_read_from_a_database_that_refuses_to_write(reader: Flask, path: str) -> None:
    """So public pages may be served from a standby: docs/going-further.md."""
    answer = reader.test_client().get(path)
    assert answer.status_code == 200


def test_postgresql_keeps_what_it_acknowledges(site: Site) -> None:
    engine = sqlalchemy.create_engine(site.database.url("web"))
    with engine.connect() as connection:
        settings = {
            name: connection.exec_driver_sql(f"SHOW {name}").scalar()
            for name in ("fsync", "synchronous_commit", "full_page_writes", "data_checksums", "statement_timeout")
        }
    engine.dispose()
    assert settings == {
        "fsync": "on",
        "synchronous_commit": "on",
        "full_page_writes": "on",
        "data_checksums": "on",
        "statement_timeout": "1min",
    }


def test_half_open_connections_keep_nobody_out(site: Site) -> None:
    slow_loris.visit(site.proxy, 3)
    with slow_loris.holding(site.proxy, HELD) as held:
        slow_loris.drip(held)
        waited = slow_loris.visit(site.proxy, 20)
    assert waited.answered == waited.asked
    assert waited.worst < 2


def test_each_process_restarts_in_turn_and_nobody_notices(site: Site) -> None:
    """No save fails after one retry, nothing acknowledged is lost, nobody is signed out."""
    outcome = rolling.roll(site, PEOPLE, rounds=1, pause=0.2)
    assert outcome.restarts == 3
    assert outcome.failures == []
    assert outcome.lost == []
    assert outcome.saves > PEOPLE * 10
