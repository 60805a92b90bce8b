"""Proposing: in an office in use one person proposes what is to come into force, and another one approves it.

Room for: proposals of definitions and registers from the first check to their outcome, and what is in force since when.
May not enter: what texts have to fit (`fitting.py`), who may decide (`second_person.py`), their impact (`impact.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import TypeVar

from engine.errors import AnxuError, BrokenDefinition, UnknownName, WrongUse
from engine.model.answers import Refusal
from engine.service.activation import EARLIER, Signed, all_followed, day_from, prepared, put
from engine.service.fitting import REGISTER_TITLE, Fresh, check_fits, fresh_of
from engine.service.impact import impact_of
from engine.service.migration_proposals import proposal_text
from engine.service.office import Office, Unit, in_force_beside_register
from engine.service.persisting import begun, retried
from engine.service.proposal_pages import (
    ActivationLine,
    Approved,
    DefinitionsPage,
    OpenMigration,
    ProposalPage,
    TextImpact,
)
from engine.service.reprojecting import follow
from engine.service.second_person import (
    as_one_with,
    may_decide,
    may_not_decide,
    may_not_withdraw,
    worded,
)
from engine.service.staff import known_person
from engine.store.definitions import REGISTER, Activation, StoredText, digest_of, in_force_on, replaced_on
from engine.store.proposals import Proposal
from engine.text import Text, day_text

T = TypeVar("T")

DECIDED_MOST = 20
"""How many of the decided proposals are shown."""


def propose(
    office: Office, at: datetime, texts: Mapping[str, str], by: str, since: date | None
) -> ProposalPage:
    """Write down that *by* proposes *texts*; see `Engine.propose`."""

    def attempt() -> ProposalPage:
        with office.writing(at) as unit:
            known_person(unit.rules, by)
            if not texts:
                raise WrongUse(Text("没有给出要启用的文件。", "No file to put into force is given."))
            day = day_from(unit, since, at)
            fresh = fresh_of(unit, prepared(unit, texts, day), day)
            check_fits(unit, fresh, unit.rules.day_of(at))
            impact = impact_of(unit, fresh)
            last = unit.definitions.last()
            if all(one.unchanged for one in impact):
                name = unit.rules.people.name(by)
                return ProposalPage(None, by, name, at, since, fresh.since, impact, last, last)
            payload = {
                "since": since.isoformat() if since else None,
                "ground": last,
                "against": {one.name: one.before for one in impact},
                "texts": [
                    {
                        "name": one.name,
                        "title": [fresh.title(one.name).zh, fresh.title(one.name).en],
                        "file": one.file,
                        "hash": one.hash,
                        "text": one.text,
                    }
                    for one in fresh.stored.values()
                ],
            }
            made = unit.proposals.propose("activate", payload, by, at, as_one_with(unit.rules, by, at))
            return _page(unit, made, at, whole=False)

    return retried(attempt)


def approve(
    office: Office, at: datetime, number: int, by: str, seen: int | None = None
) -> Approved | Refusal:
    """Put a proposal into force by a second person; see `Engine.approve`."""

    def work(unit: Unit, proposal: Proposal) -> Approved | Refusal:
        all_followed(unit)
        if refusal := may_not_decide(unit.rules, proposal, by, at):
            return refusal
        if refusal := _sound(proposal) or _moved_ground(unit, proposal, seen):
            return refusal
        fresh = _fresh(unit, proposal, at)
        check_fits(unit, fresh, unit.rules.day_of(at))
        asked = _asked(proposal)
        done = put(unit, fresh, Signed(proposal.by, by, number), at)
        unit.proposals.decide(number, "approved", by, at)
        page = _page(unit, _there(unit, number), at, whole=False)
        return Approved(page, done, late=asked is not None and asked < fresh.since)

    # What is armed is made anew with a register: what a calendar load moved must have been told before.
    with begun(EARLIER):
        follow(office, at)
    return _decided(office, at, number, by, work)


def reject(office: Office, at: datetime, number: int, by: str, reason: str) -> ProposalPage | Refusal:
    """Turn a proposal down, saying why; see `Engine.reject`."""
    why = worded(reason)

    def work(unit: Unit, proposal: Proposal) -> ProposalPage | Refusal:
        if refusal := may_not_decide(unit.rules, proposal, by, at):
            return refusal
        unit.proposals.decide(number, "rejected", by, at, why)
        return _page(unit, _there(unit, number), at)

    return _decided(office, at, number, by, work)


def withdraw(office: Office, at: datetime, number: int, by: str) -> ProposalPage | Refusal:
    """Take a proposal back; see `Engine.withdraw`."""

    def work(unit: Unit, proposal: Proposal) -> ProposalPage | Refusal:
        if refusal := may_not_withdraw(unit.rules, proposal, by, at):
            return refusal
        unit.proposals.decide(number, "withdrawn", by, at)
        return _page(unit, _there(unit, number), at)

    return _decided(office, at, number, by, work)


def proposal(office: Office, at: datetime, number: int) -> ProposalPage:
    """Return one proposal with what it would do today. Raises UnknownName."""
    with office.reading(at) as unit:
        return _page(unit, _there(unit, number), at)


def definitions_page(office: Office, at: datetime) -> DefinitionsPage:
    """Return what is in force and coming, and the proposals."""
    with office.reading(at) as unit:
        today = unit.rules.day_of(at)
        activations = unit.definitions.activations()
        in_force = in_force_on(activations, today)
        named = [REGISTER, *unit.rules.register.procedures]
        later = sorted(_still_coming(unit, activations, today), key=lambda one: (one.since, one.number))
        found = unit.proposals.all("activate")
        decided = [one for one in found if not one.open][::-1][:DECIDED_MOST]
        return DefinitionsPage(
            today,
            unit.rules.register.rehearsal,
            tuple(_line(unit, activations, in_force[name]) for name in named if name in in_force),
            tuple(_line(unit, activations, one) for one in later),
            tuple(_page(unit, one, at, whole=False) for one in found if one.open),
            tuple(_page(unit, one, at, whole=False) for one in decided),
            tuple(
                OpenMigration(
                    one.number, unit.rules.people.name(one.by), one.at, proposal_text(unit.rules, one)
                )
                for one in unit.proposals.all("migrate", open_only=True)
            ),
        )


# --- one proposal -----------------------------------------------------------------------------------------


def _decided(
    office: Office, at: datetime, number: int, by: str, work: Callable[[Unit, Proposal], T | Refusal]
) -> T | Refusal:
    def attempt() -> T | Refusal:
        with office.writing(at, alone=True) as unit:
            known_person(unit.rules, by)
            answer = work(unit, _there(unit, number))
            if isinstance(answer, Refusal):
                unit.give_up()
            return answer

    return retried(attempt)


def _there(unit: Unit, number: int) -> Proposal:
    found = unit.proposals.get(number)
    if found is None:
        raise UnknownName(
            Text(
                f"没有第{number}号提请。请用 anxu activate --list 查看。",
                f"There is no proposal {number}. See anxu activate --list.",
            )
        )
    if found.kind != "activate":
        raise UnknownName(
            Text(
                f"第{number}号提请不是启用定义，而是在办案件转版。请用 anxu migrate。",
                f"Proposal {number} is not about putting definitions into force but about open cases. Use anxu migrate.",
            )
        )
    return found


def _asked(proposal: Proposal) -> date | None:
    since = proposal.payload["since"]
    return date.fromisoformat(since) if since else None


def _texts(proposal: Proposal) -> tuple[StoredText, ...]:
    return tuple(
        StoredText(one["hash"], one["name"], one["file"], one["text"]) for one in proposal.payload["texts"]
    )


def _fresh(unit: Unit, proposal: Proposal, at: datetime) -> Fresh:
    today = unit.rules.day_of(at)
    since = max(_asked(proposal) or today, today)
    return fresh_of(unit, {one.file: one.text for one in _texts(proposal)}, since)


def _sound(proposal: Proposal) -> Refusal | None:
    bad = next((one for one in _texts(proposal) if digest_of(one.text) != one.hash), None)
    if bad is None:
        return None
    return Refusal(
        code="changed_text",
        reason=Text(
            f"第{proposal.number}号提请中“{bad.name}”的文本与其校验值不符，不能批准。",
            f"In proposal {proposal.number} the text of “{bad.name}” is not what its hash says; it cannot be approved.",
        ),
        guard="proposal",
        enables=Text("请驳回并重新提请，并联系管理员核查", "Reject it, propose it anew, and have an administrator look into it"),
    )  # fmt: skip


def _moved_ground(unit: Unit, proposal: Proposal, seen: int | None) -> Refusal | None:
    """Refuse to approve against other ground than that which the second person has looked at."""
    last, ground = unit.definitions.last(), proposal.payload["ground"]
    if seen is not None and not 0 < seen <= last:
        raise WrongUse(
            Text(
                f"没有第{seen}次启用，最近一次是第{last}次。",
                f"There is no activation {seen}; the last one is {last}.",
            )
        )
    if last == (ground if seen is None else seen):
        return None
    activations = unit.definitions.activations()
    since = ground if seen is None else seen
    lines = [_line(unit, activations, one) for one in activations if one.number > since]
    return Refusal(
        code="ground_moved",
        reason=Text(
            f"第{proposal.number}号提请之后又有启用：{'；'.join(_said(one).zh for one in lines)}。",
            f"Since proposal {proposal.number} was made, this was put into force: {'; '.join(_said(one).en for one in lines)}.",
        ),
        guard="ground",
        enables=Text(
            f"请重新查看其影响（anxu activate --show {proposal.number}），再以 --seen {last} 批准",
            f"Look at its impact again (anxu activate --show {proposal.number}), then approve with --seen {last}",
        ),
    )


def _said(line: ActivationLine) -> Text:
    second = (
        Text(f"、{line.approved_by}批准", f", approved by {line.approved_by}")
        if line.approved_by
        else Text("", "")
    )
    return Text("{title}自{since}起（{by}提请{second}）", "{title} from {since} (by {by}{second})").filled(
        title=line.title, since=day_text(line.since), by=line.by, second=second
    )


def _page(unit: Unit, proposal: Proposal, at: datetime, *, whole: bool = True) -> ProposalPage:
    """Return a proposal as it stands today; *whole*: also whether it fits, or how a decided one differed, which take time."""
    rules, activations = unit.rules, unit.definitions.activations()
    ground, today = proposal.payload["ground"], unit.rules.day_of(at)
    page = ProposalPage(
        proposal.number, proposal.by, rules.people.name(proposal.by), proposal.at, _asked(proposal),
        max(_asked(proposal) or today, today), (), ground, unit.definitions.last(), outcome=proposal.outcome,
        decided_by=rules.people.name(proposal.decided_by), decided_at=proposal.decided_at, reason=proposal.reason,
    )  # fmt: skip
    if not proposal.open:
        return _as_decided(unit, page, proposal, activations, whole)
    later = tuple(_line(unit, activations, one) for one in activations if one.number > ground)
    deciders = may_decide(rules, proposal, at)
    who = tuple(rules.people.name(one) for one in deciders)
    page = replace(page, later=later, deciders=deciders, who=who)
    try:
        fresh = _fresh(unit, proposal, at)
        page = replace(page, texts=impact_of(unit, fresh))
        if whole:
            check_fits(unit, fresh, today)
    except (BrokenDefinition, WrongUse) as error:
        return replace(page, trouble=error.sentence)
    bad = _sound(proposal)
    return replace(page, trouble=bad.reason) if bad else page


def _as_decided(
    unit: Unit, page: ProposalPage, proposal: Proposal, activations: Sequence[Activation], whole: bool
) -> ProposalPage:
    mine = [one for one in activations if one.proposal == proposal.number]
    decided = proposal.decided_at or proposal.at
    since = mine[0].since if mine else page.asked or unit.rules.day_of(decided)
    against: Mapping[str, str | None] = proposal.payload["against"]
    texts = tuple(
        TextImpact(
            one["name"], Text(*one["title"]), one["file"], one["hash"], against.get(one["name"]), (), ()
        )
        for one in proposal.payload["texts"]
    )
    page = replace(page, since=since, texts=texts)
    if not whole:
        return page
    try:
        fresh = fresh_of(unit, {one.file: one.text for one in _texts(proposal)}, unit.rules.day_of(decided))
        return replace(page, texts=impact_of(unit, fresh, against))
    except AnxuError as error:
        # What was decided long ago may speak a language that this program does not read any more.
        return replace(page, trouble=error.sentence)


# --- activations ------------------------------------------------------------------------------------------


def _still_coming(unit: Unit, activations: Sequence[Activation], today: date) -> Iterator[Activation]:
    """Yield what is dated ahead and will be in force on its day: nothing displaced by another one, or retired by then."""
    for one in activations:
        if one.since > today:
            there = in_force_beside_register(unit, one.since).get(one.name)
            if there is not None and there.number == one.number:
                yield one


def _line(unit: Unit, activations: Sequence[Activation], one: Activation) -> ActivationLine:
    name = unit.rules.people.name
    return ActivationLine(
        one.number, one.name, _title(unit, one.name, one.hash), one.hash, one.since,
        replaced_on(activations, one.name, one.since), one.at, name(one.by), name(one.approved_by), one.proposal,
    )  # fmt: skip


def _title(unit: Unit, name: str, digest: str) -> Text:
    if name == REGISTER:
        return REGISTER_TITLE
    known = unit.rules.definitions.get(digest)
    return known.title if known else Text(f"“{name}”", f"“{name}”")
