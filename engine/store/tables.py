"""Tables: what is kept, with the institution in every key.

Room for: tables, keys and the indexes queues are read by.
May not enter: queries, meaning.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    text,
)

from engine.store.columns import Instant
from engine.store.seal_tables import archives as archives
from engine.store.seal_tables import checkpoints as checkpoints
from engine.store.seal_tables import sealings as sealings
from engine.store.seal_tables import seals as seals
from engine.store.sweep_tables import setbacks as setbacks
from engine.store.sweep_tables import sweepers as sweepers
from engine.store.table_parts import institution as _institution
from engine.store.table_parts import metadata as metadata

# Which rows an index is of: closed cases, read notices and the like stand in none that is read all day.
OPEN = ("open", "open = 1")
ENDED = ("NOT open", "open = 0")
RESTING = ("calendar_from IS NOT NULL",) * 2
NAMED = ("person <> ''", "person <> ''")
POOLED = ("person = ''", "person = ''")
READ = ("read_at IS NOT NULL",) * 2
UNREAD = ("read_at IS NULL", "read_at IS NULL")
MOVED = ("load IS NOT NULL", "load IS NOT NULL")

BY_KEY: Mapping[str, Any] = {"sqlite_with_rowid": False}
"""On SQLite these rows stand in the index of their key: one page to write where a table and an index were two."""


def _partial(name: str, rows: tuple[str, str], *columns: str) -> Index:
    """An index of the *rows* said for PostgreSQL and for SQLite: tuning, a queue is right without it."""
    postgresql, sqlite = map(text, rows)
    return Index(name, *columns, postgresql_where=postgresql, sqlite_where=sqlite)


cases = Table(
    "cases", metadata, _institution(),
    Column("id", String(40), primary_key=True),
    Column("office", String(60), nullable=False),
    Column("number", String(120), nullable=False),
    Column("number_folded", String(120), nullable=False),
    Column("procedure", String(60), nullable=False),
    Column("version", Integer, nullable=False),
    Column("revision", Integer, nullable=False, server_default="1"),
    Column("state", String(60), nullable=False),
    Column("stage", String(60), nullable=False),
    Column("open", Boolean, nullable=False),
    Column("clock", String(20), nullable=False),
    Column("due", Date),
    Column("queue_due", Date, nullable=False, server_default="9999-12-31"),
    Column("overdue_after", Date),
    Column("target_due", Date),
    Column("calendar_from", Date),
    Column("calendar_until", Date),
    Column("opened_at", Instant, nullable=False),
    Column("parties_folded", Text, nullable=False),
    Column("body", Text, nullable=False),
    Index("cases_by_number", "institution", "number", unique=True),
    Index("cases_by_folded_number", "institution", "number_folded"),
    _partial("cases_open_by_due", OPEN, "institution", "queue_due", "id"),
    _partial("cases_open_by_office", OPEN, "institution", "office", "queue_due", "id"),
    _partial("cases_open_by_stage", OPEN, "institution", "stage", "queue_due", "id"),
    _partial("cases_ended_by_due", ENDED, "institution", "queue_due", "id"),
    _partial("cases_ended_by_office", ENDED, "institution", "office", "queue_due", "id"),
    _partial("cases_ended_by_stage", ENDED, "institution", "stage", "queue_due", "id"),
    _partial("cases_ended_by_state", ENDED, "institution", "state", "queue_due", "id"),
    _partial("cases_by_calendar", RESTING, "institution", "id", "calendar_from", "calendar_until", "office"),
)  # fmt: skip
"""*revision* is raised by whoever writes the row, also where the case itself stays as it is: the compare-and-set goes by it.
*queue_due* is *due*, or the last day there is where there is none, so that queues can be read in order. The days from
*calendar_from* to *calendar_until* are all those of the calendar that its dates rest on; none where nothing is open."""

case_words = Table(
    "case_words", metadata, _institution(),
    Column("word", String(40).with_variant(String(40, collation="C"), "postgresql"), primary_key=True),
    Column("case_id", String(40), primary_key=True),
    **BY_KEY,
)  # fmt: skip
"""What a case is looked for by: endings of parties' names, beginnings of its number (`words.py`), in the order of their bytes."""

