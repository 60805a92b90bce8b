"""Answers: what the engine says to a command.

Room for: the Decision (what will be recorded) and the Refusal (a lawful "no", with what would make it possible).
May not enter: errors (`engine/errors.py`): a refusal is a normal answer.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from engine.model.case import Case
from engine.model.events import Event
from engine.model.projection import Projection
from engine.text import Language, Text


@dataclass(frozen=True, slots=True)
class Clause:
    """One simple clause of a guard in words, and whether it holds."""

    said: Text
    holds: bool


@dataclass(frozen=True, slots=True)
class Refusal:
    """A lawful no: a stable code, a sentence, the guard and fact that failed, who may, what would enable it."""

    code: str
    reason: Text
    guard: str | None = None
    fact: str | None = None
    who: tuple[str | Text, ...] = ()
    """Who may do it: persons by their names, roles by their titles."""
    enables: Text | None = None
    matter: str | None = None
    clauses: tuple[Clause, ...] = ()
    """Of a guard of several clauses: each of them, left to right."""

    def who_may(self, lang: Language) -> tuple[str, ...]:
        """Return who may do it, the titles of roles in *lang*."""
        return tuple(one.said(lang) if isinstance(one, Text) else one for one in self.who)


class Notice(NamedTuple):
    """A message to one person about a case; not shown before *from_*, the next working morning.

    *by*: the channels it goes out by as well, each with the time from which it may.
    """

    person: str
    case: str
    matter: str
    seq: int
    sentence: Text
    from_: datetime
    code: str
    by: tuple[tuple[str, datetime], ...] = ()


@dataclass(frozen=True, slots=True)
class Decision:
    """What a command does: the events to record in order, the case after them, its rows, the notices to send."""

    events: tuple[Event, ...]
    case: Case
    projection: Projection
    notices: tuple[Notice, ...] = ()
