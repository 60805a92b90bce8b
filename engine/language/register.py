"""Register: what an institution has in force, read from the text of `workflows.yaml`.

Room for: offices, roles, registered procedures and fragments, targets, ladders and their rungs.
May not enter: channels (`channels.py`); the procedures themselves; whether they fit the register (`together.py`).
"""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import date, time
from functools import lru_cache
from typing import cast, get_args
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from engine.language.channels import read_channel, read_console_url, read_quiet
from engine.language.declared import read_roles
from engine.language.nodes import Node, Scalar, compose
from engine.language.problem import Problems
from engine.language.reader import Fields, Reader
from engine.language.source import Source
from engine.language.values import (
    read_boolean,
    read_date,
    read_period,
    read_string,
    read_text,
    read_time,
    read_whole,
)
from engine.law.duration import Duration
from engine.model.hashing import HASHES, SHA256, Hash
from engine.model.register import Anchor, Register, RegisteredProcedure, Rung, TargetPolicy

_WHEN = re.compile(r"(?:on|([1-9][0-9]{0,3}) days? (before|after)) (\w+)")
_EVERY = re.compile(r"([1-9][0-9]{0,3}) days?")
_FILE = re.compile(r"(?!.*\.\./)[\w][\w./-]*\.ya?ml")
_FIELDS = re.compile(r"\{([^{}]*)\}")

_UTC = ZoneInfo("UTC")
_NO_DURATION = Duration(0, "days")


# Whoever proposes or activates anything reads the register in force beside it.
@lru_cache(maxsize=32)
def read_register(text: str, file: str) -> Register | Problems:
    """Return the register written in *text*, or all its problems in the order of the file.

    Total: no text raises. What it names of procedures is checked by `check_together`.
    """
    source = Source.of(text, file)
    root = compose(source)
    reader = Reader(source)
    fields = reader.fields(root, "register") if root else None
    register = _register(reader, fields) if fields else None
    problems = source.problems()
    if problems is None and register is None:
        raise AssertionError("a register that cannot be read has at least one problem")
    return problems or cast(Register, register)


def _register(reader: Reader, fields: Fields) -> Register:
    procedures = {
        key.text: _procedure(reader, key, node) for key, node in reader.named(fields.get("procedures"))
    }
    ladders = {key.text: _ladder(reader, node) for key, node in reader.named(fields.get("ladders"))}
    targets = reader.listing(fields.get("targets"))
    amber = read_whole(reader, fields.get("amber_days"))
    rehearsal = read_boolean(reader, fields.get("rehearsal"))
    return Register(
        institution=reader.name(fields.get("institution")),
        title=read_text(reader, fields.get("title")),
        zone=_zone(reader, fields.get("zone")),
        rehearsal=rehearsal,
        offices={key.text: read_text(reader, node) for key, node in reader.named(fields.get("offices"))},
        roles=read_roles(reader, fields.get("roles")),
        procedures=procedures,
        fragments={key.text: _file(reader, node) for key, node in reader.named(fields.get("fragments"))},
        targets=tuple(policy for node in targets if (policy := _target(reader, node, procedures))),
        ladders=ladders,
        work_begins=read_time(reader, fields.get("work_begins")) or time(9),
        amber_days=10 if amber is None else amber,
        channels={
            key.text: read_channel(reader, key, node, rehearsal)
            for key, node in reader.named(fields.get("channels"))
        },
        quiet=read_quiet(reader, fields.get("quiet")),
        urgent=read_boolean(reader, fields.get("urgent")),
        console_url=read_console_url(reader, fields.get("console_url")),
        hashed=cast(Hash, reader.one_of(fields.get("hash"), HASHES) or SHA256),
        hash=reader.source.hash,
        sources={key.text: read_string(reader, node) for key, node in reader.named(fields.get("sources"))},
    )


def _zone(reader: Reader, node: Node | None) -> ZoneInfo:
    scalar = reader.scalar(node)
    if scalar is None:
        return _UTC
    try:
        return ZoneInfo(scalar.text)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        # OSError: the name of a folder of the zone data, such as "Asia".
        reader.problem(scalar.mark, "bad_zone", found=scalar.text)
        return _UTC


def _procedure(reader: Reader, key: Scalar, node: Node) -> RegisteredProcedure:
    fields = reader.fields(node, "registered procedure", key.mark)
    if fields is None:
        return RegisteredProcedure(key.text, "")
    number = reader.scalar(fields.get("number"))
    series = read_string(reader, fields.get("series"))
    if number and sorted(_FIELDS.findall(number.text)) != ["n", "year"]:
        reader.problem(number.mark, "bad_pattern", found=number.text)
    if bool(series) != bool(number):
        reader.problem(key.mark, "number_and_series")
    return RegisteredProcedure(
        key.text, _file(reader, fields.get("file")), series or None, number.text if number else None
    )


def _file(reader: Reader, node: Node | None) -> str:
    file = reader.scalar(node)
    if file and not _FILE.fullmatch(file.text):
        reader.problem(file.mark, "bad_path", found=file.text)
    return file.text if file else ""


def _target(reader: Reader, node: Node, procedures: Collection[str]) -> TargetPolicy | None:
    fields = reader.fields(node, "target")
    if fields is None:
        return None
    for key in ("clock", "track"):
        if key in fields and "procedure" not in fields:
            reader.problem(fields.mark_of(key), "procedure_needed", name=key)
    return TargetPolicy(
        target=read_period(reader, fields.get("target")) or _NO_DURATION,
        since=read_date(reader, fields.get("from")) or date.min,
        basis=read_string(reader, fields.get("basis")),
        procedure=reader.known("procedure", fields.get("procedure"), procedures),
        clock=reader.name(fields.get("clock")) or None,
        track=reader.name(fields.get("track")) or None,
    )


def _ladder(reader: Reader, node: Node) -> tuple[Rung, ...]:
    found: dict[str, Rung] = {}
    for item in reader.listing(node):
        fields = reader.fields(item, "rung")
        if fields is None:
            continue
        rung = _rung(reader, fields)
        if rung.name in found:
            word = reader.scalar(fields.get("rung"))
            reader.problem(word.mark if word else fields.node.mark, "named_twice", name=rung.name)
        found[rung.name] = rung
    return tuple(found.values())


def _rung(reader: Reader, fields: Fields) -> Rung:
    days, anchor = _when(reader, fields.get("when"))
    return Rung(
        name=reader.name(fields.get("rung")),
        anchor=anchor,
        days=days,
        to=tuple(word.text for word in reader.words(fields.get("to"))),
        says=read_text(reader, fields.get("says")),
        every=_every(reader, fields.get("every")),
        opens=reader.name(fields.get("opens")) or None,
    )


def _when(reader: Reader, node: Node | None) -> tuple[int, Anchor]:
    scalar = reader.scalar(node)
    if scalar is None:
        return 0, "limit"
    found = _WHEN.fullmatch(scalar.text)
    if found is None or found[3] not in get_args(Anchor) or (found[2] == "before" and found[3] == "stop"):
        reader.problem(scalar.mark, "bad_when", found=scalar.text)
        return 0, "limit"
    days = int(found[1] or 0)
    return -days if found[2] == "before" else days, cast(Anchor, found[3])


def _every(reader: Reader, node: Node | None) -> int | None:
    scalar = reader.scalar(node)
    if scalar is None:
        return None
    found = _EVERY.fullmatch(scalar.text)
    if found is None:
        reader.problem(scalar.mark, "bad_every", found=scalar.text)
        return None
    return int(found[1])
