"""Copying: the rows of a few cases become those of very many, by the database itself.

Room for: the statements that multiply rows, on either database; indexes out of the way meanwhile.
May not enter: which cases are copied (`patterns.py`), where the outcome is kept (`docket.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from engine.store.database import Database
from engine.store.folding import fold_number
from engine.store.tables import metadata
from engine.store.words import endings, words_of_number

Run = Callable[[str], Any]
"""Runs one statement as it is written."""

OF_A_CASE = (
    "cases", "case_words", "matters", "events", "todos", "timers", "notices", "shown_dates", "case_documents",
)  # fmt: skip
"""The tables whose rows belong to one case."""

NUMBERED_FROM = 100_000
NUMBER = "双劳人仲案〔2026〕{n}号"

SPREAD, RANGE = 2_654_435_761, 4_294_967_296
"""Ids are in another order than the cases came in, as they are in life: their first half is n * SPREAD modulo RANGE."""

FAMILY, GIVEN = (
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许",
    "安邦诚达恩芳刚海佳凯兰明宁鹏琴瑞松涛伟祥雪燕云泽志忠珍玉怡欣",
)
"""The first claimant of a copy is called by one of the former and three of the latter; nearly all names differ."""

PLACE = "main"
"""Where every case that is copied was opened."""


@dataclass(frozen=True, slots=True, order=True)
class Original:
    """A case to be copied: as often as it stands in the list of a turn."""

    id: str
    number: str
    names: tuple[str, ...]
    """Its parties, folded; the first gets another name in every copy."""


def multiply(
    run: Run, sqlite: bool, turn: Sequence[Original], cases: int, places: Sequence[str],
    tables: Sequence[str] = OF_A_CASE,
) -> None:  # fmt: skip
    """Put *cases* copies of the cases of *turn*, one after another, in the place of all cases there are, spread over *places*.

    Of *tables* alone. The caller's transaction, which it commits. What is left has its indexes, and on SQLite its
    statistics; on PostgreSQL cleaning up afterwards makes those anyway.
    """
    if not sqlite:
        run("SET LOCAL maintenance_work_mem = '512MB'")
    _list_copies(run, turn, cases, places, sqlite)
    for table in OF_A_CASE:
        run(f"CREATE TEMP TABLE p_{table} AS SELECT * FROM {table}")
        run(f"CREATE INDEX p_{table}_of ON p_{table} ({_key(table)})")
        run(f"DELETE FROM {table}" if sqlite else f"TRUNCATE {table}")
    if not sqlite:
        run("ANALYZE copies")
    for table in tables:
        indexes = _indexes_off(run, table, sqlite)
        if table == "case_words":
            _write_words(run, sqlite)
        else:
            _multiply(run, table, sqlite)
        for definition in indexes:
            run(definition)
    if "cases" in tables:
        run(REQUESTS)
    for temporary in ("copies", "originals", "places", "kept_words", *(f"p_{table}" for table in OF_A_CASE)):
        run(f"DROP TABLE {temporary}")
    if sqlite:
        run("ANALYZE")


REQUESTS = (
    "INSERT INTO requests (institution, key, case_id, fingerprint, first, last, recorded_at) "
    "SELECT institution, 'opening ' || id, id, 'as it was asked', 1, 1, opened_at FROM cases"
)
"""Each case was opened by a request, as in an office; plans made of an empty table would read it row by row ever after."""


def _indexes_off(run: Run, table: str, sqlite: bool) -> Sequence[str]:
    """Drop the indexes of *table* that can be dropped, and return what makes them again."""
    if sqlite:
        of_table = f"type = 'index' AND sql IS NOT NULL AND tbl_name = '{table}'"
        found = run(f"SELECT name, sql FROM sqlite_master WHERE {of_table}").fetchall()
        for name, _ in found:
            run(f'DROP INDEX "{name}"')
        return [definition for _, definition in found]
    key = f"SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE contype = 'p' AND conrelid = '{table}'::regclass"
    ((key_name, key_definition),) = run(key).fetchall()
    run(f'ALTER TABLE {table} DROP CONSTRAINT "{key_name}"')
    others = (
        f"SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename = '{table}'"
    )
    found = run(others).fetchall()
    for name, _ in found:
        run(f'DROP INDEX "{name}"')
    again = f'ALTER TABLE {table} ADD CONSTRAINT "{key_name}" {key_definition}'
    return [again, *(definition for _, definition in found)]


def transfer(source: Database, target: Database) -> None:
    """Copy every row of every table from one database to another, whose tables are empty."""
    with source.reading() as known, target.writing() as fresh:
        for table in metadata.sorted_tables:
            if rows := [dict(row) for row in known.execute(table.select()).mappings()]:
                fresh.execute(table.insert(), rows)


def _list_copies(run: Run, turn: Sequence[Original], cases: int, places: Sequence[str], sqlite: bool) -> None:
    run("CREATE TEMP TABLE originals (slot INTEGER PRIMARY KEY, id TEXT, number TEXT, name TEXT)")
    run("CREATE TEMP TABLE places (slot INTEGER PRIMARY KEY, name TEXT)")
    run("CREATE TEMP TABLE kept_words (original TEXT, word TEXT)")
    run(_values("originals", ((n, one.id, one.number, one.names[0]) for n, one in enumerate(turn))))
    run(_values("places", enumerate(places)))
    run(
        _values(
            "kept_words", ((o.id, word) for o in sorted(set(turn)) for word in sorted(endings(o.names[1:])))
        )
    )
    spread = _modulo(f"n * {SPREAD}", RANGE)
    hexed = f"printf('%08x%08x', {spread}, n)"
    if not sqlite:
        hexed = f"lpad(to_hex({spread}), 8, '0') || lpad(to_hex(n), 8, '0')"
    before, after = NUMBER.split("{n}")
    folded = fold_number(NUMBER.format(n=NUMBERED_FROM)).removesuffix(str(NUMBERED_FROM))
    run(
        "CREATE TEMP TABLE copies AS WITH RECURSIVE counted(n) AS "
        f"(SELECT CAST(0 AS BIGINT) UNION ALL SELECT n + 1 FROM counted WHERE n + 1 < {cases}) "
        f"SELECT {hexed} AS id, o.id AS original, o.number AS old, "
        f"'{before}' || (n + {NUMBERED_FROM}) || '{after}' AS number, "
        f"'{folded}' || (n + {NUMBERED_FROM}) AS folded, CAST(n + {NUMBERED_FROM} AS TEXT) AS serial, p.name AS place, o.name AS old_name, "
        f"{_name()} AS name FROM counted "
        f"JOIN originals o ON o.slot = {_modulo('n', len(turn))} "
        f"JOIN places p ON p.slot = {_modulo(f'(n / {len(turn)})', len(places))} ORDER BY 1"
    )


def _multiply(run: Run, table: str, sqlite: bool) -> None:
    """Write the copies of the rows of *table* in the order of their cases' ids."""
    named = f'\'"office":"{PLACE}"\', \'"office":"\' || k.place || \'"\''
    renamed = "replace(replace(replace(c.body, k.original, k.id), k.old, k.number), k.old_name, k.name)"
    body = f"replace({renamed}, {named})"
    changed = {
        _key(table): "k.id",
        "number": "k.number",
        "number_folded": "k.folded",
        "office": "k.place",
        "parties_folded": "replace(c.parties_folded, k.old_name, k.name)",
        # Of the events only the first names its case.
        "body": body if table == "cases" else f"CASE WHEN c.seq = 1 THEN {body} ELSE c.body END",
    }
    columns = metadata.tables[table].columns.keys()
    values = ", ".join(changed.get(name, f'c."{name}"') for name in columns)
    into = ", ".join(f'"{name}"' for name in columns)
    # Written so, neither database looks at the originals first.
    join, on = ("CROSS JOIN", "WHERE") if sqlite else ("JOIN", "ON")
    run(
        f"INSERT INTO {table} ({into}) SELECT {values} FROM copies k {join} p_{table} c {on} c.{_key(table)} = k.original"
    )


