"""Terms that hang on a date: acts that must be done in time, parties that join, and limits in a year without a notice."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engine.core.clocks import Clocks
from engine.core.terms import limit_of, shown_terms
from engine.law.clock import ClockFact
from engine.law.stops import Stop
from engine.model.case import Case
from tests import cast
from tests.builders import Clock, PaperStory, day
from tests.core.period import TWO, a_period, period_rules


def test_an_act_after_its_term_is_refused_with_the_last_day_and_the_article() -> None:
    story = a_period("2026-03-03")
    story.clock.set("2026-03-18")

    refusal = story.refused("object", cast.ZHOU)

    assert (refusal.code, refusal.fact) == ("TERM_OVER", "2026-03-17")
    assert "2026年3月17日" in refusal.reason.zh
    assert "办案规则第10条" in refusal.reason.zh
    assert "17 Mar 2026" in refusal.reason.en


@pytest.mark.parametrize("told", [{"on": "2026-03-17"}, {"posted_on": "2026-03-17"}])
def test_the_day_it_was_done_or_posted_decides(told: dict[str, str]) -> None:
    story = a_period("2026-03-03")
    story.clock.set("2026-03-18")

    done, *_ = story.do("object", cast.ZHOU, **told)  # type: ignore[arg-type]

    assert (done.move, done.on) == ("object", day(told.get("on", "2026-03-18")))
    assert done.facts.get("posted_on") == (day(told["posted_on"]) if "posted_on" in told else None)


def test_a_postmark_after_the_term_is_too_late_whatever_the_date_of_the_act() -> None:
    story = a_period("2026-03-03")
    story.clock.set("2026-03-18")

    assert story.refused("object", cast.ZHOU, on="2026-03-17", posted_on="2026-03-18").code == "TERM_OVER"


def test_a_term_that_binds_the_parties_runs_on_while_the_case_is_suspended() -> None:
    story = a_period("2026-03-03")
    story.do("suspend", cast.FANG, ground="expert")
    story.clock.set("2026-03-18")

    assert story.refused("object", cast.ZHOU).code == "TERM_OVER"


def test_a_named_term_is_shown_with_its_last_day() -> None:
    story = a_period("2026-03-03")

    ((term, reading),) = shown_terms(story.rules, story.case, story.case.main)

    assert (term.name, reading.due) == ("objection", day("2026-03-17"))


def test_who_joins_becomes_a_party_and_is_served_alone() -> None:
    story = a_period("2026-03-03")
    story.clock.set("2026-03-09")
    events = story.do("join", cast.FANG, newcomer=" 丙公司 ")

    assert [(p.id, p.role, p.name) for p in story.case.parties[2:]] == [("p3", "respondent", "丙公司")]
    assert [m.party for m in story.case.matters_of("copy")] == ["p2", "p3"]
    assert [e.kind for e in events] == ["moved", "matter_opened"]


def test_a_step_in_a_year_without_a_notice_is_overdue_only_after_the_latest_day() -> None:
    story = PaperStory(period_rules(), Clock("2026-12-30"))
    story.ask_open("period", cast.LIN, TWO, {}, None)

    limit = limit_of(story.rules, story.case, story.case.main)

    assert limit.due == day("2027-01-06")
    assert limit.overdue_after is not None
    assert limit.overdue_after > day("2027-01-06")


def test_a_case_that_ended_while_suspended_still_has_its_steps_limited() -> None:
    story = a_period("2026-03-03")
    story.do("suspend", cast.FANG, ground="expert")
    story.clock.set("2026-03-05")
    copy = story.matter("copy")
    assert limit_of(story.rules, story.case, copy).due is None
    rules = story.rules

    ended = Clocks(rules, _with_end(story, "2026-03-06"))

    assert ended.open_stops("award") == ()
    assert ended.stops() == (Stop(day("2026-03-03"), day("2026-03-06")),)
    limit = limit_of(rules, _with_end(story, "2026-03-06"), copy)
    assert limit.due == day("2026-03-12"), "the 6th counts again: four more work days"


def _with_end(story: PaperStory, on: str) -> Case:
    log = story.case.clocks["award"]
    ended = replace(log, facts=(*log.facts, ClockFact("end", day(on), seq=99)))
    return replace(story.case, clocks={"award": ended})


def test_a_bare_resumption_ends_the_oldest_stop_as_the_law_has_it() -> None:
    story = a_period("2026-03-03")
    story.do("suspend", cast.FANG, ground="expert")
    log = story.case.clocks["award"]
    resumed = replace(log, facts=(*log.facts, ClockFact("resume", day("2026-03-06"), seq=99)))

    clocks = Clocks(story.rules, replace(story.case, clocks={"award": resumed}))

    assert clocks.open_stops("award") == ()
    assert clocks.stops() == (Stop(day("2026-03-03"), day("2026-03-06")),)
