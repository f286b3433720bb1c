"""Containers of attackers are refused within seconds and without memory."""

from __future__ import annotations

import tracemalloc
import warnings
from time import perf_counter

import pytest

from quiz.questions.formats.packed import Packed
from tests.questions.formats.hostile import encrypted, lying, zipped
from tests.questions.formats.samples import refusal

GOOD = zipped({"a.xml": "<a/>", "b/": "", "b/c.xml": "<c/>"})
BOMB = zipped({f"{n}.xml": bytes(30 * 1024**2) for n in range(8)})


def test_a_sound_container_is_read() -> None:
    packed = Packed(GOOD)
    assert packed.names == ("a.xml", "b/c.xml")
    assert (packed.read("b/c.xml"), packed.read("khong-co")) == (b"<c/>", b"")


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (BOMB, "zip_bomb"),
        (lying(BOMB), "zip_bomb"),
        (zipped({"a.xml": bytes(33 * 1024**2)}), "zip_bomb"),
        (zipped({f"{n}.xml": "" for n in range(5001)}, 0), "zip_members"),
        (zipped({"a.zip": GOOD}), "zip_nested"),
        (zipped({"a.docx": GOOD}), "zip_nested"),
        (zipped({"a.png": b"Rar!\x1a\x07\x00"}), "zip_nested"),
        (encrypted(GOOD), "password"),
        (zipped({"xl/vbaProject.bin": b"x"}), "macros"),
        (zipped({"word/vbaData.xml": b"x"}), "macros"),
        (zipped({"[Content_Types].xml": "application/vnd.ms-excel.sheet.macroEnabled.main+xml"}), "macros"),
        (GOOD[:-30], "zip_broken"),
        (b"PK\x03\x04" + bytes(100), "zip_broken"),
        (GOOD.replace(b"<a/>", b"<b/>"), "zip_broken"),
        (zipped({"a.xml": "1", "A.XML": "2"}), "zip_broken"),
        (zipped({"a.xml": "x" * 100}, 14), "zip_broken"),
    ],
)
def test_hostile_containers_are_refused(data: bytes, code: str) -> None:
    if code == "zip_broken" and data == GOOD.replace(b"<a/>", b"<b/>"):
        data = zipped({"a.xml": "<a/>"}, 0).replace(b"<a/>", b"<b/>")  # stored, so that only the checksum differs
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
