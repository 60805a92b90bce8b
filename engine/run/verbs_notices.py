"""The verb on notices: what goes out beside the inbox, what could not, and once more.

Room for: flags to one call of the engine's deliveries.
May not enter: sending (`delivering.py`), how answers look (`delivery_answers.py`).
"""

from __future__ import annotations

import click

from engine.errors import WrongUse
from engine.run.channels.silent import silent_channels
from engine.run.delivery_answers import deliveries_json, deliveries_text
from engine.run.flags import Verb, with_shell
from engine.run.shell import DONE, Shell
from engine.store.outbox import State
from engine.text import Text


@click.command("notices", cls=Verb)
@click.option("--dead", "state", flag_value="dead", help="未送达的 · those that were given up")
@click.option(
    "--sent", "state", flag_value="sent", help="近30日已发出的 · those sent in the last thirty days"
)
@click.option("--again", metavar="KEY", help="重发一条未送达的 · send one that was given up again")
@click.option("--all-dead", is_flag=True, help="重发全部未送达的 · send all of them again")
@click.option("--forget", metavar="KEY", help="不再发送一条未送达的 · let one of them go")
@click.option("--after", metavar="MARK", help="从该处之后看起 · the page after that one")
@with_shell
def notices_verb(
    shell: Shell, state: State | None, again: str | None, all_dead: bool, forget: str | None, after: str | None
) -> int:  # fmt: skip
    """发往邮件、企业微信、钉钉、飞书的通知：待发、已发、未送达。 · Notices on their way out: waiting, sent, given up."""
    deliveries = shell.engine().deliveries
    if sum((again is not None, all_dead, forget is not None)) > 1:
        raise WrongUse(
            Text("--again、--all-dead、--forget 只能用一个。", "Use one of --again, --all-dead and --forget.")
        )
    if forget is not None:
        deliveries.forget(forget)
        shell.note(Text("该条不再发送。", "That one is let go."))
    elif again is not None or all_dead:
        number = deliveries.again(again)
        shell.note(Text(f"{number}条将再次发送。", f"{number} will be sent again."))
    page = deliveries.page(state or "waiting", after)
    zone = shell.rules().register.zone
    silent = silent_channels(shell.engine())
    plain = deliveries_json(page, shell.lang, zone)
    plain |= {"without_secret": [one.plain() for one in silent]} if silent else {}
    said = [one.said.said(shell.lang) for one in silent]
    shell.answer(plain, lambda: "\n".join([deliveries_text(page, shell.lang, zone), *said]))
    return DONE
