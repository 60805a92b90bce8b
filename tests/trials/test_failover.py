"""Trial 24: the database moves between machines under acting people, and nobody notices more than a pause."""

from __future__ import annotations

import os
import shutil
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import psycopg
import pytest

from engine.api import Engine
from engine.store.database import Database
from tests.builders import INSTITUTION, Clock, instant, register_text
from tests.cast import FANG, HE
from tests.office import OfficeStory, found
from tests.trials.figures import tell
from tests.trials.lab import network
from tests.trials.lab.cluster import Cluster
from tests.trials.lab.network import Machine, Network
from tests.trials.lab.nodes import Console, Person
from tests.trials.waiting import pause, until

pytestmark = pytest.mark.trial

CASES = 60
PASSWORD = "correct horse"
DAY = "2026-04-{:02} 23:59:35"
AFTER = 4.0
"""Seconds the people go on acting once they are answered again."""

GAPS = {
    "switchover": 5.0,
    "postgresql killed": 5.0,
    "agent killed": 5.0,
    "partition": 30.0,
    "machine dead": 30.0,
}
GAPS |= {"two faults": 60.0, "node killed": 5.0}
RETURN = 60.0


@dataclass
class Row:
    """What one fault came to."""

    fault: str
    gap: float
    back: float
    acts: int
    away: int
    odd: list[str] = field(default_factory=list)


@dataclass
class Lab:
    """Three database machines and two consoles, with an office in it."""

    cluster: Cluster
    consoles: list[Console]
    cases: list[str]
    url: str
    day: int = 0
    people: list[Person] = field(default_factory=list)
    told: set[str] = field(default_factory=set)
    sent: set[str] = field(default_factory=set)

    def engine(self, at: datetime) -> Engine:
        return Engine(Database(self.url), INSTITUTION, lambda: at)

    def next_day(self) -> None:
        """Start every console shortly before a midnight on which rungs come due."""
        self.day += 1
        for console in self.consoles:
            if "anxu" in console.machine.processes:
                assert console.machine.stop("anxu") == 0
        for console in self.consoles:
            console.start(DAY.format(self.day))

    def begin(self, fault: str) -> None:
        self.people = [
            Person(
                who,
                PASSWORD,
                self.consoles[n % 2 :] + self.consoles[: n % 2],
                self.cases[n::4],
                f"{fault}-{n}",
            )
            for n, who in enumerate((FANG, HE, FANG, HE))
        ]
        for person in self.people:
            person.sign_in()
        for person in self.people:
            person.start()

    def answered_since(self, moment: float) -> bool:
        return all(any((form.told or 0) > moment for form in person.forms) for person in self.people)

    def end(self) -> None:
        for person in self.people:
            person.enough.set()
        for person in self.people:
            person.join(60)
            self.sent |= {form.key for form in person.forms}
            self.told |= {form.key for form in person.forms if form.told is not None}


@pytest.fixture(scope="module")
def lab() -> Iterator[Lab]:
    if why := network.missing():
        pytest.skip(why)
    folder = Path(tempfile.mkdtemp(prefix="anxu-lab-"))
    machines = Network(folder)
    cluster: Cluster | None = None
    try:
        cluster = Cluster.of(machines)
        cluster.make_database("office")
        url = cluster.url("office")
        cases = _office(url)
        env = {name: value for name, value in os.environ.items() if not name.startswith("ANXU_")}
        env |= {"ANXU_DB": url, "ANXU_SECRET_KEY": "the same at every console", "ANXU_LANG": "en"}
        consoles = [Console(machines.machine(f"app{n}", 20 + n), env) for n in (1, 2)]
        yield Lab(cluster, consoles, cases, url)
    finally:
        if cluster is not None:
            cluster.close()
        machines.close()
        if kept := os.environ.get("ANXU_LAB_KEEP"):
            shutil.copytree(
                folder, kept, ignore=shutil.ignore_patterns("data*", "etcd", ".s.*"), dirs_exist_ok=True
            )
        shutil.rmtree(folder, ignore_errors=True)


def _office(url: str) -> list[str]:
    database = Database(url)
    found(database, register_text())
    clock = Clock("2026-03-02")
    engine = Engine(database, INSTITUTION, clock)
    numbers = [OfficeStory(engine, clock).given("accepted", n).number for n in range(1, CASES + 1)]
    for who in (FANG, HE):
        engine.set_password(who, PASSWORD)
    ids = [engine.case_page(number).line.id for number in numbers]
    clock.at = instant(DAY.format(1))
    engine.sweep()
    database.close()
    return ids


