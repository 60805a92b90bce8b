"""Whether guards can hold together is decided as trying out every value decides it."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.language.guard_text import parse_guard
from engine.language.proof.domains import Domains, Subject
from engine.language.proof.satisfying import TooWide, example, solutions, subjects_of
from engine.language.proof.world import MAIN, World
from engine.model.guards import All, Any, Guard, Not, clauses
from engine.model.procedure import Procedure
from tests.examples import examples
from tests.language.proving import case_of, register

ASKED = (
    "ground is illness", "ground is not expert", "ground in [illness, other]", "ground is set", "lawful", "lawful is no",
    "amount > 100", "amount = 100", "amount <= 500", "amount != 1000", "hearing_on > 2026-03-01", "hearing_on is not set",
    "hearing_on <= 2026-03-02", "count respondent >= 2", "count third_party = 0", "count tribunal_named > 2", "actor is clerk",
)  # fmt: skip


def world() -> World:
    return World(register(), case_of(), {})


class Names:
    def __init__(self, procedure: Procedure) -> None:
        self.facts = procedure.facts
        self.kinds = procedure.matters
        self.relations = procedure.persons


def guard(text: str) -> Guard:
    read = parse_guard(text, Names(case_of()))
    assert not isinstance(read, tuple), read
    return read


GUARDS = tuple(guard(text) for text in ASKED)


class DomainsAsking(Domains):
    """Domains of a case that asks *guards*."""

    def __init__(self, guards: tuple[Guard, ...]) -> None:
        asking = world()
        asking.__dict__["guards"] = tuple((MAIN, one) for one in guards)
        super().__init__(asking)


def holds(domains: Domains, one: Guard, chosen: dict[Subject, int]) -> bool:
    match one:
        case Not(part):
            return not holds(domains, part, chosen)
        case All(parts):
            return all(holds(domains, part, chosen) for part in parts)
        case Any(parts):
            return any(holds(domains, part, chosen) for part in parts)
        case _:
            subject, known = domains.holding(one, MAIN)
            return chosen[subject] in known


def by_trying(domains: Domains, one: Guard) -> bool:
    subjects = sorted({domains.subject(c, MAIN) for c in clauses(one)}, key=repr)
    values = [range(len(domains.values(subject))) for subject in subjects]
    return any(holds(domains, one, dict(zip(subjects, chosen, strict=True))) for chosen in product(*values))


trees = st.recursive(
    st.sampled_from(GUARDS),
    lambda inner: st.one_of(
        inner.map(Not),
        st.lists(inner, min_size=2, max_size=3).map(lambda parts: All(tuple(parts))),
        st.lists(inner, min_size=2, max_size=3).map(lambda parts: Any(tuple(parts))),
    ),
    max_leaves=6,
)


@settings(max_examples=examples(60), deadline=None)
@given(trees)
def test_a_guard_can_hold_where_trying_every_value_finds_one(one: Guard) -> None:
    domains = DomainsAsking(GUARDS)

    assert (example(domains, MAIN, ((one, True),), {}) is not None) == by_trying(domains, one)
    assert (example(domains, MAIN, ((one, False),), {}) is not None) == by_trying(domains, Not(one))


@settings(max_examples=examples(20), deadline=None)
@given(trees)
def test_every_answer_makes_the_guard_hold_whatever_value_is_chosen_from_it(one: Guard) -> None:
    domains = DomainsAsking(GUARDS)
    subjects = subjects_of(domains, MAIN, one)
    for answer in solutions(domains, MAIN, ((one, True),), {}):
        chosen = {s: max(answer.get(s, domains.every(s))) for s in subjects}
        assert holds(domains, one, chosen)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("amount > 100", "amount <= 100"),
        ("amount > 100 and amount < 100.01", "lawful or not lawful"),
        ("amount > 1000", "lawful or not lawful"),
        ("ground is illness", "ground in [expert, other]"),
        ("ground != illness", "ground is not set"),
        ("hearing_on > 2026-03-01", "hearing_on < 2026-03-02"),
        ("count respondent = 0", "lawful or not lawful"),
        ("count tribunal_named > 3", "lawful or not lawful"),
        ("actor is clerk", "actor is tribunal"),
        ("tribunal_named is tribunal", "tribunal_named is not set"),
        ("tribunal_named is tribunal", "count tribunal = 0"),
    ],
)
def test_two_guards_that_exclude_each_other(first: str, second: str) -> None:
    one, other = guard(first), guard(second)
    assert example(DomainsAsking((one, other)), MAIN, ((one, True), (other, True)), {}) is None


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("amount > 100", "amount < 100.02"),
        ("not lawful", "lawful is not set"),
        ("not (amount > 5)", "amount is not set"),
        ("actor is clerk", "actor is secretary"),
        ("not (tribunal_named is tribunal)", "tribunal_named is set"),
    ],
)
def test_two_guards_that_can_both_hold(first: str, second: str) -> None:
    one, other = guard(first), guard(second)
    assert example(DomainsAsking((one, other)), MAIN, ((one, True), (other, True)), {}) is not None


def test_too_many_cases_end_the_search() -> None:
    many = All(
        tuple(Any((guard("lawful"), guard("ground is other"), guard("amount > 1"))) for _ in range(12))
    )
    never = All((many, guard("lawful is not set"), guard("ground is not set"), guard("amount is not set")))
    with pytest.raises(TooWide):
        example(DomainsAsking((never,)), MAIN, ((never, True),), {})
