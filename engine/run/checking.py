"""Checking: files of definitions against themselves, their register and each other.

Room for: which register a file belongs to, reading files as they were named, every problem in order.
May not enter: click, what counts as a problem (`engine/language`), a database.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from engine.errors import BrokenDefinition, UnknownName
from engine.language.problem import Problem, Problems, in_order
from engine.language.procedure import read_procedure
from engine.language.register import read_register
from engine.language.together import check_together
from engine.model.procedure import Procedure
from engine.model.register import Register
from engine.run.flags import read_bytes
from engine.run.founding import starter_texts
from engine.run.settings import REGISTER_FILE
from engine.text import Text

_REGISTER = re.compile(r"^institution:", re.MULTILINE)
_PROCEDURE = re.compile(r"^procedure:\s*(\S+)", re.MULTILINE)

_NOT_UTF8 = Text("此处不是 UTF-8 文字", "this is not UTF-8 text")
_SAVE_AS_UTF8 = Text("请将文件另存为 UTF-8 编码。", "Save the file as UTF-8.")


@dataclass(slots=True)
class Checked:
    """What a check looked at and found."""

    files: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def is_register(file: Path, text: str) -> bool:
    """Return True when *text* is a register's: by its first key, or where that is missing by the file's name."""
    return bool(_REGISTER.search(text)) or (file.name == REGISTER_FILE and not _PROCEDURE.search(text))


def procedure_named(text: str) -> str | None:
    """Return the name a definition gives itself, or None."""
    found = _PROCEDURE.search(text)
    return found[1] if found else None


def check_files(named: Sequence[Path], office_register: Path | None) -> Checked:
    """Return every problem of the *named* files; none named: of the office's register and all its files.

    Named procedures are read with the roles of a register: one named along, else the office's, else one that lies
    beside or above them, else the starter's. Where register and procedures are sound, they are checked together.
    Raises WrongUse for a file that is not there.
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
        # A register alone says nothing: its procedures come with it.
        for entry in register.procedures.values():
            place = own.parent / entry.file
            if place.is_file() and (text := _decoded(place, checked)) is not None:
                texts[place] = text
    roles = register.roles if register else starter_register().roles
    sound = {
        file: read
        for file, text in texts.items()
        if file != own and (read := _procedure(file, text, roles, checked)) is not None
    }
    if register is not None and register_file is not None and not checked.problems:
        checked.problems += _together(register, register_file, texts, sound)
    checked.problems = list(in_order(checked.problems))
    return checked


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
    roles = (register or starter_register()).roles
    procedure = _procedure(file, text, roles, checked) if text is not None else None
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
    checked.files.append(str(file))
    content = read_bytes(file)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = content[: error.start].decode("utf-8-sig", "replace")
        line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
        quoted = content.decode("utf-8-sig", "replace").splitlines()[line - 1]
        checked.problems.append(
            Problem(str(file), line, column, "not_utf8", _NOT_UTF8, _SAVE_AS_UTF8, quoted)
        )
        return None


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


def _procedure(file: Path, text: str, roles: Iterable[str], checked: Checked) -> Procedure | None:
    read = read_procedure(text, str(file), tuple(roles))
    if isinstance(read, Procedure):
        return read
    checked.problems += read
    return None


def _together(
    register: Register, register_file: Path, texts: Mapping[Path, str], sound: Mapping[Path, Procedure]
) -> list[Problem]:
    """Return what does not fit between the register and its procedures, those in *sound* read as they are named."""
    folder = register_file.parent
    named = {file.resolve(): file for file in texts}
    shown = {REGISTER_FILE: str(register_file)}
    files = {REGISTER_FILE: texts.get(register_file) or _decoded(register_file, Checked()) or ""}
    procedures: dict[str, Procedure] = {}
    used = False
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
        procedure = sound.get(file) or _procedure(file, text, register.roles, aside)
        if procedure:
            procedures[name] = procedure
    if not used and register_file not in texts:
        return []
    return [replace(p, file=shown.get(p.file, p.file)) for p in check_together(register, procedures, files)]
