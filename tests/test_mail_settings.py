"""The settings of mail: all of them or no mail, every wrong one named, no password shown or sent in the clear."""

from __future__ import annotations

import pytest

from quiz.config import from_environment
from quiz.mail_settings import Encryption, MailServer, MailSettings, is_mailable, mail_settings

GIVEN = {
    "QUIZ_SMTP_URL": "smtp://mail.example.vn",
    "QUIZ_MAIL_FROM": "Hội thi <hoithi@example.vn>",
    "QUIZ_BASE_URL": "https://hoithi.example.vn/",
}
NEEDED = {"QUIZ_DATABASE_URL": "sqlite:///quiz.sqlite3", "QUIZ_SECRET_KEY": "s" * 32}


def test_silence_means_no_mail() -> None:
    assert mail_settings({}) is None
    assert mail_settings(dict.fromkeys(GIVEN, "")) is None
    assert from_environment(NEEDED).mail is None


def test_what_is_not_said_is_usual() -> None:
    assert from_environment(NEEDED | GIVEN).mail == MailSettings(
        server=MailServer(host="mail.example.vn", port=25),
        sender="Hội thi <hoithi@example.vn>",
        bounces="hoithi@example.vn",
        base_url="https://hoithi.example.vn",
        per_minute=60,
    )


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtp://h:2525", MailServer(host="h", port=2525)),
        ("smtp://h?starttls=1", MailServer(host="h", port=587, encryption=Encryption.STARTTLS)),
        ("smtps://h", MailServer(host="h", port=465, encryption=Encryption.TLS)),
        (
            "smtps://hoi%40thi:m%2Fk%3A%C4%91@h:1",
            MailServer(host="h", port=1, encryption=Encryption.TLS, user="hoi@thi", password="m/k:đ"),
        ),
    ],
)
def test_the_server_is_read_from_its_address(url: str, server: MailServer) -> None:
    found = mail_settings(GIVEN | {"QUIZ_SMTP_URL": url})
    assert found
    assert found.server == server


def test_every_other_setting_is_read() -> None:
    more = {"QUIZ_MAIL_BOUNCES": "tra-lai@example.vn", "QUIZ_MAIL_PER_MINUTE": "7"}
    found = mail_settings(GIVEN | more)
    assert found
    assert (found.bounces, found.per_minute, found.host) == ("tra-lai@example.vn", 7, "hoithi.example.vn")


@pytest.mark.parametrize("name", GIVEN)
def test_a_part_of_the_settings_names_what_is_missing(name: str) -> None:
    with pytest.raises(ValueError, match=rf"^{name} is not set, but QUIZ_\w+ is; see README\.md"):
        mail_settings({key: value for key, value in GIVEN.items() if key != name})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("QUIZ_SMTP_URL", url) for url in ("h", "http://h", "smtp://", "smtp://h:port", "smtp://h?starttls=0")),
        *(("QUIZ_SMTP_URL", url) for url in ("smtp://h?tls", "smtp://h?starttls=1&x=1", "smtp://u:hush@h", "smtp://[")),
        *(("QUIZ_MAIL_FROM", text) for text in ("hoithi", "x@y", "a@b.vn\nBcc: c@d.vn", "Hội thi <đ@example.vn>")),
        *(("QUIZ_MAIL_BOUNCES", text) for text in ("hoithi", "a@b.vn\r\nx")),
        *(("QUIZ_BASE_URL", text) for text in ("example.vn", "ftp://example.vn", "https://", "https://h/?a=b")),
        *(("QUIZ_BASE_URL", text) for text in ("https://hộithi.vn", "https://h.vn/a b", "https://h.vn\nBcc: c@d.vn")),
        *(
            ("QUIZ_BASE_URL", text)
            for text in ("https://h.vn>", "https://u:p@h.vn", "https://h:port", "https://h/" + "a" * 200)
        ),
        *(("QUIZ_MAIL_PER_MINUTE", text) for text in ("0", "-1", "many", "")),
    ],
)
def test_a_wrong_setting_is_named_and_no_password_is_shown(name: str, value: str) -> None:
    with pytest.raises(ValueError, match=f"^{name} ") as raised:
        mail_settings(GIVEN | {name: value})
    assert "hush" not in str(raised.value)


def test_settings_can_be_printed_without_the_password() -> None:
    assert "hush" not in repr(mail_settings(GIVEN | {"QUIZ_SMTP_URL": "smtps://u:hush@h"}))


@pytest.mark.parametrize("address", ["a@example.vn", "a.b+c@mot.hai-ba.example.vn", "A_1@Example.VN"])
def test_plain_addresses_are_mailable(address: str) -> None:
    assert is_mailable(address)


@pytest.mark.parametrize(
    "address",
    [
        *(
            None,
            "",
            "a",
            "a@",
            "@b.vn",
            "a@b",
            "a b@c.vn",
            "a@b.vn,c@d.vn",
            "a@b.vn\nBcc: c@d.vn",
            "a@b.vn\n",
            "<a@b.vn>",
        ),
        *("đ@example.vn", "a@hộithi.vn", '"a"@b.vn', "x" * 65 + "@b.vn", "a@" + "b" * 250 + ".vn"),
    ],
)
def test_anything_else_is_not(address: str | None) -> None:
    assert not is_mailable(address)
