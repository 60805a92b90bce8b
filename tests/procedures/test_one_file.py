"""A procedure of another institution in one file: its own roles, many events over few states; it checks, draws and runs."""

from __future__ import annotations

from functools import cache

import pytest

from engine.core.fold import fold
from engine.language.drawing import draw_dot, draw_mermaid, draw_svg
from engine.language.procedure import read_procedure
from engine.language.register import read_register
from engine.language.together import check_together
from engine.model.case import Party
from engine.model.people import Holding, People, Person
from engine.model.procedure import Procedure
from engine.model.register import Register
from engine.model.rules import Rules
from tests.builders import PaperStory
from tests.cast import PLACE, SINCE
from tests.law.notices import china_calendar

STATES = (
    "registered",
    "constituted",
    "pleadings",
    "evidence",
    "hearing",
    "deliberation",
    "award_draft",
    "award_made",
)
ROLES = tuple(f"officer_{n}" for n in range(1, 21))
EVENTS = 80

REGISTER = """\
institution: tribunal
title: {zh: 远方仲裁庭, en: A distant tribunal}
zone: Asia/Shanghai
rehearsal: true
offices:
  main: {zh: 本部, en: Seat}
roles:
  admin: {zh: 管理员, en: administrator}
procedures:
  distant: {file: distant.yaml, series: D, number: "D-{year}-{n}"}
ladders:
  step:
    - {rung: S1, when: 1 day after limit, to: [awaited], says: {zh: 超期, en: Overdue}}
"""


def text() -> str:
    """A tribunal of 20 roles, whose 80 events are recorded in one of 8 states; every tenth leads on to the next."""
    lines = [
        "procedure: distant",
        "title: {zh: 远方程序, en: Distant rules}",
        "basis: Rules of the distant tribunal",
        "roles:",
        *(f"  {role}: {{zh: {role}, en: {role.replace('_', ' ')}}}" for role in ROLES),
        "stages: {all: {zh: 全程, en: Whole}}",
        "facts:",
        "  note: {type: text, most: 500, title: {zh: 记事, en: Note}}",
        "opening: {by: any officer_1, parties: claimant}",
        "starts: registered",
        "states:",
    ]
    for number, state in enumerate(STATES):
        onward = STATES[number + 1] if number + 1 < len(STATES) else "closed"
        lines += [
            f"  {state}:",
            f"    title: {{zh: 状态{number + 1}, en: {state.replace('_', ' ')}}}",
            "    stage: all",
            f"    awaits: any officer_{number + 1}",
            "    within: {limit: 30 days, ladder: step}",
            "    moves:",
            f"      onward_{number}: {{title: {{zh: 进入下一步, en: Go on}}, by: any officer_{number + 1}, to: {onward}}}",
        ]
    lines += ["  closed: {title: {zh: 已结, en: Closed}, stage: all, final: closed}", "moves:"]
    for number in range(EVENTS - len(STATES)):
        role, sources = ROLES[number % len(ROLES)], [STATES[number % 8], STATES[(number + 3) % 8]]
        where = "any open state" if number % 3 else f"[{', '.join(sources)}]"
        lines.append(
            f"  event_{number}: {{title: {{zh: 事项{number}, en: Event {number}}}, by: any {role}, from: {where}, asks: [note], to: stays}}"
        )
    return "\n".join(lines) + "\n"


@cache
def distant() -> Procedure:
    read = read_procedure(text(), "distant.yaml", ())
    assert isinstance(read, Procedure), read.said("en")
    return read


@cache
def register() -> Register:
    read = read_register(REGISTER, "workflows.yaml")
    assert isinstance(read, Register), read.said("en")
    return read


def rules() -> Rules:
    procedure = distant()
    people = tuple(Person(f"p{n}", f"Officer {n}") for n in range(1, 21))
    holdings = tuple(Holding(f"p{n}", f"officer_{n}", PLACE, SINCE) for n in range(1, 21))
    return Rules(
        definitions={procedure.hash: procedure},
        in_force={"distant": procedure.hash},
        register=register(),
        calendar=china_calendar(),
        people=People(people, holdings),
    )


def test_eighty_events_over_eight_states_with_twenty_roles_stand_in_one_file() -> None:
    moves = {name for state in distant().states.values() for name in state.moves}

    assert (len(moves), len(distant().states) - 1, len(distant().roles)) == (EVENTS, len(STATES), len(ROLES))
    files = {"workflows.yaml": REGISTER, "distant.yaml": text()}
    assert check_together(register(), {"distant": distant()}, files) == ()


@pytest.mark.parametrize("draw", [draw_mermaid, draw_dot, draw_svg])
def test_it_is_drawn_with_every_state(draw: object) -> None:
    assert callable(draw)
    drawing = draw(distant(), "en")

    assert all(state.replace("_", " ") in drawing or state in drawing for state in STATES)


def test_a_case_runs_from_its_first_state_to_its_last_by_the_roles_of_the_file() -> None:
    story = PaperStory(rules())
    story.open_under("distant", "p1", parties=[Party("", "claimant", "Distant Shipping")])
    for number in range(len(STATES)):
        story.do("event_1", "p2", note=f"in state {number}")
        story.clock.ahead(days=1)
        assert story.refused(f"onward_{number}", "p20").code == "not_yours"
        story.do(f"onward_{number}", f"p{number + 1}")

    assert story.case.main.outcome == "closed"
    assert fold(story.history()) == story.case
