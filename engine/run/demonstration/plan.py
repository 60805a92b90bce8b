"""Plan: what is to happen to one case, act by act, laid on the work days before today.

Room for: steps, the script they are written in from the case's beginning, laying a script so that it ends where it should.
May not enter: which acts make a story (`chapters.py`, `stories.py`), doing them (`simulator.py`).
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from engine.model.case import Party
from engine.run.demonstration.texts import Setting
from engine.run.demonstration.workdays import WorkDays

OPEN, CORRECT = "open", "correct"
"""What opens the case, and what corrects an earlier act: no moves of the procedure."""

ANOTHER = "another case"
"""In a form that names a case: the number of another one, whichever was opened first."""

FIRST_MINUTE, LAST_MINUTE = 9 * 60 + 10, 17 * 60 + 20
"""The part of a day in which people act, in minutes from midnight."""


@dataclass(frozen=True, slots=True)
class Ahead:
    """A date that a form asks for: so many work days after the act (before it where negative), or so many natural days."""

    work_days: int = 0
    days: int = 0


Facts = Mapping[str, str | Ahead]


@dataclass(frozen=True, slots=True)
class Step:
    """One act: on the work day *number*, by *by* or whoever stands in.

    *on* is the date it is entered under, where that is not the day itself; *corrects* the earlier move that CORRECT
    supersedes, with the reason; *refused* the code of a no that is expected; *override* the director's reason (K9).
    """

    number: int
    move: str
    by: str
    facts: Facts
    papers: tuple[str, ...] = ()
    matter: tuple[str, int] | None = None
    """Kind of matter and which party's of the case, where every party has one."""
    on: Ahead | None = None
    corrects: tuple[str, str] | None = None
    refused: str | None = None
    override: str = ""


@dataclass(frozen=True, slots=True)
class Act:
    """A step with its instant's day and minute and its dates filled in."""

    day: date
    minute: int
    step: Step
    facts: Mapping[str, str]
    on: date | None


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that will be done to one case, in order."""

    name: str
    setting: Setting
    acts: tuple[Act, ...]


@dataclass
class Script:
    """A case being told from its beginning: each act so many work days after the one before.

    *team* may change while it is told; *accepted*, *served* and *hearing* are days of it that later chapters need.
    `beside` adds acts on days counted from today instead.
    """

    name: str
    rng: random.Random
    setting: Setting
    team: Team
    cursor: int = 0
    accepted: int = 0
    served: int = 0
    hearing: int = 0
    steps: list[Step] = field(default_factory=list)
    asides: list[Step] = field(default_factory=list)

    def then(
        self, after: int, move: str, by: str, facts: Facts | None = None, *papers: str,
        matter: tuple[str, int] | None = None, on: Ahead | None = None,
        corrects: tuple[str, str] | None = None, refused: str | None = None,
    ) -> None:  # fmt: skip
        """Add an act *after* so many work days."""
        self.cursor += after
        step = Step(self.cursor, move, by, facts or {}, papers, matter, on, corrects, refused)
        self.steps.append(step)

    def beside(
        self, number: int, move: str, by: str, facts: Facts | None = None, *papers: str,
        on: Ahead | None = None, override: str = "",
    ) -> None:  # fmt: skip
        """Add an act on the work day *number*, counted from today."""
        self.asides.append(Step(number, move, by, facts or {}, papers, on=on, override=override))

    def gap(self, least: int, most: int) -> int:
        """Return a chance number of work days."""
        return self.rng.randint(least, most)

    def some(self, texts: tuple[str, ...]) -> str:
        """Return one of *texts* by chance."""
        return self.rng.choice(texts)

    def ending(self, days: WorkDays, ago: int) -> Plan:
        """Lay the script so that its last act is *ago* work days before today."""
        return self._laid(days, -ago - self.cursor)

    def accepted_ago(self, days: WorkDays, natural_days: int) -> Plan:
        """Lay the script so that the case was accepted so many natural days ago, or a rest day or two more."""
        return self._laid(days, days.number_before(days.today - timedelta(days=natural_days)) - self.accepted)

    def _laid(self, days: WorkDays, shift: int) -> Plan:
        laid = [(step.number + shift, step) for step in self.steps] + [(s.number, s) for s in self.asides]
        laid.sort(key=lambda pair: pair[0])
        last = laid[-1][0]
        assert last < 0, f"{self.name} reaches into today ({last})"
        assert laid[0][1].move == OPEN, f"{self.name} does not begin with its opening"
        acts: list[Act] = []
        for number in dict.fromkeys(number for number, _ in laid):
            steps = [step for n, step in laid if n == number]
            minutes = sorted(self.rng.sample(range(FIRST_MINUTE, LAST_MINUTE), len(steps)))
            for minute, step in zip(minutes, steps, strict=True):
                on = _date(step.on, days, number) if step.on else None
                acts.append(Act(days.day(number), minute, step, _filled(step.facts, days, number), on))
        return Plan(self.name, self.setting, tuple(acts))


@dataclass
class Team:
    """Who has the case in hand."""

    clerk: str
    approver: str
    head: str
    secretary: str
    tribunal: list[str]

    @property
    def drafter(self) -> str:
        """Who writes the award: the first of the tribunal."""
        return self.tribunal[0]


def parties_of(setting: Setting) -> tuple[Party, ...]:
    """Return the parties as they are entered at the opening."""
    return tuple(Party("", role, name) for role, name in setting.parties)


def _filled(facts: Facts, days: WorkDays, number: int) -> dict[str, str]:
    return {
        name: value if isinstance(value, str) else _date(value, days, number).isoformat()
        for name, value in facts.items()
    }


def _date(ahead: Ahead, days: WorkDays, number: int) -> date:
    if ahead.work_days:
        return days.day(number + ahead.work_days)
    return days.day(number) + timedelta(days=ahead.days)
