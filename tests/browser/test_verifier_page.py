"""The verifier that is one page, opened from disk as a stranger would: its hashes, one whole check, one receipt."""

from __future__ import annotations

import base64
import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from quiz.config import ROOT
from tests.browser.conftest import axe
from tests.verification.random_tampers import contents
from tests.verification.rounds import a_round

PAGE = ROOT / "quiz" / "exports" / "verifier" / "kiem-chung.html"
ROUND = a_round(2)
KEY = "fromHex([...Array(32).keys()].map(byte => byte.toString(16).padStart(2, '0')).join(''))"
TAKE = f"numbersOf(hmacKey({KEY}), 'ABCDEFGHIJKLMNOP')"


def zipped(files: dict[str, bytes], compression: int = zipfile.ZIP_STORED) -> bytes:
    """A bundle of these files."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", compression) as bundle:
        for name, content in files.items():
            bundle.writestr(name, content)
    return held.getvalue()


@pytest.fixture(scope="module")
def verifier(browser: Browser) -> Iterator[Page]:
    """The page at the width of a small telephone; it may ask for nothing but itself and log no error."""
    context = browser.new_context(viewport={"width": 320, "height": 640}, locale="vi-VN")
    page = context.new_page()
    asked: list[str] = []
    wrong: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
    page.goto(PAGE.as_uri())
    yield page
    assert [url for url in asked if not url.startswith(("data:", "blob:"))] == [PAGE.as_uri()]
    assert wrong == []
    context.close()


def told(page: Page, bundle: bytes, outside: dict[str, str] | None = None) -> Any:
    """What `verify` tells of a bundle."""
    return page.evaluate(
        "([text, outside]) => verify(Uint8Array.from(atob(text), one => one.charCodeAt(0)).buffer, outside)",
        [base64.b64encode(bundle).decode(), outside or {}],
    )


def choose_file(page: Page, bundle: bytes) -> None:
    """Choose a bundle and wait for the verdict."""
    page.set_input_files("#file", {"name": "ket-qua-tuan-1.zip", "mimeType": "application/zip", "buffer": bundle})
    page.locator("#result").wait_for(timeout=60000)


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("selfTest()", "webcrypto"),
        (
            r"""canonical({b: "Đề \"1\"\n\u0007/😀", a: [1, true, null]})""",
            r"""{"a":[1,true,null],"b":"Đề \"1\"\n\u0007/😀"}""",
        ),
        (
            r"""fingerprint("record", {b: "Đề \"1\"\n\u0007/😀", a: [1, true, null]})""",
            "80c8e86ccc3165a41d8abd2f2c1a3f2baf90700e2ab84a01e865bbd912385fee",
        ),
        (f"tagged('draw', {KEY})", "d3fde9d2608f0997b94071951f93773608001d87b056e969d6a2946358aad30a"),
        ("shortSeal('80c8e86ccc3165a41d8abd2f2c1a3f2baf90700e2ab84a01e865bbd912385fee')", "QDEOQ3GMGFS2IHMK"),
        (
            f"(take => [10, 9, 8, 7, 6, 24, 24, 24, 24, 3, 2, 1].map(take))({TAKE})",
            [1, 5, 7, 6, 1, 4, 2, 16, 22, 1, 1, 0],
        ),
        (f"choose([...'abcdefghij'], 5, {TAKE}).join('')", "bgjcf"),
        ("nthOrder([...'BADC'], 17).join('')", "CDBA"),
        ("scaled(4294967295, 479001600)", 479001599),
        (
            r"wordsToHex(ticket(lotKey({rules: {lot: {kind: 'event'}}, opened: {lot_value: ' Gi\u0061\u0309i\n'}}),"
            " 'lot|ABCDEFGHIJKLMNOP'))",
            "bbde4383616ad1390d28b8683dcfff38568a2526d8e784dea47834071d674c85",
        ),
        ("['\\ud83d\\ude00', '\\uffee', 'z'].sort(compareTexts)", ["z", "\uffee", "😀"]),
        ("Object.values(WORDS).filter(words => words.length !== 2 || !words[0] || !words[1])", []),
    ],
)
def test_computes_what_the_protocol_says(verifier: Page, script: str, expected: object) -> None:
    assert verifier.evaluate(script) == expected


def test_a_stranger_checks_a_bundle_and_finds_a_receipt(verifier: Page) -> None:
    choose_file(verifier, zipped(ROUND.files, zipfile.ZIP_DEFLATED))
    expect(verifier.locator("#status")).to_have_text("Mọi phép kiểm đều khớp: 15 trên 15.")
    winner = json.loads(ROUND.files["ket-qua.json"])["divisions"][0]["standings"][0]
    code = winner["code"].lower()
    verifier.fill("#code", f"Biên nhận: {code[:4]}-{code[4:8]} {code[8:]}")
    verifier.get_by_role("button", name="Tìm bài của tôi").click()
    expect(verifier.locator("#receipt-status")).to_contain_text(f"vị trí {winner['place']} trên")
    expect(verifier.locator("#entry")).to_contain_text("Hãy so dấu")
    verifier.fill("#seal", "AAAA-BBBB-CCCC-DDDD")
    verifier.get_by_role("button", name="Tìm bài của tôi").click()
    expect(verifier.locator("#receipt-status")).to_contain_text("không phải dấu của bài này")
    assert verifier.evaluate("document.documentElement.scrollWidth <= innerWidth")
    verifier.get_by_role("button", name="English").click()
    expect(verifier.locator("#entry")).to_contain_text("Your entry was found")
    for scheme in ("light", "dark"):
        verifier.emulate_media(color_scheme=scheme)
        assert axe(verifier) == []
    verifier.get_by_role("button", name="Tiếng Việt").click()


def test_one_answer_changed_is_named(verifier: Page) -> None:
    records = json.loads(ROUND.files["bai-thi.json"])
    record = next(one for one in records if "A" in one["answers"])
    at = record["answers"].index("A")
    files = dict(ROUND.files)
    start = files["bai-thi.json"].index(json.dumps(record["answers"], separators=(",", ":")).encode())
    place = start + len(json.dumps(record["answers"][:at], separators=(",", ":"))) + (1 if at else 0)
    files["bai-thi.json"] = files["bai-thi.json"][:place] + b"B" + files["bai-thi.json"][place + 1 :]
    assert json.loads(files["bai-thi.json"]) != records
    files["muc-luc.json"] = contents(files)
    choose_file(verifier, zipped(files))
    expect(verifier.locator("[data-check=records]")).to_contain_text(f"Bài {record['code']}: dấu niêm phong")


def test_heads_from_outside_are_compared(verifier: Page) -> None:
    chain = json.loads(ROUND.files["niem-phong.json"])
    head = chain["batches"][0]["head"]
    assert told(verifier, zipped(ROUND.files), {"head": head.upper(), "final": chain["final"]})["status"] == 0
    result = told(verifier, zipped(ROUND.files), {"commitment": head, "head": "0" * 64})
    assert [check["name"] for check in result["checks"] if not check["ok"]] == ["commitment", "chain"]


def broken(kind: str) -> bytes:
    """A bundle that a hostile or careless hand has packed."""
    whole = zipped(ROUND.files)
    if kind == "zip_none":
        return whole[:-30]
    if kind == "zip_length":
        packed = bytearray(zipped(ROUND.files, zipfile.ZIP_DEFLATED))
        directory = packed.index(b"PK\x01\x02")
        packed[directory + 24] ^= 1
        return bytes(packed)
    if kind == "zip_twice":
        return whole.replace(b"kiem_chung.py", b"DOC-TRUOC.txt").replace(b"kiem-chung.html", b"DOC-TRUOC.txt..")
    if kind == "document_unreadable":
        return zipped({name: content for name, content in ROUND.files.items() if name != "mo.json"})
    return zipped(ROUND.files | {"mo.json": b"[]"})


@pytest.mark.parametrize("kind", ["zip_none", "zip_length", "zip_twice", "document_unreadable", "document_shape"])
def test_what_cannot_be_read_is_said(verifier: Page, kind: str) -> None:
    result = told(verifier, broken(kind))
    assert (result["status"], result["reason"]["key"]) == (2, kind)


def test_the_page_holds_all_it_needs() -> None:
    source = Path(PAGE).read_text("utf-8")
    assert not [word for word in ("http:", "https:", "//cdn", "@import", "XMLHttp", "style=") if word in source]
    assert source.count("fetch(") == 1
    assert "connect-src 'self'" in source
