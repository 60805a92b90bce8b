"""Rungs: each step of a ladder fires on its day, once, and late rather than never."""

from __future__ import annotations

from datetime import timedelta

import pytest

from engine.core.clocks import read
from engine.core.fold import fold
from engine.model.register import Rung
from tests.builders import Clock, PaperStory, day, instant, rules_of, with_leave
from tests.cast import DU, FANG, GU, HE, JIA, SONG, ZHOU
from tests.procedures.way import a_case, resume, suspend

# Accepted on Tuesday 3 March: the target is Thursday 2 April, the limit Friday 17 April.
LADDER = [
    ("W1", "2026-03-23"), ("W2", "2026-04-02"),
    *(("W3", f"2026-04-{n:02}") for n in range(7, 12)),
    ("W3", "2026-04-12"), ("W4", "2026-04-12"),
    *(("W3", f"2026-04-{n}") for n in range(13, 17)),
    ("W3", "2026-04-17"), ("W5", "2026-04-17"),
    ("O1", "2026-04-18"), ("O2", "2026-05-02"),
]  # fmt: skip


def award_ladder(case: PaperStory) -> list[tuple[str, str]]:
    return [(rung, on.isoformat()) for rung, on in case.rungs("award")]


def test_the_whole_ladder_fires_day_by_day_each_rung_on_its_day() -> None:
    case = a_case("deliberation")

    while case.clock.today < day("2026-05-10"):
        case.clock.ahead(days=1)
        case.sweep()

    assert award_ladder(case) == LADDER
    fired = [event for event in case.history() if event.kind == "rung_fired"]
    assert all(event.recorded_at - event.at < timedelta(days=1) for event in fired)


def test_after_weeks_away_every_rung_fires_in_due_order_with_its_own_day() -> None:
    case = a_case("deliberation")
    case.clock.set("2026-05-09")

    case.sweep()

    assert award_ladder(case) == LADDER
    fired = [event for event in case.history() if event.kind == "rung_fired"]
    assert [event.at for event in fired] == sorted(event.at for event in fired)
    assert {event.recorded_at for event in fired} == {instant("2026-05-09")}
    assert all(event.at == instant(f"{event.on} 00:00") for event in fired)
    assert not any(event.late for event in fired), "a rung is never entered late by anybody"


def test_a_second_sweep_finds_nothing_left() -> None:
    case = a_case("deliberation")
    case.clock.set("2026-05-09")
    case.sweep()

    assert case.sweep() == 0


@pytest.mark.parametrize(("at", "fires"), [("2026-03-22 23:59", 0), ("2026-03-23 00:00", 1)])
def test_a_rung_fires_from_the_midnight_its_day_begins_in_the_offices_zone(at: str, fires: int) -> None:
    case = a_case("deliberation")
    case.clock.set(at)
    case.sweep()

    assert len(case.rungs("award")) == fires


def test_an_act_settles_the_rungs_that_are_due_before_it() -> None:
    case = a_case("deliberation")
    case.clock.set("2026-03-23")

    case.do("deliberate", JIA, opinion="支持", drafter_named=JIA)

    kinds = [(event.kind, event.move or event.rung.get("rung")) for event in case.history()[-2:]]
    assert kinds == [("rung_fired", "W1"), ("moved", "deliberate")]


def test_a_refused_act_settles_nothing() -> None:
    case = a_case("deliberation")
    case.clock.set("2026-03-23")
    before = case.case.version

    case.refused("deliberate", ZHOU, opinion="支持", drafter_named=JIA)

    assert case.case.version == before


def test_nothing_of_a_clock_fires_after_it_has_ended() -> None:
    case = a_case("award_issued")
    case.clock.set("2026-06-01")
    case.sweep()

    assert award_ladder(case) == [("W1", "2026-03-23")], "it had fired before the award"
    assert case.armed("award") == {}


def test_nothing_is_armed_on_a_case_that_is_over_but_for_what_is_kept_beside_it() -> None:
    case = a_case("archived")

    kept = {case.case.matter(timer.matter).kind for timer in case.timers()}  # type: ignore[union-attr]
    assert kept <= {"custody"}


# --- terms ------------------------------------------------------------------------------------------------


def test_the_steps_of_a_term_fire_on_its_last_day_after_it_and_after_three() -> None:
    case = a_case("filed")
    case.clock.set("2026-03-31")
    case.sweep()

    assert [(rung, on.isoformat()) for rung, on in case.rungs("term.filed")] == [
        ("S1", "2026-03-09"), ("S2", "2026-03-10"), ("S3", "2026-03-12"),
    ]  # fmt: skip


def test_leaving_a_state_disarms_its_term() -> None:
    case = a_case("accepted")
    case.clock.set("2026-04-01")
    case.sweep()

    assert case.rungs("term.filed") == []
    assert case.rungs("term.proposed") == []
    assert case.rungs("term.accepted") != []


