"""Silent: channels that this machine cannot send by for want of their secret, while something waits for them.

Room for: finding them, the sentence that says so.
May not enter: sending, the secret itself.
"""

from __future__ import annotations

from dataclasses import dataclass

from engine.model.register import Channel
from engine.run.channels.post import Post
from engine.run.channels.secrets import FOLDER
from engine.service.engine import Engine
from engine.service.pages import Finding
from engine.text import Text


@dataclass(frozen=True, slots=True)
class Silent:
    """A channel without its secret here, and how much *waits* for it."""

    channel: Channel
    waits: int

    @property
    def place(self) -> str:
        """Where this machine looks for the secret."""
        how, _, name = self.channel.secret.partition(" ")
        return f"{FOLDER}/{name}" if how == "file" else name

    @property
    def said(self) -> Text:
        """It in words, without a full stop."""
        return Text(
            "渠道“{title}”：本机没有密钥（{place}），{n}条在等",
            "channel “{title}”: no secret for it on this machine ({place}), {n} waiting",
        ).filled(title=self.channel.title, place=self.place, n=self.waits)

    def plain(self) -> dict[str, str | int]:
        """Return it for programs."""
        return {"channel": self.channel.name, "secret": self.place, "waiting": self.waits}

    def finding(self) -> Finding:
        """Return it as `doctor` shows it: advice, for another machine may be the one that sends."""
        return Finding(
            "channel_without_secret", None, self.said,
            Text("请在发送的机器上设置该密钥", "Set it on the machine that sends"),
        )  # fmt: skip


def silent_channels(engine: Engine) -> tuple[Silent, ...]:
    """Return the channels of the office by which something waits to go and this machine cannot send."""
    known = engine.rules().register.channels
    if not known:
        return ()
    post = Post()
    return tuple(
        Silent(known[name], number)
        for name, number in engine.deliveries.waiting().items()
        if name in known and not post.can(known[name])
    )
