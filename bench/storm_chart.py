"""Draws what `bench.storms --json` kept: `python -m bench.storm_chart bench/storms.json docs/pictures/storms.svg`.

One bar for each storm, step and database, as long as its 95 (hand-ins: 99) of 100 took, on a logarithmic scale, with
the limit as a line. Prints the same as a Markdown table.
"""

from __future__ import annotations

import argparse
import json
import math
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from pathlib import Path

LEFT, WIDTH, LINE, BAR = 330, 420, 17, 11
FIRST, LAST = 0.001, 30.0
COLOURS = {"PostgreSQL": "#1f5f8b", "SQLite": "#8a6d1b"}
LIMITS = {"save": 0.3, "start": 1.0, "paper": 1.0, "hand_in": 2.0}
WORDS = {
    "save": "saves",
    "start": "starts",
    "paper": "papers",
    "hand_in": "hand-ins",
    "sign_in": "sign-ins",
    "read": "reads",
}


@dataclass(frozen=True, slots=True)
class Bar:
    """One line of the chart."""

    words: str
    database: str
    seconds: float
    limit: float | None


def bars(kept: dict[str, dict[str, list[dict[str, str | float]]]]) -> Iterator[Bar]:
    """Storm by storm, the databases beside each other."""
    every = [row for name in COLOURS if name in kept for row in kept[name]["rows"]]
    seen = dict.fromkeys((str(row["storm"]), str(row["step"])) for row in every)
    for storm, step in seen:
        for row in every:
            if (row["storm"], row["step"]) == (storm, step):
                words = f"{storm}: {WORDS[step]}"
                took = float(row["p99"] if step == "hand_in" else row["p95"])
                yield Bar(words, str(row["database"]), took, LIMITS.get(step))


def at(seconds: float) -> float:
    """How far to the right."""
    share = math.log(max(seconds, FIRST) / FIRST) / math.log(LAST / FIRST)
    return LEFT + WIDTH * min(share, 1)


def svg(drawn: list[Bar]) -> str:
    """The chart."""
    bottom = LINE * len(drawn) + 34
    parts = []
    for seconds, words in ((0.001, "1 ms"), (0.01, "10 ms"), (0.1, "100 ms"), (1, "1 s"), (10, "10 s")):
        parts.append(f'<line x1="{at(seconds):.0f}" x2="{at(seconds):.0f}" y1="24" y2="{bottom - 8}" stroke="#ccc"/>')
        parts.append(f'<text x="{at(seconds):.0f}" y="18" text-anchor="middle">{words}</text>')
    last = ""
    for place, bar in enumerate(drawn):
        top = 28 + place * LINE
        if bar.words != last:
            parts.append(f'<text x="{LEFT - 8}" y="{top + BAR - 1}" text-anchor="end">{escape(bar.words)}</text>')
        last, width, colour = bar.words, at(bar.seconds) - LEFT, COLOURS[bar.database]
        parts.append(f'<rect x="{LEFT}" y="{top}" width="{max(1, width):.0f}" height="{BAR}" fill="{colour}"/>')
        parts.append(f'<text x="{at(bar.seconds) + 4:.0f}" y="{top + BAR - 1}">{bar.seconds * 1000:,.0f} ms</text>')
        if bar.limit:
            x = at(bar.limit)
            ends = f'x1="{x:.0f}" x2="{x:.0f}" y1="{top - 2}" y2="{top + BAR + 2}"'
            parts.append(f'<line {ends} stroke="#a3121f" stroke-width="2"/>')
    legend = "  ".join(f"{name}: {colour}" for name, colour in COLOURS.items())
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{LEFT + WIDTH + 80}" height="{bottom + 16}" '
        'font-family="sans-serif" font-size="11">'
        f"<title>Storms: 95 (hand-ins: 99) of 100 within; red: the limit. {legend}</title>"
        '<rect width="100%" height="100%" fill="#fff"/>'
        f"{''.join(parts)}{_legend(bottom)}</svg>\n"
    )


def _legend(bottom: int) -> str:
    return "".join(
        f'<rect x="{LEFT + 110 * place}" y="{bottom}" width="11" height="11" fill="{colour}"/>'
        f'<text x="{LEFT + 110 * place + 16}" y="{bottom + 10}">{name}</text>'
        for place, (name, colour) in enumerate(COLOURS.items())
    )


def table(kept: dict[str, dict[str, list[dict[str, str | float]]]]) -> Iterator[str]:
    """The same for the page, in Markdown."""
    yield "| storm | step | database | count | a second | p50 ms | p95 ms | p99 ms | failed | waits | limit |"
    yield "|---|---|---|---|---|---|---|---|---|---|---|"
    for name in COLOURS:
        for row in kept.get(name, {"rows": []})["rows"]:
            times = " | ".join(f"{float(row[each]) * 1000:,.0f}" for each in ("p50", "p95", "p99"))
            first = (
                f"| {row['storm']} | {WORDS[str(row['step'])]} | {name} | {row['count']:,} | {float(row['rate']):.0f} "
            )
            yield f"{first}| {times} | {row['failed']} | {row['waits']} | {row['limit']} |"


def main() -> None:
    """Read, draw, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("figures", type=Path)
    parser.add_argument("chart", type=Path)
    asked = parser.parse_args()
    kept = json.loads(asked.figures.read_text("utf-8"))
    asked.chart.write_text(svg(list(bars(kept))), encoding="utf-8")
    print("\n".join(table(kept)))


if __name__ == "__main__":
    main()
