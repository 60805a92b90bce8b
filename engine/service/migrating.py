"""Migrating: open cases are brought to another version of their definition: tried, proposed, approved, carried out, undone.

Room for: which matters, proposals of two persons, one commit a case that an interruption leaves whole.
May not enter: what stands in a matter's way (`engine/core/migrating.py`), one case before and after (`foreseeing.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime

import structlog

from engine.core.migrating import MIGRATED, Order
from engine.errors import AnxuError, StoreAway, WrongUse
from engine.model.answers import Refusal
from engine.model.rules import Rules
from engine.service.foreseeing import Foreseen, Plan, foreseen, migrated_by
from engine.service.migration_pages import CarriedOut, Left, MigrationLine, MigrationPage
from engine.service.migration_proposals import (
    Item,
    Migration,
    changed_since,
    migration_of,
    there,
    title_of,
)
from engine.service.migration_scope import plan_of
from engine.service.office import Office, Unit
from engine.service.persisting import begun, retried
from engine.service.reprojecting import Progress, caught_up
from engine.service.second_person import as_one_with, may_decide, may_not_decide, may_not_withdraw, worded
from engine.service.staff import known_person
from engine.store.proposals import Outcome, Proposal
from engine.text import Text

log = structlog.get_logger(__name__)

BATCH = 200

CARRIED = Text(
    "提请已批准，已转版的事项有效。请再次批准以继续，不会重复",
    "the proposal is approved and what was migrated stands. Approve it again to go on: nothing is done twice",
)


class Migrations:
    """Open cases of one institution brought to other versions of their definitions; *now* tells the time."""

    def __init__(self, office: Office, now: Callable[[], datetime]) -> None:
        self._office = office
        self._now = now

    def tried(
        self, procedure: str, *, states: Mapping[str, str] | None = None, cases: Sequence[str] | None = None,
        to: str | None = None,
    ) -> MigrationPage:  # fmt: skip
        """Return what bringing the open matters of *procedure* to another version would change. Writes nothing.

        *states* names counterparts (old -> new), *cases* the only cases meant, *to* the beginning of the version's
        hash (None: the one in force). Raises UnknownName for a procedure, state or version, UnknownCase.
        """
        at = self._now()
        with self._office.reading(at) as unit:
            plan, ids = plan_of(unit, procedure, states or {}, cases, to)
        return self._page(plan, self._foreseen(plan, ids, at))

    def propose(
        self, procedure: str, by: str, *, states: Mapping[str, str] | None = None,
        cases: Sequence[str] | None = None, to: str | None = None,
    ) -> MigrationPage | Refusal:  # fmt: skip
        """Try it and write down that *by* proposes it. A Refusal where no matter could be migrated."""
        page = self.tried(procedure, states=states, cases=cases, to=to)
        return self._proposed(page, by)

    def undoing(self, number: int) -> MigrationPage:
        """Return what undoing proposal *number* would change. Writes nothing. Raises UnknownName, WrongUse."""
        at = self._now()
        with self._office.reading(at) as unit:
            undone = migration_of(there(unit, number))
            if undone.undoes is not None or there(unit, number).outcome != "approved":
                raise WrongUse(
                    Text(
                        f"第{number}号不是已批准的转版提请，不能恢复。",
                        f"Proposal {number} is no migration that was approved; it cannot be undone.",
                    )
                )
        plan = Plan(undone.procedure, undoes=number)
        return self._page(plan, self._foreseen(plan, undone.cases, at))

    def propose_undoing(self, number: int, by: str) -> MigrationPage | Refusal:
        """Try it and write down that *by* proposes to undo proposal *number*."""
        return self._proposed(self.undoing(number), by)

    def approve(
        self, number: int, by: str, *, skip_changed: bool = False, progress: Progress | None = None
    ) -> CarriedOut | Refusal:
        """Approve a proposal as a second person and carry it out, one commit a case.

        It is computed anew first. A matter that would not come out as proposed is named and refuses the whole, unless
        *skip_changed* lets the others go on. One that was interrupted is finished by asking for the same again, or by
        `resume`: what was done is not done again. Raises UnknownName.
        """
        at = self._now()
        with self._office.reading(at) as unit:
            known_person(unit.rules, by)
            proposal = there(unit, number)
            approved = proposal.outcome == "approved"
            if not approved and (refusal := may_not_decide(unit.rules, proposal, by, at)):
                return refusal
        if not approved:
            changed = self._changed(migration_of(proposal), number, at)
            if changed and not skip_changed:
                return changed_since(number, changed)
            if refusal := self._ended(number, by, at, "approved", may_not_decide):
                return refusal
        with begun(CARRIED):
            return self._carried_out(proposal, at, progress)

    def resume(self, number: int, *, progress: Progress | None = None) -> CarriedOut:
        """Finish carrying out a proposal that was approved and interrupted. Raises UnknownName, WrongUse."""
        at = self._now()
        with self._office.reading(at) as unit:
            proposal = there(unit, number)
        if proposal.outcome != "approved":
            raise WrongUse(
                Text(
                    f"第{number}号提请尚未批准，没有可继续的事。",
                    f"Proposal {number} has not been approved; there is nothing to go on with.",
                )
            )
        with begun(CARRIED):
            return self._carried_out(proposal, at, progress)

    def reject(self, number: int, by: str, reason: str) -> MigrationPage | Refusal:
        """Turn a proposal down, saying why, by whoever could approve it. Raises UnknownName, WrongUse without a reason."""
        why, at = worded(reason), self._now()

        return self._ended(number, by, at, "rejected", may_not_decide, why) or self.proposal(number)

    def withdraw(self, number: int, by: str) -> MigrationPage | Refusal:
        """Take a proposal back, by the proposer or who stands in for them. Raises UnknownName."""
        return self._ended(number, by, self._now(), "withdrawn", may_not_withdraw) or self.proposal(number)

    def proposal(self, number: int) -> MigrationPage:
        """Return one proposal: what it would do today, or what became of it. Raises UnknownName."""
        at = self._now()
        with self._office.reading(at) as unit:
            proposal = there(unit, number)
        migration = migration_of(proposal)
        lines = self._computed(migration, number, at) if proposal.open else ()
        return self._page(migration.plan, lines, proposal)

    def proposals(self) -> tuple[MigrationPage, ...]:
        """Return every proposal of a migration without its matters, the oldest first."""
        with self._office.reading(self._now()) as unit:
            found = unit.proposals.all("migrate")
        return tuple(self._page(migration_of(one).plan, (), one) for one in found)

    # --- computing ----------------------------------------------------------------------------------------

    def _foreseen(self, plan: Plan, ids: Sequence[str], at: datetime) -> tuple[MigrationLine, ...]:
        lines: list[MigrationLine] = []
        for batch in _batches(ids):
            with self._office.reading(at) as unit:
                for id in batch:
                    lines += _of_case(unit, id, plan, Order(None, at)).lines
        return tuple(lines)

    def _computed(self, migration: Migration, number: int, at: datetime) -> tuple[MigrationLine, ...]:
        """The lines of a proposal as they would come out now; matters it has migrated already are left out."""
        lines: list[MigrationLine] = []
        for batch in _batches(migration.cases):
            with self._office.reading(at) as unit:
                for id in batch:
                    items = migration.left_of(id, unit.cases.history(id, MIGRATED), number)
                    lines += _of_case(unit, id, migration.plan, Order(None, at), items).lines
        return tuple(lines)

    def _changed(self, migration: Migration, number: int, at: datetime) -> tuple[MigrationLine, ...]:
        return tuple(line for line in self._computed(migration, number, at) if line.changed)

    def _page(
        self, plan: Plan, lines: tuple[MigrationLine, ...], proposal: Proposal | None = None
    ) -> MigrationPage:
        at = self._now()
        with self._office.reading(at) as unit:
            rules, title = unit.rules, title_of(unit.rules, plan)
            if proposal is None:
                return MigrationPage(plan.procedure, title, plan.to, plan.states, lines, plan.undoes)
            name = rules.people.name
            return MigrationPage(
                plan.procedure, title, plan.to, plan.states, lines, plan.undoes, proposal.number,
                name(proposal.by), proposal.at, proposal.outcome, name(proposal.decided_by), proposal.decided_at,
                proposal.reason,
                tuple(name(one) for one in may_decide(rules, proposal, at)),
                _done(unit, migration_of(proposal), proposal.number),
            )  # fmt: skip

    # --- deciding and carrying out ------------------------------------------------------------------------

    def _proposed(self, page: MigrationPage, by: str) -> MigrationPage | Refusal:
        at = self._now()

        def attempt() -> int:
            with self._office.writing(at, alone=True) as unit:
                known_person(unit.rules, by)
                payload = Migration.of(page).payload()
                return unit.proposals.propose(
                    "migrate", payload, by, at, as_one_with(unit.rules, by, at)
                ).number

        return self.proposal(retried(attempt)) if page.able else _nothing_to_do(page)

    def _ended(
        self, number: int, by: str, at: datetime, outcome: Outcome,
        may_not: Callable[[Rules, Proposal, str, datetime], Refusal | None], reason: str = "",
    ) -> Refusal | None:  # fmt: skip
        """Write down how a proposal ended, or return the Refusal of whoever *may_not* end it so."""

        def attempt() -> Refusal | None:
            with self._office.writing(at, alone=True) as unit:
                known_person(unit.rules, by)
                refusal = may_not(unit.rules, there(unit, number), by, at)
                if refusal is None:
                    unit.proposals.decide(number, outcome, by, at, reason)
                return refusal

        return retried(attempt)

    def _carried_out(self, proposal: Proposal, at: datetime, progress: Progress | None) -> CarriedOut:
        migration, number = migration_of(proposal), proposal.number
        with self._office.reading(at) as unit:
            by = there(unit, number).decided_by
        done: list[MigrationLine] = []
        left: list[Left] = []
        before = 0
        for n, id in enumerate(migration.cases):
            if progress:
                progress(n, len(migration.cases))
            try:
                lines, already = self._one_case(id, migration, number, Order(by, at, number))
            except StoreAway:
                raise
            except Exception as error:
                # One case that fails must not keep the others; whatever it is, it is said, and may be resumed.
                log.error("case_not_migrated", case=id, proposal=number, cause=_cause(error).en)
                left += [
                    Left(item.number, item.matter, _cause(error)) for item in migration.of_case(id).values()
                ]
                continue
            before += already
            done += [line for line in lines if line.refusal is None and not line.changed]
            left += [_left(line) for line in lines if line.refusal is not None or line.changed]
        if progress:
            progress(len(migration.cases), len(migration.cases))
        return CarriedOut(number, migration.undoes, tuple(done), before, tuple(left))

    def _one_case(
        self, id: str, migration: Migration, number: int, order: Order
    ) -> tuple[tuple[MigrationLine, ...], int]:
        """Migrate the matters of one case in a commit; return their lines, and how many had been migrated before."""

        def attempt() -> tuple[tuple[MigrationLine, ...], int]:
            with self._office.writing(order.at) as unit:
                # What is undone is folded anew; otherwise what was migrated is all that is asked of the events.
                history = unit.cases.history(id, MIGRATED if migration.undoes is None else None)
                items = migration.left_of(id, history, number)
                already = len(migration.of_case(id)) - len(items)
                if not items:
                    return (), already
                case = caught_up(unit, unit.cases.get(id), order.at)
                found = foreseen(unit.rules, case, history, migration.plan, order, _expected(items))
                if found.decision is None:
                    unit.give_up()
                else:
                    unit.cases.save(case, found.decision)
                return found.lines, already

        return retried(attempt)


# --- matters ----------------------------------------------------------------------------------------------


def _of_case(
    unit: Unit, id: str, plan: Plan, order: Order, items: Mapping[str, Item] | None = None
) -> Foreseen:
    if items is not None and not items:
        return Foreseen((), None)
    history = unit.cases.history(id) if plan.undoes is not None else ()
    expected = _expected(items) if items is not None else None
    return foreseen(unit.rules, unit.cases.get(id), history, plan, order, expected)


def _expected(items: Mapping[str, Item]) -> dict[str, Mapping[str, object]]:
    return {matter: item.result for matter, item in items.items()}


def _done(unit: Unit, migration: Migration, number: int) -> int:
    return sum(
        len(migrated_by(unit.cases.history(id, MIGRATED), number).keys() & migration.of_case(id).keys())
        for id in migration.cases
    )


def _batches(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    for first in range(0, len(ids), BATCH):
        yield ids[first : first + BATCH]


# --- words ------------------------------------------------------------------------------------------------


def _left(line: MigrationLine) -> Left:
    if line.refusal is not None:
        return Left(line.number, line.matter, line.refusal.reason)
    why = Text("与提请时不同，未转版", "it is not as it was proposed and was left")
    return Left(line.number, line.matter, why)


def _cause(error: Exception) -> Text:
    if isinstance(error, AnxuError):
        return error.sentence
    said = f"{type(error).__name__}: {error}"
    return Text(said, said)


def _nothing_to_do(page: MigrationPage) -> Refusal:
    stands = next((line.refusal.reason for line in page.lines if line.refusal), None)
    none = Text("没有在办事项停留在其他版本。", "No open matter is on another version.")
    return Refusal(
        code="nothing_to_migrate",
        reason=stands or none,
        guard="migration",
        enables=Text("请看试算结果（不加 --propose）", "See what stands in the way: leave --propose out"),
    )
