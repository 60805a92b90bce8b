"""Fitting: whether texts that are to come into force fit everything they meet, on every day from then on.

Room for: each text alone, all that is in force together on a day, the older versions that open cases still use.
May not enter: storing anything (`activation.py`), how texts are read and compared (`engine/language`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property
from itertools import pairwise
from pathlib import PurePath

from engine.errors import BrokenDefinition, WrongUse
from engine.language.fragments import written_out
from engine.language.pages import Page
from engine.language.problem import Problem, Problems
from engine.language.procedure import read_once
from engine.language.register import read_register
from engine.language.roles import known_roles
from engine.language.together import check_together
from engine.model.procedure import Procedure
from engine.model.register import Register, RegisteredProcedure
from engine.service.office import Unit, named
from engine.service.places import go_at_once, keep_in_use
from engine.service.stored_texts import register_under, stored_register
from engine.store.definitions import REGISTER, Activation, StoredText, digest_of, in_force_on
from engine.text import Text, counted, day_text

REGISTER_TITLE = Text("登记册", "Register")
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Fresh:
    """Texts that are to come into force together from the day *since* on, by name, each sound alone."""

    since: date
    stored: Mapping[str, StoredText]
    register: Register | None
    procedures: Mapping[str, Procedure]

    def title(self, name: str) -> Text:
        """Return the title of what the text says."""
        return REGISTER_TITLE if name == REGISTER else self.procedures[name].title


def fresh_of(unit: Unit, texts: Mapping[str, str], since: date) -> Fresh:
    """Return *texts* (file -> text) read. Raises BrokenDefinition, and WrongUse for a register of another institution."""
    registers = {file: text for file, text in texts.items() if is_register(text)}
    register = None
    stored: dict[str, StoredText] = {}
    for file, text in registers.items():
        register = sound_register(text, file)
        if register.institution != unit.institution:
            raise WrongUse(
                Text(
                    f"该登记册属于机构“{register.institution}”。",
                    f"This register belongs to the institution “{register.institution}”.",
                )
            )
        stored[REGISTER] = stored_text(REGISTER, file, text)
    others = {file: text for file, text in texts.items() if file not in registers}
    procedures: dict[str, Procedure] = {}
    problems: list[Problem] = []
    for file, roles in _roles_known(unit, register, others, since).items():
        one = read_once(others[file], file, roles)
        if isinstance(one, Problems):
            problems += one
        else:
            procedures[one.name] = one
            stored[one.name] = stored_text(one.name, file, others[file])
    if problems:
        raise broken(problems)
    return Fresh(since, stored, register, procedures)


def _roles_known(
    unit: Unit, register: Register | None, texts: Mapping[str, str], since: date
) -> Mapping[str, Mapping[str, Text]]:
    """Return the roles each file of *texts* is read with: the register's and those of every procedure it names."""
    in_force = in_force_on(unit.definitions.activations(), since)
    register = register or register_under(unit.definitions, in_force[REGISTER].hash)
    beside = [
        unit.rules.definitions[one.hash]
        for name, one in named(in_force, register).items()
        if name != REGISTER
    ]
    lent = {name: title for one in beside for name, title in one.roles.items()}
    return known_roles(register.roles, texts, lent=lent)


def check_fits(unit: Unit, fresh: Fresh, today: date) -> None:
    """Check *fresh* against what is in force on its day and on every later day on which that changes.

    What open cases are pinned to, and what cases will be opened with until then, must go on working with it too.
    Raises BrokenDefinition with every problem of the first day that has any, WrongUse.
    """
    before = unit.definitions.activations()
    after = (*before, *_as_activated(fresh, before))
    days = sorted({fresh.since, *(one.since for one in before if one.since > fresh.since)})
    book = _Book(unit, fresh)
    _check_registers(book, after, today)
    if fresh.register:
        keep_in_use(unit, book.register(in_force_on(before, fresh.since)[REGISTER].hash), fresh.register)
    _check_named(book, after, fresh)
    for day in days:
        whole = book.whole(after, day)
        older = {*unit.definitions.pinned(), *_opened_until(book, after, today, day)}
        earlier = book.whole(before, day)
        if day > today:
            eve, its = (book.register(in_force_on(of, day - _DAY)[REGISTER].hash) for of in (before, after))
            go_at_once(day, (eve, its), (earlier.register, whole.register))
        _check_roles(book, earlier, whole, day, older)
        _told(check_together(whole.register, whole.procedures, whole.texts), _on_its_day(fresh, before, day))
        _check_older(book, earlier, whole, older)


