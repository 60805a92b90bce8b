"""Trial 23: nodes of the version before work on while the schema is brought up, and beside the new ones after it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest

from engine.api import Engine
from engine.service.mending import Mending
from engine.store.database import HEAD, Database
from tests.builders import INSTITUTION, Clock
from tests.conftest import FreshDatabase
from tests.trials.figures import tell
from tests.trials.waiting import pause

pytestmark = pytest.mark.trial

ROOT = Path(__file__).parents[2]
BEFORE = "c0a4f2b"
"""The last commit of the version before, whose schema is 0003."""

CASES = 12
AT = "2026-03-09 10:00"

NODE = r"""
import json, os, sys, time
from datetime import date
from engine.errors import StoreAway
from engine.service.engine import Engine
from engine.service.pages import Done
from engine.store.database import Database
from tests.builders import INSTITUTION, Clock
from tests.cast import FANG, HE

url, at, cases, stop, name = sys.argv[1], sys.argv[2], sys.argv[3].split(","), sys.argv[4], sys.argv[5]
engine = Engine(Database(url), INSTITUTION, Clock(at))
told, errors, n = [], [], 0
print("ready", flush=True)
while not os.path.exists(stop):
    n += 1
    key, case = f"{name} {n}", cases[n % len(cases)]
    try:
        answer = engine.act(case, "set_target", FANG if n % 2 else HE, facts={"target_days": str(20 + n % 9), "reason": key}, key=key)
        told.append(key) if isinstance(answer, Done) else errors.append(str(answer))
        if n % 5 == 0:
            engine.strip(FANG)
            engine.case_page(case)
            engine.sweep()
    except StoreAway as error:
        # On SQLite whoever waits for the file's lock longest may be told so; they try again, and nothing was written.
        if not url.startswith("sqlite"):
            errors.append(str(error))
    except Exception as error:
        errors.append(f"{type(error).__name__}: {error}")
    time.sleep(0.01)
print(json.dumps({"told": told, "errors": errors}), flush=True)
"""

FOUND = r"""
import sys
from engine.service.engine import Engine
from engine.store.database import Database
from tests.builders import INSTITUTION, Clock
from tests.office import OfficeStory, found
database = Database(sys.argv[1])
found(database)
clock = Clock("2026-03-02")
engine = Engine(database, INSTITUTION, clock)
print(",".join(OfficeStory(engine, clock).given("accepted", n).number for n in range(1, int(sys.argv[2]) + 1)))
"""


@pytest.fixture(scope="module")
def old(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The version before, as it was checked in."""
    packed = subprocess.run(["git", "-C", str(ROOT), "archive", BEFORE], capture_output=True, check=False)
    if packed.returncode:
        pytest.skip(f"the commit {BEFORE} is not in this checkout")
    folder = tmp_path_factory.mktemp("before")
    with tarfile.open(fileobj=BytesIO(packed.stdout)) as archive:
        archive.extractall(folder, filter="data")
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


def started(code: Path, script: str, *words: str) -> subprocess.Popen[str]:
    env = {**os.environ, "PYTHONPATH": str(code)}
    return subprocess.Popen(
        [sys.executable, "-c", script, *words], cwd=code, env=env, stdout=subprocess.PIPE, encoding="utf-8"
    )


def ready(node: subprocess.Popen[str]) -> None:
    assert node.stdout
    assert node.stdout.readline().strip() == "ready"


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'office.db'}"
    fresh: FreshDatabase = request.getfixturevalue("fresh_postgresql_url")
    return fresh()


def test_the_version_before_works_on_beside_the_new_one(old: Path, url: str, tmp_path: Path) -> None:
    founding = started(old, FOUND, url, str(CASES))
    cases = founding.communicate(timeout=120)[0].strip().splitlines()[-1]
    assert founding.returncode == 0
    stop_old, stop_new = tmp_path / "stop-old", tmp_path / "stop-new"
    before = [started(old, NODE, url, AT, cases, str(stop_old), f"old{n}") for n in (1, 2)]
    for node in before:
        ready(node)
    pause(2)
    database = Database(url)
    assert database.schema() == "0003"
    database.migrate()
    assert database.schema() == HEAD
    after = [started(ROOT, NODE, url, AT, cases, str(stop_new), f"new{n}") for n in (1, 2)]
    for node in after:
        ready(node)
    pause(6)
    stop_old.touch()
    results = [json.loads(node.communicate(timeout=60)[0]) for node in before]
    pause(1)
    stop_new.touch()
    results += [json.loads(node.communicate(timeout=60)[0]) for node in after]
    errors = [error for result in results for error in result["errors"]]
    told = [key for result in results for key in result["told"]]

    engine = Engine(database, INSTITUTION, Clock(AT))
    mending = Mending(engine.office)
    for _ in mending.pages():
        engine.sweep()
    recorded = [
        str(event.facts["reason"])
        for case in cases.split(",")
        for event in engine.history(case)
        if event.move == "set_target"
    ]
    found = [*engine.doctor().findings, *engine.verify().findings]
    tell(
        "23", f"{len(told)} acts of two old and two new nodes across the upgrade, {len(errors)} errors, {mending.mended} rows mended, "
        f"{len(found)} findings ({'SQLite' if database.sqlite else 'PostgreSQL'})", "0 errors, 0 findings",
    )  # fmt: skip
    assert errors == []
    assert sorted(recorded) == sorted(told)
    assert {key.split()[0] for key in told} == {"old1", "old2", "new1", "new2"}
    assert [str(one) for one in found] == []
    database.close()
