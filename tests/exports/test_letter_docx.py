"""Templates of official documents: filled in a sandbox, refused with words where they are faulty or do harm."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

import pytest
from docx import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement

from quiz.errors import Refused
from quiz.exports.letter_docx import filled
from quiz.exports.letter_safety import MOST_BYTES, check
from quiz.exports.letters import Letter

VALUES: dict[str, object] = {"co_quan": "A & <B> {{ 7*7 }}", "danh_sach": [{"ho_ten": "Lê Thị A"}]}


def template(*words: str) -> bytes:
    """A Word file of these paragraphs."""
    made, out = Document(), io.BytesIO()
    for each in words:
        made.add_paragraph(each)
    made.save(out)
    return out.getvalue()


def refused(act: Callable[[], object]) -> Refused:
    """The refusal of an act that must be refused."""
    with pytest.raises(Refused) as caught:
        act()
    return caught.value


def with_member(content: bytes, name: str, data: bytes) -> bytes:
    """The same container with one more file, or another in its place."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w") as new:
        for member in old.namelist():
            if member != name:
                new.writestr(member, old.read(member))
        new.writestr(name, data)
    return out.getvalue()


def with_field(words: str) -> bytes:
    """A Word file with a field, cut in two as Word often does."""
    made, out = Document(), io.BytesIO()
    run = made.add_paragraph().add_run()
    for part in (words[:4], words[4:]):
        field = OxmlElement("w:instrText")
        field.text = part
        run._r.append(field)
    made.save(out)
    return out.getvalue()


def linked() -> bytes:
    """A Word file with a link to elsewhere."""
    made, out = Document(), io.BytesIO()
    made.part.relate_to("http://evil.example/t.dotm", RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
    made.save(out)
    return out.getvalue()


def test_names_stay_text_whatever_they_hold() -> None:
    made = Document(io.BytesIO(filled(template("{{ co_quan }}"), VALUES)))
    assert [each.text for each in made.paragraphs] == ["A & <B> {{ 7*7 }}"]


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        ("{{ co_qaun }}", "template_unknown_names", "co_qaun (gần nhất: co_quan)"),
        ("{% for d in danh_sach %}{{ d.ho_tne }}{% endfor %}", "template_unknown_names", "ho_tne (gần nhất: ho_ten)"),
        ("{{ zzz }}", "template_unknown_names", "zzz"),
        ("{% for d in danh_sach %}{{ d.ho_ten }}", "template_broken", "endfor"),
        ("{{ co_quan.__class__.__mro__ }}", "template_unsafe", ""),
        ("{{ ''.__class__ }}", "template_unsafe", ""),
        ("{{ danh_sach.append(1) }}", "template_unsafe", ""),
        ("{% for i in range(10**9) %}x{% endfor %}", "template_broken", ""),
        ("{{ 1 // 0 }}", "template_broken", ""),
    ],
)
def test_a_faulty_template_says_what_is_wrong(words: str, code: str, says: str) -> None:
    refusal = refused(lambda: filled(template(words), VALUES))
    assert refusal.code == code
    assert says in str(refusal)


@pytest.mark.parametrize("letter", Letter)
def test_the_templates_that_come_with_the_software_are_plain_word_files(letter: Letter) -> None:
    content = letter.original.read_bytes()
    check(content)
    made = Document(io.BytesIO(content))
    page, normal = made.sections[0], made.styles["Normal"].font
    assert (round(page.page_width.mm), round(page.page_height.mm)) == (210, 297)
    sides = [round(side.mm) for side in (page.top_margin, page.bottom_margin, page.left_margin, page.right_margin)]
    assert sides == [20, 20, 30, 20]
    assert (normal.name, normal.size.pt) == ("Times New Roman", 14)
    assert page.different_first_page_header_footer


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "template_no_docx"),
        (b"PK\x03\x04 but no zip", "template_no_docx"),
        (b"x" * (MOST_BYTES + 1), "template_large"),
        (with_member(template("A"), "[Content_Types].xml", b"<Types/>"), "template_no_docx"),
        (with_member(template("A"), "word/vbaProject.bin", b"macro"), "template_macros"),
        (with_member(template("A"), "word/embeddings/oleObject1.bin", b"ole"), "template_embedded"),
        (with_member(template("A"), "word/document.xml", b'<!DOCTYPE a [<!ENTITY b "c">]><a/>'), "template_no_docx"),
        (linked(), "template_external"),
        (with_field(' DDEAUTO c:\\\\cmd.exe "/k calc" '), "template_field"),
        (with_field(' INCLUDETEXT "http://evil.example" '), "template_field"),
    ],
)
def test_what_is_no_plain_word_file_is_refused_unread(content: bytes, code: str) -> None:
    assert refused(lambda: check(content)).code == code
