"""A message goes out when somebody is at work, never in the quiet hours, and on its last day before that is over."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time

import pytest

from engine.core.hours import first_moment
from engine.model.register import Quiet
from tests.builders import instant, rules_of
from tests.cast import PLACE

OVER_MIDNIGHT = Quiet(time(20), time(8))
AT_NOON = Quiet(time(12), time(14))


def moment(at: str, quiet: Quiet | None, *, urgent: bool = False) -> datetime:
    rules = rules_of()
    rules = replace(rules, register=replace(rules.register, quiet=quiet))
    return first_moment(rules, PLACE, instant(at), urgent=urgent)


@pytest.mark.parametrize(
    ("at", "quiet", "goes"),
    [
        ("2026-03-02 10:00", None, "2026-03-02 10:00"),
        ("2026-03-02 10:00", OVER_MIDNIGHT, "2026-03-02 10:00"),
        ("2026-03-02 07:59", OVER_MIDNIGHT, "2026-03-02 09:00"),
        ("2026-03-02 19:59", OVER_MIDNIGHT, "2026-03-02 19:59"),
        ("2026-03-02 20:00", OVER_MIDNIGHT, "2026-03-03 09:00"),
        ("2026-03-02 23:00", OVER_MIDNIGHT, "2026-03-03 09:00"),
        ("2026-03-02 23:00", None, "2026-03-02 23:00"),
        ("2026-03-03 00:00", OVER_MIDNIGHT, "2026-03-03 09:00"),
        # A Friday evening, and the evening before the holidays of October.
        ("2026-03-06 21:00", OVER_MIDNIGHT, "2026-03-09 09:00"),
        ("2026-09-30 21:00", OVER_MIDNIGHT, "2026-10-08 09:00"),
        ("2026-03-07 11:00", OVER_MIDNIGHT, "2026-03-09 09:00"),
        ("2026-03-02 12:30", AT_NOON, "2026-03-02 14:00"),
        # Quiet until after work has begun: the end of the quiet hours counts.
        ("2026-03-02 03:00", Quiet(time(20), time(10)), "2026-03-02 10:00"),
        ("2026-03-06 21:00", Quiet(time(20), time(10)), "2026-03-09 10:00"),
    ],
)
def test_a_message_waits_for_working_time_and_for_the_end_of_the_quiet_hours(
    at: str, quiet: Quiet | None, goes: str
) -> None:
    assert moment(at, quiet) == instant(goes)


@pytest.mark.parametrize(
    ("at", "goes"),
    [
        ("2026-03-02 00:00", "2026-03-02 08:00"),
        ("2026-03-07 00:00", "2026-03-07 08:00"),
        ("2026-03-07 11:00", "2026-03-07 11:00"),
        ("2026-03-02 21:30", "2026-03-02 21:30"),
    ],
)
def test_what_is_due_today_waits_for_nothing_that_would_make_it_late(at: str, goes: str) -> None:
    assert moment(at, OVER_MIDNIGHT, urgent=True) == instant(goes)


def test_quiet_hours_begin_and_do_not_include_their_end() -> None:
    assert OVER_MIDNIGHT.covers(time(20))
    assert OVER_MIDNIGHT.covers(time(3))
    assert not OVER_MIDNIGHT.covers(time(8))
    assert AT_NOON.covers(time(13, 59))
    assert not AT_NOON.covers(time(14))
