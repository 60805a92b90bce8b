"""What the trials found, listed once more at the end of a run."""

from __future__ import annotations

import re

import pytest

from tests.trials.figures import TOLD


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """List every figure, by the number of its trial."""
    if TOLD:
        terminalreporter.section("trials")
    for line in sorted(TOLD, key=_number):
        terminalreporter.line(line)


def _number(line: str) -> int:
    found = re.match(r"trial (\d+)", line)
    return int(found[1]) if found else 0
