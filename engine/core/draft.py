"""Draft: the events of one decision as they are written down, each folded before the next is thought of.

Room for: numbering, chaining and folding the events of one act; whom its notices reach, and from when.
May not enter: what to record and why (`decide.py`, `effects.py`, `settling.py`).
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, cast

from engine.core.fold import apply
from engine.core.projection import project
from engine.model.answers import Decision, Notice
from engine.model.case import Case, Matter
from engine.model.event_text import recorded
from engine.model.events import Event, Kind
from engine.model.hashing import as_written
from engine.model.people import People
from engine.model.procedure import Who
from engine.model.rules import Rules
from engine.text import Text


class Draft:
    """Collects events on *case*, all recorded at *at* and dated *on*; `case` is always as they leave it."""

    def __init__(
        self, rules: Rules, case: Case | None, at: datetime, on: date, channel: str = "", head: str = ""
    ) -> None:
        self.rules = rules
        self.at = at
        self.on = on
        self.today = rules.day_of(at)
        self.channel = channel
        self.events: list[Event] = []
        self.notices: list[Notice] = []
        # A case that opens is there from its first event on.
        self.case = cast(Case, case)
        self._next = case.version + 1 if case else 1
        self._head = case.head if case else head
        self._hashed = as_written(rules.register.hashed)

    def record(self, kind: Kind, matter: str, definition: str, **results: Any) -> Event:
        """Write down one event; *results* are fields of Event, ``effective`` the instant it took effect."""
        on, today = results.pop("on", self.on), self.today
        effective = results.pop("effective", None) or (self.at if on == today else self.rules.midnight(on))
        results |= {
            "seq": self._next, "kind": kind, "matter": matter, "definition": definition, "at": effective,
            "recorded_at": self.at, "on": on, "channel": self.channel, "late": on < today and kind != "rung_fired",
        }  # fmt: skip
        event = recorded(self._head, self._hashed, results)
        self.case = apply(self.case, event)
        self._next += 1
        self._head = event.hash
        self.events.append(event)
        return event

    def matter(self, id: str) -> Matter:
        """Return the matter as it stands now."""
        found = self.case.matter(id)
        assert found is not None
        return found

    def tell(self, persons: tuple[str, ...], matter: Matter, sentence: Text, code: str) -> None:
        """Send *sentence* to each person, and to whoever stands in for one who is away."""
        people, today, seq = self.rules.people, self.today, self.events[-1].seq
        reached = dict.fromkeys([one for p in persons for one in _reached(people, p, today)])
        if not reached:
            return
        begins = next_working_morning(self.rules, self.case.office, self.at)
        for person in reached:
            by = carried_by(self.rules, person, code, self.at, begins)
            self.notices.append(Notice(person, self.case.id, matter.id, seq, sentence, begins, code, by))

    def decision(self) -> Decision:
        """Return what was written down, with the rows that follow. Raises CalendarEnds where no timer could be armed."""
        case = self.case
        return Decision(tuple(self.events), case, project(self.rules, case), tuple(self.notices))


def next_working_morning(rules: Rules, office: str, at: datetime) -> datetime:
    """Return *at* itself in the working part of a work day of *office* (from its beginning on), else the next such morning."""
    local = at.astimezone(rules.register.zone)
    day = local.date()
    begins, calendar = rules.register.work_begins, rules.calendar_of(office)
    if calendar.is_work(day):
        if local.time() >= begins:
            return at
    else:
        day = calendar.next_work_day(day)
    return datetime.combine(day, begins, tzinfo=rules.register.zone)


def carried_by(
    rules: Rules, person: str, code: str, at: datetime, begins: datetime
) -> tuple[tuple[str, datetime], ...]:
    """Return the channels that carry a notice of *code* to *person*, and from when: *begins*, or at once where it may be urgent.

    What repeats waits for the digest of the morning where the person wants it so.
    """
    contacts = rules.people.reached_by(person)
    if not contacts:
        return ()
    register = rules.register
    since = at if register.urgent else begins
    repeats = code in register.repeating
    return tuple(
        (one.channel, since)
        for one in contacts
        if one.channel in register.channels
        and (one.wants == "each" or (one.wants == "mixed" and not repeats))
    )


def meant(rules: Rules, case: Case, matter: Matter, whos: tuple[Who, ...], day: date) -> tuple[str, ...]:
    """Return the persons *whos* mean on this matter, each once."""
    found: list[str] = []
    for who in whos:
        found += (
            case.holders(who.name, matter)
            if who.relation
            else rules.people.holders(who.name, case.office, day)
        )
    return tuple(dict.fromkeys(found))


def _reached(people: People, person: str, day: date) -> tuple[str, ...]:
    substitute = people.substitute(person, day)
    return (person, substitute) if substitute else (person,)
