"""Post: the one that carries every message of this process out of the house.

Room for: which channels this machine can use, the file of a rehearsal, the guard around whatever leaves it.
May not enter: Apprise (`carriers.py`), retry (`engine/service/delivering.py`).
"""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Mapping
from contextlib import nullcontext
from pathlib import Path

from engine.model.register import Channel
from engine.run.channels.guard import guarded
from engine.run.channels.secrets import secret_of
from engine.service.delivering import NotSent
from engine.service.messages import Message
from engine.text import Text


class Post:
    """Sends by every channel; in a *rehearsal* also to this machine itself."""

    def __init__(self, *, rehearsal: bool = False, environment: Mapping[str, str] = os.environ) -> None:
        self._rehearsal = rehearsal
        self._environment = environment
        self._writing = threading.Lock()

    def can(self, channel: Channel) -> bool:
        """Return whether this machine has what *channel* needs."""
        return not channel.secret or secret_of(channel, self._environment) is not None

    def send(self, message: Message) -> NotSent | None:
        """Send within half a minute; None where the receiver took it."""
        secret = secret_of(message.channel, self._environment)
        if message.channel.kind == "file":
            return self._written(message, secret or "")
        # Apprise takes a third of a second to load, and most calls send nothing.
        from engine.run.channels.carriers import carry

        with nullcontext() if self._rehearsal else guarded():
            return carry(message, secret)

    def _written(self, message: Message, file: str) -> NotSent | None:
        line = {
            "key": message.key, "channel": message.channel.name, "address": message.address, "subject": message.subject,
            "lines": message.lines, "link": message.link,
        }  # fmt: skip
        try:
            with self._writing, Path(file).open("a", encoding="utf-8") as stream:
                stream.write(json.dumps(line, ensure_ascii=False) + "\n")
        except OSError as error:
            why = error.strerror or type(error).__name__
            return NotSent(Text(f"文件写不了（{why}）", f"the file cannot be written ({why})"), away=True)
        return None
