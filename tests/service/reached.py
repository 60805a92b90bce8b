"""People who can be reached: an office whose register has channels, and a post that keeps what it is given."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from engine.model.people import Contact
from engine.model.register import Channel
from engine.service.delivering import NotSent
from engine.service.engine import Engine
from engine.service.messages import Message
from engine.store.definitions import REGISTER, StoredText, digest_of
from engine.text import Text
from tests.builders import REGISTER_FILE, register_text
from tests.cast import ADMIN

CHANNELS = """
quiet: [20:00, 08:00]
console_url: https://anxu.example.cn
channels:
  mail: {kind: mail, title: {zh: 邮件, en: mail}, host: smtp.example.cn, sender: anxu@example.cn}
  ding: {kind: dingtalk, title: {zh: 钉钉, en: DingTalk}, secret: env ANXU_CHANNEL_DING}
"""

AWAY = NotSent(Text("渠道无法连通", "the channel is out of reach"), away=True)
REFUSED = NotSent(Text("接收方拒收", "the receiver refused it"))


def with_channels(engine: Engine, channels: str = CHANNELS) -> None:
    """Put the register with *channels* into force, as it was in force from the founding on."""
    text = register_text() + channels
    with engine.office.writing() as unit:
        founded = unit.definitions.activations()[0]
        stored = StoredText(digest_of(text), REGISTER, REGISTER_FILE, text)
        unit.definitions.activate(stored, ADMIN, founded.at, founded.since)


def reach(engine: Engine, *contacts: Contact) -> None:
    """Let these persons be told by these channels."""
    for one in contacts:
        engine.contacts.reach(one.person, one.channel, one.address, one.wants, one.language)


@dataclass
class Post:
    """A post that sends nothing; what it answers to a message is *answers*, which takes it by default."""

    answers: Callable[[Message], NotSent | None] = lambda message: None
    has: tuple[str, ...] = ("mail", "ding")
    given: list[Message] = field(default_factory=list)

    def can(self, channel: Channel) -> bool:
        return channel.name in self.has

    def send(self, message: Message) -> NotSent | None:
        answer = self.answers(message)
        if answer is None:
            self.given.append(message)
        return answer

    @property
    def keys(self) -> list[str]:
        return [message.key for message in self.given]
