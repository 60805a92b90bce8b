"""Difference of parts: facts, documents, persons, matters, what is borrowed, the sign-off chain.

Room for: one teller a field of each.
May not enter: states and moves (`states.py`, `moves.py`), how a changed value is said.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from engine.language.difference.frame import (
    Change,
    Sides,
    Tellers,
    Thing,
    Word,
    ordered,
    plain,
    quoted,
    retitled,
    several,
    switch,
    text,
    told,
    valued,
    worded,
)
from engine.language.difference.moves import move_told
from engine.language.difference.words import Words
from engine.model.levels import Chain, Level
from engine.model.procedure import ACT_DATE, OPENED, Borrowed, Fact, MatterKind, Move, Relation
from engine.text import Text

TYPES = {
    "text": Text("文字", "text"),
    "date": Text("日期", "date"),
    "whole": Text("整数", "whole number"),
    "amount": Text("金额", "amount"),
    "choice": Text("选择", "choice"),
    "yes_no": Text("是否", "yes or no"),
    "person": Text("人员", "person"),
    "persons": Text("多名人员", "persons"),
    "cases": Text("多件案件", "cases"),
}

_AT_END = {
    "cancelled": Text("案件办结时终止", "cancelled when the case ends"),
    "kept": Text("案件办结后继续", "kept when the case ends"),
    "blocks": Text("未办结则案件不得办结", "keeps the case from ending"),
}


def facts_told(
    sides: Sides, thing: Thing, key: str, before: Mapping[str, Fact], after: Mapping[str, Fact]
) -> Iterator[Change]:
    """Yield every difference between the facts of two versions."""
    yield from _gone(
        "fact", "facts", Text("删除信息项“{title}”", "the fact “{title}” is gone"), before, after
    )
    for name, fact in after.items():
        of, old = Thing("fact", f"facts.{name}", quoted(fact.title)), before.get(name)
        if old is None:
            clause = Text("新增信息项“{title}”（{type}）", "new fact “{title}” ({type})")
            yield of.change("", clause.filled(title=fact.title, type=_type(sides.new, fact.type)))
            old = Fact(name, fact.type, fact.title)
        yield from told(sides, of, old, fact, FACT)
    yield from ordered(thing, key, Text("信息项", "facts"), before, after)


def documents_told(
    sides: Sides, thing: Thing, key: str, before: Mapping[str, Text], after: Mapping[str, Text]
) -> Iterator[Change]:
    """Yield every difference between the kinds of document, or the stages: tables of titles alone."""
    del sides
    noun = _TITLES[key]
    for name, title in before.items():
        if name not in after:
            clause = Text(f"删除{noun.zh}“{{title}}”", f"the {noun.en} “{{title}}” is gone")
            yield Change(noun.en, f"{key}.{name}", clause.filled(title=title))
    for name, title in after.items():
        if name not in before:
            clause = Text(f"新增{noun.zh}“{{title}}”", f"new {noun.en} “{{title}}”")
            yield Change(noun.en, f"{key}.{name}", clause.filled(title=title))
        elif before[name] != title:
            of = Thing(
                noun.en, f"{key}.{name}", Text(f"{noun.zh}“{title.zh}”", f"the {noun.en} “{title.en}”")
            )
            yield from retitled(of, "", Text("名称", "title"), before[name], title)
    yield from ordered(thing, key, Text(noun.zh, f"{noun.en}s"), before, after)


_TITLES = {
    "stages": Text("阶段", "stage"), "documents": Text("文书", "document"),
    "offices": Text("办公地点", "office"), "roles": Text("岗位", "role"),
}  # fmt: skip


def persons_told(
    sides: Sides, thing: Thing, key: str, before: Mapping[str, Relation], after: Mapping[str, Relation]
) -> Iterator[Change]:
    """Yield every difference between the persons of two versions."""
    gone = Text("删除人员“{title}”", "the person “{title}” is gone")
    yield from _gone("person", "persons", gone, before, after)
    for name, one in after.items():
        of, old = Thing("person", f"persons.{name}", quoted(one.title)), before.get(name)
        if old is None:
            clause = Text("新增人员“{title}”，由{role}担任", "new person “{title}”, who is a {role}")
            yield of.change("", clause.filled(title=one.title, role=sides.new.role(one.role)))
            old = Relation(name, one.title, one.role)
        yield from told(sides, of, old, one, PERSON)
    yield from ordered(thing, key, Text("人员", "persons"), before, after)


def matters_told(
    sides: Sides, thing: Thing, key: str, before: Mapping[str, MatterKind], after: Mapping[str, MatterKind]
) -> Iterator[Change]:
    """Yield every difference between the kinds of matter of two versions."""
    for name in before:
        if name not in after:
            clause = Text("删除事项{title}", "the matter {title} is gone").filled(
                title=sides.old.matter(name)
            )
            yield Change("matter", f"matters.{name}", clause)
    for name, one in after.items():
        title, old = sides.new.matter(name), before.get(name)
        of = Thing("matter", f"matters.{name}", Text(f"事项{title.zh}", f"the matter {title.en}"))
        if old is None:
            clause = Text("新增事项{title}（{end}）", "new matter {title} ({end})")
            yield of.change("", clause.filled(title=title, end=_AT_END[one.at_end]))
            old = MatterKind(name, one.procedure, at_end=one.at_end)
        yield from told(sides, of, old, one, MATTER)
    yield from ordered(thing, key, Text("事项", "matters"), before, after)


def apart_told(
    sides: Sides,
    thing: Thing,
    key: str,
    before: tuple[tuple[str, ...], ...],
    after: tuple[tuple[str, ...], ...],
) -> Iterator[Change]:
    """Yield which persons are kept apart that were not, and which no longer are."""

    def said(words: Words, group: tuple[str, ...]) -> Text:
        named = [words.relation(name) for name in group]
        return Text("与".join(n.zh for n in named), " and ".join(n.en for n in named))

    for group in before:
        if group not in after:
            clause = Text("{who}不再须由不同的人担任", "{who} may be the same person again")
            yield Change("apart", key, clause.filled(who=said(sides.old, group)))
    for group in after:
        if group not in before:
            clause = Text("{who}须由不同的人担任", "{who} must be different persons")
            yield Change("apart", key, clause.filled(who=said(sides.new, group)))
    if sorted(before) == sorted(after):
        yield thing.change(
            key, Text("不得兼任的各组人员顺序有改动", "the groups kept apart stand in another order")
        )


def reviewed_told(
    sides: Sides, thing: Thing, key: str, before: Mapping[str, str], after: Mapping[str, str]
) -> Iterator[Change]:
    """Yield which documents need a review before they leave the house."""
    for name in dict.fromkeys((*before, *after)):
        document = sides.new.document(name)
        of = Thing("document", f"documents.{name}", Text(f"文书{document.zh}", f"the document {document.en}"))
        was = Word(before[name], sides.old.matter(before[name])) if name in before else None
        now = Word(after[name], sides.new.matter(after[name])) if name in after else None
        if was != now:
            label = Text("发出前须通过的事项", "review it must pass")
            yield from valued(of, "after", label, was, now)
    yield from ordered(thing, key, Text("须经核阅的文书", "reviewed documents"), before, after)


def borrowed_told(
    sides: Sides, thing: Thing, key: str, before: Borrowed | None, after: Borrowed | None
) -> Iterator[Change]:
    """Yield what a matter's procedure uses of its case, and whether it is one at all."""
    of = Thing("borrowed", "borrows", thing.owner)
    if before is None:
        now = Text("由主程序改为事项程序", "is no longer a main procedure but one of a matter")
        yield of.change("", Text(f"{of.owner.zh}{now.zh}", f"{of.owner.en} {now.en}"))
    elif after is None:
        now = Text("由事项程序改为主程序", "is no longer a procedure of a matter but a main one")
        yield of.change("", Text(f"{of.owner.zh}{now.zh}", f"{of.owner.en} {now.en}"))
    yield from told(sides, of, before or Borrowed(), after or Borrowed(), BORROWED)


