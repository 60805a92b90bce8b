"""Numbers: the next case number of a year and series; unique, gaps allowed.

Room for: the counter.
May not enter: how a number is written (the register).
"""

from __future__ import annotations

from sqlalchemy import Connection, insert, select, update

from engine.store import tables as t


def next_number(connection: Connection, institution: str, series: str, year: int) -> int:
    """Return a number nobody had in this series and year. Two at once wait for each other or collide (Conflict)."""
    c = t.numbers.c
    mine = (c.institution == institution, c.series == series, c.year == year)
    raised = connection.execute(update(t.numbers).where(*mine).values(last=c.last + 1))
    if raised.rowcount == 0:
        connection.execute(
            insert(t.numbers).values(institution=institution, series=series, year=year, last=1)
        )
    return int(connection.execute(select(c.last).where(*mine)).scalar_one())


def numbered_years(connection: Connection, institution: str) -> frozenset[int]:
    """Return the years for which numbers were given."""
    query = select(t.numbers.c.year).where(t.numbers.c.institution == institution).distinct()
    return frozenset(connection.execute(query).scalars())
