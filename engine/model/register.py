"""Register: what an institution has in force: procedures, roles, policies, ladders, lights, channels.

Room for: the frozen content of `workflows.yaml`; targets with the day they hold from.
May not enter: law (limits and caps stand in procedures), reading YAML.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time
from functools import cached_property
from typing import Literal
from zoneinfo import ZoneInfo

from engine.law.duration import Duration
from engine.model.citing import cited
from engine.model.hashing import SHA256, Hash
from engine.model.targets import Layer, Target
from engine.text import Text

Anchor = Literal["limit", "target", "stop"]
ChannelKind = Literal["mail", "wecom", "dingtalk", "feishu", "file"]
Secure = Literal["starttls", "ssl", "none"]


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
    """From *since* on, a clock that starts has this target beside its legal limit.

    Without *procedure* it holds for every clock of the institution, without *clock* for each of the procedure,
    with *track* for cases on that track alone.
    """

    target: Duration
    since: date
    basis: str = ""
    procedure: str | None = None
    clock: str | None = None
    track: str | None = None

    @property
    def layer(self) -> Layer:
        """Whose figure this is."""
        return "track" if self.track else "procedure" if self.procedure else "institution"

    def holds_for(self, procedure: str, clock: str, track: str | None) -> bool:
        """Return whether this policy speaks of that clock on a case of that track."""
        return (
            self.procedure in (None, procedure)
            and self.clock in (None, clock)
            and self.track in (None, track)
        )


@dataclass(frozen=True, slots=True)
class RegisteredProcedure:
    """A procedure the institution uses: its file, and how its cases are numbered (None for matters)."""

    name: str
    file: str
    series: str | None = None
    number: str | None = None
    """A pattern with {year} and {n}."""


@dataclass(frozen=True, slots=True)
class Channel:
    """A way of telling people beside the inbox. Everything but its secret: *secret* says where a machine finds that.

    *host*, *port*, *secure*, *sender* and *user* are those of a mail server; a robot may have a *host* of its own.
    """

    name: str
    kind: ChannelKind
    title: Text
    secret: str = ""
    host: str = ""
    port: int | None = None
    secure: Secure = "starttls"
    sender: str = ""
    user: str = ""
    parties: bool = False
    """Whether the names of parties may leave the institution by it."""


@dataclass(frozen=True, slots=True)
class Quiet:
    """The hours in which nobody is disturbed, from *begins* to *ends*, over midnight where it ends earlier than it begins."""

    begins: time
    ends: time

    def covers(self, hour: time) -> bool:
        """Return whether *hour* lies in them; their end does not."""
        if self.begins < self.ends:
            return self.begins <= hour < self.ends
        return hour >= self.begins or hour < self.ends


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
    fragments: Mapping[str, str] = field(default_factory=dict)
    """Fragment -> its file."""
    targets: tuple[TargetPolicy, ...] = ()
    ladders: Mapping[str, tuple[Rung, ...]] = field(default_factory=dict)
    work_begins: time = time(9)
    corrected_by: tuple[str, ...] = ("director", "delegated_head")
    """The roles that may correct a record."""
    amber_days: int = 10
    """So many natural days or fewer before the due date, the light is amber."""
    channels: Mapping[str, Channel] = field(default_factory=dict)
    quiet: Quiet | None = None
    urgent: bool = False
    """Whether what is due today breaks the quiet hours, where waiting for their end would be too late."""
    console_url: str = ""
    """Where people find the console, for links in messages."""
    hashed: Hash = SHA256
    """The hash its chains and checkpoints are made with from the day this register holds."""
    hash: str = ""
    sources: Mapping[str, str] = field(default_factory=dict)
    """What a source that a basis names, or a word beside one, is in English."""

    def cited(self, basis: str) -> Text | None:
        """Return a *basis*, of a procedure or of this register, in both languages; None where there is none."""
        return cited(basis, self.sources) if basis else None

    @cached_property
    def rungs(self) -> frozenset[str]:
        """The names of all rungs, in whichever ladder they stand."""
        return frozenset(rung.name for ladder in self.ladders.values() for rung in ladder)

    @cached_property
    def repeating(self) -> frozenset[str]:
        """The names of rungs that come again and again, in whichever ladder they stand."""
        rungs = [rung for ladder in self.ladders.values() for rung in ladder]
        return frozenset(r.name for r in rungs if r.every) - {r.name for r in rungs if not r.every}

    def targets_on(self, procedure: str, clock: str, track: str | None, day: date) -> tuple[Target, ...]:
        """Return what each layer gives that clock on *day*, the wider layer first.

        The latest figure that holds from then or earlier takes the place of those before it that speak of the same
        clocks; one for a single clock stands beside one for all of them.
        """
        held: dict[tuple[Layer, str | None], TargetPolicy] = {}
        for policy in sorted(self.targets, key=lambda policy: policy.since):
            if policy.since <= day and policy.holds_for(procedure, clock, track):
                held[policy.layer, policy.clock] = policy
        order: tuple[Layer, ...] = ("institution", "procedure", "track")
        given = sorted(held.values(), key=lambda one: (order.index(one.layer), one.clock is not None))
        return tuple(Target(one.layer, one.target, one.basis, one.since) for one in given)
