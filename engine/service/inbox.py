"""Inbox: the notices a person may see.

Room for: listing notices whose morning has come, page by page, and marking them read.
May not enter: who is told what (`engine/core`), what goes out beside the inbox (`outbox.py`).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from engine.core.reminding import said_on
from engine.model.rules import Rules
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
            lines = tuple(_line(unit.rules, row, at) for row in rows[:most])
        return InboxPage(
            lines,
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


def sentence_of(rules: Rules, notice: StoredNotice, at: datetime) -> Text:
    """Return what *notice* says to who reads it at *at*: a reminder of an earlier day names that day instead of “today”."""
    sentence = Text(notice.zh, notice.en)
    if notice.code not in rules.register.rungs:
        return sentence
    return said_on(sentence, rules.day_of(notice.from_at), rules.day_of(at))


def _line(rules: Rules, row: StoredNotice, at: datetime) -> NoticeLine:
    repeats = row.code in rules.register.repeating
    return NoticeLine(
        row.id, row.case, row.number, row.matter, sentence_of(rules, row, at), row.from_at, row.read, repeats
    )  # fmt: skip
