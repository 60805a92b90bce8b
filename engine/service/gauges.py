"""Gauges: how the sweep stands, for whoever watches over the machine.

Room for: one look at what waits, who sweeps and what is put aside; what `doctor` says of it.
May not enter: how it is shown (metrics, pages), sweeping itself (`sweeping.py`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from engine.service.batches import LATE
from engine.service.office import Office, Unit
from engine.service.pages import Finding
from engine.service.setting_back import SHOWN_MOST
from engine.service.two_clocks import APART
from engine.store.sweepers import Sweeper
from engine.store.timers import Timers
from engine.text import Text, counted

UNSEEN = timedelta(minutes=5)
"""Whoever sweeps and has not been seen for so long does not sweep."""


@dataclass(frozen=True, slots=True)
class Gauges:
    """How the sweep stood at *at*.

    *lag_seconds*: how long the earliest rung has been due that waits and is not put aside. *waiting*: how many
    ladders wait with a rung that is due, *missed* how many of them for over five minutes (both counted up to 10,000: of
    each ladder only its next rung has a row). *fired* and *late*: how many rungs the *sweepers* of the last day have
    fired so far, and how many of those over five minutes late. *set_back*: cases that failed and are tried again;
    *put_aside*: those that are not. *clock_seconds*: the greatest difference between the clock of a sweeper at work and
    the database's.
    """

    at: datetime
    lag_seconds: int
    waiting: int
    missed: int
    fired: int
    late: int
    set_back: int
    put_aside: int
    clock_seconds: int
    sweepers: tuple[Sweeper, ...]

    @property
    def swept_by(self) -> tuple[Sweeper, ...]:
        """The sweepers that have been seen of late."""
        return tuple(one for one in self.sweepers if self.at - one.seen_at < UNSEEN)


def gauges(office: Office, at: datetime) -> Gauges:
    """Return how the sweep stands at *at*. Raises StoreAway."""
    with office.reading(at) as unit:
        return _read(unit, at, sqlite=office.database.sqlite)


def findings(unit: Unit, at: datetime) -> Iterator[Finding]:
    """Yield what `doctor` says: cases put aside, nobody sweeping while something is due, clocks that are apart."""
    for setback in unit.setbacks.all(SHOWN_MOST):
        known = unit.setbacks.known(setback.case)
        if setback.next_at is None and known is not None:
            yield Finding(
                "put_aside", known.number,
                Text(f"到期提醒试发{setback.tries}次均失败，已搁置：{setback.cause.zh}", f"its due reminders failed {setback.tries} times and are put aside: {setback.cause.en}"),
                Text(f"查明原因后运行 anxu sweep --again {known.number} --as 代号", f"Find out why, then run anxu sweep --again {known.number} --as PERSON"),
            )  # fmt: skip
    now = _read(unit, at, sqlite=unit.connection.dialect.name == "sqlite")
    # A rehearsal sets its own time: there nobody can sweep for the days that are leapt over.
    if now.missed and not now.swept_by and not unit.rules.register.rehearsal:
        yield Finding(
            "not_swept", None,
            Text(f"至少{now.missed}项提醒到期超过5分钟，而5分钟内无人检查", f"for over five minutes at least {counted(now.missed, 'reminder')} had been due, and nobody has swept within five minutes"),
            Text("请运行 anxu serve 或 anxu tick", "Run anxu serve or anxu tick"),
        )  # fmt: skip
    for one in now.swept_by:
        if abs(one.clock_seconds) > APART.total_seconds():
            yield Finding(
                "clock_apart", None,
                Text(f"{one.node} 的时钟与数据库时钟相差{abs(one.clock_seconds)}秒，该节点不发提醒", f"the clock of {one.node} and the database's are {abs(one.clock_seconds)} seconds apart, so it fires nothing"),
                Text("请校准该机器的时钟", "Set that machine's clock right"),
            )  # fmt: skip


def _read(unit: Unit, at: datetime, *, sqlite: bool) -> Gauges:
    cursor = unit.connection.connection.cursor()
    try:
        timers = Timers(cursor, unit.institution, sqlite=sqlite)
        earliest, waiting, missed = timers.earliest(at), timers.waiting(at), timers.waiting(at - LATE)
    finally:
        cursor.close()
    sweepers = unit.sweepers.all()
    set_back, put_aside = unit.setbacks.counted()
    return Gauges(
        at=at,
        lag_seconds=int((at - earliest).total_seconds()) if earliest else 0,
        waiting=waiting,
        missed=missed,
        fired=sum(one.fired for one in sweepers),
        late=sum(one.late for one in sweepers),
        set_back=set_back,
        put_aside=put_aside,
        clock_seconds=max((abs(s.clock_seconds) for s in sweepers if at - s.seen_at < UNSEEN), default=0),
        sweepers=sweepers,
    )
