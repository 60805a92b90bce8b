"""Difference of moves: who may do what, where it leads, and what it does beside that.

Room for: one teller a field of a move, its branches and effects in words; the same change in many states said once.
May not enter: how a changed value is said (`frame.py`), states and limits.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from engine.language.difference.frame import (
    Change,
    Sides,
    Tellers,
    Thing,
    Word,
    bracketed,
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
from engine.language.difference.words import Words
from engine.model.procedure import (
    ACT_DATE,
    ACTOR,
    STAYS,
    Branch,
    ClockEffect,
    InTime,
    Joining,
    Move,
    Requirement,
    State,
)
from engine.text import Text, together

MOST_NAMED = 4
"""How many states a sentence names before it counts them."""

_VERBS = {
    "start": Text("起算{clock}", "starts {clock}"),
    "suspend": Text("中止{clock}", "suspends {clock}"),
    "resume": Text("恢复{clock}", "resumes {clock}"),
    "publication": Text("在{clock}中扣除公告期间", "leaves the days of publication out of {clock}"),
    "exclude": Text("在{clock}中扣除不计入的天数", "leaves days out of {clock}"),
    "restart": Text("重新计算{clock}", "starts {clock} anew"),
    "extend": Text("延长{clock}", "extends {clock}"),
    "end": Text("结束{clock}", "ends {clock}"),
    "target": Text("为本案设定{clock}的目标", "sets the target of {clock} for this case"),
    "strike": Text("否定{clock}的一项补录", "strikes a late entry of {clock}"),
}


# --- the moves of a state ---------------------------------------------------------------------------------


def moves_told(
    sides: Sides, states: Iterable[tuple[State | None, State]], first: str = "states"
) -> Iterator[Change]:
    """Yield what differs between the moves of each pair of states; what is the same in several states is said once."""
    found: dict[tuple[str, str, str, str], list[State]] = {}
    changes: dict[tuple[str, str, str, str], Change] = {}
    for before, after in states:
        for change in _of_state(sides, before, after):
            key = (change.kind, change.place, change.sentence.zh, change.sentence.en)
            found.setdefault(key, []).append(after)
            changes[key] = change
    for key, where in found.items():
        change = changes[key]
        place = ", ".join(f"{first}.{state.name}.moves.{change.place}".rstrip(".") for state in where)
        names = _named([quoted(state.title) for state in where])
        clause = Text("在{where}中，{what}", "in {where}, {what}").filled(where=names, what=change.sentence)
        yield Change(change.kind, place, clause)


def move_told(sides: Sides, thing: Thing, old: Move, new: Move) -> Iterator[Change]:
    """Yield what differs between two versions of a move."""
    yield from told(sides, thing, old, new, MOVE)


def _of_state(sides: Sides, before: State | None, after: State) -> Iterator[Change]:
    old = before.moves if before else {}
    for name, move in old.items():
        if name not in after.moves:
            gone = Text("不再可以办理“{move}”", "“{move}” can no longer be done")
            yield Change("move", name, gone.filled(move=move.title))
    for name, move in after.moves.items():
        thing = Thing("move", name, quoted(move.title))
        if name in old:
            yield from move_told(sides, thing, old[name], move)
            continue
        come = Text("新增办理事项“{move}”：{what}", "“{move}” can now be done: {what}")
        yield Change("move", name, come.filled(move=move.title, what=_whole(sides.new, move)))
        blank = Move(name, move.title, move.source, move.by, move.branches)
        yield from move_told(sides, thing, blank, move)
    if before:
        state = Thing("state", "", Text("本状态", "this state"))
        yield from ordered(state, "", Text("办理事项", "moves"), old, after.moves)


def _whole(words: Words, move: Move) -> Text:
    who = [words.who(one) for one in move.by]
    said = Text("由{who}办理，{where}", "by {who}, {where}")
    return said.filled(
        who=Text("或".join(w.zh for w in who), " or ".join(w.en for w in who)),
        where=branches_said(words, move.branches),
    )


def _named(titles: list[Text]) -> Text:
    if len(titles) > MOST_NAMED:
        return Text(
            f"{titles[0].zh}等{len(titles)}个状态", f"{titles[0].en} and {len(titles) - 1} other states"
        )
    return together(titles)


# --- where a move leads -----------------------------------------------------------------------------------


def branches_said(words: Words, branches: tuple[Branch, ...]) -> Text:
    """Return where a move leads, as a clause."""
    if not branches:
        return Text("留在原状态", "staying in the same state")
    said = [_branch(words, branch, len(branches) > 1) for branch in branches]
    return Text("；".join(s.zh for s in said), "; ".join(s.en for s in said))


def _branch(words: Words, branch: Branch, among: bool) -> Text:
    where = words.state(branch.target)
    to = (
        Text("留在原状态", "staying in the same state")
        if branch.target is None
        else Text("转入{where}", "to {where}").filled(where=where)
    )
    if branch.release:
        gone = together(words.relation(name) for name in branch.release)
        to = Text("{to}（解除{gone}）", "{to} (releasing {gone})").filled(to=to, gone=gone)
    if branch.when is not None:
        guard = words.guard(branch.when)
        return Text("如{guard}，{to}", "if {guard}, {to}").filled(guard=guard, to=to)
    return Text("否则{to}", "otherwise {to}").filled(to=to) if among else to


def _branches(
    sides: Sides, thing: Thing, key: str, before: tuple[Branch, ...], after: tuple[Branch, ...]
) -> Iterator[Change]:
    if len(before) == len(after) > 1:
        # Of many branches only those that differ are worth reading.
        for number, (old, new) in enumerate(zip(before, after, strict=True), 1):
            if old != new:
                label = Text(f"第{number}种去向", f"way {number}")
                was, now = _branch(sides.old, old, True), _branch(sides.new, new, True)
                yield from valued(
                    thing, key, label, Word(_ways([old]), bracketed(was)), Word(_ways([new]), bracketed(now))
                )
        return
    was, now = branches_said(sides.old, before), branches_said(sides.new, after)
    label = Text("去向", "outcome")
    yield from valued(
        thing, key, label, Word(_ways(before), bracketed(was)), Word(_ways(after), bracketed(now))
    )


def _ways(branches: Iterable[Branch]) -> str:
    return ", ".join(branch.target or STAYS for branch in branches)


# --- what a move does -------------------------------------------------------------------------------------


def clock_effect(words: Words, effect: ClockEffect) -> Text:
    """Return what a move does to a clock."""
    said = _VERBS[effect.verb].filled(clock=words.clock(effect.clock))
    named = (
        (effect.length, Text("天数见{fact}", "days from {fact}")),
        (effect.ref, Text("以{fact}区分", "told apart by {fact}")),
        (effect.on, Text("自{fact}起", "from {fact}")),
    )
    more = [text.filled(fact=words.fact(name)) for name, text in named if name]
    if not more:
        return said
    return Text(
        f"{said.zh}（{'，'.join(m.zh for m in more)}）", f"{said.en} ({', '.join(m.en for m in more)})"
    )


def requirement(words: Words, one: Requirement) -> Text:
    """Return what must hold, and what is told where it does not."""
    guard = words.guard(one.that)
    if one.otherwise is None:
        return bracketed(guard)
    said = Text("（{guard}；否则告知“{told}”）", "({guard}; else it says “{told}”)")
    return said.filled(guard=guard, told=one.otherwise)


def _assigned(words: Words, pair: tuple[str, str]) -> Text:
    relation, source = words.relation(pair[0]), pair[1]
    if source == ACTOR:
        return Text("{relation}为办理人", "{relation} is whoever acts").filled(relation=relation)
    said = Text("{relation}为{fact}所填人员", "{relation} is whom {fact} names")
    return said.filled(relation=relation, fact=words.fact(source))


def _set(words: Words, pair: tuple[str, str]) -> Text:
    fact, value = pair
    shown = Text("办理日期", "the day of the act") if value == ACT_DATE else words.value(fact, value)
    return Text("{fact}记为{value}", "{fact} becomes {value}").filled(fact=words.fact(fact), value=shown)


def _joining(words: Words, one: Joining) -> Text:
    said = Text("{role}，名称见{fact}", "{role}, named by {fact}")
    return said.filled(role=words.party(one.role), fact=words.fact(one.named))


def _in_time(words: Words, one: InTime) -> Text:
    term = words.term(one.term)
    if one.posted is None:
        return term
    said = Text("{term}（以{fact}的邮戳日期为准）", "{term} (by the postmark in {fact})")
    return said.filled(term=term, fact=words.fact(one.posted))


def _count(sides: Sides, thing: Thing, key: str, before: int | None, after: int | None) -> Iterator[Change]:
    del sides
    words = [
        Word(str(n), Text(f"{n}次", f"{n} time{'' if n == 1 else 's'}")) if n else None
        for n in (before, after)
    ]
    yield from valued(thing, key, Text("次数上限", "greatest number of times"), words[0], words[1])


MOVE: Tellers = {
    "name": plain("代号", "name in the file"),
    "source": worded("所在状态", "state it is done from", Words.state),
    "title": text("名称", "title"),
    "by": several("办理人", "entitled persons", lambda words, who: words.who(who)),
    "branches": _branches,
    "needs": several("必填项", "needed facts", Words.fact),
    "asks": several("选填项", "optional facts", Words.fact),
    "attach": several("应附文书", "required documents", Words.document),
    "requires": several("办理条件", "conditions", requirement),
    "not_by": several("不得办理的人", "barred persons", Words.relation),
    "holding": several("另须具备的岗位", "further roles", Words.role),
    "basis": plain("依据", "basis"),
    "clock": several("对审限的作用", "clock effects", clock_effect),
    "assign": several("指定的人员", "assignments", _assigned),
    "release": several("解除的人员", "released persons", Words.relation),
    "set": several("自动填写项", "facts set", _set),
    "open": several("开立的事项", "matters opened", Words.matter),
    "close": several("终止的事项", "matters closed", Words.matter),
    "notify": several("通知对象", "notified persons", lambda words, who: words.who(who)),
    "joins": worded("追加的当事人", "party it joins", _joining),
    "in_time": worded("须遵守的期限", "limit it must keep", _in_time),
    "not_before": several("须先届满的期限", "preceding limits", Words.term),
    "primary": switch(
        Text("改为主要办理事项", "is now part of the way forward"),
        Text("改为辅助办理事项", "is now aside of the way forward"),
    ),
    "at_most": _count,
    "waits": switch(
        Text("改为中止期间不得办理", "can no longer be done while a clock is suspended"),
        Text("改为中止期间也可办理", "can now be done while a clock is suspended"),
    ),
    "urgent": switch(
        Text("改为紧急事项，被申请回避的人员也可办理", "is now urgent: somebody whose recusal is asked for may do it"),
        Text("不再是紧急事项，被申请回避的人员不得办理", "is no longer urgent: somebody whose recusal is asked for may not do it"),
    ),
    "in_order": switch(
        Text("的去向改为依次判断，取第一个成立的", "now takes the first of its ways that holds"),
        Text("的去向改为互不重叠", "no longer has ways that may overlap"),
    ),
}  # fmt: skip
"""One teller a field."""
