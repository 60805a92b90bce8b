"""What was recorded wrongly is corrected, not changed: facts, and with more care the dates that move a clock."""

from __future__ import annotations

import pytest

from engine.core.clocks import read
from engine.core.fold import fold
from engine.model.answers import Refusal
from engine.model.events import Event
from tests.builders import Answer, PaperStory, day, rules_of, with_leave
from tests.cast import FANG, GU, HE, JIA, LIN, WEI, YI, ZHOU
from tests.procedures.way import a_case, ask_for_extension, resume, suspend


def refused(answer: Answer) -> Refusal:
    assert isinstance(answer, Refusal), "the correction was accepted"
    return answer


def made(answer: Answer) -> Event:
    assert not isinstance(answer, Refusal), answer
    return answer[0]


def due(case: PaperStory) -> object:
    reading = read(case.rules, case.case, "award")
    assert reading is not None
    return reading.due


def test_a_wrong_fact_is_superseded_and_the_first_record_stays() -> None:
    case = a_case("filed")
    case.clock.set("2026-03-05")

    event = made(case.correct(1, FANG, "案由误选", cause="injury"))

    assert (event.kind, event.corrects, event.rule, event.by) == ("corrected", 1, "案由误选", FANG)
    assert case.case.main.facts["cause"] == "injury"
    assert case.history()[0].facts["cause"] == "wages"
    assert case.state == "filed"


@pytest.mark.parametrize("person", [LIN, ZHOU, HE, JIA])
def test_only_the_director_and_the_delegated_head_correct(person: str) -> None:
    assert refused(a_case("filed").correct(1, person, cause="injury")).code == "not_yours"


def test_a_substitute_of_the_director_corrects_for_the_director() -> None:
    case = a_case("filed", rules=with_leave(rules_of(), FANG, GU, "2026-03-01", "2026-03-31"))

    assert made(case.correct(1, GU, cause="injury")).acting_for == FANG


@pytest.mark.parametrize("reason", ["", "  "])
def test_a_correction_gives_its_reason(reason: str) -> None:
    assert refused(a_case("filed").correct(1, FANG, reason, cause="injury")).fact == "reason"


def test_a_corrected_fact_is_read_like_any_other() -> None:
    refusal = refused(a_case("filed").correct(1, FANG, cause="dispute"))

    assert (refusal.code, refusal.fact) == ("bad_fact", "cause")


@pytest.mark.parametrize(("event", "code"), [(99, "unknown_event"), (0, "unknown_event")])
def test_an_event_the_case_does_not_have_is_not_corrected(event: int, code: str) -> None:
    assert refused(a_case("filed").correct(event, FANG, cause="injury")).code == code


def test_only_what_the_event_recorded_is_corrected() -> None:
    assert refused(a_case("proposed").correct(1, FANG, claim_amount="5")).code == "nothing_corrected"
    assert refused(a_case("proposed").correct(1, FANG)).code == "nothing_corrected"


def test_what_a_later_event_set_anew_is_corrected_there() -> None:
    case = a_case("filed")
    case.do("ask_correction", LIN, missing_papers="身份证明")
    case.clock.set("2026-03-09")
    case.do("complete", LIN)

    refusal = refused(case.correct(1, FANG, received_on="2026-03-01"))

    assert (refusal.code, refusal.fact) == ("changed_since", str(case.event("complete").seq))
    made(case.correct(case.event("complete").seq, FANG, received_on="2026-03-06"))
    assert case.case.main.facts["received_on"] == day("2026-03-06")


def test_a_fact_may_be_corrected_twice() -> None:
    case = a_case("filed")
    made(case.correct(1, FANG, cause="injury"))

    made(case.correct(1, WEI, "再次核对", cause="insurance"))

    assert case.case.main.facts["cause"] == "insurance"


def test_a_corrected_date_moves_the_term_that_hangs_on_it() -> None:
    case = a_case("filed")
    case.clock.set("2026-03-05")
    before = case.armed("term.filed")

    made(case.correct(1, FANG, received_on="2026-02-27"))

    assert before["S1"] == day("2026-03-09")
    assert case.armed("term.filed")["S1"] == day("2026-03-05"), "28 February 2026 is a working Saturday"


# --- dates that move the clock ----------------------------------------------------------------------------


