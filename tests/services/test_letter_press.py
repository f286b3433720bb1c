"""Templates are filled in a process of its own: it gives documents or a refusal, and ends where it takes too much."""

from __future__ import annotations

import io

import pytest
from docx import Document

from quiz.errors import Refused
from quiz.services import letter_press


def template(words: str) -> bytes:
    """A Word file of one paragraph."""
    made, out = Document(), io.BytesIO()
    made.add_paragraph(words)
    made.save(out)
    return out.getvalue()


def test_each_set_of_values_is_one_document() -> None:
    made = letter_press.press(template("{{ co_quan }}"), [{"co_quan": "Sở A\x07"}, {"co_quan": "{{ 1 }} & <b>"}])
    assert [Document(io.BytesIO(each)).paragraphs[0].text for each in made] == ["Sở A", "{{ 1 }} & <b>"]


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("{{ co_qaun }}", "template_unknown_names"),
        ("{% for a in range(9999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}", "template_heavy"),
        ("{{ 'a' * 9999999999 }}", "template_heavy"),
    ],
)
def test_what_a_template_does_wrong_ends_there(words: str, code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(letter_press, "MOST_SECONDS", 6)
    with pytest.raises(Refused) as caught:
        letter_press.press(template(words), [{"co_quan": "Sở A"}])
    assert caught.value.code == code


def test_the_process_knows_no_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QUIZ_SECRET_KEY", "secret")
    asked: dict[str, object] = {}
    run = letter_press.subprocess.run
    monkeypatch.setattr(letter_press.subprocess, "run", lambda *args, **how: run(*args, **asked.setdefault("how", how)))
    letter_press.press(template("A"), [{}])
    assert asked["how"]["env"] == {"LC_ALL": "C.UTF-8"}  # type: ignore[index]
