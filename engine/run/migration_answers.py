"""Migration answers: what `anxu diff` and `anxu migrate` say, in JSON and in words.

Room for: the shapes of both.
May not enter: asking the engine, flags (`verbs_versions.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

from engine.language.difference import Change
from engine.run.answers_json import day_json, instant_json, refusal_json
from engine.run.layout import table
from engine.service.migration_pages import CarriedOut, MigrationLine, MigrationPage, Named
from engine.service.second_person import PROPOSAL_OUTCOMES
from engine.text import Language, Text, counted, day_or_none, together

Plain = dict[str, Any]

_DAYS = (
    ("due", Text("届满日", "last day")),
    ("target_due", Text("目标日", "target date")),
    ("step_due", Text("本环节届满日", "last day of this step")),
)


# --- differences ------------------------------------------------------------------------------------------


def change_json(change: Change, lang: Language) -> Plain:
    """Return one difference."""
    return {"kind": change.kind, "place": change.place, "sentence": change.sentence.said(lang)}


def changes_text(changes: Sequence[Change], lang: Language) -> str:
    """Return every difference, one a line, or that there is none."""
    if not changes:
        return Text("两个版本没有差别。", "No difference.").said(lang)
    return "\n".join(change.sentence.said(lang) for change in changes)


# --- migrations -------------------------------------------------------------------------------------------


def page_json(page: MigrationPage, lang: Language, zone: ZoneInfo) -> Plain:
    """Return a migration, tried or proposed, with each of its matters."""
    return {
        "procedure": page.procedure,
        "to": page.to or None,
        "map": dict(page.states),
        "undoes": page.undoes,
        "proposal": page.number,
        "by": page.by or None,
        "at": instant_json(page.at, zone) if page.at else None,
        "outcome": page.outcome,
        "decided_by": page.decided_by or None,
        "decided_at": instant_json(page.decided_at, zone) if page.decided_at else None,
        "reason": page.reason or None,
        "done": page.done,
        "cases": [line_json(line, lang) for line in page.lines],
    }


def line_json(line: MigrationLine, lang: Language) -> Plain:
    """Return one matter before and after."""
    after = line.after
    return {
        "case": line.case,
        "number": line.number,
        "matter": line.matter,
        "title": line.title.said(lang),
        "party": line.party,
        "from": line.source,
        "to": line.target,
        "state": _both(_named(line.before.state, lang), _named(after.state, lang) if after else None),
        "due": _both(day_json(line.before.due), day_json(after.due) if after else None),
        "target": _both(day_json(line.before.target_due), day_json(after.target_due) if after else None),
        "step": _both(day_json(line.before.step_due), day_json(after.step_due) if after else None),
        "awaited": _both(_all(line.before.awaited, lang), _all(after.awaited, lang) if after else None),
        "moves": {
            "gained": [_named(move, lang) for move in line.gained],
            "lost": [_named(move, lang) for move in line.lost],
        },
        "stands_in_the_way": refusal_json(line.refusal, lang) if line.refusal else None,
        "notes": [note.said(lang) for note in line.notes],
        "changed": line.changed,
    }


def page_text(page: MigrationPage, lang: Language) -> str:
    """Return a migration in words: what changes of each matter, then what stays and why."""
    head = _head(page).said(lang)
    if page.number is not None and page.outcome is not None:
        return "\n".join([head, *_decided(page, lang)])
    stay = [line for line in page.lines if line.refusal is not None]
    lines = [head, *[part for line in page.able for part in _line(line, lang)]]
    if stay:
        lines.append(Text("以下留在原版本：", "These stay on their version:").said(lang))
        lines += [part for line in stay for part in _stays(line, lang)]
    if not page.lines:
        lines.append(Text("没有需要转版的在办事项。", "No open matter has to be migrated.").said(lang))
    if page.number is not None and page.who:
        who = Text("、".join(page.who), ", ".join(page.who))
        lines.append(Text("可以批准的人：{who}", "May approve it: {who}").filled(who=who).said(lang))
    elif page.able and page.number is None:
        hint = Text(
            "以上为试算，未作改动；加 --propose 提请。", "This was tried only; add --propose to propose it."
        )
        lines.append(hint.said(lang))
    return "\n".join(lines)


def pages_text(pages: Sequence[MigrationPage], lang: Language) -> str:
    """Return every proposal, one a line."""
    if not pages:
        return Text("没有转版提请。", "No migration was proposed.").said(lang)
    return "\n".join(_head(page).said(lang) for page in pages)


def carried_json(done: CarriedOut, lang: Language) -> Plain:
    """Return what carrying out a proposal did."""
    return {
        "proposal": done.number,
        "undoes": done.undoes,
        "done": [line_json(line, lang) for line in done.done],
        "done_before": done.before,
        "left": [
            {"number": one.number, "matter": one.matter, "why": one.why.said(lang)} for one in done.left
        ],
    }


def carried_text(done: CarriedOut, lang: Language) -> str:
    """Return what carrying out a proposal did, in words."""
    said = (
        Text("第{n}号转版：完成{done}件", "Migration {n}: {matters} done")
        if done.undoes is None
        else Text("第{n}号（撤销转版）：恢复{done}件", "Proposal {n} (undoing): {matters} put back")
    ).filled(n=done.number, done=len(done.done), matters=counted(len(done.done), "matter"))
    before = Text("，此前已完成{n}件", ", {n} before").filled(n=done.before) if done.before else Text("", "")
    lines = [f"{said.said(lang)}{before.said(lang)}{Text('。', '.').said(lang)}"]
    if done.left:
        lines.append(Text("未动：", "Left as they are:").said(lang))
        lines.append(table([[one.number, one.matter, one.why.said(lang)] for one in done.left], "  "))
    return "\n".join(lines)


# --- parts ------------------------------------------------------------------------------------------------


def _head(page: MigrationPage) -> Text:
    what = (
        Text("“{title}”转到版本{to}", "“{title}” to version {to}").filled(title=page.title, to=page.to[:12])
        if page.undoes is None
        else Text("撤销第{n}号转版（“{title}”）", "Undo migration {n} (“{title}”)").filled(
            n=page.undoes, title=page.title
        )
    )
    if page.number is None:
        n = len(page.able)
        return Text("{what}：可转{n}件，不能转{m}件", "{what}: {matters} can be migrated, {m} cannot").filled(
            what=what, n=n, m=len(page.lines) - n, matters=counted(n, "matter")
        )
    said = Text("第{n}号：{what}（{by}提请，{outcome}）", "Proposal {n}: {what} (by {by}, {outcome})")
    return said.filled(n=page.number, what=what, by=page.by, outcome=PROPOSAL_OUTCOMES[page.outcome])


def _decided(page: MigrationPage, lang: Language) -> list[str]:
    lines = []
    if page.decided_by:
        said = Text("{outcome}：{who}", "{outcome}: {who}").filled(
            outcome=PROPOSAL_OUTCOMES[page.outcome], who=page.decided_by
        )
        lines.append(said.said(lang) + (f" · {page.reason}" if page.reason else ""))
    if page.outcome == "approved":
        lines.append(Text(f"已完成{page.done}件。", f"{counted(page.done, 'matter')} done.").said(lang))
    return lines


def _line(line: MigrationLine, lang: Language) -> list[str]:
    assert line.after is not None
    before, after = line.before, line.after
    was, now = before.state, after.state
    parts = [Text("状态“{a}”→“{b}”", "state “{a}” → “{b}”").filled(a=was.title, b=now.title)]
    if was.name != now.name and was.title == now.title:
        parts = [
            Text("状态“{t}”：{a} → {b}", "state “{t}”: {a} → {b}").filled(t=now.title, a=was.name, b=now.name)
        ]
    elif was == now:
        parts = [Text("状态不变（{a}）", "state unchanged ({a})").filled(a=before.state.title)]
    for name, label in _DAYS:
        was, now = getattr(before, name), getattr(after, name)
        if was != now:
            moved = Text("{label}{a}→{b}", "{label} {a} → {b}")
            parts.append(moved.filled(label=label, a=day_or_none(was), b=day_or_none(now)))
    if before.awaited != after.awaited:
        who = Text("待办人{a}→{b}", "awaited {a} → {b}")
        parts.append(who.filled(a=_titles(before.awaited), b=_titles(after.awaited)))
    if line.gained:
        parts.append(Text("新增可办：{m}", "can now be done: {m}").filled(m=_titles(line.gained)))
    if line.lost:
        parts.append(Text("不再可办：{m}", "can no longer be done: {m}").filled(m=_titles(line.lost)))
    parts += line.notes
    if line.changed:
        parts.append(Text("与提请时不同", "not as it was proposed"))
    return [_title(line, lang), *(f"    {part.said(lang)}" for part in parts)]


def _stays(line: MigrationLine, lang: Language) -> list[str]:
    assert line.refusal is not None
    lines = [_title(line, lang), f"    {line.refusal.reason.said(lang)}"]
    if line.refusal.enables:
        lines.append(f"    {line.refusal.enables.said(lang)}")
    return lines


def _title(line: MigrationLine, lang: Language) -> str:
    party = f" {line.party}" if line.party else ""
    return f"  {line.number}  {line.matter} {line.title.said(lang)}{party}"


def _titles(words: Sequence[Named]) -> Text:
    if not words:
        return Text("无", "none")
    return together(word.title for word in words)


def _both(before: Any, after: Any) -> Plain:
    return {"before": before, "after": after}


def _named(word: Named, lang: Language) -> Plain:
    return {"name": word.name, "title": word.title.said(lang)}


def _all(words: Sequence[Named], lang: Language) -> list[Plain]:
    return [
        {"role": role, "person": person or None, "title": word.title.said(lang)}
        for word in words
        for role, _, person in [word.name.partition(":")]
    ]