# --- what is in force on a day ----------------------------------------------------------------------------


@dataclass(frozen=True)
class _Whole:
    """The register and all procedures that are in force together on a day."""

    register: Register
    procedures: Mapping[str, Procedure]
    texts: Mapping[str, str]

    @property
    def roles(self) -> frozenset[str]:
        """Every role there is on that day."""
        own = (role for procedure in self.procedures.values() for role in procedure.roles)
        return frozenset((*self.register.roles, *own))


@dataclass(frozen=True)
class _Book:
    """Every text known by its hash, those that are not stored yet among them."""

    unit: Unit
    fresh: Fresh

    @cached_property
    def _texts(self) -> Mapping[str, StoredText]:
        known = (*self.unit.definitions.texts(), *self.fresh.stored.values())
        return {one.hash: one for one in known}

    def text(self, digest: str) -> StoredText:
        return self._texts[digest]

    def procedure(self, digest: str) -> Procedure:
        known = self.unit.rules.definitions.get(digest)
        return known or next(one for one in self.fresh.procedures.values() if one.hash == digest)

    def register(self, digest: str) -> Register:
        mine = self.fresh.stored.get(REGISTER)
        if self.fresh.register and mine and mine.hash == digest:
            return self.fresh.register
        return stored_register(self.text(digest))

    def in_force(self, activations: Iterable[Activation], day: date) -> Mapping[str, Activation]:
        found = in_force_on(activations, day)
        return named(found, self.register(found[REGISTER].hash))

    def whole(self, activations: Iterable[Activation], day: date) -> _Whole:
        in_force = dict(self.in_force(activations, day))
        own = self.text(in_force.pop(REGISTER).hash)
        register = self.register(own.hash)
        # A procedure goes by the file that the register gives it, wherever its text first came from.
        texts = {register.procedures[name].file: self.text(one.hash).text for name, one in in_force.items()}
        return _Whole(
            register,
            {name: self.procedure(one.hash) for name, one in in_force.items()},
            {**written_out(register.fragments, texts.values()), **texts, own.file: own.text},
        )


def _as_activated(fresh: Fresh, before: Sequence[Activation]) -> Iterator[Activation]:
    number = before[-1].number if before else 0
    at = before[-1].at
    for name, text in fresh.stored.items():
        number += 1
        yield Activation(number, name, text.hash, "", at, fresh.since)


def _on_its_day(fresh: Fresh, before: Iterable[Activation], day: date) -> Text | None:
    """What is said before a problem that shows only on a later day."""
    if day == fresh.since:
        return None
    coming = sorted({one.name for one in before if one.since == day})
    return Text("{day}起“{names}”另有版本生效，届时：", "From {day}, when “{names}” changes: ").filled(
        day=day_text(day), names=", ".join(coming)
    )


# --- what is checked --------------------------------------------------------------------------------------


def _check_registers(book: _Book, after: Sequence[Activation], today: date) -> None:
    now = book.unit.rules.register
    days = sorted({book.fresh.since, *(one.since for one in after if one.since >= today)})
    coming = [book.register(in_force_on(after, day)[REGISTER].hash) for day in days]
    if any(later.rehearsal and not earlier.rehearsal for earlier, later in pairwise((now, *coming))):
        raise WrongUse(
            Text("正式机构不能改为演练模式。", "An office in use cannot be turned into a rehearsal.")
        )
    at_once = len(coming) == 1 and book.fresh.since == today
    if len({register.zone for register in (coming if at_once else (now, *coming))}) > 1:
        raise WrongUse(
            Text(
                "时区不能自预定之日起改变。请在没有预定版本时立即启用。",
                "The time zone cannot change on a day to come. Put it in force at once, with nothing dated ahead.",
            )
        )


