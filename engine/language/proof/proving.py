"""Proving: every proof on every procedure of a register, and what came of it.

Room for: the order of the proofs, their places in the files, what is said of what was proved and how far it was looked.
May not enter: a proof itself, reading files, people (`staffing.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from engine.language.pages import Pages
from engine.language.problem import Problem, in_order
from engine.language.proof.branching import prove_branching
from engine.language.proof.collapsing import Key, collapsed
from engine.language.proof.domains import Domains, Subject
from engine.language.proof.exploring import Explored, Space
from engine.language.proof.finding import Finding, Report
from engine.language.proof.flow import Flow, flow_of, lent_by
from engine.language.proof.groups import groups_of, openers, stops, timed
from engine.language.proof.limits import prove_limits
from engine.language.proof.listing import may_be_unlisted
from engine.language.proof.loops import prove_loops
from engine.language.proof.parts import Part, Place, TooMany, among, part_of, tracked_facts
from engine.language.proof.reaching import prove_reaching
from engine.language.proof.release import prove_release
from engine.language.proof.repeating import prove_repeating
from engine.language.proof.satisfying import subjects_of
from engine.language.proof.signatures import Signed, prove_signatures
from engine.language.proof.signers import prove_signers
from engine.language.proof.situations import always_running, prove_situations
from engine.language.proof.waiting import prove_waiting
from engine.language.proof.world import MAIN, World, guards_of, worlds_of
from engine.model.guards import kinds_in
from engine.model.procedure import Procedure, State
from engine.model.register import Register
from engine.text import Text

MOST_SITUATIONS = 200_000
"""With more situations than this a group is not explored, and the answer is that nothing is proved of it."""

SMALL = 20_000
"""Up to so many situations the matters are explored as they are written, so that the ways to faults are whole."""


@dataclass(frozen=True, slots=True)
class Proof:
    """What came of the proofs: the faults by file and place, and what was proved, in words."""

    problems: tuple[Problem, ...]
    proved: tuple[Text, ...]


def prove_together(
    register: Register,
    procedures: Mapping[str, Procedure],
    files: Mapping[str, str],
    wanted: Collection[str] | None = None,
    most: int = MOST_SITUATIONS,
) -> Proof:
    """Return what can be proved of *procedures* (by name) and what cannot, each with the shortest way that shows it.

    The definitions must be sound, alone and together. *files* are their texts by path, the register's among them.
    With *wanted* only cases with one of these procedures are looked at; no group beyond *most* situations is.
    """
    report = Report()
    for world in worlds_of(register, procedures):
        names = {procedure.name for _, procedure in world.members()}
        if wanted is None or names & {*wanted}:
            prove(world, report, most)
    problems = located(report.findings, register, procedures, files) if report.findings else ()
    return Proof(problems, tuple(report.proved))


def located(
    findings: Collection[Finding],
    register: Register,
    procedures: Mapping[str, Procedure],
    files: Mapping[str, str],
) -> tuple[Problem, ...]:
    """Return *findings* as problems at their places in *files*."""
    pages = Pages.of(register, procedures, files)
    for finding in findings:
        page = pages.procedures[finding.procedure] if finding.procedure else pages.register
        page.source.problem(page.located.at(finding.place), finding.code, finding.way, **finding.values)
    return in_order([problem for source in pages.sources() for problem in source.found])


def prove(world: World, report: Report, most: int = MOST_SITUATIONS) -> None:
    """Do every proof on one world, looking at *most* situations of a group."""
    before = len(report.findings)
    Proving(world, report, most).all()
    if len(report.findings) == before:
        report.proved.append(_sound(world))


@dataclass
class Proving:
    """The proofs of one world, in their order."""

    world: World
    report: Report
    most: int
    domains: Domains = field(init=False)
    flows: dict[str, Flow] = field(default_factory=dict)
    parts: dict[tuple[str, tuple[Subject, ...]], Part] = field(default_factory=dict)
    explored: list[Explored] = field(default_factory=list)

    def all(self) -> None:
        self.domains = Domains(self.world)
        self.flows[MAIN] = flow_of(self.domains, MAIN, {})
        lent = lent_by(self.flows[MAIN])
        for owner in self.world.children:
            self.flows[owner] = flow_of(self.domains, owner, lent)
        prove_waiting(self.world, self.flows, self.report)
        for owner, _ in self.world.members():
            flow = self.flows[owner]
            prove_branching(flow, self.report)
            prove_reaching(flow, self.report)
            prove_limits(flow, self.report)
            prove_signers(self.world, owner, self.report)
        self.explore()
        for owner, _ in self.world.members():
            prove_loops(self.flows[owner], self.alive(owner), self.report)
        self.release()

    def explore(self) -> None:
        groups, alone = groups_of(self.world, self.domains)
        for number, group in enumerate(groups):
            found = self.together(group, first=number == 0)
            if found is None:
                names = "、".join(group) or self.world.main.name
                place = f"matters.{group[0]}" if group else "procedure"
                values = {"names": Text(names, names.replace("、", ", ")), "most": self.most}
                self.report.found(self.world.main.name, place, "not_proved", (), **values)
                continue
            self.explored.append(found)
            self.report.proved.append(_looked_at(self.world, group, len(found.rows), self.most))
            known = {(finding.procedure, finding.code) for finding in self.report.findings}
            for finding in self.faults(found, group, first=number == 0):
                # What cannot end by itself cannot end with others either.
                if finding.code != "stuck" or (finding.procedure, "cannot_end") not in known:
                    self.report.add(finding)
        if alone:
            self.report.proved.append(_alone(self.world, alone))

    def faults(self, found: Explored, group: tuple[str, ...], *, first: bool) -> list[Finding]:
        """Return what is wrong in *found*; where the group can be explored as it is written, with whole ways."""
        collapsed_ones = Report()
        prove_situations(found, collapsed_ones)
        if not collapsed_ones.findings:
            return []
        for whole, most in ((True, SMALL), (False, self.most)):
            again = Report()
            try:
                prove_situations(self.space(group, True, first=True, whole=whole).explore(most), again)
            except TooMany:
                continue
            if again.findings:
                return again.findings
        return collapsed_ones.findings

    def together(self, group: tuple[str, ...], *, first: bool) -> Explored | None:
        """Return everything *group* can come to with its case; None where that is too much."""
        for facts in (True, False):
            try:
                space = self.space(group, facts, first=first)
                return space.explore(self.most)
            except TooMany:
                if facts and not any(part.tracked for part in space.parts.values()):
                    return None
        return None

    def space(self, group: tuple[str, ...], facts: bool, *, first: bool, whole: bool = False) -> Space:
        """Return *group* with its case, not explored yet; *whole*: with every state as it is written."""
        main = self.part(MAIN, facts, group, first=first or whole)
        clocks = self.world.clocks if first or whole or any(timed(self.world, kind) for kind in group) else {}
        kinds = self.world.main.matters
        blocking = [kind for kind in group if kind in kinds and kinds[kind].at_end == "blocks"]
        parts = {MAIN: main, **{kind: self.part(kind, facts, (), first=True) for kind in group}}
        still = first or whole or stops(self.world, group)
        seen = {o: among(part, group, main.tracked, clocks, blocking, still) for o, part in parts.items()}
        if not whole:
            seen = {
                owner: collapsed(part, self.key(part, group, clocks, first)) for owner, part in seen.items()
            }
        unlisted = [kind for kind in group if may_be_unlisted(self.flows, kind)]
        return Space(self.domains, seen, openers(self.world, group, self.onward), tuple(clocks), unlisted)

    def key(self, part: Part, group: tuple[str, ...], clocks: Collection[str], first: bool) -> Key:
        """Return what tells places of *part* apart that must not be made one."""
        owner = part.owner
        subject = Subject("matter", MAIN, owner)
        lent = {*self.lent(group)} if owner == MAIN else set()
        told = [number for number, fact in enumerate(part.tracked) if fact in lent]
        alike = (
            {value: n for n, values in enumerate(self.domains.alike(subject)) for value in values}
            if owner
            else {}
        )
        ends: dict[str | None, object] = {}
        for n, value in enumerate(self.domains.values(subject) if owner else ()):
            if isinstance(value, tuple) and len(value) == 1:
                ends[value[0]] = alike[n]

        def told_apart(place: Place) -> Hashable:
            state = place.state
            outcome = ends.get(state.outcome, state.outcome) if owner else None
            awaited = state.awaits_matter if state.awaits_matter in group else None
            clock = state.clock if state.clock in clocks else None
            facts = tuple(place.facts[number] for number in told)
            return state.final, outcome, awaited, clock, facts, state.name if first and owner == MAIN else ""

        return told_apart

    @cached_property
    def onward(self) -> Mapping[str, tuple[str, ...]]:
        """The ways of the case from state to state."""
        flow = self.flows[MAIN]
        return {name: tuple(target for _, target in flow.targets(name)) for name in flow.held}

    def lent(self, group: tuple[str, ...]) -> tuple[Subject, ...]:
        """Return the facts of the case that guards of *group* ask about, or reactions of the case to the group."""
        asked = [
            s
            for kind in group
            for s in subjects_of(self.domains, kind, *guards_of(self.world.children[kind]))
        ]
        waiting = (r.when for state in self.world.main.states.values() for r in state.reactions)
        for guard in waiting:
            asked += subjects_of(self.domains, MAIN, guard) if kinds_in(guard) & {*group} else ()
        return tuple(subject for subject in asked if subject.kind == "fact" and subject.owner == MAIN)

    def part(self, owner: str, facts: bool, group: tuple[str, ...], *, first: bool) -> Part:
        """Return *owner*'s part, with *facts* those told apart that guards of the *group* remember.

        Of the case's own guards only the *first* group is looked at with what they remember.
        """
        flow = self.flows[owner]
        tracked = tracked_facts(flow, self.lent(group) if owner == MAIN else (), own=first) if facts else ()
        key = (owner, tracked)
        if key not in self.parts:
            self.parts[key] = part_of(flow, tracked)
        return self.parts[key]

    def alive(self, owner: str) -> Callable[[str, State], bool]:
        """Return whether a clock is known to run, or stand still, whenever *owner* is in a state."""
        known = {clock: always_running(self.explored, owner, clock) for clock in self.world.clocks}
        return lambda clock, state: known[clock](state) if clock in known else self.world.alone

    def release(self) -> None:
        chains: dict[str, Signed] = {}
        for owner, procedure in self.world.members():
            try:
                signed = prove_signatures(
                    self.flows[owner], tracked_facts(self.flows[owner], (), own=True), self.report
                )
            except TooMany:
                values = {"names": procedure.title, "most": self.most}
                self.report.found(procedure.name, "chain", "not_proved", (), **values)
                continue
            if signed is not None:
                chains[owner] = signed
                self.report.proved.append(_signed(procedure, signed))
        for owner, _ in self.world.members():
            prove_release(self.flows[owner], chains, self.report)
            self.repeating(owner)

    def repeating(self, owner: str) -> None:
        procedure = self.world.procedure_of(owner)
        reviewed = {**self.world.main.reviewed, **procedure.reviewed}
        if not {*reviewed} & {*procedure.documents}:
            return
        try:
            prove_repeating(self.flows[owner], self.part(owner, True, (), first=True), self.report)
        except TooMany:
            values = {"names": procedure.title, "most": self.most}
            self.report.found(procedure.name, "documents", "not_proved", (), **values)


def _sound(world: World) -> Text:
    title, n = world.main.title, len(world.children) - len(world.assumed)
    said = Text(
        f"“{title.zh}”及其{n}种事项：各项证明全部成立。",
        f"“{title.en}” and its kinds of matter ({n}): every proof holds.",
    )
    if not world.assumed:
        return said
    kinds = "、".join(world.assumed)
    return Text(
        f"{said.zh}未提供程序的事项（{kinds}）按可能有条件所问的任一结果处理。",
        f"{said.en} Matters whose procedure was not given ({', '.join(world.assumed)}) are taken to end in any way asked about.",
    )


def _looked_at(world: World, group: tuple[str, ...], n: int, most: int) -> Text:
    title = world.main.title
    if not group:
        return Text(
            f"“{title.zh}”：单独探查{n}种情形（上限{most}）。",
            f"“{title.en}”: explored by itself; situations: {n} (at most {most}).",
        )
    titles = [_called(world, kind) for kind in group]
    return Text(
        f"“{title.zh}”与“{'”“'.join(t.zh for t in titles)}”：探查{n}种情形（上限{most}，每种事项一件）。",
        f"“{title.en}” with “{'”, “'.join(t.en for t in titles)}”: explored together; situations: {n} "
        f"(at most {most}, one matter of each kind).",
    )


def _called(world: World, kind: str) -> Text:
    """Return the title of *kind*'s procedure, with its own name where several kinds run by that procedure."""
    title = world.procedure_of(kind).title
    if sum(child.title == title for child in world.children.values()) == 1:
        return title
    return Text(f"{title.zh}（{kind}）", f"{title.en} ({kind})")


def _alone(world: World, kinds: tuple[str, ...]) -> Text:
    titles = [_called(world, kind) for kind in kinds]
    return Text(
        f"“{world.main.title.zh}”：与其他互不影响、单独证明的事项：{'、'.join(t.zh for t in titles)}。",
        f"“{world.main.title.en}”: proved by themselves, since nothing else can tell what they do: "
        f"{', '.join(t.en for t in titles)}.",
    )


def _signed(procedure: Procedure, signed: Signed) -> Text:
    n = len(procedure.levels)
    return Text(
        f"“{procedure.title.zh}”：{n}级签署，探查{signed.explored}种情形。",
        f"“{procedure.title.en}”: signatures at all levels ({n}); situations: {signed.explored}.",
    )
