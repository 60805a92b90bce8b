"""Benchmarks "acts-…": full acts a second by one or four processes, beside the least that leaves as much behind.

Room for: the acts that are done, the processes that do them, windows of ours and of the limit in turns.
May not enter: the limit's own statements (`bare_acts.py`), where the cases come from (`docket.py`).

An act is all of it: definition, guards, roles, the event with its hash, todos, timers, notices, the commit. Two acts take
turns, a case proposed and a tribunal formed, so that states and limits move.
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import lru_cache
from multiprocessing.connection import Connection
from time import perf_counter
from typing import Any

from engine.model.answers import Refusal
from engine.run.bench.bare_acts import TABLES, BareActs
from engine.run.bench.docket import Docket, copied, filed, home
from engine.run.bench.frame import Benchmark, LeftOut, Order, Pair, ready_engine
from engine.run.bench.naive_acts import NaiveActs
from engine.run.bench.patterns import CLERK, PRESIDING, SHANGHAI, TRIBUNAL
from engine.run.bench.servers import postgresql
from engine.run.demonstration.cast import HEADS
from engine.service.engine import Engine
from engine.store.database import Database
from engine.text import Text

WINDOW = 0.8
"""Seconds of ours, then of the limit, in one pair."""

PAIRS = 7

SHOWN = {"postgresql": "PostgreSQL", "sqlite": "SQLite"}

AT = datetime.combine(date(2026, 8, 3), time(10), SHANGHAI)

MOVES: Mapping[str, tuple[str, str, dict[str, str]]] = {
    "filed": ("propose", CLERK, {"claim_amount": "12000.50"}),
    "accepted": ("form_tribunal", HEADS[0], {"tribunal_named": TRIBUNAL, "presiding_named": PRESIDING}),
}
"""What is done in each state, by whom: each writes one event, moves the case and changes todos and timers."""


@dataclass(frozen=True, slots=True)
class Window:
    """What the processes did in one window: so many acts a second, the longest taking so many milliseconds."""

    rate: float
    longest: float


# --- one process ------------------------------------------------------------------------------------------


def work(url: str, institution: str, turn: int, of: int, orders: Connection) -> None:
    """Do as told until told to stop: acts of ours, or the limit's, for so many seconds; answer how many and the longest."""
    database = Database(url)
    with database.reading() as connection:
        rows = connection.exec_driver_sql("SELECT id, state FROM cases ORDER BY id").all()
    mine = [(row.id, row.state) for row in rows if row.state in MOVES][turn::of]
    ids = [case for case, _ in mine]
    engine = ready_engine(database, institution, AT)
    ours = _acts(engine, mine)
    # A connection of its own, as the driver gives it: nothing of the engine's pool stands between.
    pooled = database.engine.raw_connection()
    raw: Any = pooled.driver_connection
    pooled.detach()
    if database.sqlite:
        raw.execute("PRAGMA busy_timeout=60000").close()
    sources = {
        "ours": ours,
        "limit": _endless(BareActs(raw, ids).act),
        "naive": _endless(NaiveActs(database.engine, ids).act),
    }
    orders.send("ready")
    while (order := orders.recv()) is not None:
        whose, seconds = order
        try:
            orders.send(_timed(sources[whose], seconds))
        except LeftOut as error:
            orders.send(error.sentence)
    raw.close()
    database.close()


def _acts(engine: Engine, cases: Sequence[tuple[str, str]]) -> Iterator[None]:
    for case, state in cases:
        move, by, facts = MOVES[state]
        done = engine.act(case, move, by, facts=facts, key=f"act on {case}")
        assert not isinstance(done, Refusal), done
        yield
    raise LeftOut(Text("案件不够：请用更大的 --cases。", "There are too few cases: give more with --cases."))


def _endless(act: Callable[[], None]) -> Iterator[None]:
    while True:
        act()
        yield


def _timed(acts: Iterator[None], seconds: float) -> tuple[int, float, float]:
    """Do *acts* for so many seconds; return how many, the seconds they took, and the longest in milliseconds."""
    longest, count, begun = 0.0, 0, perf_counter()
    last = begun
    while last - begun < seconds:
        next(acts)
        now = perf_counter()
        longest, count, last = max(longest, now - last), count + 1, now
    return count, last - begun, longest * 1000


# --- all of them ------------------------------------------------------------------------------------------


