"""Which format a file has, by what stands in it; what is none of ours, or dangerous, is refused before it is read."""

from __future__ import annotations

import codecs
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from quiz.questions.formats import docx, xlsx
from quiz.questions.formats.aiken import looks_like_aiken
from quiz.questions.formats.csv_text import looks_like_csv
from quiz.questions.formats.gift import looks_like_gift
from quiz.questions.formats.imported import RefusedFile
from quiz.questions.formats.letters import decode
from quiz.questions.formats.numbered_text import looks_like_numbered_text
from quiz.questions.formats.packed import Packed
from quiz.questions.formats.qti import looks_like_qti
from quiz.questions.formats.xml_tree import root_name, xml_text

MOST_MEGABYTES = 20
_ZIP, _OLE = b"PK", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_FOREIGN = (
    (b"%PDF", "PDF"),
    (b"{\\rtf", "RTF"),
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF8", "GIF"),
    (b"Rar!", "RAR"),
    (b"7z\xbc\xaf", "7-Zip"),
    (b"\x1f\x8b", "gzip"),
    (b"MZ", "EXE"),
)
_WANTED = "Excel (.xlsx), Word (.docx), GIFT, Aiken, Moodle XML, QTI, CSV"
_MACRO_FILES = frozenset((".xlsm", ".xltm", ".xlam", ".xlsb", ".docm", ".dotm"))


class Kind(Enum):
    """A format; `value` is its name and the endings that its files may have, besides none."""

    GIFT = ("GIFT", ".gift", ".txt", ".text")
    AIKEN = ("Aiken", ".aiken", ".txt", ".text")
    NUMBERED_TEXT = ("văn bản (.txt)", ".txt", ".text")
    CSV = ("CSV", ".csv", ".tsv", ".txt")
    MOODLE_XML = ("Moodle XML", ".xml")
    QTI_ITEM = ("QTI", ".xml", ".qti")
    QTI_PACKAGE = ("QTI (.zip)", ".zip", ".imscc")
    DOCX = ("Word (.docx)", ".docx")
    XLSX = ("Excel (.xlsx)", ".xlsx")


@dataclass(frozen=True, slots=True)
class Recognised:
    """A file that has been looked through: its format, its bytes, and what looking has made of them."""

    kind: Kind
    data: bytes
    text: str = ""
    packed: Packed | None = None


_TEXTS = (
    (looks_like_csv, Kind.CSV),
    (looks_like_aiken, Kind.AIKEN),
    (looks_like_gift, Kind.GIFT),
    (looks_like_numbered_text, Kind.NUMBERED_TEXT),
)
"""What a text can be, the plainest signs first."""


def recognise(name: str, data: bytes) -> Recognised:
    """What the file is; raises RefusedFile."""
    ending = Path(name.strip()).suffix.lower()
    if not data.strip():
        raise RefusedFile("empty")
    if len(data) > MOST_MEGABYTES * 1024**2:
        raise RefusedFile("too_large", most=MOST_MEGABYTES)
    if ending in _MACRO_FILES:
        raise RefusedFile("macros")
    found = _packed(data) if data.startswith(_ZIP) else _plain(data)
    title, *endings = found.kind.value
    if ending and ending not in endings:
        raise RefusedFile("wrong_extension", extension=ending, kind=title)
    return found


def _packed(data: bytes) -> Recognised:
    packed = Packed(data)
    if xlsx.WORKBOOK in packed.names:
        return Recognised(Kind.XLSX, data, packed=packed)
    if docx.DOCUMENT in packed.names:
        return Recognised(Kind.DOCX, data, packed=packed)
    if looks_like_qti(packed):
        return Recognised(Kind.QTI_PACKAGE, data, packed=packed)
    raise RefusedFile("unknown")


def _plain(data: bytes) -> Recognised:
    if data.startswith(_OLE):
        is_locked = "EncryptedPackage".encode("utf-16-le") in data
        raise RefusedFile("password") if is_locked else RefusedFile("foreign", kind="Office 97-2003", wanted=_WANTED)
    if foreign := next((name for mark, name in _FOREIGN if data.startswith(mark)), ""):
        raise RefusedFile("foreign", kind=foreign, wanted=_WANTED)
    start = data.removeprefix(codecs.BOM_UTF8).lstrip()
    if start.startswith((b"<", b"\xff\xfe<\0", b"\xfe\xff\0<")) and (found := _xml(data)):
        return found
    text = decode(data)
    for looks_like, kind in _TEXTS:
        if looks_like(text):
            return Recognised(kind, data, text=text)
    raise RefusedFile("unknown")


def _xml(data: bytes) -> Recognised | None:
    """A file that begins as XML; none where it is text that happens to begin with a tag."""
    text = xml_text(data)
    start = text.lstrip()[:20].lower()
    if start.startswith(("<!doctype html", "<html")):
        raise RefusedFile("foreign", kind="HTML", wanted=_WANTED)
    name = root_name(text)
    if name == "quiz":
        return Recognised(Kind.MOODLE_XML, data)
    if name in ("assessmentItem", "qti-assessment-item"):
        return Recognised(Kind.QTI_ITEM, data)
    if name in ("manifest", "assessmentTest", "qti-assessment-test"):
        raise RefusedFile("package_part")
    if name == "questestinterop":
        raise RefusedFile("foreign", kind="QTI 1.2", wanted="QTI 2.1, 2.2, 3.0, Moodle XML")
    if data.removeprefix(codecs.BOM_UTF8).startswith(b"<?xml"):
        raise RefusedFile("unknown")
    return None
