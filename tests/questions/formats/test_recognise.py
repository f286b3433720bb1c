"""A file is what stands in it; what is dangerous, or not what its name says, is refused in words."""

from __future__ import annotations

from time import perf_counter

import pytest

from quiz.questions.formats.recognise import Kind, recognise
from tests.questions.formats.hostile import zipped
from tests.questions.formats.samples import refusal

XLSX = zipped({"xl/workbook.xml": "<workbook/>"})
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500)


@pytest.mark.parametrize(
    ("name", "data", "kind"),
    [
        ("de.txt", "Hỏi {=a ~b ~c ~d}".encode(), Kind.GIFT),
        ("de.gift", "::1:: Hỏi {=a ~b ~c ~d}".encode("utf-16"), Kind.GIFT),
        ("de", "<p>Hỏi</p> {=a ~b ~c ~d}".encode(), Kind.GIFT),
        ("DE.TXT", b"Hoi?\nA. a\nB. b\nANSWER: A", Kind.AIKEN),
        ("de.csv", "Câu hỏi;A;B;Đáp án\n".encode("utf-8-sig"), Kind.CSV),
        ("de.txt", "Câu hỏi\tA\tB\tĐáp án\n".encode(), Kind.CSV),
        ("de.xml", b"\xef\xbb\xbf<?xml version='1.0'?>\n<quiz/>", Kind.MOODLE_XML),
        ("de.xml", "<?xml version='1.0' encoding='UTF-16'?><quiz/>".encode("utf-16"), Kind.MOODLE_XML),
        ("de.xlsx", XLSX, Kind.XLSX),
        ("de.xml", b"<assessmentItem/>", Kind.QTI_ITEM),
        ("de.xml", b"<qti:qti-assessment-item xmlns:qti='x'/>", Kind.QTI_ITEM),
        ("de.docx", zipped({"word/document.xml": "<document/>"}), Kind.DOCX),
        ("de.zip", zipped({"x/imsmanifest.xml": "<manifest/>"}), Kind.QTI_PACKAGE),
        ("de.imscc", zipped({"a.xml": "<assessmentItem/>"}), Kind.QTI_PACKAGE),
    ],
)
def test_content_decides(name: str, data: bytes, kind: Kind) -> None:
    assert recognise(name, data).kind == kind


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("de.txt", b"", "empty"),
        ("de.txt", b" \n", "empty"),
        ("de.txt", b"a" * (20 * 1024**2 + 1), "too_large"),
        ("de.txt", "Cé {=a ~b}".encode("cp1258"), "not_utf8"),
        ("de.txt", "Hoi {=a ~b}".encode("utf-16-le"), "nul"),
        ("de.txt", b"\n" * 1_000_001 + b"x", "too_many_lines"),
        ("de.txt", b"chi la mot doan van", "unknown"),
        ("de.xml", b"<?xml version='1.0'?><other/>", "unknown"),
        ("de.zip", zipped({"a.txt": "x"}), "unknown"),
        ("de.xml", b"<!DOCTYPE quiz [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><quiz>&x;</quiz>", "doctype"),
        ("de.xls", b"<!DOCTYPE html><html><table></table></html>", "foreign"),
        ("de.xls", OLE, "foreign"),
        ("de.xlsx", OLE + "EncryptedPackage".encode("utf-16-le"), "password"),
        ("de.xlsm", XLSX, "macros"),
        ("de.xml", b"<manifest/>", "package_part"),
        ("de.xml", b"<questestinterop/>", "foreign"),
        ("de.pdf", b"%PDF-1.7", "foreign"),
        ("de.docx", b"{\\rtf1", "foreign"),
        ("de.xlsx", b"\x89PNG\r\n", "foreign"),
        ("de.csv", XLSX, "wrong_extension"),
        ("de.xlsx", b"<quiz/>", "wrong_extension"),
        ("de.exe", "Hỏi {=a ~b}".encode(), "wrong_extension"),
    ],
)
def test_other_files_are_refused(name: str, data: bytes, code: str) -> None:
    started = perf_counter()
    assert refusal(lambda: recognise(name, data)) == code
    assert perf_counter() - started < 3


def test_a_wrong_extension_is_said_with_what_the_file_is() -> None:
    with pytest.raises(Exception, match=r"Tên tệp có đuôi “.csv” nhưng nội dung là Excel \(.xlsx\)"):
        recognise("de.csv", XLSX)
