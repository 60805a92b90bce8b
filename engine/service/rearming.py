"""Rearming: when the day of a register dated ahead has come, the timers of the open cases follow it, once.

Room for: batches that an interruption leaves whole, whoever comes first.
May not enter: which rungs are armed (`engine/core/rungs.py`), what is in force on a day (`engine/store/definitions.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial

import structlog

from engine.core.projection import project
from engine.core.redating import BEHIND, redate
from engine.errors import AnxuError, BrokenDefinition, Conflict, StoreAway
from engine.service.activation import all_followed
from engine.service.office import Office, Unit
from engine.service.pages import Finding
from engine.service.persisting import retried
from engine.service.reprojecting import follow
from engine.store.rearmings import Rearming
from engine.store.reprojections import Followed, StoredRows
from engine.text import Text

log = structlog.get_logger(__name__)

BATCH = 500


def rearm(office: Office, now: Callable[[], datetime], between: Callable[[], object] = lambda: None) -> None:
    """Bring every open case to the register in force *now*, where that is another one than they follow.

    Each batch is a commit; whoever comes after an interruption goes on where it stopped, and of two at once the second
    finds the batch done. An act on a case that has not been come to yet goes by the new register all the same. What is
    due does not wait for a million cases: *between* is called after each batch. The time is asked anew before each: whoever
    began on the day before would else begin again with its register for ever, against another node that has the new one.
    """
    while behind(office, at := now()):
        follow(office, at, between=between)
        retried(partial(_next_batch, office, at))
        between()


def behind(office: Office, at: datetime) -> bool:
    """Return whether the cases do not follow the register in force yet."""
    with office.reading(at) as unit:
        return awaited(unit) is not None


def awaited(unit: Unit) -> Rearming | None:
    """Return how far the cases have been brought to the register in force; None where all of them have."""
    now = unit.rearmings.now()
    if now is None or now.register != unit.register:
        return Rearming(unit.register, "", 0, None)
    return None if now.finished_at else now


def findings(unit: Unit) -> Iterator[Finding]:
    """Yield what `doctor` says of cases that do not follow the register in force yet."""
    pending = awaited(unit)
    if pending is not None:
        yield Finding(
            "register", None,
            Text("现行登记册已到生效日，尚有案件未按其重排提醒（已完成{done}件）", "the day of the register in force has come and cases have not followed it yet ({done} have)").filled(done=pending.done),
            Text("请运行 anxu sweep", "Run anxu sweep"),
        )  # fmt: skip


def _next_batch(office: Office, at: datetime) -> None:
    with office.writing(at) as unit:
        all_followed(unit)
        now = unit.rearmings.now()
        if now is None or now.register != unit.register:
            unit.rearmings.begin(unit.register, now)
            return
        if now.finished_at:
            return
        ids = unit.rearmings.batch(now.cursor, BATCH)
        if not ids:
            unit.rearmings.finish(now, at)
            return
        # The row comes first: whoever does the same batch waits here, and then has nothing left to do.
        unit.rearmings.advance(now, ids[-1], len(ids))
        looked_at = [_followed(unit, stored, at) for stored in unit.reprojections.rows(ids)]
        same = [one for one in looked_at if one and one.decision is None]
        unit.reprojections.write(same, load=0)
        for one in looked_at:
            if one and one.decision:
                unit.cases.save(one.stored.case, one.decision)


def _followed(unit: Unit, stored: StoredRows, at: datetime) -> Followed | None:
    """Return what has to be written for a case, or None where its rows are right."""
    try:
        projection = project(unit.rules, stored.case)
        if stored.say(projection):
            return None
        decision = redate(unit.rules, stored.case, stored.shown, at, None, BEHIND, projection)
    except (StoreAway, Conflict, BrokenDefinition):
        # A definition that cannot be read is newer than this program: the case is left to a node that can.
        raise
    except Exception as error:
        # One case that cannot be looked at must not stop the others; whatever it is, it is said, and `doctor` finds it.
        cause = error.sentence.en if isinstance(error, AnxuError) else f"{type(error).__name__}: {error}"
        log.error("case_not_rearmed", case=stored.id, cause=cause)
        return None
    return Followed(stored, projection, decision)
