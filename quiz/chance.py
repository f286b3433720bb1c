"""The only source of chance: seeds and codes, made at the edge and handed down as arguments."""

from __future__ import annotations

import base64
import secrets


def seed() -> bytes:
    """32 secret bytes for a draw, a lot or the salt of a commitment."""
    return secrets.token_bytes(32)


def code() -> str:
    """An attempt's code: 80 random bits as 16 letters and digits (base32), easy to read out."""
    return base64.b32encode(secrets.token_bytes(10)).decode()


def device_name() -> str:
    """What a browser is called that has no name yet: 80 random bits as 16 letters and digits."""
    return base64.b32encode(secrets.token_bytes(10)).decode()


def registration_code() -> str:
    """What somebody who registers is called by: DK and 40 random bits as 8 letters and digits without 0, 1, 8, 9."""
    return "DK" + base64.b32encode(secrets.token_bytes(5)).decode()


def erased_code() -> str:
    """What an entry is called whose personal data were erased: DX and 40 random bits, so that it tells nothing."""
    return "DX" + base64.b32encode(secrets.token_bytes(5)).decode()


def activation_code() -> str:
    """A personal activation code: 70 random bits as 14 letters and digits, printed in groups of four or five."""
    return base64.b32encode(secrets.token_bytes(10)).decode()[:14]


def request_id() -> str:
    """What a request is called in the log and on an error page: 48 random bits as 12 hexadecimal digits."""
    return secrets.token_hex(6)


def mark() -> str:
    """A word that stands in no text that anybody wrote: 64 random bits as 16 hexadecimal digits."""
    return secrets.token_hex(8)
