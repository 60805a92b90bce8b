"""Difference frame: how one thing that differs is said, whatever it is.

Room for: the sentence of a value, a list, a switch and a table that changed; field by field through a dataclass.
May not enter: what the fields of a definition are called (the files beside this one).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

from engine.language.difference.words import Words
from engine.model.procedure import Who
from engine.text import Text, together


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that differs between two versions: what *kind* of thing, its *place* in the file, and a sentence."""

    kind: str
    place: str
    sentence: Text


@dataclass(frozen=True, slots=True)
class Thing:
    """What changes are told of: its kind, its place, and what it is called (in Chinese before 的, in English after of)."""

    kind: str
    place: str
    owner: Text

    def change(self, key: str, clause: Text) -> Change:
        """Return the change that *clause* tells of *key* in it."""
        return Change(self.kind, f"{self.place}.{key}" if self.place and key else self.place or key, clause)


@dataclass(frozen=True, slots=True)
class Sides:
    """The words of the version before and of the one after."""

    old: Words
    new: Words


@dataclass(frozen=True, slots=True)
class Word:
    """Something by its *name* in the file and as people say it."""

    name: str
    said: Text


Teller = Callable[[Sides, Thing, str, Any, Any], Iterator[Change]]
"""Tells a field that differs: the thing, the field's name, its value before and after."""

Tellers = Mapping[str, Teller]


def told(sides: Sides, thing: Thing, old: Any, new: Any, tellers: Tellers) -> Iterator[Change]:
    """Yield what differs between two dataclass values of one type; whatever *tellers* do not say is said by its name."""
    for field in fields(new):
        before, after = getattr(old, field.name), getattr(new, field.name)
        if same(before, after):
            continue
        teller = tellers.get(field.name)
        found = tuple(teller(sides, thing, field.name, before, after)) if teller else ()
        yield from found or (_unsaid(thing, field.name),)


def same(before: Any, after: Any) -> bool:
    """Return whether two values are equal, the order of every table in them counting too."""
    # Tables are equal in any order; how they are written out is not.
    return before is after or (bool(before == after) and repr(before) == repr(after))


def _unsaid(thing: Thing, field: str) -> Change:
    clause = Text("{owner}的“{field}”有改动", "“{field}” of {owner} changes")
    said = clause.filled(owner=thing.owner, field=field)
    return replace(thing.change(field, said), kind="other")


def valued(thing: Thing, key: str, label: Text, before: Word | None, after: Word | None) -> Iterator[Change]:
    """Yield that one value became another, came or went."""
    if before and after:
        was, now = _apart(before, after)
        clause = Text(
            "{owner}的{label}由{was}改为{now}", "the {label} of {owner} changes from {was} to {now}"
        )
        yield thing.change(key, clause.filled(owner=thing.owner, label=label, was=was, now=now))
    elif after:
        clause = Text("{owner}新设{label}：{now}", "new {label} of {owner}: {now}")
        yield thing.change(key, clause.filled(owner=thing.owner, label=label, now=after.said))
    elif before:
        clause = Text("{owner}取消{label}（原为{was}）", "the {label} of {owner} is dropped (it was {was})")
        yield thing.change(key, clause.filled(owner=thing.owner, label=label, was=before.said))


def listed(
    thing: Thing, key: str, label: Text, before: Sequence[Word], after: Sequence[Word]
) -> Iterator[Change]:
    """Yield what a list gained and lost, and its new order where only that differs."""
    old, new = {word.name: word for word in before}, {word.name: word for word in after}
    gained = [word for name, word in new.items() if name not in old]
    lost = [word for name, word in old.items() if name not in new]
    doubled = {w.said.zh for w in gained} & {w.said.zh for w in lost}
    doubled |= {w.said.en for w in gained} & {w.said.en for w in lost}
    if gained:
        clause = Text("{owner}的{label}增加{what}", "added to the {label} of {owner}: {what}")
        yield thing.change(
            key, clause.filled(owner=thing.owner, label=label, what=_together(gained, doubled))
        )
    if lost:
        clause = Text("{owner}的{label}去掉{what}", "taken from the {label} of {owner}: {what}")
        yield thing.change(key, clause.filled(owner=thing.owner, label=label, what=_together(lost, doubled)))
    if [name for name in old if name in new] != [name for name in new if name in old]:
        clause = Text(
            "{owner}的{label}顺序改为：{what}", "the order of the {label} of {owner} is now: {what}"
        )
        yield thing.change(key, clause.filled(owner=thing.owner, label=label, what=_together(after, set())))


def switched(thing: Thing, key: str, now: Text) -> Iterator[Change]:
    """Yield what is so *now* of a thing that was otherwise before: a clause without its subject."""
    yield thing.change(key, Text(f"{thing.owner.zh}{now.zh}", f"{thing.owner.en} {now.en}"))


