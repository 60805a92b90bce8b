"""Every list of a large office is answered by an index: no statement of theirs reads a table through, or sorts more than few rows.

The office has so many cases that a planner which could would rather go by an index, whatever it may do in one of a hundred.
"""

from __future__ import annotations

import itertools
import json
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from engine.run.bench.copying import Original, multiply
from engine.service.engine import Engine
from engine.service.paging import Ask
from engine.service.queues import CaseFilter
from engine.store import docket as docket_room
from engine.store import todo_queues as todos_room
from engine.store import written
from engine.store.database import Database
from engine.store.docket import FEW
from tests.builders import INSTITUTION, Clock
from tests.cast import DU, LIN, WU, ZHOU
from tests.conftest import FreshDatabase, as_founded, opened_quickly
from tests.office import OfficeStory
from tests.procedures.way import bring_to

CASES = 6_000

STATES = ("filed", "accepted", "tribunal_formed", "deliberation", "under_review", "archived")

GROWING = frozenset({"cases", "case_words", "matters", "events", "todos", "timers", "notices", "shown_dates"})
"""The tables whose rows are as many as the cases are, or more."""

Statement = tuple[str, Any]


@pytest.fixture(params=["sqlite", "postgresql"])
def large(request: pytest.FixtureRequest, tmp_path: Path, clock: Clock) -> Iterator[Engine]:
    """An office with thousands of cases in every stage, copied by the database."""
    if request.param == "postgresql":
        fresh: FreshDatabase = request.getfixturevalue("fresh_postgresql_url")
        pattern = request.getfixturevalue("postgresql_office")
        # As the test before left it, it would be another office.
        as_founded(pattern)
        url = fresh(like=pattern)
    else:
        shutil.copy(request.getfixturevalue("sqlite_office"), tmp_path / "large.db")
        url = f"sqlite:///{tmp_path / 'large.db'}"
    database = opened_quickly(url)
    engine = Engine(database, INSTITUTION, clock)
    turn = []
    for state in STATES:
        clock.at = Clock().at
        story = OfficeStory(engine, clock).open()
        bring_to(story, state)
        if state == "accepted":
            story.do("list_supervised", DU, listing_reason="petition")
        case = story.case
        turn.append(Original(case.id, case.number, tuple(party.name for party in case.parties)))
    with database.writing() as connection:
        multiply(connection.exec_driver_sql, database.sqlite, turn, CASES, ["main"])
        if not database.sqlite:
            # Looks at every row, not at a sample of them: the same plans every time.
            connection.exec_driver_sql("SET LOCAL default_statistics_target = 1000")
        connection.exec_driver_sql("ANALYZE")
    yield engine
    database.close()


@contextmanager
def noted(database: Database, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Statement]]:
    """Give a list of every statement that is asked meanwhile, by SQLAlchemy or straight of the driver."""
    asked: list[Statement] = []
    plain = written.run

    def run(connection: Any, statement: Any) -> Any:
        asked.append((statement.text, statement.values))
        return plain(connection, statement)

    def note(_: Any, __: Any, statement: str, given: Any, *___: Any) -> None:
        asked.append((statement, given))

    with monkeypatch.context() as patched:
        for room in (docket_room, todos_room):
            patched.setattr(room, "run", run)
        event.listen(database.engine, "before_cursor_execute", note)
        try:
            yield asked
        finally:
            event.remove(database.engine, "before_cursor_execute", note)


def faults(database: Database, statement: Statement) -> list[str]:
    """What is wrong with the way *statement* would be answered; nothing, if all is well."""
    text, given = statement
    with database.glancing() as cursor:
        if database.sqlite:
            steps = [row[-1] for row in cursor.execute(f"EXPLAIN QUERY PLAN {text}", given)]
            return list(_faults_on_sqlite(steps))
        # Where cases are many, a join to few found ones looks each up. Among six thousand, reading all may cost less,
        # by a hair and by chance; so here it must only be able to.
        cursor.execute(f"SET enable_seqscan = {'off' if 'found JOIN' in text else 'on'}")
        ((plan,),) = cursor.execute(f"EXPLAIN (FORMAT JSON) {text}", given).fetchall()
        found = plan if isinstance(plan, list) else json.loads(plan)
        return list(_faults_on_postgresql(found[0]["Plan"]))


def _faults_on_sqlite(steps: list[str]) -> Iterator[str]:
    # Its names for tables are the statement's aliases; ours for what is few already are these.
    few = any(step.split()[1] in ("found", "few") for step in steps if step.startswith(("SCAN", "SEARCH")))
    for step in steps:
        if step.startswith("SCAN") and step.split()[1] in GROWING | {"d", "e", "c", "m"}:
            yield step
        if step.startswith("USE TEMP B-TREE FOR ORDER BY") and not few:
            yield step


