"""Case: one arbitration case as it stands, frozen.

Room for: the nouns of a running case and how to look things up in them.
May not enter: how a case changes (`engine/core/fold.py`), how it is stored, what a definition says.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple

from engine.law.clock import ClockFact
from engine.model.guards import Value
from engine.model.made import changed
from engine.model.procedure import MAIN
from engine.model.targets import Target
from engine.text import Text

PARTY_TITLES = {
    "claimant": Text("申请人", "claimant"),
    "respondent": Text("被申请人", "respondent"),
    "third_party": Text("第三人", "third party"),
}
"""What each side of a case is called."""


@dataclass(frozen=True, slots=True)
class Party:
    """A claimant, respondent or third party of a case; *id* is unique within the case."""

    id: str
    role: str
    name: str


@dataclass(frozen=True)
class Matter:
    """One running procedure on a case.

    *round* is the seq of the event that entered the present state; *seen* the seq of the last move;
    *definition* the hash in force when the matter opened.
    """

    id: str
    kind: str
    procedure: str
    definition: str
    state: str
    round: int
    entered_on: date
    seen: int
    opened_at: datetime
    party: str | None = None
    outcome: str | None = None
    facts: Mapping[str, Value] = field(default_factory=dict)
    assigned: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    documents: Mapping[str, str] = field(default_factory=dict)
    """Kind of document -> SHA-256 of its latest version."""
    about: int | None = None
    """The seq of the event this matter decides on: a late entry (K22)."""
    done: Mapping[str, int] = field(default_factory=dict)
    """How often each move was done that may be done only so often."""
    migrated: int = 0
    """The seq of the event that brought it to another version of its definition last; 0: none did."""
    subjects: Mapping[str, str] = field(default_factory=dict)
    """Number of a term of the present state -> what its rungs are known by since before a migration."""

    @property
    def open(self) -> bool:
        """True until the matter has an outcome."""
        return self.outcome is None


@dataclass(frozen=True)
class ClockLog:
    """The facts of one clock, in recorded order, and what each layer of policy gave on each day 0."""

    name: str
    facts: tuple[ClockFact, ...] = ()
    targets: tuple[Target, ...] = ()

    def __hash__(self) -> int:
        # What a log says is looked up by it several times an act; the days and events tell logs apart well enough.
        known: int | None = self.__dict__.get("_hash")
        if known is None:
            known = self.__dict__["_hash"] = hash((self.name, *[(fact.on, fact.seq) for fact in self.facts]))
        return known

    @property
    def beginnings(self) -> tuple[ClockFact, ...]:
        """What started the clock or started it anew, in recorded order."""
        return tuple(f for f in self.facts if f.kind in ("start", "restart") and not f.struck)

    def targets_for(self, seq: int) -> tuple[Target, ...]:
        """Return what holds from the start or restart that event *seq* recorded: its own, and the case's."""
        return tuple(target for target in self.targets if target.seq == seq or target.layer == "case")


class LastMove(NamedTuple):
    """Who moved a matter last, for the page a stale form is answered with."""

    matter: str
    move: str
    by: str
    at: datetime
    seq: int
    source: str
    acting_for: str | None = None


@dataclass(frozen=True)
class Case:
    """The unit of consistency. *version* is the seq of its last event; the first matter is the main one."""

    id: str
    institution: str
    office: str
    number: str
    version: int
    opened_at: datetime
    head: str
    """The hash of the last event."""
    parties: tuple[Party, ...] = ()
    matters: tuple[Matter, ...] = ()
    clocks: Mapping[str, ClockLog] = field(default_factory=dict)
    involved: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Who ever held or acted as a relation: of the case by its name, of another matter by ``id.name``.

    Replacing somebody does not end it; releasing a relation does (a return makes signatures void).
    """
    fired: Mapping[str, int] = field(default_factory=dict)
    """Rung key without occurrence -> the last occurrence fired (1 for rungs that fire once), the latest last."""
    last_moves: Mapping[str, LastMove] = field(default_factory=dict)

    def after(self, changes: dict[str, Any]) -> Case:
        """Return this case with *changes* to its fields."""
        # The open matters are kept beside the fields: other matters, other open ones.
        return changed(self, changes | {"_open_matters": None} if "matters" in changes else changes)

    @property
    def main(self) -> Matter:
        """The matter of the case itself."""
        return self.matters[0]

    @property
    def open(self) -> bool:
        """True until the main matter has ended."""
        return self.main.open

    def matter(self, id: str) -> Matter | None:
        """Return the matter with this id, or None."""
        for matter in self.matters:
            if matter.id == id:
                return matter
        return None

    def matters_of(self, kind: str) -> tuple[Matter, ...]:
        """Return the matters of *kind* in the order they were opened."""
        return tuple([matter for matter in self.matters if matter.kind == kind])

    def open_matters(self) -> tuple[Matter, ...]:
        """Return the matters that have not ended, the main one first."""
        # Asked several times in every act; by hand, since `cached_property` takes a lock, which costs more than the answer.
        known: tuple[Matter, ...] | None = self.__dict__.get("_open_matters")
        if known is None:
            known = tuple([matter for matter in self.matters if matter.outcome is None])
            self.__dict__["_open_matters"] = known
        return known

    def with_matter(self, matter: Matter) -> Case:
        """Return this case with *matter* in the place of the one that has its id."""
        return self.after({"matters": tuple(matter if one.id == matter.id else one for one in self.matters)})

    def party(self, id: str | None) -> Party | None:
        """Return the party with this id, or None."""
        return next((party for party in self.parties if party.id == id), None)

    def holders(self, relation: str, matter: Matter) -> tuple[str, ...]:
        """Return who holds *relation*: on the matter itself, else on the case."""
        return matter.assigned.get(relation) or self.matters[0].assigned.get(relation, ())

    def involved_in(self, relation: str, matter: Matter) -> tuple[str, ...]:
        """Return who was ever involved as *relation*, on the matter itself and on the case."""
        on_case = self.involved.get(relation, ())
        on_matter = self.involved.get(f"{matter.id}.{relation}") if matter.kind != MAIN else None
        return (*on_matter, *on_case) if on_matter else on_case

    def facts_for(self, matter: Matter) -> Mapping[str, Value]:
        """Return what is known on *matter*: the facts of the case, under the matter's own."""
        facts = self.matters[0].facts
        return facts if matter.kind == MAIN else {**facts, **matter.facts}
