"""A lean HTTP client: connections kept and shared, as nginx keeps them to a server, and of an answer only what is used.

It must never be what limits a storm, so it reads no more of a page than its token and its code.
"""

from __future__ import annotations

import asyncio
import math
import ssl
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from types import TracebackType
from urllib.parse import urlencode

from quiz.rehearsal.target import Target

MOST_CONNECTIONS = 400
PATIENCE = 30.0
"""Seconds after which an answer is not waited for any longer."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Of an answer what somebody who sits needs. `cookies` are those that were set.

    `come_back` is after how many seconds the server asks to be asked again, 0.0 where it does not say so.
    """

    status: int
    location: str
    cookies: Mapping[str, str]
    body: bytes
    come_back: float = 0.0

    @property
    def is_failure(self) -> bool:
        """Whether trying again may help: the server failed, or has too much to do."""
        return self.status >= 500 or self.status == 429


class Line:
    """One connection, for one request at a time."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer

    async def exchange(self, request: bytes) -> tuple[Answer, bool]:
        """The answer, and whether the connection may be used again."""
        self._writer.write(request)
        head = await self._reader.readuntil(b"\r\n\r\n")
        lines = head.decode("latin-1").split("\r\n")
        headers, cookies = _headers(lines[1:])
        body = await self._body(headers)
        if headers.get("content-encoding") == "gzip":
            body = zlib.decompress(body, 31)
        wait = headers.get("retry-after", "")
        answer = Answer(
            *(int(lines[0].split(" ", 2)[1]), headers.get("location", ""), cookies, body),
            come_back=float(wait) if wait.isdecimal() else 0.0,
        )
        return answer, headers.get("connection", "").lower() != "close"

    async def _body(self, headers: Mapping[str, str]) -> bytes:
        if "content-length" in headers:
            return await self._reader.readexactly(int(headers["content-length"]))
        if headers.get("transfer-encoding") != "chunked":
            return b""
        parts = []
        while size := int(await self._reader.readuntil(b"\r\n"), 16):
            parts.append((await self._reader.readexactly(size + 2))[:-2])
        await self._reader.readuntil(b"\r\n")
        return b"".join(parts)

    def close(self) -> None:
        """Give the connection up."""
        self._writer.close()


def _headers(lines: list[str]) -> tuple[dict[str, str], dict[str, str]]:
    headers: dict[str, str] = {}
    cookies: dict[str, str] = {}
    for line in lines:
        name, _, value = line.partition(": ")
        if name.lower() == "set-cookie":
            cookie, _, held = value.partition(";")[0].partition("=")
            cookies[cookie] = held
        else:
            headers[name.lower()] = value
    return headers, cookies


class Client:
    """Asks one server; waits for a connection where all are busy, and that wait counts.

    Nothing is waited for beyond `until`, a moment of the loop's clock: a server that has broken down ends a storm too.
    """

    until = math.inf

    def __init__(self, target: Target) -> None:
        self._target = target
        self._idle: list[Line] = []
        self._free = asyncio.Semaphore(MOST_CONNECTIONS)
        self._tls = ssl.create_default_context() if target.scheme == "https" else None
        self._common = f"Host: {target.host}:{target.port}\r\nAccept-Encoding: gzip\r\nReferer: {target.origin}/\r\n"

    async def __aenter__(self) -> Client:
        return self

    async def __aexit__(self, _kind: type[BaseException] | None, _e: object, _trace: TracebackType | None) -> None:
        for line in self._idle:
            line.close()

    async def get(self, path: str, cookies: Mapping[str, str]) -> Answer:
        """A page. Raises OSError where there is no answer."""
        return await self._ask(f"GET {path} HTTP/1.1\r\n{self._common}{_cookie(cookies)}\r\n".encode())

    async def post_form(self, path: str, fields: Mapping[str, str], cookies: Mapping[str, str]) -> Answer:
        """A form. Raises OSError where there is no answer."""
        return await self._post(path, "application/x-www-form-urlencoded", urlencode(fields).encode(), cookies)

    async def post_json(self, path: str, body: bytes, token: str, cookies: Mapping[str, str]) -> Answer:
        """What a script sends. Raises OSError where there is no answer."""
        return await self._post(path, "application/json", body, cookies, f"X-CSRFToken: {token}\r\n")

    async def _post(self, path: str, kind: str, body: bytes, cookies: Mapping[str, str], more: str = "") -> Answer:
        head = f"POST {path} HTTP/1.1\r\n{self._common}{more}{_cookie(cookies)}"
        length = f"Content-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n"
        return await self._ask((head + length).encode() + body)

    async def _ask(self, request: bytes) -> Answer:
        """A kept connection that the server has closed meanwhile is no failure: the next one is tried."""
        async with asyncio.timeout_at(min(asyncio.get_running_loop().time() + PATIENCE, self.until)), self._free:
            while self._idle:
                try:
                    return await self._on(self._idle.pop(), request)
                except (OSError, EOFError):
                    continue
            try:
                return await self._on(Line(*await self._connected()), request)
            except EOFError as broken:
                raise ConnectionError("no whole answer") from broken

    async def _on(self, line: Line, request: bytes) -> Answer:
        try:
            answer, is_kept = await line.exchange(request)
        except BaseException:
            line.close()
            raise
        if is_kept:
            self._idle.append(line)
        else:
            line.close()
        return answer

    async def _connected(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        return await asyncio.open_connection(self._target.host, self._target.port, ssl=self._tls, limit=1 << 20)


def _cookie(cookies: Mapping[str, str]) -> str:
    return f"Cookie: {'; '.join(f'{name}={held}' for name, held in cookies.items())}\r\n" if cookies else ""
