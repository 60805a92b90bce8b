"""Unit: one transaction on one institution's rows.

Room for: the ways into the rooms of the store that share a connection.
May not enter: rules, use cases.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from sqlalchemy import Connection

from engine.store.archives import Archives
from engine.store.calendars import Calendars
from engine.store.cases import Cases
from engine.store.checkpoints import Checkpoints
from engine.store.definitions import Definitions
from engine.store.directory import Directory
from engine.store.docket import Docket
from engine.store.documents import Documents
from engine.store.dossiers import Dossiers
from engine.store.editions import editions
from engine.store.inboxes import Inboxes
from engine.store.incidents import Incidents
from engine.store.journal import Journal
from engine.store.numbers import next_number, numbered_years
from engine.store.outbox import Outbox
from engine.store.projected_rows import ProjectedRows
from engine.store.proposals import Proposals
from engine.store.rearmings import Rearmings
from engine.store.reprojections import Reprojections
from engine.store.setbacks import Setbacks
from engine.store.sweepers import Sweepers
from engine.store.todo_queues import TodoQueues


@dataclass(frozen=True)
class Unit:
    """Everything read in it is one state of the database, everything written in it is one commit."""

    connection: Connection
    institution: str

    @cached_property
    def cases(self) -> Cases:
        return Cases(self.connection, self.institution)

    @cached_property
    def projected(self) -> ProjectedRows:
        return ProjectedRows(self.connection, self.institution)

    @cached_property
    def docket(self) -> Docket:
        return Docket(self.connection, self.institution)

    @cached_property
    def todo_queues(self) -> TodoQueues:
        return TodoQueues(self.connection, self.institution)

    @cached_property
    def documents(self) -> Documents:
        return Documents(self.connection, self.institution)

    @cached_property
    def directory(self) -> Directory:
        return Directory(self.connection, self.institution)

    @cached_property
    def definitions(self) -> Definitions:
        return Definitions(self.connection, self.institution)

    @cached_property
    def proposals(self) -> Proposals:
        return Proposals(self.connection, self.institution)

    @cached_property
    def rearmings(self) -> Rearmings:
        return Rearmings(self.connection, self.institution)

    @cached_property
    def calendars(self) -> Calendars:
        return Calendars(self.connection, self.institution)

    @cached_property
    def journal(self) -> Journal:
        return Journal(self.connection, self.institution)

    @cached_property
    def reprojections(self) -> Reprojections:
        return Reprojections(self.connection, self.institution)

    @cached_property
    def incidents(self) -> Incidents:
        return Incidents(self.connection, self.institution)

    @cached_property
    def inboxes(self) -> Inboxes:
        return Inboxes(self.connection, self.institution)

    @cached_property
    def outbox(self) -> Outbox:
        return Outbox(self.connection, self.institution)

    @cached_property
    def archives(self) -> Archives:
        return Archives(self.connection, self.institution)

    @cached_property
    def checkpoints(self) -> Checkpoints:
        return Checkpoints(self.connection, self.institution)

    @cached_property
    def dossiers(self) -> Dossiers:
        return Dossiers(self.connection, self.institution)

    @cached_property
    def setbacks(self) -> Setbacks:
        return Setbacks(self.connection, self.institution)

    @cached_property
    def sweepers(self) -> Sweepers:
        return Sweepers(self.connection, self.institution)

    def clock(self) -> datetime | None:
        """Return what the database's own clock says; None where it has no other than this machine's."""
        if self.connection.dialect.name == "sqlite":
            return None
        found: datetime = self.connection.exec_driver_sql("SELECT clock_timestamp()").scalar_one()
        return found

    def next_number(self, series: str, year: int) -> int:
        """Return the next case number of a series and year."""
        return next_number(self.connection, self.institution, series, year)

    def numbered_years(self) -> frozenset[int]:
        """Return the years for which numbers were given."""
        return numbered_years(self.connection, self.institution)

    def editions(self) -> tuple[tuple[str, int], ...]:
        """Return the counters that say whether people, definitions or calendar changed."""
        return editions(self.connection, self.institution)

    def give_up(self) -> None:
        """Take back everything written so far."""
        self.connection.rollback()
