"""Mail as it leaves: a letter as a message, one connection to the server, and what the server said to each letter."""

from __future__ import annotations

import re
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import parseaddr
from enum import StrEnum

from quiz.mail_settings import Encryption, MailServer, MailSettings

TIMEOUT = 10
"""Seconds for every step but the last: a server may look long at a whole letter before it takes it."""
ACCEPTANCE_TIMEOUT = 60
NO_SUCH_ADDRESS = re.compile(r"\A5\.1\.(1|2|3|6|10)\b")
NOT_ALLOWED = re.compile(r"\A5\.7\.")
CLOSING = 421


class Outcome(StrEnum):
    """What became of a letter that was handed to the server."""

    TAKEN = "taken"
    LATER = "later"
    LETTER_REFUSED = "letter_refused"
    ADDRESS_REFUSED = "address_refused"
    NO_SUCH_ADDRESS = "no_such_address"
    SENDER_REFUSED = "sender_refused"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Answer:
    """An outcome, with the server's own words or what went wrong on the way."""

    outcome: Outcome
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """One letter with everything that its message needs, so that sending it again makes the same message."""

    address: str
    subject: str
    text: str
    html: str
    unsubscribe_url: str
    message_id: str
    written_at: datetime


class ServerAway(Exception):
    """The server cannot be reached or does not let us in; no letter has been touched."""


class _Policy(EmailPolicy):
    """Lines of mail, but an address of a web page in one piece: the standard library would encode a long one."""

    def fold_binary(self, name: str, value: str) -> bytes:
        if name == "List-Unsubscribe":
            return f"{name}: {value}\r\n".encode("ascii")
        return super().fold_binary(name, value)


POLICY = _Policy(linesep="\r\n")


def message(mail: Mail, sender: str) -> EmailMessage:
    """The letter in plain text and HTML, marked as automatic, with one click to have no more of its kind."""
    made = EmailMessage(policy=POLICY)
    name, address = parseaddr(sender)
    made["From"] = Address(display_name=name, addr_spec=address)
    made["To"] = Address(addr_spec=mail.address)
    made["Subject"] = mail.subject
    made["Date"] = mail.written_at
    made["Message-ID"] = mail.message_id
    made["Auto-Submitted"] = "auto-generated"
    made["List-Unsubscribe"] = f"<{mail.unsubscribe_url}>"
    made["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    made.set_content(mail.text, cte="base64")
    made.add_alternative(mail.html, subtype="html", cte="base64")
    return made


class Connection:
    """An open way to the server; once it `is_lost`, no more letters can be handed over."""

    def __init__(self, server: smtplib.SMTP, settings: MailSettings) -> None:
        self._server = server
        self._settings = settings
        self.is_lost = False

    def send(self, mail: Mail) -> Answer:
        """Hand one letter over. Only what happens after its last line was sent can be unknown."""
        content = message(mail, self._settings.sender).as_bytes()
        try:
            refusal = self._offer(mail.address)
        except (OSError, smtplib.SMTPException) as error:
            return self._lost(Outcome.LATER, error)
        if refusal:
            return refusal
        try:
            self._server.send(re.sub(rb"(?m)^\.", b"..", content) + b".\r\n")
            assert self._server.sock is not None
            self._server.sock.settimeout(ACCEPTANCE_TIMEOUT)
            code, words = self._said(self._server.getreply())
            self._server.sock.settimeout(TIMEOUT)
        except (OSError, smtplib.SMTPException) as error:
            return self._lost(Outcome.UNKNOWN, error)
        return self._refused(code, words, Outcome.LETTER_REFUSED) or Answer(Outcome.TAKEN, words)

    def _offer(self, address: str) -> Answer | None:
        """Name sender and recipient and ask to send; what the server has against it, if anything."""
        steps = (
            (f"MAIL FROM:<{self._settings.bounces}>", Outcome.SENDER_REFUSED),
            (f"RCPT TO:<{address}>", Outcome.ADDRESS_REFUSED),
            ("DATA", Outcome.LETTER_REFUSED),
        )
        for command, outcome in steps:
            if refusal := self._refused(*self._said(self._server.docmd(command)), outcome):
                if not self.is_lost:
                    self._server.rset()
                return refusal
        return None

    def _refused(self, code: int, words: str, outcome: Outcome) -> Answer | None:
        """What a reply means for the letter; None for yes."""
        self.is_lost = self.is_lost or code == CLOSING
        if 200 <= code < 400:
            return None
        said = f"{code} {words}"
        if code < 500:
            return Answer(Outcome.LATER, said)
        if outcome is Outcome.ADDRESS_REFUSED:
            if NO_SUCH_ADDRESS.match(words):
                return Answer(Outcome.NO_SUCH_ADDRESS, said)
            if NOT_ALLOWED.match(words):
                return Answer(Outcome.LATER, said)
        return Answer(outcome, said)

    def _lost(self, outcome: Outcome, error: Exception) -> Answer:
        self.is_lost = True
        return Answer(outcome, f"{type(error).__name__}: {error}")

    @staticmethod
    def _said(reply: tuple[int, bytes]) -> tuple[int, str]:
        return reply[0], reply[1].decode("utf-8", "replace")


@contextmanager
def connection(settings: MailSettings) -> Iterator[Connection]:
    """A connection for as many letters as there are. Raises ServerAway."""
    try:
        server = _connect(settings.server, settings.host)
    except (OSError, smtplib.SMTPException) as error:
        raise ServerAway(f"{type(error).__name__}: {error}") from error
    try:
        yield Connection(server, settings)
        with suppress(OSError, smtplib.SMTPException):
            server.quit()
    finally:
        server.close()


def _connect(to: MailServer, own_name: str) -> smtplib.SMTP:
    if to.encryption is Encryption.TLS:
        context = ssl.create_default_context()
        server: smtplib.SMTP = smtplib.SMTP_SSL(to.host, to.port, own_name, timeout=TIMEOUT, context=context)
    else:
        server = smtplib.SMTP(to.host, to.port, own_name, timeout=TIMEOUT)
    try:
        if to.encryption is Encryption.STARTTLS:
            server.starttls(context=ssl.create_default_context())
        server.ehlo_or_helo_if_needed()
        if to.user:
            server.login(to.user, to.password)
    except BaseException:
        server.close()
        raise
    return server
