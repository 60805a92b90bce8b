"""Proposals are kept for good, each with one outcome; activations with the day they hold from."""

from __future__ import annotations

from datetime import date

import pytest

from engine.errors import Conflict
from engine.service.engine import Engine
from engine.store.database import Database
from engine.store.definitions import REGISTER, Activation, in_force_on, next_change
from engine.store.proposals import Proposal
from engine.store.unit import Unit
from tests.builders import INSTITUTION, day, instant
from tests.cast import ADMIN, FANG, GU

AT = instant("2026-03-02")


def test_a_proposal_is_read_back_as_it_was_written(engine: Engine) -> None:
    payload = {"texts": [{"name": "labour", "text": "程序：“一”\n"}], "since": None}
    with engine.office.writing() as unit:
        made = unit.proposals.propose("activate", payload, ADMIN, AT, (GU,))
        other = unit.proposals.propose("migrate", {"case": 1}, FANG, AT)

    with engine.office.reading() as unit:
        assert unit.proposals.get(made.number) == Proposal(1, "activate", payload, ADMIN, AT, (GU,))
        assert unit.proposals.all() == (made, other)
        assert unit.proposals.all("migrate") == (other,)
        assert unit.proposals.get(3) is None


def test_an_outcome_is_written_once(engine: Engine) -> None:
    with engine.office.writing() as unit:
        number = unit.proposals.propose("activate", {}, ADMIN, AT).number
        unit.proposals.decide(number, "rejected", FANG, AT, "依据不足")

    with pytest.raises(Conflict), engine.office.writing() as unit:
        unit.proposals.decide(number, "approved", FANG, AT)

    with engine.office.reading() as unit:
        found = unit.proposals.get(number)
        assert found is not None
        assert (found.outcome, found.decided_by, found.decided_at, found.reason) == (
            "rejected", FANG, AT, "依据不足",
        )  # fmt: skip
        assert unit.proposals.all(open_only=True) == ()


def test_institutions_do_not_see_each_others_proposals(engine: Engine, database: Database) -> None:
    with engine.office.writing() as unit:
        unit.proposals.propose("activate", {}, ADMIN, AT)

    with database.reading() as connection:
        other = Unit(connection, "elsewhere")
        assert (other.proposals.all(), other.rearmings.now(), other.definitions.activations()) == (
            (),
            None,
            (),
        )


def test_a_founded_office_has_everything_from_its_first_day_and_follows_its_register(
    database: Database,
) -> None:
    with database.reading() as connection:
        unit = Unit(connection, INSTITUTION)
        activations, followed = unit.definitions.activations(), unit.rearmings.now()

    assert {one.since for one in activations} == {day("2026-01-05")}
    assert {(one.approved_by, one.proposal) for one in activations} == {(None, None)}
    assert followed is not None
    assert (followed.register, followed.finished_at) == (1, instant("2026-01-05"))


def activation(number: int, name: str, since: str) -> Activation:
    return Activation(number, name, f"h{number}", ADMIN, AT, day(since))


ACTIVATIONS = (
    activation(1, REGISTER, "2026-01-05"),
    activation(2, "labour", "2026-01-05"),
    activation(3, "labour", "2026-04-01"),
    activation(4, "labour", "2026-03-02"),
    activation(5, "labour", "2026-04-01"),
    activation(6, "service", "2026-03-02"),
)


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        ("2025-01-01", {REGISTER: 1, "labour": 2}),
        ("2026-03-01", {REGISTER: 1, "labour": 2}),
        ("2026-03-02", {REGISTER: 1, "labour": 4, "service": 6}),
        ("2026-04-01", {REGISTER: 1, "labour": 5, "service": 6}),
    ],
)
def test_in_force_is_the_latest_by_its_day_then_by_its_number(on: str, expected: dict[str, int]) -> None:
    found = in_force_on(ACTIVATIONS, day(on))

    assert {name: one.number for name, one in found.items()} == expected


@pytest.mark.parametrize(
    ("on", "expected"), [("2026-01-05", "2026-03-02"), ("2026-03-02", "2026-04-01"), ("2026-04-01", None)]
)
def test_the_next_change_is_the_next_day_on_which_something_begins(on: str, expected: str | None) -> None:
    found = next_change(ACTIVATIONS, day(on))

    assert found == (date.fromisoformat(expected) if expected else None)
