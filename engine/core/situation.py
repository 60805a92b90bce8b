"""Situation: a case as a guard may see it while somebody acts on one of its matters.

Room for: the answers to what guards ask.
May not enter: the guards themselves (`engine/model/guards.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from engine.model.case import Case, Matter
from engine.model.guards import Value


class CaseSituation(NamedTuple):
    """*facts* are those of the matter with what the act brings; *actor* is None where a rule acts."""

    case: Case
    matter: Matter
    facts: Mapping[str, Value]
    actor: str | None = None
    assigned: Mapping[str, tuple[str, ...]] = {}
    """What the act assigns, by relation."""

    def outcomes_of(self, kind: str) -> tuple[str | None, ...]:
        """Return the outcome of the latest matter of *kind* for each party, after every older one that is still open.

        None stands for what is open.
        """
        matters = self.case.matters_of(kind)
        latest = {matter.party: matter for matter in matters}
        older = (matter for matter in matters if matter.open and latest[matter.party] is not matter)
        return tuple(matter.outcome for matter in (*older, *latest.values()))

    def parties_of(self, role: str) -> int:
        return sum(party.role == role for party in self.case.parties)

    def actor_is(self, relation: str) -> bool:
        return self.actor is not None and self.actor in self.holders_of(relation)

    def holders_of(self, relation: str) -> tuple[str, ...]:
        """Return who holds *relation* on the matter, else on the case, after what the act assigns."""
        given = self.assigned.get(relation)
        return self.case.holders(relation, self.matter) if given is None else given


def situation_of(
    case: Case, matter: Matter, brought: Mapping[str, Value] | None = None, actor: str | None = None
) -> CaseSituation:
    """Return what a guard sees of *matter* on *case*, with the facts an act brings on top."""
    known = case.facts_for(matter)
    return CaseSituation(case, matter, {**known, **brought} if brought else known, actor)
