"""Versions: two definitions or registers as they are named on the command line: files, names in force, hashes.

Room for: which of these a word means; what stands around a file where there is no database.
May not enter: what differs (`engine/language/difference/`), click.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from engine.errors import AnxuError, BrokenDefinition, UnknownName, WrongUse
from engine.language.difference import Around, Change, difference
from engine.language.problem import Problems
from engine.language.register import read_register
from engine.model.procedure import Procedure
from engine.model.register import Register
from engine.run.checking import is_register, read_one, register_near
from engine.run.flags import read_text
from engine.run.settings import missing_file
from engine.run.shell import Shell
from engine.service.comparing import stored, surroundings
from engine.text import Text

Version = Procedure | Register


def compared(shell: Shell, old: str, new: str) -> tuple[Change, ...]:
    """Return what differs between two versions as they are named. Raises UnknownName, BrokenDefinition, WrongUse."""
    before, after = version(shell, old), version(shell, new)
    around = _around(shell, [Path(word) for word in (old, new) if Path(word).is_file()], (before, after))
    if isinstance(before, Procedure) and isinstance(after, Procedure):
        return difference(before, after, around)
    if isinstance(before, Register) and isinstance(after, Register):
        return difference(before, after, around)
    raise WrongUse(
        Text(
            "一个是程序，一个是登记册，不能相互比较。",
            "One is a procedure and the other a register; they cannot be compared.",
        )
    )


def version(shell: Shell, named: str) -> Version:
    """Return what a word means: a file, a name in force, or the beginning of a hash the office has stored."""
    file = Path(named)
    if file.is_file():
        text = read_text(file)
        return (
            _register(file, text) if is_register(file, text) else read_one(file, shell.settings.register_file)
        )
    if not has_database(shell):
        raise UnknownName(
            Text(
                f"没有文件“{named}”；没有数据库，不能按名称或版本查找。",
                f"There is no file “{named}”, and without a database no name or version can be looked up.",
            )
        )
    engine = shell.engine()
    return stored(engine.office, engine.now(), named)


def has_database(shell: Shell) -> bool:
    """Return whether this call has an office's database to ask."""
    if shell.settings.db is None and shell.settings.office is None:
        return False
    return shell.settings.db is not None or missing_file(shell.settings.url) is None


def _register(file: Path, text: str) -> Register:
    read = read_register(text, str(file))
    if isinstance(read, Problems):
        raise BrokenDefinition(Text(read.said("zh"), read.said("en")), tuple(read))
    return read


def _around(shell: Shell, files: list[Path], versions: tuple[Version, Version]) -> Around:
    if has_database(shell):
        engine = shell.engine()
        return surroundings(engine.office, engine.now())
    near = register_near(files, shell.settings.register_file)
    with suppress(AnxuError):
        if near is not None:
            register = _register(near, read_text(near))
            return Around(register.roles, _beside(near, register, versions))
    return Around()


def _beside(near: Path, register: Register, versions: tuple[Version, Version]) -> dict[str, Procedure]:
    """The registered procedures that the two run with, as far as they can be read; others have no words to give."""
    procedures = [one for one in versions if isinstance(one, Procedure)]
    kinds = {kind.procedure for one in procedures for kind in one.matters.values()}
    borrowing = [one.name for one in procedures if one.borrowed]
    found = {}
    for name, entry in register.procedures.items():
        file = near.parent / entry.file
        with suppress(AnxuError):
            wanted = isinstance(versions[0], Register) or name in kinds
            text = read_text(file)
            # A kind of matter may be declared in a fragment that the file uses.
            if wanted or any(f"procedure: {child}" in text or "\nuses:" in text for child in borrowing):
                found[name] = read_one(file, near)
    return found
