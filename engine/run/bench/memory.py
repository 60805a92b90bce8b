"""Benchmark "memory": what a process of the console takes while it serves its pages over very many cases.

Room for: a process of its own that serves them, and what the machine says it holds.
May not enter: the pages (`web`), what the office holds (`patterns.py`).
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterable

from engine.run.bench.docket import home, province
from engine.run.bench.frame import Benchmark, Order, Pair
from engine.text import Text

FULL = 1_000_000
ROUNDS = 3
MOST_MIB = 150.0

BARE = "from flask import Flask; import sqlite3, sqlalchemy; Flask('bare').test_client().get('/')"

OURS = """
from datetime import datetime
from engine.service.engine import Engine
from engine.store.database import Database
from web.application import create_app
at = datetime.fromisoformat({at!r})
engine = Engine(Database({url!r}), {institution!r}, lambda: at)
app = create_app(engine, secret_key="benchmark")
for person in ("wu", "he", "du", "lin"):
    console = app.test_client()
    with console.session_transaction() as session:
        session["_user_id"], session["password"] = person, engine.sign_in_mark(person)
    pages = ["/", "/cases", "/cases?show=all", "/cases?show=mine", "/overdue", "/ledger", "/inbox"]
    pages += ["/cases/" + line.id for line in engine.cases().cases[:3]]
    for page in pages:
        answer = console.get(page)
        assert answer.status_code in (200, 303, 404), (page, answer.status_code)
"""

# What getrusage says begins with what the parent held before this program was started; the kernel's own line does not.
PEAK = """
import pathlib, resource
status = pathlib.Path("/proc/self/status")
peak = [line.split()[1] for line in status.read_text().splitlines() if line.startswith("VmHWM")] if status.exists() else []
print(int(peak[0]) / 1024 if peak else resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / {unit})
"""


def _pairs(order: Order) -> Iterable[Pair]:
    docket = province(home(), FULL if order.full else order.cases, order.told)
    ours = OURS.format(at=docket.at.isoformat(), url=docket.url, institution=docket.institution)
    for _ in range(ROUNDS):
        yield Pair(_peak(ours), _peak(BARE))


def _peak(script: str) -> float:
    """Run *script* in a fresh process; return the most it held, in MiB."""
    unit = 1024 * 1024 if sys.platform == "darwin" else 1024
    done = subprocess.run(
        [sys.executable, "-c", script + PEAK.format(unit=unit)], capture_output=True, text=True, check=True
    )
    return float(done.stdout.split()[-1])


MEMORY = Benchmark(
    name="memory",
    title=Text("一个进程服务办案台各页的内存", "memory of one process that serves the console's pages"),
    limit=Text("只载入 Flask 与 SQLAlchemy 的进程", "a process with nothing but Flask and SQLAlchemy"),
    most=0,
    unit="MiB",
    pairs=_pairs,
    within=MOST_MIB,
)
