"""The schema goes up, down and up again on both databases, and is the one the tables of the program describe."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import Connection, inspect, text

import engine.store
from engine.core.fold import apply, fold
from engine.errors import WrongUse
from engine.model.events import canonical, event_of, genesis, hash_of_plain
from engine.store.database import Database
from engine.store.reprojections import Touched
from engine.store.rows import case_body
from engine.store.tables import metadata
from engine.store.unit import Unit
from tests.conftest import FreshDatabase

MIGRATIONS = Path(engine.store.__file__).parent / "migrations"


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A database without any schema."""
    url = f"sqlite:///{tmp_path / 'empty.db'}"
    if request.param == "postgresql":
        fresh: FreshDatabase = request.getfixturevalue("fresh_postgresql_url")
        url = fresh()
    database = Database(url)
    yield database
    database.close()


def tables(database: Database) -> set[str]:
    return set(inspect(database.engine).get_table_names()) - {"alembic_version"}


def downgrade(database: Database, to: str = "base") -> None:
    moved(database, command.downgrade, to)


def moved(database: Database, way: Callable[[Config, str], None], to: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with database.engine.connect() as connection:
        if database.sqlite:
            # As `Database.migrate` does it: what is refused half way leaves the schema as it was.
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        config.attributes["connection"] = connection
        way(config, to)
        connection.commit()


def test_the_schema_goes_up_down_and_up_again(empty: Database) -> None:
    empty.migrate()
    assert tables(empty) == set(metadata.tables)

    downgrade(empty)
    assert tables(empty) == set()

    empty.migrate()
    assert tables(empty) == set(metadata.tables)


def test_a_schema_that_is_up_to_date_stays_as_it_is(empty: Database) -> None:
    empty.migrate()
    empty.migrate()

    assert tables(empty) == set(metadata.tables)


def test_the_migrations_lead_to_the_tables_the_program_knows(empty: Database) -> None:
    empty.migrate()

    with empty.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        differences = compare_metadata(context, metadata)

    assert differences == []


def test_every_key_begins_with_the_institution() -> None:
    for table in metadata.tables.values():
        assert next(iter(table.primary_key.columns)).name == "institution", table.name
        for index in table.indexes:
            assert next(iter(index.columns)).name == "institution", index.name


# --- what stands in the tables ----------------------------------------------------------------------------

FOUNDED = datetime(2026, 1, 5, 1, 30, tzinfo=UTC)
HERE = {"i": "shuanghe", "at": FOUNDED.replace(tzinfo=None)}
BODY = {
    "id": "c1", "matters": [{"id": "1", "kind": "main"}],
    "clocks": {"award": {"facts": [], "target": "30 days", "target_basis": "快立快结承诺"}},
    "fired": {},
}  # fmt: skip
FIRST_EDITION = (
    "INSERT INTO activations VALUES (:i, 1, 'register', 'h', 'admin', :at)",
    "INSERT INTO calendar_years VALUES (:i, 2026, '通知甲')",
    "INSERT INTO calendar_years VALUES (:i, 2025, '通知乙')",
    "INSERT INTO calendar_days VALUES (:i, '2026-01-01', true, '通知甲')",
    "INSERT INTO calendar_days VALUES (:i, '2025-12-31', true, '通知甲')",
    "INSERT INTO calendar_days VALUES (:i, '2025-10-01', true, '通知乙')",
    "INSERT INTO calendar_days VALUES (:i, '2026-01-04', false, '通知甲')",
    "INSERT INTO events VALUES (:i, 'c1', 1, 'case_opened', :at, 'h', '{}')",
    "INSERT INTO events VALUES (:i, 'c1', 2, 'moved', :at, 'h', '{}')",
    "INSERT INTO cases VALUES (:i, 'c1', 'main', '1号', '1', 'labour', 2, 'accepted', 'handling', true, 'running', "
    "'2026-02-19', '2026-02-20', '2026-02-04', :at, '甲', :body)",
    "INSERT INTO todos VALUES (:i, 'c1', '1', 'secretary', 'zhou', 'main', 'accepted', '2026-02-19')",
    "INSERT INTO notices VALUES (:i, 'c1', 2, 'zhou', '1', 'W1', '提醒', 'a reminder', :at, NULL)",
)
OLD = (
    "activations", "calendar_years", "calendar_days", "events", "cases", "todos", "notices",
)  # fmt: skip


def rows(database: Database) -> dict[str, list[str]]:
    with database.engine.connect() as connection:
        return {
            table: sorted(
                str(sorted(row._mapping.items()))
                for row in connection.execute(text(f"SELECT * FROM {table}"))
            )
            for table in OLD
        }


def test_an_office_of_the_first_edition_keeps_what_it_has(empty: Database) -> None:
    moved(empty, command.upgrade, "0001")
    with empty.engine.begin() as connection:
        for statement in FIRST_EDITION:
            values = HERE | {"body": json.dumps(BODY, ensure_ascii=False, separators=(",", ":"))}
            connection.execute(text(statement), {k: v for k, v in values.items() if f":{k}" in statement})
    before = rows(empty)

    empty.migrate()

    with empty.reading() as connection:
        unit = Unit(connection, "shuanghe")
        calendar = unit.calendars.calendar()
        loads = unit.calendars.loads()
        pending = unit.reprojections.unfinished()
        any_day = Touched(((date(2030, 1, 1), date(2030, 1, 1)),))
        looked_at = unit.reprojections.batch([any_day], "", 10)
        shown = unit.journal.shown_at("c1", FOUNDED)
        body = json.loads(looked_at[0].body)
    assert [(load.year, load.notice, load.loaded_at) for load in loads] == [
        (2025, "通知乙", FOUNDED), (2026, "通知甲", FOUNDED),
    ]  # fmt: skip
    assert calendar.published_years == {2025, 2026}
    assert [(d.day.isoformat(), d.rest, d.notice) for d in calendar.days] == [
        ("2025-10-01", True, "通知乙"), ("2025-12-31", True, "通知甲"),
        ("2026-01-01", True, "通知甲"), ("2026-01-04", False, "通知甲"),
    ]  # fmt: skip
    assert [(one.load, one.total) for one in pending] == [(2, 1)], (
        "the first sweep measures what each case rests on"
    )
    assert [stored.id for stored in looked_at] == ["c1"], "until then any change touches it"
    assert looked_at[0].todos[0].overdue_after == date(2026, 2, 19)
    assert shown is not None
    assert (shown.seq, shown.due, shown.overdue_after) == (2, date(2026, 2, 19), date(2026, 2, 20))
    assert body["clocks"]["award"]["targets"] == [
        {"layer": "procedure", "length": "30 days", "basis": "快立快结承诺"}
    ]

    downgrade(empty, "0001")
    assert rows(empty) == before
    empty.migrate()


# --- a case of the first edition --------------------------------------------------------------------------

OPENED = {
    "seq": 1, "kind": "case_opened", "matter": "1", "at": "2026-01-05T09:30:00+08:00",
    "recorded_at": "2026-01-05T09:30:00+08:00", "on": "2026-01-05", "definition": "d", "by": "lin", "move": "receive",
    "target": "filed", "parties": [["p1", "claimant", "甲"]],
    "case": {"id": "c1", "institution": "shuanghe", "office": "main", "number": "1号", "procedure": "labour"},
}  # fmt: skip
ACCEPTED = {
    "seq": 2, "kind": "moved", "matter": "1", "at": "2026-01-06T09:30:00+08:00",
    "recorded_at": "2026-01-06T09:30:00+08:00", "on": "2026-01-06", "definition": "d", "by": "fang", "move": "accept",
    "source": "filed", "target": "accepted", "clock": [
        {"clock": "award", "fact": {"kind": "start", "on": "2026-01-06", "recorded_on": "2026-01-06", "seq": 2},
         "target": "30 days", "target_basis": "快立快结承诺"},
    ],
}  # fmt: skip


def first_edition_case(connection: Connection, *plains: dict[str, Any]) -> None:
    """Write a case as the first edition did: its events chained, and the case they lead to."""
    previous, case = genesis("shuanghe", "c1"), None
    for plain in plains:
        linked = dict(plain) | {"previous": previous}
        previous = hash_of_plain(linked)
        body = canonical(linked | {"hash": previous})
        case = apply(case, event_of(json.loads(body)))
        values = HERE | {"seq": plain["seq"], "kind": plain["kind"], "hash": previous, "body": body}
        connection.execute(
            text("INSERT INTO events VALUES (:i, 'c1', :seq, :kind, :at, :hash, :body)"), values
        )
    assert case is not None
    old = json.loads(case_body(case))
    for log in old["clocks"].values():
        log |= {"target": "30 days", "target_basis": "快立快结承诺"}
        del log["targets"]
    for matter in old["matters"]:
        del matter["about"]
    statement = next(statement for statement in FIRST_EDITION if "INTO cases" in statement)
    connection.execute(text(statement), HERE | {"body": json.dumps(old, ensure_ascii=False)})


def test_the_events_of_the_first_edition_still_lead_to_their_case(empty: Database) -> None:
    moved(empty, command.upgrade, "0001")
    with empty.engine.begin() as connection:
        first_edition_case(connection, OPENED, ACCEPTED)

    empty.migrate()

    with empty.reading() as connection:
        cases = Unit(connection, "shuanghe").cases
        stored = cases.get("c1")
        assert fold(cases.history("c1")) == stored
        for row in cases.stored_events("c1"):
            assert hash_of_plain(json.loads(row.body)) == row.hash
    assert [(str(t.length), t.basis, t.seq) for t in stored.clocks["award"].targets] == [
        ("30 days", "快立快结承诺", 2)
    ]


LAYERED = {
    "seq": 2, "kind": "moved", "matter": "1", "at": "2026-01-06T09:30:00+08:00",
    "recorded_at": "2026-01-06T09:30:00+08:00", "on": "2026-01-06", "definition": "d", "by": "fang", "move": "accept",
    "source": "filed", "target": "accepted", "clock": [
        {"clock": "award", "fact": {"kind": "start", "on": "2026-01-06", "recorded_on": "2026-01-06", "seq": 2}, "targets": [
            {"layer": "procedure", "length": "30 days", "basis": "快立快结承诺", "since": "2023-01-01"}, {"layer": "track", "length": "20 days"},
        ]},
    ],
}  # fmt: skip
GIVEN = {
    "seq": 3, "kind": "moved", "matter": "1", "at": "2026-01-07T09:30:00+08:00",
    "recorded_at": "2026-01-07T09:30:00+08:00", "on": "2026-01-07", "definition": "d", "by": "fang", "move": "set_target",
    "clock": [{"clock": "award", "targets": [{"layer": "case", "length": "15 days"}]}],
}  # fmt: skip
DECIDED_ON = {
    "seq": 4, "kind": "matter_opened", "matter": "2", "at": "2026-01-08T09:30:00+08:00",
    "recorded_at": "2026-01-08T09:30:00+08:00", "on": "2026-01-08", "definition": "d", "by": "fang", "about": 3,
    "target": "asked", "opened": {"kind": "late_entry", "procedure": "late_entry"},
}  # fmt: skip


def test_a_case_of_the_second_edition_that_went_down_is_brought_up_to_what_its_events_lead_to(
    empty: Database,
) -> None:
    moved(empty, command.upgrade, "0001")
    with empty.engine.begin() as connection:
        first_edition_case(connection, OPENED, LAYERED, GIVEN, DECIDED_ON)

    empty.migrate()

    with empty.reading() as connection:
        cases = Unit(connection, "shuanghe").cases
        stored = cases.get("c1")
        assert fold(cases.history("c1")) == stored
    assert [(t.layer, t.seq) for t in stored.clocks["award"].targets] == [
        ("procedure", 2), ("track", 2), ("case", 0),
    ]  # fmt: skip
    assert stored.matters[1].about == 3


def test_a_schema_with_events_the_first_edition_does_not_know_stays(empty: Database) -> None:
    moved(empty, command.upgrade, "0002")
    before = tables(empty)
    with empty.engine.begin() as connection:
        connection.execute(text("INSERT INTO events VALUES (:i, 'c1', 3, 'redated', :at, 'h', '{}')"), HERE)

    with pytest.raises(WrongUse) as raised:
        downgrade(empty, "0001")

    assert "1 events of moved dates" in raised.value.sentence.en
    assert tables(empty) == before


@pytest.mark.parametrize(
    ("targets", "kept"),
    [
        ([("track", "20 days"), ("procedure", "30 days"), ("case", "10 days")], "30 days"),
        ([("institution", "1 month"), ("track", "20 days")], "20 days"),
        ([], None),
    ],
)
def test_going_down_keeps_the_target_of_the_procedure_or_the_tightest(
    empty: Database, targets: list[tuple[str, str]], kept: str | None
) -> None:
    empty.migrate()
    layered = [{"layer": layer, "length": length, "seq": 2} for layer, length in targets]
    body = BODY | {"clocks": {"award": {"facts": [], "targets": layered}}}
    with empty.engine.begin() as connection:
        statement = (
            "INSERT INTO cases (institution, id, office, number, number_folded, procedure, version, state, stage, open, "
            "clock, opened_at, parties_folded, body) VALUES (:i, 'c1', 'main', '1', '1', 'labour', 1, 's', 's', true, "
            "'running', :at, '', :body)"
        )
        connection.execute(text(statement), HERE | {"body": json.dumps(body)})

    downgrade(empty, "0001")

    with empty.engine.connect() as connection:
        plain = json.loads(connection.execute(text("SELECT body FROM cases")).scalar_one())
    assert plain["clocks"]["award"]["target"] == kept


# --- activations of the second edition --------------------------------------------------------------------

REGISTERS = {"east": "zone: Asia/Shanghai", "west": "zone: America/Los_Angeles", "none": "title: x"}


def test_activations_of_the_second_edition_hold_from_their_day_in_the_zone_of_the_register(
    empty: Database,
) -> None:
    moved(empty, command.upgrade, "0002")
    evening = datetime(2026, 1, 5, 20, 0, tzinfo=UTC).replace(tzinfo=None)
    with empty.engine.begin() as connection:
        for i, register in REGISTERS.items():
            values = {"i": i, "at": evening, "text": f"institution: {i}\n{register}\n"}
            for statement in (
                "INSERT INTO definitions VALUES (:i, 'r', 'register', 'workflows.yaml', :text)",
                "INSERT INTO activations VALUES (:i, 1, 'register', 'r', 'admin', :at)",
                "INSERT INTO activations VALUES (:i, 2, 'labour', 'l', 'admin', :at)",
            ):
                given = {k: v for k, v in values.items() if f":{k}" in statement}
                connection.execute(text(statement), given)

    empty.migrate()

    with empty.reading() as connection:
        units = {i: Unit(connection, i) for i in REGISTERS}
        since = {i: {one.since for one in unit.definitions.activations()} for i, unit in units.items()}
        followed = {i: unit.rearmings.now() for i, unit in units.items()}
    assert since == {"east": {date(2026, 1, 6)}, "west": {date(2026, 1, 5)}, "none": {date(2026, 1, 5)}}
    for now in followed.values():
        assert now is not None
        assert (now.register, now.cursor, now.finished_at) == (1, "", None), (
            "timers are armed anew, as later editions do"
        )
    downgrade(empty, "0002")
    with empty.engine.connect() as connection:
        kept = connection.execute(
            text("SELECT * FROM activations WHERE institution = 'east' ORDER BY number")
        )
        assert [tuple(row)[1:5] for row in kept] == [
            (1, "register", "r", "admin"),
            (2, "labour", "l", "admin"),
        ]


@pytest.mark.parametrize("dates", [("2026-01-05", "2999-01-01"), ("2026-02-01", "2026-01-05")])
def test_what_the_second_edition_would_read_otherwise_keeps_the_schema_up(
    empty: Database, dates: tuple[str, str]
) -> None:
    empty.migrate()
    with empty.engine.begin() as connection:
        for number, since in enumerate(dates, 1):
            statement = (
                "INSERT INTO activations (institution, number, name, hash, by, at, since) "
                "VALUES (:i, :n, 'labour', 'h', 'admin', :at, :since)"
            )
            connection.execute(text(statement), HERE | {"n": number, "since": date.fromisoformat(since)})

    with pytest.raises(WrongUse):
        downgrade(empty, "0002")

    assert tables(empty) == set(metadata.tables)
