"""Keys: the one list of what each construct of the language may say.

Room for: every key a definition or the register may carry, by construct, whether it must, and the shape of its value.
May not enter: what a key means (`workflows/README.md` says it to people, the readers to the machine), the shapes
themselves (`shapes.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import get_args

from engine.language import shapes as s
from engine.language.shapes import (
    ANY_ROLE,
    BOUND,
    DATE,
    DURATION,
    FILE,
    FLAG,
    GUARD,
    NAME,
    NAMES,
    PERIOD,
    STRING,
    TEXT,
    WHO,
    WHOLE,
    WHOS,
    Either,
    Named,
    Of,
    Several,
    Shape,
    Words,
    one_of,
)
from engine.model.hashing import HASHES
from engine.model.procedure import ACTOR, AtEnd, FactType
from engine.model.register import ChannelKind, Secure
from engine.text import Text

Keys = Mapping[str, Shape]


@dataclass(frozen=True, slots=True)
class Construct:
    """One kind of mapping in a file: the keys it must have and those it may have, each with the shape of its value.

    *single*: exactly one of them stands there. *ways*: they stand there in one of these sets, whole.
    """

    name: str
    said: Text
    required: Keys = field(default_factory=dict)
    optional: Keys = field(default_factory=dict)
    single: bool = False
    ways: tuple[tuple[str, ...], ...] = ()

    @property
    def keys(self) -> tuple[str, ...]:
        """Every key that is accepted here."""
        return (*self.required, *self.optional)

    @property
    def shapes(self) -> Keys:
        """The shape of each key."""
        return {**self.required, **self.optional}


_PARTY = one_of("party", Text("当事人地位", "a side"), "claimant", "respondent", "third_party")
_SIDES = one_of("sides", Text("当事人地位，或 none", "a side, or none"), *_PARTY.words, "none")
_ANY_PARTY = one_of("any party", Text("任一方当事人", "a party of any side"), "any party")
_SOURCES = one_of(
    "any open state", Text("任何未办结的状态", "every state that is not final"), "any open state"
)
_ACTOR = one_of("actor", Text("办理人", "whoever does the move"), ACTOR)
_VERB = one_of(
    "verb",
    Text("对时钟的动作", "what is done to a clock"),
    "start",
    "suspend",
    "resume",
    "restart",
    "end",
    "strike",
)
_LENGTH = Either((NAME, Of("length")))
_TARGET = Either((s.STATE, Several(Of("branch"))))
_ONE_TERM = Either((NAME, Of("term")))
_WITHIN = Either((NAME, Of("term"), Several(_ONE_TERM)))

# What a procedure declares by name; a fragment may hold any of it.
_NAMED: Keys = {
    "persons": Named(Of("person")),
    "apart": Several(Several(NAME, 2)),
    "clocks": Named(Of("clock")),
    "terms": Named(Of("named term")),
    "facts": Named(Of("fact")),
    "documents": Named(Of("document")),
    "matters": Named(Of("matter")),
}
_EFFECTS: Keys = {
    "clock": Named(Either((_VERB, Of("clock verb")))),
    "assign": Named(Either((_ACTOR, NAME))),
    "release": NAMES,
    "set": Named(s.VALUE),
    "open": NAMES,
    "close": NAMES,
    "notify": WHOS,
}
_ASKED: Keys = {"needs": NAMES, "asks": NAMES, "attach": NAMES, "requires": Several(Of("requirement"))}
_FORM: Keys = {**_ASKED, "basis": STRING}
_IN_TIME = Either((NAME, Of("in time")))
_WHEN: Keys = {"in_time": _IN_TIME, "not_before": NAMES, "at_most": s.COUNT, "waits_while_suspended": FLAG}
_MOVE: Keys = {
    "not_by": NAMES,
    "holding": Words(ANY_ROLE),
    "urgent": FLAG,
    "aside": FLAG,
    **_WHEN,
    "in_order": FLAG,
    **_FORM,
    **_EFFECTS,
    "joins": Of("joining"),
}
_SIGN: Keys = {"notify": WHOS, "open": NAMES, "waits_while_suspended": FLAG, **_FORM}
_TERM: Keys = {
    "of": NAME,
    "before": NAME,
    "when": GUARD,
    "exact": FLAG,
    "ladder": NAME,
    "basis": STRING,
    "runs_while_suspended": FLAG,
}
_STATES = Named(Of("state"))
_STAGES = Named(TEXT)
_STANDING = Named(Of("standing move"))

_ALL = (
    Construct(
        "procedure",
        Text("程序：案件，或案件之外的事项", "a procedure: of a case, or of a matter beside it"),
        {"procedure": NAME, "title": TEXT, "basis": STRING, "stages": _STAGES, "states": _STATES},
        {
            "uses": NAMES,
            "starts": NAME,
            "handler": NAME,
            "roles": Named(TEXT),
            "borrows": Of("borrows"),
            **_NAMED,
            "track": NAME,
            "opening": Of("opening"),
            "chain": Of("chain"),
            "moves": _STANDING,
        },
    ),
    Construct(
        "fragment",
        Text("片段：多个程序共用的部分", "a fragment: parts that several procedures share"),
        {"fragment": NAME},
        {"roles": Named(TEXT), "stages": _STAGES, **_NAMED, "states": _STATES, "moves": _STANDING},
    ),
    Construct("text", Text("中英文文字", "a text in both languages"), {"zh": STRING, "en": STRING}),
    Construct(
        "borrows",
        Text("事项从案件借用的", "what a matter uses of its case"),
        {},
        {"persons": NAMES, "facts": NAMES, "clocks": NAMES, "matters": NAMES},
    ),
    Construct(
        "person",
        Text("本案人员", "a person of the case"),
        {"title": TEXT, "role": NAME},
        {"many": FLAG, "gathers": FLAG, "sits": FLAG},
    ),
    Construct(
        "clock",
        Text("审限时钟", "an award period"),
        {"title": TEXT, "limit": PERIOD},
        {"extension": Of("extension"), "exceptions": NAMES, "late": NAME, "ladder": NAME, "basis": STRING},
    ),
    Construct(
        "extension", Text("延期", "whether and how a clock may be extended"), {"most": PERIOD, "by": NAMES}
    ),
    Construct(
        "fact",
        Text("事实", "what a form asks and a guard reads"),
        {
            "type": one_of("fact type", Text("事实类型", "the type of a fact"), *get_args(FactType)),
            "title": TEXT,
        },
        {"help": TEXT, "least": BOUND, "most": BOUND, "choices": Named(TEXT), "role": NAME},
    ),
    Construct("document", Text("文书", "a document"), {"zh": STRING, "en": STRING}, {"after": NAME}),
    Construct(
        "matter",
        Text("事项", "what may run beside the case"),
        {"procedure": NAME},
        {
            "per": Either((_PARTY, _ANY_PARTY, NAME)),
            "at_end": one_of("at end", Text("案件办结时", "when the case ends"), *get_args(AtEnd)),
            "bars": NAME,
        },
    ),
    Construct(
        "opening",
        Text("立案", "who may open a case and what that does"),
        {},
        {
            "by": WHOS,
            "title": TEXT,
            "parties": Words(_SIDES),
            "in_time": _IN_TIME,
            **_ASKED,
            **{key: shape for key, shape in _EFFECTS.items() if key not in ("release", "close")},
            "basis": STRING,
        },
    ),
    Construct(
        "state",
        Text("状态", "where a matter can be"),
        {"title": TEXT, "stage": NAME},
        {
            "awaits": Either((WHO, Several(WHO), Of("awaited matter"))),
            "within": _WITHIN,
            "moves": Named(Of("move")),
            "on": Several(Of("reaction")),
            "final": NAME,
        },
    ),
    Construct("awaited matter", Text("等待事项", "the matter waited for"), {"matter": NAME}),
    Construct("term", Text("期限", "a time limit"), {"limit": DURATION}, {"title": TEXT, **_TERM}),
    Construct(
        "named term",
        Text("有名称的期限", "a time limit with a name"),
        {"title": TEXT, "limit": DURATION},
        _TERM,
    ),
    Construct("reaction", Text("自动转入", "what happens by itself"), {"when": GUARD, "to": NAME}),
    Construct("move", Text("办理", "what may be done"), {"title": TEXT, "by": WHOS, "to": _TARGET}, _MOVE),
    Construct(
        "standing move",
        Text("可从多个状态办理的", "what may be done from several states"),
        {"title": TEXT, "by": WHOS, "from": Either((_SOURCES, NAMES)), "to": _TARGET},
        _MOVE,
    ),
    Construct("in time", Text("须在期限内", "within a term"), {"term": NAME}, {"posted": NAME}),
    Construct("joining", Text("追加当事人", "a party that joins"), {"role": _PARTY, "named": NAME}),
    Construct(
        "branch",
        Text("分支", "one of several targets"),
        {},
        {"when": GUARD, "state": s.STATE, "otherwise": s.STATE},
        ways=(("when", "state"), ("otherwise",)),
    ),
    Construct("requirement", Text("前提", "what must hold"), {"that": GUARD}, {"else": TEXT}),
    Construct(
        "clock verb",
        Text("对时钟的动作", "what is done to a clock"),
        {},
        {
            "start": Of("day"),
            "suspend": Of("stop"),
            "resume": Of("stop"),
            "publication": _LENGTH,
            "exclude": _LENGTH,
            "restart": Of("day"),
            "extend": _LENGTH,
            "end": Of("day"),
            "target": _LENGTH,
            "strike": s.NOTHING,
        },
        single=True,
    ),
    Construct("stop", Text("中止", "which stop"), {}, {"ref": NAME, "on": NAME}),
    Construct("length", Text("多长", "how long"), {"length": NAME}, {"on": NAME}),
    Construct("day", Text("自哪日起", "on which day"), {}, {"on": NAME}),
    Construct(
        "chain",
        Text("逐级核阅", "a chain of signatures"),
        {
            "stage": NAME,
            "sign": Of("sign"),
            "return": Of("return"),
            "passed": NAME,
            "levels": Several(Of("level")),
        },
        {"document": NAME, "not_by": NAMES, "carry": Of("carry"), "stand_in": Of("stand in")},
    ),
    Construct("sign", Text("签署", "signing"), {"title": TEXT}, _SIGN),
    Construct("return", Text("退回", "returning"), {"title": TEXT, "to": _TARGET}, _SIGN),
    Construct(
        "carry",
        Text("沿用签署", "carrying signatures to a new draft"),
        {"title": TEXT, "restart": TEXT},
        {"notify": WHOS, **_FORM},
    ),
    Construct(
        "stand in",
        Text("指定代核人", "naming a stand-in for a signer"),
        {"title": TEXT, "person": NAME, "named": NAME, "last_by": ANY_ROLE},
        {"notify": WHOS, **_FORM},
    ),
    Construct(
        "level",
        Text("核阅级次", "a level of the chain"),
        {"title": TEXT, "by": ANY_ROLE, "within": _WITHIN},
        {"members": WHOLE, "majority": WHOLE, "requires": Several(Of("requirement"))},
    ),
    Construct(
        "register",
        Text("登记册", "what an institution has in force"),
        {
            "institution": NAME,
            "title": TEXT,
            "zone": STRING,
            "offices": Named(TEXT),
            "roles": Named(TEXT),
            "procedures": Named(Of("registered procedure")),
        },
        {
            "rehearsal": FLAG,
            "work_begins": s.TIME,
            "amber_days": WHOLE,
            "sources": Named(STRING),
            "fragments": Named(FILE),
            "targets": Several(Of("target")),
            "ladders": Named(Several(Of("rung"))),
            "channels": Named(Of("channel")),
            "quiet": Several(s.TIME, 2),
            "urgent": FLAG,
            "console_url": s.ADDRESS,
            "hash": one_of("hash", Text("散列算法", "the hash of the chains"), *HASHES),
        },
    ),
    Construct(
        "registered procedure",
        Text("登记的程序", "a registered procedure"),
        {"file": FILE},
        {"series": STRING, "number": s.NUMBERING},
    ),
    Construct(
        "target",
        Text("承诺期限", "a target"),
        {"target": PERIOD, "from": DATE},
        {"procedure": NAME, "clock": NAME, "track": NAME, "basis": STRING},
    ),
    Construct(
        "rung",
        Text("预警阶梯的一级", "a rung of a ladder"),
        {"rung": NAME, "when": s.RUNG_DAY, "to": NAMES, "says": TEXT},
        {"every": s.EVERY, "opens": NAME},
    ),
    Construct(
        "channel",
        Text("通知渠道", "a channel that carries notices"),
        {
            "kind": one_of("channel kind", Text("渠道种类", "the kind of a channel"), *get_args(ChannelKind)),
            "title": TEXT,
        },
        {
            "secret": s.SECRET,
            "host": s.HOST,
            "port": s.PORT,
            "secure": one_of("secure", Text("加密方式", "how the line is secured"), *get_args(Secure)),
            "sender": s.MAILBOX,
            "user": STRING,
            "parties": FLAG,
        },
    ),
)

CONSTRUCTS: Mapping[str, Construct] = {construct.name: construct for construct in _ALL}
