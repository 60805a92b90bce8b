"""The whole journey through `anxu … --json` alone: on both databases the same history."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from engine.run.command_line import anxu
from tests import journey
from tests.cast import CAST, SINCE
from tests.conftest import FreshDatabase
from tests.journey import Step

EQUAL_IN = (
    "seq",
    "kind",
    "matter",
    "move",
    "from",
    "to",
    "by",
    "for",
    "rule",
    "facts",
    "occurred_at",
    "definition",
)


class Terminal:
    """A person at a shell in one office."""

    def __init__(self, folder: Path, url: str) -> None:
        self._folder, self._url = folder, url

    def found(self) -> None:
        """Make the office and its people."""
        self.anxu("init", str(self._folder), "--rehearsal")
        for id, (called, roles) in CAST.items():
            given = [word for role in roles for word in ("--role", role)]
            self.anxu("people", "add", id, "--name", called, "--since", SINCE.isoformat(), *given)

    def anxu(self, *words: str, at: str = journey.OPENED_AT) -> Any:
        """Run one command with ``--json`` and return what it answered; it must end with 0."""
        where = ["--db", self._url, *(() if words[0] == "init" else ("--office", str(self._folder)))]
        done = CliRunner().invoke(
            anxu, [*words, *where, "--json"], env={"ANXU_NOW": at}, catch_exceptions=False
        )
        assert done.exit_code == 0, (words, done.output)
        return json.loads(done.stdout)

    def open(self) -> Any:
        parties = [word for role, name in journey.PARTIES for word in ("--party", f"{role}:{name}")]
        files = [
            word for kind, text in journey.OPENED_WITH.items() for word in ("--doc", f"{kind}={self._file(kind, text)}")
        ]  # fmt: skip
        return self.anxu(
            "open", "labour", "--as", journey.OPENED_BY, "--set", "cause=wages", *parties, *files
        )

    def take(self, step: Step, number: str) -> None:
        """Do one step as its person would; beside the main matter they look at the case first to name the one meant."""
        facts = [word for name, value in step.facts.items() for word in ("--set", f"{name}={value}")]
        files = [
            word
            for kind, text in step.documents.items()
            for word in ("--doc", f"{kind}={self._file(kind, text)}")
        ]
        asked = ["--as", step.by, *([] if step.kind == "main" else self._matter(step, number))]
        self.anxu("act", number, step.move, *asked, *facts, *files, at=step.at)

    def _matter(self, step: Step, number: str) -> list[str]:
        shown = self.anxu("show", number, at=step.at)
        named = {party["id"]: party["name"] for party in shown["parties"]}
        matter = next(
            m
            for m in shown["matters"]
            if m["kind"] == step.kind and m["outcome"] is None and step.party in (None, named.get(m["party"]))
        )
        return ["--matter", matter["id"], "--seen", str(matter["seen"])]

    def _file(self, kind: str, text: str) -> Path:
        path = self._folder / f"{kind}.txt"
        path.write_text(text, encoding="utf-8")
        return path


def walked(terminal: Terminal) -> Any:
    """The case at the end of the journey, as `show` tells it."""
    terminal.found()
    number = terminal.open()["number"]
    for step in journey.STEPS:
        terminal.take(step, number)
    return terminal.anxu("show", number, at=journey.STEPS[-1].at)


@pytest.mark.long
def test_the_journey_by_command_line_ends_in_equal_histories_on_both_databases(
    tmp_path: Path, fresh_postgresql_url: FreshDatabase
) -> None:
    on_sqlite = walked(Terminal(tmp_path / "one", f"sqlite:///{tmp_path}/one.db"))
    on_postgresql = walked(Terminal(tmp_path / "two", fresh_postgresql_url()))

    assert on_sqlite["state"] == on_postgresql["state"] == "archived"
    assert history(on_sqlite) == history(on_postgresql)
    assert len(history(on_sqlite)) > len(journey.STEPS)


def history(shown: Any) -> list[dict[str, Any]]:
    """The events without what may differ: ids, when they were recorded, their hashes."""
    return [{key: event[key] for key in EQUAL_IN} for event in shown["events"]]
