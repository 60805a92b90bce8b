"""Guards as text again: what `guard_text` reads back into the same guard.

Room for: the words of each clause, and the parentheses that keep the parts together.
May not enter: titles for people (`engine/model/guard_words.py`), reading (`guard_text`), YAML.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from engine.model.guards import (
    ActorIs,
    All,
    Any,
    Compare,
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


def written(guard: Guard) -> str:
    """Return *guard* in the words of a definition; `parse_guard` makes an equal guard of it."""
    match guard:
        case Any(parts):
            return " or ".join(_inside(part, Any) for part in parts)
        case All(parts):
            return " and ".join(_inside(part, Any, All) for part in parts)
        case Not(IsSet(name)):
            return f"{name} is not set"
        case Not(MatterIs(name, one)) | Not(NamedIs(name, one)):
            return f"{name} is not {one}"
        case Not(ActorIs(relation)):
            return f"actor is not {relation}"
        case Not(part):
            return f"not {_inside(part, Any, All)}"
        case _:
            return _clause(guard)


def _inside(part: Guard, *apart: type) -> str:
    text = written(part)
    return f"({text})" if isinstance(part, apart) else text


def _clause(guard: Guard) -> str:
    match guard:
        case IsSet(fact):
            return f"{fact} is set"
        case Compare(fact, "=", str() | bool() as value):
            return f"{fact} is {_value(value)}"
        case Compare(fact, "!=", str() | bool() as value):
            return f"{fact} is not {_value(value)}"
        case Compare(fact, is_, value):
            return f"{fact} {is_} {_value(value)}"
        case OneOf(fact, values):
            return f"{fact} in [{', '.join(values)}]"
        case EveryMatterIs(kind, outcome):
            return f"every {kind} is {outcome}"
        case NoMatterOpen(kind):
            return f"no {kind} is open"
        case CountOf(name, is_, number) | CountHolders(name, is_, number) | CountNamed(name, is_, number):
            return f"count {name} {is_} {number}"
        case ActorIs(relation):
            return f"actor is {relation}"
        case MatterIs(name, one) | NamedIs(name, one):
            return f"{name} is {one}"
        case _:
            raise TypeError(f"{type(guard).__name__} is no clause")


def _value(value: Value) -> str:
    match value:
        case bool():
            return "yes" if value else "no"
        case Decimal():
            return format(value, "f")
        case date():
            return value.isoformat()
        case tuple():
            return ", ".join(value)
        case _:
            return str(value)
