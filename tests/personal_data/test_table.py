"""The table of the documentation is that of the declaration, in the words of the catalogue. Run, it is written anew."""

from __future__ import annotations

import re

from babel.messages.pofile import read_po

from quiz.config import ROOT
from quiz.personal_data.table import HEAD, table

PAGE = ROOT / "docs" / "personal-data.md"
WRITTEN = re.compile(rf"^\| {re.escape(' | '.join(HEAD))} \|\n(?:\|.*\n)+", re.MULTILINE)


def declared() -> str:
    with (ROOT / "translations" / "en" / "LC_MESSAGES" / "messages.po").open("rb") as file:
        english = {entry.id: str(entry.string) for entry in read_po(file, locale="en")}
    return table(lambda words: english[words])


def test_the_documentation_holds_the_table_of_the_declaration() -> None:
    assert WRITTEN.findall(PAGE.read_text("utf-8")) == [declared()]


if __name__ == "__main__":
    PAGE.write_text(WRITTEN.sub(lambda _: declared(), PAGE.read_text("utf-8")), "utf-8")
