"""Retention: what is deleted once nobody can need it: keys of old requests, read notices of ended cases.

Room for: deleting a bounded number of such rows.
May not enter: events, documents, dates shown or anything else of the record; how long things are kept (`engine/service/tidying.py`).
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Table, delete, exists, not_, select, tuple_

from engine.store import tables as t


class Retention:
    """What may be deleted of one institution, on one connection."""

    def __init__(self, connection: Connection, institution: str) -> None:
        self._on = connection
        self._institution = institution

    def drop_requests(self, before: datetime, most: int) -> int:
        """Delete up to *most* request keys recorded before an instant; a request that comes again so late is a new one."""
        c = t.requests.c
        return self._drop(t.requests, (c.key,), c.recorded_at < before, most)

    def drop_notices(self, before: datetime, most: int) -> int:
        """Delete up to *most* notices that were read before an instant and whose case has ended."""
        n, c = t.notices.c, t.cases.c
        ended = exists().where(c.institution == n.institution, c.id == n.case_id, not_(c.open))
        columns = (n.case_id, n.seq, n.person, n.code)
        return self._drop(t.notices, columns, (n.read_at < before) & ended, most)

    def _drop(self, table: Table, key: tuple[Any, ...], which: Any, most: int) -> int:
        mine = table.c.institution == self._institution
        some = self._on.execute(select(*key).where(mine, which).limit(most)).all()
        if some:
            these = tuple_(*key).in_([tuple(row) for row in some])
            self._on.execute(delete(table).where(mine, these, which))
        return len(some)
