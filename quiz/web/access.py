"""Who may open a page: every endpoint declares it, and the application does not start if one does not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from flask import Flask, abort, current_app, g, redirect, request, session, url_for
from flask.sessions import SessionMixin
from flask_login import UserMixin, current_user, login_user, logout_user
from werkzeug.wrappers import Response

from quiz.config import Config
from quiz.errors import Refused
from quiz.permissions import STAFF_PERMISSIONS, Permission
from quiz.services import Actor, accounts, frame, reading
from quiz.services.contests import StoredContest
from quiz.services.frame import Frame

View = TypeVar("View", bound=Callable[..., object])
NEEDED = "needed_permission"
LARGE = "large_body"
UNATTENDED = "unattended"
SMALL_BODY = 256 * 1024
EVERYONE = "everyone"


@dataclass(frozen=True)
class Visitor(UserMixin):
    """Somebody signed in, as Flask-Login wants them."""

    person: accounts.Person

    def get_id(self) -> str:
        """The session's key: an older epoch no longer signs in."""
        return f"{self.person.id}.{self.person.session_epoch}"

    def may(self, permission: Permission | str) -> bool:
        """Whether this person holds the permission."""
        return permission in self.person.permissions

    @property
    def is_staff(self) -> bool:
        """Whether this person sees what participants do not, and so has a short idle time."""
        return not STAFF_PERMISSIONS.isdisjoint(self.person.permissions)


def requires(permission: Permission) -> Callable[[View], View]:
    """Only people with this permission may use the endpoint."""

    def mark(view: View) -> View:
        setattr(view, NEEDED, permission)
        return view

    return mark


def open_to_all(view: View) -> View:
    """Anybody may use the endpoint."""
    setattr(view, NEEDED, EVERYONE)
    return view


def large_body(size: int) -> Callable[[View], View]:
    """The endpoint takes bodies of so many bytes; every other takes SMALL_BODY."""

    def mark(view: View) -> View:
        setattr(view, LARGE, size)
        return view

    return mark


def unattended(view: View) -> View:
    """A script asks for this by itself: that keeps nobody's session alive who is not at the page any more."""
    setattr(view, UNATTENDED, True)
    return view


def limit_bodies(app: Flask) -> None:
    """Let the endpoints that say so take more; must come before anything that reads a form."""

    @app.before_request
    def set_limit() -> None:
        view = app.view_functions.get(request.endpoint or "")
        request.max_content_length = getattr(view, LARGE, SMALL_BODY)


def needed(app: Flask, endpoint: str) -> Permission | str:
    """What the endpoint declares; Flask's own static files are open."""
    if endpoint == "static" or endpoint.endswith(".static"):
        return EVERYONE
    declared: Permission | str = getattr(app.view_functions[endpoint], NEEDED, "")
    return declared


def guard(app: Flask) -> None:
    """Check that every endpoint declares its permission, and hold every request to it."""
    silent = [endpoint for endpoint in app.view_functions if not needed(app, endpoint)]
    if silent:
        raise RuntimeError(f"endpoints without a permission: {', '.join(silent)}")
    app.before_request(_read_clock)
    app.before_request(_hold_to_permission)


def load_visitor(key: str) -> Visitor | None:
    """The visitor of a session, unless they have left or signed out everywhere."""
    number, _, epoch = key.partition(".")
    found = frame.of_visitor(reading(), int(number)) if number.isdecimal() else None
    if found is None or str(found[0].session_epoch) != epoch:
        return None
    person, g.frame = found
    return Visitor(person)


def around() -> Frame:
    """What stands around the page; read anew where the request may have changed it."""
    kept: Frame | None = g.get("frame")
    return kept if kept and request.method == "GET" else frame.of_pages(reading())


def contest() -> StoredContest:
    """The newest contest as the request found it, only for endpoints that require a permission.

    Raises Refused(contest_missing).
    """
    found: Frame = g.frame
    if found.contest is None:
        raise Refused("contest_missing")
    return found.contest


def welcome(person: accounts.Person, *, is_shared: bool = False) -> None:
    """Start a fresh session for this person; whatever the old one held is dropped.

    On a device that others share the browser forgets it when it is closed, and it ends after a short idle time.
    """
    session.clear()
    session.permanent = not is_shared
    session["seen"] = g.now.timestamp()
    login_user(Visitor(person))


def farewell() -> None:
    """End this session."""
    logout_user()
    session.clear()


def visitor() -> accounts.Person:
    """The person signed in; only for endpoints that require a permission."""
    person: accounts.Person = current_user.person
    return person


def actor() -> Actor:
    """Who acts in this request; staff acts must leave an audit entry."""
    return Actor(visitor().id, is_staff=needed(current_app, request.endpoint or "") in STAFF_PERMISSIONS)


def _read_clock() -> None:
    g.now = current_app.config["CLOCK"]()


def _hold_to_permission() -> Response | None:
    if "\0" in request.path:
        abort(404)
    permission = needed(current_app, request.endpoint) if request.endpoint else EVERYONE
    if permission == EVERYONE:
        return None
    if not current_user.is_authenticated or _idle_too_long(g.now):
        return redirect(url_for("account.sign_in", next=request.path if request.method == "GET" else None))
    if not current_user.may(permission):
        abort(403)
    return None


def _idle_too_long(now: datetime) -> bool:
    config: Config = current_app.config["QUIZ"]
    ends_soon = current_user.is_staff or not session.permanent
    if ends_soon and idle_for(session, now) > config.staff_idle:
        farewell()
        return True
    if not hasattr(current_app.view_functions[request.endpoint or ""], UNATTENDED):
        note_seen(session, now)
    return False


def idle_for(held: SessionMixin, now: datetime) -> timedelta:
    """How long ago the last request of a session was noted."""
    return timedelta(seconds=now.timestamp() - held.get("seen", 0))


def note_seen(held: SessionMixin, now: datetime) -> bool:
    """Note that somebody is there; once a minute is enough, and spares everybody a cookie with each answer."""
    is_due = idle_for(held, now) > timedelta(minutes=1)
    if is_due:
        held["seen"] = now.timestamp()
    return is_due
