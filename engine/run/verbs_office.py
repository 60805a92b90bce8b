"""Verbs on the whole office: serve, tick, sweep, doctor.

Room for: flags to one call of the engine or one long-running process.
May not enter: how rungs fire (`engine/service`), how the tick is kept (`scheduler.py`).
"""

from __future__ import annotations

import os
from dataclasses import replace

import click

from engine.errors import WrongUse
from engine.model.answers import Refusal
from engine.run.answers_json import swept_json
from engine.run.channels.silent import silent_channels
from engine.run.delivering import Deliverer
from engine.run.delivery_answers import delivered_json, delivered_text
from engine.run.flags import NUMBER, Verb, with_shell
from engine.run.progress import CaseProgress
from engine.run.settings import INTERVAL_MOST
from engine.run.shell import BROKEN, DONE, Shell
from engine.run.speaking import swept_text
from engine.run.this_node import by_hand
from engine.run.verbs_seals import found
from engine.text import Text

SECRET = "ANXU_SECRET_KEY"
TOKEN = "ANXU_METRICS_TOKEN"

_EVERY = click.option(
    "--every", type=click.IntRange(1, INTERVAL_MOST), default=INTERVAL_MOST, metavar="SECONDS",
    help=f"检查间隔，至多{INTERVAL_MOST}秒 · seconds between sweeps",
)  # fmt: skip


_METRICS = click.option(
    "--metrics", type=click.IntRange(0, 65535), metavar="PORT",
    help="另开一个仅限本机的端口供监控 · a port for monitoring, for this machine alone",
)  # fmt: skip


@click.command("serve", cls=Verb)
@click.option("--host", default="127.0.0.1", show_default=True, help="监听地址 · address to listen on")
@click.option("--port", type=click.IntRange(0, 65535), default=8765, show_default=True, help="端口 · port")
@click.option("--https", is_flag=True, help="前面有 HTTPS 代理 · behind an HTTPS proxy: secure cookies")
@click.option(
    "--proxy", metavar="ADDRESS", help="采信此地址转来的客户端信息 · believe what this proxy says of clients"
)
@click.option(
    "--threads",
    type=click.IntRange(1, 64),
    default=8,
    show_default=True,
    help="同时处理的请求数 · requests at once",
)
@click.option(
    "--grace",
    type=click.IntRange(0, 300),
    default=0,
    show_default=True,
    metavar="SECONDS",
    help="停止前继续接待的秒数 · seconds to go on taking requests after /readyz says no",
)
@_METRICS
@_EVERY
@with_shell
def serve_verb(
    shell: Shell, host: str, port: int, https: bool, proxy: str | None, threads: int, grace: int,
    metrics: int | None, every: int,
) -> int:  # fmt: skip
    """运行办案台和定时检查。 · Run the console, with the scheduler beside it.

    设 ANXU_SECRET_KEY 则重启后不必重新登录，多节点须相同 · with ANXU_SECRET_KEY set, sign-ins outlive a restart;
    every node needs the same one. /healthz 与 /readyz 供探活 · for probes; /metrics 供监控，凭 ANXU_METRICS_TOKEN 或限本机 ·
    for Prometheus, by token or from this machine.
    """
    # Scheduler and server take long to load, and most calls need neither.
    from engine.run.nodes import Node, Place

    node = Node.of(shell, threads)
    place = Place(host, port, https, proxy, os.environ.get(SECRET), os.environ.get(TOKEN))
    address = node.serve(place)
    if metrics is not None:
        node.monitor(metrics)
    shell.note(Text("办案台：{url}（Ctrl-C 停止）", "console: {url} (Ctrl-C stops it)").filled(url=address))
    node.run(every, grace)
    shell.note(Text("已停止。", "Stopped."))
    return DONE


@click.command("tick", cls=Verb)
@_METRICS
@_EVERY
@with_shell
def tick_verb(shell: Shell, metrics: int | None, every: int) -> int:
    """只运行定时检查。 · Run the scheduler alone."""
    from engine.run.nodes import Node

    node = Node.of(shell, threads=2)
    if metrics is not None:
        node.monitor(metrics)
    shell.note(Text("定时检查运行中（Ctrl-C 停止）", "ticking (Ctrl-C stops it)"))
    node.run(every)
    shell.note(Text("已停止。", "Stopped."))
    return DONE


@click.command("sweep", cls=Verb)
@click.option(
    "--again", metavar="CASE", help="重新发起已搁置的案件 · take up a case again that was put aside"
)
@click.option(
    "--as",
    "by",
    metavar="PERSON",
    help="由谁重新发起，非演练机构必填 · who takes it up again; needed but in a rehearsal",
)
@with_shell
def sweep_verb(shell: Shell, again: str | None, by: str | None) -> int:
    """检查一次，发出到期的提醒和待发的通知。 · Fire once whatever is due, and send what waits to go out."""
    if by is not None and again is None:
        raise WrongUse(Text("--as 只与 --again 同用。", "--as goes with --again alone."))
    if again and by is None and not shell.rules().register.rehearsal:
        raise WrongUse(Text("请用 --as 写明由谁重新发起。", "Say by --as who takes it up again."))
    swept = shell.engine().sweep_again(again, by) if again else shell.engine().sweep(by_hand())
    if isinstance(swept, Refusal):
        return shell.refuse(swept)
    delivered = Deliverer(shell.engine()).once()
    silent = silent_channels(shell.engine())
    plain = swept_json(swept) | {"delivered": delivered_json(delivered)}
    plain |= {"without_secret": [one.plain() for one in silent]} if silent else {}
    said = f"{swept_text(swept, shell.lang)}{delivered_text(delivered, shell.lang)}"
    shell.answer(plain, lambda: "\n".join([said, *(one.said.said(shell.lang) for one in silent)]))
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
    with CaseProgress(shell.lang, long=True) as progress:
        findings = shell.engine().doctor(progress)
    silent = tuple(one.finding() for one in silent_channels(shell.engine()))
    findings = replace(findings, advice=(*findings.advice, *silent))
    return found(shell, findings)
