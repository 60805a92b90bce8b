"""Situation: a case as a guard may see it while somebody acts on one of its matters.

Room for: the answers to what guards ask.
May not enter: the guards themselves (`engine/model/guards.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from engine.model.case import Case, Matter
from engine.model.guards import Value


@dataclass(frozen=True, slots=True)
class CaseSituation:
    """*facts* are those of the matter with what the act brings; *actor* is None where a rule acts."""

    case: Case
    matter: Matter
    facts: Mapping[str, Value]
    actor: str | None = None

    def outcomes_of(self, kind: str) -> tuple[str | None, ...]:
        """Return the outcome of the latest matter of *kind* for each party; None while it is open."""
        latest: dict[str | None, Matter] = {}
        for matter in self.case.matters_of(kind):
            latest[matter.party] = matter
        return tuple(matter.outcome for matter in latest.values())

    def parties_of(self, role: str) -> int:
        return sum(party.role == role for party in self.case.parties)

    def actor_is(self, relation: str) -> bool:
        return self.actor is not None and self.actor in self.case.holders(relation, self.matter)


def situation_of(
    case: Case, matter: Matter, brought: Mapping[str, Value] | None = None, actor: str | None = None
) -> CaseSituation:
    """Return what a guard sees of *matter* on *case*, with the facts an act brings on top."""
    return CaseSituation(case, matter, {**case.facts_for(matter), **(brought or {})}, actor)
