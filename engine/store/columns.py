"""Columns: the one column type for instants.

Room for: types that both databases must treat alike; an instant as a number.
May not enter: tables.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from sqlalchemy import DateTime, Dialect
from sqlalchemy.types import TypeDecorator

NEVER = date(9999, 12, 31)
"""What queues take for the last day where there is none."""


class Instant(TypeDecorator[datetime]):
    """An aware instant: taken in any zone, kept and given back in UTC, on both databases. Naive ones are refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"an instant needs its zone: {value!r}")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


_FIRST = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def micros(instant: datetime) -> int:
    """Return an aware instant as microseconds since 1970: for cursors, exact in both directions."""
    return (instant - _FIRST) // _MICROSECOND


def from_micros(number: int) -> datetime:
    """Return the instant of so many microseconds since 1970."""
    return _FIRST + number * _MICROSECOND
