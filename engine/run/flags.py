"""Flags: those every verb has, before or after it, and how typed values are read.

Room for: click classes that add the common flags, kinds of values, one decorator that hands a verb its shell.
May not enter: what a verb does; exit codes (`door.py`).
"""

from __future__ import annotations

import mimetypes
from collections.abc import Callable, Sequence
from datetime import date
from functools import wraps
from pathlib import Path
from typing import Any, Concatenate, ParamSpec

import click

from engine.errors import WrongUse
from engine.model.case import Party
from engine.run.settings import read_day
from engine.run.shell import Shell
from engine.store.documents import Attachment
from engine.text import Text

P = ParamSpec("P")

GIVEN = "anxu.given"
"""Where a call keeps the common flags it was given, wherever they stood."""


def _remember(ctx: click.Context, flag: click.Parameter, value: object) -> None:
    if value:
        ctx.meta.setdefault(GIVEN, {})[flag.name] = value


def _common_flags() -> list[click.Parameter]:
    def flag(name: str, metavar: str, help: str) -> click.Option:
        return click.Option([name], metavar=metavar, help=help, expose_value=False, callback=_remember)

    spoken = click.Option(
        ["--json"], is_flag=True, expose_value=False, callback=_remember, help="以 JSON 作答 · answer in JSON"
    )
    return [
        flag("--db", "URL", "数据库 · database (ANXU_DB)"),
        flag("--office", "FOLDER", "放有 workflows.yaml 的文件夹 · folder of the office (ANXU_OFFICE)"),
        flag("--lang", "zh|en", "语言 · language (ANXU_LANG)"),
        flag("--at", "TIME", "设定时间，仅演练机构 · set the time, rehearsal offices only (ANXU_NOW)"),
        spoken,
    ]


class Verb(click.Command):
    """A verb that also takes the common flags."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.params = [*self.params, *_common_flags()]


class Verbs(click.Group):
    """A group of verbs; it and every verb in it take the common flags."""

    command_class = Verb

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.params = [*self.params, *_common_flags()]

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the verbs in the order they were added, which is the order of use."""
        return list(self.commands)


def with_shell(verb: Callable[Concatenate[Shell, P], int]) -> Callable[P, int]:
    """Give *verb* its shell as first argument, and let go of what it opened when it is done."""

    @wraps(verb)
    def run(*args: P.args, **kwargs: P.kwargs) -> int:
        context = click.get_current_context()
        shell = Shell.of(context.meta.get(GIVEN, {}))
        context.call_on_close(shell.close)
        return verb(shell, *args, **kwargs)

    return run


class Day(click.ParamType[date]):
    """A date as YYYY-MM-DD."""

    name = "DATE"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        return value if isinstance(value, date) else read_day(value)


DAY = Day()


def pairs(flag: str, given: Sequence[str]) -> dict[str, str]:
    """Return FACT=VALUE flags as a table. Raises WrongUse for one without "=" or a name given twice."""
    found: dict[str, str] = {}
    for text in given:
        name, equals, value = text.partition("=")
        name = name.strip()
        if not equals or not name:
            raise WrongUse(
                Text(f"{flag} “{text}”应写成 名称=值。", f"{flag} “{text}” must be written NAME=VALUE.")
            )
        if name in found:
            raise WrongUse(Text(f"{flag} {name} 给了两次。", f"{flag} {name} is given twice."))
        found[name] = value
    return found


def parties(given: Sequence[str]) -> tuple[Party, ...]:
    """Return ROLE:NAME flags as parties without ids. Raises WrongUse for one without a role or a name."""
    found = []
    for text in given:
        role, _, name = text.replace("：", ":", 1).partition(":")
        if not role.strip() or not name.strip():
            raise WrongUse(
                Text(
                    f"--party “{text}”应写成 身份:姓名，如 claimant:林清。",
                    f"--party “{text}” must be written ROLE:NAME, such as claimant:Lin Qing.",
                )
            )
        found.append(Party("", role.strip(), name.strip()))
    return tuple(found)


def attachments(given: Sequence[str]) -> tuple[Attachment, ...]:
    """Return KIND=FILE flags with the contents of the files. Raises WrongUse for a file that cannot be read."""
    return tuple(_attachment(kind, Path(file)) for kind, file in pairs("--doc", given).items())


def _attachment(kind: str, file: Path) -> Attachment:
    media_type = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
    return Attachment(kind, file.name, read_bytes(file), media_type)


NUMBER = click.IntRange(1, 2**31 - 1)
"""The number of a proposal, an activation or an incident, as the database can hold it."""


def read_bytes(file: Path) -> bytes:
    """Return the content of *file*. Raises WrongUse with the reason where it cannot be read."""
    try:
        return file.read_bytes()
    except OSError as error:
        raise _unreadable(file, error) from None


def ensure_readable(file: Path) -> None:
    """Raise WrongUse with the reason where *file* cannot be opened and read."""
    try:
        with file.open("rb") as stream:
            stream.read(1)
    except OSError as error:
        raise _unreadable(file, error) from None


def _unreadable(file: Path, error: OSError) -> WrongUse:
    return WrongUse(
        Text(
            f"文件“{file}”读不出（{error.strerror}）。",
            f"The file “{file}” cannot be read ({error.strerror}).",
        )
    )


def read_text(file: Path) -> str:
    """Return the text of *file*. Raises WrongUse where it cannot be read or is not UTF-8."""
    try:
        return read_bytes(file).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise WrongUse(
            Text(f"文件“{file}”不是 UTF-8 文本。", f"The file “{file}” is not UTF-8 text.")
        ) from None
