"""Inbox: the notices a person may see.

Room for: listing notices whose morning has come, page by page, and marking them read.
May not enter: who is told what (`engine/core`), what goes out beside the inbox (`outbox.py`).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from engine.service.office import Office
from engine.service.pages import InboxPage, NoticeLine
from engine.service.paging import PAGE_MOST
from engine.store.inboxes import StoredNotice
from engine.text import Text


class Inbox:
    """What the persons of an office have been told; *now* tells the time."""

    def __init__(self, office: Office, now: Callable[[], datetime]) -> None:
        self._office = office
        self._now = now

    def page(
        self, person: str, after: str | None = None, most: int = 50, *, unread: bool = False
    ) -> InboxPage:
        """Return a page of the notices *person* may see now, newest first; a reminder that repeats is one line."""
        at, most = self._now(), max(1, min(most, PAGE_MOST))
        with self._office.reading() as unit:
            folded = unit.rules.register.repeating
            rows = unit.inboxes.page(person, at, after, most + 1, unread=unread, folded=folded)
            count = unit.inboxes.unread(person, at, folded)
        return InboxPage(
            tuple(_line(row, row.code in folded) for row in rows[:most]),
            rows[most - 1].cursor if len(rows) > most else None,
            count,
        )

    def mark_read(self, person: str, notice: str) -> None:
        """Mark one notice of *person* as read, and those that it renewed; unknown ones are ignored."""
        with self._office.writing() as unit:
            unit.inboxes.mark_read(person, notice, self._now(), unit.rules.register.repeating)

    def mark_all_read(self, person: str) -> None:
        """Mark every notice *person* may see now as read."""
        with self._office.writing() as unit:
            unit.inboxes.mark_all_read(person, self._now())


def _line(row: StoredNotice, repeats: bool) -> NoticeLine:
    sentence = Text(row.zh, row.en)
    return NoticeLine(row.id, row.case, row.number, row.matter, sentence, row.from_at, row.read, repeats)
