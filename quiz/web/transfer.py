"""How answers travel: text compressed, and files kept by browsers for as long as their content stays the same."""

from __future__ import annotations

import gzip
import hashlib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from flask import Flask, request
from werkzeug.security import safe_join
from werkzeug.wrappers import Response

SMALLEST = 600
"""Below so many bytes compressing gains nothing."""
PAGE_EFFORT = 3
"""A page of somebody's own is packed for them alone: 6 would take twice as long for a twelfth less."""
SHARED_EFFORT = 6
FILE_EFFORT = 9
COMPRESSIBLE = frozenset({"text/css", "text/javascript", "application/javascript", "image/svg+xml"})
FOR_GOOD = "public, max-age=31536000, immutable"


@dataclass(frozen=True, slots=True)
class StaticFile:
    """A file that pages ask for: the version that its address carries, and its bytes compressed."""

    version: str
    compressed: bytes


def prepare(app: Flask) -> None:
    """Put versions into the addresses of static files, and compress what may be compressed."""

    @app.url_defaults
    def add_version(endpoint: str, values: dict[str, object]) -> None:
        if _is_static(endpoint) and (file := _find(app, endpoint, str(values.get("filename")))):
            values["v"] = file.version

    @app.after_request
    def lighten(response: Response) -> Response:
        endpoint = request.endpoint or ""
        if _is_static(endpoint):
            file = _find(app, endpoint, str((request.view_args or {}).get("filename")))
            return _kept(response, file) if file else response
        if not _may_pack(response):
            return response
        pack = _pack_once if response.cache_control.public else _pack
        return _packed(response, pack(response.get_data()))


def _is_static(endpoint: str) -> bool:
    return endpoint == "static" or endpoint.endswith(".static")


def _find(app: Flask, endpoint: str, filename: str) -> StaticFile | None:
    owner = app.blueprints[endpoint.rpartition(".")[0]] if "." in endpoint else app
    path = safe_join(owner.static_folder or "", filename)
    if path is None or not Path(path).is_file():
        return None
    return _read(path, Path(path).stat().st_mtime_ns)


@lru_cache(maxsize=256)
def _read(path: str, _changed: int) -> StaticFile:
    content = Path(path).read_bytes()
    return StaticFile(hashlib.sha256(content).hexdigest()[:10], gzip.compress(content, FILE_EFFORT, mtime=0))


def _kept(response: Response, file: StaticFile) -> Response:
    """Kept for good under the address of exactly this content; any other address has to ask again every time."""
    response.headers["Cache-Control"] = FOR_GOOD if request.args.get("v") == file.version else "no-cache"
    if response.mimetype not in COMPRESSIBLE:
        return response
    response.vary.add("Accept-Encoding")
    if response.status_code != 200 or request.method != "GET" or not _unpacks():
        return response
    response.close()
    response.direct_passthrough = False
    response.set_etag(response.get_etag()[0] or file.version, weak=True)
    return _packed(response, file.compressed)


def _may_pack(response: Response) -> bool:
    """Pages only, and only those in which nothing of the request can stand: see docs/adr/0012."""
    return (
        response.mimetype == "text/html"
        and response.status_code == 200
        and request.method == "GET"
        and not request.query_string
        and not response.is_streamed
        and _unpacks()
        and (response.content_length or 0) >= SMALLEST
    )


def _pack(page: bytes, effort: int = PAGE_EFFORT) -> bytes:
    return gzip.compress(page, effort, mtime=0)


@lru_cache(maxsize=32)
def _pack_once(page: bytes) -> bytes:
    """For pages that everybody sees: the large ones take longer to compress than all else that a reader asks for."""
    return _pack(page, SHARED_EFFORT)


def _unpacks() -> bool:
    return request.accept_encodings.quality("gzip") > 0


def _packed(response: Response, content: bytes) -> Response:
    response.set_data(content)
    response.headers["Content-Encoding"] = "gzip"
    response.vary.add("Accept-Encoding")
    return response
