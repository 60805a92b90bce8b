"""A duration is a whole number with a unit, and reads back what it writes."""

from __future__ import annotations

import pytest

from engine.law.duration import Duration
from engine.text import Text


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("45 days", Duration(45, "days")),
        ("1 day", Duration(1, "days")),
        ("5 work days", Duration(5, "work days")),
        ("1 work day", Duration(1, "work days")),
        ("4 months", Duration(4, "months")),
        ("1 month", Duration(1, "months")),
        ("0 days", Duration(0, "days")),
        ("  10  work  days ", Duration(10, "work days")),
    ],
)
def test_a_duration_is_read_in_singular_and_plural(written: str, meant: Duration) -> None:
    assert Duration.parse(written) == meant


@pytest.mark.parametrize(
    "written",
    [
        *("", "5", "days", "5days", "-5 days", "5.5 days", "05 days", "10000 days", "5 days 3 months"),
        *("5 hours", "5 weeks", "5 workdays", "5 working days", "5 Days", "五 days", "٥ days"),
    ],
)
def test_anything_else_is_refused_with_a_sentence_that_shows_how(written: str) -> None:
    with pytest.raises(ValueError, match="write a whole number and a unit, as in '5 work days'") as told:
        Duration.parse(written)

    assert f"'{written}'" in str(told.value)


@pytest.mark.parametrize("written", ["45 days", "1 day", "5 work days", "1 work day", "4 months", "1 month"])
def test_a_duration_reads_back_what_it_writes(written: str) -> None:
    assert str(Duration.parse(written)) == written


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("5 work days", Text("5个工作日", "5 work days")),
        ("45 days", Text("45日", "45 days")),
        ("1 month", Text("1个月", "1 month")),
    ],
)
def test_a_duration_is_said_in_both_languages(written: str, words: Text) -> None:
    assert Duration.parse(written).in_words() == words
