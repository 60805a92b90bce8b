"""Two clocks that disagree: the act is not written, an incident is opened once, told, found by `doctor`, and closed."""

from __future__ import annotations

import pytest

from engine.core import clock_acts
from engine.errors import ClocksDisagree, UnknownName, WrongUse
from engine.law.agreement import Difference
from engine.model.answers import Refusal
from engine.service import promises
from engine.service.engine import Engine
from engine.text import Text
from tests.cast import ADMIN, DU, FANG, ZHOU
from tests.office import OfficeStory
from tests.procedures import way

DIFFERENT = Difference(
    ("due",), Text("两种算法不一致：届满日。", "The two ways of counting differ: due date.")
)


WHY = "已核对，程序已更正"


@pytest.fixture
def disagreeing(monkeypatch: pytest.MonkeyPatch, story: OfficeStory) -> OfficeStory:
    """A case in deliberation, and a day walk that has gone wrong."""
    story.given("deliberation")
    way.propose_suspension(story)
    monkeypatch.setattr(clock_acts, "difference", lambda *_: DIFFERENT)
    return story


def suspend(story: OfficeStory) -> None:
    story.do("suspend", FANG, files=["order"], ground="expert")


def incidents(engine: Engine) -> list[str | None]:
    return [finding.case for finding in engine.doctor().findings if finding.code == "incident"]


def told(engine: Engine, person: str) -> int:
    return sum("两种算法不一致" in notice.sentence.zh for notice in engine.inbox.page(person).lines)


def test_a_clock_act_is_not_written_while_the_two_clocks_disagree(
    disagreeing: OfficeStory, engine: Engine
) -> None:
    before = disagreeing.case

    with pytest.raises(ClocksDisagree) as raised:
        suspend(disagreeing)

    assert disagreeing.case == before
    assert disagreeing.number in raised.value.sentence.zh
    assert "Nothing was written" in raised.value.sentence.en
    assert incidents(engine) == [disagreeing.number]


def test_the_same_difference_is_one_incident_and_told_once(disagreeing: OfficeStory, engine: Engine) -> None:
    for _ in range(2):
        with pytest.raises(ClocksDisagree):
            suspend(disagreeing)

    assert len(incidents(engine)) == 1
    disagreeing.clock.ahead(days=3)
    assert [told(engine, person) for person in (ADMIN, DU, ZHOU)] == [1, 1, 0]


def test_an_act_that_moves_no_clock_goes_on(disagreeing: OfficeStory, engine: Engine) -> None:
    disagreeing.do("list_supervised", DU, listing_reason="key_case")

    assert "list_supervised" in [event.move for event in engine.history(disagreeing.number)]
    assert incidents(engine) == []


def test_who_watches_closes_it_and_nobody_else(disagreeing: OfficeStory, engine: Engine) -> None:
    with pytest.raises(ClocksDisagree):
        suspend(disagreeing)

    refused = engine.close_incident(1, ZHOU, WHY)
    assert isinstance(refused, Refusal)
    assert incidents(engine) == [disagreeing.number]
    for nothing in ("", "  ", "x" * 501, "a\x07b"):
        with pytest.raises(WrongUse):
            engine.close_incident(1, ADMIN, nothing)
    assert engine.close_incident(1, ADMIN, WHY) is None
    assert incidents(engine) == []
    with engine.office.reading() as unit:
        closed = unit.incidents.get(1)
    assert closed is not None
    assert (closed.closed_by, closed.reason, closed.closed_at) == (ADMIN, WHY, engine.now())
    with pytest.raises(UnknownName):
        engine.close_incident(2, ADMIN, WHY)


def test_doctor_counts_every_live_case_both_ways(
    story: OfficeStory, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    story.given("deliberation")
    assert "clocks" not in {finding.code for finding in engine.doctor().findings}
    monkeypatch.setattr(promises, "difference", lambda *_: DIFFERENT)

    found = [finding for finding in engine.doctor().findings if finding.code == "clocks"]

    assert [(finding.case, finding.reason.en) for finding in found] == [
        (story.number, "“Award period”: The two ways of counting differ: due date.")
    ]
    assert incidents(engine) == [story.number]
    story.clock.ahead(days=3)
    other = Text(
        "两种算法不一致：届满日，另一日。", "The two ways of counting differ: due date, another day."
    )
    monkeypatch.setattr(promises, "difference", lambda *_: Difference(("due",), other))
    engine.doctor()
    assert incidents(engine) == [story.number], "the same figure, whatever it comes to today"
    assert told(engine, DU) == 1

    monkeypatch.setattr(promises, "difference", lambda *_: Difference(("due", "state"), other))
    engine.doctor()
    assert incidents(engine) == [story.number] * 2
