"""Verb archive: closed cases into signed bundles, a bundle checked, a case back from one.

Room for: flags to one call of the engine, files of keys and bundles, its answer to JSON or words.
May not enter: who may and what can be archived (`engine/service/archiving.py`).
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from contextlib import nullcontext
from datetime import date
from pathlib import Path
from typing import Any

import click

from engine.errors import WrongUse
from engine.model.answers import Refusal
from engine.run.flags import DAY, Verb, read_bytes, read_text, with_shell
from engine.run.shell import DONE, Shell
from engine.service.archiving import Bundled, Returned
from engine.service.bundles import Bundle, opened
from engine.service.persisting import begun
from engine.service.signatures import ALGORITHM, new_key, public_in
from engine.text import Text, counted

OTHERS = Text(
    "已归档的案件有效；请重新运行，会接着处理其余案件",
    "what was archived stands; run it again, and it goes on with the other cases",
)

_FILE = click.Path(dir_okay=False, path_type=Path)


@click.command("archive", cls=Verb)
@click.argument("case", required=False)
@click.option(
    "--closed-before",
    type=DAY,
    metavar="DATE",
    help="该日以前办结的全部案件 · every case that ended before that day",
)
@click.option(
    "--to",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="FOLDER",
    help="存放档案包的文件夹 · where bundles go",
)
@click.option("--key", type=_FILE, metavar="FILE", help="签名私钥 · the private key to sign with")
@click.option("--as", "by", metavar="PERSON", help="办理人代号 · who does it")
@click.option(
    "--remove",
    is_flag=True,
    help="文书内容移出数据库，记录仍在 · take the documents' contents out of the store; the record stays",
)
@click.option(
    "--new-key", type=_FILE, metavar="FILE", help="生成一对密钥：FILE 与 FILE.pub · make a pair of keys"
)
@click.option(
    "--check", type=_FILE, metavar="FILE", help="离线核验一个档案包 · check a bundle, without any database"
)
@click.option(
    "--back", type=_FILE, metavar="FILE", help="从档案包取回案件 · bring a case back from its bundle"
)
@click.option("--trust", metavar="FILE|KEY", help="认可的公钥 · the public key that is trusted")
@with_shell
def archive_verb(
    shell: Shell, case: str | None, closed_before: date | None, folder: Path | None, key: Path | None,
    by: str | None, remove: bool, new_key: Path | None, check: Path | None, back: Path | None, trust: str | None,
) -> int:  # fmt: skip
    """办结案件归入签名档案包，核验，取回。 · Closed cases into signed bundles; check one; bring one back."""
    wanted = [case, closed_before, new_key, check, back]
    if sum(one is not None for one in wanted) != 1:
        raise WrongUse(
            Text(
                "请给出案号、--closed-before、--new-key、--check、--back 之一。",
                "Give one of: a case, --closed-before, --new-key, --check, --back.",
            )
        )
    if new_key:
        return _make_key(shell, new_key)
    if check:
        return _check(shell, check, trust)
    if back:
        return _back(shell, back, _needed(by, "--as"), trust)
    place, pem = _needed(folder, "--to"), read_bytes(_needed(key, "--key"))
    person, vouching = _needed(by, "--as"), shell.engine().vouching
    cases: Iterable[str] = [case] if case else vouching.closed_before(closed_before or date.min)
    done: list[Bundled] = []
    with begun(OTHERS) if closed_before else nullcontext():
        for one in cases:
            answer = vouching.archive(one, place, pem, person, remove=remove)
            if isinstance(answer, Refusal):
                return shell.refuse(answer)
            done.append(answer)
    shell.answer({"bundles": [_plain(one) for one in done]}, lambda: _archived(done).said(shell.lang))
    return DONE


def _needed(value: Any, flag: str) -> Any:
    if value is None:
        raise WrongUse(Text(f"须给出 {flag}。", f"{flag} is needed."))
    return value


def _make_key(shell: Shell, file: Path) -> int:
    pem, public = new_key()
    try:
        # Nobody but its owner may read a private key, and none is ever written over.
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as stream:
            stream.write(pem)
        Path(f"{file}.pub").write_text(f"anxu-archive-key {ALGORITHM} {public}\n", encoding="utf-8")
    except OSError as error:
        raise WrongUse(
            Text(f"“{file}”写不了（{error.strerror}）。", f"“{file}” cannot be written ({error.strerror}).")
        ) from None
    said = Text(
        "私钥在 {file}，请另行妥存；公钥 {public}",
        "The private key is in {file}; keep it in a safe place. Public key {public}",
    ).filled(file=file, public=public)
    shell.answer({"file": str(file), "public": public}, lambda: said.said(shell.lang))
    return DONE


def _check(shell: Shell, file: Path, trust: str | None) -> int:
    bundle = opened(read_bytes(file))
    trusted = _public(trust)
    if trusted and bundle.signer != trusted:
        return shell.refuse(_other_key(bundle))
    plain = {
        "case": bundle.manifest["case"], "number": bundle.manifest["number"], "version": bundle.manifest["version"],
        "signer": bundle.signer, "trusted": bool(trusted), "digest": bundle.digest, "proved": list(bundle.proved),
    }  # fmt: skip
    shell.answer(plain, lambda: _checked(bundle, trusted).said(shell.lang))
    return DONE


def _checked(bundle: Bundle, trusted: str | None) -> Text:
    lines = "\n".join(f"  {line}" for line in bundle.proved)
    whose = (
        Text("，即所认可的公钥", ", the key that is trusted")
        if trusted
        else Text("（未用 --trust 核对是谁的密钥）", " (nobody said by --trust whose key that is)")
    )
    return Text(
        f"档案包完好：{bundle.manifest['number']}，{len(bundle.contents)}份文书\n签名公钥 {bundle.signer}{whose.zh}\n{lines}",
        f"The bundle is sound: {bundle.manifest['number']}, {counted(len(bundle.contents), 'document')}\nsigned by {bundle.signer}{whose.en}\n{lines}",
    )


def _other_key(bundle: Bundle) -> Refusal:
    return Refusal(
        "unknown_key",
        Text(
            f"档案包由另一密钥签名：{bundle.signer}。",
            f"The bundle is signed by another key: {bundle.signer}.",
        ),
    )


def _back(shell: Shell, file: Path, by: str, trust: str | None) -> int:
    answer = shell.engine().vouching.back(read_bytes(file), by, _public(trust))
    if isinstance(answer, Refusal):
        return shell.refuse(answer)
    plain = {"number": answer.number, "whole": answer.whole, "documents": answer.contents}
    shell.answer(plain, lambda: _returned(answer).said(shell.lang))
    return DONE


def _public(trust: str | None) -> str | None:
    if trust is None:
        return None
    return public_in(read_text(Path(trust)) if Path(trust).is_file() else trust)


def _plain(one: Bundled) -> dict[str, object]:
    return {
        "number": one.number,
        "file": one.file,
        "digest": one.digest,
        "signer": one.signer,
        "removed": one.removed,
    }


def _archived(done: list[Bundled]) -> Text:
    lines = "".join(f"\n  {one.number}  {one.file}" for one in done)
    removed = sum(one.removed for one in done)
    moved = Text(
        f"，{removed}份文书内容移出数据库", f", {counted(removed, 'content')} taken out of the store"
    )
    more = moved if removed else Text("", "")
    return Text(
        f"{len(done)}件案件已归入档案包{more.zh}。{lines}",
        f"{counted(len(done), 'case')} archived{more.en}.{lines}",
    )


def _returned(answer: Returned) -> Text:
    what = (
        Text("案件及其文书", "the case with its documents")
        if answer.whole
        else Text("文书内容", "its contents")
    )
    return Text(
        f"{answer.number}：已取回{what.zh}（{answer.contents}份文书）。",
        f"{answer.number}: {what.en} brought back ({counted(answer.contents, 'document')}).",
    )
