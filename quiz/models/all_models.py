"""Every table in one import, for migrations and tests."""

from quiz.models import (
    appeals,
    attempts,
    audit,
    contests,
    decisions,
    documents,
    item_analyses,
    mail,
    monitor,
    office_templates,
    people,
    publication_files,
    question_work,
    results,
    reviews,
    rulings,
)

__all__ = [
    "appeals",
    "attempts",
    "audit",
    "contests",
    "decisions",
    "documents",
    "item_analyses",
    "mail",
    "monitor",
    "office_templates",
    "people",
    "publication_files",
    "question_work",
    "results",
    "reviews",
    "rulings",
]
