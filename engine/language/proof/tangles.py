"""Tangles: sets of nodes from each of which every other can be come to.

Room for: strongly connected components of a graph, and an order in which what follows comes first.
May not enter: what the nodes are.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import TypeVar

N = TypeVar("N", bound=Hashable)


def components(onward: Mapping[N, Sequence[N]]) -> dict[N, int]:
    """Return the number of the component of each node of *onward* (node -> where it leads, all of them keys)."""
    back: dict[N, list[N]] = {node: [] for node in onward}
    for node, targets in onward.items():
        for target in targets:
            back[target].append(node)
    found: dict[N, int] = {}
    for start in reversed(finished(onward)):
        if start in found:
            continue
        waiting, number = [start], len(found)
        found[start] = number
        while waiting:
            for source in back[waiting.pop()]:
                if source not in found:
                    found[source] = number
                    waiting.append(source)
    return found


def finished(onward: Mapping[N, Sequence[N]]) -> list[N]:
    """Return the nodes in the order in which a walk in depth is done with them: without circles, what follows first."""
    order: list[N] = []
    seen: set[N] = set()
    for start in onward:
        if start in seen:
            continue
        seen.add(start)
        stack = [(start, iter(onward[start]))]
        while stack:
            here, rest = stack[-1]
            there = next((node for node in rest if node not in seen), None)
            if there is None:
                order.append(here)
                stack.pop()
            else:
                seen.add(there)
                stack.append((there, iter(onward[there])))
    return order
