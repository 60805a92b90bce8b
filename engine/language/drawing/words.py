"""A procedure in the drawing languages of others (Mermaid, DOT), and as a list of sentences.

Room for: the syntax and the escaping of each, the list that says what the picture shows.
May not enter: SVG and its layout (`svg.py`, `layout.py`), YAML.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from engine.language.automaton import ways_from
from engine.language.drawing.plan import NO_MATTERS, REMAINS, STAYS, Matters, plan, steps, ways_said
from engine.model.procedure import STAYS as STAYS_WORD
from engine.model.procedure import Procedure, State
from engine.text import Language, Text

STATE_LINE = Text("{stage} · {title}", "{stage} · {title}")
NOTE = Text("〔{note}〕", " [{note}]")
BEGINNING = Text("起点", "start")
FINAL = Text("终局", "final")
CURRENT = Text("当前", "now")
TAKEN = Text("已走", "taken")
NAMED = " · "
"""Between what a way is called and the name of its move; no name and no guard can hold it."""

_NO_CHARACTER = re.compile("[\x00-\x08\x0e-\x1b\ud800-\udfff]")


def outline(
    procedure: Procedure,
    lang: Language = "zh",
    at: Collection[str] = (),
    path: Collection[tuple[str, str]] = (),
    matters: Matters = NO_MATTERS,
) -> tuple[str, ...]:
    """Return the list that is equal to the picture: a line for each state, below it one for each of its moves.

    Lines of moves begin with two spaces and end with the target, after an arrow.
    """
    every = tuple(steps(procedure, lang, matters))
    lines = []
    for state in procedure.states.values():
        title = STATE_LINE.filled(stage=procedure.stages[state.stage], title=state.title).said(lang)
        lines.append(title + _notes(procedure, state, lang, at))
        for step in every:
            if step.source == state.name:
                target = (STAYS if step.stays else procedure.states[step.target].title).said(lang)
                taken = NOTE.filled(note=TAKEN).said(lang) if (step.source, step.target) in path else ""
                lines.append(f"  {step.title}{step.condition} → {target}{taken}")
        for move in state.moves.values():
            if move.stays:
                lines.append(f"  {move.title.said(lang)} → {STAYS.said(lang)}")
    return tuple(lines)


def draw_mermaid(procedure: Procedure, lang: Language = "zh", matters: Matters = NO_MATTERS) -> str:
    """Return *procedure* as a Mermaid state diagram (``stateDiagram-v2``) that holds its whole automaton.

    A way is an arrow, labelled ``title · move [guard]``; what happens by itself has no move. A branch that stays is
    a loop that ends in ``/ stays``; a move that always stays is a line in its state, as UML has internal transitions.
    An arrow to the end is labelled with the outcome.
    """
    ids = {name: identifier(name) for name in procedure.states}
    lines = ["stateDiagram-v2", f"  %% {_mermaid(procedure.title.said(lang))}", "  direction TB"]
    for stage, title in procedure.stages.items():
        lines.append(f"  %% {_mermaid(title.said(lang))}")
        lines += [
            f'  state "{_mermaid(state.title.said(lang))}" as {ids[state.name]}'
            for state in procedure.states.values()
            if state.stage == stage
        ]
    lines.append(f"  [*] --> {ids[procedure.initial]}")
    for state in procedure.states.values():
        for way, said in zip(ways_from(state), ways_said(procedure, state, lang, matters), strict=True):
            inside = way.move in state.moves and state.moves[way.move].stays
            target = "" if inside else f" --> {ids[way.target or state.name]}"
            loop = f" / {STAYS_WORD}" if target and way.target is None else ""
            guard = f" [{way.guard}]" if way.guard else ""
            label = _mermaid(said) + NAMED + _mermaid(way.move + guard + loop)
            lines.append(f"  {ids[state.name]}{target} : {label}")
    finals = (state for state in procedure.states.values() if state.outcome is not None)
    lines += [f"  {ids[state.name]} --> [*] : {_mermaid(state.outcome or '')}" for state in finals]
    return "\n".join(lines) + "\n"


def draw_dot(procedure: Procedure, lang: Language = "zh", matters: Matters = NO_MATTERS) -> str:
    """Return *procedure* as a DOT graph that holds its whole automaton, a cluster a stage, final states double.

    A way is an edge with the attributes ``move``, ``guard`` and, where the state stays as it is, ``stays``; a final
    state has the attribute ``outcome``. Programs that draw pass over attributes they do not know.
    """
    beside = {(source, aside.target) for aside in plan(procedure, lang).asides for source in aside.sources}
    lines = [
        f"digraph {_dot(procedure.name)} {{",
        '  graph [rankdir=TB, fontname="sans-serif", labelloc=b, labeljust=l,',
        f"    label={_dot(procedure.title.said(lang))}];",
        '  node [shape=box, style=rounded, fontname="sans-serif"];',
        '  edge [fontname="sans-serif", fontsize=11];',
        '  "" [shape=point, width=0.15];',
        *_clusters(procedure, lang),
        f'  "" -> {_dot(procedure.initial)};',
    ]
    for state in procedure.states.values():
        for way, said in zip(ways_from(state), ways_said(procedure, state, lang, matters), strict=True):
            label = said + (REMAINS.said(lang) if way.target is None else "")
            attributes = {"label": label, "move": way.move, "guard": way.guard}
            if way.target is None:
                attributes["stays"] = "yes"
            if (state.name, way.target) in beside:
                attributes |= {"style": "dashed", "constraint": "false"}
            said_of = ", ".join(f"{name}={_dot(value)}" for name, value in attributes.items() if value)
            lines.append(f"  {_dot(state.name)} -> {_dot(way.target or state.name)} [{said_of}];")
    return "\n".join([*lines, "}"]) + "\n"


def identifier(name: str) -> str:
    """Return *name* as an id of ASCII letters, digits and ``_`` that is a keyword nowhere, and no other name's."""
    return "s_" + re.sub(r"[^A-Za-z0-9_]|_(?=u)", lambda found: f"_u{ord(found[0]):04x}_", name)


def _notes(procedure: Procedure, state: State, lang: Language, at: Collection[str]) -> str:
    notes = [
        (BEGINNING, state.name == procedure.initial),
        (FINAL, state.final),
        (CURRENT, state.name in at),
    ]
    return "".join(NOTE.filled(note=note).said(lang) for note, holds in notes if holds)


def _mermaid(text: str) -> str:
    """Write every mark that Mermaid could take for its own as a number."""
    text = " ".join(_NO_CHARACTER.sub("\ufffd", text).split())
    return "".join(f"#{ord(c)};" if c in '#"%:;<>&{}[]`\\' else c for c in text)


def _clusters(procedure: Procedure, lang: Language) -> Iterator[str]:
    for number, (stage, title) in enumerate(procedure.stages.items()):
        yield f"  subgraph cluster_{number} {{"
        yield f"    label={_dot(title.said(lang))};"
        for state in procedure.states.values():
            if state.stage == stage:
                double = f", peripheries=2, outcome={_dot(state.outcome)}" if state.outcome else ""
                yield f"    {_dot(state.name)} [label={_dot(state.title.said(lang))}{double}];"
        yield "  }"


def _dot(text: str) -> str:
    return (
        '"'
        + " ".join(_NO_CHARACTER.sub("\ufffd", text).split()).replace("\\", "\\\\").replace('"', '\\"')
        + '"'
    )
