"""Builds the web application from its settings."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from flask import Flask
from flask_babel import Babel
from flask_bootstrap import Bootstrap5
from flask_login import LoginManager
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from quiz import clock, web
from quiz.config import ROOT, Config
from quiz.models import db
from quiz.services.room import Room
from quiz.services.shared_clock import SharedClock
from quiz.web import access, failures, journal, language, metrics, pages, transfer, troubles
from quiz.web.save_lane import SaveLane
from quiz.web.sessions import Sessions


def create_app(config: Config, now: Callable[[], datetime] | None = None) -> Flask:
    """The application; `now` is read once per request, and is the clock of the database unless one is given.

    Raises RuntimeError for an endpoint without a permission.
    """
    app = Flask("quiz", template_folder=str(ROOT / "templates"), static_folder=str(ROOT / "static"))
    app.config.update(_flask_settings(config), QUIZ=config, CLOCK=now or _clock(config))
    app.session_interface = Sessions(app)
    app.extensions["room"] = Room(config)
    db.init_app(app)
    journal.prepare(app)
    metrics.prepare(app)
    access.limit_bodies(app)
    csrf = CSRFProtect(app)
    Bootstrap5(app)
    Babel(app, default_translation_directories=str(ROOT / "translations"), locale_selector=language.chosen)
    logins = LoginManager(app)
    logins.user_loader(access.load_visitor)
    logins.login_view = "account.sign_in"
    web.register(app)
    csrf.exempt(web.public.language)
    csrf.exempt(web.mail.refuse)
    pages.prepare(app)
    failures.prepare(app)
    troubles.prepare(app)
    transfer.prepare(app)
    access.guard(app)
    app.wsgi_app = SaveLane(app)  # type: ignore[assignment,method-assign]
    if config.trusted_proxies:
        proxies = config.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=proxies, x_proto=proxies, x_host=proxies)  # type: ignore[method-assign]
    return app


def _clock(config: Config) -> Callable[[], datetime]:
    return clock.now if config.is_sqlite else SharedClock(config.database_url)


def _flask_settings(config: Config) -> dict[str, object]:
    engine: dict[str, object] = {"hide_parameters": True}
    if not config.is_sqlite:
        engine |= {"pool_size": 10, "max_overflow": 10, "pool_pre_ping": True, "connect_args": {"connect_timeout": 3}}
    return {
        "SECRET_KEY": config.secret_key,
        "TESTING": config.testing,
        "SQLALCHEMY_DATABASE_URI": config.database_url,
        "SQLALCHEMY_ENGINE_OPTIONS": engine,
        "SESSION_COOKIE_NAME": "__Host-quiz" if config.https else "quiz",
        "SESSION_COOKIE_SECURE": config.https,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "PERMANENT_SESSION_LIFETIME": config.participant_session,
        "SESSION_REFRESH_EACH_REQUEST": False,
        "MAX_CONTENT_LENGTH": access.SMALL_BODY,
        "BABEL_DEFAULT_LOCALE": "vi",
        "BABEL_DEFAULT_TIMEZONE": "Asia/Ho_Chi_Minh",
        "BOOTSTRAP_SERVE_LOCAL": True,
        "WTF_CSRF_TIME_LIMIT": None,
    }
