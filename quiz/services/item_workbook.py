"""The item analysis of a week as a workbook, asked for by whoever may see results and made in the background."""

from __future__ import annotations

from datetime import datetime

from quiz.errors import Refused
from quiz.exports.item_analysis_xlsx import ItemSheet, workbook
from quiz.exports.printable import file_name
from quiz.services import Actor, Transaction, audit, contests, documents, item_report
from quiz.services.accounts import Person
from quiz.services.contests import StoredWeek
from quiz.services.documents import File, Kind, Work

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def ask(session: Transaction, week: StoredWeek, division: str, person: Person, actor: Actor, now: datetime) -> int:
    """Have the workbook made; the document's id. Raises Refused(analysis_missing) until there is a report."""
    report = item_report.find(session, week, division)
    if report is None:
        raise Refused("analysis_missing", week=week.name)
    audit.record(session, audit.Act.ASK_ITEM_ANALYSIS, actor, now, week=week.week.number)
    facts = {"week": week.id, "division": division, "made_at": report.made_at.isoformat()}
    return documents.ask(session, Kind.ITEM_ANALYSIS, facts, person.id, now)


def make(session: Transaction, work: Work) -> File:
    """The workbook of the newest marking; raises Refused(analysis_missing) while that is being worked out."""
    week = contests.get_week_by_id(session, int(str(work.facts["week"])))
    rules, division = week.contest.rules, str(work.facts["division"])
    report = item_report.find(session, week, division)
    if report is None:
        raise Refused("analysis_missing", week=week.name)
    work.tell(1, 2)
    title = f"Phân tích câu hỏi {week.name}"
    if rules.division(division).name:
        title += f" – {rules.division(division).name}"
    sheet = ItemSheet(
        title=title, contest=rules.title, made_at=report.made_at, zone=rules.zone, analysis=report.analysis
    )
    return File(name=file_name(title, "xlsx"), mimetype=XLSX, content=workbook(sheet))
