"""Calendars by load, the journal of shown dates, re-projection, incidents.

Room for: this one step of the schema, up and down, with what stood in it.
May not enter: the tables as they are today (`engine/store/tables.py`): a step must stay what it was.

Going down, the first schema has no place for: the rest days of single offices, earlier loads of a year, who loaded a
notice and when, the journal of shown dates, the incidents and who closed them, the last day a step is certainly in time,
all notices but one that a person had of one event, all targets of a case but one, and what a matter decides on. Where a
case holds an event of a kind the first edition does not know, going down is refused and nothing is lost.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from datetime import UTC, date, datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

from engine.errors import WrongUse
from engine.store.migrations.case_bodies import convert_bodies, with_layers, without_layers
from engine.text import Text

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

EVER = (date.min, date.max)
"""The reach of a case that nobody has measured yet: it is looked at whatever days change."""

GOES_ON = "(open OR EXISTS (SELECT 1 FROM matters AS m WHERE m.institution = cases.institution AND m.case_id = cases.id AND m.open))"
"""A case whose dates may still move: its file may be in custody long after the case itself was closed."""

Row = dict[str, Any]


def upgrade() -> None:
    years, days = _rows("calendar_years", "year", "notice"), _rows("calendar_days", "day", "rest", "notice")
    op.drop_table("calendar_years")
    op.drop_table("calendar_days")
    _create_calendar_loads()
    _create_calendar_days(by_load=True)
    _create_reprojections()
    _create_shown_dates()
    _create_incidents()
    _keep_loads(years, days)
    _widen_notices(("institution", "case_id", "seq", "person", "code"))
    _add_columns()
    convert_bodies(with_layers)
    _begin_journal()


def downgrade() -> None:
    _refuse_new_events()
    convert_bodies(without_layers)
    with op.batch_alter_table("todos") as batch_op:
        batch_op.drop_index("todos_by_overdue_after")
        batch_op.drop_column("overdue_after")
        batch_op.create_index("todos_by_due", ["institution", "due", "case_id"], unique=False)
    with op.batch_alter_table("cases") as batch_op:
        batch_op.drop_index("cases_by_calendar")
        batch_op.drop_column("calendar_until")
        batch_op.drop_column("calendar_from")
    _one_notice_an_event()
    _widen_notices(("institution", "case_id", "seq", "person"))
    loads = _rows("calendar_loads", "number", "year", "office", "notice")
    days = _rows("calendar_days", "load", "day", "rest", "notice")
    for table in ("incidents", "shown_dates", "reprojections", "calendar_days", "calendar_loads"):
        op.drop_table(table)
    _create_calendar_days(by_load=False)
    _create_calendar_years()
    _keep_years(loads, days)


# --- tables -----------------------------------------------------------------------------------------------


def _institution() -> sa.Column[str]:
    return sa.Column("institution", sa.String(length=60), nullable=False)


def _create_calendar_loads() -> None:
    op.create_table(
        "calendar_loads",
        _institution(),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("office", sa.String(length=60), nullable=False),
        sa.Column("notice", sa.String(length=120), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("loaded_by", sa.String(length=60), nullable=False),
        sa.Column("loaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("institution", "number"),
    )


def _create_calendar_days(*, by_load: bool) -> None:
    load = [sa.Column("load", sa.Integer(), nullable=False)] if by_load else []
    op.create_table(
        "calendar_days",
        _institution(),
        *load,
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("rest", sa.Boolean(), nullable=False),
        sa.Column("notice", sa.String(length=120), nullable=False),
        sa.PrimaryKeyConstraint("institution", *(c.name for c in load), "day"),
    )


def _create_calendar_years() -> None:
    op.create_table(
        "calendar_years",
        _institution(),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("notice", sa.String(length=120), nullable=False),
        sa.PrimaryKeyConstraint("institution", "year"),
    )


def _create_reprojections() -> None:
    op.create_table(
        "reprojections",
        _institution(),
        sa.Column("load", sa.Integer(), nullable=False),
        sa.Column("cursor", sa.String(length=40), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("moved", sa.Integer(), nullable=False),
        sa.Column("failed", sa.Integer(), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("institution", "load"),
    )


def _create_shown_dates() -> None:
    op.create_table(
        "shown_dates",
        _institution(),
        sa.Column("case_id", sa.String(length=40), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("clock", sa.String(length=20), nullable=False),
        sa.Column("due", sa.Date(), nullable=True),
        sa.Column("overdue_after", sa.Date(), nullable=True),
        sa.Column("target_due", sa.Date(), nullable=True),
        sa.Column("load", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("institution", "case_id", "seq"),
    )
    op.create_index("shown_dates_by_load", "shown_dates", ["institution", "load", "case_id"])


def _create_incidents() -> None:
    op.create_table(
        "incidents",
        _institution(),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.String(length=40), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("same", sa.Text(), nullable=False),
        sa.Column("zh", sa.Text(), nullable=False),
        sa.Column("en", sa.Text(), nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by", sa.String(length=60), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("institution", "number"),
    )
    op.create_index("incidents_by_case", "incidents", ["institution", "case_id", "code"])


def _widen_notices(key: tuple[str, ...]) -> None:
    names = "institution, case_id, seq, person, matter, code, zh, en, from_at, read_at"
    op.create_table(
        "notices_anew",
        _institution(),
        sa.Column("case_id", sa.String(length=40), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("person", sa.String(length=60), nullable=False),
        sa.Column("matter", sa.String(length=10), nullable=False),
        sa.Column("code", sa.String(length=120), nullable=False),
        sa.Column("zh", sa.Text(), nullable=False),
        sa.Column("en", sa.Text(), nullable=False),
        sa.Column("from_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint(*key),
    )
    op.execute(sa.text(f"INSERT INTO notices_anew ({names}) SELECT {names} FROM notices"))
    op.drop_table("notices")
    op.rename_table("notices_anew", "notices")
    op.create_index("notices_by_person", "notices", ["institution", "person", "from_at"])


def _one_notice_an_event() -> None:
    op.execute(
        sa.text(
            "DELETE FROM notices WHERE EXISTS (SELECT 1 FROM notices AS other WHERE "
            "other.institution = notices.institution AND other.case_id = notices.case_id AND "
            "other.seq = notices.seq AND other.person = notices.person AND other.code < notices.code)"
        )
    )


def _add_columns() -> None:
    op.add_column("todos", sa.Column("overdue_after", sa.Date(), nullable=True))
    op.drop_index("todos_by_due", "todos")
    op.create_index("todos_by_overdue_after", "todos", ["institution", "overdue_after", "case_id"])
    op.execute(sa.text("UPDATE todos SET overdue_after = due"))
    op.add_column("cases", sa.Column("calendar_from", sa.Date(), nullable=True))
    op.add_column("cases", sa.Column("calendar_until", sa.Date(), nullable=True))
    op.create_index(
        "cases_by_calendar",
        "cases",
        ["institution", "open", "id", "calendar_from", "calendar_until", "office"],
    )


# --- what stands in them ----------------------------------------------------------------------------------


def _rows(table: str, *names: str) -> list[Row]:
    there = sa.table(table, sa.column("institution"), *(_typed(name) for name in names))
    return [dict(row._mapping) for row in op.get_bind().execute(sa.select(there))]


def _typed(name: str) -> sa.ColumnClause[Any]:
    types: dict[str, Any] = {"day": sa.Date(), "rest": sa.Boolean()}
    return sa.column(name, types.get(name, sa.String()))


def _instants(table: str, *names: str) -> sa.TableClause:
    of_time = sa.DateTime(timezone=True)
    columns = [sa.column(name, of_time if name.endswith("at") else None) for name in names]
    return sa.table(table, *columns)


def _keep_loads(years: list[Row], days: list[Row]) -> None:
    """Each year becomes one load, in the order of years, as loaded when the institution was founded."""
    bind = op.get_bind()
    activations = _instants("activations", "institution", "at")
    founded = dict(
        bind.execute(
            sa.select(activations.c.institution, sa.func.min(activations.c.at)).group_by(
                activations.c.institution
            )
        ).all()
    )
    numbers: dict[tuple[str, int], int] = {}
    notices: dict[tuple[str, int], str] = {}
    for row in sorted(years, key=lambda row: (row["institution"], row["year"])):
        mine = sum(institution == row["institution"] for institution, _ in numbers)
        numbers[row["institution"], row["year"]] = mine + 1
        notices[row["institution"], row["year"]] = row["notice"]
    by_load: dict[tuple[str, int], list[Row]] = defaultdict(list)
    for row in sorted(days, key=lambda row: row["day"]):
        year = _year_of(row, notices)
        if year is not None:
            by_load[row["institution"], year].append(row)
    for (institution, year), number in numbers.items():
        mine_days = by_load[institution, year]
        bind.execute(
            _loads().insert(),
            {"institution": institution, "number": number, "year": year, "office": "",
             "notice": notices[institution, year], "digest": _digest(mine_days), "loaded_by": "",
             "loaded_at": founded.get(institution) or datetime(1970, 1, 1, tzinfo=UTC)},
        )  # fmt: skip
        if mine_days:
            bind.execute(_days(by_load=True).insert(), [{**row, "load": number} for row in mine_days])
    # What the cases rest on is not measured yet: the first sweep makes their rows anew.
    for institution in {institution for institution, _ in numbers}:
        last = max(number for (whose, _), number in numbers.items() if whose == institution)
        bind.execute(
            sa.text(
                "INSERT INTO reprojections (institution, load, cursor, total, done, moved, failed) SELECT institution, :n, '', count(*), 0, 0, 0 "
                f"FROM cases WHERE institution = :i AND {GOES_ON} GROUP BY institution"
            ),
            {"i": institution, "n": last},
        )


def _year_of(row: Row, notices: dict[tuple[str, int], str]) -> int | None:
    # A notice reaches back into the December before it.
    year = row["day"].year
    known = [y for y in (year, year + 1) if (row["institution"], y) in notices]
    named = [y for y in known if notices[row["institution"], y] == row["notice"]]
    return next(iter([*named, *known]), None)


def _digest(days: list[Row]) -> str:
    plain = [[row["day"].isoformat(), bool(row["rest"])] for row in days]
    return hashlib.sha256(json.dumps(plain).encode()).hexdigest()


def _keep_years(loads: list[Row], days: list[Row]) -> None:
    bind = op.get_bind()
    in_force: dict[tuple[str, int], Row] = {}
    for load in sorted(loads, key=lambda load: load["number"]):
        if not load["office"]:
            in_force[load["institution"], load["year"]] = load
    years = {(load["institution"], load["number"]): load["year"] for load in in_force.values()}
    kept: dict[tuple[str, date], Row] = {}
    for row in sorted(days, key=lambda row: years.get((row["institution"], row["load"]), 0)):
        if (row["institution"], row["load"]) in years:
            kept[row["institution"], row["day"]] = {name: row[name] for name in row if name != "load"}
    table = sa.table("calendar_years", sa.column("institution"), sa.column("year"), sa.column("notice"))
    for (institution, year), load in in_force.items():
        bind.execute(table.insert(), {"institution": institution, "year": year, "notice": load["notice"]})
    if kept:
        bind.execute(_days(by_load=False).insert(), list(kept.values()))


def _loads() -> sa.TableClause:
    names = ("institution", "number", "year", "office", "notice", "digest", "loaded_by", "loaded_at")
    return _instants("calendar_loads", *names)


def _days(*, by_load: bool) -> sa.TableClause:
    load: list[sa.ColumnClause[Any]] = [sa.column("load")] if by_load else []
    return sa.table("calendar_days", sa.column("institution"), *load, *map(_typed, ("day", "rest", "notice")))


def _begin_journal() -> None:
    op.execute(
        sa.text(
            "INSERT INTO shown_dates (institution, case_id, seq, at, clock, due, overdue_after, target_due, load) "
            "SELECT c.institution, c.id, c.version, e.recorded_at, c.clock, c.due, c.overdue_after, c.target_due, NULL "
            "FROM cases c JOIN events e ON e.institution = c.institution AND e.case_id = c.id AND e.seq = c.version"
        )
    )
    ever = sa.bindparam("first", EVER[0], sa.Date()), sa.bindparam("last", EVER[1], sa.Date())
    op.execute(
        sa.text(
            f"UPDATE cases SET calendar_from = :first, calendar_until = :last WHERE {GOES_ON}"
        ).bindparams(*ever)
    )


def _refuse_new_events() -> None:
    found = op.get_bind().execute(sa.text("SELECT count(*) FROM events WHERE kind = 'redated'")).scalar_one()
    if found:
        raise WrongUse(
            Text(
                "有{n}条记录是旧版程序不认识的日期变动；不能降级，未作改动。请用升级前的备份。",
                "There are {n} events of moved dates, which the older program does not know; it cannot go down, and nothing was changed. Use the backup made before the upgrade.",
            ).filled(n=found)
        )
