"""A changed calendar: which dates of a case it moves, who is told, and which cases it cannot touch."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from engine.core.fold import fold
from engine.core.projection import project
from engine.core.redating import redate
from engine.law.calendar import Calendar, CalendarDay
from engine.model.answers import Decision
from engine.model.rules import Rules
from tests import cast
from tests.builders import PaperStory, day
from tests.core.period import a_period

NOTICE = "试〔2026〕1号"


def resting(rules: Rules, *days: str) -> Rules:
    """*rules* after a notice that makes *days* rest days."""
    more = [CalendarDay(day(d), rest=True, notice=NOTICE) for d in days]
    calendar = rules.calendar
    kept = [row for row in calendar.days if row.day not in {m.day for m in more}]
    return replace(rules, calendar=Calendar.of([*kept, *more], calendar.published_years))


def redated(story: PaperStory, rules: Rules) -> Decision | None:
    before = project(story.rules, story.case).shown
    return redate(rules, story.case, before, story.clock(), cast.ADMIN, NOTICE)


def test_a_moved_date_is_recorded_with_what_it_was_and_the_handler_is_told() -> None:
    story = a_period("2026-03-03")

    decision = redated(story, resting(story.rules, "2026-04-17"))

    assert decision is not None
    (event,) = decision.events
    assert (event.kind, event.by, event.rule) == ("redated", cast.ADMIN, NOTICE)
    assert [(m.what, m.before, m.after) for m in event.moved] == [
        ("due", day("2026-04-17"), day("2026-04-20")),
        ("overdue_after", day("2026-04-17"), day("2026-04-20")),
    ]
    assert decision.projection.due == day("2026-04-20")
    assert sorted({n.person for n in decision.notices}) == [cast.FANG, cast.PENG], "handler and pool"
    assert "2026年4月20日" in decision.notices[0].sentence.zh
    assert "20 Apr 2026" in decision.notices[0].sentence.en
    assert fold((*story.history(), event)) == decision.case


def test_a_notice_that_moves_nothing_records_nothing() -> None:
    story = a_period("2026-03-03")

    assert redated(story, resting(story.rules, "2026-06-05")) is None


def test_a_step_that_moves_is_named_by_its_matter() -> None:
    story = a_period("2026-03-03")
    copy = story.matter("copy")

    decision = redated(story, resting(story.rules, "2026-03-10"))

    assert decision is not None
    assert [(m.what, m.matter, m.before, m.after) for m in decision.events[0].moved] == [
        ("step", copy.id, day("2026-03-10"), day("2026-03-11"))
    ]


def test_a_pool_that_is_awaited_on_the_step_is_told_of_that_step_alone() -> None:
    story = a_period("2026-03-03")

    decision = redated(story, resting(story.rules, "2026-03-10"))

    assert decision is not None
    told = {notice.person: notice.sentence.zh for notice in decision.notices}
    assert {cast.ZHOU, cast.WU} <= told.keys(), "any secretary may send the copy"
    assert "本环节届满日由2026年3月10日改为2026年3月11日" in told[cast.ZHOU]


def test_no_day_outside_its_reach_can_move_a_case() -> None:
    story = a_period("2026-03-03", "target: 30 days, from: 2023-01-01")
    story.do("suspend", cast.FANG, ground="expert")
    story.clock.set("2026-03-16")
    story.do("resume", cast.FANG, ground="expert")
    projection = project(story.rules, story.case)
    assert projection.reach is not None
    first, last = projection.reach

    for number in range(day("2026-01-01").toordinal(), day("2026-08-31").toordinal()):
        changed = day("2026-01-01").fromordinal(number)
        if not first <= changed <= last:
            after = project(resting(story.rules, changed.isoformat()), story.case)
            assert after == projection, changed


@pytest.mark.parametrize("start", ["2026-11-16", "2026-11-19", "2026-12-01", "2026-12-15"])
def test_a_notice_for_a_year_without_one_moves_only_cases_that_reach_a_day_it_changes(start: str) -> None:
    story = a_period(start, "target: 30 days, from: 2023-01-01")
    before, projection = story.rules.calendar, project(story.rules, story.case)
    assert projection.reach is not None
    first, last = (one.toordinal() for one in projection.reach)
    for number in range(day("2027-01-01").toordinal(), day("2027-02-28").toordinal()):
        notice = CalendarDay(date.fromordinal(number), rest=number % 7 not in (6, 0), notice=NOTICE)
        after = Calendar.of([*before.days, notice], [*before.published_years, 2027])
        touched = any(
            (before.rests(n), before.rests_at_earliest(n), before.rests_at_latest(n))
            != (after.rests(n), after.rests_at_earliest(n), after.rests_at_latest(n))
            for n in range(first, last + 1)
        )
        same = project(replace(story.rules, calendar=after), story.case).shown == projection.shown
        assert same or touched, date.fromordinal(number)


def test_rest_days_of_one_office_move_the_cases_of_that_office_alone() -> None:
    story = a_period("2026-03-03")
    rules = story.rules
    local = rules.calendar.with_rest_days([day("2026-04-17")])

    assert project(replace(rules, office_calendars={"main": local}), story.case).due == day("2026-04-20")
    assert project(replace(rules, office_calendars={"north": local}), story.case).due == day("2026-04-17")
