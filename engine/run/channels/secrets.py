"""Secrets: what a channel needs and no register says, from the machine that sends; and nothing else ever says it.

Room for: finding a secret where the register says its place is, the robots in one, masking.
May not enter: sending.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from engine.model.register import Channel

FOLDER = "ANXU_CHANNEL_FOLDER"
FOLDERS = (FOLDER, "CREDENTIALS_DIRECTORY")
"""What may name the folder of secrets: ours, or what systemd sets for LoadCredential."""

LARGEST = 64 * 1024

MASK = "****"

_ROBOT = re.compile(
    r"\s*([A-Za-z0-9][A-Za-z0-9_.-]{0,59})\s*=\s*([A-Za-z0-9_-]{1,200})(?:\s+([A-Za-z0-9]{1,200}))?\s*"
)


@dataclass(frozen=True, slots=True)
class Robot:
    """A robot of a group: its key, and the secret it signs with where it does."""

    key: str = field(repr=False)
    signing: str = field(repr=False, default="")


def secret_of(channel: Channel, environment: Mapping[str, str] = os.environ) -> str | None:
    """Return the secret of *channel* as this machine has it, or None."""
    how, _, name = channel.secret.partition(" ")
    if how == "env":
        return environment.get(name) or None
    folder = next((environment[one] for one in FOLDERS if environment.get(one)), None)
    if how != "file" or folder is None:
        return None
    try:
        with (Path(folder) / name).open("rb") as file:
            return file.read(LARGEST).decode("utf-8").strip() or None
    except (OSError, UnicodeDecodeError):
        return None


def robots(secret: str) -> dict[str, Robot]:
    """Return the robots in a secret of lines ``name = key``, by name; lines that are none are passed over."""
    found = (_ROBOT.fullmatch(line) for line in secret.splitlines())
    return {one[1]: Robot(one[2], one[3] or "") for one in found if one}


def masked(text: str, secrets: Iterable[str], most: int = 160) -> str:
    """Return *text* in one short line with nothing secret in it."""
    for secret in sorted(
        {part for one in secrets for part in (one, *one.split()) if len(part) > 3}, key=len, reverse=True
    ):
        text = text.replace(secret, MASK)
    seen = "".join(c if c.isprintable() else " " for c in text)
    return " ".join(seen.split())[:most]
