"""The order of lots is the same in Python and in the page that a stranger opens, over many values and codes."""

from __future__ import annotations

import base64
import json
import random
import unicodedata

from playwright.sync_api import Browser

from quiz.config import ROOT
from quiz.services.lot_ties import tickets

PAGE = ROOT / "quiz" / "exports" / "verifier" / "kiem-chung.html"
CASES = 10_000
WORDS = "Giải đặc biệt xổ số kiến thiết miền Bắc mở thưởng ngày thứ Hai 90817 Đợt 2 ữ ậ “số” №7 😀".split()
SPACES = (" ", "  ", "\u00a0", "\u3000", "\t", "\n")
IN_PAGE = """cases => JSON.stringify(JSON.parse(cases).map(([value, codes]) => {
  const key = lotKey({rules: {lot: {kind: 'event'}}, opened: {lot_value: value}});
  return codes.map(code => [wordsToHex(ticket(key, 'lot|' + code)), code]).sort(
    (one, other) => compareTexts(one[0], other[0])).map(([drawn, code]) => [code, drawn]);
}))"""


def a_case(dice: random.Random) -> tuple[str, list[str]]:
    """A value as somebody might type it, composed or not, and the codes of some people who are equal."""
    words = "".join(dice.choice(WORDS) + dice.choice(SPACES) for _ in range(dice.randint(1, 8)))
    value = unicodedata.normalize(dice.choice(("NFC", "NFD")), dice.choice(SPACES) + words)
    codes = [base64.b32encode(dice.randbytes(10)).decode() for _ in range(dice.randint(2, 5))]
    return value, codes


def test_lots_are_drawn_alike_in_python_and_in_the_page(browser: Browser) -> None:
    dice = random.Random(22)
    cases = [a_case(dice) for _ in range(CASES)]
    page = browser.new_page()
    page.goto(PAGE.as_uri())
    in_page = json.loads(page.evaluate(IN_PAGE, json.dumps(cases)))  # value by value they would travel for seconds
    page.close()
    in_python = [[list(drawn) for drawn in tickets(codes, value)] for value, codes in cases]
    assert sum(len(codes) for _, codes in cases) > 3 * CASES
    assert in_page == in_python
