"""Door: what leaves the command line when something is wrong: one sentence, or JSON, and an exit code.

Room for: errors to exit codes, click's own complaints in both languages.
May not enter: verbs.
"""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NoReturn, cast

import click
import structlog

from engine.errors import (
    AlreadyThere,
    AnxuError,
    BrokenBackup,
    BrokenDefinition,
    BrokenHistory,
    CalendarEnds,
    Conflict,
    KeyReused,
    StoreAway,
    UnknownCase,
    UnknownName,
    WrongUse,
)
from engine.language.problem import Problem
from engine.run.answers_json import problem_json
from engine.run.flags import Verbs
from engine.run.shell import BROKEN, DONE, NO, WRONG_USE, to_standard_error, write_json
from engine.text import Language, Text

EXIT_CODES: Mapping[type[AnxuError], int] = {
    UnknownCase: NO,
    UnknownName: NO,
    KeyReused: NO,
    BrokenBackup: NO,
    BrokenDefinition: NO,
    CalendarEnds: NO,
    AlreadyThere: NO,
    WrongUse: WRONG_USE,
    Conflict: BROKEN,
    StoreAway: BROKEN,
    BrokenHistory: BROKEN,
    AnxuError: BROKEN,
}
"""What each error of ours is to the shell; a class without an entry is what its parent is."""

FILE_MOST = 200
"""So many characters of the name of a file are said."""

MAY_GO_THROUGH_LATER = (Conflict, StoreAway)

STOPPED = Text(
    "已中断：已提交的部分有效，其余没有写入。",
    "Stopped: what was committed stands, and nothing else was written.",
)
"""What is true whenever Ctrl-C comes: at a question, or between two commits of a long work."""


@dataclass(frozen=True, slots=True)
class Manner:
    """How to speak when the flags themselves may be what is wrong: read off the bare words."""

    json: bool
    lang: Language

    @classmethod
    def of(cls, words: Sequence[str], environment: Mapping[str, str]) -> Manner:
        """Return the manner that *words* and the environment ask for."""
        lang = environment.get("ANXU_LANG", "zh")
        for word, following in zip(words, [*words[1:], ""], strict=False):
            if word == "--lang":
                lang = following
            elif word.startswith("--lang="):
                lang = word.removeprefix("--lang=")
        return cls("--json" in words, "en" if lang == "en" else "zh")


class Door(Verbs):
    """The root of all verbs: runs one, and turns whatever comes out of it into an exit code."""

    def main(self, args: Sequence[str] | None = None, *rest: Any, **extra: Any) -> NoReturn:
        words = list(sys.argv[1:] if args is None else args)
        manner = Manner.of(words, os.environ)
        structlog.configure(logger_factory=_debugged)
        try:
            _sound(words)
            extra["standalone_mode"] = False
            code = super().main(words, *rest, **extra)
        except click.Abort:
            code = _told(manner, "aborted", STOPPED, WRONG_USE)
        except click.UsageError as error:
            code = _told(manner, WrongUse.code, said_of(error), WRONG_USE)
        except AnxuError as error:
            code = _told_error(manner, error)
        except OSError as error:
            code = _told_file(manner, error) if error.filename else _told_crash(manner, error)
        except Exception as error:
            code = _told_crash(manner, error)
        sys.exit(code if isinstance(code, int) else DONE)


def exit_code(error: AnxuError) -> int:
    """Return the exit code of *error*."""
    return next(EXIT_CODES[cause] for cause in type(error).__mro__ if cause in EXIT_CODES)


def said_of(error: click.UsageError) -> Text:
    """Return click's complaint as a sentence in both languages, with where to read more."""
    path = error.ctx.command_path if error.ctx else "anxu"
    more = Text(f"用法见 {path} --help。", f"{path} --help tells more.")
    what = _complaint(error)
    return Text(f"{what.zh}{more.zh}", f"{what.en} {more.en}")


def _complaint(error: click.UsageError) -> Text:
    english = error.format_message()
    name = getattr(error, "param_hint", None)
    parameter: click.Parameter | None = getattr(error, "param", None)
    if parameter is not None and not name:
        name = parameter.get_error_hint(cast(click.Context, error.ctx))
    match error:
        case click.exceptions.NoSuchOption():
            return Text(f"没有选项 {error.option_name}。", english)
        case click.MissingParameter():
            return Text(f"缺少 {name}。", english)
        case click.BadParameter():
            return Text(f"{name} 的值不对：{error.message}", english)
        case click.exceptions.NoArgsIsHelpError():
            return Text(f"{error.message}\n", f"{error.message}\n")
        case _:
            return Text(f"用法不对：{english} ", english)


def _sound(words: Sequence[str]) -> None:
    for word in words:
        try:
            word.encode()
        except UnicodeEncodeError:
            raise WrongUse(
                Text(f"参数 {word!r} 不是有效的文字编码。", f"The argument {word!r} is not valid text.")
            ) from None


def _told_error(manner: Manner, error: AnxuError) -> int:
    more: dict[str, object] = {}
    if isinstance(error, BrokenDefinition):
        more["problems"] = [problem_json(p, manner.lang) for p in error.problems if isinstance(p, Problem)]
    if isinstance(error, MAY_GO_THROUGH_LATER):
        more["retry"] = True
    if os.environ.get("ANXU_DEBUG") == "1":
        traceback.print_exception(error)
    return _told(manner, error.code, error.sentence, exit_code(error), **more)


def _told_file(manner: Manner, error: OSError) -> int:
    """Say which file or folder the system does not give, and why; most are told nearer to where they are asked for."""
    if os.environ.get("ANXU_DEBUG") == "1":
        traceback.print_exception(error)
    name = str(error.filename)
    file = name if len(name) <= FILE_MOST else f"{name[:FILE_MOST]}…"
    sentence = Text(
        f"“{file}”用不了（{error.strerror}）。请检查该文件或文件夹，或另选一个。",
        f"“{file}” cannot be used ({error.strerror}). See to that file or folder, or name another.",
    )
    return _told(manner, WrongUse.code, sentence, WRONG_USE)


def _told_crash(manner: Manner, error: Exception) -> int:
    if os.environ.get("ANXU_DEBUG") == "1":
        traceback.print_exception(error)
    cause = f"{type(error).__name__}: {error}".splitlines()[0][:300]
    sentence = Text(
        f"程序出错（{cause}）。设 ANXU_DEBUG=1 可见详情。",
        f"The program failed ({cause}). Set ANXU_DEBUG=1 to see where.",
    )
    return _told(manner, "internal", sentence, BROKEN)


def _told(manner: Manner, code: str, sentence: Text, exit: int, **more: object) -> int:
    reason = sentence.said(manner.lang)
    if manner.json:
        write_json({"error": {"code": code, "reason": reason}, **more})
    click.echo(reason, err=True)
    return exit


def _debugged(*_: object) -> structlog.PrintLogger | structlog.ReturnLogger:
    # A verb that ends answers in words; its log is for whoever looks into the program.
    return to_standard_error() if os.environ.get("ANXU_DEBUG") == "1" else structlog.ReturnLogger()
