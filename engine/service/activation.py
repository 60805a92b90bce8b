"""Activation: definitions and a register come into force, from a day on.

Room for: putting checked texts into force, what is armed on open cases following a new register.
May not enter: how texts are read (`engine/language`), what they have to fit (`fitting.py`), who decides (`proposing.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from engine.errors import Conflict, WrongUse
from engine.language.problem import Problem, Problems
from engine.language.procedure import read_once, read_procedure
from engine.language.register import read_register
from engine.language.roles import NO_ROLES, known_roles
from engine.language.together import check_together
from engine.model.hashing import ensure
from engine.model.people import Holding, Person
from engine.model.procedure import Procedure
from engine.model.register import Register
from engine.model.rules import Rules
from engine.service import fragments
from engine.service.fitting import (
    Fresh,
    broken,
    check_fits,
    fresh_of,
    is_register,
    sound_procedure,
    sound_register,
    stored_text,
)
from engine.service.office import Office, Unit
from engine.service.persisting import begun, retried
from engine.service.reprojecting import follow, renew
from engine.service.staff import known_person
from engine.store.calendars import seed
from engine.store.database import Database
from engine.store.definitions import REGISTER, in_force_on, replaced_on
from engine.store.unit import Unit as StoredUnit
from engine.text import Text

EARLIER = Text(
    "定义尚未启用；此前录入的工作日历，未完成的部分会自动继续",
    "nothing came into force; what an earlier calendar load still has to move goes on by itself",
)


@dataclass(frozen=True, slots=True)
class Activated:
    """What came into force, and the day it holds from. *open_before* counts open matters that stay on the version before.

    *until* is the day from which another version, dated ahead, takes its place; None where none does.
    """

    name: str
    hash: str
    title: Text
    unchanged: bool
    open_before: int
    since: date
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Signed:
    """Who put something into force: who put it forward and, where two persons are needed, who approved which proposal."""

    by: str
    approved_by: str | None = None
    proposal: int | None = None


def activate(
    office: Office, at: datetime, texts: Mapping[str, str], by: str, since: date | None = None
) -> tuple[Activated, ...]:
    """Put *texts* (file -> text) into force in one commit, by one person alone, from *since* (None: today) on.

    Only a rehearsal office may: elsewhere somebody proposes and another one approves. The texts are checked alone and
    together with what is in force on that day and later. A register and procedures it names for the first time come
    together. Open matters stay on the hash they opened with; what is armed on open cases follows a new register on its
    day. Raises BrokenDefinition with every problem, UnknownName for a person nobody knows, WrongUse for a procedure the
    register does not name, a day gone by, or an office in use.
    """

    def attempt() -> tuple[Activated, ...]:
        # Rows are made anew below: what a calendar load moved must have been told before.
        with begun(EARLIER):
            follow(office, at)
        with office.writing(at, alone=True) as unit:
            all_followed(unit)
            known_person(unit.rules, by)
            _rehearsing(unit)
            day = day_from(unit, since, at)
            fresh = fresh_of(unit, prepared(unit, texts, day), day)
            check_fits(unit, fresh, unit.rules.day_of(at))
            return put(unit, fresh, Signed(by), at)

    return retried(attempt)


def prepared(unit: Unit, texts: Mapping[str, str], day: date) -> dict[str, str]:
    """Return *texts* (file -> text) as they are to be stored: each register and procedure whole in itself.

    A procedure carries the fragments it uses; a changed fragment brings along the procedures in force on *day* that
    use it. Raises BrokenDefinition, WrongUse for a fragment that none of them uses.
    """
    in_force = in_force_on(unit.definitions.activations(), day)
    stored = {text.hash: text for text in unit.definitions.texts()}
    return fragments.prepared(texts, [stored[one.hash] for one in in_force.values()])


def day_from(unit: Unit, since: date | None, at: datetime) -> date:
    """Return the day something is to hold from: *since*, or today. Raises WrongUse for a day gone by."""
    today = unit.rules.day_of(at)
    if since is not None and since < today:
        raise WrongUse(
            Text(
                "{day}已过，定义不能追溯生效；最早自今日{today}起。",
                "{day} has gone by, and nothing comes into force backwards; today, {today}, is the earliest.",
            ).filled(day=since, today=today)
        )
    return since or today


def put(unit: Unit, fresh: Fresh, signed: Signed, at: datetime) -> tuple[Activated, ...]:
    """Put what was checked into force; what is armed on open cases follows a register whose day has come."""
    register, arrived = fresh.register, fresh.since <= unit.rules.day_of(at)
    if register:
        ensure(register.hashed)
    if register and arrived:
        # In a zone further west it may still be yesterday, and the register holds from now on all the same.
        fresh = replace(fresh, since=min(fresh.since, at.astimezone(register.zone).date()))
    done = tuple(_put(unit, fresh, name, signed, at) for name in fresh.stored)
    if register and arrived and any(one.name == REGISTER and not one.unchanged for one in done):
        there = {name: one for name, one in unit.rules.in_force.items() if name in register.procedures}
        _renew(unit, replace(unit.rules, register=register, in_force=there), at)
        in_force = in_force_on(unit.definitions.activations(), fresh.since)
        unit.rearmings.set(in_force[REGISTER].number, at)
    return done


def all_followed(unit: Unit) -> None:
    """Raise Conflict while open cases have not followed a calendar load; what is followed now stays so in this unit."""
    if unit.reprojections.unfinished():
        raise Conflict(
            Text(
                "工作日历刚有改动，在办案件尚未重算完毕，请重试。",
                "The calendar changed just now and open cases have not followed yet; try again.",
            )
        )


def _put(unit: Unit, fresh: Fresh, name: str, signed: Signed, at: datetime) -> Activated:
    stored, title, since = fresh.stored[name], fresh.title(name), fresh.since
    activations = unit.definitions.activations()
    until = replaced_on(activations, name, since)
    before = in_force_on(activations, since).get(name)
    if before and before.hash == stored.hash:
        return Activated(
            name, stored.hash, title, unchanged=True, open_before=0, since=before.since, until=until
        )
    open_before = unit.definitions.open_matters(before.hash) if before else 0
    unit.definitions.activate(stored, signed.by, at, since, signed.approved_by, signed.proposal)
    return Activated(
        name, stored.hash, title, unchanged=False, open_before=open_before, since=since, until=until
    )


def _rehearsing(unit: Unit) -> None:
    if not unit.rules.register.rehearsal:
        raise WrongUse(
            Text(
                "正式机构启用定义须两人：一人提请，另一人批准。",
                "In an office in use it takes two persons: one proposes, another one approves.",
            )
        )


def _renew(unit: Unit, rules: Rules, at: datetime) -> None:
    # Ladders are live policy: what is armed on open cases follows the register in the same commit.
    for case_id in list(unit.cases.ids()):
        renew(unit, rules, unit.cases.get(case_id), at)


def found_office(
    database: Database, register_text: str, register_file: str, procedures: Mapping[str, str], at: datetime,
    administrator: Person,
) -> Register:  # fmt: skip
    """Make an institution in an empty database: schema, calendar, register, *procedures* (file -> text), one administrator.

    Fragments stand among the procedures. Raises BrokenDefinition with every problem of every file, WrongUse where the
    institution is already there.
    """
    texts = {register_file: register_text, **procedures}
    read = _read_together(texts)
    if read.problems:
        raise broken(read.problems)
    register = sound_register(register_text, register_file)
    ensure(register.hashed)
    for file, text in read.gathered.procedures.items():
        if file != register_file and is_register(text):
            # An office has one register: another one is told as the procedure that it is not.
            sound_procedure(text, file, register.roles)
    database.migrate()
    with database.writing() as connection:
        unit = StoredUnit(connection, register.institution)
        if unit.definitions.last():
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
        for name, (file, text) in [(REGISTER, (register_file, register_text)), *read.kept.items()]:
            unit.definitions.activate(stored_text(name, file, text), administrator.id, at, since)
        unit.rearmings.set(1, at)
    return register


@dataclass(frozen=True, slots=True)
class _ReadTogether:
    """Texts sorted; name -> file and text as it is stored, of each procedure that could be read; every problem."""

    gathered: fragments.Gathered
    kept: Mapping[str, tuple[str, str]]
    problems: tuple[Problem, ...]


def _read_together(texts: Mapping[str, str]) -> _ReadTogether:
    """Return a register, its procedures and fragments (file -> text) read, each alone and all together."""
    found: list[Problem] = []
    register: Register | None = None
    for file, text in texts.items():
        if is_register(text):
            read = read_register(text, file)
            if isinstance(read, Problems):
                found += read
            else:
                register = read
    gathered = fragments.gather(texts)
    found += gathered.problems
    procedures: dict[str, Procedure] = {}
    kept: dict[str, tuple[str, str]] = {}
    others = {file: text for file, text in gathered.procedures.items() if not is_register(text)}
    roles = known_roles(register.roles if register else NO_ROLES, others, gathered.fragments)
    for file, text in others.items():
        whole = gathered.stored(file)
        one = read_once(whole, file, roles[file])
        if isinstance(one, Problems):
            # Read with its fragments apart, every problem is told at the place where somebody can mend it.
            one = read_procedure(text, file, roles[file], gathered.fragments)
        if isinstance(one, Problems):
            found += one
        else:
            procedures[one.name], kept[one.name] = one, (file, whole)
    if register and not found:
        found += check_together(register, procedures, dict(texts))
    return _ReadTogether(gathered, kept, tuple(found))
