"""An event's text is written straight from it, and is to the byte what its plain values come to."""

from __future__ import annotations

import json
import sys
import unicodedata
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from engine.core.writing import HIDDEN
from engine.law.clock import ClockFact
from engine.law.duration import Duration
from engine.model.case import Party
from engine.model.event_text import NOTHING_COMMON, Frame, event_text, told
from engine.model.events import (
    ClockChange,
    Event,
    MovedDate,
    canonical,
    hash_of,
    plain_event,
)
from engine.model.targets import Target
from tests.procedures.way import a_case

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
DAYS = st.dates(date(1900, 1, 1), date(2200, 1, 1))
INSTANTS = st.datetimes(timezones=st.just(UTC))
VALUES = st.one_of(
    TEXTS,
    st.booleans(),
    st.integers(-(10**18), 10**18),
    st.decimals(-1000, 1000, places=2),
    DAYS,
    st.lists(TEXTS, max_size=3).map(tuple),
)
NAMED = st.dictionaries(TEXTS, TEXTS, max_size=3)
HELD = st.dictionaries(TEXTS, st.lists(TEXTS, max_size=3).map(tuple), max_size=3)

GIVEN: dict[str, st.SearchStrategy[Any]] = {
    "by": st.none() | TEXTS, "acting_for": st.none() | TEXTS, "rule": TEXTS, "move": st.none() | TEXTS,
    "source": st.none() | TEXTS, "target": st.none() | TEXTS, "outcome": st.none() | TEXTS,
    "facts": st.dictionaries(TEXTS, VALUES, max_size=4), "documents": NAMED, "assigned": HELD, "involved": HELD,
    "released": st.lists(TEXTS, max_size=2).map(tuple), "redated": st.lists(TEXTS, max_size=2).map(tuple),
    "opened": NAMED, "case": NAMED, "rung": NAMED, "migration": NAMED, "subjects": NAMED, "override": TEXTS,
    "parties": st.lists(st.builds(Party, TEXTS, TEXTS, TEXTS), max_size=2).map(tuple),
    "about": st.none() | st.integers(0, 99), "corrects": st.none() | st.integers(0, 99), "nth": st.integers(0, 9),
    "late": st.booleans(), "channel": TEXTS,
    "moved": st.lists(
        st.builds(MovedDate, st.just("due"), TEXTS, st.none() | DAYS, st.none() | DAYS), max_size=2
    ).map(tuple),
    "clock": st.sampled_from([
        (),
        (ClockChange("award", ClockFact("start", date(2026, 3, 3), seq=3), (Target("case", Duration(1, "months")),)),),
        (ClockChange("award", None, ()),),
    ]),
}  # fmt: skip

EVENTS = st.fixed_dictionaries(
    {
        "seq": st.integers(0, 10**6), "kind": st.just("moved"), "matter": TEXTS, "at": INSTANTS, "recorded_at": INSTANTS,
        "on": DAYS, "definition": TEXTS,
    },
    optional=GIVEN,
)  # fmt: skip


@given(EVENTS, TEXTS)
def test_the_text_is_the_canonical_json_of_the_plain_values(fields: dict[str, Any], previous: str) -> None:
    fields = told(fields)
    event = NOTHING_COMMON.recorded(previous, "", dict(fields))

    assert event_text(event) == canonical(plain_event(event))
    assert event.hash == hash_of(event)
    made = Event(**fields, previous=previous, hash=event.hash)
    assert event == made
    assert json.loads(event_text(event)) == plain_event(event)
    assert vars(event) == vars(made) | {"text": event.text}, "all fields are there"


@given(EVENTS, st.sets(st.sampled_from(sorted(GIVEN.keys() | {"kind", "definition", "matter"}))))
def test_whatever_events_have_in_common_each_is_written_as_if_it_had_nothing(
    fields: dict[str, Any], common: set[str]
) -> None:
    fields = told(fields)
    frame = Frame({name: value for name, value in fields.items() if name in common})
    own = {name: value for name, value in fields.items() if name not in common}

    alone = NOTHING_COMMON.recorded("before", "", dict(fields))
    for _ in range(2):
        framed = frame.recorded("before", "", dict(own))
        assert (framed, framed.text) == (alone, alone.text)
        assert vars(framed) == vars(alone)


def test_every_field_of_an_event_can_be_written() -> None:
    unwritten = {
        "seq",
        "kind",
        "matter",
        "at",
        "recorded_at",
        "on",
        "definition",
        "previous",
        "hashed",
        "hash",
        "text",
    }
    assert GIVEN.keys() | unwritten == Event.__dataclass_fields__.keys()


def test_a_changed_event_is_written_anew() -> None:
    event = a_case("accepted").history()[-1]
    changed = replace(event, rule="other")

    assert (bool(event.text), changed.text) == (True, "")
    assert '"rule":"other"' in event_text(changed)
    assert hash_of(changed) != changed.hash


def test_events_do_not_share_what_they_do_not_hold() -> None:
    one = NOTHING_COMMON.recorded("", "", _least())
    assert (one.facts, one.released, one.by, one.rule) == ({}, (), None, "")
    assert one == Event(**_least(), hash=one.hash)


def test_no_character_that_prints_is_one_that_cannot_be_kept() -> None:
    """So that a text that prints needs no second look (`engine.core.writing`)."""
    for number in range(sys.maxunicode + 1):
        if (c := chr(number)).isprintable():
            assert c not in HIDDEN, hex(number)
            assert unicodedata.category(c) not in ("Cc", "Cs"), hex(number)


def _least() -> dict[str, Any]:
    at = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
    return {
        "seq": 1, "kind": "moved", "matter": "1", "at": at, "recorded_at": at, "on": date(2026, 3, 2),
        "definition": "d",
    }  # fmt: skip


def test_amounts_keep_their_digits() -> None:
    event = NOTHING_COMMON.recorded("", "", _least() | {"facts": {"amount": Decimal("12000.50")}})
    assert '"facts":{"amount":{"amount":"12000.50"}}' in event_text(event)
