"""The inbox stays good at size: pages without gaps, one line for a reminder that repeats, counts that do not grow for ever."""

from __future__ import annotations

import pytest
from sqlalchemy import insert, update

from engine.service.engine import Engine
from engine.store import inboxes
from engine.store import tables as t
from tests.builders import INSTITUTION, Clock, instant
from tests.cast import FANG, ZHOU
from tests.office import OfficeStory
from tests.procedures import way

MORNING = instant("2026-03-02 09:00")


def told(engine: Engine, story: OfficeStory, *codes: tuple[int, str], at: str = "2026-03-02 09:00") -> None:
    """Notices of one case to one person: (seq, code)."""
    with engine.office.writing() as unit:
        unit.connection.execute(
            insert(t.notices),
            [
                {
                    "institution": INSTITUTION, "case_id": story.case.id, "seq": seq, "person": FANG, "matter": "1",
                    "code": code, "zh": f"第{seq}条", "en": f"number {seq}", "from_at": instant(at),
                }
                for seq, code in codes
            ],
        )  # fmt: skip


def said(engine: Engine, after: str | None = None, most: int = 50) -> tuple[list[str], str | None]:
    page = engine.inbox.page(FANG, after, most)
    return [line.sentence.zh for line in page.lines], page.next


def test_pages_follow_each_other_without_a_gap_though_all_came_in_the_same_moment(
    engine: Engine, story: OfficeStory
) -> None:
    story.given("proposed")
    told(engine, story, *((seq, code) for seq in range(100, 104) for code in ("x.a", "x.b")))
    seen, after = said(engine, None, 3)
    while after:
        # What comes meanwhile stands before the pages that were asked for, and moves none of them.
        told(engine, story, (200 + len(seen), "x.c"), at="2026-03-02 09:15")
        lines, after = said(engine, after, 3)
        seen += lines

    assert seen == [f"第{n}条" for n in (103, 103, 102, 102, 101, 101, 100, 100)]


def test_a_mark_nobody_gave_out_shows_the_first_page(engine: Engine, story: OfficeStory) -> None:
    story.given("proposed")
    told(engine, story, (100, "x.a"))

    for mark in ("", "abc", "1.2", "99999999999999999999.x.1.a", "-5.x.1.a", "5.x.²."):
        assert said(engine, mark)[0] in (["第100条"], []), mark


def test_a_reminder_that_repeats_is_one_line_that_is_renewed(
    engine: Engine, clock: Clock, story: OfficeStory
) -> None:
    way.accept(story.given("proposed"))
    for morning in ("2026-04-07", "2026-04-08", "2026-04-09"):
        clock.set(f"{morning} 00:01")
        engine.sweep()
    clock.set("2026-04-09 10:00")

    lines = [line for line in engine.inbox.page(ZHOU).lines if "审限进入最后10日" in line.sentence.zh]

    (line,) = lines
    assert line.repeats
    assert line.from_ == instant("2026-04-09 09:00")
    before = engine.inbox.page(ZHOU).count
    engine.inbox.mark_read(ZHOU, line.id)
    assert engine.inbox.page(ZHOU).count == before - 1
    assert not any("最后10日" in one.sentence.zh for one in engine.inbox.page(ZHOU, unread=True).lines)


def test_unread_lines_are_counted_up_to_a_bound(
    engine: Engine, story: OfficeStory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inboxes, "COUNTED_MOST", 5)
    story.given("proposed")
    told(engine, story, *((seq, "x.a") for seq in range(100, 120)))

    assert engine.inbox.page(FANG).count == 5
    with engine.office.writing() as unit:
        unit.connection.execute(update(t.notices).where(t.notices.c.seq >= 103).values(read_at=MORNING))
    assert engine.inbox.page(FANG).count == 3
