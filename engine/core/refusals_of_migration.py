"""Refusals of migrations: what stands in the way of bringing a matter to another version of its definition.

Room for: one function a refusal; codes stay stable for programs.
May not enter: deciding whether to refuse (`migrating.py`).
"""

from __future__ import annotations

from collections.abc import Sequence

from engine.model.answers import Refusal
from engine.model.case import Matter
from engine.model.procedure import Fact, Procedure, State
from engine.text import Text


def no_counterpart(matter: Matter, state: Text, new: Procedure) -> Refusal:
    """The new version has no state of that name, and none was named for it; one with the same title is proposed."""
    open_ones = [one for one in new.states.values() if not one.final]
    twins = [one.name for one in open_ones if one.title == state]
    named = Text("请指明对应状态：--map {name}={to}", "Name its counterpart: --map {name}={to}")
    among = Text(
        "请指明对应状态：--map {name}=新状态，可用：{states}",
        "Name its counterpart: --map {name}=STATE, one of: {states}",
    )
    return _no(
        matter,
        "no_counterpart",
        Text(
            "新版本没有状态“{state}”（{name}）。", "The new version has no state “{state}” ({name})."
        ).filled(state=state, name=matter.state),
        (named if len(twins) == 1 else among).filled(
            name=matter.state, to="".join(twins), states=", ".join(one.name for one in open_ones)
        ),
        fact=matter.state,
    )


def ends_there(matter: Matter, target: State) -> Refusal:
    """A migration must not end a matter."""
    return _no(
        matter, "final_state",
        Text("“{state}”是终结状态，转版不能使事项办结。", "“{state}” is final; a migration cannot end a matter.").filled(state=target.title),
        Text("请改用未终结的状态", "Name a state that is not final"), fact=target.name,
    )  # fmt: skip


def goes_on(matter: Matter, target: State, next_: State) -> Refusal:
    """In the new state a reaction would hold at once."""
    return _no(
        matter, "goes_on",
        Text(
            "在“{state}”中会立即自动转入“{next}”。", "From “{state}” it would go on to “{next}” by itself at once."
        ).filled(state=target.title, next=next_.title),
        Text("请直接对应到该状态：--map {name}={to}", "Map it there: --map {name}={to}").filled(name=matter.state, to=next_.name),
        fact=target.name,
    )  # fmt: skip


def not_signed(matter: Matter, level: Text, target: State) -> Refusal:
    """A migration must not stand in for a signature."""
    return _no(
        matter, "not_signed",
        Text("“{level}”尚未签署，不能直接转到“{state}”。", "“{level}” has not signed, so it cannot go on at “{state}”.").filled(level=level, state=target.title),
        Text("请对应到尚待签署的级次", "Map it to the level that is to sign next"), fact=target.name,
    )  # fmt: skip


def signed_otherwise(matter: Matter, level: Text) -> Refusal:
    """What was signed was signed under the levels of the version before."""
    return _no(
        matter, "signed_otherwise",
        Text("“{level}”已按原版本的级次签署，新版本级次不同。", "“{level}” has signed under the levels of the version before, and the new one has others.").filled(level=level),
        Text("请在核阅办结或者退回重新核阅后转版", "Migrate it once the review is over or begins anew"), fact=level.en,
    )  # fmt: skip


def nobody_there(matter: Matter, target: State) -> Refusal:
    """Nobody could act on the matter in its new state."""
    return _no(
        matter, "nobody",
        Text("在“{state}”中无人可办。", "In “{state}” nobody could act on it.").filled(state=target.title),
        Text("请先指定人员或任命岗位，或改用其他状态", "Assign somebody or give the role first, or map it elsewhere"),
        fact=target.name,
    )  # fmt: skip


def waits_for_nothing(matter: Matter, target: State, awaited: Text) -> Refusal:
    """The new state waits for a matter that is not open."""
    return _no(
        matter, "waits_for_nothing",
        Text(
            "“{state}”等待“{kind}”，而本案没有正在办理的“{kind}”。", "“{state}” waits for “{kind}”, and none is open on this case."
        ).filled(state=target.title, kind=awaited),
        Text("请改用其他状态", "Map it elsewhere"), fact=target.name,
    )  # fmt: skip


def fact_changed(matter: Matter, fact: Fact, value: Text | None) -> Refusal:
    """A fact that is known has another type in the new version, or a value it does not offer any more."""
    reason = Text(
        "“{fact}”已填写，而新版本改变了它的类型。",
        "“{fact}” is known, and the new version gives it another type.",
    )
    if value is not None:
        reason = Text(
            "“{fact}”已填写“{value}”，而新版本没有该选项。", "“{fact}” is “{value}”, which the new version does not offer."
        )  # fmt: skip
    return _no(
        matter, "fact_changed", reason.filled(fact=fact.title, value=value or ""),
        Text("请在新版本中另立名称，或保留原类型与选项", "Give it another name in the new version, or keep its type and choices"),
        fact=fact.name,
    )  # fmt: skip


def relation_gone(matter: Matter, name: str, title: Text) -> Refusal:
    """Somebody holds a relation that the new version does not know."""
    return _no(
        matter, "relation_gone",
        Text("已有人担任“{who}”，而新版本没有这一人员。", "Somebody is “{who}”, whom the new version does not know.").filled(who=title),
        Text("请在新版本中保留 persons.{name}", "Keep persons.{name} in the new version").filled(name=name), fact=name,
    )  # fmt: skip


def clock_gone(matter: Matter, name: str, title: Text) -> Refusal:
    """A clock of the case has begun that the new version does not know."""
    return _no(
        matter, "clock_gone",
        Text("“{clock}”已起算，而新版本没有这一审限。", "“{clock}” has begun, and the new version does not know it.").filled(clock=title),
        Text("请在新版本中保留 clocks.{name}", "Keep clocks.{name} in the new version").filled(name=name), fact=name,
    )  # fmt: skip


def does_not_fit(matter: Matter, other: Text, missing: Sequence[str]) -> Refusal:
    """The case and one of its open matters would not fit together any more."""
    return _no(
        matter, "does_not_fit",
        Text("与“{other}”不能配合，缺少：{missing}。", "It would not fit with “{other}”; missing: {missing}.").filled(other=other, missing=", ".join(missing)),
        Text("请先将“{other}”转到相配的版本，或待其办结", "Bring “{other}” to a version that fits first, or let it end").filled(other=other),
        fact=", ".join(missing),
    )  # fmt: skip


def moved_since(matter: Matter) -> Refusal:
    """The matter has moved since it was migrated, so it is not put back."""
    return _no(
        matter, "moved_since",
        Text("转版之后已经办理过，不能恢复。", "It has moved since it was migrated and is not put back."),
        Text("请用 anxu migrate 再转一次", "Migrate it once more with anxu migrate"),
    )  # fmt: skip


def not_open(matter: Matter) -> Refusal:
    """The matter has ended."""
    return _no(
        matter, "ended", Text("事项已经办结。", "The matter has ended."), Text("无需转版", "Nothing has to be done"),
    )  # fmt: skip


def _no(matter: Matter, code: str, reason: Text, enables: Text, fact: str | None = None) -> Refusal:
    return Refusal(
        code=code, reason=reason, guard="migration", fact=fact, enables=enables, matter=matter.id
    )  # fmt: skip
