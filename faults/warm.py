"""The same, warmed before its server forks: another worker answers at once. Needs the database."""

from __future__ import annotations

from flask import Flask

from faults.web import app
from quiz.models import db

PAGES = ("account/", "play/", "error.html")


def warm(made: Flask) -> None:
    """Compile what participants see, load the words, and leave no connection open for the workers to share."""
    for name in made.jinja_env.list_templates(filter_func=lambda name: name.startswith(PAGES)):
        made.jinja_env.get_template(name)
    made.test_client().get("/dang-nhap")
    with made.app_context():
        db.engine.dispose()


warm(app)
