"""The results of a large week, held by column: as objects, a million of them would take three times the memory."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from itertools import compress, islice
from typing import Any, overload

from quiz.scoring.tie_breaks import Result

LONG = ("person", "time_ms", "handed_in_ms", "registered_ms")
OBJECTS = ("code", "prediction", "is_valid")
"""What is held as it is; whole numbers are held in 64 bits where they are LONG, else in 32, and never wrap around."""
AT_ONCE = 1000
"""So many results are taken up together."""


class Results(Sequence[Result]):
    """Many results in the order in which they came; each is made anew when it is asked for."""

    def __init__(self, results: Iterable[Result] = ()) -> None:
        self._columns: list[Any] = [_empty(name) for name in Result._fields]
        left = iter(results)
        while some := tuple(islice(left, AT_ONCE)):
            for column, figures in zip(self._columns, zip(*some, strict=True), strict=True):
                column.extend(figures)

    def append(self, result: Result) -> None:
        """One more."""
        for column, figure in zip(self._columns, result, strict=True):
            column.append(figure)

    def column(self, name: str) -> Sequence[Any]:
        """One figure of every result."""
        return self._columns[Result._fields.index(name)]  # type: ignore[no-any-return]

    def with_columns(self, **changed: Iterable[Any]) -> Results:
        """The same results with other figures; what does not change is shared."""
        other = Results()
        other._columns = [
            _filled(name, changed[name]) if name in changed else column
            for name, column in zip(Result._fields, self._columns, strict=True)
        ]
        return other

    def take(self, places: Sequence[int]) -> Results:
        """The results in these places, in this order."""
        taken = Results()
        taken._columns = [
            _filled(name, map(column.__getitem__, places))
            for name, column in zip(Result._fields, self._columns, strict=True)
        ]
        return taken

    def only(self, is_taken: Iterable[int]) -> Results:
        """The results that are taken, in the same order; of each is said whether it is."""
        taken, wanted = Results(), bytes(is_taken)
        taken._columns = [
            _filled(name, compress(column, wanted)) for name, column in zip(Result._fields, self._columns, strict=True)
        ]
        return taken

    def by_person(self) -> Results:
        """The same results, those of one person together, by person."""
        people, places = self.column("person"), range(len(self))
        order = sorted(places, key=people.__getitem__)
        return self if order == list(places) else self.take(order)

    def __len__(self) -> int:
        return len(self._columns[0])

    def __iter__(self) -> Iterator[Result]:
        return map(partial(tuple.__new__, Result), zip(*self._columns, strict=True))

    @overload
    def __getitem__(self, place: int) -> Result: ...
    @overload
    def __getitem__(self, place: slice) -> Results: ...
    def __getitem__(self, place: int | slice) -> Result | Results:
        if isinstance(place, slice):
            return self.take(range(len(self))[place])
        return Result._make(column[place] for column in self._columns)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and list(self) == list(other)

    __hash__ = None  # type: ignore[assignment]


def column(results: Sequence[Result], name: str) -> Sequence[Any]:
    """One figure of every result, however they are held."""
    return results.column(name) if isinstance(results, Results) else [getattr(result, name) for result in results]


def _empty(name: str) -> list[Any] | array[int]:
    return [] if name in OBJECTS else array("q" if name in LONG else "i")


def _filled(name: str, figures: Iterable[Any]) -> list[Any] | array[int]:
    filled = _empty(name)
    filled.extend(figures)
    return filled
