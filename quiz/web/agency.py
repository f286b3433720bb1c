"""The coordinator's pages: the agency's rate against its threshold, who is missing, activation slips."""

from __future__ import annotations

from flask import Blueprint, g, render_template, request

from quiz import chance
from quiz.contest.schedule import Phase
from quiz.permissions import Permission
from quiz.services import accounts, contests, reading, transaction, turnout
from quiz.web.access import actor, requires, visitor
from quiz.web.openings import settled_weeks

bp = Blueprint("agency", __name__, url_prefix="/co-quan")


@bp.get("")
@requires(Permission.SEE_AGENCY)
def dashboard() -> str:
    agencies = accounts.agencies_of(reading(), visitor())
    wanted = request.args.get("co-quan", type=int) or visitor().agency_id
    agency = accounts.get_agency(reading(), visitor(), wanted)
    contest = contests.get_current(reading())
    weeks = settled_weeks(contest)
    opened = [week for week in weeks if week.week.phase_at(g.now) is not Phase.TO_COME]
    rows = [(week.week.number, _own(turnout.of_week(reading(), week, g.now), agency.id)) for week in opened]
    return render_template(
        "agency/dashboard.html",
        agency=agency,
        agencies=agencies,
        rows=rows,
        coming=contest.rules.next_week(g.now),
        latest=opened[-1] if opened else None,
        overall=_own(turnout.over_contest(reading(), weeks, g.now), agency.id),
        missing=turnout.missing_people(reading(), (agency.id,), opened[-1], g.now) if opened else (),
    )


@bp.post("/<int:agency_id>/phieu-kich-hoat")
@requires(Permission.PRINT_ACTIVATION_SLIPS)
def slips(agency_id: int) -> str:
    with transaction(actor()) as session:
        agency = accounts.get_agency(session, visitor(), agency_id)
        made = accounts.issue_slips(session, agency, actor(), g.now, chance.activation_code)
    return render_template("agency/slips.html", agency=agency, slips=made)


def _own(rows: tuple[turnout.AgencyTurnout, ...], agency_id: int) -> turnout.AgencyTurnout | None:
    return next((row for row in rows if row.agency_id == agency_id), None)
