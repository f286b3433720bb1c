"""The participant's pages: the own weeks, the paper, handing in, the receipt, and the answers after the week."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import Blueprint, current_app, g, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from quiz import chance
from quiz.contest.attempt_rules import read_prediction
from quiz.errors import Refused
from quiz.permissions import Permission
from quiz.scoring.marking import mark
from quiz.scoring.rulings import key_in_force
from quiz.services import (
    at_once,
    attempts,
    contests,
    devices,
    publishing,
    reading,
    receipts,
    rulings_in_force,
    sittings,
    struck,
    transaction,
)
from quiz.services.attempts import Attempt, Saved
from quiz.services.contests import StoredWeek
from quiz.services.own_place import own_place
from quiz.web import device_cookie, language, pages, spliced
from quiz.web.access import actor, requires, visitor

bp = Blueprint("play", __name__, url_prefix="/thi")
MOST_SAVES = 1_000_000


@bp.get("")
@requires(Permission.TAKE_QUIZ)
def home() -> Response:
    contest = contests.get_current(reading())
    weeks = sittings.weeks_of(reading(), visitor().id, contest, g.now)
    page = render_template(
        "play/home.html",
        rules=contest.rules,
        weeks=weeks,
        outcomes=sittings.outcomes(weeks),
        words=pages.words,
    )
    return device_cookie.keep(make_response(page))


@bp.post("/tuan-<int:number>")
@requires(Permission.TAKE_QUIZ)
def start(number: int) -> Response:
    with transaction(actor()) as session:
        week = contests.get_week(session, contests.get_current(session), number)
        code = attempts.start(
            session, visitor().id, week, g.now, chance.code(), is_room_left=current_app.extensions["room"].is_left()
        )
        devices.note(session, code, device_cookie.noted(week.id))
    return device_cookie.keep(redirect(url_for(".paper", code=code)))


@bp.get("/bai/<code>")
@requires(Permission.TAKE_QUIZ)
def paper(code: str) -> str | Response:
    attempt = at_once.attempt(reading(), code, visitor().id)
    if attempt.is_over(g.now):
        return redirect(url_for(".receipt", code=code))
    week = at_once.week(reading(), attempt.week_id)
    drawn = attempts.paper(reading(), attempt, week)
    left = max(attempt.deadline_at - g.now, timedelta(0))
    seconds = -(-left // timedelta(seconds=1))
    own = {
        "code": code,
        "seq": attempt.seq,
        "next_seq": attempt.seq + 1,
        "clock": f"{seconds // 60}:{seconds % 60:02d}",
        "ends_at": language.clock(attempt.deadline_at),
        "left": int((attempt.deadline_at - g.now).total_seconds() * 1000),
        "answered": attempt.answered,
        "of": attempt.questions,
        "questions": spliced.questions(drawn, attempt.answers),
        "prediction": "" if attempt.prediction is None else attempt.prediction,
    }
    same = _same_for_all(week, attempt.division)
    return spliced.render("play/paper.html", (week.id, attempt.division), same, own)


@bp.post("/bai/<code>/luu")
@requires(Permission.TAKE_QUIZ)
def save(code: str) -> Response:
    """What `save_lane` has not answered already, mostly because it has to be refused."""
    sheet = read_sheet(request.get_json(silent=True))
    with transaction(actor()) as session:
        saved = attempts.save(session, code, visitor().id, sheet.seq, sheet.answers, g.now, sheet.prediction)
    return current_app.response_class(acknowledged(saved, g.now), mimetype="application/json")


@dataclass(frozen=True, slots=True)
class Sheet:
    """What the page's script sends."""

    seq: int
    answers: list[str]
    prediction: int | None


def read_sheet(sent: object) -> Sheet:
    """What was sent, of which only the answers are still to be checked; raises Refused(bad_sheet)."""
    if not isinstance(sent, dict) or type(sent.get("seq")) is not int or not isinstance(sent.get("answers"), list):
        raise Refused("bad_sheet", where="seq, answers")
    return Sheet(_checked_seq(sent["seq"]), sent["answers"], sent.get("prediction"))


def acknowledged(saved: Saved, now: datetime) -> str:
    """What the script hears: the number of the sheet, and the milliseconds that are left."""
    left = int((saved.deadline_at - now).total_seconds() * 1000)
    return f'{{"seq":{saved.seq},"left":{max(0, left)}}}\n'


