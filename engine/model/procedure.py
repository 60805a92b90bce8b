"""Procedure: one state machine as written by an institution, frozen.

Room for: the nouns a definition is made of: facts, states, moves, terms, clocks, matters.
May not enter: levels of a sign-off (`levels.py`), YAML, how a definition is read or checked (`engine/language`), how a case moves (`engine/core`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Literal

from engine.law.duration import Duration
from engine.model.guards import Guard, facts_read, kinds_in
from engine.model.levels import Chain
from engine.text import Text

FactType = Literal["text", "date", "whole", "amount", "choice", "yes_no", "person", "persons", "cases"]
AtEnd = Literal["cancelled", "kept", "blocks"]
ClockVerb = Literal[
    "start", "suspend", "resume", "publication", "exclude", "restart", "extend", "end", "target", "strike"
]
"""What a move may do to a clock. ``target`` gives this one case a target; ``strike`` rejects a late entry (K22)."""

ACTOR = "actor"
"""In ``assign``: whoever does the act."""

RECUSED = "recused"
"""The relation, built in for every case, of persons who had to step back."""

RECORDER = "recorder"
"""Involved in a matter about a late entry: whoever recorded it, and whom they stood in for. They do not decide on it."""

ACT_DATE = "act date"
"""In ``set`` and in the bounds of a date: the day the act is done on."""

STAYS = "stays"
"""Where a move or a branch leads that leaves the state as it is."""

ANY_PARTY = "any party"
"""In ``per`` of a kind of matter: one for each party, whatever its side."""

OPENED = Text("收件立案", "application received")
"""What the opening of a case is called where its procedure does not say."""

MAIN = "main"
"""The kind of a case's main matter."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One typed field of a form; bounds are inclusive, and count characters for text, value for numbers, else how many.

    The bounds of a date are *earliest* and *latest*: a day as ``2026-01-01``, or ``act date``.
    """

    name: str
    type: FactType
    title: Text
    help: Text | None = None
    least: Decimal | None = None
    most: Decimal | None = None
    choices: Mapping[str, Text] = field(default_factory=dict)
    role: str | None = None
    """For ``person`` and ``persons``: the role each named person must hold."""
    earliest: str | None = None
    latest: str | None = None


@dataclass(frozen=True, slots=True)
class Relation:
    """What a person is to one case or matter (its secretary, its tribunal), and the role that takes."""

    name: str
    title: Text
    role: str
    many: bool = False
    sits: bool = False
    """True for those who decide the case: they review none of its documents."""
    gathers: bool = False
    """True where each who is assigned joins the holders instead of taking their place: the votes of a group."""


@dataclass(frozen=True, slots=True)
class Who:
    """Who may act or is awaited: the holder of a relation on this case, or anyone holding a role."""

    name: str
    relation: bool


@dataclass(frozen=True, slots=True)
class Requirement:
    """A guard that must hold, and what to tell a person when it does not."""

    that: Guard
    otherwise: Text | None = None


@dataclass(frozen=True, slots=True)
class ClockEffect:
    """What a move does to a clock of the case.

    *length* names the fact with the number (extend, publication, exclude, target); *ref* the fact that tells one
    stop from another (suspend, resume); *on* the date fact it takes effect on, else the act's own date.
    """

    clock: str
    verb: ClockVerb
    length: str | None = None
    ref: str | None = None
    on: str | None = None


@dataclass(frozen=True, slots=True)
class Joining:
    """A move that brings a party into the case: in which role, and the text fact that names them."""

    role: str
    named: str


@dataclass(frozen=True, slots=True)
class InTime:
    """The named term, or the clock, a move must be done within; *posted* the date fact whose postmark decides instead (K19)."""

    term: str
    posted: str | None = None


@dataclass(frozen=True, slots=True)
class Branch:
    """One conditional target (None: the matter stays): the first branch whose guard holds is taken; the last has none."""

    target: str | None
    when: Guard | None = None
    release: tuple[str, ...] = ()
    """Relations that lose their holders where this branch is taken."""


@dataclass(frozen=True)
class Move:
    """An act that a definition allows from one state; without branches the matter stays where it is."""

    name: str
    title: Text
    source: str
    by: tuple[Who, ...]
    branches: tuple[Branch, ...] = ()
    needs: tuple[str, ...] = ()
    asks: tuple[str, ...] = ()
    attach: tuple[str, ...] = ()
    requires: tuple[Requirement, ...] = ()
    not_by: tuple[str, ...] = ()
    """Relations whose holders may not do this move."""
    holding: tuple[str, ...] = ()
    """Roles that whoever does it must hold besides what *by* asks."""
    basis: str = ""
    clock: tuple[ClockEffect, ...] = ()
    assign: Mapping[str, str] = field(default_factory=dict)
    """Relation -> the person fact that names its holder, or ``actor``."""
    release: tuple[str, ...] = ()
    """Relations that lose their holders."""
    set: Mapping[str, str] = field(default_factory=dict)
    """Fact -> constant, or ``act date``."""
    open: tuple[str, ...] = ()
    """Kinds of matter that open with this move; a kind with ``per`` opens one for each such party."""
    close: tuple[str, ...] = ()
    """Kinds of matter whose open ones are cancelled by this move."""
    notify: tuple[Who, ...] = ()
    joins: Joining | None = None
    in_time: InTime | None = None
    not_before: tuple[str, ...] = ()
    """Named terms that must have run: it may be done from the last day of each."""
    primary: bool = True
    """False for what may be done beside the way forward."""
    at_most: int | None = None
    """So often on one matter; None: without bound."""
    waits: bool = False
    """True for what cannot be done while a suspension stops a clock of the case."""
    urgent: bool = False
    """True for what somebody may still do whose recusal has been asked for."""
    in_order: bool = False
    """True where branches may overlap, and the first that holds is meant."""

    @cached_property
    def stays(self) -> bool:
        """True when the move always leaves the matter in its state."""
        return all(branch.target is None for branch in self.branches)

    @cached_property
    def targets(self) -> tuple[str, ...]:
        """The states this move may lead to; its own source where it may stay."""
        return tuple(branch.target or self.source for branch in self.branches) or (self.source,)

    @cached_property
    def fields(self) -> Mapping[str, bool]:
        """The facts of its form in their order, and whether each must be filled in."""
        return {name: name in self.needs for name in (*self.needs, *self.asks)}

    @cached_property
    def requires_before(self) -> tuple[Requirement, ...]:
        """What it requires that can be asked before the form is filled in."""
        return tuple(one for one in self.requires if not self.fields.keys() & set(facts_read(one.that)))


@dataclass(frozen=True, slots=True)
class Term:
    """A plain time limit, counted from *of* (a date fact; None: the day the state was entered).

    With *before* the limit counts back from that date fact (K18). *runs_while_suspended* is K17's question. A term
    that hangs on a state limits the stay there; one that hangs on a date alone is shown and asked by ``in_time``.
    """

    name: str
    limit: Duration
    title: Text | None = None
    of: str | None = None
    before: str | None = None
    ladder: str | None = None
    basis: str = ""
    runs_while_suspended: bool = False
    when: Guard | None = None
    """It limits only while this holds."""
    exact: bool = False
    """True where it ends on the day itself, rest day or not, since nobody has to act on it."""


@dataclass(frozen=True, slots=True)
class Reaction:
    """When *when* holds about the case's matters, the waiting matter goes to *target* by itself."""

    when: Guard
    target: str


