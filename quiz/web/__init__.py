"""The pages, one blueprint per audience."""

from __future__ import annotations

from flask import Flask
from werkzeug.routing import IntegerConverter, Map

from quiz.web import (
    account,
    agencies,
    agency,
    agency_reports,
    appeal_desk,
    appeals,
    certificates,
    commitments,
    data_requests,
    decisions,
    documents,
    headcounts,
    heads,
    health,
    item_report,
    key_openings,
    lots,
    mail,
    metrics,
    monitor,
    office_templates,
    official_letters,
    organise,
    oversight,
    people,
    personal_data,
    play,
    public,
    publications,
    question_exports,
    question_imports,
    question_work,
    receipts,
    registration,
    review,
    roster,
    roster_care,
    roster_moves,
    rulings,
    sealed_openings,
    verification,
    week_documents,
)

PAGES = (
    account,
    agencies,
    agency,
    agency_reports,
    appeal_desk,
    appeals,
    certificates,
    commitments,
    data_requests,
    decisions,
    documents,
    headcounts,
    heads,
    health,
    item_report,
    key_openings,
    lots,
    mail,
    metrics,
    monitor,
    office_templates,
    official_letters,
    organise,
    oversight,
    people,
    personal_data,
    play,
    public,
    publications,
    question_exports,
    question_imports,
    question_work,
    receipts,
    registration,
    review,
    roster,
    roster_care,
    roster_moves,
    rulings,
    sealed_openings,
    verification,
    week_documents,
)


class StoredInteger(IntegerConverter):
    """A number in an address that fits an integer of the database; anything larger is no address of this site."""

    def __init__(self, url_map: Map) -> None:
        super().__init__(url_map, max=2**31 - 1)


def register(app: Flask) -> None:
    """Put every blueprint into the application."""
    app.url_map.converters["int"] = StoredInteger
    for module in PAGES:
        app.register_blueprint(module.bp)
