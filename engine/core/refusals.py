"""Refusals: the sentences of a lawful no, each with what would make it possible.

Room for: one function a refusal of an act; codes stay stable for programs.
May not enter: deciding whether to refuse, guards (`refusals_of_guards.py`), opening and correcting (`refusals_of_records.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from engine.model.answers import Refusal
from engine.model.case import Case, Matter
from engine.model.commands import Act
from engine.model.procedure import Move
from engine.model.rules import Rules
from engine.text import Text

OFFERED_MOST = 8
"""So many moves are named in a refusal; a state may offer thirty."""


def stale_form(rules: Rules, case: Case, matter: Matter) -> Refusal:
    """Somebody moved the matter after this form was shown; says who, what and when, where that is known."""
    who, what = _what_happened(rules, case, matter)
    return Refusal(
        code="stale",
        reason=Text("{what}，您看到的页面已过时。", "{what}; the form you saw is out of date.").filled(
            what=what
        ),
        guard="seen",
        fact=str(matter.seen),
        who=who,
        enables=Text("请刷新页面后再决定", "Look at the case again and decide anew"),
        matter=matter.id,
    )


def _what_happened(rules: Rules, case: Case, matter: Matter) -> tuple[tuple[str, ...], Text]:
    """Return who moved *matter* and by what; where it reacted to another one, that is the act which caused it."""
    own = rules.procedure_of(matter).title
    if matter.migrated == matter.seen:
        goes_on = Text("“{title}”已改按另一版本办理", "“{title}” goes on under another version")
        return (), goes_on.filled(title=own)
    causes = [last for last in case.last_moves.values() if last.seq <= matter.seen]
    if not causes:
        # Of each matter only its last move is known, and whoever caused this has moved again since.
        return (), Text("“{title}”已有变动", "“{title}” has changed since").filled(title=own)
    last = max(causes, key=lambda cause: cause.seq)
    on = case.matter(last.matter)
    assert on is not None
    who = rules.people.name(last.by)
    at = f"{last.at.astimezone(rules.register.zone):%Y-%m-%d %H:%M}"
    procedure = rules.procedure_of(on)
    moves, source = procedure.moves.get(last.move), procedure.states.get(last.source)
    title = moves[0].title if moves else procedure.title
    place = source.title if source else procedure.title
    return (who,), Text(
        f"{who}已于{at}在“{place.zh}”办理“{title.zh}”", f"{who} did “{title.en}” in “{place.en}” at {at}"
    )


def unknown_matter(rules: Rules, case: Case, named: str) -> Refusal:
    """The case has no such matter."""
    offered = [
        Text("{id}（{title}）", "{id} ({title})").filled(id=matter.id, title=rules.procedure_of(matter).title)
        for matter in case.open_matters()
    ]
    return Refusal(
        code="unknown_matter",
        reason=Text(
            f"案件{case.number}没有编号为“{named}”的事项。", f"Case {case.number} has no matter “{named}”."
        ),
        guard="matter",
        fact=named,
        enables=Text(
            f"正在办理的事项：{'、'.join(t.zh for t in offered) or '无'}",
            f"Open matters: {', '.join(t.en for t in offered) or 'none'}",
        ),
    )


def which_matter(rules: Rules, case: Case, move: Move, matters: Sequence[Matter]) -> Refusal:
    """Several open matters offer the move; one must be named."""
    named = [
        (m.id, party.name if (party := case.party(m.party)) else rules.procedure_of(m).title.zh)
        for m in matters
    ]
    listed = "、".join(f"{id}（{name}）" for id, name in named)
    listed_en = ", ".join(f"{id} ({name})" for id, name in named)
    return Refusal(
        code="which_matter",
        reason=Text(
            f"有多件事项可以“{move.title.zh}”，请指明是哪一件：{listed}。",
            f"“{move.title.en}” is possible on several matters; say which: {listed_en}.",
        ),
        guard="matter",
        fact=", ".join(matter.id for matter in matters),
        enables=Text("请指明事项", "Name the matter"),
    )


def beyond_calendar(sentence: Text) -> Refusal:
    """A date of the act leads beyond the years the calendar can answer for."""
    return Refusal(
        code="CALENDAR_ENDS",
        reason=sentence,
        guard="calendar",
        enables=Text(
            "请核对日期，或先录入该年放假通知", "Check the date, or load that year's holiday notice first"
        ),
    )


def already_ended(rules: Rules, matter: Matter) -> Refusal:
    """The matter is over."""
    title = rules.procedure_of(matter).title
    return Refusal(
        code="ended",
        reason=Text(
            f"“{title.zh}”已经结束，不能再办理。", f"“{title.en}” has ended; nothing more can be done on it."
        ),
        guard="state",
        fact=matter.outcome,
        matter=matter.id,
    )


def unknown_move(rules: Rules, case: Case, command: Act) -> Refusal:
    """No open matter of the case offers the move where it stands."""
    matters = [m for m in case.open_matters() if command.matter in (None, m.id)]
    offered = [
        move.title
        for matter in matters
        for move in rules.procedure_of(matter).states[matter.state].moves.values()
    ]
    title, known = _title_anywhere(rules, case, command.move)
    if not known:
        return Refusal(
            code="unknown_move",
            reason=Text(f"没有“{command.move}”这一步骤。", f"There is no move “{command.move}”."),
            guard="move",
            fact=command.move,
            enables=_offers(offered),
        )
    # Where everything has ended, the case is where it ended.
    places = [_state_title(rules, m) for m in matters or [case.main]]
    here, here_en = "、".join(t.zh for t in places), ", ".join(t.en for t in places)
    return Refusal(
        code="not_from_here",
        reason=Text(
            f"当前处于“{here}”，不能办理“{title.zh}”。", f"“{title.en}” cannot be done from “{here_en}”."
        ),
        guard="state",
        fact=", ".join(m.state for m in matters),
        enables=_offers(offered),
        matter=command.matter,
    )


def date_in_future(on: date, today: date, matter: Matter | None) -> Refusal:
    """Nobody can record what has not happened."""
    return Refusal(
        code="DATE_IN_FUTURE",
        reason=Text(
            "{on}晚于今天（{today}），尚未发生的事项不能录入。",
            "{on} is after today ({today}); what has not happened cannot be recorded.",
        ).filled(on=on, today=today),
        guard="on",
        fact=on.isoformat(),
        enables=Text("请在当日或之后录入", "Record it on that day or later"),
        matter=matter.id if matter else None,
    )


def date_out_of_order(on: date, earliest: date, matter: Matter) -> Refusal:
    """The act is dated before the matter came to its state."""
    return Refusal(
        code="DATE_OUT_OF_ORDER",
        reason=Text(
            "{on}早于本事项进入当前环节的日期（{earliest}）。",
            "{on} is before the matter came to its present state ({earliest}).",
        ).filled(on=on, earliest=earliest),
        guard="on",
        fact=on.isoformat(),
        enables=Text("日期应不早于{earliest}", "Give a date not before {earliest}").filled(earliest=earliest),
        matter=matter.id,
    )


def date_after_what_followed(on: date, followed: date, matter: Matter) -> Refusal:
    """A corrected act would be dated after the act that came next."""
    return Refusal(
        code="DATE_OUT_OF_ORDER",
        reason=Text(
            "{on}晚于其后一步的日期（{followed}）。",
            "{on} is after the day of the step that came next ({followed}).",
        ).filled(on=on, followed=followed),
        guard="on",
        fact=on.isoformat(),
        enables=Text("日期应不晚于{followed}", "Give a date not after {followed}").filled(followed=followed),
        matter=matter.id,
    )


def case_would_block(rules: Rules, matter: Matter, open_one: Matter) -> Refusal:
    """A matter that has to be finished first is still open."""
    title = rules.procedure_of(open_one).title
    return Refusal(
        code="matters_open",
        reason=Text(
            f"“{title.zh}”尚未办结，案件不能终结。",
            f"“{title.en}” is still open; the case cannot end before it.",
        ),
        guard="at_end",
        fact=open_one.id,
        enables=Text("请先办结该事项", "Finish that matter first"),
        matter=matter.id,
    )


def _offers(titles: list[Text]) -> Text:
    named, more = titles[:OFFERED_MOST], len(titles) - OFFERED_MOST
    rest = Text(f"等{len(titles)}项", f" and {more} more") if more > 0 else Text("", "")
    return Text(
        f"现在可办理：{'、'.join(t.zh for t in named) or '无'}{rest.zh}",
        f"Possible now: {', '.join(t.en for t in named) or 'nothing'}{rest.en}",
    )


def _title_anywhere(rules: Rules, case: Case, move: str) -> tuple[Text, bool]:
    names = {rules.main_procedure(case).hash, *(m.definition for m in case.matters)}
    names |= {
        child.hash
        for kind in rules.main_procedure(case).matters.values()
        if (child := rules.newest(kind.procedure))
    }
    for name in sorted(names):
        found = rules.definitions[name].moves.get(move)
        if found:
            return found[0].title, True
    return Text(move, move), False


def _state_title(rules: Rules, matter: Matter) -> Text:
    return rules.procedure_of(matter).states[matter.state].title
