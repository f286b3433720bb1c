"""Settings, read once from the environment into a frozen value."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from quiz.heads_file import heads_path
from quiz.mail_settings import MailSettings, mail_settings

ROOT = Path(__file__).resolve().parent.parent
SECRET_MINIMUM = 32
TOKEN_MINIMUM = 16


@dataclass(frozen=True, kw_only=True)
class Config:
    """One installation. Every field can be set by the environment variable named beside it in `from_environment`."""

    database_url: str
    secret_key: str
    https: bool = True
    trusted_proxies: int = 0
    password_minimum: int = 14
    staff_idle: timedelta = timedelta(minutes=30)
    participant_session: timedelta = timedelta(days=8)
    mail: MailSettings | None = None
    heads_file: Path | None = None
    database_disk: Path | None = None
    disk_full_percent: int = 90
    metrics_token: str = field(default="", repr=False)
    metrics_port: int = 0
    testing: bool = False

    def __post_init__(self) -> None:
        if len(self.secret_key) < SECRET_MINIMUM:
            raise ValueError(f"QUIZ_SECRET_KEY must have at least {SECRET_MINIMUM} characters")
        if self.metrics_token and len(self.metrics_token) < TOKEN_MINIMUM:
            raise ValueError(f"QUIZ_METRICS_TOKEN must have at least {TOKEN_MINIMUM} characters")

    @property
    def id_number_key(self) -> bytes:
        """What ID numbers are hashed with: derived under a label of its own, so that there is one secret to keep."""
        return hmac.digest(self.secret_key.encode(), b"quiz: ID numbers of registrations", "sha256")

    @property
    def certificate_key(self) -> bytes:
        """What the codes of certificates are made with."""
        return hmac.digest(self.secret_key.encode(), b"quiz: codes of certificates", "sha256")

    @property
    def device_key(self) -> bytes:
        """What the devices of those who sit are hashed with."""
        return hmac.digest(self.secret_key.encode(), b"quiz: devices of attempts", "sha256")

    @property
    def is_sqlite(self) -> bool:
        """Whether the embedded database is used."""
        return self.database_url.startswith("sqlite")


def from_environment(environment: Mapping[str, str]) -> Config:
    """The settings of this process; raises ValueError naming the variable that is missing or wrong."""
    for name in ("QUIZ_DATABASE_URL", "QUIZ_SECRET_KEY"):
        if not environment.get(name):
            raise ValueError(f"{name} is not set; see README.md, section Configuration")
    return Config(
        database_url=environment["QUIZ_DATABASE_URL"],
        secret_key=environment["QUIZ_SECRET_KEY"],
        https=_switch(environment, "QUIZ_HTTPS", default=True),
        trusted_proxies=_number(environment, "QUIZ_TRUSTED_PROXIES", 0),
        password_minimum=_number(environment, "QUIZ_PASSWORD_MINIMUM", 14),
        staff_idle=timedelta(minutes=_number(environment, "QUIZ_STAFF_IDLE_MINUTES", 30)),
        participant_session=timedelta(days=_number(environment, "QUIZ_SESSION_DAYS", 8)),
        mail=mail_settings(environment),
        metrics_token=environment.get("QUIZ_METRICS_TOKEN", ""),
        metrics_port=_number(environment, "QUIZ_METRICS_PORT", 0),
        heads_file=heads_path(environment, environment["QUIZ_DATABASE_URL"]),
        database_disk=Path(environment["QUIZ_DATABASE_DISK"]) if environment.get("QUIZ_DATABASE_DISK") else None,
        disk_full_percent=_number(environment, "QUIZ_DISK_FULL_PERCENT", 90),
    )


def _switch(environment: Mapping[str, str], name: str, *, default: bool) -> bool:
    text = environment.get(name, "1" if default else "0")
    if text not in {"0", "1"}:
        raise ValueError(f"{name} must be 0 or 1, not {text!r}")
    return text == "1"


def _number(environment: Mapping[str, str], name: str, default: int) -> int:
    text = environment.get(name, str(default))
    if not text.isdecimal():
        raise ValueError(f"{name} must be a whole number, not {text!r}")
    return int(text)
