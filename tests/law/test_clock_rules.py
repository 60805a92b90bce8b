"""Each rule K1 to K22 of the award clock, beside the worked cases: its edges and what it leaves alone."""

from __future__ import annotations

from datetime import date

import pytest

from engine.errors import CalendarEnds
from engine.law.agreement import difference
from engine.law.clock import ClockFact, ClockRule, read_clock
from engine.law.duration import Duration
from engine.law.rules import RULES
from tests.law.notices import china_calendar
from tests.law.stories import (
    COMMERCIAL,
    DECIDERS,
    LABOUR,
    TOUCHES_NOTHING,
    days,
    facts_of,
    reading_of,
    refused_in,
)


def on(text: str) -> date:
    return date.fromisoformat(text)


def test_the_rules_are_k1_to_k22_each_with_a_line_and_an_article() -> None:
    assert list(RULES) == [f"K{number}" for number in range(1, 23)]
    for rule in RULES.values():
        assert all((rule.title.zh, rule.title.en, rule.article.zh, rule.article.en))


def test_k1_a_clock_without_a_start_says_nothing() -> None:
    reading = reading_of("2025-03-03 suspended A")

    assert (reading.state, reading.due, reading.counted_days) == ("not_started", None, None)
    assert refused_in(reading) == [[0, "DATE_BEFORE_START"]]


def test_k1_the_start_day_is_not_counted() -> None:
    assert reading_of("2024-03-04 accepted", as_of="2024-03-04").counted_days == 0
    assert reading_of("2024-03-04 accepted", as_of="2024-03-05").counted_days == 1


def test_k2_the_day_of_suspension_stops_and_the_day_of_resumption_counts() -> None:
    story = ("2025-03-03 accepted", "2025-03-10 suspended A", "2025-03-12 resumed A")

    counts = [reading_of(*story, as_of=f"2025-03-{day:02}").counted_days for day in (9, 10, 11, 12, 13)]

    assert counts == [6, 6, 6, 7, 8]


def test_k2_a_suspension_on_day_zero_takes_only_the_days_that_would_have_counted() -> None:
    reading = reading_of("2025-03-03 accepted", "2025-03-03 suspended A", "2025-03-07 resumed A")

    assert reading.raw_due == on("2025-04-20"), "7 March is day 1"


def test_k3_a_publication_stops_its_days_and_the_due_date_stays_known() -> None:
    reading = reading_of("2024-03-11 accepted", "2024-04-08 publication 30 days", as_of="2024-04-20")

    assert (reading.state, reading.due) == ("running", on("2024-05-27"))
    assert (reading.counted_days, reading.stopped_days) == (27, 13)


def test_k3_a_publication_is_thirty_days_if_nothing_else_is_said() -> None:
    assert reading_of("2024-03-11 accepted", "2024-04-08 publication").raw_due == on("2024-05-25")


def test_k3_days_excluded_for_another_reason_stop_the_same_way() -> None:
    published = reading_of("2025-06-02 accepted", "2025-06-16 publication 20 days")
    excluded = reading_of("2025-06-02 accepted", "2025-06-16 excluded 20 days")

    assert published == excluded


@pytest.mark.parametrize(
    "stops",
    [
        ("2025-03-10 suspended A", "2025-03-20 resumed A", "2025-03-15 suspended B", "2025-03-30 resumed B"),
        ("2025-03-10 suspended A", "2025-03-15 suspended B", "2025-03-20 resumed B", "2025-03-30 resumed A"),
        ("2025-03-10 suspended A", "2025-03-20 resumed A", "2025-03-20 suspended A", "2025-03-30 resumed A"),
        (
            "2025-03-10 suspended",
            "2025-03-20 publication 10 days",
            "2025-03-15 resumed",
            "2025-03-15 excluded 5 days",
        ),
        ("2025-03-10 excluded 20 days", "2025-03-12 excluded 3 days"),
    ],
    ids=[
        "overlapping",
        "one inside another",
        "touching, same name",
        "three kinds in a row",
        "excluded twice",
    ],
)
def test_k4_a_day_is_stopped_once(stops: tuple[str, ...]) -> None:
    reading = reading_of("2025-02-17 accepted", *stops, as_of="2025-04-30")

    assert (reading.stopped_days, reading.raw_due) == (20, on("2025-04-23"))


