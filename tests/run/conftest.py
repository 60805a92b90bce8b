"""Offices made by `anxu init` itself, once, and copied for each test."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cast import CAST, SINCE
from tests.once import made_once
from tests.run.terminal import Terminal

AT_WORK = ("lin", "zhou", "jia", "yi", "fang", "he", "du", "dai", "wei")


def founded(folder: Path, *flags: str, now: str | None) -> Terminal:
    """An office with those of the cast who are at work."""
    terminal = Terminal(folder, now)
    made = terminal.type("init", str(folder), *flags, ANXU_OFFICE="")
    assert made.code == 0, made
    for id in AT_WORK:
        name, roles = CAST[id]
        given = [word for role in roles for word in ("--role", role)]
        terminal.ask("people", "add", id, "--name", name, "--since", SINCE.isoformat(), *given)
    return terminal


@pytest.fixture(scope="session")
def rehearsal_pattern(tmp_path_factory: pytest.TempPathFactory) -> Terminal:
    return _pattern(tmp_path_factory, "rehearsal", "--rehearsal", now="2026-01-05T08:00")


@pytest.fixture(scope="session")
def real_pattern(tmp_path_factory: pytest.TempPathFactory) -> Terminal:
    return _pattern(tmp_path_factory, "real", now=None)


def _pattern(temporary: pytest.TempPathFactory, name: str, *flags: str, now: str | None) -> Terminal:
    made = made_once(temporary, name, lambda folder: _make(folder / name, *flags, now=now))
    return Terminal(made / name, now)


def _make(folder: Path, *flags: str, now: str | None) -> None:
    founded(folder, *flags, now=now)


@pytest.fixture
def office(rehearsal_pattern: Terminal, tmp_path: Path) -> Terminal:
    """A rehearsal office of this test alone, on a Monday morning."""
    copy = rehearsal_pattern.copied_to(tmp_path / "office")
    copy.now = "2026-03-02T09:30"
    return copy


@pytest.fixture
def real_office(real_pattern: Terminal, tmp_path: Path) -> Terminal:
    """An office in use, of this test alone: nobody can set its time."""
    return real_pattern.copied_to(tmp_path / "office")
