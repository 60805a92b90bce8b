"""A revision of each case's row, dates that queues can be ordered by, and what sweeping remembers.

Room for: this one step of the schema, up and down, with what stood in it.
May not enter: the tables as they are today (`engine/store/tables.py`): a step must stay what it was.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

OF_TIME = sa.DateTime(timezone=True)

NEVER = "9999-12-31"

OPEN, ENDED = ("open", "open = 1"), ("NOT open", "open = 0")
RESTING = ("calendar_from IS NOT NULL",) * 2
NAMED, POOLED = ("person <> ''",) * 2, ("person = ''",) * 2
UNREAD, MOVED = ("read_at IS NULL",) * 2, ("load IS NOT NULL",) * 2

INDEXES: tuple[tuple[str, str, tuple[str, str] | None, tuple[str, ...]], ...] = (
    ("cases_open_by_due", "cases", OPEN, ("queue_due", "id")),
    ("cases_open_by_office", "cases", OPEN, ("office", "queue_due", "id")),
    ("cases_open_by_stage", "cases", OPEN, ("stage", "queue_due", "id")),
    ("cases_ended_by_due", "cases", ENDED, ("queue_due", "id")),
    ("cases_ended_by_office", "cases", ENDED, ("office", "queue_due", "id")),
    ("cases_ended_by_stage", "cases", ENDED, ("stage", "queue_due", "id")),
    ("cases_ended_by_state", "cases", ENDED, ("state", "queue_due", "id")),
    ("cases_by_calendar", "cases", RESTING, ("id", "calendar_from", "calendar_until", "office")),
    ("matters_by_kind", "matters", OPEN, ("kind", "case_id")),
    ("matters_by_definition", "matters", OPEN, ("definition", "case_id")),
    ("todos_by_person", "todos", NAMED, ("person", "queue_due", "case_id", "matter", "role")),
    ("todos_by_relation", "todos", NAMED, ("role", "queue_due", "case_id", "matter", "person")),
    ("todos_by_pool", "todos", POOLED, ("role", "office", "queue_due", "case_id", "matter")),
    ("todos_by_state", "todos", None, ("state", "queue_due", "case_id", "matter", "role", "person")),
    ("todos_by_overdue_after", "todos", None, ("overdue_after", "case_id", "matter", "state", "office")),
    ("notices_by_person", "notices", None, ("person", "from_at", "case_id", "seq", "code")),
    ("notices_unread", "notices", UNREAD, ("person", "from_at", "case_id", "seq", "code")),
    ("shown_dates_by_load", "shown_dates", MOVED, ("load", "case_id")),
    ("shown_dates_by_day", "shown_dates", None, ("overdue_after", "case_id")),
)
"""Name, table, which rows (on PostgreSQL, on SQLite), columns after the institution."""

EARLIER: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("cases_by_due", "cases", ("open", "due", "id")),
    ("cases_by_state", "cases", ("state", "id")),
    ("cases_by_calendar", "cases", ("open", "id", "calendar_from", "calendar_until", "office")),
    ("matters_by_kind", "matters", ("kind", "open", "case_id")),
    ("matters_by_definition", "matters", ("definition", "open")),
    ("todos_by_person", "todos", ("person", "due")),
    ("todos_by_role", "todos", ("office", "role", "due")),
    ("todos_by_overdue_after", "todos", ("overdue_after", "case_id")),
    ("notices_by_person", "notices", ("person", "from_at")),
    ("shown_dates_by_load", "shown_dates", ("load", "case_id")),
)

CASES_ROOM = "SET (fillfactor = 75)"
"""A case's row is written with every act. Where its page has room the new version stands in it, and no index is touched."""

OFTEN_CLEANED = "SET (autovacuum_vacuum_scale_factor = 0.02)"
"""Rows come and go at the head of these tables' indexes: a fifth of a million dead ones would be read through each time."""


