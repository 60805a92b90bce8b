"""Difference of registers: offices, roles, procedures, targets, ladders rung by rung, channels.

Room for: one teller a field of a register and what it holds.
May not enter: procedures themselves (`whole.py`), how a changed value is said (`frame.py`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from engine.language.difference.frame import (
    Change,
    Sides,
    Teller,
    Tellers,
    Thing,
    Word,
    ordered,
    plain,
    quoted,
    several,
    switch,
    text,
    told,
    valued,
    worded,
)
from engine.language.difference.parts import documents_told
from engine.language.difference.words import Words
from engine.model.register import Channel, Quiet, Register, RegisteredProcedure, Rung, TargetPolicy
from engine.text import Text, day_text, together

_ANCHORS = {
    "limit": Text("期限届满日", "the last day"),
    "target": Text("目标日", "the target"),
    "stop": Text("中止日", "the day of the stop"),
}

_MEANT = {
    "handler": Text("经办人", "the handler"),
    "awaited": Text("待办人", "whoever is awaited"),
    "next_level": Text("下一级", "the next level"),
}

_OWNER = Text("登记册", "the register")


def registers_told(sides: Sides, old: Register, new: Register) -> Iterator[Change]:
    """Yield every difference between two registers."""
    yield from told(sides, Thing("register", "", _OWNER), old, new, REGISTER)


def _procedures(
    sides: Sides, thing: Thing, key: str, before: Mapping[str, Any], after: Mapping[str, Any]
) -> Iterator[Change]:
    for name in before:
        if name not in after:
            clause = Text("不再登记程序{title}", "the procedure {title} is no longer registered")
            yield Change("procedure", f"{key}.{name}", clause.filled(title=sides.old.procedure(name)))
    for name, one in after.items():
        title, old = sides.new.procedure(name), before.get(name)
        of = Thing("procedure", f"{key}.{name}", Text(f"程序{title.zh}", f"the procedure {title.en}"))
        if old is None:
            yield of.change(
                "", Text("登记程序{title}", "the procedure {title} is registered").filled(title=title)
            )
            old = RegisteredProcedure(name, "")
        yield from told(sides, of, old, one, PROCEDURE)
    yield from ordered(thing, key, Text("程序", "procedures"), before, after)


def _texts(kind: str, one: Text, many: Text, what: Text) -> Teller:
    """Return what tells of a table of names, each with one text; *what* that text is called."""

    def tell(
        sides: Sides, thing: Thing, key: str, before: Mapping[str, str], after: Mapping[str, str]
    ) -> Iterator[Change]:
        del sides
        for name in dict.fromkeys((*before, *after)):
            of = Thing(kind, f"{key}.{name}", Text(f"{one.zh}“{name}”", f"the {one.en} “{name}”"))
            was = Word(before[name], quoted(Text(before[name], before[name]))) if name in before else None
            now = Word(after[name], quoted(Text(after[name], after[name]))) if name in after else None
            if was != now:
                yield from valued(of, "", what, was, now)
        yield from ordered(thing, key, many, before, after)

    return tell


def _targets(
    sides: Sides, thing: Thing, key: str, before: tuple[TargetPolicy, ...], after: tuple[TargetPolicy, ...]
) -> Iterator[Change]:
    old, new = {_spoken_of(one): one for one in before}, {_spoken_of(one): one for one in after}
    for kept, one in old.items():
        if kept not in new:
            clause = Text("不再有{target}（{length}）", "{target} is gone ({length})")
            said = clause.filled(target=_target(sides.old, one), length=one.target.in_words())
            yield Change("target", key, said)
    for kept, one in new.items():
        of = Thing("target", key, _target(sides.new, one))
        if kept in old:
            yield from told(sides, of, old[kept], one, TARGET)
            continue
        clause = Text("新设{target}：{length}", "new: {target}, {length}")
        yield of.change("", clause.filled(target=of.owner, length=one.target.in_words()))
        blank = TargetPolicy(one.target, one.since, "", one.procedure, one.clock, one.track)
        yield from told(sides, of, blank, one, TARGET)
    if (
        [k for k in old if k in new] != [k for k in new if k in old]
        or len(before) != len(old)
        or len(after) != len(new)
    ):
        yield thing.change(
            key, Text("各目标的顺序或者重复项有改动", "the targets stand in another order or are said twice")
        )


def _spoken_of(one: TargetPolicy) -> tuple[Any, ...]:
    return one.procedure, one.clock, one.track, one.since


def _target(words: Words, one: TargetPolicy) -> Text:
    whose = words.procedure(one.procedure) if one.procedure else Text("本机构", "the institution")
    more = [Text(f"，审限“{one.clock}”", f", clock “{one.clock}”")] if one.clock else []
    more += [Text(f"，办理方式“{one.track}”", f", track “{one.track}”")] if one.track else []
    since = day_text(one.since)
    return Text(
        f"{whose.zh}自{since.zh}起的目标{''.join(m.zh for m in more)}",
        f"the target of {whose.en} from {since.en}{''.join(m.en for m in more)}",
    )


def _ladders(
    sides: Sides,
    thing: Thing,
    key: str,
    before: Mapping[str, tuple[Rung, ...]],
    after: Mapping[str, tuple[Rung, ...]],
) -> Iterator[Change]:
    for name in before:
        if name not in after:
            yield Change(
                "ladder", f"{key}.{name}", Text(f"删除提醒阶梯“{name}”", f"the ladder “{name}” is gone")
            )
    for name, rungs in after.items():
        if name not in before:
            yield Change("ladder", f"{key}.{name}", Text(f"新增提醒阶梯“{name}”", f"new ladder “{name}”"))
        yield from _rungs(sides, f"{key}.{name}", name, before.get(name, ()), rungs)
    yield from ordered(thing, key, Text("提醒阶梯", "ladders"), before, after)


def _rungs(
    sides: Sides, place: str, ladder: str, before: tuple[Rung, ...], after: tuple[Rung, ...]
) -> Iterator[Change]:
    old, new = {rung.name: rung for rung in before}, {rung.name: rung for rung in after}
    for name, rung in old.items():
        if name not in new:
            clause = Text("阶梯“{ladder}”删除{rung}", "the ladder “{ladder}” loses {rung}")
            yield Change("rung", f"{place}.{name}", clause.filled(ladder=ladder, rung=_rung(sides.old, rung)))
    for name, rung in new.items():
        if name not in old:
            clause = Text("阶梯“{ladder}”增加{rung}", "the ladder “{ladder}” gains {rung}")
            yield Change("rung", f"{place}.{name}", clause.filled(ladder=ladder, rung=_rung(sides.new, rung)))
            continue
        owner = Text(f"阶梯“{ladder}”的{name}", f"{name} of the ladder “{ladder}”")
        yield from _moment(Thing("rung", f"{place}.{name}", owner), old[name], rung)
        told_as = Rung(name, old[name].anchor, old[name].days, rung.to, rung.says, rung.every, rung.opens)
        yield from told(sides, Thing("rung", f"{place}.{name}", owner), old[name], told_as, RUNG)
    if [n for n in old if n in new] != [n for n in new if n in old]:
        clause = Text(
            "阶梯“{ladder}”各级的顺序有改动", "the rungs of the ladder “{ladder}” stand in another order"
        )
        yield Change("ladder", place, clause.filled(ladder=ladder))


def _moment(thing: Thing, old: Rung, new: Rung) -> Iterator[Change]:
    if (old.anchor, old.days) != (new.anchor, new.days):
        clause = Text("{rung}由{was}改为{now}", "{rung} comes {now} instead of {was}")
        yield thing.change("when", clause.filled(rung=thing.owner, was=_when(old), now=_when(new)))


def _when(rung: Rung) -> Text:
    anchor, n = _ANCHORS[rung.anchor], abs(rung.days)
    if not n:
        return Text(f"{anchor.zh}当日", f"on {anchor.en}")
    days = f"{n} day{'' if n == 1 else 's'}"
    if rung.days < 0:
        return Text(f"{anchor.zh}前{n}日", f"{days} before {anchor.en}")
    return Text(f"{anchor.zh}后{n}日", f"{days} after {anchor.en}")


def _rung(words: Words, rung: Rung) -> Text:
    every = Text(f"，每{rung.every}日一次", f", every {rung.every} days") if rung.every else Text("", "")
    opens = _opened(words, rung.opens) if rung.opens else None
    more = Text(f"，并开立{opens.zh}", f", opening {opens.en}") if opens else Text("", "")
    said = Text(
        "{name}（{when}{every}，通知{to}：“{says}”{more}）", "{name} ({when}{every}, to {to}: “{says}”{more})"
    )
    return said.filled(
        name=rung.name, when=_when(rung), every=every, says=rung.says, more=more,
        to=together(_meant(words, one) for one in rung.to),
    )  # fmt: skip


def _meant(words: Words, who: str) -> Text:
    return _MEANT.get(who) or words.role(who)


def _opened(words: Words, kind: str) -> Text:
    return words.procedure(kind)


def _channels(
    sides: Sides, thing: Thing, key: str, before: Mapping[str, Channel], after: Mapping[str, Channel]
) -> Iterator[Change]:
    for name, one in before.items():
        if name not in after:
            clause = Text("不再使用通知渠道{title}", "the channel {title} is no longer used")
            yield Change("channel", f"{key}.{name}", clause.filled(title=quoted(one.title)))
    for name, one in after.items():
        of = Thing(
            "channel", f"{key}.{name}", Text(f"通知渠道“{one.title.zh}”", f"the channel “{one.title.en}”")
        )
        if name not in before:
            yield of.change(
                "", Text("新增通知渠道{title}", "new channel {title}").filled(title=quoted(one.title))
            )
        yield from told(sides, of, before.get(name, Channel(name, one.kind, one.title)), one, CHANNEL)
    yield from ordered(thing, key, Text("通知渠道", "channels"), before, after)


def _hours(_: Words, quiet: Quiet) -> Text:
    begins, ends = quiet.begins.strftime("%H:%M"), quiet.ends.strftime("%H:%M")
    return Text(f"{begins}至{ends}", f"{begins} to {ends}")


REGISTER: Tellers = {
    "institution": plain("机构代号", "institution"),
    "title": text("机构名称", "title"),
    "zone": plain("时区", "time zone"),
    "rehearsal": switch(
        Text("改为演练模式", "is now that of a rehearsal"),
        Text("改为正式模式", "is now that of an office in use"),
    ),
    "offices": documents_told,
    "roles": documents_told,
    "procedures": _procedures,
    "fragments": _texts(
        "fragment", Text("片段", "fragment"), Text("片段", "fragments"), Text("文件", "file")
    ),
    "targets": _targets,
    "ladders": _ladders,
    "work_begins": plain("上班时间", "time work begins"),
    "corrected_by": several("可更正记录的岗位", "correcting roles", Words.role),
    "amber_days": plain("黄灯天数", "number of amber days"),
    "sources": _texts(
        "source", Text("依据", "source"), Text("依据", "sources"), Text("英文名称", "English name")
    ),
    "channels": _channels,
    "quiet": worded("免打扰时段", "quiet hours", _hours),
    "urgent": switch(
        Text("改为当日到期的可在免打扰时段通知", "now lets what is due today break the quiet hours"),
        Text("改为任何通知都不打破免打扰时段", "now keeps its quiet hours whatever is due"),
    ),
    "console_url": plain("办案台网址", "address of the console"),
    "hashed": plain("散列算法", "hash of the chains"),
}

CHANNEL: Tellers = {
    "kind": plain("种类", "kind"),
    "title": text("名称", "title"),
    "secret": plain("密钥存放处", "place of its secret"),
    "host": plain("主机", "host"),
    "port": plain("端口", "port"),
    "secure": plain("加密方式", "way its line is secured"),
    "sender": plain("发件地址", "sender"),
    "user": plain("账户", "user"),
    "parties": switch(
        Text("可写明当事人姓名", "may now carry the names of parties"),
        Text("不再写明当事人姓名", "no longer carries the names of parties"),
    ),
}

PROCEDURE: Tellers = {
    "file": plain("文件", "file"),
    "series": plain("案号字", "series of numbers"),
    "number": plain("案号格式", "pattern of numbers"),
}

TARGET: Tellers = {"target": plain("天数", "length"), "basis": plain("依据", "basis")}

RUNG: Tellers = {
    "to": several("通知对象", "persons told", lambda words, who: _meant(words, who)),
    "says": text("提醒内容", "words"),
    "every": plain("重复间隔（日）", "number of days between repeats"),
    "opens": worded("开立的事项", "matter it opens", _opened),
}
"""When a rung comes is told in one sentence from its anchor and days."""
