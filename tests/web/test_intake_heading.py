"""What a procedure calls its opening stands in the history and above the form."""

from __future__ import annotations

from engine.service.wording import event_sentence
from engine.text import Text
from tests.builders import procedure, rules_of
from tests.procedures.way import a_case
from web.intake import heading_of


def test_an_opening_with_a_title_is_called_by_it() -> None:
    listed = procedure(
        "labour", ("\nopening:\n", "\nopening:\n  title: {zh: 列入清理, en: listed for clearing}\n")
    )
    story = a_case("filed", rules=rules_of(listed))

    opened = event_sentence(story.rules, story.case, story.event("open"))

    assert opened == Text("列入清理", "listed for clearing")
    assert heading_of(listed) == Text("列入清理", "Listed for clearing")


def test_without_one_a_case_is_received_and_the_form_registers_it() -> None:
    story = a_case("filed")

    assert event_sentence(story.rules, story.case, story.event("open")).zh == "收件立案"
    assert heading_of(procedure("labour")) is None
