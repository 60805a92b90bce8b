"""Carriers: one message by Apprise, and what its receiver really answered.

Room for: making Apprise's mail and robots from a channel, reading the answer of a robot, silence about secrets.
May not enter: when to send, retry (`engine/service/delivering.py`).
"""

from __future__ import annotations

import json
import logging
import re
import warnings
from contextvars import ContextVar
from email.utils import formataddr
from functools import cache
from typing import Any

from engine.run.channels.layout import markdown, plain
from engine.run.channels.secrets import Robot, masked, robots
from engine.service.delivering import NotSent
from engine.service.messages import SIGN, Message
from engine.text import Text

SECONDS = 30
"""A message takes no longer than this, whatever the other side does."""

CONNECT, READ = 5, 10

MAIL_MOST = 20_000
ROBOT_MOST = {"wecom": 2000, "dingtalk": 18_000, "feishu": 18_000}
"""Bytes of text a robot takes, with some to spare."""

HOSTS = {"wecom": "qyapi.weixin.qq.com", "dingtalk": "oapi.dingtalk.com", "feishu": "open.feishu.cn"}

TOO_OFTEN = frozenset({429, 45009, 130101, 660026, 11232, 99991400})
"""What robots answer to whoever sends too much: HTTP, WeCom, DingTalk, Feishu."""

_SMTP_CODE = re.compile(r"\(([45][0-9]{2}), ")
_OF_ALL_MAIL = ("530", "534", "535", "538", "554")
"""What a mail server says of an account, not of a letter."""

LOUD = ("apprise", "urllib3", "requests_oauthlib")

_answers: ContextVar[list[tuple[int, str]]] = ContextVar("anxu_answers")

_KINDS: dict[str, Any] = {}
"""What Apprise calls a service -> its class."""

Made = tuple[Any, str, str]
"""A plugin of Apprise, the body in the form it takes, and the name of that form."""


def carry(message: Message, secret: str | None) -> NotSent | None:
    """Send *message* by Apprise; None where the receiver took it. Neither raises nor says anything with a secret in it."""
    made = _made(message, secret or "")
    if isinstance(made, NotSent):
        return made
    plugin, body, form = made
    answers: list[tuple[int, str]] = []
    token = _answers.set(answers)
    try:
        return _notified(plugin, message.subject, body, form, answers, secret or "")
    finally:
        _answers.reset(token)


def _notified(
    plugin: Any, subject: str, body: str, form: str, answers: list[tuple[int, str]], secret: str
) -> NotSent | None:  # fmt: skip
    apprise = _apprise()
    courier = apprise.Apprise(asset=plugin.asset)
    courier.add(plugin)
    with courier.notify(body=body, title=subject, body_format=form, log_level=logging.DEBUG) as result:
        if result:
            return None
        logs = [entry.message for entry in result.logs()]
    if answers:
        code, said = answers[-1]
        what = masked(said, [secret])
        return NotSent(
            Text(f"接收方拒收（{code} {what}）", f"the receiver refused it ({code} {what})"),
            away=code in TOO_OFTEN or 500 <= code < 600,
        )
    cause = next((m.partition(": ")[2] for m in reversed(logs) if m.startswith("Socket Exception")), "")
    what = masked(cause, [secret]) or "-"
    if (smtp := _SMTP_CODE.search(cause)) and smtp[1] not in _OF_ALL_MAIL:
        return NotSent(
            Text(f"邮件服务器拒收（{what}）", f"the mail server refused it ({what})"),
            away=smtp[1].startswith("4"),
        )
    return NotSent(Text(f"渠道无法连通（{what}）", f"the channel is out of reach ({what})"), away=True)


def _made(message: Message, secret: str) -> Made | NotSent:
    if message.channel.kind == "mail":
        return _mail(message, secret)
    name, _, phone = message.address.partition("/")
    robot = robots(secret).get(name)
    if robot is None:
        return NotSent(Text(f"密钥中没有机器人“{name}”", f"the secret has no robot “{name}”"))
    return _robot(message, robot, phone)


def _mail(message: Message, password: str) -> Made | NotSent:
    channel = message.channel
    name, _, domain = channel.sender.partition("@")
    plugin = _plugin(
        {
            "schema": "mailto" if channel.secure == "none" else "mailtos",
            "smtp_host": channel.host,
            "host": domain,
            "port": channel.port,
            "user": channel.user or None,
            "password": password or None,
            "secure_mode": "insecure" if channel.secure == "none" else channel.secure,
            "from_addr": formataddr((SIGN.said(message.language), channel.sender), "utf-8")
            if name.isascii()
            else channel.sender,
            "targets": [message.address],
            "headers": {"X-Anxu-Key": message.key, "Auto-Submitted": "auto-generated"},
            "format": "text",
        }
    )
    if plugin is None or not plugin.targets:
        return NotSent(Text("邮件渠道设置有误", "the mail channel is set wrongly"))
    plugin.socket_connect_timeout = READ
    return plugin, plain(message, MAIL_MOST), "text"


