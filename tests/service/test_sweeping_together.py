"""Many sweepers and many cases: each rung fires once, in shares that nobody has to lead, and what stops halfway is whole."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import Connection

from engine.core.projection import project
from engine.errors import ClockApart
from engine.model.answers import Decision
from engine.service.batches import Manner
from engine.service.engine import Engine
from engine.service.pages import Done
from engine.service.sweeping import ALIVE, SAYS_SO, Swept, share_of
from engine.store.database import Database
from engine.store.sweepers import KEPT, Sweeper
from tests.builders import INSTITUTION, Clock, PaperStory, instant, register_text
from tests.cast import LIN
from tests.conftest import FreshDatabase, opened_quickly
from tests.office import OfficeStory, all_at_once, found

FILED = "2026-03-02 09:00"
RUNGS = ("S1", "S2", "S3")
LATE = "2026-03-20"
"""By then all three rungs of the filing's term are due."""


def filed(engine: Engine, number: int, first: int = 1) -> list[str]:
    """Put so many cases just filed into the office in one commit; return their ids."""
    stories = [PaperStory(clock=Clock(FILED), number=n) for n in range(first, first + number)]
    with engine.office.writing() as unit:
        for paper in stories:
            paper.open()
            projection = project(unit.rules, paper.case)
            unit.cases.save(None, Decision(paper.history(), paper.case, projection))
            (event,) = paper.history()
            for kind, digest in event.documents.items():
                file = replace(paper.papers[digest], kind=kind)
                unit.documents.keep(file, paper.case.id, event.matter, event.seq, event.recorded_at)
    return [paper.case.id for paper in stories]


def fired(engine: Engine) -> Counter[tuple[str, str]]:
    """How often each rung of each case has fired."""
    count: Counter[tuple[str, str]] = Counter()
    with engine.office.reading() as unit:
        for case_id in unit.cases.ids():
            for event in unit.cases.history(case_id):
                if event.kind == "rung_fired":
                    count[case_id, event.rung["key"] + event.rung["occurrence"]] += 1
    return count


@contextmanager
def nodes(url: str, clock: Clock, number: int) -> Iterator[list[Engine]]:
    """So many processes on one database, each with connections of its own."""
    with ExitStack() as opened:
        engines = []
        for _ in range(number):
            database = opened_quickly(url)
            opened.callback(database.close)
            engines.append(Engine(database, INSTITUTION, clock))
        yield engines


def test_five_sweepers_fire_two_hundred_due_rungs_once_each(
    engine: Engine, office_url: str, clock: Clock
) -> None:
    clock.set(FILED)
    ids = filed(engine, 70)
    clock.set(LATE)

    with nodes(office_url, clock, 5) as engines:
        swept = all_at_once(
            *(partial(one.sweep, Manner(node=f"n{n}", batch=7)) for n, one in enumerate(engines, 1))
        )

    assert sum(one.fired for one in swept) == 210
    assert sum(one.cases for one in swept) == 70, "a case is in one commit"
    assert [one.failed for one in swept] == [()] * 5
    assert fired(engine) == dict.fromkeys(fired(engine), 1)
    assert {case for case, _ in fired(engine)} == set(ids)
    assert engine.sweep() == Swept(0, 0)
    assert engine.verify().findings == ()


def test_sweepers_that_know_of_each_other_share_the_cases_about_evenly() -> None:
    ids = [f"{n:016x}" for n in range(3000)]

    for sweepers in (1, 2, 5):
        shares = Counter(share_of(case, sweepers) for case in ids)

        assert set(shares) == set(range(sweepers))
        assert min(shares.values()) > 0.8 * len(ids) / sweepers


def test_a_sweeper_takes_its_own_share_first(engine: Engine, clock: Clock) -> None:
    clock.set(FILED)
    ids = filed(engine, 40)
    clock.set(LATE)
    with engine.office.writing() as unit:
        for node in ("a", "b"):
            unit.sweepers.tell(Sweeper(node, "1", clock()))
    own = [case for case in ids if share_of(case, 2) == 1]

    with pytest.raises(_Stopped):
        engine.sweep(Manner(node="b", batch=len(own), step=_stop_after("written")))

    assert {case for case, _ in fired(engine)} == set(own)


def test_the_share_of_a_sweeper_that_died_is_taken_in_the_same_sweep(engine: Engine, clock: Clock) -> None:
    clock.set(FILED)
    filed(engine, 12)
    clock.set(LATE)
    with engine.office.writing() as unit:
        unit.sweepers.tell(Sweeper("dead", "1", clock()))

    assert engine.sweep(Manner(node="alive")) == Swept(12, 36)


