"""A matter goes on under another version of its definition: nothing begins anew, and what would strand it is not done."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from engine.core.fold import fold
from engine.core.migrating import Order, migrate, undo
from engine.core.projection import project
from engine.core.terms import limit_of
from engine.law.duration import Duration
from engine.model.answers import Decision, Refusal
from engine.model.guards import IsSet
from engine.model.procedure import Branch, Procedure, Reaction, State, Who
from engine.model.rules import Rules
from tests.builders import PaperStory, day, procedure
from tests.cast import ADMIN, LIN, SHEN, ZHOU
from tests.procedures.way import bring_to

_hashes = itertools.count(1)


def version(of: Procedure, **changes: Any) -> Procedure:
    """Another version of a definition, with *changes* to its fields."""
    return replace(of, hash=f"{next(_hashes):064x}", **changes)


def renamed(of: Procedure, old: str, new: str) -> Procedure:
    """A version in which the state *old* is called *new* in the file."""

    def state(one: State) -> State:
        name = new if one.name == old else one.name
        moves = {
            n: replace(m, source=name, branches=tuple(map(branch, m.branches))) for n, m in one.moves.items()
        }
        return replace(one, name=name, moves=moves)

    def branch(one: Branch) -> Branch:
        return replace(one, target=new) if one.target == old else one

    states = {one.name: one for one in map(state, of.states.values())}
    return version(of, states=states, initial=new if of.initial == old else of.initial)


def with_state(of: Procedure, name: str, **changes: Any) -> Procedure:
    """A version in which one state has other fields."""
    return version(of, states={**of.states, name: replace(of.states[name], **changes)})


def told(state: str = "filed") -> PaperStory:
    """A case that has come to *state*."""
    story = PaperStory()
    story.open()
    bring_to(story, state)
    return story


def knowing(story: PaperStory, *versions: Procedure) -> Rules:
    """The rules of the story, which know more versions."""
    return replace(story.rules, definitions={**story.rules.definitions, **{p.hash: p for p in versions}})


def asked(
    story: PaperStory, new: Procedure, states: Mapping[str, str] | None = None, matter: str = "1"
) -> Decision | Refusal:
    """Ask for a matter of the story to be migrated; what is decided becomes the story's."""
    story.rules = knowing(story, new)
    found = story.case.matter(matter)
    assert found is not None
    answer = migrate(story.rules, story.case, found, new, states or {}, Order(ADMIN, story.clock(), 7))
    story._taken(answer)
    return answer


def migrated(
    story: PaperStory, new: Procedure, states: Mapping[str, str] | None = None, matter: str = "1"
) -> Decision:
    answer = asked(story, new, states, matter)
    assert isinstance(answer, Decision), answer
    return answer


def refused(story: PaperStory, new: Procedure, states: Mapping[str, str] | None = None) -> Refusal:
    answer = asked(story, new, states)
    assert isinstance(answer, Refusal)
    return answer


# --- what is done -----------------------------------------------------------------------------------------


def test_a_matter_goes_on_in_the_state_named_for_it_and_nothing_begins_anew() -> None:
    story = told()
    before = story.case
    new = renamed(procedure("labour"), "filed", "received")

    decision = migrated(story, new, {"filed": "received"})

    main = decision.case.main
    assert (main.definition, main.state) == (new.hash, "received")
    kept = ("round", "entered_on", "facts", "assigned", "documents", "opened_at", "done")
    assert {name: getattr(main, name) for name in kept} == {name: getattr(before.main, name) for name in kept}
    assert (decision.case.clocks, decision.case.fired) == (before.clocks, before.fired)
    (event,) = decision.events
    assert (event.kind, event.by, event.source, event.target) == ("migrated", ADMIN, "filed", "received")
    assert event.migration == {"from": before.main.definition, "proposal": "7"}
    assert decision.projection == project(story.rules, decision.case)


def test_replaying_the_history_gives_the_migrated_case() -> None:
    story = told()
    new = renamed(procedure("labour"), "filed", "received")
    migrated(story, new, {"filed": "received"})
    story.do("propose", LIN, claim_amount="12000.50")

    assert fold(story.history()) == story.case
    assert story.state == "proposed"
    assert story.case.main.subjects == {}


def test_a_form_that_shows_the_other_version_is_out_of_date() -> None:
    story = told()
    seen = story.case.main.seen
    migrated(story, with_state(procedure("labour"), "filed", title=procedure("labour").title))

    refusal = story.refused("propose", LIN, seen=seen, claim_amount="1")

    assert refusal.code == "stale"
    assert "另一版本" in refusal.reason.zh