@contextmanager
def _office(order: Order, postgresql_too: bool) -> Iterator[tuple[Docket, str]]:
    """Give a docket of cases just filed, and the URL of a copy to write in, with the limit's own tables beside."""
    if postgresql_too:
        with postgresql(order, home()) as server:
            docket = filed(home(), order.cases, AT.date(), order.told, server)
            with copied(docket) as url:
                yield docket, url
        return
    docket = filed(home(), order.cases, AT.date(), order.told)
    with copied(docket) as url:
        yield docket, url


@contextmanager
def _processes(url: str, institution: str, number: int) -> Iterator[list[Connection]]:
    spawned = multiprocessing.get_context("spawn")
    ends, started = [], []
    for turn in range(number):
        here, there = spawned.Pipe()
        process = spawned.Process(target=work, args=(url, institution, turn, number, there), daemon=True)
        process.start()
        there.close()  # so that a process that dies is noticed
        ends.append(here)
        started.append(process)
    try:
        for end in ends:
            assert end.recv() == "ready"
        yield ends
    finally:
        for end in ends:
            end.send(None)
        for process in started:
            process.join(10)


def _window(ends: Sequence[Connection], whose: str, seconds: float) -> Window:
    for end in ends:
        end.send((whose, seconds))
    answers = [end.recv() for end in ends]
    if said := next((one for one in answers if isinstance(one, Text)), None):
        raise LeftOut(said)
    rate = sum(count / taken for count, taken, _ in answers)
    return Window(rate, max(longest for *_, longest in answers))


@lru_cache(maxsize=8)
def _windows(
    order: Order, dialect: str, number: int, whose: str = "ours"
) -> tuple[tuple[Window, Window], ...]:
    # Two benchmarks look at the same run: how many acts a second, and how long the longest waited.
    with _office(order, dialect == "postgresql") as (docket, url):
        database = Database(url)
        with closing(database), database.writing() as connection:
            for statement in TABLES:
                connection.exec_driver_sql(statement)
        with _processes(url, docket.institution, number) as ends:
            for one in (whose, "limit"):
                _window(ends, one, WINDOW / 2)  # warm
            return tuple((_window(ends, whose, WINDOW), _window(ends, "limit", WINDOW)) for _ in range(PAIRS))


def _rates(dialect: str, number: int, least: float) -> Benchmark:
    def pairs(order: Order) -> Iterable[Pair]:
        for ours, limit in _windows(order, dialect, number):
            yield Pair(ours.rate, limit.rate)

    return Benchmark(
        name=f"acts-{dialect}-{number}",
        title=Text("{db}，{n}个进程：每秒完整办理", "{db}, {n} processes: full acts a second").filled(db=SHOWN[dialect], n=number),
        limit=Text("驱动直接执行的四条语句", "four statements by the bare driver"),
        most=0, least=least, unit="/s", pairs=pairs,
    )  # fmt: skip


def _naive(dialect: str) -> Benchmark:
    def pairs(order: Order) -> Iterable[Pair]:
        for naive, limit in _windows(order, dialect, 1, "naive"):
            yield Pair(naive.rate, limit.rate)

    return Benchmark(
        name=f"naive-{dialect}-1",
        title=Text("{db}：transitions加ORM的写法，供比较", "{db}: transitions on an ORM, to compare with").filled(db=SHOWN[dialect]),
        limit=Text("驱动直接执行的四条语句", "four statements by the bare driver"),
        most=0, least=0, unit="/s", pairs=pairs,
    )  # fmt: skip


def _longest(order: Order) -> Iterable[Pair]:
    for ours, limit in _windows(order, "sqlite", 4):
        yield Pair(ours.longest, limit.longest)


ACTS = (
    _rates("postgresql", 1, 0.55),
    _rates("postgresql", 4, 0.55),
    _rates("sqlite", 1, 0.33),
    _rates("sqlite", 4, 0.33),
    _naive("postgresql"),
    _naive("sqlite"),
    Benchmark(
        name="acts-sqlite-4-longest-wait",
        title=Text("SQLite，4个进程：最长一次办理", "SQLite, 4 processes: the longest act"),
        limit=Text("驱动直接执行的四条语句", "four statements by the bare driver"),
        most=1, within=500, unit="ms", pairs=_longest,
    ),
)  # fmt: skip
