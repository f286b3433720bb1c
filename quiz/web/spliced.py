"""Pages that many open at the same moment: rendered once for everybody, with a gap wherever something is one's own.

Nobody is there while such a page is rendered: it knows no session, no token and no name, and whatever a template asks
of the visitor beyond the permissions is an error. So nothing of one person can stay in what another one gets.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from types import SimpleNamespace
from typing import NamedTuple

from flask import current_app, render_template, request, session
from flask_login import current_user
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup, escape

from quiz import chance
from quiz.contest.schedule import Contest
from quiz.permissions import Permission
from quiz.questions.bank import LETTERS, Option
from quiz.questions.paper import Paper, PaperQuestion
from quiz.services.frame import Frame
from quiz.services.sittings import OwnWeek
from quiz.web import access, language, pages

MOST_PAGES = 256
MOST_KINDS = 512
MOST_TEXTS = 8192
_MARK = chance.mark()
_GAP = re.compile(f"{_MARK}([a-z_]+){_MARK}")


class Gaps:
    """What a template finds in place of what is one's own."""

    def __getattr__(self, name: str) -> str:
        return f"{_MARK}{name}{_MARK}"


@dataclass(frozen=True, slots=True)
class Somebody:
    """A visitor of whom nothing is known but the permissions; None of them is whoever has not signed in."""

    permissions: frozenset[Permission] | None

    @property
    def is_authenticated(self) -> bool:
        """Whether somebody has signed in."""
        return self.permissions is not None

    def may(self, permission: Permission | str) -> bool:
        """Whether they hold the permission."""
        return permission in (self.permissions or ())


def render(template: str, key: Hashable, same: Callable[[], Mapping[str, object]], own: Mapping[str, object]) -> str:
    """The page with what is the `same` for all whose `key` is, and `own` in its gaps, escaped unless it is markup."""
    if "_flashes" in session:
        return render_template(template, **same(), own=own)
    who = Somebody(current_user.person.permissions if current_user.is_authenticated else None)
    around = access.around()
    page = _kept((template, key, around.edition, who), lambda: _rendered(template, around, who, same()))
    return page.filled({"csrf_token": generate_csrf(), "path": request.path, **own})


class Page(NamedTuple):
    """The text as a format, and the name of what belongs into each of its gaps."""

    text: str
    gaps: tuple[str, ...]

    @classmethod
    def of(cls, rendered: str) -> Page:
        """The page that was rendered with marks in its gaps."""
        pieces = _GAP.split(rendered)
        return cls("%s".join(text.replace("%", "%%") for text in pieces[::2]), tuple(pieces[1::2]))

    def filled(self, own: Mapping[str, object]) -> str:
        """With these in its gaps, escaped unless they are markup."""
        return self.text % tuple([_safe(own[gap]) for gap in self.gaps])


def _safe(value: object) -> Markup:
    return value if type(value) is Markup else escape(value)


def _kept(key: tuple[Hashable, ...], make: Callable[[], str]) -> Page:
    pages: OrderedDict[Hashable, Page] = current_app.extensions.setdefault("spliced_pages", OrderedDict())
    asked = (*key, language.chosen())
    page = pages.get(asked)
    if page is None:
        page = pages[asked] = Page.of(make())
        while len(pages) > MOST_PAGES:
            pages.popitem(last=False)
    return page


def _rendered(template: str, around: Frame, who: Somebody, same: Mapping[str, object]) -> str:
    """Flask's own helpers, which know who asks, are out of reach; the names are those that its templates use."""
    environment, gaps = current_app.jinja_env, Gaps()
    hidden = {name: environment.undefined(name=name) for name in ("session", "g", "config")}
    context = {
        "contest": around.contest,
        "is_demo": around.is_demo,
        "language": language.chosen(),
        "languages": language.LANGUAGES,
        "current_user": who,
        "request": SimpleNamespace(endpoint=request.endpoint, method=request.method, path=gaps.path),
        "csrf_token": lambda: gaps.csrf_token,
        "get_flashed_messages": tuple,
        "own": gaps,
    }
    return environment.get_template(template).render(hidden | context | dict(same))


def rounds(weeks: Iterable[OwnWeek], rules: Contest, now: datetime) -> Markup:
    """All rounds of somebody's own page; one of which nothing is their own is the same for others."""
    card = current_app.jinja_env.get_template("play/_round.html").module.card  # type: ignore[attr-defined]
    edition, own = access.around().edition, {"csrf_token": generate_csrf()}

    def shown(week: OwnWeek) -> str:
        def made() -> str:
            return str(card(week, now, rules, pages.words, Gaps().csrf_token))

        page = _kept(("round", edition, week.as_for_others), made) if week.as_for_others else Page.of(made())
        return page.filled(own)

    return Markup("".join(map(shown, weeks)).rstrip())  # noqa: S704 - rendered by a template


def questions(paper: Paper, answers: tuple[str, ...]) -> Markup:
    """All questions of a paper, with the answers given so far."""
    chosen = language.chosen()
    shown = [_question(one, given, chosen) for one, given in zip(paper.questions, answers, strict=True)]
    return Markup("".join(shown))  # noqa: S704 - rendered by a template


def _question(one: PaperQuestion, given: str, chosen: str) -> str:
    options = {f"option_{option.letter.lower()}": _escaped(option.text) for option in one.options}
    page = _of_kind(chosen, one.question.has_several_keys, len(options), given)
    return page.filled({"number": one.number, "text": _escaped(one.question.text), **options})


@lru_cache(maxsize=MOST_TEXTS)
def _escaped(text: str) -> Markup:
    """The words of a question, which stand on many papers."""
    return escape(text)


@lru_cache(maxsize=MOST_KINDS)
def _of_kind(_language: str, has_several_keys: bool, many: int, chosen: str) -> Page:
    """What all questions look like that have so many options, of which the same are chosen."""
    gaps = Gaps()
    options = tuple(Option(letter, getattr(gaps, f"option_{letter.lower()}")) for letter in LETTERS[:many])
    macro = current_app.jinja_env.get_template("_macros/question.html").module.question  # type: ignore[attr-defined]
    return Page.of(str(macro(gaps.number, gaps.text, has_several_keys, options, chosen)))