def _faults_on_postgresql(node: Mapping[str, Any]) -> Iterator[str]:
    inner = node.get("Plans", [])
    if node["Node Type"] == "Seq Scan" and node["Relation Name"] in GROWING:
        yield f"Seq Scan on {node['Relation Name']}"
    if "Sort" in node["Node Type"] and inner[0]["Plan Rows"] > FEW + 1:
        yield f"{node['Node Type']} of {inner[0]['Plan Rows']} rows"
    for one in inner:
        yield from _faults_on_postgresql(one)


NARROWED: Mapping[str, Mapping[str, Any]] = {
    "all": {},
    "a state": {"state": "filed"},
    "an ended state": {"state": "archived"},
    "a stage": {"stage": "review"},
    "overdue": {"overdue": True},
    "due soon": {"due_before": None},
    "a person": {"awaits": ZHOU},
    "somebody of pools": {"awaits": LIN},
    "a role": {"role": "tribunal"},
    "a role of a pool": {"role": "supervisor"},
    "a person in a role": {"awaits": WU, "role": "tribunal"},
    "supervised": {"supervised": True},
    "a name of few": {"search": "赵刚"},
    "a name of many": {"search": "有限公司"},
    "one character": {"search": "赵"},
    "a name of nobody": {"search": "查无此人"},
    "a number": {"search": "2026-100777"},
    "a number begun": {"search": "双劳人仲案〔2026〕1007"},
    "digits": {"search": "1007"},
}  # fmt: skip

BESIDE: tuple[Mapping[str, Any], ...] = (
    {}, {"open_only": True}, {"offices": ("main",)}, {"offices": ("main",), "open_only": True}, {"offices": ("main", "east")},
)  # fmt: skip


def lists_of_cases(engine: Engine) -> Iterator[tuple[str, CaseFilter]]:
    for (name, narrowed), beside in itertools.product(NARROWED.items(), BESIDE):
        given: dict[str, Any] = dict(narrowed)
        if "due_before" in given:
            given["due_before"] = engine.today()
        yield f"{name} {dict(beside)}", CaseFilter(**given, **beside)


def other_lists(engine: Engine) -> Mapping[str, Callable[[Ask], Any]]:
    lists = engine.lists
    return {
        "todos": lambda ask: lists.todos(ZHOU, ask=ask),
        "todos of pools": lambda ask: lists.todos(LIN, ask=ask),
        "todos due today": lambda ask: lists.todos(ZHOU, "today", ask),
        "todos overdue": lambda ask: lists.todos(ZHOU, "overdue", ask),
        "overdue clocks": lambda ask: lists.overdue_clocks(ask=ask),
        "overdue clocks of an office": lambda ask: lists.overdue_clocks(["main"], ask),
        "overdue steps": lambda ask: lists.overdue_steps(ask=ask),
        "overdue steps of an office": lambda ask: lists.overdue_steps(["main"], ask),
        "ledger": lambda ask: lists.ledger(ask=ask),
        "ledger of an office": lambda ask: lists.ledger(["main"], ask),
    }


def case_named(engine: Engine, named: str) -> str:
    with engine.office.reading() as unit:
        return unit.cases.find(named).number


def test_every_list_is_read_by_an_index_at_any_size(
    large: Engine, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock.set("2026-06-10")
    wrong: list[tuple[str, str, str]] = []
    pages = 0

    def look(name: str, asked: Callable[[], Any]) -> Any:
        with noted(large.office.database, monkeypatch) as statements:
            page = asked()
        for statement in statements:
            wrong.extend((name, fault, statement[0]) for fault in faults(large.office.database, statement))
        return page

    for name, wanted in lists_of_cases(large):
        first = look(name, partial(large.cases, wanted))
        if first.next:
            pages += 1
            after = look(f"{name}, next", partial(large.cases, replace(wanted, after=first.next)))
            look(f"{name}, back", partial(large.cases, replace(wanted, before=after.previous)))
    for name, turned in other_lists(large).items():
        first = look(name, partial(turned, Ask()))
        if first.next:
            pages += 1
            look(f"{name}, next", partial(turned, Ask(after=first.next)))
    look("strip", lambda: large.strip(ZHOU))
    look("inbox", lambda: large.inbox.page(ZHOU))
    look("a case by its number", lambda: case_named(large, "2026-100777"))

    assert pages > len(NARROWED), "so large an office has second pages"
    assert wrong == []
