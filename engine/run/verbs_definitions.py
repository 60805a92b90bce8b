"""Verbs on definitions: check and draw; where a file stands in the register.

Room for: flags to a check or a drawing.
May not enter: what is wrong with a definition, how it is drawn (`engine/language`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

import click

from engine.errors import AnxuError, UnknownName, WrongUse
from engine.language.drawing import draw_dot, draw_mermaid, draw_svg, export_bpmn, export_scxml
from engine.language.fragments import fragment_named
from engine.model.procedure import Procedure
from engine.run.answers_json import problem_json
from engine.run.checking import Checked, check_files, is_register, procedure_named, read_one
from engine.run.flags import GIVEN, Verb, with_shell
from engine.run.proofs import prove_checked
from engine.run.settings import REGISTER_FILE, missing_file
from engine.run.shell import DONE, NO, Shell
from engine.run.speaking import problems_text, proofs_text
from engine.text import Language, Text

Matters = Mapping[str, Procedure]

_DRAWINGS: Mapping[str, Callable[[Procedure, Language, Matters], str]] = {
    "svg": lambda procedure, lang, matters: draw_svg(procedure, lang, matters=matters),
    "mermaid": draw_mermaid,
    "dot": draw_dot,
    "scxml": lambda procedure, lang, matters: export_scxml(procedure),
    "bpmn": export_bpmn,
}


@click.command("check", cls=Verb)
@click.argument("files", nargs=-1, type=click.Path(path_type=Path), metavar="[FILE]…")
@click.option(
    "--prove",
    is_flag=True,
    help="并证明：到得了、走得完、不空等、不漏签 · prove as well that nothing is out of reach, stuck or unsigned",
)
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
    if prove and not checked.problems:
        return _prove(shell, checked)
    shell.answer(
        [problem_json(problem, shell.lang) for problem in checked.problems],
        lambda: _beside(checked, problems_text(checked.problems, len(checked.files), shell.lang), shell.lang),
    )
    return NO if checked.problems else DONE


def _beside(checked: Checked, text: str, lang: Language) -> str:
    """Return *text*, and behind it what the files were checked against where that is not plain."""
    return f"{text}\n{checked.against.said(lang)}" if checked.against else text


def _prove(shell: Shell, checked: Checked) -> int:
    people, day = None, None
    # A folder one happens to stand in may be an office half founded: its people are asked for by a flag.
    given = click.get_current_context().meta.get(GIVEN, {})
    if (given.get("office") or given.get("db")) and _has_database(shell):
        rules = shell.rules()
        people, day = rules.people, rules.day_of(shell.engine().now())
    found = prove_checked(checked, people, day)
    shell.answer(
        [problem_json(problem, shell.lang) for problem in found.problems],
        lambda: _beside(
            checked, proofs_text(found.problems, len(checked.files), found.proved, shell.lang), shell.lang
        ),
    )
    return NO if found.problems else DONE


@click.command("draw", cls=Verb)
@click.argument("procedure")
@click.option(
    "--format",
    "form",
    type=click.Choice(list(_DRAWINGS)),
    default="svg",
    show_default=True,
    help="图，或供其他软件读取的状态机 · a picture, or the machine for other programs",
)
@with_shell
def draw_verb(shell: Shell, procedure: str, form: str) -> int:
    """画出或导出程序：现行程序名，或文件。 · Draw or export PROCEDURE: a name in force, or a file."""
    found = _procedure(shell, procedure)
    drawing = _DRAWINGS[form](found, shell.lang, _matters(shell, found))
    shell.answer({"procedure": found.name, "format": form, "drawing": drawing}, lambda: drawing.rstrip("\n"))
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


def registered_file(shell: Shell, file: Path, text: str) -> str:
    """Return the name *file* goes by in the register, wherever the copy lies that is put into force."""
    if is_register(file, text):
        return REGISTER_FILE
    register = shell.rules().register
    fragment = fragment_named(text)
    if fragment in register.fragments:
        return register.fragments[fragment]
    entry = register.procedures.get(procedure_named(text) or "") if not fragment else None
    if entry:
        return entry.file
    office = shell.settings.office
    inside = office is not None and file.resolve().is_relative_to(office.resolve())
    return file.resolve().relative_to(office.resolve()).as_posix() if office and inside else file.as_posix()
