"""Everyone's pages: what is on now, the rules, the winners, participation."""

from __future__ import annotations

from flask import Blueprint, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from quiz.contest.rule_book import rule_book
from quiz.errors import Refused
from quiz.services import contests, incidents, publishing, reading
from quiz.web.access import open_to_all
from quiz.web.language import remember
from quiz.web.next_page import local_path
from quiz.web.readers import for_readers

bp = Blueprint("public", __name__)


@bp.get("/")
@open_to_all
@for_readers
def front_page() -> str:
    contest = contests.find_current(reading())
    if contest is None:
        return render_template("public/empty.html")
    published = publishing.latest_of_each_week(reading(), contest)
    rules = contests.as_extended(reading(), contest)
    return render_template(
        "public/front_page.html",
        rules=rules,
        current=rules.current_week(g.now),
        coming=rules.next_week(g.now),
        latest=published[0] if published else None,
    )


@bp.get("/the-le")
@open_to_all
@for_readers
def rules() -> str:
    contest = contests.get_current(reading())
    sections = rule_book(contest.rules, contests.topics(reading(), contest))
    weeks = contests.weeks(reading(), contest)
    decided = incidents.approved(reading(), contest)
    return render_template("public/rules.html", rules=contest.rules, sections=sections, weeks=weeks, incidents=decided)


@bp.get("/ket-qua")
@open_to_all
@for_readers
def winners() -> str:
    contest = contests.get_current(reading())
    published = publishing.latest_of_each_week(reading(), contest)
    return render_template("public/winners.html", rules=contest.rules, published=published)


@bp.get("/ket-qua/tuan-<int:number>")
@open_to_all
@for_readers
def week(number: int) -> str:
    contest = contests.get_current(reading())
    publication = publishing.find_latest(reading(), contest, number)
    if publication is None:
        raise Refused("publication_missing")
    decided = [one for one in incidents.approved(reading(), contest) if one.week.number == number]
    name = contests.get_week(reading(), contest, number).name
    return render_template("public/week.html", name=name, publication=publication, incidents=decided)


@bp.get("/ty-le-tham-gia")
@open_to_all
@for_readers
def participation() -> str:
    contest = contests.get_current(reading())
    published = publishing.latest_of_each_week(reading(), contest)
    return render_template(
        "public/participation.html", rules=contest.rules, publication=published[0] if published else None
    )


@bp.post("/ngon-ngu")
@open_to_all
def language() -> Response:
    """Needs no token: nothing but the words of the pages can change."""
    answer = redirect(local_path(request.form.get("next")) or url_for("public.front_page"))
    remember(answer, request.form.get("language", ""))
    return answer
