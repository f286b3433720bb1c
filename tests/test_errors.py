"""The words of refusals: each is said somewhere, with the facts that its sentence needs."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from string import Formatter

import pytest

from quiz.config import ROOT
from quiz.errors import WORDS, Refused

FILES = sorted((ROOT / "quiz").rglob("*.py"))
ERRORS = {ROOT / "quiz" / name for name in ("errors.py", "refusal_words.py")}


def facts_of(code: str) -> set[str]:
    """The names in braces of a sentence."""
    return {name for _, name, _, _ in Formatter().parse(WORDS[code]) if name is not None}


def refusals() -> Iterator[tuple[str, ast.Call]]:
    """Every `Refused(…)` in the product with its place."""
    for file in FILES:
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] == "Refused":
                yield f"{file.relative_to(ROOT)}:{node.lineno}", node


def literals() -> set[str]:
    """Every text in the product outside the words themselves."""
    return {
        node.value
        for file in FILES
        if file not in ERRORS
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


@pytest.mark.parametrize("code", WORDS)
def test_every_sentence_takes_its_facts(code: str) -> None:
    facts = {name: f"<{name}>" for name in facts_of(code)}
    said = str(Refused(code, **facts))
    assert [value for value in facts.values() if value not in said] == []
    assert "{" not in said
    assert "}" not in said


@pytest.mark.parametrize("code", WORDS)
def test_every_sentence_is_a_sentence(code: str) -> None:
    assert WORDS[code][0] == WORDS[code][0].upper()
    assert WORDS[code][-1] == "."
    assert WORDS[code] == " ".join(WORDS[code].split())


def test_a_refusal_keeps_its_code_and_facts() -> None:
    refused = Refused("attempts_used_up", limit=3, week="Tuần 2")
    assert (refused.code, refused.facts) == ("attempts_used_up", {"limit": 3, "week": "Tuần 2"})
    assert str(refused) == "Ông/bà đã dùng hết 3 lượt thi của Tuần 2."


def test_an_unknown_code_is_our_mistake() -> None:
    with pytest.raises(ValueError, match=r"^no words for the refusal 'never_heard_of'$"):
        Refused("never_heard_of")


def test_every_refusal_in_the_product_has_words() -> None:
    codes = {node.args[0].value: place for place, node in refusals() if isinstance(node.args[0], ast.Constant)}
    assert len(codes) > 20
    assert {code: place for code, place in codes.items() if code not in WORDS} == {}


def test_every_refusal_in_the_product_gives_exactly_the_facts_of_its_sentence() -> None:
    wrong = [
        f"{place}: {node.args[0].value}"
        for place, node in refusals()
        if isinstance(node.args[0], ast.Constant)
        and {keyword.arg for keyword in node.keywords} != facts_of(str(node.args[0].value))
    ]
    assert wrong == []


def test_refusals_whose_code_is_a_variable_need_no_facts() -> None:
    """Such a code comes from a caller of the same file, where it must be a word that needs no facts.

    What the process that fills templates refuses comes back with its facts.
    """
    elsewhere = "quiz/services/letter_press.py"
    places = [place.rpartition(":")[0] for place, node in refusals() if not isinstance(node.args[0], ast.Constant)]
    variable = [place for place in places if place != elsewhere]
    assert variable == ["quiz/web/account.py"]
    texts = {
        node.args[1].value
        for node in ast.walk(ast.parse((ROOT / variable[0]).read_text("utf-8")))
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "_fail" and isinstance(node.args[1], ast.Constant)
    }
    assert {code: facts_of(str(code)) for code in texts} == {code: set() for code in texts}


def test_every_word_is_said_somewhere() -> None:
    assert sorted(set(WORDS) - literals()) == []
