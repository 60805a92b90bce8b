"""Activations with the day they hold from and who approved them, proposals, and how far the cases follow a register.

Room for: this one step of the schema, up and down, with what stood in it.
May not enter: the tables as they are today (`engine/store/tables.py`): a step must stay what it was.

Going down, the second schema has no place for the proposals, who approved an activation and the day it holds from.
There what was activated last is in force; where that is not what is in force today, or something is dated ahead,
going down is refused and nothing is lost.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import sqlalchemy as sa
from alembic import op

from engine.errors import WrongUse
from engine.text import Text

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

OF_TIME = sa.DateTime(timezone=True)

ZONE = re.compile(r"^zone:\s*[\"']?([A-Za-z0-9_+/-]+)", re.MULTILINE)


def upgrade() -> None:
    op.add_column("activations", sa.Column("since", sa.Date(), nullable=True))
    op.add_column("activations", sa.Column("approved_by", sa.String(length=60), nullable=True))
    op.add_column("activations", sa.Column("proposal", sa.Integer(), nullable=True))
    _date_activations()
    with op.batch_alter_table("activations") as batch_op:
        batch_op.alter_column("since", existing_type=sa.Date(), nullable=False)
    _create_proposals()
    _create_rearmings()
    _party_holds(120, was=20)


def downgrade() -> None:
    _refuse_other_order()
    _refuse_matters_of_cases()
    _party_holds(20, was=120)
    op.drop_table("rearmings")
    op.drop_table("proposals")
    with op.batch_alter_table("activations") as batch_op:
        batch_op.drop_column("proposal")
        batch_op.drop_column("approved_by")
        batch_op.drop_column("since")


def _institution() -> sa.Column[str]:
    return sa.Column("institution", sa.String(length=60), nullable=False)


def _create_proposals() -> None:
    op.create_table(
        "proposals",
        _institution(),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("proposed_by", sa.String(length=60), nullable=False),
        sa.Column("proposed_at", OF_TIME, nullable=False),
        sa.Column("stood_in_for", sa.Text(), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=True),
        sa.Column("decided_by", sa.String(length=60), nullable=True),
        sa.Column("decided_at", OF_TIME, nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("institution", "number"),
    )


def _create_rearmings() -> None:
    op.create_table(
        "rearmings",
        _institution(),
        sa.Column("register", sa.Integer(), nullable=False),
        sa.Column("cursor", sa.String(length=40), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("finished_at", OF_TIME, nullable=True),
        sa.PrimaryKeyConstraint("institution"),
    )
    op.execute(
        sa.text(
            "INSERT INTO rearmings (institution, register, cursor, done, finished_at) "
            "SELECT institution, max(number), '', 0, max(at) FROM activations "
            "WHERE name = 'register' GROUP BY institution"
        )
    )


def _date_activations() -> None:
    """Each activation holds from its own day in the zone of the register activated last before or with it."""
    bind = op.get_bind()
    definitions = sa.table("definitions", sa.column("institution"), sa.column("hash"), sa.column("text"))
    activations = _activations()
    c = activations.c
    zones: dict[tuple[str, str], ZoneInfo] = {}
    query = sa.select(definitions).where(
        sa.exists().where(
            c.institution == definitions.c.institution, c.hash == definitions.c.hash, c.name == "register"
        )
    )
    for row in bind.execute(query):
        zones[row.institution, row.hash] = _zone(row.text)
    now: dict[str, ZoneInfo] = {}
    rows = bind.execute(
        sa.select(c.institution, c.number, c.name, c.hash, c.at).order_by(c.institution, c.number)
    )
    for row in rows.all():
        if row.name == "register":
            now[row.institution] = zones.get((row.institution, row.hash), ZoneInfo("UTC"))
        at: datetime = row.at if row.at.tzinfo else row.at.replace(tzinfo=UTC)
        since = at.astimezone(now.get(row.institution, ZoneInfo("UTC"))).date()
        bind.execute(
            sa.update(activations)
            .where(c.institution == row.institution, c.number == row.number)
            .values(since=since)
        )


def _zone(text: str) -> ZoneInfo:
    found = ZONE.search(text)
    try:
        return ZoneInfo(found[1] if found else "UTC")
    except ZoneInfoNotFoundError:
        return ZoneInfo("UTC")


def _refuse_other_order() -> None:
    c = _activations().c
    rows = op.get_bind().execute(sa.select(c.institution, c.name, c.number, c.since).order_by(c.number)).all()
    latest: dict[tuple[str, str], date] = {}
    today = datetime.now(UTC).date()
    for row in rows:
        before = latest.get((row.institution, row.name), row.since)
        if row.since < before or row.since > today:
            raise WrongUse(
                Text(
                    "“{name}”有预定日后生效的版本，旧版程序不认识；不能降级，未作改动。请用升级前的备份。",
                    "“{name}” has a version dated ahead, which the older program does not know; it cannot go down, and nothing was changed. Use the backup made before the upgrade.",
                ).filled(name=row.name)
            )
        latest[row.institution, row.name] = row.since


def _party_holds(characters: int, *, was: int) -> None:
    # A matter may be for another case, which it names by its number.
    with op.batch_alter_table("matters") as batch_op:
        batch_op.alter_column(
            "party", existing_type=sa.String(was), type_=sa.String(characters), existing_nullable=True
        )


def _refuse_matters_of_cases() -> None:
    party = sa.column("party", sa.String())
    longest = sa.select(sa.func.max(sa.func.length(party))).select_from(sa.table("matters", party))
    if (op.get_bind().execute(longest).scalar_one_or_none() or 0) > 20:
        raise WrongUse(
            Text(
                "有事项以其他案件为对象，旧版程序存不下其案号；不能降级，未作改动。请用升级前的备份。",
                "A matter is about another case, whose number the older program cannot keep; it cannot go down, and nothing was changed. Use the backup made before the upgrade.",
            )
        )


def _activations() -> sa.TableClause:
    types: dict[str, Any] = {"at": OF_TIME, "since": sa.Date()}
    names = ("institution", "number", "name", "hash", "at", "since")
    return sa.table("activations", *(sa.column(name, types.get(name, sa.String())) for name in names))
