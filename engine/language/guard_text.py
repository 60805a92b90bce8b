"""Guard text: conditions as a lawyer writes them, read into the model's frozen trees.

Room for: the words of a guard, its grammar, and whether a fact can be compared so.
May not enter: YAML, whether a guard holds (`engine/model/guards.py`), calls or attributes of any kind.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Protocol, cast

from engine.language.problem import hint, listed
from engine.language.values import as_date, as_number
from engine.model.case import PARTY_TITLES
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
from engine.model.procedure import Fact
from engine.text import Text

LONGEST = 500
DEEPEST = 20
MOST_FAULTS = 5

_PERSONS = ("person", "persons")
_TOKEN = re.compile(r"\s*(?:(?P<word>[\w.-]+)|(?P<sign>!=|<=|>=|[=<>()\[\],]))")


class Names(Protocol):
    """What a guard may speak of; a fact without a type is borrowed and checked against the case later."""

    @property
    def facts(self) -> Mapping[str, Fact | None]: ...
    @property
    def kinds(self) -> Collection[str]: ...
    @property
    def relations(self) -> Collection[str]: ...


@dataclass(frozen=True, slots=True)
class GuardFault:
    """What is wrong with a guard: *width* characters from *offset* of its text, counted from 0."""

    offset: int
    width: int
    code: str
    values: Mapping[str, object]


def parse_guard(text: str, names: Names) -> Guard | tuple[GuardFault, ...]:
    """Return the guard written as *text*, or every name it gets wrong and the first place it cannot be read.

    Total: no text raises. ``not`` binds closer than ``and``, ``and`` closer than ``or``.
    """
    if len(text) > LONGEST:
        return (GuardFault(0, 1, "guard_too_long", {"most": LONGEST}),)
    parser = _Parser(names)
    try:
        parser.tokens = _tokens(text)
        guard = parser.any_of()
        parser.end()
    except _Unreadable as stop:
        return (*parser.faults, stop.fault)
    return tuple(parser.faults) or guard


class _Unreadable(Exception):
    """The rest of the guard makes no sense from here."""

    def __init__(self, fault: GuardFault) -> None:
        super().__init__(fault.code)
        self.fault = fault


@dataclass(frozen=True, slots=True)
class _Token:
    text: str
    offset: int


def _tokens(text: str) -> list[_Token]:
    found, at, end = [], 0, len(text.rstrip())
    while at < end:
        match = _TOKEN.match(text, at)
        if match is None:
            rest = text[at:]
            at += len(rest) - len(rest.lstrip())
            why = Text(f"不认识“{text[at]}”", f"'{text[at]}' has no meaning here")
            raise _Unreadable(GuardFault(at, 1, "guard_syntax", {"why": why}))
        name = match.lastgroup or "word"
        found.append(_Token(match[name], match.start(name)))
        at = match.end()
    return [*found, _Token("", end)]


@dataclass(slots=True)
class _Parser:
    names: Names
    tokens: list[_Token] = field(default_factory=list)
    at: int = 0
    depth: int = 0
    faults: list[GuardFault] = field(default_factory=list)

    def any_of(self) -> Guard:
        parts = [self.all_of()]
        while self.took("or"):
            parts.append(self.all_of())
        return parts[0] if len(parts) == 1 else Any(tuple(parts))

    def all_of(self) -> Guard:
        parts = [self.part()]
        while self.took("and"):
            parts.append(self.part())
        return parts[0] if len(parts) == 1 else All(tuple(parts))

    def part(self) -> Guard:
        self.depth += 1
        token = self.tokens[self.at]
        if self.depth > DEEPEST:
            raise _Unreadable(GuardFault(token.offset, 1, "guard_too_deep", {"most": DEEPEST}))
        if self.took("not"):
            guard: Guard = Not(self.part())
        elif self.took("("):
            guard = self.any_of()
            self.expect(")")
        else:
            guard = self.clause()
        self.depth -= 1
        return guard

    def clause(self) -> Guard:
        begins: Mapping[str, Callable[[], Guard]] = {
            "every": self.every,
            "no": self.none_open,
            "count": self.count,
            "actor": self.actor,
        }
        token = self.next()
        if token.text in begins:
            return begins[token.text]()
        if token.text in self.names.kinds:
            return self.matter(token)
        if token.text in self.names.facts:
            return self.fact(token)
        self.unknown("name", token, {*self.names.kinds, *self.names.facts})
        return self.anything(token)

    def every(self) -> Guard:
        kind = self.name("matter", self.names.kinds)
        self.expect("is")
        return EveryMatterIs(kind, self.word().text)

    def none_open(self) -> Guard:
        kind = self.name("matter", self.names.kinds)
        self.expect("is")
        self.expect("open")
        return NoMatterOpen(kind)

    def count(self) -> Guard:
        counted = self.word()
        is_, token = self.comparison(), self.word()
        if not (token.text.isascii() and token.text.isdecimal() and len(token.text) < 7):
            raise self.unreadable(token, Text("此处应为整数", "a whole number is meant here"))
        number = int(token.text)
        if counted.text in self.names.facts:
            fact = self.names.facts[counted.text]
            if fact is not None and fact.type not in ("persons", "cases"):
                self.mistyped(counted, fact)
            return CountNamed(counted.text, is_, number)
        if counted.text in self.names.relations:
            return CountHolders(counted.text, is_, number)
        if counted.text not in PARTY_TITLES:
            self.unknown("name", counted, {*PARTY_TITLES, *self.names.relations})
        return CountOf(counted.text, is_, number)

    def actor(self) -> Guard:
        self.expect("is")
        negated = self.took("not")
        holds = ActorIs(self.name("relation", self.names.relations))
        return Not(holds) if negated else holds

    def matter(self, kind: _Token) -> Guard:
        self.expect("is")
        negated = self.took("not")
        holds = MatterIs(kind.text, self.word().text)
        return Not(holds) if negated else holds

    def fact(self, name: _Token) -> Guard:
        known = self.names.facts[name.text]
        if self.took("is"):
            negated = self.took("not")
            if self.took("set"):
                return Not(IsSet(name.text)) if negated else IsSet(name.text)
            if self.names_persons(known):
                holds = NamedIs(name.text, self.name("relation", self.names.relations))
                return Not(holds) if negated else holds
            return self.compared(name, known, "!=" if negated else "=")
        if self.took("in"):
            return self.one_of(name, known)
        if self.tokens[self.at].text in ("=", "!=", "<", "<=", ">", ">="):
            return self.compared(name, known, self.comparison())
        if known is not None and known.type != "yes_no":
            token = self.tokens[self.at]
            why = Text("此处应为 is、in 或比较符", "'is', 'in' or a comparison is meant here")
            raise self.unreadable(token, why)
        return Compare(name.text, "=", True)

    def names_persons(self, fact: Fact | None) -> bool:
        """Return True where what follows ``is`` must be a relation: of persons, or of what is borrowed and may be some."""
        return self.tokens[self.at].text in self.names.relations if fact is None else fact.type in _PERSONS

    def one_of(self, name: _Token, fact: Fact | None) -> Guard:
        self.expect("[")
        values = [self.word()]
        while self.took(","):
            values.append(self.word())
        self.expect("]")
        if fact is not None and fact.type != "choice":
            self.mistyped(name, fact)
        elif fact is not None:
            for value in values:
                self.choice(value, fact)
        return OneOf(name.text, tuple(value.text for value in values))

    def compared(self, name: _Token, fact: Fact | None, is_: Comparison) -> Guard:
        token = self.word()
        if fact is None:
            return Compare(name.text, is_, literal(token.text))
        equal = is_ in ("=", "!=")
        value: Value | None = None
        if fact.type == "choice" and equal:
            self.choice(token, fact)
            value = token.text
        elif fact.type == "yes_no" and equal:
            value = {"yes": True, "no": False}.get(token.text)
        elif fact.type == "date":
            value = as_date(token.text)
        elif fact.type in ("whole", "amount"):
            value = _number(token.text, fact.type)
        if value is None:
            self.mistyped(token if fact.type not in ("text", *_PERSONS, "cases") else name, fact)
        return Compare(name.text, is_, value if value is not None else "")

    def choice(self, token: _Token, fact: Fact) -> None:
        if token.text not in fact.choices:
            self.unknown("choice", token, fact.choices)

    def anything(self, token: _Token) -> Guard:
        """Read on behind an unknown name as if it were known, so that one slip is told once."""
        if self.took("in"):
            self.one_of(token, None)
        elif self.took("is"):
            self.took("not")
            self.word()
        elif self.tokens[self.at].text in ("=", "!=", "<", "<=", ">", ">="):
            self.comparison()
            self.word()
        return IsSet(token.text)

    def name(self, noun: str, known: Collection[str]) -> str:
        token = self.word()
        if token.text not in known:
            self.unknown(noun, token, known)
        return token.text

    def comparison(self) -> Comparison:
        token = self.next()
        if token.text not in ("=", "!=", "<", "<=", ">", ">="):
            raise self.unreadable(token, Text("此处应为比较符", "a comparison such as '=' is meant here"))
        return cast(Comparison, token.text)

    def word(self) -> _Token:
        token = self.next()
        if not re.match(r"[\w-]", token.text):
            raise self.unreadable(token, Text("此处缺少一个词", "a word is missing here"))
        return token

    def next(self) -> _Token:
        token = self.tokens[self.at]
        if not token.text:
            raise self.unreadable(token, Text("条件没有写完", "it stops too early"))
        self.at += 1
        return token

    def took(self, text: str) -> bool:
        if self.tokens[self.at].text != text:
            return False
        self.at += 1
        return True

    def expect(self, text: str) -> None:
        if not self.took(text):
            why = Text(f"此处应为“{text}”", f"'{text}' is meant here")
            raise self.unreadable(self.tokens[self.at], why)

    def end(self) -> None:
        token = self.tokens[self.at]
        if token.text:
            raise self.unreadable(token, Text("多出的内容", "nothing more is meant here"))

    def unreadable(self, token: _Token, why: Text) -> _Unreadable:
        return _Unreadable(GuardFault(token.offset, max(len(token.text), 1), "guard_syntax", {"why": why}))

    def unknown(self, noun: str, token: _Token, known: Collection[str]) -> None:
        if len(self.faults) >= MOST_FAULTS:
            return
        values = {"name": token.text, "hint": hint(token.text, known), "known": listed(known)}
        self.faults.append(GuardFault(token.offset, len(token.text), f"unknown_{noun}", values))

    def mistyped(self, token: _Token, fact: Fact) -> None:
        values = {"name": fact.name, "type": fact.type, "wanted": WANTED[fact.type]}
        self.faults.append(GuardFault(token.offset, len(token.text), "guard_type", values))


WANTED: Mapping[str, Text] = {
    "text": Text("文字只能写 is set。", "of a text say only 'is set'."),
    "person": Text(
        "人员写 is set，或 is 后接本案人员。", "of a person say 'is set', or 'is' and a relation."
    ),
    "persons": Text(
        "人员写 is set、is 后接本案人员，或 count。",
        "of persons say 'is set', 'is' and a relation, or 'count'.",
    ),
    "cases": Text("案件写 is set 或 count。", "of cases say 'is set' or 'count'."),
    "date": Text("与日期比较，例如 2026-03-01。", "compare it with a date, such as 2026-03-01."),
    "whole": Text("与整数比较，例如 15。", "compare it with a whole number, such as 15."),
    "amount": Text("与数字比较，例如 5000.00。", "compare it with a number, such as 5000.00."),
    "choice": Text("写 is、is not 或 in，后接其选项。", "write 'is', 'is not' or 'in' and its choices."),
    "yes_no": Text("写 is yes 或 is no。", "write 'is yes' or 'is no'."),
}


def literal(text: str) -> Value:
    """Return what *text* most likely stands for where the type of the fact is not known yet."""
    number = as_number(text)
    if number is not None:
        return number
    if text in ("yes", "no"):
        return text == "yes"
    return as_date(text) or text


def _number(text: str, type_: str) -> Value | None:
    number = as_number(text)
    if number is None or type_ == "amount":
        return number
    return int(number) if number == number.to_integral_value() else None
