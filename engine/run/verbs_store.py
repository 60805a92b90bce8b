"""Verbs on what is kept: backup, restore.

Room for: flags to one call of the service, the office's own files, putting a restored office in its place whole or not at all.
May not enter: the form of a backup (`engine/service/backups.py`), what verify and doctor look at.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from time import perf_counter
from typing import Any

import click

from engine.errors import AlreadyThere, WrongUse
from engine.run.answers_json import findings_json
from engine.run.assembly import machine_time, open_database
from engine.run.flags import Verb, with_shell
from engine.run.settings import REGISTER_FILE, Settings, database_in, known_url
from engine.run.shell import DONE, NO, Shell
from engine.run.speaking import findings_text
from engine.service import backups
from engine.service.engine import Engine
from engine.service.pages import Findings
from engine.store import private_files
from engine.store.database import Database
from engine.store.definitions import institutions
from engine.text import Language, Text

FILES = ("*.yaml", "*.yml")
"""What of an office's folder goes along: its register and its procedures."""

VERIFY = "verify"
"""The check that says whether a restore is good; the other one, doctor, looks at the office as it was backed up."""


@click.command("backup", cls=Verb)
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option(
    "--check",
    "only_check",
    is_flag=True,
    help="不备份，只检查已有的备份文件 · read a backup through, make none",
)
@with_shell
def backup_verb(shell: Shell, file: Path, only_check: bool) -> int:
    """备份整个机构到一个文件；备份时照常办案。 · Back up everything into FILE, while acts go on.

    文件未加密，请与数据库同样保管 · the file is not encrypted: keep it as you keep the database.
    """
    begun = perf_counter()
    if only_check:
        manifest = backups.check(file)
    else:
        database = open_database(shell.settings)
        try:
            if database.behind():
                database.migrate()
            manifest = backups.back_up(database, file, machine_time(), _files_of(shell.settings.office))
        finally:
            database.close()
    plain = _plain(manifest, file, perf_counter() - begun)
    said = Text("已检查", "Checked") if only_check else Text("已备份到", "Backed up to")
    shell.answer(plain, lambda: f"{said.said(shell.lang)} {file}\n{_counts(manifest, plain, shell.lang)}")
    return DONE


@click.command("restore", cls=Verb)
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@with_shell
def restore_verb(shell: Shell, file: Path) -> int:
    """从备份恢复到新的办公室文件夹或空的数据库，随后核验。 · Restore FILE into a new office or an empty database, then verify.

    两种数据库可以互换 · a backup of either database restores into either. 与备份一致且 verify 无发现即为成功（0）；doctor
    所见照列，备份之前就有的也在其中，不影响退出码 · exit code 0 where everything came back and verify finds nothing; what
    doctor finds, which may have been there before, is printed and decides nothing.
    """
    begun = perf_counter()
    with _in_place(shell.settings, file) as database:
        manifest = backups.restore(file, database)
        found = tuple(_inspected(database))
    plain = _plain(manifest, file, perf_counter() - begun)
    plain |= {"checks": [{"check": name, **findings_json(one, shell.lang)} for name, one in found]}
    # The counts agree, or the restore would have failed.
    whole = not any(one.findings for name, one in found if name == VERIFY)

    def text() -> str:
        done = Text("已恢复", "Restored").said(shell.lang)
        checks = "\n".join(f"{name}: {findings_text(one, shell.lang)}" for name, one in found)
        return f"{done} {file}\n{_counts(manifest, plain, shell.lang)}\n{checks}"

    shell.answer(plain, text)
    return DONE if whole else NO


def _inspected(database: Database) -> Iterator[tuple[str, Findings]]:
    with database.reading() as connection:
        known = institutions(connection)
    for institution in known:
        engine = Engine(database, institution, machine_time)
        yield VERIFY, engine.verify()
        yield "doctor", engine.doctor()


