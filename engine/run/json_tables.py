"""JSON tables: the objects of a JSON file, read key by key, each complaint with its place.

Room for: places, kinds of values, keys that look misspelt.
May not enter: what any key means.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from difflib import get_close_matches
from typing import Any, NoReturn

from engine.errors import WrongUse
from engine.run.layout import one_line
from engine.run.settings import read_day
from engine.text import Text

MOST = 9999
"""The greatest number a length may have, as in a procedure."""

_LONGEST_QUOTE = 60
_MOST_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a file something stands: the case and the key, as far as one can tell."""

    file: str
    case: str = ""
    key: str = ""

    def of_case(self, id: str | int) -> Place:
        """Return the place of a case of this file."""
        return replace(self, case=quoted(str(id)))

    def at(self, key: str) -> Place:
        """Return the place of *key* in what stands here."""
        return replace(self, key=f"{self.key}.{key}" if self.key else key)

    def named(self) -> Text:
        """Return the place as people read it."""
        file = one_line(self.file)
        zh, en = [f"文件“{file}”"], [f"File “{file}”"]
        if self.case:
            zh.append(f"案例“{self.case}”")
            en.append(f"case “{self.case}”")
        if self.key:
            zh.append(self.key)
            en.append(self.key)
        return Text("，".join(zh), ", ".join(en))

    def wrong(self, what: Text) -> NoReturn:
        """Raise WrongUse: *what* is wrong here."""
        place = self.named()
        raise WrongUse(Text(f"{place.zh}：{what.zh}。", f"{place.en}: {what.en}."))


@dataclass(frozen=True, slots=True)
class Table:
    """One JSON object and where it stands. Each method returns the value of a key or raises WrongUse with its place."""

    values: Mapping[str, Any]
    place: Place

    @classmethod
    def of(cls, value: Any, place: Place) -> Table:
        """Return *value*, which must be an object."""
        if not isinstance(value, dict):
            place.wrong(Text("应是一个对象 { … }", "it must be an object: { … }"))
        return cls(value, place)

    def has(self, key: str) -> bool:
        """Return whether *key* says something: it is there and not null."""
        return self.values.get(key) is not None

    def only_known(self, *keys: str) -> None:
        """Refuse a key that looks like a slip for one of *keys*; other keys are the author's own notes."""
        for key in self.values:
            if key not in keys and (meant := get_close_matches(key, keys, n=1, cutoff=0.8)):
                self.place.at(quoted(key)).wrong(
                    Text(f"没有这个键，应为 {meant[0]}", f"there is no such key; write {meant[0]}")
                )

    def day(self, key: str) -> date:
        """Return a date written 2026-03-02."""
        value = self._value(key, str, Text('日期，写成 "2026-03-02"', 'a date, written "2026-03-02"'))
        try:
            return read_day(value)
        except WrongUse as error:
            said = error.sentence
            self.place.at(key).wrong(Text(said.zh.rstrip("。"), said.en.rstrip(".")))

    def whole(self, key: str, *, least: int) -> int:
        """Return a whole number from *least* to MOST."""
        kind = Text(f"{least}到{MOST}的整数", f"a whole number from {least} to {MOST}")
        value: int = self._value(key, int, kind)
        if not least <= value <= MOST:
            self._is_no(key, kind)
        return value

    def text(self, key: str) -> str:
        """Return a text."""
        value: str = self._value(key, str, Text("文字", "a text"))
        return value

    def id(self, key: str) -> str | int:
        """Return a text with something in it, or a whole number."""
        kind = Text("文字或者整数", "a text or a whole number")
        value: str | int = self._value(key, (str, int), kind)
        if value == "":
            self._is_no(key, kind)
        return value

    def flag(self, key: str) -> bool:
        """Return true or false; a key that is not there is false."""
        return bool(self.has(key) and self._value(key, bool, Text("true 或 false", "true or false")))

    def word(self, key: str, words: Sequence[str]) -> str:
        """Return one of *words*."""
        kind = Text(f"{'、'.join(words)} 之一", f"one of {', '.join(words)}")
        value: str = self._value(key, str, kind)
        if value not in words:
            self._is_no(key, kind)
        return value

    def table(self, key: str) -> Table:
        """Return the object at *key*."""
        return Table.of(self._there(key), self.place.at(key))

    def tables(self, key: str) -> list[Table]:
        """Return the objects of the list at *key*."""
        value = self._value(key, list, Text("列表 [ … ]", "a list: [ … ]"))
        return [Table.of(item, self.place.at(f"{key}[{n}]")) for n, item in enumerate(value)]

    def texts(self, key: str) -> list[str]:
        """Return the texts of the list at *key*."""
        kind = Text("文字的列表", "a list of texts")
        value: list[str] = self._value(key, list, kind)
        if not all(isinstance(item, str) for item in value):
            self._is_no(key, kind)
        return value

    def _there(self, key: str) -> Any:
        if key not in self.values:
            self.place.at(key).wrong(Text("缺少这个键", "this key is missing"))
        return self.values[key]

    def _value(self, key: str, types: type | tuple[type, ...], kind: Text) -> Any:
        value = self._there(key)
        # To Python true is a number; to whoever wrote the file it is not.
        if not isinstance(value, types) or (isinstance(value, bool) and types is not bool):
            self._is_no(key, kind)
        return value

    def _is_no(self, key: str, kind: Text) -> NoReturn:
        said = shown(self.values[key])
        self.place.at(key).wrong(Text(f"{said} 不对，应为{kind.zh}", f"{said} is not {kind.en}"))


def shown(value: Any, depth: int = 2) -> str:
    """Return a JSON value fit to stand in a sentence: of a long or a deep one as much as a reader needs."""
    if isinstance(value, dict):
        return "{…}"
    if isinstance(value, list):
        items = [shown(item, depth - 1) for item in value[:_MOST_SHOWN]] if depth else ["…"]
        return quoted(f"[{', '.join([*items, *(['…'] if value[_MOST_SHOWN:] else [])])}]")
    return quoted(json.dumps(value, ensure_ascii=False))


def quoted(text: str) -> str:
    """Return *text* fit to be quoted in a sentence: on one line, and not too long."""
    line = one_line(text[: _LONGEST_QUOTE + 1])
    return line if len(line) <= _LONGEST_QUOTE else f"{line[:_LONGEST_QUOTE]}…"
