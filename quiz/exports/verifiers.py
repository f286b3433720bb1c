"""The verifiers that a bundle ships; their digests are promised before the week opens."""

from __future__ import annotations

import base64
import hashlib
import re
from functools import cache
from pathlib import Path

from quiz.exports.verifier import one_file

PAGE = Path(__file__).parent / "verifier" / "kiem-chung.html"


def verifier_files() -> dict[str, bytes]:
    """The files as shipped with this version of the software, by name."""
    return {one_file.NAME: one_file.verifier(), PAGE.name: PAGE.read_bytes()}


@cache
def page_policy() -> str:
    """The content security policy under which a server may show the page: its own style and script to the letter, what
    it fetches from the same server, and nothing else.
    """
    page = PAGE.read_text(encoding="utf-8")
    allowed = {
        tag: f"'sha256-{base64.b64encode(hashlib.sha256(held.encode()).digest()).decode()}'"
        for tag, held in re.findall(r"<(style|script)>(.*?)</\1>", page, re.DOTALL)
    }
    return (
        f"default-src 'none'; style-src {allowed['style']}; script-src {allowed['script']}; connect-src 'self'; "
        "img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
