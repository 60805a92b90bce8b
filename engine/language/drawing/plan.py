"""What a drawing of a procedure shows: its arrows, and the moves that are told beside the picture.

Room for: the steps of a procedure, which of them share an arrow, what is written on each, what stands aside.
May not enter: coordinates (`layout.py`), the syntax of any picture (`svg.py`, `words.py`), YAML.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from engine.model.guard_words import GuardWords
from engine.model.guards import Guard
from engine.model.procedure import Move, Procedure, Reaction, State
from engine.text import Language, Text

Matters = Mapping[str, Procedure]
"""Kind of matter -> its procedure, whose title and outcomes a drawing names."""

NO_MATTERS: Matters = MappingProxyType({})

CROWD = 4
"""A move that comes from so many states is told once beside the picture, unless that hides its target."""

ALONE = Text("自动", "by itself")
ANY_STATE = Text("任一未结状态", "any open state")
FROM = Text("从", "from ")
AND = Text("、", "; ")
COLON = Text("：", ": ")
STAYS = Text("状态不变", "the state stays")
REMAINS = Text("〔状态不变〕", " [the state stays]")


@dataclass(frozen=True, slots=True)
class Step:
    """One way from a state to a state: a move, one branch of a move, or a reaction (then *name* is empty).

    A branch that stays leads back to its source and says so in *stays*: what it leaves is not entered anew.
    """

    source: str
    target: str
    name: str
    title: str
    condition: str
    primary: bool
    stays: str = ""

    @property
    def label(self) -> tuple[str, ...]:
        """What is written on the arrow: the title, for one branch of several its condition, and that it stays."""
        return tuple(part for part in (self.title, self.condition, self.stays) if part)


@dataclass(frozen=True, slots=True)
class Arrow:
    """What is drawn as one arrow: all steps between two states, or one step shared by several sources."""

    sources: tuple[str, ...]
    target: str
    labels: tuple[str, ...]
    primary: bool


@dataclass(frozen=True, slots=True)
class Aside:
    """A move told beside the picture: where from, and where to (None when it stays)."""

    title: str
    sources: tuple[str, ...]
    target: str | None


@dataclass(frozen=True, slots=True)
class Caption:
    """A state or a stage, by name, with what is written on it; *stage* is empty for a stage."""

    name: str
    title: str
    stage: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """A whole drawing before it has a shape; *loops* are the arrows from a state to itself."""

    initial: str
    stages: tuple[Caption, ...]
    states: tuple[Caption, ...]
    arrows: tuple[Arrow, ...]
    loops: tuple[Arrow, ...]
    asides: tuple[Aside, ...]


def plan(
    procedure: Procedure,
    lang: Language,
    path: Collection[tuple[str, str]] = (),
    matters: Matters = NO_MATTERS,
) -> Plan:
    """Choose what of *procedure* is drawn; what was walked (*path*) is drawn in any case."""
    every = tuple(steps(procedure, lang, matters))
    crowded = _crowded(every)
    drawn = [s for s in every if (s.name, s.target) not in crowded or (s.source, s.target) in path]
    told = [
        Aside(title, tuple(s.source for s in every if (s.name, s.target) == key), key[1])
        for key, title in crowded.items()
    ]
    arrows = _arrows(drawn)
    return Plan(
        initial=procedure.initial,
        stages=tuple(Caption(name, title.said(lang)) for name, title in procedure.stages.items()),
        states=tuple(Caption(s.name, s.title.said(lang), s.stage) for s in procedure.states.values()),
        arrows=tuple(arrow for arrow in arrows if arrow.sources != (arrow.target,)),
        loops=tuple(arrow for arrow in arrows if arrow.sources == (arrow.target,)),
        asides=_merged((*told, *_staying(procedure, lang)), lang),
    )


def steps(procedure: Procedure, lang: Language, matters: Matters = NO_MATTERS) -> Iterator[Step]:
    """Yield every step that changes or re-enters a state, or may do so, in the order of the file.

    A move that always stays is none; a branch that stays beside others that leave is one.
    """
    for state in procedure.states.values():
        for move in state.moves.values():
            yield from () if move.stays else _branches(procedure, move, lang, matters)
        for reaction in state.reactions:
            said = reaction_said(procedure, reaction, lang, matters)
            yield Step(state.name, reaction.target, "", said, "", True)


def ways_said(
    procedure: Procedure, state: State, lang: Language, matters: Matters = NO_MATTERS
) -> tuple[str, ...]:
    """Say each way out of *state* in titles, in the order in which they are tried (`automaton.ways_from`)."""
    moves = (
        move.title.said(lang) + condition_said(procedure, move, number, lang, matters)
        for move in state.moves.values()
        for number in range(max(1, len(move.branches)))
    )
    return (*(reaction_said(procedure, one, lang, matters) for one in state.reactions), *moves)


def reachable(procedure: Procedure, at: Collection[str]) -> frozenset[str]:
    """Return the states that can still be reached from *at*, those included."""
    onward = defaultdict(set)
    for step in steps(procedure, "zh"):
        onward[step.source].add(step.target)
    found: set[str] = set()
    waiting = [name for name in at if name in procedure.states]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting.extend(onward[name])
    return frozenset(found)


def aside_sentence(procedure: Procedure, aside: Aside, lang: Language) -> str:
    """Say *aside* in one line: ``title: from these states → target``."""
    open_states = {state.name for state in procedure.states.values() if not state.final}
    if open_states <= set(aside.sources):
        sources = ANY_STATE.said(lang)
    else:
        sources = AND.said(lang).join(procedure.states[name].title.said(lang) for name in aside.sources)
    target = procedure.states[aside.target].title if aside.target else STAYS
    return f"{aside.title}{COLON.said(lang)}{FROM.said(lang)}{sources} → {target.said(lang)}"


def spoken(procedure: Procedure, guard: Guard, lang: Language, matters: Matters) -> str:
    """Say *guard* in titles: the procedure's own, and those of *matters* for the matters it waits for."""
    return GuardWords(procedure, procedure, matters).said(guard).said(lang)