def test_a_longer_limit_counts_from_the_same_day_and_the_event_says_which_date_moved() -> None:
    story, labour = told(), procedure("labour")
    first = labour.states["filed"].terms[0]
    longer = replace(first, limit=Duration(7, "work days"))
    before = limit_of(story.rules, story.case, story.case.main).due
    alone = with_state(labour, "filed", terms=(longer,))

    decision = migrated(story, alone)

    after = limit_of(story.rules, decision.case, decision.case.main).due
    assert (before, after) == (day("2026-03-09"), day("2026-03-11"))
    assert [(m.what, m.before, m.after) for m in decision.events[0].moved] == [("step", before, after)]


def test_the_handler_is_told() -> None:
    story = told("tribunal_formed")

    decision = migrated(story, version(procedure("labour")))

    assert {notice.person for notice in decision.notices} == {ZHOU}
    assert "另一版本" in decision.notices[0].sentence.zh


def test_a_matter_beside_the_case_goes_on_under_its_own_new_version() -> None:
    story = told("tribunal_formed")
    service = story.matter("service")
    new = version(procedure("service"), basis="新的依据")

    decision = migrated(story, new, matter=service.id)

    assert decision.case.matter(service.id) == replace(
        service, definition=new.hash, seen=decision.case.version, migrated=decision.case.version
    )
    assert decision.case.main == replace(story.case.main)


# --- rungs ------------------------------------------------------------------------------------------------


def fired(story: PaperStory) -> list[str]:
    return [rung for rung, _ in story.rungs("term.")]


def test_a_rung_that_fired_before_the_state_was_renamed_does_not_fire_again() -> None:
    story = told()
    story.clock.set("2026-03-10")
    story.sweep()
    assert fired(story) == ["S1", "S2"]

    migrated(story, renamed(procedure("labour"), "filed", "received"), {"filed": "received"})
    story.sweep()
    assert fired(story) == ["S1", "S2"]

    story.clock.set("2026-03-20")
    story.sweep()
    assert fired(story) == ["S1", "S2", "S3"]


def test_a_rung_keeps_its_limit_when_another_one_is_put_before_it() -> None:
    story, labour = told(), procedure("labour")
    story.clock.set("2026-03-10")
    story.sweep()
    first, *rest = labour.states["filed"].terms
    more = replace(first, name="filed.1", title=labour.title, limit=Duration(30, "days"))
    new = with_state(labour, "filed", terms=(more, replace(first, name="filed.2"), *rest))

    migrated(story, new)
    story.sweep()

    assert fired(story) == ["S1", "S2"]
    assert {timer.subject for timer in story.timers()} == {
        "term.filed.1",
        f"term.filed.1@{story.case.main.migrated}",
    }


def test_rungs_of_a_state_entered_later_are_known_by_its_own_name() -> None:
    story = told()
    migrated(story, renamed(procedure("labour"), "filed", "received"), {"filed": "received"})
    assert {timer.subject for timer in story.timers()} == {"term.filed.1"}

    story.do("propose", LIN, claim_amount="12000.50")

    assert {timer.subject for timer in story.timers()} == {"term.proposed.1"}


# --- what stands in the way -------------------------------------------------------------------------------


def test_a_state_without_a_counterpart_stands_in_the_way_and_the_remedy_names_those_there_are() -> None:
    refusal = refused(told(), renamed(procedure("labour"), "filed", "received"))

    assert refusal.code == "no_counterpart"
    assert refusal.enables is not None
    assert "--map filed=" in refusal.enables.zh
    assert "received" in refusal.enables.zh


def test_a_known_fact_of_another_type_stands_in_the_way() -> None:
    labour = procedure("labour")
    facts = {**labour.facts, "cause": replace(labour.facts["cause"], type="text", choices={})}

    assert refused(told(), version(labour, facts=facts)).code == "fact_changed"


def test_a_known_choice_that_is_no_longer_offered_stands_in_the_way() -> None:
    labour = procedure("labour")
    cause = labour.facts["cause"]
    choices = {name: title for name, title in cause.choices.items() if name != "wages"}
    facts = {**labour.facts, "cause": replace(cause, choices=choices)}

    refusal = refused(told(), version(labour, facts=facts))

    assert (refusal.code, refusal.fact) == ("fact_changed", "cause")
    assert "劳动报酬" in refusal.reason.zh


def test_a_fact_that_is_not_known_yet_may_change() -> None:
    labour = procedure("labour")
    facts = {**labour.facts, "opinion": replace(labour.facts["opinion"], type="whole", most=None)}

    new = version(labour, facts=facts)

    assert migrated(told(), new).case.main.definition == new.hash


def test_a_person_the_new_version_does_not_know_stands_in_the_way_where_somebody_is_one() -> None:
    labour = procedure("labour")
    persons = {name: one for name, one in labour.persons.items() if name != "clerk"}

    assert refused(told(), version(labour, persons=persons)).code == "relation_gone"


