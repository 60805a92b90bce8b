"""A fact that may not touch the clock is refused with a code, a sentence and a remedy, and changes nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from engine.law.clock import read_clock
from engine.law.refusals import REMEDIES, SENTENCES, TITLES, RefusedFact
from engine.text import Text, day_text
from tests.law.notices import china_calendar
from tests.law.stories import LABOUR, facts_of, numbered, reading_of, refused_in

START = "2025-06-16 accepted"
SUSPENDED = "2025-06-23 suspended A"
RESUMED = "2025-06-30 resumed A"

# Each story's last line is the one refused; the due date without it is Thursday 31 July or as said.
REFUSED = [
    ("START_TWICE", (START, "2025-06-20 accepted"), "one clock starts once"),
    ("START_TWICE", (START, "2025-06-10 accepted"), "an earlier date does not push out the first entry"),
    ("DATE_BEFORE_START", (START, "2025-06-13 suspended A"), "before the clock ran"),
    ("DATE_BEFORE_START", (START, "2025-06-13 closed"), "nor can it have ended"),
    ("DATE_AFTER_END", (START, "2025-07-10 closed", "2025-07-11 party_joined"), "the clock is over"),
    (
        "DATE_AFTER_END",
        (START, "2025-07-10 closed", "2025-07-10 party_joined"),
        "same day, recorded after it",
    ),
    ("DATE_AFTER_END", (START, "2025-07-10 closed", "2025-07-14 closed"), "a second, later end"),
    ("END_TWICE", (START, "2025-07-10 closed", "2025-07-08 closed"), "a second, earlier end"),
    ("DATE_IN_FUTURE", (START, "2025-06-23 suspended A recorded 2025-06-20"), "not yet happened"),
    ("DATE_OUT_OF_ORDER", (START, SUSPENDED, "2025-06-20 resumed A"), "resumed before it was suspended"),
    ("DATE_OUT_OF_ORDER", (START, SUSPENDED, "2025-06-20 resumed"), "without a name as well"),
    ("RESUME_WITHOUT_SUSPEND", (START, "2025-06-30 resumed A"), "nothing was suspended"),
    ("RESUME_WITHOUT_SUSPEND", (START, SUSPENDED, "2025-06-30 resumed B"), "another suspension is open"),
    ("RESUME_WITHOUT_SUSPEND", (START, SUSPENDED, RESUMED, "2025-07-02 resumed A"), "it was resumed already"),
    ("EXT_AFTER_EXPIRY", (START, "2025-08-01 extension 15 days by director"), "a day late"),
    ("EXT_APPROVER", (START, "2025-07-01 extension 15 days by secretary"), "no power to"),
    ("EXT_APPROVER", (START, "2025-07-01 extension 15 days"), "nobody is named"),
    ("EXT_OVER_CAP", (START, "2025-07-01 extension 16 days by director"), "one day too many"),
    ("EXT_OVER_CAP", (START, "2025-07-01 extension 0 days by director"), "no day at all"),
    ("SUSPEND_AFTER_EXPIRY", (START, "2025-08-01 suspended A"), "a day late"),
    ("SUSPEND_AFTER_EXPIRY", (START, "2025-08-01 publication 30 days"), "a day late"),
    ("SUSPEND_AFTER_EXPIRY", (START, "2025-08-01 excluded 10 days"), "a day late"),
    ("RESTART_AFTER_EXPIRY", (START, "2025-08-01 party_joined"), "a day late"),
    ("ENTRY_STRUCK", (START, "2025-06-20 party_joined struck"), "the director rejected the late entry"),
    ("ENTRY_STRUCK", (START, "2025-07-10 closed struck"), "nor does it end the clock"),
    ("ENTRY_STRUCK", (START, "2025-08-01 suspended A struck"), "that comes before any other reason"),
    ("ENTRY_STRUCK", (START, "2025-06-23 suspended A recorded 2025-06-20 struck"), "whatever it may be"),
]


@pytest.mark.parametrize(("code", "story", "why"), REFUSED)
def test_a_refused_fact_is_named_and_changes_nothing(code: str, story: tuple[str, ...], why: str) -> None:
    *before, last = story

    reading = reading_of(*story)

    assert refused_in(reading) == [[len(before), code]], f"{numbered(story)}\n{why}"
    without = reading_of(*before)
    assert (reading.due, reading.clock_start, reading.state) == (
        without.due,
        without.clock_start,
        without.state,
    ), last


@pytest.mark.parametrize(("code", "story", "why"), REFUSED)
def test_a_refusal_says_why_and_what_would_help_in_both_languages(
    code: str, story: tuple[str, ...], why: str
) -> None:
    facts = facts_of(*story)
    (refused,) = read_clock(LABOUR, facts, china_calendar()).refused

    sentence, remedy = refused.sentence(facts), refused.remedy()

    for said, day in ((sentence.zh, day_text(facts[-1].on).zh), (sentence.en, day_text(facts[-1].on).en)):
        assert day in said
        assert "{" not in said
        assert "None" not in said
    assert remedy.zh
    assert remedy.en


def test_a_refusal_names_the_date_it_was_judged_by() -> None:
    facts = facts_of(START, "2025-08-01 extension 15 days by director")
    (refused,) = read_clock(LABOUR, facts, china_calendar()).refused

    assert refused.against == date(2025, 7, 31)
    assert refused.sentence(facts).en == (
        "The period ran out on 31 Jul 2025; an extension decided on 1 Aug 2025 has no effect."
    )
    assert refused.sentence(facts).zh == "审限已于2025年7月31日届满，2025年8月1日的延期决定不生效。"


def test_a_struck_start_leaves_room_for_another_and_a_struck_suspension_for_no_resumption() -> None:
    reading = reading_of("2025-06-10 accepted struck", START, "2025-06-20 resumed A", f"{SUSPENDED} struck")

    assert reading.clock_start == date(2025, 6, 16)
    assert refused_in(reading) == [
        [0, "ENTRY_STRUCK"],
        [2, "RESUME_WITHOUT_SUSPEND"],
        [3, "ENTRY_STRUCK"],
    ]
    assert reading_of("2025-06-10 accepted struck").state == "not_started"


def test_a_struck_suspension_does_not_make_a_resumption_come_too_early() -> None:
    reading = reading_of(START, f"{SUSPENDED} struck", "2025-06-20 resumed A")

    assert refused_in(reading)[1] == [2, "RESUME_WITHOUT_SUSPEND"]


def test_a_struck_fact_that_has_not_happened_yet_is_left_out_like_any_other() -> None:
    assert refused_in(reading_of(START, f"{SUSPENDED} struck", as_of="2025-06-22")) == []


OVER_CAP = [
    (
        ("2025-07-01 extension 16 days by director",),
        "2025年7月1日的延期为16日，超过延期上限15日。",
        "The extension of 1 Jul 2025 is 16 days; the cap on extensions is 15 days.",
    ),
    (
        ("2025-07-01 extension 10 days by director", "2025-07-02 extension 6 days by director"),
        "2025年7月2日的延期为6日，加上已延期的10日，超过延期上限15日。",
        "The extension of 2 Jul 2025 is 6 days; with what is already granted (10 days) that is over the cap of 15 days.",
    ),
    (
        ("2025-07-01 extension 0 days by director",),
        "2025年7月1日的延期没有延长任何时间：延期至少为1。",
        "The extension of 1 Jul 2025 adds no time: it must be at least 1.",
    ),
]


@pytest.mark.parametrize(("extensions", "zh", "en"), OVER_CAP)
def test_an_extension_over_the_cap_is_told_the_cap_and_what_is_already_granted(
    extensions: tuple[str, ...], zh: str, en: str
) -> None:
    facts = facts_of(START, *extensions)
    (refused,) = read_clock(LABOUR, facts, china_calendar()).refused

    assert refused.sentence(facts) == Text(zh, en)


def test_a_period_that_cannot_be_extended_says_so() -> None:
    facts = facts_of(START, "2025-07-01 extension 1 day by director")
    (refused,) = read_clock(replace(LABOUR, extension_most=None), facts, china_calendar()).refused

    assert refused.code == "EXT_OVER_CAP"
    assert "cannot be extended" in refused.sentence(facts).en
    assert "cap" not in refused.remedy().en


def test_an_extension_without_power_names_who_has_it_where_their_titles_are_known() -> None:
    facts = facts_of(START, "2025-07-01 extension 5 days by secretary")
    (refused,) = read_clock(LABOUR, facts, china_calendar()).refused
    titles = {"director": Text("主任", "director"), "delegated_head": Text("仲裁院负责人", "delegated head")}

    assert "主任" not in refused.sentence(facts).zh
    assert "（仲裁院负责人、主任）" in refused.sentence(facts, titles).zh
    assert "(delegated head, director)" in refused.sentence(facts, titles).en


@pytest.mark.parametrize("code", ["ENTRY_STRUCK", "SUSPEND_AFTER_EXPIRY", "EXT_AFTER_EXPIRY"])
def test_whoever_may_make_exceptions_on_the_clock_is_named_and_the_director_where_nobody_is_known(
    code: str,
) -> None:
    facts, refused = facts_of(START), RefusedFact(0, code)
    who = Text("院长", "president")

    by_default, named = (refused.sentence(facts), refused.remedy()), (
        refused.sentence(facts, None, who), refused.remedy(who),
    )  # fmt: skip

    assert any("主任" in text.zh and "director" in text.en for text in by_default)
    assert any("院长" in text.zh and "president" in text.en for text in named)
    assert not any("主任" in text.zh or "director" in text.en for text in named)


def test_before_any_start_there_is_no_date_to_name() -> None:
    facts = facts_of("2025-06-13 suspended A")
    (refused,) = read_clock(LABOUR, facts, china_calendar()).refused

    assert refused.sentence(facts).en == "13 Jun 2025 is before the clock starts (none yet)."


def test_refusals_are_listed_in_the_order_the_facts_were_recorded() -> None:
    reading = reading_of("2025-08-02 suspended A", START, "2025-08-01 suspended B", "2025-06-20 accepted")

    assert refused_in(reading) == [
        [0, "SUSPEND_AFTER_EXPIRY"],
        [2, "SUSPEND_AFTER_EXPIRY"],
        [3, "START_TWICE"],
    ]


def test_a_refused_fact_is_its_place_and_its_code() -> None:
    assert RefusedFact(1, "EXT_OVER_CAP", date(2025, 7, 31)) == RefusedFact(1, "EXT_OVER_CAP")


def test_every_code_has_a_sentence_and_a_remedy_and_is_met_in_a_story() -> None:
    assert SENTENCES.keys() == REMEDIES.keys() == TITLES.keys() == {code for code, _, _ in REFUSED}
