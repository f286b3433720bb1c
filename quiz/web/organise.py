"""The organiser's pages: the contest at a glance, a week's provisional ranking, publication, agencies."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

from flask import Blueprint, current_app, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from quiz.config import Config
from quiz.contest.schedule import Phase
from quiz.errors import Refused
from quiz.heads_file import HeadsFile
from quiz.permissions import Permission
from quiz.services import (
    contests,
    lost_heads,
    marking,
    publishing,
    reading,
    results,
    soundness,
    transaction,
    turnout,
    week_counts,
)
from quiz.services.contests import StoredWeek
from quiz.services.turnout import AgencyTurnout
from quiz.services.week_counts import Kept
from quiz.web import pages, today
from quiz.web.access import actor, requires
from quiz.web.forms import PublishForm, text
from quiz.web.language import round_name
from quiz.web.openings import settled_weeks

bp = Blueprint("organise", __name__, url_prefix="/ban-to-chuc")


@bp.get("")
@requires(Permission.SEE_RESULTS)
def overview() -> str:
    return today.page()


@bp.get("/tuan-<int:number>")
@requires(Permission.SEE_RESULTS)
def week(number: int) -> str:
    return _week_page(_stored(number), PublishForm())


@bp.post("/tuan-<int:number>/cham")
@requires(Permission.PUBLISH_RESULTS)
def mark(number: int) -> Response:
    _compare_heads()
    count, stored = 0, _stored(number)
    with transaction() as session:
        is_due = marking.prepare(session, stored, g.now)
    if is_due:
        soundness.check(reading(), stored)
        found = marking.work_out(reading(), stored.id)
        with transaction(actor()) as session:
            count = marking.keep(session, found, g.now, actor())
    flash(_("Đã chấm %(count)s lượt thi.", count=count) if count else _("Không còn lượt thi nào phải chấm."))
    return redirect(url_for(".week", number=number))


@bp.post("/tuan-<int:number>/cong-bo")
@requires(Permission.PUBLISH_RESULTS)
def publish(number: int) -> tuple[str, int] | Response:
    form = PublishForm()
    if not form.validate_on_submit():
        return _week_page(_stored(number), form), 422
    _compare_heads()
    try:
        with transaction(actor()) as session:
            stored = contests.get_week(session, contests.get_current(session), number)
            made = publishing.publish(session, stored, text(form.seen), text(form.reason), actor(), g.now)
    except Refused as refusal:
        return _week_page(_stored(number), form, refusal), 409
    flash(_("%(round)s: đã công bố kết quả lần %(number)s.", round=round_name(stored.name), number=made.number))
    return redirect(url_for("public.week", number=number))


def _compare_heads() -> None:
    """As the scheduler does, for a server on which it does not run; where it runs elsewhere, the file is not here."""
    config: Config = current_app.config["QUIZ"]
    if config.heads_file:
        with suppress(OSError):
            lost_heads.look(HeadsFile(config.heads_file), g.now)


def _stored(number: int) -> StoredWeek:
    return contests.get_week(reading(), contests.get_current(reading()), number)


def _week_page(stored: StoredWeek, form: PublishForm, refusal: Refused | None = None) -> str:
    phase = stored.week.phase_at(g.now)
    kept = None if form.is_submitted() else week_counts.find(reading(), stored, g.now)
    draft = _draft(stored, kept)
    publication = publishing.find_latest(reading(), stored.contest, stored.week.number)
    if draft and (refusal or not form.is_submitted()):
        form.seen.data = draft.digest
    if refusal and refusal.code == "ranking_changed":
        form.checked.data = False
    of_week, of_contest = _turnout(stored, phase, draft, kept)
    return render_template(
        "organise/week.html",
        week=stored,
        phase=phase,
        form=form,
        problem=pages.words(refusal) if refusal else "",
        keys_sealed=stored.marked_at is None and stored.keys_sealed,
        draft=draft,
        pages=_pages(stored, draft) if draft else {},
        bands={one.code: one.bands for one in draft.figures.divisions} if draft else {},
        differs=bool(draft and publication and not publication.gives_as(draft.figures)),
        ruled_otherwise=bool(draft and publication and not publication.is_marked_as(draft.figures)),
        turnout=of_week,
        overall={row.agency_id: row for row in of_contest},
        publication=publication,
        counted_at=kept.at if kept else None,
    )


def _draft(stored: StoredWeek, kept: Kept | None) -> publishing.Draft | None:
    """What there is to publish, once the week is marked; nothing of the practice round."""
    if stored.marked_at is None or stored.week.is_practice:
        return None
    return publishing.draft(reading(), stored, g.now, kept)


def _turnout(
    stored: StoredWeek, phase: Phase, draft: publishing.Draft | None, kept: Kept | None
) -> tuple[Sequence[AgencyTurnout], Sequence[AgencyTurnout]]:
    """Participation in the week and over the contest so far; nothing before it opens, nor of the practice round."""
    if draft:
        return draft.week, draft.contest
    if phase is Phase.TO_COME or stored.week.is_practice:
        return (), ()
    if kept:
        week, contest = (turnout.by_agency(reading(), stored, heads) for heads in (kept.week, kept.contest))
        return week, contest
    weeks = [one for one in settled_weeks(stored.contest) if one.week.number <= stored.week.number]
    return turnout.of_week(reading(), stored, g.now), turnout.over_contest(reading(), weeks, g.now)


def _pages(stored: StoredWeek, draft: publishing.Draft) -> dict[str, results.RankingPage]:
    """The page of each division's ranking: the one asked for in the division asked for, and the first of the others."""
    asked, division = request.args.get("trang", 1, type=int), request.args.get("bang", "")
    struck = draft.ranking.struck
    return {
        one.division.code: results.page_of(
            reading(), stored, one, struck, asked if one.division.code == division else 1
        )
        for one in draft.ranking.divisions
    }
