"""Activation: a definition or a register comes into force.

Room for: checking a text against everything it has to fit, storing it by hash.
May not enter: how texts are read (`engine/language`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import PurePath

from engine.errors import BrokenDefinition, Conflict, WrongUse
from engine.language.problem import Problem, Problems
from engine.language.procedure import read_procedure
from engine.language.register import read_register
from engine.language.together import check_together
from engine.model.people import Holding, Person
from engine.model.procedure import Procedure
from engine.model.register import Register
from engine.model.rules import Rules
from engine.service.acting import retried
from engine.service.office import Office, Unit
from engine.service.reprojecting import follow, renew
from engine.service.staff import known_person
from engine.store.calendars import seed
from engine.store.database import Database
from engine.store.definitions import REGISTER, StoredText, digest_of
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


def activate(office: Office, at: datetime, texts: Mapping[str, str], by: str) -> tuple[Activated, ...]:
    """Put *texts* (file -> text) into force in one commit, after checking them alone and together with what is.

    A register and procedures it names for the first time come together. Open matters stay on the hash they opened
    with; what is armed on open cases follows a new register. Raises BrokenDefinition with every problem, UnknownName
    for a person nobody knows, WrongUse for a procedure the register does not name.
    """

    def attempt() -> tuple[Activated, ...]:
        # Rows are made anew below: what a calendar load moved must have been told before.
        follow(office, at)
        with office.writing() as unit:
            _all_followed(unit)
            known_person(unit.rules, by)
            registers = {file: text for file, text in texts.items() if _is_register(text)}
            register = unit.rules.register
            for file, text in registers.items():
                register = _new_register(unit, text, file)
            fresh = {
                file: _sound_procedure(text, file, register)
                for file, text in texts.items()
                if file not in registers
            }
            _fitting(unit, register, registers, fresh, texts)
            done = [
                _put(unit, at, _stored(REGISTER, f, text), by, register.title)
                for f, text in registers.items()
            ]
            done += [
                _put(unit, at, _stored(p.name, file, texts[file]), by, p.title) for file, p in fresh.items()
            ]
            if any(a.name == REGISTER and not a.unchanged for a in done):
                _renew(unit, replace(unit.rules, register=register), at)
            return tuple(done)

    return retried(attempt)


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
    _together(register, by_name, {**procedures, register_file: register_text})
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
            unit.calendars.load(year, f"国务院办公厅{year}年放假通知", days, administrator.id, at)
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


def _new_register(unit: Unit, text: str, file: str) -> Register:
    register = _sound_register(text, file)
    if register.institution != unit.institution:
        raise WrongUse(
            Text(
                f"该登记册属于机构“{register.institution}”。",
                f"This register belongs to the institution “{register.institution}”.",
            )
        )
    if register.rehearsal and not unit.rules.register.rehearsal:
        raise WrongUse(
            Text("正式机构不能改为演练模式。", "An office in use cannot be turned into a rehearsal.")
        )
    return register


def _fitting(
    unit: Unit, register: Register, registers: Mapping[str, str], fresh: Mapping[str, Procedure],
    texts: Mapping[str, str],
) -> None:  # fmt: skip
    stray = next((p.name for p in fresh.values() if p.name not in register.procedures), None)
    if stray is not None:
        names = ", ".join(register.procedures)
        raise WrongUse(
            Text(
                f"登记册中没有程序“{stray}”，已有：{names}。请与登记它的登记册一同启用。",
                f"The register names no procedure “{stray}”; it has: {names}. Activate it together with a register that does.",
            )
        )
    stored = {text.hash: text for text in unit.definitions.texts()}
    in_force = unit.definitions.in_force()
    if registers:
        _still_read(unit, register, stored, in_force)
    replaced = {p.name for p in fresh.values()} | ({REGISTER} if registers else set())
    wholes = {stored[h].file: stored[h].text for name, h in in_force.items() if name not in replaced}
    procedures = {
        name: unit.rules.definitions[h] for name, h in unit.rules.in_force.items() if name not in replaced
    }
    procedures |= {p.name: p for p in fresh.values()}
    _together(register, procedures, {**wholes, **texts})


def _still_read(
    unit: Unit, register: Register, stored: Mapping[str, StoredText], in_force: Mapping[str, str]
) -> None:
    # A register may not take away a role that a definition in use needs, be it only by open matters.
    for digest, text in stored.items():
        used = digest in in_force.values() or unit.definitions.open_cases(digest)
        if used and text.name != REGISTER:
            _sound_procedure(text.text, text.file, register)


def _renew(unit: Unit, rules: Rules, at: datetime) -> None:
    # Ladders are live policy: what is armed on open cases follows the register in the same commit.
    for case_id in list(unit.cases.ids()):
        renew(unit, rules, unit.cases.get(case_id), at)


def _all_followed(unit: Unit) -> None:
    # No load is committed while this unit writes, so what is followed now stays so until it ends.
    if unit.reprojections.unfinished():
        raise Conflict(
            Text(
                "工作日历刚有改动，在办案件尚未重算完毕，请重试。",
                "The calendar changed just now and open cases have not followed yet; try again.",
            )
        )


def _put(unit: Unit, at: datetime, stored: StoredText, by: str, title: Text) -> Activated:
    before = unit.definitions.in_force().get(stored.name)
    if before == stored.hash:
        return Activated(stored.name, stored.hash, title, unchanged=True, open_before=0)
    open_before = unit.definitions.open_cases(before) if before else 0
    unit.definitions.activate(stored, by, at)
    return Activated(stored.name, stored.hash, title, unchanged=False, open_before=open_before)


def _together(register: Register, procedures: Mapping[str, Procedure], texts: Mapping[str, str]) -> None:
    found = check_together(register, procedures, texts)
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
    return StoredText(digest_of(text), name, str(PurePath(file)), text)
