"""Shell: what a verb works with: its settings, its engine, and where its answer goes.

Room for: opening the engine once, answering in JSON or words, refusals.
May not enter: the shapes of answers (`answers_json.py`, `speaking.py`), exit codes of errors (`door.py`).
"""

from __future__ import annotations

import getpass
import json
import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import structlog

from engine.model.answers import Refusal
from engine.model.rules import Rules
from engine.run.answers_json import refusal_json
from engine.run.assembly import node_reach, open_database, open_engine
from engine.run.settings import Settings, settle
from engine.run.speaking import refusal_text
from engine.service.engine import Engine
from engine.store.database import Database
from engine.text import Language, Text

if TYPE_CHECKING:
    from engine.run.metrics import Metrics

DONE = 0
NO = 1
WRONG_USE = 2
BROKEN = 3


@dataclass
class Shell:
    """One call of the command line."""

    settings: Settings
    _engine: Engine | None = None
    _database: Database | None = None

    @classmethod
    def of(cls, given: Mapping[str, object]) -> Shell:
        """Return the shell for the common flags *given*, with this process's environment and folder."""
        return cls(settle(given, os.environ, Path.cwd()))

    @property
    def lang(self) -> Language:
        """The language of answers."""
        return self.settings.lang

    @property
    def channel(self) -> str:
        """What an act is recorded to have come through."""
        return f"cli:{system_user()}"

    def engine(self) -> Engine:
        """Return the engine of this call, opened once; see `open_engine`."""
        if self._engine is None:
            self._database = open_database(self.settings)
            self._engine = open_engine(self.settings, self._database)
        return self._engine

    def node(self, threads: int, metrics: Metrics) -> Engine:
        """Return the engine of a node: it goes on for long, with so many *threads* at work, and counts in *metrics*."""
        # The figures take a while to load, and most calls have none.
        from engine.run.measured import MeasuredEngine

        self._database = open_database(self.settings, node_reach(threads))
        self._engine = open_engine(
            self.settings, self._database, running=True, make=partial(MeasuredEngine, metrics)
        )
        return self._engine

    def rules(self) -> Rules:
        """Return the rules in force."""
        return self.engine().rules()

    def close(self) -> None:
        """Let go of the database."""
        if self._database is not None:
            self._database.close()
        self._engine = self._database = None

    def answer(self, plain: Any, text: Callable[[], str]) -> None:
        """Write the answer to standard output: *plain* as JSON, or the *text*, which is made only when wanted."""
        if self.settings.json:
            write_json(plain)
        else:
            write(text())

    def note(self, sentence: Text) -> None:
        """Write a message to standard error, beside the answer."""
        click.echo(sentence.said(self.lang), err=True)

    def refuse(self, refusal: Refusal, typed: Text | None = None) -> int:
        """Answer with a lawful no; a person also reads how what is missing is *typed*."""
        plain = {"refused": refusal_json(refusal, self.lang)}
        self.answer(plain, lambda: refusal_text(refusal, self.lang, typed))
        return NO


def write(text: str) -> None:
    """Write *text* and a line's end to standard output, whatever its encoding can carry."""
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    click.echo(text.encode(encoding, "replace").decode(encoding))


def write_json(plain: Any) -> None:
    """Write *plain* as JSON to standard output."""
    text = json.dumps(plain, ensure_ascii=False, indent=2)
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        text = json.dumps(plain, indent=2)
    click.echo(text)


def to_standard_error(*_: object) -> structlog.PrintLogger:
    """Return the logger of a process that goes on for long: a line each on standard error."""
    # Standard output belongs to answers; and it is asked for anew, for a test may have put another in its place.
    return structlog.PrintLogger(sys.stderr)


def system_user() -> str:
    """Return the name of the machine's user, or its number where it has no name."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return str(os.getuid()) if hasattr(os, "getuid") else "unknown"