@contextmanager
def _in_place(settings: Settings, file: Path) -> Iterator[Database]:
    """Give the database to restore into; of a new office nothing stays where what is done inside fails."""
    folder = settings.office
    if settings.db is None and folder is None:
        raise WrongUse(
            Text(
                "请用 --office 指明要恢复到的新文件夹，或用 --db 指明空的数据库。",
                "Name a new folder to restore into with --office, or an empty database with --db.",
            )
        )
    texts = backups.files_in(file) if folder else {}
    _no_other(folder, texts)
    url = known_url(settings.db) if settings.db else database_in(Path(folder or "."))
    if not url.startswith("sqlite:///"):
        with _opened(url) as database:
            yield database
            _write(folder, texts)
        return
    place = Path(url.removeprefix("sqlite:///"))
    if place.exists():
        raise _there_already(place)
    fresh = not place.parent.exists()
    private_files.make_folder(place.parent)
    # A name of its own: of two who restore into one folder neither writes into the other's, and the later is told.
    unfinished = place.with_name(f"{place.name}.{secrets.token_hex(4)}{private_files.UNFINISHED}")
    try:
        with _opened(f"sqlite:///{unfinished}") as database:
            yield database
            database.fold_in()
        _all_in_one(unfinished)
        # Somebody else may have made an office here meanwhile.
        _no_other(folder, texts)
        _write(folder, texts)
        private_files.place(unfinished, place, over=False)
    except FileExistsError:
        raise _there_already(place) from None
    finally:
        _gone(unfinished)
        if fresh:
            with suppress(OSError):  # it is not empty: the office is there
                place.parent.rmdir()


def _there_already(place: Path) -> AlreadyThere:
    return AlreadyThere(
        Text(
            f"{place} 已存在，未作改动。请恢复到新的文件夹。",
            f"{place} is there already; nothing was changed. Restore into a new folder.",
        )
    )


@contextmanager
def _opened(url: str) -> Iterator[Database]:
    database = Database(url)
    try:
        yield database
    finally:
        database.close()


def _all_in_one(file: Path) -> None:
    """Raise WrongUse where the log beside a database that is to be moved holds what the file does not."""
    log = file.with_name(f"{file.name}-wal")
    if log.exists() and log.stat().st_size:
        raise WrongUse(
            Text(
                f"另有程序正在使用 {file}，未作恢复；请关闭它后重试。",
                f"Another program is using {file}; nothing was restored. Close it and try again.",
            )
        )


def _gone(file: Path) -> None:
    for end in ("", "-wal", "-shm"):
        file.with_name(f"{file.name}{end}").unlink(missing_ok=True)


def _files_of(folder: Path | None) -> dict[str, bytes]:
    if folder is None or not (folder / REGISTER_FILE).is_file():
        return {}
    found = (path for pattern in FILES for path in folder.rglob(pattern) if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(found)}


def _no_other(folder: Path | None, texts: Mapping[str, bytes]) -> None:
    """Raise WrongUse where a file of the backup would go outside *folder*, or over one that says something else."""
    for name, content in texts.items():
        path = Path(folder or ".") / name
        if (
            Path(name).is_absolute()
            or ".." in Path(name).parts
            or (path.exists() and path.read_bytes() != content)
        ):
            raise AlreadyThere(
                Text(
                    f"{path} 已存在且内容不同，未作改动。请恢复到新的文件夹。",
                    f"{path} is there already and says something else; nothing was changed. Restore into a new folder.",
                )
            )


def _write(folder: Path | None, texts: Mapping[str, bytes]) -> None:
    if texts and folder is not None:
        private_files.make_folder(folder)
    for name, content in texts.items():
        path = Path(folder or ".") / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def _plain(manifest: backups.Manifest, file: Path, seconds: float) -> dict[str, Any]:
    return {
        "file": str(file), "bytes": file.stat().st_size, "made_at": manifest.made_at, "schema": manifest.schema,
        "database": manifest.database, "rows": manifest.rows, "seconds": round(seconds, 2),
        "tables": {part.name: part.rows for part in manifest.tables},
        "files": [part.name for part in manifest.files],
    }  # fmt: skip


def _counts(manifest: backups.Manifest, plain: Mapping[str, Any], lang: Language) -> str:
    tables = {part.name: part.rows for part in manifest.tables}
    return (
        Text(
            "案件{cases}件，事件{events}条，文书{documents}份；共{rows}行、{files}个文件，{mb} MB，用时{s}秒。",
            "Cases: {cases}, events: {events}, documents: {documents}; {rows} rows and {files} files in all, {mb} MB, {s} s.",
        )
        .filled(
            cases=tables["cases"], events=tables["events"], documents=tables["documents"], rows=manifest.rows,
            files=len(manifest.files), mb=f"{plain['bytes'] / 1e6:.1f}", s=plain["seconds"],
        )
        .said(lang)
    )  # fmt: skip