@dataclass(frozen=True, slots=True)
class State:
    """Where a matter can be. Final states have an *outcome* and await nobody."""

    name: str
    title: Text
    stage: str
    awaits: tuple[Who, ...] = ()
    awaits_matter: str | None = None
    terms: tuple[Term, ...] = ()
    clock: str | None = None
    """The clock that limits the stay here, where there is no term."""
    moves: Mapping[str, Move] = field(default_factory=dict)
    reactions: tuple[Reaction, ...] = ()
    outcome: str | None = None

    @property
    def final(self) -> bool:
        """True when nothing follows."""
        return self.outcome is not None

    @property
    def waits_for(self) -> frozenset[str]:
        """The kinds of matter that lead on from a state which awaits one: that kind, and those its reactions ask about."""
        if self.awaits_matter is None:
            return frozenset()
        return frozenset({self.awaits_matter}).union(
            *(kinds_in(reaction.when) for reaction in self.reactions)
        )


@dataclass(frozen=True, slots=True)
class Clock:
    """An award period: limit and cap are law and stand here; the target is policy and stands in the register."""

    name: str
    title: Text
    limit: Duration
    basis: str = ""
    extension_most: Duration | None = None
    extension_by: tuple[str, ...] = ()
    exceptions_by: tuple[str, ...] = ()
    """The roles that may let a stop or restart stand after expiry (K9) and whose late entries need nobody else (K22)."""
    late: str | None = None
    """The kind of matter that opens when somebody else enters a clock fact late (K22)."""
    ladder: str | None = None

    def __hash__(self) -> int:
        return hash(self.name)  # looked up in every act: one hash a name is enough, the rest is compared