def test_the_database_moves_and_nothing_is_lost_or_done_twice(lab: Lab) -> None:
    wanted = os.environ.get("ANXU_LAB_FAULTS")
    times = int(os.environ.get("ANXU_LAB_TIMES", "1"))
    rows = [
        _fault(lab, name, break_)
        for _ in range(times)
        for name, break_ in FAULTS.items()
        if not wanted or name in wanted.split(",")
    ]
    tell(
        "24",
        "\n".join(["", *(_said(row) for row in rows)]),
        "gap 5 / 5 / 30 / 30 s, back in 60 s, 0 lost, 0 doubled",
    )
    lost, doubled, twice, found = _compared(lab)
    tell(
        "24",
        f"{len(lab.told)} acts acknowledged, {len(lost)} lost, {len(doubled)} doubled, {twice} rungs fired twice ({lab.cluster.agent()})",
        "0",
    )
    assert (lost, doubled, twice) == (set(), set(), 0)
    assert found == []
    assert [odd for row in rows for odd in row.odd] == []
    assert {row.fault: row.gap for row in rows if row.gap > GAPS[row.fault]} == {}
    assert {row.fault: row.back for row in rows if row.back > RETURN} == {}


def _said(row: Row) -> str:
    return f"  {row.fault:20} gap {row.gap:6.2f} s   whole again after {row.back:6.1f} s   {row.acts:4} acts   {row.away:3} times away"


def _fault(lab: Lab, name: str, break_: Callable[[Lab, Machine], Callable[[], None] | None]) -> Row:
    until(lab.cluster.whole, 120, "the cluster is whole before the fault")
    lab.next_day()
    lab.begin(f"{name}-{lab.day}")
    begun = time.monotonic()
    until(lambda: lab.answered_since(begun), 60, "everybody acts")
    pause(2)
    leader = lab.cluster.leader()
    assert leader is not None
    at = time.monotonic()
    mend = break_(lab, leader)
    # Everybody is answered, some time after the fault had its chance.
    until(
        lambda: lab.answered_since(at + 3) and lab.cluster.leader(),
        120,
        f"everybody acts again after: {name}",
    )
    pause(AFTER)
    ended = time.monotonic()
    gap = max(person.longest_gap(at - 0.5, ended) for person in lab.people)
    if mend:
        mend()
    back = until(lab.cluster.whole, 180, "the cluster is whole again")
    lab.end()
    statuses = sum((Counter(person.statuses) for person in lab.people), Counter[int]())
    row = Row(
        name, gap, back, sum(form.told is not None for person in lab.people for form in person.forms),
        statuses[503] + statuses[0], [odd for person in lab.people for odd in person.odd],
    )  # fmt: skip
    tell("24", _said(row), f"{GAPS[name]:.0f} s, {RETURN:.0f} s")
    return row


def _switchover(lab: Lab, leader: Machine) -> None:
    threading.Thread(target=lab.cluster.switch_over, args=(leader,), daemon=True).start()


def _kill_postgresql(lab: Lab, leader: Machine) -> None:
    lab.cluster.kill_postgresql(leader)


def _kill_agent(lab: Lab, leader: Machine) -> None:
    leader.processes["patroni"].kill()


def _cut(lab: Lab, leader: Machine) -> Callable[[], None]:
    leader.cut()
    return leader.connect


def _power_off(lab: Lab, leader: Machine) -> Callable[[], None]:
    leader.power_off()
    return lambda: lab.cluster.power_on(leader)


def _two_faults(lab: Lab, leader: Machine) -> Callable[[], None]:
    leader.power_off()

    def other() -> bool:
        now = lab.cluster.leader()
        return now is not None and now is not leader

    until(other, 60, "another leader")
    second = lab.cluster.leader()
    assert second is not None
    lab.cluster.kill_postgresql(second)
    return lambda: lab.cluster.power_on(leader)


def _kill_node(lab: Lab, leader: Machine) -> Callable[[], None]:
    lab.consoles[0].machine.kill_everything()
    return lambda: None


FAULTS: dict[str, Callable[[Lab, Machine], Callable[[], None] | None]] = {
    "switchover": _switchover, "postgresql killed": _kill_postgresql, "agent killed": _kill_agent,
    "partition": _cut, "machine dead": _power_off, "two faults": _two_faults, "node killed": _kill_node,
}  # fmt: skip


def _compared(lab: Lab) -> tuple[set[str], set[str], int, list[str]]:
    """What was lost, what was done twice, how many rungs fired twice, and what doctor and verify found."""
    at = instant(DAY.format(lab.day)) + timedelta(minutes=10)
    engine = lab.engine(at)
    engine.sweep()
    with psycopg.connect(lab.url) as connection:
        kept = {key for (key,) in connection.execute("SELECT key FROM requests")}
    recorded: Counter[str] = Counter()
    twice = 0
    for case in lab.cases:
        fired: Counter[tuple[str, str]] = Counter()
        for event in engine.history(case):
            if event.move == "set_target":
                recorded[str(event.facts["reason"])] += 1
            if event.kind == "rung_fired":
                fired[(event.rung["key"], event.rung["occurrence"])] += 1
        twice += sum(times > 1 for times in fired.values())
    found = [*engine.doctor().findings, *engine.verify().findings]
    lost = {key for key in lab.told if key not in recorded or key not in kept}
    doubled = {key for key, times in recorded.items() if times > 1}
    assert recorded.keys() <= lab.sent
    engine.office.database.close()
    return lost, doubled, twice, [str(one) for one in found]
