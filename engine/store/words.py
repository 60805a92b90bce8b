"""Words: what a case is looked for by, kept so that an index finds it: every ending of a party's name, the beginnings of its number.

Whatever part of a name is typed begins one of the name's endings, so it is one range of an index on any database.

Room for: which words a case has, the words of cases written down, the range that a typed text means.
May not enter: what counts as the same typing (`folding.py`), lists of cases (`docket.py`).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, Connection, Select, or_, select, union_all

from engine.model.case import Case, Party
from engine.store import tables as t
from engine.store.folding import YEAR_AND_NUMBER, fold_name, fold_number, like_pattern
from engine.store.written import Written, run

MOST = 40
"""So many characters of a word are kept; what is typed beyond is compared with the case itself."""

AFTER_ALL = "\U0010ffff"
"""Stands after every character there is: behind it ends the range of what begins with a text."""

_SERIAL = re.compile(r"\|(\d+)$")


def words_of_names(parties: Iterable[Party]) -> frozenset[str]:
    """Return every ending of the folded names of *parties*."""
    return endings(line for party in parties for line in _lines(fold_name(party.name)))


def words_of_number(folded: str) -> frozenset[str]:
    """Return where somebody may begin to type a folded number: at its front, at its year, at what it is within the year."""
    found = {folded}
    if of_year := YEAR_AND_NUMBER.search(folded):
        found.add(folded[of_year.start() :])
    if serial := _SERIAL.search(folded):
        found.add(serial.group(1))
    return frozenset(word[:MOST] for word in found if word)


def words_of(case: Case) -> frozenset[str]:
    """Return every word of a case."""
    return words_of_names(case.parties) | words_of_number(fold_number(case.number))


def whole_words(number_folded: str, parties_folded: str) -> frozenset[str]:
    """Return the words of a case's own row that are whole: its number and each name, without endings."""
    # A number may be nothing but what typists vary: nobody looks for it by that.
    return frozenset(word[:MOST] for word in (number_folded, *_lines(parties_folded)) if word)


def not_to_be_found(connection: Connection, institution: str, rows: Sequence[Any]) -> list[Any]:
    """Return those of *rows*, of the table of cases, that a search by their number or by a whole name would not find."""
    if not rows:
        return []
    wanted = [(row.id, word) for row in rows for word in whole_words(row.number_folded, row.parties_folded)]
    dialect = connection.dialect.name
    pairs: Any = [json.dumps(wanted)] if dialect == "sqlite" else map(list, zip(*wanted, strict=True))
    lost = {row[0] for row in run(connection, Written(_LOST[dialect], (*pairs, institution)))}
    return [row for row in rows if row.id in lost]


_NOWHERE = "WHERE NOT EXISTS (SELECT 1 FROM case_words w WHERE w.institution = {0} AND w.word = {1} AND w.case_id = {2})"
# Each pair is one place of the index. Two lists side by side would have SQLite look for every word at every case.
_LOST = {
    "sqlite": "SELECT DISTINCT json_extract(p.value, '$[0]') FROM json_each(?) p "
    + _NOWHERE.format("?", "json_extract(p.value, '$[1]')", "json_extract(p.value, '$[0]')"),
    "postgresql": "SELECT DISTINCT p.id FROM unnest(%s::text[], %s::text[]) AS p(id, word) "
    + _NOWHERE.format("%s", "p.word", "p.id"),
}
"""Dialect -> the statement, as its driver takes it, for those of some cases that have not each of some words."""


def words_of_row(number_folded: str, parties_folded: str) -> frozenset[str]:
    """Return every word of a case by its own row."""
    return words_of_number(number_folded) | endings(_lines(parties_folded))


def new_words(before: Case | None, case: Case) -> frozenset[str]:
    """Return the words that *case* has and *before* has not: parties come, and neither they nor the number ever go."""
    if before is None:
        return words_of(case)
    if before.parties is case.parties or before.parties == case.parties:
        return frozenset()
    return words_of_names(case.parties) - words_of_names(before.parties)


def _lines(folded: str) -> list[str]:
    # A name may have lines of its own, and a row of a case has a line a name: both are cut alike.
    return [line for one in folded.split("\n") if (line := one.strip())]


def endings(names: Iterable[str]) -> frozenset[str]:
    """Return every ending of folded *names*, as far as it is kept."""
    whole = ((name, n) for name in names for n in range(len(name)))
    # Nobody's typing begins with a blank: it is taken away.
    return frozenset(name[n : n + MOST] for name, n in whole if not name[n].isspace())


def sought(institution: str, typed: str, most: int) -> CompoundSelect[tuple[str]]:
    """Return the query for the ids of up to *most* cases with a word that begins as what was *typed*; some may come twice."""
    w = t.case_words.c
    begun = [name[:MOST] for name in dict.fromkeys((fold_name(typed), fold_number(typed))) if name]
    # Each a range of its own: of two together PostgreSQL would read all before it leaves most out.
    ranges = [
        select(w.case_id)
        .where(w.institution == institution, w.word >= one, w.word < one + AFTER_ALL)
        .limit(most)
        .subquery(f"found_{n}")
        for n, one in enumerate(begun)
    ]
    return union_all(*(select(one.c.case_id) for one in ranges))


def means(typed: str) -> ColumnElement[bool]:
    """Return the condition that a case's own row is one that *typed* means; the words say the same by an index."""
    c = t.cases.c
    ways = [c.parties_folded.like(like_pattern(fold_name(typed)), escape="\\")]
    if number := fold_number(typed):
        begun = like_pattern(number)
        ways.append(c.number_folded.like(begun[1:], escape="\\"))
        if number.isdecimal():
            ways.append(c.number_folded.like(f"%|{begun[1:]}", escape="\\"))
        if re.match(r"\d{4}(\||$)", number):
            ways.append(c.number_folded.like(begun, escape="\\"))
    return or_(*ways)


def with_word(institution: str, word: str) -> Select[tuple[str]]:
    """Return the query for the ids of cases that have exactly this *word*."""
    w = t.case_words.c
    return select(w.case_id).where(w.institution == institution, w.word == word[:MOST])
