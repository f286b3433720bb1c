"""The verifiers that a bundle ships; their digests are promised before the week opens."""

from __future__ import annotations

from pathlib import Path

from quiz.exports.verifier import one_file

PAGE = Path(__file__).parent / "verifier" / "kiem-chung.html"


def verifier_files() -> dict[str, bytes]:
    """The files as shipped with this version of the software, by name."""
    return {one_file.NAME: one_file.verifier(), PAGE.name: PAGE.read_bytes()}
