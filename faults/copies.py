"""A database laid out once and copied as often as it is wanted."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import sqlalchemy

from faults.databases import Database
from faults.scene import Scene


class Copies:
    """Where to lay it out (`url`), and a fresh copy each time, in place of the one before."""

    def __init__(self, base: Database, folder: Path) -> None:
        self._base, self._folder = base, folder
        self.url = base.url if base.name == "sqlite" else self._named("laid_out")
        if base.name != "sqlite":
            self._administer("CREATE DATABASE laid_out")

    def keep(self, scene: Scene) -> None:
        """This is what is copied from now on; nobody may be connected."""
        self._scene = scene
        if self._base.name == "sqlite":
            shutil.copy(self._file(), self._folder / "laid-out.sqlite3")

    def fresh(self) -> Scene:
        """The same anew; whoever was connected to the copy before is thrown out."""
        if self._base.name == "sqlite":
            for old in self._file().parent.glob(f"{self._file().name}*"):
                old.unlink()
            shutil.copy(self._folder / "laid-out.sqlite3", self._file())
            return self._scene
        self._administer("DROP DATABASE IF EXISTS fresh WITH (FORCE)", "CREATE DATABASE fresh TEMPLATE laid_out")
        return replace(self._scene, url=self._named("fresh"))

    def _file(self) -> Path:
        return Path(str(sqlalchemy.make_url(self._base.url).database))

    def _named(self, name: str) -> str:
        return sqlalchemy.make_url(self._base.url).set(database=name).render_as_string(hide_password=False)

    def _administer(self, *statements: str) -> None:
        engine = sqlalchemy.create_engine(self._base.url, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            for statement in statements:
                connection.exec_driver_sql(statement)
        engine.dispose()
