"""A procedure in the drawing languages of others (Mermaid, DOT), and as a list of sentences.

Room for: the syntax and the escaping of each, the list that says what the picture shows.
May not enter: SVG and its layout (`drawing_svg`, `drawing_layout`), YAML.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from engine.language.drawing_plan import NO_MATTERS, STAYS, Matters, aside_sentence, plan, steps
from engine.model.procedure import Procedure, State
from engine.text import Language, Text

STATE_LINE = Text("{stage} · {title}", "{stage} · {title}")
NOTE = Text("〔{note}〕", " [{note}]")
BEGINNING = Text("起点", "start")
FINAL = Text("终局", "final")
CURRENT = Text("当前", "now")
TAKEN = Text("已走", "taken")


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
                target = procedure.states[step.target].title.said(lang)
                taken = NOTE.filled(note=TAKEN).said(lang) if (step.source, step.target) in path else ""
                lines.append(f"  {''.join(step.label)} → {target}{taken}")
        for move in state.moves.values():
            if move.stays:
                lines.append(f"  {move.title.said(lang)} → {STAYS.said(lang)}")
    return tuple(lines)


def draw_mermaid(procedure: Procedure, lang: Language = "zh", matters: Matters = NO_MATTERS) -> str:
    """Return *procedure* as a Mermaid state diagram (``stateDiagram-v2``); moves that stay are comments."""
    chosen = plan(procedure, lang, matters=matters)
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
    lines += [
        f"  {ids[step.source]} --> {ids[step.target]} : {_mermaid(' '.join(step.label))}"
        for step in steps(procedure, lang, matters)
    ]
    lines += [f"  {ids[state.name]} --> [*]" for state in procedure.states.values() if state.final]
    lines += [
        f"  %% {_mermaid(aside_sentence(procedure, aside, lang))}"
        for aside in chosen.asides
        if aside.target is None
    ]
    return "\n".join(lines) + "\n"


def draw_dot(procedure: Procedure, lang: Language = "zh", matters: Matters = NO_MATTERS) -> str:
    """Return *procedure* as a DOT graph: a cluster a stage, final states double, moves that stay as its label."""
    chosen = plan(procedure, lang, matters=matters)
    beside = [aside_sentence(procedure, aside, lang) for aside in chosen.asides]
    lines = [
        f"digraph {_dot(procedure.name)} {{",
        '  graph [rankdir=TB, fontname="sans-serif", labelloc=b, labeljust=l,',
        f"    label={_dot_lines([procedure.title.said(lang), *beside])}];",
        '  node [shape=box, style=rounded, fontname="sans-serif"];',
        '  edge [fontname="sans-serif", fontsize=11];',
        '  "" [shape=point, width=0.15];',
        *_clusters(procedure, lang),
        f'  "" -> {_dot(procedure.initial)};',
    ]
    for arrow in (*chosen.arrows, *chosen.loops):
        label = _dot_lines(arrow.labels, "\\n")
        lines += [f"  {_dot(source)} -> {_dot(arrow.target)} [label={label}];" for source in arrow.sources]
    return "\n".join([*lines, "}"]) + "\n"


def identifier(name: str) -> str:
    """Return *name* as an id of ASCII letters, digits and ``_`` that is a keyword nowhere."""
    return "s_" + re.sub(r"[^A-Za-z0-9_]", lambda found: f"_u{ord(found[0]):04x}_", name)


def _notes(procedure: Procedure, state: State, lang: Language, at: Collection[str]) -> str:
    notes = [
        (BEGINNING, state.name == procedure.initial),
        (FINAL, state.final),
        (CURRENT, state.name in at),
    ]
    return "".join(NOTE.filled(note=note).said(lang) for note, holds in notes if holds)


def _mermaid(text: str) -> str:
    """Write every mark that Mermaid could take for its own as a number."""
    text = " ".join(text.split())
    return "".join(f"#{ord(c)};" if c in '#"%:;<>&{}[]`\\' else c for c in text)


def _clusters(procedure: Procedure, lang: Language) -> Iterator[str]:
    for number, (stage, title) in enumerate(procedure.stages.items()):
        yield f"  subgraph cluster_{number} {{"
        yield f"    label={_dot(title.said(lang))};"
        for state in procedure.states.values():
            if state.stage == stage:
                double = ", peripheries=2" if state.final else ""
                yield f"    {_dot(state.name)} [label={_dot(state.title.said(lang))}{double}];"
        yield "  }"


def _dot(text: str) -> str:
    return '"' + _dot_escaped(text) + '"'


def _dot_lines(lines: Collection[str], end: str = "\\l") -> str:
    return '"' + end.join(_dot_escaped(line) for line in lines) + (end if end == "\\l" else "") + '"'


def _dot_escaped(text: str) -> str:
    return " ".join(text.split()).replace("\\", "\\\\").replace('"', '\\"')
