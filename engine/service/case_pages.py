"""Case pages: everything one case shows to one person.

Room for: matters, levels, actions with their forms, the timeline, the drawing.
May not enter: lists over cases (`queues.py`), HTML.
"""

from __future__ import annotations

from datetime import date, datetime

from engine.core.authority import awaited, persons_of
from engine.core.clocks import Clocks
from engine.core.decide import consider
from engine.core.naming import role_title
from engine.core.rungs import last_fired, superseded
from engine.core.terms import StepLimit, limit_of
from engine.errors import UnknownName, WrongUse
from engine.model.answers import Refusal
from engine.model.case import Case, Matter
from engine.model.events import Event
from engine.model.people import Capacity
from engine.model.procedure import ACT_DATE, Fact, Move
from engine.model.rules import Rules
from engine.service.backlog import backlog_of
from engine.service.batches import LATE
from engine.service.count_sheets import incident_warnings
from engine.service.event_notes import notes_of
from engine.service.late_entries import LateEntry, late_entries
from engine.service.level_lines import draft_in_by, level_lines
from engine.service.looking_back import looked_at_on, standing_on
from engine.service.office import Office, Unit
from engine.service.pages import (
    ActionLine,
    CasePage,
    DocumentLine,
    EventLine,
    FieldLine,
    MatterLine,
    TodoLine,
)
from engine.service.staff import known_person
from engine.service.term_wording import step_earliest, step_working, term_lines
from engine.service.wording import (
    case_line,
    clock_line,
    event_sentence,
    fact_lines,
    parties,
    step_light,
)
from engine.store.documents import Attachment
from engine.text import Language, Text, day_text


def actions(office: Office, at: datetime, named: str, by: str) -> tuple[ActionLine, ...]:
    """Return every move from where the case's open matters stand, possible or refused."""
    with office.reading() as unit:
        case = unit.cases.find(named)
        known_person(unit.rules, by)
        return action_lines(unit.rules, case, by, at)


def case_page(office: Office, at: datetime, named: str, by: str | None, as_of: date | None) -> CasePage:
    """Return the page of a case; with *as_of* the case as its events stood at the end of that day.

    Raises WrongUse for a day to come.
    """
    with office.reading() as unit:
        rules = unit.rules
        case = unit.cases.find(named)
        if by is not None:
            known_person(rules, by)
        events = unit.cases.history(case.id)
        today = looked_at_on(rules, at, as_of, events)
        if as_of is not None:
            case, events = standing_on(rules, case, events, as_of)
        clocks = Clocks(rules, case)
        return CasePage(
            line=case_line(rules, case, today),
            version=case.version,
            definition=case.main.definition,
            office=case.office,
            clock=clock_line(rules, case, today),
            matters=tuple(
                _matter_line(rules, case, matter, events, today, clocks) for matter in case.matters
            ),
            facts=fact_lines(rules, rules.main_procedure(case), dict(case.main.facts)),
            todos=todo_lines(rules, case, today, clocks),
            actions=action_lines(rules, case, by, at) if by and as_of is None else (),
            events=_timeline(rules, case, events),
            documents=_documents(unit, case),
            incidents=incident_warnings(unit, case.id),
            backlog=backlog_of(unit, case, today),
        )


def history(office: Office, named: str) -> tuple[Event, ...]:
    """Return the events of a case."""
    with office.reading() as unit:
        return unit.cases.history(unit.cases.id_of(named))


def document(office: Office, named: str, digest: str) -> Attachment | None:
    """Return a document of the case with its content, or None. Raises WrongUse where it moved to an archive bundle."""
    with office.reading() as unit:
        case = unit.cases.id_of(named)
        found = unit.documents.content(case, digest)
        moved = next((one.moved_to for one in unit.documents.of_case(case) if one.digest == digest), None)
        if found is None and moved is not None:
            raise _moved(next((row.file for row in unit.archives.of_case(case) if row.number == moved), ""))
        return found


def _moved(file: str) -> WrongUse:
    return WrongUse(
        Text(
            "该文书内容已移入档案包 {file}；请管理员用 anxu archive --back 取回。",
            "The content of this document is in the archive bundle {file}; have an administrator bring it back with anxu archive --back.",
        ).filled(file=file)
    )


