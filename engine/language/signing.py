"""Signing: the names that a chain will unfold into, known before anything refers to them.

Room for: levels, votes, the states of carrying, and the built-in fact that says which level returned a draft.
May not enter: the unfolding itself (`chain.py`, `carrying.py`).
"""

from __future__ import annotations

from dataclasses import dataclass

from engine.language.nodes import Listing, Node, Table
from engine.language.reader import Fields
from engine.model.procedure import Fact
from engine.text import Text

RETURNED_AT = "returned_at"
"""The built-in fact that says which level returned the draft."""


def against(level: str) -> str:
    """Return the relation of who votes for a return at a group *level*."""
    return f"{level}_against"


def resumed(level: str) -> str:
    """Return the state in which *level* sees what has changed in a draft it returned."""
    return f"resumed_{level.removeprefix('level_')}"


@dataclass(frozen=True, slots=True)
class Signing:
    """What a chain brings beside its levels: the relations of votes for a return, the states of carrying."""

    votes: tuple[str, ...] = ()
    resumed: tuple[str, ...] = ()

    @property
    def carries(self) -> bool:
        """True where signatures can be carried to a new draft."""
        return bool(self.resumed)


def level_names(root: Fields) -> tuple[str, ...]:
    """Return the states of the chain's levels, in order."""
    return tuple(f"level_{number}" for number, _ in enumerate(_levels(root), 1))


def read_signing(root: Fields) -> Signing:
    """Return the other names that the chain of *root* will unfold into."""
    names = level_names(root)
    votes = [
        against(name) for name, level in zip(names, _levels(root), strict=True) if _has(level, "members")
    ]
    seen_again = [resumed(name) for name in names] if _has(root.get("chain"), "carry") else []
    return Signing(tuple(votes), tuple(seen_again))


def returned_at(root: Fields, levels: tuple[str, ...]) -> Fact:
    """Return the fact that a return sets: the level it came from."""
    titles = {}
    for name, level in zip(levels, _levels(root), strict=True):
        zh, en = _title(level)
        titles[name] = Text(zh or name, en or name)
    return Fact(RETURNED_AT, "choice", Text("退回级次", "Returned at"), choices=titles)


def _levels(root: Fields) -> tuple[Node, ...]:
    chain = root.get("chain")
    levels = chain.get("levels") if isinstance(chain, Table) else None
    return levels.items if isinstance(levels, Listing) else ()


def _has(node: Node | None, key: str) -> bool:
    return isinstance(node, Table) and node.get(key) is not None


def _title(level: Node) -> tuple[str, str]:
    title = level.get("title") if isinstance(level, Table) else None
    if not isinstance(title, Table):
        return "", ""
    zh, en = title.get("zh"), title.get("en")
    return getattr(zh, "text", ""), getattr(en, "text", "")
