"""Second person: what one person proposed is decided by another one, and who that may be.

Room for: who counts as one with whom, the roles that approve, who takes back, the reason of a rejection, outcomes in words.
May not enter: what is proposed (`proposing.py`), how proposals are kept (`engine/store/proposals.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from engine.core.writing import on_one_line
from engine.model.answers import Refusal
from engine.model.rules import Rules
from engine.store.proposals import Proposal
from engine.text import Text

APPROVERS = ("admin", "director", "delegated_head")
"""Who may approve or reject a proposal that somebody else made."""

REASON_MOST = 500

PROPOSAL_OUTCOMES: Mapping[str | None, Text] = {
    None: Text("待批准", "awaits approval"),
    "approved": Text("已批准", "approved"),
    "rejected": Text("已驳回", "rejected"),
    "withdrawn": Text("已撤回", "withdrawn"),
}
"""How a proposal ended; None: nobody has decided yet."""


def as_one_with(rules: Rules, person: str, at: datetime) -> tuple[str, ...]:
    """Return whom *person* stands in for on that day, and who stands in for them: they count as one person."""
    day = rules.day_of(at)
    substitute = rules.people.substitute(person, day)
    return (*rules.people.stands_in_for(person, day), *((substitute,) if substitute else ()))


def may_decide(rules: Rules, proposal: Proposal, at: datetime) -> tuple[str, ...]:
    """Return the ids of everybody who may approve or reject *proposal* today, as long as it is open."""
    day = rules.day_of(at)
    held = {one for role in APPROVERS for place in rules.register.offices
            for one in rules.people.holders(role, place, day)}  # fmt: skip
    acting = held | {rules.people.substitute(one, day) or one for one in held}
    able = (one for one in acting if _approves(rules, one, at) and not _proposed(rules, proposal, one, at))
    return tuple(sorted(able)) if proposal.open else ()


def may_not_decide(rules: Rules, proposal: Proposal, by: str, at: datetime) -> Refusal | None:
    """Return a Refusal where *by* may not approve or reject *proposal*, else None.

    Whoever proposed it may not, nor whoever stands in for them or has them for a substitute, then or now. The others
    need the role of an administrator, director or delegated head, their own or that of whom they stand in for.
    """
    if refusal := decided_already(rules, proposal):
        return refusal
    if _proposed(rules, proposal, by, at):
        return _the_same(rules, proposal, by, at)
    return None if _approves(rules, by, at) else _no_approver(rules, proposal, by, at)


def may_not_withdraw(rules: Rules, proposal: Proposal, by: str, at: datetime) -> Refusal | None:
    """Return a Refusal where *by* may not take *proposal* back, else None: only the proposer may, or who stands in for them."""
    if refusal := decided_already(rules, proposal):
        return refusal
    if proposal.by in (by, *rules.people.stands_in_for(by, rules.day_of(at))):
        return None
    name = rules.people.name(proposal.by)
    return Refusal(
        code="not_proposer",
        reason=Text(
            f"第{proposal.number}号由{name}提请，只能由{name}撤回。",
            f"{name} made proposal {proposal.number}; only {name} can take it back.",
        ),
        guard="by",
        who=(name,),
        enables=Text("其他人可以驳回", "Others may reject it"),
    )


def decided_already(rules: Rules, proposal: Proposal) -> Refusal | None:
    """Return a Refusal where somebody has decided on *proposal*, else None."""
    if proposal.outcome is None:
        return None
    how = PROPOSAL_OUTCOMES[proposal.outcome]
    name = rules.people.name(proposal.decided_by)
    return Refusal(
        code="decided",
        reason=Text("第{n}号提请{how}（{name}）。", "Proposal {n} was {how} by {name}.").filled(
            n=proposal.number, how=how, name=name
        ),
        guard="proposal",
        enables=Text("如仍需要，请重新提请", "Propose it anew where it is still wanted"),
    )


def worded(reason: str) -> str:
    """Return a reason on one line. Raises WrongUse where there is none or it cannot be kept."""
    wrong = Text(
        f"驳回须写明理由，1至{REASON_MOST}字，且不能含控制字符。",
        f"A rejection needs a reason of 1 to {REASON_MOST} characters and no control characters.",
    )
    return on_one_line(reason, REASON_MOST, wrong)


def approver_titles(rules: Rules) -> Text:
    """Return the titles of the roles that approve, as far as the register has them."""
    titles = [rules.roles[role] for role in APPROVERS if role in rules.roles]
    return Text("或".join(t.zh for t in titles), " or ".join(t.en for t in titles))


def _proposed(rules: Rules, proposal: Proposal, person: str, at: datetime) -> bool:
    """Return whether *person* counts as one with whoever made *proposal*, then or now."""
    proposers = {proposal.by, *proposal.stood_in_for, *as_one_with(rules, proposal.by, at)}
    return bool(proposers & {person, *as_one_with(rules, person, at)})


def _approves(rules: Rules, person: str, at: datetime) -> bool:
    """Return whether *person* has the role for it, their own or that of whom they stand in for."""
    day, people = rules.day_of(at), rules.people
    held = {one.role for place in rules.register.offices for one in people.capacities(person, place, day)}
    return not held.isdisjoint(APPROVERS)


def _the_same(rules: Rules, proposal: Proposal, by: str, at: datetime) -> Refusal:
    name, proposer = rules.people.name(by), rules.people.name(proposal.by)
    reason = (
        Text(
            f"第{proposal.number}号由{name}本人提请，不能由本人决定。",
            f"{name} made proposal {proposal.number} and cannot decide on it.",
        )
        if by == proposal.by
        else Text(
            f"{name}与提请人{proposer}互为代行人，视为同一人，不能决定第{proposal.number}号提请。",
            f"{name} and {proposer}, who made proposal {proposal.number}, count as one person: one stands in for the other.",
        )
    )
    return Refusal(
        code="same_person",
        reason=reason,
        guard="by",
        who=_names(rules, proposal, at),
        enables=Text("请由另一人决定", "Have somebody else decide"),
    )


def _no_approver(rules: Rules, proposal: Proposal, by: str, at: datetime) -> Refusal:
    name, titles = rules.people.name(by), approver_titles(rules)
    return Refusal(
        code="role",
        reason=Text(
            f"{name}不是{titles.zh}，不能决定提请。",
            f"{name} is no {titles.en} and cannot decide on proposals.",
        ),
        guard="by",
        who=_names(rules, proposal, at),
        enables=Text(f"请由{titles.zh}决定", f"Have the {titles.en} decide"),
    )


def _names(rules: Rules, proposal: Proposal, at: datetime) -> tuple[str, ...]:
    return tuple(rules.people.name(one) for one in may_decide(rules, proposal, at))
