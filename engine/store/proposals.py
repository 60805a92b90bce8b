"""Proposals: what one person put forward and another one decides on, kept for good.

Room for: writing one down, its one outcome, reading them.
May not enter: what a payload means, who may decide (`engine/service/second_person.py`).
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection, func, insert, select, update

from engine.errors import Conflict
from engine.store import tables as t
from engine.text import Text

Kind = Literal["activate", "migrate"]
Outcome = Literal["approved", "rejected", "withdrawn"]


@dataclass(frozen=True, slots=True)
class Proposal:
    """One proposal. *payload* is what is proposed; *outcome* is None while nobody has decided.

    *stood_in_for* are those the proposer stood in for on the day: they count as one with them.
    """

    number: int
    kind: str
    payload: Mapping[str, Any]
    by: str
    at: datetime
    stood_in_for: tuple[str, ...] = ()
    outcome: str | None = None
    decided_by: str | None = None
    decided_at: datetime | None = None
    reason: str = ""

    @property
    def open(self) -> bool:
        """Whether it still waits for somebody to decide."""
        return self.outcome is None


class Proposals:
    """The proposals of one institution on one connection."""

    def __init__(self, connection: Connection, institution: str) -> None:
        self._on = connection
        self._institution = institution

    def propose(
        self, kind: Kind, payload: Mapping[str, Any], by: str, at: datetime, stood_in_for: Sequence[str] = ()
    ) -> Proposal:
        """Write a proposal down under the next number and return it."""
        c = t.proposals.c
        last = select(func.max(c.number)).where(c.institution == self._institution)
        number = (self._on.execute(last).scalar_one_or_none() or 0) + 1
        self._on.execute(
            insert(t.proposals).values(
                institution=self._institution, number=number, kind=kind, payload=_text(payload),
                proposed_by=by, proposed_at=at, stood_in_for=_text(list(stood_in_for)),
            )
        )  # fmt: skip
        return Proposal(number, kind, payload, by, at, tuple(stood_in_for))

    def get(self, number: int) -> Proposal | None:
        """Return the proposal with this number, of whatever kind, or None."""
        row = self._on.execute(self._mine().where(t.proposals.c.number == number)).one_or_none()
        return _proposal(row) if row else None

    def all(self, kind: Kind | None = None, *, open_only: bool = False) -> tuple[Proposal, ...]:
        """Return the proposals (of *kind*; the undecided alone), the oldest first."""
        query = self._mine().order_by(t.proposals.c.number)
        if kind is not None:
            query = query.where(t.proposals.c.kind == kind)
        if open_only:
            query = query.where(t.proposals.c.outcome.is_(None))
        return tuple(_proposal(row) for row in self._on.execute(query))

    def decide(self, number: int, outcome: Outcome, by: str, at: datetime, reason: str = "") -> None:
        """Write down how a proposal ended. Raises Conflict where it has ended already: an outcome is written once."""
        c = t.proposals.c
        mine = (c.institution == self._institution, c.number == number, c.outcome.is_(None))
        done = self._on.execute(
            update(t.proposals)
            .where(*mine)
            .values(outcome=outcome, decided_by=by, decided_at=at, reason=reason or None)
        )
        if done.rowcount != 1:
            raise Conflict(
                Text(
                    f"第{number}号提请刚有人决定，请重新查看。",
                    f"Somebody has just decided on proposal {number}; look at it again.",
                )
            )

    def _mine(self) -> Any:
        return select(t.proposals).where(t.proposals.c.institution == self._institution)


def _text(plain: object) -> str:
    return json.dumps(plain, ensure_ascii=False, separators=(",", ":"))


def _proposal(row: Any) -> Proposal:
    return Proposal(
        row.number, row.kind, json.loads(row.payload), row.proposed_by, row.proposed_at,
        tuple(json.loads(row.stood_in_for)), row.outcome, row.decided_by, row.decided_at, row.reason or "",
    )  # fmt: skip
