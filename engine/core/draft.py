"""Draft: the events of one decision as they are written down, each folded before the next is thought of.

Room for: numbering, chaining and folding the events of one act; whom its notices reach, and from when.
May not enter: what to record and why (`decide.py`, `effects.py`, `settling.py`).
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from engine.core.fold import apply
from engine.core.projection import project
from engine.model.answers import Decision, Notice
from engine.model.case import Case, Matter
from engine.model.events import Event, Kind
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
        self.channel = channel
        self.events: list[Event] = []
        self.notices: list[Notice] = []
        self._case = case
        self._head = case.head if case else head

    @property
    def case(self) -> Case:
        """The case after the events so far."""
        assert self._case is not None, "the first event has not been recorded"
        return self._case

    @property
    def next_seq(self) -> int:
        """The seq the next event will get."""
        return (self._case.version if self._case else 0) + 1

    def record(self, kind: Kind, matter: str, definition: str, **results: Any) -> Event:
        """Write down one event; *results* are fields of Event, ``effective`` the instant it took effect."""
        on = results.pop("on", self.on)
        today = self.rules.day_of(self.at)
        effective = results.pop("effective", None) or (self.at if on == today else self.rules.midnight(on))
        event = Event(
            seq=self.next_seq, kind=kind, matter=matter, definition=definition,
            at=effective, recorded_at=self.at, on=on, channel=self.channel, late=on < today and kind != "rung_fired",
            **results,
        ).chained(self._head)  # fmt: skip
        self._case = apply(self._case, event)
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
        people, today = self.rules.people, self.rules.day_of(self.at)
        reached = dict.fromkeys(one for p in persons for one in _reached(people, p, today))
        seq = self.events[-1].seq
        for person in reached:
            self.notices.append(
                Notice(
                    person,
                    self.case.id,
                    matter.id,
                    seq,
                    sentence,
                    next_working_morning(self.rules, self.case.office, self.at),
                    code,
                )
            )

    def decision(self) -> Decision:
        """Return what was written down, with the rows that follow. Raises CalendarEnds where no timer could be armed."""
        projection = project(self.rules, self.case)
        return Decision(tuple(self.events), self.case, projection, tuple(self.notices))


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
