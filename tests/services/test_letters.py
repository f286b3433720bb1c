"""The words and links of letters."""

from __future__ import annotations

import pytest
from flask import Flask

from quiz.config import ROOT, Config
from quiz.errors import Refused
from quiz.services import letters
from quiz.services.outbox import Kind
from tests.mailbox import Mailbox

SECRET = "s" * 32


def test_without_mail_there_is_no_site_to_lead_to() -> None:
    with pytest.raises(Refused, match="chưa được cấu hình"):
        letters.site(Config(database_url="sqlite://", secret_key=SECRET))


def test_a_link_says_whom_and_what_it_is_about_and_cannot_be_made_without_the_secret() -> None:
    site = letters.site(Config(database_url="sqlite://", secret_key=SECRET, mail=Mailbox(25).settings()))
    links = {site.unsubscribe_url(person, kind) for person in (7, 8) for kind in Kind}
    assert len(links) == 2 * len(Kind)
    for link in links:
        token = link.removeprefix("https://hoithi.example.vn/thu/ngung/")
        person, kind = letters.read_token(SECRET, token)
        assert site.unsubscribe_url(person, kind) == link
        with pytest.raises(Refused, match="không đúng"):
            letters.read_token("t" * 32, token)


def test_the_secret_is_not_printed() -> None:
    site = letters.Site(base_url="https://hoithi.example.vn", host="hoithi.example.vn", secret_key="hush")
    assert "hush" not in repr(site)


def test_both_parts_of_a_letter_say_the_same() -> None:
    names = sorted(path.stem for path in (ROOT / "templates" / "letters").glob("*.txt"))
    assert names == sorted(path.stem for path in (ROOT / "templates" / "letters").glob("*.html"))
    assert names == ["appeal_answer", "commitment", "digest", "head", "receipt", "reminder"]


@pytest.mark.parametrize(
    "path", ["/thi", "/co-quan", "/kiem-chung", "/kiem-chung/cam-ket-tuan-1-ban-2.json", "/thu/ngung/x"]
)
def test_letters_lead_to_pages_that_exist(app: Flask, path: str) -> None:
    assert app.url_map.bind("").test(path, "GET")
