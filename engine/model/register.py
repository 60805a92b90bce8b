"""Register: what an institution has in force: procedures, roles, policies, ladders, lights.

Room for: the frozen content of `workflows.yaml`; targets with the day they hold from.
May not enter: law (limits and caps stand in procedures), reading YAML.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time
from typing import Literal
from zoneinfo import ZoneInfo

from engine.law.duration import Duration
from engine.text import Text

Anchor = Literal["limit", "target", "stop"]


@dataclass(frozen=True, slots=True)
class Rung:
    """One step of a ladder: so many natural days from its anchor (negative: before), to whom, what happens.

    ``limit`` and ``target`` are the last days in time, ``stop`` the day a suspension began. With *every* the
    rung comes again every so many days, up to the anchor where it began before it.
    """

    name: str
    anchor: Anchor
    days: int
    to: tuple[str, ...]
    says: Text
    every: int | None = None
    opens: str | None = None
    """The kind of matter this rung opens, where none of that kind is open."""


@dataclass(frozen=True, slots=True)
class TargetPolicy:
    """From *since* on, a clock of *procedure* that starts has this target beside its legal limit."""

    procedure: str
    clock: str
    target: Duration
    since: date
    basis: str = ""


@dataclass(frozen=True, slots=True)
class RegisteredProcedure:
    """A procedure the institution uses: its file, and how its cases are numbered (None for matters)."""

    name: str
    file: str
    series: str | None = None
    number: str | None = None
    """A pattern with {year} and {n}."""


@dataclass(frozen=True)
class Register:
    """An institution's register. Names of offices, roles and ladders are unique within it."""

    institution: str
    title: Text
    zone: ZoneInfo
    rehearsal: bool
    offices: Mapping[str, Text]
    roles: Mapping[str, Text]
    procedures: Mapping[str, RegisteredProcedure]
    targets: tuple[TargetPolicy, ...] = ()
    ladders: Mapping[str, tuple[Rung, ...]] = field(default_factory=dict)
    work_begins: time = time(9)
    corrected_by: tuple[str, ...] = ("director", "delegated_head")
    """The roles that may correct a record."""
    amber_days: int = 10
    """So many natural days or fewer before the due date, the light is amber."""
    hash: str = ""

    def target_on(self, procedure: str, clock: str, day: date) -> TargetPolicy | None:
        """Return the target policy in force on *day*: the latest that holds from then or earlier; or None."""
        held = [t for t in self.targets if t.procedure == procedure and t.clock == clock and t.since <= day]
        return max(held, key=lambda t: t.since, default=None)
