"""What a participant takes along of a receipt: a file to keep, and the picture that holds the code and the seal."""

from __future__ import annotations

from flask import Blueprint, Response, render_template, url_for

from quiz.errors import Refused
from quiz.permissions import Permission
from quiz.services import attempts, contests, reading, receipts
from quiz.services.attempts import Attempt
from quiz.services.contests import StoredWeek
from quiz.services.receipts import Receipt
from quiz.web import qr
from quiz.web.access import requires, visitor

bp = Blueprint("receipts", __name__, url_prefix="/thi/bai/<code>")


@bp.get("/bien-nhan.txt")
@requires(Permission.TAKE_QUIZ)
def file(code: str) -> Response:
    attempt, week, receipt = _own(code)
    text = render_template("play/receipt.txt", attempt=attempt, receipt=receipt, week=week, address=_address(receipt))
    return _kept(Response(text, mimetype="text/plain"), f"bien-nhan-{code}.txt")


@bp.get("/bien-nhan.png")
@requires(Permission.TAKE_QUIZ)
def picture(code: str) -> Response:
    *_, receipt = _own(code)
    return _kept(Response(qr.picture(_address(receipt)), mimetype="image/png"))


def _own(code: str) -> tuple[Attempt, StoredWeek, Receipt]:
    attempt = attempts.get(reading(), code, visitor().id)
    week = contests.get_week_by_id(reading(), attempt.week_id)
    receipt = receipts.of_attempt(reading(), week, code)
    if receipt is None:
        raise Refused("attempt_missing")
    return attempt, week, receipt


def _address(receipt: Receipt) -> str:
    """Where receipts are checked; what follows the # never leaves the browser."""
    return url_for("verification.page", _external=True, _anchor=receipt.anchor)


def _kept(answer: Response, name: str = "") -> Response:
    answer.headers["Cache-Control"] = "private, no-store"
    if name:
        answer.headers["Content-Disposition"] = f"attachment; filename={name}"
    return answer
