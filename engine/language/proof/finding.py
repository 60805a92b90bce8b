"""Finding: what a proof has to say: a fault with the shortest way to it, or that none was found and how far it looked.

Room for: both as values, and what a way looks like.
May not enter: places in files (`proving.py`), sentences (`engine/language/sentences_proof.py`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from engine.text import Text


@dataclass(frozen=True, slots=True)
class Finding:
    """A fault of *procedure* ("" for the register), at the path *place* of its file.

    *way* goes from where the case or matter begins: a state, the move done there, the state it leads to, and so on.
    """

    procedure: str
    place: str
    code: str
    way: tuple[str, ...] = ()
    values: Mapping[str, object] = field(default_factory=dict)


@dataclass(slots=True)
class Report:
    """What was found and what was proved, in the order in which it was looked at."""

    findings: list[Finding] = field(default_factory=list)
    proved: list[Text] = field(default_factory=list)

    def found(
        self, procedure: str, place: str, code: str, way: Iterable[str] = (), /, **values: object
    ) -> None:
        """Note a fault; the same fault at the same place is noted once."""
        self.add(Finding(procedure, place, code, tuple(way), values))

    def add(self, finding: Finding) -> None:
        """Note a fault; the same fault at the same place is noted once."""
        known = ((f.procedure, f.place, f.code) for f in self.findings)
        if (finding.procedure, finding.place, finding.code) not in known:
            self.findings.append(finding)
