"""Benchmarks of queues: the first page of every list as an office grows, and one list beside the bare query of its index.

Room for: which lists are asked for, the two offices of different size, the bare query.
May not enter: how pages are read (`engine/store`), what the offices hold (`patterns.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from statistics import median
from time import perf_counter

from engine.run.bench.copying import claimant
from engine.run.bench.docket import Docket, home, province
from engine.run.bench.frame import Benchmark, Order, Pair, ready_engine, side_by_side
from engine.run.bench.servers import postgresql
from engine.service.engine import Engine
from engine.service.queues import CaseFilter
from engine.store.database import Database
from engine.store.docket import Wanted
from engine.store.unit import Unit
from engine.text import Text

FULL = 1_000_000
SMALL = 10_000
"""What a large office is compared with; in one of fewer than half as many some lists have no full page."""
ROUNDS = 15

CLERK, SECRETARY, HEAD, SUPERVISOR = "lin", "wu", "he", "du"
"""Persons of the office; the secretary has tens of thousands of todos in a large one."""

List = Callable[[Engine], object]

LISTS: dict[str, List] = {
    "open": lambda e: e.cases(CaseFilter(open_only=True)),
    "all": lambda e: e.cases(CaseFilter()),
    "of an office": lambda e: e.cases(CaseFilter(open_only=True, offices=("west",))),
    "overdue": lambda e: e.cases(CaseFilter(overdue=True)),
    "due soon": lambda e: e.cases(CaseFilter(open_only=True, due_before=e.today())),
    "stage": lambda e: e.cases(CaseFilter(open_only=True, stage="review")),
    "state": lambda e: e.cases(CaseFilter(state="filed")),
    "awaiting": lambda e: e.cases(CaseFilter(open_only=True, awaits=SECRETARY)),
    "role": lambda e: e.cases(CaseFilter(role="tribunal")),
    "number": lambda e: e.cases(CaseFilter(search="2026-100777")),
    "number begun": lambda e: e.cases(CaseFilter(search="双劳人仲案〔2026〕1007")),
    "name": lambda e: e.cases(CaseFilter(search=claimant(7_777)[1:])),
    "letter of names": lambda e: e.cases(CaseFilter(search="佳")),
    "name of many": lambda e: e.cases(CaseFilter(search="有限公司")),
    "name of nobody": lambda e: e.cases(CaseFilter(search="查无此人")),
    "supervised": lambda e: e.cases(CaseFilter(open_only=True, supervised=True)),
    "todos": lambda e: e.lists.todos(SECRETARY),
    "todos of a head": lambda e: e.lists.todos(HEAD),
    "todos overdue": lambda e: e.lists.todos(SECRETARY, "overdue"),
    "strip": lambda e: e.strip(SECRETARY),
    "overdue clocks": lambda e: e.lists.overdue_clocks(),
    "overdue steps": lambda e: e.lists.overdue_steps(),
    "ledger": lambda e: e.lists.ledger(),
    "inbox": lambda e: e.inbox.page(SUPERVISOR),
}
"""Every queue that the console shows, by what it is called here."""


@contextmanager
def _server(order: Order, sqlite: bool) -> Iterator[str | None]:
    if sqlite:
        yield None
        return
    with postgresql(order, home()) as url:
        yield url


def _sizes(order: Order) -> tuple[int, int]:
    large = FULL if order.full else order.cases
    return large, SMALL if large > SMALL else max(1, large // 2)


@contextmanager
def _engine(docket: Docket) -> Iterator[Engine]:
    database = Database(docket.url)
    try:
        yield ready_engine(database, docket.institution, docket.at)
    finally:
        database.close()


def _growth(sqlite: bool, order: Order) -> Iterable[Pair]:
    """Every list in turns on both offices; what is told is the list that grew the most.

    A page that shows more lines in the larger office takes longer for these: it is told, and left out of that.
    """
    large, small = _sizes(order)
    with ExitStack() as held:
        server = held.enter_context(_server(order, sqlite))
        folder = home()
        engines = [
            held.enter_context(_engine(province(folder, n, order.told, server))) for n in (large, small)
        ]
        found = {name: _in_turns(engines[0], engines[1], asked) for name, asked in LISTS.items()}
        alike = [name for name, asked in LISTS.items() if len({_lines(asked(one)) for one in engines}) == 1]
    for name, pairs in found.items():
        ours, limit = median(p.ours for p in pairs), median(p.limit for p in pairs)
        order.told(
            Text(
                "{name}：{a} 毫秒，{small}件时 {b} 毫秒{but}",
                "{name}: {a} ms, {b} ms with {small} cases{but}",
            ).filled(
                name=name,
                a=f"{ours:.2f}",
                b=f"{limit:.2f}",
                small=small,
                but="" if name in alike else _LONGER,
            )
        )
    return max(
        (found[name] for name in alike),
        key=lambda pairs: median(p.ours for p in pairs) / median(p.limit for p in pairs),
    )


_LONGER = Text("（行数不同，不计）", " (not as many lines: left out)")


def _lines(answer: object) -> int:
    """Return how many lines a page shows; one that is no list shows as many in any office."""
    shown = getattr(answer, "cases", getattr(answer, "lines", ()))
    return len(shown)


def _in_turns(large: Engine, small: Engine, asked: List) -> list[Pair]:
    asked(large), asked(small)
    return [Pair(_milliseconds(large, asked), _milliseconds(small, asked)) for _ in range(ROUNDS)]


def _milliseconds(engine: Engine, asked: List) -> float:
    begun = perf_counter()
    asked(engine)
    return (perf_counter() - begun) * 1e3


def _over_bare(sqlite: bool, order: Order) -> Iterable[Pair]:
    """The rows of the list of open cases as the store reads them, and by the driver from the same index."""
    large, _ = _sizes(order)
    with ExitStack() as held:
        server = held.enter_context(_server(order, sqlite))
        docket = province(home(), large, order.told, server)
        database = Database(docket.url)
        held.callback(database.close)
        connection = held.enter_context(database.reading())
        ours = Unit(connection, docket.institution).docket
        cursor = connection.connection.cursor()
        mark, is_open = ("?", "open = 1") if sqlite else ("%s", "open")
        bare = (
            f"SELECT queue_due, id, body FROM cases WHERE institution = {mark} AND {is_open} "
            "ORDER BY queue_due, id LIMIT 51"
        )
        wanted = Wanted(open_only=True)

        def limit() -> object:
            cursor.execute(bare, (docket.institution,))
            return cursor.fetchall()

        yield from side_by_side(lambda: ours.page(wanted), limit)


def _benchmarks() -> Iterator[Benchmark]:
    for sqlite, end, where in ((False, "", "PostgreSQL"), (True, "-sqlite", "SQLite")):
        yield Benchmark(
            name=f"queue-growth{end}",
            title=Text("{db} 上各队列首页：最慢增长者", "first page of the queue that grows most, on {db}").filled(db=where),
            limit=Text(
                "同一首页，案件为一万件（不足一万件时为其半数）",
                "the same page with 10,000 cases (with half of them where there are no more)",
            ),
            most=1.5,
            unit="ms",
            pairs=partial(_growth, sqlite),
        )  # fmt: skip
        yield Benchmark(
            name=f"queue-over-bare{end}",
            title=Text("{db} 上在办案件首页的行", "the rows of the first page of open cases, on {db}").filled(db=where),
            limit=Text("驱动程序按同一索引直接查询", "the driver's own query of the same index"),
            most=1.3,
            unit="µs",
            pairs=partial(_over_bare, sqlite),
        )  # fmt: skip


QUEUES = tuple(_benchmarks())