def chain_told(
    sides: Sides, thing: Thing, key: str, before: Chain | None, after: Chain | None
) -> Iterator[Change]:
    """Yield what differs between two sign-off chains, level by level."""
    del thing
    owner = Text("核阅链", "the sign-off chain")
    of = Thing("chain", "chain", owner)
    if before is None or after is None:
        yield of.change(
            "",
            Text("新增逐级核阅", "a sign-off chain is new")
            if after
            else Text("取消逐级核阅", "the sign-off chain is gone"),
        )
    if after is None:
        return
    yield from told(sides, of, before or Chain((), after.passed), after, CHAIN)


def _levels(
    sides: Sides, thing: Thing, key: str, before: tuple[Level, ...], after: tuple[Level, ...]
) -> Iterator[Change]:
    old, new = {level.state: level for level in before}, {level.state: level for level in after}
    gone = Text("核阅链不再有“{title}”这一级", "the sign-off chain no longer has the level “{title}”")
    yield from _gone("level", "chain.levels", gone, old, new)
    for name, level in new.items():
        of, known = Thing("level", f"chain.levels.{name}", quoted(level.title)), old.get(name)
        if known is None:
            clause = Text(
                "核阅链新增“{title}”，由{role}核阅",
                "the sign-off chain has a new level “{title}”, for a {role}",
            )
            yield of.change("", clause.filled(title=level.title, role=sides.new.role(level.role)))
            known = Level(name, level.title, level.role)
        yield from told(sides, of, known, level, LEVEL)
    yield from ordered(thing, key, Text("各级", "levels"), old, new)


