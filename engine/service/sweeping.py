"""Sweeping: fire what is due, exactly once, late rather than never.

Room for: finding the cases with due rungs, sharing them between sweepers, saying that one is there, what is done once a day.
May not enter: what a rung does (`engine/core/settling.py`), how cases are settled together (`batches.py`), when to sweep
(`engine/run/scheduler.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from zlib import crc32

import structlog

from engine.errors import AnxuError, ClockApart, Conflict, StoreAway
from engine.model.answers import Refusal
from engine.model.rules import Rules
from engine.service import setting_back, tidying
from engine.service.batches import ALONE, Batches, Manner
from engine.service.checkpointing import daily, seen_today
from engine.service.office import Held, Office
from engine.service.persisting import begun
from engine.service.rearming import rearm
from engine.service.reprojecting import follow
from engine.service.two_clocks import APART, ahead, clock_apart
from engine.store.sweepers import Sweeper
from engine.store.timers import BEGINNING, Glance, Timers
from engine.store.unit import Unit as Stored
from engine.text import Text

log = structlog.get_logger(__name__)

PAGE = 1_000
"""So many due timers are read at a time, for each sweeper that shares them."""

SAYS_SO = timedelta(minutes=1)
"""How often a sweeper with nothing to do says that it is there."""

ALIVE = timedelta(seconds=150)
"""Whoever has not been seen for so long gets no share of the work any more."""

FIRED = Text(
    "已发出的提醒有效，其余由下次扫描发出", "what has fired stands, and the rest fires with the next sweep"
)
NOT_FIRED = Text("未发出任何提醒", "nothing was fired")


class ToldToStop(Exception):
    """Ends what takes long between two of its commits: the node is stopping, and whoever sweeps next goes on. No failure."""


@dataclass(frozen=True, slots=True)
class Swept:
    """What one sweep did. *failed* are the ids of cases that could not be settled; they are taken again, ever later.

    *again* is the number of the case that alone was taken up again.
    """

    cases: int
    fired: int
    failed: tuple[str, ...] = ()
    again: str = field(default="", compare=False)

    def and_then(self, later: Swept) -> Swept:
        """Return what this sweep and a *later* one did together."""
        failed = dict.fromkeys((*self.failed, *later.failed))
        return Swept(self.cases + later.cases, self.fired + later.fired, tuple(failed))


NOTHING = Swept(0, 0)
"""What an idle sweep comes to."""


def sweep(
    office: Office, at: datetime, manner: Manner = ALONE, now: Callable[[], datetime] | None = None
) -> Swept:
    """Fire every rung due at *at*, the case longest due first; a batch of cases is one commit, and a case is in one only.

    Any number of sweeps may run at once: they take different cases as long as they know of each other, and whoever comes
    second to a case finds nothing left to do. Works that take long come after what is due: letting every case follow a
    calendar load and a register whose day has come (a case that fires before its turn follows first), the day's checkpoint,
    tidying. Between two commits of theirs fires what has fallen due meanwhile (by *now*; None: by *at*), and they end early
    where *manner* is told to stop. Raises StoreAway where the database is gone, ClockApart where its clock is not this machine's.
    """
    with office.database.glancing() as cursor:
        glance = _timers(office, cursor).glance(at, manner.node)
    held = office.held(glance.editions, at)
    if _nothing_to_do(office, at, manner, held, glance):
        return NOTHING
    here = _in_time(office, held.rules, Sweeper(manner.node, manner.edition, at), glance)
    rounds = _Rounds(office, manner, here, held.rules, now or (lambda: at))
    with begun(FIRED), suppress(ToldToStop):
        _see_to(rounds, at, held, glance)
    return rounds.done


def _nothing_to_do(office: Office, at: datetime, manner: Manner, held: Held, glance: Glance) -> bool:
    """Whether there is nothing at all to do, to say or to look into: what most sweeps come to."""
    return (
        _nothing_due(held, glance)
        and _said_so(glance, at)
        and abs(ahead(held.rules, glance.clock, at)) <= APART
        and (not manner.node or (seen_today(office, at) and tidying.looked_today(office, at)))
    )


def _in_time(office: Office, rules: Rules, here: Sweeper, glance: Glance) -> Sweeper:
    """Return *here* with how far its clock is from the database's; says so and raises ClockApart where that is too far."""
    if not here.node:
        return here
    apart = ahead(rules, glance.clock, here.seen_at)
    here = replace(here, clock_seconds=_seconds(apart))
    if abs(apart) > APART:
        _tell(office, here)
        raise clock_apart(apart, NOT_FIRED)
    return here


def _nothing_due(held: Held, glance: Glance) -> bool:
    return glance.due is None and held.followed and glance.register == held.register


def _said_so(glance: Glance, at: datetime) -> bool:
    return glance.seen_at is not None and timedelta() <= at - glance.seen_at < SAYS_SO


def _see_to(rounds: _Rounds, at: datetime, held: Held, glance: Glance) -> None:
    """Do whatever *glance* says that there is to do."""
    office = rounds.office
    if _nothing_due(held, glance):
        if not _said_so(glance, at):
            _tell(office, rounds.here)
    else:
        # What is due fires by the calendar and the register in force, whatever the rows of its case still say.
        rounds.one(at, glance)
        if not held.followed:
            _first(lambda: follow(office, at, between=rounds.another), "calendar_not_followed")
        if glance.register != held.register:
            _first(lambda: rearm(office, rounds.now, rounds.another), "register_not_followed")
    if rounds.manner.node:
        _first(lambda: _once_a_day(office, at, rounds.another), "checkpoint_not_made")


