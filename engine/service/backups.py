"""Backups: everything an office keeps, in one file that either database can be made from again.

Room for: the form of the file, writing it while acts go on, checking it, and a database made from it.
May not enter: SQL (`engine/store/streaming.py`), the folder of an office (`engine/run`).

A backup is a zip archive: ``rows/TABLE.jsonl`` with a JSON list a row, ``files/…`` as they stood in the office's folder, and
last ``manifest.json`` with counts and SHA-256 of each. A content of a document stands raw behind its row. It is not
encrypted: keep it as you keep the database.
"""

from __future__ import annotations

import hashlib
import json
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from engine.errors import AlreadyThere, BrokenBackup, WrongUse
from engine.store import private_files
from engine.store.database import HEAD, Database
from engine.store.streaming import (
    Kind,
    Shape,
    Values,
    emptied_on_failure,
    is_empty,
    read_rows,
    schema_of,
    shapes,
    taken_empty,
    write_rows,
)
from engine.text import Text

FORM = 1
MANIFEST = "manifest.json"
LEVEL = 1
"""Rows are text that says much the same: the quickest compression makes a fifth of it."""

Told = Callable[[str, int], None]
"""Told of a table and how many of its rows are done."""


@dataclass(frozen=True, slots=True)
class Part:
    """A table or a file of a backup. *rows* is None for a file."""

    name: str
    sha256: str
    rows: int | None = None
    columns: tuple[tuple[str, Kind], ...] = ()


@dataclass(frozen=True, slots=True)
class Manifest:
    """What is in a backup, and as of when."""

    schema: str
    made_at: str
    database: str
    tables: tuple[Part, ...]
    files: tuple[Part, ...]

    @property
    def rows(self) -> int:
        """How many rows there are in all."""
        return sum(part.rows or 0 for part in self.tables)

    def plain(self) -> dict[str, Any]:
        """Return it as JSON has it."""
        return {
            "form": FORM, "schema": self.schema, "made_at": self.made_at, "database": self.database,
            "tables": [
                {"name": p.name, "rows": p.rows, "sha256": p.sha256, "columns": [list(c) for c in p.columns]}
                for p in self.tables
            ],
            "files": [{"name": p.name, "sha256": p.sha256} for p in self.files],
        }  # fmt: skip


def back_up(
    database: Database, file: Path, at: datetime, files: Mapping[str, bytes], told: Told | None = None
) -> Manifest:
    """Write everything in *database* as of one commit into *file*, while acts go on; *files* are put beside it.

    The file appears whole or not at all, is on the disk when this returns, and only its owner may read it. Of two who
    make one of the same name the later is told that it is there. Raises StoreAway, and WrongUse where it is there
    already or cannot be written.
    """
    if file.exists():
        raise _there_already(file)
    try:
        with private_files.unfinished(file) as (part, stream):
            with (
                database.reading() as connection,
                zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=LEVEL) as packed,
            ):
                tables = tuple(_pack(packed, shape, read_rows(connection, shape), told) for shape in shapes())
                others = tuple(_pack_file(packed, name, content) for name, content in sorted(files.items()))
                kind = "sqlite" if database.sqlite else "postgresql"
                manifest = Manifest(schema_of(connection) or HEAD, at.isoformat(), kind, tables, others)
                packed.writestr(MANIFEST, json.dumps(manifest.plain(), ensure_ascii=False, indent=1))
            stream.close()
            private_files.place(part, file, over=False)
    except FileExistsError:
        raise _there_already(file) from None
    except OSError as error:
        raise WrongUse(
            Text(f"无法写入 {file}（{error.strerror}）。", f"Cannot write {file} ({error.strerror}).")
        ) from None
    return manifest


def _there_already(file: Path) -> AlreadyThere:
    return AlreadyThere(
        Text(
            f"{file} 已存在，未作改动。请另取文件名。",
            f"{file} is there already; nothing was changed. Choose another name.",
        )
    )


def check(file: Path, told: Told | None = None) -> Manifest:
    """Read a backup through and return what is in it. Raises BrokenBackup where anything differs from what it says."""
    with _opened(file) as (packed, manifest):
        for part in manifest.tables:
            for _ in _rows(packed, part, told):
                pass
        for part in manifest.files:
            _file(packed, part)
    return manifest


def restore(file: Path, database: Database, told: Told | None = None) -> Manifest:
    """Make an empty database anew from a backup, of this edition or an earlier one.

    Raises AlreadyThere where it is not empty, BrokenBackup; then nothing is left in it.
    """
    if not is_empty(database):
        raise _not_empty()
    with _opened(file) as (packed, manifest), emptied_on_failure(database) as filling:
        database.migrate(manifest.schema)
        with database.writing() as connection:
            if not taken_empty(connection):
                raise _not_empty()
            for part in manifest.tables:
                write_rows(connection, Shape(part.name, part.columns), _rows(packed, part, told))
        filling.ours = True
        if manifest.schema != HEAD:
            database.migrate()
    return manifest