def test_k5_a_restart_drops_used_days_and_granted_extensions() -> None:
    reading = reading_of(
        "2025-04-07 accepted",
        "2025-04-10 extension 15 days by director",
        "2025-04-21 party_joined",
        "2025-04-22 extension 15 days by director",
        as_of="2025-04-23",
    )

    assert (reading.clock_start, reading.counted_days, reading.total_length_days) == (on("2025-04-21"), 2, 60)
    assert refused_in(reading) == [], "the cap is whole again"


def test_k5_a_case_may_restart_more_than_once() -> None:
    reading = reading_of("2025-04-07 accepted", "2025-04-21 party_joined", "2025-05-06 claim_change_accepted")

    assert (reading.clock_start, reading.due) == tuple(days("2025-05-06", "2025-06-20"))


def test_k7_an_extension_is_rolled_once_with_the_whole() -> None:
    """The 45th day is a Saturday: 15 days from there, not from the Monday it would have rolled to."""
    reading = reading_of("2025-05-07 accepted", "2025-06-20 extension 10 days by director")

    assert (reading.raw_due, reading.due) == tuple(days("2025-07-01", "2025-07-01"))


def test_k7_extensions_add_up_to_the_cap_and_no_further() -> None:
    reading = reading_of(
        "2024-08-05 accepted",
        "2024-09-10 extension 10 days by director",
        "2024-09-11 extension 6 days by director",
        "2024-09-12 extension 5 days by delegated_head",
    )

    assert (reading.total_length_days, refused_in(reading)) == (60, [[2, "EXT_OVER_CAP"]])


def test_k7_days_may_extend_a_limit_in_months_within_the_cap() -> None:
    to_the_cap = ("2025-03-10 tribunal_formed", "2025-07-01 extension 1 month by director")

    assert reading_of(*to_the_cap, "2025-07-02 extension 31 days by director", rule=COMMERCIAL).raw_due == on(
        "2025-09-10"
    )
    over = reading_of(*to_the_cap, "2025-07-02 extension 32 days by director", rule=COMMERCIAL)
    assert refused_in(over) == [[2, "EXT_OVER_CAP"]]


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("2025-08-01 extension 99 days by secretary", "EXT_AFTER_EXPIRY"),
        ("2025-07-31 extension 99 days by secretary", "EXT_APPROVER"),
        ("2025-07-31 extension 99 days by director", "EXT_OVER_CAP"),
        ("2025-07-31 extension 0 days by director", "EXT_OVER_CAP"),
        ("2025-07-31 extension 1 month by director", "EXT_OVER_CAP"),
    ],
)
def test_k8_expiry_comes_before_power_and_power_before_the_cap(line: str, code: str) -> None:
    reading = reading_of("2025-06-16 accepted", line)

    assert refused_in(reading) == [[1, code]]
    assert reading.due == on("2025-07-31"), "a refused extension changes nothing"


def test_k8_nobody_overrides_a_late_extension() -> None:
    reading = reading_of("2025-06-16 accepted", "2025-08-01 extension 15 days by director overridden")

    assert refused_in(reading) == [[1, "EXT_AFTER_EXPIRY"]]


def test_k8_a_clock_without_a_cap_cannot_be_extended() -> None:
    rule = ClockRule(Duration(45, "days"), extension_by=DECIDERS)

    reading = reading_of("2025-06-16 accepted", "2025-06-20 extension 1 day by director", rule=rule)

    assert refused_in(reading) == [[1, "EXT_OVER_CAP"]]


def test_k9_the_director_may_let_a_restart_stand_after_expiry_and_the_breach_stays_on_record() -> None:
    reading = reading_of("2025-06-03 accepted", "2025-07-22 party_joined overridden")

    assert (reading.clock_start, reading.due) == tuple(days("2025-07-22", "2025-09-05"))
    assert refused_in(reading) == []
    assert [(breach.index, breach.code, breach.against) for breach in reading.breaches] == [
        (1, "RESTART_AFTER_EXPIRY", on("2025-07-18"))
    ]


