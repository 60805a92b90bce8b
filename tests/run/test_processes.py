"""The command as it is installed: real processes, real signals, real standard streams."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import urllib.request
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from engine.run.demonstration import early_stories as early
from engine.run.demonstration.building import build
from tests.run.terminal import Terminal

ANXU = Path(sys.executable).with_name("anxu")
PATIENCE = 60


def environment(office: Terminal, **more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ANXU_")}
    return kept | {"ANXU_OFFICE": str(office.folder), "ANXU_NOW": office.now or ""} | more


def run(office: Terminal, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [ANXU, *words], env=environment(office, **more), capture_output=True, encoding="utf-8", timeout=PATIENCE, check=False
    )  # fmt: skip


def started(verb: str, *words: str, env: dict[str, str]) -> subprocess.Popen[str]:
    """A process that hears Ctrl-C even where whoever runs the tests was told not to."""
    return subprocess.Popen(
        [ANXU, verb, *words], env=env, stderr=subprocess.PIPE, encoding="utf-8",
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )  # fmt: skip


def stopped(process: subprocess.Popen[str], number: signal.Signals) -> int:
    """Tell *process* to stop and return how it did; one that does not is killed."""
    process.send_signal(number)
    try:
        return process.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()
        raise


def test_json_is_alone_on_standard_output(office: Terminal) -> None:
    office.accepted()

    swept = run(office, "sweep", "--json", "--at", "2026-04-17T08:00")
    unknown = run(office, "--json", "show", "x")

    assert (swept.returncode, swept.stderr) == (0, "")
    assert json.loads(swept.stdout)["fired"] > 0
    assert (unknown.returncode, json.loads(unknown.stdout)["error"]["code"]) == (1, "unknown_case")


def test_a_terminal_that_knows_no_chinese_still_gets_whole_json(office: Terminal) -> None:
    number = office.opened()

    shown = run(office, "show", number, "--json", PYTHONIOENCODING="ascii")

    assert shown.returncode == 0
    assert json.loads(shown.stdout)["number"] == number
    assert run(office, "show", number, PYTHONIOENCODING="ascii").returncode == 0


def test_the_folder_one_stands_in_is_the_office(office: Terminal) -> None:
    listed = subprocess.run(
        [ANXU, "list", "--json"], cwd=office.folder, env=environment(office, ANXU_OFFICE=""), capture_output=True, timeout=PATIENCE, check=True
    )  # fmt: skip

    assert json.loads(listed.stdout) == {"cases": [], "next": None}


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=["SIGTERM", "SIGINT"])
def test_serve_answers_sweeps_and_stops_when_told(office: Terminal, number: signal.Signals) -> None:
    case = office.accepted()
    env = environment(office, ANXU_NOW="2026-04-17T08:00", ANXU_LANG="en", NO_PROXY="*")
    with started("serve", "--port", "0", env=env) as served:
        assert served.stderr
        address = re.search(r"http://\S+/", served.stderr.readline())
        assert address
        with urllib.request.urlopen(f"{address[0]}health", timeout=PATIENCE) as answer:
            assert answer.status == 200
        assert "swept" in served.stderr.readline()
        assert stopped(served, number) == 0
    assert any(event["kind"] == "rung_fired" for event in office.ask("show", case)["events"])


def test_the_demonstration_is_a_console_that_answers_until_it_is_told_to_stop(tmp_path: Path) -> None:
    now = datetime(2026, 6, 18, 10, tzinfo=ZoneInfo("Asia/Shanghai"))
    folder = build(tmp_path / "demo", now, 1, docket=((early.just_filed, 1),), passwords=False).folder
    env = {name: value for name, value in os.environ.items() if not name.startswith("ANXU_")}
    words = ("--json", "--folder", str(folder), "--keep", "--port", "0")
    with subprocess.Popen(
        [ANXU, "demo", *words], env=env | {"NO_PROXY": "*"}, stdout=subprocess.PIPE, encoding="utf-8"
    ) as shown:
        assert shown.stdout
        said = ""
        while not (address := re.search(r"http://[^\s\"]+/", said)):
            line = shown.stdout.readline()
            assert line, said
            said += line
        with urllib.request.urlopen(address[0], timeout=PATIENCE) as page:
            assert "案序" in page.read().decode()
        with urllib.request.urlopen(f"{address[0]}readyz", timeout=PATIENCE) as answer:
            assert answer.read() == b"ready\n"
        assert stopped(shown, signal.SIGTERM) == 0


def test_tick_sweeps_and_stops_when_told(office: Terminal) -> None:
    case = office.accepted()
    env = environment(office, ANXU_NOW="2026-04-17T08:00", ANXU_LANG="en")
    with started("tick", env=env) as ticking:
        assert ticking.stderr
        lines = [ticking.stderr.readline(), ticking.stderr.readline()]
        assert stopped(ticking, signal.SIGTERM) == 0
    assert any("swept" in line for line in lines)
    assert any(event["kind"] == "rung_fired" for event in office.ask("show", case)["events"])


def test_a_port_that_is_taken_is_2_in_one_sentence(office: Terminal) -> None:
    with socket.create_server(("127.0.0.1", 0)) as first:
        port = str(first.getsockname()[1])
        second = run(office, "serve", "--port", port)

    assert second.returncode == 2
    assert port in second.stderr
    assert "Traceback" not in second.stderr