def _not_empty() -> AlreadyThere:
    return AlreadyThere(
        Text(
            "目标数据库不是空的，未作改动。请恢复到新的文件夹或空的数据库。",
            "The database to restore into is not empty; nothing was changed. Restore into a new folder or an empty database.",
        )
    )


def files_in(file: Path) -> dict[str, bytes]:
    """Return the office's files in a backup, by name. Raises BrokenBackup."""
    with _opened(file) as (packed, manifest):
        return {part.name: _file(packed, part) for part in manifest.files}


def _pack(packed: zipfile.ZipFile, shape: Shape, rows: Iterator[Values], told: Told | None) -> Part:
    contents = [n for n, (_, kind) in enumerate(shape.columns) if kind == "content"]
    digest, done = hashlib.sha256(), 0
    # What is in documents is packed already, mostly; to press it again costs time alone.
    name = f"rows/{shape.table}.jsonl"
    entry = zipfile.ZipInfo(name) if contents else name
    with packed.open(entry, "w", force_zip64=True) as out:
        for row in rows:
            for piece in _written(row, contents):
                digest.update(piece)
                out.write(piece)
            done += 1
            if told and not done % 10_000:
                told(shape.table, done)
    if told and done:
        told(shape.table, done)
    return Part(shape.table, digest.hexdigest(), done, shape.columns)


def _written(row: Values, contents: Sequence[int]) -> Iterator[bytes]:
    if not contents:
        yield _line(row)
        return
    raw = [bytes(value) for place in contents if isinstance(value := row[place], bytes | memoryview)]
    sizes = [len(value) if isinstance(value, bytes | memoryview) else value for value in row]
    yield _line(sizes)
    yield from raw


def _line(row: Sequence[object]) -> bytes:
    return json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def _pack_file(packed: zipfile.ZipFile, name: str, content: bytes) -> Part:
    packed.writestr(f"files/{name}", content)
    return Part(name, hashlib.sha256(content).hexdigest())


def _rows(packed: zipfile.ZipFile, part: Part, told: Told | None) -> Iterator[Values]:
    contents = [n for n, (_, kind) in enumerate(part.columns) if kind == "content"]
    digest, done = hashlib.sha256(), 0
    with packed.open(f"rows/{part.name}.jsonl") as source:
        for line in source:
            digest.update(line)
            row = json.loads(line)
            if len(row) != len(part.columns):
                raise _broken(part.name)
            for place in contents:
                if row[place] is not None:
                    row[place] = _taken(source, row[place], part.name)
                    digest.update(row[place])
            done += 1
            if told and not done % 10_000:
                told(part.name, done)
            yield tuple(row)
    if digest.hexdigest() != part.sha256 or done != part.rows:
        raise _broken(part.name)
    if told and done:
        told(part.name, done)


def _taken(source: IO[bytes], size: int, name: str) -> bytes:
    taken = source.read(size)
    if len(taken) != size:
        raise _broken(name)
    return taken


def _file(packed: zipfile.ZipFile, part: Part) -> bytes:
    content = packed.read(f"files/{part.name}")
    if hashlib.sha256(content).hexdigest() != part.sha256:
        raise _broken(part.name)
    return content


@contextmanager
def _opened(file: Path) -> Iterator[tuple[zipfile.ZipFile, Manifest]]:
    if not file.is_file():
        raise WrongUse(Text(f"没有备份文件 {file}。", f"There is no backup {file}."))
    try:
        with zipfile.ZipFile(file) as packed:
            yield packed, _manifest(json.loads(packed.read(MANIFEST)))
    except (
        zipfile.BadZipFile,
        zlib.error,
        KeyError,
        ValueError,
        TypeError,
        EOFError,
        OSError,
        RuntimeError,
    ) as error:
        raise _broken(file.name) from error


def _manifest(plain: Mapping[str, Any]) -> Manifest:
    if plain["form"] != FORM or plain["schema"] > HEAD:
        raise BrokenBackup(
            Text(
                "这份备份由更新版本的程序所作，本版本不能读取。",
                "This backup was made by a newer edition of the program; this one cannot read it.",
            )
        )
    return Manifest(
        plain["schema"], plain["made_at"], plain["database"],
        tuple(
            Part(p["name"], p["sha256"], p["rows"], tuple((name, kind) for name, kind in p["columns"]))
            for p in plain["tables"]
        ),
        tuple(Part(p["name"], p["sha256"]) for p in plain["files"]),
    )  # fmt: skip


def _broken(what: str) -> BrokenBackup:
    return BrokenBackup(
        Text(
            f"备份不完整或已被改动（{what}）。未作恢复。",
            f"The backup is cut off or was changed ({what}). Nothing was restored.",
        )
    )
