"""Kept: an office as it stands on either database, to be put back as often as a trial needs it."""

from __future__ import annotations

import shutil
from pathlib import Path

from sqlalchemy import delete, insert, select, tuple_

from engine.store.database import Database
from engine.store.tables import calendar_days, metadata


class Kept:
    """Every row of an office: a copy of the SQLite file, or the rows themselves."""

    def __init__(self, url: str, folder: Path) -> None:
        self.url = url
        self._file = Path(url.removeprefix("sqlite:///")) if url.startswith("sqlite") else None
        self._copy = folder / "kept.db"
        if self._file:
            self._checkpoint()
            shutil.copy(self._file, self._copy)
            return
        database = Database(url)
        with database.engine.connect() as connection:
            self._rows = {
                t.name: connection.execute(select(t)).mappings().all() for t in metadata.sorted_tables
            }
        database.close()

    def put_back(self) -> None:
        """Make the office what it was; nobody may be connected to a SQLite file meanwhile."""
        if self._file:
            for part in ("-wal", "-shm"):
                Path(f"{self._file}{part}").unlink(missing_ok=True)
            shutil.copy(self._copy, self._file)
            return
        database = Database(self.url)
        days = calendar_days.c
        loads = {(row["institution"], row["load"]) for row in self._rows[calendar_days.name]}
        with database.engine.begin() as connection:
            # The days of a calendar are most of an office and never change; those of loads that came since go.
            connection.execute(
                delete(calendar_days).where(tuple_(days.institution, days.load).not_in(sorted(loads)))
            )
            for table in reversed(metadata.sorted_tables):
                if table is not calendar_days:
                    connection.execute(delete(table))
            for table in metadata.sorted_tables:
                rows = [dict(row) for row in self._rows[table.name]]
                if rows and table is not calendar_days:
                    connection.execute(insert(table), rows)
        database.close()

    def _checkpoint(self) -> None:
        database = Database(self.url)
        with database.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        database.close()
