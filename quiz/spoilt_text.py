"""Text files as people save them: bytes → text in one form, and the lines whose letters were lost or broken."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

# UTF-8 read as a western code page ('Ã¡' for á, 'áº¥' for ấ, 'Ä‘' for đ), and the letters of the old TCVN3 fonts.
_MOJIBAKE = re.compile(
    r"[a-z]Ã|Ã[¡-ª¬\xad®-º¼-¿€‚ƒ„†‡ˆ‰Š‹ŒŽ•˜™š›œžŸ]|Ä[‘ƒ‚©\x90\x91]|Å[©¨]|Æ[°¡¯]|áº|á»[^\s,;:.!?)]|â€|ï»¿|\w[¶¸]|[¶¸]\w"
)


@dataclass(frozen=True, slots=True)
class Letters:
    """The text in NFC without hidden characters, its lines where they were. `complaints` are by line, from 1;

    `spoilt` holds every line that is not as its writer meant it, also those a complaint covers without its own.
    """

    text: str
    complaints: Mapping[int, str]
    spoilt: frozenset[int]


def read_letters(data: bytes) -> Letters:
    """The text of a file that should be UTF-8; in other encodings what can be read, with a complaint."""
    complaints, not_utf8, lines = dict[int, str](), list[int](), list[str]()
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        complaints[1] = "tệp lưu bằng bảng mã UTF-16; hãy lưu lại bằng bảng mã UTF-8"
        data = data.decode("utf-16", errors="replace").encode()
    for number, line in enumerate(re.split(rb"(?<=\n)|(?<=\r)(?!\n)", data.removeprefix(b"\xef\xbb\xbf")), start=1):
        try:
            text = unicodedata.normalize("NFC", line.decode())
        except UnicodeDecodeError:
            not_utf8.append(number)
            text = line.decode(errors="replace")
        else:
            if complaint := complaint_of(text):
                complaints[number] = complaint
        lines.append("".join(filter(_is_shown, text)) if _hidden(text) else text)
    if not_utf8:
        more = f" (và {len(not_utf8) - 1} dòng khác)" if len(not_utf8) > 1 else ""
        complaints[not_utf8[0]] = f"dòng này{more} không phải bảng mã UTF-8; hãy lưu lại tệp bằng UTF-8"
    return Letters("".join(lines), complaints, frozenset((*complaints, *not_utf8)))


def complaint_of(text: str) -> str:
    """What is wrong with the letters of a text, '' where nothing is."""
    if "\ufffd" in text:
        return "có chữ bị mất (dấu �) do sai bảng mã; hãy gõ lại chữ đó"
    if found := _MOJIBAKE.search(text):
        return f"chữ bị vỡ do sai bảng mã hoặc phông chữ cũ (“{found[0]}”); hãy gõ lại hoặc chuyển về Unicode"
    if hidden := _hidden(text):
        return f"có ký tự ẩn (mã U+{ord(hidden):04X}); hãy xóa và gõ lại chỗ đó"
    return ""


def _hidden(text: str) -> str:
    return "" if text.strip("\r\n").isprintable() else next((char for char in text if not _is_shown(char)), "")


def _is_shown(char: str) -> bool:
    return char.isprintable() or char in "\n\r\t" or unicodedata.category(char) == "Zs"
