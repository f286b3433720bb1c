"""The product's web application, warmed before its server forks: a worker that replaces a killed one answers at once.

`FAULTS_CLOCK` puts the clock of this server's machine wrong by so many seconds.
"""

from __future__ import annotations

from flask import Flask

from quiz.models import db
from wsgi import app

PAGES = ("account/", "play/", "error.html")


def warm(made: Flask) -> None:
    """Compile what participants see, load the words, and leave no connection open for the workers to share."""
    for name in made.jinja_env.list_templates(filter_func=lambda name: name.startswith(PAGES)):
        made.jinja_env.get_template(name)
    made.test_client().get("/dang-nhap")
    with made.app_context():
        db.engine.dispose()


warm(app)