def _robot(message: Message, robot: Robot, phone: str) -> Made | NotSent:
    kind, host = message.channel.kind, message.channel.host
    most = ROBOT_MOST[kind]
    given: dict[str, Any] = {"schema": "wecombot" if kind == "wecom" else kind}
    if kind == "wecom":
        given |= {"key": robot.key}
    else:
        given |= {"token": robot.key}
    if kind == "dingtalk":
        given |= {"secret": robot.signing or None, "targets": [phone] if phone else []}
    plugin = _plugin(given)
    if plugin is None:
        return NotSent(Text("机器人密钥格式不对", "the key of the robot has a wrong form"))
    if host:
        # An installation of one's own answers at the same paths on another host.
        for name in ("notify_url", "api_url"):
            if address := getattr(plugin, name, ""):
                setattr(plugin, name, address.replace(f"//{HOSTS[kind]}/", f"//{host}/"))
    if kind != "dingtalk":
        return plugin, plain(message, most - len(message.subject.encode())), "text"
    called = f"\n\n@{phone}" if phone else ""
    return plugin, markdown(message, most) + called, "markdown"


def _plugin(given: dict[str, Any]) -> Any:
    apprise = _apprise()
    asset = apprise.AppriseAsset(
        app_id="Anxu", app_desc=SIGN.said("zh"), app_url="", async_mode=False, http_redirects=False,
        service_timeout=SECONDS, storage_mode="memory", allow_templates=False, pgp_autogen=False, pem_autogen=False,
    )  # fmt: skip
    try:
        # By its class: asking by name loads the hundred other services as well.
        plugin = _KINDS[given["schema"]](**given, asset=asset)
    except apprise.exception.AppriseImproperlyConfigured:
        return None  # its words name the key that it does not like
    plugin.socket_connect_timeout, plugin.socket_read_timeout = CONNECT, READ
    return plugin


class Answers:
    """Stands where the robots of Apprise expect `requests`: it posts as that does, and looks into the answer as they do not.

    A robot answers 200 to a message it refuses, and says so in the body; without this it would count as sent.
    """

    def __init__(self, requests: Any) -> None:
        self._requests = requests

    def __getattr__(self, name: str) -> Any:
        return getattr(self._requests, name)

    def post(self, url: str, **how: Any) -> Any:
        """Post, and let an answer that refuses look like the failure it is."""
        answer = self._requests.post(url, **how)
        code, said = refusal_in(answer.status_code, answer.content)
        if code:
            _answers.get([]).append((code, said))
            if answer.status_code == 200:
                answer.status_code = 502
        return answer


def refusal_in(status: int, content: bytes) -> tuple[int, str]:
    """Return code and words of a refusal by a robot, or (0, "")."""
    if status != 200:
        return status, "HTTP"
    try:
        body = json.loads(content[:65536])
        code = body.get("errcode", body.get("code", body.get("StatusCode", 0)))
        return int(code or 0), str(body.get("errmsg", body.get("msg", "")))
    except (ValueError, TypeError, AttributeError):
        return 502, "no answer of a robot"


@cache
def _apprise() -> Any:
    """Apprise, loaded when the first message goes, silent, its robots' answers looked into."""
    with warnings.catch_warnings():
        # Its mail looks for a module of the standard library that is on its way out.
        warnings.simplefilter("ignore", DeprecationWarning)
        import apprise
        import apprise.exception
        from apprise.plugins import dingtalk, feishu, wecombot
        from apprise.plugins.email import NotifyEmail

    for name in LOUD:
        # What it says of its settings holds keys and passwords; whatever matters comes back as a result.
        logger = logging.getLogger(name)
        logger.addHandler(logging.NullHandler())
        logger.propagate = False
    # Why a line broke it tells at this level alone.
    logging.getLogger("apprise").setLevel(logging.DEBUG)
    for module in (dingtalk, feishu, wecombot):
        vars(module)["requests"] = Answers(module.requests)
    _KINDS.update(
        mailto=NotifyEmail, mailtos=NotifyEmail, wecombot=wecombot.NotifyWeComBot,
        dingtalk=dingtalk.NotifyDingTalk, feishu=feishu.NotifyFeishu,
    )  # fmt: skip
    return apprise
