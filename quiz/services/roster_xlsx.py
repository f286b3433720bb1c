"""Reads the cells of a workbook from standard input, in a process of its own: a hostile sheet can only harm this one.

Run as a script with nothing but the standard library and calamine. Writes one JSON line for the names of the sheets,
one for each row that is not blank ([sheet, row, cells]), and a last one, so that a reader knows it has everything.
"""

from __future__ import annotations

import io
import json
import sys
from datetime import date, datetime, time, timedelta

MEMORY = 2 * 1024**3
SECONDS = 60
OUTPUT = 300 * 1024**2
COLUMNS = 60
CHARACTERS = 1100


def limit_this_process() -> None:
    """Let the system stop this process before a sheet of impossible size takes the whole machine."""
    try:
        import resource
    except ImportError:  # Windows: a far too large allocation still ends this process alone
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def to_json(value: object) -> object:
    """A cell as JSON: text, number, or {"date": …}."""
    if isinstance(value, str):
        return value[:CHARACTERS]
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, datetime):
        return {"date": value.date().isoformat()}
    if isinstance(value, date):
        return {"date": value.isoformat()}
    if isinstance(value, time | timedelta):
        return str(value)
    return value


def main(most_rows: int) -> int:
    """Print the rows of every sheet; 3 where there are too many rows, 4 where there is too much text."""
    limit_this_process()
    from python_calamine import CalamineWorkbook

    workbook = CalamineWorkbook.from_filelike(io.BytesIO(sys.stdin.buffer.read()))
    print(json.dumps(workbook.sheet_names))
    rows = size = 0
    for index, name in enumerate(workbook.sheet_names):
        for number, cells in enumerate(workbook.get_sheet_by_name(name).iter_rows(), start=1):
            if not any(cell != "" for cell in cells):
                continue
            rows += 1
            if rows > most_rows:
                return 3
            line = json.dumps([index, number, [to_json(cell) for cell in cells[:COLUMNS]]])
            size += len(line)
            if size > OUTPUT:
                return 4
            print(line)
    print("true")
    return 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1])))
