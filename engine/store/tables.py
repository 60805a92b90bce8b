"""Tables: what is kept, with the institution in every key.

Room for: tables, keys and the indexes queues are read by.
May not enter: queries, meaning.
"""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Date, Index, Integer, LargeBinary, MetaData, String, Table, Text

from engine.store.columns import Instant

metadata = MetaData()


def _institution() -> Column[str]:
    return Column("institution", String(60), primary_key=True)


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
    Index("cases_by_due", "institution", "open", "due", "id"),
    Index("cases_by_state", "institution", "state", "id"),
    Index("cases_by_calendar", "institution", "open", "id", "calendar_from", "calendar_until", "office"),
)  # fmt: skip
"""*revision* is raised by everybody who writes the row, also where the case itself stays as it is: the compare-and-set
goes by it. *queue_due* is *due*, or the last day there is where there is none, so that queues can be read in order.
The days from *calendar_from* to *calendar_until* are all those of the calendar that the case's dates rest on."""

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
    Index("matters_by_kind", "institution", "kind", "open", "case_id"),
    Index("matters_by_definition", "institution", "definition", "open"),
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
    Index("todos_by_person", "institution", "person", "due"),
    Index("todos_by_role", "institution", "office", "role", "due"),
    Index("todos_by_overdue_after", "institution", "overdue_after", "case_id"),
)  # fmt: skip
"""A todo for a pool of role holders has an empty person."""

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
)  # fmt: skip

setbacks = Table(
    "setbacks", metadata, _institution(),
    Column("case_id", String(40), primary_key=True),
    Column("tries", Integer, nullable=False),
    Column("first_at", Instant, nullable=False),
    Column("last_at", Instant, nullable=False),
    Column("next_at", Instant),
    Column("zh", Text, nullable=False),
    Column("en", Text, nullable=False),
)  # fmt: skip
"""Cases whose due rungs could not be fired, and why; taken again at *next_at*, and put aside where that is None."""

sweepers = Table(
    "sweepers", metadata, _institution(),
    Column("node", String(120), primary_key=True),
    Column("edition", String(20), nullable=False),
    Column("seen_at", Instant, nullable=False),
    Column("swept_at", Instant),
    Column("fired", Integer, nullable=False),
    Column("failed", Integer, nullable=False),
    Column("lag_seconds", Integer, nullable=False),
)  # fmt: skip
"""Every process that sweeps, when it was last seen and what its last sweep did."""

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
    Index("notices_by_person", "institution", "person", "from_at"),
)  # fmt: skip

requests = Table(
    "requests", metadata, _institution(),
    Column("key", String(120), primary_key=True),
    Column("case_id", String(40), nullable=False),
    Column("fingerprint", String(64), nullable=False),
    Column("first", Integer, nullable=False),
    Column("last", Integer, nullable=False),
    Column("recorded_at", Instant, nullable=False),
)  # fmt: skip
"""The events *first* to *last* are what the request did: its answer, whenever it comes again."""

documents = Table(
    "documents", metadata, _institution(),
    Column("digest", String(64), primary_key=True),
    Column("media_type", String(120), nullable=False),
    Column("size", Integer, nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("stored_at", Instant, nullable=False),
)  # fmt: skip

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
    Index("shown_dates_by_load", "institution", "load", "case_id"),
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
