"""Verbs on cases: open, act, actions, show, list, explain.

Room for: flags to one call of the engine, its answer to JSON or words.
May not enter: what is allowed (`engine/core`), shapes and sentences of answers.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import date

import click

from engine.errors import UnknownName, WrongUse
from engine.language.problem import not_known
from engine.model.answers import Refusal
from engine.model.rules import Rules
from engine.run.answers_json import action_json, case_json, done_json, line_json
from engine.run.count_sheet import sheet_text
from engine.run.flags import DAY, Verb, attachments, pairs, parties, with_shell
from engine.run.how_typed import flag_for
from engine.run.sheet_json import sheet_json
from engine.run.shell import DONE, Shell, system_user, write, write_json
from engine.run.speaking import actions_text, case_text, done_text, list_text
from engine.service.engine import Engine
from engine.service.pages import Done
from engine.service.queues import CaseFilter
from engine.text import Text

CORRECT = "correct"
"""The move of every case that no definition writes: what was recorded wrongly is superseded."""

_ON = click.option("--on", type=DAY, metavar="DATE", help="发生日期 · the day it took effect")
_KEY = click.option("--key", help="请求键，重复提交只记一次 · request key: the same one is recorded once")
_SET = click.option(
    "--set", "facts", multiple=True, metavar="FACT=VALUE", help="事项 · a fact; persons as A,B"
)
_DOC = click.option("--doc", "docs", multiple=True, metavar="KIND=FILE", help="文书 · a document")
_BY = click.option("--as", "by", required=True, metavar="PERSON", help="办理人代号 · who acts")
_AS_OF = click.option("--as-of", type=DAY, metavar="DATE", help="截至某日所知 · as it was known on that day")


@click.command("open", cls=Verb)
@click.argument("procedure")
@_BY
@click.option("--number", metavar="N", help="案号，缺省自动编号 · the number; else the next one")
@click.option("--party", "named", multiple=True, metavar="ROLE:NAME", help="当事人 · claimant:… respondent:…")
@click.option("--in", "place", metavar="PLACE", help="办公地点代号 · which office of the institution")
@_SET
@_DOC
@_ON
@_KEY
@with_shell
def open_verb(
    shell: Shell, procedure: str, by: str, number: str | None, named: tuple[str, ...], place: str | None,
    facts: tuple[str, ...], docs: tuple[str, ...], on: date | None, key: str | None,
) -> int:  # fmt: skip
    """立案。 · Open a case under PROCEDURE."""
    engine = shell.engine()
    answer = engine.open_case(
        procedure, by, parties=parties(named), facts=pairs("--set", facts), documents=attachments(docs),
        number=number, office=place, on=on, key=key, channel=shell.channel,
    )  # fmt: skip
    if isinstance(answer, Refusal):
        places = () if place else tuple(shell.rules().register.offices)
        return shell.refuse(answer, flag_for(answer, places))
    _note_repeated(shell, answer)
    return _show(shell, answer.case, None)


@click.command("act", cls=Verb)
@click.argument("case")
@click.argument("move")
@_BY
@click.option("--matter", metavar="ID", help="事项代号，如 2 · which matter, such as 2")
@click.option("--seen", type=int, metavar="N", help="所见的最后一步 · the matter's last move as you saw it")
@_SET
@_DOC
@_ON
@_KEY
@click.option(
    "--override", default="", metavar="REASON", help="主任特批理由 · the director's reason for an exception"
)
@with_shell
def act_verb(
    shell: Shell, case: str, move: str, by: str, matter: str | None, seen: int | None,
    facts: tuple[str, ...], docs: tuple[str, ...], on: date | None, key: str | None, override: str,
) -> int:  # fmt: skip
    """办理一步。 · Do MOVE on CASE.

    更正记录 · to correct the record: act CASE correct --set event=N --set reason=… [--set FACT=VALUE] [--on DATE]
    """
    engine = shell.engine()
    typed, documents = pairs("--set", facts), attachments(docs)
    if move == CORRECT and "event" in typed:
        event, reason = _event_number(typed.pop("event")), typed.pop("reason", "")
        answer = engine.correct(
            case,
            event,
            by,
            reason=reason,
            facts=typed,
            documents=documents,
            on=on,
            key=key,
            channel=shell.channel,
        )
    else:
        answer = engine.act(
            case, move, by, matter=matter, facts=typed, documents=documents, seen=seen, on=on, key=key,
            channel=shell.channel, override=override,
        )  # fmt: skip
    if isinstance(answer, Refusal):
        return shell.refuse(answer, flag_for(answer))
    _note_repeated(shell, answer)
    page = engine.case_page(answer.case)
    zone = shell.rules().register.zone
    shell.answer(done_json(answer, page, zone), lambda: done_text(answer, page, shell.lang))
    return DONE


@click.command("actions", cls=Verb)
@click.argument("case")
@_BY
@with_shell
def actions_verb(shell: Shell, case: str, by: str) -> int:
    """现在可办什么，其余为何不可。 · What is possible now, and for the rest why not."""
    found = shell.engine().actions(case, by)
    shell.answer([action_json(a, shell.lang) for a in found], lambda: actions_text(found, shell.lang))
    return DONE


@click.command("show", cls=Verb)
@click.argument("case")
@_AS_OF
@with_shell
def show_verb(shell: Shell, case: str, as_of: date | None) -> int:
    """查看案件。 · Show CASE."""
    return _show(shell, case, as_of)


@click.command("list", cls=Verb)
@click.option("--overdue", is_flag=True, help="仅超审限 · past their last day only")
@click.option("--awaits", metavar="PERSON", help="待其办理 · awaiting this person")
@click.option("--role", metavar="R", help="待该岗位办理 · awaiting this role")
@click.option("--state", metavar="S", help="处于该状态 · in this state")
@click.option("--due-before", type=DAY, metavar="DATE", help="在该日之前到期 · due before that day")
@click.option("--after", metavar="CURSOR", help="下一页 · the page after this cursor")
@click.option(
    "--numbers", is_flag=True, help="仅列全部案号，一行一个 · the numbers of all of them, one a line"
)
@with_shell
def list_verb(
    shell: Shell, numbers: bool, overdue: bool, awaits: str | None, role: str | None, state: str | None,
    due_before: date | None, after: str | None,
) -> int:  # fmt: skip
    """案件列表，先到期者在前。 · Cases, the nearest due date first."""
    wanted = CaseFilter(
        overdue=overdue, awaits=awaits, role=role, state=state, due_before=due_before, after=after
    )
    engine = shell.engine()
    _known(engine.rules(), awaits, role, state)
    if numbers:
        found_all = tuple(_numbers(engine, wanted))
        shell.answer({"numbers": list(found_all)}, lambda: "\n".join(found_all))
        return DONE
    found = engine.cases(wanted)
    shell.answer(
        {"cases": [line_json(line) for line in found.cases], "next": found.next},
        lambda: list_text(found, shell.lang),
    )
    return DONE


def _known(rules: Rules, person: str | None, role: str | None, state: str | None) -> None:
    """Raise UnknownName for a name that nothing here has: an empty list would say that nothing waits there."""
    if person is not None:
        _among(rules.people.by_id, person, Text("查无此人：{name}", "Nobody is known as {name}"))
    # Todos are of roles and of relations to the case, like the drafter of the award.
    if role is not None and role not in rules.roles:
        steps = [step for procedure in rules.readable() for step in procedure.states.values()]
        roles = {*rules.roles, *(who.name for step in steps for who in step.awaits)}
        _among(roles, role, Text("没有岗位“{name}”", "There is no role “{name}”"))
    # Most names stand in one of the first definitions that are looked at.
    if state is not None and not any(state in procedure.states for procedure in rules.readable()):
        states = {name for procedure in rules.readable() for name in procedure.states}
        _among(states, state, Text("没有状态“{name}”", "There is no state “{name}”"))


def _among(known: Collection[str], name: str, unknown: Text) -> None:
    if name not in known:
        raise UnknownName(not_known(unknown.filled(name=name), name, sorted(known)))


@click.command("explain", cls=Verb)
@click.argument("case")
@click.option("--as-of", type=DAY, metavar="DATE", help="看哪一日 · the day to look at; else today")
@click.option(
    "--known", is_flag=True, help="以现有记录看该日（缺省） · what we now know of that day (default)"
)
@click.option("--shown", is_flag=True, help="该日当时显示的 · what was shown on that day")
@click.option("--format", "form", type=click.Choice(["text", "json", "html"]), default=None)
@with_shell
def explain_verb(
    shell: Shell, case: str, as_of: date | None, known: bool, shown: bool, form: str | None
) -> int:
    """逐日计算审限的过程。 · The count sheet: each day, counted or not, and why."""
    if known and shown:
        raise WrongUse(Text("--known 与 --shown 不能同时使用。", "--known and --shown cannot go together."))
    engine = shell.engine()
    sheet = engine.sheet(case, as_of, "shown" if shown else "known")
    match form or ("json" if shell.settings.json else "text"):
        case "html":
            write(engine.annex(sheet, system_user(), shell.lang).page())
        case "json":
            write_json(sheet_json(sheet, shell.lang))
        case _:
            write(sheet_text(sheet, shell.lang))
    return DONE


def _show(shell: Shell, case: str, as_of: date | None) -> int:
    page = shell.engine().case_page(case, as_of=as_of)
    zone = shell.rules().register.zone
    shell.answer(case_json(page, zone), lambda: case_text(page, zone, shell.lang))
    return DONE


def _numbers(engine: Engine, wanted: CaseFilter) -> Iterator[str]:
    """Yield the number of every case that is *wanted*, page after page."""
    while True:
        found = engine.cases(wanted)
        yield from (line.number for line in found.cases)
        if found.next is None:
            return
        wanted = replace(wanted, after=found.next)


def _note_repeated(shell: Shell, done: Done) -> None:
    if done.again:
        shell.note(
            Text(
                "该请求此前已记录，未重复办理。", "This request was recorded before; nothing was done again."
            )
        )


def _event_number(text: str) -> int:
    if not (text.isascii() and text.isdigit()):
        raise WrongUse(
            Text(
                f"--set event={text} 应为记录的序号。", f"--set event={text} must be the number of an event."
            )
        )
    return int(text)
