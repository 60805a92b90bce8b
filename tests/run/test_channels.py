"""Messages leave by mail and robots as their receivers can read them, to no forbidden address, and no secret is ever said."""

from __future__ import annotations

import contextlib
import json
import logging
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from email import message_from_string, policy
from pathlib import Path
from typing import Any

import pytest

from engine.model.register import Channel, ChannelKind
from engine.run.channels import carriers
from engine.run.channels.guard import ForbiddenAddress, forbidden, guarded
from engine.run.channels.layout import markdown, plain
from engine.run.channels.post import Post
from engine.run.channels.secrets import masked, robots, secret_of
from engine.service.delivering import NotSent
from engine.service.messages import Message, one_line
from engine.text import Text

KEY = "3f1c9a-robot-key"
SIGNING = "SECabcdef0123456789"
HELD = {"ANXU_CHANNEL_X": f"filing = {KEY}\nsigned = 3f1c9arobotkey {SIGNING}"}


def channel(kind: ChannelKind, **more: Any) -> Channel:
    return Channel("x", kind, Text("渠道", "channel"), **{"secret": "env ANXU_CHANNEL_X", **more})


def message(to: Channel, address: str = "filing") -> Message:
    lines = ("办理：开庭", "审限：2026年4月17日（余3日）", "待办：贾仲言")
    subject = "案序 双劳人仲案〔2026〕1号：今日为审限最后一日"
    return Message("k123", to, address, subject, lines, "https://anxu.example.cn/cases/1", "zh")


# --- robots -----------------------------------------------------------------------------------------------


@dataclass
class Answer:
    status_code: int
    content: bytes


@dataclass
class Wire:
    """What stands in the place of the network: every request, and the answer to it."""

    answer: Answer = field(default_factory=lambda: Answer(200, b'{"errcode": 0, "code": 0, "errmsg": "ok"}'))
    asked: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    RequestException = OSError

    class codes:  # noqa: N801
        ok = 200

    def post(self, url: str, **how: Any) -> Answer:
        self.asked.append((url, how))
        return self.answer

    @property
    def payload(self) -> Any:
        return json.loads(self.asked[-1][1]["data"])


@pytest.fixture
def wire(monkeypatch: pytest.MonkeyPatch) -> Wire:
    """The robots of Apprise, posting into a wire that leads nowhere."""
    carriers._apprise()
    from apprise.plugins import dingtalk, feishu, wecombot

    found = Wire()
    for module in (dingtalk, feishu, wecombot):
        watched = vars(module)["requests"]
        assert isinstance(watched, carriers.Answers), "an answer of a robot would not be looked into"
        monkeypatch.setitem(vars(module), "requests", carriers.Answers(found))
    return found


ROBOTS: tuple[ChannelKind, ...] = ("wecom", "dingtalk", "feishu")


def said_by(wire: Wire, kind: ChannelKind) -> str:
    payload = wire.payload
    if kind == "dingtalk":
        return str(payload["markdown"]["text"])
    return str(payload["text"]["content"] if kind == "wecom" else payload["content"]["text"])


@pytest.mark.parametrize("kind", ROBOTS)
def test_a_robot_gets_what_by_when_where_and_the_key(wire: Wire, kind: ChannelKind) -> None:
    address = "signed/13800000000" if kind == "dingtalk" else "filing"

    assert Post(environment=HELD).send(message(channel(kind), address)) is None

    text = said_by(wire, kind)
    assert text.count("今日为审限最后一日") == 1
    for part in ("案序", "办理：开庭", "k123", "https://anxu.example.cn/cases/1"):
        assert part in text
    url, how = wire.asked[-1]
    assert url.startswith(f"https://{carriers.HOSTS[kind]}/")
    assert how["allow_redirects"] is False
    assert how["verify"] is True
    assert max(how["timeout"]) <= 10
    if kind == "dingtalk":
        assert wire.payload["at"]["atMobiles"] == ["13800000000"]
        assert "@13800000000" in text
        assert {"timestamp", "sign"} <= how["params"].keys()


@pytest.mark.parametrize("kind", ROBOTS)
def test_a_robot_of_an_installation_of_ones_own_is_asked_there(wire: Wire, kind: ChannelKind) -> None:
    address = "signed" if kind == "dingtalk" else "filing"

    Post(environment=HELD).send(message(channel(kind, host="im.example.cn"), address))

    assert wire.asked[-1][0].startswith("https://im.example.cn/")


