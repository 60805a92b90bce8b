"""Migration proposals: what a proposal of a migration holds, read from its payload and written into it; its words.

Room for: the payload's shape, which of its matters are still to be done, the text other pages show of it.
May not enter: proposing, approving and carrying out (`migrating.py`), how proposals are kept (`engine/store/proposals.py`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from engine.errors import UnknownName
from engine.model.answers import Refusal
from engine.model.events import Event
from engine.model.rules import Rules
from engine.service.foreseeing import Plan, migrated_by
from engine.service.migration_pages import MigrationLine, MigrationPage
from engine.service.office import Unit
from engine.store.proposals import Proposal
from engine.text import Text, counted, together

MOST_NAMED = 10
"""How many cases a sentence names."""


@dataclass(frozen=True, slots=True)
class Item:
    """One matter of a proposal: what it would come to when it was proposed."""

    case: str
    number: str
    matter: str
    result: Mapping[str, Any]


@dataclass(frozen=True)
class Migration:
    """The payload of a proposal: what it does to which matters."""

    procedure: str
    to: str
    states: Mapping[str, str]
    undoes: int | None
    items: tuple[Item, ...]

    @classmethod
    def of(cls, page: MigrationPage) -> Migration:
        """Return what proposing *page* puts down: the matters that can be migrated; the others stay as they are."""
        items = tuple(Item(line.case, line.number, line.matter, line.result) for line in page.able)
        return cls(page.procedure, page.to, page.states, page.undoes, items)

    @property
    def plan(self) -> Plan:
        """What is to become of its matters."""
        return Plan(self.procedure, self.to, self.states, self.undoes)

    @cached_property
    def cases(self) -> tuple[str, ...]:
        """The ids of its cases, each once."""
        return tuple(self._by_case)

    @cached_property
    def _by_case(self) -> Mapping[str, Mapping[str, Item]]:
        found: dict[str, dict[str, Item]] = {}
        for item in self.items:
            found.setdefault(item.case, {})[item.matter] = item
        return found

    def of_case(self, id: str) -> Mapping[str, Item]:
        """Return the matters of one case, by id."""
        return self._by_case.get(id, {})

    def left_of(self, id: str, history: tuple[Event, ...], number: int) -> Mapping[str, Item]:
        """Return those of one case that proposal *number*, which this is, has not migrated yet by its *history*."""
        done = migrated_by(history, number)
        return {matter: item for matter, item in self.of_case(id).items() if matter not in done}

    def payload(self) -> dict[str, Any]:
        """Return it as plain JSON values."""
        return {
            "procedure": self.procedure, "to": self.to, "map": dict(self.states), "undoes": self.undoes,
            "items": [[i.case, i.number, i.matter, dict(i.result)] for i in self.items],
        }  # fmt: skip


def migration_of(proposal: Proposal) -> Migration:
    """Return what a proposal of this kind holds."""
    plain = proposal.payload
    items = tuple(Item(*item) for item in plain["items"])
    return Migration(plain["procedure"], plain["to"], plain["map"], plain["undoes"], items)


def there(unit: Unit, number: int) -> Proposal:
    """Return the proposal of a migration with this number. Raises UnknownName."""
    found = unit.proposals.get(number)
    if found is None or found.kind != "migrate":
        raise UnknownName(
            Text(
                f"没有第{number}号转版提请。请用 anxu migrate --list 查看。",
                f"There is no proposal {number} of a migration. See anxu migrate --list.",
            )
        )
    return found


def title_of(rules: Rules, plan: Plan) -> Text:
    """Return the title of the procedure a plan is about, in the version it goes to, or as it is in force."""
    found = rules.definitions.get(plan.to) or rules.newest(plan.procedure)
    return found.title if found else Text(plan.procedure, plan.procedure)


def changed_since(number: int, lines: Sequence[MigrationLine]) -> Refusal:
    """Some matters would not come out as proposal *number* says."""
    named = together(Text(id, id) for id in dict.fromkeys(line.number for line in lines[:MOST_NAMED]))
    more = len(lines) - MOST_NAMED
    return Refusal(
        code="changed_since",
        reason=Text(
            f"第{number}号提请之后有{len(lines)}件情况已变：{named.zh}{f' 等另{more}件' if more > 0 else ''}。",
            f"Since proposal {number} was made {counted(len(lines), 'matter has', 'matters have')} changed: {named.en}{f' and {more} more' if more > 0 else ''}.",
        ),
        guard="proposal",
        fact=", ".join(dict.fromkeys(line.number for line in lines)),
        enables=Text(
            "请重新提请，或加 --skip-changed 先转其余各件", "Propose it anew, or let the others go on with --skip-changed"
        ),
    )  # fmt: skip


def proposal_text(rules: Rules, proposal: Proposal) -> Text:
    """Return in one sentence what a proposal of a migration would do, for a page that lists proposals of every kind."""
    migration = migration_of(proposal)
    title, n = title_of(rules, migration.plan), len(migration.items)
    if migration.undoes is not None:
        return Text(
            "撤销第{undone}号转版：“{title}”{n}件恢复原版本",
            "undo migration {undone}: {matters} of “{title}” back to the earlier version",
        ).filled(undone=migration.undoes, title=title, n=n, matters=counted(n, "matter"))
    states = [f"{old} → {new}" for old, new in migration.states.items()]
    how = Text(f"（{'、'.join(states)}）", f" ({', '.join(states)})") if states else Text("", "")
    return Text(
        "“{title}”{n}件在办事项改按版本{to}办理{how}",
        "{matters} of “{title}” to go on under version {to}{how}",
    ).filled(title=title, n=n, matters=counted(n, "open matter"), to=migration.to[:12], how=how)