def drawing(office: Office, named: str, matter_id: str | None, lang: Language) -> tuple[str, tuple[str, ...]]:
    """Return a matter's machine as SVG, its state filled and its path bold, and as a list of lines."""
    # Pictures and exports take a while to load, and most calls draw nothing.
    from engine.language.drawing import draw_svg, outline

    with office.reading() as unit:
        case = unit.cases.find(named)
        events = unit.cases.history(case.id)
        matter = case.matter(matter_id) if matter_id else case.main
        if matter is None:
            raise UnknownName(Text(f"本案没有事项“{matter_id}”。", f"The case has no matter “{matter_id}”."))
        procedure = unit.rules.procedure_of(matter)
        matters = unit.rules.matters_of(procedure)
    path = {
        (e.source, e.target)
        for e in events
        if e.matter == matter.id and e.source and e.target and e.kind != "migrated"
    }
    at = {matter.state}
    return (
        draw_svg(procedure, lang, at, path, matters=matters),
        outline(procedure, lang, at, path, matters=matters),
    )


def action_lines(rules: Rules, case: Case, by: str, at: datetime) -> tuple[ActionLine, ...]:
    """Return the moves of *case* for *by*: possible ones first, the way forward before the others."""
    found = [
        _action(rules, case, matter, move, consider(rules, case, matter, move, by, at), at)
        for matter in case.open_matters()
        for move in rules.procedure_of(matter).states[matter.state].moves.values()
    ]
    return tuple(sorted(found, key=lambda line: (not line.allowed, not line.primary)))


def todo_lines(rules: Rules, case: Case, today: date, clocks: Clocks | None = None) -> tuple[TodoLine, ...]:
    """Return who is awaited on *case*; *clocks* are its own where they are at hand."""
    lines, clocks = [], clocks or Clocks(rules, case)
    for matter in case.open_matters():
        procedure = rules.procedure_of(matter)
        state = procedure.states[matter.state]
        limit = limit_of(rules, case, matter, clocks)
        how = step_working(rules, case, matter, clocks)
        earliest = step_earliest(rules, case, matter, clocks)
        rung = last_fired(rules, case, matter) if state.awaits and case.fired else None
        for who in state.awaits:
            for role, person in awaited(case, matter, (who,)):
                lines.append(
                    TodoLine(
                        case=case.id, number=case.number, matter=matter.id, matter_title=procedure.title,
                        state=state.name, state_title=state.title, role=role, role_title=role_title(rules, case, matter, who),
                        person=person, person_name=rules.people.name(person) if person else None, due=limit.due,
                        light=step_light(rules, case, limit, today), rung=rung, parties=parties(case),
                        party_name=_party_name(case, matter), overdue_after=limit.overdue_after, working=how,
                        earliest=earliest,
                    )
                )  # fmt: skip
    return tuple(lines)


def matter_line_of(rules: Rules, case: Case, matter: Matter, today: date) -> MatterLine:
    """Return a matter as shown in lists, without its history."""
    return _matter_line(rules, case, matter, (), today, Clocks(rules, case))


def _action(
    rules: Rules, case: Case, matter: Matter, move: Move, answer: Capacity | Refusal, at: datetime
) -> ActionLine:
    procedure = rules.procedure_of(matter)
    day = rules.day_of(at)
    fields = [(name, True) for name in move.needs] + [(name, False) for name in move.asks]
    level = procedure.levels.index(matter.state) + 1 if matter.state in procedure.levels else None
    return ActionLine(
        matter=matter.id, matter_kind=matter.kind, matter_title=procedure.title, party_name=_party_name(case, matter),
        move=move.name, title=move.title, basis=rules.register.cited(move.basis), primary=move.primary, seen=matter.seen,
        targets=tuple((target, procedure.states[target].title) for target in dict.fromkeys(move.targets)),
        fields=tuple(_field(rules, case, procedure.facts[name], needed, day) for name, needed in fields),
        documents=tuple((kind, procedure.documents[kind]) for kind in move.attach),
        allowed=not isinstance(answer, Refusal), refused=answer if isinstance(answer, Refusal) else None,
        acting_for=answer.acting_for if isinstance(answer, Capacity) else None, level=level,
    )  # fmt: skip


