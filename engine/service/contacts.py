"""Contacts: how persons are told beside the inbox, and what of it they choose themselves.

Room for: giving and taking away an address, what an address of each kind of channel looks like, the choice of digest or each notice.
May not enter: secrets (an address holds none: of a robot it is its name), sending (`engine/run/channels/`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import cast, get_args

from engine.core.writing import writable
from engine.errors import UnknownName, WrongUse
from engine.language.shapes import MAILBOX
from engine.model.people import Contact, Wants
from engine.model.register import Channel, ChannelKind
from engine.model.rules import Rules
from engine.service.office import Office
from engine.service.staff import known_person
from engine.text import Language, Text

ADDRESS_MOST = 254

WANTS: Mapping[Wants, Text] = {
    "mixed": Text("须办的即时通知，反复提醒并入每日摘要", "what awaits me at once, repeated reminders in the digest"),
    "each": Text("每条即时通知，不要每日摘要", "each notice at once, no digest"),
    "digest": Text("只要每日摘要", "the digest of the morning alone"),
}  # fmt: skip
"""What a person may choose for a channel, in words."""

_ROBOT = (
    r"[A-Za-z0-9][A-Za-z0-9_.-]{0,59}",
    Text(
        "机器人名称（密钥文件中所写），如 filing",
        "the name of a robot as its secret has it, such as filing",
    ),
)

ADDRESSES: Mapping[ChannelKind, tuple[str, Text]] = {
    "mail": (MAILBOX.pattern, Text("邮箱地址，如 xu@example.cn", "a mail address such as xu@example.cn")),
    "wecom": _ROBOT,
    "feishu": _ROBOT,
    "dingtalk": (
        rf"{_ROBOT[0]}(/[0-9]{{11,14}})?",
        Text(
            "机器人名称，可加手机号以便点名，如 filing/13800000000",
            "the name of a robot, with a mobile number to call somebody: filing/13800000000",
        ),
    ),
    "file": (r".{1,254}", Text("任意名称", "any name")),
}


@dataclass(frozen=True, slots=True)
class ContactLine:
    """How a person is told by one channel, as shown to them. *used*: the register in force still has the channel."""

    channel: str
    title: Text
    address: str
    wants: Wants
    language: Language
    used: bool


class Contacts:
    """How the persons of an office are reached, each change one commit."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def of(self, person: str) -> tuple[ContactLine, ...]:
        """Return how *person* is told beside the inbox."""
        rules = self._office.rules()
        channels = rules.register.channels
        return tuple(
            ContactLine(
                one.channel, channels[one.channel].title if one.channel in channels else Text(one.channel, one.channel),
                one.address, one.wants, one.language, one.channel in channels,
            )
            for one in rules.people.reached_by(person)
        )  # fmt: skip

    def reach(
        self, person: str, channel: str, address: str, wants: str | None = None, language: str | None = None
    ) -> Contact:
        """Say at which address *person* is told by *channel*; what is not said stays, or is ``mixed`` and ``zh``.

        Raises UnknownName for a person or channel nobody knows, WrongUse for an address that channel cannot have.
        """
        with self._office.writing() as unit:
            known_person(unit.rules, person)
            kept = unit.rules.people.contact(person, channel) or Contact(person, channel, "")
            fitting = _fitting(_known_channel(unit.rules, channel), address)
            contact = replace(
                kept,
                address=fitting,
                wants=_wants(wants) if wants else kept.wants,
                language=_language(language) if language else kept.language,
            )
            unit.directory.reach(contact)
        return contact

    def choose(self, person: str, channel: str, wants: str, language: str | None = None) -> Contact:
        """Say what *person* wants by a channel they are reached by. Raises UnknownName, and WrongUse for no such choice."""
        with self._office.writing() as unit:
            contact = unit.rules.people.contact(person, channel)
            if contact is None:
                raise _not_reached(person, channel)
            chosen = replace(
                contact,
                wants=_wants(wants),
                language=_language(language) if language else contact.language,
            )
            unit.directory.reach(chosen)
        return chosen

    def reach_no_more(self, person: str, channel: str) -> None:
        """Forget how *person* is told by *channel*; what waits for it is dropped. Raises UnknownName where there was nothing."""
        with self._office.writing() as unit:
            if unit.directory.reach_no_more(person, channel) == 0:
                raise _not_reached(person, channel)


def _known_channel(rules: Rules, name: str) -> Channel:
    channels = rules.register.channels
    if name not in channels:
        names = ", ".join(channels)
        raise UnknownName(
            Text(
                f"登记册没有通知渠道“{name}”，可用：{names or '（无）'}。",
                f"The register has no channel “{name}”; there are: {names or 'none'}.",
            )
        )
    return channels[name]


def _fitting(channel: Channel, address: str) -> str:
    """Return *address* where a channel of that kind can have it: nothing in it may be read as a second one, or as a header."""
    pattern, said = ADDRESSES[channel.kind]
    given = address.strip()
    if (
        len(given) > ADDRESS_MOST
        or not writable(given, lines=False)
        or not re.fullmatch(pattern.removeprefix("^").removesuffix("$"), given)
    ):
        raise WrongUse(
            Text(
                f"“{channel.title.zh}”的地址应为{said.zh}。",
                f"An address of “{channel.title.en}” is {said.en}.",
            )
        )
    return given


def _wants(text: str) -> Wants:
    if text not in WANTS:
        raise WrongUse(
            Text(f"没有选项“{text}”：{', '.join(WANTS)}。", f"No choice “{text}”: {', '.join(WANTS)}.")
        )
    return cast(Wants, text)


def _language(text: str) -> Language:
    if text not in get_args(Language):
        raise WrongUse(Text(f"没有语言“{text}”：zh 或 en。", f"No language “{text}”: zh or en."))
    return cast(Language, text)


def _not_reached(person: str, channel: str) -> UnknownName:
    return UnknownName(Text(f"{person}没有登记“{channel}”。", f"{person} is not reached by “{channel}”."))
