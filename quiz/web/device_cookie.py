"""The name of a device: a random number that only the browsers of those who sit keep, and only its hash is stored."""

from __future__ import annotations

from typing import TypeVar

from flask import current_app, g, request
from werkzeug.wrappers import Response

from quiz import chance
from quiz.services import devices

COOKIE = "device"
PATH = "/thi"
"""Sent back to the pages of those who sit and to no others."""
KEPT_SECONDS = 365 * 24 * 3600

Answer = TypeVar("Answer", bound=Response)


def noted(week_id: int) -> str:
    """What is stored of this device in a round."""
    return devices.hashed(current_app.config["QUIZ"].device_key, week_id, _name())


def keep(answer: Answer) -> Answer:
    """Name this browser where it has no name yet."""
    if COOKIE not in request.cookies:
        secure = current_app.config["QUIZ"].https
        answer.set_cookie(
            COOKIE, _name(), max_age=KEPT_SECONDS, path=PATH, secure=secure, httponly=True, samesite="Lax"
        )
    return answer


def _name() -> str:
    if "device" not in g:
        g.device = request.cookies.get(COOKIE) or chance.device_name()
    name: str = g.device
    return name
