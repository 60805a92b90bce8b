"""Signatures carried to a new draft after a fix of form, a review that begins anew, and stand-ins for absent signers."""

from __future__ import annotations

from engine.core.fold import fold
from engine.model.answers import Refusal
from engine.model.events import Event
from tests.builders import PaperStory, a_file, with_holdings, with_leave
from tests.cast import FANG, GU, HE, JIA, SHEN, SONG, YI
from tests.core.signing import FIRST, GROUP, LAST, handed_in

A, B, C = GROUP


def returned_at_the_last_level() -> PaperStory:
    case = handed_in()
    for person in (FIRST, A, B):
        case.do("sign", person)
    case.do("return", LAST, comment="案号有误")
    return case


def mended(case: PaperStory, change: str) -> tuple[Event, ...]:
    return case.do("hand_in_again", YI, files=[a_file("draft", f"第二稿{change}")], change=change)


def test_a_fix_of_form_goes_back_to_the_level_that_returned_the_draft() -> None:
    case = returned_at_the_last_level()

    mended(case, "form")

    assert case.state == "resumed_3"
    assert case.case.main.assigned["level_1"] == (FIRST,)
    assert case.case.main.assigned["level_2"] == (A, B)


def test_the_level_that_saw_the_difference_carries_the_earlier_signatures_by_its_own_act() -> None:
    case = returned_at_the_last_level()
    mended(case, "form")

    (carried,) = case.do("carry", LAST)

    assert case.state == "level_3"
    assert carried.documents == {
        "draft": case.case.main.documents["draft"],
        "application": a_file("application").digest,
    }
    case.do("sign", LAST)
    assert case.state == "approved"


def test_nobody_but_the_level_that_returned_the_draft_carries() -> None:
    case = returned_at_the_last_level()
    mended(case, "form")

    assert case.refused("carry", FIRST).code == "not_yours"


def test_where_the_difference_is_more_than_form_the_review_begins_anew() -> None:
    case = returned_at_the_last_level()
    mended(case, "form")

    case.do("restart", LAST)

    assert case.state == "level_1"
    assert not {"level_1", "level_2", "level_3"} & set(case.case.main.assigned)
    case.do("sign", FIRST)


def test_a_change_of_substance_begins_at_the_first_level_with_no_signature_left() -> None:
    case = returned_at_the_last_level()

    mended(case, "substance")

    assert case.state == "level_1"
    assert not {"level_1", "level_2"} & set(case.case.main.assigned)


def test_a_group_that_returned_the_draft_votes_anew_on_the_mended_one() -> None:
    case = handed_in()
    case.do("sign", FIRST)
    for person in (A, B):
        case.do("return", person, comment="格式有误")
    mended(case, "form")
    assert case.state == "resumed_2"

    case.do("carry", C)
    case.do("sign", A)
    case.do("sign", B)

    assert case.state == "level_3"
    assert fold(case.history()) == case.case


def test_a_second_draft_after_a_carried_one_keeps_to_the_level_that_returned_last() -> None:
    case = returned_at_the_last_level()
    mended(case, "form")
    case.do("carry", LAST)
    case.do("return", LAST, comment="日期有误")

    mended(case, "form")

    assert case.state == "resumed_3"


def test_the_level_above_names_who_stands_in_and_their_signature_counts_for_the_level() -> None:
    case = handed_in()
    case.rules = with_holdings(case.rules, (GU, "arbitrator"))

    case.do("name_stand_in", A, stand_in_named=GU)
    case.do("sign", GU)

    assert case.state == "level_2"
    assert case.case.main.assigned["level_1"] == (GU,)
    assert "stand_in" not in case.case.main.assigned


def test_at_the_last_level_whoever_the_file_says_names_the_stand_in() -> None:
    case = handed_in()
    case.rules = with_holdings(case.rules, (GU, "arbitrator"))
    for person in (FIRST, A, B):
        case.do("sign", person)

    assert case.refused("name_stand_in", SONG, stand_in_named=GU).code == "not_yours"
    case.do("name_stand_in", FANG, stand_in_named=GU)
    case.do("sign", GU)

    assert case.state == "approved"


def test_nobody_names_a_stand_in_for_their_own_level() -> None:
    case = handed_in()

    assert case.refused("name_stand_in", SHEN, stand_in_named=HE).code == "not_yours"


def test_who_sat_cannot_stand_in() -> None:
    case = handed_in()
    case.do("name_stand_in", A, stand_in_named=JIA)

    assert case.refused("sign", JIA).code == "apart"


def test_which_level_returned_the_draft_cannot_be_corrected_into_another() -> None:
    case = handed_in()
    case.do("return", FIRST, comment="案号有误")

    answer = case.correct(case.event("return").seq, FANG, returned_at="level_3")

    assert isinstance(answer, Refusal)
    assert answer.code == "nothing_corrected"


def test_the_drafter_names_no_stand_in_for_who_signs_the_draft() -> None:
    case = handed_in()
    case.rules = with_holdings(case.rules, (YI, "reviewer_3"), (GU, "arbitrator"))

    assert case.refused("name_stand_in", YI, stand_in_named=GU).code == "apart"


def test_a_vote_given_for_somebody_absent_binds_nobody_once_the_draft_was_returned() -> None:
    case = handed_in()
    case.do("sign", FIRST)
    case.do("return", A, comment="格式有误")
    case.rules = with_leave(case.rules, B, GU, "2026-03-01", "2026-03-31")
    case.do("return", GU, comment="格式有误")
    mended(case, "form")
    case.do("carry", C)

    case.do("sign", B)

    assert case.case.main.assigned["level_2"] == (B,)