@dataclass(slots=True)
class _Rounds:
    """The rounds of one sweep, and what they came to together."""

    office: Office
    manner: Manner
    here: Sweeper
    rules: Rules
    now: Callable[[], datetime]
    done: Swept = NOTHING

    def one(self, at: datetime, glance: Glance) -> None:
        """Fire what is due at *at*, as *glance* tells."""
        lag = _seconds(at - glance.due) if glance.due else 0
        found = _swept(self.office, at, self.manner, replace(self.here, seen_at=at, lag_seconds=lag))
        self.done = self.done.and_then(found)

    def another(self) -> None:
        """Fire what has fallen due by now; where nothing has, say now and then that this node is there, however long its work.

        Raises ClockApart where somebody has set a clock meanwhile, ToldToStop where the work must not go on.
        """
        if self.manner.told_to_stop():
            raise ToldToStop
        at = self.now()
        with self.office.database.glancing() as cursor:
            glance = _timers(self.office, cursor).glance(at, self.manner.node)
        here = _in_time(self.office, self.rules, replace(self.here, seen_at=at), glance)
        if glance.due is not None:
            self.one(at, glance)
        elif not _said_so(glance, at):
            _tell(self.office, here)


def _once_a_day(office: Office, at: datetime, between: Callable[[], object]) -> None:
    """Make the checkpoint of the day and tidy; mostly one node a day does."""
    made = daily(office, at, between) is not None
    tidying.daily(office, at, first=made, between=between)


def again(office: Office, at: datetime, named: str, by: str | None = None) -> Swept | Refusal:
    """Take up again a case that was set back, and fire what is due of it; a failure counts like a first one.

    By a person (*by*) only where they may: see `setting_back.take_up_again`. Raises UnknownCase, StoreAway.
    """
    taken = setting_back.take_up_again(office, at, named, by)
    if isinstance(taken, Refusal):
        return taken
    case, number = taken
    batches = Batches(office, at)
    batches.alone(case)
    return Swept(batches.done.cases, batches.done.fired, tuple(batches.done.failed), number)


def _swept(office: Office, at: datetime, manner: Manner, here: Sweeper) -> Swept:
    """Settle whatever is due: one's own share first, then what others have left."""
    _tell(office, here)
    rank, of = _rank(office, at, manner.node)
    batches = Batches(office, at, manner)
    batches.settle(_due(office, at, manner, batches, of, lambda case: share_of(case, of) == rank))
    if of > 1:
        # Others go through their shares from the front: who helps comes from behind, and so meets them once.
        batches.settle(_due(office, at, manner, batches, of, lambda case: True, backwards=True))
    done = batches.done
    _tell(office, replace(here, swept_at=at, fired=done.fired, late=done.late, failed=len(done.failed)))
    return Swept(done.cases, done.fired, tuple(done.failed))


def share_of(case_id: str, sweepers: int) -> int:
    """Return whose share a case is, of so many sweepers: any of them comes to the same answer."""
    return crc32(case_id.encode()) % sweepers


def _rank(office: Office, at: datetime, node: str) -> tuple[int, int]:
    """Return which of how many sweepers this is."""
    if not node:
        return 0, 1
    with office.database.reading() as connection:
        there = Stored(connection, office.institution).sweepers.seen_since(at - ALIVE)
    return (there.index(node), len(there)) if node in there else (0, 1)


def _due(
    office: Office, at: datetime, manner: Manner, batches: Batches, of: int, mine: Callable[[str], bool],
    *, backwards: bool = False,
) -> Iterator[Sequence[str]]:  # fmt: skip
    """Yield the cases with something due, batch by batch, those that are *mine* and have not failed in this sweep."""
    after = BEGINNING
    while True:
        with office.database.glancing() as cursor:
            page = _timers(office, cursor).page(at, after, PAGE * of)
        cases = [case for case in page.cases if mine(case) and case not in batches.broken]
        some = [cases[n : n + manner.batch] for n in range(0, len(cases), manner.batch)]
        for batch in reversed(some) if backwards else some:
            if manner.told_to_stop():
                return
            yield batch
        if page.after is None:
            return
        after = page.after


def _timers(office: Office, cursor: object) -> Timers:
    return Timers(cursor, office.institution, sqlite=office.database.sqlite)


def _seconds(time: timedelta) -> int:
    return int(time.total_seconds())


def _tell(office: Office, here: Sweeper) -> None:
    """Say that this sweeper is there; while it is at it, forget what is over."""
    if not here.node:
        return
    try:
        with office.database.writing() as connection:
            stored = Stored(connection, office.institution)
            stored.sweepers.tell(here)
            stored.sweepers.forget_dead(here.seen_at)
            stored.setbacks.forget_mended(here.seen_at)
        office.database.only_reading.over()
    except Conflict:
        return  # another one took the same rows away just now; the next time says it


def _first(work: Callable[[], object], failed: str) -> None:
    try:
        work()
    except (StoreAway, ClockApart, ToldToStop):
        raise
    except Exception as error:
        log.error(failed, cause=error.sentence.en if isinstance(error, AnxuError) else repr(error))