def test_a_review_that_is_late_tells_the_reviewer_then_the_next_level_then_the_supervisor() -> None:
    case = a_case("under_review")
    case.clock.set("2026-03-31 10:00")
    case.sweep()

    told = {
        event.rung["rung"]: sorted(n.person for n in case.notices if n.seq == event.seq)
        for event in case.history()
        if event.kind == "rung_fired" and event.rung["subject"].startswith("term.level_1")
    }
    assert told == {"V1": ["lu", "mo", "shen"], "V2": [HE], "V3": [DU]}


# --- who is told ------------------------------------------------------------------------------------------


def notices_of(case: PaperStory, rung: str) -> list[str]:
    (seq,) = {e.seq for e in case.history() if e.kind == "rung_fired" and e.rung["rung"] == rung}
    return sorted(notice.person for notice in case.notices if notice.seq == seq)


def test_a_rung_tells_those_its_ladder_names_and_the_handler() -> None:
    case = a_case("deliberation")
    for on in ("2026-03-23", "2026-04-02", "2026-04-17", "2026-05-02"):
        case.clock.set(on)
        case.sweep()

    assert notices_of(case, "W1") == [ZHOU]
    assert notices_of(case, "W2") == sorted([ZHOU, HE])
    assert notices_of(case, "W5") == sorted([ZHOU, HE, SONG, FANG, "peng"])
    assert notices_of(case, "O2") == sorted([SONG, DU])


def test_of_what_a_late_sweep_finds_each_person_is_told_the_last_of_a_ladder_alone() -> None:
    case = a_case("deliberation")
    case.clock.set("2026-04-18 10:00")
    case.sweep()

    of_limit = [n for n in case.notices if n.code in ("W3", "W4", "W5", "O1")]
    told = {(n.person, n.code) for n in of_limit}
    # The last of them for the handler and the supervisor is O1; for the others it is what fired on the last day.
    assert told == {
        (ZHOU, "O1"), (DU, "O1"), (HE, "W3"), (HE, "W5"), (SONG, "W5"), (FANG, "W5"), ("peng", "W5"),
    }  # fmt: skip
    assert [n.person for n in of_limit if n.code == "W3"] == [HE], "the newest of those that repeat"
    assert award_ladder(case)[-3:] == [("W3", "2026-04-17"), ("W5", "2026-04-17"), ("O1", "2026-04-18")]


def test_what_fires_on_one_day_is_told_in_full() -> None:
    case = a_case("deliberation")
    for on in ("2026-04-11", "2026-04-12"):
        case.clock.set(on)
        case.sweep()

    seqs = {e.seq for e in case.history() if e.kind == "rung_fired" and e.on == day("2026-04-12")}
    assert {n.code for n in case.notices if n.seq in seqs and n.person == ZHOU} == {"W3", "W4"}


@pytest.mark.parametrize(
    ("at", "rung", "zh", "en"),
    [
        ("2026-04-17 00:05", "W5", "今日为审限最后一日", "Today is the last day of the limit"),
        ("2026-04-18 00:05", "W5", "4月17日为审限最后一日", "17 Apr 2026 is the last day of the limit"),
        ("2026-04-03 09:30", "W2", "4月2日为承诺期限，请说明未结原因", "The target is 2 Apr 2026; state why the case is not closed"),
        ("2026-04-12 09:30", "W4", "距审限还有5日，请结案或即申请延期（4月12日的提醒）", "Five days are left; close the case or ask for an extension now (reminder of 12 Apr 2026)"),
    ],
)  # fmt: skip
def test_a_rung_says_its_day_where_people_read_it_later(at: str, rung: str, zh: str, en: str) -> None:
    case = a_case("deliberation")
    case.clock.set(at)
    case.sweep()

    said = {(n.sentence.zh, n.sentence.en) for n in case.notices if n.code == rung}

    assert said == {(f"{case.case.number}：{zh}", f"{case.case.number}: {en}")}


def test_a_rung_tells_the_substitute_as_well() -> None:
    case = a_case("deliberation", rules=with_leave(rules_of(), ZHOU, GU, "2026-03-20", "2026-03-27"))
    case.clock.set("2026-03-23")
    case.sweep()

    assert notices_of(case, "W1") == sorted([ZHOU, GU])


def test_a_notice_waits_for_the_next_working_morning() -> None:
    case = a_case("deliberation")
    # O1 falls due at the midnight that begins Saturday 18 April.
    case.clock.set("2026-04-18 00:05")
    case.sweep()

    overdue = [notice for notice in case.notices if notice.code == "O1"]

    assert {notice.from_ for notice in overdue} == {instant("2026-04-20 09:00")}


# --- what a rung opens ------------------------------------------------------------------------------------


def test_the_first_day_overdue_lists_the_case_for_supervision_by_rule() -> None:
    case = a_case("deliberation")
    case.clock.set("2026-04-18")
    case.sweep()

    opened = next(
        e for e in case.history() if e.kind == "matter_opened" and e.opened["kind"] == "supervision"
    )
    assert (opened.by, opened.rule) == (None, "O1")
    assert case.matter("supervision").state == "listed"


def test_a_case_that_is_listed_already_is_not_listed_twice() -> None:
    case = a_case("deliberation")
    case.do("list_supervised", DU, listing_reason="petition")
    case.clock.set("2026-04-18")
    case.sweep()

    assert len(case.case.matters_of("supervision")) == 1
    assert ("O1", day("2026-04-18")) in case.rungs("award")


