"""`python -m faults [NAME…] [--database …] [--seed N] [--short | --long | --rounds N] …`.

One line for each run; the status is not 0 where anything is not as it must be. `docs/faults.md` tells what each does.
"""

from __future__ import annotations

import argparse
import json
import math
import signal
import sys
import tempfile
import time
from pathlib import Path
from random import SystemRandom

from faults.catalogue import BRIEFLY, RUNS
from faults.running import Asked, Outcome, Skipped

KNOWN = RUNS | BRIEFLY
MOST_TOLD = 10


def main() -> int:
    """Carry out what the command line asks for."""
    asked = _arguments()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # clean up what was started
    failed = False
    for name in asked.names or RUNS:
        run = KNOWN[name]
        for database in run.databases:
            if asked.database in (None, database):
                rounds = asked.rounds or (run.long if asked.long else run.short)
                failed |= _carry_out(name, database, asked, rounds)
    return int(failed)


def _arguments() -> argparse.Namespace:
    told = "\n".join(f"  {name:14} {run.words}" for name, run in KNOWN.items())
    parser = argparse.ArgumentParser(
        prog="faults", description=f"{__doc__}\n{told}", formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "names", nargs="*", choices=[*KNOWN, []], metavar="NAME", help="which runs; all where none is named"
    )
    parser.add_argument("--database", choices=("sqlite", "postgresql"), help="on this database only")
    parser.add_argument("--seed", type=int, default=SystemRandom().randrange(1 << 32))
    parser.add_argument("--rounds", type=int, help="how often the fault comes")
    parser.add_argument("--seconds", type=float, default=math.inf, help="begin no round after so many seconds")
    parser.add_argument("--keep", type=Path, help="a file to which each outcome is appended as a line of JSON")
    length = parser.add_mutually_exclusive_group()
    length.add_argument("--short", action="store_true", help="as in CI; so it is where nothing is said")
    length.add_argument("--long", action="store_true")
    return parser.parse_args()


def _carry_out(name: str, database: str, told: argparse.Namespace, rounds: int) -> bool:
    """One run in a folder of its own; whether it failed."""
    print(f"{name} on {database}, seed {told.seed}, {rounds} rounds …", flush=True)
    begun = time.monotonic()
    until = begun + told.seconds
    with tempfile.TemporaryDirectory(prefix="faults-", ignore_cleanup_errors=True) as folder:
        try:
            asked = Asked(database=database, folder=Path(folder), seed=told.seed, rounds=rounds, until=until)
            found = KNOWN[name].act(asked)
        except Skipped as missing:
            print(f"  SKIPPED: {missing}")
            return False
    _tell(found)
    if told.keep:
        line = {"run": name, "database": database, "seed": told.seed, "rounds": rounds}
        line |= {"seconds": round(time.monotonic() - begun), **found.figures, "wrong": found.wrong[:MOST_TOLD]}
        with told.keep.open("a", encoding="utf-8") as out:
            out.write(json.dumps(line, ensure_ascii=False) + "\n")
    return bool(found.wrong)


def _tell(found: Outcome) -> None:
    print("  " + ", ".join(f"{name} {value}" for name, value in found.figures.items()))
    print(f"  {'WRONG' if found.wrong else 'all holds'}")
    for fault in found.wrong[:MOST_TOLD]:
        print(f"    {fault}")
    if len(found.wrong) > MOST_TOLD:
        print(f"    … and {len(found.wrong) - MOST_TOLD} more")


if __name__ == "__main__":
    sys.exit(main())
