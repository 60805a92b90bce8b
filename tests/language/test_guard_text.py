"""Guards say what a lawyer means, refuse what they cannot mean, and execute nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.language.guard_text import DEEPEST, LONGEST, GuardFault, parse_guard
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
)
from engine.model.procedure import Fact, FactType
from engine.text import Text
from tests.examples import examples

TITLE = Text("事实", "fact")


def fact(name: str, type_: FactType, *choices: str) -> Fact:
    return Fact(name, type_, TITLE, choices=dict.fromkeys(choices, TITLE))


@dataclass
class Names:
    """The names of a case with one fact of every type, and one borrowed fact."""

    facts: Mapping[str, Fact | None] = field(
        default_factory=lambda: {
            "ground": fact("ground", "choice", "heirs", "expert"),
            "amount": fact("amount", "amount"),
            "days": fact("days", "whole"),
            "heard_on": fact("heard_on", "date"),
            "lawful": fact("lawful", "yes_no"),
            "reason": fact("reason", "text"),
            "drafter_named": fact("drafter_named", "person"),
            "案由": fact("案由", "choice", "工伤", "劳动报酬"),
            "lent": None,
        }
    )
    kinds: tuple[str, ...] = ("review", "送达")
    relations: tuple[str, ...] = ("clerk", "仲裁庭")


NAMES = Names()


@pytest.mark.parametrize(
    ("text", "means"),
    [
        ("reason is set", IsSet("reason")),
        ("reason is not set", Not(IsSet("reason"))),
        ("ground is heirs", Compare("ground", "=", "heirs")),
        ("ground = heirs", Compare("ground", "=", "heirs")),
        ("ground is not heirs", Compare("ground", "!=", "heirs")),
        ("ground != heirs", Compare("ground", "!=", "heirs")),
        ("ground in [heirs, expert]", OneOf("ground", ("heirs", "expert"))),
        ("lawful", Compare("lawful", "=", True)),
        ("lawful is yes", Compare("lawful", "=", True)),
        ("lawful is no", Compare("lawful", "=", False)),
        ("not lawful", Not(Compare("lawful", "=", True))),
        ("amount >= 5000.50", Compare("amount", ">=", Decimal("5000.50"))),
        ("days<15", Compare("days", "<", 15)),
        ("heard_on > 2026-03-01", Compare("heard_on", ">", date(2026, 3, 1))),
        ("review is approved", MatterIs("review", "approved")),
        ("review is not approved", Not(MatterIs("review", "approved"))),
        ("review is absent", MatterIs("review", "absent")),
        ("every review is ended", EveryMatterIs("review", "ended")),
        ("no review is open", NoMatterOpen("review")),
        ("count respondent >= 2", CountOf("respondent", ">=", 2)),
        ("count clerk >= 2", CountHolders("clerk", ">=", 2)),
        ("count lent = 3", CountNamed("lent", "=", 3)),
        ("drafter_named is clerk", NamedIs("drafter_named", "clerk")),
        ("drafter_named is not clerk", Not(NamedIs("drafter_named", "clerk"))),
        ("lent is clerk", NamedIs("lent", "clerk")),
        ("actor is clerk", ActorIs("clerk")),
        ("actor is not clerk", Not(ActorIs("clerk"))),
        (
            "案由 is 工伤 and every 送达 is ended",
            All((Compare("案由", "=", "工伤"), EveryMatterIs("送达", "ended"))),
        ),
        ("actor is 仲裁庭", ActorIs("仲裁庭")),
        ("((lawful))", Compare("lawful", "=", True)),
        ("  reason   is  set  ", IsSet("reason")),
        ("lent is set", IsSet("lent")),
        ("lent >= 3", Compare("lent", ">=", Decimal(3))),
        ("lent = 2026-03-01", Compare("lent", "=", date(2026, 3, 1))),
        ("lent is yes", Compare("lent", "=", True)),
        ("lent is heirs", Compare("lent", "=", "heirs")),
    ],
)
def test_a_guard_means_what_it_says(text: str, means: Guard) -> None:
    assert parse_guard(text, NAMES) == means


def test_not_binds_closer_than_and_and_and_closer_than_or() -> None:
    a, b, c = IsSet("reason"), IsSet("days"), IsSet("amount")
    assert parse_guard("not reason is set and days is set or amount is set", NAMES) == Any(
        (All((Not(a), b)), c)
    )
    assert parse_guard("reason is set and (days is set or amount is set)", NAMES) == All((a, Any((b, c))))


def faults(text: str) -> tuple[GuardFault, ...]:
    read = parse_guard(text, NAMES)
    assert isinstance(read, tuple), read
    return read


@pytest.mark.parametrize(
    ("text", "code", "at"),
    [
        ("", "guard_syntax", ""),
        ("reason", "guard_syntax", ""),
        ("reason is", "guard_syntax", ""),
        ("reason set", "guard_syntax", "set"),
        ("reason is set reason is set", "guard_syntax", "reason is set"),
        ("(reason is set", "guard_syntax", ""),
        ("reason is set)", "guard_syntax", ")"),
        ("reason is set &&", "guard_syntax", "&&"),
        ("reason.__class__ is set", "unknown_name", "reason.__class__"),
        ("reason is set; ls", "guard_syntax", "; ls"),
        ("'reason' is set", "guard_syntax", "'reason'"),
        ("raeson is set", "unknown_name", "raeson"),
        ("ground is hiers", "unknown_choice", "hiers"),
        ("ground in [heirs, exprt]", "unknown_choice", "exprt"),
        ("ground > heirs", "guard_type", "heirs"),
        ("reason = x", "guard_type", "reason"),
        ("drafter_named is x", "unknown_relation", "x"),
        ("drafter_named = clerk", "guard_type", "drafter_named"),
        ("days > 2026-03-01", "guard_type", "2026-03-01"),
        ("days > 1.5", "guard_type", "1.5"),
        ("heard_on > 15", "guard_type", "15"),
        ("heard_on > 2026-02-30", "guard_type", "2026-02-30"),
        ("lawful is maybe", "guard_type", "maybe"),
        ("lawful < yes", "guard_type", "yes"),
        ("days in [a]", "guard_type", "days"),
        ("every reviews is ended", "unknown_matter", "reviews"),
        ("no review is ended", "guard_syntax", "ended"),
        ("count nobody > 1", "unknown_name", "nobody"),
        ("count reason > 1", "guard_type", "reason"),
        ("count respondent > many", "guard_syntax", "many"),
        ("actor is clrk", "unknown_relation", "clrk"),
        ("actor = clerk", "guard_syntax", "="),
    ],
)
def test_a_wrong_guard_is_told_at_its_column(text: str, code: str, at: str) -> None:
    (fault,) = faults(text)

    assert (fault.code, fault.offset) == (code, text.rindex(at) if at else len(text))


def test_every_wrong_name_of_a_guard_is_told() -> None:
    assert [f.code for f in faults("raeson is set and ground is hiers and no reviw is open")] == [
        "unknown_name",
        "unknown_choice",
        "unknown_matter",
    ]


def test_a_guard_is_neither_endless_nor_bottomless() -> None:
    assert faults("reason is set" + " or reason is set" * 60)[0].code == "guard_too_long"
    assert faults("not " * (DEEPEST + 1) + "lawful")[0].code == "guard_too_deep"
    assert faults("(" * (DEEPEST + 1) + "lawful")[0].code == "guard_too_deep"
    assert not isinstance(parse_guard("(" * (DEEPEST - 1) + "lawful" + ")" * (DEEPEST - 1), NAMES), tuple)


VOCABULARY = (
    "and or not is set in every no count actor ( ) [ ] , = != < >= yes 3 2026-03-01 reason ground heirs amount "
    "days heard_on lawful review approved ended open absent respondent clerk 案由 工伤 lent x . - ' \\ \x00"
)
WORDS = st.sampled_from(VOCABULARY.split(" "))


@settings(derandomize=True, max_examples=examples(80))
@given(st.one_of(st.lists(WORDS, max_size=30).map(" ".join), st.text(max_size=LONGEST + 20)))
def test_no_text_makes_the_parser_raise_and_every_fault_has_a_place_in_it(text: str) -> None:
    read = parse_guard(text, NAMES)
    for fault in read if isinstance(read, tuple) else ():
        assert 0 <= fault.offset <= len(text)
        assert fault.width >= 1


FACT_CLAUSES = st.sampled_from(
    [
        ("reason is set", IsSet("reason")),
        ("ground is heirs", Compare("ground", "=", "heirs")),
        ("days >= 3", Compare("days", ">=", 3)),
        ("no review is open", NoMatterOpen("review")),
        ("actor is clerk", ActorIs("clerk")),
    ]
)
WRITTEN = st.recursive(
    FACT_CLAUSES,
    lambda inner: st.one_of(
        inner.map(lambda g: (f"not ({g[0]})", Not(g[1]))),
        st.lists(inner, min_size=2, max_size=3).map(
            lambda gs: (" and ".join(f"({t})" for t, _ in gs), All(tuple(g for _, g in gs)))
        ),
        st.lists(inner, min_size=2, max_size=3).map(
            lambda gs: (" or ".join(f"({t})" for t, _ in gs), Any(tuple(g for _, g in gs)))
        ),
    ),
    max_leaves=6,
)


@settings(derandomize=True, max_examples=examples(40))
@given(WRITTEN)
def test_a_guard_that_is_written_out_is_read_back_the_same(written: tuple[str, Guard]) -> None:
    text, guard = written
    if len(text) <= LONGEST:
        assert parse_guard(text, NAMES) == guard
