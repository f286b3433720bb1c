"""Containers of attackers are refused within seconds and without memory."""

from __future__ import annotations

import tracemalloc
import warnings
from collections.abc import Callable
from functools import cache
from time import perf_counter

import pytest

from quiz.questions.formats.packed import Packed
from tests.questions.formats.hostile import encrypted, lying, zipped
from tests.questions.formats.samples import refusal

GOOD = zipped({"a.xml": "<a/>", "b/": "", "b/c.xml": "<c/>"})


@cache
def bomb() -> bytes:
    """Eight members of 30 MB each."""
    return zipped({f"{n}.xml": bytes(30 * 1024**2) for n in range(8)})


def test_a_sound_container_is_read() -> None:
    packed = Packed(GOOD)
    assert packed.names == ("a.xml", "b/c.xml")
    assert (packed.read("b/c.xml"), packed.read("khong-co")) == (b"<c/>", b"")


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (bomb, "zip_bomb"),
        (lambda: lying(bomb()), "zip_bomb"),
        (lambda: zipped({"a.xml": bytes(33 * 1024**2)}), "zip_bomb"),
        (lambda: zipped({f"{n}.xml": "" for n in range(5001)}, 0), "zip_members"),
        (lambda: zipped({"a.zip": GOOD}), "zip_nested"),
        (lambda: zipped({"a.docx": GOOD}), "zip_nested"),
        (lambda: zipped({"a.png": b"Rar!\x1a\x07\x00"}), "zip_nested"),
        (lambda: encrypted(GOOD), "password"),
        (lambda: zipped({"xl/vbaProject.bin": b"x"}), "macros"),
        (lambda: zipped({"word/vbaData.xml": b"x"}), "macros"),
        (lambda: zipped({"[Content_Types].xml": "application/vnd.ms-excel.sheet.macroEnabled.main+xml"}), "macros"),
        (lambda: GOOD[:-30], "zip_broken"),
        (lambda: b"PK\x03\x04" + bytes(100), "zip_broken"),
        (lambda: zipped({"a.xml": "<a/>"}, 0).replace(b"<a/>", b"<b/>"), "zip_broken"),  # only the checksum differs
        (lambda: zipped({"a.xml": "1", "A.XML": "2"}), "zip_broken"),
        (lambda: zipped({"a.xml": "x" * 100}, 14), "zip_broken"),
    ],
)
def test_hostile_containers_are_refused(make: Callable[[], bytes], code: str) -> None:
    data = make()
    started = perf_counter()
    tracemalloc.start()
    try:
        assert refusal(lambda: Packed(data)) == code
        assert tracemalloc.get_traced_memory()[1] < 30 * 1024**2
    finally:
        tracemalloc.stop()
    assert perf_counter() - started < 5


def test_names_twice_are_refused() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert refusal(lambda: Packed(GOOD.replace(b"b/c.xml", b"a.xml\0\0"))) == "zip_broken"
