"""Checkpoints over all cases, and where archived contents went.

Room for: this one step of the schema, up and down, with what stood in it.
May not enter: the tables as they are today (`engine/store/tables.py`): a step must stay what it was.

Going down, checkpoints are lost: whoever keeps their printed heads can still show what they were. Where contents were moved to
archive bundles, going down is refused, since the earlier edition would take them for tampered with.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from engine.errors import WrongUse
from engine.text import Text

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

OF_TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    _create_checkpoints()
    _create_seals()
    _create_archives()
    op.add_column("documents", sa.Column("moved_to", sa.Integer(), nullable=True))


def downgrade() -> None:
    moved = sa.text("SELECT count(*) FROM documents WHERE moved_to IS NOT NULL")
    if op.get_bind().execute(moved).scalar_one():
        raise WrongUse(
            Text(
                "有文书内容已移入档案包，旧版程序不认识；不能降级，未作改动。请先用 anxu archive --back 取回。",
                "Contents have moved to archive bundles, which the older program does not know; it cannot go down, and nothing was changed. Bring them back with anxu archive --back first.",
            )
        )
    with op.batch_alter_table("documents") as batch_op:
        batch_op.drop_column("moved_to")
    for table in ("archives", "sealings", "seals", "checkpoints"):
        op.drop_table(table)


def _institution() -> sa.Column[str]:
    return sa.Column("institution", sa.String(length=60), nullable=False)


def _hex(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.String(length=64), nullable=False)


def _create_checkpoints() -> None:
    op.create_table(
        "checkpoints",
        _institution(),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("made_at", OF_TIME, nullable=False),
        sa.Column("cases", sa.BigInteger(), nullable=False),
        sa.Column("events", sa.BigInteger(), nullable=False),
        sa.Column("sealed", sa.Integer(), nullable=False),
        sa.Column("hashed", sa.String(length=20), nullable=False),
        _hex("root"),
        _hex("previous"),
        _hex("head"),
        sa.PrimaryKeyConstraint("institution", "number"),
    )


def _create_seals() -> None:
    op.create_table(
        "seals",
        _institution(),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("subject", sa.String(length=40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("checkpoint", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        _hex("head"),
        _hex("beside"),
        sa.PrimaryKeyConstraint("institution", "kind", "subject", "version"),
    )
    op.create_index("seals_by_place", "seals", ["institution", "checkpoint", "place"], unique=True)
    op.create_table(
        "sealings",
        _institution(),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("cursor", sa.String(length=40), nullable=False),
        sa.Column("sealed", sa.Integer(), nullable=False),
        sa.Column("hashed", sa.String(length=20), nullable=False),
        sa.Column("finished_at", OF_TIME, nullable=True),
        sa.PrimaryKeyConstraint("institution"),
    )


def _create_archives() -> None:
    op.create_table(
        "archives",
        _institution(),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("case_id", sa.String(length=40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("file", sa.String(length=255), nullable=False),
        _hex("digest"),
        _hex("signer"),
        sa.Column("by", sa.String(length=120), nullable=False),
        sa.Column("at", OF_TIME, nullable=False),
        sa.PrimaryKeyConstraint("institution", "number"),
    )
    op.create_index("archives_by_case", "archives", ["institution", "case_id", "number"])
