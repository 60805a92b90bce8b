"""Activation answers: what came into force, proposals and what is in force, in JSON and in words.

Room for: the shapes of `anxu activate`.
May not enter: asking the engine, flags (`verbs_activation.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from engine.run.answers_json import day_json, instant_json
from engine.run.layout import one_line, section, table
from engine.service.activation import Activated
from engine.service.proposal_pages import (
    ActivationLine,
    Approved,
    DefinitionsPage,
    ProposalPage,
    TextImpact,
)
from engine.service.second_person import PROPOSAL_OUTCOMES
from engine.text import Language, Text, counted, day_text

Plain = dict[str, Any]


def activated_json(one: Activated) -> Plain:
    """Return what came into force."""
    return {
        "name": one.name,
        "hash": one.hash,
        "unchanged": one.unchanged,
        "open_before": one.open_before,
        "since": one.since.isoformat(),
        "until": day_json(one.until),
    }


def proposal_json(page: ProposalPage, zone: ZoneInfo, lang: Language) -> Plain:
    """Return a proposal with what it would do; its number is null where there was nothing to propose."""
    return {
        "number": page.number,
        "outcome": page.outcome,
        "by": page.by,
        "by_name": page.by_name,
        "at": instant_json(page.at, zone),
        "from": day_json(page.asked),
        "since": page.since.isoformat(),
        "texts": [_impact_json(one, lang) for one in page.texts],
        "ground": page.ground,
        "last": page.last,
        "later": [_line_json(one, zone, lang) for one in page.later],
        "trouble": page.trouble.said(lang) if page.trouble else None,
        "who": list(page.who),
        "decided_by": page.decided_by or None,
        "decided_at": instant_json(page.decided_at, zone) if page.decided_at else None,
        "reason": page.reason or None,
    }


def approved_json(approved: Approved, zone: ZoneInfo, lang: Language) -> Plain:
    """Return an approved proposal and what came into force by it."""
    return {
        "proposal": proposal_json(approved.page, zone, lang),
        "activated": [activated_json(one) for one in approved.activated],
        "late": approved.late,
    }


def definitions_json(page: DefinitionsPage, zone: ZoneInfo, lang: Language) -> Plain:
    """Return what is in force, what is coming, and the proposals."""
    return {
        "today": page.today.isoformat(),
        "rehearsal": page.rehearsal,
        "in_force": [_line_json(one, zone, lang) for one in page.in_force],
        "coming": [_line_json(one, zone, lang) for one in page.coming],
        "proposals": [proposal_json(one, zone, lang) for one in page.open],
        "decided": [proposal_json(one, zone, lang) for one in page.decided],
        "migrations": [
            {"number": m.number, "by": m.by, "at": instant_json(m.at, zone), "what": m.sentence.said(lang)}
            for m in page.migrations
        ],
    }


def _impact_json(one: TextImpact, lang: Language) -> Plain:
    return {
        "name": one.name,
        "title": one.title.said(lang),
        "file": one.file,
        "hash": one.hash,
        "before": one.before,
        "unchanged": one.unchanged,
        "changes": [change.said(lang) for change in one.changes],
        "staying": [
            {"definition": s.definition, "state": s.state, "title": s.title.said(lang), "count": s.count}
            for s in one.staying
        ],
        "until": day_json(one.until),
    }


def _line_json(line: ActivationLine, zone: ZoneInfo, lang: Language) -> Plain:
    return {
        "number": line.number,
        "name": line.name,
        "title": line.title.said(lang),
        "hash": line.hash,
        "since": line.since.isoformat(),
        "until": day_json(line.until),
        "at": instant_json(line.at, zone),
        "by": line.by,
        "approved_by": line.approved_by or None,
        "proposal": line.proposal,
    }


# --- in words ---------------------------------------------------------------------------------------------


def activated_text(done: Sequence[Activated], lang: Language, *, alone: bool = False) -> str:
    """Return what came into force; *alone*: say that one person sufficed because this is a rehearsal."""
    lines = [_one_activated(one) for one in done]
    if alone and any(not one.unchanged for one in done):
        lines.append(
            Text(
                "演练机构：一人即可启用；正式机构须另一人批准。",
                "This is a rehearsal: one person suffices. In an office in use another person must approve.",
            )
        )
    return "\n".join(line.said(lang) for line in lines)


def proposed_text(page: ProposalPage, zone: ZoneInfo, lang: Language) -> str:
    """Return what was proposed, what it would do, and how the second person approves it."""
    if page.number is None:
        return Text(
            "与现行版本相同，无须提请。", "All of it is in force already; nothing was proposed."
        ).said(lang)
    who = "、".join(page.who) if lang == "zh" else ", ".join(page.who)
    how = Text(
        "尚未启用。请另一人批准：anxu activate --approve {n} --as 代号",
        "Nothing is in force yet. Have another person approve: anxu activate --approve {n} --as PERSON",
    )
    may = (
        Text("可批准的人：{who}", "Who may approve: {who}").filled(who=who)
        if who
        else Text(
            "目前无人可以批准，请先用 anxu people give 任命另一名管理员或主任。",
            "Nobody may approve it yet; make somebody else an administrator or director with anxu people give.",
        )
    )
    return "\n".join(
        [proposal_text(page, zone, lang), "", how.filled(n=page.number).said(lang), may.said(lang)]
    )


def proposal_text(page: ProposalPage, zone: ZoneInfo, lang: Language) -> str:
    """Return a proposal: who, from when, how it ended or what it would do."""
    since = (
        Text("自{day}起", "from {day}").filled(day=page.since)
        if page.asked or not page.open
        else Text("自批准当日起", "from the day it is approved")
    )
    head = Text(
        "第{n}号提请（{state}）：{name}于{day}提请，{since}",
        "Proposal {n} ({state}): by {name} on {day}, {since}",
    )
    lines = [
        head.filled(
            n=page.number or 0, state=PROPOSAL_OUTCOMES[page.outcome], name=page.by_name,
            day=day_text(page.at.astimezone(zone).date()), since=since,
        ).said(lang)
    ]  # fmt: skip
    if page.decided_at:
        lines.append(
            Text("{name}于{day}决定", "decided by {name} on {day}")
            .filled(name=page.decided_by, day=day_text(page.decided_at.astimezone(zone).date()))
            .said(lang)
        )
    if page.reason:
        lines.append(Text("理由：{why}", "reason: {why}").filled(why=one_line(page.reason)).said(lang))
    for one in page.texts:
        lines += _impact_lines(one, lang)
    if page.later and page.open:
        lines.append(Text("提请之后又启用了：", "Put into force since it was proposed:").said(lang))
        lines.append(_lines_text(page.later, lang))
        lines.append(
            Text("批准时须加 --seen {k}", "To approve it add --seen {k}").filled(k=page.last).said(lang)
        )
    if page.trouble:
        lines.append(
            Text("目前不能批准：", "It cannot be approved as it is:").said(lang) if page.open else ""
        )
        lines.append(page.trouble.said(lang))
    return "\n".join(lines)


def approved_text(approved: Approved, lang: Language) -> str:
    """Return what came into force by an approval, and from when."""
    lines = [activated_text(approved.activated, lang)]
    if approved.late:
        late = Text(
            "批准时已过提请的生效日，故自{day}起生效。",
            "It was approved after the day proposed, so it holds from {day}.",
        )
        lines.append(late.filled(day=approved.page.since).said(lang))
    return "\n".join(lines)


def definitions_text(page: DefinitionsPage, lang: Language) -> str:
    """Return what is in force, what is coming, and the proposals."""
    lines = [Text("现行（{day}）", "In force on {day}").filled(day=page.today).said(lang)]
    lines.append(_lines_text(page.in_force, lang))
    if page.coming:
        lines += ["", Text("待生效", "Coming").said(lang), _lines_text(page.coming, lang)]
    for title, some in ((Text("待批准的提请", "Open proposals"), page.open), (Text("已决定的提请", "Decided proposals"), page.decided)):  # fmt: skip
        rows = [_proposal_row(one, lang) for one in some]
        if rows:
            lines.append(section(title.said(lang), rows))
    if page.migrations:
        rows = [(str(m.number), m.sentence.said(lang), m.by) for m in page.migrations]
        lines.append(
            section(
                Text("待批准的在办案件转版（anxu migrate）", "Open migrations of cases (anxu migrate)").said(
                    lang
                ),
                rows,
            )
        )
    if page.open:
        lines += [
            "",
            Text("逐项查看：anxu activate --show 号", "Look at one: anxu activate --show N").said(lang),
        ]
    return "\n".join(lines)


def _one_activated(one: Activated) -> Text:
    if one.unchanged:
        return Text(
            "{title}：与现行版本相同，未作改动。", "{title}: already in force; nothing changed."
        ).filled(title=one.title)
    said = Text(
        "{title} 自{since}起启用，版本 {hash}；{n}件在办事项仍按原版本办理。",
        "{title} is in force from {since}, version {hash}; {stay} on the version before.",
    ).filled(
        title=one.title,
        since=one.since,
        hash=one.hash[:12],
        n=one.open_before,
        stay=counted(one.open_before, "open matter stays", "open matters stay"),
    )
    return _and_then(said, one.until)


def _and_then(said: Text, until: date | None) -> Text:
    if until is None:
        return said
    then = Text(
        "注意：{day}起将由此前预定的另一版本取代。",
        " Note: from {day} another version, dated ahead, takes its place.",
    ).filled(day=until)
    return Text(said.zh + then.zh, said.en + then.en)


def _impact_lines(one: TextImpact, lang: Language) -> list[str]:
    head = Text("{title}（{name}，版本 {hash}）", "{title} ({name}, version {hash})").filled(
        title=one.title, name=one.name, hash=one.hash[:12]
    )
    lines = ["", head.said(lang)]
    if one.unchanged:
        lines.append(
            "  " + Text("与届时的现行版本相同", "the same as what is in force on that day").said(lang)
        )
    lines += [f"  - {one_line(change.said(lang))}" for change in one.changes]
    if one.staying:
        total = sum(staying.count for staying in one.staying)
        said = Text("{n}件在办事项仍按旧版本办理：", "{stay} on older versions:").filled(
            n=total, stay=counted(total, "open matter stays", "open matters stay")
        )
        rows = [(s.definition[:12], s.title.said(lang), str(s.count)) for s in one.staying]
        lines += ["  " + said.said(lang), table(rows, "    ")]
    if one.until:
        lines.append("  " + _and_then(Text("", ""), one.until).said(lang).strip())
    return lines


def _lines_text(lines: Sequence[ActivationLine], lang: Language) -> str:
    return table([_line_row(line, lang) for line in lines], "  ")


def _line_row(line: ActivationLine, lang: Language) -> tuple[str, ...]:
    both = (
        Text("{by}提请，{second}批准", "by {by}, approved by {second}")
        if line.approved_by
        else Text("{by}启用", "by {by} alone")
    )
    until = Text("至{day}前", "until before {day}").filled(day=line.until).said(lang) if line.until else ""
    return (
        line.title.said(lang), line.hash[:12], Text("自{day}", "from {day}").filled(day=line.since).said(lang), until,
        both.filled(by=line.by, second=line.approved_by).said(lang),
    )  # fmt: skip


def _proposal_row(page: ProposalPage, lang: Language) -> tuple[str, ...]:
    names = [one.title.said(lang) for one in page.texts]
    since = Text("自{day}", "from {day}").filled(day=page.since).said(lang)
    return (
        str(page.number), PROPOSAL_OUTCOMES[page.outcome].said(lang), ("、" if lang == "zh" else ", ").join(names), since,
        page.by_name, page.decided_by, one_line(page.reason),
    )  # fmt: skip