def test_a_clock_date_takes_another_person_and_a_document() -> None:
    case = a_case("accepted")
    case.clock.set("2026-03-10")
    accepted = case.event("accept").seq

    assert refused(case.correct(accepted, FANG, on="2026-03-02", files=["order"])).code == "second_person"
    assert refused(case.correct(accepted, WEI, on="2026-03-02")).code == "missing_document"
    made(case.correct(accepted, WEI, on="2026-03-02", files=["order"]))

    assert due(case) == day("2026-04-16")
    assert case.case.main.entered_on == day("2026-03-02")


def test_a_clock_date_is_not_corrected_into_the_future() -> None:
    case = a_case("accepted")

    assert refused(case.correct(2, WEI, on="2026-03-04", files=["order"])).code == "DATE_IN_FUTURE"


def test_an_event_without_a_clock_has_no_date_to_correct() -> None:
    case = a_case("accepted")

    assert refused(case.correct(1, WEI, on="2026-03-01", files=["order"])).code == "nothing_corrected"


def test_the_law_judges_the_corrected_dates() -> None:
    case = a_case("deliberation")
    case.clock.set("2026-03-17")
    suspend(case, "expert", FANG)
    case.clock.set("2026-03-19")
    resume(case, "expert", JIA)

    refusal = refused(case.correct(case.event("resume").seq, WEI, on="2026-03-16", files=["order"]))

    assert refusal.code == "DATE_OUT_OF_ORDER"
    made(case.correct(case.event("resume").seq, WEI, on="2026-03-18", files=["order"]))
    assert due(case) == day("2026-04-20"), "one day stopped, and its last day a Saturday"


def test_the_length_of_an_extension_is_a_clock_fact_too() -> None:
    case = a_case("deliberation")
    ask_for_extension(case)
    granted = case.do("grant", FANG, files=["order"], days_granted="15")[0].seq

    assert refused(case.correct(granted, FANG, days_granted="5")).code == "second_person"
    assert refused(case.correct(granted, WEI, days_granted="5")).code == "missing_document"
    assert refused(case.correct(granted, WEI, files=["order"], days_granted="16")).code == "EXT_OVER_CAP"
    made(case.correct(granted, WEI, files=["order"], days_granted="5"))

    assert due(case) == day("2026-04-22")
    assert case.matter("extension").facts["days_granted"] == 5


def test_the_ground_of_a_suspension_is_corrected_with_its_stop() -> None:
    case = a_case("deliberation")
    stopped = suspend(case, "expert", FANG)[0].seq

    made(case.correct(stopped, WEI, files=["order"], ground="heirs"))

    assert case.case.clocks["award"].facts[-1].ref == case.matter("suspension").facts["ground"] == "heirs"
    case.clock.ahead(days=3)
    resume(case, "heirs", JIA)


def test_who_was_named_is_changed_by_a_move_not_by_a_correction() -> None:
    case = a_case("deliberation")

    refusal = refused(case.correct(case.event("form_tribunal").seq, WEI, tribunal_named=f"{JIA} {YI}"))

    assert refusal.code == "assigns_persons"


def test_fired_rungs_stay_when_a_correction_moves_the_date() -> None:
    case = a_case("accepted")
    case.clock.set("2026-03-23")
    case.sweep()
    assert ("W1", day("2026-03-23")) in case.rungs("award.target")

    made(case.correct(case.event("accept").seq, WEI, on="2026-03-02", files=["order"]))
    case.sweep()

    assert [rung for rung, _ in case.rungs("award.target")] == ["W1"], "fired once, and never again"
    assert case.armed("award.target") == {"W2": day("2026-04-01")}


def test_a_corrected_history_folds_to_the_case() -> None:
    case = a_case("accepted")
    made(case.correct(1, FANG, cause="injury"))
    made(case.correct(case.event("accept").seq, WEI, on="2026-03-02", files=["order"]))

    assert fold(case.history()) == case.case


def test_the_matters_that_an_act_opened_follow_its_corrected_day() -> None:
    case = a_case("accepted")
    accepted = next(event for event in case.history() if event.move == "accept")
    case.clock.set("2026-03-20")

    event = made(case.correct(accepted.seq, WEI, "受理日期误录", on="2026-03-04", files=["order"]))

    assert {case.case.main.id, *(m.id for m in case.case.matters_of("service"))} == set(event.redated)
    assert all(matter.entered_on == day("2026-03-04") for matter in case.case.matters)
