"""Inbox: the notices a person may see.

Room for: listing notices whose morning has come, page by page, and marking them read.
May not enter: who is told what (`engine/core`), what goes out beside the inbox (`outbox.py`).
"""

from __future__ import annotations

from datetime import datetime

from engine.service.office import Office
from engine.service.pages import InboxPage, NoticeLine
from engine.store.inboxes import StoredNotice
from engine.text import Text

PAGE_MOST = 200


def page(
    office: Office, at: datetime, person: str, after: str | None, most: int, *, unread: bool = False
) -> InboxPage:
    """Return a page of *person*'s notices that may be shown at *at*, newest first; one line for a reminder that repeats."""
    most = max(1, min(most, PAGE_MOST))
    with office.reading() as unit:
        folded = unit.rules.register.repeating
        rows = unit.inboxes.page(person, at, after, most + 1, unread=unread, folded=folded)
        count = unit.inboxes.unread(person, at, folded)
    return InboxPage(
        tuple(_line(row, row.code in folded) for row in rows[:most]),
        rows[most - 1].cursor if len(rows) > most else None,
        count,
    )


def mark_read(office: Office, at: datetime, person: str, notice: str) -> None:
    """Mark one notice as read, and those that it renewed."""
    with office.writing() as unit:
        unit.inboxes.mark_read(person, notice, at, unit.rules.register.repeating)


def mark_all_read(office: Office, at: datetime, person: str) -> None:
    """Mark everything *person* may see as read."""
    with office.writing() as unit:
        unit.inboxes.mark_all_read(person, at)


def _line(row: StoredNotice, repeats: bool) -> NoticeLine:
    sentence = Text(row.zh, row.en)
    return NoticeLine(row.id, row.case, row.number, row.matter, sentence, row.from_at, row.read, repeats)
