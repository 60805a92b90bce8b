"""Comparing: two versions of a definition or register that the office has, or that somebody brings.

Room for: looking up what is in force or stored by name or hash, and what stands around a definition.
May not enter: what differs (`engine/language/difference/`), reading files (`engine/run`).
"""

from __future__ import annotations

from datetime import datetime

from engine.errors import UnknownName
from engine.language.difference import Around
from engine.model.procedure import Procedure
from engine.model.register import Register
from engine.service.office import Office
from engine.service.stored_texts import stored_procedure, stored_register
from engine.store.definitions import REGISTER
from engine.text import Text

SHORTEST = 4
"""So many characters of a hash at least, so that no name is taken for one."""


def stored(office: Office, at: datetime, named: str) -> Procedure | Register:
    """Return what is in force under a name, or whose hash begins so. Raises UnknownName."""
    with office.reading(at) as unit:
        rules = unit.rules
        if named == REGISTER:
            return rules.register
        if found := rules.newest(named):
            return found
        texts = [text for text in unit.definitions.texts() if text.hash.startswith(named.lower())]
    if len(named) < SHORTEST or len(texts) != 1:
        names = ", ".join((REGISTER, *rules.in_force))
        which = (
            Text("多个版本以它开头", "several versions begin so")
            if len(texts) > 1
            else Text("没有这样的文件、程序或版本", "there is no such file, procedure or version")
        )
        raise UnknownName(
            Text(f"“{named}”：{which.zh}。现行：{names}。", f"“{named}”: {which.en}. In force: {names}.")
        )
    (text,) = texts
    return stored_register(text) if text.name == REGISTER else stored_procedure(text)


def surroundings(office: Office, at: datetime) -> Around:
    """Return the titles and procedures in force that a comparison is told with."""
    with office.reading(at) as unit:
        rules = unit.rules
        return Around(rules.roles, {name: rules.definitions[one] for name, one in rules.in_force.items()})
