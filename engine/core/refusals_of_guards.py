"""Refusals of guards: the sentences of a no that a requirement of the definition stands behind.

Room for: what does not hold in the words of the definition, and what it waits for.
May not enter: deciding whether a guard holds (`engine/model/guards.py`), its words (`engine/model/guard_words.py`).
"""

from __future__ import annotations

from datetime import date

from engine.core.authority import persons_of
from engine.core.naming import role_title
from engine.model.answers import Clause, Refusal
from engine.model.case import Case, Matter
from engine.model.guard_words import GuardWords
from engine.model.guards import Guard, MatterIs, NoMatterOpen, Not, Situation, failed_clause, literals
from engine.model.procedure import Move, Requirement
from engine.model.rules import Rules
from engine.text import Text

NAMED_MOST = 6
"""So many persons are named whom a matter waits for; beyond that their role is."""


def guard_failed(
    rules: Rules, case: Case, matter: Matter, move: Move, requirement: Requirement, now: Situation, today: date
) -> Refusal:  # fmt: skip
    """A requirement of the move does not hold *now*; names what fails in the words of the definition's own titles.

    Of a matter that has to end first it says that it is still open, and who is awaited on it *today*.
    """
    main = rules.main_procedure(case)
    words = GuardWords(rules.procedure_of(matter), main, rules.matters_of(main))
    failed = failed_clause(requirement.that, now) or requirement.that
    open_one = _still_open(case, failed)
    waits = _must_end_first(rules, case, open_one, today) if open_one else None
    clause, whole = words.said(failed), words.said(requirement.that)
    why = requirement.otherwise or waits
    title, parts = move.title, tuple(literals(requirement.that))
    return Refusal(
        code="guard",
        reason=Text(f"暂不能“{title.zh}”：{why.zh}。", f"“{title.en}” is not possible yet: {why.en}.")
        if why
        else Text(f"暂不能“{title.zh}”：须{clause.zh}。", f"“{title.en}” is possible only if {clause.en}."),
        guard=clause.en,
        fact=getattr(failed, "fact", None) or getattr(failed, "kind", None),
        enables=_enables(requirement, failed, waits, whole),
        matter=matter.id,
        clauses=tuple(Clause(words.said(part), part.holds(now)) for part in parts) if len(parts) > 1 else (),
    )


def _enables(requirement: Requirement, failed: Guard, waits: Text | None, whole: Text) -> Text | None:
    """What the reason has not said yet; None where it has said everything."""
    if requirement.otherwise is not None:
        told = waits or Text(f"须满足：{whole.zh}", f"It takes: {whole.en}")
        return None if requirement.otherwise == whole else told
    if failed == requirement.that:
        return None
    return Text(f"须满足：{whole.zh}", f"It takes: {whole.en}")


def _still_open(case: Case, failed: Guard) -> Matter | None:
    """Return the open matter that keeps the clause from holding; None where the clause asks something else."""
    match failed:
        case NoMatterOpen(kind=kind) | Not(part=MatterIs(kind=kind, outcome="open")):
            return next((one for one in case.matters_of(kind) if one.open), None)
    return None


def _must_end_first(rules: Rules, case: Case, open_one: Matter, today: date) -> Text:
    procedure = rules.procedure_of(open_one)
    title, state = procedure.title, procedure.states[open_one.state]
    roles = [role_title(rules, case, open_one, who) for who in state.awaits]
    names = dict.fromkeys(
        rules.people.name(person)
        for who in state.awaits
        for person in persons_of(rules, case, open_one, who, today)
    )
    awaited = (
        Text("、".join(names), ", ".join(names))
        if 0 < len(names) <= NAMED_MOST
        else Text("或".join(t.zh for t in roles), " or ".join(t.en for t in roles))
    )
    if not awaited.zh:
        return Text(f"“{title.zh}”尚在办理，须先办结", f"“{title.en}” is still open and must end first")
    return Text(
        f"“{title.zh}”尚在办理（待{awaited.zh}处理），须先办结",
        f"“{title.en}” is still open, awaiting {awaited.en}, and must end first",
    )
