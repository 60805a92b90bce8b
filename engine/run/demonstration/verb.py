"""Verb demo: a demonstration office, built and opened in the console.

Room for: the flags of `demo`, who can sign in, a free port of loopback.
May not enter: how the office is made (`building.py`), how it is served (`engine/run/nodes.py`).
"""

from __future__ import annotations

import socket
import time
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from engine.run.assembly import machine_time, register_in
from engine.run.demonstration.building import build, is_demonstration
from engine.run.demonstration.cast import PASSWORD
from engine.run.flags import Verb, with_shell
from engine.run.founding import starter_files
from engine.run.layout import table
from engine.run.nodes import Node, Place
from engine.run.settings import INTERVAL_MOST, REGISTER_FILE, Settings, read_instant
from engine.run.shell import DONE, Shell
from engine.service.engine import Engine
from engine.text import Text

LOOPBACK = "127.0.0.1"
PORT = 8765
THREADS = 8


@click.command("demo", cls=Verb)
@click.option(
    "--folder", type=click.Path(file_okay=False, path_type=Path), default=Path(".demo"), show_default=True,
    help="演示机构所在文件夹，每次重建 · its folder, made anew each time",
)  # fmt: skip
@click.option(
    "--port", type=click.IntRange(0, 65535), metavar="PORT",
    help=f"端口，默认{PORT}，被占用则另选 · port, {PORT} or any free one",
)  # fmt: skip
@click.option("--seed", type=int, default=1, show_default=True, help="随机种子 · seed of its chance")
@click.option("--keep", is_flag=True, help="已有则保留 · keep the one that is there")
@click.option("--no-serve", is_flag=True, help="只建立，不打开办案台 · only make it, open no console")
@with_shell
def demo_verb(shell: Shell, folder: Path, port: int | None, seed: int, keep: bool, no_serve: bool) -> int:
    """建立演示机构并打开办案台。 · Make a demonstration office and open the console."""
    # A demonstration never touches the database or the office that the flags or the environment name.
    shell.settings = replace(shell.settings, office=folder, db=None)
    if not (keep and is_demonstration(folder)):
        _build(shell, shell.settings, folder, seed)
    if no_serve:
        engine = shell.engine()
        shell.answer(_plain(engine, folder, None), lambda: _said(engine, folder, None))
        return DONE
    node = Node.of(shell, THREADS)
    address = node.serve(Place(LOOPBACK, _free(port)))
    shell.answer(_plain(node.engine, folder, address), lambda: _said(node.engine, folder, address))
    node.run(INTERVAL_MOST)
    shell.note(Text("已停止。", "Stopped."))
    return DONE


def _build(shell: Shell, settings: Settings, folder: Path, seed: int) -> None:
    shell.note(
        Text(
            "正在建立演示机构：从收件到归档逐日办理约八十件案件，约需二十秒……",
            "Making the demonstration office: some eighty cases are lived through day by day, about twenty seconds …",
        )
    )
    began = time.monotonic()
    built = build(folder, _present(settings), seed)
    took = round(time.monotonic() - began, 1)
    acts = sum(len(plan.acts) for plan in built.plans)
    shell.note(
        Text(
            f"已建立：{len(built.plans)}件案件，{acts}次办理，用时{took}秒。",
            f"Made: {len(built.plans)} cases, {acts} acts, in {took} seconds.",
        )
    )


def _present(settings: Settings) -> datetime:
    if settings.at is None:
        return machine_time()
    return read_instant(settings.at, register_in(starter_files() / REGISTER_FILE).zone)


def _free(port: int | None) -> int:
    """Return *port*; where none was chosen, ours, and where that is taken 0, which is any free one."""
    if port is not None:
        return port
    return PORT if _is_free(PORT) else 0


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
    return True


def _plain(engine: Engine, folder: Path, address: str | None) -> dict[str, Any]:
    return {
        "folder": str(folder),
        "address": address,
        "password": PASSWORD,
        "people": {role: [id for id, _ in people] for role, _, people in _by_role(engine)},
    }


def _said(engine: Engine, folder: Path, address: str | None) -> str:
    """Return where the office is and who can sign in, in Chinese and in English whatever was asked for."""
    rows = [
        [title.zh, title.en, "  ".join(f"{id} {name}" for id, name in people)]
        for _, title, people in _by_role(engine)
    ]
    opened = (
        f"办案台 console  {address}  （Ctrl-C 停止 stops it）"
        if address
        else f"已建立，未打开办案台 · made, no console opened: anxu --office {folder} serve"
    )
    parts = [
        f"演示机构 demonstration office  {folder}  （再次运行则重建，--keep 保留 made anew each time, kept with --keep）",
        opened,
        f"密码 password  {PASSWORD}  （所有人相同 the same for everybody）",
        "账号 sign-in names:",
        table(rows, "  "),
        *_away(engine),
    ]
    return "\n".join(parts)


def _by_role(engine: Engine) -> list[tuple[str, Text, list[tuple[str, str]]]]:
    rules, today = engine.rules(), engine.today()
    people = rules.people
    found = []
    for role, title in rules.roles.items():
        holders = dict.fromkeys(
            id for place in rules.register.offices for id in people.holders(role, place, today)
        )
        if holders:
            found.append((role, title, [(id, people.name(id)) for id in holders]))
    return found


def _away(engine: Engine) -> list[str]:
    people, today = engine.people(), engine.today()
    lines = []
    for absence in people.absences:
        if absence.covers(today) and absence.substitute:
            who, other = people.name(absence.person), people.name(absence.substitute)
            lines.append(
                f"{who} 今日休假至{absence.until}，由 {other} 代办 · "
                f"{absence.person} is away until {absence.until}, {absence.substitute} stands in"
            )
    return lines
