"""Checkpoints: what an office says of all its cases at once, so that nothing can be cut off or left out later.

Room for: seals, checkpoints, the one form each is hashed in, and the line a head is printed as.
May not enter: when one is made (`engine/service/checkpointing.py`), where it is kept (`engine/store/checkpoints.py`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any

from engine.model.events import canonical
from engine.model.hashing import SHA256, hexdigest

_LINE = re.compile(
    r"anxu-checkpoint\s+(?P<institution>\S+)\s+(?P<number>\d+)\s+(?P<day>\S+)\s+(?P<hashed>\w+)\s+(?P<head>[0-9a-f]{64})"
)
_BARE = re.compile(r"(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])")


@dataclass(frozen=True, slots=True)
class Seal:
    """That *subject* had this *head* at this *version*; *name* is what people know it by (a case: its number).

    *kind* is what it speaks of: a ``case``, what came into force (``activation``), a calendar ``load``, who holds what
    (``people``), how they are told (``contacts``), a bundle (``archive``).
    *beside* is the hash of what stands beside the chain of a case: its documents' names and the dates it showed.
    """

    kind: str
    subject: str
    version: int
    name: str
    head: str
    beside: str = ""

    @property
    def leaf(self) -> bytes:
        """The leaf that it is in the tree of its checkpoint."""
        return canonical_list(
            [self.kind, self.subject, self.version, self.name, self.head, self.beside]
        ).encode()


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """*sealed* seals under one *root*, linked to the checkpoint before; *cases* and *events* are how many there were."""

    institution: str
    number: int
    day: date
    made_at: datetime
    cases: int
    events: int
    sealed: int
    root: str
    previous: str
    hashed: str = SHA256
    head: str = ""

    def plain(self) -> dict[str, Any]:
        """Return it as plain JSON values."""
        return {
            "institution": self.institution, "number": self.number, "day": self.day.isoformat(),
            "made_at": self.made_at.astimezone(UTC).isoformat(), "cases": self.cases, "events": self.events,
            "sealed": self.sealed, "root": self.root, "previous": self.previous, "hashed": self.hashed,
            "head": self.head,
        }  # fmt: skip

    def headed(self) -> Checkpoint:
        """Return it with its own head."""
        return replace(self, head=head_of(self))

    def line(self) -> str:
        """Return the line that is printed, mailed or published: whoever has it can tell a store that was made anew."""
        return f"anxu-checkpoint {self.institution} {self.number} {self.day} {self.hashed} {self.head}"


@dataclass(frozen=True, slots=True)
class Anchor:
    """A head that somebody kept outside; without a *number* it may be that of any checkpoint."""

    head: str
    number: int | None = None
    institution: str = ""


def head_of(checkpoint: Checkpoint) -> str:
    """Return the hash over everything a checkpoint says but its head."""
    plain = {name: value for name, value in checkpoint.plain().items() if name != "head"}
    return hexdigest(checkpoint.hashed, canonical(plain).encode())


def before_all(institution: str, hashed: str = SHA256) -> str:
    """Return what the first checkpoint is linked to."""
    return hexdigest(hashed, f"{institution}/checkpoints".encode())


def canonical_list(plain: list[Any]) -> str:
    """Return the one JSON form of a list."""
    return canonical({"": plain})[4:-1]


def anchors_in(text: str) -> tuple[Anchor, ...]:
    """Return every head that *text* holds: printed lines, whatever stands around them, or bare hashes."""
    found = [Anchor(one["head"], int(one["number"]), one["institution"]) for one in _LINE.finditer(text)]
    known = {anchor.head for anchor in found}
    return (*found, *(Anchor(head) for head in dict.fromkeys(_BARE.findall(text)) if head not in known))


def broken_links(checkpoints: Iterable[Checkpoint]) -> Iterator[tuple[int, str]]:
    """Yield (number, what is wrong) of a line of checkpoints from the first on: ``missing``, ``changed`` or ``unlinked``."""
    previous, expected = None, 1
    for one in checkpoints:
        if one.number != expected:
            yield expected, "missing"
        elif one.previous != (previous or before_all(one.institution, one.hashed)):
            yield one.number, "unlinked"
        if one.head != head_of(one):
            yield one.number, "changed"
        previous, expected = one.head, one.number + 1
