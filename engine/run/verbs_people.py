"""Verbs on people: who is known, what they hold from when to when, who is away, how they are reached, passwords.

Room for: flags to one call of the engine's staff or accounts.
May not enter: what a role may do, hashing.
"""

from __future__ import annotations

import secrets
import sys
from datetime import date

import click

from engine.errors import UnknownName, WrongUse
from engine.model.people import Absence, Holding, Person
from engine.run.answers_json import day_json
from engine.run.flags import DAY, Verb, Verbs, with_shell
from engine.run.shell import DONE, Shell
from engine.run.speaking import people_text
from engine.service.contacts import WANTS
from engine.service.places import known_place
from engine.text import Text

GENERATED_BYTES = 12

_PLACE = click.option(
    "--place", metavar="PLACE", help="办公地点代号，缺省为第一个 · which office of the institution"
)
_SINCE = click.option(
    "--since", type=DAY, metavar="DATE", help="自该日起，缺省今日 · from that day, else today"
)
_UNTIL = click.option(
    "--until", type=DAY, metavar="DATE", help="至该日止（含） · to that day, itself included"
)


@click.group("people", cls=Verbs)
def people_group() -> None:
    """人员、岗位、外出与替代、密码。 · Persons, roles, leave, passwords."""


@people_group.command("list")
@with_shell
def list_verb(shell: Shell) -> int:
    """全部人员。 · Everybody."""
    engine = shell.engine()
    people, today = engine.people(), engine.today()
    roles = shell.rules().roles
    plain = [
        {
            "id": person.id,
            "name": person.name,
            "roles": [
                {"role": h.role, "place": h.office, "since": h.since.isoformat(), "until": day_json(h.until)}
                for h in people.holdings
                if h.person == person.id
            ],
            "leave": [
                {"since": a.since.isoformat(), "until": a.until.isoformat(), "substitute": a.substitute}
                for a in people.absences
                if a.person == person.id
            ],
            "reached": [
                {"channel": c.channel, "address": c.address, "wants": c.wants, "language": c.language}
                for c in people.reached_by(person.id)
            ],
        }
        for person in people.persons
    ]
    shell.answer(plain, lambda: people_text(people, roles, today, shell.lang))
    return DONE


@people_group.command("add")
@click.argument("id")
@click.option("--name", required=True, help="姓名 · the name")
@click.option("--role", "roles", multiple=True, help="岗位，可多次 · a role; more than once for more")
@_PLACE
@_SINCE
@with_shell
def add_verb(
    shell: Shell, id: str, name: str, roles: tuple[str, ...], place: str | None, since: date | None
) -> int:
    """登记人员；已有的改名。 · Add a person, or give a known one another name."""
    if not name.strip():
        raise WrongUse(Text("姓名不能为空。", "A name cannot be empty."))
    staff = shell.engine().staff
    # Roles are checked before the person is added, so that a mistyped one leaves nothing behind.
    _known_roles(shell, roles, place)
    staff.add(Person(id, name.strip()))
    for role in roles:
        staff.give(Holding(id, role, _place(shell, place), since or shell.engine().today()))
    return _done(
        shell, id, Text("已登记 {id}（{name}）。", "{id} ({name}) added.").filled(id=id, name=name.strip())
    )


@people_group.command("give")
@click.argument("id")
@click.argument("role")
@_PLACE
@_SINCE
@_UNTIL
@with_shell
def give_verb(
    shell: Shell, id: str, role: str, place: str | None, since: date | None, until: date | None
) -> int:
    """任命岗位。 · Give a role."""
    shell.engine().staff.give(Holding(id, role, _place(shell, place), since or shell.engine().today(), until))
    return _done(shell, id, Text("{id} 已任 {role}。", "{id} holds {role}.").filled(id=id, role=role))


@people_group.command("end")
@click.argument("id")
@click.argument("role")
@_PLACE
@_UNTIL
@with_shell
def end_verb(shell: Shell, id: str, role: str, place: str | None, until: date | None) -> int:
    """结束岗位，缺省到今日为止。 · End a role, with today unless another day is named."""
    last = until or shell.engine().today()
    shell.engine().staff.end(id, role, _place(shell, place), last)
    said = Text("{id} 的 {role} 到{day}为止。", "{id} holds {role} until {day}.")
    return _done(shell, id, said.filled(id=id, role=role, day=last))


