"""Half of a character that takes two, from wherever it comes: it is refused by a sentence and leaves nothing behind."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import pytest

from engine.api import AnxuError, Done, Engine, Refusal
from engine.errors import WrongUse
from engine.model.case import Party
from engine.store.database import Database
from tests.builders import a_file
from tests.cast import LIN, PARTIES
from tests.office import OfficeStory, rows_of

HALF = "双\ud83d"

Call = Callable[[Engine, str], object]


def _act(engine: Engine, there: str, **changed: Any) -> object:
    given: dict[str, Any] = {"case": there, "move": "propose", "by": LIN, "facts": {"claim_amount": "1"}}
    return engine.act(**{**given, **changed})


def _open(engine: Engine, there: str, **changed: Any) -> object:
    given: dict[str, Any] = {
        "procedure": "labour", "by": LIN, "parties": PARTIES, "facts": {"cause": "wages"},
        "documents": [a_file("application")],
    }  # fmt: skip
    return engine.open_case(**{**given, **changed})


def _correct(engine: Engine, there: str, **changed: Any) -> object:
    given: dict[str, Any] = {
        "case": there, "event": 1, "by": LIN, "reason": "r", "facts": {"cause": "injury"},
    }  # fmt: skip
    return engine.correct(**{**given, **changed})


ACT: Mapping[str, Any] = {
    "case": HALF, "move": HALF, "by": HALF, "facts": {"claim_amount": HALF}, "matter": HALF, "key": HALF,
    "channel": HALF, "override": HALF, "documents": [a_file(HALF, "x")],
}  # fmt: skip
OPEN: Mapping[str, Any] = {
    "procedure": HALF, "by": HALF, "parties": (*PARTIES[:1], Party("", "respondent", HALF)),
    "facts": {"cause": HALF}, "number": HALF, "office": HALF, "key": HALF, "channel": HALF,
}  # fmt: skip
CORRECT: Mapping[str, Any] = {
    "case": HALF, "by": HALF, "reason": HALF, "facts": {"cause": HALF}, "key": HALF, "channel": HALF,
}  # fmt: skip

CALLS: Mapping[str, Call] = {
    **{f"act-{name}": partial(_act, **{name: value}) for name, value in ACT.items()},
    "act-fact-name": partial(_act, facts={HALF: "1"}),
    **{f"open-{name}": partial(_open, **{name: value}) for name, value in OPEN.items()},
    "open-party-role": partial(_open, parties=(*PARTIES, Party("", HALF, "甲"))),
    **{f"correct-{name}": partial(_correct, **{name: value}) for name, value in CORRECT.items()},
    "case_page-case": lambda engine, there: engine.case_page(HALF, LIN),
    "case_page-person": lambda engine, there: engine.case_page(there, HALF),
}


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_half_a_character_is_refused_by_a_sentence(
    database: Database, engine: Engine, story: OfficeStory, call: Call
) -> None:
    story.given("filed")
    before = rows_of(database)

    try:
        answer = call(engine, story.number)
    except AnxuError:
        answer = None

    assert answer is None or isinstance(answer, Refusal), answer
    assert rows_of(database) == before


def test_a_case_that_nobody_can_have_written_is_told_as_such(engine: Engine) -> None:
    with pytest.raises(WrongUse) as told:
        engine.case_page(HALF, LIN)
    assert "half a character" in told.value.sentence.en


def test_a_whole_character_of_two_halves_is_kept(engine: Engine, story: OfficeStory) -> None:
    story.given("filed")
    answer = engine.act(story.number, "propose", LIN, facts={"claim_amount": "1"}, key="双😀")
    assert isinstance(answer, Done)
