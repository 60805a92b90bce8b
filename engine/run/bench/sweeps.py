"""Benchmarks "sweep-…": due rungs fired a second, beside a bare batched claim; and what an idle look costs as timers grow.

Room for: when so many are due, batches of ours and of the limit in turns, idle looks in turns.
May not enter: the limit's own statements (`bare_sweep.py`), where the cases come from (`docket.py`).

A rung is all of it: the case read and folded on, the event with its hash, timers and notices made anew, the commit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from statistics import median
from time import perf_counter
from typing import Any

from engine.run.bench.bare_sweep import TABLES, BareSweep
from engine.run.bench.docket import Docket, armed, copied, filed, home, province
from engine.run.bench.frame import Benchmark, Order, Pair, ready_engine
from engine.run.bench.servers import postgresql
from engine.service.batches import BATCH, Manner
from engine.service.engine import Engine
from engine.store.database import Database
from engine.text import Text

FULL = 1_000_000
DUE = 10_000
"""So many are due of a million; in a smaller office all of it is, being filed on one day."""

TURN = 5
"""So many batches of ours, then of the limit, in one pair."""

FILED = date(2026, 8, 3)

IDLE_PAIRS = 41
IDLE_LOOKS = 50
"""So many idle looks at the one office, then at the other, in one pair."""

MORE = 100
"""So many times as many timers are open in the large office: 1,000,000 beside 10,000."""


@dataclass(slots=True)
class Turns:
    """Times batches of the limit between those of ours, on the same database."""

    bare: BareSweep
    pairs: list[Pair] = field(default_factory=list)
    _since: float = 0.0
    _batches: int = 0

    def begin(self) -> None:
        """Begin to time ours."""
        self._since = perf_counter()

    def heard(self, step: str) -> None:
        """Go on to the limit after so many of ours are written, then back."""
        if step != "written":
            return
        self._batches += 1
        if self._batches % TURN:
            return
        ours, begun = perf_counter() - self._since, perf_counter()
        done = sum(self.bare.batch() for _ in range(TURN))
        limit = perf_counter() - begun
        self.pairs.append(Pair(TURN * BATCH / ours, done / limit))
        self._since = perf_counter()


@contextmanager
def _office(order: Order, dialect: str) -> Iterator[tuple[Docket, str]]:
    """Give a docket, and the URL of a database with it that may be written in."""
    if dialect == "postgresql":
        with postgresql(order, home()) as server, _written(order, server) as found:
            yield found
    else:
        with _written(order, None) as found:
            yield found


@contextmanager
def _written(order: Order, server: str | None) -> Iterator[tuple[Docket, str]]:
    if order.full:
        # A million is not copied: every run goes on where the one before has left it, some days later.
        docket = province(home(), FULL, order.told, server)
        yield docket, docket.url
        return
    docket = filed(home(), order.cases, FILED, order.told, server)
    with copied(docket) as url:
        yield docket, url


def _when_due(connection: Any, many: int) -> datetime:
    """Return the time at which *many* timers are due, or all there are."""
    count = connection.exec_driver_sql("SELECT count(*) FROM timers").scalar()
    skipped = max(0, min(many, count) - 1)
    found = connection.exec_driver_sql(
        f"SELECT due_at FROM timers ORDER BY due_at LIMIT 1 OFFSET {skipped}"
    ).scalar()
    instant = datetime.fromisoformat(found) if isinstance(found, str) else found
    return instant.replace(tzinfo=UTC) if instant.tzinfo is None else instant


def _rates(dialect: str) -> Callable[[Order], Iterable[Pair]]:
    def pairs(order: Order) -> Iterable[Pair]:
        with _office(order, dialect) as (docket, url), closing(Database(url)) as database:
            with database.writing() as connection:
                at = _when_due(connection, min(DUE, docket.cases))
                for statement in TABLES:
                    connection.exec_driver_sql(statement)
            try:
                yield from _turns(database, docket.institution, at)
            finally:
                if order.full:
                    _drop(database)

    return pairs


def _turns(database: Database, institution: str, at: datetime) -> list[Pair]:
    engine = ready_engine(database, institution, at)
    pooled = database.engine.raw_connection()
    raw: Any = pooled.driver_connection
    pooled.detach()
    with closing(raw):
        if not database.sqlite:
            raw.autocommit = False
        turns = Turns(BareSweep(raw, BATCH))
        turns.begin()
        swept = engine.sweep(Manner(overlap=True, step=turns.heard))
    # Batches are of cases, and several rungs of a case come due together; the bare claim takes one timer at a time.
    each = swept.fired / swept.cases
    return [Pair(pair.ours * each, pair.limit) for pair in turns.pairs]


def _drop(database: Database) -> None:
    with database.writing() as connection:
        for table in ("bare_cases", "bare_events", "bare_timers", "bare_log"):
            connection.exec_driver_sql(f"DROP TABLE IF EXISTS {table}")


# --- idle -------------------------------------------------------------------------------------------------


def _growth(dialect: str) -> Callable[[Order], Iterable[Pair]]:
    """Idle looks at an office of many open timers, and at one of few, in turns on the same server."""

    def pairs(order: Order) -> Iterable[Pair]:
        with ExitStack() as held:
            server = held.enter_context(postgresql(order, home())) if dialect == "postgresql" else None
            timers = order.cases  # as many open timers as a run has cases
            few = armed(home(), timers, order.told, server)
            if order.full:
                many = province(home(), FULL, order.told, server)
            else:
                many = armed(home(), timers * MORE, order.told, server)
            looks = []
            for docket in (many, few):
                database = held.enter_context(closing(Database(docket.url)))
                looks.append(_idle(database, docket))
            for look in looks:
                look(IDLE_LOOKS)
            for _ in range(IDLE_PAIRS):
                yield Pair(*(look(IDLE_LOOKS) for look in looks))

    return pairs


def _idle(database: Database, docket: Docket) -> Callable[[int], float]:
    with database.reading() as connection:
        at = _when_due(connection, 1) - timedelta(seconds=1)
    engine = Engine(database, docket.institution, lambda: at)
    manner = Manner(node="bench", edition="")

    def look(times: int) -> float:
        """Return the milliseconds of one idle sweep, the median of so many: what else the machine does is not our work."""
        return median(_milliseconds(engine, manner) for _ in range(times))

    return look


def _milliseconds(engine: Engine, manner: Manner) -> float:
    begun = perf_counter()
    swept = engine.sweep(manner)
    taken = perf_counter() - begun
    assert swept.cases == 0
    return taken * 1000


SWEEPS = (
    Benchmark(
        name="sweep-postgresql",
        title=Text("PostgreSQL：每秒发出到期提醒", "PostgreSQL: due rungs fired a second"),
        limit=Text("驱动成批领取，逐项写案件、记录、定时和日志", "a bare batched claim that writes case, event, timer and log"),
        most=0, least=0.3, unit="/s", pairs=_rates("postgresql"),
    ),
    Benchmark(
        name="sweep-sqlite",
        title=Text("SQLite：每秒发出到期提醒", "SQLite: due rungs fired a second"),
        limit=Text("驱动成批领取，逐项写案件、记录、定时和日志", "a bare batched claim that writes case, event, timer and log"),
        most=0, least=0.3, unit="/s", pairs=_rates("sqlite"),
    ),
    *(
        Benchmark(
            name=f"tick-growth{end}",
            title=Text("{db}：无事时检查一次，待发定时达百倍", "{db}: an idle sweep with a hundred times as many open timers").filled(db=where),
            limit=Text("同样的检查，待发定时为其百分之一", "the same with a hundredth of them"),
            most=1.2, within=0.3, unit="ms", pairs=_growth(where.lower()),
        )
        for end, where in (("", "PostgreSQL"), ("-sqlite", "SQLite"))
    ),
)  # fmt: skip
