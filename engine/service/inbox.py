"""Inbox: the notices a person may see.

Room for: listing notices whose morning has come, and marking them read.
May not enter: who is told what (`engine/core`).
"""

from __future__ import annotations

from datetime import datetime

from engine.service.office import Office
from engine.service.pages import NoticeLine
from engine.text import Text


def notices(office: Office, at: datetime, person: str) -> tuple[NoticeLine, ...]:
    """Return *person*'s notices that may be shown at *at*, newest first."""
    with office.reading() as unit:
        rows = unit.inboxes.of(person, at)
    return tuple(
        NoticeLine(row.id, row.case, row.number, row.matter, Text(row.zh, row.en), row.from_at, row.read)
        for row in rows
    )


def mark_read(office: Office, at: datetime, person: str, notice: str) -> None:
    """Mark one notice as read."""
    with office.writing() as unit:
        unit.inboxes.mark_read(person, notice, at)


def mark_all_read(office: Office, at: datetime, person: str) -> None:
    """Mark everything *person* may see as read."""
    with office.writing() as unit:
        unit.inboxes.mark_all_read(person, at)
