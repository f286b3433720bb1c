"""The coordinator's pages: the agency's rate against its threshold with those below it, who is missing, slips."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from flask import Blueprint, current_app, g, render_template, request

from quiz import chance
from quiz.contest.schedule import Phase
from quiz.permissions import Permission
from quiz.scoring.comparison import Comparison, compare
from quiz.scoring.participation import Basis, Children
from quiz.services import (
    accounts,
    agencies,
    commitments,
    contests,
    heads,
    prediction_secrecy,
    reading,
    transaction,
    trends,
    turnout,
)
from quiz.services.commitments import Commitment
from quiz.services.contests import StoredContest, StoredWeek
from quiz.services.turnout import AgencyTurnout
from quiz.web import qr
from quiz.web.access import actor, requires, visitor
from quiz.web.openings import settled_weeks

bp = Blueprint("agency", __name__, url_prefix="/co-quan")
PEOPLE_ON_A_PAGE = 10


@bp.get("")
@requires(Permission.SEE_AGENCY)
def dashboard() -> str:
    """The rate against the threshold, who is missing, how it goes, how others do, and what to do."""
    visible = accounts.agencies_of(reading(), visitor())
    wanted = request.args.get("co-quan", type=int) or visitor().agency_id
    agency = accounts.get_agency(reading(), visitor(), wanted)
    contest = contests.get_current(reading())
    opened = [week for week in settled_weeks(contest) if week.week.phase_at(g.now) is not Phase.TO_COME]
    hidden = [week for week in opened if _is_hidden(week, {each.id for each in visible})]
    shown = [week for week in opened if week not in hidden]
    family = agencies.with_those_below(reading(), [agency.id])
    rows = [(week, _of(turnout.of_week(reading(), week, g.now, family), agency.id)) for week in shown]
    over_contest = turnout.over_contest(reading(), shown, g.now, family)
    overall, coming = _of(over_contest, agency.id), contest.rules.next_week(g.now)
    latest, in_latest = rows[-1] if rows else (None, None)
    rules = contest.rules.participation
    counted = family if rules.children is Children.SUM else {agency.id}
    return render_template(
        "agency/dashboard.html",
        agency=agency,
        agencies=visible,
        opened=opened,
        hidden=hidden,
        rows=rows,
        coming=coming,
        coming_name=contest.rules.name_of(coming) if coming else "",
        latest=latest,
        is_open=latest is not None and latest.week.phase_at(g.now) is not Phase.CLOSED,
        is_weekly=rules.basis is Basis.WEEK,
        held=in_latest if rules.basis is Basis.WEEK else overall,
        below=[row for row in over_contest if row.parent_id == agency.id],
        days=trends.by_day(reading(), latest, counted, g.now) if latest else (),
        comparison=_comparison(opened, agency.id),
        promised=_promised(contest),
        heads=heads.of_each(reading(), opened),
        **_missing(sorted(family), latest),
    )


@bp.post("/<int:agency_id>/phieu-kich-hoat")
@requires(Permission.PRINT_ACTIVATION_SLIPS)
def slips(agency_id: int) -> str:
    with transaction(actor()) as session:
        agency = accounts.get_agency(session, visitor(), agency_id)
        made = accounts.issue_slips(session, agency, actor(), g.now, chance.activation_code)
    return render_template("agency/slips.html", agency=agency, slips=made, drawn=qr.drawn)


def _comparison(opened: Sequence[StoredWeek], agency_id: int) -> Comparison | None:
    """Among those of its kind, over the weeks whose figures of all agencies the visitor may see."""
    seen = [week for week in opened if not prediction_secrecy.is_secret(week, visitor().roles, g.now)]
    rows = _of_all(seen)
    own = _of(rows, agency_id)
    return compare(own.turnout.rate, [row.turnout.rate for row in rows if row.kind is own.kind]) if own else None


def _of_all(weeks: Sequence[StoredWeek]) -> tuple[AgencyTurnout, ...]:
    """Everybody's participation as of this minute: counted once in it by each process, however many look."""
    minute = g.now.replace(second=0, microsecond=0)
    asked = (minute, *(week.id for week in weeks))
    kept: dict[tuple[object, ...], tuple[AgencyTurnout, ...]] = current_app.extensions.setdefault("comparison", {})
    found = kept.get(asked)
    if found is None:
        found = turnout.over_contest(reading(), weeks, g.now)
        for earlier in [key for key in kept if key[0] != minute]:
            kept.pop(earlier, None)
        kept[asked] = found
    return found


def _promised(contest: StoredContest) -> list[tuple[StoredWeek, Commitment]]:
    """The newest promise of each week that is not over: coordinators are the witnesses who hold its digest."""
    weeks = [week for week in contests.weeks(reading(), contest) if week.week.phase_at(g.now) is not Phase.CLOSED]
    found = ((week, commitments.find_newest(reading(), week)) for week in weeks)
    return [(week, newest) for week, newest in found if newest]


def _missing(agency_ids: Sequence[int], week: StoredWeek | None) -> dict[str, object]:
    """Who has not taken part in the week, a page of them."""
    people = turnout.missing_people(reading(), agency_ids, week, g.now) if week else ()
    pages = max(1, -(-len(people) // PEOPLE_ON_A_PAGE))
    page = min(max(1, request.args.get("trang", 1, type=int)), pages)
    first = (page - 1) * PEOPLE_ON_A_PAGE
    return {"missing": people, "listed": people[first : first + PEOPLE_ON_A_PAGE], "page": page, "pages": pages}


def _is_hidden(week: StoredWeek, seen: Collection[int]) -> bool:
    return prediction_secrecy.hides(reading(), week, visitor().roles, seen, g.now)


def _of(rows: Sequence[AgencyTurnout], agency_id: int) -> AgencyTurnout | None:
    return next((row for row in rows if row.agency_id == agency_id), None)
