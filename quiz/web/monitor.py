"""The live monitor: the round under way and the system's health, with figures that the page's script asks for anew."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction

from flask import Blueprint, current_app, g, jsonify, render_template, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from quiz.permissions import Permission
from quiz.services import contests, heartbeats, machine, monitor, monitor_health, reading, troubles, week_counts
from quiz.services.contests import StoredContest, StoredWeek
from quiz.services.heartbeats import Part
from quiz.services.monitor import HOUR, HOURS_SHOWN
from quiz.services.room import Room
from quiz.services.troubles import REFUSED_SAVE, SERVER_ERROR, THROTTLED
from quiz.services.turnout import AgencyTurnout
from quiz.services.week_counts import Kept
from quiz.vietnamese import HANOI, decimal, without_marks
from quiz.web.access import requires, unattended
from quiz.web.openings import settled_rounds

bp = Blueprint("monitor", __name__, url_prefix="/ban-to-chuc/theo-doi")

ORDERS = {
    "thieu": _l("Còn thiếu nhiều trước"),
    "ty-le-thap": _l("Tỷ lệ thấp trước"),
    "ty-le": _l("Tỷ lệ cao trước"),
    "tong-so": _l("Đông người trước"),
    "ten": _l("Theo tên"),
}
_KEYS: dict[str, Callable[[AgencyTurnout], Fraction | int]] = {
    "thieu": lambda row: -row.missing,
    "ty-le-thap": lambda row: row.turnout.rate or Fraction(0),
    "ty-le": lambda row: -(row.turnout.rate or Fraction(0)),
    "tong-so": lambda row: -row.turnout.base,
}
TROUBLES = {
    SERVER_ERROR: _l("Lỗi máy chủ"),
    THROTTLED: _l("Lần đăng nhập bị chặn tạm thời vì sai nhiều lần"),
    f"{REFUSED_SAVE}too_late": _l("Bài gửi sau khi hết giờ"),
    f"{REFUSED_SAVE}older_sheet": _l("Bản bài làm cũ hơn bản đã lưu"),
    f"{REFUSED_SAVE}already_handed_in": _l("Bài gửi sau khi đã nộp"),
    f"{REFUSED_SAVE}attempt_annulled": _l("Bài gửi cho lượt thi đã để sang một bên"),
    f"{REFUSED_SAVE}page_expired": _l("Trang bài thi đã hết hiệu lực"),
}


@bp.get("")
@requires(Permission.SEE_RESULTS)
def page() -> str:
    contest = contests.get_current(reading())
    rounds = settled_rounds(contest)
    week = monitor.watched(rounds, g.now)
    kept = week_counts.find(reading(), week, g.now) if week else None
    rows = week_counts.agencies(reading(), week, rounds, g.now, kept) if week else ()
    wanted, order = request.args.get("tim", "").strip(), request.args.get("xep", "")
    order = order if order in ORDERS else next(iter(ORDERS))
    return render_template(
        "organise/monitor.html",
        agencies=rows,
        found=_chosen(rows, wanted, order),
        wanted=wanted,
        order=order,
        orders=ORDERS,
        **_live(contest, week, kept),
    )


@bp.get("/so-lieu")
@requires(Permission.SEE_RESULTS)
@unattended
def figures() -> Response:
    """The part of the page that changes by itself."""
    contest = contests.get_current(reading())
    week = monitor.watched(contests.rounds(reading(), contest), g.now)
    kept = week_counts.find(reading(), week, g.now) if week else None
    return jsonify(html=render_template("organise/monitor_live.html", **_live(contest, week, kept)))


def _live(contest: StoredContest, week: StoredWeek | None, kept: Kept | None) -> dict[str, object]:
    health = monitor_health.look(reading(), g.now)
    room: Room = current_app.extensions["room"]
    return {
        "rules": contest.rules,
        "week": week,
        "phase": week.week.phase_at(g.now) if week else None,
        "counted_at": kept.at if kept else g.now,
        "figures": kept.figures if kept else monitor.figures(reading(), week, g.now) if week else None,
        "hours": kept.hours if kept else monitor.hours(reading(), week, g.now) if week else (),
        "health": health,
        "disk": room.disk(),
        "is_room_left": room.is_left(),
        "events": machine.events(reading(), g.now - HOURS_SHOWN * HOUR, g.now),
        "marking_since": heartbeats.marking_since(health.beats, g.now),
        "silent": {part: heartbeats.is_silent(health.beats.get(part), g.now) for part in Part},
        "troubles": troubles.since(reading(), g.now - (HOURS_SHOWN - 1) * HOUR),
        "trouble_words": _trouble_words,
        "in_bytes": in_bytes,
        "hour_words": lambda at: f"{at.astimezone(HANOI):%H}",
    }


def _chosen(rows: Sequence[AgencyTurnout], wanted: str, order: str) -> list[AgencyTurnout]:
    """The agencies whose name holds every word wanted, with or without its marks, in the order asked for."""
    words = without_marks(wanted).split()
    found = [row for row in rows if all(word in without_marks(row.name) for word in words)]
    return sorted(found, key=_KEYS[order]) if order in _KEYS else found


def _trouble_words(kind: str) -> str:
    if kind in TROUBLES:
        return str(TROUBLES[kind])
    return str(_("Bài lưu bị từ chối (mã %(code)s)", code=kind.removeprefix(REFUSED_SAVE)))


def in_bytes(size: int) -> str:
    """A size as people read it: '512 KB', '12,5 MB', '3,0 GB'."""
    for unit, factor in (("GB", 1 << 30), ("MB", 1 << 20)):
        if size >= factor:
            return f"{decimal(size / factor, 1)} {unit}"
    return f"{size >> 10} KB"
