"""Records put together without their constructors are what the constructors make, and as frozen."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, fields, replace
from typing import Any

import pytest

from engine.model.case import Case, Matter
from engine.model.events import Event
from engine.model.made import changed, made
from tests.procedures.way import a_case

STORY = a_case("hearing_scheduled")


@pytest.mark.parametrize(
    "record", [STORY.case, STORY.case.main, STORY.history()[-1]], ids=["case", "matter", "event"]
)
def test_a_record_made_of_its_fields_is_the_one_its_constructor_makes(record: Any) -> None:
    given = {field.name: getattr(record, field.name) for field in fields(record) if field.init}
    other = made(type(record), dict(given) | {f.name: f.default for f in fields(record) if not f.init})

    assert other == type(record)(**given)
    assert repr(other) == repr(type(record)(**given))
    with pytest.raises(FrozenInstanceError):
        other.id = "another"


@pytest.mark.parametrize(
    ("record", "change"),
    [
        (STORY.case, {"version": 99, "head": "f" * 64}),
        (STORY.case.main, {"state": "filed", "facts": {}}),
        (STORY.history()[-1], {"by": None, "rule": "other"}),
    ],
)
def test_a_changed_record_is_the_one_that_replace_gives_and_the_first_stays_as_it_was(
    record: Case | Matter | Event, change: dict[str, Any]
) -> None:
    before = replace(record)

    assert changed(record, change) == replace(record, **change) != record
    assert record == before


def test_the_open_matters_of_a_case_are_those_it_has_after_a_change() -> None:
    case = STORY.case
    assert case.main in case.open_matters()

    ended = case.after({"matters": (changed(case.main, {"outcome": "awarded"}), *case.matters[1:])})

    assert ended.open_matters() == tuple(matter for matter in ended.matters if matter.open)
    assert case.main in case.open_matters()
