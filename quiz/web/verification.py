"""How anyone checks a result: what was promised of each week, to the byte, and what the page cannot prove."""

from __future__ import annotations

from flask import Blueprint, Response, render_template, request

from quiz.exports import verifiers
from quiz.services import commitments, contests, heads, publication_history, reading
from quiz.services.contests import StoredWeek
from quiz.verification.commitments import sha256
from quiz.web.access import open_to_all
from quiz.web.readers import SHARED, for_readers

bp = Blueprint("verification", __name__, url_prefix="/kiem-chung")


@bp.get("")
@open_to_all
@for_readers
def page() -> str:
    contest = contests.get_current(reading())
    weeks = contests.weeks(reading(), contest)
    promised = {week.id: commitments.of_week(reading(), week) for week in weeks}
    final = {week.id: head for week, head in heads.final(reading(), weeks)}
    oldest_first = reversed(publication_history.issues(reading(), contest))
    bundled = {issue.week: issue.number if issue.bundled else None for issue in oldest_first}
    return render_template(
        "public/verification.html",
        rules=contest.rules,
        weeks=weeks,
        promised=promised,
        final_heads=final,
        bundled=bundled,
    )


@bp.get("/kiem-chung.html")
@open_to_all
def verifier() -> Response:
    """The verifier that is one page, for those who would have to unpack a bundle on a telephone."""
    content = verifiers.PAGE.read_bytes()
    answer = _file(content, sha256(content), "text/html")
    answer.headers["Content-Security-Policy"] = verifiers.page_policy()
    return answer


@bp.get("/cam-ket-tuan-<int:number>.json")
@open_to_all
def newest(number: int) -> Response:
    """The version under which the week opened, or the newest so far."""
    week = _week(number)
    return _file(*commitments.file(reading(), week, week.commitment))


@bp.get("/cam-ket-tuan-<int:number>-ban-<int:version>.json")
@open_to_all
def version(number: int, version: int) -> Response:
    """Byte for byte what was published, so that its SHA-256 is the digest on the page."""
    return _file(*commitments.file(reading(), _week(number), version))


def _week(number: int) -> StoredWeek:
    return contests.get_week(reading(), contests.get_current(reading()), number)


def _file(content: bytes, digest: str, mimetype: str = "application/json") -> Response:
    answer = Response(content, mimetype=mimetype)
    answer.headers["Cache-Control"] = SHARED
    answer.set_etag(digest)
    answer.make_conditional(request)
    return answer
