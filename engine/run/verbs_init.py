"""Verb init: a new office in a folder.

Room for: the flags of `init`, and what it says to do next.
May not enter: how an office is made (`founding.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import click

from engine.errors import WrongUse
from engine.model.answers import Refusal
from engine.model.hashing import HASHES
from engine.run.flags import Verb, with_shell
from engine.run.founding import ADMINISTRATOR, Founded, found, holds_database, holds_office
from engine.run.own_register import own_texts
from engine.run.settings import DATABASE_FILE, REGISTER_FILE
from engine.run.shell import DONE, Shell
from engine.text import Text, counted

_NO_APPROVERS = Text(
    "\n注意：登记册没有角色 admin、director、delegated_head 之一，今后提请启用的版本将无人可以批准；请补上其中之一。",
    "\nMind: the register has none of the roles admin, director and delegated_head, so nobody could approve a version that the administrator proposes; add one of them.",
)


@click.command("init", cls=Verb)
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--rehearsal", is_flag=True, help="演练机构：可设定时间 · a rehearsal: the time may be set")
@click.option("--institution", metavar="NAME", help="机构代号 · the institution's name in the database")
@click.option("--title", metavar="TITLE", help="机构名称 · what the institution is called")
@click.option(
    "--title-en", metavar="TITLE", help="机构英文名称 · what it is called in English [--title, as it stands]"
)
@click.option(
    "--short",
    metavar="SHORT",
    help="案号中的机构简称，缺省取 --title 首字 · how case numbers abbreviate it [first character of --title]",
)
@click.option(
    "--register",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="用本机构自己的登记册及其登记的程序 · with your own register and the procedures it names",
)
@click.option(
    "--hash", "hashed", type=click.Choice(HASHES), help="记录链的散列算法 · the hash of the chains; sm3: 国密"
)
@with_shell
def init_verb(
    shell: Shell, folder: Path, rehearsal: bool, institution: str | None, title: str | None, title_en: str | None,
    short: str | None, register: Path | None, hashed: str | None,
) -> int:  # fmt: skip
    """新建办公室：登记册、程序、数据库。 · A new office: register, procedures, database."""
    if register is not None:
        _says_it_itself(
            {
                "--institution": (institution, "institution"),
                "--title": (title, "title"),
                "--title-en": (title_en, "title"),
                "--short": (short, "number"),
                "--hash": (hashed, "hash"),
            }
        )
    elif title_en is not None and title is None:
        raise WrongUse(Text("--title-en 须与 --title 一起使用。", "--title-en goes with --title."))
    here = register is not None and register.resolve() == (folder / REGISTER_FILE).resolve()
    if holds_database(folder) or (holds_office(folder) and not here):
        return shell.refuse(_there_already(folder))
    own = own_texts(register) if register else None
    if here and rehearsal:
        raise WrongUse(
            Text(
                f"登记册就在 {folder} 里，不会被改写；请在其中写 rehearsal: true。",
                f"The register in {folder} is the office's own and is not written anew; say rehearsal: true in it.",
            )
        )
    founded = found(
        folder,
        shell.settings,
        rehearsal=rehearsal,
        institution=institution,
        title=title,
        own=own,
        hashed=hashed,
        title_en=title_en,
        short=short,
    )
    plain = {
        "folder": str(founded.folder),
        "db": founded.url,
        "institution": founded.register.institution,
        "rehearsal": founded.register.rehearsal,
        "first_number": founded.first_number,
        "files": list(founded.files),
        "administrator": ADMINISTRATOR.id,
    }
    shell.answer(plain, lambda: _what_next(founded, bool(shell.settings.db), own is None).said(shell.lang))
    return DONE


def _says_it_itself(flags: Mapping[str, tuple[str | None, str]]) -> None:
    for flag, (given, key) in flags.items():
        if given is not None:
            raise WrongUse(
                Text(
                    f"{flag} 不与 --register 一起使用：请在登记册中写 {key}。",
                    f"{flag} does not go with --register: the register says it itself under {key}.",
                )
            )


def _there_already(folder: Path) -> Refusal:
    return Refusal(
        "office_exists",
        Text(f"{folder} 里已有办公室，未作改动。", f"{folder} already holds an office; nothing was changed."),
        enables=Text("换一个空文件夹。", "Name an empty folder."),
    )


def _numbers(founded: Founded, *, starter: bool) -> Text:
    """What the case numbers look like, and where that is changed: afterwards nobody likes to change it."""
    if founded.first_number is None:
        return Text("", "")
    by = Text("简称由 --short 指定；", "--short names the abbreviation; ") if starter else Text("", "")
    return Text(
        f"\n案号形如 {founded.first_number}（{by.zh}立案前可改 {REGISTER_FILE} 中的 number，再用 anxu activate 启用）",
        f"\nCases are numbered {founded.first_number} ({by.en}to change it, edit number in {REGISTER_FILE} and anxu activate it before the first case)",
    )


def _what_next(founded: Founded, db_named: bool, starter: bool) -> Text:
    main, count = founded.files[0], len(founded.register.procedures)
    here = all(entry.file.startswith("workflows/") for entry in founded.register.procedures.values())
    inside = Text("workflows/ 中的", " in workflows/") if here else Text("", "")
    where = "" if db_named else f" ({DATABASE_FILE})"
    steps = (
        f"  cd {founded.folder}\n"
        f"  anxu people password {ADMINISTRATOR.id} --generate\n"
        f"  anxu people add lin --name 林清 --role {founded.first_role}\n"
        "  anxu check\n"
        "  anxu serve"
    )
    named = f" --db {founded.url}" if db_named else ""
    numbers = _numbers(founded, starter=starter)
    lonely = Text("", "") if founded.has_approvers else _NO_APPROVERS
    return Text(
        f"已建立 {founded.register.title.zh}：{main}，{inside.zh}{count}个程序，数据库{where}。\n接下来{named and f'（每条命令加{named}，或设 ANXU_DB）'}：\n{steps}{numbers.zh}{lonely.zh}",
        f"{founded.register.title.en} has been set up: {main}, {counted(count, 'procedure')}{inside.en}, database{where}.\nNext{named and f' (with{named}, or ANXU_DB, each time)'}:\n{steps}{numbers.en}{lonely.en}",
    )
