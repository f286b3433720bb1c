"""Containers as attackers make them."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Mapping


def zipped(files: Mapping[str, bytes | str], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as container:
        for name, content in files.items():
            container.writestr(name, content)
    return out.getvalue()


def encrypted(data: bytes) -> bytes:
    """The container with the mark of encryption on every member."""
    marked = bytearray(data)
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = marked.find(signature)
        while place >= 0:
            marked[place + offset] |= 1
            place = marked.find(signature, place + 4)
    return bytes(marked)


def lying(data: bytes) -> bytes:
    """The container whose directory says that every member is one byte long."""
    marked = bytearray(data)
    place = marked.find(b"PK\x01\x02")
    while place >= 0:
        marked[place + 24 : place + 28] = struct.pack("<I", 1)
        place = marked.find(b"PK\x01\x02", place + 4)
    return bytes(marked)
