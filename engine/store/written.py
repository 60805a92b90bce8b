"""Written: a statement as the driver takes it, made once and run often.

Room for: turning a query into text and values, running that beside SQLAlchemy on the same transaction.
May not enter: which queries there are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Dialect, Select


@dataclass(frozen=True, slots=True)
class Written:
    """A statement with its values, for one kind of database."""

    text: str
    values: Any


def written(query: Select[Any], dialect: Dialect) -> Written:
    """Return *query* as the driver of *dialect* takes it."""
    made = query.compile(dialect=dialect, compile_kwargs={"render_postcompile": True})
    values = {
        name: made._bind_processors[name](value) if name in made._bind_processors else value  # type: ignore[operator]
        for name, value in made.construct_params().items()
    }
    if made.positiontup is not None:
        return Written(str(made), tuple(values[name] for name in made.positiontup))
    return Written(str(made), values)


def run(connection: Connection, statement: Written) -> Sequence[tuple[Any, ...]]:
    """Return the rows of *statement*, as the driver gives them, in the transaction of *connection*."""
    cursor = connection.connection.cursor()
    try:
        cursor.execute(statement.text, statement.values)
        return cursor.fetchall()
    finally:
        cursor.close()
