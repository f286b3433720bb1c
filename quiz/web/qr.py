"""An address as a picture that a telephone's camera reads."""

from __future__ import annotations

import segno
from markupsafe import Markup


def drawn(address: str) -> Markup:
    """The QR code as SVG; a quarter of it may be dirty, as paper gets."""
    return Markup(segno.make(address, error="q", micro=False).svg_inline(omitsize=True))  # noqa: S704 - drawn, not written
