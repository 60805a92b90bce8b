"""What was counted once is kept with the rules: other rules, or another case, are seen at once, and nothing else differs."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from engine.core.projection import project
from engine.core.rungs import Course
from engine.core.settling import settle
from engine.core.terms import limit_of
from engine.law.calendar import Calendar
from engine.model.answers import Refusal
from engine.model.rules import Rules
from tests.builders import PaperStory, armed_in, day, rules_of, with_leave, without
from tests.cast import FANG, HE, PLACE, WEI, ZHOU
from tests.procedures.way import WAY, a_case, resume, suspend


def with_rest(rules: Rules, *days: str) -> Rules:
    """*rules* whose calendar has these days as rest days besides."""
    return replace(rules, calendar=rules.calendar.with_rest_days(map(day, days)))


@pytest.mark.parametrize("state", ["filed", *WAY])
def test_a_case_projects_alike_whether_its_answers_were_kept_or_not(state: str) -> None:
    story = a_case(state)
    first = project(story.rules, story.case)

    assert project(story.rules, story.case) == first
    assert project(replace(story.rules), story.case) == first, "rules that have answered nothing"
    assert first.timers == tuple(sorted(first.timers, key=lambda t: (t.due, t.matter, t.subject, t.rung)))


def test_a_changed_calendar_is_seen_at_once() -> None:
    story = a_case("accepted")
    before = project(story.rules, story.case)
    assert (before.due, before.todos[0].due) == (day("2026-04-17"), day("2026-03-10"))

    changed = with_rest(story.rules, "2026-03-05", "2026-04-17")
    after = project(changed, story.case)

    assert after.todos[0].due == day("2026-03-11"), "a work day less in the five of the step"
    assert (after.due, after.reach) == (day("2026-04-20"), (day("2026-03-04"), day("2026-04-20")))
    assert project(story.rules, story.case) == before, "and the rules before stay as they were"


def test_the_rest_days_of_one_office_leave_the_answers_of_another_alone() -> None:
    story = a_case("accepted")
    elsewhere = replace(story.case, office="east")
    national = story.rules.calendar
    own: dict[str, Calendar] = {"east": national.with_rest_days([day("2026-03-05")])}
    rules = replace(story.rules, office_calendars=own)

    assert story.case.office == PLACE
    assert [limit_of(rules, c, c.main).due for c in (story.case, elsewhere, story.case)] == [
        day("2026-03-10"),
        day("2026-03-11"),
        day("2026-03-10"),
    ]


def test_a_corrected_date_is_seen_at_once() -> None:
    story = a_case("accepted")
    due = project(story.rules, story.case).due
    accepted = story.event("accept")

    answer = story.correct(accepted.seq, WEI, on="2026-03-02", files=["order"])

    assert not isinstance(answer, Refusal), answer
    assert project(story.rules, story.case).due == project(replace(story.rules), story.case).due != due


def test_stops_are_seen_as_they_open_and_close() -> None:
    story = a_case("tribunal_formed")
    running = project(story.rules, story.case)

    suspend(story)
    paused = project(story.rules, story.case)
    assert (paused.clock, paused.due) == ("paused", None)
    assert {timer.subject for timer in paused.timers} >= {"award.stop.expert"}

    story.clock.ahead(days=7)
    resume(story)
    resumed = project(story.rules, story.case)
    assert resumed == project(replace(story.rules), story.case)
    assert (resumed.due or running.due) != running.due


def test_a_fired_rung_is_armed_no_more_and_one_that_repeats_shows_its_next() -> None:
    story = a_case("accepted")
    story.clock.set("2026-03-20")
    fired = settle(story.rules, story.case, story.clock())
    assert fired is not None

    before = {timer.key for timer in story.timers()}
    after = armed_in(Course(story.rules, fired.case), fired.case.fired)

    assert all(timer.due > story.clock() for timer in after)
    once = {key for key in fired.case.fired if not any(timer.key == key for timer in after)}
    assert once
    assert once <= before
    assert settle(story.rules, fired.case, story.clock()) is None


def test_who_may_act_is_seen_at_once() -> None:
    story = a_case("accepted")
    facts: dict[str, Any] = {"tribunal_named": "jia yi bing", "presiding_named": "jia"}
    assert isinstance(story.ask("form_tribunal", ZHOU, **facts), Refusal)

    story.rules = with_leave(story.rules, HE, ZHOU, "2026-03-01", "2026-03-31")
    story.do("form_tribunal", ZHOU, **facts)
    assert story.event("form_tribunal").acting_for == HE

    other = a_case("accepted")
    other.rules = without(other.rules, HE)
    assert other.refused("form_tribunal", HE, **facts).code == "not_yours"


def test_an_absence_is_looked_at_on_its_own_day() -> None:
    rules = with_leave(rules_of(), FANG, HE, "2026-03-03", "2026-03-04")
    people = rules.people

    found = [people.stands_in_for(HE, day(on)) for on in ("2026-03-02", "2026-03-03", "2026-03-05")]
    assert found == [(), (FANG,), ()]
    assert people.substitute(FANG, day("2026-03-04")) == HE
    assert people.substitute(FANG, day("2026-03-05")) is None
    lent = [c for c in people.capacities(HE, PLACE, day("2026-03-03")) if c.acting_for]
    assert {c.acting_for for c in lent} == {FANG}
    assert not [c for c in people.capacities(HE, PLACE, day("2026-03-05")) if c.acting_for]


def test_two_stories_of_one_day_do_not_share_what_differs() -> None:
    rules = rules_of()
    here, there = a_case("accepted", rules=rules), PaperStory(rules, number=2)
    there.open()

    assert project(rules, here.case).clock == "running"
    assert project(rules, there.case).clock == "not_started"
    assert [todo.state for todo in project(rules, there.case).todos] == ["filed"]
