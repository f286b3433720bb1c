"""Every publication for everybody: its page, its JSON to the byte, its picture, and the feed of all of them."""

from __future__ import annotations

from flask import Blueprint, Response, current_app, g, render_template, request, url_for

from quiz.config import Config
from quiz.services import (
    bundles,
    contests,
    incidents,
    publication_changes,
    publication_files,
    publication_history,
    reading,
)
from quiz.services.contests import StoredContest
from quiz.services.publication_history import Issue
from quiz.services.published import Publication
from quiz.web import feeds
from quiz.web.access import open_to_all
from quiz.web.feeds import Entry, Feed
from quiz.web.readers import SHARED, for_readers, for_readers_as

bp = Blueprint("publications", __name__, url_prefix="/ket-qua")
MOST_ENTRIES = 30


@bp.get("/tuan-<int:number>/lan-<int:issue>")
@open_to_all
@for_readers
def one(number: int, issue: int) -> str:
    contest = contests.get_current(reading())
    return week_page(contest, publication_history.get(reading(), contest, number, issue))


@bp.get("/tuan-<int:number>/lan-<int:issue>.json")
@open_to_all
def body(number: int, issue: int) -> Response:
    """Byte for byte what was stored, so that its SHA-256 is the digest on the page."""
    content, digest = publication_history.stored(reading(), contests.get_current(reading()), number, issue)
    return _file(content, digest, "application/json")


@bp.get("/tuan-<int:number>/lan-<int:issue>.zip")
@open_to_all
def bundle(number: int, issue: int) -> Response:
    """Everything from which anyone recomputes the week."""
    content, digest = bundles.bundle(reading(), contests.get_current(reading()), number, issue)
    answer = _file(content, digest, "application/zip")
    answer.headers["Content-Disposition"] = f'attachment; filename="{bundles.name_of(number)}"'
    return answer


@bp.get("/tuan-<int:number>/lan-<int:issue>.png")
@open_to_all
def picture(number: int, issue: int) -> Response:
    content, digest = publication_files.picture(reading(), contests.get_current(reading()), number, issue)
    return _file(content, digest, "image/png")


@bp.get("/feed.atom")
@open_to_all
@for_readers_as(feeds.MIMETYPE)
def feed() -> str:
    contest = contests.get_current(reading())
    rules = contest.rules
    issues = publication_history.issues(reading(), contest)[:MOST_ENTRIES]
    begins = min(week.opens_at for week in rules.weeks)
    return feeds.atom(
        Feed(
            id=feeds.tag(_host(), str(begins.year), rules.slug),
            title=f"Kết quả {rules.heading}",
            author=rules.organiser,
            updated=issues[0].published_at if issues else begins,
            address=url_for(".feed", _external=True),
            page=url_for("public.winners", _external=True),
            entries=[_entry(contest, issue) for issue in issues],
        )
    )


def week_page(contest: StoredContest, publication: Publication) -> str:
    """The page of one publication, with what it changed and all others of the week; the newest tells of incidents."""
    issues = publication_history.issues(reading(), contest, publication.week)
    is_newest = publication.number == issues[0].number
    decided = incidents.approved(reading(), contest) if is_newest else ()
    week = contests.get_week(reading(), contest, publication.week)
    issue = next(issue for issue in issues if issue.number == publication.number)
    waits_for = None if issue.bundled else bundles.waits_for(reading(), week, g.now)
    return render_template(
        "public/week.html",
        name=week.name,
        publication=publication,
        issues=issues,
        is_newest=is_newest,
        issue=issue,
        waits_for=waits_for.name if waits_for else None,
        changes=_changes(contest, publication),
        incidents=[each for each in decided if each.week.number == publication.week],
    )


def _changes(contest: StoredContest, publication: Publication) -> tuple[publication_changes.Part, ...]:
    if publication.number == 1:
        return ()
    before = publication_history.get(reading(), contest, publication.week, publication.number - 1)
    return publication_changes.changes(before, publication)


def _entry(contest: StoredContest, issue: Issue) -> Entry:

    def address(endpoint: str) -> str:
        return url_for(endpoint, number=issue.week, issue=issue.number, _external=True)

    publication = publication_history.get(reading(), contest, issue.week, issue.number)
    week = contests.get_week(reading(), contest, issue.week)
    path = f"{contest.rules.slug}/tuan-{issue.week}/lan-{issue.number}"
    return Entry(
        id=feeds.tag(_host(), f"{issue.published_at:%Y-%m-%d}", path),
        title=f"Kết quả {week.name[:1].lower()}{week.name[1:]}, công bố lần {issue.number}",
        updated=issue.published_at,
        page=address(".one"),
        json=address(".body"),
        html=render_template("public/_feed_entry.html", publication=publication),
        picture=address(".picture") if issue.pictured else "",
    )


def _host() -> str:
    """The name of the site as mail knows it, so that ids stay whichever address the feed was asked for at."""
    config: Config = current_app.config["QUIZ"]
    return config.mail.host if config.mail else request.host.partition(":")[0]


def _file(content: bytes, digest: str, mimetype: str) -> Response:
    answer = Response(content, mimetype=mimetype)
    answer.headers["Cache-Control"] = SHARED
    answer.set_etag(digest)
    answer.make_conditional(request)
    return answer
