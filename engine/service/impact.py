"""Impact: what texts would do if they came into force: how they differ, and which open matters stay on older versions.

Room for: the difference to what is in force on the day, open matters by state.
May not enter: the words of a difference (`engine/language/difference/`), deciding on anything (`proposing.py`).
"""

from __future__ import annotations

from collections.abc import Mapping

from engine.language.difference import Around, difference
from engine.service.fitting import Fresh
from engine.service.office import Unit
from engine.service.proposal_pages import Staying, TextImpact
from engine.service.stored_texts import register_under
from engine.store.definitions import REGISTER, in_force_on, replaced_on
from engine.text import Text

FIRST = Text("首次启用", "in force for the first time")


def impact_of(
    unit: Unit, fresh: Fresh, against: Mapping[str, str | None] | None = None
) -> tuple[TextImpact, ...]:
    """Return what each text of *fresh* would do from its day on, the register first.

    *against* are the hashes it is compared with where that is not what is in force on that day: a proposal that has
    been decided on is shown against what was in force then, and nothing stays on older versions for its sake.
    """
    activations = unit.definitions.activations()
    in_force = {name: one.hash for name, one in in_force_on(activations, fresh.since).items()}
    hashes: dict[str, str | None] = {**in_force, **(against or {})}
    register = register_under(unit.definitions, hashes[REGISTER] or in_force[REGISTER])
    there = {
        name: unit.rules.definitions[one]
        for name, one in hashes.items()
        if one and name in register.procedures
    }
    before = Around({**unit.rules.roles, **register.roles}, there)
    after = Around(
        {**_brought(fresh), **before.roles, **(fresh.register or register).roles},
        {**there, **fresh.procedures},
    )  # fmt: skip
    standing = {} if against is not None else unit.definitions.open_by_state()
    found = []
    for name, stored in fresh.stored.items():
        was = hashes.get(name)
        changes: tuple[Text, ...] = (FIRST,)
        if was == stored.hash:
            changes = ()
        elif name == REGISTER and fresh.register:
            changes = tuple(c.sentence for c in difference(register, fresh.register, after, before))
        elif was:
            old, new = unit.rules.definitions[was], fresh.procedures[name]
            changes = tuple(c.sentence for c in difference(old, new, after, before))
        staying = _staying(unit, name, stored.hash, standing)
        until = replaced_on(activations, name, fresh.since)
        found.append(
            TextImpact(name, fresh.title(name), stored.file, stored.hash, was, changes, staying, until)
        )
    return tuple(found)


def _brought(fresh: Fresh) -> Mapping[str, Text]:
    return {name: title for one in fresh.procedures.values() for name, title in one.roles.items()}


def _staying(
    unit: Unit, name: str, digest: str, standing: Mapping[str, Mapping[str, int]]
) -> tuple[Staying, ...]:
    older = unit.rules.definitions
    return tuple(
        Staying(version, state, older[version].states[state].title, count)
        for version, states in standing.items()
        if version in older and older[version].name == name and version != digest
        for state, count in states.items()
    )