@people_group.command("leave")
@click.argument("id")
@click.option("--since", type=DAY, required=True, metavar="DATE", help="首日 · the first day")
@click.option("--until", type=DAY, required=True, metavar="DATE", help="末日（含） · the last day")
@click.option("--substitute", metavar="ID", help="替代人 · who stands in")
@with_shell
def leave_verb(shell: Shell, id: str, since: date, until: date, substitute: str | None) -> int:
    """登记外出与替代人。 · Record leave, and who stands in."""
    shell.engine().staff.leave(Absence(id, since, until, substitute))
    said = Text("{id} {a}至{b}外出。", "{id} is away from {a} to {b}.")
    return _done(shell, id, said.filled(id=id, a=since, b=until))


@people_group.command("reach")
@click.argument("id")
@click.argument("address", required=False)
@click.option("--channel", required=True, metavar="NAME", help="登记册中的渠道 · a channel of the register")
@click.option("--none", "no_more", is_flag=True, help="不再用此渠道通知 · not by this channel any more")
@click.option(
    "--wants",
    type=click.Choice(tuple(WANTS)),
    help="每条即时（each）、只要摘要（digest）或两者兼用；缺省 mixed · each at once, the digest alone, or mixed, the default: "
    "what awaits somebody at once, the rest in the digest",
)
@click.option("--speaks", type=click.Choice(("zh", "en")), help="消息语言 · the language of messages")
@with_shell
def reach_verb(
    shell: Shell, id: str, address: str | None, channel: str, no_more: bool, wants: str | None, speaks: str | None
) -> int:  # fmt: skip
    """除办案台消息外，还通过何渠道、何地址通知。 · How somebody is told beside the inbox of the console."""
    contacts = shell.engine().contacts
    if no_more:
        if address or wants or speaks:
            raise WrongUse(Text("--none 不与其他内容同用。", "--none stands alone."))
        contacts.reach_no_more(id, channel)
        return _done(
            shell,
            id,
            _by_name(
                shell,
                id,
                channel,
                Text("不再通过“{title}”通知{name}。", "{name} is told by {title} no more."),
            ),
        )
    if address:
        contacts.reach(id, channel, address, wants, speaks)
    elif wants:
        contacts.choose(id, channel, wants, speaks)
    else:
        raise WrongUse(Text("请写明地址，或用 --none、--wants。", "Give an address, or --none or --wants."))
    return _done(
        shell,
        id,
        _by_name(shell, id, channel, Text("{name}可通过“{title}”通知。", "{name} is told by {title}.")),
    )


@people_group.command("password", cls=Verb)
@click.argument("id")
@click.option("--generate", is_flag=True, help="生成一个并显示一次 · make one and show it once")
@with_shell
def password_verb(shell: Shell, id: str, generate: bool) -> int:
    """设密码：从终端或标准输入读取。 · Set a password, read from the terminal or from standard input."""
    engine = shell.engine()
    password = secrets.token_urlsafe(GENERATED_BYTES) if generate else _typed_password()
    engine.set_password(id, password)
    if not generate:
        return _done(shell, id, Text("{id} 的密码已设。", "The password of {id} is set.").filled(id=id))
    shell.note(Text("{id} 的密码只显示这一次：", "The password of {id}, shown this once:").filled(id=id))
    shell.answer({"id": id, "password": password}, lambda: password)
    return DONE


def _typed_password() -> str:
    if sys.stdin.isatty():
        return str(click.prompt("密码 · password", hide_input=True, confirmation_prompt=True, err=True))
    return sys.stdin.readline().rstrip("\r\n")


def _done(shell: Shell, id: str, said: Text) -> int:
    shell.answer({"id": id}, lambda: said.said(shell.lang))
    return DONE


def _by_name(shell: Shell, id: str, channel: str, said: Text) -> Text:
    rules = shell.rules()
    known = rules.register.channels.get(channel)
    title = known.title if known else Text(channel, channel)
    return said.filled(name=rules.people.name(id), title=title)


def _place(shell: Shell, named: str | None) -> str:
    return named or next(iter(shell.rules().register.offices))


def _known_roles(shell: Shell, roles: tuple[str, ...], place: str | None) -> None:
    rules = shell.rules()
    for role in roles:
        if role not in rules.roles:
            known = ", ".join(rules.roles)
            raise UnknownName(
                Text(f"没有岗位“{role}”，可用：{known}。", f"There is no role “{role}”; there are: {known}.")
            )
    if place is not None:
        known_place(rules.register, place)
