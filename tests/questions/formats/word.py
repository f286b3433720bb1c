"""Word documents as people make them, and documents written by hand where Word's own lists are needed."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import docx

from quiz.questions.formats.packed import Packed
from tests.questions.formats.hostile import zipped

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def document(fill: Callable[[Any], None]) -> bytes:
    """A document as Word writes it."""
    made = docx.Document()
    fill(made)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def lines(*texts: str) -> Packed:
    """A document of plain paragraphs; '**…**' is bold, '__…__' underlined, '==…==' highlighted, '##…##' red."""

    def fill(made: Any) -> None:
        for text in texts:
            add(made.add_paragraph(), text)

    return Packed(document(fill))


def add(paragraph: Any, text: str) -> None:
    """The text with its marks."""
    from docx.enum.text import WD_COLOR_INDEX
    from docx.shared import RGBColor

    for mark in ("**", "__", "==", "##"):
        before, found, rest = text.partition(mark)
        if found:
            inside, _, after = rest.partition(mark)
            add(paragraph, before)
            run = paragraph.add_run(inside)
            run.bold = True if mark == "**" else None
            run.underline = True if mark == "__" else None
            run.font.highlight_color = WD_COLOR_INDEX.YELLOW if mark == "==" else None
            if mark == "##":
                run.font.color.rgb = RGBColor(0xFF, 0, 0)
            add(paragraph, after)
            return
    if text:
        paragraph.add_run(text)


def table(*rows: list[str]) -> Packed:
    """A document that is one table."""

    def fill(made: Any) -> None:
        grid = made.add_table(rows=len(rows), cols=max(map(len, rows)))
        for row, texts in zip(grid.rows, rows, strict=True):
            for cell, text in zip(row.cells, texts, strict=False):
                add(cell.paragraphs[0], text)

    return Packed(document(fill))


def by_hand(body: str, numbering: str = "", styles: str = "") -> Packed:
    """A document of these parts."""
    return Packed(
        zipped(
            {
                "word/document.xml": f"<w:document {W}><w:body>{body}</w:body></w:document>",
                "word/numbering.xml": f"<w:numbering {W}>{numbering}</w:numbering>",
                "word/styles.xml": f"<w:styles {W}>{styles}</w:styles>",
            }
        )
    )


def paragraph(text: str, properties: str = "", run: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr><w:r><w:rPr>{run}</w:rPr><w:t>{text}</w:t></w:r></w:p>"


def numbered(text: str, number: int = 1, depth: int = 0) -> str:
    return paragraph(text, f'<w:numPr><w:ilvl w:val="{depth}"/><w:numId w:val="{number}"/></w:numPr>')


LISTS = """
<w:abstractNum w:abstractNumId="0">
  <w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="Câu %1:"/></w:lvl>
  <w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="upperLetter"/><w:lvlText w:val="%2."/></w:lvl>
</w:abstractNum>
<w:abstractNum w:abstractNumId="1">
  <w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="upperLetter"/><w:lvlText w:val="%1)"/></w:lvl></w:abstractNum>
<w:abstractNum w:abstractNumId="2"><w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/><w:lvlText w:val="·"/></w:lvl>
</w:abstractNum>
<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>
<w:num w:numId="2"><w:abstractNumId w:val="1"/></w:num>
<w:num w:numId="3"><w:abstractNumId w:val="1"/>
  <w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num>
<w:num w:numId="4"><w:abstractNumId w:val="2"/></w:num>
"""