def _write_words(run: Run, sqlite: bool) -> None:
    """Write what the copies are looked for by."""
    begun = sorted(words_of_number(fold_number(NUMBER.format(n=NUMBERED_FROM))))
    words = [
        *(f"'{word.removesuffix(str(NUMBERED_FROM))}' || k.serial" for word in begun),
        *(f"substr(k.name, {n})" for n in range(1, 5)),
    ]
    case = "FROM copies k JOIN p_cases c ON c.id = k.original"
    kept = f"SELECT c.institution, w.word, k.id {case} JOIN kept_words w ON w.original = c.id"
    # A name may end as another of the case does.
    own = "NOT EXISTS (SELECT 1 FROM kept_words w WHERE w.original = k.original AND w.word = {word})"
    mine = f"SELECT c.institution, {{word}} AS word, k.id {case} WHERE {own}"
    every = " UNION ALL ".join([*(mine.format(word=word) for word in words), kept])
    # On SQLite rows stand in the order of their key.
    run(f"INSERT INTO case_words (institution, word, case_id) {every}{' ORDER BY 2, 3' if sqlite else ''}")


def _values(table: str, rows: Any) -> str:
    return f"INSERT INTO {table} VALUES " + ", ".join(f"({', '.join(map(_literal, row))})" for row in rows)


def _literal(value: object) -> str:
    return str(value) if isinstance(value, int) else "'" + str(value).replace("'", "''") + "'"


def claimant(n: int) -> str:
    """Return the name of the first claimant of the copy with this number, counted from 0."""
    family, given = len(FAMILY), len(GIVEN)
    places = (n // family, n // (family * given), n // (family * given * given))
    return FAMILY[n % family] + "".join(GIVEN[place % given] for place in places)


def _name() -> str:
    family, given = len(FAMILY), len(GIVEN)
    before = (family, family * given, family * given * given)
    return " || ".join([_letter(FAMILY, "n"), *(_letter(GIVEN, f"n / {by}") for by in before)])


def _letter(letters: str, place: str) -> str:
    return f"substr('{letters}', CAST({_modulo(place, len(letters))} AS INTEGER) + 1, 1)"


def _modulo(what: str, by: int) -> str:
    # Drivers read a percent sign as the beginning of a parameter.
    return f"({what} - ({what}) / {by} * {by})"


def _key(table: str) -> str:
    return "id" if table == "cases" else "case_id"
