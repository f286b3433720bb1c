"""Who makes which kind of document."""

from quiz.services import (
    agency_reports,
    certificates,
    item_workbook,
    official_letters,
    publication_tables,
    question_exports,
    sealed_openings,
)
from quiz.services.documents import Kind, Makers

MAKERS: Makers = {
    Kind.CERTIFICATE: certificates.make,
    Kind.AGENCY_REPORT: agency_reports.make,
    Kind.PUBLICATION_TABLES: publication_tables.make,
    Kind.ITEM_ANALYSIS: item_workbook.make,
    Kind.OFFICIAL_LETTERS: official_letters.make,
    Kind.QUESTION_EXPORT: question_exports.make,
    Kind.SEALED_OPENINGS: sealed_openings.make,
}
