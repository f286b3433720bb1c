"""The language of a page: Vietnamese, or English where the visitor asked for it."""

from __future__ import annotations

from flask import has_request_context, session

LANGUAGES = {"vi": "Tiếng Việt", "en": "English"}


def chosen() -> str:
    """The visitor's language; Vietnamese where nothing else was chosen."""
    wanted = session.get("language", "vi") if has_request_context() else "vi"
    return wanted if wanted in LANGUAGES else "vi"