def test_a_batch_that_is_not_written_leaves_nothing_and_is_fired_by_the_next_sweep(
    engine: Engine, clock: Clock
) -> None:
    clock.set(FILED)
    filed(engine, 10)
    clock.set(LATE)

    with pytest.raises(_Stopped):
        engine.sweep(Manner(batch=4, step=_stop_after("written", "decided")))
    assert len({case for case, _ in fired(engine)}) == 4, "one batch is whole, the other not there at all"

    assert engine.sweep() == Swept(6, 18)
    assert set(fired(engine).values()) == {1}


@pytest.mark.parametrize("overlap", [False, True])
def test_batches_are_commits_of_so_many_cases(engine: Engine, clock: Clock, overlap: bool) -> None:
    clock.set(FILED)
    filed(engine, 25)
    clock.set(LATE)
    steps: list[str] = []

    swept = engine.sweep(Manner(batch=10, overlap=overlap, step=steps.append))

    assert swept == Swept(25, 75)
    assert Counter(steps) == {"decided": 3, "written": 3}


def test_the_longest_due_come_first_and_a_rung_armed_late_is_not_lost(engine: Engine, clock: Clock) -> None:
    clock.set(FILED)
    filed(engine, 3)
    clock.set(LATE)
    assert engine.sweep().fired == 9

    backdated = OfficeStory(engine, clock).open(on="2026-02-24")
    assert backdated.rungs() == []

    assert engine.sweep().fired == 3, "due before everything that has fired already"
    assert [rung for rung, _ in backdated.rungs()] == list(RUNGS)


def test_sweeps_and_acts_on_the_same_cases_at_once_lose_nothing(
    engine: Engine, office_url: str, clock: Clock
) -> None:
    clock.set(FILED)
    ids = filed(engine, 12)
    clock.set(LATE)

    with nodes(office_url, clock, 3) as (one, other, desk):
        acts = [
            partial(desk.act, case, "propose", LIN, facts={"claim_amount": "12000.50"}) for case in ids[:4]
        ]
        answers: Sequence[Any] = all_at_once(
            partial(one.sweep, Manner(node="a", batch=3)), *acts, partial(other.sweep, Manner(node="b", batch=5))
        )  # fmt: skip

    assert [type(answer) for answer in answers if not isinstance(answer, Swept)] == [Done] * 4
    assert [answer.failed for answer in answers if isinstance(answer, Swept)] == [(), ()]
    # Both sweeps may have been through before an act armed the rungs of its own next step.
    engine.sweep()
    assert set(fired(engine).values()) == {1}
    assert len(fired(engine)) == 36 + 12, "the decision on acceptance is due since the same day"
    assert engine.sweep() == Swept(0, 0)
    assert engine.verify().findings == ()


def test_three_days_away_with_other_sweepers_every_case_has_its_rungs_in_due_order(
    engine: Engine, office_url: str, clock: Clock
) -> None:
    clock.set(FILED)
    filed(engine, 15)
    clock.set("2026-03-13 08:00")

    with nodes(office_url, clock, 3) as engines:
        all_at_once(*(partial(one.sweep, Manner(node=f"n{n}", batch=2)) for n, one in enumerate(engines)))

    with engine.office.reading() as unit:
        for case_id in unit.cases.ids():
            rungs = [e for e in unit.cases.history(case_id) if e.kind == "rung_fired"]
            assert [e.rung["rung"] for e in rungs] == list(RUNGS)
            assert [e.at for e in rungs] == sorted(e.at for e in rungs)
            assert {e.recorded_at for e in rungs} == {clock()}


# --- who is there -----------------------------------------------------------------------------------------


def test_a_sweeper_says_that_it_is_there_and_what_it_has_done(engine: Engine, clock: Clock) -> None:
    clock.set(FILED)
    filed(engine, 2)
    clock.set(LATE)

    engine.sweep(Manner(node="n1", edition="0.5"))

    (seen,) = engine.gauges().sweepers
    assert (seen.node, seen.edition, seen.seen_at, seen.swept_at) == ("n1", "0.5", clock(), clock())
    assert (seen.fired, seen.late, seen.failed) == (6, 6, 0)
    assert seen.lag_seconds == (instant(LATE) - instant("2026-03-09 00:00")).total_seconds()


def test_with_nothing_to_do_it_says_so_once_a_minute_and_else_writes_nothing(
    engine: Engine, clock: Clock
) -> None:
    manner = Manner(node="n1")
    engine.sweep(manner)
    said = clock()

    for seconds, heard in ((30, said), (59, said), (60, said + SAYS_SO), (89, said + SAYS_SO)):
        clock.at = said + timedelta(seconds=seconds)
        assert engine.sweep(manner) == Swept(0, 0)
        assert engine.gauges().sweepers[0].seen_at == heard, seconds


