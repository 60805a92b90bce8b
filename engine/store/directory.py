"""Directory: persons, what they hold, when they are away, and how they prove who they are.

Room for: the rows of people.
May not enter: hashing (`engine/service/accounts.py`), what roles mean.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, delete, insert, select, update

from engine.model.people import Absence, Contact, Holding, People, Person
from engine.store import tables as t
from engine.store.editions import PEOPLE, bump


@dataclass(frozen=True, slots=True)
class Account:
    """What sign-in needs of a person. *password* is a hash, or None where none was set."""

    person: str
    password: str | None
    failures: int
    locked_until: datetime | None


class Directory:
    """The people of one institution on one connection."""

    def __init__(self, connection: Connection, institution: str) -> None:
        self._on = connection
        self._institution = institution

    def people(self) -> People:
        """Return the whole directory as it stands."""
        rows = {
            table: self._on.execute(select(table).where(table.c.institution == self._institution)).all()
            for table in (t.people, t.holdings, t.absences, t.contacts)
        }
        return People(
            persons=tuple(Person(r.id, r.name) for r in rows[t.people]),
            holdings=tuple(Holding(r.person, r.role, r.office, r.since, r.until) for r in rows[t.holdings]),
            absences=tuple(Absence(r.person, r.since, r.until, r.substitute) for r in rows[t.absences]),
            contacts=tuple(
                Contact(r.person, r.channel, r.address, r.wants, r.language) for r in rows[t.contacts]
            ),
        )

    def add(self, person: Person) -> None:
        """Add a person, or give a known one this name."""
        c = t.people.c
        renamed = self._on.execute(
            update(t.people)
            .where(c.institution == self._institution, c.id == person.id)
            .values(name=person.name)
        )
        if renamed.rowcount == 0:
            self._on.execute(
                insert(t.people).values(institution=self._institution, id=person.id, name=person.name)
            )
        bump(self._on, self._institution, PEOPLE)

    def give(self, holding: Holding) -> None:
        """Record that a person holds a role; the same role from the same day is replaced."""
        c = t.holdings.c
        self._on.execute(
            delete(t.holdings).where(
                c.institution == self._institution, c.person == holding.person, c.role == holding.role,
                c.office == holding.office, c.since == holding.since,
            )
        )  # fmt: skip
        self._on.execute(
            insert(t.holdings).values(
                institution=self._institution, person=holding.person, role=holding.role, office=holding.office,
                since=holding.since, until=holding.until,
            )
        )  # fmt: skip
        bump(self._on, self._institution, PEOPLE)

    def end(self, person: str, role: str, office: str, until: date) -> int:
        """End what *person* holds as *role* with the day *until*; return how many holdings that ended."""
        c = t.holdings.c
        ended = self._on.execute(
            update(t.holdings)
            .where(c.institution == self._institution, c.person == person, c.role == role, c.office == office)
            .where(c.until.is_(None) | (c.until > until))
            .values(until=until)
        )
        bump(self._on, self._institution, PEOPLE)
        return ended.rowcount

    def leave(self, absence: Absence) -> None:
        """Record that a person is away; the same first day is replaced."""
        c = t.absences.c
        self._on.execute(
            delete(t.absences).where(
                c.institution == self._institution, c.person == absence.person, c.since == absence.since
            )
        )
        self._on.execute(
            insert(t.absences).values(
                institution=self._institution, person=absence.person, since=absence.since,
                until=absence.until, substitute=absence.substitute,
            )
        )  # fmt: skip
        bump(self._on, self._institution, PEOPLE)

    def reach(self, contact: Contact) -> None:
        """Record how a person is told by a channel; what stood there is replaced."""
        c = t.contacts.c
        mine = (
            c.institution == self._institution,
            c.person == contact.person,
            c.channel == contact.channel,
        )
        values = {"address": contact.address, "wants": contact.wants, "language": contact.language}
        if self._on.execute(update(t.contacts).where(*mine).values(values)).rowcount == 0:
            self._on.execute(
                insert(t.contacts).values(
                    institution=self._institution, person=contact.person, channel=contact.channel, **values
                )
            )
        bump(self._on, self._institution, PEOPLE)

    def reach_no_more(self, person: str, channel: str) -> int:
        """Forget how a person is told by a channel; return whether there was anything (1 or 0)."""
        c = t.contacts.c
        mine = (c.institution == self._institution, c.person == person, c.channel == channel)
        forgotten = self._on.execute(delete(t.contacts).where(*mine)).rowcount
        bump(self._on, self._institution, PEOPLE)
        return forgotten

    def account(self, person: str) -> Account | None:
        """Return what sign-in needs of *person*, or None."""
        c = t.people.c
        row = self._on.execute(
            select(t.people).where(c.institution == self._institution, c.id == person)
        ).one_or_none()
        return Account(row.id, row.password, row.failures, row.locked_until) if row else None

    def set_password(self, person: str, hashed: str) -> None:
        """Write a new password hash; failures and lock end with it."""
        self._write(person, password=hashed, failures=0, locked_until=None)

    def count_failure(self, person: str, most: int, until: datetime) -> None:
        """Count one failed sign-in; the *most*-th in a row locks the account *until* then and begins the count anew."""
        self._write(person, failures=t.people.c.failures + 1)
        account = self.account(person)
        if account and account.failures >= most:
            self._write(person, failures=0, locked_until=until)

    def forget_failures(self, person: str) -> None:
        """End the count and the lock."""
        self._write(person, failures=0, locked_until=None)

    def _write(self, person: str, **values: object) -> None:
        c = t.people.c
        self._on.execute(
            update(t.people).where(c.institution == self._institution, c.id == person).values(**values)
        )
