"""Forms: what a person typed into a move's form, turned into typed facts or a refusal that names the field.

Room for: one reader a fact type, bounds, needed and unknown fields, needed documents.
May not enter: guards, who may act.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from engine.core.writing import writable
from engine.model.answers import Refusal
from engine.model.commands import Act, OpenCase
from engine.model.guards import Value
from engine.model.people import People
from engine.model.procedure import ACT_DATE, Fact, Move, Procedure
from engine.text import Text

YES = frozenset({"yes", "true", "1", "是", "on"})
NO = frozenset({"no", "false", "0", "否", "off"})
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_WHOLE = re.compile(r"-?\d{1,18}", re.ASCII)
_AMOUNT = re.compile(r"-?(\d{1,18}|\d{1,3}(,\d{3}){1,5})(\.\d{1,2})?", re.ASCII)
HOLDERS_MOST = 8
"""So many holders of a role are named; an office may have hundreds."""

_BETWEEN_NAMES = re.compile(r"[\s,，、;；]+")


class Surroundings(NamedTuple):
    """What a form is read against: the persons of an office, and the cases it may name (as typed -> number).

    The roles of named persons are looked at on *day*; *on* is the day the act is done on.
    """

    people: People
    office: str
    day: date
    on: date
    cases: Mapping[str, str] = {}
    roles: Mapping[str, Text] = {}
    """What roles are called."""


def read_form(
    procedure: Procedure, move: Move, command: Act | OpenCase, around: Surroundings
) -> dict[str, Value] | Refusal:
    """Return the typed facts of *move*'s form, or a Refusal naming the first field that is wrong.

    Blank fields count as not filled in.
    """
    fields, typed, documents = move.fields, command.facts, command.documents
    for name in typed:
        if name not in fields:
            return _unknown_field(name, move)
    values: dict[str, Value] = {}
    for name, needed in fields.items():
        text = _tidy(typed[name]) if name in typed else ""
        if not text:
            if needed:
                return _missing(procedure.facts[name])
            continue
        value = read_fact(procedure.facts[name], text, around)
        if isinstance(value, Refusal):
            return value
        values[name] = value
    for kind in move.attach:
        if kind not in documents:
            return _missing_document(kind, procedure.documents[kind])
    for kind in documents:
        if kind not in move.attach:
            return _stray_document(kind, move)
    return values


def read_fact(fact: Fact, text: str, around: Surroundings) -> Value | Refusal:
    """Return *text* as the value of *fact*, or a Refusal that says what would be right."""
    kind = fact.type
    if kind == "cases":
        value: Value | Text = _read_cases(text, around.cases)
    else:
        plain = text if kind == "text" or text.isascii() else unicodedata.normalize("NFKC", text)
        value = _READERS[kind](fact, plain)
    if isinstance(value, Text):
        return _bad(fact, value)
    wrong = _outside(fact, value, around.on) if kind in _BOUNDED else None
    if wrong is None and (kind == "person" or kind == "persons"):
        wrong = _not_in_role(fact, value, around)
    return _bad(fact, wrong) if wrong else value


_BOUNDED = frozenset({"text", "date", "whole", "amount", "persons", "cases"})


def _tidy(text: str) -> str:
    return text.strip() if text.isascii() else unicodedata.normalize("NFC", text).strip()


def named_in(text: str) -> tuple[str, ...]:
    """Return the persons or case numbers in *text* as they were typed, one after the other."""
    return tuple([part for part in _BETWEEN_NAMES.split(text) if part])


def _read_cases(text: str, known: Mapping[str, str]) -> Value | Text:
    typed = named_in(text)
    if unknown := next((number for number in typed if number not in known), None):
        return Text(f"查无此案：{unknown}", f"names a case that is not there: {unknown}")
    numbers = tuple(known[named] for named in typed)
    if len(set(numbers)) != len(numbers):
        return Text("同一案件写了两次", "names the same case twice")
    return numbers


def _read_text(fact: Fact, text: str) -> Value | Text:
    if not writable(text):
        return Text("不能含有控制字符", "must not contain control characters")
    return text


def _read_date(fact: Fact, text: str) -> Value | Text:
    try:
        if not _DATE.fullmatch(text):
            raise ValueError
        return date.fromisoformat(text)
    except ValueError:
        return Text("应为真实存在的日期，写作 2026-03-05", "must be a date that exists, written 2026-03-05")


def _read_whole(fact: Fact, text: str) -> Value | Text:
    if _WHOLE.fullmatch(text):
        return int(text)
    return Text("应为整数", "must be a whole number")


def _read_amount(fact: Fact, text: str) -> Value | Text:
    if _AMOUNT.fullmatch(text):
        return Decimal(text.replace(",", ""))
    return Text("应为金额，最多两位小数", "must be an amount with two decimals at most")


def _read_choice(fact: Fact, text: str) -> Value | Text:
    if text in fact.choices:
        return text
    listed = "、".join(f"{key}（{title.zh}）" for key, title in fact.choices.items())
    return Text(f"应为下列之一：{listed}", f"must be one of: {', '.join(fact.choices)}")


def _read_yes_no(fact: Fact, text: str) -> Value | Text:
    if text.lower() in YES | NO:
        return text.lower() in YES
    return Text("应为 是 或 否", "must be yes or no")


def _read_person(fact: Fact, text: str) -> Value | Text:
    return text


def _read_persons(fact: Fact, text: str) -> Value | Text:
    named = named_in(text)
    if len(set(named)) != len(named):
        return Text("同一人写了两次", "names the same person twice")
    return named


_READERS: Mapping[str, Callable[[Fact, str], Value | Text]] = {
    "text": _read_text, "date": _read_date, "whole": _read_whole, "amount": _read_amount,
    "choice": _read_choice, "yes_no": _read_yes_no, "person": _read_person, "persons": _read_persons,
}  # fmt: skip


def _outside(fact: Fact, value: Value, on: date) -> Text | None:
    if isinstance(value, date):
        return _outside_days(fact, value, on)
    if fact.least is None and fact.most is None:
        return None
    size = len(value) if isinstance(value, str | tuple) else value
    unit = _UNITS.get(fact.type, _NO_UNIT)
    if fact.least is not None and size < fact.least:
        return Text(f"不得少于{fact.least}{unit.zh}", f"must be at least {fact.least}{unit.en}")
    if fact.most is not None and size > fact.most:
        return Text(f"不得多于{fact.most}{unit.zh}", f"must be at most {fact.most}{unit.en}")
    return None


_NO_UNIT = Text("", "")


_UNITS = {
    "text": Text("字", " characters"),
    "persons": Text("人", " persons"),
    "cases": Text("件", " cases"),
}


def _outside_days(fact: Fact, value: date, on: date) -> Text | None:
    earliest, latest = _bound(fact.earliest, on), _bound(fact.latest, on)
    if earliest and value < earliest:
        return Text(f"不得早于{earliest}", f"must not be before {earliest}")
    if latest and value > latest:
        return Text(f"不得晚于{latest}", f"must not be after {latest}")
    return None


def _bound(written: str | None, on: date) -> date | None:
    return None if written is None else on if written == ACT_DATE else date.fromisoformat(written)


def _not_in_role(fact: Fact, value: Value, around: Surroundings) -> Text | None:
    known, role = around.people.by_id, fact.role
    staff = around.people.on(around.office, around.day) if role else None
    for person in value if isinstance(value, tuple) else (str(value),):
        if person not in known:
            return Text(f"：没有代号为“{person}”的人员", f": there is no person “{person}”")
        if staff and role and role not in staff.roles(person):
            return _lacks_role(role, person, around)
    return None


def _lacks_role(role: str, person: str, around: Surroundings) -> Text:
    people, title = around.people, around.roles.get(role, Text(role, role))
    held = [people.name(one) for one in people.holders(role, around.office, around.day)]
    named, more = held[:HOLDERS_MOST], len(held) - HOLDERS_MOST
    by = (
        Text(
            f"该岗位现有：{'、'.join(named)}{f'等{len(held)}人' if more > 0 else ''}",
            f"it is held by {', '.join(named)}{f' and {more} more' if more > 0 else ''}",
        )
        if held
        else Text("该岗位目前无人", "nobody holds it now")
    )
    name = people.name(person)
    return Text(
        f"填写的{name}在本院没有“{title.zh}”岗位；{by.zh}",
        f"names {name}, who does not hold the role “{title.en}” in this office; {by.en}",
    )


def _bad(fact: Fact, wrong: Text) -> Refusal:
    return Refusal(
        code="bad_fact",
        reason=Text(
            f"“{fact.title.zh}”{wrong.zh}。",
            f"“{fact.title.en}”{'' if wrong.en.startswith(':') else ' '}{wrong.en}.",
        ),
        fact=fact.name,
        enables=Text("请更正该项后重新提交", "Put this field right and send again"),
    )


def _missing(fact: Fact) -> Refusal:
    return Refusal(
        code="missing_fact",
        reason=Text(f"请填写“{fact.title.zh}”。", f"“{fact.title.en}” is needed."),
        fact=fact.name,
        enables=Text("请填写该项", "Fill in this field"),
    )


def _missing_document(kind: str, title: Text) -> Refusal:
    return Refusal(
        code="missing_document",
        reason=Text(f"缺少文书“{title.zh}”。", f"The document “{title.en}” is missing."),
        fact=kind,
        enables=Text("请附上该文书", "Attach the document"),
    )


def _unknown_field(name: str, move: Move) -> Refusal:
    fields = ", ".join((*move.needs, *move.asks)) or "-"
    return Refusal(
        code="unknown_fact",
        reason=Text(
            f"“{move.title.zh}”没有“{name}”这一项，可填：{fields}。",
            f"“{move.title.en}” has no field “{name}”; it takes: {fields}.",
        ),
        fact=name,
        enables=Text("请去掉该项", "Leave this field out"),
    )


def _stray_document(kind: str, move: Move) -> Refusal:
    kinds = ", ".join(move.attach) or "-"
    return Refusal(
        code="unknown_document",
        reason=Text(
            f"“{move.title.zh}”不收“{kind}”类文书，可附：{kinds}。",
            f"“{move.title.en}” takes no document of the kind “{kind}”; it takes: {kinds}.",
        ),
        fact=kind,
        enables=Text("请去掉该文书", "Leave this document out"),
    )
