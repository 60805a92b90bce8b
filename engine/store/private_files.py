"""Private files: what holds an office's records is written for its owner alone, whole or not at all, and onto the disk.

Room for: making, placing and syncing such files and folders, whatever is in them.
May not enter: what is in them, where they stand.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

FILE = 0o600
"""Only its owner reads it. Windows keeps to the rights of the folder instead."""

FOLDER = 0o700

UNFINISHED = ".unfinished"


def make_folder(folder: Path) -> None:
    """Make *folder*, with those above it, for its owner alone; one that is there stays as it is. Raises OSError."""
    folder.mkdir(mode=FOLDER, parents=True, exist_ok=True)


def make(file: Path) -> None:
    """Make an empty *file* for its owner alone; one that is there stays as it is, and is not even opened. Raises OSError."""
    with suppress(FileExistsError):
        os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_RDWR, FILE))


@contextmanager
def unfinished(file: Path) -> Iterator[tuple[Path, IO[bytes]]]:
    """Give a part beside *file* that nobody else writes, and its stream; what of it was not placed is gone on leaving.

    Each has a name of its own, so two who make the same file do not write into one part. Raises OSError.
    """
    part = file.with_name(f"{file.name}.{secrets.token_hex(4)}{UNFINISHED}")
    handle = os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY | getattr(os, "O_BINARY", 0), FILE)
    try:
        with os.fdopen(handle, "wb") as stream:
            yield part, stream
    finally:
        part.unlink(missing_ok=True)


def place(part: Path, file: Path, *, over: bool = True) -> None:
    """Let *part* be *file*, both on the disk when this returns.

    Not *over*: raises FileExistsError where somebody else has made *file* meanwhile. Raises OSError.
    """
    sync(part)
    if over:
        part.replace(file)
    else:
        _place_new(part, file)
    sync_folder(file.parent)


def write(file: Path, content: bytes) -> None:
    """Write *file* for its owner alone, whole or not at all; it is on the disk when this returns. Raises OSError."""
    if file.exists() and not file.is_file():
        # A pipe or a terminal is written to, never replaced.
        file.write_bytes(content)
        return
    file = file.resolve()
    with unfinished(file) as (part, stream):
        stream.write(content)
        stream.close()
        place(part, file)


def sync(file: Path) -> None:
    """Wait until what was written into *file* is on the disk. Raises OSError."""
    with file.open("rb+") as stream:
        os.fsync(stream.fileno())


def sync_folder(folder: Path) -> None:
    """Wait until the names in *folder* are on the disk; Windows does that by itself. Raises OSError."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _place_new(part: Path, file: Path) -> None:
    try:
        os.link(part, file)
    except FileExistsError:
        raise
    except OSError:
        # A file system without links: the look and the move are two steps there.
        if file.exists():
            raise FileExistsError(file) from None
        part.replace(file)
