"""Verbs on the whole office: serve, tick, sweep, doctor, verify.

Room for: flags to one call of the engine or one long-running process.
May not enter: how rungs fire (`engine/service`), how the tick is kept (`scheduler.py`).
"""

from __future__ import annotations

import os

import click

from engine.errors import WrongUse
from engine.run.answers_json import findings_json, swept_json
from engine.run.flags import NUMBER, Verb, with_shell
from engine.run.settings import INTERVAL_MOST
from engine.run.shell import BROKEN, DONE, NO, Shell
from engine.run.speaking import findings_text, swept_text
from engine.service.pages import Findings
from engine.text import Text

SECRET = "ANXU_SECRET_KEY"

_EVERY = click.option(
    "--every", type=click.IntRange(1, INTERVAL_MOST), default=INTERVAL_MOST, metavar="SECONDS",
    help=f"检查间隔，至多{INTERVAL_MOST}秒 · seconds between sweeps",
)  # fmt: skip


@click.command("serve", cls=Verb)
@click.option("--host", default="127.0.0.1", show_default=True, help="监听地址 · address to listen on")
@click.option("--port", type=click.IntRange(0, 65535), default=8765, show_default=True, help="端口 · port")
@click.option("--https", is_flag=True, help="前面有 HTTPS 代理 · behind an HTTPS proxy: secure cookies")
@_EVERY
@with_shell
def serve_verb(shell: Shell, host: str, port: int, https: bool, every: int) -> int:
    """运行办案台和定时检查。 · Run the console, with the scheduler beside it.

    设 ANXU_SECRET_KEY 则重启后不必重新登录，多节点须相同 · with ANXU_SECRET_KEY set, sign-ins outlive a restart;
    every node needs the same one.
    """
    # Scheduler and server take long to load, and most calls need neither.
    from engine.run.scheduler import Ringer
    from engine.run.serving import address_of, console, run_until_stopped, serve

    engine = shell.engine(running=True)
    engine.office.database.migrate()
    server = serve(console(engine, secret_key=os.environ.get(SECRET), https=https), host, port)
    shell.note(
        Text("办案台：{url}（Ctrl-C 停止）", "console: {url} (Ctrl-C stops it)").filled(
            url=address_of(server, host)
        )
    )
    with Ringer(engine.sweep, every):
        run_until_stopped(server)
    shell.note(Text("已停止。", "Stopped."))
    return DONE


@click.command("tick", cls=Verb)
@_EVERY
@with_shell
def tick_verb(shell: Shell, every: int) -> int:
    """只运行定时检查。 · Run the scheduler alone."""
    from engine.run.scheduler import Ringer
    from engine.run.serving import wait_until_stopped

    engine = shell.engine(running=True)
    engine.office.database.migrate()
    with Ringer(engine.sweep, every):
        shell.note(Text("定时检查运行中（Ctrl-C 停止）", "ticking (Ctrl-C stops it)"))
        wait_until_stopped()
    shell.note(Text("已停止。", "Stopped."))
    return DONE


@click.command("sweep", cls=Verb)
@with_shell
def sweep_verb(shell: Shell) -> int:
    """检查一次，发出到期的提醒。 · Fire once whatever is due."""
    swept = shell.engine().sweep()
    shell.answer(swept_json(swept), lambda: swept_text(swept, shell.lang))
    return BROKEN if swept.failed else DONE


@click.command("doctor", cls=Verb)
@click.option(
    "--close", type=NUMBER, metavar="N", help="关闭第 N 号异常 · close incident N, once looked into"
)
@click.option("--as", "by", metavar="PERSON", help="关闭人代号 · who closes it")
@click.option("--reason", metavar="TEXT", help="关闭理由 · why it is closed")
@with_shell
def doctor_verb(shell: Shell, close: int | None, by: str | None, reason: str | None) -> int:
    """检查在办数据有无失守之处。 · Look for broken promises in live data."""
    if close is not None:
        if by is None or reason is None:
            raise WrongUse(
                Text(
                    "关闭异常须用 --as 指明何人、--reason 写明理由。",
                    "Say by --as who closes the incident and by --reason why.",
                )
            )
        if refusal := shell.engine().close_incident(close, by, reason):
            return shell.refuse(refusal)
        shell.note(Text("第{n}号异常已关闭。", "Incident {n} is closed.").filled(n=close))
    return _found(shell, shell.engine().doctor())


@click.command("verify", cls=Verb)
@with_shell
def verify_verb(shell: Shell) -> int:
    """核验每案记录链未被改动。 · Check the chain of events of every case."""
    return _found(shell, shell.engine().verify())


def _found(shell: Shell, findings: Findings) -> int:
    shell.answer(findings_json(findings, shell.lang), lambda: findings_text(findings, shell.lang))
    return NO if findings.findings else DONE
