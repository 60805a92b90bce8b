"""States that are made one are told apart by nobody: the same ends are within reach, and the same dead ends found."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.language.proof.collapsing import collapsed
from engine.language.proof.domains import Domains
from engine.language.proof.exploring import Explored, Space
from engine.language.proof.finding import Report
from engine.language.proof.flow import flow_of, lent_by
from engine.language.proof.parts import among
from engine.language.proof.proving import Proving
from engine.language.proof.situations import prove_situations
from engine.language.proof.world import MAIN, World
from engine.law.duration import Duration
from engine.model.guards import Guard, MatterIs, NoMatterOpen, Not
from engine.model.procedure import (
    Borrowed,
    Branch,
    Clock,
    ClockEffect,
    ClockVerb,
    MatterKind,
    Move,
    Procedure,
    Reaction,
    Requirement,
    State,
    Who,
)
from engine.text import Text
from tests.examples import examples
from tests.language.proving import register

BLANK = Text("", "")
ROLE = (Who("director", relation=False),)
ENDS = ("won", "lost")

asked: st.SearchStrategy[Guard] = st.sampled_from(
    (
        MatterIs("a", "won"),
        MatterIs("a", "open"),
        NoMatterOpen("a"),
        Not(MatterIs("a", "lost")),
        MatterIs("a", "absent"),
    )
)
VERBS: tuple[ClockVerb, ...] = ("start", "suspend", "resume", "end", "restart")
verbs = st.sampled_from(VERBS)


@st.composite
def procedures(draw: st.DrawFn, name: str, main: bool) -> Procedure:
    count = draw(st.integers(3, 6))
    names = [f"s{n}" for n in range(count)]
    finals = {"done": "done"} if main else {end: end for end in ENDS}
    states = {}
    for state in names:
        moves = {}
        for n in range(draw(st.integers(1, 3))):
            target = draw(st.sampled_from([None, *names, *finals]))
            requires: tuple[Requirement, ...] = ()
            if main and draw(st.booleans()):
                requires = (Requirement(draw(asked)),)
            touches = draw(st.integers(0, 3)) == 0
            moves[f"m{n}"] = Move(
                f"m{n}", BLANK, state, ROLE, (Branch(target),) if target else (),
                requires=requires,
                clock=(ClockEffect("award", draw(verbs)),) if touches else (),
                open=("a",) if main and draw(st.booleans()) else (),
                close=("a",) if main and draw(st.integers(0, 5)) == 0 else (),
                at_most=2 if draw(st.integers(0, 5)) == 0 else None,
                waits=draw(st.integers(0, 4)) == 0,
            )  # fmt: skip
        reactions: tuple[Reaction, ...] = ()
        if main and draw(st.integers(0, 3)) == 0:
            reactions = (Reaction(draw(asked), draw(st.sampled_from([*names, *finals]))),)
        awaited = "a" if main and draw(st.integers(0, 4)) == 0 else None
        states[state] = State(state, BLANK, "", ROLE, awaited, moves=moves, reactions=reactions)
    states |= {final: State(final, BLANK, "", outcome=outcome) for final, outcome in finals.items()}
    return Procedure(
        name, BLANK, name, "", "s0", {}, states,
        clocks={"award": Clock("award", BLANK, Duration(45, "days"))} if main else {},
        matters={"a": MatterKind("a", "a", at_end=draw(st.sampled_from(("cancelled", "kept", "blocks"))))} if main else {},
        borrowed=None if main else Borrowed(clocks=("award",)),
    )  # fmt: skip


def explored(world: World, *, whole: bool) -> Explored:
    proving = Proving(world, Report(), 200_000)
    proving.domains = Domains(world)
    proving.flows[MAIN] = flow_of(proving.domains, MAIN, {})
    proving.flows["a"] = flow_of(proving.domains, "a", lent_by(proving.flows[MAIN]))
    blocking = [kind.name for kind in world.kinds.values() if kind.at_end == "blocks"]
    parts = {owner: proving.part(owner, True, ("a",), first=True) for owner in (MAIN, "a")}
    seen = {owner: among(part, ("a",), (), world.clocks, blocking, True) for owner, part in parts.items()}
    if not whole:
        seen = {
            o: collapsed(part, proving.key(part, ("a",), world.clocks, False)) for o, part in seen.items()
        }
    return Space(proving.domains, seen, {}, tuple(world.clocks)).explore(200_000)


def told(found: Explored) -> set[str]:
    report = Report()
    prove_situations(found, report)
    return {finding.code for finding in report.findings}


@settings(max_examples=examples(30), deadline=None)
@given(procedures("main", main=True), procedures("a", main=False))
def test_a_case_with_its_matter_has_the_same_faults_made_one_and_as_it_is_written(
    main: Procedure, child: Procedure
) -> None:
    world = World(register(), main, {"a": child})
    written, made_one = explored(world, whole=True), explored(world, whole=False)

    assert told(made_one) == told(written)
    assert len(made_one.rows) <= len(written.rows)
