"""Letters as messages, and a real server on the loopback: what is sent, and what each answer of the server means."""

from __future__ import annotations

import smtplib
from dataclasses import replace

import pytest

from quiz import smtp
from quiz.smtp import Mail, Outcome, ServerAway, connection
from tests import makers
from tests.mailbox import SENDER, Mailbox, free_port, mailbox, silent_server

MAIL = Mail(
    address="huong@example.vn",
    subject="Nhắc dự thi Tuần 1 – Hội thi trực tuyến tìm hiểu cải cách hành chính thành phố Hải Phòng năm 2024",
    text="Kính gửi ông/bà Nguyễn Thị Hương,\n.\n..Dòng bắt đầu bằng dấu chấm\n",
    html="<p>Kính gửi ông/bà Nguyễn Thị Hương,</p>\n",
    unsubscribe_url="https://hoithi.example.vn/thu/ngung/" + "x" * 90,
    message_id="<0123456789abcdef0123456789abcdef@hoithi.example.vn>",
    written_at=makers.WEEK_1,
)


def send(box: Mailbox, *mails: Mail) -> list[smtp.Answer]:
    with connection(box.settings()) as server:
        return [server.send(mail) for mail in mails]


def test_a_letter_arrives_as_it_was_written() -> None:
    with mailbox() as box:
        [answer] = send(box, MAIL)
    assert answer.outcome is Outcome.TAKEN
    [letter] = box.taken
    text, html = letter.get_body(("plain",)), letter.get_body(("html",))
    assert text
    assert html
    assert letter["Subject"] == MAIL.subject
    assert [part.get_content().replace("\r\n", "\n") for part in (text, html)] == [MAIL.text, MAIL.html]
    assert letter.get_content_type() == "multipart/alternative"
    assert (str(letter["From"]), letter["To"], box.senders) == (SENDER, MAIL.address, ["thu-tra-lai@example.vn"])
    assert letter["Message-ID"] == MAIL.message_id
    assert letter["Date"].datetime == MAIL.written_at
    assert letter["Auto-Submitted"] == "auto-generated"


def test_mail_programs_can_read_the_link_for_unsubscribing_however_long_it_is() -> None:
    content = smtp.message(MAIL, SENDER).as_bytes()
    assert b"\r\nList-Unsubscribe: <" + MAIL.unsubscribe_url.encode() + b">\r\n" in content
    assert b"\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n" in content
    assert content.isascii()
    assert max(map(len, content.splitlines())) < 998


@pytest.mark.parametrize("break_", ["\n", "\r\n", "\r"])
def test_no_header_can_be_slipped_in(break_: str) -> None:
    evil = f"x{break_}Bcc: everybody@example.vn"
    for wrong in (replace(MAIL, subject=evil), replace(MAIL, address=evil), replace(MAIL, unsubscribe_url=evil)):
        with pytest.raises(ValueError, match=r"(?i)header|CR|address|linefeed|newline"):
            smtp.message(wrong, SENDER).as_bytes()


@pytest.mark.parametrize(
    ("said", "outcome"),
    [
        ("450 4.2.0 greylisted", Outcome.LATER),
        ("550 5.1.1 no such user", Outcome.NO_SUCH_ADDRESS),
        ("550 5.1.10 null MX", Outcome.NO_SUCH_ADDRESS),
        ("550 5.2.1 mailbox disabled", Outcome.ADDRESS_REFUSED),
        ("550 no thanks", Outcome.ADDRESS_REFUSED),
        ("554 5.7.1 relaying denied", Outcome.LATER),
    ],
)
def test_what_is_said_of_an_address_decides_about_that_letter_only(said: str, outcome: Outcome) -> None:
    with mailbox() as box:
        box.to_addresses["away@example.vn"] = said
        answers = send(box, replace(MAIL, address="away@example.vn"), MAIL)
    assert [answer.outcome for answer in answers] == [outcome, Outcome.TAKEN]
    assert answers[0].words == said
    assert box.addresses == [MAIL.address]


@pytest.mark.parametrize(
    ("said", "outcome"),
    [("451 4.3.0 try later", Outcome.LATER), ("554 5.6.0 looks like spam", Outcome.LETTER_REFUSED)],
)
def test_what_is_said_of_a_letter_says_nothing_of_its_address(said: str, outcome: Outcome) -> None:
    with mailbox() as box:
        box.to_letters = said
        assert [answer.outcome for answer in send(box, MAIL)] == [outcome]
    assert box.taken == []


def test_a_sender_that_is_refused_is_nobodys_fault_but_ours() -> None:
    with mailbox() as box:
        box.to_sender = "550 5.7.1 who are you"
        assert [answer.outcome for answer in send(box, MAIL)] == [Outcome.SENDER_REFUSED]


def test_a_server_that_closes_takes_no_more_letters() -> None:
    with mailbox() as box:
        box.to_addresses[MAIL.address] = "421 4.3.2 shutting down"
        with connection(box.settings()) as server:
            assert (server.send(MAIL).outcome, server.is_lost) == (Outcome.LATER, True)


def test_only_a_connection_lost_after_the_last_line_leaves_a_doubt(monkeypatch: pytest.MonkeyPatch) -> None:
    def lose(_server: object) -> tuple[int, bytes]:
        raise smtplib.SMTPServerDisconnected("gone")

    with mailbox() as box:
        with connection(box.settings()) as server:
            monkeypatch.setattr(smtplib.SMTP, "docmd", lambda server, _command: lose(server))
            assert (server.send(MAIL).outcome, server.is_lost) == (Outcome.LATER, True)
        monkeypatch.undo()
        with connection(box.settings()) as server:
            said, real = iter(range(3)), smtplib.SMTP.getreply
            monkeypatch.setattr(smtplib.SMTP, "getreply", lambda s: lose(s) if next(said, None) is None else real(s))
            assert (server.send(MAIL).outcome, server.is_lost) == (Outcome.UNKNOWN, True)


def test_a_server_that_is_away_or_silent_is_said_to_be_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(smtp, "TIMEOUT", 0.2)
    with pytest.raises(ServerAway, match="ConnectionRefusedError"):
        send(Mailbox(free_port()), MAIL)
    with silent_server() as box, pytest.raises(ServerAway, match="timed out"):
        send(box, MAIL)
