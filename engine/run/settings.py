"""Settings: which office, which database, which language, and what time it is said to be.

Room for: settling flags, environment and the current folder into one frozen value; reading a time as typed.
May not enter: click, opening anything (`assembly.py`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import cast, get_args
from zoneinfo import ZoneInfo

from engine.errors import WrongUse
from engine.text import Language, Text

REGISTER_FILE = "workflows.yaml"
DATABASE_FILE = "anxu.db"

INTERVAL_MOST = 30
"""Seconds between two rings of the scheduler, at most."""

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_DRIVER = re.compile(r"^postgres(ql)?://")
_KNOWN = ("sqlite:///", "postgresql+psycopg://")


@dataclass(frozen=True, slots=True)
class Settings:
    """Where a call of the command line works and how it answers. *at* is the time as typed, not yet allowed."""

    office: Path | None = None
    db: str | None = None
    lang: Language = "zh"
    json: bool = False
    at: str | None = None

    @property
    def url(self) -> str:
        """The database: the one named, else the file in the office's folder. Raises WrongUse where there is neither, or no such folder."""
        if self.db:
            return known_url(self.db)
        if self.office is None:
            raise WrongUse(
                Text(
                    f"不知道要用哪个办公室：请进入有 {REGISTER_FILE} 的文件夹，或用 --office、--db 指明；新办公室用 anxu init 建立。",
                    f"No office here: go to the folder that holds {REGISTER_FILE}, or name it with --office or --db; "
                    "anxu init makes a new one.",
                )
            )
        if not self.office.is_dir():
            raise WrongUse(
                Text(
                    f"办公室文件夹“{self.office}”不存在。",
                    f"The office's folder “{self.office}” does not exist.",
                )
            )
        return database_in(self.office)

    @property
    def register_file(self) -> Path | None:
        """The register in the office's folder, where there is one."""
        file = self.office / REGISTER_FILE if self.office else None
        return file if file and file.is_file() else None


def settle(given: Mapping[str, object], environment: Mapping[str, str], here: Path) -> Settings:
    """Return the settings of a call: a flag beats the environment, the environment beats the folder *here*.

    Raises WrongUse for a language nobody speaks here.
    """

    def chosen(flag: str, variable: str) -> str | None:
        value = given.get(flag) or environment.get(variable, "").strip()
        return str(value) if value else None

    return Settings(
        office=_office(chosen("office", "ANXU_OFFICE"), here),
        db=chosen("db", "ANXU_DB"),
        lang=_language(chosen("lang", "ANXU_LANG")),
        json=bool(given.get("json")),
        at=chosen("at", "ANXU_NOW"),
    )


def database_in(folder: Path) -> str:
    """Return the URL of the database file of the office in *folder*."""
    return f"sqlite:///{folder.resolve() / DATABASE_FILE}"


def known_url(url: str) -> str:
    """Return *url* as the store reads it. Raises WrongUse for a database we do not speak to."""
    found = _DRIVER.sub("postgresql+psycopg://", url)
    if not found.startswith(_KNOWN) or found in _KNOWN:
        raise WrongUse(
            Text(
                f"数据库地址“{url}”无法识别：应为 sqlite:///文件 或 postgresql://用户@主机/库名。",
                f"“{url}” is no database address: write sqlite:///FILE or postgresql://USER@HOST/NAME.",
            )
        )
    return found


def missing_file(url: str) -> Path | None:
    """Return the SQLite file *url* names where it is not there, else None."""
    name = url.removeprefix("sqlite:///").partition("?")[0] if url.startswith("sqlite:///") else ""
    file = Path(name)
    return file if name and name != ":memory:" and not file.exists() else None


YEARS = 1900, 2199
"""The years in which an office can be set to be: what is counted from a day in them stays within what computers call a date."""


def read_instant(text: str, zone: ZoneInfo) -> datetime:
    """Return the aware instant *text* says; without a zone it is meant in *zone*, without an hour its midnight.

    Raises WrongUse for any other writing, and for a time outside `YEARS`.
    """
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError:
        raise WrongUse(
            Text(
                f"时间“{text}”无法识别：请写成 2026-03-02T09:00。",
                f"“{text}” is no time: write it as 2026-03-02T09:00.",
            )
        ) from None
    first, last = YEARS
    if not first <= found.year <= last:
        raise WrongUse(
            Text(
                f"时间“{text}”太远：请写{first}年至{last}年间的时间。",
                f"“{text}” is too far away: give a time from {first} to {last}.",
            )
        )
    return found.replace(tzinfo=zone) if found.tzinfo is None else found


def read_day(text: str) -> date:
    """Return the date *text* says, written as 2026-03-02. Raises WrongUse for any other writing."""
    try:
        if not _DAY.fullmatch(text.strip()):
            raise ValueError(text)
        return date.fromisoformat(text.strip())
    except ValueError:
        raise WrongUse(
            Text(
                f"日期“{text}”无法识别：请写成 2026-03-02。",
                f"“{text}” is no date: write it as 2026-03-02.",
            )
        ) from None


def _office(named: str | None, here: Path) -> Path | None:
    if named is None:
        return here if (here / REGISTER_FILE).is_file() else None
    return Path(named).expanduser()


def _language(named: str | None) -> Language:
    if named is None:
        return "zh"
    if named not in get_args(Language):
        raise WrongUse(Text(f"没有语言“{named}”：zh 或 en。", f"No language “{named}”: zh or en."))
    return cast(Language, named)
