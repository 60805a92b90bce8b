"""Trial 19: definitions that cannot work, of two thousand states each: told with line and column, in no time.

What is wrong in a small file is held by `tests/language/broken`; here it stands at the end of a large one.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from engine.language.problem import Problem, Problems
from engine.language.procedure import read_procedure
from engine.model.procedure import Procedure
from tests.language.small import ROLES, SMALL
from tests.trials.figures import tell

STATES = 2_000
SECONDS = 2.0

HEAD = SMALL[: SMALL.index("states:\n")]
FIRST, SECOND, THIRD = (SMALL.index(f"\n  {name}:") + 1 for name in ("filed", "proposed", "accepted"))

Line = Callable[[int, int], str]
"""The state of a number among so many."""


def _title(n: int) -> str:
    return f"title: {{zh: 状态{n}, en: State {n}}}, stage: only"


def _waiting(n: int, to: str, on: str = "") -> str:
    limit = "within: {limit: 5 work days, ladder: step}"
    move = f"title: {{zh: 办理, en: Go on}}, by: clerk, to: {to}"
    return f"  s{n}: {{{_title(n)}, awaits: clerk, {on}{limit}, moves: {{go{n}: {{{move}}}}}}}\n"


def _chain(n: int, count: int) -> str:
    return _waiting(n, f"s{n + 1}" if n < count - 1 else "accepted")


def _never_ending(n: int, count: int) -> str:
    return _waiting(n, f"s{(n + 1) % count}")


def _unreachable(n: int, count: int) -> str:
    return _waiting(n, f"s{n - 1}" if n % 2 else "accepted")


def _missing(n: int, count: int) -> str:
    return _waiting(n, f"nowhere_{n}")


def _reacting_round(n: int, count: int) -> str:
    # The first half: with all of them the file would be refused for its size before anybody looks for rings.
    half = count // 2
    on = f"on: [{{when: review is approved, to: s{(n + 1) % half}}}], " if n < half else ""
    return _waiting(n, f"s{n + 1}" if n < count - 1 else "accepted", on)


def _twice(n: int, count: int) -> str:
    return _chain(n, count) if n < count - 1 else _chain(0, count)


def text_of(line: Line, count: int) -> str:
    """A definition whose first state leads into *count* states by *line*, and an end."""
    states = [SMALL[FIRST:SECOND], SMALL[SECOND:THIRD].replace("to: accepted", "to: s0"), SMALL[THIRD:]]
    return HEAD + "states:\n" + "".join(states) + "".join(line(n, count) for n in range(count))


POISON: dict[str, tuple[Line, str]] = {
    "a loop without end": (_never_ending, "no_way_out"),
    "states nobody comes to": (_unreachable, "unreachable_state"),
    "targets that are not there": (_missing, "unknown_state"),
    "reactions in a ring": (_reacting_round, "reaction_loop"),
    "one state twice": (_twice, "duplicate_key"),
}
"""What is wrong -> the states, and the code it is told by."""


def read(text: str, times: int = 1) -> tuple[Procedure | Problems, float]:
    """What the text is read as, and the CPU seconds that took; of several goes the least."""
    seconds = []
    for _ in range(times):
        begun = time.process_time()
        found = read_procedure(text, "poison.yaml", ROLES)
        seconds.append(time.process_time() - begun)
    return found, min(seconds)


def refused(name: str, found: Procedure | Problems) -> Problem:
    """The problem that *found* tells of what is wrong by *name*; each has its place."""
    assert isinstance(found, Problems), name
    assert all(problem.line > 1 and problem.column >= 1 for problem in found)
    return next(problem for problem in found if problem.code == POISON[name][1])


def test_a_chain_of_many_states_is_sound() -> None:
    found, _ = read(text_of(_chain, 40))
    assert isinstance(found, Procedure), found.said("en")
    assert len(found.states) == 43


@pytest.mark.parametrize("name", POISON)
def test_a_definition_that_cannot_work_is_refused_with_line_and_column(name: str) -> None:
    found, _ = read(text_of(POISON[name][0], 40))
    assert refused(name, found).said("en")


@pytest.mark.trial
def test_definitions_of_two_thousand_states_are_read_or_refused_in_two_seconds() -> None:
    sound, longest = read(text_of(_chain, STATES), 3)
    assert isinstance(sound, Procedure)
    said = [f"sound {longest:.2f} s"]
    for name, (line, _) in POISON.items():
        found, seconds = read(text_of(line, STATES), 3)
        first = refused(name, found)
        said.append(f"{name} {seconds:.2f} s (line {first.line}, column {first.column})")
        longest = max(longest, seconds)
    tell("19", f"{STATES} states: {', '.join(said)} of CPU", "refused with line and column, 2 s")
    assert longest <= SECONDS