def test_k9_a_suspension_let_stand_after_expiry_does_not_bring_the_due_date_back() -> None:
    story = ("2024-10-14 accepted", "2024-12-02 suspended A overridden")

    still_open = reading_of(*story)
    assert (still_open.state, still_open.due) == ("paused", on("2024-11-28"))
    resumed = reading_of(*story, "2024-12-20 resumed A", "2024-12-23 closed")
    assert (resumed.due, resumed.on_time, resumed.stopped_days) == (on("2024-11-28"), False, 18)
    assert [breach.code for breach in resumed.breaches] == ["SUSPEND_AFTER_EXPIRY"]


def test_k9_a_publication_after_expiry_is_refused_like_a_suspension() -> None:
    reading = reading_of("2024-10-14 accepted", "2024-12-02 publication 30 days")

    assert refused_in(reading) == [[1, "SUSPEND_AFTER_EXPIRY"]]


def test_k9_an_override_in_time_is_no_breach() -> None:
    assert reading_of("2025-06-03 accepted", "2025-07-18 party_joined overridden").breaches == ()


def test_k10_the_last_day_rolls_to_a_working_day_that_is_not_stopped() -> None:
    """The 45th day is Saturday 21 June; a suspension from that Sunday to Wednesday takes the Monday too."""
    reading = reading_of("2025-05-07 accepted", "2025-06-22 suspended A", "2025-06-25 resumed A")

    assert (reading.raw_due, reading.due) == tuple(days("2025-06-21", "2025-06-25"))


def test_k10_a_last_day_that_is_stopped_is_counted_when_the_clock_runs_again() -> None:
    """Thursday 18 April would be the 45th day; suspended on it, the 45th day is the day of resumption."""
    reading = reading_of("2024-03-04 accepted", "2024-04-18 suspended A", "2024-04-20 resumed A")

    assert (reading.raw_due, reading.due) == tuple(days("2024-04-20", "2024-04-22"))


def test_k10_a_suspension_open_on_the_day_rolled_to_leaves_no_due_date() -> None:
    reading = reading_of("2025-05-07 accepted", "2025-06-22 suspended A")

    assert (reading.raw_due, reading.due, reading.state) == (on("2025-06-21"), None, "paused")


def test_k11_a_paused_clock_never_expires() -> None:
    reading = reading_of(
        "2025-03-03 accepted",
        "2025-03-24 suspended A",
        "2025-12-01 extension 15 days by director",
        "2025-12-01 suspended B",
        as_of="2025-12-31",
    )

    assert refused_in(reading) == []
    assert (reading.counted_days, reading.remaining_days, reading.due) == (20, 40, None)
    assert not reading.overdue_on(on("2026-01-15"))


def test_k11_the_count_of_a_paused_clock_stands_whatever_the_day() -> None:
    reading = reading_of("2025-03-03 accepted", "2025-03-24 suspended A")

    assert (reading.counted_days, reading.remaining_days, reading.stopped_days) == (20, 25, None)


@pytest.mark.parametrize("event", sorted(TOUCHES_NOTHING))
def test_k12_what_the_rules_do_not_name_is_no_fact_of_the_clock(event: str) -> None:
    assert reading_of("2024-11-04 accepted", f"2024-12-02 {event}") == reading_of("2024-11-04 accepted")


def test_k13_an_award_on_the_last_day_is_on_time_and_the_day_after_is_not() -> None:
    assert reading_of("2024-03-04 accepted", "2024-04-18 closed").on_time is True
    assert reading_of("2024-03-04 accepted", "2024-04-19 closed").on_time is False


def test_k13_a_case_that_ends_while_suspended_is_on_time() -> None:
    reading = reading_of("2025-03-03 accepted", "2025-03-24 suspended A", "2025-09-01 closed")

    assert (reading.state, reading.on_time, reading.counted_days) == ("ended", True, 20)


def test_k13_before_the_end_nothing_is_on_time_or_late() -> None:
    reading = reading_of("2024-03-04 accepted", "2024-04-18 closed", as_of="2024-04-17")

    assert (reading.state, reading.on_time, reading.quick_close) == ("running", None, None)
    assert (reading.counted_days, reading.remaining_days) == (44, 1)


def test_k13_counts_stand_at_the_end_even_when_asked_later() -> None:
    reading = reading_of("2024-03-04 accepted", "2024-04-18 closed", as_of="2024-12-31")

    assert reading.counted_days == 45


