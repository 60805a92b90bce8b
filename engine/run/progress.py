"""Progress: a bar on standard error while cases are looked at, where somebody is watching.

Room for: the bar, and the one line that stands for it elsewhere.
May not enter: what is being done.
"""

from __future__ import annotations

import sys
from types import TracebackType
from typing import Any, Self

import click

from engine.text import Language, Text

LINE_EVERY = 50_000
"""Long work that nobody watches says how far it is after so many cases."""


class CaseProgress:
    """Shows how many cases of how many are done, from entering to leaving; call it with both numbers.

    Where nobody is watching, it says so at the end; of *long* work a line every so many cases instead.
    """

    def __init__(self, lang: Language, *, long: bool = False) -> None:
        self._lang = lang
        self._long = long
        self._bar: Any = None
        self._seen = (0, 0)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar is not None:
            self._bar.__exit__(kind, error, trace)
        elif self._seen[1] and not self._long:
            said = Text("已核对{done}/{total}件在办案件。", "{done} of {total} open cases looked at.")
            click.echo(said.filled(done=self._seen[0], total=self._seen[1]).said(self._lang), err=True)

    def __call__(self, done: int, total: int) -> None:
        """Show that *done* of *total* cases are done."""
        if sys.stderr.isatty():
            if self._bar is None or total != self._seen[1]:
                self._begin(total)
            self._bar.update(max(0, done - self._bar.pos))
        elif self._long and done // LINE_EVERY > self._seen[0] // LINE_EVERY:
            said = Text("已检查{done}/{total}件案件。", "{done} of {total} cases checked.")
            click.echo(said.filled(done=done, total=total).said(self._lang), err=True)
        self._seen = (done, total)

    def _begin(self, total: int) -> None:
        if self._bar is not None:
            self._bar.__exit__(None, None, None)
        label = (
            Text("检查案件", "Checking cases")
            if self._long
            else Text("核对在办案件", "Looking at open cases")
        )
        self._bar = click.progressbar(
            length=max(total, 1), label=label.said(self._lang), file=sys.stderr, show_pos=True
        )
        self._bar.__enter__()
