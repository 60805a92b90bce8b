"""Targets in layers: whose figure a case is held to, from which day, and that no layer moves the law."""

from __future__ import annotations

from engine.core.clocks import read, target_of
from engine.core.fold import fold
from engine.law.duration import Duration
from engine.model.events import event_of, plain_event
from engine.model.targets import Target, tightest
from tests import cast
from tests.builders import PaperStory, day
from tests.core.period import a_period

INSTITUTION = "target: 30 days, from: 2023-01-01, basis: 快立快结承诺"
PROCEDURE = "procedure: period, clock: award, target: 25 days, from: 2026-01-01, basis: 部门承诺"
FAST = "procedure: period, clock: award, track: fast, target: 20 days, from: 2026-01-01, basis: 速办规程"


def held_to(story: PaperStory) -> tuple[str, str]:
    """The layer and the length that the case is held to."""
    log = story.case.clocks["award"]
    clock = story.rules.main_procedure(story.case).clocks["award"]
    target = target_of(clock, log, story.rules.calendar)
    return (target.layer, str(target.length)) if target else ("", "")


def layers(story: PaperStory) -> list[tuple[str, str]]:
    return [(target.layer, str(target.length)) for target in story.case.clocks["award"].targets]


def test_a_case_knows_what_each_layer_gave_and_is_held_to_the_tightest() -> None:
    story = a_period("2026-03-03", INSTITUTION, PROCEDURE, FAST, track="fast")

    assert layers(story) == [("institution", "30 days"), ("procedure", "25 days"), ("track", "20 days")]
    assert held_to(story) == ("track", "20 days")


def test_a_track_counts_only_for_cases_on_it() -> None:
    assert held_to(a_period("2026-03-03", INSTITUTION, FAST, track="ordinary")) == ("institution", "30 days")
    assert held_to(a_period("2026-03-03", INSTITUTION, FAST)) == ("institution", "30 days")


def test_a_wider_layer_that_is_tighter_wins() -> None:
    assert held_to(a_period("2026-03-03", "target: 15 days, from: 2023-01-01", PROCEDURE)) == (
        "institution",
        "15 days",
    )


def test_a_later_figure_for_every_clock_does_not_loosen_the_one_for_this_clock() -> None:
    all_clocks = "procedure: period, target: 35 days, from: 2026-02-01"

    assert held_to(a_period("2026-03-03", PROCEDURE, all_clocks)) == ("procedure", "25 days")


def test_each_case_keeps_what_held_on_its_day_0() -> None:
    dated = ("target: 40 days, from: 2020-01-01", "target: 30 days, from: 2026-03-04")

    assert held_to(a_period("2026-03-03", *dated)) == ("institution", "40 days")
    assert held_to(a_period("2026-03-04", *dated)) == ("institution", "30 days")


def test_a_target_of_this_one_case_counts_from_day_0_and_outlives_a_restart() -> None:
    story = a_period("2026-03-03", INSTITUTION)
    story.clock.set("2026-03-10")
    story.do("aim", cast.FANG, number_of_days="18")

    assert held_to(story) == ("case", "18 days")
    aimed = story.case.clocks["award"].targets[-1]
    assert (aimed.basis, aimed.since) == ("个案督办决定", day("2026-03-10"))
    reading = read(story.rules, story.case, "award")
    assert reading is not None
    assert reading.target_due == day("2026-03-23"), "18 days from the 3rd: Saturday the 21st rolls to Monday"

    story.clock.set("2026-03-16")
    story.do("join", cast.FANG, newcomer="丙公司")

    assert held_to(story) == ("case", "18 days")


def test_a_target_that_is_looser_than_another_layer_changes_nothing() -> None:
    story = a_period("2026-03-03", INSTITUTION)
    story.do("aim", cast.FANG, number_of_days="40")

    assert held_to(story) == ("institution", "30 days")


def test_no_layer_lengthens_the_law() -> None:
    assert held_to(a_period("2026-03-03", "target: 60 days, from: 2020-01-01")) == ("", "")


