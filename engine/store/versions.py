"""Versions: which cases have open matters on a version of a definition other than one.

Room for: finding those cases, page by page.
May not enter: what becomes of them (`engine/service/migrating.py`), the texts themselves (`definitions.py`).
"""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Connection, select

from engine.store import tables as t


class Versions:
    """The versions that the matters of one institution are on, on one connection."""

    def __init__(self, connection: Connection, institution: str) -> None:
        self._on = connection
        self._institution = institution

    def elsewhere(
        self, procedure: str, but: str, after: str, most: int, among: Collection[str] | None = None
    ) -> tuple[str, ...]:
        """Return the next cases, by id, with an open matter of *procedure* on another definition than *but*.

        *among* are the only cases wanted; None: every one.
        """
        c = t.matters.c
        mine = (
            c.institution == self._institution, c.procedure == procedure, c.open, c.definition != but, c.case_id > after,
        )  # fmt: skip
        query = select(c.case_id).where(*mine).distinct().order_by(c.case_id).limit(most)
        if among is not None:
            query = query.where(c.case_id.in_(list(among)))
        return tuple(self._on.execute(query).scalars())
