"""Refusals: the sentences of a lawful no, each with what would make it possible.

Room for: one function a refusal of the core; codes stay stable for programs.
May not enter: deciding whether to refuse.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from engine.model.answers import Refusal
from engine.model.case import Case, Matter, Party
from engine.model.commands import Act, Correct, OpenCase
from engine.model.events import Event
from engine.model.guard_words import GuardWords
from engine.model.guards import Guard
from engine.model.procedure import Move, Procedure, Requirement
from engine.model.rules import Rules
from engine.text import Text


def stale_form(rules: Rules, case: Case, matter: Matter) -> Refusal:
    """Somebody moved the matter after this form was shown; says who, what and when."""
    last = case.last_moves.get(matter.id)
    who = rules.people.name(last.by) if last else "—"
    at = f"{last.at.astimezone(rules.register.zone):%Y-%m-%d %H:%M}" if last else "—"
    title = _last_title(rules, matter, last.move if last else "")
    source = _last_state(rules, matter, last.source if last else "")
    return Refusal(
        code="stale",
        reason=Text(
            f"{who}已于{at}在“{source.zh}”办理“{title.zh}”，您看到的页面已过时。",
            f"{who} did “{title.en}” in “{source.en}” at {at}; the form you saw is out of date.",
        ),
        guard="seen",
        fact=str(matter.seen),
        who=(who,),
        enables=Text("请刷新页面后再决定", "Look at the case again and decide anew"),
        matter=matter.id,
    )


def already_ended(rules: Rules, case: Case, matter: Matter) -> Refusal:
    """The matter is over."""
    title = rules.procedure_of(matter).title
    return Refusal(
        code="ended",
        reason=Text(
            f"“{title.zh}”已经结束，不能再办理。", f"“{title.en}” has ended; nothing more can be done on it."
        ),
        guard="state",
        fact=matter.outcome,
        matter=matter.id,
    )


def unknown_move(rules: Rules, case: Case, command: Act) -> Refusal:
    """No open matter of the case offers the move where it stands."""
    matters = [m for m in case.open_matters() if command.matter in (None, m.id)]
    offered = [
        move.title
        for matter in matters
        for move in rules.procedure_of(matter).states[matter.state].moves.values()
    ]
    title, known = _title_anywhere(rules, case, command.move)
    if not known:
        return Refusal(
            code="unknown_move",
            reason=Text(f"没有“{command.move}”这一步骤。", f"There is no move “{command.move}”."),
            guard="move",
            fact=command.move,
            enables=_offers(offered),
        )
    here = "、".join(_state_title(rules, m).zh for m in matters)
    here_en = ", ".join(_state_title(rules, m).en for m in matters)
    return Refusal(
        code="not_from_here",
        reason=Text(
            f"当前处于“{here}”，不能办理“{title.zh}”。", f"“{title.en}” cannot be done from “{here_en}”."
        ),
        guard="state",
        fact=", ".join(m.state for m in matters),
        enables=_offers(offered),
        matter=command.matter,
    )


def guard_failed(
    rules: Rules, case: Case, matter: Matter, move: Move, requirement: Requirement, failed: Guard
) -> Refusal:
    """A requirement of the move does not hold; names the clause in the words of the definition's own titles."""
    main = rules.main_procedure(case)
    children = {kind.name: p for kind in main.matters.values() if (p := rules.newest(kind.procedure))}
    words = GuardWords(rules.procedure_of(matter), main, children)
    said, whole = requirement.otherwise or words.said(failed), words.said(requirement.that)
    return Refusal(
        code="guard",
        reason=Text(
            f"暂不能“{move.title.zh}”：{said.zh}。", f"“{move.title.en}” is not possible yet: {said.en}."
        ),
        guard=words.said(failed).en,
        fact=getattr(failed, "fact", None) or getattr(failed, "kind", None),
        enables=Text(f"须满足：{whole.zh}", f"It takes: {whole.en}"),
        matter=matter.id,
    )


def date_in_future(on: date, today: date, matter: Matter | None) -> Refusal:
    """Nobody can record what has not happened."""
    return Refusal(
        code="DATE_IN_FUTURE",
        reason=Text(
            f"{on}晚于今天（{today}），尚未发生的事项不能录入。",
            f"{on} is after today ({today}); what has not happened cannot be recorded.",
        ),
        guard="on",
        fact=on.isoformat(),
        enables=Text("请在当日或之后录入", "Record it on that day or later"),
        matter=matter.id if matter else None,
    )


def date_out_of_order(on: date, matter: Matter) -> Refusal:
    """The act is dated before the matter came to its state."""
    return Refusal(
        code="DATE_OUT_OF_ORDER",
        reason=Text(
            f"{on}早于本事项进入当前环节的日期（{matter.entered_on}）。",
            f"{on} is before the matter came to its present state ({matter.entered_on}).",
        ),
        guard="on",
        fact=on.isoformat(),
        enables=Text(f"日期应不早于{matter.entered_on}", f"Give a date not before {matter.entered_on}"),
        matter=matter.id,
    )


def case_would_block(rules: Rules, matter: Matter, open_one: Matter) -> Refusal:
    """A matter that has to be finished first is still open."""
    title = rules.procedure_of(open_one).title
    return Refusal(
        code="matters_open",
        reason=Text(
            f"“{title.zh}”尚未办结，案件不能终结。",
            f"“{title.en}” is still open; the case cannot end before it.",
        ),
        guard="at_end",
        fact=open_one.id,
        enables=Text("请先办结该事项", "Finish that matter first"),
        matter=matter.id,
    )


