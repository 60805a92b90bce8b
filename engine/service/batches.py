"""Batches: the due rungs of many cases fire in one commit, and a case that fails is set apart from the others.

Room for: looking at a batch, settling its cases, writing them together, taking anew what somebody else changed meanwhile.
May not enter: which cases are due (`sweeping.py`), what a rung does (`engine/core/settling.py`), what becomes of a case
that fails (`setting_back.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

import structlog

from engine.core.settling import settle
from engine.errors import BrokenDefinition, Conflict, StoreAway
from engine.model.answers import Decision
from engine.service import setting_back
from engine.service.office import Held, Office
from engine.service.reprojecting import caught_up, renew
from engine.store.changed_rows import Glimpse, Saving, instant_text
from engine.store.saving import tuned
from engine.store.timers import Timers
from engine.store.unit import Unit as Stored

log = structlog.get_logger(__name__)

TRIES = 5
"""How often a case that others change meanwhile is taken anew within one sweep."""

BATCH = 100
"""So many cases are settled in one commit: many enough to share its cost, few enough to keep nobody waiting."""

LATE = timedelta(minutes=5)
"""A rung that fires later than this after it was due counts as missed."""


@dataclass(frozen=True, slots=True)
class Manner:
    """How a sweep works: under which name and edition it is seen, how many cases go into a commit.

    With *overlap* the next batch is settled while one is written. *step* is told what has just been done: ``decided`` when
    a batch is settled and not yet written, ``written`` when it is. Who is *told_to_stop* ends after the commit under way.
    """

    node: str = ""
    edition: str = ""
    batch: int = BATCH
    overlap: bool = False
    step: Callable[[str], None] | None = None
    told_to_stop: Callable[[], bool] = lambda: False

    def told(self, step: str) -> None:
        """Tell whoever listens."""
        if self.step is not None:
            self.step(step)


ALONE = Manner()
"""How a sweep works that nobody need know of: unseen, without a share, one thing after another."""


@dataclass(slots=True)
class Tally:
    """What has been done so far; *failed* are the ids of cases that could not be settled."""

    cases: int = 0
    fired: int = 0
    late: int = 0
    failed: list[str] = field(default_factory=list)

    def settled(self, decision: Decision) -> None:
        """Count a case that was settled."""
        rungs = [event for event in decision.events if event.kind == "rung_fired"]
        self.cases += 1
        self.fired += len(rungs)
        self.late += sum(event.recorded_at - event.at > LATE for event in rungs)


@dataclass(frozen=True, slots=True)
class _Settled:
    """Cases that were settled under the rules of *edition* and are being written."""

    savings: tuple[Saving, ...]
    edition: int

    @property
    def cases(self) -> list[str]:
        return [saving.before.case.id for saving in self.savings]


class Batches:
    """Settles cases of *office* that have something due at *at*; `done` says what came of it."""

    def __init__(self, office: Office, at: datetime, manner: Manner = ALONE) -> None:
        self.done = Tally()
        self.broken: set[str] = set()
        self._office = office
        self._at = at
        self._manner = manner
        self._now_text = instant_text(at)
        self._set_back: frozenset[str] | None = None

    def settle(self, batches: Iterable[Sequence[str]]) -> None:
        """Settle each batch in one commit; a case that others change meanwhile is taken anew, one that fails set back.

        Raises StoreAway; what was committed before stays.
        """
        with _pen(self._manner.overlap) as write:
            writing: tuple[_Settled, Future[frozenset[str]]] | None = None
            for case_ids in batches:
                settled = self._looked_at(case_ids)
                if writing is not None:
                    self._finish(*writing)
                    writing = None
                if settled is not None:
                    writing = settled, write(partial(self._write, settled))
                    if not self._manner.overlap:
                        self._finish(*writing)
                        writing = None
            if writing is not None:
                self._finish(*writing)

    def alone(self, case_id: str) -> None:
        """Settle one case in a transaction of its own, where it may also follow what it has not followed yet."""
        try:
            settled = _settle_one(self._office, case_id, self._at)
        except StoreAway:
            raise
        except Exception as error:
            self._failed(case_id, error)
            return
        if settled is None:
            self.done.cases += 1
        else:
            self.done.settled(settled)

    def _looked_at(self, case_ids: Sequence[str]) -> _Settled | None:
        """Settle cases; what cannot be looked at together is looked at one by one and done with."""
        try:
            return self._decided(case_ids)
        except StoreAway:
            raise
        except Exception:
            self._each(case_ids)
            return None

    def _decided(self, case_ids: Sequence[str]) -> _Settled | None:
        office = self._office
        with office.database.glancing() as cursor:
            editions = Timers(cursor, office.institution, sqlite=office.database.sqlite).editions()
            glimpses = tuned(office.database.engine.dialect.name, cursor, office.institution).glimpses(
                case_ids
            )
        held = office.held(editions, self._at)
        if not held.followed:
            self._each(case_ids)
            return None
        savings = tuple(
            Saving(glimpse, settled)
            for glimpse in glimpses
            if (settled := self._settled(held, glimpse)) is not None
        )
        self._manner.told("decided")
        return _Settled(savings, held.edition) if savings else None

    def _settled(self, held: Held, glimpse: Glimpse) -> Decision | None:
        if not any(str(timer[-1]) <= self._now_text for timer in glimpse.timers):
            return None  # somebody else was here
        try:
            settled = settle(held.rules, glimpse.case, self._at)
        except Exception as error:
            self._failed(glimpse.case.id, error)
            return None
        if settled is None:
            # Timers stand where the rules no longer see any: the rows are behind.
            self.alone(glimpse.case.id)
        return settled

    def _write(self, settled: _Settled) -> frozenset[str]:
        with self._office.striking() as pen:
            return pen.write(settled.savings, settled.edition)

    def _finish(self, settled: _Settled, written: Future[frozenset[str]]) -> None:
        """Wait for a batch to be written; what somebody else changed meanwhile is settled anew, a bounded number of times."""
        left = self._wait(settled, written)
        for _ in range(TRIES):
            if not left or (again := self._looked_at(left)) is None:
                return
            left = self._wait(again, _now(partial(self._write, again)))
        self._each(left)

    def _wait(self, settled: _Settled, writing: Future[frozenset[str]]) -> list[str]:
        try:
            written = writing.result()
        except Conflict:
            return settled.cases
        except StoreAway:
            raise
        except Exception:
            # Something in this batch cannot be written; by itself it stops nobody else.
            self._each(settled.cases)
            return []
        self._manner.told("written")
        for saving in settled.savings:
            if saving.before.case.id in written:
                self.done.settled(saving.decision)
        self._forget(written)
        return [case for case in settled.cases if case not in written]

    def _each(self, case_ids: Iterable[str]) -> None:
        for case_id in case_ids:
            if case_id not in self.broken:
                self.alone(case_id)

    def _forget(self, written: frozenset[str]) -> None:
        """Forget that cases which were settled now had failed before."""
        if self._set_back is None:
            with self._office.database.reading() as connection:
                self._set_back = Stored(connection, self._office.institution).setbacks.ids()
        if mended := written & self._set_back:
            with self._office.database.writing() as connection:
                Stored(connection, self._office.institution).setbacks.clear(mended)

    def _failed(self, case_id: str, error: Exception) -> None:
        # One broken case must not stop the others; whatever it is, it is said, counted and taken again.
        cause = setting_back.cause_of(error)
        log.error("case_not_settled", case=case_id, cause=cause.en)
        self.done.failed.append(case_id)
        self.broken.add(case_id)
        # A definition that cannot be read is newer than this program: nothing is held against its case, a newer node has it.
        if not isinstance(error, BrokenDefinition):
            setting_back.record(self._office, self._at, case_id, cause)


_Work = Callable[[], frozenset[str]]


@contextmanager
def _pen(overlap: bool) -> Iterator[Callable[[_Work], Future[frozenset[str]]]]:
    """Give what does one piece of writing after another: beside what else is done, or at once."""
    if not overlap:
        yield _now
        return
    with ThreadPoolExecutor(1, thread_name_prefix="anxu-sweep") as writer:
        yield writer.submit


def _now(work: _Work) -> Future[frozenset[str]]:
    done: Future[frozenset[str]] = Future()
    try:
        done.set_result(work())
    except Exception as error:
        done.set_exception(error)
    return done


def _settle_one(office: Office, case_id: str, at: datetime) -> Decision | None:
    for attempt in range(TRIES):
        try:
            with office.writing(at) as unit:
                before = caught_up(unit, unit.cases.get(case_id), at)
                settled = settle(unit.rules, before, at)
                if settled is None:
                    renew(unit, unit.rules, before, at)
                else:
                    unit.cases.save(before, settled)
                unit.setbacks.clear([case_id])
                return settled
        except Conflict:
            if attempt == TRIES - 1:
                raise
    return None
