"""Verb activate: propose what is to come into force, approve, reject or withdraw it, and see what is in force.

Room for: flags to one call of the engine.
May not enter: who may, what fits (`engine/service`), the shapes of answers (`activation_answers.py`).
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from engine.errors import WrongUse
from engine.model.answers import Refusal
from engine.run.activation_answers import (
    activated_json,
    activated_text,
    approved_json,
    approved_text,
    definitions_json,
    definitions_text,
    proposal_json,
    proposal_text,
    proposed_text,
)
from engine.run.checking import fragments_beside
from engine.run.flags import DAY, NUMBER, Verb, read_text, with_shell
from engine.run.shell import DONE, Shell
from engine.run.verbs_definitions import registered_file
from engine.service.proposal_pages import ProposalPage
from engine.text import Text


@click.command("activate", cls=Verb)
@click.argument("files", nargs=-1, type=click.Path(path_type=Path), metavar="[FILE]…")
@click.option("--as", "by", metavar="PERSON", help="办理人代号 · who does it")
@click.option(
    "--from", "since", type=DAY, metavar="DATE", help="生效日，缺省为批准当日 · the day it holds from"
)
@click.option("--propose", is_flag=True, help="演练机构也走提请批准 · in a rehearsal too: propose only")
@click.option("--approve", type=NUMBER, metavar="N", help="批准第 N 号提请 · approve proposal N")
@click.option(
    "--seen",
    type=NUMBER,
    metavar="K",
    help="批准人已查看到第 K 次启用 · the last activation you have looked at",
)
@click.option("--reject", type=NUMBER, metavar="N", help="驳回第 N 号提请 · reject proposal N")
@click.option("--reason", metavar="TEXT", help="驳回理由 · why it is rejected")
@click.option("--withdraw", type=NUMBER, metavar="N", help="撤回第 N 号提请 · take proposal N back")
@click.option(
    "--show", type=NUMBER, metavar="N", help="查看第 N 号提请及其影响 · proposal N and what it would do"
)
@click.option(
    "--list", "listed", is_flag=True, help="现行版本、待生效版本与提请 · what is in force, coming, proposed"
)
@with_shell
def activate_verb(
    shell: Shell, files: tuple[Path, ...], by: str | None, since: date | None, propose: bool,
    approve: int | None, seen: int | None, reject: int | None, reason: str | None, withdraw: int | None,
    show: int | None, listed: bool,
) -> int:  # fmt: skip
    """启用定义或登记册：一人提请，另一人批准；在办案件仍按原版本。 · Put definitions or the register into force.

    anxu activate FILE… --as A [--from DATE]   提请（演练机构则直接启用） · propose; in a rehearsal: at once
    anxu activate --approve N --as B           由另一人批准 · another person approves
    """
    asked = {
        "FILE": bool(files), "--approve": approve is not None, "--reject": reject is not None,
        "--withdraw": withdraw is not None, "--show": show is not None, "--list": listed,
    }  # fmt: skip
    _one_of(asked)
    _goes_with("--from", since is not None, asked, "FILE")
    _goes_with("--propose", propose, asked, "FILE")
    _goes_with("--seen", seen is not None, asked, "--approve")
    _goes_with("--reason", reason is not None, asked, "--reject")
    if listed:
        return _listed(shell)
    if show is not None:
        return _told(shell, shell.engine().proposal(show))
    if by is None:
        raise WrongUse(Text("请用 --as 指明何人。", "Say by --as who does it."))
    if approve is not None:
        return _approved(shell, approve, by, seen)
    if reject is not None:
        if reason is None:
            raise WrongUse(Text("驳回须用 --reason 写明理由。", "Say by --reason why it is rejected."))
        return _told(shell, shell.engine().reject(reject, by, reason))
    if withdraw is not None:
        return _told(shell, shell.engine().withdraw(withdraw, by))
    return _put_forward(shell, files, by, since, propose)


def _put_forward(shell: Shell, files: tuple[Path, ...], by: str, since: date | None, propose: bool) -> int:
    read = {file: read_text(file) for file in files}
    texts = {registered_file(shell, file, text): text for file, text in read.items()}
    texts |= fragments_beside(read, shell.settings.register_file)
    if propose or not shell.rules().register.rehearsal:
        page = shell.engine().propose(texts, by, since)
        zone = shell.rules().register.zone
        shell.answer(
            {"proposal": proposal_json(page, zone, shell.lang)}, lambda: proposed_text(page, zone, shell.lang)
        )
        return DONE
    done = shell.engine().activate(texts, by, since)
    shell.answer([activated_json(one) for one in done], lambda: activated_text(done, shell.lang, alone=True))
    return DONE


def _approved(shell: Shell, number: int, by: str, seen: int | None) -> int:
    answer = shell.engine().approve(number, by, seen)
    if isinstance(answer, Refusal):
        return shell.refuse(answer)
    zone = shell.rules().register.zone
    shell.answer(approved_json(answer, zone, shell.lang), lambda: approved_text(answer, shell.lang))
    return DONE


def _told(shell: Shell, answer: ProposalPage | Refusal) -> int:
    if isinstance(answer, Refusal):
        return shell.refuse(answer)
    zone = shell.rules().register.zone
    shell.answer(
        {"proposal": proposal_json(answer, zone, shell.lang)}, lambda: proposal_text(answer, zone, shell.lang)
    )
    return DONE


def _listed(shell: Shell) -> int:
    page, zone = shell.engine().definitions(), shell.rules().register.zone
    shell.answer(definitions_json(page, zone, shell.lang), lambda: definitions_text(page, shell.lang))
    return DONE


def _one_of(asked: dict[str, bool]) -> None:
    given = [flag for flag, is_given in asked.items() if is_given]
    if len(given) == 1:
        return
    every = " ".join(asked)
    raise WrongUse(
        Text(f"{'、'.join(given)} 不能同时使用。", f"{', '.join(given)} do not go together.")
        if given
        else Text(f"请给出其中一项：{every}。", f"Give one of: {every}.")
    )


def _goes_with(flag: str, is_given: bool, asked: dict[str, bool], other: str) -> None:
    if is_given and not asked[other]:
        raise WrongUse(Text(f"{flag} 只与 {other} 一起使用。", f"{flag} goes with {other} only."))