def retitled(
    thing: Thing, key: str, label: Text, before: Text | None, after: Text | None
) -> Iterator[Change]:
    """Yield that a text changed, in one language where only that one did."""
    if before and after and before.zh == after.zh:
        label = Text(f"英文{label.zh}", f"English {label.en}")
        before, after = Text(before.en, before.en), Text(after.en, after.en)
    elif before and after and before.en == after.en:
        label = Text(f"中文{label.zh}", f"Chinese {label.en}")
        before, after = Text(before.zh, before.zh), Text(after.zh, after.zh)
    was = Word("", quoted(before)) if before else None
    yield from valued(thing, key, label, was, Word("", quoted(after)) if after else None)


# --- tellers of plain fields ------------------------------------------------------------------------------


def text(zh: str, en: str) -> Teller:
    """Return the teller of a `Text` field."""
    label = Text(zh, en)
    return lambda _, thing, key, before, after: retitled(thing, key, label, before, after)


def plain(zh: str, en: str) -> Teller:
    """Return the teller of a field that people read as it is written: a string, a number, a length, a day."""
    label = Text(zh, en)

    def word(value: Any) -> Word | None:
        if value is None or value == "":
            return None
        if hasattr(value, "in_words"):
            return Word(str(value), value.in_words())
        shown = quoted(Text(value, value)) if isinstance(value, str) else Text(str(value), str(value))
        return Word(str(value), shown)

    return lambda _, thing, key, before, after: valued(thing, key, label, word(before), word(after))


def switch(on: Text, off: Text) -> Teller:
    """Return the teller of a yes-or-no field, by the clause that says how it is."""
    return lambda _, thing, key, before, after: switched(thing, key, on if after else off)


def worded(zh: str, en: str, word: Callable[[Words, Any], Text]) -> Teller:
    """Return the teller of one value that *word* knows how to say; None and an empty value are none."""
    label = Text(zh, en)

    def tell(sides: Sides, thing: Thing, key: str, before: Any, after: Any) -> Iterator[Change]:
        was = Word(_name(before), word(sides.old, before)) if _there(before) else None
        now = Word(_name(after), word(sides.new, after)) if _there(after) else None
        yield from valued(thing, key, label, was, now)

    return tell


def several(zh: str, en: str, word: Callable[[Words, Any], Text]) -> Teller:
    """Return the teller of a list whose items *word* knows how to say; of a table each item is a (key, value)."""
    label = Text(zh, en)

    def words(side: Words, items: Any) -> list[Word]:
        pairs = items.items() if isinstance(items, Mapping) else items
        return [Word(_name(item), word(side, item)) for item in pairs]

    def tell(sides: Sides, thing: Thing, key: str, before: Any, after: Any) -> Iterator[Change]:
        yield from listed(thing, key, label, words(sides.old, before or ()), words(sides.new, after or ()))

    return tell


# --- words ------------------------------------------------------------------------------------------------


def quoted(said: Text) -> Text:
    """Return *said* in quotation marks."""
    return Text(f"“{said.zh}”", f"“{said.en}”")


def bracketed(said: Text) -> Text:
    """Return a clause in brackets, where quotation marks would make it a title."""
    return Text(f"（{said.zh}）", f"({said.en})")


def ordered(
    thing: Thing, key: str, label: Text, before: Mapping[str, Any], after: Mapping[str, Any]
) -> Iterator[Change]:
    """Yield that what both tables hold stands in another order, by the titles that *after* has."""
    kept = [name for name in after if name in before]
    if kept != [name for name in before if name in after]:
        titles = [Word(name, quoted(_title(after[name], name))) for name in kept]
        clause = Text(
            "{owner}的{label}顺序改为：{what}", "the order of the {label} of {owner} is now: {what}"
        )
        yield thing.change(key, clause.filled(owner=thing.owner, label=label, what=_together(titles, set())))


def finished(change: Change) -> Change:
    """Return *change* with its clause made a sentence."""
    zh, en = change.sentence.zh, change.sentence.en
    return replace(change, sentence=Text(f"{zh}。", f"{en[:1].upper()}{en[1:]}."))


def _title(value: Any, name: str) -> Text:
    title = value if isinstance(value, Text) else getattr(value, "title", None)
    return title if isinstance(title, Text) else Text(name, name)


def _apart(before: Word, after: Word) -> tuple[Text, Text]:
    """The two as they are said, with their names in the file where people call both the same."""
    if before.said.zh != after.said.zh and before.said.en != after.said.en:
        return before.said, after.said
    return _with_name(before), _with_name(after)


def _with_name(word: Word) -> Text:
    return Text(f"{word.said.zh}（{word.name}）", f"{word.said.en} ({word.name})")


def _together(words: Sequence[Word], doubled: set[str]) -> Text:
    said = [_with_name(w) if {w.said.zh, w.said.en} & doubled else w.said for w in words]
    return together(said)


def _there(value: Any) -> bool:
    return value is not None and value != "" and value != ()


def _name(value: Any) -> str:
    if isinstance(value, Who):
        return value.name if value.relation else f"any {value.name}"
    return str(value)