@dataclass(frozen=True, slots=True)
class MatterKind:
    """A procedure that may run beside the main one; with *per* one for each party of that role, or each case of that fact.

    While one is open, whom its fact *bars* names may act on the case by ``urgent`` moves alone.
    """

    name: str
    procedure: str
    per: str | None = None
    at_end: AtEnd = "cancelled"
    bars: str | None = None


@dataclass(frozen=True, slots=True)
class Borrowed:
    """What a matter's procedure uses of the case it runs on; the main procedure must offer each of them."""

    persons: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()
    clocks: tuple[str, ...] = ()
    matters: tuple[str, ...] = ()
    """Kinds of matter of the case that moves here may open."""


@dataclass(frozen=True)
class Procedure:
    """A whole definition. *hash* is the SHA-256 of its resolved text; mappings keep the order of the file."""

    name: str
    title: Text
    hash: str
    basis: str
    initial: str
    stages: Mapping[str, Text]
    states: Mapping[str, State]
    roles: Mapping[str, Text] = field(default_factory=dict)
    """Roles it declares itself, beside those of the register."""
    uses: tuple[str, ...] = ()
    """The fragments it was put together from."""
    facts: Mapping[str, Fact] = field(default_factory=dict)
    documents: Mapping[str, Text] = field(default_factory=dict)
    reviewed: Mapping[str, str] = field(default_factory=dict)
    """Document -> the kind of matter that must have passed before it leaves the house."""
    persons: Mapping[str, Relation] = field(default_factory=dict)
    apart: tuple[tuple[str, ...], ...] = ()
    clocks: Mapping[str, Clock] = field(default_factory=dict)
    terms: Mapping[str, Term] = field(default_factory=dict)
    """The terms that have a name of their own."""
    track: str | None = None
    """The choice fact that says which track (简易, 普通 …) a case is on; targets may differ by it."""
    matters: Mapping[str, MatterKind] = field(default_factory=dict)
    borrowed: Borrowed | None = None
    """None for a main procedure."""
    handler: str | None = None
    chain: Chain | None = None
    intake: tuple[str, ...] = ()
    """The facts that must be known when a case (or matter) of this procedure opens."""
    opened_by: tuple[Who, ...] = ()
    parties: tuple[str, ...] = ("claimant", "respondent")
    """The sides without whom no case can be opened."""
    on_open: Move | None = None
    """What opening does: the same closed list of effects as a move, without a source."""

    @cached_property
    def levels(self) -> tuple[str, ...]:
        """The states of the sign-off chain, in order; none where there is no chain."""
        return tuple(level.state for level in self.chain.levels) if self.chain else ()

    @cached_property
    def signing(self) -> frozenset[str]:
        """The states in which a person signs, or sees the difference of, one version of the chain's document."""
        seen = (level.resumed for level in self.chain.levels if level.resumed) if self.chain else ()
        return frozenset((*self.levels, *seen))

    @cached_property
    def outcomes(self) -> frozenset[str]:
        """The outcomes this procedure can end with."""
        return frozenset(state.outcome for state in self.states.values() if state.outcome)

    @cached_property
    def moves(self) -> Mapping[str, tuple[Move, ...]]:
        """Every move by name, with one entry for each state it may be done from."""
        found: dict[str, list[Move]] = {}
        for state in self.states.values():
            for move in state.moves.values():
                found.setdefault(move.name, []).append(move)
        return {name: tuple(moves) for name, moves in found.items()}
