"""Random walks: whatever people do among what they are allowed, what must always hold of a case holds after every act."""

from __future__ import annotations

from copy import copy
from dataclasses import replace
from datetime import timedelta

from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from engine.core.decide import consider
from engine.core.fold import apply, fold
from engine.core.projection import project
from engine.model.answers import Refusal
from engine.model.case import Case, Matter
from engine.model.event_text import event_text
from engine.model.events import Event, canonical, event_of, genesis, hash_of, plain_event
from engine.model.procedure import Fact, Move
from engine.store.rows import case_body, case_of
from tests.builders import INSTITUTION, PaperStory
from tests.cast import CAST, FANG, SHEN
from tests.examples import examples
from tests.procedures.way import WAY, a_case

WALK = settings(
    max_examples=examples(15), derandomize=True, database=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)  # fmt: skip

Choice = tuple[Matter, Move, str]


def allowed(story: PaperStory) -> list[Choice]:
    """Everything somebody of the cast may do now."""
    return [
        (matter, move, person)
        for matter in story.case.open_matters()
        for move in story.rules.procedure_of(matter).states[matter.state].moves.values()
        for person in CAST
        if not isinstance(consider(story.rules, story.case, matter, move, person, story.clock()), Refusal)
    ]


def chosen(data: st.DataObject, story: PaperStory) -> Choice | None:
    """One of the allowed moves, the ways forward drawn more often, and one of those who may do it."""
    found: dict[tuple[str, str], list[Choice]] = {}
    for choice in allowed(story):
        found.setdefault((choice[0].id, choice[1].name), []).append(choice)
    if not found:
        return None
    standing = {"recuse", "hand_over", "list_supervised", "propose_suspension", "resume", "replace_tribunal"}
    forward = [key for key in found if key[1] not in standing]
    key = data.draw(st.sampled_from(forward * 4 + list(found)), label="move")
    return data.draw(st.sampled_from(found[key]), label="person")


def typed(data: st.DataObject, story: PaperStory, fact: Fact) -> str:
    """Something a person might type into the field."""
    people, today = story.rules.people, story.clock.today
    match fact.type:
        case "date":
            return (today + timedelta(days=data.draw(st.integers(0, 20)))).isoformat()
        case "whole":
            return str(data.draw(st.integers(1, 20)))
        case "amount":
            return data.draw(st.sampled_from(["0", "12000.50", "9999999999"]))
        case "choice":
            return data.draw(st.sampled_from(list(fact.choices)))
        case "person" | "persons":
            named = people.holders(fact.role, "main", today) if fact.role else tuple(CAST)
            most = 3 if fact.type == "persons" else 1
            return " ".join(
                data.draw(st.lists(st.sampled_from(named), min_size=1, max_size=most, unique=True))
            )
        case _:
            return "依事实和法律"


def act(data: st.DataObject, story: PaperStory, choice: Choice) -> tuple[Event, ...] | Refusal:
    matter, move, person = choice
    facts = story.rules.procedure_of(matter).facts
    form = {name: typed(data, story, facts[name]) for name in move.needs}
    other = in_another_process(story)
    answer = story.ask(move.name, person, matter=matter, seen=matter.seen, files=move.attach, **form)
    assert answer == other.ask(move.name, person, matter=matter, seen=matter.seen, files=move.attach, **form)
    assert_alike(story, other)
    event(f"{move.name}: {answer.code if isinstance(answer, Refusal) else 'done'}")
    return answer


def in_another_process(story: PaperStory) -> PaperStory:
    """The same story where nothing was worked out yet: rules that have answered nothing, a case that was just read."""
    other = copy(story)
    other.rules = replace(story.rules, people=replace(story.rules.people))
    other._case = case_of(case_body(story.case))
    other._events, other.notices = list(story.history()), list(story.notices)
    return other


def assert_alike(one: PaperStory, other: PaperStory) -> None:
    assert (one.case, one.notices) == (other.case, other.notices), (
        "what was kept with the rules decided something"
    )
    assert [event_text(event) for event in one.history()] == [event_text(event) for event in other.history()]


