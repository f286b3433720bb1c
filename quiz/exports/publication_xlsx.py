"""The tables of a publication as a workbook: one sheet each, with charts that the program draws from its cells."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from quiz.exports.sheets import HEAD, NO_GUESSES, Value, add_sheet, formats_of

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

COLOURS = ("#9D1C20", "#C08A18")
WIDTH, HEIGHT, PER_BAR, HIGHEST = 900, 360, 26, 8000
ROW_PIXELS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """Some rows of a table as columns, or as bars where names are long; `values` are its columns by their places."""

    title: str
    first: int
    last: int
    names: int
    values: tuple[int, ...]
    are_rates: bool = True
    is_lying: bool = False

    @property
    def height(self) -> int:
        """In pixels: bars need room for their names."""
        return min(HIGHEST, max(HEIGHT, PER_BAR * (self.last - self.first + 1) + 120)) if self.is_lying else HEIGHT


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One sheet: its name, its columns by title and width, its rows, and what is drawn of them."""

    name: str
    title: str
    columns: tuple[tuple[str, int], ...]
    rows: Sequence[Sequence[Value]]
    charts: tuple[Chart, ...] = ()


def workbook(tables: Sequence[Table], title: str, note: str, made_at: datetime) -> bytes:
    """The tables as .xlsx; `note` stands on every sheet, `made_at` is that of the publication."""
    import xlsxwriter

    out = io.BytesIO()
    with xlsxwriter.Workbook(out, NO_GUESSES) as book:
        book.set_properties({"title": title, "created": made_at.replace(tzinfo=None)})
        formats = formats_of(book)
        for table in tables:
            sheet = add_sheet(book, formats, table.name, table.title, note, table.columns, table.rows)
            _charts(book, sheet, table)
    return out.getvalue()


def _charts(book: Workbook, sheet: Worksheet, table: Table) -> None:
    """Columns beside the table, bars below it, where they are as long as it is wide; one below the other."""
    rows = {False: HEAD, True: HEAD + len(table.rows) + 2}
    for chart in table.charts:
        place = 0 if chart.is_lying else len(table.columns) + 1
        sheet.insert_chart(rows[chart.is_lying], place, _drawn(book, table, chart))
        rows[chart.is_lying] += chart.height // ROW_PIXELS + 2


def _drawn(book: Workbook, table: Table, chart: Chart) -> object:
    drawn = book.add_chart({"type": "bar" if chart.is_lying else "column"})
    first, last = HEAD + 1 + chart.first, HEAD + 1 + chart.last
    for colour, place in zip(COLOURS, chart.values, strict=False):
        series = {"name": [table.name, HEAD, place], "fill": {"color": colour}, "gap": 60}
        where = {
            "categories": [table.name, first, chart.names, last, chart.names],
            "values": [table.name, first, place, last, place],
        }
        drawn.add_series({**series, **where})
    drawn.set_title({"name": chart.title, "name_font": {"size": 13}})
    of_values = {"min": 0, "num_format": "0%" if chart.are_rates else "#,##0", "major_gridlines": {"visible": True}}
    if chart.is_lying:
        drawn.set_x_axis(of_values)
        drawn.set_y_axis({"reverse": True, "num_font": {"size": 9}})
    else:
        drawn.set_y_axis(of_values)
    drawn.set_legend({"none": True} if len(chart.values) == 1 else {"position": "bottom"})
    drawn.set_size({"width": WIDTH, "height": chart.height})
    return drawn
