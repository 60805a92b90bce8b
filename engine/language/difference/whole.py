"""Difference: what differs between two versions of a procedure or a register, in plain words, leaving nothing out.

Room for: the comparison itself; what a procedure is made of, field by field.
May not enter: where versions come from (`engine/service/comparing.py`), what a change does to open cases.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import overload

from engine.language.difference.frame import (
    Change,
    Sides,
    Tellers,
    Thing,
    finished,
    plain,
    several,
    text,
    told,
    worded,
)
from engine.language.difference.parts import (
    apart_told,
    borrowed_told,
    chain_told,
    documents_told,
    facts_told,
    matters_told,
    opening_told,
    persons_told,
    reviewed_told,
)
from engine.language.difference.registers import registers_told
from engine.language.difference.renames import renames, renames_told, with_names
from engine.language.difference.states import clocks_told, states_told, terms_told
from engine.language.difference.words import Around, Words
from engine.model.procedure import Procedure
from engine.model.register import Register
from engine.text import Text

_NOWHERE = Around()


@overload
def difference(
    old: Procedure, new: Procedure, around: Around = ..., before: Around | None = ...
) -> tuple[Change, ...]: ...
@overload
def difference(
    old: Register, new: Register, around: Around = ..., before: Around | None = ...
) -> tuple[Change, ...]: ...
def difference(
    old: Procedure | Register, new: Procedure | Register, around: Around = _NOWHERE, before: Around | None = None
) -> tuple[Change, ...]:  # fmt: skip
    """Return everything that differs between two versions, each with its place and a sentence; nothing where they mean the same.

    Texts that differ in layout or comments alone give one change that says so. *around* gives the titles that stand
    outside the definition; *before* those around the old one, where they are others.
    """
    if isinstance(old, Procedure) and isinstance(new, Procedure):
        names = renames(old, new)
        old = with_names(old, names)
        sides = Sides(Words(old, before or around), Words(new, around))
        owner = Text("本程序", "this procedure")
        whole = Thing("procedure", "", owner)
        # Two texts are told from each other by their hashes alone where nothing they say differs.
        differing = told(sides, whole, replace(old, hash=new.hash), new, PROCEDURE)
        found = (*renames_told(new, names), *differing)
    elif isinstance(old, Register) and isinstance(new, Register):
        sides = Sides(Words(None, _with_roles(before or around, old)), Words(None, _with_roles(around, new)))
        found = tuple(registers_told(sides, replace(old, hash=new.hash), new))
    else:
        raise TypeError("a procedure and a register cannot be compared")
    if not found and old.hash != new.hash:
        found = (Change("layout", "", _LAYOUT),)
    return tuple(finished(change) for change in found)


_LAYOUT = Text("两个文本只有排版或者注释不同", "the two texts differ in layout or comments alone")


def _with_roles(around: Around, register: Register) -> Around:
    return replace(around, roles={**around.roles, **register.roles})


def _named(sides: Sides, thing: Thing, key: str, before: str, after: str) -> Iterator[Change]:
    del sides
    clause = Text(
        "程序代号由“{was}”改为“{now}”",
        "the name of the procedure in the register changes from “{was}” to “{now}”",
    )
    yield thing.change(key, clause.filled(was=before, now=after))


PROCEDURE: Tellers = {
    "name": _named,
    "title": text("名称", "title"),
    "basis": plain("依据", "basis"),
    "initial": worded("起始状态", "first state", Words.state),
    "stages": documents_told,
    "states": states_told,
    "facts": facts_told,
    "documents": documents_told,
    "reviewed": reviewed_told,
    "roles": documents_told,
    "uses": several("所用片段", "fragments", lambda _, name: Text(f"“{name}”", f"“{name}”")),
    "parties": several("立案必备的当事人", "required parties", Words.party),
    "persons": persons_told,
    "apart": apart_told,
    "clocks": clocks_told,
    "terms": terms_told,
    "track": worded("区分办理方式的信息项", "fact that tells the tracks apart", Words.fact),
    "matters": matters_told,
    "borrowed": borrowed_told,
    "handler": worded("经办人", "handler", Words.relation),
    "chain": chain_told,
    "intake": several("立案必填项", "facts needed at opening", Words.fact),
    "opened_by": several("可立案的岗位", "opening roles", lambda words, who: words.who(who)),
    "on_open": opening_told,
}
"""One teller a field; the hash is told by `difference` itself."""
