"""This node: under which name the sweeps of this process are seen.

Room for: the name and the manner of sweeping of a process.
May not enter: sweeping itself (`engine/service`), what else a node does (`nodes.py`).
"""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from importlib.metadata import version

from engine.service.batches import Manner

NAME_MOST = 100


def ticking(told_to_stop: Callable[[], bool]) -> Manner:
    """Return how a process that sweeps again and again does it: under the machine's name and its own number.

    What takes long ends at its next commit once it is *told_to_stop*.
    """
    return Manner(
        node=f"{_machine()}:{os.getpid()}", edition=_edition(), overlap=True, told_to_stop=told_to_stop
    )


def by_hand() -> Manner:
    """Return how one sweep by hand, or by the machine's own clock, is done: all of a machine are seen as one."""
    return Manner(node=f"{_machine()}:sweep", edition=_edition(), overlap=True)


def _machine() -> str:
    return socket.gethostname()[:NAME_MOST]


def _edition() -> str:
    return version("anxu")[:20]