def _check_named(book: _Book, after: Sequence[Activation], fresh: Fresh) -> None:
    register = book.whole(after, fresh.since).register
    stray = next((name for name in fresh.procedures if name not in register.procedures), None)
    if stray is not None:
        names = ", ".join(register.procedures)
        raise WrongUse(
            Text(
                f"登记册中没有程序“{stray}”，已有：{names}。请与登记它的登记册一同启用。",
                f"The register names no procedure “{stray}”; it has: {names}. Activate it together with a register that does.",
            )
        )


def _check_roles(
    book: _Book, earlier: _Whole, whole: _Whole, day: date, older: Iterable[tuple[str, str]]
) -> None:
    # A register, or a procedure that declared it, may not take away a role that a definition in use needs, be it only
    # by open matters. These know the roles of all that stays in use too.
    newest = {one.hash for one in whole.procedures.values()}
    staying = {digest for pair in older for digest in pair} - newest
    fresh = {text.hash for text in book.fresh.stored.values()}
    known = whole.roles
    kept = known | {role for digest in staying for role in book.procedure(digest).roles}
    nothing_lost = whole.register is not book.fresh.register and earlier.roles <= known
    if nothing_lost and day == book.fresh.since:
        return
    for digest in sorted((newest | staying) & fresh if nothing_lost else newest | staying):
        text = book.text(digest)
        sound_procedure(text.text, text.file, known if digest in newest else kept)


def _opened_until(
    book: _Book, after: Sequence[Activation], today: date, day: date
) -> Iterator[tuple[str, str]]:
    """Yield what cases may be pinned to that are opened from *today* until *day*: (that of the case, that of a matter)."""
    changes = sorted({today, *(one.since for one in after if today < one.since < day)})
    for earlier in changes if today < day else ():
        there = {name: one.hash for name, one in book.in_force(after, earlier).items()}
        for name, digest in there.items():
            main = book.procedure(digest) if name != REGISTER else None
            if main is None or main.borrowed is not None:
                continue
            yield digest, digest
            for kind in main.matters.values():
                if kind.procedure in there:
                    yield digest, there[kind.procedure]


def _check_older(book: _Book, before: _Whole, after: _Whole, older: Collection[tuple[str, str]]) -> None:
    """Refuse what a case of an older version could not go on with: it opens its new matters with what is in force."""
    newest = {one.hash for one in after.procedures.values()}
    hashes = {name: one.hash for name, one in before.procedures.items()}
    changed = {name for name, one in after.procedures.items() if hashes.get(name) != one.hash}
    changed |= hashes.keys() - after.procedures.keys()
    anew = before.register is not after.register and book.fresh.register is not None
    found: list[Problem] = []
    for main_hash, other_hash in sorted(older):
        if {main_hash, other_hash} <= newest:
            continue
        main, other = book.procedure(main_hash), book.procedure(other_hash)
        if main.borrowed is not None:
            continue
        meets = set(_meets(main, other))
        if not anew and not meets & changed:
            continue
        bad = _problems(book, after, main, other, meets)
        known = {_key(p) for p in _problems(book, before, main, other, meets)} if bad else set()
        said = Text(
            f"在办案件仍用旧版本{(main_hash if main is other else other_hash)[:12]}，与新版本不合：",
            f"Open cases still use version {(main_hash if main is other else other_hash)[:12]}, which this does not fit: ",
        )
        found += [replace(p, reason=_after(said, p.reason)) for p in bad if _key(p) not in known]
    if found:
        raise broken([replace(p, fix=_or_migrate(p.fix)) for p in dict.fromkeys(found)])