def test_days_and_months_are_compared_from_day_0() -> None:
    month, days = Target("institution", Duration(1, "months")), Duration(45, "days")

    assert tightest((month, Target("case", Duration(29, "days"))), days, day("2026-02-10")) == month
    assert tightest((month, Target("case", Duration(27, "days"))), days, day("2026-02-10")) != month


def test_a_corrected_start_is_held_to_what_held_on_the_corrected_day() -> None:
    story = a_period("2026-03-03", "target: 40 days, from: 2020-01-01", "target: 30 days, from: 2026-03-05")
    assert held_to(story) == ("institution", "40 days")
    story.clock.set("2026-03-09")

    answer = story.correct(story.event("accept").seq, cast.WEI, on="2026-03-05", files=["proof"])

    assert isinstance(answer, tuple), answer
    assert held_to(story) == ("institution", "30 days")


def test_a_corrected_target_of_one_case_takes_the_place_of_the_first() -> None:
    story = a_period("2026-03-03", INSTITUTION)
    story.do("aim", cast.FANG, number_of_days="18")

    answer = story.correct(story.event("aim").seq, cast.WEI, number_of_days="20", files=["proof"])

    assert isinstance(answer, tuple), answer
    assert layers(story) == [("institution", "30 days"), ("case", "20 days")]


def test_a_start_corrected_into_the_reach_of_a_policy_is_held_to_it() -> None:
    story = a_period("2026-03-03", "target: 30 days, from: 2026-03-05")
    assert held_to(story) == ("", "")
    story.clock.set("2026-03-09")

    assert isinstance(
        story.correct(story.event("accept").seq, cast.WEI, on="2026-03-06", files=["proof"]), tuple
    )

    assert held_to(story) == ("institution", "30 days")


def test_a_rejected_restart_leaves_what_held_on_the_first_day_0() -> None:
    story = a_period("2026-03-03", "target: 40 days, from: 2020-01-01", "target: 20 days, from: 2026-03-10")
    story.clock.set("2026-04-20")
    story.do("join", cast.ZHOU, on="2026-03-16", newcomer="丙公司")
    assert held_to(story) == ("institution", "20 days")

    story.do("reject", cast.FANG, why="无凭据")

    assert held_to(story) == ("institution", "40 days")
    reading = read(story.rules, story.case, "award")
    assert reading is not None
    assert reading.target_due == day("2026-04-13"), "40 days from 3 March: Sunday the 12th rolls on"


def test_looking_back_before_a_restart_shows_what_was_held_to_then() -> None:
    story = a_period("2026-03-03", "target: 40 days, from: 2020-01-01", "target: 20 days, from: 2026-03-10")
    story.clock.set("2026-03-16")
    story.do("join", cast.FANG, newcomer="丙公司")

    before = read(story.rules, story.case, "award", day("2026-03-12"))
    now = read(story.rules, story.case, "award")

    assert before is not None
    assert now is not None
    assert (before.target_due, now.target_due) == (day("2026-04-13"), day("2026-04-07")), (
        "5 April is in a holiday"
    )


def test_a_correction_of_the_first_edition_leaves_the_target_alone() -> None:
    """Its events name one target beside a start and none beside a corrected one."""
    story = a_period("2026-03-03", INSTITUTION)
    plain = [plain_event(event) for event in story.history()]
    started = next(one for one in plain if "clock" in one)
    (change,) = started["clock"]
    del change["targets"]
    change |= {"target": "30 days", "target_basis": "承诺"}
    fact = {**change["fact"], "on": "2026-03-04"}
    corrected = {
        **{name: started[name] for name in ("matter", "at", "recorded_at", "definition", "previous")},
        "seq": len(plain) + 1, "kind": "corrected", "on": "2026-03-09", "corrects": started["seq"],
        "clock": [{"clock": "award", "fact": fact}],
    }  # fmt: skip

    case = fold(event_of(one) for one in [*plain, corrected])

    assert [(t.layer, str(t.length)) for t in case.clocks["award"].targets] == [("procedure", "30 days")]
    assert case.clocks["award"].facts[0].on == day("2026-03-04")
