"""Founding: a folder becomes an office: register, procedures and database, ready for its first person.

Room for: the starter files, what of the register is written anew, undoing what was half made.
May not enter: click, what stands in the database (`engine/service/activation.py`).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from engine.errors import BrokenDefinition, WrongUse
from engine.language.problem import Problems
from engine.language.register import read_register
from engine.language.source import normalised, read_file
from engine.model.people import Person
from engine.model.register import Register
from engine.run.assembly import allowed_time, machine_time
from engine.run.settings import DATABASE_FILE, REGISTER_FILE, Settings, database_in, known_url
from engine.service.activation import found_office
from engine.service.second_person import APPROVERS
from engine.store import private_files
from engine.store.database import Database
from engine.text import Text

ADMINISTRATOR = Person("admin", "系统管理员")

SHORT_MOST = 10

_STARTER_SHORT = re.compile(r'(?<=number: ")双')
"""Where the starter register abbreviates its own institution: at the head of each pattern of case numbers."""


@dataclass(frozen=True, slots=True)
class Founded:
    """A new office."""

    folder: Path
    url: str
    register: Register
    files: tuple[str, ...]
    first_number: str | None = None
    """What the first case opened now would be numbered."""

    @property
    def first_role(self) -> str:
        """A role to begin with: the first of the register."""
        return next(iter(self.register.roles))

    @property
    def has_approvers(self) -> bool:
        """Whether somebody besides the first administrator can be given a role that approves what is proposed."""
        return self.register.rehearsal or any(role in self.register.roles for role in APPROVERS)


def starter_files() -> Path:
    """Return the folder of the starter register and procedures: in an installed program, else in a checkout."""
    package = Path(__file__).parents[1]
    installed = package / "starter"
    return installed if installed.is_dir() else package.parent


def starter_texts() -> dict[str, str]:
    """Return the starter register and the procedures and fragments it names, file -> text."""
    home = starter_files()
    text = (home / REGISTER_FILE).read_text(encoding="utf-8")
    register = _sound(text)
    files = [*(entry.file for entry in register.procedures.values()), *register.fragments.values()]
    return {REGISTER_FILE: text} | {file: (home / file).read_text(encoding="utf-8") for file in files}


def rewritten(text: str, changes: Mapping[str, str]) -> str:
    """Return the register *text* with each top-level key of *changes* given this YAML value; a new one follows the first."""
    for key, value in changes.items():
        line = f"{key}: {value}"
        found = re.search(rf"^{key}:.*$", text, flags=re.MULTILINE)
        if found is None:
            found = re.search(r"(?<=\n)(?=institution:)|\A(?=institution:)", text)
            line += "\n"
        text = f"{text[: found.start()]}{line}{text[found.end() :]}" if found else f"{line}{text}"
    return text


def abbreviated(text: str, short: str) -> str:
    """Return the starter register *text* with the case numbers of an institution abbreviated *short*.

    Raises WrongUse where that is not some letters or digits: a case number is typed and searched for.
    """
    if not short.isalnum() or len(short) > SHORT_MOST:
        raise WrongUse(
            Text(
                f"案号简称只能是1至{SHORT_MOST}个字母、汉字或数字，如 --short 清；不能是“{short}”。",
                f"The abbreviation in case numbers is 1 to {SHORT_MOST} letters or digits, as in --short 清; “{short}” is not.",
            )
        )
    return _STARTER_SHORT.sub(short, text)


def short_of(title: str) -> str | None:
    """Return how an institution of this *title* is abbreviated where nobody says so: by its first character."""
    return next((character for character in title if character.isalnum()), None)


def holds_office(folder: Path) -> bool:
    """Return True when *folder* is an office already, or is left of one."""
    return (folder / REGISTER_FILE).exists() or holds_database(folder)


def holds_database(folder: Path) -> bool:
    """Return True when *folder* has the database of an office."""
    return (folder / DATABASE_FILE).exists()


def found(
    folder: Path, settings: Settings, *, rehearsal: bool, institution: str | None, title: str | None,
    own: Mapping[str, str] | None = None, hashed: str | None = None, title_en: str | None = None,
    short: str | None = None,
) -> Founded:  # fmt: skip
    """Make an office in *folder*; where that fails, nothing of it is left.

    *own* are the institution's own register and what it names (`own_texts`), instead of the starter's. *short* stands at
    the head of the case numbers, by default the first character of *title*. A file that is in
    the folder with the same text already stays as it is. The caller has looked whether the folder holds an office
    already. Raises WrongUse for a name that cannot be one or an
    institution the database has already, BrokenDefinition, StoreAway.
    """
    changes = {"rehearsal": "true"} if rehearsal else {}
    if institution:
        changes["institution"] = institution
    if hashed:
        changes["hash"] = hashed
    if title:
        zh, en = (json.dumps(said, ensure_ascii=False) for said in (title, title_en or title))
        changes["title"] = f"{{zh: {zh}, en: {en}}}"
    texts = dict(starter_texts() if own is None else own)
    texts[REGISTER_FILE] = rewritten(texts[REGISTER_FILE], changes)
    short = short if short is not None else short_of(title or "")
    if short is not None and own is None:
        texts[REGISTER_FILE] = abbreviated(texts[REGISTER_FILE], short)
    register = _sound(texts[REGISTER_FILE])
    at = allowed_time(settings.at, register) if settings.at else machine_time()
    url = known_url(settings.db) if settings.db else database_in(folder)
    fresh = {file: text for file, text in texts.items() if not _is_there(folder / file, text)}
    with _undone_on_failure(folder):
        _write(folder, fresh)
        _fill(url, texts, at)
    return Founded(folder, url, register, tuple(texts), _first_number(register, at))


def _first_number(register: Register, at: datetime) -> str | None:
    year = at.astimezone(register.zone).year
    patterns = (entry.number for entry in register.procedures.values() if entry.number)
    return next((pattern.format(year=year, n=1) for pattern in patterns), None)


def _is_there(file: Path, text: str) -> bool:
    """Return whether *file* says *text* already. Raises WrongUse where it says something else, which would be lost."""
    if not file.exists():
        return False
    read = read_file(file)
    if isinstance(read, str) and normalised(read) == normalised(text):
        return True
    raise WrongUse(
        Text(
            f"{file} 已存在且内容不同，未作改动；请换一个空文件夹。",
            f"{file} is there already and says something else; nothing was changed. Name an empty folder.",
        )
    )


def _write(folder: Path, texts: Mapping[str, str]) -> None:
    for file, text in texts.items():
        place = folder / file
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, encoding="utf-8", newline="\n")


def _fill(url: str, texts: Mapping[str, str], at: datetime) -> None:
    procedures = {file: text for file, text in texts.items() if file != REGISTER_FILE}
    database = Database(url)
    try:
        found_office(database, texts[REGISTER_FILE], REGISTER_FILE, procedures, at, ADMINISTRATOR)
    finally:
        database.close()


@contextmanager
def _undone_on_failure(folder: Path) -> Iterator[None]:
    """Take away what appears in *folder* where the work in it fails; what was there before stays."""
    missing = [place for place in (folder, *folder.parents) if not place.exists()]
    before = set(folder.rglob("*"))
    try:
        private_files.make_folder(folder)
        yield
    except OSError as error:
        _clear(folder, before, missing)
        raise WrongUse(
            Text(f"无法写入 {folder}（{error.strerror}）。", f"Cannot write to {folder} ({error.strerror}).")
        ) from None
    except BaseException:
        _clear(folder, before, missing)
        raise


def _clear(folder: Path, before: set[Path], made: list[Path]) -> None:
    for place in sorted(set(folder.rglob("*")) - before, reverse=True):
        if place.is_dir():
            place.rmdir()
        else:
            place.unlink()
    for place in made:
        if place.exists():
            place.rmdir()


def _sound(text: str) -> Register:
    read = read_register(text, REGISTER_FILE)
    if isinstance(read, Problems):
        raise BrokenDefinition(Text(read.said("zh"), read.said("en")), tuple(read))
    return read
