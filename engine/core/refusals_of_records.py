"""Refusals of records: the sentences of a lawful no to opening a case or correcting its record.

Room for: one function a refusal; codes stay stable for programs.
May not enter: deciding whether to refuse, refusals of acts (`refusals.py`).
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from engine.core.writing import writable
from engine.model.answers import Refusal
from engine.model.case import PARTY_TITLES, Case, Party
from engine.model.commands import Correct, OpenCase
from engine.model.events import Event
from engine.model.procedure import Fact, Procedure
from engine.model.rules import Rules
from engine.text import Text, with_article

PARTY_NAME_MOST = 200


def may_not_open(rules: Rules, procedure: Procedure, command: OpenCase, today: date) -> Refusal:
    """The person may not open cases of this procedure in this office; it is said where they may *today*."""
    titles = [rules.roles.get(w.name, Text(w.name, w.name)) for w in procedure.opened_by]
    name = rules.people.name(command.by)
    why, enables = (
        Text(f"{name}不能办理", f"{name} may not"),
        Text("请转有权人员办理", "Ask somebody who may"),
    )
    if places := _elsewhere(rules, procedure, command, today):
        offices = rules.register.offices
        here, first = offices.get(command.office, Text(command.office, command.office)), places[0]
        zh = "、".join(f"{offices[place].zh}（{place}）" for place in places)
        en = " and ".join(f"{offices[place].en} ({place})" for place in places)
        why = Text(
            f"{name}在{zh}任此职，在{here.zh}（{command.office}）没有",
            f"{name} holds that role in {en}, not in {here.en} ({command.office})",
        )
        enables = Text(
            f"请在其任职地点立案（--in {first}），或转{here.zh}有权人员办理",
            f"Open it where the role is held (--in {first}), or ask somebody in {here.en} who may",
        )
    return Refusal(
        code="not_yours",
        reason=Text(
            f"“{procedure.title.zh}”由{'或'.join(t.zh for t in titles)}收件立案，{why.zh}。",
            f"A case of “{procedure.title.en}” is opened by {' or '.join(with_article(t.en) for t in titles)}; {why.en}.",
        ),
        guard="by",
        who=tuple(titles),
        enables=enables,
    )


def _elsewhere(rules: Rules, procedure: Procedure, command: OpenCase, today: date) -> list[str]:
    """Return the other offices in which that person may open a case of *procedure*."""
    openers = {who.name for who in procedure.opened_by}
    return [
        place
        for place in rules.register.offices
        if place != command.office
        and any(held.role in openers for held in rules.people.capacities(command.by, place, today))
    ]


def unknown_parties(
    parties: Collection[Party], roles: Collection[str], needed: Collection[str]
) -> Refusal | None:
    """Return the Refusal of parties that cannot be: a role nobody knows, a missing name or *needed* side; else None."""
    wrong = next((p for p in parties if p.role not in roles or not _nameable(p.name)), None)
    if wrong is not None:
        return Refusal(
            code="bad_party",
            reason=Text(
                f"当事人“{wrong.role}:{wrong.name}”无法识别，应写作 claimant:姓名、respondent:名称或 third_party:名称。",
                f"The party “{wrong.role}:{wrong.name}” cannot be read; write claimant:NAME, respondent:NAME or third_party:NAME.",
            ),
            fact=wrong.role,
        )
    lacking = next((role for role in needed if all(p.role != role for p in parties)), None)
    if lacking is None:
        return None
    title = PARTY_TITLES[lacking]
    return Refusal(
        code="bad_party",
        reason=Text(f"缺少{title.zh}。", f"A case needs {with_article(title.en)}."),
        fact=lacking,
        enables=Text(f"请填写{title.zh}", f"Name the {title.en}"),
    )


def number_taken(number: str) -> Refusal:
    """Another case has this number, in this or another typing."""
    return Refusal(
        code="number_taken",
        reason=Text(f"案号“{number}”已被使用。", f"The number “{number}” is already a case's."),
        fact=number,
        enables=Text("请换一个案号，或留空由系统分配", "Choose another, or leave it to be allocated"),
    )


def bad_number(most: int) -> Refusal:
    """The number cannot be kept or shown."""
    return Refusal(
        code="bad_number",
        reason=Text(
            f"案号含有无法使用的字符或超过{most}字。",
            f"The number has characters that cannot be used, or more than {most}.",
        ),
        fact="number",
        enables=Text("请更正案号", "Put the number right"),
    )


def unknown_event(case: Case, seq: int) -> Refusal:
    """There is no such event to correct."""
    return Refusal(
        code="unknown_event",
        reason=Text(f"本案没有第{seq}号记录。", f"The case has no event {seq}."),
        fact=str(seq),
        enables=Text(f"可更正的记录为1至{case.version}号", f"Events go from 1 to {case.version}"),
    )


def may_not_correct(rules: Rules) -> Refusal:
    """The person may not correct records."""
    titles = [rules.roles[role] for role in rules.register.corrected_by if role in rules.roles]
    return Refusal(
        code="not_yours",
        reason=Text(
            f"记录更正由{'或'.join(t.zh for t in titles)}办理。",
            f"Records are corrected by {' or '.join(with_article(t.en) for t in titles)}.",
        ),
        guard="by",
        who=tuple(titles),
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


def changed_since(event: Event, newest: int) -> Refusal:
    """A later event set the fact again, so the earlier record no longer decides anything."""
    return Refusal(
        code="changed_since",
        reason=Text(
            f"第{event.seq}号记录的该项后来已由第{newest}号记录改动。",
            f"What event {event.seq} recorded was changed later by event {newest}.",
        ),
        fact=str(newest),
        enables=Text(f"请更正第{newest}号记录", f"Correct event {newest} instead"),
    )


REASON = Text("更正理由", "Reason of the correction")


def reason_needed(title: Text = REASON) -> Refusal:
    """What a correction has to say is empty, or cannot be kept."""
    return Refusal(
        code="missing_fact",
        reason=Text(f"请填写“{title.zh}”。", f"“{title.en}” is needed."),
        fact="reason",
        enables=Text("请填写该项", "Fill it in"),
    )


def assigns_persons(fact: Fact) -> Refusal:
    """The fact gave somebody a task; who has it now is changed by a move, not by correcting a record."""
    return Refusal(
        code="assigns_persons",
        reason=Text(
            f"“{fact.title.zh}”已据以指定人员，不能以更正代替。",
            f"“{fact.title.en}” assigned persons; a correction cannot take the place of that.",
        ),
        fact=fact.name,
        enables=Text("请办理移交或更换", "Hand over or replace them by a move"),
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


def _nameable(name: str) -> bool:
    return bool(name.strip()) and len(name) <= PARTY_NAME_MOST and writable(name, lines=False)
