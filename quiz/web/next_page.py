"""Where to go after signing in or a choice: only a path of this site, never an address somebody slipped in."""

from __future__ import annotations

import re

SAFE_PATH = re.compile(r"/(?![/\\])[A-Za-z0-9/_.\-]*(\?[A-Za-z0-9=&_.\-]*)?")


def local_path(wanted: str | None) -> str | None:
    """The path if it is plainly one of this site, else None."""
    return wanted if wanted and SAFE_PATH.fullmatch(wanted) else None
