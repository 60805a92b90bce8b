"""The first schema.

Room for: this one step of the schema, up and down.
May not enter: the tables as they are today (`engine/store/tables.py`): a step must stay what it was.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    _create_absences()
    _create_activations()
    _create_calendar_days()
    _create_calendar_years()
    _create_case_documents()
    _create_cases()
    _create_definitions()
    _create_documents()
    _create_editions()
    _create_events()
    _create_holdings()
    _create_matters()
    _create_notices()
    _create_numbers()
    _create_people()
    _create_requests()
    _create_timers()
    _create_todos()


def downgrade() -> None:
    op.drop_table("todos")
    op.drop_table("timers")
    op.drop_table("requests")
    op.drop_table("people")
    op.drop_table("numbers")
    op.drop_table("notices")
    op.drop_table("matters")
    op.drop_table("holdings")
    op.drop_table("events")
    op.drop_table("editions")
    op.drop_table("documents")
    op.drop_table("definitions")
    op.drop_table("cases")
    op.drop_table("case_documents")
    op.drop_table("calendar_years")
    op.drop_table("calendar_days")
    op.drop_table("activations")
    op.drop_table("absences")


def _create_absences() -> None:
    op.create_table(
        "absences",
        sa.Column("institution", sa.String(length=60), nullable=False),
        sa.Column("person", sa.String(length=60), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("substitute", sa.String(length=60), nullable=True),
        sa.PrimaryKeyConstraint("institution", "person", "since"),
    )


def _create_activations() -> None:
    op.create_table(
        "activations",
        sa.Column("institution", sa.String(length=60), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("by", sa.String(length=60), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("institution", "number"),
    )


def _create_calendar_days() -> None:
    op.create_table(
        "calendar_days",
        sa.Column("institution", sa.String(length=60), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("rest", sa.Boolean(), nullable=False),
        sa.Column("notice", sa.String(length=120), nullable=False),
        sa.PrimaryKeyConstraint("institution", "day"),
    )


def _create_calendar_years() -> None:
    op.create_table(
        "calendar_years",
        sa.Column("institution", sa.String(length=60), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("notice", sa.String(length=120), nullable=False),
        sa.PrimaryKeyConstraint("institution", "year"),
    )


def _create_case_documents() -> None:
    op.create_table(
        "case_documents",
        sa.Column("institution", sa.String(length=60), nullable=False),
        sa.Column("case_id", sa.String(length=40), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("matter", sa.String(length=10), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("institution", "case_id", "digest", "kind", "matter"),
    )


def _create_cases() -> None:
    op.create_table(
        "cases",
        sa.Column("institution", sa.String(length=60), nullable=False),
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("office", sa.String(length=60), nullable=False),
        sa.Column("number", sa.String(length=120), nullable=False),
        sa.Column("number_folded", sa.String(length=120), nullable=False),
        sa.Column("procedure", sa.String(length=60), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=60), nullable=False),
        sa.Column("stage", sa.String(length=60), nullable=False),
        sa.Column("open", sa.Boolean(), nullable=False),
        sa.Column("clock", sa.String(length=20), nullable=False),
        sa.Column("due", sa.Date(), nullable=True),
        sa.Column("overdue_after", sa.Date(), nullable=True),
        sa.Column("target_due", sa.Date(), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("parties_folded", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("institution", "id"),
    )
    with op.batch_alter_table("cases", schema=None) as batch_op:
        batch_op.create_index("cases_by_due", ["institution", "open", "due", "id"], unique=False)
        batch_op.create_index("cases_by_folded_number", ["institution", "number_folded"], unique=False)
        batch_op.create_index("cases_by_number", ["institution", "number"], unique=True)
        batch_op.create_index("cases_by_state", ["institution", "state", "id"], unique=False)


def _create_definitions() -> None:
    op.create_table(
        "definitions",
        sa.Column("institution", sa.String(length=60), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("file", sa.String(length=255), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("institution", "hash"),
    )


def _create_documents() -> None:
    op.create_table(
        "documents",
        sa.Column("institution", sa.String(length=60), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("media_type", sa.String(length=120), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("stored_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("institution", "digest"),
    )


def _create_editions() -> None:
    op.create_table(
        "editions",
        sa.Column("institution", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("institution", "name"),
    )


def _create_events() -> None:
    op.create_table(
        "events",
        sa.Column("institution", sa.String(length=60), nullable=False),
        sa.Column("case_id", sa.String(length=40), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("institution", "case_id", "seq"),
    )


def _create_holdings() -> None:
    op.create_table(
        "holdings",
        sa.Column("institution", sa.String(length=60), nullable=False),
        sa.Column("person", sa.String(length=60), nullable=False),
        sa.Column("role", sa.String(length=60), nullable=False),
        sa.Column("office", sa.String(length=60), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("institution", "person", "role", "office", "since"),
    )


def _create_matters() -> None:
    op.create_table(
        "matters",
        sa.Column("institution", sa.String(length=60), nullable=False),
        sa.Column("case_id", sa.String(length=40), nullable=False),
        sa.Column("id", sa.String(length=10), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("procedure", sa.String(length=60), nullable=False),
        sa.Column("definition", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=60), nullable=False),
        sa.Column("party", sa.String(length=20), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("open", sa.Boolean(), nullable=False),
        sa.Column("outcome", sa.String(length=60), nullable=True),
        sa.PrimaryKeyConstraint("institution", "case_id", "id"),
    )
    with op.batch_alter_table("matters", schema=None) as batch_op:
        batch_op.create_index("matters_by_definition", ["institution", "definition", "open"], unique=False)
        batch_op.create_index("matters_by_kind", ["institution", "kind", "open", "case_id"], unique=False)


def _create_notices() -> None:
    op.create_table(
        "notices",
        sa.Column("institution", sa.String(length=60), nullable=False),
        sa.Column("case_id", sa.String(length=40), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("person", sa.String(length=60), nullable=False),
        sa.Column("matter", sa.String(length=10), nullable=False),
        sa.Column("code", sa.String(length=120), nullable=False),
        sa.Column("zh", sa.Text(), nullable=False),
        sa.Column("en", sa.Text(), nullable=False),
        sa.Column("from_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("institution", "case_id", "seq", "person"),
    )
    with op.batch_alter_table("notices", schema=None) as batch_op:
        batch_op.create_index("notices_by_person", ["institution", "person", "from_at"], unique=False)


def _create_numbers() -> None:
    op.create_table(
        "numbers",
        sa.Column("institution", sa.String(length=60), nullable=False),
        sa.Column("series", sa.String(length=60), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("institution", "series", "year"),
    )


def _create_people() -> None:
    op.create_table(
        "people",
        sa.Column("institution", sa.String(length=60), nullable=False),
        sa.Column("id", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("password", sa.String(length=255), nullable=True),
        sa.Column("failures", sa.Integer(), server_default="0", nullable=False),
        sa.Column("locked_until", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("institution", "id"),
    )


def _create_requests() -> None:
    op.create_table(
        "requests",
        sa.Column("institution", sa.String(length=60), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("case_id", sa.String(length=40), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("first", sa.Integer(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("institution", "key"),
    )


def _create_timers() -> None:
    op.create_table(
        "timers",
        sa.Column("institution", sa.String(length=60), nullable=False),
        sa.Column("case_id", sa.String(length=40), nullable=False),
        sa.Column("matter", sa.String(length=10), nullable=False),
        sa.Column("subject", sa.String(length=255), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("rung", sa.String(length=20), nullable=False),
        sa.Column("occurrence", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("institution", "case_id", "matter", "subject", "round", "rung", "occurrence"),
    )
    with op.batch_alter_table("timers", schema=None) as batch_op:
        batch_op.create_index("timers_by_due", ["institution", "due_at", "case_id"], unique=False)


def _create_todos() -> None:
    op.create_table(
        "todos",
        sa.Column("institution", sa.String(length=60), nullable=False),
        sa.Column("case_id", sa.String(length=40), nullable=False),
        sa.Column("matter", sa.String(length=10), nullable=False),
        sa.Column("role", sa.String(length=60), nullable=False),
        sa.Column("person", sa.String(length=60), nullable=False),
        sa.Column("office", sa.String(length=60), nullable=False),
        sa.Column("state", sa.String(length=60), nullable=False),
        sa.Column("due", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("institution", "case_id", "matter", "role", "person"),
    )
    with op.batch_alter_table("todos", schema=None) as batch_op:
        batch_op.create_index("todos_by_due", ["institution", "due", "case_id"], unique=False)
        batch_op.create_index("todos_by_person", ["institution", "person", "due"], unique=False)
        batch_op.create_index("todos_by_role", ["institution", "office", "role", "due"], unique=False)
