"""Fragments: which procedures are read anew when a fragment comes into force, and what of them is stored.

Room for: telling fragments from procedures among texts, the users of a fragment, the text to store.
May not enter: putting anything into force (`activation.py`), how fragments are merged (`engine/language/fragments.py`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from engine.errors import WrongUse
from engine.language.fragments import (
    Fragment,
    Fragments,
    is_fragment,
    own_document,
    parts_of,
    read_fragment,
    resolved,
    uses_of,
)
from engine.language.problem import Problem, Problems, in_order
from engine.language.procedure import read_procedure
from engine.language.register import read_register
from engine.language.roles import NO_ROLES, known_roles
from engine.model.register import Register
from engine.service.fitting import broken, is_register
from engine.store.definitions import REGISTER, StoredText
from engine.text import Text


@dataclass(frozen=True, slots=True)
class Gathered:
    """Texts sorted: *procedures* (file -> text, registers among them) and the *fragments* they are read with.

    *problems* are those of the form of a fragment.
    """

    procedures: Mapping[str, str]
    fragments: Fragments
    problems: Sequence[Problem] = field(default=())

    def stored(self, file: str) -> str:
        """Return what is kept of the text under *file*: with the fragments it uses behind it."""
        return resolved(self.procedures[file], file, self.fragments)


def gather(texts: Mapping[str, str], in_force: Iterable[StoredText] = ()) -> Gathered:
    """Sort *texts* (file -> text), and add each procedure *in_force* that uses a fragment which they change.

    So a fragment never reads differently in two procedures in force. Such a procedure keeps its own document and its
    other fragments. A fragment that is not among the texts is taken as a procedure in force has it. Where the texts
    have nothing but fragments, every procedure that uses one of them is added.
    """
    new: dict[str, Fragment] = {}
    problems: list[Problem] = []
    for file, text in texts.items():
        if is_fragment(text):
            read = read_fragment(text, file)
            if isinstance(read, Problems):
                problems += read
            else:
                new[read.name] = read
    procedures = {file: text for file, text in texts.items() if not is_fragment(text)}
    alone = not procedures
    kept: dict[str, Fragment] = {}
    for stored in in_force:
        parts = parts_of(stored.text, stored.file) if stored.name != REGISTER else {}
        kept |= parts
        changed = any(new[name].text != part.text or alone for name, part in parts.items() if name in new)
        if changed and stored.file not in texts:
            procedures[stored.file] = own_document(stored.text)
    return Gathered(procedures, {**kept, **new}, tuple(problems))


def prepared(texts: Mapping[str, str], in_force: Sequence[StoredText]) -> dict[str, str]:
    """Return *texts* (file -> text) as they are to be stored, with the procedures *in_force* that they change.

    A procedure carries the fragments it uses; after this nothing is a fragment any more. What the register (the one
    among *texts*, else that in force) does not name is left as it is. Raises BrokenDefinition with
    problems at the file they stand in, WrongUse for fragments that no procedure in force uses.
    """
    register = _register(texts, in_force)
    if isinstance(register, Problems):
        raise broken(tuple(register))
    if register is not None:
        in_force = [one for one in in_force if one.name == REGISTER] + [
            # A procedure goes by the file that the register gives it, wherever its text first came from.
            replace(one, file=register.procedures[one.name].file)
            for one in in_force
            if one.name in register.procedures
        ]
    gathered = gather(texts, in_force)
    problems = [*gathered.problems]
    # What is in force beside the texts lends its roles too.
    beside = {one.file: one.text for one in in_force if one.name != REGISTER}
    beside |= gathered.procedures
    roles = known_roles(register.roles if register else NO_ROLES, beside, gathered.fragments)
    for file, text in gathered.procedures.items():
        if uses_of(text):
            read = read_procedure(text, file, roles[file], gathered.fragments)
            problems += read if isinstance(read, Problems) else ()
    if problems:
        raise broken(in_order(problems))
    if texts and not gathered.procedures:
        raise WrongUse(
            Text(
                "现行程序都没有使用这些片段。请与使用它们的程序一同启用。",
                "No procedure in force uses these fragments. Activate them together with one that does.",
            )
        )
    return {file: gathered.stored(file) for file in gathered.procedures}


def _register(texts: Mapping[str, str], in_force: Sequence[StoredText]) -> Register | Problems | None:
    kept = {stored.file: stored.text for stored in in_force if stored.name == REGISTER}
    named = {file: text for file, text in texts.items() if is_register(text)}
    return next((read_register(text, file) for file, text in (named or kept).items()), None)