matters = Table(
    "matters", metadata, _institution(),
    Column("case_id", String(40), primary_key=True),
    Column("id", String(10), primary_key=True),
    Column("kind", String(60), nullable=False),
    Column("procedure", String(60), nullable=False),
    Column("definition", String(64), nullable=False),
    Column("state", String(60), nullable=False),
    Column("party", String(120)),
    Column("opened_at", Instant, nullable=False),
    Column("open", Boolean, nullable=False),
    Column("outcome", String(60)),
    _partial("matters_by_kind", OPEN, "institution", "kind", "case_id"),
    _partial("matters_by_definition", OPEN, "institution", "definition", "case_id"),
    **BY_KEY,
)  # fmt: skip

events = Table(
    "events", metadata, _institution(),
    Column("case_id", String(40), primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("kind", String(20), nullable=False),
    Column("recorded_at", Instant, nullable=False),
    Column("hash", String(64), nullable=False),
    Column("body", Text, nullable=False),
)  # fmt: skip

todos = Table(
    "todos", metadata, _institution(),
    Column("case_id", String(40), primary_key=True),
    Column("matter", String(10), primary_key=True),
    Column("role", String(60), primary_key=True),
    Column("person", String(60), primary_key=True),
    Column("office", String(60), nullable=False),
    Column("state", String(60), nullable=False),
    Column("due", Date),
    Column("queue_due", Date, nullable=False, server_default="9999-12-31"),
    Column("overdue_after", Date),
    _partial("todos_by_person", NAMED, "institution", "person", "queue_due", "case_id", "matter", "role"),
    _partial("todos_by_relation", NAMED, "institution", "role", "queue_due", "case_id", "matter", "person"),
    _partial("todos_by_pool", POOLED, "institution", "role", "office", "queue_due", "case_id", "matter"),
    Index("todos_by_state", "institution", "state", "queue_due", "case_id", "matter", "role", "person"),
    Index("todos_by_overdue_after", "institution", "overdue_after", "case_id", "matter", "state", "office"),
    **BY_KEY,
)  # fmt: skip
"""A todo for a pool of role holders has an empty person. A state's todos serve for the list of cases in it: an index on
the state of cases would be written with every act, and with it every other index of the case's row."""

timers = Table(
    "timers", metadata, _institution(),
    Column("case_id", String(40), primary_key=True),
    Column("matter", String(10), primary_key=True),
    Column("subject", String(255), primary_key=True),
    Column("round", Integer, primary_key=True),
    Column("rung", String(20), primary_key=True),
    Column("occurrence", Integer, primary_key=True),
    Column("due_at", Instant, nullable=False),
    Index("timers_by_due", "institution", "due_at", "case_id"),
    **BY_KEY,
)  # fmt: skip
"""Of each ladder that hangs on something the rung that fires next; the others follow from the case."""

notices = Table(
    "notices", metadata, _institution(),
    Column("case_id", String(40), primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("person", String(60), primary_key=True),
    Column("code", String(120), primary_key=True),
    Column("matter", String(10), nullable=False),
    Column("zh", Text, nullable=False),
    Column("en", Text, nullable=False),
    Column("from_at", Instant, nullable=False),
    Column("read_at", Instant),
    _partial("notices_read", READ, "institution", "person", "from_at", "case_id", "seq", "code"),
    _partial("notices_unread", UNREAD, "institution", "person", "from_at", "case_id", "seq", "code"),
)  # fmt: skip

deliveries = Table(
    "deliveries", metadata, _institution(),
    Column("key", String(64), primary_key=True),
    Column("channel", String(100), nullable=False),
    Column("person", String(60), nullable=False),
    Column("kind", String(10), nullable=False),
    Column("case_id", String(40)),
    Column("seq", Integer),
    Column("code", String(120)),
    Column("day", Date),
    Column("state", String(10), nullable=False),
    Column("from_at", Instant, nullable=False),
    Column("next_at", Instant, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("zh", Text),
    Column("en", Text),
    Index("deliveries_by_turn", "institution", "state", "channel", "next_at"),
)  # fmt: skip
"""What goes out beside the inbox: a notice (*case_id*, *seq*, *code*) or the digest of a *day*, by one channel to one person.

*state* is waiting, sent or dead. A waiting row is taken at *next_at*; who takes it moves that ahead, which is the lease.
*zh* and *en* say why the last try failed. What a message says is not kept: it is worded when it goes.
"""

requests = Table(
    "requests", metadata, _institution(),
    Column("key", String(120), primary_key=True),
    Column("case_id", String(40), nullable=False),
    Column("fingerprint", String(64), nullable=False),
    Column("first", Integer, nullable=False),
    Column("last", Integer, nullable=False),
    Column("recorded_at", Instant, nullable=False),
    **BY_KEY,
)  # fmt: skip
"""The events *first* to *last* are what the request did: its answer, whenever it comes again."""

documents = Table(
    "documents", metadata, _institution(),
    Column("digest", String(64), primary_key=True),
    Column("media_type", String(120), nullable=False),
    Column("size", Integer, nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("stored_at", Instant, nullable=False),
    Column("moved_to", Integer),
)  # fmt: skip
"""A content that *moved_to* an archive bundle (its number in ``archives``) is empty here; *digest* and *size* stay."""

case_documents = Table(
    "case_documents", metadata, _institution(),
    Column("case_id", String(40), primary_key=True),
    Column("digest", String(64), primary_key=True),
    Column("kind", String(60), primary_key=True),
    Column("matter", String(10), primary_key=True),
    Column("name", String(255), nullable=False),
    Column("seq", Integer, nullable=False),
)  # fmt: skip

numbers = Table(
    "numbers", metadata, _institution(),
    Column("series", String(60), primary_key=True),
    Column("year", Integer, primary_key=True),
    Column("last", Integer, nullable=False),
)  # fmt: skip

definitions = Table(
    "definitions", metadata, _institution(),
    Column("hash", String(64), primary_key=True),
    Column("name", String(60), nullable=False),
    Column("file", String(255), nullable=False),
    Column("text", Text, nullable=False),
)  # fmt: skip

activations = Table(
    "activations", metadata, _institution(),
    Column("number", Integer, primary_key=True),
    Column("name", String(60), nullable=False),
    Column("hash", String(64), nullable=False),
    Column("by", String(60), nullable=False),
    Column("at", Instant, nullable=False),
    Column("since", Date, nullable=False),
    Column("approved_by", String(60)),
    Column("proposal", Integer),
)  # fmt: skip
"""Append-only. In force on a day is, of each name, the latest by *since* up to it, then by number.

The register's name is ``register``. Without *approved_by* one person sufficed: a rehearsal, or the founding.
"""

proposals = Table(
    "proposals", metadata, _institution(),
    Column("number", Integer, primary_key=True),
    Column("kind", String(20), nullable=False),
    Column("payload", Text, nullable=False),
    Column("proposed_by", String(60), nullable=False),
    Column("proposed_at", Instant, nullable=False),
    Column("stood_in_for", Text, nullable=False),
    Column("outcome", String(20)),
    Column("decided_by", String(60)),
    Column("decided_at", Instant),
    Column("reason", Text),
)  # fmt: skip
"""What one person proposed and another decides on: append-only, and the outcome is written once.

*payload* is JSON whose shape belongs to *kind*; *stood_in_for* the JSON list of those the proposer stood in for then.
"""

rearmings = Table(
    "rearmings", metadata, _institution(),
    Column("register", Integer, nullable=False),
    Column("cursor", String(40), nullable=False),
    Column("done", Integer, nullable=False),
    Column("finished_at", Instant),
)  # fmt: skip
"""Which activation of the register the timers of the cases follow, and up to which case while they are brought to it."""

people = Table(
    "people", metadata, _institution(),
    Column("id", String(60), primary_key=True),
    Column("name", String(120), nullable=False),
    Column("password", String(255)),
    Column("failures", Integer, nullable=False, server_default="0"),
    Column("locked_until", Instant),
)  # fmt: skip

holdings = Table(
    "holdings", metadata, _institution(),
    Column("person", String(60), primary_key=True),
    Column("role", String(60), primary_key=True),
    Column("office", String(60), primary_key=True),
    Column("since", Date, primary_key=True),
    Column("until", Date),
)  # fmt: skip

absences = Table(
    "absences", metadata, _institution(),
    Column("person", String(60), primary_key=True),
    Column("since", Date, primary_key=True),
    Column("until", Date, nullable=False),
    Column("substitute", String(60)),
)  # fmt: skip

contacts = Table(
    "contacts", metadata, _institution(),
    Column("person", String(60), primary_key=True),
    Column("channel", String(100), primary_key=True),
    Column("address", String(254), nullable=False),
    Column("wants", String(10), nullable=False),
    Column("language", String(5), nullable=False),
    Column("digest_on", Date),
)  # fmt: skip
"""How persons are told beside the inbox; *digest_on* is the last day for which a digest was written down."""

calendar_loads = Table(
    "calendar_loads", metadata, _institution(),
    Column("number", Integer, primary_key=True),
    Column("year", Integer, nullable=False),
    Column("office", String(60), nullable=False),
    Column("notice", String(120), nullable=False),
    Column("digest", String(64), nullable=False),
    Column("loaded_by", String(60), nullable=False),
    Column("loaded_at", Instant, nullable=False),
)  # fmt: skip
"""Append-only: of each year and office (empty: all offices) the load with the greatest number is in force."""

calendar_days = Table(
    "calendar_days", metadata, _institution(),
    Column("load", Integer, primary_key=True),
    Column("day", Date, primary_key=True),
    Column("rest", Boolean, nullable=False),
    Column("notice", String(120), nullable=False),
)  # fmt: skip

reprojections = Table(
    "reprojections", metadata, _institution(),
    Column("load", Integer, primary_key=True),
    Column("cursor", String(40), nullable=False),
    Column("total", Integer, nullable=False),
    Column("done", Integer, nullable=False),
    Column("moved", Integer, nullable=False),
    Column("failed", Integer, nullable=False),
    Column("finished_at", Instant),
)  # fmt: skip
"""How far the open cases have followed a load; *cursor* is the id of the last case looked at."""

shown_dates = Table(
    "shown_dates", metadata, _institution(),
    Column("case_id", String(40), primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("clock", String(20), nullable=False),
    Column("due", Date),
    Column("overdue_after", Date),
    Column("target_due", Date),
    Column("load", Integer),
    _partial("shown_dates_by_load", MOVED, "institution", "load", "case_id"),
    Index("shown_dates_by_day", "institution", "overdue_after", "case_id"),
    **BY_KEY,
)  # fmt: skip
"""The dates a case showed from event *seq* on; *load* is the calendar load that moved them, where one did."""

incidents = Table(
    "incidents", metadata, _institution(),
    Column("number", Integer, primary_key=True),
    Column("case_id", String(40), nullable=False),
    Column("code", String(60), nullable=False),
    Column("same", Text, nullable=False),
    Column("zh", Text, nullable=False),
    Column("en", Text, nullable=False),
    Column("found_at", Instant, nullable=False),
    Column("closed_at", Instant),
    Column("closed_by", String(60)),
    Column("reason", Text),
    Index("incidents_by_case", "institution", "case_id", "code"),
)  # fmt: skip
"""Of one case, one with the same *code* and *same* is open at a time; who closed it said why in *reason*."""

editions = Table(
    "editions", metadata, _institution(),
    Column("name", String(60), primary_key=True),
    Column("number", Integer, nullable=False),
)  # fmt: skip
"""How often people, definitions and calendar changed, so that a process knows when what it holds is old."""
