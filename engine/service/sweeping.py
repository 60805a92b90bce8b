"""Sweeping: fire what is due, exactly once, late rather than never.

Room for: finding the cases with due timers and settling each in its own commit.
May not enter: what a rung does (`engine/core/settling.py`), when to sweep (`engine/run/scheduler.py`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import structlog

from engine.core.settling import settle
from engine.errors import AnxuError, Conflict, StoreAway
from engine.service.office import Office
from engine.service.rearming import rearm
from engine.service.reprojecting import caught_up, follow, renew

log = structlog.get_logger(__name__)

TRIES = 5


@dataclass(frozen=True, slots=True)
class Swept:
    """What one sweep did. *failed* are the ids of cases that could not be settled; the next sweep takes them again."""

    cases: int
    fired: int
    failed: tuple[str, ...] = ()


def sweep(office: Office, at: datetime) -> Swept:
    """Fire every rung due at *at*, the case longest due first; each case in a commit of its own.

    Any number of sweeps may run at once: whoever comes second finds nothing left to do on that case. Cases that have not
    followed a calendar load, or a register whose day has come, do so first. Raises StoreAway where the database is gone.
    """
    _first(lambda: follow(office, at), "calendar_not_followed")
    _first(lambda: rearm(office, at), "register_not_followed")
    with office.reading(at) as unit:
        waiting = unit.cases.due(at)
    fired, failed = 0, []
    for case_id in waiting:
        try:
            fired += _settle_one(office, case_id, at)
        except StoreAway:
            raise
        except Exception as error:
            # One broken case must not stop the others; whatever it is, it is said and taken again.
            log.error("case_not_settled", case=case_id, cause=_cause(error))
            failed.append(case_id)
    return Swept(len(waiting) - len(failed), fired, tuple(failed))


def _first(work: Callable[[], None], failed: str) -> None:
    try:
        work()
    except StoreAway:
        raise
    except Exception as error:
        log.error(failed, cause=_cause(error))


def _settle_one(office: Office, case_id: str, at: datetime) -> int:
    for attempt in range(TRIES):
        try:
            with office.writing(at) as unit:
                before = caught_up(unit, unit.cases.get(case_id), at)
                settled = settle(unit.rules, before, at)
                if settled is None:
                    # Timers stand where the rules no longer see any: the rows are behind, so they are made anew.
                    renew(unit, unit.rules, before, at)
                    return 0
                unit.cases.save(before, settled)
                return sum(event.kind == "rung_fired" for event in settled.events)
        except Conflict:
            if attempt == TRIES - 1:
                raise
    return 0


def _cause(error: Exception) -> str:
    return error.sentence.en if isinstance(error, AnxuError) else f"{type(error).__name__}: {error}"
