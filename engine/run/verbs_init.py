"""Verb init: a new office in a folder.

Room for: the flags of `init`, and what it says to do next.
May not enter: how an office is made (`founding.py`).
"""

from __future__ import annotations

from pathlib import Path

import click

from engine.model.answers import Refusal
from engine.run.flags import Verb, with_shell
from engine.run.founding import ADMINISTRATOR, Founded, found, holds_office
from engine.run.settings import DATABASE_FILE
from engine.run.shell import DONE, Shell
from engine.text import Text, counted


@click.command("init", cls=Verb)
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--rehearsal", is_flag=True, help="演练机构：可设定时间 · a rehearsal: the time may be set")
@click.option("--institution", metavar="NAME", help="机构代号 · the institution's name in the database")
@click.option("--title", metavar="TITLE", help="机构名称 · what the institution is called")
@with_shell
def init_verb(shell: Shell, folder: Path, rehearsal: bool, institution: str | None, title: str | None) -> int:
    """新建办公室：登记册、程序、数据库。 · A new office: register, procedures, database."""
    if holds_office(folder):
        return shell.refuse(_there_already(folder))
    founded = found(folder, shell.settings, rehearsal=rehearsal, institution=institution, title=title)
    plain = {
        "folder": str(founded.folder),
        "db": founded.url,
        "institution": founded.register.institution,
        "rehearsal": founded.register.rehearsal,
        "files": list(founded.files),
        "administrator": ADMINISTRATOR.id,
    }
    shell.answer(plain, lambda: _what_next(founded, bool(shell.settings.db)).said(shell.lang))
    return DONE


def _there_already(folder: Path) -> Refusal:
    return Refusal(
        "office_exists",
        Text(f"{folder} 里已有办公室，未作改动。", f"{folder} already holds an office; nothing was changed."),
        enables=Text("换一个空文件夹。", "Name an empty folder."),
    )


def _what_next(founded: Founded, db_named: bool) -> Text:
    main, count = founded.files[0], len(founded.register.procedures)
    where = "" if db_named else f" ({DATABASE_FILE})"
    steps = (
        f"  cd {founded.folder}\n"
        f"  anxu people password {ADMINISTRATOR.id} --generate\n"
        "  anxu people add lin --name 林清 --role filing_clerk\n"
        "  anxu check\n"
        "  anxu serve"
    )
    named = f" --db {founded.url}" if db_named else ""
    return Text(
        f"已建立 {founded.register.title.zh}：{main}，workflows/ 中的{count}个程序，数据库{where}。\n接下来{named and f'（每条命令加{named}，或设 ANXU_DB）'}：\n{steps}",
        f"{founded.register.title.en} has been set up: {main}, {counted(count, 'procedure')} in workflows/, database{where}.\nNext{named and f' (with{named}, or ANXU_DB, each time)'}:\n{steps}",
    )
