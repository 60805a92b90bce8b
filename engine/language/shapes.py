"""Shapes: what may stand behind a key: a name, a text, a guard, a list or a table of these.

Room for: the closed list of single values and the ways they are put together, each said in both languages.
May not enter: which key has which shape (`keys.py`), reading values (`values.py`), JSON Schema (`schema.py`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from engine.text import Text

Kind = Literal["text", "whole", "count", "number", "flag", "any", "nothing"]


@dataclass(frozen=True, slots=True)
class Value:
    """One single value: what it is called, what people are told of it, and the pattern or the words it is one of.

    *kind* says what an editor may take it for where it knows numbers and true or false; the language reads text.
    """

    name: str
    said: Text
    pattern: str = ""
    words: tuple[str, ...] = ()
    kind: Kind = "text"
    longest: int | None = None


@dataclass(frozen=True, slots=True)
class Of:
    """A table with the keys of a construct."""

    construct: str


@dataclass(frozen=True, slots=True)
class Named:
    """A table whose keys the writer chose: names, each with a value of this shape."""

    of: Shape


@dataclass(frozen=True, slots=True)
class Several:
    """A list, of at least so many."""

    of: Shape
    least: int = 1


@dataclass(frozen=True, slots=True)
class Words:
    """One value, or a list of them, each once."""

    of: Value


@dataclass(frozen=True, slots=True)
class Either:
    """One of several shapes."""

    of: tuple[Shape, ...]


Shape = Value | Of | Named | Several | Words | Either


def one_of(name: str, said: Text, *words: str) -> Value:
    """Return the shape of a value from a closed list."""
    return Value(name, said, words=words)


# Letters of any script: what ASCII has besides letters, digits and underscores is left out by name, since `\w` means
# different things in different programs.
_FIRST = r"[^\x00-@\[-^`{-\x7f]"
_LATER = r"[^\x00-/:-@\[-^`{-\x7f]"
_WORD = rf"{_FIRST}{_LATER}{{0,99}}"
_COUNT = r"(0|[1-9][0-9]{0,3})"

NAME = Value(
    "name", Text("名称：字母、数字、下划线，以字母开头", "a name: letters, digits, underscores"), f"^{_WORD}$"
)
STRING = Value("string", Text("一行文字", "a line of text"), kind="any")
VALUE = Value("value", Text("一个值，日期可写 act date", "a value; of a date also act date"), kind="any")
FLAG = Value("flag", Text("true 或 false", "true or false"), kind="flag")
WHOLE = Value("whole", Text("非负整数", "a whole number"), r"^(0|[1-9][0-9]{0,17})$", kind="whole")
COUNT = Value("count", Text("正整数", "a whole number, 1 or more"), r"^[1-9][0-9]{0,17}$", kind="count")
BOUND = Value(
    "bound",
    Text("数字；日期事实用日期或 act date", "a number; of a date a date or act date"),
    r"^(-?(0|[1-9][0-9]{0,17})(\.[0-9]{1,4})?|[0-9]{4}-[0-9]{2}-[0-9]{2}|act date)$",
    kind="number",
)
DATE = Value(
    "date", Text("日期，如 2026-03-01", "a date such as 2026-03-01"), r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
)
TIME = Value("time", Text("时刻，如 09:00", "a time such as 09:00"), r"^([01][0-9]|2[0-3]):[0-5][0-9]$")
HOST = Value(
    "host",
    Text("主机名，如 smtp.example.cn", "a host such as smtp.example.cn"),
    r"^[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?$",
)
PORT = Value(
    "port",
    Text("端口，1至65535", "a port from 1 to 65535"),
    r"^([1-9][0-9]{0,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5])$",
    kind="count",
)
MAILBOX = Value(
    "mailbox",
    Text("邮箱地址，如 anxu@example.cn", "a mail address such as anxu@example.cn"),
    r"^[A-Za-z0-9_+-]+(\.[A-Za-z0-9_+-]+)*@[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)*$",
    longest=254,
)
SECRET = Value(
    "secret place",
    Text(
        "env ANXU_CHANNEL_名称，或 file 文件名（不含目录）",
        "env ANXU_CHANNEL_NAME, or file NAME (without a folder)",
    ),
    r"^(env ANXU_CHANNEL_[A-Z0-9_]{1,80}|file [A-Za-z0-9][A-Za-z0-9_.-]{0,99})$",
)
ADDRESS = Value(
    "web address",
    Text("网址，如 https://anxu.example.cn", "an address such as https://anxu.example.cn"),
    r"^https?://[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?(:[0-9]{1,5})?(/[A-Za-z0-9_.~/-]*)?$",
)
DURATION = Value(
    "duration",
    Text("期限，如 5 work days、45 days、2 months", "a length: 5 work days, 45 days, 2 months"),
    rf"^ *{_COUNT} +(work +day|day|month)s? *$",
)
PERIOD = Value(
    "period",
    Text("自然日或月，如 45 days、2 months", "a length in days or months: 45 days, 2 months"),
    r"^ *[1-9][0-9]{0,3} +(day|month)s? *$",
)
GUARD = Value(
    "guard",
    Text(
        "条件：关于事实、事项、当事人和办理人的一行文字",
        "a guard: one line about facts, matters, parties, the actor",
    ),
    kind="any",
    longest=500,
)
WHO = Value(
    "who",
    Text("本案人员，或 any 角色", "a person of the case, or any ROLE"),
    rf"^(any\s+)?{_WORD}$",
)
ANY_ROLE = Value("any role", Text("any 角色", "any ROLE"), rf"^any\s+{_WORD}$")
STATE = Value("state name", Text("状态，或 stays", "a state, or stays"), f"^{_WORD}$")
FILE = Value(
    "file",
    Text("登记册目录下的 YAML 文件", "a YAML file under the register's folder"),
    r"^(?!.*\.\./)[^/\s][^\s]*\.ya?ml$",
)
NUMBERING = Value(
    "numbering",
    Text("案号格式，含 {year} 和 {n}", "a pattern with {year} and {n}"),
    r"^(?=.*\{year\})(?=.*\{n\})",
)
RUNG_DAY = Value(
    "rung day",
    Text(
        "如 10 days before limit、on target、30 days after stop",
        "10 days before limit, on target, 30 days after stop",
    ),
    r"^((on|[1-9][0-9]{0,3} days? after) (limit|target|stop)|[1-9][0-9]{0,3} days? before (limit|target))$",
)
EVERY = Value("interval", Text("如 7 days", "such as 7 days"), r"^[1-9][0-9]{0,3} days?$")
NOTHING = Value("nothing", Text("不带内容", "takes nothing"), kind="nothing")

NAMES, WHOS = Words(NAME), Words(WHO)
TEXT = Of("text")
