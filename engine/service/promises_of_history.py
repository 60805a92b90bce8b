"""Promises of history: what must never have happened to a case, read from its events alone.

Room for: persons apart and levels signed, destinations of moves, rungs fired once, acts with somebody behind them, corrections.
May not enter: the folded case (`promises.py` asks that), the checks an act goes through (`engine/core`): these are the second ones.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from engine.model.case import Case
from engine.model.events import Event
from engine.model.procedure import RECUSED, Move, Procedure
from engine.model.rules import Rules
from engine.service.chains import finding
from engine.service.pages import Finding

MAIN_ID = "1"


@dataclass(slots=True)
class _Told:
    """What the events told so far: who was ever what (of another matter than the first: ``id.relation``), and who stepped back."""

    ever: dict[str, set[str]] = field(default_factory=dict)
    recused: set[str] = field(default_factory=set)
    fired: set[tuple[str, str]] = field(default_factory=set)
    main: Procedure | None = None

    def involved(self, relation: str, matter: str) -> set[str]:
        """Who was ever *relation*: on the matter, and on the case."""
        return self.ever.get(_key(relation, matter), set()) | self.ever.get(relation, set())

    def note(self, event: Event) -> None:
        """Take in what *event* gives and releases."""
        for relation in event.released:
            self.ever.pop(_key(relation, event.matter), None)
        for relation, persons in event.assigned.items():
            if relation == RECUSED:
                self.recused |= set(persons)
            else:
                self.ever.setdefault(_key(relation, event.matter), set()).update(persons)
        for key, persons in event.involved.items():
            self.ever.setdefault(key, set()).update(persons)


def _key(relation: str, matter: str) -> str:
    return relation if matter == MAIN_ID else f"{matter}.{relation}"


def history_findings(rules: Rules, case: Case, events: Sequence[Event]) -> Iterator[Finding]:
    """Yield what in the history of a case must never have been, whatever the program that wrote it thought."""
    told = _Told()
    by_seq = {event.seq: event for event in events}
    for event in events:
        procedure = rules.definitions.get(event.definition)
        if procedure is None:
            zh = f"第{event.seq}号记录所依定义已不在库中"
            yield finding("definition", case.number, zh, f"the definition of event {event.seq} is gone")
            return
        if event.kind == "case_opened":
            told.main = procedure
        move = _move(procedure, event)
        for zh, en, code in (
            *_persons(told, procedure, move, event),
            *_destination(procedure, move, event),
            *_attributed(event),
            *_fired(told, event),
            *_correction(event, by_seq.get(event.corrects or 0)),
        ):
            yield finding(code, case.number, f"第{event.seq}号记录：{zh}", f"event {event.seq}: {en}")
        told.note(event)


_Said = tuple[str, str, str]


def _move(procedure: Procedure, event: Event) -> Move | None:
    if event.kind != "moved" or event.source is None or event.move is None:
        return None
    state = procedure.states.get(event.source)
    return state.moves.get(event.move) if state else None


def _persons(told: _Told, procedure: Procedure, move: Move | None, event: Event) -> Iterator[_Said]:
    acting = {person for person in (event.by, event.acting_for) if person}
    if event.kind == "moved" and (gone := acting & told.recused):
        name = min(gone)
        yield f"{name}已回避，却仍办理", f"{name} had stepped back and acted", "recused"
    if move is not None:
        for relation in move.not_by:
            if barred := acting & told.involved(relation, event.matter):
                name = min(barred)
                yield (
                    f"{name}曾为“{relation}”，不得办理“{move.title.zh}”",
                    f"{name} had been “{relation}” and may not do “{move.title.en}”",
                    "apart",
                )
    yield from _levels(told, procedure, event, acting)
    yield from _joined(told, procedure, event)


def _levels(told: _Told, procedure: Procedure, event: Event, acting: set[str]) -> Iterator[_Said]:
    if procedure.chain is None:
        return
    levels = {
        name: level.state for level in procedure.chain.levels for name in (level.state, level.against) if name
    }
    for relation in event.assigned.keys() & levels.keys():
        for other in levels:
            same = levels[other] == levels[relation] and other == relation
            if not same and (twice := acting & told.ever.get(_key(other, event.matter), set())):
                name = min(twice)
                yield (
                    f"{name}在同一稿上签了两级（{levels[other]}、{levels[relation]}）",
                    f"{name} signed two levels of one draft ({levels[other]}, {levels[relation]})",
                    "signed_twice",
                )
        sitting = [r.name for r in (told.main.persons.values() if told.main else ()) if r.sits]
        for sits in sitting:
            if sat := acting & told.ever.get(sits, set()):
                name = min(sat)
                yield f"{name}曾任“{sits}”，却参与核阅", f"{name} sat as “{sits}” and signed", "signed_own"


def _joined(told: _Told, procedure: Procedure, event: Event) -> Iterator[_Said]:
    groups = dict.fromkeys((*procedure.apart, *(told.main.apart if told.main else ())))
    for group in groups:
        for relation in group:
            for person in event.assigned.get(relation, ()):
                for other in group:
                    others = event.assigned.get(other) or told.involved(other, event.matter)
                    if other != relation and person in others:
                        yield (
                            f"{person}既为“{other}”又为“{relation}”",
                            f"{person} is both “{other}” and “{relation}”",
                            "apart",
                        )


def _destination(procedure: Procedure, move: Move | None, event: Event) -> Iterator[_Said]:
    said = ("所到状态不在定义之内", "the definition has no such way", "destination")
    if event.target is not None and event.target not in procedure.states:
        yield said
    elif event.kind == "moved":
        if move is None or (event.target or event.source) not in move.targets:
            yield said
    elif event.kind == "reacted":
        source = procedure.states.get(event.source or "")
        reactions = source.reactions if source else ()
        if event.target is not None and event.target not in {one.target for one in reactions}:
            yield said
    elif event.kind in ("matter_opened", "case_opened") and event.target != procedure.initial:
        yield said


def _attributed(event: Event) -> Iterator[_Said]:
    if event.by is None and not event.rule:
        yield "没有办理人，也没有依据的规则", "nobody did it and no rule is named", "attributed"
    if event.kind in ("moved", "corrected") and event.by is None:
        yield "没有人办理", "nobody did it", "attributed"
    if event.kind == "rung_fired" and (event.target or event.outcome):
        yield "到期提醒竟办结了事项", "a reminder that came due decided something", "attributed"


def _fired(told: _Told, event: Event) -> Iterator[_Said]:
    if event.kind != "rung_fired":
        return
    once = event.rung.get("key", ""), event.rung.get("occurrence", "")
    if once in told.fired:
        yield (
            f"提醒{once[0]}第{once[1]}次发出了两次",
            f"rung {once[0]} fired twice for its turn {once[1]}",
            "fired_twice",
        )
    told.fired.add(once)


def _correction(event: Event, corrected: Event | None) -> Iterator[_Said]:
    if event.kind != "corrected":
        return
    if corrected is None or corrected.seq >= event.seq:
        yield "所更正的记录不存在", "what it corrects is not there", "correction"
    elif event.clock and corrected.by is not None and corrected.by == event.by:
        yield "审限事实由原记录人自行更正", "who recorded a clock fact corrected it alone", "correction"
