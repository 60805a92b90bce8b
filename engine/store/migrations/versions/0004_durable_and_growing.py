"""A revision of each case's row, dates that queues can be ordered by, and what sweeping remembers.

Room for: this one step of the schema, up and down, with what stood in it.
May not enter: the tables as they are today (`engine/store/tables.py`): a step must stay what it was.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

OF_TIME = sa.DateTime(timezone=True)

NEVER = "9999-12-31"


def upgrade() -> None:
    with op.batch_alter_table("cases") as batch_op:
        batch_op.add_column(sa.Column("revision", sa.Integer(), nullable=False, server_default="1"))
        batch_op.add_column(sa.Column("queue_due", sa.Date(), nullable=False, server_default=NEVER))
    with op.batch_alter_table("todos") as batch_op:
        batch_op.add_column(sa.Column("queue_due", sa.Date(), nullable=False, server_default=NEVER))
    for table in ("cases", "todos"):
        op.execute(sa.text(f"UPDATE {table} SET queue_due = due WHERE due IS NOT NULL"))
    _create_setbacks()
    _create_sweepers()
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
    with op.batch_alter_table("todos") as batch_op:
        batch_op.drop_column("queue_due")
    with op.batch_alter_table("cases") as batch_op:
        batch_op.drop_column("queue_due")
        batch_op.drop_column("revision")


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
        sa.Column("failed", sa.Integer(), nullable=False),
        sa.Column("lag_seconds", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("institution", "node"),
    )
