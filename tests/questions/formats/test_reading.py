"""Any file from its bytes to its questions, and hostile files of every format in bounded time and memory."""

from __future__ import annotations

import resource
import subprocess
import sys

import pytest

from quiz.config import ROOT
from quiz.questions.formats.gift import write_gift
from quiz.questions.formats.moodle_xml import write_moodle_xml
from quiz.questions.formats.qti_writer import write_qti
from quiz.questions.formats.reading import read_questions
from quiz.questions.formats.xlsx_writer import write_xlsx
from tests.questions.formats.hostile import zipped
from tests.questions.formats.samples import real_bank, refused, said
from tests.questions.formats.word import W

BANK = real_bank()
SHEET = '<workbook xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets>' + (
    '<sheet name="x" r:id="r1"/></sheets></workbook>'
)
RELATIONS = (
    '<Relationships><Relationship Id="r1" Target="s.xml"/>'
    '<Relationship Id="r2" Type="x/sharedStrings" Target="t.xml"/></Relationships>'
)


def test_every_export_is_recognised_and_read() -> None:
    exports = {
        "bo.gift": write_gift(BANK.questions, BANK.topics).encode(),
        "bo.xml": write_moodle_xml(BANK.questions, BANK.topics).encode(),
        "bo.zip": write_qti(BANK.questions, BANK.topics),
        "bo.xlsx": write_xlsx(BANK.questions, BANK.topics),
    }
    first, *others = [said(read_questions(name, data)) for name, data in exports.items()]
    assert len(first) == len(BANK.questions)
    assert [other == first for other in others] == [True] * len(others)


def test_small_files_are_read() -> None:
    assert said(read_questions("a.txt", b"Hoi?\nA. 1\nB. 2\nC. 3\nD. 4\nANSWER: A")) == ["Hoi? | *1 | 2 | 3 | 4"]
    assert refused(read_questions("a.xml", b"<assessmentItem identifier='x'/>")) != []
    assert len(read_questions("a.csv", "Câu hỏi,A,B,C,D,Đáp án\nx,1,2,3,4,A".encode()).questions) == 1


def shared_bomb() -> bytes:
    """One long text that a hundred thousand cells refer to."""
    cell = '<c t="s"><v>6</v></c>'
    titles = "".join(f'<c t="s"><v>{n}</v></c>' for n in range(6))
    texts = ["Câu hỏi", "A", "B", "C", "D", "Đáp án", "x" * 30_000]
    return zipped(
        {
            "xl/workbook.xml": SHEET,
            "xl/_rels/workbook.xml.rels": RELATIONS,
            "xl/t.xml": f"<sst>{''.join(f'<si><t>{text}</t></si>' for text in texts)}</sst>",
            "xl/s.xml": f"<worksheet><row>{titles}</row>{f'<row>{cell * 6}</row>' * 9_000}</worksheet>",
        },
        0,
    )


def hostile_word(piece: str, times: int) -> bytes:
    """A document of the same piece again and again, stored, so that it is no bomb."""
    paragraph = f"<w:p>{piece * times}</w:p>" if piece.startswith("<w:r") else piece * times
    return zipped({"word/document.xml": f"<w:document {W}><w:body>{paragraph}</w:body></w:document>"}, 0)


HOSTILE = {
    "open.gift": b"Hoi {" + b"~a\n" * 500_000,
    "blocks.gift": b"x\n\n" * 400_000,
    "long.gift": b"::a:: {=" + b"<" * 19_000_000 + b" ~b ~c ~d}",
    "braces.gift": b"{}{" * 6_000_000,
    "titles.gift": b"::" * 9_000_000,
    "escapes.gift": b"{\\" * 9_000_000,
    "answers.txt": b"ANSWER: A\nA. x\n" * 300_000,
    "options.txt": b"Hoi\n" + b"A. x\n" * 400_000 + b"ANSWER: A",
    "wide.csv": "Câu hỏi,A,B,Đáp án".encode() + b"," * 19_000_000,
    "rows.csv": "Câu hỏi,A,B,Đáp án\n".encode() + b"x,1,2,A\n" * 900_000,
    "quotes.csv": "Câu hỏi,A,B,Đáp án\n".encode() + b'"' * 19_000_001,
    "lines.csv": "Câu hỏi,Phương án,Đáp án\n".encode() + b'"x","A. x' + b"\ny" * 60_000 + b'",A',
    "deep.xml": b"<quiz>" + b"<a>" * 900_000,
    "answers.xml": b'<quiz><question type="multichoice">' + b"<answer/>" * 900_000 + b"</question></quiz>",
    "tags.xml": b'<quiz><question type="multichoice"><questiontext><text><![CDATA['
    + b"<sup><li><!--" * 700_000
    + b"]]></text></questiontext></question></quiz>",
    "attributes.xml": b"<quiz " + b"a='' " * 190_000 + b"/>",
    "shared.xlsx": shared_bomb(),
    "items.zip": zipped({f"{n}.xml": "<assessmentItem>" + "<a/>" * 9_000 + "</assessmentItem>" for n in range(200)}),
    "runs.docx": hostile_word("<w:p><w:r><w:t>A. x</w:t></w:r></w:p>", 110_000),
    "run.docx": hostile_word("<w:r><w:t>A. x</w:t></w:r>", 200_000),
    "tables.docx": hostile_word("<w:tbl><w:tr><w:tc><w:p/></w:tc></w:tr></w:tbl>", 110_000),
    "laughs.xlsx": zipped({"xl/workbook.xml": "<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"}),
}
PROGRAM = """
import resource, sys, pathlib
resource.setrlimit(resource.RLIMIT_AS, ({memory}, {memory}))
from quiz.questions.formats.imported import RefusedFile
from quiz.questions.formats.qti_writer import write_qti
from quiz.questions.formats.reading import read_questions
try:
    read = read_questions(sys.argv[1], sys.stdin.buffer.read())
    print("read", len(read.questions), len(read.refused))
except RefusedFile as no:
    print("refused", no.why.code)
"""


@pytest.mark.skipif(not hasattr(resource, "RLIMIT_AS"), reason="no limits on this system")
@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_end_within_seconds_and_bounded_memory(name: str) -> None:
    program = PROGRAM.format(memory=1024**3)
    done = subprocess.run(
        [sys.executable, "-c", program, name],
        input=HOSTILE[name],
        cwd=ROOT,
        capture_output=True,
        timeout=20,
        check=False,
    )
    assert (done.returncode, done.stderr[-500:]) == (0, b"")
    assert done.stdout.startswith((b"refused", b"read 0 "))