def may_not_open(rules: Rules, procedure: Procedure, command: OpenCase) -> Refusal:
    """The person may not open cases of this procedure."""
    titles = [rules.register.roles.get(w.name, Text(w.name, w.name)) for w in procedure.opened_by]
    name = rules.people.name(command.by)
    return Refusal(
        code="not_yours",
        reason=Text(
            f"“{procedure.title.zh}”由{'或'.join(t.zh for t in titles)}收件立案，{name}不能办理。",
            f"A case of “{procedure.title.en}” is opened by the {' or '.join(t.en for t in titles)}; {name} may not.",
        ),
        guard="by",
        who=tuple(t.zh for t in titles),
        enables=Text("请转有权人员办理", "Ask somebody who may"),
    )


def unknown_parties(parties: Collection[Party], roles: Collection[str]) -> Refusal | None:
    """Return the Refusal of parties that cannot be: a role nobody knows, a missing name or side; else None."""
    wrong = next((p for p in parties if p.role not in roles or not p.name.strip()), None)
    if wrong is not None:
        return Refusal(
            code="bad_party",
            reason=Text(
                f"当事人“{wrong.role}:{wrong.name}”无法识别，应写作 claimant:姓名、respondent:名称或 third_party:名称。",
                f"The party “{wrong.role}:{wrong.name}” cannot be read; write claimant:NAME, respondent:NAME or third_party:NAME.",
            ),
            fact=wrong.role,
        )
    for role, zh in (("claimant", "申请人"), ("respondent", "被申请人")):
        if not any(p.role == role for p in parties):
            return Refusal(
                code="bad_party",
                reason=Text(f"缺少{zh}。", f"A case needs a {role}."),
                fact=role,
                enables=Text(f"请填写{zh}", f"Name the {role}"),
            )
    return None


def number_taken(number: str) -> Refusal:
    """Another case has this number, in this or another typing."""
    return Refusal(
        code="number_taken",
        reason=Text(f"案号“{number}”已被使用。", f"The number “{number}” is already a case's."),
        fact=number,
        enables=Text("请换一个案号，或留空由系统分配", "Choose another, or leave it to be allocated"),
    )


def unknown_event(case: Case, seq: int) -> Refusal:
    """There is no such event to correct."""
    return Refusal(
        code="unknown_event",
        reason=Text(f"本案没有第{seq}号记录。", f"The case has no event {seq}."),
        fact=str(seq),
        enables=Text(f"可更正的记录为1至{case.version}号", f"Events go from 1 to {case.version}"),
    )


def may_not_correct(rules: Rules, command: Correct) -> Refusal:
    """The person may not correct records."""
    titles = [
        rules.register.roles[role] for role in rules.register.corrected_by if role in rules.register.roles
    ]
    return Refusal(
        code="not_yours",
        reason=Text(
            f"记录更正由{'或'.join(t.zh for t in titles)}办理。",
            f"Records are corrected by the {' or '.join(t.en for t in titles)}.",
        ),
        guard="by",
        who=tuple(t.zh for t in titles),
    )


def nothing_corrected(event: Event) -> Refusal:
    """The correction names nothing that the event recorded."""
    facts = ", ".join(event.facts) or "-"
    return Refusal(
        code="nothing_corrected",
        reason=Text(
            f"第{event.seq}号记录中没有要更正的内容，可更正：{facts}。",
            f"Event {event.seq} recorded nothing of the kind; it has: {facts}.",
        ),
        fact=str(event.seq),
    )


def another_person(rules: Rules, command: Correct) -> Refusal:
    """A clock fact takes two persons: who recorded it and who corrects it."""
    name = rules.people.name(command.by)
    return Refusal(
        code="second_person",
        reason=Text(
            f"该日期影响审限且由{name}本人录入，须由另一人更正。",
            f"The date moves the clock and {name} recorded it; another person has to correct it.",
        ),
        guard="by",
        fact=command.by,
    )


def clock_needs_document() -> Refusal:
    """A clock date is corrected on a document only."""
    return Refusal(
        code="missing_document",
        reason=Text(
            "更正影响审限的日期须附文书。", "Correcting a date that moves the clock takes a document."
        ),
        enables=Text("请附上依据文书", "Attach the document it rests on"),
    )


def _offers(titles: list[Text]) -> Text:
    return Text(
        f"现在可办理：{'、'.join(t.zh for t in titles) or '无'}",
        f"Possible now: {', '.join(t.en for t in titles) or 'nothing'}",
    )


def _title_anywhere(rules: Rules, case: Case, move: str) -> tuple[Text, bool]:
    names = {rules.main_procedure(case).hash, *(m.definition for m in case.matters)}
    names |= {
        child.hash
        for kind in rules.main_procedure(case).matters.values()
        if (child := rules.newest(kind.procedure))
    }
    for name in sorted(names):
        found = rules.definitions[name].moves.get(move)
        if found:
            return found[0].title, True
    return Text(move, move), False


def _state_title(rules: Rules, matter: Matter) -> Text:
    return rules.procedure_of(matter).states[matter.state].title


def _last_title(rules: Rules, matter: Matter, move: str) -> Text:
    found = rules.procedure_of(matter).moves.get(move)
    return found[0].title if found else Text(move, move)


def _last_state(rules: Rules, matter: Matter, state: str) -> Text:
    found = rules.procedure_of(matter).states.get(state)
    return found.title if found else Text(state, state)
