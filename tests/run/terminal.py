"""A terminal in one office: commands as a person types them, with what came out of each."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from click.testing import CliRunner

from engine.run.command_line import anxu

MORNING = "2026-03-02T09:30"


@dataclass(frozen=True)
class Answer:
    """What one command ended with."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Standard output as JSON; it must be JSON alone."""
        return json.loads(self.out)


@dataclass
class Terminal:
    """A shell whose office is *folder*, where in a rehearsal it is *now*."""

    folder: Path
    now: str | None = MORNING

    def type(self, *words: str, input: str | None = None, **environment: str) -> Answer:
        """Run ``anxu`` with exactly these words; the office and the time stand in the environment."""
        env: dict[str, str | None] = {"ANXU_OFFICE": str(self.folder), "ANXU_NOW": self.now, "ANXU_DB": None}
        env |= {"ANXU_LANG": None, "ANXU_DEBUG": None}
        env |= environment
        # Commands of an office are tried from a folder that is none.
        done = CliRunner().invoke(anxu, words, env=env, input=input)
        return Answer(done.exit_code, done.stdout, done.stderr)

    def ask(self, *words: str) -> Any:
        """Run a command that must end well, and return its JSON."""
        answer = self.type(*words, "--json")
        assert answer.code == 0, answer
        return answer.json

    def copied_to(self, folder: Path) -> Terminal:
        """Return a terminal in a copy of this office."""
        shutil.copytree(self.folder, folder)
        return Terminal(folder, self.now)

    def application(self) -> str:
        """Put an application beside the office, and return how a command attaches it."""
        file = self.folder.with_name(f"{self.folder.name}-application.txt")
        file.write_text("仲裁申请书", encoding="utf-8")
        return f"application={file}"

    def opened(self) -> str:
        """Open a case and return its number."""
        number = self.ask(
            "open", "labour", "--as", "lin", "--set", "cause=wages",
            "--party", "claimant:王小禾", "--party", "respondent:双河甲纺织有限公司", "--doc", self.application(),
        )["number"]  # fmt: skip
        assert isinstance(number, str)
        return number

    def accepted(self) -> str:
        """Open a case and have it accepted, so that its clock runs; return its number."""
        number = self.opened()
        self.ask("act", number, "propose", "--as", "lin", "--set", "claim_amount=12000.50")
        self.ask("act", number, "accept", "--as", "fang", "--set", "secretary_named=zhou")
        return number
