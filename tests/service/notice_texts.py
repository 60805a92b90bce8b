"""Holiday notices as files: the made-up one of 2027, and others with days changed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

NOTICE = "国办发明电〔2026〕7号"

HOLIDAYS_2027 = (
    ("2027-01-01", "2027-01-03"),
    ("2027-02-05", "2027-02-12"),
    ("2027-04-03", "2027-04-05"),
    ("2027-05-01", "2027-05-05"),
    ("2027-06-09", "2027-06-09"),
    ("2027-09-15", "2027-09-15"),
    ("2027-10-01", "2027-10-07"),
)
WORKED_2027 = ("2027-02-14", "2027-02-20", "2027-10-09")


def days_of(*ranges: tuple[str, str]) -> list[date]:
    """Every day of some ranges."""
    found = []
    for first, last in ranges:
        day = date.fromisoformat(first)
        while day <= date.fromisoformat(last):
            found.append(day)
            day += timedelta(days=1)
    return found


def csv_of(rest: Iterable[date], work: Iterable[date]) -> bytes:
    """A notice as csv, a day a row."""
    rows = [f"{day.isoformat()},休" for day in rest] + [f"{day.isoformat()},班" for day in work]
    return "\n".join(["日期,安排", *rows, ""]).encode()


def notice_2027(rest: Iterable[str] = (), work: Iterable[str] = ()) -> bytes:
    """The notice of 2027, with more rest days and more worked weekends."""
    more = {date.fromisoformat(text) for text in rest}
    worked = {date.fromisoformat(text) for text in (*WORKED_2027, *work)} - more
    return csv_of(sorted(set(days_of(*HOLIDAYS_2027)) | more), sorted(worked))
