"""Understaffing: chains of signatures that an office has too few people for.

Room for: the directory held against the chains in force, as findings of the doctor.
May not enter: who can be whom (`engine/language/proof/staffing.py`), roles that nobody holds (`inspection.py`).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from engine.language.proof.staffing import shortages
from engine.language.proof.world import worlds_of
from engine.language.sentences_proof import PROOF
from engine.model.rules import Rules
from engine.service.pages import Finding
from engine.text import Text

NOW, ONE_AWAY = "too_few_to_sign", "too_few_with_one_away"


def understaffed(rules: Rules, day: date, code: str) -> Iterator[Finding]:
    """Yield each chain in force that cannot be signed by persons of its own on *day*: NOW, or with ONE_AWAY of them."""
    in_force = {one.name: one for one in rules.readable(rules.in_force.values())}
    for short in shortages(worlds_of(rules.register, in_force), rules.people, day):
        if short.code == code:
            told, title = PROOF[short.code], in_force[short.procedure].title
            reason, fix = (_clause(text.filled(**short.values)) for text in (told.reason, told.fix))
            said = Text("“{title}”：{reason}", "“{title}”: {reason}").filled(title=title, reason=reason)
            yield Finding("understaffed", None, said, fix)


def _clause(sentence: Text) -> Text:
    """Return *sentence* without its full stop, as the doctor's lines are put together."""
    return Text(sentence.zh.rstrip("。"), sentence.en.rstrip("."))
