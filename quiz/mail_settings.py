"""How mail leaves this installation: the SMTP server, the sender, the address of the site. All of it, or no mail."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.utils import parseaddr
from enum import StrEnum
from urllib.parse import parse_qs, unquote, urlsplit

NEEDED = ("QUIZ_SMTP_URL", "QUIZ_MAIL_FROM", "QUIZ_BASE_URL")
PER_MINUTE = 60
MOST_OF_AN_ADDRESS = 200
_BASE_URL = re.compile(r"https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?(/[A-Za-z0-9/_.~-]*)?")
_PLAIN_ADDRESS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")


class Encryption(StrEnum):
    """When the connection is encrypted: never, after STARTTLS, from its first byte."""

    NONE = "none"
    STARTTLS = "starttls"
    TLS = "tls"


PORTS = {Encryption.NONE: 25, Encryption.STARTTLS: 587, Encryption.TLS: 465}


@dataclass(frozen=True, kw_only=True)
class MailServer:
    """The server that takes our mail; it is signed in to where there is a user."""

    host: str
    port: int
    encryption: Encryption = Encryption.NONE
    user: str = ""
    password: str = field(default="", repr=False)


@dataclass(frozen=True, kw_only=True)
class MailSettings:
    """`sender` stands in From; `bounces` is the address to which servers return what they could not deliver."""

    server: MailServer
    sender: str
    bounces: str
    base_url: str
    per_minute: int = PER_MINUTE

    @property
    def host(self) -> str:
        """The name of the site, by which we introduce ourselves and which ends every Message-ID."""
        return urlsplit(self.base_url).hostname or ""


def is_mailable(address: str | None) -> bool:
    """Whether mail can be sent there: one plain address, ASCII only, at most 254 characters."""
    return bool(address and len(address) <= 254 and _PLAIN_ADDRESS.fullmatch(address))


def mail_settings(environment: Mapping[str, str]) -> MailSettings | None:
    """The settings, None where nothing is set; raises ValueError naming the variable that is missing or wrong."""
    given = [name for name in NEEDED if environment.get(name)]
    if not given:
        return None
    for name in NEEDED:
        if name not in given:
            raise ValueError(f"{name} is not set, but {given[0]} is; see README.md, section Configuration")
    sender = environment["QUIZ_MAIL_FROM"]
    return MailSettings(
        server=_server(environment["QUIZ_SMTP_URL"]),
        sender=sender,
        bounces=_address("QUIZ_MAIL_BOUNCES", environment.get("QUIZ_MAIL_BOUNCES") or _address(NEEDED[1], sender)),
        base_url=_base_url(environment["QUIZ_BASE_URL"]),
        per_minute=_per_minute(environment.get("QUIZ_MAIL_PER_MINUTE", str(PER_MINUTE))),
    )


def _server(url: str) -> MailServer:
    """The address is never quoted in an error: it may hold a password."""
    try:
        parts = urlsplit(url)
        host, port, options = parts.hostname, parts.port, parse_qs(parts.query, strict_parsing=bool(parts.query))
    except ValueError:
        raise ValueError("QUIZ_SMTP_URL cannot be read") from None
    if parts.scheme not in {"smtp", "smtps"} or not host or options not in ({}, {"starttls": ["1"]}):
        raise ValueError("QUIZ_SMTP_URL must be smtp://host:port, smtp://host:port?starttls=1 or smtps://host:port")
    encryption = Encryption.STARTTLS if options else Encryption.NONE
    if parts.scheme == "smtps":
        encryption = Encryption.TLS
    if parts.username and encryption is Encryption.NONE:
        raise ValueError("QUIZ_SMTP_URL would send a password unencrypted; use smtps:// or ?starttls=1")
    return MailServer(
        host=host,
        port=port or PORTS[encryption],
        encryption=encryption,
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
    )


def _address(name: str, text: str) -> str:
    address = parseaddr(text)[1]
    if not is_mailable(address) or "\n" in text or "\r" in text:
        raise ValueError(f"{name} must be an address such as Hội thi <hoithi@example.vn>, not {text!r}")
    return address


def _base_url(text: str) -> str:
    """It stands in a header of every letter, so nothing but ASCII, in one piece and not too long."""
    if len(text) > MOST_OF_AN_ADDRESS or not _BASE_URL.fullmatch(text):
        raise ValueError(f"QUIZ_BASE_URL must be the address of the site, such as https://example.vn, not {text!r}")
    return text.rstrip("/")


def _per_minute(text: str) -> int:
    if not text.isdecimal() or int(text) == 0:
        raise ValueError(f"QUIZ_MAIL_PER_MINUTE must be a whole number from 1, not {text!r}")
    return int(text)
