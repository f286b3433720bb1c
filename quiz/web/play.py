"""The participant's pages: the own weeks, the paper, handing in, the receipt, and the answers after the week."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from flask import Blueprint, current_app, g, make_response, redirect, render_template, request, url_for
from flask import session as flask_session
from markupsafe import Markup
from werkzeug.wrappers import Response

from quiz import chance, vietnamese
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
    rulings_in_force,
    sittings,
    struck,
    transaction,
)
from quiz.services.attempts import Attempt, Saved
from quiz.services.contests import StoredWeek
from quiz.services.own_place import own_place
from quiz.services.receipts import Receipt
from quiz.web import access, device_cookie, language, spliced
from quiz.web.access import actor, requires, visitor

bp = Blueprint("play", __name__, url_prefix="/thi")
MOST_SAVES = 1_000_000


@bp.get("")
@requires(Permission.TAKE_QUIZ)
def home() -> Response:
    contest = access.contest()
    weeks = sittings.weeks_of(reading(), visitor().id, contest, g.now)
    outcomes = sittings.outcomes(weeks)
    same = {"rules": contest.rules, "division": weeks[0].division if weeks else "", "has_outcomes": bool(outcomes)}
    own = {
        "name": visitor().name,
        "agency": visitor().agency,
        "rounds": spliced.rounds(weeks, contest.rules, g.now),
        "history": Markup(render_template("play/_history.html", outcomes=outcomes) if outcomes else ""),  # noqa: S704
    }
    page = spliced.render("play/home.html", (same["division"], same["has_outcomes"]), lambda: same, own)
    return device_cookie.keep(make_response(page))


@bp.post("/tuan-<int:number>")
@requires(Permission.TAKE_QUIZ)
def start(number: int) -> Response:
    code, is_room_left = chance.code(), current_app.extensions["room"].is_left()
    who, contest, device = visitor().id, access.contest(), device_cookie.noted
    if not (is_room_left and at_once.start(reading(), who, contest, number, g.now, code, device)):
        with transaction(actor()) as session:
            week = contests.get_week(session, contest, number)
            code = attempts.start(session, who, week, g.now, code, is_room_left=is_room_left)
            devices.note(session, code, device(week.id))
    return device_cookie.keep(redirect(url_for(".paper", code=code)))


@bp.get("/bai/<code>")
@requires(Permission.TAKE_QUIZ)
def paper(code: str) -> str | Response:
    sat = at_once.sat(reading(), code, visitor().id)
    attempt, week = sat.attempt, sat.week
    if attempt.is_over(g.now):
        return redirect(url_for(".receipt", code=code))
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
    same = partial(_same_for_all, week, attempt.division)
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
    who, seq, predicted, device = visitor().id, _seq(), _prediction(), device_cookie.noted(attempt.week_id)
    if answers is None or not at_once.hand_in(reading(), code, who, seq, answers, g.now, predicted, device):
        with transaction(actor()) as session:
            attempts.hand_in(session, code, who, seq, answers, g.now, predicted)
            if not attempt.is_over(g.now):
                devices.note(session, code, device)
    return device_cookie.keep(redirect(url_for(".receipt", code=code)))


@bp.get("/bai/<code>/bien-nhan")
@requires(Permission.TAKE_QUIZ)
def receipt(code: str) -> str | Response:
    sat = at_once.sat(reading(), code, visitor().id)
    attempt, week = sat.attempt, sat.week
    if not attempt.is_over(g.now):
        return redirect(url_for(".paper", code=code))
    kept = sat.receipt
    shown = _shown(attempt, week, kept)
    own = {"name": visitor().name, **_of_attempt(attempt), **(_of_seal(kept) if kept else {})}
    return spliced.render(
        "play/receipt.html",
        (week.id, attempt.division, shown),
        lambda: {"shown": shown, **_same_for_all(week, attempt.division)},
        own,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """Which of the things that may stand on a receipt stand on this one."""

    is_annulled: bool
    by_person: bool
    has_returned: bool
    has_predicted: bool
    is_incomplete: bool
    is_promised: bool
    has_seal: bool
    is_sealed: bool
    answers: bool
    closes_at: datetime
    is_shared_device: bool


def _shown(attempt: Attempt, week: StoredWeek, receipt: Receipt | None) -> Shown:
    rules = week.contest.rules
    needs_all = rules.paper_of(week.week, attempt.division).needs_all_answers
    return Shown(
        is_annulled=attempt.is_annulled,
        by_person=attempt.ended_by == "person",
        has_returned=bool(attempt.returned),
        has_predicted=attempt.prediction is not None,
        is_incomplete=needs_all and attempt.answered < attempt.questions,
        is_promised=bool(week.commitment),
        has_seal=receipt is not None,
        is_sealed=bool(receipt and receipt.batch),
        answers=rules.is_over(week.week, g.now) and not week.keys_sealed,
        closes_at=week.week.closes_at,
        is_shared_device=not flask_session.permanent,
    )


def _of_attempt(attempt: Attempt) -> dict[str, object]:
    return {
        "code": attempt.code,
        "grouped_code": vietnamese.grouped(attempt.code),
        "started": f"{language.clock(attempt.started_at)} {language.day(attempt.started_at)}",
        "ended": f"{language.clock(attempt.ended_at)} {language.day(attempt.ended_at)}",
        "time_taken": language.duration(attempt.time_taken),
        "returned": language.duration(attempt.returned),
        "answered": attempt.answered,
        "questions": attempt.questions,
        "prediction": "" if attempt.prediction is None else vietnamese.number(attempt.prediction),
    }


def _of_seal(receipt: Receipt) -> dict[str, object]:
    return {
        "seal": vietnamese.grouped(receipt.short),
        "anchor": receipt.anchor,
        "batch": vietnamese.number(receipt.batch or 0),
        "sealed_at": language.moment(receipt.sealed_at) if receipt.sealed_at else "",
        "head": vietnamese.grouped(receipt.head),
    }


@bp.get("/bai/<code>/dap-an")
@requires(Permission.TAKE_QUIZ)
def answers(code: str) -> str:
    sat = at_once.sat(reading(), code, visitor().id)
    attempt, week = sat.attempt, sat.week
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
