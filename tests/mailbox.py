"""A real SMTP server on the loopback, which notes what it takes and refuses what a test says."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from quiz.mail_settings import MailServer, MailSettings

SENDER = "Hội thi cải cách hành chính <hoithi@example.vn>"


@dataclass
class Mailbox:
    """What a server took, in order, and what it answers: to a recipient by address, to every letter by `to_letters`."""

    port: int
    taken: list[EmailMessage] = field(default_factory=list)
    senders: list[str] = field(default_factory=list)
    to_addresses: dict[str, str] = field(default_factory=dict)
    to_sender: str = ""
    to_letters: str = ""
    meanwhile: Callable[[], object] = bool

    @property
    def addresses(self) -> list[str]:
        """To whom letters were taken."""
        return [str(letter["To"]) for letter in self.taken]

    def settings(self, per_minute: int = 1000) -> MailSettings:
        """What sends here."""
        return MailSettings(
            server=MailServer(host="127.0.0.1", port=self.port),
            sender=SENDER,
            bounces="thu-tra-lai@example.vn",
            base_url="https://hoithi.example.vn",
            per_minute=per_minute,
        )

    async def handle_MAIL(  # noqa: N802
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.to_sender:
            return self.to_sender
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(  # noqa: N802
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if answer := self.to_addresses.get(address):
            return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        self.meanwhile()
        if self.to_letters:
            return self.to_letters
        assert isinstance(envelope.content, bytes)
        self.senders.append(str(envelope.mail_from))
        self.taken.append(message_from_bytes(envelope.content, policy=policy.default))  # type: ignore[arg-type]
        return "250 2.0.0 taken"


def free_port() -> int:
    """A port on which nothing listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def mailbox(port: int | None = None) -> Iterator[Mailbox]:
    """A server that takes letters until the end of the block."""
    box = Mailbox(port or free_port())
    controller = Controller(box, hostname="127.0.0.1", port=box.port)
    controller.start()
    try:
        yield box
    finally:
        controller.stop()


class SilentServer(Mailbox):
    """A server that answers the telephone and never says a word."""

    def __init__(self, listening: socket.socket) -> None:
        super().__init__(listening.getsockname()[1])
        self._listening = listening
        self._lines: list[socket.socket] = []

    def wait_for_a_call(self) -> None:
        self._lines.append(self._listening.accept()[0])

    def hang_up(self) -> None:
        for line in (*self._lines, self._listening):
            line.close()


@contextmanager
def silent_server() -> Iterator[SilentServer]:
    """A server that says nothing until it hangs up at the end of the block."""
    listening = socket.create_server(("127.0.0.1", 0))
    listening.settimeout(30)
    server = SilentServer(listening)
    try:
        yield server
    finally:
        server.hang_up()
