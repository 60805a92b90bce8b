"""An address is what its channel can have, and never two of them, a header or a secret."""

from __future__ import annotations

import pytest

from engine.errors import UnknownName, WrongUse
from engine.service.contacts import WANTS
from engine.service.engine import Engine
from tests.cast import ZHOU
from tests.service.reached import CHANNELS, with_channels

MORE = "  robot: {kind: wecom, title: {zh: 企业微信, en: WeCom}, secret: env ANXU_CHANNEL_ROBOT}\n"

HOSTILE = (
    "a@example.cn,b@example.cn", "a@example.cn;b@example.cn", "a@example.cn\r\nBcc: b@example.cn", "a@example.cn?bcc=b@example.cn",
    "A <a@example.cn>", "a@", "@example.cn", "a b@example.cn", "a@exam\u202eple.cn", "ａ@example.cn", "a@-example.cn", "", " ", "x" * 250 + "@example.cn",
)  # fmt: skip


def test_an_address_is_taken_only_in_the_form_of_its_channel(engine: Engine) -> None:
    with_channels(engine, CHANNELS + MORE)
    for address in HOSTILE:
        with pytest.raises(WrongUse):
            engine.contacts.reach(ZHOU, "mail", address)
    for channel, address in (
        ("ding", "filing/abc"),
        ("ding", "https://oapi.dingtalk.com"),
        ("robot", "filing/13800000000"),
    ):
        with pytest.raises(WrongUse):
            engine.contacts.reach(ZHOU, channel, address)
    with pytest.raises(UnknownName):
        engine.contacts.reach(ZHOU, "fax", "1")
    assert engine.contacts.of(ZHOU) == ()

    for channel, address in (
        ("mail", " zhou.heng+1@mail.example.cn "),
        ("ding", "filing/13800000000"),
        ("robot", "filing-2"),
    ):
        assert engine.contacts.reach(ZHOU, channel, address).address == address.strip()
    assert len(engine.contacts.of(ZHOU)) == 3


def test_what_somebody_wants_is_kept_when_the_address_changes(engine: Engine) -> None:
    with_channels(engine)
    assert engine.contacts.reach(ZHOU, "mail", "a@example.cn").wants == "mixed"
    for wants in WANTS:
        engine.contacts.choose(ZHOU, "mail", wants, "en")

    again = engine.contacts.reach(ZHOU, "mail", "b@example.cn")

    assert (again.address, again.wants, again.language) == ("b@example.cn", "digest", "en")
    with pytest.raises(WrongUse):
        engine.contacts.choose(ZHOU, "mail", "never")
    with pytest.raises(UnknownName):
        engine.contacts.choose(ZHOU, "ding", "each")
