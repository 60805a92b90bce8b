"""Returning: a case that the store lacks, written down again as it was.

Room for: its event rows to the letter, its own row and those that follow from it, the dates it showed.
May not enter: whether it may come back (`engine/service/archiving.py`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, insert

from engine.model.case import Case
from engine.model.events import canonical
from engine.model.projection import Projection
from engine.store import tables as t
from engine.store.projected_rows import ProjectedRows, case_row


def bring_back(
    connection: Connection, institution: str, case: Case, projection: Projection,
    events: Sequence[Mapping[str, Any]], shown: Sequence[Sequence[Any]],
) -> None:  # fmt: skip
    """Write *case* with its *events*, as plain values, and the rows of its journal of *shown* dates."""
    connection.execute(insert(t.cases).values(institution=institution, **case_row(case, projection)))
    rows = [
        {"institution": institution, "case_id": case.id, "seq": one["seq"], "kind": one["kind"],
         "recorded_at": datetime.fromisoformat(one["recorded_at"]), "hash": one["hash"], "body": canonical(one)}
        for one in events
    ]  # fmt: skip
    connection.execute(insert(t.events), rows)
    ProjectedRows(connection, institution).write(None, case, projection)
    journal = [
        {"institution": institution, "case_id": case.id, "seq": seq, "at": datetime.fromisoformat(at), "clock": clock,
         "due": _day(due), "overdue_after": _day(after), "target_due": _day(target), "load": load}
        for seq, at, clock, due, after, target, load in shown
    ]  # fmt: skip
    if journal:
        connection.execute(insert(t.shown_dates), journal)


def _day(day: str | None) -> date | None:
    return date.fromisoformat(day) if day else None
