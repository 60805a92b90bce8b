"""Channels: how people are told beside the inbox, as the register says it: by which channel, and at which hours not.

Room for: reading one channel, the quiet hours, the console's address; which keys a kind of channel needs.
May not enter: secrets (a register names only the place of one), sending (`engine/run/channels/`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import cast, get_args

from engine.language import shapes
from engine.language.nodes import Node, Scalar
from engine.language.reader import Fields, Reader
from engine.language.shapes import Value
from engine.language.values import read_boolean, read_string, read_text, read_time
from engine.model.register import Channel, ChannelKind, Quiet, Secure

_SHARED = ("kind", "title", "secret", "parties")

_NEEDED: Mapping[ChannelKind, tuple[str, ...]] = {
    "mail": ("host", "sender"),
    "wecom": ("secret",),
    "dingtalk": ("secret",),
    "feishu": ("secret",),
    "file": ("secret",),
}

_TAKEN: Mapping[ChannelKind, tuple[str, ...]] = {
    "mail": ("host", "port", "secure", "sender", "user"),
    "wecom": ("host",),
    "dingtalk": ("host",),
    "feishu": ("host",),
    "file": (),
}
"""The keys of a kind beside those that every channel has."""


def read_channel(reader: Reader, key: Scalar, node: Node, rehearsal: bool) -> Channel:
    """Return the channel called *key*; one that writes to a file is a *rehearsal*'s alone."""
    fields = reader.fields(node, "channel", key.mark)
    if fields is None:
        return Channel(key.text, "file", read_text(reader, None))
    kind = cast("ChannelKind | None", reader.one_of(fields.get("kind"), get_args(ChannelKind)))
    if kind:
        _fits(reader, key, fields, kind)
        if kind == "file" and not rehearsal:
            reader.problem(key.mark, "rehearsal_only", name=key.text)
    port = _matching(reader, fields.get("port"), shapes.PORT)
    secure = cast("Secure | None", reader.one_of(fields.get("secure"), get_args(Secure)))
    return Channel(
        name=key.text,
        kind=kind or "file",
        title=read_text(reader, fields.get("title")),
        secret=_matching(reader, fields.get("secret"), shapes.SECRET),
        host=_matching(reader, fields.get("host"), shapes.HOST),
        port=int(port) if port else None,
        secure=secure or "starttls",
        sender=_matching(reader, fields.get("sender"), shapes.MAILBOX),
        user=read_string(reader, fields.get("user")),
        parties=read_boolean(reader, fields.get("parties")),
    )


def _fits(reader: Reader, key: Scalar, fields: Fields, kind: ChannelKind) -> None:
    needed = _NEEDED[kind] + (("secret",) if "user" in fields and kind == "mail" else ())
    for name in needed:
        if name not in fields:
            reader.problem(key.mark, "channel_needs", kind=kind, name=name)
    for written, _ in fields.node.entries:
        if written.text not in (*_SHARED, *_TAKEN[kind]) and written.text in _TAKEN["mail"]:
            reader.problem(written.mark, "channel_has_no", kind=kind, name=written.text)


def read_quiet(reader: Reader, node: Node | None) -> Quiet | None:
    """Return the hours written as ``[20:00, 08:00]``."""
    if node is None:
        return None
    items = reader.listing(node)
    times = [hour for item in items if (hour := read_time(reader, item)) is not None]
    if items and len(times) == len(items) and (len(times) != 2 or times[0] == times[1]):
        reader.problem(node.mark, "bad_quiet")
        return None
    return Quiet(*times) if len(times) == 2 else None


def read_console_url(reader: Reader, node: Node | None) -> str:
    """Return the address of the console without a slash at its end."""
    return _matching(reader, node, shapes.ADDRESS).rstrip("/")


def _matching(reader: Reader, node: Node | None, shape: Value) -> str:
    scalar = reader.scalar(node)
    if scalar is None:
        return ""
    if not re.fullmatch(shape.pattern, scalar.text) or len(scalar.text) > (shape.longest or len(scalar.text)):
        reader.problem(scalar.mark, "bad_form", found=scalar.text, expected=shape.said)
        return ""
    return scalar.text
