"""Difference of states: where a matter can be, who is awaited there, by when, and what happens there by itself.

Room for: one teller a field of a state, a term, a clock and a reaction.
May not enter: moves (`moves.py`), how a changed value is said (`frame.py`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from engine.language.difference.frame import (
    Change,
    Sides,
    Tellers,
    Thing,
    bracketed,
    ordered,
    plain,
    quoted,
    several,
    switch,
    text,
    told,
    worded,
)
from engine.language.difference.moves import moves_told
from engine.language.difference.words import Words
from engine.model.counterparts import counterparts
from engine.model.procedure import Clock, Reaction, State, Term
from engine.text import Text

LADDER = ("提醒阶梯", "ladder of alerts")


def states_told(
    sides: Sides, thing: Thing, key: str, before: Mapping[str, State], after: Mapping[str, State]
) -> Iterator[Change]:
    """Yield every difference between the states of two versions, what is in them included."""
    for name, state in before.items():
        if name not in after:
            clause = Text("删除状态“{state}”", "the state “{state}” is gone")
            yield Change("state", f"states.{name}", clause.filled(state=state.title))
    for name, state in after.items():
        if name in before:
            yield from _state(sides, before[name], state)
        else:
            yield from _new_state(sides, state)
    yield from ordered(thing, key, Text("状态", "states"), before, after)
    yield from moves_told(sides, [(before.get(name), state) for name, state in after.items()])


def _state(sides: Sides, old: State, new: State) -> Iterator[Change]:
    thing = Thing("state", f"states.{new.name}", Text(f"状态“{new.title.zh}”", f"“{new.title.en}”"))
    bare = replace(new, terms=old.terms, moves=old.moves)
    yield from told(sides, thing, old, bare, STATE)
    yield from _terms_of_state(sides, old, new)


def _new_state(sides: Sides, state: State) -> Iterator[Change]:
    place = f"states.{state.name}"
    title, stage = state.title, sides.new.stage(state.stage)
    clause = Text("新增状态“{state}”，属于阶段{stage}", "new state “{state}” in the stage {stage}")
    yield Change("state", place, clause.filled(state=title, stage=stage))
    yield from _state(sides, State(state.name, title, state.stage), state)


def _terms_of_state(sides: Sides, old: State, new: State) -> Iterator[Change]:
    pairs, place = counterparts(old.terms, new.terms), f"states.{new.name}.within"
    owner = Text(f"状态“{new.title.zh}”", f"“{new.title.en}”")
    for m, term in enumerate(old.terms):
        if m not in pairs.values():
            clause = Text("{owner}不再有期限{term}", "{owner} no longer has the limit {term}")
            yield Change("term", place, clause.filled(owner=owner, term=_term_said(sides.old, term)))
    for n, term in enumerate(new.terms):
        if n not in pairs:
            clause = Text("{owner}增加期限{term}", "{owner} gains the limit {term}")
            yield Change("term", place, clause.filled(owner=owner, term=_term_said(sides.new, term)))
        else:
            within, at = _term_owner(term, owner), place if len(new.terms) == 1 else f"{place}.{n + 1}"
            yield from told(
                sides, Thing("term", at, within), replace(old.terms[pairs[n]], name=term.name), term, TERM
            )
    in_order = [pairs[n] for n in sorted(pairs)]
    if in_order != sorted(in_order):
        clause = Text("{owner}各期限的顺序有改动", "the limits of {owner} stand in another order")
        yield Change("term", place, clause.filled(owner=owner))


def _term_owner(term: Term, state: Text) -> Text:
    if term.title is None:
        return state
    return Text(f"{state.zh}中“{term.title.zh}”", f"“{term.title.en}” in {state.en}")


def _term_said(words: Words, term: Term) -> Text:
    title = quoted(term.title) if term.title else Text("", "")
    anchor = Text("", "")
    if term.before:
        anchor = Text("，在{fact}之前", ", before {fact}").filled(fact=words.fact(term.before))
    elif term.of:
        anchor = Text("，自{fact}起", ", from {fact}").filled(fact=words.fact(term.of))
    length = term.limit.in_words()
    ladder = Text("，提醒阶梯“{name}”", ", ladder “{name}”").filled(name=term.ladder) if term.ladder else None
    basis = Text(f"，依据“{term.basis}”", f", by “{term.basis}”") if term.basis else None
    runs = Text("，中止期间照常进行", ", running while suspended") if term.runs_while_suspended else None
    exact = Text("，不因休息日顺延", ", rest day or not") if term.exact else None
    when = (
        Text("，限于{guard}", ", only if {guard}").filled(guard=words.guard(term.when)) if term.when else None
    )
    rest = [anchor, *(one for one in (when, ladder, basis, runs, exact) if one)]
    zh, en = "".join(one.zh for one in rest), "".join(one.en for one in rest)
    return Text(f"{title.zh}（{length.zh}{zh}）", f"{title.en} ({length.en}{en})".lstrip())


def terms_told(
    sides: Sides, thing: Thing, key: str, before: Mapping[str, Term], after: Mapping[str, Term]
) -> Iterator[Change]:
    """Yield every difference between the terms that have a name of their own."""
    for name, term in before.items():
        if name not in after:
            clause = Text("删除期限{term}", "the limit {term} is gone").filled(
                term=_term_said(sides.old, term)
            )
            yield Change("term", f"terms.{name}", clause)
    for name, term in after.items():
        if name in before:
            owner = Text(f"期限“{term.title.zh}”", f"“{term.title.en}”") if term.title else Text(name, name)
            yield from told(sides, Thing("term", f"terms.{name}", owner), before[name], term, TERM)
        else:
            clause = Text("新增期限{term}", "new limit {term}").filled(term=_term_said(sides.new, term))
            yield Change("term", f"terms.{name}", clause)
    yield from ordered(thing, key, Text("期限", "limits"), before, after)


def clocks_told(
    sides: Sides, thing: Thing, key: str, before: Mapping[str, Clock], after: Mapping[str, Clock]
) -> Iterator[Change]:
    """Yield every difference between the clocks of two versions."""
    for name, clock in before.items():
        if name not in after:
            clause = Text("删除审限“{clock}”", "the clock “{clock}” is gone").filled(clock=clock.title)
            yield Change("clock", f"clocks.{name}", clause)
    for name, clock in after.items():
        of = Thing("clock", f"clocks.{name}", quoted(clock.title))
        old = before.get(name)
        if old is None:
            clause = Text("新增审限“{clock}”，{limit}", "new clock “{clock}” of {limit}")
            yield Change("clock", of.place, clause.filled(clock=clock.title, limit=clock.limit.in_words()))
            old = Clock(name, clock.title, clock.limit)
        yield from told(sides, of, old, clock, CLOCK)
    yield from ordered(thing, key, Text("审限", "clocks"), before, after)


def reaction(words: Words, one: Reaction) -> Text:
    """Return what happens by itself, and when."""
    said = Text("（如{guard}，自动转入{state}）", "(if {guard}, on to {state})")
    return said.filled(guard=words.guard(one.when), state=words.state(one.target))


STATE: Tellers = {
    "title": text("名称", "title"),
    "stage": worded("所属阶段", "stage", Words.stage),
    "awaits": several("待办人", "awaited persons", lambda words, who: words.who(who)),
    "awaits_matter": worded("所等事项", "matter waited for", Words.matter),
    "clock": worded("所依审限", "clock that limits the stay", Words.clock),
    "reactions": several("自动转入", "reactions", reaction),
    "outcome": plain("办结结果", "outcome"),
}
"""Terms and moves are told apart from these."""

TERM: Tellers = {
    "title": text("名称", "title"),
    "limit": plain("期限", "limit"),
    "of": worded("起算日", "day it counts from", Words.fact),
    "before": worded("倒算所据之日", "day it counts back from", Words.fact),
    "ladder": plain(*LADDER),
    "basis": plain("依据", "basis"),
    "runs_while_suspended": switch(
        Text("的期限在中止期间改为照常进行", "has a limit that now runs while the case is suspended"),
        Text("的期限在中止期间改为停止计算", "has a limit that now stands still while the case is suspended"),
    ),
    "when": worded(
        "期限适用的条件", "condition of the limit", lambda words, guard: bracketed(words.guard(guard))
    ),
    "exact": switch(
        Text(
            "的期限改为当日届满，不因休息日顺延",
            "has a limit that now ends on the day itself, rest day or not",
        ),
        Text("的期限改为逢休息日顺延", "has a limit that now rolls on from a rest day"),
    ),
}

CLOCK: Tellers = {
    "title": text("名称", "title"),
    "limit": plain("期限", "limit"),
    "basis": plain("依据", "basis"),
    "extension_most": plain("延期上限", "greatest extension"),
    "extension_by": several("可批准延期的岗位", "extending roles", Words.role),
    "exceptions_by": several("可特批的岗位", "excepting roles", Words.role),
    "late": worded("期后补录的审批事项", "matter that approves late entries", Words.matter),
    "ladder": plain(*LADDER),
}
