"""Table parts: what every table is made of: the one catalogue, and the institution that begins each key.

Room for: what the files of tables share.
May not enter: tables.
"""

from __future__ import annotations

from sqlalchemy import Column, MetaData, String

metadata = MetaData()


def institution() -> Column[str]:
    """Return the first column of every key."""
    return Column("institution", String(60), primary_key=True)
