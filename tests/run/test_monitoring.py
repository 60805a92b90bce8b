"""What machines ask a node: whether it lives, whether it may be sent work, and its figures."""

from __future__ import annotations

from typing import Any

import pytest

from engine.errors import ClockApart, Conflict, OutcomeUnknown, StoreAway
from engine.model.answers import Refusal
from engine.run.health import SILENT_AFTER, Health, Ringing
from engine.run.measured import MeasuredEngine
from engine.run.metrics import Metrics
from engine.run.monitoring import Monitoring
from engine.service.pages import Done
from engine.service.sweeping import Swept
from engine.store.database import HEAD, Database
from engine.text import Text
from tests.builders import INSTITUTION, Clock, a_file
from tests.cast import LIN, PARTIES


class Ticking:
    """A monotonic clock that is set by hand."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


class Node:
    """Everything that is asked at the three addresses, without a socket."""

    def __init__(self, database: Database, clock: Clock, **how: Any) -> None:
        self.metrics = Metrics()
        self.engine = MeasuredEngine(self.metrics, database, INSTITUTION, clock)
        self.ticking = Ticking()
        self.ringing = Ringing(self.ticking)
        self.health = Health(self.engine, self.ringing)
        self.metrics.watch(self.engine, self.health, lambda: 0)
        self.application = Monitoring(self.health, self.metrics, **how)

    def ask(self, path: str, address: str = "127.0.0.1", token: str = "") -> tuple[int, str]:
        status: list[str] = []
        environ = {"PATH_INFO": path, "REQUEST_METHOD": "GET", "REMOTE_ADDR": address}
        if token:
            environ["HTTP_AUTHORIZATION"] = f"Bearer {token}"
        body = b"".join(self.application(environ, lambda line, _: status.append(line)))
        return int(status[0].split()[0]), body.decode()

    def figure(self, name: str) -> float | None:
        lines = [
            line
            for line in self.ask("/metrics")[1].splitlines()
            if line.startswith((f"{name} ", f"{name}{{"))
        ]
        return float(lines[0].rsplit(" ", 1)[1]) if lines else None


@pytest.fixture
def node(database: Database, clock: Clock) -> Node:
    return Node(database, clock)


def test_a_node_with_its_database_and_rules_is_ready(node: Node) -> None:
    assert node.ask("/healthz") == (200, "ok\n")
    assert node.ask("/readyz") == (200, "ready\n")
    assert node.ask("/elsewhere")[0] == 404


def test_a_node_that_is_told_to_stop_lives_and_is_not_ready(node: Node) -> None:
    node.health.stop()
    assert node.ask("/readyz") == (503, "stopping\n")
    assert node.ask("/healthz")[0] == 200


def test_a_node_whose_scheduler_rings_no_more_is_not_ready(node: Node) -> None:
    node.ringing.noted(lambda: Swept(0, 0))()
    assert node.ask("/readyz")[0] == 200
    node.ticking.now += SILENT_AFTER + 1
    assert node.ask("/readyz") == (503, "scheduler_silent\n")


def test_a_node_whose_clock_is_not_the_databases_says_so_and_goes_on(node: Node) -> None:
    def apart() -> Swept:
        raise ClockApart(Text("时钟不一致", "clocks apart"))

    with pytest.raises(ClockApart):
        node.ringing.noted(apart)()
    assert node.ask("/readyz") == (200, "ready\nclock_apart\n")
    node.ringing.noted(lambda: Swept(0, 0))()
    assert node.ask("/readyz") == (200, "ready\n")


@pytest.mark.parametrize(
    ("schema", "answer"), [("0001", (503, "schema_behind\n")), ("9999", (200, "ready\n"))]
)
def test_a_node_goes_on_beside_a_newer_schema_and_not_beside_an_older_one(
    node: Node, database: Database, schema: str, answer: tuple[int, str]
) -> None:
    def mark(number: str) -> None:
        with database.writing() as connection:
            connection.exec_driver_sql(f"UPDATE alembic_version SET version_num = '{number}'")

    mark(schema)
    try:
        assert node.ask("/readyz") == answer
        if schema > HEAD:
            database.migrate()  # leaves it to the newer edition
            assert database.schema() == schema
    finally:
        mark(HEAD)


def test_a_node_whose_database_is_away_says_so_and_still_has_figures(clock: Clock) -> None:
    database = Database("postgresql://nobody@127.0.0.1:1/nothing")
    node = Node(database, clock)
    assert node.ask("/readyz") == (503, "database_away\n")
    assert node.figure("anxu_ready") == 0
    assert node.figure("anxu_unready") == 1
    assert node.figure("anxu_sweep_lag_seconds") is None
    database.close()


def test_acts_and_refusals_and_sweeps_are_counted_without_a_name_of_anybody(node: Node) -> None:
    papers = [a_file("application")]
    opened = node.engine.open_case("labour", LIN, parties=PARTIES, facts={"cause": "wages"}, documents=papers)
    assert isinstance(opened, Done)
    asked = [
        node.engine.act(opened.case, "propose", LIN, facts={"claim_amount": "1"}, key="k") for _ in range(2)
    ]
    asked.append(node.engine.act(opened.case, "accept", LIN))
    assert [type(answer) for answer in asked] == [Done, Done, Refusal], asked
    node.engine.sweep()
    text = node.ask("/metrics")[1]
    for line in (
        'anxu_acts_total{kind="open",outcome="done"} 1.0',
        'anxu_acts_total{kind="act",outcome="done"} 1.0',
        'anxu_acts_total{kind="act",outcome="again"} 1.0',
        'anxu_acts_total{kind="act",outcome="refused"} 1.0',
        'anxu_refusals_total{code="not_yours"} 1.0',
        'anxu_sweeps_total{outcome="done"} 1.0',
        "anxu_cases_put_aside 0.0",
        "anxu_outbox_dead 0.0",
        "anxu_ready 1.0",
    ):
        assert line in text, line
    assert f'"{LIN}"' not in text
    assert not any(party.name in text for party in PARTIES)


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (StoreAway(Text("away", "away")), "away"),
        (OutcomeUnknown(Text("unknown", "unknown")), "unknown"),
        (Conflict(Text("conflict", "conflict")), "conflict"),
        (KeyError("x"), "broken"),
    ],
)
def test_an_act_that_came_to_an_error_is_counted_by_what_it_was(
    node: Node, error: Exception, outcome: str
) -> None:
    node.metrics.failed("act", error)
    assert f'anxu_acts_total{{kind="act",outcome="{outcome}"}} 1.0' in node.ask("/metrics")[1]


def test_figures_are_for_this_machine_or_for_a_token(database: Database, clock: Clock) -> None:
    node = Node(database, clock, token="open sesame")
    assert node.ask("/metrics", "10.0.0.9")[0] == 403
    assert node.ask("/metrics", "10.0.0.9", token="wrong")[0] == 403
    assert node.ask("/metrics", "10.0.0.9", token="open sesame")[0] == 200
    assert node.ask("/metrics", "::1")[0] == 200
    behind = Node(database, clock, token="open sesame", local=False)
    assert behind.ask("/metrics", "127.0.0.1")[0] == 403
    assert behind.ask("/metrics", "127.0.0.1", token="open sesame")[0] == 200
