"""Whether an office has people enough to sign: every seat of a chain another person, with any one of them away."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.language.proof.staffing import Shortage, shortages, unfilled
from engine.language.proof.world import World, worlds_of
from engine.model.people import Holding, People, Person
from tests.language.proving import PROOF, read, register

DAY = date(2026, 3, 5)
ENOUGH = {
    "filing_clerk": "a", "secretary": "b", "arbitrator": "c", "director": "d", "supervisor": "e",
    "reviewer_1": "f g", "reviewer_2": "h i",
}  # fmt: skip


def world() -> World:
    folder = PROOF / "release_without_asking"
    texts = [(folder / f"{name}.yaml").read_text(encoding="utf-8") for name in ("case", "review")]
    procedures = {procedure.name: procedure for procedure in map(read, texts)}
    (found,) = worlds_of(register(), procedures)
    return found


def short(held: Mapping[str, str]) -> list[Shortage]:
    holdings = [
        Holding(person, role, "main", date(2026, 1, 1))
        for role, who in held.items()
        for person in who.split()
    ]
    names = {person for who in held.values() for person in who.split()}
    people = People(tuple(Person(name, name.upper()) for name in sorted(names)), tuple(holdings))
    return list(shortages([world()], people, DAY))


def test_an_office_with_a_person_for_every_seat_and_one_to_spare_lacks_nothing() -> None:
    assert short(ENOUGH) == []


def test_a_role_that_nobody_holds_is_named_where_it_is_asked_for() -> None:
    (lacking,) = short({**ENOUGH, "director": ""})
    assert (lacking.code, lacking.procedure) == ("role_vacant", "case")
    assert lacking.place == "states.proposed.moves.accept.by"
    assert lacking.values["name"] == "director"


def test_one_person_for_a_level_is_too_few_once_they_are_away() -> None:
    (lacking,) = short({**ENOUGH, "reviewer_2": "h"})
    assert (lacking.code, lacking.away, lacking.place) == ("too_few_with_one_away", "h", "chain.levels.1.by")
    assert lacking.values["away"] == "H"


def test_two_levels_cannot_share_their_only_person() -> None:
    (lacking,) = short({**ENOUGH, "reviewer_1": "f", "reviewer_2": "f"})
    assert (lacking.code, lacking.away) == ("too_few_to_sign", None)


def test_who_is_needed_to_judge_the_case_signs_nothing() -> None:
    (lacking,) = short({**ENOUGH, "reviewer_1": "c"})
    assert lacking.code == "too_few_to_sign"
    assert short({**ENOUGH, "arbitrator": "c j k", "reviewer_1": "c f"}) == []


def test_holders_of_two_roles_are_put_where_they_are_needed() -> None:
    assert short({**ENOUGH, "reviewer_1": "f g", "reviewer_2": "f g h"}) == []


@pytest.mark.parametrize(
    ("candidates", "empty"),
    [
        ([("a",), ("b",)], None),
        ([("a",), ("a",)], 1),
        ([("a", "b"), ("a",)], None),
        ([("a", "b"), ("a", "b"), ("a", "b")], 2),
        ([(), ("a",)], 0),
    ],
)
def test_seats_are_filled_by_moving_people_round(
    candidates: list[tuple[str, ...]], empty: int | None
) -> None:
    assert unfilled(candidates) == empty


@given(st.lists(st.sets(st.sampled_from("abcde"), max_size=4).map(sorted).map(tuple), max_size=5))
def test_a_seat_is_left_empty_only_where_some_seats_have_fewer_candidates_than_there_are_of_them(
    candidates: list[tuple[str, ...]],
) -> None:
    """Hall's condition, tried on every set of seats."""
    subsets = range(1, 2 ** len(candidates))
    chosen = [[own for n, own in enumerate(candidates) if subset >> n & 1] for subset in subsets]
    crowded = any(len({p for own in some for p in own}) < len(some) for some in chosen)
    assert (unfilled(candidates) is not None) == crowded
