"""The last safe day of each level of a review, counted back from the last day of the award period."""

from __future__ import annotations

from datetime import date

import pytest

from engine.core.handover import HandOver, hand_overs, too_late_for
from tests.builders import Clock, PaperStory, day
from tests.cast import FANG
from tests.core.signing import FIRST, a_draft, handed_in


def last_days(case: PaperStory) -> tuple[HandOver, ...]:
    return hand_overs(case.rules, case.case, case.rules.main_procedure(case.case))


def test_each_level_has_its_time_counted_back_over_rest_days_from_the_last_day() -> None:
    """45 days from Monday 2 March end on Thursday 16 April; 4 to 6 April are a holiday."""
    assert last_days(a_draft()) == (
        HandOver(None, date(2026, 4, 8)),
        HandOver("level_1", date(2026, 4, 10)),
        HandOver("level_2", date(2026, 4, 15)),
        HandOver("level_3", date(2026, 4, 16)),
    )


@pytest.mark.parametrize(("today", "missed"), [("2026-04-10", None), ("2026-04-11", date(2026, 4, 10))])
def test_a_level_that_can_no_longer_leave_the_others_their_time_is_told_before_anything_is_overdue(
    today: str, missed: date | None
) -> None:
    case = handed_in()

    found = too_late_for(case.rules.main_procedure(case.case), case.case.main, last_days(case), day(today))

    assert (found.latest if found else None) == missed


def test_the_draft_itself_can_be_handed_in_too_late() -> None:
    case = a_draft(clock=Clock("2026-03-02"))

    found = too_late_for(
        case.rules.main_procedure(case.case), case.case.main, last_days(case), day("2026-04-09")
    )

    assert found == HandOver(None, date(2026, 4, 8))


def test_the_last_days_move_with_the_clock_and_there_are_none_while_it_stands_still() -> None:
    case = handed_in()
    case.do("suspend", FANG, ground="expert")
    assert last_days(case) == ()

    case.clock.ahead(days=7)
    case.do("resume", FANG, ground="expert")

    assert last_days(case)[-1] == HandOver("level_3", date(2026, 4, 22))
    case.do("sign", FIRST)
    assert (
        too_late_for(case.rules.main_procedure(case.case), case.case.main, last_days(case), day("2026-04-21"))
        is None
    )
