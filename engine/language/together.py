"""Together: whether the register and its procedures fit each other.

Room for: registered files and fragments, roles declared twice, ladders and their recipients, matters and the outcomes waited for.
May not enter: one file alone (`procedure.py`, `register.py`), targets (`policies.py`), what is lent to matters (`lending.py`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from engine.language.declared import RECIPIENTS
from engine.language.fragments import Fragment, read_fragment
from engine.language.handing import check_handing
from engine.language.late_entries import check_late_entries
from engine.language.lending import check_extensions, check_lending, terms_of
from engine.language.nodes import Scalar
from engine.language.pages import Page, Pages
from engine.language.policies import check_targets
from engine.language.problem import Problem, in_order
from engine.model.guards import EveryMatterIs, Guard, MatterIs, Not, clauses
from engine.model.procedure import RECUSED, Procedure, State
from engine.model.register import Register
from engine.text import Text


def check_together(
    register: Register, procedures: Mapping[str, Procedure], files: Mapping[str, str]
) -> tuple[Problem, ...]:
    """Return every problem between *register* and *procedures* (by name), by file and place; none when all fit.

    *files* are the texts by path, the register's own among them. A procedure that is registered but
    not in *procedures* has problems of its own and is left out here. What was checked lately is not checked again.
    """
    return _checked(_Given(register, dict(procedures), dict(files)))


@dataclass(frozen=True)
class _Given:
    """What is checked together: the same texts, and the same as read."""

    register: Register
    procedures: Mapping[str, Procedure]
    files: Mapping[str, str]

    def __hash__(self) -> int:
        return hash(frozenset(self.files.items()))


# What is proposed is checked when it is put forward, looked at and approved, mostly with nothing changed in between.
@lru_cache(maxsize=8)
def _checked(given: _Given) -> tuple[Problem, ...]:
    register, procedures, files = given.register, given.procedures, given.files
    pages = Pages.of(register, procedures, files)
    _check_registered(register, procedures, files, pages)
    _check_fragments(register, files, pages)
    _check_roles(register, procedures, pages)
    check_targets(register, procedures, pages.register)
    for procedure in procedures.values():
        _check_ladders(register, procedure, pages.procedures[procedure.name])
        if procedure.borrowed is None:
            _check_main(register, procedure, procedures, pages)
    _check_rungs(register, procedures, pages.register)
    return in_order([problem for source in pages.sources() for problem in source.found])


def _check_registered(
    register: Register, procedures: Mapping[str, Procedure], files: Mapping[str, str], pages: Pages
) -> None:
    page = pages.register
    for name, entry in register.procedures.items():
        if entry.file not in files:
            page.problem(f"procedures.{name}.file", "file_not_given", file=entry.file)
            continue
        written = pages.procedures[name].root.get("procedure")
        if isinstance(written, Scalar) and written.text != name:
            page.problem(f"procedures.{name}", "name_differs", name=name, file=entry.file, found=written.text)
        procedure = procedures.get(name)
        if procedure and procedure.borrowed is None and entry.number is None:
            page.problem(f"procedures.{name}", "not_numbered", name=name)


def _check_fragments(register: Register, files: Mapping[str, str], pages: Pages) -> None:
    used = {name for page in pages.procedures.values() for name in page.uses}
    for name, file in register.fragments.items():
        read = read_fragment(files[file], file) if file in files else None
        if isinstance(read, Fragment) and read.name != name:
            pages.register.problem(
                f"fragments.{name}", "fragment_differs", name=name, file=file, found=read.name
            )
        elif name not in used:
            pages.register.problem(f"fragments.{name}", "fragment_unused", name=name)
        elif file not in files:
            pages.register.problem(f"fragments.{name}", "file_not_given", file=file)


def _check_roles(register: Register, procedures: Mapping[str, Procedure], pages: Pages) -> None:
    """Note a role that two procedures, or one and the register, call by different titles."""
    known = {name: (title, Text("登记册中", "the register")) for name, title in register.roles.items()}
    for procedure in procedures.values():
        page = pages.procedures[procedure.name]
        for name, here in procedure.roles.items():
            there, where = known.setdefault(name, (here, _placed(page, f"roles.{name}")))
            if there != here:
                page.problem(f"roles.{name}", "role_differs", name=name, here=here, there=there, where=where)


def _placed(page: Page, path: str) -> Text:
    file, line = page.source.place(page.located.at(path))
    return Text(f"{file}第{line}行", f"{file} line {line}")


def _check_main(
    register: Register, main: Procedure, procedures: Mapping[str, Procedure], pages: Pages
) -> None:
    page = pages.procedures[main.name]
    check_extensions(main, main, page)
    children: dict[str, Procedure] = {}
    for kind in main.matters.values():
        child = procedures.get(kind.procedure)
        if child is not None and child.borrowed is None:
            page.problem(f"matters.{kind.name}.procedure", "not_a_matter", name=child.name)
        elif child is not None:
            children[kind.name] = child
            check_lending(main, child, pages.procedures[child.name])
            check_extensions(main, child, pages.procedures[child.name])
        elif kind.procedure not in register.procedures:
            mark = page.located.at(f"matters.{kind.name}.procedure")
            page.source.unknown("procedure", mark, kind.procedure, register.procedures)
    outcomes = {kind: child.outcomes for kind, child in children.items()}
    check_late_entries(main, children, pages)
    check_handing(main, children, pages)
    for procedure in (main, *children.values()):
        place = pages.procedures[procedure.name]
        for path, guard in _guards(procedure):
            _check_outcomes(guard, outcomes, place, path)
        for name, state in procedure.states.items():
            _check_answers(state, outcomes, place, f"states.{name}.on")


def _guards(procedure: Procedure) -> Iterator[tuple[str, Guard]]:
    """Yield every guard with the path of the text it was read from."""
    for name, state in procedure.states.items():
        for number, reaction in enumerate(state.reactions):
            yield f"states.{name}.on.{number}.when", reaction.when
        for move in state.moves.values():
            path = f"states.{name}.moves.{move.name}"
            for number, requirement in enumerate(move.requires):
                yield f"{path}.requires.{number}.that", requirement.that
            for number, branch in enumerate(move.branches):
                if branch.when:
                    yield f"{path}.to.{number}.when", branch.when


def _check_outcomes(guard: Guard, outcomes: Mapping[str, frozenset[str]], page: Page, path: str) -> None:
    for clause in clauses(guard):
        if not isinstance(clause, MatterIs | EveryMatterIs) or clause.kind not in outcomes:
            continue
        always = {"open", "absent"} if isinstance(clause, MatterIs) else {"ended"}
        known = {*outcomes[clause.kind], *always}
        if clause.outcome not in known:
            mark = page.source.part(page.located.at(path), clause.outcome)
            page.source.unknown("outcome", mark, clause.outcome, known)


def _check_answers(state: State, outcomes: Mapping[str, frozenset[str]], page: Page, path: str) -> None:
    """Note each outcome of the awaited matter after which the case would wait for ever."""
    kind = state.awaits_matter or ""
    if kind not in outcomes or any(isinstance(r.when, Not) for r in state.reactions):
        return
    answered: set[str] = set()
    for reaction in state.reactions:
        for clause in clauses(reaction.when):
            if isinstance(clause, MatterIs | EveryMatterIs) and clause.kind == kind:
                answered |= outcomes[kind] if clause.outcome == "ended" else {clause.outcome}
    if answered - outcomes[kind] - {"open", "absent"}:
        # An outcome that is misspelt is told as such; what it leaves unanswered is the same slip.
        return
    for outcome in sorted(outcomes[kind] - answered):
        page.problem(path, "outcome_unanswered", state=state.name, kind=kind, outcome=outcome)


def _check_ladders(register: Register, procedure: Procedure, page: Page) -> None:
    for path, ladder in ladders_of(procedure):
        if ladder not in register.ladders:
            page.source.unknown("ladder", page.located.at(path), ladder, register.ladders)
        elif procedure.handler is None and any("handler" in r.to for r in register.ladders[ladder]):
            page.problem(path, "handler_needed", ladder=ladder, name=procedure.name)


def ladders_of(procedure: Procedure) -> Iterator[tuple[str, str]]:
    """Yield every ladder *procedure* names, with the path of where it does."""
    for name, clock in procedure.clocks.items():
        if clock.ladder:
            yield f"clocks.{name}.ladder", clock.ladder
    for path, term in terms_of(procedure):
        if term.ladder:
            yield f"{path}.ladder", term.ladder


def _check_rungs(register: Register, procedures: Mapping[str, Procedure], page: Page) -> None:
    relations = {name for procedure in procedures.values() for name in procedure.persons}
    roles = {name for procedure in procedures.values() for name in procedure.roles}
    known = {*register.roles, *roles, *relations, RECUSED, *RECIPIENTS}
    using = {name: {ladder for _, ladder in ladders_of(p)} for name, p in procedures.items()}
    for name, ladder in register.ladders.items():
        mains = _mains_using(name, procedures, using)
        for number, rung in enumerate(ladder):
            path = f"ladders.{name}.{number}"
            for place, recipient in enumerate(rung.to):
                if recipient not in known:
                    mark = page.located.at(f"{path}.to.{place}")
                    page.source.unknown("recipient", mark, recipient, known)
            for main in mains if rung.opens else ():
                if rung.opens and rung.opens not in main.matters:
                    mark = page.located.at(f"{path}.opens")
                    page.source.unknown("matter", mark, rung.opens, main.matters)


def _mains_using(
    ladder: str, procedures: Mapping[str, Procedure], ladders: Mapping[str, Collection[str]]
) -> list[Procedure]:
    """Return the main procedures in which *ladder* can fire; every one where none names it yet."""
    mains = [procedure for procedure in procedures.values() if procedure.borrowed is None]
    using = {name for name, named in ladders.items() if ladder in named}
    fired = [
        main
        for main in mains
        if main.name in using or any(kind.procedure in using for kind in main.matters.values())
    ]
    return fired or mains