def opening_told(
    sides: Sides, thing: Thing, key: str, before: Move | None, after: Move | None
) -> Iterator[Change]:
    """Yield what differs in how a case of this procedure, or a matter, opens."""
    del thing, key
    base = after or before
    if base is None:
        return
    of = Thing("opening", "opening", Text("立案", "opening"))
    blank = Move(base.name, OPENED, base.source, ())
    yield from move_told(sides, of, before or blank, after or blank)


def _gone(
    kind: str, place: str, clause: Text, before: Mapping[str, Any], after: Mapping[str, Any]
) -> Iterator[Change]:
    for name, one in before.items():
        if name not in after:
            yield Change(kind, f"{place}.{name}", clause.filled(title=one.title))


def _type(words: Words, type: str) -> Text:
    del words
    return TYPES[type]


def _bound(words: Words, bound: str) -> Text:
    del words
    return Text("办理日期", "the day of the act") if bound == ACT_DATE else Text(bound, bound)


def _choices(
    sides: Sides, thing: Thing, key: str, before: Mapping[str, Text], after: Mapping[str, Text]
) -> Iterator[Change]:
    choices = several("选项", "choices", lambda words, pair: quoted(pair[1]))
    same_words = {name: title for name, title in after.items() if before.get(name) == title}
    retold = [name for name in after if name in before and name not in same_words]
    for name in retold:
        of = Thing(thing.kind, f"{thing.place}.choices.{name}", thing.owner)
        label = Text(f"选项“{before[name].zh}”的名称", f"title of the choice “{before[name].en}”")
        yield from retitled(of, "", label, before[name], after[name])
    yield from choices(
        sides, thing, key,
        {n: t for n, t in before.items() if n not in retold}, {n: t for n, t in after.items() if n not in retold},
    )  # fmt: skip


FACT: Tellers = {
    "type": worded("类型", "type", _type),
    "title": text("名称", "title"),
    "help": text("说明", "help"),
    "least": plain("下限", "least value"),
    "most": plain("上限", "greatest value"),
    "choices": _choices,
    "role": worded("所填人员须任的岗位", "role whom it names must hold", Words.role),
    "earliest": worded("最早日期", "earliest day", _bound),
    "latest": worded("最晚日期", "latest day", _bound),
}

PERSON: Tellers = {
    "title": text("名称", "title"),
    "role": worded("须任的岗位", "role it takes", Words.role),
    "many": switch(
        Text("改为可由多人担任", "may now be held by several"),
        Text("改为只由一人担任", "may now be held by one alone"),
    ),
    "sits": switch(
        Text("改为审理本案的人", "is now one who decides the case"),
        Text("不再是审理本案的人", "is no longer one who decides the case"),
    ),
    "gathers": switch(
        Text("改为逐人加入", "now gathers one after another"),
        Text("改为后任取代前任", "is now replaced by whoever is assigned next"),
    ),
}

MATTER: Tellers = {
    "procedure": worded("所用程序", "procedure", Words.procedure),
    "per": worded("逐一开立的对象", "party or case each is opened for", Words.party),
    "at_end": worded("案件办结时的处理", "fate when the case ends", lambda words, end: _AT_END[end]),
    "bars": worded("办理期间暂停参与的人", "person who steps back meanwhile", Words.fact),
}

BORROWED: Tellers = {
    "persons": several("借用的人员", "borrowed persons", Words.relation),
    "facts": several("借用的信息项", "borrowed facts", Words.fact),
    "clocks": several("借用的审限", "borrowed clocks", Words.clock),
    "matters": several("借用的事项", "borrowed matters", Words.matter),
}

CHAIN: Tellers = {
    "levels": _levels,
    "passed": worded("通过后的状态", "state after the last level", Words.state),
    "document": worded("所签文书", "document that is signed", Words.document),
    "carries": switch(
        Text("改为可以沿用已有签署", "can now carry signatures to a new draft"),
        Text("改为不得沿用已有签署", "can no longer carry signatures to a new draft"),
    ),
}

LEVEL: Tellers = {
    "title": text("名称", "title"),
    "role": worded("核阅岗位", "role", Words.role),
    "members": plain("人数", "number of members"),
    "majority": plain("通过所需人数", "number that suffices"),
    "against": worded("反对意见的记录", "record of votes against", Words.relation),
    "resumed": worded("退回后查看差异的状态", "state that shows the difference", Words.state),
}
