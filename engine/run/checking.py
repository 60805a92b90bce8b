"""Checking: files of definitions against themselves, their register and each other.

Room for: which register a file belongs to, reading files as they were named, every problem in order.
May not enter: click, what counts as a problem (`engine/language`), a database.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from engine.errors import BrokenDefinition, UnknownName
from engine.language.fragments import (
    Fragment,
    Fragments,
    is_fragment,
    read_fragment,
    uses_of,
)
from engine.language.problem import Problem, Problems, in_order
from engine.language.procedure import read_procedure
from engine.language.register import read_register
from engine.language.roles import known_roles
from engine.language.source import normalised, read_file
from engine.language.together import check_together, ladders_of
from engine.model.procedure import Procedure
from engine.model.register import Register, RegisteredProcedure, Rung
from engine.run.flags import ensure_readable
from engine.run.founding import starter_texts
from engine.run.settings import REGISTER_FILE
from engine.text import Text

EXAMPLE = Text(
    "附近没有登记册，按随程序附带的示例登记册检查（角色、片段），未查阶梯和承诺期限；请把你的登记册一并列出。",
    "No register is near: checked against the shipped example register (roles, fragments), not against ladders or targets; name yours along to check with it.",
)
"""What is said where no register was near."""

_UNREADABLE = Text(
    "登记册 {file} 本身有问题，未据以检查；请先检查该登记册。",
    "The register {file} has problems itself, so nothing was checked against it; check that register first.",
)

_REGISTER = re.compile(r"^institution:", re.MULTILINE)
_PROCEDURE = re.compile(r"^procedure:\s*(\S+)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Material:
    """What proofs are made of: definitions that were read, their texts, and the names the files are told under."""

    register: Register
    procedures: Mapping[str, Procedure]
    files: Mapping[str, str]
    shown: Mapping[str, str] = field(default_factory=dict)
    named: frozenset[str] = frozenset()
    """The procedures that were asked about."""


@dataclass(slots=True)
class Checked:
    """What a check looked at and found. *material* is what it read, where all of it was sound."""

    files: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    material: Material | None = None
    against: Text | None = None
    """What the files were checked against, where that is not plain from what was named."""


def is_register(file: Path, text: str) -> bool:
    """Return True when *text* is a register's: by its first key, or where that is missing by the file's name."""
    return bool(_REGISTER.search(text)) or (file.name == REGISTER_FILE and not _PROCEDURE.search(text))


def procedure_named(text: str) -> str | None:
    """Return the name a definition gives itself, or None."""
    found = _PROCEDURE.search(text)
    return found[1] if found else None


def check_files(named: Sequence[Path], office_register: Path | None) -> Checked:
    """Return every problem of the *named* files; none named: of the office's register and all its files.

    Named procedures are read with the roles and fragments of a register: one named along, else the office's, else one
    that lies beside or above them, else the starter's, and then nothing is told of its ladders and titles. The roles
    that the procedures of the register, or those named together, bring along are known in all of them. A named fragment brings the procedures along that use it.
    Where register and procedures are sound, they are checked together. Raises WrongUse for a file that is not there.
    """
    checked = Checked()
    texts: dict[Path, str] = {}
    for file in named or ([office_register] if office_register else []):
        if (text := _decoded(file, checked)) is not None:
            texts[file] = text
    own = next((file for file, text in texts.items() if is_register(file, text)), None)
    register_file = own or (register_near(texts, office_register) if texts else None)
    register = _register(register_file, texts, checked, told=own is not None)
    if own is not None and register is not None and list(named) in ([], [own]):
        # A register alone says nothing: its procedures and fragments come with it.
        registered = [*(entry.file for entry in register.procedures.values()), *register.fragments.values()]
        for entry_file in registered:
            place = own.parent / entry_file
            if place.is_file() and (text := _decoded(place, checked)) is not None:
                texts[place] = text
    folder = register_file.parent if register_file else Path()
    places = [folder / file for file in register.fragments.values()] if register else []
    named_fragments = _named_fragments(texts, places, checked)
    if register is not None and register_file is not None:
        _add_users(register, folder, named_fragments, texts, checked)
    fragments = fragments_near(register, register_file, texts)
    procedures = {file: text for file, text in texts.items() if file != own and file not in named_fragments}
    roles = _roles(register, folder, procedures, fragments)
    sound = {
        file: read
        for file, text in procedures.items()
        if (read := _procedure(file, text, roles[file.resolve()], fragments, checked)) is not None
    }
    checked.against = _against(register, register_file, own, sound)
    if register is not None and register_file is not None and not checked.problems:
        checked.problems += _together(register, register_file, texts, sound, roles, checked)
    if checked.material is None:
        checked.material = _by_themselves(register or _example(sound.values()), fragments, texts, sound)
    checked.problems = list(in_order(checked.problems))
    return checked


def fragments_near(
    register: Register | None, register_file: Path | None, texts: Mapping[Path, str] | None = None
) -> Fragments:
    """Return the fragments a procedure can use: those of its *register* (None: the starter's), and those named along.

    *texts* are the files that were named, read as they are there. What is not there is left out.
    """
    named = texts or {}
    if register is None or register_file is None:
        starter = starter_texts()
        entries = starter_register().fragments.items()
        found = {name: Fragment(name, file, starter[file]) for name, file in entries if file in starter}
    else:
        found = {}
        shown = {file.resolve(): file for file in named}
        for name, entry in register.fragments.items():
            file = shown.get((register_file.parent / entry).resolve(), register_file.parent / entry)
            text = named.get(file) or (_decoded(file, Checked()) if file.is_file() else None)
            if text is not None:
                found[name] = Fragment(name, str(file), text)
    for file, text in named.items():
        read = read_fragment(text, str(file)) if is_fragment(text) else None
        if isinstance(read, Fragment):
            found[read.name] = read
    return found


def fragments_beside(named: Mapping[Path, str], office_register: Path | None) -> dict[str, str]:
    """Return, file -> text, the fragments that the *named* procedures use and that were not named themselves.

    They are those of the register named along, else of the one the files belong to; none without a register.
    """
    own = next((file for file, text in named.items() if is_register(file, text)), None)
    register_file = own or register_near(named, office_register)
    register = _register(register_file, named, Checked(), told=False)
    if register is None:
        return {}
    fragments = fragments_near(register, register_file, named)
    used = dict.fromkeys(name for text in named.values() if not is_fragment(text) for name in uses_of(text))
    paths = set(map(str, named))
    return {
        register.fragments[name]: fragments[name].text
        for name in used
        if name in register.fragments and name in fragments and fragments[name].file not in paths
    }


def register_near(files: Iterable[Path], office_register: Path | None) -> Path | None:
    """Return the register the *files* belong to: the office's, else one beside or one folder above them."""
    if office_register is not None:
        return office_register
    for file in files:
        for folder in (file.resolve().parent, file.resolve().parent.parent):
            if (folder / REGISTER_FILE).is_file():
                return folder / REGISTER_FILE
    return None


def read_one(file: Path, office_register: Path | None) -> Procedure:
    """Return the procedure in *file*, read with the roles of its register. Raises BrokenDefinition."""
    checked = Checked()
    text = _decoded(file, checked)
    near = register_near([file], office_register)
    register = _register(near, {}, Checked(), told=False)
    fragments = fragments_near(register, near)
    roles = _roles(register, near.parent if near else Path(), {file: text or ""}, fragments)[file.resolve()]
    procedure = _procedure(file, text, roles, fragments, checked) if text is not None else None
    if procedure is None:
        found = Problems(tuple(checked.problems))
        raise BrokenDefinition(Text(found.said("zh"), found.said("en")), tuple(found))
    return procedure


def starter_register() -> Register:
    """Return the starter register."""
    read = read_register(starter_texts()[REGISTER_FILE], REGISTER_FILE)
    if isinstance(read, Problems):
        raise UnknownName(Text("起始登记册有误。", "The starter register has problems."))
    return read


def _decoded(file: Path, checked: Checked) -> str | None:
    """Return the text of *file*, of which no more is read than a definition may have.

    What makes it no text is noted as a problem. Raises WrongUse where the file cannot be opened.
    """
    checked.files.append(str(file))
    ensure_readable(file)
    read = read_file(file, str(file))
    if isinstance(read, Problems):
        checked.problems += read
        return None
    return normalised(read)


def _register(
    file: Path | None, texts: Mapping[Path, str], checked: Checked, *, told: bool
) -> Register | None:
    """Return the register in *file*; its problems are told only where it was asked for."""
    if file is None:
        return None
    text = texts[file] if file in texts else _decoded(file, Checked())
    if text is None:
        return None
    read = read_register(text, str(file))
    if isinstance(read, Register):
        return read
    if told:
        checked.problems += read
    return None


def _named_fragments(
    texts: Mapping[Path, str], registered: Iterable[Path], checked: Checked
) -> dict[Path, str]:
    """Return the names of the files among *texts* that are fragments, or *registered* as such; problems of form are told."""
    places = {place.resolve() for place in registered}
    found = {}
    for file, text in texts.items():
        if is_fragment(text) or file.resolve() in places:
            read = read_fragment(text, str(file))
            found[file] = read.name if isinstance(read, Fragment) else ""
            checked.problems += read if isinstance(read, Problems) else ()
    return found


def _add_users(
    register: Register, folder: Path, fragments: Mapping[Path, str], texts: dict[Path, str], checked: Checked
) -> None:
    """Add to *texts* the registered procedures that use one of the named *fragments*: only with them it says something."""
    named = {file.resolve() for file in texts}
    changed = {file.resolve() for file in fragments}
    names = {name for name, file in register.fragments.items() if (folder / file).resolve() in changed}
    names |= {*fragments.values()}
    for entry in register.procedures.values():
        place = folder / entry.file
        if names and place.is_file() and place.resolve() not in named:
            text = _decoded(place, Checked())
            if text is not None and names.intersection(uses_of(text)):
                texts[place] = text
                checked.files.append(str(place))


def _roles(
    register: Register | None, folder: Path, named: Mapping[Path, str], fragments: Fragments
) -> Mapping[Path, Collection[str]]:
    """Return the roles that each of the *named* texts, and each registered procedure, is read with, by its full path."""
    texts = {file.resolve(): text for file, text in named.items()}
    for entry in register.procedures.values() if register else ():
        place = (folder / entry.file).resolve()
        if place not in texts and place.is_file():
            texts[place] = _decoded(place, Checked()) or ""
    registered = (register or starter_register()).roles
    known = known_roles(registered, {str(file): text for file, text in texts.items()}, fragments)
    # What the example calls a role binds nobody else.
    return {file: known[str(file)] if register else tuple(known[str(file)]) for file in texts}


def _against(
    register: Register | None, register_file: Path | None, own: Path | None, sound: Mapping[Path, Procedure]
) -> Text | None:
    if register is None:
        return (
            (EXAMPLE if register_file is None else _UNREADABLE.filled(file=register_file))
            if own is None
            else None
        )
    strays = [procedure.name for procedure in sound.values() if procedure.name not in register.procedures]
    if not strays:
        return None
    return Text(
        "登记册 {file} 没有登记{names}，只作了单独检查；启用时须与登记它的登记册一同提出。",
        "The register {file} does not name {names}: checked by itself only; it comes into force together with a register that does.",
    ).filled(file=register_file, names=", ".join(strays))


def _procedure(
    file: Path, text: str, roles: Collection[str], fragments: Fragments, checked: Checked
) -> Procedure | None:
    read = read_procedure(text, str(file), roles, fragments)
    if isinstance(read, Procedure):
        return read
    checked.problems += read
    return None


def _example(procedures: Iterable[Procedure]) -> Register:
    """Return the starter register with each ladder that *procedures* name: what the example warns of binds nobody."""
    example = starter_register()
    warns = (Rung("limit", "limit", 0, (next(iter(example.roles)),), Text("到期", "due")),)
    return replace(example, ladders={ladder: warns for one in procedures for _, ladder in ladders_of(one)})


def _by_themselves(
    register: Register, fragments: Fragments, texts: Mapping[Path, str], sound: Mapping[Path, Procedure]
) -> Material:
    """Return *sound* procedures that no register names, as if *register* named just these."""
    entries = {p.name: RegisteredProcedure(p.name, str(file)) for file, p in sound.items()}
    shared = {name: fragment.file for name, fragment in fragments.items()}
    files = {str(file): texts[file] for file in sound} | {f.file: f.text for f in fragments.values()}
    made = replace(register, procedures=entries, fragments=shared)
    return Material(made, {p.name: p for p in sound.values()}, files, named=frozenset(entries))


def _together(
    register: Register,
    register_file: Path,
    texts: Mapping[Path, str],
    sound: Mapping[Path, Procedure],
    roles: Mapping[Path, Collection[str]],
    checked: Checked,
) -> list[Problem]:
    """Return what does not fit between the register and its procedures, those in *sound* read as they are named."""
    folder = register_file.parent
    named = {file.resolve(): file for file in texts}
    shown = {REGISTER_FILE: str(register_file)}
    files = {REGISTER_FILE: texts.get(register_file) or _decoded(register_file, Checked()) or ""}
    procedures: dict[str, Procedure] = {}
    fragments = fragments_near(register, register_file, texts)
    for name, entry_file in register.fragments.items():
        if name in fragments:
            files[entry_file], shown[entry_file] = fragments[name].text, fragments[name].file
    used = any(fragment.file in map(str, texts) for fragment in fragments.values())
    for name, entry in register.procedures.items():
        place = (folder / entry.file).resolve()
        file = named.get(place, folder / entry.file)
        used = used or file in sound
        if not place.is_file():
            continue
        aside = Checked()
        text = texts.get(file) or _decoded(file, aside)
        if text is None:
            continue
        files[entry.file], shown[entry.file] = text, str(file)
        procedure = sound.get(file) or _procedure(file, text, roles[place], fragments, aside)
        if procedure:
            procedures[name] = procedure
    if not used and register_file not in texts:
        return []
    asked = procedures.values() if register_file in texts else sound.values()
    checked.material = Material(register, procedures, files, shown, frozenset(p.name for p in asked))
    return [replace(p, file=shown.get(p.file, p.file)) for p in check_together(register, procedures, files)]