def _meets(main: Procedure, other: Procedure) -> Iterator[str]:
    """Yield the procedures that *main* opens matters of, or that its matter *other* asks about."""
    if main is other:
        yield from (kind.procedure for kind in main.matters.values())
    elif other.borrowed is not None:
        yield from (main.matters[kind].procedure for kind in other.borrowed.matters if kind in main.matters)


def _problems(
    book: _Book, whole: _Whole, main: Procedure, other: Procedure, meets: AbstractSet[str]
) -> tuple[Problem, ...]:
    """Return the problems of an older version among what is in force; the register's own are none of its business."""
    procedures = {name: one for name, one in whole.procedures.items() if name in meets}
    procedures |= {main.name: main, other.name: other}
    entries = dict(whole.register.procedures)
    for name, one in procedures.items():
        # What is retired goes on by the file it came from.
        entries.setdefault(name, RegisteredProcedure(name, book.text(one.hash).file))
    for kind in main.matters.values():
        # What it opens and nothing has in force is told below, once and by its name.
        entries.setdefault(kind.procedure, RegisteredProcedure(kind.procedure, kind.procedure))
    texts = {entries[name].file: book.text(one.hash).text for name, one in procedures.items()}
    found = check_together(replace(whole.register, procedures=entries), procedures, texts)
    retired = _retired(main, entries[main.name].file, texts, meets - whole.procedures.keys())
    return (*(problem for problem in found if problem.file in texts), *retired)


def _retired(
    main: Procedure, file: str, texts: Mapping[str, str], gone: Collection[str]
) -> tuple[Problem, ...]:
    """Return a problem for each kind of matter of *main* whose procedure is *gone*: a case could not open it any more."""
    page = Page.of(texts[file], file)
    for kind in main.matters.values():
        if kind.procedure in gone:
            page.problem(
                f"matters.{kind.name}.procedure", "still_opened", name=kind.procedure, main=main.title
            )
    return tuple(page.source.found)


def _key(problem: Problem) -> tuple[str, str, str]:
    return problem.file, problem.code, problem.reason.en


def _or_migrate(fix: Text) -> Text:
    return Text(
        f"{fix.zh.rstrip('。')}；或先用 anxu migrate 将在办案件转入新版本。",
        f"{fix.en.rstrip('.')}; or first take the open cases to a new version with anxu migrate.",
    )


def _told(found: Sequence[Problem], said: Text | None) -> None:
    if found:
        raise broken([replace(p, reason=_after(said, p.reason)) for p in found] if said else found)


def _after(said: Text, reason: Text) -> Text:
    return Text(said.zh + reason.zh, said.en + reason.en)


# --- one text alone ---------------------------------------------------------------------------------------


def sound_register(text: str, file: str) -> Register:
    """Return the register written in *text*. Raises BrokenDefinition with every problem."""
    read = read_register(text, file)
    if isinstance(read, Problems):
        raise broken(tuple(read))
    return read


def sound_procedure(text: str, file: str, roles: Collection[str]) -> Procedure:
    """Return the procedure written in *text*. Raises BrokenDefinition with every problem."""
    read = read_once(text, file, roles)
    if isinstance(read, Problems):
        raise broken(tuple(read))
    return read


def broken(problems: Sequence[Problem]) -> BrokenDefinition:
    """Return the error that tells all *problems*."""
    return BrokenDefinition(
        Text(
            f"定义中有{len(problems)}处问题：\n\n" + "\n\n".join(p.said("zh") for p in problems),
            f"{counted(len(problems), 'problem')} in the definition:\n\n"
            + "\n\n".join(p.said("en") for p in problems),
        ),
        tuple(problems),
    )


def is_register(text: str) -> bool:
    """Return whether *text* is that of a register."""
    return any(line.startswith("institution:") for line in text.splitlines())


def stored_text(name: str, file: str, text: str) -> StoredText:
    """Return *text* as it is kept, by its hash."""
    return StoredText(digest_of(text), name, str(PurePath(file)), text)
