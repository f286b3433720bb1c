"""The coordinator's pages: the agency's rate against its threshold with those below it, who is missing, slips."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from flask import Blueprint, g, render_template, request

from quiz import chance
from quiz.contest.schedule import Phase
from quiz.permissions import Permission
from quiz.scoring.participation import Basis
from quiz.services import accounts, contests, prediction_secrecy, reading, transaction, turnout
from quiz.services.contests import StoredWeek
from quiz.services.turnout import AgencyTurnout
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
    opened = [week for week in settled_weeks(contest) if week.week.phase_at(g.now) is not Phase.TO_COME]
    hidden = [week for week in opened if _is_hidden(week, {each.id for each in agencies})]
    shown = [week for week in opened if week not in hidden]
    rows = [(week, _of(turnout.of_week(reading(), week, g.now), agency.id)) for week in shown]
    over_contest = turnout.over_contest(reading(), shown, g.now)
    overall, coming = _of(over_contest, agency.id), contest.rules.next_week(g.now)
    latest, in_latest = rows[-1] if rows else (None, None)
    is_weekly = contest.rules.participation.basis is Basis.WEEK
    return render_template(
        "agency/dashboard.html",
        agency=agency,
        agencies=agencies,
        opened=opened,
        hidden=hidden,
        rows=rows,
        coming=coming,
        coming_name=contest.rules.name_of(coming) if coming else "",
        latest=latest,
        overall=overall,
        held=in_latest if is_weekly else overall,
        below=[row for row in over_contest if row.parent_id == agency.id],
        missing=turnout.missing_people(reading(), (agency.id,), latest, g.now) if latest else (),
    )


@bp.post("/<int:agency_id>/phieu-kich-hoat")
@requires(Permission.PRINT_ACTIVATION_SLIPS)
def slips(agency_id: int) -> str:
    with transaction(actor()) as session:
        agency = accounts.get_agency(session, visitor(), agency_id)
        made = accounts.issue_slips(session, agency, actor(), g.now, chance.activation_code)
    return render_template("agency/slips.html", agency=agency, slips=made)


def _is_hidden(week: StoredWeek, seen: Collection[int]) -> bool:
    return prediction_secrecy.hides(reading(), week, visitor().roles, seen, g.now)


def _of(rows: Sequence[AgencyTurnout], agency_id: int) -> AgencyTurnout | None:
    return next((row for row in rows if row.agency_id == agency_id), None)
