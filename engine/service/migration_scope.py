"""Migration scope: which version a migration goes to, which states are meant, and which cases it is about.

Room for: names as people type them, looked up.
May not enter: what becomes of a case (`foreseeing.py`), proposals (`migrating.py`).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from difflib import get_close_matches

from engine.errors import UnknownName
from engine.model.procedure import Procedure
from engine.model.rules import Rules
from engine.service.foreseeing import Plan
from engine.service.office import Unit
from engine.store.versions import Versions
from engine.text import Text

PAGE = 500


def plan_of(
    unit: Unit, procedure: str, states: Mapping[str, str], cases: Sequence[str] | None, to: str | None
) -> tuple[Plan, tuple[str, ...]]:
    """Return what is to become of the open matters of *procedure*, and the cases that have any on another version.

    Raises UnknownName for a procedure, state or version, UnknownCase.
    """
    new = version_of(unit.rules, procedure, to)
    _known_states(unit.rules, new, states)
    among = {unit.cases.id_of(named) for named in cases} if cases else None
    versions, after = Versions(unit.connection, unit.institution), ""
    ids: list[str] = []
    while batch := versions.elsewhere(procedure, new.hash, after, PAGE, among):
        after = batch[-1]
        ids += batch
    return Plan(procedure, new.hash, dict(states)), tuple(ids)


def version_of(rules: Rules, procedure: str, to: str | None) -> Procedure:
    """Return the version of *procedure* whose hash begins with *to*; None: the one in force.

    Raises UnknownName, and BrokenDefinition where this program cannot read the version that is meant.
    """
    if not to and (newest := rules.newest(procedure)):
        return newest
    meant = [rules.definitions[h] for h in rules.definitions if to and h.startswith(to)]
    found = [one for one in meant if one.name == procedure]
    if len(found) == 1:
        return found[0]
    known = [one for one in rules.readable() if one.name == procedure]
    if not known:
        names = ", ".join(sorted({one.name for one in rules.readable()}))
        raise UnknownName(
            Text(
                f"没有程序“{procedure}”，已有：{names}。",
                f"There is no procedure “{procedure}”; there are: {names}.",
            )
        )
    listed = ", ".join(one.hash[:12] for one in known)
    raise UnknownName(
        Text(
            f"“{procedure}”没有唯一的版本“{to or ''}”，已有：{listed}。",
            f"“{procedure}” has no single version “{to or ''}”; there are: {listed}.",
        )
    )


def _known_states(rules: Rules, new: Procedure, states: Mapping[str, str]) -> None:
    old = {name for p in rules.readable() if p.name == new.name for name in p.states}
    anywhere, there = Text("各版本", "any version"), Text("新版本", "the new version")
    for source, target in states.items():
        _known(source, old, anywhere)
        _known(target, set(new.states), there)


def _known(name: str, known: Collection[str], where: Text) -> None:
    if name in known:
        return
    near = get_close_matches(name, known, n=1)
    hint = Text(f"是否“{near[0]}”？", f" Did you mean “{near[0]}”?") if near else Text("", "")
    raise UnknownName(
        Text(f"{where.zh}没有状态“{name}”。{hint.zh}", f"There is no state “{name}” in {where.en}.{hint.en}")
    )
