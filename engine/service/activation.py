"""Activation: a definition or a register comes into force.

Room for: checking a text against everything it has to fit, storing it by hash.
May not enter: how texts are read (`engine/language`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import PurePath

from engine.core.projection import project
from engine.errors import BrokenDefinition, WrongUse
from engine.language.problem import Problem, Problems
from engine.language.procedure import read_procedure
from engine.language.register import read_register
from engine.language.together import check_together
from engine.model.people import Holding, Person
from engine.model.procedure import Procedure
from engine.model.register import Register
from engine.model.rules import Rules
from engine.service.acting import known
from engine.service.office import Office, Unit
from engine.store.calendars import seed
from engine.store.database import Database
from engine.store.definitions import REGISTER, StoredText
from engine.store.unit import Unit as StoredUnit
from engine.text import Text


@dataclass(frozen=True, slots=True)
class Activated:
    """What came into force. *open_before* counts open matters that stay on the version before."""

    name: str
    hash: str
    title: Text
    unchanged: bool
    open_before: int


def activate(office: Office, at: datetime, text: str, file: str, by: str) -> Activated:
    """Put *text* into force after checking it, alone and together with what else is in force.

    Open matters stay on the hash they opened with. Raises BrokenDefinition with every problem, UnknownName for a
    person nobody knows, WrongUse for a procedure the register does not name.
    """
    with office.writing() as unit:
        known(unit, by)
        if _is_register(text):
            return _activate_register(unit, at, text, file, by)
        return _activate_procedure(unit, at, text, file, by)


def found_office(
    database: Database, register_text: str, register_file: str, procedures: Mapping[str, str], at: datetime,
    administrator: Person,
) -> Register:  # fmt: skip
    """Make an institution in an empty database: schema, calendar, register and *procedures* (file -> text), one administrator.

    Raises BrokenDefinition with every problem of every file, WrongUse where the institution is already there.
    """
    register = _sound_register(register_text, register_file)
    read = {file: _sound_procedure(text, file, register) for file, text in procedures.items()}
    by_name = {procedure.name: procedure for procedure in read.values()}
    files = {procedure.name: (file, procedures[file]) for file, procedure in read.items()}
    _together(
        register,
        by_name,
        {name: file for name, (file, _) in files.items()},
        {**procedures, register_file: register_text},
    )
    database.migrate()
    with database.writing() as connection:
        unit = StoredUnit(connection, register.institution)
        if unit.definitions.in_force():
            raise WrongUse(
                Text(
                    f"机构“{register.institution}”已存在。",
                    f"The institution “{register.institution}” is already there.",
                )
            )
        for year, days in seed().items():
            unit.calendars.load(year, f"国务院办公厅{year}年放假通知", days)
        unit.directory.add(administrator)
        place = next(iter(register.offices))
        since = at.astimezone(register.zone).date()
        unit.directory.give(Holding(administrator.id, "admin", place, since))
        unit.definitions.activate(_stored(REGISTER, register_file, register_text), administrator.id, at)
        for name, (file, text) in files.items():
            unit.definitions.activate(_stored(name, file, text), administrator.id, at)
    return register


def problems_of(texts: Mapping[str, str]) -> tuple[Problem, ...]:
    """Return every problem of a register and its procedures (file -> text), each alone and all together, in order."""
    found: list[Problem] = []
    register: Register | None = None
    for file, text in texts.items():
        if _is_register(text):
            read = read_register(text, file)
            if isinstance(read, Problems):
                found += read
            else:
                register = read
    procedures: dict[str, Procedure] = {}
    for file, text in texts.items():
        if _is_register(text):
            continue
        one = read_procedure(text, file, register.roles if register else ())
        if isinstance(one, Problems):
            found += one
        else:
            procedures[one.name] = one
    if register and not found:
        found += check_together(register, procedures, dict(texts))
    return tuple(found)


def _activate_register(unit: Unit, at: datetime, text: str, file: str, by: str) -> Activated:
    register = _sound_register(text, file)
    if register.institution != unit.institution:
        raise WrongUse(
            Text(
                f"该登记簿属于机构“{register.institution}”。",
                f"This register belongs to the institution “{register.institution}”.",
            )
        )
    if register.rehearsal and not unit.rules.register.rehearsal:
        raise WrongUse(
            Text("正式机构不能改为演练模式。", "An office in use cannot be turned into a rehearsal.")
        )
    in_force = {name: unit.rules.definitions[digest] for name, digest in unit.rules.in_force.items()}
    texts = {stored.hash: stored for stored in unit.definitions.texts()}
    _together(
        register, in_force, {name: texts[p.hash].file for name, p in in_force.items()},
        {texts[p.hash].file: texts[p.hash].text for p in in_force.values()} | {file: text},
    )  # fmt: skip
    activated = _put(unit, at, _stored(REGISTER, file, text), by, register.title)
    if not activated.unchanged:
        _renew(unit, replace(unit.rules, register=register), at)
    return activated


def _renew(unit: Unit, rules: Rules, at: datetime) -> None:
    # Ladders are live policy: what is armed on open cases follows the register in the same commit.
    for case_id in unit.cases.ids():
        case = unit.cases.get(case_id)
        unit.projected.renew(case, project(rules, case, rules.day_of(at)))


def _activate_procedure(unit: Unit, at: datetime, text: str, file: str, by: str) -> Activated:
    register = unit.rules.register
    procedure = _sound_procedure(text, file, register)
    if procedure.name not in register.procedures:
        names = ", ".join(register.procedures)
        raise WrongUse(
            Text(
                f"登记簿中没有程序“{procedure.name}”，已有：{names}。请先在登记簿中登记并启用。",
                f"The register names no procedure “{procedure.name}”; it has: {names}. Register it first and activate the register.",
            )
        )
    in_force = {name: unit.rules.definitions[digest] for name, digest in unit.rules.in_force.items()}
    texts = {stored.hash: stored for stored in unit.definitions.texts()}
    files = {name: texts[p.hash].file for name, p in in_force.items()} | {procedure.name: file}
    wholes = {texts[p.hash].file: texts[p.hash].text for p in in_force.values()} | {file: text}
    _together(register, {**in_force, procedure.name: procedure}, files, wholes)
    return _put(unit, at, _stored(procedure.name, file, text), by, procedure.title)


def _put(unit: Unit, at: datetime, stored: StoredText, by: str, title: Text) -> Activated:
    before = unit.definitions.in_force().get(stored.name)
    if before == stored.hash:
        return Activated(stored.name, stored.hash, title, unchanged=True, open_before=0)
    open_before = unit.definitions.open_cases(before) if before else 0
    unit.definitions.activate(stored, by, at)
    return Activated(stored.name, stored.hash, title, unchanged=False, open_before=open_before)


def _together(
    register: Register,
    procedures: Mapping[str, Procedure],
    files: Mapping[str, str],
    texts: Mapping[str, str],
) -> None:
    found = check_together(register, dict(procedures), dict(texts))
    if found:
        raise _broken(found)


def _sound_register(text: str, file: str) -> Register:
    read = read_register(text, file)
    if isinstance(read, Problems):
        raise _broken(tuple(read))
    return read


def _sound_procedure(text: str, file: str, register: Register) -> Procedure:
    read = read_procedure(text, file, register.roles)
    if isinstance(read, Problems):
        raise _broken(tuple(read))
    return read


def _broken(problems: Sequence[Problem]) -> BrokenDefinition:
    return BrokenDefinition(
        Text(
            f"定义中有{len(problems)}处问题：\n\n" + "\n\n".join(p.said("zh") for p in problems),
            f"{len(problems)} problem(s) in the definition:\n\n"
            + "\n\n".join(p.said("en") for p in problems),
        ),
        tuple(problems),
    )


def _is_register(text: str) -> bool:
    return any(line.startswith("institution:") for line in text.splitlines())


def _stored(name: str, file: str, text: str) -> StoredText:
    normal = text.replace("\r\n", "\n").replace("\r", "\n")
    return StoredText(hashlib.sha256(normal.encode()).hexdigest(), name, str(PurePath(file)), text)
