"""Forms: filled in by the types of their fields, as a person in a hurry might: mostly right, now and then not."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from engine.api import Attachment, FieldLine

WORDS = (
    "经核查属实",
    "案情复杂需进一步查明",
    "双方均到庭陈述意见",
    "材料齐备",
    "依法应予处理",
    "须等待有关结论",
    "另有\n换行与“引号”",
    "𠮷野家〔2026〕",
)


def filled(
    fields: Sequence[FieldLine], draw: random.Random, today: date, cases: Sequence[str]
) -> dict[str, str]:
    """Return what is typed into *fields*: all that is needed, some of the rest."""
    typed = {}
    for field in fields:
        if field.needed or draw.random() < 0.5:
            typed[field.name] = value_of(field, draw, today, cases)
    if typed and draw.random() < 0.02:
        typed[draw.choice(sorted(typed))] = draw.choice(["", "？", "2026-02-30", "-1", "999999999999999999"])
    return typed


def value_of(field: FieldLine, draw: random.Random, today: date, cases: Sequence[str]) -> str:
    """Return something that a field of this type takes, most of the time."""
    least, most = int(field.least or 0), int(field.most) if field.most is not None else None
    match field.type:
        case "date":
            return (today + timedelta(days=_days(field, draw))).isoformat()
        case "whole" | "amount":
            return str(draw.randint(least, min(most if most is not None else least + 30, least + 30)))
        case "choice":
            return draw.choice([key for key, _ in field.choices])
        case "yes_no":
            return "yes" if draw.random() < 0.8 else "no"
        case "person":
            return draw.choice([id for id, _ in field.persons]) if field.persons else "nobody"
        case "persons":
            ids = [id for id, _ in field.persons]
            wanted = draw.choice([1, 3, 3]) if least <= 1 else least
            return " ".join(draw.sample(ids, min(len(ids), wanted)))
        case "cases":
            return " ".join(draw.sample(list(cases), min(len(cases), draw.randint(1, 3))))
        case _:
            text = draw.choice(WORDS)
            text = text * (least // len(text) + 1)
            return text[: most or len(text)]


def _days(field: FieldLine, draw: random.Random) -> int:
    if field.name == "hearing_on":
        return draw.randint(8, 20)
    return draw.choice([0, 0, 0, 0, -1, -3, -10, 1, 10, 30])


def papers(kinds: Sequence[str], draw: random.Random, today: date) -> list[Attachment]:
    """Return a file of each of *kinds*; now and then one is forgotten."""
    kept = [kind for kind in kinds if draw.random() > 0.01]
    return [
        Attachment(kind, f"{kind}.txt", f"{kind} {today} {draw.randint(1, 10**6)}".encode(), "text/plain")
        for kind in kept
    ]


def said(typed: Mapping[str, str]) -> str:
    """Return a form as one piece of a line."""
    return " ".join(f"{name}={value!r}" for name, value in typed.items())