@pytest.mark.parametrize("kind", ROBOTS)
def test_a_robot_that_says_no_with_status_200_has_refused_and_no_secret_is_repeated(
    wire: Wire, kind: ChannelKind
) -> None:
    address = "signed" if kind == "dingtalk" else "filing"
    held = {"ANXU_CHANNEL_X": "filing = abcdef99\nsigned = abcdef99 SEC77"}
    wire.answer = Answer(
        200,
        b'{"errcode": 310000, "code": 19024, "errmsg": "key abcdef99 bad", "msg": "key abcdef99 bad"}',
    )

    failure = Post(environment=held).send(message(channel(kind), address))

    assert isinstance(failure, NotSent)
    assert not failure.away
    assert "310000" in failure.reason.zh
    assert "abcdef99" not in failure.reason.zh + failure.reason.en


@pytest.mark.parametrize(
    ("answer", "away"),
    [
        (Answer(200, b'{"errcode": 45009, "errmsg": "api freq out of limit"}'), True),
        (Answer(503, b""), True),
        (Answer(429, b""), True),
        (Answer(302, b""), False),
        (Answer(404, b""), False),
        (Answer(200, b"<html>sign in first</html>"), True),
    ],
)
def test_what_a_robot_answers_says_whether_to_try_others_by_it_now(
    wire: Wire, answer: Answer, away: bool
) -> None:
    wire.answer = answer

    failure = Post(environment=HELD).send(message(channel("wecom")))

    assert isinstance(failure, NotSent)
    assert failure.away is away


def test_a_robot_its_secret_does_not_have_is_said_by_name(wire: Wire) -> None:
    failure = Post(environment=HELD).send(message(channel("feishu"), "nobody"))

    assert isinstance(failure, NotSent)
    assert "nobody" in failure.reason.en
    assert wire.asked == []


# --- mail -------------------------------------------------------------------------------------------------


@dataclass
class MailServer:
    """A mail server of this test alone, which takes one letter after another; it refuses whoever it does not know."""

    refuses: str = ""
    letters: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = int(self.socket.getsockname()[1])
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                self._talk(self.socket.accept()[0])

    def _talk(self, line: socket.socket) -> None:
        with line, line.makefile("rwb") as talk:
            self._say(talk, "220 here")
            for raw in talk:
                word = raw.decode().strip()
                if word.lower().startswith("data"):
                    self._say(talk, "354 go on")
                    self.letters.append("".join(iter(lambda: talk.readline().decode(), ".\r\n")))
                    self._say(talk, "250 taken")
                elif self.refuses and self.refuses in word:
                    self._say(talk, "550 nobody of that name")
                else:
                    self._say(talk, "221 bye" if word.lower() == "quit" else "250 well")

    @staticmethod
    def _say(talk: Any, words: str) -> None:
        talk.write(f"{words}\r\n".encode())
        talk.flush()


@pytest.fixture
def server() -> Iterator[MailServer]:
    found = MailServer()
    yield found
    found.socket.close()


def by_mail(server: MailServer) -> Channel:
    return channel(
        "mail", secret="", host="127.0.0.1", port=server.port, secure="none", sender="anxu@example.cn"
    )


def test_a_letter_is_plain_text_in_utf_8_with_its_key_in_a_header(server: MailServer) -> None:
    assert Post(rehearsal=True, environment={}).send(message(by_mail(server), "xu@example.cn")) is None

    (letter,) = server.letters
    read = message_from_string(letter, policy=policy.default)
    assert read["Subject"] == "案序 双劳人仲案〔2026〕1号：今日为审限最后一日"
    assert (read["To"], read["X-Anxu-Key"], read["Auto-Submitted"]) == (
        "xu@example.cn",
        "k123",
        "auto-generated",
    )
    assert read.get_content_type() == "text/plain"
    assert "办理：开庭" in read.get_content()


def test_nothing_in_a_message_becomes_a_header(server: MailServer) -> None:
    subject = one_line("案序 1号\r\nBcc: eve@example.cn\r\n\r\n<script>alert(1)</script>\u202e\u0000")
    hostile = replace(message(by_mail(server), "xu@example.cn"), subject=subject)

    assert Post(rehearsal=True, environment={}).send(hostile) is None

    (letter,) = server.letters
    read = message_from_string(letter, policy=policy.default)
    assert read["Bcc"] is None
    assert read.get_content_type() == "text/plain"
    assert "Bcc: eve@example.cn" in read["Subject"]


def test_a_server_that_refuses_an_address_is_not_away(server: MailServer) -> None:
    server.refuses = "<xu@"

    failure = Post(rehearsal=True, environment={}).send(message(by_mail(server), "xu@example.cn"))

    assert isinstance(failure, NotSent)
    assert not failure.away


