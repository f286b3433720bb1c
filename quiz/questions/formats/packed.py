"""Zip containers of strangers: looked through and unpacked once to count before any part of them is read."""

from __future__ import annotations

import io
import sys
import zipfile
import zlib
from functools import cached_property

from quiz.questions.formats.imported import RefusedFile

MOST_MEMBERS = 5_000
MOST_UNPACKED = 200 * 1024**2
MOST_OF_ONE = 32 * 1024**2
MOST_RATIO = 200
_SMALL = 1024**2
_BLOCK = 1024**2
_NESTED = (b"PK\x03\x04", b"Rar!\x1a\x07", b"7z\xbc\xaf\x27\x1c", b"\xfd7zXZ\x00")
_MACROS = ("vbaproject", "vbadata", "xl/macrosheets/", "customui/")
_BROKEN = (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError, zlib.error)


class Packed:
    """A container that has been looked through; raises RefusedFile where it is hostile or broken."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
            self._check_directory()
            self._check_members()
        except _BROKEN:
            raise RefusedFile("zip_broken") from None

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The files, not the folders, in the order of the container."""
        return tuple(member.filename for member in self._zip.infolist() if not member.is_dir())

    def read(self, name: str) -> bytes:
        """One file, '' where there is none of this name."""
        return self._zip.read(name) if name in self._zip.NameToInfo else b""

    def _check_directory(self) -> None:
        members = self._zip.infolist()
        names = [member.filename.casefold() for member in members]
        if len(members) > MOST_MEMBERS:
            raise RefusedFile("zip_members", count=len(members), most=MOST_MEMBERS)
        if any(member.flag_bits & 1 for member in members):
            raise RefusedFile("password")
        if any(mark in name for name in names for mark in _MACROS):
            raise RefusedFile("macros")
        is_usual = all(member.compress_type in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for member in members)
        if len(set(names)) < len(names) or not is_usual:
            raise RefusedFile("zip_broken")

    def _check_members(self) -> None:
        unpacked = 0
        for member in self._zip.infolist():
            size, member.file_size = 0, sys.maxsize  # what the directory says may be a lie
            with self._zip.open(member) as stream:
                while block := stream.read(_BLOCK):
                    if not size and block.startswith(_NESTED):
                        raise RefusedFile("zip_nested", name=member.filename[-60:])
                    size += len(block)
                    unpacked += len(block)
                    if size > MOST_OF_ONE or unpacked > min(MOST_UNPACKED, _SMALL + MOST_RATIO * len(self._data)):
                        raise RefusedFile("zip_bomb")
            member.file_size = size
        if any(b"macroEnabled" in self.read(name) for name in self.names if name == "[Content_Types].xml"):
            raise RefusedFile("macros")
