"""Verbs on versions: what differs between two of them, and bringing open cases from one to another.

Room for: flags to a comparison or one call of the engine's migrations.
May not enter: what differs, what a migration does, the shapes of answers (`migration_answers.py`).
"""

from __future__ import annotations

import click

from engine.errors import WrongUse
from engine.model.answers import Refusal
from engine.run.flags import NUMBER, Verb, pairs, with_shell
from engine.run.migration_answers import (
    carried_json,
    carried_text,
    change_json,
    changes_text,
    page_json,
    page_text,
    pages_text,
)
from engine.run.progress import CaseProgress
from engine.run.shell import DONE, NO, Shell
from engine.run.versions import compared
from engine.service.migrating import Migrations
from engine.service.migration_pages import CarriedOut, MigrationPage
from engine.text import Text


@click.command("diff", cls=Verb)
@click.argument("old")
@click.argument("new")
@with_shell
def diff_verb(shell: Shell, old: str, new: str) -> int:
    """逐句说明两个版本的差别：文件、现行名称或版本号。 · What differs between OLD and NEW: files, names in force, hashes.

    登记册写作 register；版本号可只写开头几位。 · The register is called register; a hash may be cut short.
    """
    changes = compared(shell, old, new)
    shell.answer(
        [change_json(change, shell.lang) for change in changes], lambda: changes_text(changes, shell.lang)
    )
    return DONE


@click.command("migrate", cls=Verb)
@click.argument("procedure", required=False)
@click.option("--as", "by", metavar="PERSON", help="办理人代号 · who does it")
@click.option(
    "--map", "states", multiple=True, metavar="OLD=NEW", help="状态的对应 · the counterpart of a state"
)
@click.option("--case", "cases", multiple=True, metavar="CASE", help="只转这些案件 · only these cases")
@click.option("--to", metavar="HASH", help="转到的版本，缺省为现行 · the version, else the one in force")
@click.option("--propose", is_flag=True, help="提请批准 · propose it")
@click.option(
    "--approve", type=NUMBER, metavar="N", help="批准并办理第N号提请 · approve proposal N and carry it out"
)
@click.option(
    "--skip-changed", is_flag=True, help="情况已变的留下，其余照办 · leave what has changed, do the others"
)
@click.option("--resume", type=NUMBER, metavar="N", help="继续中断的第N号 · finish what was interrupted")
@click.option("--undo", type=NUMBER, metavar="N", help="撤销第N号转版 · put back what proposal N migrated")
@click.option("--reject", type=NUMBER, metavar="N", help="驳回第N号 · turn proposal N down")
@click.option("--reason", default="", metavar="TEXT", help="驳回的理由 · why it is turned down")
@click.option("--withdraw", type=NUMBER, metavar="N", help="撤回第N号 · take proposal N back")
@click.option("--show", type=NUMBER, metavar="N", help="查看第N号 · look at proposal N")
@click.option("--list", "listed", is_flag=True, help="列出全部提请 · every proposal")
@with_shell
def migrate_verb(
    shell: Shell, procedure: str | None, by: str | None, states: tuple[str, ...], cases: tuple[str, ...],
    to: str | None, propose: bool, approve: int | None, skip_changed: bool, resume: int | None, undo: int | None,
    reject: int | None, reason: str, withdraw: int | None, show: int | None, listed: bool,
) -> int:  # fmt: skip
    """在办案件转到另一版本：先试算，提请，另一人批准。 · Bring open cases to another version: try, propose, approve.

    不加 --propose 只是试算，不作任何改动。 · Without --propose it is tried only; nothing is written.
    """
    numbered = {
        "approve": approve,
        "resume": resume,
        "undo": undo,
        "reject": reject,
        "withdraw": withdraw,
        "show": show,
    }
    _one_thing(procedure, [name for name, n in numbered.items() if n is not None], listed)
    migrations = shell.engine().migrations
    if listed:
        return _pages(shell, migrations)
    if procedure is not None:
        mapped = pairs("--map", states)
        if propose:
            answer = migrations.propose(procedure, _person(by), states=mapped, cases=cases or None, to=to)
            return _page(shell, answer)
        return _page(shell, migrations.tried(procedure, states=mapped, cases=cases or None, to=to))
    if approve is not None:
        with CaseProgress(shell.lang) as progress:
            done = migrations.approve(approve, _person(by), skip_changed=skip_changed, progress=progress)
        return _carried(shell, done, skip_changed)
    if resume is not None:
        with CaseProgress(shell.lang) as progress:
            return _carried(shell, migrations.resume(resume, progress=progress), skip_changed)
    if undo is not None:
        return _page(
            shell, migrations.propose_undoing(undo, _person(by)) if propose else migrations.undoing(undo)
        )
    if reject is not None:
        return _page(shell, migrations.reject(reject, _person(by), reason))
    if withdraw is not None:
        return _page(shell, migrations.withdraw(withdraw, _person(by)))
    assert show is not None
    return _page(shell, migrations.proposal(show))


def _one_thing(procedure: str | None, numbered: list[str], listed: bool) -> None:
    if (procedure is not None) + len(numbered) + listed != 1:
        raise WrongUse(
            Text(
                "请指明一个程序，或者 --approve、--resume、--undo、--reject、--withdraw、--show、--list 之一。",
                "Name a procedure, or one of --approve, --resume, --undo, --reject, --withdraw, --show, --list.",
            )
        )


def _person(by: str | None) -> str:
    if not by:
        raise WrongUse(Text("请用 --as 指明办理人。", "Say who does it with --as."))
    return by


def _page(shell: Shell, answer: MigrationPage | Refusal) -> int:
    if isinstance(answer, Refusal):
        return shell.refuse(answer)
    zone = shell.rules().register.zone
    shell.answer(page_json(answer, shell.lang, zone), lambda: page_text(answer, shell.lang))
    return DONE


def _pages(shell: Shell, migrations: Migrations) -> int:
    pages, zone = migrations.proposals(), shell.rules().register.zone
    shell.answer([page_json(page, shell.lang, zone) for page in pages], lambda: pages_text(pages, shell.lang))
    return DONE


def _carried(shell: Shell, answer: CarriedOut | Refusal, skipped: bool) -> int:
    if isinstance(answer, Refusal):
        return shell.refuse(answer)
    shell.answer(carried_json(answer, shell.lang), lambda: carried_text(answer, shell.lang))
    return NO if answer.left and not skipped else DONE
