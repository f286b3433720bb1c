"""Browsers that cost next to nothing: raw sockets kept alive, in processes of their own, which time every answer."""

from __future__ import annotations

import gzip
import json
import re
import socket
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode

QUESTIONS = 20
Taken = dict[str, list[float]]

_TOKEN = re.compile(rb'name="csrf_token"[^>]*value="([^"]+)"')
_LENGTH = re.compile(rb"\r\ncontent-length: (\d+)", re.IGNORECASE)
_COOKIE = re.compile(rb"\r\nset-cookie: ([^=]+)=([^;]*)", re.IGNORECASE)
_LOCATION = re.compile(rb"\r\nlocation: ([^\r]+)", re.IGNORECASE)
SHEET = urlencode({f"q{number}": "ABCD"[number % 4] for number in range(1, QUESTIONS + 1)})


@dataclass
class Wire:
    """One connection, used by one person after the other."""

    port: int
    received: int = 0
    taken: Taken = field(default_factory=lambda: defaultdict(list))

    def __post_init__(self) -> None:
        self._socket = socket.create_connection(("127.0.0.1", self.port))
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def ask(self, row: str, request: bytes) -> tuple[int, bytes, bytes]:
        """Status, head and body of the answer; its time is noted under the row."""
        begun = time.perf_counter()
        self._socket.sendall(request)
        answer = self._socket.recv(65536)
        while (end := answer.find(b"\r\n\r\n")) < 0:
            answer += self._socket.recv(65536)
        head = answer[: end + 2]
        length = _LENGTH.search(head)
        size = end + 4 + int(length[1] if length else 0)
        while len(answer) < size:
            answer += self._socket.recv(65536)
        self.taken[row].append(time.perf_counter() - begun)
        self.received += len(answer)
        return int(head[9:12]), head, answer[end + 4 :]


@dataclass
class Person:
    """Somebody with a browser: cookies, the token of the session, the attempt."""

    staff_code: str
    password: str
    cookies: dict[bytes, bytes] = field(default_factory=dict)
    token: str = ""
    code: str = ""
    seq: int = 0

    def _ask(
        self, wire: Wire, row: str, path: str, body: str | None = None, kind: str = ""
    ) -> tuple[int, bytes, bytes]:
        held = b"; ".join(name + b"=" + value for name, value in self.cookies.items())
        head = f"{'GET' if body is None else 'POST'} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept-Encoding: gzip\r\n"
        if body is not None:
            token = f"X-CSRFToken: {self.token}\r\n" if kind == "application/json" else ""
            head += f"{token}Content-Type: {kind}\r\nContent-Length: {len(body)}\r\n"
        answer = wire.ask(row, head.encode() + b"Cookie: " + held + b"\r\n\r\n" + (body or "").encode())
        for name, value in _COOKIE.findall(answer[1]):
            self.cookies[name] = value
        return answer

    def _read(self, wire: Wire, row: str, path: str) -> None:
        """A page with a form; its token is kept."""
        status, head, body = self._ask(wire, row, path)
        assert status == 200, (row, status, head)
        found = _TOKEN.search(gzip.decompress(body) if body[:2] == b"\x1f\x8b" else body)
        self.token = found[1].decode() if found else self.token

    def _send(self, wire: Wire, row: str, path: str, form: str = "") -> str:
        """A form; where it leads to."""
        body = f"{urlencode({'csrf_token': self.token})}&{form}"
        status, head, _ = self._ask(wire, row, path, body, "application/x-www-form-urlencoded")
        led = _LOCATION.search(head)
        assert led, (row, status, head)
        return led[1].decode()

    def open_form(self, wire: Wire) -> None:
        """Where one signs in."""
        self._read(wire, "sign-in page", "/dang-nhap")

    def sign_in(self, wire: Wire) -> None:
        """What is typed there."""
        typed = urlencode({"identifier": self.staff_code, "password": self.password})
        assert self._send(wire, "sign-in", "/dang-nhap", typed).endswith("/thi")

    def look(self, wire: Wire) -> None:
        """The page with the button."""
        self._read(wire, "own page", "/thi")

    def start(self, wire: Wire) -> None:
        """Press it."""
        self.code = self._send(wire, "start", "/thi/tuan-1").rpartition("/")[2]

    def read(self, wire: Wire) -> None:
        """The questions."""
        status, head, _ = self._ask(wire, "paper", f"/thi/bai/{self.code}")
        assert status == 200, head

    def save(self, wire: Wire) -> None:
        """One more answer."""
        self.seq += 1
        answers = ["ABCD"[(place + self.seq) % 4] if place <= self.seq else "" for place in range(QUESTIONS)]
        sheet = json.dumps({"seq": self.seq, "answers": answers})
        status, head, body = self._ask(wire, "save", f"/thi/bai/{self.code}/luu", sheet, "application/json")
        assert b'"left"' in body, (status, head, body)

    def hand_in(self, wire: Wire) -> None:
        """For good."""
        self._send(wire, "hand-in", f"/thi/bai/{self.code}/nop", f"seq={self.seq + 1}&{SHEET}")

    def receive(self, wire: Wire) -> None:
        """The receipt."""
        status, head, _ = self._ask(wire, "receipt", f"/thi/bai/{self.code}/bien-nhan")
        assert status == 200, head

    def sit(self, wire: Wire) -> None:
        """The whole of it."""
        begun = time.perf_counter()
        for step in (self.open_form, self.sign_in, self.look, self.start, self.read):
            step(wire)
        for step in (*[self.save] * 20, self.hand_in, self.receive):
            step(wire)
        wire.taken["attempt"].append(time.perf_counter() - begun)

    def save_often(self, wire: Wire) -> None:
        """Twenty saves."""
        for _ in range(20):
            self.save(wire)

    def hello(self, wire: Wire) -> None:
        """Nothing at all, twenty times."""
        for _ in range(20):
            wire.ask("hello", b"GET /hello HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")

    def echo(self, wire: Wire) -> None:
        """JSON for JSON, twenty times."""
        for _ in range(20):
            self.seq += 1
            body = json.dumps({"seq": self.seq, "answers": ["A"] * QUESTIONS})
            status, _, _ = self._ask(wire, "json", "/json", body, "application/json")
            assert status == 200


PEOPLE: dict[str, Person] = {}
"""Those whom this process has met, with what their browsers hold."""


def act(port: int, step: str, people: Sequence[tuple[str, str, str]], threads: int) -> tuple[Taken, int]:
    """All of them take one step, so many at once; how long each answer took, and the bytes received."""
    met = [PEOPLE.setdefault(f"{port} {who}", Person(who, password, code=code)) for who, password, code in people]
    waiting, wires, failed = iter(met), [Wire(port) for _ in range(threads)], []
    what: Callable[[Person, Wire], None] = getattr(Person, step)
    turn = threading.Lock()

    def work(wire: Wire) -> None:
        try:
            while True:
                with turn:
                    person = next(waiting, None)
                if person is None:
                    return
                what(person, wire)
        except BaseException as error:  # noqa: BLE001 - told by the process that asked
            failed.append(error)

    workers = [threading.Thread(target=work, args=(wire,)) for wire in wires]
    for each in workers:
        each.start()
    for each in workers:
        each.join()
    if failed:
        raise failed[0]
    taken: Taken = defaultdict(list)
    for wire in wires:
        for row, times in wire.taken.items():
            taken[row] += times
    return dict(taken), sum(wire.received for wire in wires)


def forget() -> None:
    """Everybody begins anew."""
    PEOPLE.clear()