def test_a_server_that_is_not_there_is_away_and_the_password_is_nowhere(
    server: MailServer, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    server.socket.close()
    caplog.set_level(logging.DEBUG)
    to = replace(by_mail(server), user="anxu", secret="env ANXU_CHANNEL_X")

    failure = Post(rehearsal=True, environment={"ANXU_CHANNEL_X": "hunter2hunter2"}).send(
        message(to, "xu@example.cn")
    )

    assert isinstance(failure, NotSent)
    assert failure.away
    said = (failure.reason.zh, failure.reason.en, caplog.text, *capsys.readouterr())
    assert not any("hunter2" in one for one in said)


# --- where nothing may go ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "127.9.9.9", "::1", "0.0.0.0", "::", "169.254.169.254", "fe80::1%eth0", "::ffff:127.0.0.1",
     "::ffff:169.254.1.1", "100.100.100.200", "fd00:ec2::254", "224.0.0.1", "2002:7f00:1::"],
)  # fmt: skip
def test_this_machine_its_link_and_the_clouds_metadata_are_forbidden(address: str) -> None:
    assert forbidden(address)


@pytest.mark.parametrize(
    "address", ["10.1.2.3", "192.168.0.8", "203.119.24.1", "2001:db8::1", "smtp.example.cn"]
)
def test_servers_of_the_house_are_not(address: str) -> None:
    assert not forbidden(address)


def test_a_name_that_leads_to_this_machine_is_refused_where_it_is_connected_to(server: MailServer) -> None:
    failure = Post(environment={}).send(message(replace(by_mail(server), host="localhost"), "xu@example.cn"))

    assert isinstance(failure, NotSent)
    assert failure.away
    assert "no channel may lead to this address" in failure.reason.en
    assert server.letters == []


def test_only_what_is_guarded_is_refused(server: MailServer) -> None:
    with guarded(), pytest.raises(ForbiddenAddress), socket.create_connection(("127.0.0.1", server.port), 1):
        pass
    with socket.create_connection(("127.0.0.1", server.port), 1):
        pass


# --- secrets, files and layout ----------------------------------------------------------------------------


def test_a_secret_comes_from_a_variable_or_from_a_file_in_the_folder_of_secrets(tmp_path: Path) -> None:
    (tmp_path / "wecom.keys").write_text("filing = abc-1\n# 注\nnight = def-2 SEC9\n", encoding="utf-8")
    by_file = channel("wecom", secret="file wecom.keys")

    secret = secret_of(by_file, {"CREDENTIALS_DIRECTORY": str(tmp_path)})

    assert secret is not None
    assert {name: robot.key for name, robot in robots(secret).items()} == {
        "filing": "abc-1",
        "night": "def-2",
    }
    assert "abc-1" not in repr(robots(secret))
    assert Post(environment={"ANXU_CHANNEL_FOLDER": str(tmp_path)}).can(by_file)
    assert not Post(environment={}).can(by_file)
    assert not Post(environment={"ANXU_CHANNEL_FOLDER": str(tmp_path / "nowhere")}).can(by_file)
    assert not Post(environment={"ANXU_CHANNEL_X": ""}).can(channel("wecom"))


def test_masking_takes_every_part_of_a_secret_out_of_a_text() -> None:
    held = "filing = abc-123 SEC9999"
    assert masked("token abc-123\nsigned SEC9999 ok", [held]) == "token **** signed **** ok"


def test_a_file_keeps_the_messages_of_a_rehearsal(tmp_path: Path) -> None:
    post = Post(rehearsal=True, environment={"ANXU_CHANNEL_X": str(tmp_path / "sent.jsonl")})

    for key in ("k1", "k2"):
        assert post.send(replace(message(channel("file")), key=key)) is None

    lines = (tmp_path / "sent.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["key"] for line in lines] == ["k1", "k2"]
    lost = Post(rehearsal=True, environment={"ANXU_CHANNEL_X": str(tmp_path / "no" / "folder")})
    assert isinstance(lost.send(message(channel("file"))), NotSent)


def test_a_long_message_is_cut_at_a_line_and_keeps_its_link_and_its_key() -> None:
    long = replace(message(channel("wecom")), lines=tuple(f"第{n}件案件今日到期" for n in range(200)))

    text = plain(long, 2000)

    assert len(text.encode()) <= 2000
    assert text.endswith("编号: k123")
    assert "https://anxu.example.cn/cases/1" in text
    assert "其余见办案台" in text


def test_what_people_wrote_is_no_markdown() -> None:
    hostile = replace(message(channel("dingtalk")), lines=("[点这里](https://evil.example) # 标题 `x`",))

    assert r"\[点这里\]\(https://evil.example\) \# 标题 \`x\`" in markdown(hostile, 2000)
