"""Verbs of seals: verify, checkpoint, certificate.

Room for: flags to one call of the engine, its answer to JSON or words.
May not enter: what is sealed and how it is checked (`engine/service`), archive bundles (`verbs_archive.py`).
"""

from __future__ import annotations

import shlex
from pathlib import Path

import click

from engine.errors import UnknownName, WrongUse
from engine.model.checkpoints import Anchor, Checkpoint, anchors_in
from engine.run.answers_json import findings_json
from engine.run.flags import Verb, read_text, with_shell
from engine.run.progress import CaseProgress
from engine.run.shell import DONE, NO, Shell
from engine.run.speaking import findings_text
from engine.service.certificates import VERIFIER, certificate_text, verifier_text
from engine.service.pages import Findings
from engine.store import private_files
from engine.text import Text, counted


@click.command("verify", cls=Verb)
@click.option(
    "--against",
    multiple=True,
    metavar="FILE|HEAD",
    help="与外存的检查点核对：文件或校验值 · compare with heads kept outside: a file that holds them, or one itself",
)
@with_shell
def verify_verb(shell: Shell, against: tuple[str, ...]) -> int:
    """核验记录、文书、定义、日历和检查点未被改动。 · Check that nothing was changed, left out or cut off."""
    anchors = [anchor for given in against for anchor in _anchors(given)]
    with CaseProgress(shell.lang, long=True) as progress:
        findings = shell.engine().verify(anchors, progress)
    return found(shell, findings)


def found(shell: Shell, findings: Findings) -> int:
    """Answer with *findings*; a promise broken is a no."""
    shell.answer(findings_json(findings, shell.lang), lambda: findings_text(findings, shell.lang))
    return NO if findings.findings else DONE


def _anchors(given: str) -> tuple[Anchor, ...]:
    path = Path(given)
    anchors = anchors_in(read_text(path) if path.is_file() else given)
    if not anchors:
        raise WrongUse(
            Text(
                "“{given}”里没有检查点：应为 anxu checkpoint --print 打印的一行，或64位校验值。",
                "“{given}” holds no head: give the line that anxu checkpoint --print printed, or its 64 hex digits.",
            ).filled(given=given)
        )
    return anchors


NEWEST = 0
"""What stands for the newest checkpoint where no number is given."""


@click.command("checkpoint", cls=Verb)
@click.option(
    "--print",
    "printed",
    is_flag=False,
    flag_value=NEWEST,
    type=click.IntRange(NEWEST, 2**31 - 1),
    metavar="[N]",
    help="只打印最近一个或第N号，不新建 · print the newest one or number N, make none",
)
@with_shell
def checkpoint_verb(shell: Shell, printed: int | None) -> int:
    """封存全部案件的现状，打印一行可存于他处的校验值。 · Seal all cases as they stand; print a line to keep elsewhere.

    把这一行寄出、登报或抄送另一机关；日后用 anxu verify --against 核对 · mail the line, publish it or hand it to another
    office; anxu verify --against compares with it later.
    """
    vouching = shell.engine().vouching
    made = (
        vouching.checkpoint()
        if printed is None
        else vouching.known(printed)
        if printed
        else vouching.newest()
    )
    if made is None and printed:
        raise UnknownName(Text("没有第{n}号检查点。", "There is no checkpoint {n}.").filled(n=printed))
    if made is None:
        raise WrongUse(
            Text(
                "还没有检查点。请先运行 anxu checkpoint。",
                "There is no checkpoint yet. Run anxu checkpoint first.",
            )
        )
    shell.answer({**made.plain(), "line": made.line()}, lambda: _checkpoint_text(made).said(shell.lang))
    return DONE


def _checkpoint_text(made: Checkpoint) -> Text:
    said = Text(
        "第{n}号检查点，{day}：{cases}件案件，{events}条记录，新封存{sealed}项。",
        "Checkpoint {n}, {day}: {some}, {records}, {sealed} newly sealed.",
    ).filled(
        n=made.number, day=made.day, cases=made.cases, events=made.events, sealed=made.sealed,
        some=counted(made.cases, "case"), records=counted(made.events, "event"),
    )  # fmt: skip
    return Text(f"{said.zh}\n{made.line()}", f"{said.en}\n{made.line()}")


@click.command("certificate", cls=Verb)
@click.argument("case")
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="写入文件 · the file to write",
)
@click.option("--with-documents", is_flag=True, help="附文书内容 · with the contents of its documents")
@click.option("--with-verifier", is_flag=True, help="旁边放核验程序 · put the offline verifier beside it")
@with_shell
def certificate_verb(
    shell: Shell, case: str, out: Path | None, with_documents: bool, with_verifier: bool
) -> int:
    """一案的证明，离线即可核验。 · What the office vouches for of one CASE, for a reader without our software.

    核验 · to check it: python3 verify_certificate.py FILE [--against FILE|HEAD]. 退出码 · its exit codes: 0 相符 · it holds;
    1 不符 · it does not; 2 用法不对 · wrong use; 3 外存的检查点更晚，请索取新的 · what you kept is later, ask for a new one.
    """
    made = shell.engine().vouching.certificate(case, contents=with_documents)
    file = out or Path(f"certificate-{made['case']}.json")
    try:
        private_files.write(file, certificate_text(made).encode())
        if with_verifier:
            (file.parent / VERIFIER).write_text(verifier_text(), encoding="utf-8", newline="\n")
    except OSError as error:
        raise WrongUse(
            Text(f"“{file}”写不了（{error.strerror}）。", f"“{file}” cannot be written ({error.strerror}).")
        ) from None
    answer = {"file": str(file), "digest": made["digest"], "case": made["case"], "number": made["number"],
              "sealed": made["sealed"]["seal"][2] if made["sealed"] else None}  # fmt: skip
    shell.answer(answer, lambda: _certificate_text(made, file, with_verifier=with_verifier).said(shell.lang))
    return DONE


def _certificate_text(made: dict[str, object], file: Path, *, with_verifier: bool) -> Text:
    unsealed = check = Text("", "")
    if made["sealed"] is None:
        unsealed = Text(
            "\n尚无检查点封存此案；先运行 anxu checkpoint，证明力更强。",
            "\nNo checkpoint has sealed this case yet; run anxu checkpoint first, and the certificate says more.",
        )
    if with_verifier:
        how = f"python3 {shlex.quote(str(file.parent / VERIFIER))} {shlex.quote(str(file))}"
        check = Text(f"\n核验：{how}", f"\nTo check it: {how}")
    return Text(
        f"{made['number']}的证明已写入 {file}\n校验值 {made['digest']}{unsealed.zh}{check.zh}",
        f"The certificate of {made['number']} is in {file}\ndigest {made['digest']}{unsealed.en}{check.en}",
    )
