"""Once: what takes seconds to make and is only ever copied, made once for all processes of a test run."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable
from pathlib import Path

import pytest


def made_once(temporary: pytest.TempPathFactory, name: str, make: Callable[[Path], None]) -> Path:
    """Return the folder that *make* filled: whichever process of this run comes first makes it, the others wait for it.

    It stays as it was made: who needs it changed takes a copy. What a failing *make* leaves behind is given to nobody.
    """
    root = temporary.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        # Each process of a run has a folder of its own inside that of the run.
        root = root.parent
    folder = root / f"once-{name}"
    with (root / f"once-{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            begun = temporary.mktemp(f"begun-{name}")
            make(begun)
            begun.rename(folder)
    return folder
