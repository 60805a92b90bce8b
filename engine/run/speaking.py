"""Speaking: answers in words, Chinese or English, for a person at a terminal.

Room for: one function an answer, each returning text without a last line end.
May not enter: JSON (`answers_json.py`), asking the engine, writing anything.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from engine.core.fold import MAIN_ID
from engine.language.problem import Problem
from engine.model.answers import Refusal
from engine.model.people import Holding, People
from engine.run.layout import one_line, section, table
from engine.service.backlog_pages import BacklogPage, ListedLine
from engine.service.pages import (
    ActionLine,
    CaseLine,
    CaseList,
    CasePage,
    ClockLine,
    Done,
    EventLine,
    Findings,
    Light,
    MatterLine,
    TermLine,
    TodoLine,
)
from engine.service.sweeping import Swept
from engine.text import Language, Text, counted

_SYSTEM = Text("系统", "system")
_WAS_DUE = Text("应于{when}发出", "was due on {when}")


def refusal_text(refusal: Refusal, lang: Language, typed: Text | None = None) -> str:
    """Return a lawful no: why, what would make it possible, how that is *typed*, who may."""
    lines = [Text("不可以：{why}", "No: {why}").filled(why=refusal.reason).said(lang)]
    if refusal.enables:
        lines.append(Text("怎样可以：{how}", "What would help: {how}").filled(how=refusal.enables).said(lang))
    if typed:
        lines.append(Text("命令中加：{typed}", "Add to the command: {typed}").filled(typed=typed).said(lang))
    if refusal.who:
        who = _names(refusal.who_may(lang))
        lines.append(Text("谁可以：{who}", "Who may: {who}").filled(who=who).said(lang))
    if refusal.guard == "override":
        flag = Text("特批：加 --override 理由", "To except: add --override REASON")
        lines.append(flag.said(lang))
    if refusal.code in ("unknown_move", "not_from_here"):
        verb = Text("逐项查看：anxu actions 案号 --as 代号", "See each: anxu actions CASE --as PERSON")
        lines.append(verb.said(lang))
    return "\n".join(lines)


def done_text(done: Done, page: CasePage, lang: Language) -> str:
    """Return what an act did: where the matter went, what followed, when the case is due."""
    recorded = {event.seq for event in done.events}
    rows = [_event_row(line, lang) for line in page.events if line.event.seq in recorded]
    lines = [page.line.number, table(rows, "  ")]
    if page.clock:
        lines.append(_clock(page.clock, page.line.light, lang))
    return "\n".join(lines)


def case_text(page: CasePage, zone: ZoneInfo, lang: Language) -> str:
    """Return a case: where it stands, until when, who is awaited, what happened."""
    line = page.line
    stage = Text("{state}（{stage}）", "{state} ({stage})").filled(
        state=line.state_title, stage=line.stage_title
    )
    rows = [
        [Text("状态", "state").said(lang), stage.said(lang)],
        [Text("当事人", "parties").said(lang), _parties(line, lang)],
    ]
    if line.handler:
        rows.append([Text("经办", "handler").said(lang), _names(line.handler).said(lang)])
    if page.clock:
        rows.append([page.clock.title.said(lang), _clock(page.clock, line.light, lang)])
    rows += [[fact.title.said(lang), one_line(fact.shown.said(lang))] for fact in page.facts]
    return "\n".join(
        part
        for part in (
            f"{line.number}  {line.title.said(lang)}",
            *(f"!! {text.said(lang)}" for text in page.incidents),
            table(rows, "  "),
            backlog_text(page.backlog, lang) if page.backlog else "",
            section(Text("事项", "Matters").said(lang), [_matter_row(m, lang) for m in page.matters[1:]]),
            section(
                Text("期限", "Limits").said(lang),
                [_term_row(m, t, lang) for m in page.matters for t in m.terms],
            ),
            section(Text("待办", "Awaited").said(lang), [_todo_row(todo, lang) for todo in page.todos]),
            section(Text("经过", "History").said(lang), [_history_row(e, zone, lang) for e in page.events]),
        )
        if part
    )


def backlog_text(page: BacklogPage, lang: Language) -> str:
    """Return the count of a drive in one sentence, and each case of its list."""
    said = Text(
        "清理情况（{since}至{until}）：清单{listed}件，已清理{cleared}件，未结{open}件（其中仍超期{still}件）；"
        "同期新超期{new}件，净减{net}件。",
        "The drive ({since} to {until}): {listed} listed, {cleared} cleared, {open} open ({still} of them still overdue); "
        "{new} newly overdue meanwhile; {net} fewer in all.",
    ).filled(
        since=page.since, until=page.until, listed=len(page.listed), cleared=page.cleared, open=page.open,
        still=page.still_overdue, new=page.newly_overdue, net=page.net,
    )  # fmt: skip
    rows = [
        [line.number, _day(line.cleared_on or line.due), _cleared(line).said(lang), line.state_title.said(lang),
         line.plan_title.said(lang) if line.plan_title else ""]
        for line in page.listed
    ]  # fmt: skip
    return section(said.said(lang), rows)


def _cleared(line: ListedLine) -> Text:
    if line.cleared_on:
        return Text("已清理", "cleared")
    if line.claimed:
        return Text("报已清理而案件未结", "said to be cleared, yet open")
    return Text("仍超期", "still overdue") if line.still_overdue else Text("未结", "open")


def actions_text(actions: Sequence[ActionLine], lang: Language) -> str:
    """Return what somebody may do, with what it takes, then why not the rest."""
    may = [
        [f"{a.matter} {a.move}", a.title.said(lang), _whom(a), _takes(a, lang)] for a in actions if a.allowed
    ]
    may_not = [
        [f"{a.matter} {a.move}", a.title.said(lang), _whom(a), a.refused.reason.said(lang)]
        for a in actions
        if a.refused
    ]
    none = Text("现在没有可办的事。", "Nothing can be done now.").said(lang)
    parts = (
        section(Text("可办", "Possible now").said(lang), may) or none,
        section(Text("暂不可办", "Not now").said(lang), may_not),
    )
    return "\n".join(part for part in parts if part).lstrip("\n")


def list_text(found: CaseList, lang: Language) -> str:
    """Return one page of cases, the nearest last day first."""
    if not found.cases:
        return Text("没有符合条件的案件。", "No case matches.").said(lang)
    rows = [
        [
            c.number,
            _light(c.light, lang),
            _day(c.due),
            c.state_title.said(lang),
            _names(c.handler).said(lang),
            _parties(c, lang),
        ]
        for c in found.cases
    ]
    more = Text("下一页：--after {next}", "Next page: --after {next}").filled(next=found.next or "")
    return table(rows) + (f"\n{more.said(lang)}" if found.next else "")


def swept_text(swept: Swept, lang: Language) -> str:
    """Return what one sweep did."""
    if swept.again:
        return _taken_up(swept).said(lang)
    said = Text(
        "检查到期案件{cases}件，发出提醒{fired}次。",
        "{something} with something due, {alerts} fired.",
    ).filled(
        cases=swept.cases, fired=swept.fired,
        something=counted(swept.cases, "case"), alerts=counted(swept.fired, "alert"),
    )  # fmt: skip
    failed = Text("\n未能处理，下次再试：{ids}", "\nNot settled, to be tried again: {ids}").filled(
        ids=", ".join(swept.failed)
    )
    return said.said(lang) + (failed.said(lang) if swept.failed else "")


def _taken_up(swept: Swept) -> Text:
    number, alerts = swept.again, counted(swept.fired, "alert")
    if swept.failed:
        return Text(
            f"{number}：已重新发起，仍未能处理，稍后自动再试；原因见 anxu doctor。",
            f"{number}: taken up again and still not settled; it will be tried again. anxu doctor says why.",
        )
    return Text(
        f"{number}：已重新发起，发出提醒{swept.fired}次。", f"{number}: taken up again, {alerts} fired."
    )


def findings_text(findings: Findings, lang: Language) -> str:
    """Return what was found, or that all is well."""
    checked, found = findings.checked, len(findings.findings)
    said = Text(
        f"共检查{checked}件案件，发现{found}处问题。",
        f"{counted(checked, 'case')} checked, {counted(found, 'finding')}.",
    )
    lines = [said.said(lang)]
    for advice in findings.advice:
        lines.append(
            Text("建议：{reason}；{fix}。", "advice: {reason}. {fix}.")
            .filled(reason=advice.reason, fix=advice.fix)
            .said(lang)
        )
    for finding in findings.findings:
        where = finding.case or Text("机构", "office").said(lang)
        fix = Text("  处理：{fix}", "  fix: {fix}").filled(fix=finding.fix)
        lines += [f"{where}  [{finding.code}] {finding.reason.said(lang)}", fix.said(lang)]
    return "\n".join(lines)


def proofs_text(problems: Sequence[Problem], files: int, proved: Sequence[Text], lang: Language) -> str:
    """Return every problem, then what was proved and how far was looked; a line each."""
    told = problems_text(problems, files, lang)
    return "\n".join((told, *(line.said(lang) for line in proved)))


def problems_text(problems: Sequence[Problem], files: int, lang: Language) -> str:
    """Return every problem at its place with its line and its fix, or that all is well."""
    if not problems:
        return Text(f"{files}个文件，没有问题。", f"{counted(files, 'file')}, no problem.").said(lang)
    found = len(problems)
    count = Text(f"共{found}处问题。", f"{counted(found, 'problem')}.").said(lang)
    return "\n\n".join((*(problem.said(lang) for problem in problems), count))


def people_text(people: People, roles: Mapping[str, Text], today: date, lang: Language) -> str:
    """Return everybody with what they hold and when they are away."""
    if not people.persons:
        return Text("尚无人员。", "There is nobody yet.").said(lang)
    rows = []
    for person in people.persons:
        held = [
            _holding(h, roles, today, lang)
            for h in people.holdings
            if h.person == person.id and not _past(h.until, today)
        ]
        away = [
            Text("{a}至{b}外出，{who}代", "away {a} to {b}, {who} stands in").filled(
                a=a.since, b=a.until, who=people.name(a.substitute) or Text("无人", "nobody")
            ).said(lang)
            for a in people.absences
            if a.person == person.id and not _past(a.until, today)
        ]  # fmt: skip
        by = [f"{c.channel}: {c.address}" for c in people.reached_by(person.id)]
        rows.append([person.id, person.name, "; ".join([*held, *away, *by])])
    return table(rows)


def _holding(holding: Holding, roles: Mapping[str, Text], today: date, lang: Language) -> str:
    said = roles.get(holding.role, Text(holding.role, holding.role)).said(lang)
    said += f" ({holding.role}, {holding.office}"
    said += f", {holding.since}…" if holding.since > today else ""
    return said + (f", …{holding.until})" if holding.until else ")")


def _past(until: date | None, today: date) -> bool:
    return until is not None and until < today


def _event_row(line: EventLine, lang: Language) -> list[str]:
    moved = (
        Text("→ {state}", "→ {state}").filled(state=line.state_title).said(lang) if line.state_title else ""
    )
    return [str(line.event.seq), _matter_of(line, lang), line.sentence.said(lang), moved]


def _history_row(line: EventLine, zone: ZoneInfo, lang: Language) -> list[str]:
    who = line.who or _SYSTEM.said(lang)
    if line.acting_for:
        who += Text("（代{who}）", " (for {who})").filled(who=line.acting_for).said(lang)
    told = [
        *(f"{d.title.said(lang)} {d.shown.said(lang)}" for d in line.details),
        *(n.said(lang) for n in line.notes),
        *([_WAS_DUE.filled(when=_moment(line.due_at, zone)).said(lang)] if line.due_at else ()),
    ]
    details = "; ".join(one_line(text) for text in told)
    return [
        str(line.event.seq),
        _moment(line.event.recorded_at, zone),
        who,
        _matter_of(line, lang),
        line.sentence.said(lang),
        details,
    ]


def _matter_of(line: EventLine, lang: Language) -> str:
    """Return the matter's title; nothing for the case's own, which every page is headed with."""
    return "" if line.event.matter == MAIN_ID else line.matter_title.said(lang)


def _moment(at: datetime, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M}"


def _matter_row(matter: MatterLine, lang: Language) -> list[str]:
    party = f" {matter.party_name}" if matter.party_name else ""
    awaits = _names(matter.awaits).said(lang) if matter.open else ""
    return [
        matter.id,
        matter.title.said(lang) + party,
        matter.state_title.said(lang),
        _day(matter.due),
        awaits,
    ]


def _term_row(matter: MatterLine, term: TermLine, lang: Language) -> list[str]:
    return [matter.id, term.title.said(lang), term.working.said(lang)]


def _todo_row(todo: TodoLine, lang: Language) -> list[str]:
    who = todo.person_name or todo.role_title.said(lang)
    party = f" {todo.party_name}" if todo.party_name else ""
    return [
        who,
        f"{todo.matter} {todo.matter_title.said(lang)}{party}",
        todo.state_title.said(lang),
        _day(todo.due),
        _light(todo.light, lang),
    ]


def _whom(action: ActionLine) -> str:
    return action.party_name or ""


def _takes(action: ActionLine, lang: Language) -> str:
    needed = [f"--set {field.name}=…" for field in action.fields if field.needed]
    asked = [f"[--set {field.name}=…]" for field in action.fields if not field.needed]
    papers = [f"--doc {kind}=…" for kind, _ in action.documents]
    lent = Text("（代{who}）", "(for {who})").filled(who=action.acting_for or "").said(lang)
    return " ".join([*needed, *asked, *papers, *([lent] if action.acting_for else [])])


def _clock(clock: ClockLine, light: Light, lang: Language) -> str:
    return f"{clock.working.said(lang)}  [{_light(light, lang)}]"


def _light(light: Light, lang: Language) -> str:
    if light.days_left is None:
        return light.word.said(lang)
    left = (
        Text(f"超{-light.days_left}日", f"{counted(-light.days_left, 'day')} over")
        if light.days_left < 0
        else Text(f"余{light.days_left}日", f"{counted(light.days_left, 'day')} left")
    )
    return f"{light.word.said(lang)} {left.said(lang)}"


def _parties(line: CaseLine, lang: Language) -> str:
    return (
        Text("；", "; ")
        .said(lang)
        .join(f"{p.role_title.said(lang)} {one_line(p.name)}" for p in line.parties)
    )


def _names(names: Sequence[str]) -> Text:
    return Text("、".join(names), ", ".join(names))


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""