def test_a_clock_that_has_begun_and_would_be_gone_stands_in_the_way() -> None:
    labour = procedure("labour")

    assert refused(told("accepted"), version(labour, clocks={})).code == "clock_gone"


def test_a_matter_that_would_not_find_what_it_uses_of_the_case_stands_in_the_way() -> None:
    labour = procedure("labour")
    matters = {name: kind for name, kind in labour.matters.items() if name != "service"}

    refusal = refused(told("tribunal_formed"), version(labour, matters=matters))

    assert refusal.code == "does_not_fit"
    assert refusal.fact == "matters.service"


def test_a_matter_whose_new_version_lacks_an_outcome_the_case_waits_for_stays() -> None:
    story, service = told("award_issued"), procedure("award_service")
    served = next(name for name, state in service.states.items() if state.outcome == "served")
    states = {**service.states, served: replace(service.states[served], outcome="delivered")}

    answer = asked(story, version(service, states=states), matter=story.matter("award_service").id)

    assert isinstance(answer, Refusal)
    assert answer.fact == "award_service is served"


def under_review() -> tuple[PaperStory, Procedure]:
    story = told("under_review")
    return story, story.rules.definitions[story.matter("award_review").definition]


def test_a_level_that_has_not_signed_is_not_stepped_over() -> None:
    story, review = under_review()
    answer = migrate(
        knowing(story, other := version(review)), story.case, story.matter("award_review"), other,
        {"level_1": "level_5"}, Order(ADMIN, story.clock()),
    )  # fmt: skip

    assert isinstance(answer, Refusal)
    assert answer.code == "not_signed"


def test_signatures_given_under_other_levels_stand_in_the_way() -> None:
    story, review = under_review()
    story.do("sign", SHEN, matter="award_review")
    assert review.chain
    shorter = version(review, chain=replace(review.chain, levels=review.chain.levels[:2]))

    answer = migrate(
        knowing(story, shorter),
        story.case,
        story.matter("award_review"),
        shorter,
        {},
        Order(ADMIN, story.clock()),
    )

    assert isinstance(answer, Refusal)
    assert answer.code == "signed_otherwise"


def test_a_final_state_is_no_counterpart() -> None:
    labour = procedure("labour")
    final = next(name for name, state in labour.states.items() if state.final)

    assert refused(told(), version(labour), {"filed": final}).code == "final_state"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"awaits": (Who("tribunal", relation=True),)}, "nobody"),
        ({"awaits": (), "awaits_matter": "award_review"}, "waits_for_nothing"),
        ({"reactions": (Reaction(IsSet("cause"), "proposed"),)}, "goes_on"),
    ],
)
def test_a_state_in_which_nothing_could_be_done_stands_in_the_way(changes: dict[str, Any], code: str) -> None:
    assert refused(told(), with_state(procedure("labour"), "filed", **changes)).code == code


# --- undoing ----------------------------------------------------------------------------------------------


def put_back(story: PaperStory) -> Decision | Refusal:
    done = next(event for event in reversed(story.history()) if event.kind == "migrated")
    earlier = fold(event for event in story.history() if event.seq < done.seq).matter(done.matter)
    assert earlier is not None
    return undo(story.rules, story.case, done, earlier, Order(ADMIN, story.clock(), 8))


def test_what_was_migrated_is_put_back_as_it_was() -> None:
    story = told()
    before = story.case.main
    story.clock.set("2026-03-10")
    story.sweep()
    migrated(story, renamed(procedure("labour"), "filed", "received"), {"filed": "received"})

    answer = put_back(story)

    assert isinstance(answer, Decision)
    story._taken(answer)
    seq = story.case.version
    assert story.case.main == replace(before, seen=seq, migrated=seq)
    assert story.history()[-1].migration["undoes"] == str(seq - 1)
    story.clock.set("2026-03-20")
    story.sweep()
    assert fired(story) == ["S1", "S2", "S3"]


def test_a_limit_that_was_gone_meanwhile_does_not_fire_again_when_it_is_back() -> None:
    story, labour = told(), procedure("labour")
    story.clock.set("2026-03-10")
    story.sweep()
    without = tuple(term for term in labour.states["filed"].terms if term.ladder is None)
    migrated(story, with_state(labour, "filed", terms=without))
    assert story.timers() == ()

    story._taken(put_back(story))
    story.sweep()

    assert fired(story) == ["S1", "S2"]


def test_what_has_moved_since_is_not_put_back() -> None:
    story = told()
    migrated(story, renamed(procedure("labour"), "filed", "received"), {"filed": "received"})
    story.do("propose", LIN, claim_amount="12000.50")

    answer = put_back(story)

    assert isinstance(answer, Refusal)
    assert answer.code == "moved_since"
