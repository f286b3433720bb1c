"""From the bytes of a text file to its text, and a clear no where the encoding cannot be known."""

from __future__ import annotations

import codecs
import unicodedata

from quiz.questions.formats.imported import RefusedFile

MOST_LINES = 1_000_000
_WIDE = (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)


def decode(data: bytes) -> str:
    """UTF-16 by its mark, else UTF-8; in NFC, every line ending in \\n; raises RefusedFile."""
    is_utf16 = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) and not data.startswith(_WIDE)
    try:
        text = data.decode("utf-16" if is_utf16 else "utf-8-sig")
    except UnicodeDecodeError:
        raise RefusedFile("not_utf8") from None
    if "\0" in text:
        raise RefusedFile("nul")
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    if text.count("\n") > MOST_LINES:
        raise RefusedFile("too_many_lines", most=MOST_LINES)
    return text
