"""How long reading a bank takes beside merely loading its YAML, in one run: `python -m bench.reading`."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable

import yaml

from quiz.config import ROOT
from quiz.questions.bank_file import parse_bank

ROUNDS = 5


def seconds(what: Callable[[], object]) -> float:
    """How long one call takes."""
    begun = time.perf_counter()
    what()
    return time.perf_counter() - begun


def main() -> None:
    """Interleaved rounds, medians, and the ratio that matters."""
    data = (ROOT / "question_bank.yaml").read_bytes()
    ways = {
        "yaml.CBaseLoader alone": lambda: yaml.load(data, yaml.CBaseLoader),  # noqa: S506 - strings only
        "parse_bank, every fault checked": lambda: parse_bank(data),
    }
    taken: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(ROUNDS):
        for name, way in ways.items():
            taken[name].append(seconds(way))
    medians = {name: statistics.median(each) for name, each in taken.items()}
    print(f"{len(parse_bank(data).questions)} questions, {len(data) / 1024:.0f} KiB, medians of {ROUNDS} rounds")
    for name, median in medians.items():
        print(f"{name:34} {median:6.3f} s  {median / min(medians.values()):5.1f} x")


if __name__ == "__main__":
    main()
