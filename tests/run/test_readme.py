"""The README tells the truth: its story is walked command by command, and what it prints is what it says."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from engine.run.command_line import anxu

ROOT = Path(__file__).parents[2]


def told() -> list[tuple[str, str]]:
    """Each command of the README's story with the output printed under it; empty where it is left out."""
    blocks = re.findall(r"```console\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    found = []
    for block in blocks:
        for piece in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, output = piece.partition("\n")
            found.append((command, output.strip()))
    return found


def test_the_story_of_the_readme_prints_what_it_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    checked = 0
    for command, output in told():
        if command.startswith("cd "):
            monkeypatch.chdir(tmp_path / command.removeprefix("cd "))
            continue
        if command.startswith("touch "):
            for name in command.split()[1:]:
                Path(name).touch()
            continue
        done = CliRunner().invoke(
            anxu, shlex.split(command)[1:], env={"ANXU_LANG": "zh"}, catch_exceptions=False
        )
        # What is left out of the page is routine: only a refusal that is shown may be one.
        assert done.exit_code in ((0, 1) if output else (0,)), f"{command}\n{done.output}"
        if output:
            assert done.output.strip() == output, command
            checked += 1

    assert checked > 12
