"""Every table in one import, for migrations and tests."""

from quiz.models import (
    attempts,
    audit,
    contests,
    decisions,
    documents,
    mail,
    monitor,
    people,
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
    "mail",
    "monitor",
    "people",
    "question_work",
    "results",
    "reviews",
    "rulings",
]