def field_line(rules: Rules, office: str, fact: Fact, needed: bool, day: date) -> FieldLine:
    """Return a fact as a field of a form, with the persons who may be named in it."""
    persons: tuple[tuple[str, str], ...] = ()
    if fact.type in ("person", "persons"):
        people = rules.people
        ids = people.holders(fact.role, office, day) if fact.role else tuple(p.id for p in people.persons)
        persons = tuple((id, people.name(id)) for id in dict.fromkeys(ids))
    return FieldLine(
        name=fact.name, title=fact.title, type=fact.type, needed=needed, help=fact.help, least=fact.least,
        most=fact.most, choices=tuple(fact.choices.items()), persons=persons,
        earliest=_bound(fact.earliest), latest=_bound(fact.latest),
    )  # fmt: skip


def _bound(written: str | None) -> Text | None:
    if written == ACT_DATE:
        return Text("办理日期", "the day of the act")
    return day_text(date.fromisoformat(written)) if written else None


def _field(rules: Rules, case: Case, fact: Fact, needed: bool, day: date) -> FieldLine:
    return field_line(rules, case.office, fact, needed, day)


def _matter_line(
    rules: Rules, case: Case, matter: Matter, events: tuple[Event, ...], today: date, clocks: Clocks
) -> MatterLine:
    procedure = rules.procedure_of(matter)
    state = procedure.states[matter.state]
    limit = limit_of(rules, case, matter, clocks) if matter.open else StepLimit()
    awaits = [
        rules.people.name(person)
        for who in (state.awaits if matter.open else ())
        for person in persons_of(rules, case, matter, who, today)
    ]
    relations = [
        (relation.title, tuple(rules.people.name(p) for p in matter.assigned[name]))
        for name, relation in procedure.persons.items()
        if name in matter.assigned
    ]
    return MatterLine(
        id=matter.id, kind=matter.kind, procedure=matter.procedure, definition=matter.definition,
        title=procedure.title, state=matter.state, state_title=state.title, stage=state.stage,
        stage_title=procedure.stages[state.stage], seen=matter.seen, open=matter.open, outcome=matter.outcome,
        opened_at=matter.opened_at, due=limit.due,
        light=step_light(rules, case, limit, today) if matter.open else None,
        party=matter.party, party_name=_party_name(case, matter), awaits=tuple(dict.fromkeys(awaits)),
        facts=fact_lines(rules, procedure, dict(matter.facts)), persons=tuple(relations),
        levels=level_lines(rules, case, matter, events, today, clocks), draft_in_by=draft_in_by(rules, case, matter, clocks),
        working=step_working(rules, case, matter, clocks), terms=term_lines(rules, case, matter, clocks),
    )  # fmt: skip


def _timeline(rules: Rules, case: Case, events: tuple[Event, ...]) -> tuple[EventLine, ...]:
    fallen = superseded(rules, case, events)
    late = {entry.fact.seq: entry for entry in late_entries(rules, case, events)}
    return tuple(
        _event_line(rules, case, event, event.seq in fallen, late.get(event.seq)) for event in events
    )


def _event_line(rules: Rules, case: Case, event: Event, fallen: bool, late: LateEntry | None) -> EventLine:
    procedure = rules.definitions[event.definition]
    move = next(iter(procedure.moves.get(event.move or "", ())), None)
    target = procedure.states.get(event.target or "")
    return EventLine(
        event=event, sentence=event_sentence(rules, case, event),
        who=rules.people.name(event.by) if event.by else None,
        acting_for=rules.people.name(event.acting_for) if event.acting_for else None,
        matter_title=procedure.title, state_title=target.title if target else None,
        details=fact_lines(rules, procedure, dict(event.facts)), basis=rules.register.cited(move.basis) if move else None, superseded=fallen,
        due_at=event.at if event.kind == "rung_fired" and event.recorded_at - event.at > LATE else None,
        notes=notes_of(rules, case, event, late),
    )  # fmt: skip


def _documents(unit: Unit, case: Case) -> tuple[DocumentLine, ...]:
    titles: dict[str, Text] = {}
    for matter in case.matters:
        titles = {**unit.rules.procedure_of(matter).documents, **titles}
    return tuple(
        DocumentLine(
            d.kind, titles.get(d.kind, Text(d.kind, d.kind)), d.name, d.digest, d.matter, d.seq, d.size
        )
        for d in unit.documents.of_case(case.id)
        if d.seq <= case.version
    )


def _party_name(case: Case, matter: Matter) -> str | None:
    """Return whom a matter is for: a party, or another case by its number."""
    party = case.party(matter.party)
    return party.name if party else matter.party
