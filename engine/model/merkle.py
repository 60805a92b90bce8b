"""Merkle: the root of a tree over leaves in order, and the short proof that one leaf is in it, as RFC 6962 has them.

Room for: leaves, nodes, roots, paths; a leaf can never be passed off as a node, since each is hashed with a byte of its own.
May not enter: what the leaves say (`checkpoints.py`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from engine.model.hashing import digest


@dataclass(frozen=True, slots=True)
class _Peak:
    """A whole subtree, and which of the watched leaves are in it."""

    level: int
    node: bytes
    watched: tuple[int, ...]


class Growing:
    """A root that grows leaf by leaf and holds no more than one hash a level, however many leaves come.

    Of the places it watches it keeps the neighbours, from the leaf up.
    """

    def __init__(self, hashed: str, watched: Collection[int] = ()) -> None:
        self._hashed = hashed
        self._peaks: list[_Peak] = []
        self._paths: dict[int, list[str]] = {place: [] for place in watched}
        self.size = 0

    def add(self, leaf: bytes) -> None:
        """Put the next leaf in."""
        here = (self.size,) if self.size in self._paths else ()
        peak = _Peak(0, leaf_hash(self._hashed, leaf), here)
        self.size += 1
        while self._peaks and self._peaks[-1].level == peak.level:
            peak = self._joined(self._peaks.pop(), peak, self._paths)
        self._peaks.append(peak)

    def root(self) -> str:
        """Return the root over the leaves so far as hex; of none, the hash of nothing."""
        return self._whole({place: [] for place in self._paths}).hex()

    def paths(self) -> dict[int, tuple[str, ...]]:
        """Return, for each watched place that has a leaf, its neighbours from the leaf up, each as hex."""
        paths = {place: list(path) for place, path in self._paths.items() if place < self.size}
        self._whole(paths)
        return {place: tuple(path) for place, path in paths.items()}

    def _whole(self, paths: dict[int, list[str]]) -> bytes:
        if not self._peaks:
            return digest(self._hashed, b"")
        peaks = list(self._peaks)
        whole = peaks.pop()
        while peaks:
            whole = self._joined(peaks.pop(), whole, paths)
        return whole.node

    def _joined(self, left: _Peak, right: _Peak, paths: dict[int, list[str]]) -> _Peak:
        for place in left.watched:
            paths[place].append(right.node.hex())
        for place in right.watched:
            paths[place].append(left.node.hex())
        node = node_hash(self._hashed, left.node, right.node)
        return _Peak(left.level + 1, node, left.watched + right.watched)


def leaf_hash(hashed: str, leaf: bytes) -> bytes:
    """Return what a leaf is known by in its tree."""
    return digest(hashed, b"\0" + leaf)


def node_hash(hashed: str, left: bytes, right: bytes) -> bytes:
    """Return what two neighbours come to."""
    return digest(hashed, b"\1" + left + right)


def root_by_path(hashed: str, leaf: bytes, place: int, size: int, path: Iterable[str]) -> str:
    """Return the root of a tree of *size* leaves in which *leaf* stands at *place* with these neighbours.

    A path that is too long or too short for the place leads to no root: the answer is empty.
    """
    node, last, wanted = leaf_hash(hashed, leaf), size - 1, list(path)
    while last > 0:
        if place & 1 or place < last:
            if not wanted:
                return ""
            beside = bytes.fromhex(wanted.pop(0))
            node = node_hash(hashed, beside, node) if place & 1 else node_hash(hashed, node, beside)
        place, last = place >> 1, last >> 1
    return "" if wanted or place else node.hex()
