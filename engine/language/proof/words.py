"""Words: an example of what may be so, in the words of the people it concerns.

Room for: one sentence a kind of subject.
May not enter: finding the example (`satisfying.py`).
"""

from __future__ import annotations

from collections.abc import Iterable

from engine.language.proof.domains import SOME, Choice, Domains, Subject
from engine.language.proof.satisfying import Held
from engine.model.guard_words import GuardWords
from engine.model.guards import ActorIs, Compare, CountHolders, CountNamed, CountOf, Guard, MatterIs, NamedIs
from engine.text import Text

NOTHING = Text("任何情形", "in any case")


def example_in_words(domains: Domains, owner: str, held: Held, about: Iterable[Subject]) -> Text:
    """Return one situation out of *held* as a clause without full stop, telling of *about* alone."""
    told = sorted(
        {subject for subject in about if subject in held}, key=lambda s: (s.kind, s.owner, s.name, s.other)
    )
    said = [_said(domains, owner, subject, _plainest(domains, subject, held[subject])) for subject in told]
    if not said:
        return NOTHING
    return Text("，".join(text.zh for text in said), ", ".join(text.en for text in said))


def _plainest(domains: Domains, subject: Subject, known: frozenset[int]) -> Choice:
    """Return a value of *subject*: known rather than not, single rather than mixed."""
    values = [domains.values(subject)[n] for n in sorted(known)]
    if subject.kind == "fact":
        return next((value for value in values if value is not None), None)
    return values[0]


def _said(domains: Domains, owner: str, subject: Subject, value: Choice) -> Text:
    world = domains.world
    words = GuardWords(world.procedure_of(owner), world.main, world.children)
    if subject.kind == "fact":
        return _fact(domains, words, subject, value)
    if subject.kind == "matter":
        return _matters(words, subject.name, value)
    number = value if isinstance(value, int) else 0
    clauses: dict[str, Guard] = {
        "parties": CountOf(subject.name, "=", number),
        "holders": CountHolders(subject.name, "=", number),
        "actor": ActorIs(subject.name),
        "named": NamedIs(subject.name, subject.other),
    }
    said = words.said(clauses[subject.kind])
    if subject.kind in ("actor", "named") and not number:
        return Text(f"并非{said.zh}", f"it is not so that {said.en}")
    return said


def _fact(domains: Domains, words: GuardWords, subject: Subject, value: Choice) -> Text:
    fact = domains.world.fact(subject.owner, subject.name)
    title = fact.title if fact else Text(subject.name, subject.name)
    if value is None:
        return Text(f"“{title.zh}”未填写", f"“{title.en}” is not known")
    if value == SOME:
        return Text(f"“{title.zh}”已填写", f"“{title.en}” is known")
    if isinstance(value, tuple):
        return words.said(CountNamed(subject.name, "=", len(value)))
    return words.said(Compare(subject.name, "=", value))


def _matters(words: GuardWords, kind: str, value: Choice) -> Text:
    outcomes = value if isinstance(value, tuple) else ()
    each = [words.said(MatterIs(kind, outcome or "open")) for outcome in outcomes]
    if not each:
        return words.said(MatterIs(kind, "absent"))
    if len(each) == 1:
        return each[0]
    zh, en = "，".join(f"一件{text.zh}" for text in each), ", ".join(f"one {text.en}" for text in each)
    return Text(zh, en)
