"""The declaration of personal data as the table of the documentation."""

from __future__ import annotations

from collections.abc import Callable

from quiz.personal_data.holdings import HOLDINGS, figures

HEAD = ("What", "Why", "How long", "Who sees it", "When somebody is erased", "Tables")


def table(said: Callable[[str], str]) -> str:
    """Markdown, one row for each kind of data; `said` gives the words in the language of the reader."""
    rows = [HEAD, ("---",) * len(HEAD)]
    for one in HOLDINGS:
        tables = ", ".join(f"`{name}`" for name in one.columns)
        words = (one.what, one.why, one.kept, one.seen_by, one.erased)
        rows.append((*(said(text) % figures() for text in words), tables))
    return "\n".join(f"| {' | '.join(row)} |" for row in rows) + "\n"