def upgrade() -> None:
    with op.batch_alter_table("cases") as batch_op:
        batch_op.add_column(sa.Column("revision", sa.Integer(), nullable=False, server_default="1"))
        batch_op.add_column(sa.Column("queue_due", sa.Date(), nullable=False, server_default=NEVER))
    with op.batch_alter_table("todos") as batch_op:
        batch_op.add_column(sa.Column("queue_due", sa.Date(), nullable=False, server_default=NEVER))
    for table in ("cases", "todos"):
        op.execute(sa.text(f"UPDATE {table} SET queue_due = due WHERE due IS NOT NULL"))
    # What moves with the calendar is told by these days, not by whether the case itself is open: custody goes on.
    op.execute(
        sa.text(
            "UPDATE cases SET calendar_from = NULL, calendar_until = NULL WHERE NOT open AND NOT EXISTS (SELECT 1 FROM matters m "
            "WHERE m.institution = cases.institution AND m.case_id = cases.id AND m.open)"
        )
    )
    _create_setbacks()
    _create_sweepers()
    _renew_indexes()
    _tune_postgresql(CASES_ROOM, OFTEN_CLEANED)
    op.execute(
        sa.text(
            "INSERT INTO editions (institution, name, number) "
            "SELECT institution, 'all', sum(number) FROM editions GROUP BY institution"
        )
    )


def downgrade() -> None:
    op.execute(sa.text("DELETE FROM editions WHERE name = 'all'"))
    op.drop_table("sweepers")
    op.drop_table("setbacks")
    _tune_postgresql("RESET (fillfactor)", "RESET (autovacuum_vacuum_scale_factor)")
    _earlier_indexes()
    with op.batch_alter_table("todos") as batch_op:
        batch_op.drop_column("queue_due")
    with op.batch_alter_table("cases") as batch_op:
        batch_op.drop_column("queue_due")
        batch_op.drop_column("revision")


def _renew_indexes() -> None:
    for name, table, _ in EARLIER:
        op.drop_index(name, table_name=table)
    for name, table, rows, columns in INDEXES:
        only: dict[str, Any] = {}
        if rows:
            only = {"postgresql_where": sa.text(rows[0]), "sqlite_where": sa.text(rows[1])}
        op.create_index(name, table, ["institution", *columns], **only)


def _earlier_indexes() -> None:
    for name, table, _, _ in INDEXES:
        op.drop_index(name, table_name=table)
    for name, table, columns in EARLIER:
        op.create_index(name, table, ["institution", *columns])


def _tune_postgresql(cases: str, busy: str) -> None:
    if op.get_context().dialect.name == "postgresql":
        op.execute(sa.text(f"ALTER TABLE cases {cases}"))
        for table in ("cases", "todos", "timers"):
            op.execute(sa.text(f"ALTER TABLE {table} {busy}"))


def _institution() -> sa.Column[str]:
    return sa.Column("institution", sa.String(length=60), nullable=False)


def _create_setbacks() -> None:
    op.create_table(
        "setbacks",
        _institution(),
        sa.Column("case_id", sa.String(length=40), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("first_at", OF_TIME, nullable=False),
        sa.Column("last_at", OF_TIME, nullable=False),
        sa.Column("next_at", OF_TIME, nullable=True),
        sa.Column("zh", sa.Text(), nullable=False),
        sa.Column("en", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("institution", "case_id"),
    )


def _create_sweepers() -> None:
    op.create_table(
        "sweepers",
        _institution(),
        sa.Column("node", sa.String(length=120), nullable=False),
        sa.Column("edition", sa.String(length=20), nullable=False),
        sa.Column("seen_at", OF_TIME, nullable=False),
        sa.Column("swept_at", OF_TIME, nullable=True),
        sa.Column("fired", sa.Integer(), nullable=False),
        sa.Column("late", sa.Integer(), nullable=False),
        sa.Column("failed", sa.Integer(), nullable=False),
        sa.Column("lag_seconds", sa.Integer(), nullable=False),
        sa.Column("clock_seconds", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("institution", "node"),
    )
