"""The product's web application, by the clock that the environment names."""

from __future__ import annotations

from faults import shifting

shifting.go_by()

from wsgi import app as app  # noqa: E402 - whoever asks for the time must ask the shifted clock
