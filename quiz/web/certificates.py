"""Certificates of participation: asking for the own one, and the public page by which anybody checks one."""

from __future__ import annotations

from flask import Blueprint, current_app, g, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from quiz.config import Config
from quiz.errors import Refused
from quiz.permissions import Permission
from quiz.services import certificates, contests, reading, transaction
from quiz.services.certificates import Earned
from quiz.web.access import actor, open_to_all, requires, visitor
from quiz.web.pages import words

bp = Blueprint("certificates", __name__)


@bp.get("/thi/giay-chung-nhan")
@requires(Permission.TAKE_QUIZ)
def own() -> str:
    contest = contests.get_current(reading())
    earned = certificates.find_earned(reading(), contest, visitor().id, g.now)
    return render_template("documents/certificate.html", earned=earned)


@bp.post("/thi/giay-chung-nhan")
@requires(Permission.TAKE_QUIZ)
def ask() -> Response:
    config: Config = current_app.config["QUIZ"]
    check_at = url_for(".entry", _external=True)
    with transaction(actor()) as session:
        made = certificates.ask(session, visitor().id, config.certificate_key, check_at, g.now)
    return redirect(url_for("documents.one", document_id=made))


@bp.get("/xac-nhan")
@open_to_all
def entry() -> Response:
    typed = request.args.get("ma", "")
    if code := certificates.read_code(typed):
        return redirect(url_for(".check", code=certificates.grouped(code)))
    return _page(typed, None, Refused("certificate_missing") if typed else None)


@bp.get("/xac-nhan/<code>")
@open_to_all
def check(code: str) -> Response:
    read = certificates.read_code(code)
    if read and (grouped := certificates.grouped(read)) != code:
        return redirect(url_for(".check", code=grouped))
    try:
        return _page(code, certificates.check(reading(), code, g.now), None)
    except Refused as refusal:
        return _page(code, None, refusal)


def _page(typed: str, found: Earned | None, refusal: Refused | None) -> Response:
    """The page, which neither search engines nor caches keep."""
    problem = words(refusal) if refusal else ""
    page = render_template("documents/check.html", typed=typed, found=found, problem=problem)
    answer = make_response(page, 404 if refusal else 200)
    answer.headers.update({"X-Robots-Tag": "noindex", "Cache-Control": "no-store"})
    return answer
