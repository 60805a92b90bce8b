"""Checkpointing: now and then everything that changed is sealed under one head, which can be kept outside.

Room for: making a checkpoint in short commits that any node can go on with, the one of the day, its age.
May not enter: what a seal is hashed from (`sealing.py`), looking for what was changed (`verifying.py`).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Literal
from weakref import WeakKeyDictionary
from zoneinfo import ZoneInfo

from engine.errors import Conflict
from engine.model.checkpoints import Checkpoint, Seal, before_all
from engine.model.merkle import Growing
from engine.service import incidents
from engine.service.office import Office, Unit
from engine.service.persisting import begun, retried
from engine.service.sealing import RECORDS, case_seal, records
from engine.store.checkpoints import BEFORE_ALL_PLACES, Sealing, Unsealed
from engine.text import Text

BATCH = 200
"""So many cases are sealed in one commit: short enough that no act waits for it."""

AHEAD = timedelta(days=1)
"""A checkpoint is of so many days before the one it was made on as well: the clock may be set back over midnight."""

LATE = timedelta(hours=1)
"""An event that says it is this much older than a checkpoint which does not know it was put in afterwards."""

BACKDATED = "BACKDATED"
"""The code of the incident that such an event opens."""

SEALED = Text(
    "已封存的部分保留，下次生成检查点会接着做",
    "what is sealed stands, and the next checkpoint goes on from there",
)

_made_on: WeakKeyDictionary[Office, tuple[date, ZoneInfo]] = WeakKeyDictionary()
"""The day of the last checkpoint this process has seen, and the zone of its days."""


def make(office: Office, at: datetime) -> Checkpoint:
    """Seal every case that changed since the last checkpoint and return the new one, also where nothing changed.

    The work is done in commits of some hundred cases; what another process has begun is gone on with. Raises Conflict
    where others win again and again, WrongUse where the register asks for a hash that this machine does not have.
    """
    with begun(SEALED):
        made = retried(lambda: _made(office, at, None))
    assert made is not None
    return made


def daily(office: Office, at: datetime, between: Callable[[], object] = lambda: None) -> Checkpoint | None:
    """Make the checkpoint of the day unless it is there; None: it is, or another node is at it.

    Once a process has seen today's, asking costs nothing. The very first seals every case there is, so *between* is
    called after each batch that is sealed, and again after each page of seals whose tree is made. Raises StoreAway.
    """
    if seen_today(office, at):
        return None
    try:
        return _made(office, at, "daily", between)
    except Conflict:
        return None


def seen_today(office: Office, at: datetime) -> bool:
    """Return whether this process has seen the checkpoint of the day; asks nobody."""
    seen = _made_on.get(office)
    return seen is not None and _is_of(seen[0], at.astimezone(seen[1]).date())


def _is_of(made: date, day: date) -> bool:
    """Return whether the checkpoint of the day *made* is the one of *day*.

    One made later than `AHEAD` is of a clock that was wrong then; to wait for its day would leave the office without
    checkpoints until it comes.
    """
    return day <= made <= day + AHEAD


def _made(
    office: Office, at: datetime, only: Literal["daily"] | None, between: Callable[[], object] = lambda: None
) -> Checkpoint | None:
    sealing, last, day, zone = _begun(office, at, only)
    if sealing is None:
        assert last is not None
        _made_on[office] = last.made_at.astimezone(zone).date(), zone
        return None
    while (more := _sealed_on(office, at, sealing, last)) is not None:
        sealing = more
        between()
    tree = _tree(office, sealing, at, between)
    made = _closed(office, at, _whole(office, sealing, tree, last, day, at), sealing)
    _made_on[office] = made.made_at.astimezone(zone).date(), zone
    return made


def _begun(
    office: Office, at: datetime, only: Literal["daily"] | None
) -> tuple[Sealing | None, Checkpoint | None, date, ZoneInfo]:
    with office.writing(at) as unit:
        zone = unit.rules.register.zone
        day, last = unit.rules.day_of(at), unit.checkpoints.last()
        if only == "daily" and last is not None and _is_of(unit.rules.day_of(last.made_at), day):
            return None, last, day, zone
        there, number = unit.checkpoints.sealing(), (last.number if last else 0) + 1
        if there is None or there.number != number:
            there = unit.checkpoints.begin(number, unit.rules.register.hashed, there)
            there = unit.checkpoints.seal(there, _new_records(unit, there.hashed), "")
        return there, last, day, zone


def _new_records(unit: Unit, hashed: str) -> list[Seal]:
    known = {(kind, *key) for kind in RECORDS for key in unit.checkpoints.known_in(kind)}
    return [
        Seal(kind, subject, version, name, made())
        for kind, subject, version, name, made in records(unit, hashed)
        if (kind, subject, version) not in known
    ]


def _sealed_on(office: Office, at: datetime, sealing: Sealing, last: Checkpoint | None) -> Sealing | None:
    """Seal the next batch of cases; None where there is none."""
    with office.writing(at) as unit:
        found = unit.checkpoints.unsealed(sealing.cursor, BATCH)
        if not found:
            return None
        late = _backdated(unit, [one.id for one in found], last)
        done = unit.checkpoints.seal(sealing, _seals(unit, sealing.hashed, found), found[-1].id)
    for case, seq in late:
        said = Text(
            "第{seq}号记录自称早于第{n}号检查点，而该检查点并无此记录",
            "event {seq} says it is older than checkpoint {n}, which does not know it",
        ).filled(seq=seq, n=last.number if last else 0)
        incidents.report(office, at, case, BACKDATED, said, same=str(seq))
    return done


def _seals(unit: Unit, hashed: str, found: tuple[Unsealed, ...]) -> list[Seal]:
    # What has lost its last event cannot be sealed; `verify` says so.
    whole = [one for one in found if one.head]
    beside = unit.dossiers.beside([one.id for one in whole])
    return [case_seal(hashed, one.id, one.number, one.version, one.head, beside[one.id]) for one in whole]


def _backdated(unit: Unit, ids: list[str], last: Checkpoint | None) -> tuple[tuple[str, int], ...]:
    # In a rehearsal the time goes to and fro as one likes.
    if last is None or unit.rules.register.rehearsal:
        return ()
    back = unit.archives.came_back(ids)
    return tuple(one for one in unit.checkpoints.backdated(ids, last.made_at - LATE) if one[0] not in back)


def _tree(office: Office, sealing: Sealing, at: datetime, between: Callable[[], object]) -> Growing:
    tree = Growing(sealing.hashed)
    after: int | None = BEFORE_ALL_PLACES
    while after is not None:
        with office.reading(at) as unit:
            leaves, after = unit.checkpoints.page_of_leaves(sealing.number, after)
        for _, seal in leaves:
            tree.add(seal.leaf)
        if after is not None:
            between()
    return tree


def _whole(
    office: Office, sealing: Sealing, tree: Growing, last: Checkpoint | None, day: date, at: datetime
) -> Checkpoint:
    with office.reading(at) as unit:
        cases, events = unit.checkpoints.counts()
    if tree.size != sealing.sealed:
        raise Conflict(
            Text("另一节点正在生成检查点，请重试。", "Another node is making a checkpoint; try again.")
        )
    previous = last.head if last else before_all(office.institution, sealing.hashed)
    return Checkpoint(
        office.institution, sealing.number, max(day, last.day) if last else day, at, cases, events, tree.size,
        tree.root(), previous, sealing.hashed,
    ).headed()  # fmt: skip


def _closed(office: Office, at: datetime, made: Checkpoint, sealing: Sealing) -> Checkpoint:
    with office.writing(at) as unit:
        unit.checkpoints.finish(sealing, at)
        unit.checkpoints.add(made)
    return made


def newest_at(unit: Unit) -> datetime | None:
    """Return when the newest checkpoint was made, or None before the first."""
    last = unit.checkpoints.last()
    return last.made_at if last else None