def test_after_the_clock_went_back_a_sweeper_says_so_at_once(engine: Engine, clock: Clock) -> None:
    engine.sweep(Manner(node="n1"))
    clock.at -= timedelta(hours=1)

    engine.sweep(Manner(node="n1"))

    assert engine.gauges().sweepers[0].seen_at == clock()


def test_rows_of_the_dead_are_taken_away_and_they_get_no_share_before(engine: Engine, clock: Clock) -> None:
    engine.sweep(Manner(node="dead"))
    clock.at += ALIVE + timedelta(seconds=1)
    engine.sweep(Manner(node="n1"))
    with engine.office.reading() as unit:
        assert unit.sweepers.seen_since(clock() - ALIVE) == ("n1",)
        assert [one.node for one in unit.sweepers.all()] == ["dead", "n1"]

    clock.at += KEPT
    engine.sweep(Manner(node="n1"))

    assert [one.node for one in engine.gauges().sweepers] == ["n1"]


class Counting(Database):
    """A database that counts how often it is asked, and how."""

    asked: Counter[str]

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        self.asked["reading"] += 1
        with super().reading() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        self.asked["writing"] += 1
        with super().writing() as connection:
            yield connection

    @contextmanager
    def glancing(self) -> Iterator[Any]:
        self.asked["glancing"] += 1
        with super().glancing() as cursor:
            yield cursor


def test_a_sweep_with_nothing_to_do_is_one_look(office_url: str, clock: Clock) -> None:
    database = Counting(office_url)
    database.asked = Counter()
    engine, manner = Engine(database, INSTITUTION, clock), Manner(node="n1")
    engine.sweep(manner)
    database.asked.clear()

    engine.sweep(manner)

    database.close()
    assert database.asked == {"glancing": 1}


def test_what_is_due_is_read_along_the_index_and_no_further(engine: Engine, clock: Clock) -> None:
    clock.set(FILED)
    filed(engine, 3)
    clock.set("2026-03-09 09:00")

    with engine.office.reading() as unit:
        explain = "EXPLAIN QUERY PLAN" if unit.connection.dialect.name == "sqlite" else "EXPLAIN"
        if explain == "EXPLAIN":
            unit.connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
        plan = "\n".join(
            str(row)
            for row in unit.connection.exec_driver_sql(
                f"{explain} SELECT due_at, case_id FROM timers WHERE institution = 'x' AND due_at <= '2026-03-09 01:00:00' "
                "AND (due_at, case_id) > ('2026-03-01 01:00:00', '') AND case_id NOT IN (SELECT case_id FROM setbacks "
                "WHERE institution = 'x' AND (next_at IS NULL OR next_at > '2026-03-09 01:00:00')) "
                "ORDER BY due_at, case_id LIMIT 100"
            )
        )
    assert "timers_by_due" in plan
    assert "Sort" not in plan
    assert "TEMP B-TREE FOR ORDER BY" not in plan


# --- the two clocks ---------------------------------------------------------------------------------------


def test_a_machine_whose_clock_is_not_the_databases_fires_nothing(working_office: Database) -> None:
    with working_office.reading() as connection:
        database_says = connection.exec_driver_sql("SELECT clock_timestamp()").scalar_one()
    for minutes, refused in ((6, True), (-6, True), (4, False), (-4, False)):
        now = database_says + timedelta(minutes=minutes)
        engine = Engine(working_office, INSTITUTION, lambda now=now: now)  # type: ignore[misc]

        if refused:
            with pytest.raises(ClockApart):
                engine.sweep(Manner(node="n1"))
        else:
            engine.sweep(Manner(node="n1"))

        (seen,) = engine.gauges().sweepers
        assert abs(seen.clock_seconds - minutes * 60) <= 30
        assert ("clock_apart" in {finding.code for finding in engine.doctor().findings}) is refused


@pytest.fixture
def working_office(fresh_postgresql_url: FreshDatabase) -> Iterator[Database]:
    """An office on PostgreSQL that is no rehearsal: its time is the machine's."""
    database = Database(fresh_postgresql_url())
    found(database, register_text().replace("rehearsal: true", "rehearsal: false"))
    yield database
    database.close()


class _Stopped(BaseException):
    """A process that ends here."""


def _stop_after(*steps: str) -> Any:
    left = list(steps)

    def heard(step: str) -> None:
        if left and step == left[0]:
            left.pop(0)
            if not left:
                raise _Stopped

    return heard
