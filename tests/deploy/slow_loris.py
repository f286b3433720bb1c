"""Half-open connections beside honest visitors: `python -m tests.deploy.slow_loris [--held 400] [--asked 100]`.

Half of the held connections never end their headers, half never end the body of a sign-in, and each sends a byte every
few seconds, as such programs do. Meanwhile honest visitors open a page and a save form's worth of work; what they wait
is compared with what they waited before.
"""

from __future__ import annotations

import argparse
import http.client
import ssl
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from tests.deploy.site import NAME, Proxy, standing

HEADERS = f"GET /the-le HTTP/1.1\r\nHost: {NAME}\r\nX-Slow: ".encode()
BODY = f"POST /dang-nhap HTTP/1.1\r\nHost: {NAME}\r\nContent-Length: 1000\r\n\r\nidentifier=".encode()


@dataclass(frozen=True)
class Waited:
    """Seconds that honest visitors waited, and how many got a page."""

    answered: int
    asked: int
    half: float
    worst: float

    def __str__(self) -> str:
        """In one line."""
        return (
            f"{self.answered} of {self.asked} answered, half within {self.half * 1000:.0f} ms, worst {self.worst:.2f} s"
        )


@contextmanager
def holding(proxy: Proxy, count: int) -> Iterator[list[http.client.HTTPSConnection]]:
    """So many connections that never finish what they have to say."""
    held = []
    try:
        for number in range(count):
            connection = proxy.connect()
            connection.sock.sendall(BODY if number % 2 else HEADERS)
            held.append(connection)
        yield held
    finally:
        for connection in held:
            connection.close()


def drip(held: list[http.client.HTTPSConnection]) -> None:
    """One byte more on each, so that it does not look idle."""
    for connection in held:
        with suppress(OSError, ssl.SSLError):
            connection.sock.sendall(b"x")


def visit(proxy: Proxy, count: int) -> Waited:
    """Each visitor comes anew and opens the sign-in page, which the application makes for everybody."""
    taken, answered = [], 0
    for _ in range(count):
        begun = time.perf_counter()
        connection = proxy.connect()
        connection.request("GET", "/dang-nhap")
        answer = connection.getresponse()
        answer.read()
        answered += answer.status == 200
        taken.append(time.perf_counter() - begun)
        connection.close()
    return Waited(answered, count, statistics.median(taken), max(taken))


def main() -> None:
    """Before, during, and how many are still held."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--held", type=int, default=400)
    parser.add_argument("--asked", type=int, default=100)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, standing(Path(folder), 1, ("127.0.0.2",)) as site:
        visit(site.proxy, 10)
        print("before:", visit(site.proxy, asked.asked))
        with holding(site.proxy, asked.held) as held:
            for _ in range(3):
                drip(held)
                print(f"{asked.held} half-open:", visit(site.proxy, asked.asked))


if __name__ == "__main__":
    main()
