"""Counting: what a story's clock and terms come to, asked of both ways of counting at once."""

from __future__ import annotations

from datetime import date

from engine.core.clocks import read, rule_of
from engine.core.terms import shown_terms
from engine.law.agreement import difference
from engine.law.clock import Reading
from engine.model.case import Matter
from tests.builders import PaperStory, day


def reading(story: PaperStory, as_of: str | None = None) -> Reading:
    """How the award clock stands; the walk through the days must say the same."""
    at = day(as_of) if as_of else None
    found = read(story.rules, story.case, "award", at)
    assert found is not None, "the clock has not started"
    log = story.case.clocks["award"]
    clock = story.rules.main_procedure(story.case).clocks["award"]
    calendar = story.rules.calendar_of(story.case.office)
    differing = difference(rule_of(clock, log, calendar, at), log.facts, calendar, at)
    assert differing is None, differing
    return found


def due(story: PaperStory) -> str | None:
    """The last day of the award clock, as text."""
    last = reading(story).due
    return last.isoformat() if last else None


def terms_of(story: PaperStory, matter: Matter | None = None) -> dict[tuple[str, str], date | None]:
    """(length, article) -> last day of each term that the page of *matter* (None: the case itself) shows."""
    shown = shown_terms(story.rules, story.case, matter or story.case.main)
    return {(str(term.limit), term.basis): reading.due for term, reading in shown}
