"""Case bodies: the folded case as the first two editions wrote it, one turned into the other.

Room for: the step from edition 1 to 2 and back: targets in layers, matters about an entry, rungs of every round.
May not enter: the body as it is written today (`engine/store/rows.py`): a step must stay what it was.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from alembic import op

Row = dict[str, Any]


def convert_bodies(converted: Callable[[Row, list[Row]], None]) -> None:
    """Let *converted* change the body of every case, given with its events in order."""
    bind = op.get_bind()
    cases = sa.table("cases", sa.column("institution"), sa.column("id"), sa.column("body"))
    events = sa.table("events", *map(sa.column, ("institution", "case_id", "seq", "body")))
    c, e = cases.c, events.c
    for institution, case_id in bind.execute(sa.select(c.institution, c.id)).all():
        mine = (c.institution == institution, c.id == case_id)
        plain = json.loads(bind.execute(sa.select(c.body).where(*mine)).scalar_one())
        history = sa.select(e.body).where(e.institution == institution, e.case_id == case_id).order_by(e.seq)
        converted(plain, [json.loads(body) for body in bind.execute(history).scalars()])
        body = json.dumps(plain, ensure_ascii=False, separators=(",", ":"))
        bind.execute(sa.update(cases).where(*mine).values(body=body))


def with_layers(plain: Row, events: list[Row]) -> None:
    """Bring a body to the second edition: from the first, or from the second again where the schema went down between."""
    about = {event["matter"]: event.get("about") for event in events if event.get("kind") == "matter_opened"}
    for matter in plain["matters"]:
        matter["about"] = about.get(matter["id"])
    plain["fired"] = _fired(events, every_round=True)
    for name, log in plain["clocks"].items():
        last = {"target": log.pop("target"), "target_basis": log.pop("target_basis")}
        mine = [change for event in events for change in event.get("clock", ()) if change["clock"] == name]
        log["targets"] = _targets(mine) or ([_layered(last, 0)] if last["target"] else [])


def _targets(changes: list[Row]) -> list[Row]:
    """The targets that changes of one clock lead to: each start was given its own, which only its event still says."""
    targets: list[Row] = []
    for change in changes:
        seq = change.get("fact", {}).get("seq", 0)
        given = change.get("targets", [_layered(change, 0)] if change.get("target") else None)
        if given is None:
            continue
        if seq:
            targets = [t for t in targets if t["layer"] == "case" or t.get("seq") != seq]
            given = [target | {"seq": seq} for target in given]
        else:
            targets = [t for t in targets if t["layer"] != "case"]
        targets += given
    return targets


def _fired(events: list[Row], *, every_round: bool) -> Row:
    """The rungs that fired, by key; the first edition kept the newest round of each alone."""
    fired: Row = {}
    for rung in (event["rung"] for event in events if event.get("kind") == "rung_fired"):
        matter, subject, _, name = rung["key"].split("|")
        kept = {
            k: n for k, n in fired.items() if k.split("|")[:2] + k.split("|")[3:] != [matter, subject, name]
        }
        others = {k: n for k, n in fired.items() if k != rung["key"]}
        fired = {**(others if every_round else kept), rung["key"]: int(rung["occurrence"])}
    return fired


def _layered(change: Row, seq: int) -> Row:
    layered = {"layer": "procedure", "length": change["target"]}
    more = {"basis": change.get("target_basis"), "seq": seq}
    return layered | {name: value for name, value in more.items() if value}


def without_layers(plain: Row, events: list[Row]) -> None:
    """Bring a body back from the second edition to the first."""
    for matter in plain["matters"]:
        matter.pop("about", None)
    plain["fired"] = _fired(events, every_round=False)
    for log in plain["clocks"].values():
        targets = log.pop("targets")
        # The first edition knew the procedure's target of the last start alone; else the tightest is the one kept to.
        newest = max((target.get("seq", 0) for target in targets), default=0)
        last = [target for target in targets if target.get("seq", 0) == newest]
        own = [target for target in last if target["layer"] == "procedure"]
        kept = min(own or last, key=_tightness, default=None)
        log["target"] = kept["length"] if kept else None
        log["target_basis"] = kept.get("basis", "") if kept else ""


def _tightness(target: Row) -> int:
    number, unit = target["length"].split()[:2]
    return int(number) * (30 if unit.startswith("month") else 1)
