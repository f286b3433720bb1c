"""Everyone's pages: what is on now, the rules, the winners (also for the hall and for other sites), participation."""

from __future__ import annotations

from flask import Blueprint, Response, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from quiz.contest.rule_book import rule_book
from quiz.services import contests, incidents, publishing, reading
from quiz.web import participation as figures
from quiz.web import qr
from quiz.web.access import open_to_all
from quiz.web.language import remember
from quiz.web.next_page import local_path
from quiz.web.pages import FRAMED_POLICY
from quiz.web.publications import week_page
from quiz.web.readers import for_readers

bp = Blueprint("public", __name__)
LONGEST_SEARCH = 100


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
    return week_page(contest, publishing.get_latest(reading(), contest, number))


@bp.get("/ket-qua/tuan-<int:number>/hoi-truong")
@open_to_all
@for_readers
def hall(number: int) -> str:
    """For a screen in the hall on results day: large type, place by place."""
    contest = contests.get_current(reading())
    publication = publishing.get_latest(reading(), contest, number)
    name = contests.get_week(reading(), contest, number).name
    return render_template("public/hall.html", name=name, publication=publication)


@bp.get("/nhung/ket-qua")
@open_to_all
@for_readers
def widget() -> str:
    """The newest winners, for a frame on another site."""
    contest = contests.get_current(reading())
    published = publishing.latest_of_each_week(reading(), contest)
    newest = published[0] if published else None
    name = contests.get_week(reading(), contest, newest.week).name if newest else ""
    return render_template("public/widget.html", name=name, publication=newest)


@bp.after_request
def let_others_frame(answer: Response) -> Response:
    """The widget, and nothing else, may stand in frames; nor may an error page in its place."""
    if request.endpoint == "public.widget" and answer.status_code < 400:
        answer.headers["Content-Security-Policy"] = FRAMED_POLICY
    return answer


@bp.get("/ap-phich")
@open_to_all
@for_readers
def poster() -> str:
    """A poster to print, whose code leads here."""
    contest, address = contests.get_current(reading()), url_for(".front_page", _external=True)
    rules = contests.as_extended(reading(), contest)
    return render_template("public/poster.html", rules=rules, address=address, code=qr.drawn(address))


@bp.get("/ty-le-tham-gia")
@open_to_all
@for_readers
def participation() -> str:
    contest = contests.get_current(reading())
    published = publishing.latest_of_each_week(reading(), contest)
    newest, wanted = published[0] if published else None, request.args.get("tim", "")[:LONGEST_SEARCH]
    order, all_agencies = request.args.get("xep", "ten"), newest.agencies if newest else ()
    return render_template(
        "public/participation.html",
        rules=contest.rules,
        publication=newest,
        found=figures.chosen(all_agencies, wanted, order),
        bands=figures.bands(all_agencies),
        reaching=figures.reaching(all_agencies),
        orders=figures.ORDERS,
        order=order,
        wanted=wanted,
    )


@bp.post("/ngon-ngu")
@open_to_all
def language() -> AnyResponse:
    """Needs no token: nothing but the words of the pages can change."""
    answer = redirect(local_path(request.form.get("next")) or url_for("public.front_page"))
    remember(answer, request.form.get("language", ""))
    return answer
