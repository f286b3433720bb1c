"""The Today page: what is due in the visitor's words, each with its link, and the weeks beneath."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import current_app, g, render_template, url_for
from flask_babel import gettext
from flask_login import current_user

from quiz.contest.due import Due, Urgency, remaining
from quiz.contest.schedule import Phase
from quiz.scoring.participation import Turnout
from quiz.services import contests, publishing, reading, results, today, turnout, week_counts
from quiz.services.contests import StoredWeek
from quiz.services.published import Publication
from quiz.services.today_desk import Desk
from quiz.services.week_counts import Kept
from quiz.vietnamese import number
from quiz.web import language
from quiz.web.access import needed, visitor
from quiz.web.openings import settled_rounds

UNITS = {"chưa đầy 1 phút": "less than 1 min", "ngày": "d", "giờ": "h", "phút": "min"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One due thing as it is read; `address` is '' where the visitor may not open the page.

    `is_foreign`: the sentence of a rule that knows Vietnamese only, on a page in another language.
    """

    words: str
    is_foreign: bool
    urgency: Urgency
    address: str


def page() -> str:
    """The page for whoever is signed in."""
    contest = contests.get_current(reading())
    rounds = settled_rounds(contest)
    desk = Desk(contest=contest, rounds=rounds, viewer=visitor(), now=g.now)
    coming = today.coming_next(desk)
    published = {one.week: one for one in publishing.latest_of_each_week(reading(), contest)}
    begun = [week for week in rounds if week.week.phase_at(g.now) is not Phase.TO_COME]
    kept = week_counts.find_each(reading(), begun, g.now)
    return render_template(
        "organise/overview.html",
        rules=contest.rules,
        weeks=rounds,
        due=[_line(one) for one in today.due(reading(), desk)],
        coming=_line(coming) if coming else None,
        attempts={
            week.id: kept[week.id].figures.started.attempts
            if week.id in kept
            else results.count_attempts(reading(), week)
            for week in rounds
        },
        counted_at=min((one.at for one in kept.values()), default=None),
        published=published,
        totals={
            week.id: _total(week, published.get(week.week.number), kept.get(week.id))
            for week in begun
            if not week.week.is_practice
        },
    )


def _total(week: StoredWeek, publication: Publication | None, kept: Kept | None) -> Turnout:
    """Participation in an opened week: as published, as it was counted, or as it stands now."""
    if publication:
        return publication.total
    heads = kept.week if kept else turnout.heads_of_week(reading(), week, g.now)
    return turnout.total(turnout.by_agency(reading(), week, heads))


def _line(one: Due) -> Line:
    facts = {name: _said(name, value) for name, value in one.facts.items()}
    permission, words = needed(current_app, one.page), str(gettext(one.words, **facts))
    return Line(
        words=words,
        is_foreign=language.chosen() != "vi" and words == one.words,
        urgency=one.urgency,
        address=url_for(one.page, **one.given) if current_user.may(permission) else "",
    )


def _said(name: str, value: object) -> str:
    """A fact in the visitor's language: `round` begins a sentence, `the_round` does not, `closes` may be midnight."""
    if name in {"round", "the_round"}:
        words = language.round_name(str(value))
        return words if name == "round" else words[:1].lower() + words[1:]
    if isinstance(value, datetime):
        return language.closing(value) if name == "closes" else language.moment(value)
    if isinstance(value, timedelta):
        return left(value)
    return number(value) if isinstance(value, int) else str(value)


def left(length: timedelta) -> str:
    """How long there is left, in the visitor's language."""
    words = remaining(length)
    if language.chosen() != "vi":
        for unit, english in UNITS.items():
            words = words.replace(unit, english)
    return words
