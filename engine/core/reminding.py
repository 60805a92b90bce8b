"""Reminding: what a rung says, as it is true on the day on which people read it, and what need not be said any more.

Room for: the sentence of a rung that fired late or by a provisional date, reminders that a later one of the same ladder has overtaken.
May not enter: which rungs fire and whom they reach (`settling.py`, `rungs.py`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date

from engine.model.answers import Notice
from engine.model.events import Event
from engine.text import Text, day_text

_TODAY_ZH = re.compile("今日|今天|本日")
_TODAY_EN = re.compile(r"\btoday\b", flags=re.IGNORECASE)


def said_on(sentence: Text, day: date, read_on: date, *, ahead: bool = False) -> Text:
    """Return *sentence*, which is true on *day*, as somebody reads it on *read_on*: no “today” that is over.

    *ahead*: it tells of something some days ahead of *day*; where it names no day it is said which day it is of.
    """
    if read_on <= day:
        return sentence
    said = day_text(day)
    zh = said.zh.partition("年")[2] if day.year == read_on.year else said.zh
    if _TODAY_ZH.search(sentence.zh) or _TODAY_EN.search(sentence.en):
        return Text(_TODAY_ZH.sub(zh, sentence.zh), _TODAY_EN.sub(said.en, sentence.en))
    if ahead:
        return Text(f"{sentence.zh}（{zh}的提醒）", f"{sentence.en} (reminder of {said.en})")
    return sentence


def by_the_earliest(sentence: Text) -> Text:
    """Return *sentence* with why it comes on this day: the date is provisional, and rungs before it go by the earliest (K20)."""
    return Text(
        f"{sentence.zh}（放假通知未公布，日期暂定，按最早可能之日提醒）",
        f"{sentence.en} (provisional until the holiday notice is there: this goes by the earliest it may be)",
    )


def still_told(events: Sequence[Event], notices: Sequence[Notice]) -> list[Notice]:
    """Return *notices* without the reminders that a later day of the same ladder, matter and round has overtaken for the same person.

    *events* are those of one settling: what fired on one day is told in full, however late.
    """
    if len(events) == 1:
        return list(notices)
    fired = {event.seq: event for event in events if event.kind == "rung_fired"}
    latest: dict[tuple[str, str, str, str], date] = {}
    for notice in notices:
        if event := fired.get(notice.seq):
            key = _ladder_of(event.rung, notice)
            latest[key] = max(event.on, latest.get(key, event.on))
    return [
        notice
        for notice in notices
        if not (event := fired.get(notice.seq)) or event.on == latest[_ladder_of(event.rung, notice)]
    ]


def _ladder_of(rung: Mapping[str, str], notice: Notice) -> tuple[str, str, str, str]:
    return notice.person, notice.matter, rung["subject"], rung["round"]
