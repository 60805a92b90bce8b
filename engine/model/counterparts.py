"""Counterparts: which limit of one version of a definition is which limit of another.

Room for: pairing the terms of a state across versions, for whoever compares two versions or moves a case between them.
May not enter: what follows from a pair (`engine/language/difference/`, `engine/core/migrating.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from engine.law.duration import Duration
from engine.model.procedure import Term


def counterparts(old: Sequence[Term], new: Sequence[Term]) -> Mapping[int, int]:
    """Return, by position in *new*, the position in *old* of the same term; a term without one is left out.

    A term with a name of its own is known by it; others by all but their length, then by their title, then by the date
    they hang on where neither has a title.
    """
    found: dict[int, int] = {}
    for same in _WAYS:
        for n, after in enumerate(new):
            if n in found:
                continue
            free = (m for m in range(len(old)) if m not in found.values() and _named(old[m]) == _named(after))
            match = next((m for m in free if same(old[m], after)), None)
            if match is not None:
                found[n] = match
    return found


def _named(term: Term) -> bool:
    # What is written where a stay is limited is numbered after its state: ``filed.1``; a name of its own has no dot.
    return "." not in term.name


def _bare(term: Term) -> Term:
    return replace(term, name="", limit=Duration(0, "days"))


_WAYS: tuple[Callable[[Term, Term], bool], ...] = (
    lambda old, new: _named(new) and old.name == new.name,
    lambda old, new: not _named(new) and _bare(old) == _bare(new),
    lambda old, new: not _named(new) and old.title is not None and old.title == new.title,
    lambda old, new: (
        not _named(new) and old.title is new.title is None and (old.of, old.before) == (new.of, new.before)
    ),
)
