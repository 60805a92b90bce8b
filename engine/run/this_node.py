"""This node: under which name the sweeps of this process are seen.

Room for: the name and the manner of sweeping of a process.
May not enter: sweeping itself (`engine/service`), what else a node does (`nodes.py`).
"""

from __future__ import annotations

import os
import socket
from importlib.metadata import version

from engine.service.batches import Manner

NAME_MOST = 100


def ticking() -> Manner:
    """Return how a process that sweeps again and again does it: under the machine's name and its own number."""
    return Manner(node=f"{_machine()}:{os.getpid()}", edition=_edition(), overlap=True)


def by_hand() -> Manner:
    """Return how one sweep by hand, or by the machine's own clock, is done: all of a machine are seen as one."""
    return Manner(node=f"{_machine()}:sweep", edition=_edition(), overlap=True)


def _machine() -> str:
    return socket.gethostname()[:NAME_MOST]


def _edition() -> str:
    return version("anxu")[:20]
