"""Pages rendered once for everybody: nothing of one person in what another one gets."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from jinja2 import UndefinedError

from quiz.permissions import Role
from quiz.questions.bank import Option
from quiz.questions.paper import Paper, PaperQuestion
from quiz.web import spliced
from tests import makers
from tests.conftest import Clock
from tests.web import scenes
from tests.web.client import PageClient
from tests.web.scenes import CHILD, COLLEAGUE, DURING, PARTICIPANT, STAFF


@pytest.fixture
def laid_out(app: Flask, clock: Clock) -> Flask:
    """The open first week."""
    scenes.lay_out(app)
    clock.now = DURING
    return app


def paper_of(app: Flask, who: str) -> tuple[str, str, PageClient]:
    """Somebody's paper as it is first shown, its code, and the browser."""
    client = PageClient(app).sign_in(who)
    code = scenes.start(client)
    return client.get(f"/thi/bai/{code}"), code, client


def test_the_second_paper_holds_nothing_of_the_first(laid_out: Flask, clock: Clock) -> None:
    first, code, client = paper_of(laid_out, PARTICIPANT)
    scenes.save(client, code, 7, ["A", "B", "", "D", "C"])
    again = client.get(f"/thi/bai/{code}")
    clock.now += timedelta(minutes=1, milliseconds=1)
    second, other, _ = paper_of(laid_out, COLLEAGUE)
    tokens = [re.search(r'name="csrf_token" value="([^"]+)"', page)[1] for page in (first, second)]  # type: ignore[index]
    assert tokens[0] != tokens[1]
    for own in (code, tokens[0], 'data-seq="7"', " checked", ">10:00<"):
        assert own in first + again
        assert own not in second or own == ">10:00<"
    assert second.count(other) == first.count(code) == 7
    for page in (first, again, second):
        assert spliced._MARK not in page
    assert again.count(" checked") == 4
    assert 'data-seq="7"' in again
    assert 'value="8"' in again


def test_a_paper_is_in_the_language_and_under_the_menu_of_whoever_reads_it(laid_out: Flask) -> None:
    page, code, client = paper_of(laid_out, PARTICIPANT)
    assert "Đề thi – Tuần 1" in page
    client.http.set_cookie("language", "en")
    english = client.get(f"/thi/bai/{code}")
    assert "Câu 1" not in english
    assert "Question 1" in english
    staff, _, _ = paper_of(laid_out, STAFF[Role.COORDINATOR])
    assert 'href="/co-quan"' in staff
    assert 'href="/co-quan"' not in page
    assert 'href="/co-quan"' not in paper_of(laid_out, CHILD)[0]


def test_everybody_signs_in_with_a_token_of_their_own(laid_out: Flask) -> None:
    tokens = {PageClient(laid_out).token() for _ in range(3)}
    assert len(tokens) == 3


def test_a_template_that_asks_for_a_person_fails(laid_out: Flask) -> None:
    templates = laid_out.jinja_env
    with laid_out.test_request_context("/"):
        for asks in ("{{ session.seen }}", "{{ g.now }}", "{{ current_user.person.name }}", "{{ request.cookies }}"):
            templates.cache.clear()  # type: ignore[union-attr]
            found = templates.from_string(asks)
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(templates, "get_template", lambda _name, found=found: found)
                with pytest.raises(UndefinedError):
                    spliced.render("any", asks, dict, {})


def test_a_question_is_what_its_template_makes_of_it(laid_out: Flask) -> None:
    several = replace(
        makers.question("T-2", "AB"), text="1 < 2 & <b>3</b>?", options=(Option("A", "'x'"), Option("B", "y"))
    )
    asked = [
        (makers.question("T-1"), ("C", "A", "D", "B"), "B"),
        (several, ("B", "A"), "AB"),
        (several, ("A", "B"), ""),
    ]
    items = tuple(PaperQuestion(number, each, order) for number, (each, order, _) in enumerate(asked, start=9))
    with laid_out.test_request_context("/"):
        shown = spliced.questions(Paper(items), tuple(given for *_, given in asked))
        template = laid_out.jinja_env.get_template("_macros/question.html").module.question  # type: ignore[attr-defined]
        whole = [
            template(one.number, one.question.text, one.question.has_several_keys, one.options, given)
            for one, (*_, given) in zip(items, asked, strict=True)
        ]
    assert shown == "".join(map(str, whole))
    assert "1 &lt; 2 &amp; &lt;b&gt;3" in shown
