"""Guard words: a guard in the words of the people it concerns: titles of facts, choices, matters, outcomes, relations.

Room for: one sentence a kind of clause.
May not enter: whether a guard holds (`engine/model/guards.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from engine.model.guards import (
    ActorIs,
    All,
    Any,
    Compare,
    Comparison,
    CountHolders,
    CountNamed,
    CountOf,
    EveryMatterIs,
    Guard,
    IsSet,
    MatterIs,
    NamedIs,
    NoMatterOpen,
    Not,
    OneOf,
    Value,
)
from engine.model.procedure import RECUSED, Fact, Procedure
from engine.text import Text

_BETWEEN = {
    "=": Text("为", "is"),
    "!=": Text("不为", "is not"),
    "<": Text("小于", "is less than"),
    "<=": Text("不超过", "is at most"),
    ">": Text("大于", "is more than"),
    ">=": Text("不少于", "is at least"),
}

_PARTIES = {
    "claimant": Text("申请人", "claimants"),
    "respondent": Text("被申请人", "respondents"),
    "third_party": Text("第三人", "third parties"),
}

_ALWAYS = {
    "open": Text("正在办理", "open"),
    "absent": Text("尚未开始", "not begun"),
    "ended": Text("已办结", "finished"),
    "cancelled": Text("已终止", "cancelled"),
}


@dataclass(frozen=True, slots=True)
class GuardWords:
    """The names a guard is told with: those of *procedure*, of the *main* one, and of the matters *children* by kind."""

    procedure: Procedure
    main: Procedure
    children: Mapping[str, Procedure]

    def said(self, guard: Guard) -> Text:
        """Return *guard* as a clause without full stop."""
        match guard:
            case IsSet(fact=fact):
                title = self._fact(fact)
                return Text(f"已填写“{title.zh}”", f"“{title.en}” is known")
            case Compare(fact=fact, is_=is_, value=value):
                title, shown = self._fact(fact), self._value(fact, value)
                return Text(
                    f"“{title.zh}”{_BETWEEN[is_].zh}{shown.zh}", f"“{title.en}” {_BETWEEN[is_].en} {shown.en}"
                )
            case OneOf(fact, values):
                title, each = self._fact(fact), [self._value(fact, value) for value in values]
                zh, en = "、".join(s.zh for s in each), ", ".join(s.en for s in each)
                return Text(f"“{title.zh}”为{zh}之一", f"“{title.en}” is one of {en}")
            case Not(part):
                inner = self.said(part)
                return Text(f"并非{inner.zh}", f"it is not so that {inner.en}")
            case All(parts):
                return self._joined(parts, "，且", " and ")
            case Any(parts):
                return self._joined(parts, "，或", " or ")
            case ActorIs(relation):
                title = self._relation(relation)
                return Text(f"办理人是{title.zh}", f"the person acting is {title.en}")
            case NamedIs(fact, relation):
                title, held = self._fact(fact), self._relation(relation)
                return Text(f"“{title.zh}”是{held.zh}", f"“{title.en}” is {held.en}")
            case CountOf(role, is_, number):
                return _count(_PARTIES[role], is_, number)
            case CountHolders(relation, is_, number):
                return _count(self._relation(relation), is_, number)
            case CountNamed(fact, is_, number):
                declared = self._declared(fact)
                cases = declared is not None and declared.type == "cases"
                return _count(self._fact(fact), is_, number, "件数" if cases else "人数")
            case _:
                return self._matters(guard)

    def _matters(self, guard: MatterIs | EveryMatterIs | NoMatterOpen) -> Text:
        title = self._matter(guard.kind)
        if isinstance(guard, NoMatterOpen):
            return Text(f"没有正在办理的“{title.zh}”", f"no “{title.en}” is open")
        outcome = self._outcome(guard.kind, guard.outcome)
        if isinstance(guard, EveryMatterIs):
            return Text(f"每一件“{title.zh}”都{outcome.zh}", f"every “{title.en}” is {outcome.en}")
        return Text(f"“{title.zh}”{outcome.zh}", f"“{title.en}” is {outcome.en}")

    def _joined(self, parts: tuple[Guard, ...], zh: str, en: str) -> Text:
        said = [self.said(part) for part in parts]
        return Text(zh.join(s.zh for s in said), en.join(s.en for s in said))

    def _declared(self, name: str) -> Fact | None:
        return self.procedure.facts.get(name) or self.main.facts.get(name)

    def _fact(self, name: str) -> Text:
        fact = self._declared(name)
        return fact.title if fact else Text(name, name)

    def _value(self, name: str, value: Value) -> Text:
        fact = self._declared(name)
        if fact and str(value) in fact.choices:
            return fact.choices[str(value)]
        if isinstance(value, bool):
            return Text("是", "yes") if value else Text("否", "no")
        return Text(str(value), str(value))

    def _relation(self, name: str) -> Text:
        if name == RECUSED:
            return Text("已回避人员", "somebody who stepped back")
        found = self.procedure.persons.get(name) or self.main.persons.get(name)
        return found.title if found else Text(name, name)

    def _matter(self, kind: str) -> Text:
        child = self.children.get(kind)
        return child.title if child else Text(kind, kind)

    def _outcome(self, kind: str, outcome: str) -> Text:
        if outcome in _ALWAYS:
            return _ALWAYS[outcome]
        child = self.children.get(kind)
        states = child.states.values() if child else ()
        return next((s.title for s in states if s.outcome == outcome), Text(outcome, outcome))


def _count(what: Text, is_: Comparison, number: int, unit: str = "人数") -> Text:
    between = _BETWEEN[is_]
    return Text(f"{what.zh}{unit}{between.zh}{number}", f"the number of {what.en} {between.en} {number}")
