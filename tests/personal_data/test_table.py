"""The table of the documentation is that of the declaration, in the English of the catalogue."""

from __future__ import annotations

from babel.messages.pofile import read_po

from quiz.config import ROOT
from quiz.personal_data.table import table


def test_the_documentation_holds_the_table_of_the_declaration() -> None:
    with (ROOT / "translations" / "en" / "LC_MESSAGES" / "messages.po").open("rb") as file:
        english = {entry.id: str(entry.string) for entry in read_po(file, locale="en")}
    assert table(lambda words: english[words]) in (ROOT / "docs" / "personal-data.md").read_text("utf-8")
