"""What became of a late entry is read off the record: who decided what, never off today's count."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from engine.core.clocks import read
from engine.model.rules import Rules
from engine.service.event_notes import notes_of
from engine.service.late_entries import LateEntry, late_entries
from engine.service.sheet_rows import Record
from engine.text import Text
from tests import cast
from tests.builders import PaperStory, day
from tests.core.period import a_period

START, LAST, AFTER = "2026-03-03", "2026-04-17", "2026-04-20"


def late(move: str, **facts: Any) -> PaperStory:
    """A case with an act of 16 April that was entered on the Monday after its last day."""
    story = a_period(START)
    story.clock.set(AFTER)
    story.do(move, cast.ZHOU, on="2026-04-16", **facts)
    return story


def entry(story: PaperStory, rules: Rules | None = None) -> LateEntry:
    (found,) = late_entries(rules or story.rules, story.case, story.history())
    return found


def with_a_later_last_day(story: PaperStory) -> Rules:
    """The rules by a calendar in which the week after the last day is a holiday: nothing is late any more."""
    last = day(LAST)
    rest: list[date] = [last + timedelta(days=n) for n in range(7)]
    rules = replace(story.rules, calendar=story.rules.calendar.with_rest_days(rest), office_calendars={})
    reading = read(rules, story.case, "award")
    assert reading is not None
    assert reading.late_entries == ()
    return rules


def test_what_was_approved_stays_approved_when_todays_reading_no_longer_calls_it_late() -> None:
    story = late("suspend", ground="expert")
    story.do("approve", cast.FANG)

    found = entry(story, with_a_later_last_day(story))

    assert (found.approval, found.word) == ("approved", Text("已经主任批准", "approved by the director"))


def test_what_is_pending_or_was_rejected_is_said_so_whatever_the_reading() -> None:
    story = late("suspend", ground="expert")
    rules = with_a_later_last_day(story)
    assert entry(story, rules).approval == "pending"
    story.do("reject", cast.FANG, why="无凭据")

    assert entry(story, rules).approval == "rejected"
    assert "does not count" in entry(story).word.en


def test_an_end_that_was_rejected_is_told_from_one_that_was_approved() -> None:
    approved, rejected = late("decide"), late("decide")
    approved.do("approve", cast.FANG)
    rejected.do("reject", cast.FANG, why="实际于今日作出")

    assert entry(approved).approval == "approved"
    found = entry(rejected)
    assert found.approval == "rejected"
    assert found.fact.on == day("2026-04-16"), "the day it was claimed for"
    assert found.word.zh == "主任未批准，改以录入日为准"


def test_an_entry_whose_approval_was_cancelled_says_so() -> None:
    story = late("suspend", ground="expert")
    matter = story.matter("late_check")
    events = (*story.history(), replace(story.history()[-1], kind="cancelled", matter=matter.id, clock=()))
    matters = tuple(replace(m, outcome="cancelled") if m.id == matter.id else m for m in story.case.matters)

    (found,) = late_entries(story.rules, replace(story.case, matters=matters), events)

    assert found.approval == "cancelled"
    assert "取消" in found.word.zh


def test_the_words_name_whoever_may_approve_on_this_clock() -> None:
    story = late("suspend", ground="expert")
    main = story.rules.main_procedure(story.case)
    award = replace(main.clocks["award"], exceptions_by=("delegated_head", "director"))
    hash_ = story.case.main.definition
    rules = replace(
        story.rules,
        definitions={**story.rules.definitions, hash_: replace(main, clocks={**main.clocks, "award": award})},
    )
    titles = [rules.register.roles[role] for role in award.exceptions_by]

    word = entry(story, rules).word

    assert "或".join(title.zh for title in titles) in word.zh
    assert " or ".join(title.en for title in titles) in word.en


# --- corrections ----------------------------------------------------------------------------------------------


def corrected_twice() -> PaperStory:
    story = a_period(START)
    story.clock.set("2026-03-12")
    story.do("exclude", cast.FANG, number_of_days="3", excluded_from="2026-03-09")
    seq = story.event("exclude").seq
    assert isinstance(story.correct(seq, cast.WEI, excluded_from="2026-03-10", files=["proof"]), tuple)
    assert isinstance(story.correct(seq, cast.PENG, number_of_days="5", files=["order"]), tuple)
    return story


def test_a_cause_says_every_correction_and_the_day_that_now_holds() -> None:
    story = corrected_twice()
    record = Record(story.rules, story.case, {event.seq: event for event in story.history()}, {})

    cause = record.cause(story.event("exclude").seq)

    assert cause is not None
    shown = {fact.name: fact.value for fact in cause.facts}
    assert shown == {"number_of_days": 5, "excluded_from": day("2026-03-10")}
    assert cause.on == day("2026-03-10")
    assert len(cause.documents) == 2
    for name in (cast.name_of(cast.WEI), cast.name_of(cast.PENG)):
        assert name in cause.sentence.zh
        assert name in cause.sentence.en


def test_the_timeline_dates_a_late_entry_by_the_record_in_force() -> None:
    story = late("suspend", ground="expert")
    event = story.event("suspend")
    story.do("approve", cast.FANG)
    story.clock.set("2026-04-21")
    assert isinstance(story.correct(event.seq, cast.PENG, on="2026-04-15", files=["proof"]), tuple)

    (note,) = notes_of(story.rules, story.case, event, entry(story))

    assert "2026年4月15日" in note.zh
    assert "15 Apr 2026" in note.en
    assert "2026年4月16日" not in note.zh
