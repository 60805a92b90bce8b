"""Wording: cases, matters, facts, clocks and events in words, for lists and pages.

Room for: titles and sentences in both languages, lights.
May not enter: queries, HTML.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from engine.core.clocks import read
from engine.core.projection import due_of, main_reading
from engine.law.clock import Reading
from engine.model.case import Case, Matter
from engine.model.events import Event
from engine.model.guards import Value
from engine.model.procedure import Procedure
from engine.model.rules import Rules
from engine.service.pages import CaseLine, ClockLine, Colour, FactLine, Light, PartyLine
from engine.text import Text, day_text

PARTY_TITLES = {
    "claimant": Text("申请人", "claimant"),
    "respondent": Text("被申请人", "respondent"),
    "third_party": Text("第三人", "third party"),
}

_WORDS = {
    "green": Text("正常", "in time"),
    "amber": Text("临近", "soon due"),
    "red": Text("超期", "overdue"),
    "grey": Text("中止", "suspended"),
}


def light_for(
    rules: Rules, due: date | None, today: date, *, paused: bool = False, latest: date | None = None
) -> Light:
    """Return the light of something due on *due* (None: nothing limits it); red only after *latest* (K20)."""
    if paused:
        return Light("grey", _WORDS["grey"])
    if due is None:
        return Light("ended", Text("无期限", "no limit"))
    left = (due - today).days
    if today > (latest or due):
        return Light("red", _WORDS["red"], left)
    colour: Colour = "amber" if left <= rules.register.amber_days else "green"
    return Light(colour, _WORDS[colour], left)


def case_light(rules: Rules, case: Case, reading: Reading | None, today: date) -> Light:
    """Return the light of a case by its award clock."""
    if reading is None:
        return Light(
            "ended", Text("未受理" if case.open else "已结束", "not started" if case.open else "ended")
        )
    if reading.state == "ended":
        word = Text("期限内结束", "ended in time") if reading.on_time else Text("超期结束", "ended late")
        return Light("ended", word)
    light = light_for(rules, reading.due, today, paused=reading.state == "paused", latest=reading.due_latest)
    if not reading.provisional:
        return light
    word = Text("{word}（日期暂定）", "{word} (date provisional)").filled(word=light.word)
    return Light(light.colour, word, light.days_left)


def step_light(rules: Rules, case: Case, due: date | None, today: date) -> Light:
    """Return the light of one step: amber on its last day and the day before (a case's ``amber_days`` would colour every short limit)."""
    if due is None:
        reading = main_reading(rules, case)
        return light_for(rules, None, today, paused=bool(reading and reading.state == "paused"))
    left = (due - today).days
    if left < 0:
        return Light("red", _WORDS["red"], left)
    return Light("amber", _WORDS["amber"], left) if left <= 1 else Light("green", _WORDS["green"], left)


def case_line(rules: Rules, case: Case, today: date) -> CaseLine:
    """Return *case* as a list shows it."""
    procedure = rules.main_procedure(case)
    state = procedure.states[case.main.state]
    reading = main_reading(rules, case)
    handler = case.holders(procedure.handler, case.main) if procedure.handler else ()
    running = reading is not None and reading.state != "ended"
    return CaseLine(
        id=case.id, number=case.number, procedure=procedure.name, title=procedure.title,
        state=state.name, state_title=state.title, stage=state.stage, stage_title=procedure.stages[state.stage],
        parties=parties(case), light=case_light(rules, case, reading, today),
        due=reading.due if reading and running else None,
        target_due=reading.target_due if reading and running else None,
        clock=reading.state if reading else "not_started",
        opened_on=rules.day_of(case.opened_at),
        handler=tuple(rules.people.name(person) for person in handler),
        supervised=any(m.open for m in case.matters_of("supervision")),
    )  # fmt: skip


def parties(case: Case) -> tuple[PartyLine, ...]:
    """Return the parties with their titles."""
    return tuple(PartyLine(p.id, p.role, PARTY_TITLES[p.role], p.name) for p in case.parties)


def shown(rules: Rules, procedure: Procedure, name: str, value: Value) -> Text:
    """Return a fact's value in words."""
    fact = procedure.facts.get(name)
    if fact and fact.type == "choice" and str(value) in fact.choices:
        return fact.choices[str(value)]
    if isinstance(value, bool):
        return Text("是", "yes") if value else Text("否", "no")
    if isinstance(value, date):
        return day_text(value)
    if isinstance(value, tuple):
        names = [rules.people.name(person) for person in value]
        return Text("、".join(names), ", ".join(names))
    if fact and fact.type == "person":
        return Text(rules.people.name(str(value)), rules.people.name(str(value)))
    if isinstance(value, Decimal):
        return Text(f"{value:,.2f}", f"{value:,.2f}")
    return Text(str(value), str(value))


def fact_lines(rules: Rules, procedure: Procedure, facts: dict[str, Value]) -> tuple[FactLine, ...]:
    """Return known facts with titles, in the order of the definition."""
    order = {name: n for n, name in enumerate(procedure.facts)}
    names = sorted(facts, key=lambda name: order.get(name, len(order)))
    return tuple(
        FactLine(name, title_of(procedure, name), shown(rules, procedure, name, facts[name]), facts[name])
        for name in names
    )


def title_of(procedure: Procedure, fact: str) -> Text:
    """Return what a fact is called."""
    found = procedure.facts.get(fact)
    return found.title if found else Text(fact, fact)


def clock_line(rules: Rules, case: Case, as_of: date | None) -> ClockLine | None:
    """Return the award clock with its working, or None while it has not started."""
    procedure = rules.main_procedure(case)
    for clock in procedure.clocks.values():
        reading = read(rules, case, clock.name, as_of)
        if reading is not None:
            basis = case.clocks[clock.name].target_basis
            return ClockLine(
                clock.title, reading, working(rules, case, clock.name, reading), clock.basis, basis
            )
    return None


def working(rules: Rules, case: Case, clock_name: str, reading: Reading) -> Text:
    """Return in one sentence how the due date comes about: start, limit, extension, stops, roll."""
    clock = rules.main_procedure(case).clocks[clock_name]
    if reading.clock_start is None:
        return Text("审限尚未起算", "the clock has not started")
    parts = [
        Text("自{day}起算", "from {day}").filled(day=reading.clock_start),
        Text("法定{limit}", "limit {limit}").filled(limit=clock.limit.in_words()),
    ]
    if granted := _granted(case, clock_name, reading.clock_start, reading):
        parts.append(Text(f"延期{granted}日", f"extended by {granted} days"))
    if reading.stopped_days:
        parts.append(Text(f"停{reading.stopped_days}日", f"stopped {reading.stopped_days} days"))
    if reading.state == "paused":
        parts.append(Text("现已中止，暂无到期日", "suspended now, so there is no due date"))
    if reading.due and reading.raw_due and reading.due != reading.raw_due:
        rolls = Text("末日{day}逢休息日顺延", "its last day {day} is a rest day and rolls on")
        parts.append(rolls.filled(day=reading.raw_due))
    if reading.due:
        parts.append(Text("止于{day}", "ends on {day}").filled(day=reading.due))
    if reading.provisional:
        parts.append(Text("该年放假通知尚未公布，日期待定", "provisional until that year's holiday notice"))
    return Text("，".join(part.zh for part in parts), ", ".join(part.en for part in parts))


def _granted(case: Case, clock_name: str, start: date, reading: Reading) -> int:
    refused = {r.index for r in reading.refused}
    return sum(
        fact.days.count
        for index, fact in enumerate(case.clocks[clock_name].facts)
        if fact.kind == "extend" and fact.days and fact.on >= start and index not in refused
    )


def event_sentence(rules: Rules, case: Case, event: Event) -> Text:
    """Return what *event* says happened, in words."""
    procedure = rules.definitions[event.definition]
    if event.kind == "rung_fired":
        return Text(event.rung["zh"], event.rung["en"])
    if event.kind in ("case_opened", "matter_opened"):
        party = case.party(event.opened.get("party"))
        whom = Text(f"（{party.name}）", f" ({party.name})") if party else Text("", "")
        if event.kind == "case_opened":
            return Text("收件立案", "application received")
        return Text(f"开立“{procedure.title.zh}”{whom.zh}", f"“{procedure.title.en}” opened{whom.en}")
    if event.kind == "cancelled":
        return Text(f"“{procedure.title.zh}”已取消", f"“{procedure.title.en}” cancelled")
    if event.kind == "corrected":
        return Text(
            f"更正第{event.corrects}号记录：{event.rule}", f"event {event.corrects} corrected: {event.rule}"
        )
    if event.kind == "reacted":
        target = procedure.states[event.target or ""].title
        return Text(f"自动进入“{target.zh}”", f"went on to “{target.en}” by rule")
    moves = procedure.moves.get(event.move or "")
    return moves[0].title if moves else Text(event.move or "", event.move or "")


def matter_due(rules: Rules, case: Case, matter: Matter) -> date | None:
    """Return the last day of an open matter's present state; None for ended ones."""
    return due_of(rules, case, matter) if matter.open else None
