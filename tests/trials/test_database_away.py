"""Trials 25 to 27: a database that is away, slow, silent or besieged, seen by people at a real console."""

from __future__ import annotations

import http.client
import os
import re
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from psycopg.conninfo import conninfo_to_dict

from engine.api import Engine
from engine.store.database import Database
from tests.builders import INSTITUTION, Clock, register_text
from tests.cast import FANG, HE
from tests.conftest import FreshDatabase, for_psycopg
from tests.office import OfficeStory, found
from tests.trials.figures import tell
from tests.trials.lab.line import Line
from tests.trials.lab.nodes import ANXU, ROOT, Person
from tests.trials.waiting import pause, until

pytestmark = pytest.mark.trial

PASSWORD = "correct horse"
AT = "2026-03-09T10:00"
AWAY_SECONDS = float(os.environ.get("ANXU_AWAY_SECONDS", "300"))


@dataclass
class Console:
    """A console of this machine behind a line."""

    process: subprocess.Popen[bytes]
    address: str
    port: int

    def asked(self, path: str, cookie: str = "") -> tuple[int, float]:
        """The status of an address and how long the answer took."""
        begun = time.monotonic()
        connection = http.client.HTTPConnection(self.address, self.port, timeout=30)
        try:
            connection.request("GET", path, headers={"Cookie": cookie} if cookie else {})
            return connection.getresponse().status, time.monotonic() - begun
        finally:
            connection.close()

    def threads(self) -> int:
        """How many threads the process has."""
        text = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.findall(r"Threads:\s+(\d+)", text)[0])


@dataclass
class Office:
    url: str
    line: Line
    cases: list[str]
    log: Path


@pytest.fixture
def office(fresh_postgresql_url: FreshDatabase, tmp_path: Path) -> Iterator[Office]:
    url = fresh_postgresql_url()
    database = Database(url)
    found(database, register_text())
    clock = Clock("2026-03-02")
    engine = Engine(database, INSTITUTION, clock)
    numbers = [OfficeStory(engine, clock).given("accepted", n).number for n in range(1, 9)]
    for who in (FANG, HE):
        engine.set_password(who, PASSWORD)
    cases = [engine.case_page(number).line.id for number in numbers]
    database.close()
    host = conninfo_to_dict(for_psycopg(url))["host"]
    with Line(f"{host}/.s.PGSQL.5432") as line:
        yield Office(
            re.sub(r"@[^/]*/([^?]*)\?.*", rf"@127.0.0.1:{line.port}/\1", url), line, cases, tmp_path / "log"
        )


@pytest.fixture
def console(office: Office) -> Iterator[Console]:
    env = {name: value for name, value in os.environ.items() if not name.startswith("ANXU_")}
    env |= {"ANXU_DB": office.url, "ANXU_NOW": AT, "ANXU_LANG": "en", "PYTHONPATH": str(ROOT)}
    with office.log.open("wb") as log:
        process = subprocess.Popen(
            [*ANXU, "serve", "--port", "0", "--threads", "5"], env=env, stderr=log, cwd="/"
        )
        try:
            until(lambda: process.poll() is not None or "console:" in office.log.read_text(), 90, "a console")
            address = re.search(r"http://([^:]+):(\d+)/", office.log.read_text())
            assert address, office.log.read_text()
            one = Console(process, address[1], int(address[2]))
            until(lambda: one.asked("/readyz")[0] == 200, 60, "ready")
            yield one
        finally:
            process.send_signal(signal.SIGTERM)
            assert process.wait(60) == 0


@pytest.fixture
def people(office: Office, console: Console) -> Iterator[list[Person]]:
    crowd = [
        Person(who, PASSWORD, [console], office.cases[n::4], f"p{n}")
        for n, who in enumerate((FANG, HE, FANG, HE))
    ]
    for person in crowd:
        person.sign_in()
        person.start()
    yield crowd
    for person in crowd:
        person.enough.set()
        person.join(60)
    assert [odd for person in crowd for odd in person.odd] == []


def told_since(people: list[Person], moment: float) -> bool:
    return all(any((form.told or 0) > moment for form in person.forms) for person in people)


def nothing_lost(office: Office, people: list[Person]) -> None:
    database = Database(office.url)
    engine = Engine(database, INSTITUTION, Clock("2026-03-09 10:00"))
    recorded = [
        str(e.facts["reason"])
        for case in office.cases
        for e in engine.history(case)
        if e.move == "set_target"
    ]
    told = {form.key for person in people for form in person.forms if form.told is not None}
    assert len(recorded) == len(set(recorded))
    assert told <= set(recorded)
    assert [*engine.doctor().findings, *engine.verify().findings] == []
    database.close()


