"""One statement by itself: straight to the driver, committed on arrival, one way there and back.

For the few statements that are asked for a hundred times a second. Their connections are never asked beforehand whether
they are still alive: where the driver fails, nothing is known of the statement, and whoever sent it does the same again
in a transaction. So only what may be done twice is sent this way. PostgreSQL plans each once for a connection.
"""

from __future__ import annotations

import logging
from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import ColumnElement, Engine, Insert, String, UpdateBase, bindparam, create_engine, event, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.orm import Session
from sqlalchemy.sql.base import Executable

Row = Any
"""A named tuple of the statement's columns."""
Convert = Callable[[Any], Any]

_log = logging.getLogger(__name__)
_engines: WeakKeyDictionary[Engine, Engine] = WeakKeyDictionary()
_PLANNED_ONCE = "-c plan_cache_mode=force_generic_plan"
"""All of them look rows up by their keys, whichever: without this PostgreSQL plans each anew until the sixth time."""


class Failed(Exception):
    """The driver failed: whether the statement was carried out is not known."""


class Unreachable(Failed):
    """There was not even a connection, so that it was not carried out."""


class Direct:
    """A statement made ready once for each kind of database."""

    def __init__(self, statement: Executable) -> None:
        self._statement = statement
        self._ready: dict[str, _Ready] = {}

    def first(self, database: Engine, values: Mapping[str, object]) -> Row | None:
        """Send it; the first row that comes back, None for none. Raises Failed."""
        return next(iter(self.all(database, values)), None)

    def all(self, database: Engine, values: Mapping[str, object]) -> list[Row]:
        """The same, with all rows that come back."""
        engine = _committing(database)
        connection = None
        try:
            connection = engine.raw_connection()
            cursor = connection.cursor()
            ready, found = self._carried_out(cursor, engine, values)
            cursor.close()
        except BaseException as error:
            if connection:
                connection.invalidate()
            if not isinstance(error, engine.dialect.loaded_dbapi.Error | PoolTimeoutError):
                raise
            _log.warning("a statement by itself failed and is done again in a transaction", exc_info=error)
            engine.dispose()
            raise (Failed if connection else Unreachable)() from error
        connection.close()
        return [ready.received(row) for row in found]

    def read(self, session: Session, values: Mapping[str, object]) -> Row | None:
        """The same for a statement that only reads: where the driver fails, it is asked again in the session.

        It sees nothing that a transaction under way has written. Nobody waits twice for a database that is away.
        """
        return next(iter(self.read_all(session, values)), None)

    def read_all(self, session: Session, values: Mapping[str, object]) -> Sequence[Row]:
        """The same, with all rows that come back."""
        try:
            return self.all(session.get_bind(), values)  # type: ignore[arg-type]
        except Unreachable as error:
            raise OperationalError(None, None, error.__cause__ or error) from error
        except Failed:
            return session.execute(self._statement, values).all()

    def within(self, session: Session, values: Mapping[str, object]) -> Row | None:
        """The first row that it gives within the transaction of a session."""
        return session.execute(self._statement, values).first()

    def _carried_out(self, cursor: Any, engine: Engine, values: Mapping[str, object]) -> tuple[_Ready, list[Any]]:
        ready = self.made_ready(engine)
        cursor.execute(ready.text, ready.sent(values))
        return ready, cursor.fetchall()

    def made_ready(self, engine: Engine) -> _Ready:
        """What is sent to this kind of database."""
        ready = self._ready.get(engine.dialect.name)
        if ready is None:
            ready = self._ready[engine.dialect.name] = _Ready(self._statement, engine)
        return ready


class Both(Direct):
    """A statement that gives the row it has written, by its code, and one that writes what belongs to it: both are
    carried out or neither. `then` makes the second for the code of the first.

    PostgreSQL takes them as one; SQLite, which is reached without a way there and back, in a transaction.
    """

    def __init__(self, statement: UpdateBase, then: Callable[[ColumnElement[str]], Insert]) -> None:
        super().__init__(statement)
        written = statement.cte("written")
        self._as_one = Direct(select(written).add_cte(then(written.c.code).cte("belonging")))
        self._then = Direct(then(bindparam("code", type_=String)))

    def _carried_out(self, cursor: Any, engine: Engine, values: Mapping[str, object]) -> tuple[_Ready, list[Any]]:
        if engine.dialect.name != "sqlite":
            return self._as_one._carried_out(cursor, engine, values)
        cursor.execute("BEGIN")
        ready, found = super()._carried_out(cursor, engine, values)
        for row in map(ready.received, found):
            then = self._then.made_ready(engine)
            cursor.execute(then.text, then.sent({**values, "code": row.code}))
        cursor.execute("COMMIT")
        return ready, found


class _Ready:
    """The text for one kind of database, and what its driver wants converted."""

    def __init__(self, statement: Any, engine: Engine) -> None:
        dialect: Any = type(engine.dialect)
        dialect = dialect(paramstyle="named" if engine.dialect.name == "sqlite" else "pyformat")
        compiled = statement.compile(dialect=dialect)
        columns = statement.exported_columns
        self.text = str(compiled)
        self._constants: dict[str, object] = {
            name: value for name, value in compiled.params.items() if value is not None
        }
        converted = {
            name: each.type.dialect_impl(dialect).bind_processor(dialect) for name, each in compiled.binds.items()
        }
        self._convert: dict[str, Convert] = {name: convert for name, convert in converted.items() if convert}
        self._row: Any = namedtuple("Row", [column.key for column in columns])  # type: ignore[misc]
        restored = [each.type.dialect_impl(dialect).result_processor(dialect, None) for each in columns]
        self._restore: list[tuple[int, Convert]] = [(place, each) for place, each in enumerate(restored) if each]

    def sent(self, values: Mapping[str, object]) -> dict[str, object]:
        """The values as the driver takes them."""
        sent = {**self._constants, **values}
        for name, convert in self._convert.items():
            sent[name] = convert(sent[name])
        return sent

    def received(self, row: tuple[object, ...]) -> Row:
        """The row as the models have it."""
        values = list(row)
        for place, restore in self._restore:
            values[place] = restore(values[place])
        return self._row._make(values)


def _committing(engine: Engine) -> Engine:
    """Connections of their own, on which each statement commits by itself; they are closed with those of the engine."""
    own = _engines.get(engine)
    if own is None:
        connecting = {"connect_args": {"connect_timeout": 3, "prepare_threshold": 0, "options": _PLANNED_ONCE}}
        pool = {} if engine.dialect.name == "sqlite" else {"pool_size": 10, "max_overflow": 10, **connecting}
        own = _engines[engine] = create_engine(
            engine.url, isolation_level="AUTOCOMMIT", pool_reset_on_return=None, hide_parameters=True, **pool
        )
        event.listen(engine, "engine_disposed", lambda _disposed: own.dispose())
    return own
