"""Tampering: everything somebody with the database in their hands might do to a record, done with care.

The best forger writes a case anew so that chain, case and rows agree; only what was sealed before can tell.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from random import Random
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from engine.core.fold import fold
from engine.model.checkpoints import Checkpoint
from engine.model.events import canonical, event_of, genesis, hash_of_plain
from engine.model.merkle import Growing
from engine.service.sealing import case_seal
from engine.store import tables as t
from engine.store.cases import event_row
from engine.store.checkpoints import Checkpoints
from engine.store.database import Database
from engine.store.dossiers import Dossiers
from engine.store.rows import case_body
from tests.builders import INSTITUTION

Plain = dict[str, Any]


@contextmanager
def as_before(database: Database) -> Iterator[None]:
    """Put every row back that was changed meanwhile."""
    before = _rows(database)
    yield
    after = _rows(database)
    with database.engine.begin() as connection:
        for table in t.metadata.sorted_tables:
            if before[table.name] != after[table.name]:
                connection.execute(delete(table))
                if before[table.name]:
                    connection.execute(insert(table), before[table.name])


def _rows(database: Database) -> dict[str, list[dict[str, Any]]]:
    with database.engine.begin() as connection:
        return {
            table.name: [dict(row) for row in connection.execute(select(table)).mappings()]
            for table in t.metadata.sorted_tables
        }


def plain_events(connection: Connection, case: str) -> list[Plain]:
    """Return the events of a case as they were written."""
    e = t.events.c
    rows = connection.execute(select(e.body).where(e.case_id == case).order_by(e.seq)).scalars()
    return [json.loads(body) for body in rows]


def write_events(connection: Connection, case: str, events: list[Plain]) -> None:
    """Put *events* in the place of those of a case, with the columns that go with them; nothing else is changed."""
    connection.execute(delete(t.events).where(t.events.c.case_id == case))
    rows = [{**event_row(INSTITUTION, case, event_of(one)), "body": canonical(one)} for one in events]
    if rows:
        connection.execute(insert(t.events), rows)


def rechained(case: str, events: list[Plain]) -> list[Plain]:
    """Return *events* numbered and linked anew, as if they had always been so."""
    previous, found = genesis(INSTITUTION, case, events[0].get("hashed", "")), []
    for seq, event in enumerate(events, 1):
        event = {**event, "seq": seq, "previous": previous}
        previous = event["hash"] = hash_of_plain(event)
        found.append(event)
    return found


def forge(connection: Connection, case: str, events: list[Plain]) -> None:
    """Write a whole history anew, so that chain and case agree in everything."""
    linked = rechained(case, events)
    write_events(connection, case, linked)
    folded = fold([event_of(one) for one in linked])
    mine = t.cases.c.id == case
    connection.execute(update(t.cases).where(mine).values(body=case_body(folded), version=folded.version))


def erase(connection: Connection, case: str) -> None:
    """Delete a case with every row that is its own."""
    for table in t.metadata.sorted_tables:
        if table.name in ("seals", "archives", "checkpoints"):
            continue
        if "case_id" in table.c:
            connection.execute(delete(table).where(table.c.case_id == case))
    connection.execute(delete(t.cases).where(t.cases.c.id == case))


def reseal(connection: Connection) -> None:
    """Make every seal of a case and every checkpoint anew, so that all of them agree with what is there now."""
    known, dossiers = Checkpoints(connection, INSTITUTION), Dossiers(connection, INSTITUTION)
    previous = ""
    for made in known.since(0):
        tree, s = Growing(made.hashed), t.seals.c
        for place, seal in list(known.leaves(made.number)):
            if seal.kind == "case":
                beside = dossiers.beside([seal.subject])[seal.subject]
                events = plain_events(connection, seal.subject)
                head = events[seal.version - 1]["hash"]
                seal = case_seal(made.hashed, seal.subject, seal.name, seal.version, head, beside)
                mine = (s.checkpoint == made.number, s.place == place)
                connection.execute(update(t.seals).where(*mine).values(head=seal.head, beside=seal.beside))
            tree.add(seal.leaf)
        anew = Checkpoint(
            made.institution, made.number, made.day, made.made_at, made.cases, made.events, made.sealed,
            tree.root(), previous or made.previous, made.hashed,
        ).headed()  # fmt: skip
        values = {"root": anew.root, "previous": anew.previous, "head": anew.head}
        connection.execute(
            update(t.checkpoints).where(t.checkpoints.c.number == made.number).values(**values)
        )
        previous = anew.head


def altered(chance: Random, event: Plain) -> Plain:
    """Return *event* with one of its fields saying something else."""
    changed = dict(event)
    ways: Mapping[str, Callable[[], Any]] = {
        "by": lambda: "somebody" if event.get("by") != "somebody" else "nobody",
        "channel": lambda: event.get("channel", "") + "x",
        "rule": lambda: event.get("rule", "") + "x",
        "at": lambda: event["at"].replace("2026", "2025"),
        "recorded_at": lambda: event["recorded_at"].replace("2026", "2025"),
        "facts": lambda: {**event.get("facts", {}), "cause": chance.choice(["injury", "fired"])},
        "late": lambda: not event.get("late", False),
    }
    name = chance.choice(sorted(ways))
    changed[name] = ways[name]()
    return changed
