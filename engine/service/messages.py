"""Messages: what goes out beside the inbox, in words: one notice, or the digest of a morning, in the reader's language.

Room for: subject and lines of each kind, what of a case may leave the institution, links to the console.
May not enter: the forms channels ask for (`engine/run/channels/`), when and to whom (`delivering.py`).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from engine.core.writing import HIDDEN
from engine.model.case import Case, Matter
from engine.model.people import Contact
from engine.model.register import Channel
from engine.model.rules import Rules
from engine.service.case_pages import matter_line_of
from engine.service.inbox import sentence_of
from engine.service.office import Office
from engine.service.pages import PartyLine, TodayStrip, TodoLine
from engine.service.paging import PAGE_MOST, Ask
from engine.service.queues import strip, todos
from engine.service.term_wording import clock_title, limit_title
from engine.service.wording import case_line
from engine.store.outbox import KEPT, Delivery
from engine.text import Language, Text, counted

SIGN = Text("案序", "Anxu")
"""What every message begins with, so that a robot may be told to let through only what has it."""

LINES_MOST = 10
"""So many cases or notices stand in one part of a digest; the rest is counted."""


@dataclass(frozen=True, slots=True)
class Message:
    """A message ready to go: plain lines, and a link to what it is about where the console's address is known.

    The same *key* is the same message, however often it comes.
    """

    key: str
    channel: Channel
    address: str
    subject: str
    lines: tuple[str, ...]
    link: str
    language: Language


def notice_message(
    office: Office, one: Delivery, contact: Contact, channel: Channel, at: datetime
) -> Message | None:
    """Return what a notice says now; None where there is no such notice any more."""
    with office.reading(at) as unit:
        rules, lang = unit.rules, contact.language
        notice = unit.inboxes.one(contact.person, one.case or "", one.seq or 0, one.code or "")
        if notice is None:
            return None
        case = unit.cases.get(notice.case)
    matter = case.matter(notice.matter) or case.main
    lines = _about(rules, case, matter, channel, rules.day_of(at))
    url = rules.register.console_url
    place = f"{url}/cases/{case.id}" + ("" if matter is case.main else f"/matters/{matter.id}")
    sentence = sentence_of(rules, notice, at)
    said = [line.said(lang) for line in lines]
    return _message(one.key, channel, contact, rules, sentence, said, place if url else "")


def digest_message(
    office: Office, one: Delivery, contact: Contact, channel: Channel, at: datetime
) -> Message | None:
    """Return what awaits a person today: due, soon, over, and not read yet; None where that is nothing.

    Notices that went out singly by the same channel are left out, and so are those of the digest before.
    """
    person = contact.person
    over = todos(office, at, person, "overdue", Ask(most=LINES_MOST + 1)).lines
    now = todos(office, at, person, "today", Ask(most=LINES_MOST + 1)).lines
    near = todos(office, at, person, "soon", Ask(most=PAGE_MOST)).lines
    with office.reading(at) as unit:
        rules, lang = unit.rules, contact.language
        since = unit.outbox.digest_before(one) or one.from_at - KEPT
        told = (one.channel, since, one.from_at)
        rows = unit.inboxes.untold(contact.person, *told, LINES_MOST + 1, rules.register.repeating)
        unread = [sentence_of(rules, row, at) for row in rows]
    soon = [line for line in near if line.due != rules.day_of(at)]
    todo = _todo_said(channel, lang)
    parts = (
        _part(Text("已超期", "Overdue"), over, todo, lang),
        _part(Text("今日到期", "Due today"), now, todo, lang),
        _part(Text("三日内到期", "Due within three days"), soon, todo, lang),
        _part(Text("未读消息", "New messages"), unread, lambda said: said.said(lang), lang),
    )  # fmt: skip
    lines = [line for part in parts for line in part]
    if not lines:
        return None
    sentence = _counted(rules.day_of(at), strip(office, at, person))
    url = rules.register.console_url
    return _message(one.key, channel, contact, rules, sentence, lines, f"{url}/" if url else "")


def _counted(today: date, counts: TodayStrip) -> Text:
    now, soon, over = counts.due_today, counts.within_three_days, counts.overdue
    return Text(
        f"{today.month}月{today.day}日您经办的：今日到期{now}件，三日内{soon}件，已超期{over}件",
        f"{today.isoformat()}, yours: {now} due today, {soon} within three days, {over} overdue",
    )


def _message(
    key: str, channel: Channel, contact: Contact, rules: Rules, sentence: Text, lines: Iterable[str], link: str
) -> Message:  # fmt: skip
    lang = contact.language
    subject = one_line(f"{SIGN.said(lang)} {sentence.said(lang)}")
    whole = (*(one_line(line) for line in lines), one_line(rules.register.title.said(lang)))
    return Message(key, channel, contact.address, subject, whole, link, lang)


def one_line(text: str) -> str:
    """Return *text* on one line, without anything that a reader could not see."""
    seen = (" " if unicodedata.category(c) in ("Cc", "Zl", "Zp") else c for c in text if c not in HIDDEN)
    return " ".join("".join(seen).encode("utf-8", "ignore").decode().split())


def _about(rules: Rules, case: Case, matter: Matter, channel: Channel, today: date) -> list[Text]:
    """Return what stands beside a notice: where the matter is, by when and why then, who is awaited."""
    line, whole = matter_line_of(rules, case, matter, today), case_line(rules, case, today)
    said = [Text("{title}：{state}", "{title}: {state}").filled(title=line.title, state=line.state_title)]
    if line.open and line.due:
        said.append(_by_when(limit_title(rules, case, matter), line.due, today, line.working))
    if whole.due and whole.due != line.due:
        said.append(_by_when(clock_title(rules, case), whole.due, today, whole.working))
    if line.open and line.awaits:
        names = "、".join(line.awaits), ", ".join(line.awaits)
        said.append(Text(f"待办：{names[0]}", f"Awaited: {names[1]}"))
    if channel.parties and whole.parties:
        said.append(_parties(whole.parties))
    return said


def _by_when(what: Text, due: date, today: date, working: Text | None) -> Text:
    left = (due - today).days
    how = (
        Text(f"余{left}日", f"{counted(left, 'day')} left")
        if left >= 0
        else Text(f"已超{-left}日", f"{counted(-left, 'day')} over")
    )
    why = Text(f"；{working.zh}", f"; {working.en}") if working else Text("", "")
    return Text("{what}：{due}（{how}）{why}", "{what}: {due} ({how}){why}").filled(
        what=what, due=due, how=how, why=why
    )


def _parties(parties: Sequence[PartyLine]) -> Text:
    zh = "；".join(f"{p.role_title.zh} {p.name}" for p in parties)
    en = "; ".join(f"{p.role_title.en} {p.name}" for p in parties)
    return Text(f"当事人：{zh}", f"Parties: {en}")


def _todo_said(channel: Channel, lang: Language) -> Callable[[TodoLine], str]:
    def said(line: TodoLine) -> str:
        text = Text("{number} {state}", "{number} {state}").filled(number=line.number, state=line.state_title)
        if line.due:
            text = Text("{text}，{due}", "{text}, {due}").filled(text=text, due=line.due)
        if line.for_:
            text = Text("{text}（代{name}）", "{text} (for {name})").filled(text=text, name=line.for_)
        if channel.parties:
            names = Text("、".join(p.name for p in line.parties), ", ".join(p.name for p in line.parties))
            text = Text("{text}，{names}", "{text}, {names}").filled(text=text, names=names)
        return text.said(lang)

    return said


def _part(title: Text, items: Sequence[object], said: Callable[..., str], lang: Language) -> list[str]:
    if not items:
        return []
    shown = [f"- {said(item)}" for item in items[:LINES_MOST]]
    if len(items) > LINES_MOST:
        shown.append(Text("- 其余见办案台", "- more in the console").said(lang))
    return [title.said(lang), *shown]
