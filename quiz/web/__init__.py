"""The pages, one blueprint per audience."""

from __future__ import annotations

from flask import Flask

from quiz.web import account, agency, organise, oversight, play, public, roster


def register(app: Flask) -> None:
    """Put every blueprint into the application."""
    for module in (public, account, play, agency, organise, oversight, roster):
        app.register_blueprint(module.bp)
