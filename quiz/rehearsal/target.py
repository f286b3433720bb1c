"""Against which server a rehearsal may play: one's own on this machine, or the one that the settings call one's own."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from urllib.parse import urlsplit

from quiz.errors import Refused


@dataclass(frozen=True, slots=True)
class Target:
    """A server, as the client reaches it."""

    scheme: str
    host: str
    port: int

    @property
    def origin(self) -> str:
        """Scheme and authority, as browsers send them along."""
        shown = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{shown}:{self.port}"


def checked(url: str, own: str = "") -> Target:
    """The server at this address. Raises Refused(rehearsal_foreign) for any that is neither loopback nor `own`."""
    try:
        parts = urlsplit(url if "//" in url else f"http://{url}")
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise Refused("rehearsal_foreign", url=url) from None
    is_own = bool(own) and host == urlsplit(own).hostname
    if parts.scheme not in ("http", "https") or not (is_own or _is_loopback(host)):
        raise Refused("rehearsal_foreign", url=url)
    return Target(parts.scheme, host, port or {"http": 80, "https": 443}[parts.scheme])


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