def test_k14_the_target_follows_stops_and_restarts_but_no_extension() -> None:
    reading = reading_of(
        "2024-09-02 accepted",
        "2024-09-09 party_joined",
        "2024-09-10 suspended A",
        "2024-09-20 resumed A",
        "2024-09-23 extension 15 days by director",
    )

    assert (reading.raw_target_due, reading.target_due) == tuple(days("2024-10-19", "2024-10-21"))


def test_k14_a_clock_without_a_target_has_no_target_date() -> None:
    reading = reading_of("2025-03-10 tribunal_formed", rule=COMMERCIAL)

    assert (reading.raw_target_due, reading.target_due, reading.target_latest) == (None, None, None)


def test_k15_quick_is_half_of_the_limit_whatever_was_added() -> None:
    story = ("2024-07-01 accepted", "2024-07-02 extension 15 days by director")

    assert reading_of(*story, "2024-07-23 closed").quick_close is True
    assert reading_of(*story, "2024-07-24 closed").quick_close is False
    assert reading_of(*story).quick_last_day == on("2024-07-23")


def test_k15_the_last_quick_day_moves_with_stops_and_never_rolls() -> None:
    reading = reading_of("2024-09-02 accepted", "2024-09-13 suspended A", "2024-09-27 resumed A")

    assert reading.quick_last_day == on("2024-10-08")
    assert reading_of("2024-09-02 accepted", "2024-09-13 suspended A").quick_last_day is None


def test_k16_a_target_in_months_counts_like_days() -> None:
    rule = ClockRule(Duration(4, "months"), target=Duration(3, "months"))

    assert reading_of("2024-11-30 tribunal_formed", rule=rule).raw_target_due == on("2025-02-28")


def test_k20_a_due_date_in_a_year_without_a_notice_carries_its_band() -> None:
    """The 45th day falls on the Thursday before Spring Festival 2027."""
    reading = reading_of("2026-12-21 accepted")

    assert reading.provisional
    assert (reading.due, reading.due_earliest, reading.due_latest) == tuple(
        days("2027-02-04", "2027-02-04", "2027-02-15")
    )


def test_k20_a_weekend_that_a_notice_may_have_worked_is_the_earliest_of_the_band() -> None:
    """The 30th day is the Saturday after Spring Festival 2027, and the 45th the one two weeks later."""
    reading = reading_of("2027-01-21 accepted")

    assert (reading.target_earliest, reading.target_due) == tuple(days("2027-02-20", "2027-02-22"))
    assert (reading.due_earliest, reading.due) == tuple(days("2027-03-08", "2027-03-08"))


def test_k20_a_clock_that_stops_on_its_last_day_has_no_earliest_one_that_went_before() -> None:
    """The 45th day is Saturday 20 February 2027; it rolls to Monday, on which the clock is stopped."""
    facts = facts_of("2027-01-06 accepted", "2027-02-22 suspended A")
    reading = read_clock(LABOUR, facts, china_calendar())

    assert (reading.due, reading.due_earliest, reading.due_latest) == (None, None, None)
    assert difference(LABOUR, facts, china_calendar()) is None


def test_k20_overdue_is_said_only_after_the_latest() -> None:
    reading = reading_of("2026-12-21 accepted")

    assert [reading.overdue_on(day) for day in days("2027-02-05", "2027-02-15", "2027-02-16")] == [
        False,
        False,
        True,
    ]
    assert refused_in(reading_of("2026-12-21 accepted", "2027-02-15 suspended A")) == []
    assert reading_of("2026-12-21 accepted", "2027-02-15 closed").on_time is True
    assert reading_of("2026-12-21 accepted", "2027-02-16 closed").on_time is False


def test_k20_an_ended_clock_is_not_overdue() -> None:
    assert not reading_of("2024-03-04 accepted", "2024-04-19 closed").overdue_on(on("2024-05-01"))


def test_k20_a_clock_that_leaves_the_calendar_is_an_error() -> None:
    with pytest.raises(CalendarEnds):
        reading_of("2028-12-01 accepted")
    with pytest.raises(CalendarEnds):
        reading_of("2026-12-01 accepted", "2026-12-02 publication 999 days")


def test_k21_facts_take_effect_by_date_not_by_recording() -> None:
    in_order = (
        "2025-06-09 accepted",
        "2025-06-23 suspended A",
        "2025-07-01 resumed A",
        "2025-07-14 party_joined",
    )
    recorded_late = (in_order[3], in_order[1], in_order[0], in_order[2])

    assert reading_of(*in_order) == reading_of(*recorded_late)