def assert_sound(story: PaperStory) -> None:
    """What must hold of every case, whatever happened to it."""
    case, history = story.case, story.history()
    assert fold(history) == case
    assert case_of(case_body(case)) == case
    assert project(story.rules, case) == project(replace(story.rules), case), (
        "kept answers are those of fresh rules"
    )
    assert_chained(case, history)
    assert_signatures_lawful(case)
    assert_somebody_is_awaited(story)


def assert_chained(case: Case, history: tuple[Event, ...]) -> None:
    previous = genesis(INSTITUTION, case.id)
    for seq, one in enumerate(history, 1):
        assert (one.seq, one.previous, one.hash) == (seq, previous, hash_of(one))
        assert event_of(plain_event(one)) == one
        assert event_text(one) == canonical(plain_event(one))
        previous = one.hash
    assert (case.version, case.head) == (len(history), previous)


def assert_signatures_lawful(case: Case) -> None:
    barred = {p for name in ("drafter", "tribunal", "clerk") for p in case.main.assigned.get(name, ())}
    for review in case.matters_of("award_review"):
        signers = [
            p for name, persons in review.assigned.items() if name.startswith("level_") for p in persons
        ]
        assert len(signers) == len(set(signers)), "one person signed two levels"
        if review.open:
            assert not barred & set(signers), "somebody signed who drafted, sat or examined the filing"


def assert_somebody_is_awaited(story: PaperStory) -> None:
    projection = project(story.rules, story.case)
    waiting = {todo.matter for todo in projection.todos}
    for matter in story.case.open_matters():
        state = story.rules.procedure_of(matter).states[matter.state]
        on_another = state.awaits_matter and any(m.open for m in story.case.matters_of(state.awaits_matter))
        assert matter.id in waiting or on_another, f"nobody is awaited in {matter.state}"


@WALK
@given(st.sampled_from(["filed", *WAY][:-1]), st.data())
def test_after_every_act_the_history_folds_to_the_case_and_nothing_forbidden_has_happened(
    start: str, data: st.DataObject
) -> None:
    story = a_case(start)
    for _ in range(data.draw(st.integers(3, 6), label="steps")):
        choice = chosen(data, story)
        if choice is None:
            break
        before = story.case
        answer = act(data, story, choice)
        if isinstance(answer, Refusal):
            assert story.case == before, "a refusal changed the case"
        assert_sound(story)
        story.clock.ahead(days=data.draw(st.integers(0, 12), label="days"))
        other = in_another_process(story)
        if story.sweep():
            assert_sound(story)
        other.sweep()
        assert_alike(story, other)
        assert story.sweep() == 0, "a second sweep found something"
        assert len({(e.rung["key"], e.rung["occurrence"]) for e in story.history() if e.rung}) == sum(
            e.kind == "rung_fired" for e in story.history()
        ), "a rung fired twice"


@settings(WALK, max_examples=examples(8))
@given(st.data())
def test_reviewers_at_adjacent_levels_never_get_past_the_order_whatever_they_try_first(
    data: st.DataObject,
) -> None:
    story = a_case("under_review")
    reviewers = [p for p, (_, roles) in CAST.items() if any(role.startswith("reviewer_") for role in roles)]
    for _ in range(12):
        review = story.matter("award_review")
        if not review.open:
            break
        story.ask("sign", data.draw(st.sampled_from(reviewers)), matter=review)
        signed = sorted(name for name in story.matter("award_review").assigned if name.startswith("level_"))
        assert signed == [f"level_{n}" for n in range(1, len(signed) + 1)], "a level was skipped"
    assert_sound(story)


def test_a_fold_of_part_of_the_history_is_the_case_as_it_was_then() -> None:
    story = PaperStory().open()
    after: list[Case] = [story.case]
    for step in list(WAY.values())[:8]:
        step(story)
        after.append(story.case)

    whole = fold(story.history())
    assert [fold(story.history()[: case.version]) for case in after] == after
    assert apply(fold(story.history()[:-1]), story.history()[-1]) == whole
    assert {FANG, SHEN} <= {e.by for e in story.history() if e.by}