@bp.post("/bai/<code>/xem-lai")
@requires(Permission.TAKE_QUIZ)
def review(code: str) -> str | Response:
    attempt = at_once.attempt(reading(), code, visitor().id)
    if attempt.is_over(g.now):
        return redirect(url_for(".receipt", code=code))
    with transaction(actor()) as session:
        attempts.save(session, code, visitor().id, _seq(), _sheet(attempt), g.now, _prediction())
        attempt = attempts.get(session, code, visitor().id)
        week = contests.get_week_by_id(session, attempt.week_id)
    return render_template("play/review.html", **_round(attempt, week))


@bp.post("/bai/<code>/nop")
@requires(Permission.TAKE_QUIZ)
def hand_in(code: str) -> Response:
    attempt = at_once.attempt(reading(), code, visitor().id)
    answers = _sheet(attempt) if "seq" in request.form else None
    with transaction(actor()) as session:
        attempts.hand_in(session, code, visitor().id, _seq(), answers, g.now, _prediction())
        if not attempt.is_over(g.now):
            devices.note(session, code, device_cookie.noted(attempt.week_id))
    return device_cookie.keep(redirect(url_for(".receipt", code=code)))


@bp.get("/bai/<code>/bien-nhan")
@requires(Permission.TAKE_QUIZ)
def receipt(code: str) -> str | Response:
    attempt = at_once.attempt(reading(), code, visitor().id)
    if not attempt.is_over(g.now):
        return redirect(url_for(".paper", code=code))
    week = at_once.week(reading(), attempt.week_id)
    kept = receipts.of_attempt(reading(), week, code) if week.commitment else None
    visible = week.contest.rules.is_over(week.week, g.now) and not week.keys_sealed
    return render_template("play/receipt.html", receipt=kept, answers_visible=visible, **_round(attempt, week))


@bp.get("/bai/<code>/dap-an")
@requires(Permission.TAKE_QUIZ)
def answers(code: str) -> str:
    attempt = at_once.attempt(reading(), code, visitor().id)
    week = at_once.week(reading(), attempt.week_id)
    attempts.check_answers_visible(week, g.now)
    drawn = attempts.paper_with_keys(reading(), attempt, week)
    rulings = rulings_in_force.of_paper(reading(), week, attempt.division)
    asked = week.contest.rules.paper_of(week.week, attempt.division)
    return render_template(
        "play/answers.html",
        paper=drawn,
        mark=mark(drawn, attempt.answers, rulings),
        keys={item.number: key_in_force(item, rulings.get(item.question.id)) for item in drawn.questions},
        ruled={one.question: one for one in rulings_in_force.in_public(reading(), week, asked.bank)},
        place=own_place(reading(), week, visitor().id) if publishing.is_as_marked(reading(), week) else None,
        is_struck=struck.is_struck(reading(), week, visitor().id),
        **_round(attempt, week),
    )


def _round(attempt: Attempt, week: StoredWeek) -> dict[str, object]:
    """What every page of an attempt says of it and of its round."""
    return {"attempt": attempt, **_same_for_all(week, attempt.division)}


def _same_for_all(week: StoredWeek, division: str) -> dict[str, object]:
    """What is so of a round for all of a division; `division` is a name only where there are several."""
    rules = week.contest.rules
    return {
        "week": week,
        "asked": rules.paper_of(week.week, division),
        "division": rules.division(division).name if len(rules.divisions) > 1 else "",
        "prediction": None if week.week.is_practice else rules.prediction,
    }


def _seq() -> int:
    text = request.form.get("seq", "0")
    if not text.isdecimal() or len(text) > len(str(MOST_SAVES)):
        raise Refused("bad_sheet", where="seq")
    return _checked_seq(int(text))


def _checked_seq(seq: int) -> int:
    if not 0 <= seq <= MOST_SAVES:
        raise Refused("bad_sheet", where="seq")
    return seq


def _sheet(attempt: Attempt) -> Sequence[str]:
    return ["".join(request.form.getlist(f"q{number}")) for number in range(1, attempt.questions + 1)]


def _prediction() -> int | None:
    return read_prediction(request.form.get("prediction", ""))
