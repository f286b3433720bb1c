"""Figures for the operator's monitoring, in the form of Prometheus; nothing is counted where no token is set.

Each process counts for itself and is asked by itself. Where several share one port, PROMETHEUS_MULTIPROC_DIR names a
folder, emptied before they start, in which they add up.

The figures are counts by page and outcome, never by person. But live counts of an open week are among them, which a
prediction hides from whoever may take part (docs/adr/0008): the token belongs only to those whom the contest bars.
"""

from __future__ import annotations

import hmac
import os
import threading
import tomllib
from collections.abc import Iterator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

from quiz.config import ROOT

if TYPE_CHECKING:
    from prometheus_client import CollectorRegistry, Metric

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
SHARED_FOLDER = "PROMETHEUS_MULTIPROC_DIR"
SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
JOB_SECONDS = (0.01, 0.1, 1, 10, 60, 300)


class Metrics:
    """What this process counts."""

    def __init__(self) -> None:
        from prometheus_client import CollectorRegistry, Counter, Histogram, disable_created_metrics

        disable_created_metrics()  # type: ignore[no-untyped-call]  # a third of the page, and asked by nobody
        self._registry = registry = CollectorRegistry()
        self._requests = Histogram(
            "quiz_request_seconds",
            "Requests by endpoint, method and status, and how long they took",
            ["endpoint", "method", "status"],
            buckets=SECONDS,
            registry=registry,
        )
        self._labelled: dict[tuple[str, str, int], Any] = {}
        self._outcomes = Counter(
            "quiz_outcomes", "Saves, hand-ins and sign-ins by how they ended", ["act", "outcome"], registry=registry
        )
        self._jobs = Histogram(
            "quiz_job_seconds", "Jobs of the scheduler", ["job"], buckets=JOB_SECONDS, registry=registry
        )
        self._failures = Counter("quiz_job_failures", "Jobs of the scheduler that failed", ["job"], registry=registry)
        self._errors = Counter("quiz_errors", "Requests that failed, by kind", ["kind"], registry=registry)
        self._waits = Histogram(
            "quiz_password_wait_seconds", "How long a password waited to be hashed", buckets=SECONDS, registry=registry
        )

    def request(self, endpoint: str, method: str, status: int, seconds: float) -> None:
        """A request has been answered."""
        kind = endpoint, method, status
        labelled = self._labelled.get(kind)
        if labelled is None:
            labelled = self._labelled[kind] = self._requests.labels(*map(str, kind))
        labelled.observe(seconds)

    def outcome(self, act: str, outcome: str) -> None:
        """A save, a hand-in or a sign-in has ended like this."""
        self._outcomes.labels(act, outcome).inc()

    def job(self, name: str, seconds: float, *, failed: bool) -> None:
        """A job of the scheduler has ended."""
        self._jobs.labels(name).observe(seconds)
        if failed:
            self._failures.labels(name).inc()

    def error(self, kind: str) -> None:
        """A request has failed: the database was away, or something was wrong."""
        self._errors.labels(kind).inc()

    def password_waited(self, seconds: float) -> None:
        """A password has had its turn."""
        self._waits.observe(seconds)

    def page(self, now: Mapping[str, float]) -> bytes:
        """All that was counted, and how things are `now`, by name."""
        from prometheus_client import CollectorRegistry, generate_latest
        from prometheus_client.multiprocess import MultiProcessCollector

        shared, counted = os.environ.get(SHARED_FOLDER), self._registry
        if shared:
            counted = CollectorRegistry()
            MultiProcessCollector(counted, shared)  # type: ignore[no-untyped-call]
        return generate_latest(counted) + generate_latest(_registry_of(now))


class _Now:
    """What is so at this moment, and which program says it."""

    def __init__(self, now: Mapping[str, float]) -> None:
        self._now = now

    def collect(self) -> Iterator[Metric]:
        """The figures, in the library's form."""
        from prometheus_client.core import GaugeMetricFamily

        build = GaugeMetricFamily("quiz_build_info", "The version of the program", labels=["version"])
        build.add_metric([version()], 1)
        yield build
        for name, value in self._now.items():
            yield GaugeMetricFamily(f"quiz_{name}", name.replace("_", " "), value=value)


def _registry_of(now: Mapping[str, float]) -> CollectorRegistry:
    from prometheus_client import CollectorRegistry

    registry = CollectorRegistry()
    registry.register(_Now(now))
    return registry


def version() -> str:
    """The version of the program."""
    return str(tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"])


def may_read(token: str, header: str | None) -> bool:
    """Whether a request with this header Authorization may read the figures; nobody may where no token is set."""
    return bool(token) and hmac.compare_digest((header or "").encode(), f"Bearer {token}".encode())


def serve(metrics: Metrics, token: str, port: int) -> ThreadingHTTPServer:
    """Let the scheduler, which serves no pages, be asked on this machine only; 404 without the token."""

    class Answering(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            is_theirs = self.path == "/metrics" and may_read(token, self.headers.get("Authorization"))
            self.send_response(200 if is_theirs else 404)
            self.send_header("Content-Type", CONTENT_TYPE)
            self.end_headers()
            self.wfile.write(metrics.page({}) if is_theirs else b"")

        def log_message(self, *_: object) -> None:
            """Nobody has to know who asked."""

    server = ThreadingHTTPServer(("127.0.0.1", port), Answering)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server
