"""Verbs on definitions: check, draw, activate.

Room for: flags to a check, a drawing or one call of the engine.
May not enter: what is wrong with a definition, how it is drawn (`engine/language`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

import click

from engine.errors import AnxuError, UnknownName, WrongUse
from engine.language.drawing import draw_dot, draw_mermaid, draw_svg
from engine.model.procedure import Procedure
from engine.run.answers_json import problem_json
from engine.run.checking import check_files, is_register, procedure_named, read_one
from engine.run.flags import Verb, read_text, with_shell
from engine.run.settings import REGISTER_FILE, missing_file
from engine.run.shell import DONE, NO, Shell
from engine.run.speaking import problems_text
from engine.service.activation import Activated
from engine.text import Language, Text

Matters = Mapping[str, Procedure]

_DRAWINGS: Mapping[str, Callable[[Procedure, Language, Matters], str]] = {
    "svg": lambda procedure, lang, matters: draw_svg(procedure, lang, matters=matters),
    "mermaid": draw_mermaid,
    "dot": draw_dot,
}


@click.command("check", cls=Verb)
@click.argument("files", nargs=-1, type=click.Path(path_type=Path), metavar="[FILE]…")
@click.option("--prove", is_flag=True, help="证明状态机（总是进行） · prove the machine (always done)")
@with_shell
def check_verb(shell: Shell, files: tuple[Path, ...], prove: bool) -> int:
    """检查定义，指出行列与改法。 · Check definitions: where, why, how to mend."""
    if not files and shell.settings.register_file is None:
        raise WrongUse(
            Text(
                f"这里没有 {REGISTER_FILE}，请指明要检查的文件或 --office。",
                f"There is no {REGISTER_FILE} here: name the files to check, or --office.",
            )
        )
    checked = check_files(files, shell.settings.register_file)
    shell.answer(
        [problem_json(problem, shell.lang) for problem in checked.problems],
        lambda: problems_text(checked.problems, len(checked.files), shell.lang),
    )
    return NO if checked.problems else DONE


@click.command("draw", cls=Verb)
@click.argument("procedure")
@click.option("--format", "form", type=click.Choice(list(_DRAWINGS)), default="svg", show_default=True)
@with_shell
def draw_verb(shell: Shell, procedure: str, form: str) -> int:
    """画出程序：现行程序名，或文件。 · Draw PROCEDURE: a name in force, or a file."""
    found = _procedure(shell, procedure)
    drawing = _DRAWINGS[form](found, shell.lang, _matters(shell, found))
    shell.answer({"procedure": found.name, "format": form, "drawing": drawing}, lambda: drawing.rstrip("\n"))
    return DONE


@click.command("activate", cls=Verb)
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE…")
@click.option("--as", "by", required=True, metavar="PERSON", help="启用人代号 · who puts it in force")
@with_shell
def activate_verb(shell: Shell, files: tuple[Path, ...], by: str) -> int:
    """启用定义或登记册；在办案件仍按原版本。 · Put definitions or the register into force, together."""
    read = {file: read_text(file) for file in files}
    texts = {_registered_file(shell, file, text): text for file, text in read.items()}
    activated = shell.engine().activate(texts, by)
    shell.answer(
        [_activated_json(one) for one in activated],
        lambda: "\n".join(_activated_text(one).said(shell.lang) for one in activated),
    )
    return DONE


def _procedure(shell: Shell, named: str) -> Procedure:
    file = Path(named)
    if file.is_file():
        return read_one(file, shell.settings.register_file)
    if _has_database(shell):
        procedure = shell.rules().newest(named)
        if procedure is not None:
            return procedure
        names = ", ".join(shell.rules().in_force)
        raise UnknownName(
            Text(
                f"没有程序或文件“{named}”，现行程序：{names}。",
                f"No procedure or file “{named}”; in force: {names}.",
            )
        )
    register = shell.settings.register_file
    beside = register.parent / "workflows" / f"{named}.yaml" if register else None
    if beside is None or not beside.is_file():
        raise UnknownName(Text(f"没有程序或文件“{named}”。", f"There is no procedure or file “{named}”."))
    return read_one(beside, register)


def _matters(shell: Shell, procedure: Procedure) -> Matters:
    """Return the procedures of the kinds of matter *procedure* knows, as far as they can be found."""
    found = {}
    for kind in procedure.matters.values():
        with suppress(AnxuError):
            found[kind.name] = _procedure(shell, kind.procedure)
    return found


def _has_database(shell: Shell) -> bool:
    if shell.settings.db is None and shell.settings.office is None:
        return False
    return shell.settings.db is not None or missing_file(shell.settings.url) is None


def _registered_file(shell: Shell, file: Path, text: str) -> str:
    """Return the name *file* goes by in the register, wherever the copy lies that is put into force."""
    if is_register(file, text):
        return REGISTER_FILE
    register = shell.rules().register
    entry = register.procedures.get(procedure_named(text) or "")
    if entry:
        return entry.file
    office = shell.settings.office
    inside = office is not None and file.resolve().is_relative_to(office.resolve())
    return file.resolve().relative_to(office.resolve()).as_posix() if office and inside else file.as_posix()


def _activated_json(activated: Activated) -> dict[str, object]:
    return {
        "name": activated.name,
        "hash": activated.hash,
        "unchanged": activated.unchanged,
        "open_before": activated.open_before,
    }


def _activated_text(activated: Activated) -> Text:
    if activated.unchanged:
        return Text(
            "{title}：与现行版本相同，未作改动。", "{title}: already in force; nothing changed."
        ).filled(title=activated.title)
    return Text(
        "{title} 已启用，版本 {hash}；{n}件在办事项仍按原版本办理。",
        "{title} is in force, version {hash}; {n} open matter(s) stay on the version before.",
    ).filled(title=activated.title, hash=activated.hash[:12], n=activated.open_before)
