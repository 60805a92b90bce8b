"""Acting: open a case, act on it, correct it: load, settle, decide, save, in one commit.

Room for: the shell around `core.decide`: request keys, documents, numbers, bounded retry.
May not enter: whether an act is allowed.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

from engine.core.decide import decide
from engine.core.forms import named_in
from engine.core.refusals_of_records import bad_number, number_taken
from engine.core.settling import settle
from engine.core.writing import writable
from engine.errors import KeyReused, UnknownName, WrongUse
from engine.language.problem import listed, not_known
from engine.model.answers import Decision, Refusal
from engine.model.case import Case, Matter, Party
from engine.model.commands import Act, Correct, OpenCase
from engine.model.events import Event
from engine.model.register import Register, RegisteredProcedure
from engine.model.rules import Rules
from engine.service import setting_back
from engine.service.office import Office, Unit
from engine.service.pages import Done
from engine.service.persisting import Promise, persisted
from engine.service.places import known_place
from engine.service.reprojecting import caught_up
from engine.service.staff import known_person
from engine.store.changed_rows import Saving
from engine.store.documents import Attachment
from engine.store.faults import changed_meanwhile
from engine.store.request import Request
from engine.text import Text

QUICK_TRIES = 8
"""How often an act is decided on an unlocked look before it takes a transaction of its own."""

NUMBER_MOST = 120
KEY_MOST = 120


def open_case(
    office: Office, at: datetime, procedure: str, by: str, *, parties: Sequence[Party], facts: Mapping[str, str],
    documents: Sequence[Attachment], number: str | None, office_name: str | None = None, on: date | None,
    key: str | None, channel: str,
) -> Done | Refusal:  # fmt: skip
    """Open a case; see `Engine.open_case`."""
    asked = [
        "open",
        procedure,
        by,
        [[p.role, p.name] for p in parties],
        sorted(facts.items()),
        number,
        str(on or ""),
        # Only where given: what was asked without it before keeps its fingerprint.
        *([["office", office_name]] if office_name else []),
    ]
    fingerprint = _fingerprint(asked, documents)
    promise: Promise[Done | Refusal] = Promise(bool(key))
    # Chosen once, so that a second attempt collides with a first one that came through after all.
    id = office.new_id()

    def attempt() -> Done | Refusal:
        with office.writing(at) as unit:
            if key and (done := _answered(unit, key, fingerprint)):
                return done
            known_person(unit.rules, by)
            register = unit.rules.register
            place = office_name or next(iter(register.offices))
            known_place(register, place)
            entry = _entry(register, procedure)
            given = (
                number.strip()
                if number and number.strip()
                else _allocated(unit, entry, on or unit.rules.day_of(at))
            )
            if not writable(given, lines=False) or len(given) > NUMBER_MOST:
                return bad_number(NUMBER_MOST)
            if unit.cases.number_taken(given):
                return number_taken(given)
            opened = unit.rules.in_force.get(procedure)
            command = OpenCase(
                procedure, by, id, office.institution, place, given, _numbered(parties), facts,
                _digests(documents), on, channel, _cases_named(unit, {opened} if opened else (), facts),
            )  # fmt: skip
            decision = decide(unit.rules, None, command, at)
            if isinstance(decision, Refusal):
                unit.give_up()
                return decision
            done = _saved(unit, None, decision, documents, at, key, fingerprint, len(decision.events))
            return promise.of(id, decision.events[-1], done)

    return persisted(office, attempt, promise)


def act(
    office: Office, at: datetime, case: str, move: str, by: str, *, matter: str | None, facts: Mapping[str, str],
    documents: Sequence[Attachment], seen: int | None, on: date | None, key: str | None, channel: str,
    override: str = "",
) -> Done | Refusal:  # fmt: skip
    """Do a move; see `Engine.act`."""
    command = Act(move, by, matter, facts, _digests(documents), seen, on, channel, override)
    asked = ["act", move, by, matter, sorted(facts.items()), str(on or ""), *([override] if override else [])]
    return _on_case(office, at, case, command, documents, key, _fingerprint(asked, documents))


def correct(
    office: Office, at: datetime, case: str, event: int, by: str, *, reason: str, facts: Mapping[str, str],
    documents: Sequence[Attachment], on: date | None, key: str | None, channel: str,
) -> Done | Refusal:  # fmt: skip
    """Supersede what an event recorded; see `Engine.correct`."""
    command = Correct(event, by, reason, facts, on, _digests(documents), channel)
    asked = ["correct", event, by, reason, sorted(facts.items()), str(on or "")]
    return _on_case(office, at, case, command, documents, key, _fingerprint(asked, documents))


def _on_case(
    office: Office, at: datetime, named: str, command: Act | Correct, documents: Sequence[Attachment],
    key: str | None, fingerprint: str,
) -> Done | Refusal:  # fmt: skip
    promise: Promise[Done | Refusal] = Promise(bool(key))
    quick = iter(range(QUICK_TRIES if isinstance(command, Act) and not documents else 0))

    def attempt() -> Done | Refusal:
        if next(quick, None) is not None:
            assert isinstance(command, Act)
            if answer := _quickly(office, at, named, command, key, fingerprint, promise):
                return answer
        with office.writing(at) as unit:
            before = unit.cases.find(named)
            if key and (done := _answered(unit, key, fingerprint, before.id)):
                return done
            known_person(unit.rules, command.by)
            before = caught_up(unit, before, at)
            settled = settle(unit.rules, before, at)
            case = settled.case if settled else before
            history = unit.cases.history(before.id) if isinstance(command, Correct) else ()
            # What is corrected may have been recorded in a matter that is over.
            matters = case.open_matters() if isinstance(command, Act) else case.matters
            named_in_facts = _cases_named(unit, _definitions_of(matters), command.facts)
            decision = decide(unit.rules, case, replace(command, cases=named_in_facts), at, history)
            if isinstance(decision, Refusal):
                unit.give_up()
                return decision
            count = len(decision.events)
            whole = _joined(settled, decision) if settled else decision
            done = _saved(unit, before, whole, documents, at, key, fingerprint, count)
            if settled:
                unit.setbacks.clear([before.id])
            return promise.of(before.id, whole.events[-1], done)

    return persisted(office, attempt, promise)


def _quickly(
    office: Office, at: datetime, named: str, command: Act, key: str | None, fingerprint: str,
    promise: Promise[Done | Refusal],
) -> Done | Refusal | None:  # fmt: skip
    """Decide on a look without a lock, then write if nothing has changed since: two steps to the database in all.

    None where more has to be asked of the database than the look says. Raises Conflict where somebody else was faster.
    """
    if key:
        _check_key(key)
    with office.glancing() as tuned:
        look = tuned.look(named, key)
        if look is None or look.request:
            return None
        # Whoever has a connection here and asked for a second one would wait for others who do the same.
        if (held := office.still_held(look.editions, at)) is None:
            return None
        rules, before = held.rules, look.glimpse.case
        if not held.followed:
            return None
        known_person(rules, command.by)
        settled = settle(rules, before, at)
        case = settled.case if settled else before
        if _case_facts_among(command.facts, rules, _definitions_of(case.open_matters())):
            return None
        decision = decide(rules, case, command, at)
        if isinstance(decision, Refusal):
            return decision
        whole = _joined(settled, decision) if settled else decision
        saving = Saving(look.glimpse, whole, _request(decision, key, fingerprint))
        done = promise.of(before.id, whole.events[-1], _done(decision.case, decision.events))
        with office.struck(tuned):
            written = tuned.write([saving], held.edition)
    if not written:
        raise changed_meanwhile()
    if settled:
        setting_back.forget(office, before.id)
    return done


def _cases_named(unit: Unit, definitions: Iterable[str], facts: Mapping[str, str]) -> dict[str, str]:
    """Return the cases that *facts* name in any of *definitions*, as typed -> number, without those that are not there."""
    naming = _case_facts_among(facts, unit.rules, definitions)
    typed = {named for name in naming for named in named_in(facts[name])}
    return {named: number for named in typed if (number := unit.cases.number_named(named))}


def _case_facts_among(facts: Mapping[str, str], rules: Rules, definitions: Iterable[str]) -> frozenset[str]:
    """Return which of *facts* name other cases in any of *definitions*."""
    if not facts:
        return frozenset()
    return frozenset(name for one in definitions for name in rules.once(_case_facts, one) & facts.keys())


def _case_facts(rules: Rules, definition: str) -> frozenset[str]:
    facts = rules.definitions[definition].facts.values()
    return frozenset(fact.name for fact in facts if fact.type == "cases")


def _definitions_of(matters: Iterable[Matter]) -> set[str]:
    return {matter.definition for matter in matters}


def _saved(
    unit: Unit, before: Case | None, decision: Decision, documents: Sequence[Attachment], at: datetime,
    key: str | None, fingerprint: str, count: int,
) -> Done:  # fmt: skip
    first = decision.events[-count]
    own = replace(decision, events=decision.events[-count:])
    unit.cases.save(before, decision, _request(own, key, fingerprint))
    for attachment in documents:
        unit.documents.keep(attachment, decision.case.id, first.matter, first.seq, at)
    return _done(decision.case, decision.events[-count:])


def _request(decision: Decision, key: str | None, fingerprint: str) -> Request | None:
    first, last = decision.events[0], decision.events[-1]
    return Request(key, decision.case.id, fingerprint, first.seq, last.seq) if key else None


def _joined(settled: Decision, decision: Decision) -> Decision:
    return replace(
        decision, events=(*settled.events, *decision.events), notices=(*settled.notices, *decision.notices)
    )


def _check_key(key: str) -> None:
    if not writable(key, lines=False) or len(key) > KEY_MOST:
        raise WrongUse(
            Text(
                f"请求键最多{KEY_MOST}字，且不能含控制字符。",
                f"A request key has at most {KEY_MOST} characters and no control characters.",
            )
        )


def _answered(unit: Unit, key: str, fingerprint: str, case: str | None = None) -> Done | None:
    _check_key(key)
    request = unit.cases.request(key)
    if request is None:
        return None
    if request.fingerprint != fingerprint or case not in (None, request.case):
        raise KeyReused(
            Text(
                f"请求键“{key}”已用于另一请求。请换一个键。",
                f"The request key “{key}” was used for another request. Use a new one.",
            )
        )
    events = unit.cases.events(request.case, request.first, request.last)
    return replace(_done(unit.cases.get(request.case), events), again=True)


def _done(case: Case, events: tuple[Event, ...]) -> Done:
    first = events[0]
    return Done(case.id, case.number, first.seq, first.matter, first.source, first.target, events)


def _entry(register: Register, procedure: str) -> RegisteredProcedure:
    if procedure not in register.procedures:
        # Those that have numbers are what cases are opened under; the others are procedures of matters.
        opened = [entry.name for entry in register.procedures.values() if entry.number is not None]
        none = Text(f"没有程序“{procedure}”", f"There is no procedure “{procedure}”")
        said, known = not_known(none, procedure, opened), listed(opened)
        raise UnknownName(
            Text(f"{said.zh}可立案的程序：{known.zh}。", f"{said.en} Cases are opened under: {known.en}.")
        )
    return register.procedures[procedure]


def _allocated(unit: Unit, entry: RegisteredProcedure, day: date) -> str:
    if entry.series is None or entry.number is None:
        raise WrongUse(
            Text(
                f"程序“{entry.name}”没有案号规则，请用 --number 指定。",
                f"Procedure “{entry.name}” has no case numbers; give one with --number.",
            )
        )
    while True:
        number = entry.number.format(year=day.year, n=unit.next_number(entry.series, day.year))
        # A number somebody chose by hand is skipped: gaps are allowed, doubles are not.
        if not unit.cases.number_taken(number):
            return number


def _numbered(parties: Sequence[Party]) -> tuple[Party, ...]:
    return tuple(Party(f"p{n}", party.role, party.name.strip()) for n, party in enumerate(parties, 1))


def _digests(documents: Sequence[Attachment]) -> dict[str, str]:
    return {attachment.kind: attachment.digest for attachment in documents}


def _fingerprint(asked: Sequence[object], documents: Sequence[Attachment]) -> str:
    whole = [*asked, sorted(_digests(documents).items())]
    return hashlib.sha256(_JSON(whole).encode("utf-8", "surrogatepass")).hexdigest()


_JSON = json.JSONEncoder(ensure_ascii=False).encode


def new_id() -> str:
    """Return an id that no other case has."""
    return secrets.token_hex(8)
