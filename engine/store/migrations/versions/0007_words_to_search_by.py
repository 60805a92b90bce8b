"""Words to search by: every ending of a party's name and the beginnings of a case's number, each in a row of its own.

Room for: this one step of the schema, up and down, with what stood in it.
May not enter: the tables as they are today (`engine/store/tables.py`): a step must stay what it was.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

MOST = 40
AT_ONCE = 2_000

YEAR_AND_NUMBER, SERIAL = re.compile(r"\d{4}\|\d+"), re.compile(r"\|(\d+)$")


def upgrade() -> None:
    _create_case_words()
    _fill_case_words()


def downgrade() -> None:
    op.drop_table("case_words")


def _create_case_words() -> None:
    word = sa.String(length=MOST).with_variant(sa.String(length=MOST, collation="C"), "postgresql")
    op.create_table(
        "case_words",
        sa.Column("institution", sa.String(length=60), nullable=False),
        sa.Column("word", word, nullable=False),
        sa.Column("case_id", sa.String(length=40), nullable=False),
        sa.PrimaryKeyConstraint("institution", "word", "case_id"),
        sqlite_with_rowid=False,
    )


def _fill_case_words() -> None:
    bind = op.get_bind()
    words = sa.table("case_words", *map(sa.column, ("institution", "word", "case_id")))
    c = sa.table(
        "cases", *map(sa.column, ("institution", "id", "number_folded", "parties_folded"))
    ).c  # fmt: skip
    query = sa.select(c.institution, c.id, c.number_folded, c.parties_folded).order_by(c.institution, c.id)
    after = ("", "")
    while rows := bind.execute(
        query.where(sa.tuple_(c.institution, c.id) > sa.tuple_(*after)).limit(AT_ONCE)
    ).all():
        bind.execute(
            sa.insert(words),
            [
                {"institution": row.institution, "word": word, "case_id": row.id}
                for row in rows
                for word in sorted({*_of_number(row.number_folded), *_of_names(row.parties_folded)})
            ],
        )
        after = rows[-1].institution, rows[-1].id


def _of_number(folded: str) -> Iterator[str]:
    yield folded[:MOST]
    if of_year := YEAR_AND_NUMBER.search(folded):
        yield folded[of_year.start() :][:MOST]
    if serial := SERIAL.search(folded):
        yield serial.group(1)[:MOST]


def _of_names(folded: str) -> Iterator[str]:
    for name in folded.split("\n"):
        for n in range(len(name)):
            if not name[n].isspace():
                yield name[n : n + MOST]
