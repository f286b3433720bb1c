"""Draws what pages and jobs cost as the tables grow: `python -m bench.growth [--database postgresql]`.

Reads the figures that `bench/scale.py` keeps, writes `docs/pictures/growth.svg` (`growth-postgresql.svg`) and prints
the table beneath it. A line of its own has whatever costs most; all others lie in the band.
"""

from __future__ import annotations

import argparse
import json
import math
from collections.abc import Mapping, Sequence
from html import escape

from bench.scale import KEPT
from quiz.config import ROOT

PICTURES = {
    "sqlite": ROOT / "docs" / "pictures" / "growth.svg",
    "postgresql": ROOT / "docs" / "pictures" / "growth-postgresql.svg",
}
OWN_LINE = 9
WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 900, 480, 70, 330, 30, 50
COLOURS = ("#0b5cad", "#b3400f", "#1d7a3a", "#7a2c8f", "#8a6d00", "#00727a", "#a8174a", "#4a4a4a", "#5a3d1e")
LEAST_MS, MOST_MS, LABEL = 1.0, 10_000.0, 17
Times = Mapping[int, Mapping[str, Mapping[str, float]]]


def read(database: str) -> Times:
    """The figures by size and name."""
    kept = json.loads(KEPT.read_text())[database]
    return {int(size): kept[size] for size in sorted(kept, key=int)}


def chosen(times: Times) -> list[str]:
    """What has a line of its own, the dearest first."""
    largest = times[max(times)]
    return sorted(largest, key=lambda name: -largest[name]["seconds"])[:OWN_LINE]


def drawn(times: Times) -> str:
    """The picture."""
    sizes, own = list(times), chosen(times)
    others = [name for name in times[max(times)] if name not in own]
    parts = [_axes(sizes), _band(times, others)]
    taken: list[float] = []
    for name, colour in zip(own, COLOURS, strict=True):
        points = [(_x(size, sizes), _y(times[size][name]["seconds"])) for size in sizes if name in times[size]]
        line = " ".join(f"{x:.0f},{y:.0f}" for x, y in points)
        at = points[-1][1]
        while any(abs(at - other) < LABEL for other in taken):
            at += 1
        taken.append(at)
        words = f"{name}: {times[max(sizes)][name]['seconds'] * 1000:.0f} ms"
        parts.append(
            f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="2.5"/>'
            f'<text x="{_x(sizes[-1], sizes) + 10:.0f}" y="{at + 4:.0f}" fill="{colour}">{escape(words)}</text>'
        )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif"'
        ' font-size="13" role="img" aria-label="Cost of pages and jobs by attempts stored">'
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>{"".join(parts)}</svg>\n'
    )


def table(times: Times) -> str:
    """The same in figures, everything that takes ten milliseconds or more: of the fastest run at each size, and of all
    at the largest.
    """
    sizes, largest = list(times), times[max(times)]
    head = "| page or job | " + " | ".join(f"{size:,}" for size in sizes) + " | p50 | p95 | p99 | statements |"
    rows = [head, "|---|" + "---:|" * (len(sizes) + 4)]
    for name in sorted(largest, key=lambda name: -largest[name]["seconds"]):
        if largest[name]["seconds"] >= 0.01:
            cells = [_ms(times[size].get(name, {}), "seconds") for size in sizes]
            cells += [_ms(largest[name], part) for part in ("p50", "p95", "p99")]
            rows.append(f"| {name} | {' | '.join(cells)} | {largest[name]['statements']:.0f} |")
    return "\n".join(rows)


def _ms(cost: Mapping[str, float], part: str) -> str:
    return f"{cost[part] * 1000:.0f} ms" if part in cost else ""


def _axes(sizes: Sequence[int]) -> str:
    parts = []
    for power in range(round(math.log10(MOST_MS)) + 1):
        y = _y(10**power / 1000)
        words = f"{10**power:,} ms" if power < 3 else f"{10 ** (power - 3)} s"
        parts.append(
            f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.0f}" y2="{y:.0f}" stroke="#cccccc"/>'
            f'<text x="{LEFT - 8}" y="{y + 4:.0f}" text-anchor="end" fill="#333333">{words}</text>'
        )
    for size in sizes:
        x = _x(size, sizes)
        parts.append(
            f'<line x1="{x:.0f}" x2="{x:.0f}" y1="{TOP}" y2="{HEIGHT - BOTTOM}" stroke="#cccccc"/>'
            f'<text x="{x:.0f}" y="{HEIGHT - BOTTOM + 20}" text-anchor="middle" fill="#333333">{size:,}</text>'
        )
    return "".join(parts) + f'<text x="{LEFT}" y="{HEIGHT - 10}" fill="#333333">attempts stored</text>'


def _band(times: Times, others: Sequence[str]) -> str:
    sizes = list(times)
    costs = [[times[size][name]["seconds"] for name in others if name in times[size]] for size in sizes]
    upper = [(_x(size, sizes), _y(max(each))) for size, each in zip(sizes, costs, strict=True)]
    lower = [(_x(size, sizes), _y(min(each))) for size, each in zip(sizes, costs, strict=True)]
    outline = " ".join(f"{x:.0f},{y:.0f}" for x, y in [*upper, *reversed(lower)])
    x, y = (upper[0][0] + upper[-1][0]) / 2, lower[-1][1] - 14
    words = f"all {len(others)} others"
    return (
        f'<polygon points="{outline}" fill="#e3e8ee"/>'
        f'<text x="{x:.0f}" y="{y:.0f}" text-anchor="middle" fill="#333333">{words}</text>'
    )


def _x(size: int, sizes: Sequence[int]) -> float:
    span = math.log10(sizes[-1] / sizes[0]) or 1
    return LEFT + (WIDTH - LEFT - RIGHT) * math.log10(size / sizes[0]) / span


def _y(seconds: float) -> float:
    height = math.log10(min(MOST_MS, max(LEAST_MS, seconds * 1000)) / LEAST_MS) / math.log10(MOST_MS / LEAST_MS)
    return TOP + (HEIGHT - TOP - BOTTOM) * (1 - height)


def main() -> None:
    """Draw and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", choices=PICTURES, default="sqlite")
    asked = parser.parse_args()
    times = read(asked.database)
    PICTURES[asked.database].write_text(drawn(times), encoding="utf-8")
    print(table(times))


if __name__ == "__main__":
    main()
