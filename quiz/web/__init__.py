"""The pages, one blueprint per audience."""

from __future__ import annotations

from flask import Flask

from quiz.web import account, agencies, agency, organise, oversight, play, public, roster


def register(app: Flask) -> None:
    """Put every blueprint into the application."""
    for module in (public, account, play, agency, organise, agencies, roster, oversight):
        app.register_blueprint(module.bp)