def test_a_database_that_is_away_for_minutes(office: Office, console: Console, people: list[Person]) -> None:
    begun = time.monotonic()
    until(lambda: told_since(people, begun), 60, "everybody acts")
    before = console.threads()
    office.line.die()
    worst = most = 0.0
    while time.monotonic() - begun < AWAY_SECONDS:
        status, seconds = console.asked("/cases", people[0].cookie)
        worst, most = max(worst, seconds), max(most, console.threads())
        assert status == 503
        assert console.asked("/healthz")[0] == 200
        pause(0.5)
    assert console.asked("/readyz")[0] == 503
    back = time.monotonic()
    office.line.live()
    recovery = until(lambda: told_since(people, back), 60, "everybody acts again")
    tell(
        "25",
        f"away {AWAY_SECONDS:.0f} s: answered in {worst:.1f} s at most, back after {recovery:.1f} s, {before} threads before, {most:.0f} at most",
        "5 s, 5 s",
    )
    for person in people:
        person.enough.set()
        person.join(60)
    nothing_lost(office, people)
    assert worst <= 5.5
    assert recovery <= 5.0
    assert most <= before + 4


def test_a_slow_a_silent_and_a_cut_line(office: Office, console: Console, people: list[Person]) -> None:
    begun = time.monotonic()
    until(lambda: told_since(people, begun), 60, "everybody acts")
    before = console.threads()
    office.line.delay = 0.1  # each way
    slow = time.monotonic()
    pause(3)
    slow_since = time.monotonic()
    pause(30)
    took = sorted(
        form.told - form.sent for person in people for form in list(person.forms)
        if form.told is not None and form.sent > slow_since
    )  # fmt: skip
    p95 = took[int(len(took) * 0.95)] if took else 99.0
    office.line.delay = 0.0
    office.line.stalled = True
    stalled = time.monotonic()
    worst = 0.0
    while time.monotonic() - stalled < 20:
        worst = max(worst, console.asked("/cases", people[0].cookie)[1])
    most = console.threads()
    office.line.stalled = False
    office.line.cut()
    recovery = until(lambda: told_since(people, max(stalled + 20, slow)), 60, "everybody acts again")
    tell(
        "26",
        f"200 ms a round trip: {len(took)} acts, p95 {p95:.2f} s; silent: answered in {worst:.1f} s at most; back after {recovery:.1f} s; {before} threads before, {most} then",
        "p95 3 s, no pile-up of threads",
    )
    for person in people:
        person.enough.set()
        person.join(60)
    nothing_lost(office, people)
    assert p95 <= 3.0
    assert most <= before + 4
    assert recovery <= 8.0


def test_two_hundred_at_once(office: Office, console: Console, people: list[Person]) -> None:
    begun = time.monotonic()
    until(lambda: told_since(people, begun), 60, "everybody acts")
    cookie, case = people[0].cookie, office.cases[0]
    office.line.delay = 0.05
    answers: list[tuple[int, float]] = []

    def ask() -> None:
        connection = http.client.HTTPConnection(console.address, console.port, timeout=60)
        for _ in range(3):
            at = time.monotonic()
            connection.request("GET", f"/cases/{case}", headers={"Cookie": cookie})
            answer = connection.getresponse()
            answer.read()
            answers.append((answer.status, time.monotonic() - at))
        connection.close()

    crowd = [threading.Thread(target=ask) for _ in range(200)]
    for one in crowd:
        one.start()
    for one in crowd:
        one.join(180)
    office.line.delay = 0.0
    pause(1)
    back = time.monotonic()
    recovery = until(lambda: told_since(people, back), 60, "everybody acts again")
    refused = sorted(seconds for status, seconds in answers if status == 503)
    served = sum(status == 200 for status, _ in answers)
    worst = refused[-1] if refused else 0.0
    tell(
        "27",
        f"200 at once, 5 threads: {served} served, {len(refused)} answered 503 in {worst:.1f} s at most, back after {recovery:.1f} s",
        "503 in 5 s, recovers",
    )
    assert len(answers) == 600
    assert {status for status, _ in answers} <= {200, 503}
    assert worst <= 5.0
    assert recovery <= 5.0
