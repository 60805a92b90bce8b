"""Wording: cases, matters, facts, clocks and events in words, for lists and pages.

Room for: titles and sentences in both languages, lights.
May not enter: queries, HTML.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from engine.core.clocks import read
from engine.core.projection import main_reading
from engine.core.redating import COUNTED_ANEW
from engine.core.terms import StepLimit
from engine.law.clock import Reading
from engine.law.duration import Duration
from engine.law.refusals import DIRECTOR
from engine.law.terms import length_in_days
from engine.model.case import PARTY_TITLES, Case
from engine.model.events import Event
from engine.model.guards import Value
from engine.model.procedure import OPENED, Clock, Procedure
from engine.model.rules import Rules
from engine.model.targets import Layer, Target, tightest
from engine.service.pages import CaseLine, ClockLine, Colour, FactLine, Light, PartyLine, TargetLine
from engine.text import Text, day_text

LAYER_TITLES: Mapping[Layer, Text] = {
    "institution": Text("本机构目标", "target of the institution"),
    "procedure": Text("本程序目标", "target of this procedure"),
    "track": Text("本类案件目标", "target of this track"),
    "case": Text("本案目标", "target of this case"),
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
    # A stop that was let stand after expiry leaves the last day where it was, and the case overdue (K9).
    paused = reading.state == "paused" and reading.due is None
    light = light_for(rules, reading.due, today, paused=paused, latest=reading.due_latest)
    if not reading.provisional:
        return light
    word = Text("{word}（日期暂定）", "{word} (date provisional)").filled(word=light.word)
    return Light(light.colour, word, light.days_left)


def step_light(rules: Rules, case: Case, limit: StepLimit, today: date) -> Light:
    """Return the light of one step: amber on its last day and the day before (a case's ``amber_days`` would colour every short limit).

    Red only when the last day that is certainly in time is over (K20).
    """
    if limit.due is None:
        reading = main_reading(rules, case)
        return light_for(rules, None, today, paused=bool(reading and reading.state == "paused"))
    left = (limit.due - today).days
    if today > (limit.overdue_after or limit.due):
        return Light("red", _WORDS["red"], left)
    if left < 0:
        return Light("amber", Text("可能已超期（日期暂定）", "may be overdue (date provisional)"))
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
        working=working(rules, case, next(iter(procedure.clocks)), reading) if reading else None,
    )  # fmt: skip


def parties(case: Case) -> tuple[PartyLine, ...]:
    """Return the parties with their titles: claimants, respondents, third parties."""
    order = tuple(PARTY_TITLES)
    sides = sorted(case.parties, key=lambda party: order.index(party.role))
    return tuple(PartyLine(p.id, p.role, PARTY_TITLES[p.role], p.name) for p in sides)


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
            return ClockLine(
                clock.title,
                reading,
                working(rules, case, clock.name, reading),
                rules.register.cited(clock.basis),
                target_lines(rules, case, clock, reading),
                run_out(clock, reading, as_of) if as_of else None,
            )
    return None


def run_out(clock: Clock, reading: Reading, today: date) -> Text | None:
    """Return that the period is over and by how many days; None before that, and once the clock has ended."""
    if reading.due_latest is None or not reading.overdue_on(today):
        return None
    over, extended = (today - reading.due_latest).days, extension_of(clock, reading)
    limit = (
        Text("期限{n}（含延期{more}）", "the limit of {n} ({more} of it by extension)")
        if extended
        else Text("法定期限{n}", "the limit of {n}")
    ).filled(n=_length_of(clock, reading, extended).in_words(), more=extended.in_words() if extended else "")
    return Text("{limit}已满，超期{over}日", "{limit} has run out, {over} day{s} over").filled(
        limit=limit, over=over, s="" if over == 1 else "s"
    )


def target_lines(rules: Rules, case: Case, clock: Clock, reading: Reading) -> tuple[TargetLine, ...]:
    """Return the law's limit and what each layer of policy gave on day 0: which one is used, and why."""
    law = TargetLine(
        "law", Text("法定期限", "legal limit"), _with_extension(clock, reading), rules.register.cited(clock.basis), None, True,
        Text("各层目标都不能改变", "no target changes it"), reading.due,
    )  # fmt: skip
    log = case.clocks.get(clock.name)
    begun = next((f for f in reversed(log.beginnings) if f.on == reading.clock_start), None) if log else None
    if log is None or begun is None:
        return (law,)
    targets = log.targets_for(begun.seq)
    used = tightest(targets, clock.limit, begun.on)
    return (law, *(_target_line(rules, clock, target, used, begun.on, reading) for target in targets))


def _target_line(
    rules: Rules, clock: Clock, target: Target, used: Target | None, day_0: date, reading: Reading
) -> TargetLine:
    if target is used:
        why = Text("最短，按此执行", "the tightest, so it is used")
    elif length_in_days(target.length, day_0) > length_in_days(clock.limit, day_0):
        why = Text("长于法定期限，不适用", "longer than the legal limit, so it does not apply")
    else:
        why = Text("不短于所执行的目标", "no tighter than the one that is used")
    return TargetLine(
        target.layer, LAYER_TITLES[target.layer], target.length.in_words(), rules.register.cited(target.basis), target.since,
        target is used, why, reading.target_due if target is used else None,
    )  # fmt: skip


def working(rules: Rules, case: Case, clock_name: str, reading: Reading) -> Text:
    """Return in one sentence how the last day comes about: start, limit, extension, stops, roll."""
    clock = rules.main_procedure(case).clocks[clock_name]
    if reading.clock_start is None:
        return Text("审限尚未起算", "the clock has not started")
    parts = [
        Text("自{day}起算", "from {day}").filled(day=reading.clock_start),
        Text("法定{limit}", "limit {limit}").filled(limit=clock.limit.in_words()),
    ]
    if granted := extension_of(clock, reading):
        parts.append(Text("延期{n}", "extended by {n}").filled(n=granted.in_words()))
    if stopped := _stopped_days(reading):
        parts.append(Text("停{n}日", "stopped {n} day{s}").filled(n=stopped, s="" if stopped == 1 else "s"))
    if reading.state == "paused" and reading.due is None:
        parts.append(Text("现已中止，暂无届满日", "suspended now, so there is no last day"))
    if reading.due and reading.raw_due and reading.due != reading.raw_due:
        rolls = Text("末日{day}逢休息日顺延", "its last day {day} is a rest day and rolls on")
        parts.append(rolls.filled(day=reading.raw_due))
    if reading.due:
        parts.append(Text("止于{day}", "ends on {day}").filled(day=reading.due))
    if reading.state == "paused" and reading.due:
        parts.append(
            Text("届满后中止，届满日不变", "suspended after that, which leaves the last day as it is")
        )
    if reading.provisional:
        parts.append(band(reading.due_earliest, reading.due, reading.due_latest))
    return Text("，".join(part.zh for part in parts), ", ".join(part.en for part in parts))


def band(earliest: date | None, due: date | None, latest: date | None) -> Text:
    """Return what a holiday notice that is not there yet leaves open of a last day (K20)."""
    sooner, later = bool(earliest and due and earliest < due), bool(latest and latest != due)
    if sooner and later:
        return Text(
            "有关放假通知未公布，最早可能为{first}，最迟可能为{last}",
            "the holiday notice it depends on is not out yet, so it may be as early as {first} or as late as {last}",
        ).filled(first=earliest, last=latest)
    if sooner:
        return Text(
            "有关放假通知未公布，最早可能为{day}",
            "the holiday notice it depends on is not out yet, so it may be as early as {day}",
        ).filled(day=earliest)
    if later:
        return Text(
            "有关放假通知未公布，最迟可能为{day}",
            "the holiday notice it depends on is not out yet, so it may be as late as {day}",
        ).filled(day=latest)
    return Text("有关放假通知未公布，日期暂定", "provisional until the holiday notice it depends on is out")


def who_may_except(rules: Rules, clock: Clock) -> Text:
    """Return the titles of who may make exceptions on *clock*."""
    titles = [rules.roles.get(role, Text(role, role)) for role in clock.exceptions_by]
    if not titles:
        return DIRECTOR
    return Text("或".join(title.zh for title in titles), " or ".join(title.en for title in titles))


def _with_extension(clock: Clock, reading: Reading) -> Text:
    """The legal limit, with what it was extended by."""
    limit, more = clock.limit.in_words(), extension_of(clock, reading)
    if more is None:
        return limit
    return Text("{limit}（另延期{more}）", "{limit} (+ {more} by extension)").filled(
        limit=limit, more=more.in_words()
    )


def _stopped_days(reading: Reading) -> int:
    """The stopped days that moved the last day; those after it (K9) moved nothing."""
    if reading.raw_due is None or reading.clock_start is None or reading.total_length_days is None:
        return reading.stopped_days or 0
    return (reading.raw_due - reading.clock_start).days - reading.total_length_days


def extension_days(clock: Clock, reading: Reading) -> int:
    """Return by how many days the period is longer than the legal limit."""
    if reading.clock_start is None or reading.total_length_days is None:
        return 0
    return reading.total_length_days - length_in_days(clock.limit, reading.clock_start)


def extension_of(clock: Clock, reading: Reading) -> Duration | None:
    """Return by how much the period was extended, in the unit of the clock's limit; None where it was not.

    In days where what was added is no whole number of months.
    """
    added = extension_days(clock, reading)
    if not added or reading.clock_start is None:
        return None
    if clock.limit.unit == "months":
        for months in range(1, added // 28 + 1):
            longer = Duration(clock.limit.count + months, "months")
            if length_in_days(longer, reading.clock_start) == reading.total_length_days:
                return Duration(months, "months")
    return Duration(added, "days")


def _length_of(clock: Clock, reading: Reading, extended: Duration | None) -> Duration:
    """The whole period in the unit of the limit, in days where the extension is counted in another."""
    if extended is None:
        return clock.limit
    if extended.unit == clock.limit.unit:
        return Duration(clock.limit.count + extended.count, extended.unit)
    return Duration(reading.total_length_days or 0, "days")


def _migrated(rules: Rules, event: Event, procedure: Procedure) -> Text:
    """Return which version a matter goes on under, and what became of its state."""
    before = rules.definitions[event.migration["from"]]
    source, target = before.states[event.source or ""].title, procedure.states[event.target or ""].title
    said = (
        Text("“{title}”恢复按版本{new}办理", "“{title}” goes on under version {new} again")
        if "undoes" in event.migration
        else Text(
            "“{title}”由版本{old}改按版本{new}办理", "“{title}” goes on under version {new} instead of {old}"
        )
    ).filled(title=procedure.title, old=before.hash[:8], new=procedure.hash[:8])
    if source == target:
        return said
    return Text("{said}，状态“{source}”改为“{target}”", "{said}; “{source}” is now “{target}”").filled(
        said=said, source=source, target=target
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
            return procedure.on_open.title if procedure.on_open else OPENED
        if event.about is not None:
            return Text(
                f"第{event.about}号记录为期后补录，开立“{procedure.title.zh}”",
                f"entry {event.about} came late, so “{procedure.title.en}” was opened",
            )
        return Text(f"开立“{procedure.title.zh}”{whom.zh}", f"“{procedure.title.en}” opened{whom.en}")
    if event.kind == "cancelled":
        return Text(f"“{procedure.title.zh}”已取消", f"“{procedure.title.en}” cancelled")
    if event.kind == "redated":
        ours = COUNTED_ANEW.get(event.rule)
        if ours:
            return Text(f"{ours.zh}，日期改动", f"dates moved, {ours.en}")
        return Text(f"因“{event.rule}”改动日期", f"dates moved by “{event.rule}”")
    if event.kind == "migrated":
        return _migrated(rules, event, procedure)
    if event.kind == "corrected":
        return Text(
            f"更正第{event.corrects}号记录：{event.rule}", f"event {event.corrects} corrected: {event.rule}"
        )
    if event.kind == "reacted":
        target = procedure.states[event.target or ""].title
        return Text(f"自动进入“{target.zh}”", f"went on to “{target.en}” by rule")
    moves = procedure.moves.get(event.move or "")
    return moves[0].title if moves else Text(event.move or "", event.move or "")
