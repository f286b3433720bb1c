"""Every table in one import, for migrations and tests."""

from quiz.models import (
    attempts,
    audit,
    contests,
    decisions,
    documents,
    item_analyses,
    mail,
    monitor,
    people,
    publication_files,
    question_work,
    results,
    reviews,
    rulings,
)

__all__ = [
    "attempts",
    "audit",
    "contests",
    "decisions",
    "documents",
    "item_analyses",
    "mail",
    "monitor",
    "people",
    "publication_files",
    "question_work",
    "results",
    "reviews",
    "rulings",
]
