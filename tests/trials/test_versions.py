"""Trials 20 to 22: a version is swapped under load, every case is replayed, the schema goes down and up with data and kills."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import inspect, text
from sqlalchemy.exc import SQLAlchemyError

from engine.core.fold import fold
from engine.model.answers import Refusal
from engine.service.engine import Engine
from engine.service.migration_pages import CarriedOut, MigrationPage
from engine.store.database import HEAD, Database
from tests.builders import INSTITUTION, Clock
from tests.cast import ADMIN, FANG
from tests.conftest import FreshDatabase
from tests.office import assert_whole
from tests.service.versions import titled
from tests.simulation.faults import Died, Faults, die, watch
from tests.simulation.running import copied, found_pattern, run
from tests.store.test_migrations import moved
from tests.trials.figures import tell, timed
from tests.trials.writers import Crew, cases_to_write_on, counted, send_the_unanswered_again

# --- 20: a version is swapped under load ------------------------------------------------------------------


def _swap_trial(url: str, folder: Path, *, cases: int, writers: int, swaps: int) -> str:
    clock = Clock("2026-03-04")
    database = Database(url)
    engine = Engine(database, INSTITUTION, clock)
    numbers = cases_to_write_on(engine, clock, cases)
    clock.set("2026-03-05")
    crew = Crew(url, "2026-03-05", numbers, folder)
    crew.start(writers)
    for _, log in crew.running:
        crew.first_answer(log)
    migrated = 0
    with timed() as taken:
        for number in range(swaps):
            (activated,) = engine.activate(titled("甲乙丙"[number], "workflows/labour.yaml"), ADMIN)
            page = engine.migrations.propose("labour", ADMIN)
            assert isinstance(page, MigrationPage)
            assert page.number is not None
            # Under load some matters have moved since the proposal was made: they stay, and the next one takes them.
            for attempt in range(4):
                carried = engine.migrations.approve(page.number, FANG, skip_changed=True)
                assert isinstance(carried, CarriedOut), carried
                migrated += len(carried.done)
                if not carried.left or attempt == 3:
                    break
                again = engine.migrations.propose("labour", ADMIN)
                if isinstance(again, Refusal) or again.number is None:
                    break
                page = again
    crew.kill_all()

    found = counted(engine, numbers, crew.logs())
    assert (found.lost, found.doubled, found.unasked) == ((), (), ())
    send_the_unanswered_again(engine, crew.logs())
    versions: dict[str, int] = {}
    rules = engine.rules()
    for case in numbers:
        with engine.office.reading() as unit:
            stored = unit.cases.find(case)
        assert stored.main.definition in rules.definitions
        versions[stored.main.definition] = versions.get(stored.main.definition, 0) + 1
        assert any(line.allowed for line in engine.actions(case, FANG)), f"{case} is stuck"
    assert_whole(engine, numbers[0])
    database.close()
    return (
        f"{swaps} versions into force under {writers} writers, {cases} open cases: {migrated} moved by the map, "
        f"{versions.get(activated.hash, 0)} on the last version, the others on their own, 0 stuck, {found.acknowledged} acts "
        f"acknowledged meanwhile and 0 lost, {taken.seconds:.0f} s"
    )


def test_a_version_swapped_while_people_act_leaves_no_case_stuck_and_loses_no_act(
    office_url: str, tmp_path: Path
) -> None:
    _swap_trial(office_url, tmp_path, cases=4, writers=1, swaps=1)


@pytest.mark.trial
def test_versions_swapped_under_load_with_a_thousand_open_cases(office_url: str, tmp_path: Path) -> None:
    figure = _swap_trial(office_url, tmp_path, cases=1000, writers=4, swaps=3)
    tell("20", f"{office_url.partition(':')[0]}: {figure}", "0 stuck")


# --- 21: replay -------------------------------------------------------------------------------------------


@pytest.mark.trial
def test_every_case_of_a_simulated_office_reaches_its_stored_state_again(tmp_path: Path) -> None:
    found_pattern(f"sqlite:///{tmp_path / 'pattern.db'}")
    with copied(tmp_path / "pattern.db", tmp_path, 21) as url:
        outcome = run(21, url, 60)
        assert outcome.broken is None
        engine = Engine(Database(url), INSTITUTION, Clock("2026-12-01"))
        cases = events = 0
        with engine.office.reading() as unit:
            for case in unit.cases.ids():
                history = unit.cases.history(case)
                assert all(event.definition in unit.rules.definitions for event in history)
                assert fold(history) == unit.cases.get(case)
                cases, events = cases + 1, events + len(history)
        engine.office.database.close()
    tell(
        "21",
        f"{cases} of {cases} cases ({events} events, {outcome.counts.get('done', 0)} acts of 60 simulated days) reach their state",
        "100 %",
    )


# --- 22: the schema ---------------------------------------------------------------------------------------


def _everything(database: Database, but: frozenset[str] = frozenset()) -> str:
    """A hash over every table, column and row that there is, but for some tables."""
    whole = hashlib.sha256()
    with database.engine.connect() as connection:
        looked_at = inspect(connection)
        for table in sorted(set(looked_at.get_table_names()) - but):
            columns = sorted(column["name"] for column in looked_at.get_columns(table))
            rows = connection.execute(
                text(f"SELECT {', '.join(f'{chr(34)}{c}{chr(34)}' for c in columns)} FROM {table}")
            ).all()
            whole.update(repr((table, columns, sorted(map(repr, rows)))).encode())
    return whole.hexdigest()


def _schema_trial(url: str, *, down_to: str, every: int) -> int:
    """Take the schema down and bring it up again, killed at every *every*-th statement; return how often it was killed."""
    database = Database(url)
    moved(database, command.downgrade, down_to)
    before = _everything(database)
    database.close()
    killed = 0
    for number in range(1, 2000, every):
        faults = Faults()
        database = watch(Database(url), faults)
        database.schema()
        faults.plan(number, die)
        try:
            database.migrate()
        except (Died, SQLAlchemyError):
            # Alembic clears up after itself in the transaction that was just ended, and that fails as well.
            assert faults.rest(), "nobody killed it"
            killed += 1
            assert _everything(database) == before, f"killed at statement {number}, a step was left half done"
            continue
        finally:
            faults.rest()
            database.close()
        break
    database = Database(url)
    assert database.schema() == HEAD
    engine = Engine(database, INSTITUTION, Clock("2026-04-02"))
    engine.sweep()
    assert engine.verify().findings == ()
    assert engine.doctor().findings == ()
    database.close()
    return killed


@pytest.fixture(params=["sqlite", "postgresql"])
def lived_in(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An office with a case in every state and a few days of its life, in a database of its own."""
    url = f"sqlite:///{tmp_path / 'lived.db'}"
    if request.param == "postgresql":
        fresh: FreshDatabase = request.getfixturevalue("fresh_postgresql_url")
        url = fresh()
    found_pattern(url)
    return url


@pytest.mark.parametrize(("down_to", "every"), [("0001", 40), ("0003", 9)])
def test_a_schema_step_that_is_killed_leaves_nothing_and_can_be_done_again(
    lived_in: str, down_to: str, every: int
) -> None:
    assert _schema_trial(lived_in, down_to=down_to, every=every) > 3


@pytest.mark.trial
@pytest.mark.parametrize("down_to", [f"{number:04}" for number in range(1, int(HEAD))])
def test_every_schema_step_killed_at_every_statement(lived_in: str, down_to: str) -> None:
    killed = _schema_trial(lived_in, down_to=down_to, every=1)
    tell(
        "22",
        f"{lived_in.partition(':')[0]}: down to {down_to} and up to {HEAD} with data, killed at each of {killed} statements: nothing half done",
        "restartable",
    )