def reaction_said(procedure: Procedure, reaction: Reaction, lang: Language, matters: Matters) -> str:
    """Say what happens by itself, and when."""
    return ALONE.said(lang) + COLON.said(lang) + spoken(procedure, reaction.when, lang, matters)


def condition_said(procedure: Procedure, move: Move, number: int, lang: Language, matters: Matters) -> str:
    """Say when this branch of *move* is taken; nothing where there is no choice."""
    if len(move.branches) < 2:
        return ""
    when = move.branches[number].when
    if when is None:
        return Text("（其他情形）", " (otherwise)").said(lang)
    said = spoken(procedure, when, lang, matters)
    return Text(f"（{said}）", f" ({said})").said(lang)


def _branches(procedure: Procedure, move: Move, lang: Language, matters: Matters) -> Iterator[Step]:
    title = move.title.said(lang)
    for number, branch in enumerate(move.branches):
        condition = condition_said(procedure, move, number, lang, matters)
        stays = "" if branch.target else REMAINS.said(lang)
        yield Step(
            move.source, branch.target or move.source, move.name, title, condition, move.primary, stays
        )


def _crowded(every: Collection[Step]) -> dict[tuple[str, str], str]:
    """Return the (move, target) pairs to be told beside the picture, with the title of each."""
    sources: dict[tuple[str, str], set[str]] = defaultdict(set)
    for step in every:
        if step.name and step.source != step.target:
            sources[step.name, step.target].add(step.source)
    crowded = {key for key, found in sources.items() if len(found) >= CROWD}
    entered = {s.target for s in every if s.source != s.target and (s.name, s.target) not in crowded}
    return {
        (s.name, s.target): s.title for s in every if (s.name, s.target) in crowded and s.target in entered
    }


def _arrows(drawn: Collection[Step]) -> list[Arrow]:
    """Merge steps between the same two states, then arrows that say the same and end in the same state."""
    between: dict[tuple[str, str], list[Step]] = defaultdict(list)
    for step in drawn:
        between[step.source, step.target].append(step)
    shared: dict[tuple[str, tuple[str, ...], bool], list[str]] = defaultdict(list)
    primary: dict[tuple[str, tuple[str, ...], bool], bool] = defaultdict(bool)
    for (source, target), found in between.items():
        labels = tuple(line for label in dict.fromkeys(step.label for step in found) for line in label)
        key = (target, labels, source == target)
        shared[key].append(source)
        primary[key] |= any(step.primary for step in found)
    return [
        Arrow(tuple(sources), target, labels, primary[target, labels, loop])
        for (target, labels, loop), sources in shared.items()
    ]


def _merged(asides: Collection[Aside], lang: Language) -> tuple[Aside, ...]:
    """Tell moves that come from the same states and lead to the same one in one sentence."""
    titles: dict[tuple[tuple[str, ...], str | None], list[str]] = defaultdict(list)
    for aside in asides:
        titles[aside.sources, aside.target].append(aside.title)
    return tuple(Aside(AND.said(lang).join(found), *ways) for ways, found in titles.items())


def _staying(procedure: Procedure, lang: Language) -> Iterator[Aside]:
    for moves in procedure.moves.values():
        staying = [move for move in moves if move.stays]
        if staying:
            yield Aside(staying[0].title.said(lang), tuple(move.source for move in staying), None)