# --- stops ------------------------------------------------------------------------------------------------


def test_an_open_suspension_disarms_every_rung_but_the_review_of_the_stop() -> None:
    case = a_case("deliberation")
    suspend(case, "expert", FANG)

    assert case.armed("award") == {"R1": case.clock.today + timedelta(days=30)}


def test_a_long_stop_is_asked_about_after_thirty_days_and_every_fifteen() -> None:
    case = a_case("deliberation")
    suspend(case, "expert", FANG)
    case.clock.set("2026-06-01")
    case.sweep()

    assert award_ladder(case) == [
        ("R1", "2026-04-15"),
        ("R1", "2026-04-30"),
        ("R1", "2026-05-15"),
        ("R1", "2026-05-30"),
    ]


def test_two_open_stops_are_asked_about_each_in_its_own_time() -> None:
    case = a_case("deliberation")
    case.clock.set("2026-03-17")
    suspend(case, "heirs", FANG)
    case.do("inform_parties", ZHOU, matter="party_notice", files=["notice"])
    case.clock.set("2026-03-20")
    suspend(case, "expert", FANG)
    case.do("inform_parties", ZHOU, matter="party_notice", files=["notice"])
    case.clock.set("2026-05-02")

    assert case.sweep() > 0
    assert award_ladder(case) == [("R1", "2026-04-16"), ("R1", "2026-04-19"), ("R1", "2026-05-01")]
    assert case.sweep() == 0


def test_a_resumption_disarms_the_review_of_the_stop() -> None:
    case = a_case("deliberation")
    suspend(case, "expert", FANG)
    case.clock.ahead(days=5)
    resume(case, "expert", JIA)

    assert "R1" not in case.armed("award")
    assert set(case.armed("award")) == {"W1", "W2", "W3", "W4", "W5", "O1", "O2", "O3", "O4"}


# --- provisional years ------------------------------------------------------------------------------------


def test_in_a_year_without_a_notice_a_limit_warns_on_the_earliest_day_and_is_over_after_the_latest() -> None:
    # The 45th day is Monday 8 February 2027, two days after the Spring Festival whose notice is not out yet.
    case = a_case("proposed", clock=Clock("2026-12-25"))
    case.do("accept", FANG, secretary_named=ZHOU)

    armed = case.armed("award.limit")

    assert armed["W5"] == day("2027-02-08"), "as if no weekday became a rest day"
    assert armed["W4"] == day("2027-02-03")
    assert armed["O1"] > day("2027-02-12"), (
        "the longest holiday there ever was would push the last day past the week"
    )
    assert armed["O2"] == armed["O1"] + timedelta(days=14)
    assert not overdue(case, "2027-02-09")
    assert overdue(case, armed["O1"].isoformat())


def test_a_warning_that_goes_by_the_earliest_of_a_provisional_date_says_so() -> None:
    # The 45th day is Saturday 26 December 2026, which the notice of 2027 may yet have worked: shown is Monday the 28th.
    case = a_case("proposed", clock=Clock("2026-11-11"))
    case.do("accept", FANG, secretary_named=ZHOU)
    assert case.armed("award.limit")["W5"] == day("2026-12-26")
    case.clock.set("2026-12-26 00:05")
    case.sweep()

    said = {(n.sentence.zh, n.sentence.en) for n in case.notices if n.code == "W5"}

    assert said == {(
        f"{case.case.number}：12月26日为审限最后一日（放假通知未公布，日期暂定，按最早可能之日提醒）",
        f"{case.case.number}: 26 Dec 2026 is the last day of the limit (provisional until the holiday notice is there:"
        " this goes by the earliest it may be)",
    )}  # fmt: skip
    case.clock.set(case.armed("award.limit")["O1"].isoformat())
    case.sweep()
    assert not [n for n in case.notices if n.code == "O1" and "暂定" in n.sentence.zh]


def overdue(case: PaperStory, on: str) -> bool:
    reading = read(case.rules, case.case, "award")
    assert reading is not None
    return reading.overdue_on(day(on))


def test_the_keys_of_fired_rungs_are_part_of_the_case() -> None:
    case = a_case("deliberation")
    case.clock.set("2026-04-09")
    case.sweep()

    assert fold(case.history()) == case.case
    assert sorted(case.case.fired.values()) == [1, 1, 3], "W1, W2, and W3 for the third time"


def test_the_ladder_of_the_register_is_what_this_file_says() -> None:
    rungs: tuple[Rung, ...] = rules_of().register.ladders["award"]

    assert [rung.name for rung in rungs] == ["W1", "W2", "W3", "W4", "W5", "O1", "O2", "O3", "O4", "R1"]
    assert [(rung.anchor, rung.days, rung.every) for rung in rungs] == [
        ("target", -10, None), ("target", 0, None), ("limit", -10, 1), ("limit", -5, None), ("limit", 0, None),
        ("limit", 1, None), ("limit", 15, None), ("limit", 45, None), ("limit", 365, None), ("stop", 30, 15),
    ]  # fmt: skip
