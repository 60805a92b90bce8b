"""A chain unfolds into plain states, moves and relations: order, votes, returns, carried signatures, stand-ins."""

from __future__ import annotations

from engine.language.procedure import read_procedure
from engine.model.guards import All, Compare, CountHolders
from engine.model.procedure import ACTOR, Branch, Procedure, Who
from engine.text import Text
from tests.core.signing import signing
from tests.language.small import BROKEN, ROLES

PLAIN = (BROKEN / "chain_to_nowhere.yaml").read_text(encoding="utf-8").replace("acceptd", "accepted")
EVERY_SIGNATURE = ("level_1", "level_2", "level_2_against", "level_3")


def plain() -> Procedure:
    read = read_procedure(PLAIN.replace("to: level_3", "to: level_1"), "plain.yaml", ROLES)
    assert isinstance(read, Procedure), read.said("en")
    return read


def test_a_chain_unfolds_into_plain_states_that_lead_to_each_other() -> None:
    chain = plain()

    assert chain.levels == ("level_1", "level_2")
    assert [chain.states[name].moves["sign"].targets for name in chain.levels] == [
        ("level_2",),
        ("accepted",),
    ]
    assert {chain.states[name].moves["return"].targets for name in chain.levels} == {("filed",)}
    assert chain.states["level_2"].awaits == (Who("reviewer_2", relation=False),)


def test_nobody_signs_two_levels_nor_what_they_drafted() -> None:
    sign = signing().states["level_1"].moves["sign"]

    assert sign.assign == {"level_1": ACTOR}
    assert set(sign.not_by) == {"drafter", "tribunal", "level_2", "level_2_against", "level_3"}
    assert sign.branches == (Branch("level_2"),)


def test_where_nothing_is_carried_a_return_takes_every_signature_back() -> None:
    back = plain().states["level_2"].moves["return"]

    assert back.branches == (Branch("filed", release=("level_1", "level_2")),)
    assert back.primary is False


def test_a_group_signs_by_its_majority_and_returns_once_that_is_out_of_reach() -> None:
    group = signing().states["level_2"].moves

    assert group["sign"].branches == (Branch("level_3", CountHolders("level_2", ">=", 2)), Branch(None))
    leaving, staying = group["return"].branches
    assert (leaving.target, leaving.when) == ("answering", CountHolders("level_2_against", ">=", 2))
    assert staying == Branch(None)
    assert signing().persons["level_2_against"].title == Text("小组（退回意见）", "Group (for a return)")


def test_where_signatures_can_be_carried_a_return_takes_back_its_own_level_and_those_after_it() -> None:
    back = signing().states["level_3"].moves["return"]

    assert back.branches == (Branch("answering", release=("level_3",)),)
    assert back.set == {"returned_at": "level_3"}


def test_the_new_draft_goes_to_the_level_that_returned_the_one_before() -> None:
    again = signing().states["answering"].moves["hand_in_again"]

    form = Compare("change", "=", "form")
    assert again.branches == (
        *(Branch(f"resumed_{n}", All((form, Compare("returned_at", "=", f"level_{n}")))) for n in (1, 2, 3)),
        Branch("level_1", release=EVERY_SIGNATURE),
    )


def test_beginning_anew_at_the_first_level_releases_every_signature() -> None:
    resumed = signing().states["resumed_3"]

    assert resumed.moves["restart"].branches == (Branch("level_1", release=EVERY_SIGNATURE),)
    assert resumed.moves["carry"].branches == (Branch("level_3"),)
    assert resumed.awaits == (Who("reviewer_5", relation=False),)
    assert resumed.title == Text("终级：核对修改", "Last level: see what has changed")


def test_the_level_above_names_a_stand_in_and_the_last_one_has_whoever_the_file_says() -> None:
    named = [signing().states[f"level_{n}"].moves["name_stand_in"] for n in (1, 2, 3)]

    assert [move.by for move in named] == [
        (Who("reviewer_3", relation=False),),
        (Who("reviewer_5", relation=False),),
        (Who("director", relation=False),),
    ]
    assert {move.assign["stand_in"] for move in named} == {"stand_in_named"}
    assert signing().states["level_1"].moves["sign"].by == (
        Who("reviewer_1", relation=False),
        Who("stand_in", relation=True),
    )