def test_k21_resumed_on_the_day_of_suspension_stops_no_day_in_either_order() -> None:
    plain = reading_of("2025-06-09 accepted")
    suspended_first = reading_of("2025-06-09 accepted", "2025-06-23 suspended A", "2025-06-23 resumed A")
    resumed_first = reading_of("2025-06-09 accepted", "2025-06-23 resumed A", "2025-06-23 suspended A")

    assert plain == suspended_first == resumed_first


def test_k21_a_restart_during_an_open_stop_leaves_it_open() -> None:
    story = ("2025-06-09 accepted", "2025-06-23 suspended A", "2025-07-01 party_joined")

    assert reading_of(*story).state == "paused"
    resumed = reading_of(*story, "2025-07-10 resumed A")
    assert resumed.raw_due == on("2025-08-23"), "10 July is day 1 of the new period"


def test_k21_what_is_dated_after_the_day_asked_about_has_not_happened() -> None:
    story = ("2025-03-03 accepted", "2025-03-24 suspended A", "2025-04-24 resumed A", "2025-04-30 closed")

    assert reading_of(*story, as_of="2025-04-01") == reading_of(*story[:2], as_of="2025-04-01")
    assert reading_of(*story, as_of="2025-03-01").state == "not_started"
    assert reading_of(*story, as_of="2025-03-01").refused == ()


def test_k22_what_was_dated_in_time_but_entered_late_counts_and_is_flagged() -> None:
    reading = reading_of(
        "2025-06-16 accepted", "2025-07-30 extension 15 days by director recorded 2025-08-04"
    )

    assert (reading.due, reading.late_entries, reading.refused) == (on("2025-08-15"), (1,), ())


@pytest.mark.parametrize(
    ("line", "flagged"),
    [
        ("2025-07-30 suspended A recorded 2025-07-31", ()),
        ("2025-07-30 suspended A recorded 2025-08-01", (1,)),
        ("2025-07-31 party_joined recorded 2025-08-01", (1,)),
        ("2025-07-31 closed recorded 2025-08-01", (1,)),
        ("2025-08-01 closed recorded 2025-08-05", ()),
        ("2025-07-30 publication 30 days recorded 2025-08-15", (1,)),
    ],
)
def test_k22_late_is_after_the_last_day_as_it_stood_then(line: str, flagged: tuple[int, ...]) -> None:
    assert reading_of("2025-06-16 accepted", line).late_entries == flagged


def test_k22_a_resumption_is_judged_by_the_due_date_it_brings_back() -> None:
    story = ("2025-03-03 accepted", "2025-03-24 suspended A")

    assert reading_of(*story, "2025-04-24 resumed A recorded 2025-05-18").late_entries == ()
    assert reading_of(*story, "2025-04-24 resumed A recorded 2025-05-20").late_entries == (2,)


def test_k22_a_start_entered_after_its_own_period_is_flagged() -> None:
    assert reading_of("2025-06-16 accepted recorded 2025-08-01").late_entries == (0,)


def test_a_clock_runs_in_days_or_months_only() -> None:
    for length in (Duration(5, "work days"), Duration(0, "days")):
        with pytest.raises(ValueError, match="a clock runs in days or months"):
            ClockRule(length)
        with pytest.raises(ValueError, match="a clock runs in days or months"):
            ClockRule(Duration(45, "days"), target=length)


@pytest.mark.parametrize(
    ("kind", "length", "sentence"),
    [
        ("extend", None, "must say how long"),
        ("exclude", None, "must say how long"),
        ("extend", Duration(5, "work days"), "days or months"),
        ("publication", Duration(1, "months"), "natural days"),
        ("exclude", Duration(0, "days"), "at least one"),
    ],
)
def test_a_fact_that_cannot_be_counted_is_not_made(kind: str, length: Duration | None, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        ClockFact(kind, on("2025-03-03"), days=length)  # type: ignore[arg-type]


def test_reading_a_clock_changes_no_fact_and_gives_the_same_answer_again() -> None:
    facts = (ClockFact("start", on("2025-03-03")), ClockFact("suspend", on("2025-03-10"), ref="A"))

    assert read_clock(LABOUR, facts, china_calendar()) == read_clock(LABOUR, facts, china_calendar())
