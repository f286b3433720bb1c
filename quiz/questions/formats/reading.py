"""A file of strangers → what it says: recognised by its content, read by the module of its format."""

from __future__ import annotations

from quiz.questions.formats.aiken import read_aiken
from quiz.questions.formats.csv_text import read_csv
from quiz.questions.formats.docx import read_docx
from quiz.questions.formats.gift import read_gift
from quiz.questions.formats.imported import Imported
from quiz.questions.formats.moodle_xml import read_moodle_xml
from quiz.questions.formats.numbered_text import read_numbered_text
from quiz.questions.formats.qti import read_qti_item, read_qti_package
from quiz.questions.formats.recognise import Kind, Recognised, recognise
from quiz.questions.formats.xlsx import read_xlsx

_TEXTS = {
    Kind.GIFT: read_gift,
    Kind.AIKEN: read_aiken,
    Kind.CSV: read_csv,
    Kind.NUMBERED_TEXT: read_numbered_text,
}
_TREES = {Kind.MOODLE_XML: read_moodle_xml, Kind.QTI_ITEM: read_qti_item}
_PACKED = {Kind.XLSX: read_xlsx, Kind.QTI_PACKAGE: read_qti_package, Kind.DOCX: read_docx}


def read_questions(name: str, data: bytes) -> Imported:
    """Every question of the file and everything that was not taken; raises RefusedFile where nothing can be read."""
    return _read(recognise(name, data))


def _read(file: Recognised) -> Imported:
    if file.packed:
        return _PACKED[file.kind](file.packed)
    return _TEXTS[file.kind](file.text) if file.text else _TREES[file.kind](file.data)
